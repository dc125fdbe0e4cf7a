"""Character 5-grams (shingle, 字符五元组) as 64-bit hashes, and the samples of them that the index holds."""

from __future__ import annotations

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

    size = len(codes)
    if size == 0:
        return np.empty(0, dtype=np.uint64)
    wide = codes.astype(np.uint64)
    width = min(gram, size)
    hashed = np.full(size - width + 1, width, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for i in range(width):
            hashed = hashed * np.uint64(_MULTIPLIER) + wide[i : size - width + 1 + i]
        hashed = (hashed ^ (hashed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        hashed = (hashed ^ (hashed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return hashed ^ (hashed >> np.uint64(31))


def sketch(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The sampled distinct hashes (FracMinHash): the same 5-gram is in every sample or in none."""
    import numpy as np

    return np.unique(hashes[hashes < np.uint64(2**64 // SCALE)])


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
