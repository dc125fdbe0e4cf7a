"""What is compared: letters and digits alone, NFKC, traditional folded to simplified (比较用的字符)."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from planparse.fold import fold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BMP = 0x10000


class Compared(NamedTuple):
    """A text as it is compared: code points, and for each the offset it has in the text."""

    codes: NDArray[np.uint32]
    offsets: NDArray[np.int64]


def _normal(character: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", character).casefold() if c.isalnum())


@lru_cache(maxsize=1)
def _table() -> NDArray[np.uint32]:
    """For each code point of the first plane what it is compared as: 0 is dropped, 1 becomes several characters."""
    import numpy as np

    table = np.zeros(_BMP, dtype=np.uint32)
    for code in range(_BMP):
        if 0xD800 <= code < 0xE000:
            continue
        normal = _normal(chr(code))
        if len(normal) == 1:
            table[code] = ord(normal)
        elif normal:
            table[code] = 1
    table.flags.writeable = False
    return table


def compared(text: str) -> Compared:
    """The characters of a text that count in a comparison, with their offsets.

    Normalisation is character by character: a character that becomes several (㎡ → m2) gives them all its own offset.
    """
    import numpy as np

    folded = np.frombuffer(fold(text).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    table = _table()
    # Beyond the first plane each character is looked at by itself, too.
    codes = np.where(folded < _BMP, table[np.minimum(folded, _BMP - 1)], 1)
    offsets = np.flatnonzero(codes)
    kept = codes[offsets]
    special = np.flatnonzero(kept == 1)
    if not len(special):
        return Compared(kept.astype(np.uint32), offsets)
    parts: list[tuple[NDArray[np.uint32], NDArray[np.int64]]] = []
    at = 0
    for i in special.tolist():
        parts.append((kept[at:i], offsets[at:i]))
        normal = _normal(chr(int(folded[offsets[i]])))
        expanded = np.array([ord(c) for c in normal], dtype=np.uint32)
        parts.append((expanded, np.full(len(expanded), offsets[i])))
        at = i + 1
    parts.append((kept[at:], offsets[at:]))
    return Compared(
        np.concatenate([codes for codes, _ in parts]).astype(np.uint32), np.concatenate([places for _, places in parts])
    )
