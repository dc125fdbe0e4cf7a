"""Files, folders and globs to a stream of pages (输入): lazily, in a fixed order, each with its id.

What cannot be read is not passed over in silence: it comes as an :class:`Item` with the reason.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from planparse.reading.errors import ReadError
from planparse.reading.packed import LARGEST
from planparse.reading.source import RECORDS, Source, is_binary, kind_of, page, read_bytes

_MAGIC = frozenset("*?[")


class Item(NamedTuple):
    """One page of the inputs: its ``source``, or the ``error`` that says in one line why there is none."""

    id: str
    path: Path
    source: Source | None = None
    error: str | None = None


class _File(NamedTuple):
    path: Path
    id: str
    named: bool


def documents(
    inputs: Iterable[str | PathLike[str]], *, text_column: str | None = None, largest: int = LARGEST
) -> Iterator[Item]:
    """The pages of files, folders (with all that is in them) and globs, one at a time.

    A folder's files come sorted by their path; hidden ones are passed over. An id is the path relative to the input
    given, ``file:N`` for record N (from 0) of a file of records; should two inputs give the same id, the later one gets
    ``~2`` behind it.

    Args:
        inputs: paths and globs, in the order wanted.
        text_column: the column or field of records that holds the text; guessed by default.
        largest: the most bytes that one packed page may unpack to.
    """
    given = list(inputs)
    # One folder cannot hold the same path twice: ids need no watching then, and memory does not grow.
    seen: set[str] | None = set() if len(given) > 1 else None
    for one in given:
        for file in files(one):
            for item in _items(file, text_column, largest):
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


def _items(file: _File, text_column: str | None, largest: int) -> Iterator[Item]:
    kind, _ = kind_of(file.path.name)
    if kind in RECORDS:
        yield from _records(file, kind or "", text_column, largest)
        return
    try:
        if kind is None and not file.named and file.path.suffix:
            raise ReadError(str(file.path), f"unknown kind of file ({file.path.suffix})")
        source = page(read_bytes(file.path), str(file.path), None, largest)
        if is_binary(source):
            raise ReadError(str(file.path), "is not text")
    except ReadError as error:
        yield Item(file.id, file.path, error=str(error))
    else:
        yield Item(file.id, file.path, source)


def _records(file: _File, kind: str, text_column: str | None, largest: int) -> Iterator[Item]:
    from planparse.reading.records import read_records

    try:
        for at, record in enumerate(read_records(file.path, kind, text_column, largest)):
            name = f"{file.id}:{at}"
            if isinstance(record, ReadError):
                yield Item(name, file.path, error=f"{file.path}:{at}: {record.reason}")
            else:
                yield Item(name, file.path, record)
    except ReadError as error:
        yield Item(file.id, file.path, error=str(error))


def _unique(item: Item, seen: set[str]) -> Item:
    name, again = item.id, 2
    while name in seen:
        name, again = f"{item.id}~{again}", again + 1
    seen.add(name)
    return item._replace(id=name)
