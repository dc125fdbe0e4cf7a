"""Groups of near copies (重复组): components over near edges, gathered around a representative."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from planparse.dedupe.units import Unit

if TYPE_CHECKING:
    import pandas as pd

GROUP_COLUMNS = ["group", "member", "representative", "reason"]
# Anonymised parts (xx, ××, __, **): the copy with the fewest of them tells most.
_MASK = re.compile(r"[xX×]{2,}|_{2,}|\*{2,}|某某|〇〇")


def group_table(found: Sequence[Unit], edges: Sequence[tuple[int, int]]) -> pd.DataFrame:
    """One row for each member of each group of at least two, groups numbered from 0 in input order.

    The representative is the longest of a group, of equally long ones the least masked, of those the earliest. A
    containment never joins groups.
    """
    import pandas as pd

    rows: list[tuple[int, str, str, str]] = []
    for number, group in enumerate(components(edges, len(found))):
        best = min(group, key=lambda i: (-found[i].size, _masks(found[i]), i))
        reason = _reason(found, group, best)
        rows += [(number, found[i].id, found[best].id, reason) for i in group]
    return pd.DataFrame(rows, columns=GROUP_COLUMNS).astype({"group": "int64"})


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


def _masks(unit: Unit) -> int:
    return len(_MASK.findall(unit.text))


def _reason(found: Sequence[Unit], group: Sequence[int], best: int) -> str:
    if sum(found[i].size == found[best].size for i in group) == 1:
        return "longest"
    longest = [i for i in group if found[i].size == found[best].size]
    if sum(_masks(found[i]) == _masks(found[best]) for i in longest) == 1:
        return "longest, least masked"
    return "longest, least masked, earliest"
