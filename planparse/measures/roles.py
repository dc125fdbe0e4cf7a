"""Target or statistic (目标, 统计): cues are weighed, the nearest words first.

Clause before sentence before section title before the tone of the section. A positive sum is a target. What no cue
touches is a target under a label of a plan, and a statistic in a plan's opening paragraph, which describes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from planparse.document import Piece, Section
from planparse.fold import fold
from planparse.measures.tables import Cue, Tables

_CLAUSE = re.compile(r"[，；：、,;:](?!\d)|——")
_HEADLINE = re.compile(r"(?:^|\n) {0,8}([^\n。；，：！？,;:、（(]{4,24}) {0,4}(?=\n)")
_DOCUMENT = re.compile(r"(?:年度?|期|月|周|工作|活动|德育|销售|教学|培训|安全|学习)(?:工作)?(?:计划|方案|总结|规划|要点|打算)[0-9一二三四五六七八九十]{0,2}$")
_SENTENCE = re.compile(r"[，,；;0-9]")
_ENOUGH = 1.9
_FADE = (1.0, 0.7, 0.55, 0.45, 0.4)
_AHEAD = 0.25
_SAME_CLAUSE_BEHIND = 0.8


class Verdict(NamedTuple):
    """``weight`` above 0 is a target; ``evidence`` the words that weighed most."""

    weight: float
    evidence: str
    rule: str
    start: int
    end: int


class Sentence:
    """One sentence with the places of its clauses and cues, found once for all its amounts."""

    __slots__ = ("breaks", "cues", "end", "start")

    def __init__(self, folded: str, start: int, end: int, tables: Tables) -> None:
        self.start = start
        self.end = end
        self.breaks = [m.start() for m in _CLAUSE.finditer(folded, start, end) if folded[m.start()] != "、"]
        self.cues = tables.clause.find(folded, start, end)

    def clause_start(self, at: int) -> int:
        """Where the clause around ``at`` starts."""
        i = bisect_right(self.breaks, at - 1) - 1
        return self.breaks[i] + 1 if i >= 0 else self.start

    def clause_end(self, at: int) -> int:
        """Where the clause around ``at`` ends."""
        i = bisect_right(self.breaks, at - 1)
        return self.breaks[i] if i < len(self.breaks) else self.end

    def clauses_between(self, a: int, b: int) -> int:
        """How many clause ends lie between two offsets."""
        return abs(bisect_right(self.breaks, a) - bisect_right(self.breaks, b))


class Roles:
    """Weighs the cues of one text."""

    def __init__(
        self, folded: str, pieces: Sequence[Piece], sections: Sequence[Section], title: str, tables: Tables
    ) -> None:
        self.folded = folded
        self.tables = tables
        self.sections = sections
        self.by_id = {section.id: section for section in sections}
        self.pieces = pieces
        self.piece_starts = [piece.start for piece in pieces]
        self.title = title
        self._of_section: dict[tuple[int, bool], Verdict] = {}
        self._tones: dict[tuple[int, int], float] = {}
        self._next_year: dict[int, bool] = {}
        self.turns = self._turns()
        self.turn_starts = [turn.start for turn in self.turns]

    def _turns(self) -> list[Verdict]:
        """Where the text says that a report, or a plan, follows: headlines (2022年工作回顾) and 现将…安排如下."""
        folded, tables = self.folded, self.tables
        turns = [
            Verdict(cue.weight, folded[cue.start : cue.end], cue.rule, cue.start, cue.end)
            for cue in tables.switch.find(folded, 0, len(folded))
        ]
        for line in _HEADLINE.finditer(folded):
            start, end = line.span(1)
            if self._is_heading(start, end):
                continue
            cues = tables.title.find(folded, start, end)
            # A headline that names both, or neither, ends what the one before it said.
            weight = cues[0].weight if len({cue.weight > 0 for cue in cues}) == 1 else 0.0
            turns.append(Verdict(weight * 0.9, folded[start:end], cues[0].rule if cues else "", start, end))
        turns.sort(key=lambda turn: turn.start)
        return turns

    def _piece_at(self, at: int) -> Piece | None:
        i = bisect_right(self.piece_starts, at) - 1
        return self.pieces[i] if i >= 0 and at < self.pieces[i].end else None

    def _is_heading(self, start: int, end: int) -> bool:
        """Whether a line is the page's title, a piece's heading, or its title printed again below."""
        piece = self._piece_at(start)
        if piece is None:
            return True
        return start < piece.heading_end + 4 or _DOCUMENT.search(self.folded, start, end) is not None

    def _turn(self, start: int, low: int) -> Verdict:
        """The last turn in ``[low, start)``."""
        i = bisect_right(self.turn_starts, start) - 1
        while i >= 0 and self.turns[i].start >= low:
            if self.turns[i].weight:
                return self.turns[i]
            i -= 1
        return Verdict(0.0, "", "", 0, 0)

    def weigh(self, sentence: Sentence, start: int, end: int, section: Section | None, piece: Piece | None) -> Verdict:
        """The verdict on the amount at ``[start, end)``."""
        total = 0.0
        best: Cue | None = None
        weight = 0.0
        level = 0
        cues = sentence.cues
        if piece is not None and any(cue.rule == "this-year" for cue in cues) and self._speaks_of_next_year(piece):
            # A plan for next year looks back on this one.
            cues = [cue._replace(weight=-1.2) if cue.rule == "this-year" else cue for cue in cues]
        before = [cue for cue in cues if cue.start < end]
        behind = [cue for cue in cues if cue.start >= end]
        clause_end = sentence.clause_end(end)
        near = [cue for cue in behind if cue.start < clause_end]
        for cue in self.tables.behind.find(self.folded, end, min(end + 4, clause_end)):
            if cue.start == end:
                near.append(cue)
        seen: set[str] = set()
        for cue in near:
            if cue.rule in seen:
                continue
            seen.add(cue.rule)
            gain = cue.weight * _SAME_CLAUSE_BEHIND
            total += gain
            if abs(gain) > abs(weight):
                best, weight = cue, gain
        for cue in reversed(before):
            steps = sentence.clauses_between(cue.start, start)
            if steps != level:
                if abs(total) >= _ENOUGH:
                    break
                level = steps
            if cue.rule in seen:
                continue
            seen.add(cue.rule)
            gain = cue.weight * _FADE[min(steps, len(_FADE) - 1)]
            total += gain
            if abs(gain) > abs(weight):
                best, weight = cue, gain
        if abs(total) < _ENOUGH:
            for cue in behind:
                if cue.start >= clause_end:
                    gain = cue.weight * _AHEAD / max(1, sentence.clauses_between(end, cue.start))
                    total += gain
                    if abs(gain) > abs(weight):
                        best, weight = cue, gain
        if abs(total) < _ENOUGH:
            prior = self._section(section, piece, start)
            total += prior.weight
            if abs(prior.weight) > abs(weight):
                return Verdict(total, prior.evidence, prior.rule, prior.start, prior.end)
        if best is None:
            return Verdict(total, "", "", start, start)
        return Verdict(total, self.folded[best.start : best.end], best.rule, best.start, best.end)

    def _speaks_of_next_year(self, piece: Piece) -> bool:
        known = self._next_year.get(piece.start)
        if known is None:
            known = self.folded.find("明年", piece.start, piece.end) >= 0
            self._next_year[piece.start] = known
        return known

    def _section(self, section: Section | None, piece: Piece | None, start: int) -> Verdict:
        """What the section and its titles say of an amount without cues of its own."""
        key = (section.id, start < section.title_end) if section is not None else None
        cached = self._of_section.get(key) if key is not None else None
        if cached is not None:
            return cached
        # The label's own sentence is no title of itself.
        inside = section is not None and start < section.title_end
        verdict = self._from_titles(section if not inside or section is None else self.by_id.get(-1 if section.parent is None else section.parent))
        outer = section
        while outer is not None and outer.parent is not None and outer.parent in self.by_id:
            outer = self.by_id[outer.parent]
        if outer is not None:
            tone = self._tone(outer.start, outer.end)
        elif piece is not None:
            first = next((s.start for s in self.sections if s.piece == piece.n), piece.end)
            tone = self._tone(piece.heading_end, max(first, start))
            if first < piece.end:
                # The opening of a plan describes what is.
                tone -= 0.6
        else:
            tone = 0.0
        if not verdict.weight:
            low = piece.start if piece is not None else 0
            verdict = self._turn(section.start if section is not None else start, low)
        weight = verdict.weight + tone + 0.5
        verdict = verdict._replace(weight=weight, evidence=verdict.evidence or ("section" if section else "opening"))
        if key is not None:
            self._of_section[key] = verdict
        return verdict

    def _from_titles(self, section: Section | None) -> Verdict:
        scale = 1.0
        while section is not None:
            # A first sentence of a paragraph is no title.
            if section.title and len(section.title) <= 26 and not _SENTENCE.search(section.title):
                cues = self.tables.title.find(fold(section.title), 0, len(section.title))
                kinds = {cue.weight > 0 for cue in cues}
                if len(kinds) == 1:
                    cue = cues[0]
                    return Verdict(cue.weight * scale, section.title, cue.rule, section.label_end, section.title_end)
            scale *= 0.9
            section = self.by_id.get(section.parent) if section.parent is not None else None
        return Verdict(0.0, "", "", 0, 0)

    def _tone(self, start: int, end: int) -> float:
        """Past against future in a stretch of text, from -1.2 to 1.2."""
        end = min(end, start + 4000)
        cached = self._tones.get((start, end))
        if cached is None:
            cues = self.tables.tone.find(self.folded, start, end)
            done = sum(1 for cue in cues if cue.weight < 0)
            intent = len(cues) - done
            cached = 1.2 * (intent - done) / (intent + done + 2)
            self._tones[(start, end)] = cached
        return cached
