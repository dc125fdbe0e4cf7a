"""Groups of near copies (重复组): components over near edges, gathered around a representative."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

GROUP_COLUMNS = ["group", "member", "representative", "reason"]
# Anonymised parts (xx, ××, __, **): the copy with the fewest of them tells most.
_SIGNS = ("x", "X", "×", "__", "**", "某某", "〇〇")
_MASK = re.compile(r"[xX×]{2,}|_{2,}|\*{2,}|某某|〇〇")


def gathered(
    groups: Iterable[Sequence[int]],
    id_of: Callable[[int], str],
    size_of: Callable[[int], int],
    masks_of: Callable[[int], int],
) -> pd.DataFrame:
    """One row for each member of each group of numbers, groups numbered from 0.

    The representative (代表) is the longest of a group, of equally long ones the least masked, of those the one of the
    first id.
    """
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


def masks(text: str) -> int:
    """How many parts of a text are masked."""
    return len(_MASK.findall(text)) if any(map(text.__contains__, _SIGNS)) else 0
