"""Pieces as rows of an index file (入库的比较单元)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from planparse.dedupe.units import WHOLE, Piece, pieces
from planparse.document import Document, Span

if TYPE_CHECKING:
    import sqlite3

    import numpy as np
    from numpy.typing import NDArray

_COLUMNS = "n, id, text, places, raws, heading"
_AT_ONCE = 500

Item = Document | tuple[str, str]


def batch(items: Iterable[Item | str], bare: bool) -> list[tuple[str, list[Piece]]]:
    """The pieces of each document, or of each (id, text); of a bare text too, where those are allowed.

    Raises:
        TypeError: for anything else.
        ValueError: where an id comes twice.
    """
    found: list[tuple[str, list[Piece]]] = []
    seen: set[str] = set()
    for index, item in enumerate(items):
        if isinstance(item, Document):
            found.append((item.id, list(pieces([item]))))
        elif isinstance(item, tuple) and len(item) == 2 and all(isinstance(part, str) for part in item):
            id, text = item
            found.append((id, [Piece(id, text, WHOLE, WHOLE)]))
        elif bare and isinstance(item, str):
            found.append((f"text:{index}", [Piece(f"text:{index}", item, WHOLE, WHOLE)]))
        else:
            wanted = "a Document, an (id, text)" + (" or a str" if bare else "")
            raise TypeError(f"item {index} is a {type(item).__name__}, not {wanted}")
        names = {found[-1][0], *(piece.id for piece in found[-1][1])}
        if names & seen:
            raise ValueError(f"two items are called {sorted(names & seen)[0]!r}: give each its own id")
        seen |= names
    return found


def digest(found: Iterable[Piece]) -> bytes:
    """What says whether a document is the one that is stored."""
    sha = hashlib.sha256()
    for piece in found:
        heading = piece.heading.text if piece.heading else ""
        sha.update(json.dumps([piece.id, heading, piece.text, piece.places, piece.raws]).encode())
    return sha.digest()


def insert(
    db: sqlite3.Connection, document: str, piece: Piece, size: int, content: int, samples: NDArray[np.uint64]
) -> int:
    """Store a piece; its number."""
    import numpy as np

    heading = None if piece.heading is None else [piece.heading.start, piece.heading.end, piece.heading.text]
    number = db.execute(
        "INSERT INTO units (id, document, size, content, text, places, raws, heading, samples) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            encoded(piece.id),
            encoded(document),
            size,
            content,
            encoded(piece.text),
            np.array(piece.places, dtype="<i8").tobytes(),
            np.array(piece.raws, dtype="<i8").tobytes(),
            json.dumps(heading) if heading else None,
            samples.astype("<u8").tobytes(),
        ),
    ).lastrowid
    assert number is not None
    return number


def load(db: sqlite3.Connection, numbers: Sequence[int] | None = None) -> Iterator[tuple[int, Piece]]:
    """The stored pieces of these numbers, which are sorted, or all, in the order of adding."""
    rows = db.execute(f"SELECT {_COLUMNS} FROM units ORDER BY n") if numbers is None else select(db, _COLUMNS, numbers)
    yield from map(_piece, rows)


def select(db: sqlite3.Connection, columns: str, numbers: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """Columns of the units of these numbers, which are sorted."""
    for start in range(0, len(numbers), _AT_ONCE):
        some = numbers[start : start + _AT_ONCE]
        marks = ", ".join("?" * len(some))
        yield from db.execute(f"SELECT {columns} FROM units WHERE n IN ({marks}) ORDER BY n", some).fetchall()


def ids(db: sqlite3.Connection) -> list[str]:
    """The ids of all stored pieces, in the order of adding."""
    return [decoded(id) for (id,) in db.execute("SELECT id FROM units ORDER BY n")]


def encoded(text: str) -> bytes:
    """A text as it is stored: file names and broken pages hold lone surrogates."""
    return text.encode("utf-8", "surrogatepass")


def decoded(data: bytes) -> str:
    """A stored text."""
    return data.decode("utf-8", "surrogatepass")


def _piece(row: tuple[Any, ...]) -> tuple[int, Piece]:
    import numpy as np

    number, id, text, places, raws, heading = row
    starts, targets = (tuple(np.frombuffer(data, dtype="<i8").tolist()) for data in (places, raws))
    return number, Piece(decoded(id), decoded(text), starts, targets, Span(*json.loads(heading)) if heading else None)
