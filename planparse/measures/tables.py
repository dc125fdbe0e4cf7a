"""The measures' rule tables, compiled once for a rule set."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from planparse.measures.first import alternatives, first_characters, prefixes
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
            for alternative in alternatives(_checked(rule)):
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


Word = tuple[int, int, int]
"""A rule's words in a text: where they start and end, and the rule's number in its table."""


class Lexicon:
    """The words of several tables, found together in one pass; of each table, disjoint and from left to right.

    Where two rules of a table match at a place, the earlier line speaks.
    """

    def __init__(self, tables: Mapping[str, Sequence[Rule]]) -> None:
        self.rules = {name: tuple(rules) for name, rules in tables.items()}
        self._names = list(self.rules)
        # Each alternative of each pattern: its table, its rule, and what checks it behind its prefix.
        self._tries: list[tuple[int, int, re.Pattern[str] | None, int]] = []
        owners: dict[str, list[int]] = {}
        for t, rules in enumerate(self.rules.values()):
            for r, rule in enumerate(rules):
                for alternative in alternatives(_checked(rule)):
                    begins = prefixes(alternative)
                    if begins is None:
                        raise RuleError(
                            f"{rule.file}:{rule.line}: rule {rule.id!r}: {alternative!r} must say what it begins with"
                        )
                    plain = begins == {alternative}
                    self._tries.append((t, r, None if plain else re.compile(alternative), len(alternative)))
                    for prefix in begins:
                        owners.setdefault(prefix, []).append(len(self._tries) - 1)
        self._owners = list(owners.values())
        self._automaton = AhoCorasick(list(owners)) if owners else None

    def find(self, folded: str, start: int, end: int) -> dict[str, list[Word]]:
        """The words in ``[start, end)``, table by table. The text has no lone surrogates."""
        found: list[list[Word]] = [[] for _ in self._names]
        if self._automaton is not None and start < end:
            owners, tries = self._owners, self._tries
            hits = self._automaton.find_matches_as_indexes(folded[start:end], overlapping=True)
            done = [start] * len(found)
            for at, i in sorted([(start + first, i) for number, first, _ in hits for i in owners[number]]):
                t, r, pattern, length = tries[i]
                if at < done[t]:
                    continue
                if pattern is None:
                    last = at + length
                elif (match := pattern.match(folded, at, end)) is not None and match.end() > at:
                    last = match.end()
                else:
                    continue
                done[t] = last
                found[t].append((at, last, r))
        return dict(zip(self._names, found, strict=True))


def _checked(rule: Rule) -> str:
    if re.compile(rule["pattern"]).groups:
        raise RuleError(f"{rule.file}:{rule.line}: rule {rule.id!r}: use (?:…) in place of (…)")
    return rule["pattern"]


class Cue(NamedTuple):
    """A role cue found in a text: positive ``weight`` speaks for a target."""

    start: int
    end: int
    weight: float
    rule: str


class Tables:
    """Everything that extraction looks things up in."""

    def __init__(self, rules: Ruleset) -> None:
        self.units = Units(rules)
        self.scanner = Scanner(self.units)
        self.not_numbers = Patterns(rules.table("not_numbers"))
        comparators = rules.table("comparators")
        roles = rules.table("roles")

        def of(place: str) -> list[Rule]:
            return [rule for rule in roles if rule["place"] == place]

        self.after = Patterns(rule for rule in comparators if rule["place"] == "after")
        self.behind = Patterns(of("after"))
        self.sentence = Lexicon(
            {
                "clause": of("clause"),
                "before": [rule for rule in comparators if rule["place"] == "before"],
                "changes": rules.table("changes"),
                "periods": rules.table("periods"),
                "recurrences": rules.table("recurrences"),
            }
        )
        self.page = Lexicon({"title": of("title"), "switch": of("switch")})
        self.tone = Lexicon({"tone": of("tone")})
        words = rules.table("indicator_words")
        self.leading = Patterns(rule for rule in words if rule["place"] == "lead")
        self.trailing = re.compile(
            f"(?:{'|'.join(_checked(rule) for rule in words if rule['place'] == 'trail') or '(?!)'}|[ ：:、])$"
        )
        self.weights = {rule.id: float(rule["weight"]) * (1 if rule["role"] == "target" else -1) for rule in roles}

    def cues(self, words: Iterable[Word], rules: Sequence[Rule]) -> list[Cue]:
        """Words of role rules as weighed cues."""
        weights = self.weights
        return [Cue(start, end, weights[rules[i].id], rules[i].id) for start, end, i in words]


def build_tables(rules: Ruleset) -> Tables:
    """For ``rules.compiled``."""
    return Tables(rules)
