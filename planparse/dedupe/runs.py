"""Shared passages of many pairs at a time (批量求相同段落): the same runs as ``passages.shared_passages``."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planparse.dedupe.joins import ranges
from planparse.dedupe.passages import Passage, shared_passages, without_inner
from planparse.dedupe.prints import window_minima
from planparse.dedupe.shingles import K, shingle_hashes
from planparse.dedupe.verify import Batch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Texts that meet themselves everywhere are left to the method that stops at a number of diagonals.
_MOST_MEETINGS = 4096
_STEP = 32


class Runs(NamedTuple):
    """Runs of ``length`` equal characters, at ``a`` in a pair's first content and ``b`` in its second."""

    pair: NDArray[np.int64]
    a: NDArray[np.int64]
    b: NDArray[np.int64]
    length: NDArray[np.int64]


def shared_runs(batch: Batch, minimum: int) -> Runs:
    """The maximal equal runs of at least ``minimum`` characters of each pair, none inside another on either side, in
    the order of the pairs and then of the places in the first content."""
    import numpy as np

    window = minimum - K + 1
    pair, at_a, at_b, excessive = _meetings(batch, window)
    runs = _maximal(batch, *_stretches(pair, at_a, at_b, window), minimum)
    parts = [runs, *(_slowly(batch, number, minimum) for number in excessive.tolist())]
    joined = Runs(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    order = np.lexsort((joined.b, joined.a, joined.pair))
    return _without_inner(Runs(*(column[order] for column in joined)))


def _selected(batch: Batch, window: int) -> tuple[NDArray[np.int64], NDArray[np.uint64], NDArray[np.int64]]:
    """The places of winnowed 5-grams in the batch's characters, their hashes, and how many each content has.

    Places stand in the low bits of the hashes, so that of several equal ones the leftmost is the least.
    """
    import numpy as np

    hashes = batch.hashes
    contents = len(batch.bounds) - 1
    if len(hashes) < window:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.uint64), np.zeros(contents, dtype=np.int64)
    low = np.uint64(2 ** max(1, len(hashes).bit_length()) - 1)
    hashes = hashes & ~low
    hashes |= np.arange(len(hashes), dtype=np.uint64)
    least = window_minima(hashes, window)
    changes = np.ones(len(least), dtype=np.bool_)
    np.not_equal(least[1:], least[:-1], out=changes[1:])
    # Windows that reach into the next content are none; the first of a content always counts.
    run = window + K - 1
    starts, ends = batch.bounds[:-1], batch.bounds[1:]
    changes[starts[starts < len(least)]] = True
    begins = np.flatnonzero(changes)
    owner = np.searchsorted(ends, begins, "right")
    inside = begins + run <= ends[owner]
    found = least[begins[inside]]
    places = (found & low).astype(np.int64)
    return places, found & ~low, np.bincount(owner[inside], minlength=contents)


