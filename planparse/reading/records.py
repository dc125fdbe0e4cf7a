"""Files of many records (记录文件): JSON lines, CSV, Parquet, WARC; one record is one page."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from planparse.reading.columns import Columns, Found
from planparse.reading.decode import ON_ERROR, decode, encoding_of, marked
from planparse.reading.errors import ReadError
from planparse.reading.packed import guarded_read, open_packed, read_at_most
from planparse.reading.source import Raw, Source, kind_of, sniff

_HEAD = 1 << 20
# A whole table that is packed has to be unpacked into memory.
PACKED_TABLE = 1 << 30
_LINE = 1 << 20
_ENDS = ("\n", "\r")
_HTML = ("<!doctype html", "<html")


class Record(NamedTuple):
    """One record: its page, read, still to be read, or the reason why there is none; its id and address if any."""

    page: Source | Raw | ReadError
    id: str | None = None
    url: str | None = None


def read_records(path: Path, kind: str, columns: Columns, largest: int) -> Iterator[Record]:
    """The pages of one file of records, lazily; a record that is broken comes as the error that says why.

    Args:
        path: the file.
        kind: ``jsonl``, ``csv``, ``parquet`` or ``warc``.
        columns: the fields wanted. By default the text is the one called ``text``, ``content``, ``正文`` or the like,
            else the only one, else the one that is much the longest in the first record; the address is the one called
            ``url`` or the like, else the only one that holds one.
        largest: the most bytes that one record may have; a longer one is passed over, with the reason.

    Raises:
        ReadError: where the file as a whole cannot be read, or the field with the text cannot be told.
    """
    try:
        if kind == "parquet":
            yield from _parquet(path, columns, largest)
        elif kind == "warc":
            from planparse.reading.warc import read_warc

            yield from read_warc(path, largest)
        else:
            yield from _text_records(path, kind, columns, largest)
    except FileNotFoundError:
        raise ReadError(str(path), "no such file") from None
    except OSError as error:
        raise ReadError(str(path), f"cannot be read: {error.strerror or error}") from None


def _record(row: Mapping[str, Any], found: Found, encoding: str, undecodable: int, kind: str, path: Path) -> Record:
    """One record as a page."""
    name, value = str(path), row.get(found.text)
    id, url = (_written(row.get(column)) if column else None for column in (found.id, found.url))
    html = "html" in found.text.lower()
    page: Source | Raw | ReadError
    if isinstance(value, bytes):
        if html or sniff(value) == "html":
            return Record(Raw(value, name, "html", format=kind), id, url)
        value, encoding, undecodable = decode(value)
    if not isinstance(value, str):
        page = ReadError(name, f"{found.text!r} is missing" if value is None else f"{found.text!r} is not text")
    elif html or value[:100].lstrip().lower().startswith(_HTML):
        page = Raw(value, name, format=kind, encoding=encoding, undecodable=undecodable)
    else:
        page = Source(value, encoding, undecodable, kind)
    return Record(page, id, url)


def _written(value: Any) -> str | None:
    """An id or an address as text; None where there is none."""
    if isinstance(value, bytes):
        value = decode(value).text
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    return str(value).strip() or None


def _text_records(path: Path, kind: str, columns: Columns, largest: int) -> Iterator[Record]:
    name = str(path)
    with path.open("rb") as file:
        encoding = encoding_of(guarded_read(open_packed(file, name), name, _HEAD))
        file.seek(0)
        raw = _Guarded(open_packed(file, name), name)
        with io.TextIOWrapper(io.BufferedReader(raw), encoding, ON_ERROR, newline="") as text:
            # The name without what only says that there is a byte order mark.
            shown = encoding.removesuffix("-sig")
            # In characters: of what a record may have in bytes, half.
            yield from (_csv if kind == "csv" else _jsonl)(path, text, shown, columns, largest // 2)


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


def _too_long(path: Path, largest: int) -> Record:
    return Record(ReadError(str(path), f"is longer than {largest:,} characters"))


def _jsonl(path: Path, text: TextIO, encoding: str, columns: Columns, largest: int) -> Iterator[Record]:
    import orjson

    name, found = str(path), None
    for line in iter(lambda: text.readline(largest + 1), ""):
        if len(line) > largest:
            yield _too_long(path, largest)
            while not line.endswith(_ENDS) and (line := text.readline(_LINE)):
                pass
            continue
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
                yield Record(ReadError(name, f"broken JSON: {error}"))
                continue
        if isinstance(value, str):
            yield Record(Source(value, encoding, bad, "jsonl"))
        elif not isinstance(value, dict):
            yield Record(ReadError(name, "neither an object nor a string"))
        else:
            found = found or columns.of(path, list(value), value)
            yield _record(value, found, encoding, bad, "jsonl", path)


def _csv(path: Path, text: TextIO, encoding: str, columns: Columns, largest: int) -> Iterator[Record]:
    # The module's limit of 131,072 characters a cell is one for the whole process; a page can be longer.
    csv.field_size_limit(max(csv.field_size_limit(), largest))
    found, names = None, list[str]()
    # Only to see which mark separates the cells.
    first_line = text.readline(1 << 16)
    separator = max("\t,;", key=first_line.count)
    for lines in _csv_records(first_line, text, separator, largest):
        if lines is None:
            yield _too_long(path, largest)
            continue
        try:
            rows = [cells for cells in csv.reader(lines, delimiter=separator) if cells]
        except csv.Error as error:
            yield Record(ReadError(str(path), f"broken CSV: {error}"))
            continue
        for cells in rows:
            if not names:
                names = [cell.lstrip("\ufeff") for cell in cells]
                continue
            row: dict[str, Any] = dict(zip(names, cells, strict=False))
            found = found or columns.of(path, names, row)
            bad = marked(row.get(found.text, ""))[1]
            row = {column: marked(cell)[0] for column, cell in row.items() if column in found}
            yield _record(row, found, encoding, bad, "csv", path)


def _csv_records(first: str, rest: TextIO, separator: str, largest: int) -> Iterator[list[str] | None]:
    """The lines of each record, whose cells may have line breaks within quotes; None for a record that is too long."""
    quote_of_cell = re.compile(f'(?<={re.escape(separator)})"')
    parts: list[str] = []
    size, inside, at_start = 0, False, True
    for part in _parts(first, rest, separator):
        size += len(part)
        if at_start and not inside and part.startswith('"'):
            inside = _is_inside(part, quote_of_cell, True, 1)
        else:
            inside = _is_inside(part, quote_of_cell, inside, 0)
        at_start = part.endswith(_ENDS)
        if size <= largest:
            parts.append(part)
        else:
            parts.clear()
        if at_start and not inside:
            yield list(io.StringIO("".join(parts), newline="")) if size <= largest else None
            parts.clear()
            size = 0
    if size:
        yield list(io.StringIO("".join(parts), newline="")) if size <= largest else None


def _parts(first: str, rest: TextIO, separator: str) -> Iterator[str]:
    """A file's lines, long ones in parts, cut so that no quote is parted from what stands before it."""
    part = first
    while part:
        while part[-1] in ('"', separator) and (more := rest.read(1)):
            part += more
        yield part
        part = rest.readline(_LINE)


