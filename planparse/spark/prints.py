"""The local engine's prints as rows, and the pairs of contents they give (指纹与候选对)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from planparse.dedupe.candidates import POPULAR, SMALL, SMALL_RUN
from planparse.dedupe.joins import Postings, least_samples, pairs_of_all, pairs_of_next
from planparse.dedupe.prints import LOOKUP_BITS, PiecePrints, piece_prints, slots
from planparse.dedupe.shingles import K
from planparse.spark.units import corpus_of

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray
    from pyspark.sql import DataFrame

    from planparse.spark.units import Mapper

LONG, SAMPLE, SHORT, FIVE = range(4)
_PRINTS = "kind int, print bigint, content bigint, digest bigint, size bigint"
_SHARED = "first bigint, second bigint, samples bigint, short boolean"
_PAIRS = "first bigint, second bigint"
# Squares of lists' lengths, twice the pairs that are made at once.
_SQUARES = 2**22
# Places that one bitmap of Spark's holds.
_PART = 2**15


def prints_of(contents: DataFrame, passage: int) -> DataFrame:
    """The prints of each content: ``kind``, ``print``, and the content's number, digest and size.

    Of short prints only those that small contents may have: which is known of a table of ``2**LOOKUP_BITS`` places.
    """
    import numpy as np
    from pyspark.sql import functions as F

    small = contents.where((F.col("size") >= K) & (F.col("size") < SMALL)).select("content", "size", "text")
    places = small.mapInArrow(_places(passage), "kind int, part int, place bigint").groupBy("kind", "part")
    wanted = {kind: np.zeros((2**LOOKUP_BITS // _PART, _PART // 8), dtype=np.uint8) for kind in (SHORT, FIVE)}
    for row in places.agg(F.bitmap_construct_agg("place").alias("bits")).collect():
        wanted[row.kind][row.part] = np.frombuffer(row.bits, dtype=np.uint8)
    return contents.select("content", "digest", "size", "text").mapInArrow(_printer(passage, wanted), _PRINTS)


def _printed(batch: pa.RecordBatch, passage: int) -> Iterator[PiecePrints]:
    """The prints of each text, in the batch's order."""
    texts = batch.column("text").to_pylist()
    corpus, _ = corpus_of(dict(enumerate(texts)))
    for start, end in pairwise(corpus.bounds.tolist()):
        yield piece_prints(corpus.codes[start:end], passage)


