"""Pieces as rows: what a unit of comparison is when it travels between machines (比较单元)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from planparse.dedupe.candidates import SMALL_GRAM, SMALL_RUN, winnowed
from planparse.dedupe.groups import masks
from planparse.dedupe.normalise import compared
from planparse.dedupe.shingles import K, sketch
from planparse.dedupe.units import Unit, units
from planparse.document import Document
from planparse.spark.clean import parsed_or_reason

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

SCHEMA = "id string, text string, places array<int>, raws array<int>, size bigint, masks bigint"
PRINTS = "print bigint, unit bigint"
_UNITS_AT_ONCE = 512


def unit_batches(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The pieces of each text of the batches (``id``, ``text``), in order; texts that cannot be parsed give none."""
    waiting: list[dict[str, Any]] = []
    for batch in batches:
        for id, text in zip(batch.column("id"), batch.column("text"), strict=True):
            doc, _ = parsed_or_reason(id.as_py(), text.as_py())
            if doc is not None:
                waiting += _rows(doc)
            if len(waiting) >= _UNITS_AT_ONCE:
                yield _batch(waiting)
                waiting = []
    if waiting:
        yield _batch(waiting)


def _rows(doc: Document) -> Iterator[dict[str, Any]]:
    # Between two edits original offsets run beside the clean ones: these places and what they map to are the whole map.
    changes = {at for edit in doc.edits for at in range(doc.to_clean(edit.start), doc.to_clean(edit.end) + 1)}
    for piece, unit in zip(doc.pieces, units([doc]), strict=True):
        start = doc.to_clean(piece.heading_end)
        length = len(unit.text)
        places = sorted({0, *(at - start for at in changes if start < at < start + length)}) if length else []
        yield {
            "id": unit.id,
            "text": unit.text,
            "places": places,
            "raws": [unit.source(place) for place in places],
            "size": unit.size,
            "masks": masks(unit.text),
        }


def _batch(values: list[dict[str, Any]]) -> pa.RecordBatch:
    import pyarrow as pa

    types = [pa.string(), pa.string(), pa.list_(pa.int32()), pa.list_(pa.int32()), pa.int64(), pa.int64()]
    names = ["id", "text", "places", "raws", "size", "masks"]
    return pa.RecordBatch.from_pylist(values, schema=pa.schema(list(zip(names, types, strict=True))))


def unit(id: str, text: str, places: list[int], raws: list[int]) -> Unit:
    """The unit of a row."""

    def source(offset: int) -> int:
        at = bisect_right(places, offset) - 1
        return raws[at] + offset - places[at]

    return Unit(id, text, compared(text), source)


def prints(unit: Unit, passage: int) -> NDArray[np.uint64]:
    """The distinct hashes that stand for a unit in the join: sampled for containment, winnowed for passages.

    The local engine counts shared samples and looks for small units apart; here a pair needs one print, which gives
    more candidates and the same pairs, since each is compared exactly.
    """
    import numpy as np

    grams = ((max(K, passage // 2), passage), (SMALL_GRAM, SMALL_RUN))
    return np.unique(np.concatenate([sketch(unit.hashes()), *(winnowed(unit, gram, run) for gram, run in grams)]))


def print_batches(batches: Iterable[pa.RecordBatch], passage: int) -> Iterator[pa.RecordBatch]:
    """The fingerprints (``print``, ``unit``) of units given as ``unit`` and ``text``."""
    import numpy as np
    import pyarrow as pa

    for batch in batches:
        if not batch.num_rows:
            continue
        texts = (cell.as_py() for cell in batch.column("text"))
        found = [prints(unit("", text, [], []), passage) for text in texts]
        owners = np.repeat(batch.column("unit").to_numpy(zero_copy_only=False), [len(one) for one in found])
        # Spark has no unsigned integers: the same 64 bits.
        hashes = np.concatenate(found).view(np.int64)
        yield pa.RecordBatch.from_arrays([pa.array(hashes), pa.array(owners, pa.int64())], names=["print", "unit"])
