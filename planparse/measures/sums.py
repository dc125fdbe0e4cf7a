"""Parts that are given as complete and do not add up to their whole (分项与合计不符)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from planparse.document import Anomaly, Measure

# Only such words say that nothing is left out; a bare 其中 names a few of many.
_COMPLETE = re.compile(r"分为|分成|分别为|分别是|分别有|由(?=[^。；\n]*(?:组成|构成))")
_OPPOSITES = (("男", "女"), ("城镇", "农村"), ("城市", "农村"), ("室内", "室外"), ("境内", "境外"))
_STOP = re.compile(r"[。；;！？!?\n]")
_LONGEST_GAP = 20
_MOST_PARTS = 12


def sum_mismatches(folded: str, measures: Sequence[Measure]) -> list[Anomaly]:
    """An anomaly ``sum_mismatch`` at each whole whose parts, given as complete, add up to something else.

    职工120人，其中男70人、女40人 and 分为三组，分别为… count; 其中党员23名 does not, nor do approximate
    numbers, ranges, rates, or parts in another unit.
    """
    found = []
    for i, whole in enumerate(measures):
        if not _plain(whole) or whole.unit in ("%", "‰", "倍", "成", "个百分点"):
            continue
        parts = _parts(folded, measures, i)
        if len(parts) < 2:
            continue
        total = sum((_exact(part) for part in parts), Fraction(0))
        if total != _exact(whole):
            said = f"the parts of {whole.text} add up to {float(total):g}, not {float(_exact(whole)):g}"
            found.append(Anomaly("sum_mismatch", whole.start, parts[-1].end, said, whole.piece))
    return found


def _plain(measure: Measure) -> bool:
    return (
        measure.value is not None
        and measure.comparator == "="
        and measure.change is None
        and not (measure.approximate or measure.damaged)
    )


def _exact(measure: Measure) -> Fraction:
    return Fraction(str(measure.value))


def _parts(folded: str, measures: Sequence[Measure], i: int) -> list[Measure]:
    """The parts of ``measures[i]`` where the words say that they are all; none where they do not."""
    whole = measures[i]
    parts: list[Measure] = []
    end = whole.end
    for part in measures[i + 1 : i + 2 + _MOST_PARTS]:
        gap = folded[end : part.start]
        if _STOP.search(gap) is not None:
            break
        if len(gap) > _LONGEST_GAP or part.unit != whole.unit or not _plain(part):
            return []
        parts.append(part)
        end = part.end
    if not parts or len(parts) > _MOST_PARTS:
        return []
    opening = folded[whole.end : parts[0].start]
    if _COMPLETE.search(opening) is not None:
        return parts
    if "其中" in opening and len(parts) == 2:
        second = folded[parts[0].end : parts[1].start]
        if any((a in opening and b in second) or (b in opening and a in second) for a, b in _OPPOSITES):
            return parts
    return []
