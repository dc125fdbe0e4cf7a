"""The words of rule tables in a text (词表匹配): one scan for what they begin with, the patterns only there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ahocorasick_rs import AhoCorasick

from planparse.rules.first import alternatives, prefixes
from planparse.rules.ruleset import Rule, RuleError

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
                for alternative in alternatives(without_groups(rule)):
                    begins = prefixes(alternative)
                    if begins is None:
                        raise RuleError(
                            f"{rule.file}:{rule.line}: rule {rule.id!r}: {alternative!r} must say what it begins with"
                        )
                    plain = begins == {alternative}
                    self._tries.append((t, r, None if plain else re.compile(alternative), len(alternative)))
                    for prefix in begins:
                        owners.setdefault(prefix, []).append(len(self._tries) - 1)
        self._owners = [tuple(numbers) for numbers in owners.values()]
        self._automaton = AhoCorasick(list(owners)) if owners else None

    def find(self, folded: str, start: int, end: int) -> dict[str, list[Word]]:
        """The words in ``[start, end)``, table by table. The text has no lone surrogates."""
        found: list[list[Word]] = [[] for _ in self._names]
        if self._automaton is not None and start < end:
            owners, tries = self._owners, self._tries
            many = len(tries)
            hits = self._automaton.find_matches_as_indexes(folded[start:end], overlapping=True)
            done = [start] * len(found)
            # Place and number in one integer: cheaper to sort than pairs.
            for key in sorted([first * many + i for number, first, _ in hits for i in owners[number]]):
                at, i = divmod(key, many)
                at += start
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


def without_groups(rule: Rule) -> str:
    """The pattern of a rule, which numbers no groups of its own.

    Raises:
        RuleError: where it does.
    """
    if re.compile(rule["pattern"]).groups:
        raise RuleError(f"{rule.file}:{rule.line}: rule {rule.id!r}: use (?:…) in place of (…)")
    return rule["pattern"]
