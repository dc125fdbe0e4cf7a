"""Bytes to text (解码): which encoding a page is in, and what could not be decoded. Any bytes are answered.

The order: a byte order mark; the charset that the page or the server declares; strict UTF-8; UTF-8 with a few bad
bytes (a page cut inside a character); strict GB18030 against Big5, told apart by how common their characters are; else
GB18030 with bad bytes marked.
"""

from __future__ import annotations

import codecs
from typing import NamedTuple

from planparse.reading.common import commonness

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# What pages call a charset → the superset that browsers decode it with. Western charsets on a Chinese page are a
# server's default, and say nothing: any bytes decode in them.
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "cp950": "big5hkscs"}
_TRUSTED = {"utf-8", "gb18030", "big5hkscs", "hz"}
_MARK = "\ufffd"
# A lone surrogate: no strict decoder gives one, so that bad bytes can be counted exactly.
_STAND_IN = "\udfff"
ON_ERROR = "planparse-mark"
_SAMPLE = 1 << 16


class Decoded(NamedTuple):
    """A text, the encoding that gave it, and how many bytes of the input were no character of that encoding."""

    text: str
    encoding: str
    undecodable: int


def _stand_in(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return _STAND_IN * (error.end - error.start), error.end


codecs.register_error(ON_ERROR, _stand_in)


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Decode a page. Never raises; line ends stay as they are.

    Args:
        data: the bytes. A byte order mark is dropped.
        declared: the charset that the page or the server names, if any; a name that Python does not know, or that the
            bytes contradict, is passed over.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return settle(data[len(mark) :], encoding)
    name = _known(declared)
    utf8 = _strict(data, "utf-8")
    if name is not None and (text := _strict(data, name)) is not None:
        # Pages converted to UTF-8 often still declare GB2312, in which many UTF-8 texts happen to decode as well.
        if utf8 is None or name == "utf-8" or _sampled(text) >= _sampled(utf8):
            return Decoded(text, name, 0)
        return Decoded(utf8, "utf-8", 0)
    if utf8 is not None:
        return Decoded(utf8, "utf-8", 0)
    if _is_nearly_utf8(data):
        return settle(data, "utf-8")
    return _chinese(data)


def encoding_of(data: bytes, declared: str | None = None) -> str:
    """The encoding of a long input, told from its beginning; the byte order mark is part of the answer.

    Args:
        data: the beginning; it may end inside a character.
        declared: as in :func:`decode`.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return {"utf-8": "utf-8-sig", "utf-16-le": "utf-16", "utf-16-be": "utf-16"}.get(encoding, encoding)
    return decode(data, declared).encoding


def settle(data: bytes, encoding: str) -> Decoded:
    """Decode in one given encoding; each bad byte becomes U+FFFD and is counted."""
    text, bad = marked(data.decode(encoding, ON_ERROR))
    return Decoded(text, encoding, bad)


def marked(text: str) -> tuple[str, int]:
    """A text decoded with the error handler ``planparse-mark``: with U+FFFD for its stand-ins, and their number."""
    bad = text.count(_STAND_IN)
    return (text.replace(_STAND_IN, _MARK) if bad else text), bad


def _known(declared: str | None) -> str | None:
    """The decoder for a declared charset, or None where the name says nothing."""
    if not declared:
        return None
    try:
        name = codecs.lookup(declared.strip().strip("\"'")).name
    except (LookupError, ValueError):
        return None
    name = _SUPERSETS.get(name, name)
    return name if name in _TRUSTED else None


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _sampled(text: str) -> float:
    return commonness(text[:_SAMPLE])


def _is_nearly_utf8(data: bytes) -> bool:
    """Whether this is UTF-8 with a few bad bytes: text in another encoding is bad in every other character."""
    sample = data[:_SAMPLE] + data[max(_SAMPLE, len(data) - _SAMPLE) :]
    high = len(sample) - len(sample.translate(None, bytes(range(0x80, 0x100))))
    bad = sample.decode("utf-8", ON_ERROR).count(_STAND_IN)
    cut = 3 if bad <= 3 and _strict(data[:-bad], "utf-8") is not None else 0
    return high >= 6 and max(0, bad - cut) * 25 <= high and bad * 2 <= high


def _chinese(data: bytes) -> Decoded:
    """GB18030 or Big5, whichever gives the more common characters for the fewer bad bytes."""
    readings = [settle(data, "gb18030"), settle(data, "big5hkscs")]
    gb, big5 = (_sampled(reading.text) - 4 * reading.undecodable / len(data) for reading in readings)
    # Big5 has to win clearly: short texts of rare characters are more likely in the encoding of the mainland.
    return readings[1] if big5 > gb + 0.1 else readings[0]
