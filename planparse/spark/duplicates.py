"""``planparse.spark.duplicates``: the engine of :mod:`planparse.dedupe` as joins and group-bys (分布式查重).

1. Parse, order by document id, number the pieces: one shuffle of the texts.
2. Fingerprints of each piece, 16 bytes each, counted per print; counting combines before the shuffle, so text that is
   in every document costs one row per task. Prints in more than ``POPULAR`` pieces are template text, dropped by an
   anti-join before anything is gathered: no list is longer than ``POPULAR``, no task holds a template's pieces.
3. The pieces of each print, gathered; pairs of them by the local engine's rule; each pair once.
4. Both pieces' texts joined to each pair, compared exactly by the local engine's function.
5. Near edges to connected components (``components``), a representative chosen in each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planparse.dedupe.candidates import POPULAR, RARE, SUCCESSORS
from planparse.dedupe.pairwise import compare_pair
from planparse.dedupe.tables import PAIR_COLUMNS, PASSAGE_COLUMNS
from planparse.spark.clean import selected
from planparse.spark.groups import groups
from planparse.spark.units import PRINTS, SCHEMA, print_batches, unit, unit_batches

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

_RUN = (
    "array<struct<a: string, b: string, length: bigint, "
    "a_start: bigint, a_end: bigint, b_start: bigint, b_end: bigint>>"
)
_VERIFIED = (
    "first bigint, second bigint, a string, b string, relation string, jaccard double, containment double, "
    f"shared_chars bigint, runs {_RUN}"
)


@dataclass(frozen=True)
class SparkDuplicates:
    """``pairs``, ``groups`` and ``passages`` as DataFrames, with the columns of :class:`planparse.Duplicates`."""

    pairs: DataFrame
    groups: DataFrame
    passages: DataFrame
    kept: tuple[DataFrame, ...]

    def unpersist(self) -> None:
        """Let go of the pieces and pairs that are kept between the steps."""
        for one in self.kept:
            one.unpersist()


def duplicates(
    df: DataFrame, text: str = "text", id: str = "id", *, near: float = 0.7, contains: float = 0.8, passage: int = 50
) -> SparkDuplicates:
    """Find duplicates among the pieces of all documents, as :func:`planparse.duplicates` does of documents in the order
    of their ids (by code point): the same groups, pairs and passages, but for two things. Of a plan in more
    than 33 copies only a few pairs each are listed. The local engine's rule for template text is not applied: there is
    no table of it, and of the pieces that have text in common which more than 33 have, a few pairs each are listed as
    ``shares`` (or ``contains``, of a piece that is little else). Rows that cannot be parsed have no pieces.

    Args:
        df: a row for each document; ids are unique.
        text, id: its columns.
        near, contains, passage: as for :func:`planparse.duplicates`.

    Raises:
        ValueError: for a threshold out of range, or a column that is not there.
    """
    if not (0 < near <= 1 and 0 < contains <= 1):
        raise ValueError(f"near and contains are shares between 0 and 1, not {near} and {contains}")
    if passage < 5:
        raise ValueError(f"passage is a number of characters of at least 5, not {passage}")
    from pyspark import StorageLevel
    from pyspark.sql import functions as F

    pieces = selected(df, text, id).sort("id").mapInArrow(unit_batches, SCHEMA)
    # Within the order of ids these numbers rise, so they stand for input order.
    pieces = pieces.withColumn("unit", F.monotonically_increasing_id()).persist(StorageLevel.MEMORY_AND_DISK)
    compared = _compared(pieces, candidates(pieces, passage), near, contains, passage)
    compared = compared.persist(StorageLevel.MEMORY_AND_DISK)
    edges = compared.where(F.col("relation").isin("exact", "near")).select("first", "second")
    return SparkDuplicates(
        pairs=compared.select("a", "b", "relation", "jaccard", "containment", "shared_chars"),
        groups=groups(pieces, edges),
        passages=compared.select(F.explode("runs").alias("run")).select("run.*"),
        kept=(pieces, compared),
    )


def candidates(pieces: DataFrame, passage: int) -> DataFrame:
    """Pairs (``first``, ``second``) of pieces that share a print, each once, ``first`` before ``second``."""
    from pyspark.sql import functions as F

    def printed(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return print_batches(batches, passage)

    prints = pieces.select("unit", "text").mapInArrow(printed, PRINTS)
    popular = prints.groupBy("print").count().where(F.col("count") > POPULAR).select("print")
    # A print that is there once is in no pair; sizes are known before anything is sorted.
    postings = (
        prints.join(popular, "print", "left_anti")
        .groupBy("print")
        .agg(F.collect_list("unit").alias("units"))
        .where(F.size("units") > 1)
        .select("units")
    )
    return postings.mapInArrow(_pairs, "first bigint, second bigint").distinct()


def _pairs(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """All pairs of a short list; of a longer one each piece with a few successors."""
    import numpy as np
    import pyarrow as pa

    for batch in batches:
        parts = []
        for cell in batch.column("units"):
            members = np.sort(cell.values.to_numpy(zero_copy_only=False))
            if len(members) <= RARE:
                i, j = np.triu_indices(len(members), 1)
                parts.append(np.stack([members[i], members[j]], axis=1))
            else:
                parts += [np.stack([members[:-s], members[s:]], axis=1) for s in range(1, SUCCESSORS + 1)]
        if parts:
            # Most pairs share many prints; what a batch says twice need not travel twice.
            pairs = np.unique(np.concatenate(parts), axis=0)
            yield pa.RecordBatch.from_arrays([pa.array(pairs[:, 0]), pa.array(pairs[:, 1])], names=["first", "second"])


def _compared(pieces: DataFrame, pairs: DataFrame, near: float, contains: float, passage: int) -> DataFrame:
    from pyspark.sql import functions as F

    def side(name: str) -> DataFrame:
        unit = F.struct("id", "text", "places", "raws").alias(f"{name}_piece")
        return pieces.select(F.col("unit").alias(name), unit)

    both = pairs.join(side("first"), "first").join(side("second"), "second")
    both = both.select("first", "second", "first_piece", "second_piece")
    return both.mapInArrow(_verifier(near, contains, passage), _VERIFIED)


def _verifier(
    near: float, contains: float, passage: int
) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def verified(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        texts, numbers, shares = pa.string(), pa.int64(), pa.float64()
        run = pa.struct([(name, texts if name in "ab" else numbers) for name in PASSAGE_COLUMNS])
        kinds = [numbers, numbers, texts, texts, texts, shares, shares, numbers, pa.list_(run)]
        schema = pa.schema(list(zip(["first", "second", *PAIR_COLUMNS, "runs"], kinds, strict=True)))
        for batch in batches:
            found: list[dict[str, Any]] = []
            for row in batch.to_pylist():
                ends = unit(**row["first_piece"]), unit(**row["second_piece"])
                pair = compare_pair(*ends, near, contains, passage)
                if pair is not None:
                    found.append({"first": row["first"], "second": row["second"], **pair[0], "runs": pair[1]})
            yield pa.RecordBatch.from_pylist(found, schema=schema)

    return verified
