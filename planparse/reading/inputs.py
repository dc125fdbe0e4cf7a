"""Files, folders and globs to a stream of pages (输入): lazily, in a fixed order, each with its id.

What cannot be read is not passed over in silence: it comes as an :class:`Item` with the reason.
"""

from __future__ import annotations

import glob
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from planparse.reading.columns import ANY, Columns
from planparse.reading.errors import ReadError
from planparse.reading.packed import LARGEST
from planparse.reading.records import read_records
from planparse.reading.source import RECORDS, Raw, Source, kind_of, read_bytes

_MAGIC = frozenset("*?[")


class Item(NamedTuple):
    """One page of the inputs: its ``source``, or the ``error`` that says in one line why there is none.

    ``raw`` is a page that is still to be read, by :meth:`opened`; ``url`` and ``record_id`` are what a file of records
    says of it.
    """

    id: str
    path: Path
    source: Source | None = None
    error: str | None = None
    raw: Raw | None = None
    url: str | None = None
    record_id: str | None = None

    def opened(self, largest: int = LARGEST) -> Item:
        """The same with its page read."""
        if self.raw is None:
            return self
        try:
            return self._replace(raw=None, source=self.raw.read(largest))
        except ReadError as error:
            return self._replace(raw=None, error=str(error))


class _File(NamedTuple):
    path: Path
    id: str
    named: bool


def documents(
    inputs: Iterable[str | PathLike[str]],
    *,
    text_column: str | None = None,
    id_column: str | None = None,
    url_column: str | None = None,
    largest: int = LARGEST,
) -> Iterator[Item]:
    """The pages of files, folders (with all that is in them) and globs, one at a time.

    A folder's files come sorted by their path; hidden ones are passed over. An id is the path relative to the input
    given, ``file:N`` for record N (from 0) of a file of records; should two inputs give the same id, the later one gets
    ``~2`` behind it.

    Args:
        inputs: paths and globs, in the order wanted.
        text_column: the column or field of records that holds the text; guessed by default.
        id_column: the one that holds their ids, which then are the pages' ids. By default what looks like an id is only
            noted, as ``record_id``.
        url_column: the one that holds their addresses; guessed by default.
        largest: the most bytes that one page may have, unpacked.
    """
    columns = Columns(text_column, id_column, url_column)
    return (item.opened(largest) for item in unopened(inputs, columns, largest))


def unopened(inputs: Iterable[str | PathLike[str]], columns: Columns = ANY, largest: int = LARGEST) -> Iterator[Item]:
    """As :func:`documents`, but pages of markup and whole files come ``raw``, for another process to open."""
    given = list(inputs)
    # One folder cannot hold the same path twice: ids need no watching then, and memory does not grow.
    seen: set[int] | None = set() if len(given) > 1 or columns.id else None
    for one in given:
        for file in files(one):
            for item in _items(file, columns, largest):
                yield item if seen is None else _unique(item, seen)


def files(given: str | PathLike[str]) -> Iterator[_File]:
    """The files of one input with their ids. What does not exist is given back as it is, to fail where it is read."""
    path = Path(given)
    if path.is_dir():
        yield from _walk(path, "")
    elif not _MAGIC.isdisjoint(str(given)) and not path.exists():
        base = _plain_folder(str(given))
        for found in sorted(map(Path, glob.iglob(str(given), recursive=True))):  # noqa: PTH207
            name = found.relative_to(base).as_posix()
            if found.is_dir():
                # With ** the files inside are matches themselves.
                if "**" not in str(given):
                    yield from _walk(found, f"{name}/")
            else:
                yield _File(found, name, True)
    else:
        yield _File(path, path.name, True)


def check_exists(inputs: Iterable[str | PathLike[str]]) -> None:
    """Make sure that each input is there.

    Raises:
        ReadError: for the first that is not, or matches nothing.
    """
    for one in inputs:
        if Path(one).exists():
            continue
        if _MAGIC.isdisjoint(str(one)):
            raise ReadError(str(one), "no such file or folder")
        if next(glob.iglob(str(one), recursive=True), None) is None:  # noqa: PTH207
            raise ReadError(str(one), "matches no file")


def _walk(folder: Path, prefix: str) -> Iterator[_File]:
    try:
        with os.scandir(folder) as entries:
            found = sorted((e for e in entries if not e.name.startswith(".")), key=lambda entry: entry.name)
    except OSError:
        # Fails again where it is read, and is reported there.
        yield _File(folder, prefix.rstrip("/") or folder.name, True)
        return
    for entry in found:
        # A link to a folder may lead in a circle.
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path), f"{prefix}{entry.name}/")
        elif not entry.is_dir():
            yield _File(Path(entry.path), f"{prefix}{entry.name}", False)


def _plain_folder(pattern: str) -> Path:
    """The folders of a glob before its first wildcard."""
    base = Path()
    for part in Path(pattern).parts[:-1]:
        if not _MAGIC.isdisjoint(part):
            break
        base /= part
    return base


def _items(file: _File, columns: Columns, largest: int) -> Iterator[Item]:
    kind, _ = kind_of(file.path.name)
    try:
        size = _size(file)
        if kind in RECORDS:
            yield from _records(file, kind or "", columns, largest)
            return
        if kind is None and not file.named and file.path.suffix:
            raise ReadError(str(file.path), f"unknown kind of file ({file.path.suffix})")
        if size > largest:
            raise ReadError(str(file.path), f"is larger than {largest:,} bytes")
        data = read_bytes(file.path)
    except ReadError as error:
        yield Item(file.id, file.path, error=str(error))
    else:
        yield Item(file.id, file.path, raw=Raw(data, str(file.path)))


def _size(file: _File) -> int:
    """The bytes of a file; 0 for a pipe that was named.

    Raises:
        ReadError: for what is found in a folder and is no file: a pipe or a device could keep a run waiting for ever.
    """
    try:
        found = file.path.stat()
    except OSError:
        # Fails again where it is read, with the reason.
        return 0
    if not file.named and not stat.S_ISREG(found.st_mode):
        raise ReadError(str(file.path), "is no regular file")
    return found.st_size if stat.S_ISREG(found.st_mode) else 0


def _records(file: _File, kind: str, columns: Columns, largest: int) -> Iterator[Item]:
    try:
        for at, record in enumerate(read_records(file.path, kind, columns, largest)):
            place = f"{file.path}:{at}"
            item = Item(f"{file.id}:{at}", file.path, url=record.url, record_id=record.id)
            if columns.id and record.id:
                item = item._replace(id=record.id)
            page = record.page
            if isinstance(page, ReadError):
                yield item._replace(error=f"{place}: {page.reason}")
            elif isinstance(page, Raw):
                yield item._replace(raw=page._replace(name=place))
            else:
                yield item._replace(source=page)
    except ReadError as error:
        yield Item(file.id, file.path, error=str(error))


def _unique(item: Item, seen: set[int]) -> Item:
    """The item with an id that is there once; of ids only a 64-bit hash is kept, some 60 bytes each."""
    name, again = item.id, 2
    while (mark := _mark(name)) in seen:
        name, again = f"{item.id}~{again}", again + 1
    seen.add(mark)
    return item._replace(id=name)


def _mark(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest())
