"""Foreign nouns pasted into a sentence by a site's advertisers (插入的广告词): ``foreign_nouns.tsv``.

The only such insertion that can be told without knowing the world: a name of goods that stands, with nothing between,
between a mark and a verb that only people can be the subject of, in a document that knows none of its words.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from planparse.cleaning.page import Page
from planparse.cleaning.patterns import HAN, compile_pattern
from planparse.document import Edit
from planparse.fold import fold
from planparse.rules.check import Hit
from planparse.rules.ruleset import Ruleset

_LONGEST = 8
_CLAUSE = re.compile(rf"[，,。；;：:！？](?P<noun>[{HAN}]{{3,{_LONGEST}}})$")
# A phrase with one of these is built by grammar and belongs to its sentence.
_GRAMMAR = re.compile("[的和与对把为以将在被让使由等及或是有各全我本向从到据按这那其]")


class _Verb(NamedTuple):
    """What only people do, and the goods that cannot: ``(rule id, noun)``."""

    pattern: re.Pattern[str]
    goods: tuple[tuple[str, re.Pattern[str]], ...]


def _compile(rules: Ruleset) -> tuple[_Verb, ...]:
    verbs: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for r in rules.table("foreign_nouns"):
        noun = compile_pattern(f"[{HAN}]{{1,7}}{r['pattern']}")
        verbs.setdefault(f"(?:{r['opener']})(?:{r['verb']})", []).append((r.id, noun))
    return tuple(_Verb(compile_pattern(verb), tuple(goods)) for verb, goods in verbs.items())


def insertions(page: Page, rules: Ruleset) -> list[Edit]:
    """The removals of names of goods that no sentence of the plan holds."""
    folded = page.folded
    edits: list[Edit] = []
    for verb in rules.compiled(_compile):
        for match in verb.pattern.finditer(folded):
            before = _CLAUSE.search(folded[max(0, match.start() - _LONGEST - 1) : match.start()])
            if before is None:
                continue
            noun = before.group("noun")
            rule = next((id for id, goods in verb.goods if goods.fullmatch(noun)), None)
            if rule and not _GRAMMAR.search(noun) and _unknown(noun, folded):
                edits.append(Edit(match.start() - len(noun), match.start(), "inline_insertion", rule))
    return edits


def _unknown(noun: str, folded: str) -> bool:
    """Whether no two neighbouring characters of the noun stand anywhere else in the document."""
    return all(folded.count(noun[i : i + 2]) == 1 for i in range(len(noun) - 1))


def probe_foreign_nouns(text: str, rules: Ruleset) -> list[Hit]:
    """Where the rules of ``foreign_nouns.tsv`` speak in a text."""
    return [Hit(e.start, e.end, e.rule) for e in insertions(Page(fold(text), None, ()), rules)]