def _meetings(
    batch: Batch, window: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Where selected grams of both sides of a pair are equal; and the pairs that have too many of these."""
    import numpy as np

    places, hashes, counts = _selected(batch, window)
    starts = np.cumsum(counts) - counts
    pairs = np.arange(len(batch.first), dtype=np.uint64) << np.uint64(56)
    hashes = hashes >> np.uint64(8)
    sides = []
    for side in (batch.first, batch.second):
        sizes = counts[side]
        take = ranges(starts[side], sizes)
        sides.append((np.repeat(pairs, sizes) | hashes[take], places[take] - np.repeat(batch.bounds[side], sizes)))
    (a_keys, a_places), (b_keys, b_places) = sides
    order = np.argsort(b_keys, kind="stable")
    b_keys, b_places = b_keys[order], b_places[order]
    low = np.searchsorted(b_keys, a_keys, "left")
    times = np.searchsorted(b_keys, a_keys, "right") - low
    number = (a_keys >> np.uint64(56)).astype(np.int64)
    total = np.bincount(number, times, minlength=len(batch.first))
    excessive = np.flatnonzero(total > _MOST_MEETINGS)
    times[np.isin(number, excessive)] = 0
    return np.repeat(number, times), np.repeat(a_places, times), b_places[ranges(low, times)], excessive


def _stretches(
    pair: NDArray[np.int64], a: NDArray[np.int64], b: NDArray[np.int64], window: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Pair, places in both, and length of the stretches that are covered by meetings on one diagonal."""
    import numpy as np

    order = np.lexsort((a, a - b, pair))
    pair, a, b = pair[order], a[order], b[order]
    # In an equal run the selected grams are never further apart than a window.
    near = (np.diff(pair) == 0) & (np.diff(a - b) == 0) & (np.diff(a) <= window)
    starts = np.flatnonzero(np.concatenate([np.ones(min(1, len(a)), dtype=np.bool_), ~near]))
    ends = np.append(starts[1:], len(a)) - 1 if len(a) else starts
    return pair[starts], a[starts], b[starts], a[ends] + K - a[starts]


def _maximal(
    batch: Batch,
    pair: NDArray[np.int64],
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    length: NDArray[np.int64],
    minimum: int,
) -> Runs:
    """The maximal equal runs that lie in or touch the stretches, compared character for character."""
    import numpy as np

    codes = batch.codes
    at_a, at_b = batch.bounds[batch.first[pair]] + a, batch.bounds[batch.second[pair]] + b
    equal = codes[ranges(at_a, length)] == codes[ranges(at_b, length)]
    if not equal.all():
        # A stretch may hold a difference between two grams: it is as many runs as are between the differences.
        of = np.repeat(np.arange(len(pair)), length)
        within = ranges(np.zeros_like(length), length)
        fresh = equal.copy()
        fresh[1:] &= ~(equal[:-1] & (of[1:] == of[:-1]))
        begin = np.flatnonzero(fresh)
        number = np.cumsum(fresh) - 1
        length = np.bincount(number[equal], minlength=len(begin))
        pair, at_a, at_b = pair[of[begin]], at_a[of[begin]] + within[begin], at_b[of[begin]] + within[begin]
    back = np.minimum(at_a - batch.bounds[batch.first[pair]], at_b - batch.bounds[batch.second[pair]])
    left = _extension(codes, at_a - 1, at_b - 1, back, -1)
    at_a, at_b, length = at_a - left, at_b - left, length + left
    ahead = np.minimum(
        batch.bounds[1:][batch.first[pair]] - at_a - length, batch.bounds[1:][batch.second[pair]] - at_b - length
    )
    length = length + _extension(codes, at_a + length, at_b + length, ahead, 1)
    found = np.stack(
        [pair, at_a - batch.bounds[batch.first[pair]], at_b - batch.bounds[batch.second[pair]], length], axis=1
    )[length >= minimum]
    return Runs(*np.unique(found, axis=0).T)


def _extension(
    codes: NDArray[np.unsignedinteger],
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    room: NDArray[np.int64],
    way: int,
) -> NDArray[np.int64]:
    """How many more characters are equal from the places on, one way or the other, a few at a time."""
    import numpy as np

    total = np.zeros(len(a), dtype=np.int64)
    active = np.flatnonzero(room > 0)
    step = np.arange(_STEP)
    last = len(codes) - 1
    while len(active):
        done = total[active]
        left = room[active] - done
        offset = way * (done[:, None] + step)
        one = codes[np.clip(a[active][:, None] + offset, 0, last)]
        other = codes[np.clip(b[active][:, None] + offset, 0, last)]
        differs = (one != other) | (step >= left[:, None])
        more = np.where(differs.any(axis=1), differs.argmax(axis=1), _STEP)
        total[active] += more
        active = active[more == _STEP]
    return total


def _slowly(batch: Batch, number: int, minimum: int) -> Runs:
    import numpy as np

    a, b = (
        batch.codes[batch.bounds[side[number]] : batch.bounds[side[number] + 1]] for side in (batch.first, batch.second)
    )
    found = shared_passages(a, b, shingle_hashes(a), shingle_hashes(b), minimum)
    columns = np.array([(number, run.a, run.b, run.length) for run in found], dtype=np.int64).reshape(-1, 4).T
    return Runs(*columns)


def _without_inner(runs: Runs) -> Runs:
    """Runs without those inside another of their pair on either side."""
    import numpy as np

    if len(runs.pair) < 2:
        return runs
    doubtful = _overlapped(runs.pair, runs.a, runs.length) | _overlapped(runs.pair, runs.b, runs.length)
    keep = ~np.isin(runs.pair, np.unique(runs.pair[doubtful]))
    for pair in np.unique(runs.pair[doubtful]).tolist():
        at = np.flatnonzero(runs.pair == pair)
        of = {Passage(int(runs.a[i]), int(runs.b[i]), int(runs.length[i])): i for i in at.tolist()}
        keep[[of[run] for run in without_inner(list(of))]] = True
    return Runs(*(column[keep] for column in runs))


def _overlapped(pair: NDArray[np.int64], start: NDArray[np.int64], length: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Runs that end no later than one that begins no later (or the other way round where they begin together)."""
    import numpy as np

    order = np.lexsort((-length, start, pair))
    ends = (pair << 32)[order] + (start + length)[order]
    furthest = np.maximum.accumulate(ends)
    inside = np.zeros(len(pair), dtype=np.bool_)
    inside[order[1:]] = ends[1:] <= furthest[:-1]
    return inside
