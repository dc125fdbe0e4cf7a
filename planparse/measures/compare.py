"""The measures of two documents side by side (指标比对): last year's target against this year's figure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from planparse.document import Document, Measure
from planparse.measures.indicators import normal_name

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "indicator",
    "value_a",
    "value_b",
    "difference",
    "unit",
    "role_a",
    "role_b",
    "period_a",
    "period_b",
    "measure_a",
    "measure_b",
    "similarity",
)
# Names below this share of common character pairs are not the same indicator.
_ALIKE = 0.6


def match_indicators(a: Document | Iterable[Measure], b: Document | Iterable[Measure]) -> pd.DataFrame:
    """Align the measures of two documents, or of two pieces, by indicator and unit, one to one, the most alike first.

    Args:
        a: a document, or some of its measures: ``[m for m in doc.measures if m.piece == 1]`` is a piece.
        b: the other one.

    Returns:
        One row a pair, in the order of ``a``: ``indicator`` (its name in ``a``), ``value_a``, ``value_b``,
        ``difference`` (b - a) in ``unit``: the unit as written where both wrote the same, else the canonical one;
        ``role_a``/``role_b``, ``period_a``/``period_b`` (words), ``measure_a``/``measure_b`` (the indices in what was
        given), ``similarity`` (0.6 to 1: Dice's coefficient of the names' character pairs). Ranges, damaged amounts and
        mentions have no row, and a growth (同比增长5%) never meets a level.

    Raises:
        TypeError: where ``a`` or ``b`` holds something else than measures.
    """
    import pandas as pd

    left, right = _candidates(a), _candidates(b)
    pairs = []
    for i, one in left:
        for j, other in right:
            if one.canonical_unit != other.canonical_unit or one.change != other.change:
                continue
            alike = _likeness(one, other)
            if alike >= _ALIKE:
                # A target against a statistic is what a comparison is for; then the order of the texts decides.
                pairs.append((-alike, one.kind == other.kind, abs(i - j), i, j))
    taken: dict[int, tuple[int, float]] = {}
    used = set()
    for negative, _, _, i, j in sorted(pairs):
        if i not in taken and j not in used:
            taken[i] = (j, -negative)
            used.add(j)
    of_a, of_b = dict(left), dict(right)
    rows = [_row(i, of_a[i], j, of_b[j], alike) for i, (j, alike) in sorted(taken.items())]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _candidates(given: Document | Iterable[Measure]) -> list[tuple[int, Measure]]:
    measures = list(given.measures) if isinstance(given, Document) else list(given)
    for measure in measures:
        if not isinstance(measure, Measure):
            raise TypeError(f"match_indicators() takes documents or measures, not {type(measure).__name__}")
    return [
        (i, m)
        for i, m in enumerate(measures)
        if m.value is not None and m.kind != "mention" and m.indicator is not None
    ]


def _likeness(one: Measure, other: Measure) -> float:
    """Dice's coefficient of the names' character pairs (Dice 1945); names with different heads are not alike."""
    a, b = (m.indicator_norm or normal_name(m.indicator or "") for m in (one, other))
    if not a or not b:
        return 0.0
    if a == b:
        return 1.0
    if a[-2:] != b[-2:]:
        return 0.0
    first = {a[i : i + 2] for i in range(len(a) - 1)}
    second = {b[i : i + 2] for i in range(len(b) - 1)}
    return 2 * len(first & second) / (len(first) + len(second)) if first and second else 0.0


def _row(i: int, one: Measure, j: int, other: Measure, alike: float) -> tuple[object, ...]:
    same = one.unit == other.unit
    low = one.value if same else one.canonical_value
    high = other.value if same else other.canonical_value
    difference = None if low is None or high is None else round(high - low, 9)
    return (
        one.indicator,
        low,
        high,
        difference,
        one.unit if same else one.canonical_unit,
        one.kind,
        other.kind,
        one.period.text if one.period else None,
        other.period.text if other.period else None,
        i,
        j,
        alike,
    )
