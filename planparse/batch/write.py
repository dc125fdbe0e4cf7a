"""Tables on disk (写表): Parquet or JSON lines, under a temporary name until they are complete."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from planparse.batch.work import Format
from planparse.reading.errors import ReadError
from planparse.views.jsonable import dumps
from planparse.views.tables import TABLES, schema

_QUARANTINE = "quarantine.jsonl"
# Shards wait for one another up to so many bytes: a file's end lists every row group of it, and is kept in memory.
ROW_GROUP_BYTES = 8_000_000


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

    def add(self, tables: dict[str, bytes]) -> None:
        """Take in a shard's part of the tables."""
        for table, data in tables.items():
            self._writers[table].write(data)

    def set_aside(self, id: str, path: Path, reason: str) -> None:
        """List an input that could not be read, with the reason."""
        self._files[_QUARANTINE].file.write(dumps({"id": id, "path": str(path), "reason": reason}) + b"\n")

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
        self.output = output

    def write(self, data: bytes) -> None:
        self.output.file.write(data)

    def close(self) -> None:
        """Nothing is left to write."""


class _Parquet:
    def __init__(self, table: str, output: _File) -> None:
        import pyarrow.parquet as pq

        self.output = output
        self._writer: Any = pq.ParquetWriter(self.output.file, schema(table), compression="zstd")
        self._waiting: list[bytes] = []

    def write(self, data: bytes) -> None:
        self._waiting.append(data)
        if sum(map(len, self._waiting)) >= ROW_GROUP_BYTES:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        if self._waiting:
            parts = [pa.ipc.open_stream(data).read_all() for data in self._waiting]
            self._waiting.clear()
            self._writer.write_table(pa.concat_tables(parts).combine_chunks())

    def close(self) -> None:
        """Write what waits and the table's end."""
        self._flush()
        self._writer.close()


def joined(parts: Sequence[dict[str, bytes]], format: Format) -> dict[str, bytes]:
    """The tables of several parts as those of one."""
    result: dict[str, bytes] = {}
    for table in TABLES:
        found = [part[table] for part in parts if table in part]
        if found:
            result[table] = b"".join(found) if format == "jsonl" else _joined_streams(found)
    return result


def _joined_streams(found: Sequence[bytes]) -> bytes:
    import pyarrow as pa

    whole = pa.concat_tables([pa.ipc.open_stream(data).read_all() for data in found]).combine_chunks()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, whole.schema) as writer:
        writer.write_table(whole)
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]


def make_folder(folder: Path) -> None:
    """Make a folder and those above it.

    Raises:
        ReadError: where that cannot be.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReadError(str(folder), f"cannot be made a folder: {error.strerror or error}") from None


def write_whole(folder: Path, name: str, data: bytes) -> None:
    """Write a small file, complete or not at all."""
    file = _File(folder, name)
    try:
        file.open()
        file.file.write(data)
        file.put_in_place()
    finally:
        file.discard()
