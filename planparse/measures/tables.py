"""The measures' rule tables, compiled once for a rule set."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from planparse.measures.first import alternatives, first_characters
from planparse.measures.scan import Scanner
from planparse.measures.units import Units
from planparse.rules.ruleset import Rule, RuleError, Ruleset


class Patterns:
    """The patterns of several rules; where two match at a place, the earlier line of the table speaks."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        by_first: dict[str, list[tuple[int, str]]] = {}
        anywhere: list[tuple[int, str]] = []
        for i, rule in enumerate(self.rules):
            if re.compile(rule["pattern"]).groups:
                raise RuleError(f"{rule.file}:{rule.line}: rule {rule.id!r}: use (?:…) in place of (…)")
            for alternative in alternatives(rule["pattern"]):
                firsts = first_characters(alternative)
                if firsts is None:
                    anywhere.append((i, alternative))
                    continue
                for first in firsts:
                    by_first.setdefault(first, []).append((i, alternative))
        if anywhere:
            ids = sorted({self.rules[i].id for i, _ in anywhere})
            raise RuleError(f"{self.rules[0].file}: {', '.join(ids)}: a pattern here must say what it begins with")
        self._by_first = {
            first: (_together([part for _, part in parts]), tuple(i for i, _ in parts))
            for first, parts in by_first.items()
        }
        # (?!) never matches: an empty table has no hits.
        self._starts = re.compile(f"[{re.escape(''.join(sorted(by_first)))}]" if by_first else "(?!)")

    def find(self, folded: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """``(start, end, index of the rule)`` of all matches in ``[start, end)``, disjoint, from left to right."""
        by_first = self._by_first
        done = start
        for place in self._starts.finditer(folded, start, end):
            at = place.start()
            if at < done:
                continue
            pattern, owners = by_first[folded[at]]
            match = pattern.match(folded, at, end)
            if match is not None and (match_end := match.end()) > at:
                done = match_end
                yield at, match_end, owners[(match.lastindex or 1) - 1]

    def at(self, folded: str, start: int) -> tuple[int, Rule] | None:
        """The end and the rule of the match at ``start``, or None."""
        found = self._by_first.get(folded[start : start + 1])
        match = found[0].match(folded, start) if found is not None else None
        if found is None or match is None:
            return None
        return match.end(), self.rules[found[1][(match.lastindex or 1) - 1]]


def _together(parts: list[str]) -> re.Pattern[str]:
    """One pattern whose group number tells which part matched."""
    return re.compile("|".join(f"({part})" for part in parts))


class Cue(NamedTuple):
    """A role cue found in a text: positive ``weight`` speaks for a target."""

    start: int
    end: int
    weight: float
    rule: str


class Cues:
    """Rules of ``roles.tsv`` for one place."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.patterns = Patterns(rules)
        self.weights = tuple(
            float(rule["weight"]) * (1 if rule["role"] == "target" else -1) for rule in self.patterns.rules
        )
        self.ids = tuple(rule.id for rule in self.patterns.rules)

    def find(self, folded: str, start: int, end: int) -> list[Cue]:
        """The cues in ``[start, end)``."""
        weights, ids = self.weights, self.ids
        return [Cue(first, last, weights[i], ids[i]) for first, last, i in self.patterns.find(folded, start, end)]


class Tables:
    """Everything that extraction looks things up in."""

    def __init__(self, rules: Ruleset) -> None:
        self.units = Units(rules)
        self.scanner = Scanner(self.units)
        self.not_numbers = Patterns(rules.table("not_numbers"))
        comparators = rules.table("comparators")
        self.before = Patterns(rule for rule in comparators if rule["place"] == "before")
        self.after = Patterns(rule for rule in comparators if rule["place"] == "after")
        self.changes = Patterns(rules.table("changes"))
        self.periods = Patterns(rules.table("periods"))
        self.recurrences = Patterns(rules.table("recurrences"))
        roles = rules.table("roles")
        self.clause = Cues(rule for rule in roles if rule["place"] == "clause")
        self.behind = Cues(rule for rule in roles if rule["place"] == "after")
        self.title = Cues(rule for rule in roles if rule["place"] == "title")
        self.switch = Cues(rule for rule in roles if rule["place"] == "switch")
        self.tone = Cues(rule for rule in roles if rule["place"] == "tone")


def build_tables(rules: Ruleset) -> Tables:
    """For ``rules.compiled``."""
    return Tables(rules)
