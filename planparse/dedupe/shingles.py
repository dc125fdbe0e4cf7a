"""Character 5-grams (shingle, 字符五元组) as 64-bit hashes, and the samples of them that the index holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

K = 5
_MULTIPLIER = 0x9E3779B97F4A7C15
# FracMinHash keeps the hashes below 2^64 / SCALE (Irber et al. 2022).
SCALE = 16


def shingle_hashes(codes: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """One hash for each 5-gram, in order; of a text shorter than five characters one hash, of an empty text none."""
    return gram_hashes(codes, K)


def gram_hashes(codes: NDArray[np.uint32], gram: int) -> NDArray[np.uint64]:
    """One hash for each run of ``gram`` characters, in order; of a shorter text one hash, of an empty text none.

    A polynomial over the code points modulo 2^64, finished with splitmix64 (Steele, Lea, Flood 2014).
    """
    import numpy as np

    if len(codes) == 0:
        return np.empty(0, dtype=np.uint64)
    width = min(gram, len(codes))
    return finished(polynomials(codes, [width])[0], width)


def polynomials(codes: NDArray[np.unsignedinteger], grams: Sequence[int]) -> list[NDArray[np.uint64]]:
    """For each length the polynomials of all runs of that many characters, by doubling; none where the text is shorter.

    The polynomial of a run is that of its beginning, times a power, plus that of its rest.
    """
    import numpy as np

    # powers[n] holds runs of n characters, n a power of two.
    powers = {1: codes.astype(np.uint64)}
    width = 1
    while 2 * width <= max(grams):
        powers[2 * width] = _joined(powers[width], powers[width], width, width)
        width *= 2
    found = []
    for gram in grams:
        whole, length = powers[1][:0], 0
        for width in sorted(powers, reverse=True):
            if length + width <= gram:
                whole = _joined(whole, powers[width], length, width) if length else powers[width]
                length += width
        # What is in the table is used again; the caller may finish its own in place.
        found.append(whole.copy() if gram in powers else whole)
    return found


def _joined(a: NDArray[np.uint64], b: NDArray[np.uint64], length: int, width: int) -> NDArray[np.uint64]:
    """The polynomials of runs of ``length`` characters followed by ``width`` more."""
    import numpy as np

    size = max(0, min(len(a), len(b) - length))
    result: NDArray[np.uint64] = a[:size] * np.uint64(pow(_MULTIPLIER, width, 2**64))
    result += b[length : length + size]
    return result


def finished(hashed: NDArray[np.uint64], width: int) -> NDArray[np.uint64]:
    """Polynomials of runs of ``width`` characters made hashes, in place."""
    import numpy as np

    hashed += np.uint64(width * pow(_MULTIPLIER, width, 2**64) % 2**64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        hashed ^= hashed >> np.uint64(shift)
        hashed *= np.uint64(factor)
    hashed ^= hashed >> np.uint64(31)
    return hashed


def mixed(hashed: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Polynomials of runs of one length made hashes of which the high bits are good, in place: a third of the work.

    For a corpus at once, where only the high bits are kept; different polynomials stay different.
    """
    import numpy as np

    hashed ^= hashed >> np.uint64(32)
    hashed *= np.uint64(0xD6E8FEB86659FD93)
    return hashed


def winnow(hashes: NDArray[np.uint64], window: int) -> NDArray[np.int64]:
    """Positions of the least hash of every window, the rightmost where several are least.

    Winnowing (Schleimer, Wilkerson, Aiken 2003): two texts with a common run of at least ``window + K - 1`` characters
    share a selected hash of it. Of fewer hashes than a window the least is selected.
    """
    import numpy as np

    size = len(hashes)
    if size == 0:
        return np.empty(0, dtype=np.int64)
    window = min(window, size)
    # Rightmost minimum: argmin gives the first, so the windows are read from their right end.
    views = np.lib.stride_tricks.sliding_window_view(hashes, window)[:, ::-1]
    places = np.arange(len(views)) + (window - 1) - views.argmin(axis=1)
    return np.unique(places)
