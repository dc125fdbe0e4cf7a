"""``DuplicateIndex``: duplicates in a collection that grows day after day (持久查重索引)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from planparse.dedupe.candidates import SMALL_RUN
from planparse.dedupe.engine import PAIR_COLUMNS, PASSAGE_COLUMNS, Duplicates, Related, duplicates, relate
from planparse.dedupe.groups import group_table
from planparse.dedupe.lookup import Lookup, dumped, grown, ids, is_near, loaded
from planparse.dedupe.merge import kept
from planparse.dedupe.postings import Postings
from planparse.dedupe.store import DuplicateIndexError, Store
from planparse.dedupe.stored import PASSAGE, SAMPLE, SMALL, TINY, Item, batch, digest, encoded, insert, load
from planparse.dedupe.units import Unit

if TYPE_CHECKING:
    import sqlite3

_DEFAULTS = {"near": 0.7, "contains": 0.8, "passage": 50}
# An all but tiny unit is found by these; only of what is shorter are all 5-grams kept.
_KEPT = (PASSAGE, SAMPLE, SMALL)
IfExists = Literal["error", "skip", "replace"]


class DuplicateIndex:
    """Pieces of documents and what they have to do with each other, in a file. Open one with :meth:`open`.

    >>> with DuplicateIndex.open("plans.ppdx") as index:  # doctest: +SKIP
    ...     new = index.add(todays_documents)
    ...     new.pairs  # of today's against each other and against all before

    The file is an SQLite database (one more beside it, ``.lock``, is held by the writer; ``-wal`` and ``-shm`` are
    there while it is open). One process writes; any number read, and see what was committed last. Each :meth:`add` and
    :meth:`remove` is committed whole before it returns: a process that is killed loses at most the one it was in. The
    file must be on a local disk. One object may be shared by threads; they take turns.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        settings = store.settings()
        self.path = store.path
        self.readonly = store.readonly
        self.near = float(settings["near"])
        self.contains = float(settings["contains"])
        self.passage = int(settings["passage"])

    @classmethod
    def open(
        cls,
        path: str | PathLike[str],
        *,
        readonly: bool = False,
        near: float | None = None,
        contains: float | None = None,
        passage: int | None = None,
    ) -> Self:
        """Open an index; where there is none, make one.

        Args:
            path: its file.
            readonly: only read it, also while another process writes.
            near, contains, passage: as for :func:`planparse.duplicates`, fixed when the index is made.

        Raises:
            DuplicateIndexError: where the file is something else, has another format, is written by another process,
                is missing with ``readonly``, or was made with another threshold than is given.
            ValueError: for a threshold out of range.
        """
        given = {"near": near, "contains": contains, "passage": passage}
        wanted = _DEFAULTS | {name: value for name, value in given.items() if value is not None}
        # The engine says what is out of range.
        duplicates([], wanted["near"], wanted["contains"], int(wanted["passage"]))
        store = Store(Path(path), readonly, wanted)
        index = cls(store)
        for name, value in given.items():
            if value is not None and value != getattr(index, name):
                index.close()
                raise DuplicateIndexError(f"{path}: made with {name} {getattr(index, name)}, not {value}")
        return index

    def add(self, items: Iterable[Item], *, if_exists: IfExists = "error") -> Duplicates:
        """Take in a batch, and say what it has to do with everything before and with itself.

        Args:
            items: documents, whose pieces are the units, or pairs (id, text), each a unit.
            if_exists: what becomes of an item whose id is there: ``error`` refuses the batch, ``skip`` leaves the
                stored one, ``replace`` puts the new one in its place, behind all others, where it is not the same.

        Returns:
            The pairs with a new unit, their passages, and the groups with a new unit (with the stored units they hang
            together with). Of text that is in more than 33 units only a few pairs each are looked at.

        Raises:
            TypeError: for an item that is neither.
            ValueError: for an id that comes twice or, with ``error``, is there.
            DuplicateIndexError: where the index is only read.
        """
        if if_exists not in ("error", "skip", "replace"):
            raise ValueError(f"if_exists is 'error', 'skip' or 'replace', not {if_exists!r}")
        given = batch(items, bare=False)
        with self._store.writing() as db:
            fresh = []
            for document, found in given:
                stored = db.execute("SELECT digest FROM documents WHERE id = ?", (encoded(document),)).fetchone()
                mark = digest(found)
                if stored is not None:
                    if if_exists == "error":
                        raise ValueError(f"{document!r} is in the index already")
                    if if_exists == "skip" or stored[0] == mark:
                        continue
                    self._remove(db, document)
                db.execute("INSERT INTO documents VALUES (?, ?)", (encoded(document), mark))
                fresh += [(document, unit) for unit in found]
            new = [unit for _, unit in fresh]
            self._refuse_stored(db, new)
            lookup = self._lookup(db, new)
            found_pairs = lookup.pairs()
            self._insert(db, fresh, lookup)
            db.executemany(
                "INSERT INTO pairs VALUES (?, ?, ?, ?)",
                [(a, b, is_near(related), dumped(related)) for (a, b), related in found_pairs.items()],
            )
            return _report(db, dict(zip(lookup.prints, new, strict=True)), found_pairs)

    def query(self, items: Iterable[Item | str]) -> Duplicates:
        """As :meth:`add`, but nothing is stored; a bare string is called ``text:<index>``.

        Raises:
            TypeError: for an item that is no document, (id, text) or string.
            ValueError: for an id that comes twice or is in the index.
        """
        new = [unit for _, found in batch(items, bare=True) for unit in found]
        with self._store.reading() as db:
            self._refuse_stored(db, new)
            lookup = self._lookup(db, new)
            return _report(db, dict(zip(lookup.prints, new, strict=True)), lookup.pairs())

    def remove(self, ids: str | Iterable[str]) -> int:
        """Take out documents by their ids (not pieces), all of them or none.

        Returns:
            How many pieces that were.

        Raises:
            KeyError: for an id that is not there.
            DuplicateIndexError: where the index is only read.
        """
        with self._store.writing() as db:
            return sum(self._remove(db, id) for id in ([ids] if isinstance(ids, str) else ids))

    def duplicates(self) -> Duplicates:
        """Everything: what :func:`planparse.duplicates` gives for all stored documents in the order of adding.

        Pairs that were compared when they were added are not compared again.
        """
        with self._store.reading() as db:
            stored = dict(load(db))
            places = {n: i for i, n in enumerate(stored)}
            known: dict[tuple[int, int], Related | None] = {
                (places[a], places[b]): loaded(found, stored[a].id, stored[b].id)
                for a, b, found in db.execute("SELECT a, b, found FROM pairs")
            }
        return relate(list(stored.values()), self.near, self.contains, self.passage, known)

    def close(self) -> None:
        """Let go of the file. A second time does nothing."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        """How many pieces there are."""
        with self._store.reading() as db:
            return int(db.execute("SELECT count(*) FROM units").fetchone()[0])

    def __contains__(self, id: object) -> bool:
        """Whether a document or a piece of this id is there."""
        if not isinstance(id, str):
            return False
        with self._store.reading() as db:
            return any(
                db.execute(f"SELECT 1 FROM {table} WHERE id = ?", (encoded(id),)).fetchone()
                for table in ("documents", "units")
            )

    def __iter__(self) -> Iterator[str]:
        """The ids of the pieces, in the order of adding."""
        with self._store.reading() as db:
            return iter(list(ids(db).values()))

    def __repr__(self) -> str:
        if self._store.closed:
            return f"DuplicateIndex({str(self.path)!r}, closed)"
        mode = ", readonly" if self.readonly else ""
        return (
            f"DuplicateIndex({str(self.path)!r}, {len(self):,} pieces, near={self.near}, contains={self.contains}, "
            f"passage={self.passage}{mode})"
        )

    def _lookup(self, db: sqlite3.Connection, new: list[Unit]) -> Lookup:
        last = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'units'").fetchone()
        return Lookup(db, new, (last[0] if last else 0) + 1, self.near, self.contains, self.passage)

    def _insert(self, db: sqlite3.Connection, fresh: list[tuple[str, Unit]], lookup: Lookup) -> None:
        import numpy as np

        values, owners = [np.empty(0, dtype=np.uint64)], [np.empty(0, dtype=np.int64)]
        for (document, unit), (expected, prints) in zip(fresh, lookup.prints.items(), strict=True):
            number = insert(db, document, unit, prints[SAMPLE])
            if number != expected:
                raise DuplicateIndexError(f"{self.path}: numbers of units are out of step: {number}, not {expected}")
            kinds = (*_KEPT, TINY) if unit.size < SMALL_RUN else _KEPT
            values += [prints[kind] for kind in kinds]
            owners += [np.full(len(prints[kind]), number, dtype=np.int64) for kind in kinds]
        Postings(db).add(np.concatenate(values), np.concatenate(owners))

    def _remove(self, db: sqlite3.Connection, document: str) -> int:
        name = encoded(document)
        if not db.execute("DELETE FROM documents WHERE id = ?", (name,)).rowcount:
            raise KeyError(document)
        numbers = db.execute("SELECT n FROM units WHERE document = ?", (name,)).fetchall()
        db.executemany("INSERT INTO removed VALUES (?)", numbers)
        db.executemany("DELETE FROM pairs WHERE a = ?1 OR b = ?1", numbers)
        db.execute("DELETE FROM units WHERE document = ?", (name,))
        return len(numbers)

    def _refuse_stored(self, db: sqlite3.Connection, new: Iterable[Unit]) -> None:
        for unit in new:
            if db.execute("SELECT 1 FROM units WHERE id = ?", (encoded(unit.id),)).fetchone():
                raise ValueError(f"{unit.id!r} is in the index already")


def _report(
    db: sqlite3.Connection, new: Mapping[int, Unit], pairs: Mapping[tuple[int, int], Related | None]
) -> Duplicates:
    """The tables of what new units have to do with others."""
    import pandas as pd

    rows = [related for _, related in sorted(pairs.items()) if related is not None]
    edges = [pair for pair, related in sorted(pairs.items()) if is_near(related)]
    members = sorted({n for group in grown(db, edges) for n in group})
    units = dict(load(db, [n for n in members if n not in new])) | {n: new[n] for n in members if n in new}
    places = {n: i for i, n in enumerate(members)}
    known = [
        (a, b)
        for n in members
        for a, b in db.execute("SELECT a, b FROM pairs WHERE a = ? AND near", (n,))
        if a in places and b in places
    ]
    all_edges = sorted({(places[a], places[b]) for a, b in [*edges, *known]})
    found = [units[n] for n in members]
    groups = group_table(found, all_edges)
    return Duplicates(
        pairs=pd.DataFrame([row for row, _ in rows], columns=PAIR_COLUMNS),
        groups=groups,
        passages=pd.DataFrame([run for _, runs in rows for run in runs], columns=PASSAGE_COLUMNS),
        copies=kept(found, groups),
    )
