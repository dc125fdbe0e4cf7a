"""Keys to candidate pairs (候选对): one sort for each partition, and pairs of the owners of equal prints."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from planparse.dedupe.candidates import DEVIATIONS, POPULAR, RARE, SAMPLE_GRAM, SUCCESSORS
from planparse.dedupe.prints import Keys
from planparse.dedupe.shingles import K

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


_BLOCK = 2**20
# Into so many ranges of owners pairs are divided that wait in files.
_RANGES = 16


class Postings(NamedTuple):
    """Owners in the order of their prints, where each print's owners start, and how many they are: two or more.

    ``hashes`` are the prints, the same for all owners of one, without the low bits.
    """

    owners: NDArray[np.int64]
    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    hashes: NDArray[np.uint64]


def postings(keys: NDArray[np.uint64], bits: int) -> Postings:
    """The owners of each print that has at least two, of different keys in order."""
    import numpy as np

    if len(keys) < 2:
        nothing = np.empty(0, dtype=np.int64)
        return Postings(nothing, nothing, nothing, keys[:0])
    same = ((keys[1:] ^ keys[:-1]) >> np.uint64(bits)) == 0
    # Most prints are of one content alone: those that are not are a fraction.
    shared = np.zeros(len(keys), dtype=np.bool_)
    shared[1:] = same
    starting = ~shared
    shared[:-1] |= same
    starts = np.flatnonzero(starting[shared])
    keys = keys[shared]
    owners = (keys & np.uint64(2**bits - 1)).astype(np.int64)
    return Postings(owners, starts, np.diff(np.append(starts, len(owners))), keys >> np.uint64(bits))


def pairs_of_all(found: Postings, total: int, most: int = RARE) -> NDArray[np.int64]:
    """All pairs of the owners of each print that has at most so many, as ``i * total + j``, as often as they share."""
    import numpy as np

    parts = [np.empty(0, dtype=np.int64)]
    for size in np.unique(found.sizes[found.sizes <= most]).tolist():
        group = found.owners[found.starts[found.sizes == size][:, None] + np.arange(size)]
        first, second = np.triu_indices(size, 1)
        parts.append((group[:, first] * total + group[:, second]).ravel())
    return np.concatenate(parts)


def pairs_of_next(found: Postings, total: int) -> NDArray[np.int64]:
    """Of each print that many have, but not too many, each owner with a few of those behind it."""
    import numpy as np

    parts = [np.empty(0, dtype=np.int64)]
    popular = (found.sizes > RARE) & (found.sizes <= POPULAR)
    sizes = found.sizes[popular]
    owners = found.owners[ranges(found.starts[popular], sizes)]
    number = np.repeat(np.arange(len(sizes)), sizes)
    for step in range(1, SUCCESSORS + 1):
        together = number[:-step] == number[step:]
        parts.append((owners[:-step] * total + owners[step:])[together])
    return np.concatenate(parts)


def ranges(starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers of all ranges ``[start, start + size)``, one after the other."""
    import numpy as np

    before = np.cumsum(sizes) - sizes
    result: NDArray[np.int64] = np.arange(int(sizes.sum())) + np.repeat(starts - before, sizes)
    return result


class Popular(NamedTuple):
    """Long prints that many contents have: each one's hash (its high bits), and their owners."""

    hashes: NDArray[np.uint64]
    owners: list[NDArray[np.int64]]

    def without(self, keys: NDArray[np.uint64], bits: int) -> Popular:
        """The prints without the owners of some keys, which are in order."""
        import numpy as np

        kept = []
        for high, owners in zip(self.hashes, self.owners, strict=True):
            mine = (high << np.uint64(bits)) | owners.astype(np.uint64)
            kept.append(owners[~among(mine, keys)])
        return Popular(self.hashes, kept)


