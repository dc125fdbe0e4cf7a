"""How much a sentence sounds like the site (站方的话) and how much like a plan: the danger test as data.

Sites talk about writing, collecting and reading plans; plans talk about doing, and name an organisation, a year, or
people, and amounts. Each cue has a weight in ``site_cues.tsv`` or ``lead_in_cues.tsv``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from planparse.cleaning.patterns import compile_pattern
from planparse.fold import fold
from planparse.rules.check import Hit
from planparse.rules.ruleset import Rule, Ruleset


class Cue(NamedTuple):
    """One cue: ``core`` cues are those without which a sentence is never the site's (in a lead-in, those on texts);
    ``edge`` cues will do at the edge of a plan."""

    id: str
    role: str
    weight: float
    core: bool
    pattern: re.Pattern[str]
    edge: bool = False


class Verdict(NamedTuple):
    """A sentence's score; whether a core cue is in it, or one for the edge of a plan; where the first of the site's
    cues starts; the roles found."""

    score: float
    core: bool
    first: int
    plan: float
    rule: str
    roles: frozenset[str]
    edge: bool


_ABOUT_THE_TEXT = frozenset({"agent", "pointer", "wish", "welcome", "browse", "look"})

_NAMES = frozenset({"agent", "object"})
_SITE_NAME = "site-name"
# Two of these in one sentence at the edge of a plan, or one that weighs this much, are more than chance.
_OF_AN_EDGE = _ABOUT_THE_TEXT | {"writing", "object"}
_CERTAIN = 4.0


def _site_cues(rules: Ruleset) -> tuple[Cue, ...]:
    return tuple(
        Cue(r.id, r["role"], float(r["weight"]), r["core"] == "1", compile_pattern(r["pattern"]), r["core"] == "2")
        for r in rules.table("site_cues")
    )


def _core_cues(rules: Ruleset) -> tuple[Cue, ...]:
    return tuple(cue for cue in rules.compiled(_site_cues) if cue.core or cue.edge)


def core_rules(rules: Ruleset) -> list[Rule]:
    """The lines of ``site_cues.tsv`` that hold the core cues; their triggers are scanned for with all others."""
    return [rule for rule in rules.table("site_cues") if rule["core"] in ("1", "2")]


def _lead_in_cues(rules: Ruleset) -> tuple[Cue, ...]:
    return tuple(
        Cue(r.id, "", float(r["weight"]), r["about"] == "1", compile_pattern(r["pattern"]))
        for r in rules.table("lead_in_cues")
    )


def site_verdict(sentence: str, rules: Ruleset) -> Verdict:
    """How much a folded sentence sounds like a site's note on the text (编者按语)."""
    best: dict[str, tuple[float, str]] = {}
    core = edge = False
    first = len(sentence)
    plan = 0.0
    for cue in rules.compiled(_site_cues):
        match = cue.pattern.search(sentence)
        if match is None:
            continue
        if cue.role == "plan":
            plan += cue.weight
            continue
        core |= cue.core
        edge |= cue.edge
        first = min(first, match.start())
        if cue.weight > best.get(cue.role, (0.0, ""))[0]:
            best[cue.role] = (cue.weight, cue.id)
    rule = max(best.values(), default=(0.0, ""))[1]
    # To gather something and give it to people is work like any other, until the text itself is spoken of.
    # A site's name alone says nothing: it may have been pasted into a plan's sentence.
    core &= bool(best.keys() & _ABOUT_THE_TEXT) and (not best.keys() <= _NAMES or best["agent"][1] != _SITE_NAME)
    edge &= len(best.keys() & _OF_AN_EDGE) > 1 or any(weight >= _CERTAIN for weight, _ in best.values())
    return Verdict(sum(weight for weight, _ in best.values()) + plan, core, first, plan, rule, frozenset(best), edge)


def has_core(sentence: str, numbers: Iterable[int], rules: Ruleset) -> bool:
    """Whether a folded sentence holds one of the core cues of these numbers, whose triggers are in it."""
    cues = rules.compiled(_core_cues)
    return any(cues[number].pattern.search(sentence) for number in numbers)


class LeadIn(NamedTuple):
    """How much a sentence sounds like a generic lead-in, the cue that weighs most, whether it is about texts."""

    score: float
    rule: str
    about: bool


def lead_in_score(sentence: str, rules: Ruleset) -> LeadIn:
    """How much a folded sentence sounds like a site's generic lead-in (导语)."""
    score = 0.0
    best = (0.0, "")
    about = False
    for cue in rules.compiled(_lead_in_cues):
        if cue.pattern.search(sentence):
            score += cue.weight
            best = max(best, (cue.weight, cue.id))
            about = about or cue.core
    return LeadIn(score, best[1], about)


def _probe(text: str, cues: tuple[Cue, ...]) -> list[Hit]:
    folded = fold(text)
    return [Hit(*match.span(), cue.id) for cue in cues for match in cue.pattern.finditer(folded)]


def probe_site_cues(text: str, rules: Ruleset) -> list[Hit]:
    """Where the cues of ``site_cues.tsv`` stand in a text."""
    return _probe(text, rules.compiled(_site_cues))


def probe_lead_in_cues(text: str, rules: Ruleset) -> list[Hit]:
    """Where the cues of ``lead_in_cues.tsv`` stand in a text."""
    return _probe(text, rules.compiled(_lead_in_cues))
