"""Pieces and contents as rows: what is compared when it travels between machines (比较单元)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from planparse.dedupe.corpus import Corpus, digests, stored
from planparse.dedupe.groups import standing
from planparse.dedupe.normalise import USUAL
from planparse.dedupe.units import WHOLE, Piece, pieces
from planparse.spark.clean import parsed_or_reason

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

    # What ``mapInArrow`` takes.
    Mapper = Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]

SCHEMA = (
    "id string, name string, number int, text string, places array<int>, raws array<int>, "
    "size bigint, masks bigint, digest bigint, key binary"
)
# What a piece is, for its places in the original text.
PIECE = ("text", "places", "raws")
_UNITS_AT_ONCE = 512
# Flips the sign: as Spark's integers digests stand in the order they have without one.
_SIGN = 2**63


def unit_batches(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The pieces of each text of the batches (``id``, ``text``), in order; texts that cannot be parsed give none."""
    waiting: list[Piece] = []
    for batch in batches:
        for id, text in zip(batch.column("id"), batch.column("text"), strict=True):
            doc, _ = parsed_or_reason(id.as_py(), text.as_py())
            if doc is not None:
                waiting += pieces([doc])
            if len(waiting) >= _UNITS_AT_ONCE:
                yield _batch(waiting)
                waiting = []
    if waiting:
        yield _batch(waiting)


def _batch(some: list[Piece]) -> pa.RecordBatch:
    import numpy as np
    import pyarrow as pa

    corpus = stored(some, USUAL)
    names = [standing(piece.id) for piece in some]
    ordered = (digests(corpus) ^ np.uint64(_SIGN)).view(np.int64)
    spans = zip(corpus.bounds[:-1].tolist(), corpus.bounds[1:].tolist(), strict=True)
    keys = [blake2b(corpus.codes[start:end].astype("<u4").tobytes(), digest_size=16).digest() for start, end in spans]
    integers = pa.list_(pa.int32())
    columns: dict[str, Any] = {
        "id": pa.array([piece.id for piece in some], pa.string()),
        "name": pa.array([name for name, _, _ in names], pa.string()),
        "number": pa.array([number for _, number, _ in names], pa.int32()),
        "text": pa.array([piece.text for piece in some], pa.string()),
        "places": pa.array([piece.places for piece in some], integers),
        "raws": pa.array([piece.raws for piece in some], integers),
        "size": pa.array(np.diff(corpus.bounds), pa.int64()),
        "masks": pa.array([corpus.masks(i) for i in range(len(some))], pa.int64()),
        "digest": pa.array(ordered, pa.int64()),
        "key": pa.array(keys, pa.binary()),
    }
    return pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))


def contents_of(pieces: DataFrame) -> DataFrame:
    """The different compared texts of the pieces that have one, each called by the ``unit`` of its first piece.

    Columns: ``content``, ``copies`` (how many pieces it is), ``best`` (the unit that stands for the others),
    ``digest`` (what the local engine numbers contents by), ``size``, ``key`` and ``text``, which is of the first piece.
    Equal are texts of one 128-bit digest.
    """
    from pyspark.sql import functions as F

    found = (
        pieces.where("size > 0")
        .groupBy("key")
        .agg(
            F.min("unit").alias("content"),
            F.count("unit").alias("copies"),
            F.min(F.struct("masks", "name", "number", "id", "unit"))["unit"].alias("best"),
        )
    )
    first = pieces.select(F.col("unit").alias("content"), "digest", "size", "text")
    return found.join(first, "content")


def members_of(contents: DataFrame, pieces: DataFrame) -> DataFrame:
    """The pieces of each content: ``content``, ``unit``, ``id``, and whether it is the ``best``."""
    from pyspark.sql import functions as F

    mine = pieces.where("size > 0").select("unit", "id", "key")
    found = contents.select("content", "best", "key").join(mine, "key")
    return found.select("content", "unit", "id", (F.col("unit") == F.col("best")).alias("best"))


def corpus_of(texts: Mapping[int, str]) -> tuple[Corpus, list[int]]:
    """Some texts as a corpus in the order of their numbers, and these numbers."""
    numbers = sorted(texts)
    return stored((Piece(str(number), texts[number], WHOLE, WHOLE) for number in numbers), USUAL), numbers


def piece_of(row: Mapping[str, Any]) -> Piece:
    """The piece of a row with :data:`PIECE`."""
    return Piece("", row["text"], tuple(row["places"]), tuple(row["raws"]))
