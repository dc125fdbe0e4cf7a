"""Destroyed amounts (残缺数值): X万元, ____%, 达到.%. The unit is kept, the value is None."""

from __future__ import annotations

import re
from collections.abc import Iterator

from planparse.measures.scan import Amount
from planparse.measures.units import Units

_START = re.compile(r"[xX×＊*_＿\[.．]")
_MASK = re.compile(r"(?:\[[A-Za-z…]{1,4}\]|[xX×]{1,4}|[＊*]{1,6}|[_＿]{1,12}|[.．](?=[%％‰]))\ ?([十百千万亿]{0,2})")
# A mask before one of these is an amount; xx人, xx个 are as often masked names.
_SURE = frozenset({"rate", "money", "area", "mass", "volume", "energy"})


def masked(folded: str, units: Units) -> Iterator[Amount]:
    """The destroyed amounts of a folded text, from left to right."""
    done = 0
    for start in _START.finditer(folded):
        at = start.start()
        if at < done:
            continue
        match = _MASK.match(folded, at)
        if match is None:
            done = at + 1
            continue
        done = match.end()
        before = folded[at - 1 : at]
        if before.isascii() and before.isalnum():
            continue
        unit = units.at(folded, match.end())
        if (
            unit is None
            or (unit.unit.group not in _SURE and not match[1])
            or unit.unit.surface in ("成", "个", "倍", "度")
        ):
            continue
        done = unit.end
        yield Amount(
            at, unit.end, None, None, match.end(), unit.end, folded[match.end() : unit.end], unit.unit, damaged=True
        )
