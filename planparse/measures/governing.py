"""The time of an amount whose own sentence names none: its paragraph, the titles and lead-ins above it (期间的承接)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from planparse.document import MeasureKind, Period, Piece, Section
from planparse.measures.context import Context
from planparse.measures.periods import Heads, fits, governing_period, opening_periods, reach
from planparse.measures.sentence import SENTENCE_ENDS
from planparse.measures.surroundings import Surroundings

# How far back the head of a paragraph, and the line that leads a list in, are looked for.
_PARAGRAPH = 600
_TITLE = 30
_LINES, _LINE = 12, 80
_INTRODUCTION = 900
_STOPS = re.compile(f"[{SENTENCE_ENDS}]")
# 现将…安排如下, 下半年的工作就从这些痛处着手, 今年这样办: a sentence that says what follows.
_AHEAD = re.compile(
    "(?:如|分述|汇报|报告|安排)(?:下|后)|以下|下面|下列|这样|交个底|着手|重点[抓做]|(?:抓好|做好|突出|办好|办)[^，。]{0,6}"
    "[三四五六七八九几][件个项]|(?:计划|打算|安排|思路|要点|目标|设想)(?:是|为|[:：]|$)"
)
_NOW = ("本", "今", "新", "这")
_DEADLINE = ("前", "底", "末")
_TURN = re.compile("(?:下一?步|接下来|今后|往后|为此)")
_DIGIT = re.compile("[0-9]")
_MONTH = re.compile("(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?")
_SO_FAR = re.compile("以[来來]|年[来來]")
_PLANS = re.compile("安排|打算|计划|设想|思路|部署|目标|任务(?!完成)")
_DONE = re.compile("完成了|圆满完成|完成[^，。]{0,10}任务|取得|总结|回顾|汇报|述职")


class _Told(NamedTuple):
    """A time that the sentence at ``[start, end)`` names, and what for: ``done`` where for what was done."""

    period: Period
    done: bool
    start: int
    end: int


class _Said:
    """What the sentences from a place on, as far as they were looked at, say of what follows."""

    __slots__ = ("scanned", "told", "upto")

    def __init__(self, upto: int) -> None:
        # Where the sentence starts that is not ended yet, and how far its end was looked for.
        self.upto = self.scanned = upto
        self.told: list[_Told] = []


class GoverningTimes:
    """The times that govern the amounts of one text from outside their sentences, each place looked at once."""

    def __init__(self, place: Context, surroundings: Surroundings) -> None:
        self.place = place
        self.folded = place.folded
        self.text = place.text
        self.tables = place.tables
        self.surroundings = surroundings
        self.first_child: dict[int, int] = {}
        for section in place.sections:
            if section.parent is not None:
                self.first_child.setdefault(section.parent, section.start)
        self._heads: Heads = {}
        self._opened: dict[tuple[int, int], tuple[Period, ...]] = {}
        self._titled: dict[tuple[int, bool, bool], Period | None] = {}
        self._said: dict[tuple[int, bool], _Said] = {}
        self._led: dict[tuple[int, int], Period | None] = {}

    def around(
        self,
        sentence: int,
        start: int,
        section: Section | None,
        piece: Piece | None,
        kind: MeasureKind,
        year: int | None,
    ) -> Period | None:
        """The time of an amount at ``start``, in the sentence at ``sentence``.

        That is a time which reaches far at the head of an earlier sentence of its paragraph, then what titles and
        lead-ins name, from the innermost outwards; where there is none, a time at such a head that does not reach far;
        then what the piece's opening announces.
        """
        near: Period | None = None
        for period in self.openings(sentence, section, year):
            if fits(period, kind, year):
                if reach(period, self.tables) == "far":
                    return period
                near = near or period
        governing = self._governing(section, sentence, start, piece, kind, year)
        return governing or near or self._opening(piece, sentence, kind, year)

    def openings(self, sentence: int, section: Section | None, year: int | None) -> tuple[Period, ...]:
        """The times at the heads of the earlier sentences of a paragraph, the last first."""
        low = self.folded.rfind("\n", max(0, sentence - _PARAGRAPH), sentence) + 1 or max(0, sentence - _PARAGRAPH)
        if section is not None and section.label_end <= sentence:
            low = max(low, section.label_end)
        if low >= sentence:
            return ()
        key = (low, sentence)
        if key not in self._opened:
            self._opened[key] = tuple(
                opening_periods(self.folded, self.text, self.tables, low, sentence, year, self._heads)
            )
        return self._opened[key]

    def _governing(
        self,
        section: Section | None,
        sentence: int,
        start: int,
        piece: Piece | None,
        kind: MeasureKind,
        year: int | None,
    ) -> Period | None:
        low = piece.heading_end if piece is not None else 0
        if section is not None:
            low = section.title_end
        if (period := self._list_lead(low, start, year)) is not None and fits(period, kind, year):
            return period
        inner = sentence
        while section is not None:
            first = min(inner, self.first_child.get(section.id, inner))
            told = self._introduction(section.title_end, first, year, opening=False)
            if (period := _fitting(told, kind, year)) is not None:
                return period
            # A title speaks for all under it, whatever the amount's own words made of its role.
            if (period := self._title(section, start < section.title_end, kind, year)) is not None:
                return period
            inner = section.start
            section = self.place.by_id.get(section.parent) if section.parent is not None else None
        return None

    def _opening(self, piece: Piece | None, sentence: int, kind: MeasureKind, year: int | None) -> Period | None:
        """What a piece's opening announces: 现将下半年工作安排如下."""
        if piece is None:
            return None
        first = min(sentence, self.surroundings.first_label.get(piece.n, sentence))
        return _fitting(self._introduction(piece.heading_end, first, year, opening=True), kind, year)

    def _title(self, section: Section, inside: bool, kind: MeasureKind, year: int | None) -> Period | None:
        """What a section's title names, or the sentence before the list that it is an item of."""
        planned = kind == "target"
        key = (section.id, inside, planned)
        if key not in self._titled:
            spans = [] if inside else [(section.label_end, min(section.title_end, section.label_end + _TITLE))]
            # 现将下半年安排如下。 is told of what is planned alone.
            lead = self.surroundings.leads.lead(section)
            if lead is not None and (planned or self.folded[lead[1] - 1] in ":："):
                spans.append(lead)
            found = (governing_period(self.folded, self.text, self.tables, *span, year) for span in spans)
            period = next((period for period in found if period is not None), None)
            # 1、春节前摸底；… is a first clause and no title.
            clause = not inside and self.folded[section.title_end : section.title_end + 1] in ("；", ";")
            deadline = period is not None and period.end <= section.title_end and period.text.endswith(_DEADLINE)
            self._titled[key] = None if clause and deadline else period
        return self._titled[key]

    def _list_lead(self, low: int, start: int, year: int | None) -> Period | None:
        """What the line names that leads in a list without labels: 2022年工作目标：↵——桑园3200亩."""
        folded = self.folded
        low = max(low, start - _LINES * _LINE)
        line = folded.rfind("\n", low, start) + 1
        for _ in range(_LINES):
            if line <= low:
                return None
            end = line - 1
            line = folded.rfind("\n", max(low, end - _LINE), end) + 1
            if not line:
                line = low if end - low <= _LINE else end
            written = folded[line:end].rstrip()
            if written.endswith((":", "：")):
                key = (line, end)
                if key not in self._led:
                    self._led[key] = governing_period(folded, self.text, self.tables, line, end, year)
                return self._led[key]
        return None

    def _introduction(self, low: int, high: int, year: int | None, *, opening: bool) -> Iterator[_Told]:
        """The times of the sentences in ``[low, high)`` that say what follows, the last first.

        In a piece's ``opening`` such a sentence may have its time from the head of its paragraph. Each sentence is
        looked at once, however many amounts stand behind it.
        """
        if low >= high:
            return
        said = self._said.setdefault((low, opening), _Said(low))
        for stop in _STOPS.finditer(self.folded, said.scanned, high):
            if (told := self._announced(low, said.upto, stop.end(), year, opening)) is not None:
                said.told.append(told)
            said.upto = stop.end()
        said.scanned = max(said.scanned, high)
        start = max(said.upto, high - _INTRODUCTION)
        if start < high and (told := self._announced(low, start, high, year, opening)) is not None:
            yield told
        for told in reversed(said.told):
            if told.start < high - _INTRODUCTION:
                return
            if told.end <= high:
                yield told

    def _announced(self, low: int, start: int, end: int, year: int | None, opening: bool) -> _Told | None:
        words = self.folded[start:end].rstrip(SENTENCE_ENDS + " ")
        announced = _AHEAD.search(words)
        # A sentence with amounts of its own speaks for itself: 目标是筹集3000套.
        ahead = announced is not None and _DIGIT.search(words, announced.end()) is None
        done = _DONE.search(words) is not None
        if not (ahead or done):
            return None
        # 上半年换表300只。下一步，…: what came before is no time of it.
        head = start if not opening or _TURN.match(words) is not None else max(low, start - _PARAGRAPH)
        for period in self._named(head, start, end, year):
            if self._lasts(period):
                return _Told(period, done and (not ahead or _PLANS.search(words) is None), start, end)
        return None

    def _named(self, low: int, start: int, end: int, year: int | None) -> Iterator[Period]:
        """What a sentence names, then what the sentences before it in its paragraph begin with: 2023年…。指标如下."""
        period = governing_period(self.folded, self.text, self.tables, start, end, year)
        if period is not None:
            yield period
            return
        line = max(low, self.folded.rfind("\n", low, start) + 1)
        for period in opening_periods(self.folded, self.text, self.tables, line, start, year, self._heads):
            # 2022年换表300只 tells of itself; 本学期有学生1036人 is said of what the plan is for.
            stop = _STOPS.search(self.folded, period.end, start)
            told = _DIGIT.search(self.folded, period.end, stop.start() if stop is not None else start)
            if told is None or period.text.startswith(_NOW):
                yield period

    def _lasts(self, period: Period) -> bool:
        """Whether a time is one that a plan is made for: 下半年, 6月份; not 9月底前, nor 今年以来."""
        if _SO_FAR.search(period.text) is not None:
            return False
        return _MONTH.fullmatch(period.text) is not None or reach(period, self.tables) == "far"


def _fitting(told: Iterator[_Told], kind: MeasureKind, year: int | None) -> Period | None:
    """The first time that is for amounts of a kind: what is planned for targets, what was done for statistics."""
    for one in told:
        if kind == ("statistic" if one.done else "target") and fits(one.period, kind, year):
            return one.period
    return None