def _is_inside(part: str, opening: re.Pattern[str], inside: bool, at: int) -> bool:
    """Whether a quoted cell is open at the end of a part of a record, where one is open, or not, at ``at``."""
    while True:
        if not inside:
            found = opening.search(part, at)
            if found is None:
                return False
            at = found.end()
        at = part.find('"', at)
        if at < 0:
            return True
        # A doubled quote is one of the text.
        inside = part.startswith('"', at + 1)
        at += 1 + inside


def _parquet(path: Path, columns: Columns, largest: int) -> Iterator[Record]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    name = str(path)
    source: Any = path
    if kind_of(name)[1]:
        with path.open("rb") as file:
            source = io.BytesIO(read_at_most(open_packed(file, name), name, PACKED_TABLE))
    try:
        with pq.ParquetFile(source) as table:
            fields = {field.name: _plain(field.type) for field in table.schema_arrow}
            simple = [column for column, kind in fields.items() if _is_text(kind) or pa.types.is_integer(kind)]
            texts = [column for column in simple if _is_text(fields[column])]
            first: dict[str, Any] = next(
                (row for batch in table.iter_batches(1, columns=simple) for row in batch.to_pylist()), {}
            )
            if not first:
                return
            # A number may be an id, but no text.
            found = columns.of(path, simple, first)
            if found.text not in texts:
                raise ReadError(name, f"{found.text!r} is not text")
            wanted = list(dict.fromkeys(filter(None, found)))
            for batch in table.iter_batches(64, columns=wanted):
                for row in batch.to_pylist():
                    yield (
                        _record(row, found, "utf-8", 0, "parquet", path)
                        if len(row[found.text] or "") <= largest
                        else _too_long(path, largest)
                    )
    except pa.ArrowException as error:
        raise ReadError(name, f"cannot be read as Parquet: {error}") from None


def _is_text(kind: Any) -> bool:
    import pyarrow as pa

    t = pa.types
    return any(is_it(kind) for is_it in (t.is_string, t.is_large_string, t.is_binary, t.is_large_binary))


def _plain(kind: Any) -> Any:
    """The type of a column's values, also where it is stored as a dictionary."""
    import pyarrow as pa

    return kind.value_type if pa.types.is_dictionary(kind) else kind
