"""What is compared: letters and digits alone, NFKC, traditional folded to simplified (比较用的字符)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from planparse.dedupe.synonyms import respelled
from planparse.fold import fold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BMP = 0x10000
_ALL = 0x110000
_ZERO, _NINE = ord("0"), ord("9")
# Characters folded at a time when the table is made.
_BLOCK = 0x4000


@dataclass(frozen=True)
class Comparison:
    """What counts as equal besides width, case, blanks and punctuation.

    ``digits``: any number is equal to any other (the same plan of another year). ``synonyms``: words of one line of
    ``rules/synonyms.tsv`` are equal. ``script``: traditional characters are equal to simplified ones.
    """

    digits: bool = False
    synonyms: bool = False
    script: bool = True

    def __str__(self) -> str:
        """What differs from the usual comparison, in words; empty where nothing does."""
        said = ["digits masked"] if self.digits else []
        said += ["synonyms equal"] if self.synonyms else []
        said += [] if self.script else ["script kept"]
        return ", ".join(said)


USUAL = Comparison()


class Compared(NamedTuple):
    """A text as it is compared: code points, and for each the offset it has in the text."""

    codes: NDArray[np.uint32]
    offsets: NDArray[np.int64]


@lru_cache(maxsize=1024)
def _normal(character: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", character).casefold() if c.isalnum())


@lru_cache(maxsize=2)
def _table(script: bool) -> NDArray[np.uint32]:
    """For each code point what it is compared as: 0 is dropped, 1 becomes several characters or is looked up."""
    import numpy as np

    normal = np.zeros(_BMP, dtype=np.uint32)
    for code in range(_BMP):
        if 0xD800 <= code < 0xE000:
            continue
        plain = "".join(c for c in unicodedata.normalize("NFKC", chr(code)).casefold() if c.isalnum())
        if plain:
            normal[code] = ord(plain) if len(plain) == 1 else 1
    # Beyond the first plane each character is looked at by itself.
    table = np.ones(_ALL, dtype=np.uint32)
    table[:_BMP] = normal
    if script:
        for start in range(0, _BMP, _BLOCK):
            block = "".join(map(chr, range(start, start + _BLOCK)))
            folded = np.frombuffer(fold(block).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
            table[start : start + _BLOCK] = np.where(folded < _BMP, normal[np.minimum(folded, _BMP - 1)], 1)
    table.flags.writeable = False
    return table


def compared(text: str, comparison: Comparison = USUAL) -> Compared:
    """The characters of a text that count in a comparison, with their offsets.

    Normalisation is character by character: a character that becomes several (㎡ → m2) gives them all its own offset.
    """
    codes, _, offsets = compared_many([text], comparison)
    return Compared(codes, offsets)


def compared_many(
    texts: Sequence[str], comparison: Comparison = USUAL
) -> tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.int64]]:
    """The characters of some texts that count, one text after the other, and how many each has.

    Returns:
        Code points; their number for each text; the offset of each in its own text.
    """
    import numpy as np

    if comparison.synonyms:
        texts = [respelled(text) for text in texts]
    raw = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    codes = _table(comparison.script)[raw]
    if not len(texts):
        return codes, np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    places = np.flatnonzero(codes)
    kept = codes[places]
    special = np.flatnonzero(kept == 1)
    if len(special):
        kept, places = _expanded(kept, places, special, raw, comparison.script)
    ends = np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)))
    lengths = np.diff(ends, prepend=0)
    if comparison.digits:
        digit = (kept >= _ZERO) & (kept <= _NINE)
        again = digit[1:] & digit[:-1]
        # A number at the start of a text is none that goes on.
        starts = np.searchsorted(places, ends[:-1])
        starts = starts[(starts > 0) & (starts < len(kept))]
        again[starts - 1] = False
        keep = np.concatenate([np.ones(min(1, len(kept)), dtype=np.bool_), ~again])
        kept = np.where(digit, _ZERO, kept)[keep].astype(np.uint32)
        places = places[keep]
    counts = np.diff(np.searchsorted(places, ends), prepend=0)
    return kept, counts, places - np.repeat(ends - lengths, counts)


def _expanded(
    kept: NDArray[np.uint32],
    places: NDArray[np.int64],
    special: NDArray[np.int64],
    raw: NDArray[np.uint32],
    script: bool,
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The characters with those that become several, or are beyond the first plane, put in."""
    import numpy as np

    characters = [chr(code) for code in raw[places[special]].tolist()]
    normal = [_normal(fold(c) if script else c) for c in characters]
    times = np.ones(len(kept), dtype=np.int64)
    times[special] = [len(one) for one in normal]
    longer = np.repeat(kept, times)
    spread = np.repeat(kept == 1, times)
    longer[spread] = np.frombuffer("".join(normal).encode("utf-32-le"), dtype=np.uint32)
    return longer, np.repeat(places, times)
