"""Units as rows of an index file (入库的比较单元)."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from planparse.dedupe.candidates import SMALL_GRAM, SMALL_RUN, winnowed
from planparse.dedupe.normalise import compared
from planparse.dedupe.shingles import K, sketch
from planparse.dedupe.units import Unit, units
from planparse.document import Document, Span

if TYPE_CHECKING:
    import sqlite3

    import numpy as np
    from numpy.typing import NDArray

PASSAGE, SAMPLE, SMALL, TINY = "passage", "sample", "small", "tiny"
# Prints of different kinds never meet: each kind turns its own bits over.
_KINDS = {PASSAGE: 0, SAMPLE: 0x5851F42D4C957F2D, SMALL: 0x14057B7EF767814F, TINY: 0x2545F4914F6CDD1D}
_COLUMNS = "n, id, text, places, raws, heading"
_AT_ONCE = 500

Item = Document | tuple[str, str]


def batch(items: Iterable[Item | str], bare: bool) -> list[tuple[str, list[Unit]]]:
    """The units of each document, or of each (id, text); of a bare text too, where those are allowed.

    Raises:
        TypeError: for anything else.
        ValueError: where an id comes twice.
    """
    found: list[tuple[str, list[Unit]]] = []
    seen: set[str] = set()
    for index, item in enumerate(items):
        if isinstance(item, Document):
            found.append((item.id, list(units([item]))))
        elif isinstance(item, tuple) and len(item) == 2 and all(isinstance(part, str) for part in item):
            id, text = item
            found.append((id, [Unit(id, text, compared(text), int)]))
        elif bare and isinstance(item, str):
            found.append((f"text:{index}", [Unit(f"text:{index}", item, compared(item), int)]))
        else:
            wanted = "a Document, an (id, text)" + (" or a str" if bare else "")
            raise TypeError(f"item {index} is a {type(item).__name__}, not {wanted}")
        names = {found[-1][0], *(unit.id for unit in found[-1][1])}
        if names & seen:
            raise ValueError(f"two items are called {sorted(names & seen)[0]!r}: give each its own id")
        seen |= names
    return found


def digest(found: Iterable[Unit]) -> bytes:
    """What says whether a document is the one that is stored."""
    sha = hashlib.sha256()
    for unit in found:
        parts = (unit.id, unit.heading.text if unit.heading else "", unit.text)
        sha.update(json.dumps([*parts, *map(list, _offset_map(unit))]).encode())
    return sha.digest()


def prints(unit: Unit, passage: int) -> dict[str, NDArray[np.uint64]]:
    """The prints by which a unit is found, by kind; ``TINY`` are all its 5-grams."""
    import numpy as np

    hashes = unit.hashes()
    found = {
        PASSAGE: winnowed(unit, max(K, passage // 2), passage),
        SAMPLE: sketch(hashes),
        SMALL: winnowed(unit, SMALL_GRAM, SMALL_RUN),
        TINY: np.unique(hashes),
    }
    return {kind: values ^ np.uint64(_KINDS[kind]) for kind, values in found.items()}


def insert(db: sqlite3.Connection, document: str, unit: Unit, sample: NDArray[np.uint64]) -> int:
    """Store a unit; its number."""
    import numpy as np

    places, raws = _offset_map(unit)
    heading = None if unit.heading is None else [unit.heading.start, unit.heading.end, unit.heading.text]
    number = db.execute(
        "INSERT INTO units (id, document, size, text, places, raws, heading, sketch) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            encoded(unit.id),
            encoded(document),
            unit.size,
            encoded(unit.text),
            np.array(places, dtype="<i8").tobytes(),
            np.array(raws, dtype="<i8").tobytes(),
            json.dumps(heading) if heading else None,
            sample.astype("<u8").tobytes(),
        ),
    ).lastrowid
    assert number is not None
    return number


def load(db: sqlite3.Connection, numbers: Sequence[int] | None = None) -> Iterator[tuple[int, Unit]]:
    """The stored units of these numbers, or all, in the order of adding."""
    if numbers is None:
        yield from map(_unit, db.execute(f"SELECT {_COLUMNS} FROM units ORDER BY n"))
        return
    for rows in select(db, _COLUMNS, sorted(numbers)):
        yield _unit(rows)


def select(db: sqlite3.Connection, columns: str, numbers: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """Columns of the units of these numbers, which are sorted."""
    for start in range(0, len(numbers), _AT_ONCE):
        some = numbers[start : start + _AT_ONCE]
        marks = ", ".join("?" * len(some))
        yield from db.execute(f"SELECT {columns} FROM units WHERE n IN ({marks}) ORDER BY n", some).fetchall()


def encoded(text: str) -> bytes:
    """A text as it is stored: file names and broken pages hold lone surrogates."""
    return text.encode("utf-8", "surrogatepass")


def decoded(data: bytes) -> str:
    """A stored text."""
    return data.decode("utf-8", "surrogatepass")


def _unit(row: tuple[Any, ...]) -> tuple[int, Unit]:
    import numpy as np

    number, id, text, places, raws, heading = row
    whole = decoded(text)
    starts, targets = np.frombuffer(places, dtype="<i8").tolist(), np.frombuffer(raws, dtype="<i8").tolist()
    title = Span(*json.loads(heading)) if heading else None
    return number, Unit(decoded(id), whole, compared(whole), _source(starts, targets), title)


def _source(places: list[int], raws: list[int]) -> Callable[[int], int]:
    def source(offset: int) -> int:
        at = bisect_right(places, offset) - 1
        return raws[at] + offset - places[at]

    return source


def _offset_map(unit: Unit) -> tuple[list[int], list[int]]:
    """Where the way from the unit's text to the original text makes a step, and where to."""
    places, raws = [0], [unit.source(0) if unit.text else 0]
    if unit.source is int:
        return places, raws
    for offset in range(1, len(unit.text)):
        raw = unit.source(offset)
        if raw - offset != raws[-1] - places[-1]:
            places.append(offset)
            raws.append(raw)
    return places, raws
