"""A shard of pages to its part of the tables (分片): what one worker does, from plain values to plain values."""

from __future__ import annotations

import hashlib
import signal
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, Literal, NamedTuple

from planparse.document import Document
from planparse.pipeline import from_source
from planparse.reading.inputs import Item
from planparse.rules.ruleset import Ruleset
from planparse.views.jsonable import dumps
from planparse.views.tables import TABLES, Row, arrow, records, rows

Format = Literal["parquet", "jsonl"]

# A shard is so many pages or characters, whichever comes first. The bounds depend on the input alone, so that the
# tables are the same bytes whatever the number of workers.
SHARD_PAGES = 256
SHARD_CHARACTERS = 2_000_000
# Longer texts are no plan; they would take a worker's memory.
LONGEST = 20_000_000


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


def shards(items: Iterable[Item]) -> Iterator[Shard]:
    """Pages in input order, cut into shards."""
    waiting: list[Item] = []
    characters = number = 0
    for item in items:
        waiting.append(item)
        characters += len(item.source.text) if item.source else 0
        if len(waiting) >= SHARD_PAGES or characters >= SHARD_CHARACTERS:
            yield shard_of(number, waiting)
            number, characters, waiting = number + 1, 0, []
    if waiting:
        yield shard_of(number, waiting)


def shard_of(number: int, items: Iterable[Item]) -> Shard:
    """A shard of these pages."""
    found = tuple(items)
    digest = hashlib.sha256()
    for item in found:
        text = item.source.text.encode("utf-8", "surrogatepass") if item.source else (item.error or "").encode()
        digest.update(f"{item.id}\0{len(text)}\0".encode("utf-8", "surrogatepass"))
        digest.update(text)
    return Shard(number, found, digest.hexdigest())


def work(shard: Shard, rules: Ruleset, format: Format, texts: bool, seconds: float | None) -> Result:
    """Parse the pages of a shard and make its part of every table.

    Args:
        shard: the pages.
        rules: the rule tables.
        format: of the tables' bytes: ``parquet`` gives Arrow's stream format, ``jsonl`` lines.
        texts: whether the cleaned texts are wanted too.
        seconds: the most time that one page may take; None for any.
    """
    counts = Counts()
    values: dict[str, list[Row]] = {table: [] for table in TABLES}
    reasons: list[str | None] = []
    cleaned: list[tuple[str, str]] = []
    for item in shard.items:
        doc, reason = parsed(item, rules, seconds)
        reasons.append(reason)
        if doc is None:
            counts.set_aside += 1
            continue
        counts.add(doc)
        for table, found in rows(doc).items():
            values[table] += found
        if texts:
            cleaned.append((doc.id, doc.clean_text))
    encode = _arrow_bytes if format == "parquet" else _lines_bytes
    tables = {table: encode(table, found) for table, found in values.items() if found}
    return Result(shard.number, shard.key, tables, counts, tuple(reasons), tuple(cleaned))


def parsed(item: Item, rules: Ruleset, seconds: float | None = None) -> tuple[Document | None, str | None]:
    """The document, or the reason why there is none."""
    if item.source is None:
        return None, item.error
    if len(item.source.text) > LONGEST:
        return None, f"{item.path}: is longer than {LONGEST:,} characters"
    try:
        with time_limit(seconds):
            return from_source(item.source, item.id, rules), None
    except TimeLimit:
        return None, f"{item.path}: takes longer than {seconds:g} s"
    except Exception as error:
        # A mistake of ours on one page must not lose the others.
        return None, f"{item.path}: internal error: {type(error).__name__}: {' '.join(str(error).split())}"


class TimeLimit(Exception):
    """A page took too long."""


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
