"""Targets and statistics of a text (指标与数据的抽取): amounts first, then what their sentences say of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from planparse.document import Anomaly, Measure, MeasureKind, Piece, Section
from planparse.fold import fold
from planparse.measures.columns import column_head
from planparse.measures.comparators import around
from planparse.measures.context import Context, all_amounts
from planparse.measures.governing import GoverningTimes
from planparse.measures.indicators import normal_name, share_out
from planparse.measures.links import Read, bare_from, chained, from_to
from planparse.measures.mentions import is_mention, sums_up
from planparse.measures.omitted import indicator_of
from planparse.measures.periods import OPENING, base_year, find_period, governing_period
from planparse.measures.recurrences import every_behind, find_every
from planparse.measures.roles import weigh
from planparse.measures.scan import Amount
from planparse.measures.sentence import Sentence
from planparse.measures.spot import PART, Spot
from planparse.measures.sums import sum_mismatches
from planparse.measures.surroundings import Surroundings
from planparse.measures.tables import build_tables
from planparse.rules.ruleset import Ruleset, default_rules

# One of a thing (一个, 一批) is an amount only behind such a word.
_MAY_COUNT = re.compile(r"[每隔逐按少低过超足到满近约多由从各≥≤]|[一半双][年月周季天日]")
# 对[132家]企业每季度轮查: what is done to them, and how often.
_HANDLED = re.compile("(?:对|将|把|给)[^，。；0-9]{0,6}$")
# 每学期听课不少于40节[，中层]30节.
_NEXT_OF = re.compile("，[^，。；0-9]{1,8}$")
_EACH = re.compile(r"每(?!个)[^，。；0-9一二三四五六七八九十]{1,2}[一-鿿]$|每[两三四五六七八0-9]{1,2}个?小时[一-鿿]$")
_QUOTES = '“”"‘「'


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
        The measures in text order, and an anomaly ``damaged_number`` for each one whose number is destroyed, and
        ``sum_mismatch`` where parts given as complete do not add up to their whole.
    """
    tables = rules.compiled(build_tables)
    reader = _Reader(Context(text, folded, pieces, sections, tables), title)
    measures = reader.measures()
    anomalies = [
        Anomaly("damaged_number", m.start, m.end, f"the number of {m.text} is destroyed", m.piece)
        for m in measures
        if m.damaged
    ]
    anomalies += sum_mismatches(folded, measures)
    return measures, sorted(anomalies, key=lambda anomaly: anomaly.start)


def _canonical(value: int | float | None, factor: Fraction) -> int | float | None:
    """A value in the canonical unit, rounded where the factor is no whole number."""
    if value is None or factor == 1:
        return value
    if factor.denominator == 1 and isinstance(value, int):
        return value * factor.numerator
    scaled = Fraction(value) * factor if isinstance(value, int) else Fraction(str(value)) * factor
    try:
        return scaled.numerator if scaled.denominator == 1 else round(float(scaled), 6)
    except OverflowError:
        return None


_YEAR = re.compile("(?<![0-9])(20[0-9]{2})年")
_FEW_YEARS = 3
_SPAN = re.compile(r"(?<![0-9])(20[0-9]{2})年?[-—–―~～至到]{1,2}(20[0-9]{2})年")


