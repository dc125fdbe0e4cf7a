"""The stored pieces that new ones may have to do with (相关的已入库单元), found by the engine's own prints.

What the corpus engine finds of a piece depends on few others: those it shares a print with, their near copies, and
those that have the same template text. These, compared by the engine together with the new ones, give what one run over
everything gives of the new ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from planparse.dedupe.bulk import Options
from planparse.dedupe.candidates import POPULAR, RARE, SMALL, SMALL_RUN, SUCCESSORS
from planparse.dedupe.corpus import Corpus, digests, stored
from planparse.dedupe.joins import least_samples
from planparse.dedupe.postings import Postings
from planparse.dedupe.prints import PiecePrints, piece_prints
from planparse.dedupe.shingles import K
from planparse.dedupe.stored import load, select

if TYPE_CHECKING:
    import sqlite3

    import numpy as np
    from numpy.typing import NDArray

# Prints of different kinds never meet: each kind turns its own bits over.
_LONG, _SAMPLES, _SHORT, _FIVES = 0, 0x5851F42D4C957F2D, 0x14057B7EF767814F, 0x2545F4914F6CDD1D
# Stored texts that are gone through together.
_TEXTS = 256


class _Entries(NamedTuple):
    """Prints (numbered) and the contents that have each, a unit for each content: by print, then by content.

    ``sizes`` says how many contents an entry's print has.
    """

    prints: NDArray[np.int64]
    units: NDArray[np.int64]
    sizes: NDArray[np.int64]


class Neighbours:
    """New pieces, numbered behind all stored ones, and the stored ones that they may have to do with.

    Args:
        db: the index, in a transaction.
        new: the new pieces.
        first: the number that the first of them has or would have.
        options: the index's thresholds.
    """

    def __init__(self, db: sqlite3.Connection, new: Corpus, first: int, options: Options) -> None:
        import numpy as np

        self._db = db
        self._postings = Postings(db)
        self._comparison = new.comparison
        self._options = options
        self._first = first
        self._prints = _prints_of(new, options.passage)
        self.sizes = np.diff(new.bounds)
        self.contents = digests(new).view(np.int64)
        tiny = [p.fives for p, size in zip(self._prints, self.sizes.tolist(), strict=True) if K <= size < SMALL_RUN]
        known = np.array([print for (print,) in db.execute("SELECT print FROM tiny")], dtype=np.int64).view(np.uint64)
        self._tiny = np.setdiff1d(np.concatenate([known[:0], *tiny]), known)
        self._fives = np.union1d(known, self._tiny)
        # No print is so short: the 5-grams of very short new pieces are looked for in the stored texts.
        self._scanned = self._scan() if len(self._tiny) else (known[:0], known[:0].astype(np.int64))

    def samples(self, place: int) -> NDArray[np.uint64]:
        """The samples of one of the new pieces."""
        return self._prints[place].samples

    def store(self) -> None:
        """Put the prints of the new pieces into the index."""
        import numpy as np

        scanned, owners = self._scanned
        values, numbers = [scanned ^ np.uint64(_FIVES)], [owners]
        for kind in (_LONG, _SAMPLES, _SHORT, _FIVES):
            found, own = self._of(kind)
            values.append(found ^ np.uint64(kind))
            numbers.append(own)
        self._postings.add(np.concatenate(values), np.concatenate(numbers))
        self._db.executemany("INSERT INTO tiny VALUES (?)", [(n,) for n in self._tiny.view(np.int64).tolist()])

    def found(self) -> tuple[list[int], NDArray[np.int64]]:
        """The stored pieces' numbers, sorted, and pairs of numbers, stored and new, that may be near or contained."""
        import numpy as np

        pairs = [self._sampled(), self._short(_SHORT, SMALL_RUN, SMALL), self._short(_FIVES, K, SMALL_RUN)]
        equal = [
            n
            for content in np.unique(self.contents[self.sizes > 0]).tolist()
            for (n,) in self._db.execute("SELECT n FROM units WHERE content = ?", (content,))
        ]
        owners = self._owners(_LONG)[1]
        both = np.concatenate([owners, *(pair.ravel() for pair in pairs)])
        some = grown(self._db, {*equal, *both[both < self._first].tolist()})
        some = grown(self._db, some | self._with_the_same_templates(sorted(some)))
        near = [
            (a, b)
            for n in sorted(some)
            for a, b in self._db.execute("SELECT a, b FROM near WHERE a = ?", (n,))
            if b in some
        ]
        return sorted(some), np.concatenate([*pairs, np.array(near, dtype=np.int64).reshape(-1, 2)])

    def _of(self, kind: int) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """The prints of this kind of all new pieces, and whose they are."""
        import numpy as np

        if kind == _FIVES:
            parts = [np.intersect1d(p.fives, self._fives, assume_unique=True) for p in self._prints]
        else:
            parts = [p[(_LONG, _SAMPLES, _SHORT).index(kind)] for p in self._prints]
        numbers = np.arange(len(parts), dtype=np.int64) + self._first
        return np.concatenate([np.empty(0, dtype=np.uint64), *parts]), np.repeat(numbers, [len(part) for part in parts])

    def _owners(self, kind: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Prints of the new pieces, numbered, and the units, stored and new, that have them."""
        import numpy as np

        values, owners = self._of(kind)
        distinct, which = np.unique(values, return_inverse=True)
        place, units = self._postings.owners(distinct ^ np.uint64(kind))
        if kind == _FIVES:
            scanned, others = self._scanned
            place = np.concatenate([place, np.searchsorted(distinct, scanned)])
            units = np.concatenate([units, others])
        return np.concatenate([place, which.ravel()]), np.concatenate([units, owners])

    def _entries(self, kind: int) -> tuple[_Entries, NDArray[np.int64], NDArray[np.int64]]:
        """The entries of prints of the new pieces; of each entry the size and the content of its unit."""
        import numpy as np

        prints, units = self._owners(kind)
        sizes, contents = self._known(units)
        # In the order of contents' numbers, which is that of their digests as unsigned numbers.
        order = np.lexsort((units, contents.view(np.uint64), prints))
        prints, units, sizes, contents = prints[order], units[order], sizes[order], contents[order]
        new = np.ones(len(prints), dtype=np.bool_)
        new[1:] = (np.diff(prints) != 0) | (contents[1:] != contents[:-1])
        prints, units, sizes, contents = prints[new], units[new], sizes[new], contents[new]
        many = np.bincount(prints)[prints] if len(prints) else prints
        return _Entries(prints, units, many), sizes, contents

    def _known(self, units: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The size and the content of each of these units, stored and new."""
        import numpy as np

        old = np.unique(units[units < self._first])
        rows = np.array(list(select(self._db, "size, content", old.tolist())), dtype=np.int64).reshape(-1, 2)
        at = np.where(units < self._first, np.searchsorted(old, units), len(old) + units - self._first)
        return np.concatenate([rows[:, 0], self.sizes])[at], np.concatenate([rows[:, 1], self.contents])[at]

    def _pairs(self, entries: _Entries, contents: NDArray[np.int64], of: NDArray[np.bool_]) -> NDArray[np.int64]:
        """The pairs of units, one of each a new content and one such as wanted, as often as they share a print.

        By the engine's rule: a print of up to ``RARE`` contents gives all pairs, of up to ``POPULAR`` each content with
        those just before it.
        """
        import numpy as np

        prints, units, many = entries
        new = np.isin(contents, self.contents)
        parts = [np.empty((0, 2), dtype=np.int64)]
        for step in range(1, min(RARE, int(many.max(initial=0)))):
            together = prints[step:] == prints[:-step]
            together &= (many[step:] <= RARE) | ((many[step:] <= POPULAR) & (step <= SUCCESSORS))
            together &= (of[step:] | of[:-step]) & (new[step:] | new[:-step])
            parts.append(np.stack([units[:-step][together], units[step:][together]], axis=1))
        return np.concatenate(parts)

    def _short(self, kind: int, least: int, most: int) -> NDArray[np.int64]:
        """The pairs, one of them small, that share a print that a unit of such a size has."""
        import numpy as np

        entries, sizes, contents = self._entries(kind)
        wanted = np.unique(entries.prints[(sizes >= least) & (sizes < most)])
        keep = np.isin(entries.prints, wanted)
        kept = _Entries(*(column[keep] for column in entries))
        return np.unique(self._pairs(kept, contents[keep], sizes[keep] < SMALL), axis=0)

    def _sampled(self) -> NDArray[np.int64]:
        """The pairs whose samples have as much in common as those of contents that are near or contained."""
        import numpy as np

        entries, _, contents = self._entries(_SAMPLES)
        pairs, seen = np.unique(
            self._pairs(entries, contents, np.ones(len(contents), dtype=np.bool_)), axis=0, return_counts=True
        )
        samples = {self._first + i: p.samples for i, p in enumerate(self._prints)}
        old = np.unique(pairs[pairs < self._first]).tolist()
        samples |= {n: np.frombuffer(data, dtype="<u8") for n, data in select(self._db, "n, samples", old)}
        both = np.array([[len(samples[n]) for n in pair] for pair in pairs.tolist()], dtype=np.int64).reshape(-1, 2)
        least = least_samples(both.min(axis=1), self._options.share)
        # Not seen were those that are in very many units: no more than a new unit has of them.
        popular = np.bincount(
            entries.units[(entries.sizes > RARE) & (entries.units >= self._first)] - self._first,
            minlength=len(self._prints),
        )
        unseen = [
            min(int(popular[n - self._first]) if n >= self._first else len(samples[n]) for n in pair)
            for pair in pairs.tolist()
        ]
        maybe = np.flatnonzero(seen + np.array(unseen, dtype=np.int64) >= least)
        common = [len(np.intersect1d(samples[a], samples[b], assume_unique=True)) for a, b in pairs[maybe].tolist()]
        maybe = maybe[np.array(common, dtype=np.int64) >= np.maximum(least[maybe], 1)]
        # What is in very many contents is in no sample, as in the engine: a template alone makes no pair.
        rare = self._rare({n: samples[n] for n in np.unique(pairs[maybe]).tolist()})
        both = np.array([[rare[n] for n in pair] for pair in pairs[maybe].tolist()], dtype=np.int64).reshape(-1, 2)
        return pairs[maybe[seen[maybe] >= np.maximum(least_samples(both.min(axis=1), self._options.share), 1)]]

    def _rare(self, samples: Mapping[int, NDArray[np.uint64]]) -> dict[int, int]:
        """How many of the samples of each unit are in few contents."""
        import numpy as np

        values = np.unique(np.concatenate([self._tiny[:0], *samples.values()]))
        place, units = self._postings.owners(values ^ np.uint64(_SAMPLES))
        new, owners = self._of(_SAMPLES)
        mine = np.isin(new, values)
        place = np.concatenate([place, np.searchsorted(values, new[mine])])
        _, contents = self._known(np.concatenate([units, owners[mine]]))
        different = np.unique(np.stack([place, contents], axis=1), axis=0)
        few = np.bincount(different[:, 0], minlength=len(values)) <= RARE
        return {n: int(few[np.searchsorted(values, some)].sum()) for n, some in samples.items()}

    def _scan(self) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        import numpy as np

        values, owners = [self._tiny[:0]], [np.empty(0, dtype=np.int64)]
        numbers = [n for (n,) in self._db.execute("SELECT n FROM units ORDER BY n")]
        for at in range(0, len(numbers), _TEXTS):
            some = dict(load(self._db, numbers[at : at + _TEXTS]))
            corpus = stored(some.values(), self._comparison)
            for n, found in zip(some, _prints_of(corpus, self._options.passage), strict=True):
                common = np.intersect1d(found.fives, self._tiny, assume_unique=True)
                values.append(common)
                owners.append(np.full(len(common), n, dtype=np.int64))
        return np.concatenate(values), np.concatenate(owners)

    def _with_the_same_templates(self, numbers: Sequence[int]) -> set[int]:
        """The stored units that have a long print which many have, and these units too."""
        import numpy as np

        corpus = stored((piece for _, piece in load(self._db, numbers)), self._comparison)
        prints = np.unique(
            np.concatenate([self._tiny[:0], *(p.long for p in _prints_of(corpus, self._options.passage))])
        )
        place, units = self._postings.owners(prints ^ np.uint64(_LONG))
        many = np.bincount(place, minlength=len(prints))[place] > RARE
        return set(np.unique(units[many]).tolist())


def _prints_of(corpus: Corpus, passage: int) -> list[PiecePrints]:
    return [piece_prints(corpus.codes[start:end], passage) for start, end in pairwise(corpus.bounds.tolist())]


def grown(db: sqlite3.Connection, numbers: Iterable[int]) -> set[int]:
    """These stored units with all that hang together with them as near copies."""
    waiting = list(numbers)
    found = set(waiting)
    while waiting:
        n = waiting.pop()
        for (other,) in db.execute("SELECT b FROM near WHERE a = ? UNION SELECT a FROM near WHERE b = ?", (n, n)):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found
