"""A shadow of the text for matching: simplified characters, ASCII digits and letters, plain blanks and line breaks.

Folding maps each character to exactly one, so offsets are the same in both. It is for matching only; script and width
are never changed in what the user sees. Punctuation stays as it is, since its width is evidence.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BLANKS = "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_BREAKS = "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"


@lru_cache(maxsize=1)
def _table() -> NDArray[np.uint32]:
    """The folding as an array over all code points. Character pairs of OpenCC's traditional → simplified table."""
    import numpy as np
    from opencc import OpenCC

    table = np.arange(0x110000, dtype=np.uint32)
    for characters, target in ((_BLANKS, " "), (_BREAKS, "\n")):
        for character in characters:
            table[ord(character)] = ord(target)
    for start, end in ((0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A)):
        table[start : end + 1] -= 0xFEE0
    # Lone surrogates cannot be encoded, so that searches outside Python could not take the text.
    table[0xD800:0xE000] = 0xFFFD
    # A line break between any two keeps the converter's phrases from matching across characters.
    for first, last in ((0x3400, 0x4DBF), (0x4E00, 0x9FFF)):
        source = [chr(code) for code in range(first, last + 1)]
        target_text = OpenCC("t2s").convert("\n".join(source)).split("\n")
        for character, simplified in zip(source, target_text, strict=True):
            if len(simplified) == 1:
                table[ord(character)] = ord(simplified)
    table.flags.writeable = False
    return table


# Below this many characters an array costs more than it saves.
_SHORT = 64


@lru_cache(maxsize=1)
def _changes() -> dict[int, int]:
    """The code points that folding changes, for ``str.translate``."""
    table = _table()
    return {code: int(table[code]) for code in (table != range(len(table))).nonzero()[0].tolist()}


def fold(text: str) -> str:
    """The text folded for matching, character for character (折叠): ``len(fold(text)) == len(text)``.

    ``\\r\\n`` becomes a blank and a line break, so that a line end stays one line end.
    """
    if "\r\n" in text:
        text = text.replace("\r\n", " \n")
    if len(text) < _SHORT:
        return text.translate(_changes())
    import numpy as np

    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return _table()[codes].tobytes().decode("utf-32-le", "surrogatepass")
