"""One sentence with the places of its clauses and of all words that the tables know, found once for all its amounts."""

from __future__ import annotations

import re
from bisect import bisect_right

from planparse.measures.tables import Cue, Tables
from planparse.rules.lexicon import Word

SENTENCE_ENDS = "。！？!?\n"
# A number begins a clause of its own (6月底前完成招标，11月底前竣工), but for the ASCII comma of 1,200.
_CLAUSE = re.compile(r"[，；：]|[,;:](?!\d)|——")


class Sentence:
    """The sentence at ``[start, end)`` of a folded text."""

    __slots__ = ("breaks", "cues", "end", "folded", "start", "tables", "words")

    def __init__(self, folded: str, start: int, end: int, tables: Tables) -> None:
        self.folded = folded
        self.start = start
        self.end = end
        self.tables = tables
        self.breaks = [match.start() for match in _CLAUSE.finditer(folded, start, end)]
        self.words = tables.sentence.find(folded, start, end)
        self.cues: list[Cue] = tables.cues(self.words["clause"], tables.sentence.rules["clause"])

    def last(self, table: str, low: int, high: int) -> Word | None:
        """The last word of a table that lies in ``[low, high)``."""
        for word in reversed(self.words[table]):
            if word[1] <= high:
                return word if word[0] >= low else None
        return None

    def clause_start(self, at: int) -> int:
        """Where the clause around ``at`` starts."""
        i = bisect_right(self.breaks, at - 1) - 1
        return self.breaks[i] + 1 if i >= 0 else self.start

    def clause_end(self, at: int) -> int:
        """Where the clause around ``at`` ends."""
        i = bisect_right(self.breaks, at - 1)
        return self.breaks[i] if i < len(self.breaks) else self.end

    def colons(self, low: int, high: int) -> int:
        """How many of the clause ends in ``[low, high)`` are colons: what stands before one governs what follows."""
        return sum(1 for at in self.breaks if low <= at < high and self.folded[at] in ":：")

    def clause(self, at: int) -> int:
        """The number of the clause around ``at``."""
        return bisect_right(self.breaks, at)
