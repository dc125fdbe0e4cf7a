"""What an alignment says of passages, sections and measures, as rows (比对表)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from planparse.dedupe.align import Match
from planparse.differences.sides import Passage, Side
from planparse.document import Measure, Section
from planparse.measures.compare import match_indicators
from planparse.views.words import amount, recurrence

# fmt: off
PASSAGES = [
    "change", "moved", "similarity", "text_a", "text_b", "section_a", "section_b",
    "start_a", "end_a", "start_b", "end_b",
]
SECTIONS = [
    "change", "section_a", "label_a", "title_a", "section_b", "label_b", "title_b",
    "same", "reworded", "moved", "added", "removed",
]
MEASURES = [
    "change", "indicator", "amount_a", "amount_b", "value_a", "value_b", "difference", "unit", "role_a", "role_b",
    "period_a", "period_b", "section_a", "section_b", "start_a", "end_a", "start_b", "end_b",
]
# fmt: on


class Row(NamedTuple):
    """A passage on either side, or on both; ``change`` is ``same``, ``moved``, ``reworded``, ``added``, ``removed``."""

    change: str
    a: Passage | None
    b: Passage | None
    similarity: float
    moved: bool = False


class Pair(NamedTuple):
    """A measure on either side, or on both; ``change`` is ``same``, ``changed``, ``added`` or ``removed``."""

    change: str
    a: Measure | None
    b: Measure | None


def rows(a: Side, b: Side, matches: Sequence[Match]) -> list[Row]:
    """All passages in the order of ``b``; what is only in ``a`` stands behind what it stood behind there."""
    other = {m.b: m for m in matches}
    gone_to = {m.a for m in matches}
    found: list[Row] = []
    at = 0

    def removed(until: int) -> Iterator[Row]:
        nonlocal at
        while at < until:
            if at not in gone_to:
                yield Row("removed", a.passages[at], None, 0.0)
            at += 1

    for j, passage in enumerate(b.passages):
        match = other.get(j)
        if match is None:
            found.append(Row("added", None, passage, 0.0))
            continue
        if not match.moved:
            found += removed(match.a)
        one = a.passages[match.a]
        change = "reworded" if one.key != passage.key else "moved" if match.moved else "same"
        found.append(Row(change, one, passage, match.similarity, match.moved))
    found += removed(len(a.passages))
    return found


def passage_row(row: Row) -> tuple[Any, ...]:
    """The cells of ``PASSAGES``."""
    one, other = row.a, row.b
    return (
        row.change,
        row.moved,
        row.similarity,
        *(p.text if p else None for p in (one, other)),
        *(p.section.id if p and p.section else None for p in (one, other)),
        *((one.start, one.end) if one else (None, None)),
        *((other.start, other.end) if other else (None, None)),
    )


def section_rows(a: Side, b: Side, found: Sequence[Row]) -> list[tuple[Any, ...]]:
    """The cells of ``SECTIONS``: each section with the one that most of its passages are in on the other side.

    Counted are a section's own passages, not those of its subsections. A section is ``same`` where nothing of its own
    changed, ``moved`` where nothing did but its place.
    """
    partner = _partners(found)
    counts: dict[tuple[str, int], Counter[str]] = {}
    for row in found:
        for name, passage in (("a", row.a), ("b", row.b)):
            if passage and passage.section:
                counts.setdefault((name, passage.section.id), Counter())[row.change] += 1
    back = {other: one for one, other in partner.items()}
    of_a = {s.id: s for s in a.sections}
    listed: list[tuple[Any, ...]] = []
    left = list(a.sections)
    for section in b.sections:
        one = of_a.get(back.get(section.id, -1))
        while left and one is not None and left[0].start <= one.start:
            gone = left.pop(0)
            if gone.id not in partner:
                listed.append(_section("removed", gone, None, counts))
        if one is None:
            listed.append(_section("added", None, section, counts))
        else:
            listed.append(_section("", one, section, counts))
    listed += [_section("removed", gone, None, counts) for gone in left if gone.id not in partner]
    return listed


def _section(
    change: str, one: Section | None, other: Section | None, counts: Mapping[tuple[str, int], Counter[str]]
) -> tuple[Any, ...]:
    mine = counts.get(("a", one.id), Counter()) if one else Counter()
    theirs = counts.get(("b", other.id), Counter()) if other else Counter()
    # What is in both is counted once, at the later side.
    total = Counter({kind: theirs[kind] if other else mine[kind] for kind in ("same", "reworded", "moved")})
    total["added"], total["removed"] = theirs["added"], mine["removed"]
    if not change:
        changed = total["reworded"] + total["added"] + total["removed"]
        change = "changed" if changed else "moved" if total["moved"] else "same"
    return (
        change,
        *((one.id, one.label, one.title) if one else (None, None, None)),
        *((other.id, other.label, other.title) if other else (None, None, None)),
        *(total[kind] for kind in ("same", "reworded", "moved", "added", "removed")),
    )


def _partners(found: Sequence[Row]) -> dict[int, int]:
    """Sections of ``a`` and ``b`` that choose each other by the letters of the passages that they share."""
    votes: Counter[tuple[int, int]] = Counter()
    for row in found:
        if row.a is None or row.b is None:
            continue
        weight = max(1, len(row.b.key))
        one, other = row.a.sections, row.b.sections
        if len(one) == len(other):
            votes.update({(s.id, t.id): weight for s, t in zip(one, other, strict=True)})
        elif one and other:
            votes[one[0].id, other[0].id] += weight
            votes[one[-1].id, other[-1].id] += weight
    best_a: dict[int, int] = {}
    best_b: dict[int, int] = {}
    for (i, j), _ in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0])):
        best_a.setdefault(i, j)
        best_b.setdefault(j, i)
    return {i: j for i, j in best_a.items() if best_b[j] == i}


def pairs(a: Side, b: Side, found: Sequence[Row]) -> list[Pair]:
    """All measures: by their places in passages that are one, the rest by what they measure.

    In reworded passages that list as many amounts in the same units, these are each other's; what is left is aligned
    by indicator and unit (:func:`planparse.match_indicators`).
    """
    partner: dict[Measure, Measure] = {}
    for row in found:
        if row.a and row.b:
            mine, theirs = row.a.measures, row.b.measures
            if [_unit(m) for m in mine] == [_unit(m) for m in theirs]:
                partner |= zip(mine, theirs, strict=True)
    taken = set(partner.values())
    left = [m for m in a.measures if m not in partner]
    right = [m for m in b.measures if m not in taken]
    if left and right:
        matched = match_indicators(left, right)
        for i, j in zip(matched["measure_a"].tolist(), matched["measure_b"].tolist(), strict=True):
            partner[left[i]] = right[j]
    back = {other: one for one, other in partner.items()}
    listed: list[Pair] = []
    gone = [m for m in a.measures if m not in partner]
    for measure in b.measures:
        one = back.get(measure)
        while gone and one is not None and gone[0].start < one.start:
            listed.append(Pair("removed", gone.pop(0), None))
        if one is None:
            listed.append(Pair("added", None, measure))
        else:
            listed.append(Pair("same" if _amount(one) == _amount(measure) else "changed", one, measure))
    return listed + [Pair("removed", m, None) for m in gone]


def measure_row(pair: Pair) -> tuple[Any, ...]:
    """The cells of ``MEASURES``; values are in ``unit``: as written where both wrote it, else the canonical one."""
    one, other = pair.a, pair.b
    either = other or one
    assert either is not None
    canonical = one is not None and other is not None and one.unit != other.unit
    values = [None if m is None else m.canonical_value if canonical else m.value for m in (one, other)]
    low, high = values
    return (
        pair.change,
        next((m.indicator for m in (one, other) if m and m.indicator), None),
        *(shown(m) if m else None for m in (one, other)),
        low,
        high,
        None if low is None or high is None else round(high - low, 9),
        either.canonical_unit if canonical else either.unit,
        *(m.kind if m else None for m in (one, other)),
        *(m.period.text if m and m.period else None for m in (one, other)),
        *(m.section if m else None for m in (one, other)),
        *((one.start, one.end) if one else (None, None)),
        *((other.start, other.end) if other else (None, None)),
    )


def shown(measure: Measure) -> str:
    """An amount for reading: ``≥ 90 %``, ``4 次 每年``."""
    return f"{amount(measure)} {recurrence(measure.every)}" if measure.every else amount(measure)


def _unit(measure: Measure) -> str:
    return measure.canonical_unit or measure.unit


def _amount(measure: Measure) -> tuple[object, ...]:
    """What makes an amount another one."""
    m = measure
    if m.canonical_value is not None and m.from_value is None:
        return (m.canonical_value, m.canonical_unit, m.comparator, m.approximate, m.change, m.every)
    return (m.value, m.min, m.max, m.unit, m.from_value, m.comparator, m.approximate, m.change, m.every)
