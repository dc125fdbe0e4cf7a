"""Pages that lost their line breaks (压平的页面): what stands before and behind the text, taken apart at its blanks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from planparse.cleaning.patterns import HAN
from planparse.lines import Line

_LONG, _LONG_OF_FEW = 200, 60
_FEW = 5
# How many lines from either end may be such.
_OUTER = 3
_REACH = 400
# More parts than this are not fields and buttons but words set apart.
_MOST_PARTS = 24
# A blank between fields; not one within a date, an amount, a path (首页 > 计划), or a choice (大 中 小).
_GAP = re.compile(
    rf"(?<=[{HAN}A-Za-z0-9】\])）》。！？])(?:(?<![ ][\d大中小]) | {{2}}) {{0,7}}(?=[{HAN}A-Z【\[（(《#×*]|\d{{4}}年)"
    r"(?![大中小] |[大中小][】\])）]|[年月日号%]|时(?!间))"
)
# A gap inside a bracket parts nothing.
_OPEN, _CLOSES = re.compile(r"[(（【\[][^()（）【】\[\]]{0,40}$"), re.compile(r"[^()（）【】\[\]。\n]{0,40}[)）】\]]")
_BODY = re.compile(
    r"[。；;！]|^(?:[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十\d]{1,2}[)）]|\d{1,2}[、.．])"
)


def unflatten(folded: str, lines: Sequence[Line]) -> list[Line]:
    """The lines, long ones parted into the fields before their first sentence, the text, and what follows it."""
    result: list[Line] = []
    long = _LONG_OF_FEW if len(lines) <= _FEW else _LONG
    for number, line in enumerate(lines):
        head, tail = number < _OUTER, number >= len(lines) - _OUTER
        if line.end - line.start > long and (head or tail):
            result += _parts(folded, line, head, tail)
        else:
            result.append(line)
    return result


def _parts(folded: str, line: Line, head: bool, tail: bool) -> list[Line]:
    start, end, indent = line
    cuts: list[tuple[int, int]] = []
    at = start
    for gap in _GAP.finditer(folded, start, min(end, start + _REACH) if head else start):
        if _BODY.search(folded[at : gap.start()]):
            break
        if _OPEN.search(folded, at, gap.start()) and _CLOSES.match(folded, gap.end(), end):
            continue
        cuts.append(gap.span())
        at = gap.end()
    behind = max(folded.rfind(mark, max(at, end - _REACH), end) for mark in "。！？") + 1 if tail else 0
    if behind > 0:
        while behind < end and folded[behind] in "”’』」）)】》":
            behind += 1
        while behind < end and folded[behind] == " ":
            behind += 1
        if behind < end and folded[behind] not in "(（":
            cuts.append((behind, behind))
            cuts += [gap.span() for gap in _GAP.finditer(folded, behind, end)]
    if not cuts or len(cuts) > _MOST_PARTS:
        return [line]
    edges = [start, *(at for cut in cuts for at in cut), end]
    parts = []
    for a, b in zip(edges[::2], edges[1::2], strict=True):
        stripped = folded[a:b].rstrip(" ")
        if stripped:
            parts.append(Line(a, a + len(stripped), indent if a == start else 0))
    return parts
