"""What a comparison shows of itself (比对视图): the same rows in a terminal and in a notebook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from planparse.dedupe.align import changes
from planparse.differences.tables import Pair, Row, shown
from planparse.document import Section
from planparse.views.widths import one_line
from planparse.views.words import KINDS, number

SIGNS = {"same": " ", "moved": ">", "reworded": "~", "added": "+", "removed": "-"}
NAMES = {
    "same": "相同",
    "moved": "移动",
    "reworded": "改写",
    "added": "新增",
    "removed": "删除",
    "changed": "变化",
}
# A page that is one line can have a title of any length.
_LONGEST_HEADING = 80


class Part(NamedTuple):
    """Some words of a passage; ``changed`` where the other side has others."""

    text: str
    changed: bool


class Line(NamedTuple):
    """A row: a passage with its other side, the sections they stand under, or how many were left out.

    ``kind`` is a change, ``section`` or ``left_out``.
    """

    kind: str
    a: tuple[Part, ...] = ()
    b: tuple[Part, ...] = ()


def lines(rows: Sequence[Row], everything: bool) -> Iterator[Line]:
    """The rows with their words, under the sections they are in; without the same ones but for their number."""
    left_out = 0
    before: tuple[int | None, int | None] = (None, None)
    for row in rows:
        if row.change == "same" and not everything:
            left_out += 1
            continue
        if left_out:
            yield Line("left_out", (Part(f"… {left_out} same 相同", False),))
            left_out = 0
        one = row.a.section if row.a else None
        other = row.b.section if row.b else None
        at = (one.id if one else None, other.id if other else None)
        heads = _heading(one, row.a.start if row.a else 0), _heading(other, row.b.start if row.b else 0)
        if at != before and any(heads):
            yield Line("section", *((Part(head, False),) if head else () for head in heads))
        before = at
        yield _line(row)
    if left_out:
        yield Line("left_out", (Part(f"… {left_out} same 相同", False),))


def _heading(section: Section | None, start: int) -> str:
    """The heading of the section that a passage is in; of none where the passage opens the section itself."""
    if section is None or section.start >= start:
        return ""
    return one_line(f"{section.label}{section.title[:_LONGEST_HEADING]}")


def _line(row: Row) -> Line:
    a, b = row.a.text if row.a else "", row.b.text if row.b else ""
    if row.a is None or row.b is None or row.change != "reworded":
        return Line(row.change, *((Part(one_line(text), False),) if text else () for text in (a, b)))
    labels = one_line(a[: row.a.label]), one_line(b[: row.b.label])
    # On one line first: offsets are of what is shown.
    a, b = one_line(a[row.a.label :]), one_line(b[row.b.label :])
    found = changes(a, b)
    sides = (
        [Part(a[c.a_start : c.a_end], not c.equal) for c in found if c.a_end > c.a_start],
        [Part(b[c.b_start : c.b_end], not c.equal) for c in found if c.b_end > c.b_start],
    )
    return Line(row.change, *((Part(label, False), *side) for label, side in zip(labels, sides, strict=True)))


class Figure(NamedTuple):
    """A measure that differs: ``change``, what is measured, the amounts, the difference, the roles."""

    change: str
    indicator: str
    a: str
    b: str
    difference: str
    role: str


def figures(pairs: Sequence[Pair]) -> Iterator[Figure]:
    """The measures that are not the same on both sides."""
    for pair in pairs:
        if pair.change == "same":
            continue
        one, other = pair.a, pair.b
        name = next((m.indicator for m in (one, other) if m and m.indicator), "")
        difference = ""
        if one and other and one.unit == other.unit and one.value is not None and other.value is not None:
            step = round(other.value - one.value, 9)
            difference = f"{'+' if step > 0 else '−' if step < 0 else '±'}{number(abs(step))}"
        roles = dict.fromkeys(KINDS[m.kind] for m in (one, other) if m)
        yield Figure(
            pair.change,
            one_line(name),
            one_line(shown(one)) if one else "",
            one_line(shown(other)) if other else "",
            difference,
            " → ".join(roles),
        )
