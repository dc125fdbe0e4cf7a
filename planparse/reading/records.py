"""Files of many records (记录文件): JSON lines, CSV, Parquet, WARC; one record is one page."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from planparse.reading.decode import ON_ERROR, decode, encoding_of, marked
from planparse.reading.errors import ReadError
from planparse.reading.packed import guarded_read, open_packed, read_at_most
from planparse.reading.source import Source, kind_of

# What the field with the text is called, the likeliest first.
_TEXT_NAMES = (
    "text",
    "content",
    "body",
    "article",
    "正文",
    "内容",
    "文本",
    "全文",
    "raw_text",
    "raw",
    "html",
    "raw_html",
)
_HEAD = 1 << 20
_GUESS_LENGTH = 50

Record = Source | ReadError


def read_records(path: Path, kind: str, text_column: str | None, largest: int) -> Iterator[Record]:
    """The pages of one file of records, lazily; a record that is broken comes as the error that says why.

    Args:
        path: the file.
        kind: ``jsonl``, ``csv``, ``parquet`` or ``warc``.
        text_column: the field that holds the text; by default the one called ``text``, ``content``, ``正文`` or the
            like, else the only one, else the one that is much the longest in the first record.
        largest: the most bytes that one record may have.

    Raises:
        ReadError: where the file as a whole cannot be read, or the field with the text cannot be told.
    """
    try:
        if kind == "parquet":
            yield from _parquet(path, text_column, largest)
        elif kind == "warc":
            from planparse.reading.warc import read_warc

            yield from read_warc(path, largest)
        else:
            yield from _text_records(path, kind, text_column, largest)
    except FileNotFoundError:
        raise ReadError(str(path), "no such file") from None
    except OSError as error:
        raise ReadError(str(path), f"cannot be read: {error.strerror or error}") from None


def text_field(path: Path, names: Sequence[str], first: Mapping[str, Any], wanted: str | None) -> str:
    """Which field holds the text.

    Raises:
        ReadError: where there is no field of the wanted name, or none stands out.
    """
    if wanted is not None:
        if wanted in names:
            return wanted
        raise ReadError(str(path), f"no column {wanted!r}; there are: {', '.join(names) or 'none'}")
    by_name = {name.strip().lower(): name for name in reversed(names)}
    for known in _TEXT_NAMES:
        if known in by_name:
            return by_name[known]
    lengths = sorted(
        ((len(v), n) for n, v in first.items() if n in names and isinstance(v, (str, bytes))), reverse=True
    )
    if len(lengths) == 1 or (lengths and lengths[0][0] >= _GUESS_LENGTH and lengths[0][0] >= 3 * lengths[1][0]):
        return lengths[0][1]
    raise ReadError(
        str(path), f"which column holds the text? Name it with --text-column; there are: {', '.join(names) or 'none'}"
    )


def _record(value: Any, field: str, encoding: str, undecodable: int, kind: str, name: str) -> Record:
    """One field's value as a page."""
    if isinstance(value, bytes):
        value, encoding, undecodable = decode(value)
    if not isinstance(value, str):
        return ReadError(name, f"{field!r} is missing" if value is None else f"{field!r} is not text")
    if "html" in field.lower():
        from planparse.reading.html import html_text

        text, links = html_text(value, name)
        return Source(text, encoding, undecodable, kind, links)
    return Source(value, encoding, undecodable, kind)


def _text_records(path: Path, kind: str, wanted: str | None, largest: int) -> Iterator[Record]:
    name = str(path)
    with path.open("rb") as file:
        encoding = encoding_of(guarded_read(open_packed(file, name), name, _HEAD))
        file.seek(0)
        raw = _Guarded(open_packed(file, name), name)
        with io.TextIOWrapper(io.BufferedReader(raw), encoding, ON_ERROR, newline="") as text:
            # The name without what only says that there is a byte order mark.
            shown = encoding.removesuffix("-sig")
            if kind == "csv":
                yield from _csv(path, text, shown, wanted, largest)
            else:
                yield from _jsonl(path, text, shown, wanted, largest)


