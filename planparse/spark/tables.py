"""What was found of contents, told of pieces, on Spark (结果表): as :mod:`planparse.dedupe.tables`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from planparse.dedupe.bulk import MOST_COPIES
from planparse.dedupe.corpus import stored
from planparse.dedupe.normalise import USUAL
from planparse.spark.units import PIECE, piece_of

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray
    from pyspark.sql import DataFrame

_PASSAGES = "a string, b string, length bigint, a_start bigint, a_end bigint, b_start bigint, b_end bigint"
_TEMPLATES = "template bigint, member string, length bigint, start bigint, end bigint"


def pairs_of_pieces(found: DataFrame, contents: DataFrame, members: DataFrame, passage: int) -> DataFrame:
    """The pairs of pieces that related contents stand for: ``a_unit``, ``b_unit``, the columns of the table of pairs,
    and ``runs`` (``a``, ``b``, ``length`` among the compared characters).

    Of very many copies one stands for all, as in the local engine.
    """
    from pyspark.sql import functions as F

    sizes = contents.select("content", "copies")
    for side in ("first", "second"):
        found = found.join(sizes.select(F.col("content").alias(side), F.col("copies").alias(f"{side}_copies")), side)
    found = found.withColumn("copies", F.col("first_copies") + F.col("second_copies"))
    names = ["first", "second", "relation", "jaccard", "containment", "runs", "copies"]
    # An equal text is one run over all of it.
    whole = F.array(
        F.struct(F.lit(0).cast("bigint").alias("a"), F.lit(0).cast("bigint").alias("b"), F.col("size").alias("length"))
    )
    same = contents.where("copies > 1").select(
        F.col("content").alias("first"),
        F.col("content").alias("second"),
        F.lit("exact").alias("relation"),
        F.lit(1.0).alias("jaccard"),
        F.lit(1.0).alias("containment"),
        F.when(F.col("size") >= passage, whole).otherwise(F.slice(whole, 1, 0)).alias("runs"),
        "copies",
    )
    one, other = (
        members.select(*(F.col(name).alias(new) for name, new in zip(members.columns, columns, strict=True)))
        for columns in (("first", "a_unit", "a", "a_best"), ("second", "b_unit", "b", "b_best"))
    )
    half = found.select(*names).union(same).join(one, "first")
    # Split before the second join: the product of very many copies is never made.
    every = (F.col("copies") <= MOST_COPIES) | F.col("a_best")
    both = half.where(every).join(other, "second").union(half.where(~every).join(other.where("b_best"), "second"))
    both = both.where((F.col("first") != F.col("second")) | (F.col("a_unit") < F.col("b_unit")))
    # In a containment the first is the contained one; else the one that comes first.
    turn = (F.col("relation") != "contains") & (F.col("a_unit") > F.col("b_unit"))
    turned = F.transform(
        "runs", lambda run: F.struct(run["b"].alias("a"), run["a"].alias("b"), run["length"].alias("length"))
    )
    sides = [("a_unit", "b_unit"), ("b_unit", "a_unit"), ("a", "b"), ("b", "a"), ("runs", turned)]
    a_unit, b_unit, a, b, runs = (
        F.when(turn, F.col(other) if isinstance(other, str) else other).otherwise(F.col(name)).alias(name)
        for name, other in sides
    )
    shared = F.aggregate("runs", F.lit(0).cast("bigint"), lambda total, run: total + run["length"])
    return both.select(a_unit, b_unit, a, b, "relation", "jaccard", "containment", shared.alias("shared_chars"), runs)


def passages_of(pairs: DataFrame, pieces: DataFrame) -> DataFrame:
    """The table of passages: the runs of each pair as ranges of the original texts."""
    from pyspark.sql import functions as F

    pairs = pairs.where(F.size("runs") > 0).select("a_unit", "b_unit", "a", "b", "runs")
    for side in ("a", "b"):
        piece = F.struct(*PIECE).alias(f"{side}_piece")
        pairs = pairs.join(pieces.select(F.col("unit").alias(f"{side}_unit"), piece), f"{side}_unit")
    return pairs.mapInArrow(_passages, _PASSAGES)


def _passages(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    import numpy as np
    import pyarrow as pa

    for batch in batches:
        runs = batch.column("runs")
        counts = runs.value_lengths().to_numpy(zero_copy_only=False).astype(np.int64)
        row = np.repeat(np.arange(len(counts)), counts)
        a, b, length = (runs.flatten().field(i).to_numpy(zero_copy_only=False) for i in range(3))
        columns = [batch.column(side).take(pa.array(row)) for side in ("a", "b")] + [pa.array(length)]
        for side, start in (("a", a), ("b", b)):
            columns += originals(batch.column(f"{side}_piece").to_pylist(), row, start, start + length)
        yield pa.RecordBatch.from_arrays(columns, names=["a", "b", "length", "a_start", "a_end", "b_start", "b_end"])


def originals(
    rows: Sequence[Mapping[str, object]], row: NDArray[np.int64], start: NDArray[np.int64], end: NDArray[np.int64]
) -> list[pa.Array]:
    """Where ranges of the compared characters of pieces begin and end in the original text."""
    import numpy as np
    import pyarrow as pa

    corpus = stored(map(piece_of, rows), USUAL)
    found = corpus.originals(np.concatenate([row, row]), np.concatenate([start, end - 1])).reshape(2, -1)
    return [pa.array(found[0]), pa.array(found[1] + 1)]


def template_table(templates: DataFrame, members: DataFrame, pieces: DataFrame) -> DataFrame:
    """The table of template texts: a row for each place of each piece, equal texts of one number."""
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    stretches = templates.select("content", F.explode("stretches").alias("stretch")).select("content", "stretch.*")
    # Numbered in the order of their first places: in one task, a row for each text.
    first = stretches.groupBy("characters").agg(F.min(F.struct("content", "start")).alias("first"))
    number = (F.row_number().over(Window.orderBy("first")) - 1).cast("bigint").alias("template")
    places = stretches.join(first.select("characters", number), "characters").select(
        "content", "template", "start", "end"
    )
    of = members.select("content", "unit", F.col("id").alias("member"))
    return places.join(of, "content").join(pieces.select("unit", *PIECE), "unit").mapInArrow(_templates, _TEMPLATES)


def no_templates(pieces: DataFrame) -> DataFrame:
    """The table of template texts without a row."""
    return pieces.sparkSession.createDataFrame([], _TEMPLATES)


def _templates(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    import numpy as np
    import pyarrow as pa

    for batch in batches:
        start, end = (batch.column(name).to_numpy(zero_copy_only=False) for name in ("start", "end"))
        found = originals(batch.select(list(PIECE)).to_pylist(), np.arange(len(start)), start, end)
        columns = [batch.column("template"), batch.column("member"), pa.array(end - start), *found]
        yield pa.RecordBatch.from_arrays(columns, names=["template", "member", "length", "start", "end"])
