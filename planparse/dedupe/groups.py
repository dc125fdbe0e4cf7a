"""Groups of near copies (重复组): components over near edges, gathered around a representative."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from planparse.dedupe.units import Unit

if TYPE_CHECKING:
    import pandas as pd

GROUP_COLUMNS = ["group", "member", "representative", "reason"]
# Anonymised parts (xx, ××, __, **): the copy with the fewest of them tells most.
_SIGNS = ("x", "X", "×", "__", "**", "某某", "〇〇")
_MASK = re.compile(r"[xX×]{2,}|_{2,}|\*{2,}|某某|〇〇")


def group_table(found: Sequence[Unit], edges: Sequence[tuple[int, int]]) -> pd.DataFrame:
    """One row for each member of each group of at least two, groups numbered from 0 in input order.

    The representative is the longest of a group, of equally long ones the least masked, of those the one of the first
    id. A containment never joins groups.
    """
    return gathered(
        components(edges, len(found)),
        lambda i: found[i].id,
        lambda i: found[i].size,
        lambda i: masks(found[i].text),
    )


def gathered(
    groups: Iterable[Sequence[int]],
    id_of: Callable[[int], str],
    size_of: Callable[[int], int],
    masks_of: Callable[[int], int],
) -> pd.DataFrame:
    """The table of groups of numbers, each gathered around its representative (代表)."""
    import pandas as pd

    rows: list[tuple[int, str, str, str]] = []
    for number, group in enumerate(groups):
        longest = max(map(size_of, group))
        best = [i for i in group if size_of(i) == longest]
        reason = "longest"
        if len(best) > 1:
            least = min(map(masks_of, best))
            best = [i for i in best if masks_of(i) == least]
            reason = "longest, least masked" if len(best) == 1 else "longest, least masked, first id"
        representative = min((id_of(i) for i in best), key=standing)
        rows += [(number, id_of(i), representative, reason) for i in group]
    return pd.DataFrame(rows, columns=GROUP_COLUMNS).astype({"group": "int64"})


def standing(id: str) -> tuple[str, int, str]:
    """What ids are sorted by: a document's pieces by their number."""
    name, _, number = id.replace(":", "#").rpartition("#")
    return (name, int(number), id) if number.isdecimal() else (id, 0, id)


def components(edges: Sequence[tuple[int, int]], size: int) -> list[list[int]]:
    """The connected components with at least one edge, each sorted, in the order of their first members.

    Args:
        edges: pairs of numbers below ``size``.
        size: how many there are.
    """
    if not edges:
        return []
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    first, second = zip(*edges, strict=True)
    graph = coo_array(([1] * len(edges), (first, second)), shape=(size, size))
    _, labels = connected_components(graph, directed=False)
    members: dict[int, list[int]] = {}
    for i in sorted({*first, *second}):
        members.setdefault(int(labels[i]), []).append(i)
    return sorted(members.values())


def masks(text: str) -> int:
    """How many parts of a text are masked."""
    return len(_MASK.findall(text)) if any(map(text.__contains__, _SIGNS)) else 0


def _masks(unit: Unit) -> int:
    return masks(unit.text)
