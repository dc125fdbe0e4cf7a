"""The file of a :class:`planparse.DuplicateIndex`: an SQLite database, its format, its one writer (索引文件)."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

# "ppdx"; with the format's number it stands in the header of the file.
APPLICATION = 0x70706478
FORMAT = 1
_TABLES = """
CREATE TABLE settings (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE documents (id BLOB PRIMARY KEY, digest BLOB NOT NULL) WITHOUT ROWID;
-- Numbers rise in the order of adding and are never given again: AUTOINCREMENT.
CREATE TABLE units (
    n INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL UNIQUE, document BLOB NOT NULL, size INTEGER NOT NULL,
    content INTEGER NOT NULL, text BLOB NOT NULL, places BLOB NOT NULL, raws BLOB NOT NULL, heading TEXT,
    samples BLOB NOT NULL
);
CREATE INDEX units_document ON units (document);
CREATE INDEX units_content ON units (content);
-- Exact and near copies: what groups hang together by.
CREATE TABLE near (a INTEGER, b INTEGER, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE INDEX near_b ON near (b);
-- The 5-grams of very short units: of these, postings hold all units that have them, of any size.
CREATE TABLE tiny (print INTEGER PRIMARY KEY);
CREATE TABLE postings (part INTEGER PRIMARY KEY, bucket INTEGER NOT NULL, entries BLOB NOT NULL);
CREATE INDEX postings_bucket ON postings (bucket);
-- Numbers of units that are gone, but may still stand in postings.
CREATE TABLE removed (n INTEGER PRIMARY KEY);
"""


class DuplicateIndexError(ValueError):
    """An index that cannot be opened or written. The message is one line and begins with the file's name."""


class Store:
    """An open index file.

    Args:
        path: the file.
        readonly: whether it is only read; else it is made where it is missing, and its writer's lock is held.
        settings: what a new index is made with.

    Raises:
        DuplicateIndexError: where the file is missing, is none, has another format, or has a writer already.
    """

    def __init__(self, path: Path, readonly: bool, settings: Mapping[str, float]) -> None:
        self.path = path
        self.readonly = readonly
        self.closed = False
        self._lock = threading.RLock()
        self._writer: IO[bytes] | None = None
        if readonly and not path.exists():
            raise DuplicateIndexError(f"{path}: there is no such index")
        try:
            if not readonly:
                self._writer = _writer_lock(path)
            mode = "ro" if readonly else "rwc"
            self.db = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode={mode}",
                uri=True,
                timeout=60,
                isolation_level=None,
                check_same_thread=False,
            )
        except (OSError, sqlite3.Error) as error:
            self._unlock()
            raise DuplicateIndexError(f"{path}: {error}") from None
        try:
            self._check(settings)
        except BaseException:
            self.close()
            raise

    def _check(self, settings: Mapping[str, float]) -> None:
        """Refuse what is no index of this format; fill a new file."""
        with self.reading():
            (application,) = self.db.execute("PRAGMA application_id").fetchone()
            (version,) = self.db.execute("PRAGMA user_version").fetchone()
            empty = not application and not self.db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if empty and not self.readonly:
            # The log beside the file lets readers see the last committed state while a batch is written.
            self.db.execute("PRAGMA journal_mode = WAL")
            with self.writing():
                for statement in _TABLES.split(";\n"):
                    self.db.execute(statement)
                self.db.executemany("INSERT INTO settings VALUES (?, ?)", settings.items())
                self.db.execute(f"PRAGMA application_id = {APPLICATION}")
                self.db.execute(f"PRAGMA user_version = {FORMAT}")
        elif application != APPLICATION:
            raise DuplicateIndexError(f"{self.path}: not an index of duplicates")
        elif version != FORMAT:
            raise DuplicateIndexError(
                f"{self.path}: an index of format {version}, and this planparse reads format {FORMAT}: "
                "make it anew from its documents"
            )
        # A commit is on the disk before add() returns.
        self.db.execute("PRAGMA synchronous = FULL")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The database as it was committed last, unchanged until the block ends."""
        with self._lock, self._named_errors():
            self.db.execute("BEGIN")
            try:
                yield self.db
            finally:
                # Nothing was written: this only lets go of the state.
                with suppress(sqlite3.Error):
                    self.db.execute("ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One change: committed whole where the block ends normally, else not at all."""
        if self.readonly:
            raise DuplicateIndexError(f"{self.path}: opened for reading only")
        with self._lock, self._named_errors():
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield self.db
                self.db.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self.db.execute("ROLLBACK")
                raise

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        if self.closed:
            raise DuplicateIndexError(f"{self.path}: closed")
        try:
            yield
        except sqlite3.Error as error:
            raise DuplicateIndexError(f"{self.path}: {error}") from error

    def settings(self) -> dict[str, Any]:
        """What the index was made with."""
        with self.reading() as db:
            return dict(db.execute("SELECT name, value FROM settings"))

    def close(self) -> None:
        """Let go of the file; a second time does nothing."""
        with self._lock:
            self.closed = True
            self.db.close()
            self._unlock()

    def _unlock(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None


def _writer_lock(path: Path) -> IO[bytes]:
    """A lock that the system lets go of when the process ends, however it ends."""
    file = Path(f"{path}.lock").open("ab")  # noqa: SIM115 (held while the index is open)
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise DuplicateIndexError(
            f"{path}: another process writes it; readonly=True opens it for reading meanwhile"
        ) from None
    return file
