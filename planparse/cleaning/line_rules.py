"""The tables of what sites put around plans, compiled (样板规则): boilerplate, terms, buttons, fields."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from planparse.cleaning.cues import core_rules
from planparse.cleaning.patterns import compile_pattern
from planparse.cleaning.triggers import Triggers
from planparse.rules.ruleset import Ruleset

# Stand in place of a rule's number for the labels of related_labels.tsv and the names of site_names.tsv; the core cues
# of site_cues.tsv count down from the last of them.
LINK = -1
NAME = -2


class LineRule(NamedTuple):
    """One rule: where it may speak, how much of a plan stops it, and its pattern."""

    id: str
    kind: str
    scope: str
    place: str
    plan: float
    pattern: re.Pattern[str]


class LineRules(NamedTuple):
    """All rules, and by which literals they are looked for."""

    rules: tuple[LineRule, ...]
    triggers: Triggers
    untriggered: tuple[int, ...]
    buttons: re.Pattern[str]
    """A line of nothing but buttons."""


# The scopes of the rules of terms.tsv and of buttons.tsv.
BESIDE, BUTTON, FIELDS, LIST = "beside", "button", "fields", "list"
FOR_LINES = frozenset({"line", BUTTON, FIELDS, LIST})
_DEFAULT_SCOPE = {"terms": BESIDE, "buttons": BUTTON}
_DEFAULT_PLACE = {"buttons": "edge"}
_BUTTON_OPEN = r"[\[【(（《<>|｜·•*+ ]{0,4}"
_COUNT = r"(?: ?[(（:：]? ?\d{1,8}(?:\.\d{1,2})?[万wWkK]?\+?(?: ?[)）]|次|人)?)?"
_BUTTON_CLOSE = r"[\]】)）》>»›＞|｜/／·•:：,，、…+\- ]{0,8}"


# What stands among buttons: dates, and fields of one word. Alone they are none: a plan is dated and signed too.
_AMONG = (
    r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?: \d{1,2}:\d{2}(?::\d{2})?)?"
    r"|[{H}]{2,6}[:：] ?[^ :：。，；|｜\n]{0,30}(?:\d:\d\d(?::\d\d)?)?(?=[ |｜]|$)"
)


def _button_line(words: Sequence[str]) -> re.Pattern[str]:
    """Nothing runs on behind a button's word: that makes the reading unique, and the time linear."""
    word = rf"(?:{'|'.join(words) or '(?!)'})(?![{{H}}A-Za-z]){_COUNT}"
    among = rf"{_BUTTON_OPEN}(?:{_AMONG}){_BUTTON_CLOSE}"
    button = rf"{_BUTTON_OPEN}{word}{_BUTTON_CLOSE}"
    return compile_pattern(rf"(?:{among}){{0,6}}{button}(?:{button}|{among}){{0,16}}")


def compile_rules(rules: Ruleset) -> LineRules:
    """For ``rules.compiled``."""
    table = (*rules.table("boilerplate"), *rules.table("terms"), *rules.table("buttons"))
    compiled = tuple(
        LineRule(
            r.id,
            r["kind"],
            r["scope"] or _DEFAULT_SCOPE[r.table],
            r["place"] or _DEFAULT_PLACE.get(r.table, "any"),
            -float(r["plan"] or 0),
            compile_pattern(rf"(?<![{{H}}])(?:{r['pattern']})" if r.table == "buttons" else r["pattern"]),
        )
        for r in table
    )
    literals = [(literal, i) for i, r in enumerate(table) for literal in r["trigger"].split()]
    compiled += (LineRule("fields", "page_metadata", FIELDS, "edge", 0, compile_pattern("")),)
    literals += [(x, len(table)) for r in rules.table("fields") for x in r["trigger"].split()]
    literals += [(x, LINK) for r in rules.table("related_labels") for x in r["trigger"].split()]
    literals += [(x, NAME) for r in rules.table("site_names") for x in r["trigger"].split()]
    literals += [(x, NAME - 1 - i) for i, r in enumerate(core_rules(rules)) for x in r["trigger"].split()]
    return LineRules(
        compiled,
        Triggers(literals),
        tuple(i for i, r in enumerate(table) if not r["trigger"].strip()),
        _button_line([r["pattern"] for r in rules.table("buttons")]),
    )