def among(hashes: NDArray[np.uint64], wanted: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which hashes are among some that are in order."""
    import numpy as np

    if not len(wanted):
        return np.zeros(len(hashes), dtype=np.bool_)
    found: NDArray[np.bool_] = wanted[np.minimum(np.searchsorted(wanted, hashes), len(wanted) - 1)] == hashes
    return found


def popular_prints(keys: Keys, bits: int) -> Popular:
    """The long prints that more than ``RARE`` contents have."""
    import numpy as np

    hashes = [np.empty(0, dtype=np.uint64)]
    owners: list[NDArray[np.int64]] = []
    for load in keys.partitions():
        found = postings(load(), bits)
        many = found.sizes > RARE
        starts, sizes = found.starts[many], found.sizes[many]
        hashes.append(found.hashes[starts])
        owners += [found.owners[start : start + size] for start, size in zip(starts, sizes, strict=True)]
    return Popular(np.concatenate(hashes), owners)


def by_passages(keys: Keys, bits: int, total: int, without: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The pairs that share a long print which is rare, not counting some keys, which are in order."""
    import numpy as np

    pairs = [np.empty(0, dtype=np.int64)]
    for load in keys.partitions():
        some = load()
        if len(without) and len(some):
            at = np.searchsorted(some, without)
            known = at < len(some)
            known[known] = some[at[known]] == without[known]
            some = np.delete(some, at[known])
        pairs.append(np.unique(pairs_of_all(postings(some, bits), total)))
    return np.unique(np.concatenate(pairs))


def by_short(keys: Keys, bits: int, total: int, small: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The pairs, one of them small, that share a short print."""
    import numpy as np

    parts = [np.empty(0, dtype=np.int64)]
    for load in keys.partitions():
        found = postings(load(), bits)
        pairs = np.concatenate([pairs_of_all(found, total), pairs_of_next(found, total)])
        parts.append(np.unique(pairs[small[pairs // total] | small[pairs % total]]))
    return np.unique(np.concatenate(parts))


def by_samples(keys: Keys, bits: int, total: int, share: float, folder: Path | None = None) -> NDArray[np.int64]:
    """The pairs that share as many samples as contents do of which one has ``share`` of its 5-grams in the other.

    Most pairs share a sample by chance. With a ``folder`` they wait there, and are counted a range of owners at a time.
    """
    import numpy as np

    rare = np.zeros(total, dtype=np.int64)
    new = np.empty(0, dtype=np.int64)
    files = [(folder / f"pairs-{i}").open("wb") for i in range(_RANGES)] if folder else []
    for load in keys.partitions():
        keys_here = load()
        rare += np.bincount((keys_here & np.uint64(2**bits - 1)).astype(np.int64), minlength=total)
        found = postings(keys_here, bits)
        # What is too popular to give pairs is in no sample of either.
        rare -= np.bincount(found.owners[np.repeat(found.sizes > RARE, found.sizes)], minlength=total)
        new = np.concatenate([pairs_of_all(found, total), pairs_of_next(found, total)])
        del keys_here, found
        new.sort()
        if files:
            cuts = np.searchsorted(new, [i * total // _RANGES * total for i in range(1, _RANGES)])
            for file, some in zip(files, np.split(new, cuts), strict=True):
                file.write(some.tobytes())
    if not files:
        # Without a folder all keys are one partition.
        return _enough(*_counted(new), rare, total, share)
    del new
    parts = []
    for file in files:
        file.close()
        some = np.fromfile(file.name, dtype=np.int64)
        Path(file.name).unlink()
        some.sort()
        parts.append(_enough(*_counted(some), rare, total, share))
    return np.concatenate(parts)


def _enough(
    pairs: NDArray[np.int64], times: NDArray[np.int64], rare: NDArray[np.int64], total: int, share: float
) -> NDArray[np.int64]:
    """The pairs that share enough samples, block by block: what is asked of them takes several times their room."""
    import numpy as np

    parts = [pairs[:0]]
    for at in range(0, len(pairs), _BLOCK):
        some = pairs[at : at + _BLOCK]
        least = least_samples(np.minimum(rare[some // total], rare[some % total]), share)
        parts.append(some[times[at : at + _BLOCK] >= np.maximum(least, 1)])
    return np.concatenate(parts)


def least_samples(smaller: NDArray[np.int64], share: float) -> NDArray[np.float64]:
    """How many samples two contents have in common at least, given those of the one that has fewer.

    Where single characters are changed, a change takes ``K`` of the 5-grams and ``SAMPLE_GRAM`` of the sampled ones; a
    share of them some standard deviations below that is enough.
    """
    import numpy as np

    sampled = max(0.0, 1 - (1 - share) * SAMPLE_GRAM / K)
    least: NDArray[np.float64] = sampled * smaller - DEVIATIONS * np.sqrt(
        sampled * (1 - sampled) * np.maximum(smaller, 1)
    )
    return least


def _counted(ordered: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    import numpy as np

    starts = np.flatnonzero(
        np.concatenate([np.ones(min(1, len(ordered)), dtype=np.bool_), ordered[1:] != ordered[:-1]])
    )
    return ordered[starts], np.diff(np.append(starts, len(ordered)))


def different(popular: list[NDArray[np.int64]]) -> Iterator[NDArray[np.int64]]:
    """The different lists of owners, each once, in a fixed order."""
    for _, owners in sorted({owners.tobytes(): owners for owners in popular}.items()):
        yield owners
