"""Tables on disk (写表): Parquet or JSON lines, under a temporary name until they are complete."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal, Self

from planparse.views.jsonable import dumps
from planparse.views.tables import TABLES, Row, arrow, records, schema

Format = Literal["parquet", "jsonl"]
_QUARANTINE = "quarantine.jsonl"
_ROWS_AT_ONCE = 20_000
_CHARACTERS_AT_ONCE = 8_000_000


class Tables:
    """The tables of one run. Leaving the ``with`` block normally puts them in place; an exception leaves none of them.

    Args:
        folder: where they go; made where it does not exist.
        format: ``parquet`` or ``jsonl``.
    """

    def __init__(self, folder: Path, format: Format) -> None:
        # Named before any is opened: an interrupt while the others open leaves none behind.
        self._files = {name: _File(folder, name) for name in (*(f"{table}.{format}" for table in TABLES), _QUARANTINE)}
        self._format = format
        self._writers: dict[str, _Parquet | _Lines] = {}
        self._waiting: dict[str, list[Row]] = {table: [] for table in TABLES}
        self._rows = self._characters = 0

    def add(self, tables: dict[str, list[Row]], characters: int) -> None:
        """Take in one document's rows, of so many characters of text."""
        for table, values in tables.items():
            self._waiting[table] += values
            self._rows += len(values)
        self._characters += characters
        if self._rows >= _ROWS_AT_ONCE or self._characters >= _CHARACTERS_AT_ONCE:
            self._flush()

    def set_aside(self, id: str, path: Path, reason: str) -> None:
        """List an input that could not be read, with the reason."""
        self._files[_QUARANTINE].file.write(dumps({"id": id, "path": str(path), "reason": reason}) + b"\n")

    def _flush(self) -> None:
        for table, values in self._waiting.items():
            if values:
                self._writers[table].write(values)
        self._waiting = {table: [] for table in TABLES}
        self._rows = self._characters = 0

    def __enter__(self) -> Self:
        try:
            for file in self._files.values():
                file.open()
            writer = _Parquet if self._format == "parquet" else _Lines
            self._writers = {table: writer(table, self._files[f"{table}.{self._format}"]) for table in TABLES}
        except BaseException:
            self._discard()
            raise
        return self

    def _discard(self) -> None:
        for file in self._files.values():
            file.discard()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is not None:
                for writer in self._writers.values():
                    with suppress(Exception):
                        writer.close()
                return
            self._flush()
            for writer in self._writers.values():
                writer.close()
            for file in self._files.values():
                file.put_in_place()
        finally:
            self._discard()


class _File:
    """A file that has its name only once it is complete."""

    def __init__(self, folder: Path, name: str) -> None:
        self._path = folder / name
        # Hidden, so that who reads the folder in the meantime does not find it.
        self._temporary = folder / f".{name}.part"
        self.file: IO[bytes]

    def open(self) -> None:
        self.file = self._temporary.open("wb")

    def put_in_place(self) -> None:
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        self._temporary.replace(self._path)

    def discard(self) -> None:
        if hasattr(self, "file"):
            self.file.close()
        self._temporary.unlink(missing_ok=True)


class _Lines:
    def __init__(self, table: str, output: _File) -> None:
        self.table = table
        self.output = output

    def write(self, values: list[Row]) -> None:
        self.output.file.writelines(dumps(record) + b"\n" for record in records(self.table, values))

    def close(self) -> None:
        """Nothing is left to write."""


class _Parquet:
    def __init__(self, table: str, output: _File) -> None:
        import pyarrow.parquet as pq

        self.table = table
        self.output = output
        self._writer: Any = pq.ParquetWriter(self.output.file, schema(table), compression="zstd")

    def write(self, values: list[Row]) -> None:
        self._writer.write_table(arrow(self.table, values))

    def close(self) -> None:
        """Write the table's end."""
        self._writer.close()


def write_whole(folder: Path, name: str, data: bytes) -> None:
    """Write a small file, complete or not at all."""
    file = _File(folder, name)
    try:
        file.open()
        file.file.write(data)
        file.put_in_place()
    finally:
        file.discard()