class _Guarded(io.RawIOBase):
    """A packed file whose packing errors name the file."""

    def __init__(self, file: Any, name: str) -> None:
        self._file = file
        self._name = name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = guarded_read(self._file, self._name, len(buffer))
        buffer[: len(part)] = part
        return len(part)


def _jsonl(path: Path, text: TextIO, encoding: str, wanted: str | None, largest: int) -> Iterator[Record]:
    import orjson

    name, field = str(path), None
    for line in iter(lambda: text.readline(largest + 1), ""):
        if len(line) > largest:
            raise ReadError(name, f"a line of more than {largest:,} characters")
        line, bad = marked(line)
        if not line.strip("\ufeff \t\r\n"):
            continue
        try:
            value = orjson.loads(line)
        except ValueError:
            try:
                # Takes lone surrogates and long numbers, which orjson refuses.
                value = json.loads(line.lstrip("\ufeff"))
            except (ValueError, RecursionError) as error:
                yield ReadError(name, f"broken JSON: {error}")
                continue
        if isinstance(value, str):
            yield Source(value, encoding, bad, "jsonl")
        elif not isinstance(value, dict):
            yield ReadError(name, "neither an object nor a string")
        else:
            field = field or text_field(path, list(value), value, wanted)
            yield _record(value.get(field), field, encoding, bad, "jsonl", name)


def _csv(path: Path, text: TextIO, encoding: str, wanted: str | None, largest: int) -> Iterator[Record]:
    # The module's limit of 131,072 characters a cell is one for the whole process; a page can be longer.
    csv.field_size_limit(max(csv.field_size_limit(), largest))
    name, field, names = str(path), None, list[str]()
    # Only to see which mark separates the cells.
    first_line = text.readline(1 << 16)
    separator = max("\t,;", key=first_line.count)
    reader = csv.reader(_chain(first_line, text), delimiter=separator)
    try:
        for cells in reader:
            if not cells:
                continue
            if not names:
                names = [cell.lstrip("\ufeff") for cell in cells]
                continue
            row: dict[str, Any] = dict(zip(names, cells, strict=False))
            field = field or text_field(path, names, row, wanted)
            value, bad = row.get(field), 0
            if value is not None:
                value, bad = marked(value)
            yield _record(value, field, encoding, bad, "csv", name)
    except csv.Error as error:
        raise ReadError(name, f"broken CSV at line {reader.line_num}: {error}") from None


def _chain(first: str, rest: TextIO) -> Iterator[str]:
    # A first line longer than what was read of it goes on in the rest.
    if first and not first.endswith("\n"):
        first += rest.readline()
    yield first
    yield from rest


def _parquet(path: Path, wanted: str | None, largest: int) -> Iterator[Record]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    name = str(path)
    source: Any = path
    if kind_of(name)[1]:
        with path.open("rb") as file:
            source = io.BytesIO(read_at_most(open_packed(file, name), name, largest))
    try:
        with pq.ParquetFile(source) as table:
            texts = (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary)
            names = [f.name for f in table.schema_arrow if any(is_text(_plain(f.type)) for is_text in texts)]
            first: dict[str, Any] = next(
                (row for batch in table.iter_batches(1, columns=names) for row in batch.to_pylist()), {}
            )
            if not first:
                return
            field = text_field(path, names, first, wanted)
            for batch in table.iter_batches(64, columns=[field]):
                for value in batch.column(0).to_pylist():
                    yield _record(value, field, "utf-8", 0, "parquet", name)
    except pa.ArrowException as error:
        raise ReadError(name, f"cannot be read as Parquet: {error}") from None


def _plain(kind: Any) -> Any:
    """The type of a column's values, also where it is stored as a dictionary."""
    import pyarrow as pa

    return kind.value_type if pa.types.is_dictionary(kind) else kind
