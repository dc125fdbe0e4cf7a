"""New units against those in an index (比对新文档): candidates from the postings, each compared exactly."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from planparse.dedupe.candidates import _DEVIATIONS, POPULAR, RARE, SMALL_RUN, SUCCESSORS
from planparse.dedupe.candidates import SMALL as SMALL_SIZE
from planparse.dedupe.engine import _MOST_COPIES, Related, _compare
from planparse.dedupe.postings import Postings
from planparse.dedupe.stored import PASSAGE, SAMPLE, SMALL, TINY, decoded, load, prints, select
from planparse.dedupe.units import Unit

if TYPE_CHECKING:
    import sqlite3

    import numpy as np
    from numpy.typing import NDArray

Prints = dict[str, "NDArray[np.uint64]"]
# A pair of numbers in one: the earlier unit's above, the later one's below.
_SHIFT = 32


class _Entries(NamedTuple):
    """Prints (numbered), a unit that has each, and in how many units the print is; sorted by print, then unit."""

    prints: NDArray[np.int64]
    units: NDArray[np.int64]
    sizes: NDArray[np.int64]


class Lookup:
    """New units, numbered behind all stored ones, and what they have to do with those and with each other.

    Args:
        db: the index, in a transaction.
        new: the new units.
        first: the number that the first of them has or would have.
        near, contains, passage: the index's.
    """

    def __init__(
        self, db: sqlite3.Connection, new: Sequence[Unit], first: int, near: float, contains: float, passage: int
    ) -> None:
        self._db = db
        self._new = {first + i: unit for i, unit in enumerate(new)}
        self._first = first
        self._thresholds = (near, contains, passage)
        self.prints: dict[int, Prints] = {n: prints(unit, passage) for n, unit in self._new.items()}

    def pairs(self) -> dict[tuple[int, int], Related | None]:
        """Every pair that was compared, by the numbers of its units; None where they are not related."""
        found: dict[tuple[int, int], Related | None] = {}
        self._compare(self._candidates(), found)
        # A plan that is there many times is met at a few of its copies; the rest are within its group.
        again = self._among_many_copies(found)
        self._compare(again, found)
        return found

    def _compare(self, pairs: Sequence[tuple[int, int]], found: dict[tuple[int, int], Related | None]) -> None:
        old = sorted({a for a, _ in pairs if a not in self._new})
        partners: dict[int, list[int]] = {}
        for a, b in pairs:
            partners.setdefault(a, []).append(b)
        for a, unit in self._units(old, partners):
            for b in partners[a]:
                found[a, b] = _compare([unit, self._new[b]], {}, 0, 1, *self._thresholds)

    def _units(self, old: Sequence[int], wanted: Mapping[int, object]) -> Iterator[tuple[int, Unit]]:
        yield from load(self._db, old)
        yield from ((n, unit) for n, unit in self._new.items() if n in wanted)

    def _candidates(self) -> list[tuple[int, int]]:
        import numpy as np

        parts = [self._pairs(self._entries(PASSAGE)), self._sampled(min(self._thresholds[:2]))]
        for kind, size in ((SMALL, SMALL_SIZE), (TINY, SMALL_RUN)):
            short = self._shorter(size)
            if len(short):
                parts.append(self._pairs(self._entries(kind), short))
        pairs = np.unique(np.concatenate(parts))
        return list(zip((pairs >> _SHIFT).tolist(), (pairs & (2**_SHIFT - 1)).tolist(), strict=True))

    def _shorter(self, size: int) -> NDArray[np.int64]:
        """The units, stored and new, with fewer characters than this."""
        import numpy as np

        stored = [n for (n,) in self._db.execute("SELECT n FROM units WHERE size < ? ORDER BY n", (size,))]
        return np.array(stored + [n for n, unit in self._new.items() if unit.size < size], dtype=np.int64)

    def _entries(self, kind: str) -> _Entries:
        """Which units, stored and new, have the new units' prints of this kind."""
        import numpy as np

        values = np.concatenate([np.empty(0, dtype=np.uint64), *(p[kind] for p in self.prints.values())])
        owners = np.repeat(np.array(list(self.prints), dtype=np.int64), [len(p[kind]) for p in self.prints.values()])
        distinct, which = np.unique(values, return_inverse=True)
        place, stored = Postings(self._db).owners(distinct)
        if kind == TINY and any(unit.size < SMALL_RUN for unit in self._new.values()):
            more_places, more = self._scanned(distinct)
            place, stored = np.concatenate([place, more_places]), np.concatenate([stored, more])
        entries = np.unique((np.concatenate([place, which]) << _SHIFT) | np.concatenate([stored, owners]))
        prints = entries >> _SHIFT
        sizes = np.bincount(prints, minlength=len(distinct))[prints]
        return _Entries(prints, entries & (2**_SHIFT - 1), sizes)

    def _pairs(self, entries: _Entries, of: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
        """The pairs with a new unit that share a print, each as often as they do; with ``of``, those of such a unit.

        By the engine's rule: a print of up to ``RARE`` units gives all pairs, of up to ``POPULAR`` each unit with
        those just before it.
        """
        import numpy as np

        prints, units, sizes = entries
        named = np.ones(len(units), dtype=bool) if of is None else np.isin(units, of)
        parts = [np.empty(0, dtype=np.int64)]
        for step in range(1, min(RARE, int(sizes.max(initial=0)))):
            together = (prints[step:] == prints[:-step]) & (units[step:] >= self._first)
            together &= (sizes[step:] <= RARE) | ((sizes[step:] <= POPULAR) & (step <= SUCCESSORS))
            together &= named[step:] | named[:-step]
            parts.append((units[:-step][together] << _SHIFT) | units[step:][together])
        return np.concatenate(parts)

    def _sampled(self, share: float) -> NDArray[np.int64]:
        """The pairs whose samples have as much in common as those of units that share so much do, but for chance."""
        import numpy as np

        entries = self._entries(SAMPLE)
        pairs, seen = np.unique(self._pairs(entries), return_counts=True)
        first, second = pairs >> _SHIFT, pairs & (2**_SHIFT - 1)
        old = np.unique(first[first < self._first]).tolist()
        samples = {n: p[SAMPLE] for n, p in self.prints.items()}
        samples |= {n: np.frombuffer(data, dtype="<u8") for n, data in select(self._db, "n, sketch", old)}
        sizes = {n: len(sample) for n, sample in samples.items()}
        smaller = np.minimum([sizes[n] for n in first.tolist()], [sizes[n] for n in second.tolist()])
        least = share * smaller - _DEVIATIONS * np.sqrt(share * (1 - share) * smaller)
        # Not seen were those that are in very many units: no more than the later unit has of them.
        popular = entries.units[(entries.sizes > RARE) & (entries.units >= self._first)] - self._first
        most = seen + np.bincount(popular, minlength=len(self._new))[second - self._first]
        kept = np.flatnonzero(most >= least)
        common = np.array(
            [
                len(np.intersect1d(samples[a], samples[b], assume_unique=True))
                for a, b in zip(first[kept].tolist(), second[kept].tolist(), strict=True)
            ],
            dtype=np.int64,
        )
        return pairs[kept[common >= least[kept]]]

    def _scanned(self, distinct: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Which stored units have a 5-gram of a new tiny one: all texts are gone through, no print is so short."""
        import numpy as np

        tiny = [n for n, unit in self._new.items() if unit.size < SMALL_RUN]
        wanted = np.unique(np.concatenate([self.prints[n][TINY] for n in tiny]))
        places, numbers = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
        for n, unit in load(self._db):
            common = np.intersect1d(prints(unit, self._thresholds[2])[TINY], wanted, assume_unique=True)
            if len(common):
                places.append(np.searchsorted(distinct, common))
                numbers.append(np.full(len(common), n, dtype=np.int64))
        return np.concatenate(places), np.concatenate(numbers)

    def _among_many_copies(self, found: Mapping[tuple[int, int], Related | None]) -> list[tuple[int, int]]:
        edges = [pair for pair, related in found.items() if is_near(related)]
        again: list[tuple[int, int]] = []
        for members in grown(self._db, edges):
            if RARE < len(members) <= _MOST_COPIES:
                new = [n for n in members if n >= self._first]
                again += [(a, b) for b in new for a in members if a < b and (a, b) not in found]
        return again


def is_near(related: Related | None) -> bool:
    """Whether a pair belongs to one group."""
    return related is not None and related[0]["relation"] in ("exact", "near")


def grown(db: sqlite3.Connection, edges: Sequence[tuple[int, int]]) -> list[list[int]]:
    """The groups that new near edges are in, with the stored units that hang together with them; each sorted."""
    neighbours: dict[int, set[int]] = {}
    for a, b in edges:
        neighbours.setdefault(a, set()).add(b)
        neighbours.setdefault(b, set()).add(a)
    seen: set[int] = set()
    groups = []
    for start in sorted(neighbours):
        if start in seen:
            continue
        waiting, members = [start], {start}
        while waiting:
            n = waiting.pop()
            stored = db.execute(
                "SELECT b FROM pairs WHERE a = ? AND near UNION SELECT a FROM pairs WHERE b = ? AND near", (n, n)
            )
            near = {m for (m,) in stored} | neighbours.get(n, set())
            waiting += near - members
            members |= near
        seen |= members
        groups.append(sorted(members))
    return groups


def dumped(related: Related | None) -> str | None:
    """A pair as it is stored: whether the earlier unit is ``a``, then the figures and the passages without ids."""
    if related is None:
        return None
    row, runs = related
    figures = {name: value for name, value in row.items() if name not in ("a", "b")}
    passages = [{name: value for name, value in run.items() if name not in ("a", "b")} for run in runs]
    return json.dumps([row["a"], figures, passages])


def loaded(text: str | None, a: str, b: str) -> Related | None:
    """A stored pair of the units of these ids."""
    if text is None:
        return None
    first, figures, passages = json.loads(text)
    ends: dict[str, Any] = {"a": a, "b": b} if first == a else {"a": b, "b": a}
    return ends | figures, [ends | passage for passage in passages]


def ids(db: sqlite3.Connection, numbers: Sequence[int] | None = None) -> dict[int, str]:
    """The ids of the stored units of these numbers, or of all."""
    if numbers is None:
        return {n: decoded(id) for n, id in db.execute("SELECT n, id FROM units ORDER BY n")}
    return {n: decoded(id) for n, id in select(db, "n, id", sorted(numbers))}