def _places(passage: int) -> Mapper:
    """The places of the short prints of small contents in the table, each once a batch."""

    def mapped(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import numpy as np
        import pyarrow as pa

        for batch in batches:
            found: dict[int, list[NDArray[np.uint64]]] = {SHORT: [], FIVE: []}
            for size, prints in zip(batch.column("size").to_pylist(), _printed(batch, passage), strict=True):
                found[FIVE if size < SMALL_RUN else SHORT].append(prints.fives if size < SMALL_RUN else prints.short)
            for kind, parts in found.items():
                if parts:
                    place = np.unique(slots(np.concatenate(parts))).astype(np.int64)
                    kinds = pa.array(np.full(len(place), kind, dtype=np.int32))
                    columns = [kinds, pa.array((place // _PART).astype(np.int32)), pa.array(place % _PART)]
                    yield pa.RecordBatch.from_arrays(columns, names=["kind", "part", "place"])

    return mapped


def _printer(passage: int, wanted: Mapping[int, NDArray[np.uint8]]) -> Mapper:
    def mapped(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import numpy as np
        import pyarrow as pa

        tables = {kind: np.unpackbits(bits, bitorder="little").astype(np.bool_) for kind, bits in wanted.items()}
        for batch in batches:
            hashes, counts = [np.empty(0, dtype=np.uint64)], []
            for p in _printed(batch, passage):
                short, fives = (some[tables[kind][slots(some)]] for kind, some in ((SHORT, p.short), (FIVE, p.fives)))
                four = (p.long, p.samples, short, fives)
                hashes += four
                counts.append([len(some) for some in four])
            times = np.array(counts, dtype=np.int64).reshape(-1, 4)
            row = np.repeat(np.arange(len(times)), times.sum(axis=1))
            kinds = np.repeat(np.tile(np.arange(4, dtype=np.int32), len(times)), times.ravel())
            # Spark has no unsigned integers: the same 64 bits.
            columns = [pa.array(kinds), pa.array(np.concatenate(hashes).view(np.int64))]
            columns += [batch.column(name).take(pa.array(row)) for name in ("content", "digest", "size")]
            yield pa.RecordBatch.from_arrays(columns, names=["kind", "print", "content", "digest", "size"])

    return mapped


def near_pairs(prints: DataFrame, many: DataFrame, share: float) -> DataFrame:
    """The pairs of contents that may be near or contained, ``first`` before ``second``, by the local engine's rule:
    enough samples in common, or a short print, where one of them is small.

    Args:
        prints: of all kinds.
        many: ``kind``, ``print``, ``count`` of those that more than ``RARE`` contents have.
        share: what the smaller of two related contents has in common with the other, at least.
    """
    from pyspark.sql import functions as F

    # What is in more is dropped before anything is gathered; a print that is there once is in no pair.
    owners = (
        prints.where(F.col("kind") != LONG)
        .join(many.where(F.col("count") > POPULAR).select("kind", "print"), ["kind", "print"], "left_anti")
        .groupBy("kind", "print")
        .agg(F.collect_list(F.struct("digest", "content", "size")).alias("owners"))
        .where(F.size("owners") > 1)
        .select("kind", "owners")
    )
    shared = (
        owners.mapInArrow(_shared, _SHARED)
        .groupBy("first", "second")
        .agg(F.sum("samples").alias("samples"), F.max("short").alias("short"))
    )
    samples = prints.where(F.col("kind") == SAMPLE).select("print", "content")
    popular = many.where(F.col("kind") == SAMPLE).select("print")
    # What is too popular to give pairs is in no sample of either.
    rare = samples.join(popular, "print", "left_anti").groupBy("content").count()
    for side in ("first", "second"):
        mine = rare.select(F.col("content").alias(side), F.col("count").alias(f"{side}_rare"))
        shared = shared.join(mine, side, "left")
    smaller = F.least(F.coalesce("first_rare", F.lit(0)), F.coalesce("second_rare", F.lit(0)))
    return shared.select("first", "second", "samples", "short", smaller.alias("smaller")).mapInArrow(
        _enough(share), _PAIRS
    )


def _shared(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The pairs that the owners of each print give: how many samples they share, and whether a short print."""
    import numpy as np
    import pyarrow as pa

    for batch in batches:
        kinds = batch.column("kind").to_numpy(zero_copy_only=False)
        found, contents, size = _postings(batch.column("owners"))
        total = len(contents)
        for kind in np.unique(kinds).tolist():
            mine = kinds == kind
            if kind == FIVE:
                # Only those that a tiny content has count.
                tiny = np.logical_or.reduceat(size[found.owners] < SMALL_RUN, found.starts)
                mine = mine & tiny
            some = found._replace(starts=found.starts[mine], sizes=found.sizes[mine])
            pairs = np.concatenate([pairs_of_all(some, total), pairs_of_next(some, total)])
            # Most pairs share many prints; what a batch says twice need not travel twice.
            pairs, times = np.unique(pairs, return_counts=True)
            if kind != SAMPLE:
                of_small = (size[pairs // total] < SMALL) | (size[pairs % total] < SMALL)
                pairs, times = pairs[of_small], np.zeros(int(of_small.sum()), dtype=np.int64)
            first, second = contents[pairs // total], contents[pairs % total]
            columns = [np.minimum(first, second), np.maximum(first, second), times]
            columns.append(np.full(len(pairs), kind != SAMPLE))
            yield pa.RecordBatch.from_arrays(
                [pa.array(column) for column in columns], names=["first", "second", "samples", "short"]
            )


def _postings(lists: Any) -> tuple[Postings, NDArray[np.int64], NDArray[np.int64]]:
    """Lists of owners as the local engine has them, numbered in the order of their digests; the contents of these
    numbers, and their sizes."""
    import numpy as np

    rows = lists.flatten()
    digest, content, size = (rows.field(i).to_numpy(zero_copy_only=False) for i in range(3))
    counts = lists.value_lengths().to_numpy(zero_copy_only=False).astype(np.int64)
    contents, at, number = np.unique(content, return_index=True, return_inverse=True)
    order = np.lexsort((contents, digest[at]))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    owners = rank[number]
    owners = owners[np.lexsort((owners, np.repeat(np.arange(len(counts)), counts)))]
    starts = np.cumsum(counts) - counts
    nothing = np.empty(0, dtype=np.uint64)
    return Postings(owners, starts, counts, nothing), contents[order], size[at][order]


def _enough(share: float) -> Mapper:
    def mapped(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import numpy as np
        import pyarrow as pa

        for batch in batches:
            samples, short, smaller = (
                batch.column(name).to_numpy(zero_copy_only=False) for name in ("samples", "short", "smaller")
            )
            enough = short | (samples >= np.maximum(least_samples(smaller, share), 1))
            yield batch.filter(pa.array(enough)).select(["first", "second"])

    return mapped


def all_pairs(lists: DataFrame) -> DataFrame:
    """The pairs of contents in each array of ``owners`` (``content``, and ``root`` where only pairs of different
    components are wanted), each once, ``first`` before ``second``."""
    return lists.select("owners").mapInArrow(_all_pairs, _PAIRS).distinct()


def _all_pairs(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    import numpy as np
    import pyarrow as pa

    for batch in batches:
        sizes = batch.column("owners").value_lengths().to_numpy(zero_copy_only=False).astype(np.int64)
        # So many lists at once that their pairs fit into memory.
        ends = np.flatnonzero(np.diff(np.cumsum(sizes**2) // _SQUARES)) + 1
        for start, end in pairwise([0, *ends.tolist(), len(sizes)]):
            rows, counts = batch.column("owners")[start:end].flatten(), sizes[start:end]
            content, *roots = (rows.field(i).to_numpy(zero_copy_only=False) for i in range(rows.type.num_fields))
            contents, at, owners = np.unique(content, return_index=True, return_inverse=True)
            owners = owners[np.lexsort((owners, np.repeat(np.arange(len(counts)), counts)))]
            found = Postings(owners, np.cumsum(counts) - counts, counts, np.empty(0, dtype=np.uint64))
            total = max(1, len(contents))
            pairs = np.unique(pairs_of_all(found, total, int(counts.max(initial=0))))
            first, second = pairs // total, pairs % total
            for root in roots:
                apart = root[at][first] != root[at][second]
                first, second = first[apart], second[apart]
            columns = [pa.array(contents[first]), pa.array(contents[second])]
            yield pa.RecordBatch.from_arrays(columns, names=["first", "second"])


def rare_pairs(prints: DataFrame, crowded: DataFrame) -> DataFrame:
    """The pairs that share a print (``print``, ``content``) which is not among the crowded ones (``print``)."""
    from pyspark.sql import functions as F

    owners = (
        prints.join(crowded, "print", "left_anti")
        .groupBy("print")
        .agg(F.collect_list(F.struct("content")).alias("owners"))
        .where(F.size("owners") > 1)
    )
    return all_pairs(owners)
