"""Amounts whose name is not said again (省略): 危桥41座，年内加固26座 takes it from the amount or the words before."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from planparse.document import Measure
from planparse.fold import fold
from planparse.measures.context import Context
from planparse.measures.indicators import Name, clause_tail, find_indicator, is_relative
from planparse.measures.links import Read

# How far back, and over how many amounts, a name is looked for.
_NEAR, _MANY = 120, 6
# 这一占比 points at what was said last.
_POINTS = re.compile("这|该|上述")
# So many words of time may lead, one right behind the other.
_LEADING = 4
_BEFORE_TIMES = " 在从到至自于截，,"
_NOT_TAIL = re.compile("以[上下内]|左右|.{0,3}")
# Between a title and its first sentence stand a mark and blanks.
_GAP = 8
# A longer title is a sentence of its own.
_LONGEST_TOPIC, _NO_TOPIC = 10, re.compile("[，,；;、0-9]")


def indicator_of(place: Context, read: Read, found: Sequence[Measure]) -> str | None:
    """The indicator of an amount: its own, or that of the amount before (达3亿元，同比增长12%), or the topic.

    Args:
        place: the text.
        read: the amount in its sentence.
        found: the measures before it, in text order.
    """
    amount, sentence = read.amount, read.sentence
    before = found[-1] if found and found[-1].start >= sentence.start else None
    low = max(read.clause, before.end) if before is not None else read.clause
    times = sentence.words["periods"]
    for first, last, _ in times[bisect_left(times, (low,)) :][:_LEADING]:
        # 前十个月培训12期, 2023年5月6日至9月30日消杀9次: a time that leads is no part of the name.
        if last < amount.start and not place.folded[low:first].strip(_BEFORE_TIMES):
            low = last
    clause_end = sentence.clause_end(amount.end)
    starts = read.from_value is not None
    name = find_indicator(place.folded, place.text, low, amount, read.around.end, clause_end, starts, place.tables)
    if name.text is not None and place.tables.generic.fullmatch(fold(name.text)) is not None:
        return _of_thing(place, read, before, name.text)
    relative = name.text is None or is_relative(name.text)
    rate = amount.unit is None or amount.unit.group == "rate"
    if before is not None and rate and relative:
        return before.indicator
    same = _of_same_unit(place, read, found)
    near = same if same is not None and same.start >= sentence.start else None
    if name.rest and near is not None and not name.counted:
        return near.indicator
    if not name.bare and not relative:
        return name.text
    if name.bare and near is not None:
        return near.indicator
    if name.bare and same is not None and _POINTS.match(name.text or "") is not None:
        return same.indicator
    told = name.text is not None and (relative or name.rest)
    if before is not None and (told or _speaks_for(place, before, rate)):
        return before.indicator
    return _said_before(place, read, before, same, name)


def _said_before(place: Context, read: Read, before: Measure | None, same: Measure | None, name: Name) -> str | None:
    """What the clause before, the sentence before or the title says: 由测试员一对一正音，每学期不少于8次."""
    sentence = read.sentence
    start = max(read.clause, *(place.folded.rfind(comma, read.clause, read.amount.start) + 1 for comma in "，；"))
    if start > sentence.start and (name.bare or name.text is None or name.text.startswith("占")):
        behind = sentence.clause_start(start - 1)
        if before is None or before.end <= behind:
            return clause_tail(place.folded, place.text, behind, start - 1) or name.text
    if name.bare and same is not None:
        return same.indicator
    return (_topic(place, read) if name.bare else None) or name.text


def _of_thing(place: Context, read: Read, before: Measure | None, generic: str) -> str:
    """总数 of 增装路灯，总数达到150盏 with the thing before it."""
    sentence = read.sentence
    thing = before.indicator if before is not None else None
    if read.clause > sentence.start:
        behind = sentence.clause_start(read.clause - 1)
        behind = max(behind, before.end) if before is not None else behind
        tail = clause_tail(place.folded, place.text, behind, read.clause - 1)
        if tail is not None and _NOT_TAIL.fullmatch(fold(tail)) is None:
            thing = tail.removeprefix("的")
    if thing is None or _is_bare(place, thing) or generic in thing:
        return generic
    return thing + generic


def _speaks_for(place: Context, before: Measure, rate: bool) -> bool:
    """Whether an amount without a name can be of the same thing as another of another unit."""
    if before.indicator is None or _is_bare(place, before.indicator):
        return False
    unit = place.tables.units.forms.get(fold(before.unit))
    # 收入增长8%，突破1.75万元: what grows by so much has an amount too.
    return rate or before.change is not None or (unit is not None and unit.group not in ("rate", "time"))


def _of_same_unit(place: Context, read: Read, found: Sequence[Measure]) -> Measure | None:
    """The last amount of the same unit that the paragraph named before."""
    amount = read.amount
    unit = amount.unit_text if amount.unit is None else place.text[amount.unit_start : amount.unit_end]
    low = max(0, amount.start - _NEAR)
    low = max(low, place.folded.rfind("\n", low, amount.start) + 1)
    if read.section is not None:
        low = max(low, read.section.start)
    for other in reversed(found[-_MANY:]):
        if other.start < low:
            break
        if other.unit == unit and other.indicator and not _is_bare(place, other.indicator):
            return other
    return None


def _is_bare(place: Context, name: str) -> bool:
    return place.tables.bare.fullmatch(fold(name)) is not None


def _topic(place: Context, read: Read) -> str | None:
    """The title of a section whose first sentence has the amount: 3、数字化门诊。已建成8个."""
    section = read.section
    if section is None or not 0 <= read.sentence.start - section.title_end <= _GAP:
        return None
    title = place.text[section.label_end : section.title_end].strip(" 。：:")
    between = place.folded[section.title_end : read.sentence.start].strip(" 。：:\n")
    if between or not 1 < len(title) <= _LONGEST_TOPIC or _NO_TOPIC.search(title) is not None:
        return None
    return title
