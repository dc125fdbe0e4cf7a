"""The measures' rule tables, compiled once for a rule set."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from planparse.measures.scan import Scanner
from planparse.measures.units import Units
from planparse.rules.first import alternatives, first_characters
from planparse.rules.lexicon import Lexicon, Word, without_groups
from planparse.rules.ruleset import Rule, RuleError, Ruleset


class Patterns:
    """The patterns of several rules; where two match at a place, the earlier line of the table speaks."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        by_first: dict[str, list[tuple[int, str]]] = {}
        anywhere: list[tuple[int, str]] = []
        for i, rule in enumerate(self.rules):
            for alternative in alternatives(without_groups(rule)):
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


class Cue(NamedTuple):
    """A role cue found in a text: positive ``weight`` speaks for a target."""

    start: int
    end: int
    weight: float
    rule: str


class _Touching:
    """Rules whose words end where an amount starts, or follow it with nothing but a noun between."""

    def __init__(self, rules: Sequence[Rule], frame: str) -> None:
        self.rules = tuple(rules)
        self._pattern = re.compile("|".join(frame.format(f"({without_groups(rule)})") for rule in rules) or "(?!)")

    def find(self, folded: str, start: int, end: int, whole: bool = False) -> tuple[int, int, Rule] | None:
        """Where the words stand in ``[start, end)`` and whose they are; ``whole``: from its start on."""
        match = (self._pattern.match if whole else self._pattern.search)(folded, start, end)
        if match is None or match.lastindex is None:
            return None
        return *match.span(match.lastindex), self.rules[match.lastindex - 1]


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
        self.next = _Touching(of("next"), "{}$")
        self.ahead = _Touching(of("ahead"), "[^，。；;,0-9]{{0,10}}?{}")
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
            f"(?:{'|'.join(without_groups(rule) for rule in words if rule['place'] == 'trail') or '(?!)'}|[ ：:、])$"
        )
        self.weights = {rule.id: float(rule["weight"]) * (1 if rule["role"] == "target" else -1) for rule in roles}

    def cues(self, words: Iterable[Word], rules: Sequence[Rule]) -> list[Cue]:
        """Words of role rules as weighed cues."""
        weights = self.weights
        return [Cue(start, end, weights[rules[i].id], rules[i].id) for start, end, i in words]


def build_tables(rules: Ruleset) -> Tables:
    """For ``rules.compiled``."""
    return Tables(rules)
