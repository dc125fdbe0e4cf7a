"""Which units have a print (倒排表): sorted arrays in an index file, many small writes and few large ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

    import numpy as np
    from numpy.typing import NDArray

# A print is its place in a bucket and 32 bits more: few enough buckets to write, few enough prints in one to read.
_BUCKET_BITS = 13
_KEY_BITS = 32
# Sampled hashes are small numbers; an odd factor spreads them over the buckets, one to one.
_SPREAD = 0x9E3779B97F4A7C15


class Postings:
    """Prints (64 bits) and the numbers of the units that have them (below 2^32), in the table ``postings``.

    A bucket holds a few sorted arrays, each at least twice as long as the next (a log-structured merge, O'Neil et al.
    1996): adding n entries one after another writes each of them log n times. A print is kept to 45 bits, so that one
    in some thousands of millions is taken for another; what is found is compared exactly anyway.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, prints: NDArray[np.uint64], owners: NDArray[np.int64]) -> None:
        """Take in the prints of new units."""
        import numpy as np

        if not len(prints):
            return
        buckets, keys = _split(prints)
        order = np.lexsort((owners, keys, buckets))
        entries = (keys[order] << np.uint64(_KEY_BITS)) | owners[order].astype(np.uint64)
        buckets = buckets[order]
        starts = np.flatnonzero(np.r_[True, buckets[1:] != buckets[:-1]])
        gone = self._removed()
        for bucket, part in zip(buckets[starts].tolist(), np.split(entries, starts[1:]), strict=True):
            self._insert(bucket, part, gone)

    def _removed(self) -> NDArray[np.int64]:
        import numpy as np

        return np.array([n for (n,) in self._db.execute("SELECT n FROM removed")], dtype=np.int64)

    def _insert(self, bucket: int, entries: NDArray[np.uint64], gone: NDArray[np.int64]) -> None:
        import numpy as np

        db = self._db
        parts = db.execute(
            "SELECT part, length(entries) FROM postings WHERE bucket = ? ORDER BY length(entries)", (bucket,)
        ).fetchall()
        merged = []
        size = entries.nbytes
        for part, length in parts:
            if length > 2 * size:
                break
            (data,) = db.execute("SELECT entries FROM postings WHERE part = ?", (part,)).fetchone()
            merged.append(np.frombuffer(data, dtype="<u8"))
            size += length
            db.execute("DELETE FROM postings WHERE part = ?", (part,))
        if merged:
            entries = np.sort(np.concatenate([entries, *merged]))
            if len(gone):
                entries = entries[~np.isin((entries & np.uint64(2**_KEY_BITS - 1)).astype(np.int64), gone)]
        if len(entries):
            db.execute(
                "INSERT INTO postings (bucket, entries) VALUES (?, ?)", (bucket, entries.astype("<u8").tobytes())
            )

    def owners(self, prints: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The units that have these prints: pairs of a place in ``prints`` and a unit's number, in no set order."""
        import numpy as np

        places = [np.empty(0, dtype=np.int64)]
        numbers = [np.empty(0, dtype=np.int64)]
        if not len(prints):
            return places[0], numbers[0]
        buckets, keys = _split(prints)
        order = np.argsort(buckets, kind="stable")
        ordered = buckets[order]
        starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        for bucket, wanted in zip(ordered[starts].tolist(), np.split(order, starts[1:]), strict=True):
            low = keys[wanted] << np.uint64(_KEY_BITS)
            for (data,) in self._db.execute("SELECT entries FROM postings WHERE bucket = ?", (bucket,)):
                entries = np.frombuffer(data, dtype="<u8")
                first = np.searchsorted(entries, low, "left")
                last = np.searchsorted(entries, low | np.uint64(2**_KEY_BITS - 1), "right")
                counts = last - first
                total = int(counts.sum())
                if total:
                    places.append(np.repeat(wanted, counts))
                    # The ranges one after another: each begins where the ones before it end.
                    shifts = np.repeat(first - (np.cumsum(counts) - counts), counts)
                    found = entries[shifts + np.arange(total)]
                    numbers.append((found & np.uint64(2**_KEY_BITS - 1)).astype(np.int64))
        place, number = np.concatenate(places), np.concatenate(numbers)
        gone = self._removed()
        if len(gone):
            kept = ~np.isin(number, gone)
            place, number = place[kept], number[kept]
        return place, number


def _split(prints: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """The bucket of each print, and its key there."""
    import numpy as np

    with np.errstate(over="ignore"):
        spread = prints * np.uint64(_SPREAD)
    rest = 64 - _BUCKET_BITS
    return spread >> np.uint64(rest), (spread >> np.uint64(rest - _KEY_BITS)) & np.uint64(2**_KEY_BITS - 1)
