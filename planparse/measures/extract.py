"""Targets and statistics of a text (指标与数据的抽取): amounts first, then what their sentences say of them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from planparse.document import Anomaly, Measure, MeasureKind, Piece, Section
from planparse.fold import fold
from planparse.measures.comparators import Around, around
from planparse.measures.indicators import find_indicator
from planparse.measures.masked import masked
from planparse.measures.periods import base_year, find_every, find_period
from planparse.measures.roles import Roles, Sentence
from planparse.measures.scan import Amount
from planparse.measures.tables import Tables, build_tables
from planparse.numerals import Exact, exact
from planparse.rules.ruleset import Ruleset, default_rules

_STOPS = "。！？!?\n"
_BACK, _AHEAD = 260, 160
_CHAIN = re.compile(r"[ 、和及与或]|以及|[、，,]?分别(?:为|是|达到?)?")
_FROM_TO = re.compile(
    r"(?:左右|以上|多|余|[（(][^）)]{0,12}[)）])?[^，。；、0-9]{0,6}?"
    r"(?:到|至|为|→|达)(?:了|约|近|今年|明年|目前|不低于|不少于|不超过|不高于|超过|的|\ |[0-9]{4}年底?的?)*"
)
_ONLY_TO = re.compile(r"(?:提高|提升|增加|增长|上升|扩大|下降|降低|减少|降|缩短|压缩|压减|升|增|减|发展|调整|扩展|拓展)了?(?:到|至|为)(?:约|近)?")
_OUT_OF = re.compile(r"[从由][^，。；,;]{0,30}$")
_BARE_FROM = re.compile(
    r"[从由][^，。；,;0-9]{0,16}(?:20[0-9]{2}年的?)?([0-9]{1,9}(?:\.[0-9]{1,4})?)(?:左右)?(?:提高|提升|增加|增长|上升|扩大|下降|降低|减少|降|缩短|压缩|压减|升|增|减)了?[到至为]"
)
_AWARD = re.compile(r"(?:奖励|罚款|处罚|处以?|罚|奖金|扣发?|扣除|押金)[^，。；0-9]{0,8}$")
_AVERAGE = re.compile(r"(?:平均|均|达到?|长达|高达)[^，。；0-9]{0,4}$")
_HELD = re.compile(r"(?:控制在|压缩到|缩短到|压减到|缩短至|压缩至|不超过)[^，。；0-9]{0,4}$")
_THRESHOLD = re.compile(r"(?:的|[老儿学群党企村家户人][人童生众员业民长])(?!增长|速度|目标|水平|增速|幅度)")
_PART = "其中"


class _Read(NamedTuple):
    """An amount with the words around it and the sentence it stands in."""

    amount: Amount
    around: Around
    sentence: Sentence
    clause: int
    section: Section | None
    piece: Piece | None
    mention: bool
    every: tuple[str, int, int, str] | None
    from_value: Exact | None


def find_measures(text: str, rules: Ruleset | None = None) -> list[Measure]:
    """The measures of a bare string (``pp.find_measures``): no sections, no title. Offsets count in ``text``.

    Raises:
        TypeError: where ``text`` is not a string.
    """
    if not isinstance(text, str):
        raise TypeError(f"find_measures() takes a str, not {type(text).__name__}")
    return find(text, fold(text), (), (), "", rules or default_rules())[0]


def find(
    text: str, folded: str, pieces: Sequence[Piece], sections: Sequence[Section], title: str, rules: Ruleset
) -> tuple[list[Measure], list[Anomaly]]:
    """The measures of a clean text.

    Args:
        text: the clean text; all offsets count in it.
        folded: ``fold(text)``.
        pieces: its pieces, for ``Measure.piece`` and the plan's year.
        sections: its sections in text order; their labels hold no measures, their titles decide doubtful roles.
        title: the page's title.
        rules: the rule tables.

    Returns:
        The measures in text order, and an anomaly ``damaged_number`` for each one whose number is destroyed.
    """
    tables = rules.compiled(build_tables)
    reader = _Reader(text, folded, pieces, sections, title, tables)
    measures = reader.measures()
    anomalies = [
        Anomaly("damaged_number", m.start, m.end, f"the number of {m.text} is destroyed", m.piece)
        for m in measures
        if m.damaged
    ]
    return measures, anomalies


class _Reader:
    """Extraction over one text."""

    def __init__(
        self,
        text: str,
        folded: str,
        pieces: Sequence[Piece],
        sections: Sequence[Section],
        title: str,
        tables: Tables,
    ) -> None:
        self.text = text
        self.folded = folded
        self.tables = tables
        self.pieces = pieces
        self.sections = sections
        self.title = title
        self.roles = Roles(folded, pieces, sections, title, tables)
        self.piece_starts = [piece.start for piece in pieces]
        self.section_starts = [section.start for section in sections]
        self.by_id = {section.id: section for section in sections}
        self.years: dict[int | None, int | None] = {}
        self.sentence: Sentence | None = None
        at = text.find(title) if title else -1
        self.title_span = (at, at + len(title)) if at >= 0 else (0, 0)

    def measures(self) -> list[Measure]:
        """All measures, in text order."""
        found: list[Measure] = []
        kept: list[_Read] = []
        for read in self._reads():
            if kept and (joined := self._from_to(kept[-1], read)) is not None:
                kept.pop()
                if found and found[-1].start == joined[0].amount.start:
                    found.pop()
                read = joined[1]
            elif kept:
                read, earlier = self._chained(kept[-1], read)
                if earlier is not None and found and found[-1].start == earlier.amount.start:
                    kept[-1] = earlier
                    found[-1] = replace(found[-1], comparator=earlier.around.comparator)
            kept.append(read)
            if len(kept) > 8:
                del kept[0]
            measure = self._measure(read, found)
            if measure is not None:
                found.append(measure)
        return found

    def _amounts(self) -> Iterator[Amount]:
        """Whole and destroyed amounts, merged in text order."""
        whole = self.tables.scanner.amounts(self.folded)
        broken = iter(masked(self.folded, self.tables.units))
        next_broken = next(broken, None)
        done = 0
        for amount in whole:
            while next_broken is not None and next_broken.start < amount.start:
                if next_broken.start >= done and next_broken.end <= amount.start:
                    yield next_broken
                next_broken = next(broken, None)
            done = amount.end
            yield amount
        while next_broken is not None:
            if next_broken.start >= done:
                yield next_broken
            next_broken = next(broken, None)

    def _reads(self) -> Iterator[_Read]:
        previous: _Read | None = None
        for amount in self._amounts():
            read = self._read(amount, previous)
            if read is not None:
                previous = read
                yield read

    def _read(self, amount: Amount, previous: _Read | None) -> _Read | None:
        """The amount in its sentence, or None where it is no amount."""
        folded = self.folded
        start = amount.start
        if self.title_span[0] <= start < self.title_span[1]:
            return None
        if amount.digit == "二":
            # 二次供水, 二类: two of a thing are 两.
            return None
        one = amount.digit == "一"
        mention = False
        match = self.tables.not_numbers.at(folded, start)
        if match is not None:
            if match[1]["action"] == "drop":
                return None
            mention = True
        elif folded[start - 1 : start] in ("“", "\"", "‘", "「", "”") and start and amount.small_han:
            return None
        piece = self._piece(start)
        if piece is not None and piece.start <= start < piece.heading_end:
            return None
        section, next_label = self._section(start)
        if section is not None and section.start <= start < section.label_end:
            return None
        if amount.end > next_label:
            return None
        sentence = self._sentence(start, section, next_label)
        clause = sentence.clause_start(start)
        low = clause
        if previous is not None and previous.amount.end > low:
            low = previous.amount.end
        words = around(folded, amount, low, self.tables)
        every = find_every(folded, low, start, self.tables)
        if every is None and one:
            wide = max(sentence.start, start - 60, previous.amount.end if previous is not None else 0)
            every = find_every(folded, wide, start, self.tables)
        if every is not None and amount.unit is not None and amount.unit.group == "money":
            every = None
        if one and every is None and words.comparator == "=" and not words.rules:
            return None
        if every is not None and every[2] == start and folded[every[1] : start].endswith("每"):
            return None
        group = amount.unit.group if amount.unit is not None else "rate"
        if amount.unit is not None and amount.unit.arabic and amount.small_han:
            if every is None and not words.bounded and words.comparator == "=":
                return None
        mention = mention or self._mentioned(amount, words, every, group)
        if mention and group == "time" and words.comparator == "=" and not amount.vague:
            if folded[words.end : words.end + 1] not in ("内", "前"):
                return None
        return _Read(amount, words, sentence, clause, section, piece, mention, every, None)

    def _mentioned(
        self, amount: Amount, words: Around, every: tuple[str, int, int, str] | None, group: str
    ) -> bool:
        """Whether an amount is a threshold, a deadline or a rule rather than an aim or a fact."""
        folded, start = self.folded, amount.start
        before = folded[max(0, start - 14) : start]
        if folded[start - 1 : start] == "每" and start:
            return True
        if group in ("time", "age"):
            if _AVERAGE.search(before):
                return False
            if group == "age":
                return True
            held = _HELD.search(before) is not None
            if words.end > amount.end and not words.bounded and words.change is None and not held:
                return True
            return not (held or words.bounded or words.change is not None or every is not None)
        if words.comparator != "=" and words.end > amount.end and group not in ("rate", "frequency") and _THRESHOLD.match(folded, words.end):
            return not words.bounded
        if group in ("money", "score") and _AWARD.search(before):
            return True
        return self._quoted(start, words.end)

    def _quoted(self, start: int, end: int) -> bool:
        """Whether the amount stands in a short quotation: “晨读20分钟”."""
        folded = self.folded
        opening = folded.rfind("“", max(0, start - 10), start)
        if opening < 0 or "”" in folded[opening:start]:
            return False
        closing = folded.find("”", end, end + 8)
        return closing >= 0

    def _piece(self, at: int) -> Piece | None:
        i = bisect_right(self.piece_starts, at) - 1
        if i < 0 or at >= max(self.pieces[i].end, self.pieces[i].heading_end):
            return None
        return self.pieces[i]

    def _section(self, at: int) -> tuple[Section | None, int]:
        """The innermost section around an offset, and where the next label starts."""
        i = bisect_right(self.section_starts, at)
        following = self.section_starts[i] if i < len(self.section_starts) else len(self.folded)
        section: Section | None = self.sections[i - 1] if i else None
        while section is not None and section.end <= at:
            section = self.by_id.get(section.parent) if section.parent is not None else None
        return section, following

    def _sentence(self, at: int, section: Section | None, next_label: int) -> Sentence:
        current = self.sentence
        if current is not None and current.start <= at < current.end:
            return current
        folded = self.folded
        low = max(0, at - _BACK)
        if section is not None and section.label_end <= at:
            low = max(low, section.label_end)
        if current is not None:
            low = max(low, min(current.end, at))
        start = max([low, *(folded.rfind(stop, low, at) + 1 for stop in _STOPS)])
        high = min(len(folded), at + _AHEAD, max(next_label, at + 1))
        ends = [found for stop in _STOPS if (found := folded.find(stop, at, high)) >= 0]
        end = min(ends, default=high)
        self.sentence = Sentence(folded, start, max(end, at + 1), self.tables)
        return self.sentence

    def _from_to(self, first: _Read, second: _Read) -> tuple[_Read, _Read] | None:
        """由40%提高到60%: the first amount becomes the second one's starting value."""
        a, b = first.amount, second.amount
        if first.sentence is not second.sentence or b.start - first.around.end > 24 or a.high is not None:
            return None
        gap = self.folded[first.around.end : b.start]
        same = a.unit_text == b.unit_text or (a.unit is None) != (b.unit is None)
        if not same:
            return None
        if _ONLY_TO.fullmatch(gap) is None:
            if _FROM_TO.fullmatch(gap) is None:
                return None
            low = max(first.sentence.start, a.start - 40)
            if _OUT_OF.search(self.folded[low : a.start]) is None:
                return None
        words = second.around
        if words.change is None and a.low is not None and b.low is not None:
            change = "increase" if b.low.number() > a.low.number() else "decrease"
            words = words._replace(change=change)  # type: ignore[arg-type]
        return first, second._replace(around=words, from_value=a.low, clause=first.clause)

    def _chained(self, first: _Read, second: _Read) -> tuple[_Read, _Read | None]:
        """增长10%和14%, 分别达到90%、95%以上: what is said of one amount of a chain holds for the other."""
        a, b = first.amount, second.amount
        if first.sentence is not second.sentence or a.unit_text != b.unit_text:
            return second, None
        if _CHAIN.fullmatch(self.folded, first.around.end, b.start) is None:
            return second, None
        words = second.around
        if words.change is None and first.around.change is not None:
            words = words._replace(change=first.around.change)
        if words.comparator == "=" and first.around.bounded:
            words = words._replace(comparator=first.around.comparator)
        earlier = None
        distributed = "分别" in self.folded[first.clause : b.start]
        if distributed and first.around.comparator == "=" and words.comparator in (">=", "<=") and not words.bounded:
            earlier = first._replace(around=first.around._replace(comparator=words.comparator))
        return second._replace(around=words), earlier

    def _measure(self, read: _Read, found: list[Measure]) -> Measure | None:
        amount, words = read.amount, read.around
        verdict = self.roles.weigh(read.sentence, amount.start, amount.end, read.section, read.piece)
        kind: MeasureKind = "target" if verdict.weight > 0 else "statistic"
        if read.mention:
            kind = "mention"
        n = read.piece.n if read.piece is not None else None
        if n not in self.years:
            opening = self.folded[read.piece.heading_end : read.piece.heading_end + 200] if read.piece else ""
            heading = read.piece.title if read.piece is not None else ""
            self.years[n] = base_year(heading, self.title, opening)
        low = read.sentence.start
        period = find_period(self.folded, self.text, low, amount.start, self.years[n], self.tables)
        every = read.every[0] if read.every is not None else None
        of = None
        part = self.folded.rfind(_PART, read.sentence.start, amount.start)
        if part >= 0:
            for i in range(len(found) - 1, max(-1, len(found) - 12), -1):
                other = found[i]
                if other.start < read.sentence.start:
                    break
                if other.start < part:
                    if other.unit == self.text[amount.unit_start : amount.unit_end]:
                        of = i
                        break
                elif other.unit != self.text[amount.unit_start : amount.unit_end]:
                    break
            if of is not None and every is None and self.folded.startswith(_PART, read.clause):
                every = found[of].every
        from_value = read.from_value
        if from_value is None and words.change is not None and words.reached:
            from_value = self._bare_from(read)
        value = None if amount.damaged or amount.high is not None or amount.low is None else amount.low.number()
        high = None if amount.damaged or amount.high is None else amount.high.number()
        unit = amount.unit_text if amount.unit is None else self.text[amount.unit_start : amount.unit_end]
        clause_end = read.sentence.clause_end(amount.end)
        return Measure(
            start=amount.start,
            end=amount.end,
            text=self.text[amount.start : amount.end],
            kind=kind,
            value=value,
            unit=unit,
            comparator=words.comparator,
            min=None if high is None or amount.low is None else amount.low.number(),
            max=high,
            approximate=words.approximate,
            change=words.change,
            from_value=from_value.number() if from_value is not None else None,
            indicator=find_indicator(self.folded, self.text, read.clause, amount, words.end, clause_end),
            period=period,
            every=every,
            of=of,
            damaged=amount.damaged,
            role_evidence=verdict.evidence or None,
            piece=n,
            section=read.section.id if read.section is not None else None,
        )

    def _bare_from(self, read: _Read) -> Exact | None:
        """由15提高到20%: the starting value has no unit of its own."""
        start = read.amount.start
        match = None
        for match in _BARE_FROM.finditer(self.folded, max(read.sentence.start, start - 50), start):
            pass
        return exact(match[1]) if match is not None and "." not in match[1] else None