class _Reader:
    """Extraction over one text."""

    def __init__(self, place: Context, title: str) -> None:
        self.place = place
        self.text = place.text
        self.folded = place.folded
        self.tables = place.tables
        self.title = title
        self.surroundings = Surroundings(place.folded, place.pieces, place.sections, place.tables, self._year)
        self.times = GoverningTimes(place, self.surroundings)
        self.years: dict[int | None, int | None] = {}
        self.last_years: dict[int, int | None] = {}
        at = self.text.find(title) if title else -1
        self.title_span = (at, at + len(title)) if at >= 0 else (0, 0)

    def measures(self) -> list[Measure]:
        """All measures, in text order."""
        found: list[Measure] = []
        kept: list[Read] = []
        for read in self._reads():
            if kept and (joined := from_to(self.folded, kept[-1], read)) is not None:
                first = kept.pop()
                if found and found[-1].start == first.amount.start:
                    found.pop()
                read = joined
            elif kept:
                read, earlier = chained(self.folded, kept[-1], read)
                # 分别达到80%、90%、95%以上: what is said of the last holds for all before it.
                for k in range(1, len(kept) + 1):
                    if earlier is None or k > len(found) or found[-k].start != earlier.amount.start:
                        break
                    kept[-k] = earlier
                    found[-k] = replace(found[-k], comparator=earlier.around.comparator)
                    earlier = chained(self.folded, kept[-k - 1], earlier)[1] if k < len(kept) else None
            kept.append(read)
            if len(kept) > 8:
                del kept[0]
            if not read.silent:
                found.append(self._measure(read, found))
        for i, (start, end) in share_out(self.folded, found, self.tables).items():
            name = self.text[start:end]
            found[i] = replace(found[i], indicator=name, indicator_norm=normal_name(name))
        return found

    def _reads(self) -> Iterator[Read]:
        previous: Read | None = None
        recurring: Read | None = None
        for amount in all_amounts(self.folded, self.tables):
            read = self._read(amount, previous, recurring)
            if read is not None:
                if read.every is not None or not read.mention:
                    recurring = read
                if not read.silent:
                    previous = read
                yield read

    def _exception(self, amount: Amount) -> str | None:
        """Why an amount is none, or only mentioned: ``drop``, ``mention``, or None where it is one."""
        folded, start = self.folded, amount.start
        if self.title_span[0] <= start < self.title_span[1]:
            return "drop"
        if amount.digit == "二":
            # 二次供水, 二类: two of a thing are 两.
            return "drop"
        match = self.tables.not_numbers.at(folded, start)
        if match is not None:
            return match[1]["action"]
        return "drop" if amount.small_han and start and folded[start - 1] in _QUOTES else None

    def _read(self, amount: Amount, previous: Read | None, recurring: Read | None) -> Read | None:
        """The amount in its sentence, or None where it is no amount."""
        folded = self.folded
        section, next_label = self.place.section_at(amount.start)
        if section is not None and section.start <= amount.start < section.label_end:
            # 1.12家企业: the number starts behind the label.
            behind = self.tables.scanner.read(folded, section.label_end) if amount.end > section.label_end else None
            if behind is None:
                return None
            amount = behind
        start = amount.start
        exception = self._exception(amount)
        if exception == "drop" or amount.end > next_label:
            return None
        mention = exception is not None
        one = amount.digit == "一"
        if (
            one
            and _MAY_COUNT.search(folded, max(0, start - 60), start) is None
            and folded[amount.end : amount.end + 1] not in ("以", "左")
        ):
            return None
        piece = self.place.piece_at(start)
        if self.place.pieces and start < self.place.pieces[0].start:
            # The page's title and what the site says of it.
            return None
        if piece is not None and piece.start <= start < piece.heading_end:
            return None
        sentence = self.place.sentence_at(start, section, next_label)
        clause = sentence.clause_start(start)
        low = clause
        if previous is not None and previous.amount.end > low:
            low = previous.amount.end
        words = around(folded, amount, low, sentence)
        every = find_every(folded, sentence, low, start)
        if every is None and one and amount.unit is not None and amount.unit.group == "frequency":
            # 每年对全站的水表，由专人检定一次: the recurrence may stand a clause before.
            wide = max(sentence.start, start - 60, previous.amount.end if previous is not None else 0)
            every = find_every(folded, sentence, wide, start)
        if every is None and recurring is not None and self._goes_on(recurring, amount, words.bounded, sentence):
            every = recurring.every
        if every is None and _HANDLED.search(folded, clause, start) is not None:
            every = every_behind(folded, sentence, amount.end)
        silent = one and every is None and words.comparator == "=" and not words.rules
        if silent and amount.unit is not None and amount.unit.group == "frequency":
            # 点检表每班填一次: each of something, if not of a time.
            silent = _EACH.search(folded, low, start) is None
        if every is not None and every[2] == start and folded[every[1] : start].endswith("每"):
            return None
        group = amount.unit.group if amount.unit is not None else "rate"
        doubtful = amount.unit is not None and amount.unit.arabic and amount.small_han
        if doubtful and every is None and not words.bounded and words.comparator == "=":
            return None
        mention = mention or sums_up(folded, amount) or is_mention(folded, amount, words, every, group)
        if mention and group == "time" and words.comparator == "=" and not amount.vague:
            silent = silent or folded[words.end : words.end + 1] not in ("内", "前")
        return Read(amount, words, sentence, clause, section, piece, mention, silent, every, None)

    def _goes_on(self, previous: Read, amount: Amount, bounded: bool, sentence: Sentence) -> bool:
        """Whether the recurrence of the amount before holds on: 每学期不少于15节，青年教师不少于20节."""
        if previous.sentence is not sentence or previous.amount.unit_text != amount.unit_text:
            return False
        end = previous.around.end
        listed = _NEXT_OF.match(self.folded, end, amount.start) is not None and amount.digit != "一"
        if not (bounded or listed or self.folded[end : end + 1] == "、"):
            return False
        return sentence.last("periods", end, amount.start) is None

    def _measure(self, read: Read, found: list[Measure]) -> Measure:
        amount, words = read.amount, read.around
        n = read.piece.n if read.piece is not None else None
        year = self._year(read.piece)
        head = column_head(self.folded, amount.start)
        verdict = weigh(
            Spot(
                self.folded,
                read.sentence,
                amount.start,
                amount.end,
                read.sentence.clause_start(amount.start),
                read.sentence.clause_end(amount.end),
                head,
                read.section,
                read.piece,
                year or self._last_year(read.piece),
                amount.unit.group if amount.unit is not None else "rate",
            ),
            self.surroundings,
            self.times,
            self.tables,
        )
        kind: MeasureKind = "mention" if read.mention else "target" if verdict.weight > 0 else "statistic"
        period = find_period(self.folded, self.text, read.sentence, amount.start, amount.end, year, kind)
        if period is None and head is not None:
            period = governing_period(self.folded, self.text, self.tables, *head, year)
        if period is None:
            period = self.times.around(read.sentence.start, amount.start, read.section, read.piece, kind, year)
        every = read.every[0] if read.every is not None else None
        of = None
        part = self.folded.rfind(PART, read.sentence.start, amount.start)
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
            if of is not None and every is None and self.folded.startswith(PART, read.clause):
                every = found[of].every
        from_value = read.from_value
        if from_value is None and words.change is not None and words.reached:
            from_value = bare_from(self.folded, read)
        value = None if amount.damaged or amount.high is not None or amount.low is None else amount.low.number()
        high = None if amount.damaged or amount.high is None else amount.high.number()
        unit = amount.unit_text if amount.unit is None else self.text[amount.unit_start : amount.unit_end]
        indicator = indicator_of(self.place, read, found)
        units = self.tables.units
        # Folding costs more than looking up: only 畝 and the like need it.
        canonical_unit, factor = units.canonical(unit if unit in units.forms else fold(unit))
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
            indicator=indicator,
            period=period,
            every=every,
            of=of,
            damaged=amount.damaged,
            role_evidence=verdict.evidence or None,
            piece=n,
            section=read.section.id if read.section is not None else None,
            canonical_value=_canonical(value, factor),
            canonical_unit=canonical_unit,
            indicator_norm=normal_name(indicator) if indicator else None,
        )

    def _year(self, piece: Piece | None) -> int | None:
        """The year that a piece is a plan for."""
        key = piece.start if piece is not None else None
        if key not in self.years:
            opening = self.folded[piece.heading_end : piece.heading_end + OPENING] if piece is not None else ""
            heading = piece.title if piece is not None else ""
            self.years[key] = base_year(heading, self.title, opening)
        return self.years[key]

    def _last_year(self, piece: Piece | None) -> int | None:
        """The year that what is past ends with, where no title says which year a piece is for.

        That is the first year of a plan for several (2023—2025年), else the last of the few years that the piece names.
        """
        if piece is None:
            return None
        if piece.start not in self.last_years:
            opening = self.folded[piece.heading_end : piece.heading_end + OPENING]
            for text in (piece.title, self.title, opening):
                if (span := _SPAN.search(text)) is not None:
                    self.last_years[piece.start] = int(span[1])
                    return int(span[1])
            named = {int(year) for year in _YEAR.findall(self.folded, piece.heading_end, piece.end)}
            self.last_years[piece.start] = max(named) if 2 <= len(named) <= _FEW_YEARS else None
        return self.last_years[piece.start]
