"""``DuplicateIndex``: duplicates in a collection that grows day after day (持久查重索引)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from planparse.dedupe.bulk import MOST_COPIES
from planparse.dedupe.corpus import stored
from planparse.dedupe.engine import Duplicates, checked, found_in
from planparse.dedupe.neighbours import Neighbours, grown
from planparse.dedupe.normalise import Comparison
from planparse.dedupe.store import DuplicateIndexError, Store
from planparse.dedupe.stored import Item, batch, digest, encoded, ids, insert, load
from planparse.dedupe.units import Piece

if TYPE_CHECKING:
    import sqlite3

    import pandas as pd

_DEFAULTS: Mapping[str, float] = {
    "near": 0.7,
    "contains": 0.8,
    "passage": 50,
    "mask_digits": False,
    "synonyms": False,
    "fold_script": True,
}
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
        self.mask_digits, self.synonyms, self.fold_script = (
            bool(settings[name]) for name in ("mask_digits", "synonyms", "fold_script")
        )
        self._options = checked(self.near, self.contains, self.passage)
        self._comparison = Comparison(digits=self.mask_digits, synonyms=self.synonyms, script=self.fold_script)

    @classmethod
    def open(
        cls,
        path: str | PathLike[str],
        *,
        readonly: bool = False,
        near: float | None = None,
        contains: float | None = None,
        passage: int | None = None,
        mask_digits: bool | None = None,
        synonyms: bool | None = None,
        fold_script: bool | None = None,
    ) -> Self:
        """Open an index; where there is none, make one.

        Args:
            path: its file.
            readonly: only read it, also while another process writes.
            near, contains, passage, mask_digits, synonyms, fold_script: as for :func:`planparse.duplicates`, fixed when
                the index is made.

        Raises:
            DuplicateIndexError: where the file is something else, has another format, is written by another process,
                is missing with ``readonly``, or was made with another threshold or option than is given.
            ValueError: for a threshold out of range.
        """
        given = {
            "near": near,
            "contains": contains,
            "passage": passage,
            "mask_digits": mask_digits,
            "synonyms": synonyms,
            "fold_script": fold_script,
        }
        wanted = {**_DEFAULTS, **{name: value for name, value in given.items() if value is not None}}
        checked(wanted["near"], wanted["contains"], int(wanted["passage"]))
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
            What :meth:`duplicates` gives then, of the new: the pairs with a new piece, their passages, the groups with
            a new piece (with the stored ones they hang together with), the template text of new pieces. Only stored
            pieces that share prints with new ones, or with these, are looked at; where most of what near copies are
            is template text, the report may hold a pair more than :meth:`duplicates`, which is always as one run.

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
            for document, of_document in given:
                stored = db.execute("SELECT digest FROM documents WHERE id = ?", (encoded(document),)).fetchone()
                mark = digest(of_document)
                if stored is not None:
                    if if_exists == "error":
                        raise ValueError(f"{document!r} is in the index already")
                    if if_exists == "skip" or stored[0] == mark:
                        continue
                    self._remove(db, document)
                db.execute("INSERT INTO documents VALUES (?, ?)", (encoded(document), mark))
                fresh += [(document, piece) for piece in of_document]
            new = [piece for _, piece in fresh]
            self._refuse_stored(db, new)
            neighbours, first = self._neighbours(db, new)
            found = self._compared(db, neighbours, new, first)
            for place, (document, piece) in enumerate(fresh):
                size, content = int(neighbours.sizes[place]), int(neighbours.contents[place])
                number = insert(db, document, piece, size, content, neighbours.samples(place))
                if number != first + place:
                    raise DuplicateIndexError(f"{self.path}: numbers of units are out of step: {number}")
            neighbours.store()
            _store_near(db, found.pairs)
            return _report(found, {piece.id for piece in new})

    def query(self, items: Iterable[Item | str]) -> Duplicates:
        """As :meth:`add`, but nothing is stored; a bare string is called ``text:<index>``.

        Raises:
            TypeError: for an item that is no document, (id, text) or string.
            ValueError: for an id that comes twice or is in the index.
        """
        new = [piece for _, found in batch(items, bare=True) for piece in found]
        with self._store.reading() as db:
            self._refuse_stored(db, new)
            neighbours, first = self._neighbours(db, new)
            return _report(self._compared(db, neighbours, new, first), {piece.id for piece in new})

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
        """Everything: what :func:`planparse.duplicates` gives for all stored documents in the order of adding."""
        with self._store.reading() as db:
            found = [piece for _, piece in load(db)]
        return found_in(stored(found, self._comparison), self._options)

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
            return iter(ids(db))

    def __repr__(self) -> str:
        if self._store.closed:
            return f"DuplicateIndex({str(self.path)!r}, closed)"
        mode = ", readonly" if self.readonly else ""
        return (
            f"DuplicateIndex({str(self.path)!r}, {len(self):,} pieces, near={self.near}, contains={self.contains}, "
            f"passage={self.passage}{mode})"
        )

    def _neighbours(self, db: sqlite3.Connection, new: Sequence[Piece]) -> tuple[Neighbours, int]:
        """What new pieces may have to do with, and the number of the first of them."""
        last = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'units'").fetchone()
        first = (last[0] if last else 0) + 1
        return Neighbours(db, stored(new, self._comparison), first, self._options), first

    def _compared(self, db: sqlite3.Connection, neighbours: Neighbours, new: Sequence[Piece], first: int) -> Duplicates:
        """New pieces and what they may have to do with, compared by the engine."""
        import numpy as np

        numbers, pairs = neighbours.found()
        corpus = stored([*(piece for _, piece in load(db, numbers)), *new], self._comparison)
        places = np.concatenate([np.array(numbers, dtype=np.int64), np.arange(len(new)) + first])
        contents = np.sort(corpus.content[np.searchsorted(places, pairs)], axis=1)
        contents = contents[contents[:, 0] < contents[:, 1]]
        candidates = np.unique(contents[:, 0] * len(corpus.first) + contents[:, 1])
        return found_in(corpus, self._options, candidates=candidates)

    def _remove(self, db: sqlite3.Connection, document: str) -> int:
        name = encoded(document)
        if not db.execute("DELETE FROM documents WHERE id = ?", (name,)).rowcount:
            raise KeyError(document)
        numbers = db.execute("SELECT n FROM units WHERE document = ?", (name,)).fetchall()
        groups = [grown(db, [n]) - {n} for (n,) in numbers]
        db.executemany("INSERT INTO removed VALUES (?)", numbers)
        db.executemany("DELETE FROM near WHERE a = ?1 OR b = ?1", numbers)
        db.execute("DELETE FROM units WHERE document = ?", (name,))
        for group in groups:
            # Of so many copies not all pairs are there: what hung together by the removed one is looked at again.
            if len(group) >= MOST_COPIES:
                rest = [piece for _, piece in load(db, sorted(group))]
                _store_near(db, found_in(stored(rest, self._comparison), self._options).pairs)
        return len(numbers)

    def _refuse_stored(self, db: sqlite3.Connection, new: Iterable[Piece]) -> None:
        for piece in new:
            if db.execute("SELECT 1 FROM units WHERE id = ?", (encoded(piece.id),)).fetchone():
                raise ValueError(f"{piece.id!r} is in the index already")


def _store_near(db: sqlite3.Connection, pairs: pd.DataFrame) -> None:
    near = pairs[pairs["relation"].isin(["exact", "near"])]
    numbers: dict[str, int] = {}
    for id in {*near["a"], *near["b"]}:
        (numbers[id],) = db.execute("SELECT n FROM units WHERE id = ?", (encoded(id),)).fetchone()
    both = (sorted((numbers[a], numbers[b])) for a, b in zip(near["a"], near["b"], strict=True))
    db.executemany("INSERT OR IGNORE INTO near VALUES (?, ?)", both)


def _report(found: Duplicates, new: set[str]) -> Duplicates:
    """Of what was found the part that new pieces are in."""

    def of_new(table: pd.DataFrame) -> pd.DataFrame:
        return table[table["a"].isin(new) | table["b"].isin(new)].reset_index(drop=True)

    def numbered(table: pd.DataFrame, column: str) -> pd.DataFrame:
        codes = table[column].rank(method="dense").astype("int64") - 1
        return table.assign(**{column: codes}).reset_index(drop=True)

    groups = found.groups
    groups = groups[groups["group"].isin(groups.loc[groups["member"].isin(new), "group"])]
    members = set(groups["member"])
    return replace(
        found,
        pairs=of_new(found.pairs),
        passages=of_new(found.passages),
        groups=numbered(groups, "group"),
        templates=numbered(found.templates[found.templates["member"].isin(new)], "template"),
        copies={id: piece for id, piece in found.copies.items() if id in members},
    )
