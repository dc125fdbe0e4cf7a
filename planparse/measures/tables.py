"""The measures' rule tables, compiled once for a rule set."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
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
    """Everything that extraction looks things up in; each part is built when it is first asked for."""

    def __init__(self, rules: Ruleset) -> None:
        self.rules = rules

    def _roles(self, place: str) -> list[Rule]:
        return [rule for rule in self.rules.table("roles") if rule["place"] == place]

    def _names(self, place: str) -> list[Rule]:
        return [rule for rule in self.rules.table("indicator_words") if rule["place"] == place]

    def _comparators(self, place: str) -> list[Rule]:
        return [rule for rule in self.rules.table("comparators") if rule["place"] == place]

    @cached_property
    def units(self) -> Units:
        """The units."""
        return Units(self.rules)

    @cached_property
    def scanner(self) -> Scanner:
        """What finds amounts."""
        return Scanner(self.units)

    @cached_property
    def not_numbers(self) -> Patterns:
        """Numerals that are no amounts."""
        return Patterns(self.rules.table("not_numbers"))

    @cached_property
    def after(self) -> Patterns:
        """Comparators behind an amount."""
        return Patterns(self._comparators("after"))

    @cached_property
    def behind(self) -> Patterns:
        """Role cues directly behind an amount."""
        return Patterns(self._roles("after"))

    @cached_property
    def next(self) -> _Touching:
        """Role cues that end where an amount starts."""
        return _Touching(self._roles("next"), "{}$")

    @cached_property
    def ahead(self) -> _Touching:
        """Role cues behind an amount and its noun."""
        return _Touching(self._roles("ahead"), "[^，。；;,0-9]{{0,10}}?{}")

    @cached_property
    def sentence(self) -> Lexicon:
        """What is looked for in sentences."""
        return Lexicon(
            {
                "clause": self._roles("clause"),
                "before": self._comparators("before"),
                "changes": self.rules.table("changes"),
                "periods": self.rules.table("periods"),
                "recurrences": self.rules.table("recurrences"),
            }
        )

    @cached_property
    def times(self) -> Lexicon:
        """The words of time alone, for titles and lead-ins: a small lexicon is quicker than one of all tables."""
        return Lexicon({"periods": self.rules.table("periods")})

    @cached_property
    def page(self) -> Lexicon:
        """What is looked for in titles and headlines."""
        return Lexicon({"title": self._roles("title"), "switch": self._roles("switch")})

    @cached_property
    def tone(self) -> Lexicon:
        """Words of the past and of what is to come, counted over a section."""
        return Lexicon({"tone": self._roles("tone")})

    @cached_property
    def leading(self) -> Patterns:
        """Words before an indicator's name."""
        return Patterns(self._names("lead"))

    @cached_property
    def trailing(self) -> re.Pattern[str]:
        """Words between an indicator's name and its amount."""
        return re.compile(f"(?:{'|'.join(map(without_groups, self._names('trail'))) or '(?!)'}|[ ：:、])$")

    @cached_property
    def bare(self) -> re.Pattern[str]:
        """Words that are no name of what is measured, one after the other: the longest first, and never read anew."""
        parts = [part for rule in self._names("bare") for part in alternatives(without_groups(rule))]
        parts.sort(key=lambda part: -len(part))
        return re.compile(f"(?:{'|'.join(parts) or '(?!)'}){{1,20}}+")

    @cached_property
    def generic(self) -> re.Pattern[str]:
        """What is measured of a thing, where the thing itself was named before: 面积, 总数."""
        return re.compile("|".join(map(without_groups, self._names("generic"))) or "(?!)")

    @cached_property
    def no_noun(self) -> re.Pattern[str]:
        """What stands directly behind an amount and is no noun that it counts."""
        return re.compile("|".join(map(without_groups, self._names("behind"))) or "(?!)")

    @cached_property
    def weights(self) -> dict[str, float]:
        """Each role cue's weight, positive for a target."""
        return {
            rule.id: float(rule["weight"]) * (1 if rule["role"] == "target" else -1)
            for rule in self.rules.table("roles")
        }

    def cues(self, words: Iterable[Word], rules: Sequence[Rule]) -> list[Cue]:
        """Words of role rules as weighed cues."""
        weights = self.weights
        return [Cue(start, end, weights[rules[i].id], rules[i].id) for start, end, i in words]


def build_tables(rules: Ruleset) -> Tables:
    """For ``rules.compiled``."""
    return Tables(rules)
