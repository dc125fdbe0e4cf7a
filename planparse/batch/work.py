"""A shard of pages to its part of the tables (分片): what one worker does, from plain values to plain values."""

from __future__ import annotations

import faulthandler
import hashlib
import os
import signal
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, Literal, NamedTuple

from planparse.batch.lines import Lines, lines_of
from planparse.document import Document
from planparse.pipeline import from_item
from planparse.reading.inputs import Item
from planparse.rules.ruleset import Ruleset
from planparse.views.jsonable import dumps
from planparse.views.tables import TABLES, Row, arrow, records, rows

Format = Literal["parquet", "jsonl"]

# A shard is so many pages or bytes, whichever comes first. The bounds depend on the input alone, so that the tables are
# the same bytes whatever the number of workers.
SHARD_PAGES = 256
SHARD_BYTES = 4_000_000
# Longer texts are no plan; a worker needs about 80 bytes a character.
LONGEST = 4_000_000
# A page that is deaf to the time limit, somewhere inside a library, ends its worker so many seconds after it.
_GRACE = 5.0


@dataclass
class Counts:
    """What a run found. ``removed`` counts characters, the other counters cases, by kind."""

    documents: int = 0
    set_aside: int = 0
    pieces: int = 0
    sections: int = 0
    characters: int = 0
    clean_characters: int = 0
    measures: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    removals: Counter[str] = field(default_factory=Counter)
    repairs: Counter[str] = field(default_factory=Counter)
    anomalies: Counter[str] = field(default_factory=Counter)

    def add(self, doc: Document) -> None:
        """Count one document."""
        self.documents += 1
        self.pieces += len(doc.pieces)
        self.sections += len(doc.sections)
        self.characters += len(doc.text)
        self.clean_characters += len(doc.clean_text)
        self.measures.update(measure.kind for measure in doc.measures)
        self.repairs.update(edit.kind for edit in doc.repairs)
        self.anomalies.update(anomaly.kind for anomaly in doc.anomalies)
        for edit in doc.removed:
            self.removals[edit.kind] += 1
            self.removed[edit.kind] += edit.end - edit.start

    def __iadd__(self, other: Counts) -> Counts:
        for name, value in vars(other).items():
            mine = getattr(self, name)
            if isinstance(mine, Counter):
                mine.update(value)
            else:
                setattr(self, name, mine + value)
        return self

    def as_dict(self) -> dict[str, Any]:
        """The counts as JSON can hold them."""
        return {name: dict(n) if isinstance(n, Counter) else n for name, n in vars(self).items()}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Counts:
        """The counts that :meth:`as_dict` gave."""
        counts = cls()
        for name, value in values.items():
            setattr(counts, name, Counter(value) if isinstance(value, dict) else value)
        return counts


class Shard(NamedTuple):
    """A run of pages in input order; ``key`` is a hash of all that is in it."""

    number: int
    items: tuple[Item, ...]
    key: str


class Result(NamedTuple):
    """What became of a shard: each table's bytes, what was counted, each page's reason to be set aside or None."""

    number: int
    key: str
    tables: dict[str, bytes]
    counts: Counts
    reasons: tuple[str | None, ...]
    texts: tuple[tuple[str, str], ...]
    lines: tuple[tuple[str, Lines], ...] = ()


class Wanted(NamedTuple):
    """What is wanted of each shard.

    Attributes:
        format: of the tables' bytes: ``parquet`` gives Arrow's stream format, ``jsonl`` lines.
        texts: whether the cleaned texts are wanted too.
        lines: whether the lines that may be a site's are.
        seconds: the most time that one page may take; None for any.
    """

    format: Format = "parquet"
    texts: bool = False
    lines: bool = False
    seconds: float | None = None


def shards(items: Iterable[Item]) -> Iterator[Shard]:
    """Pages in input order, cut into shards."""
    waiting: list[Item] = []
    size = number = 0
    for item in items:
        waiting.append(item)
        size += _size(item)
        if len(waiting) >= SHARD_PAGES or size >= SHARD_BYTES:
            yield shard_of(number, waiting)
            number, size, waiting = number + 1, 0, []
    if waiting:
        yield shard_of(number, waiting)


