"""Units (单位): the longest surface of the table that stands at a place, with per-unit and bracketed forms."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from planparse.rules.ruleset import Ruleset


class Unit(NamedTuple):
    """One line of ``units.tsv``. ``arabic`` units need Arabic digits, or a numeral from 十一 on, to be believed.

    ``guard`` is what must not follow: 12项 is an amount, the 项 of 117项目 is not.
    """

    surface: str
    group: str
    arabic: bool
    rule: str
    guard: re.Pattern[str] | None
    canonical: str
    factor: Fraction


class Found(NamedTuple):
    """A unit in the text: it ends at ``end``; ``unit`` is the line of its first part."""

    end: int
    unit: Unit


# 升/百公里, 张/千人.
_TIMES = re.compile("[十百千万]{1,2}(?![十百千万瓦克米])")


def _guard(pattern: str) -> re.Pattern[str] | None:
    return re.compile(pattern) if pattern else None


class Units:
    """The table, by first character, the longest surface first."""

    def __init__(self, rules: Ruleset) -> None:
        self.forms: dict[str, Unit] = {}
        self.by_first: dict[str, tuple[Unit, ...]] = {}
        found: dict[str, list[Unit]] = {}
        for rule in rules.table("units"):
            unit = Unit(
                rule["surface"],
                rule["group"],
                rule["numeral"] == "arabic",
                rule.id,
                _guard(rule["guard"]),
                rule["canonical"],
                Fraction(rule["factor"]),
            )
            self.forms[unit.surface] = unit
            found.setdefault(unit.surface[0], []).append(unit)
        for first, units in found.items():
            self.by_first[first] = tuple(sorted(units, key=lambda unit: -len(unit.surface)))

    def canonical(self, written: str) -> tuple[str, Fraction]:
        """The unit that a written one is compared in, and what one of it is there: 亩 gives 平方米 and 2000/3.

        元/公斤 is taken apart where the table has no line for it; what the table does not know stays itself.
        """
        unit = self.forms.get(written)
        if unit is not None:
            return unit.canonical, unit.factor
        above, bar, below = written.replace("／", "/").partition("/")
        if bar and above and below:
            (name, factor), (per, part) = self.canonical(above), self.canonical(below)
            return f"{name}/{per}", factor / part
        return written, Fraction(1)

    def at(self, folded: str, start: int) -> Found | None:
        """The unit that starts at ``start``: 元/公斤 and 万头(只、次) as a whole."""
        unit = self._one(folded, start)
        if unit is None:
            if folded[start : start + 1] in ("(", "（") and (bracket := self._further(folded, start)) is not None:
                first = self._one(folded, start + 1)
                return Found(bracket, first) if first is not None and bracket > start + 4 else None
            return None
        end = start + len(unit.surface)
        for _ in range(3):
            following = folded[end : end + 1]
            if not following or following not in "/／·每(（":
                break
            further = self._further(folded, end)
            if further is None:
                break
            end = further
        return Found(end, unit)

    def _one(self, folded: str, start: int) -> Unit | None:
        for unit in self.by_first.get(folded[start : start + 1], ()):
            if folded.startswith(unit.surface, start):
                end = start + len(unit.surface)
                if unit.guard is not None and unit.guard.match(folded, end):
                    continue
                # km, t: a unit in letters ends where the letters end.
                if unit.surface[-1].isascii() and unit.surface[-1].isalpha():
                    following = folded[end : end + 1]
                    if following.isascii() and following.isalnum():
                        continue
                return unit
        return None

    def _further(self, folded: str, at: int) -> int | None:
        """The end of ``/公斤``, ``每人`` (only behind 元: 元每人) or ``(只、次)`` at ``at``, or None."""
        mark = folded[at]
        if mark in "/／·":
            start = _TIMES.match(folded, at + 1)
            below = start.end() if start is not None else at + 1
            unit = self._one(folded, below)
            return below + len(unit.surface) if unit else None
        if mark == "每":
            return None
        inside = at + 1
        for _ in range(4):
            unit = self._one(folded, inside)
            if unit is None:
                return None
            inside += len(unit.surface)
            mark = folded[inside : inside + 1]
            if mark and mark in ")）":
                return inside + 1
            if not mark or mark not in "、,，/":
                return None
            inside += 1
        return None
