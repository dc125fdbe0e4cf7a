"""A comparison for the terminal (终端视图): two columns that line up, Chinese characters two wide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from planparse.differences.shown import NAMES, SIGNS, Figure, Part, figures, lines
from planparse.views.widths import cut, one_line, pad, width, wrapped

if TYPE_CHECKING:
    from planparse.differences.compare import Comparison

_NARROWEST = 60
_ORDER = ("same", "moved", "reworded", "added", "removed")


def to_text(found: Comparison, width: int = 100, all: bool = False) -> str:
    """The comparison side by side; words that differ stand in ``⟦ ⟧``.

    Args:
        found: the comparison.
        width: columns of the terminal; taken as 60 where it is less.
        all: whether passages that are the same on both sides are shown.
    """
    return "\n".join(line.rstrip() for line in _text(found, max(width, _NARROWEST), all))


def _text(found: Comparison, columns: int, everything: bool) -> Iterator[str]:
    # A sign and a blank before each line, a rule between the columns.
    half = (columns - 5) // 2
    yield _side_by_side(" ", [cut(f"a: {one_line(found.a)}", half)], [cut(f"b: {one_line(found.b)}", half)], half)
    counts = found.counts()
    facts = [f"{kind} {NAMES[kind]} {counts[kind]:,}" for kind in _ORDER]
    yield cut("passages 句: " + " · ".join(facts), columns)
    yield "─" * columns
    for line in lines(found.rows, everything):
        if line.kind == "left_out":
            yield "  " + line.a[0].text
            continue
        sign = "§" if line.kind == "section" else SIGNS[line.kind]
        yield _side_by_side(sign, wrapped(_words(line.a), half), wrapped(_words(line.b), half), half)
    differing = list(figures(found.pairs))
    if differing:
        yield "─" * columns
        yield f"measures 数值: {len(differing):,} differ 不同"
        yield from _figures(differing, columns)


def _side_by_side(sign: str, left: Sequence[str], right: Sequence[str], half: int) -> str:
    return "\n".join(
        f"{sign if not i else ' '} {pad(a, half)} │ {b}".rstrip()
        for i, (a, b) in enumerate(zip_longest(left, right, fillvalue=""))
    )


def _words(parts: Sequence[Part]) -> str:
    return "".join(f"⟦{part.text}⟧" if part.changed else part.text for part in parts)


def _figures(differing: Sequence[Figure], columns: int) -> Iterator[str]:
    kinds = [f"{figure.change} {NAMES[figure.change]}" for figure in differing]
    kind = max(map(width, kinds))
    name = min(max(width(figure.indicator) for figure in differing), columns // 4)
    a = min(max(width(figure.a) for figure in differing), columns // 5)
    b = min(max(width(figure.b) for figure in differing), columns // 5)
    step = max(width(figure.difference) for figure in differing)
    for figure, what in zip(differing, kinds, strict=True):
        arrow = "→" if figure.a and figure.b else " "
        cells = (
            pad(what, kind),
            pad(cut(figure.indicator, name), name),
            pad(cut(figure.a, a), a, right=True) + f" {arrow} " + pad(cut(figure.b, b), b),
            pad(figure.difference, step, right=True),
            figure.role,
        )
        yield "  " + cut("  ".join(cells), columns - 2)
