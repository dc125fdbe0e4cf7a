"""Amounts that belong together (关联): 由40%提高到60%, 增长10%和14%, 分别达到90%、95%以上."""

from __future__ import annotations

import re
from typing import NamedTuple

from planparse.document import Piece, Section
from planparse.measures.comparators import Around
from planparse.measures.scan import Amount
from planparse.measures.sentence import Sentence
from planparse.numerals import Exact, exact

_CHAIN = re.compile(r"[ 、和及与或]|以及|[、，,]?分别(?:为|是|达到?)?")
_FROM_TO = re.compile(
    r"(?:左右|以上|多|余|[（(][^）)]{0,12}[)）])?[^，。；、0-9]{0,6}?"
    r"(?:到|至|为|→|达)(?:了|约|近|今年|明年|目前|不低于|不少于|不超过|不高于|超过|的|\ |[0-9]{4}年底?的?"
    r"|[一二][0-9〇○零一二三四五六七八九]{3}年底?的?){0,4}"
)
_CHANGED = "(?:提高|提升|增加|增长|上升|扩大|下降|降低|减少|降|缩短|缩|压缩|压减|升|增|减|发展|调整|扩展|拓展|优化)了?"
_ONLY_TO = re.compile(rf"{_CHANGED}(?:到|至|为)(?:约|近)?")
_OUT_OF = re.compile(r"[从由][^，。；,;]{0,30}$")
_BARE_FROM = re.compile(
    rf"[从由][^，。；,;0-9]{{0,16}}(?:20[0-9]{{2}}年的?)?([0-9]{{1,9}}(?:\.[0-9]{{1,4}})?)(?:左右)?{_CHANGED}[到至为]"
)


class Read(NamedTuple):
    """An amount with the words around it and the sentence it stands in."""

    amount: Amount
    around: Around
    sentence: Sentence
    clause: int
    section: Section | None
    piece: Piece | None
    mention: bool
    silent: bool
    every: tuple[str, int, int, str] | None
    from_value: Exact | None


def from_to(folded: str, first: Read, second: Read) -> Read | None:
    """由40%提高到60%: the first amount becomes the second one's starting value."""
    a, b = first.amount, second.amount
    if first.sentence is not second.sentence or b.start - first.around.end > 24 or a.high is not None:
        return None
    gap = folded[first.around.end : b.start]
    same = a.unit_text == b.unit_text or (a.unit is None) != (b.unit is None)
    if not same:
        return None
    if _ONLY_TO.fullmatch(gap) is None:
        if _FROM_TO.fullmatch(gap) is None:
            return None
        low = max(first.sentence.start, a.start - 40)
        if _OUT_OF.search(folded[low : a.start]) is None:
            return None
    words = second.around
    if words.change is None and a.low is not None and b.low is not None:
        change = "increase" if b.low.number() > a.low.number() else "decrease"
        words = words._replace(change=change)  # type: ignore[arg-type]
    every = second.every or first.every
    # 由12天缩至8天: a duration that is changed is no deadline.
    duration = second.amount.unit is not None and second.amount.unit.group == "time"
    mention, silent = (False, False) if duration else (second.mention, second.silent)
    return second._replace(
        around=words, from_value=a.low, clause=first.clause, every=every, mention=mention, silent=silent
    )


def chained(folded: str, first: Read, second: Read) -> tuple[Read, Read | None]:
    """增长10%和14%, 分别达到90%、95%以上: what is said of one amount of a chain holds for the other."""
    a, b = first.amount, second.amount
    if first.sentence is not second.sentence or a.unit_text != b.unit_text:
        return second, None
    if _CHAIN.fullmatch(folded, first.around.end, b.start) is None:
        return second, None
    words = second.around
    if words.change is None and first.around.change is not None:
        words = words._replace(change=first.around.change)
    if words.comparator == "=" and first.around.bounded:
        words = words._replace(comparator=first.around.comparator, bounded=True)
    earlier = None
    distributed = "分别" in folded[first.clause : b.start]
    if distributed and first.around.comparator == "=" and words.comparator in (">=", "<=") and not words.bounded:
        earlier = first._replace(around=first.around._replace(comparator=words.comparator))
    return second._replace(around=words), earlier


def bare_from(folded: str, read: Read) -> Exact | None:
    """由15提高到20%: the starting value has no unit of its own."""
    start = read.amount.start
    found = _BARE_FROM.findall(folded, max(read.sentence.start, start - 50), start)
    return exact(found[-1]) if found else None
