"""One input to its text: what kind of file it is, unpacked, decoded, and its markup read (读取).

Plain text is taken as it is. Of HTML and DOCX the text is extracted; that text is then what all offsets count in.
"""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import BinaryIO, NamedTuple

from planparse.document import Span
from planparse.reading.decode import decode
from planparse.reading.errors import ReadError
from planparse.reading.packed import LARGEST, WRAPPERS, unpack

# What a file's name says of its kind; a wrapper (.gz, .zst) is taken off the name first.
KINDS = {
    ".txt": "text",
    ".text": "text",
    ".md": "text",
    ".markdown": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".shtml": "html",
    ".docx": "docx",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".warc": "warc",
}
RECORDS = frozenset({"jsonl", "csv", "parquet", "warc"})
_HTML_OPENINGS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<div", b"<table", b"<meta", b"<p>", b"<article")


class Source(NamedTuple):
    """An input's text, and how it was come by.

    ``undecodable`` counts the bytes that were no character; ``links`` are the ranges of linked words with the address.
    """

    text: str
    encoding: str
    undecodable: int = 0
    format: str = "text"
    links: tuple[Span, ...] = ()


class Raw(NamedTuple):
    """A page as it came: its bytes, or the markup of a record. Cheap to hold and to send; reading it is work.

    ``name`` says what to call it in errors; ``kind`` how to read it where its name does not tell.
    """

    data: bytes | str
    name: str
    kind: str | None = None
    declared: str | None = None
    format: str | None = None
    encoding: str = "utf-8"
    undecodable: int = 0

    def read(self, largest: int = LARGEST) -> Source:
        """The page's text.

        Raises:
            ReadError: as for :func:`read_source`; also for what is plainly no text.
        """
        if isinstance(self.data, str):
            from planparse.reading.html import html_text

            text, links = html_text(self.data, self.name)
            return Source(text, self.encoding, self.undecodable, self.format or "html", links)
        if self.kind is not None:
            source = READERS[self.kind](self.data, self.name, self.declared)
        else:
            source = page(self.data, self.name, self.declared, largest)
            if is_binary(source):
                raise ReadError(self.name, "is not text")
        return source._replace(format=self.format) if self.format else source


def read_source(
    source: str | PathLike[str] | bytes | bytearray | memoryview | BinaryIO,
    *,
    name: str | None = None,
    declared: str | None = None,
    largest: int = LARGEST,
) -> Source:
    """Read one page.

    Args:
        source: a path, the bytes themselves, or an open binary file.
        name: what to call it in errors and where its kind is told from; the path by default.
        declared: the charset that the server declared, if any.
        largest: the most bytes that a packed input may unpack to.

    Raises:
        ReadError: where it does not exist, cannot be unpacked, is a file of many records, or needs a library that is
            not installed. Bytes without a name are always answered, at worst as text.
    """
    if isinstance(source, (str, PathLike)):
        path = Path(source)
        data, given = read_bytes(path), True
        name = name or str(path)
    else:
        data = bytes(source) if isinstance(source, (bytes, bytearray, memoryview)) else source.read()
        if not isinstance(data, bytes):
            raise TypeError("read() takes a path, bytes or a file opened as binary; for strings use parse()")
        file_name = getattr(source, "name", None)
        given = name is not None or isinstance(file_name, str)
        name = name or (file_name if isinstance(file_name, str) else "bytes")
    if given:
        return page(data, name, declared, largest)
    try:
        return page(data, name, declared, largest)
    except ReadError:
        return _text(data, name, declared)


def page(data: bytes, name: str, declared: str | None = None, largest: int = LARGEST) -> Source:
    """Read the bytes of one page of the kind that its name says, or else its first bytes.

    Raises:
        ReadError: as for :func:`read_source`.
    """
    kind, wrapper = kind_of(name)
    if wrapper or (kind is None and data[:4].startswith(tuple(WRAPPERS.values()))):
        data = unpack(data, name, largest)
        if data.startswith(tuple(WRAPPERS.values())):
            raise ReadError(name, "is packed twice")
    kind = kind or sniff(data)
    if kind in RECORDS:
        raise ReadError(name, "holds many records; use read_many() or `planparse clean`")
    return READERS[kind](data, name, declared)


def read_bytes(path: Path) -> bytes:
    """All bytes of a file.

    Raises:
        ReadError: where it does not exist, is a folder, or may not be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ReadError(str(path), "no such file") from None
    except IsADirectoryError:
        raise ReadError(str(path), "is a folder; use read_many() or `planparse clean`") from None
    except (OSError, ValueError) as error:
        raise ReadError(str(path), f"cannot be read: {getattr(error, 'strerror', None) or error}") from None


def kind_of(name: str) -> tuple[str | None, str | None]:
    """What a file's name says: its kind, or None, and its wrapper (``.gz``, ``.zst``), or None."""
    path = Path(name.lower())
    wrapper = path.suffix if path.suffix in WRAPPERS else None
    if wrapper:
        path = path.with_suffix("")
    return KINDS.get(path.suffix), wrapper


def sniff(data: bytes) -> str:
    """What the first bytes say: ``docx``, ``parquet``, ``warc``, ``html``, else ``text``."""
    if data.startswith(b"PK\x03\x04") and b"word/" in data:
        return "docx"
    if data.startswith(b"PAR1"):
        return "parquet"
    if data.startswith(b"WARC/1."):
        return "warc"
    head = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith(b"<?xml") and b"<html" in head:
        return "html"
    return "html" if head.startswith(_HTML_OPENINGS) else "text"


def is_binary(source: Source) -> bool:
    """Whether what was read as plain text is plainly none: a picture, a PDF, a program."""
    if source.format != "text":
        return False
    sample = source.text[:4096]
    strange = sum(character < " " and character not in "\t\n\r\f\v\x1a" for character in sample)
    return strange * 20 > len(sample) or source.undecodable * 4 > len(source.text)


def _text(data: bytes, name: str, declared: str | None) -> Source:
    return Source(*decode(data, declared))


def _html(data: bytes, name: str, declared: str | None) -> Source:
    from planparse.reading.html import read_html

    return read_html(data, name, declared)


def _docx(data: bytes, name: str, declared: str | None) -> Source:
    from planparse.reading.docx import read_docx

    return read_docx(data, name)


READERS: dict[str, Callable[[bytes, str, str | None], Source]] = {"text": _text, "html": _html, "docx": _docx}
