"""Which rules to try where: one scan for the literals of all of them (触发词)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ahocorasick_rs import AhoCorasick

_SURROGATES = re.compile("[\ud800-\udfff]")


class Triggers:
    """Literals, each standing for a number; all their places in a text are found in one pass."""

    def __init__(self, literals: Iterable[tuple[str, int]]) -> None:
        owners: dict[str, list[int]] = {}
        for literal, number in literals:
            owners.setdefault(literal, []).append(number)
        self._owners = list(owners.values())
        self._automaton = AhoCorasick(list(owners)) if owners else None

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """``(number, offset)`` of every literal in the text, overlapping ones too."""
        if self._automaton is None:
            return
        try:
            hits = self._automaton.find_matches_as_indexes(text, overlapping=True)
        except UnicodeEncodeError:
            # Lone halves of surrogate pairs cannot be searched; they are in no literal.
            hits = self._automaton.find_matches_as_indexes(_SURROGATES.sub("\ufffd", text), overlapping=True)
        for literal, start, _ in hits:
            for number in self._owners[literal]:
                yield number, start