def _size(item: Item) -> int:
    """About how many bytes a page has; Chinese text is two a character in memory."""
    if item.source is not None:
        return 2 * len(item.source.text)
    if item.raw is not None:
        return len(item.raw.data) * (2 if isinstance(item.raw.data, str) else 1)
    return 0


def shard_of(number: int, items: Iterable[Item]) -> Shard:
    """A shard of these pages."""
    found = tuple(items)
    digest = hashlib.sha256()
    for item in found:
        data: str | bytes = item.error or ""
        if item.source is not None:
            data = item.source.text
        elif item.raw is not None:
            data = item.raw.data
        data = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
        names = "\0".join([item.id, item.url or "", item.record_id or "", str(len(data)), ""])
        digest.update(names.encode("utf-8", "surrogatepass"))
        digest.update(data)
    return Shard(number, found, digest.hexdigest())


def work(shard: Shard, rules: Ruleset, wanted: Wanted, alone: bool = False) -> Result:
    """Read and parse the pages of a shard and make its part of every table.

    Args:
        shard: the pages.
        rules: the rule tables.
        wanted: what the result holds.
        alone: whether this process may be ended by a page that is deaf to the time limit.
    """
    counts = Counts()
    values: dict[str, list[Row]] = {table: [] for table in TABLES}
    reasons: list[str | None] = []
    cleaned: list[tuple[str, str]] = []
    lines: list[tuple[str, Lines]] = []
    for item in shard.items:
        with _end_when_deaf(wanted.seconds if alone else None):
            doc, reason = parsed(item, rules, wanted.seconds)
        reasons.append(reason)
        if doc is None:
            counts.set_aside += 1
            continue
        counts.add(doc)
        for table, found in rows(doc).items():
            values[table] += found
        if wanted.texts:
            cleaned.append((doc.id, doc.clean_text))
        if wanted.lines:
            lines.append(lines_of(doc))
    encode = _arrow_bytes if wanted.format == "parquet" else _lines_bytes
    tables = {table: encode(table, found) for table, found in values.items() if found}
    return Result(shard.number, shard.key, tables, counts, tuple(reasons), tuple(cleaned), tuple(lines))


def parsed(item: Item, rules: Ruleset, seconds: float | None = None) -> tuple[Document | None, str | None]:
    """The document, or the reason why there is none."""
    try:
        with time_limit(seconds):
            opened = item.opened()
            if opened.source is None:
                return None, opened.error
            if len(opened.source.text) > LONGEST:
                return None, f"{item.path}: is longer than {LONGEST:,} characters"
            return from_item(opened, rules), None
    except TimeLimit:
        return None, f"{item.path}: takes longer than {seconds:g} s"
    except Exception as error:
        # A mistake of ours on one page must not lose the others.
        return None, f"{item.path}: internal error: {type(error).__name__}: {' '.join(str(error).split())}"


class TimeLimit(BaseException):
    """A page took too long. No ``Exception``, so that no library on the way takes it for one of its own."""


@contextmanager
def _end_when_deaf(seconds: float | None) -> Iterator[None]:
    """End this process where a block outlasts the time limit: one that is inside a library never hears the signal.

    The watchdog is a thread of C, which needs no turn of the interpreter.
    """
    if seconds is None:
        yield
        return
    with Path(os.devnull).open("w") as nowhere:
        faulthandler.dump_traceback_later(seconds + _GRACE, exit=True, file=nowhere)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


@contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """Raise :class:`TimeLimit` in a block that takes longer; where signals cannot be had (threads) nothing happens."""
    if seconds is None or threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGALRM"):
        yield
        return

    def ring(signum: int, frame: FrameType | None) -> None:
        raise TimeLimit

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _arrow_bytes(table: str, values: list[Row]) -> bytes:
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    made = arrow(table, values)
    with pa.ipc.new_stream(sink, made.schema) as writer:
        writer.write_table(made)
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]


def _lines_bytes(table: str, values: list[Row]) -> bytes:
    return b"".join(dumps(record) + b"\n" for record in records(table, values))
