"""The local engine's rule for template text on Spark (模板段落): what is told once, and gives no pairs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from planparse.dedupe.candidates import RARE, long_gram
from planparse.dedupe.prints import piece_prints
from planparse.dedupe.templates import around, stretches, texts_of, touching
from planparse.spark.units import corpus_of

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray
    from pyspark.sql import DataFrame

    from planparse.spark.units import Mapper

_GRAMS = "content bigint, root bigint, place bigint, gram bigint"
_STRETCHES = (
    "content bigint, stretches array<struct<start: bigint, end: bigint, characters: binary>>, prints array<bigint>"
)


def with_roots(contents: DataFrame, roots: DataFrame) -> DataFrame:
    """Rows with ``content``, and each content's component over near edges, ``root``: its own where it has no edge."""
    from pyspark.sql import functions as F

    names = [F.col(name) for name in contents.columns]
    of = roots.select(F.col("unit").alias("content"), F.col("root").alias("hung"))
    return contents.join(of, "content", "left").select(*names, F.coalesce("hung", "content").alias("root"))


def template_text(contents: DataFrame, popular: DataFrame, passage: int) -> DataFrame | None:
    """For each content that has template text its ``stretches`` (``start``, ``end``, and their compared ``characters``)
    and those of its long ``prints`` that touch one. None where there is none.

    Args:
        contents: with their texts.
        popular: ``print``, ``content``, ``root`` of the long prints that more than ``RARE`` contents have.
        passage: characters.
    """
    import numpy as np
    from pyspark import StorageLevel
    from pyspark.sql import functions as F

    wide = _in_many(popular, "print")
    # Counted exactly, sent to every task: 8 bytes for each print of text that many unrelated pieces have.
    wanted = np.sort(np.array([row.print for row in wide.collect()], dtype=np.int64).view(np.uint64))
    if not len(wanted):
        return None
    texts = contents.select("content", "text")
    owners = popular.join(wide, "print", "left_semi").select("content", "root").distinct()
    grams = (
        owners.join(texts, "content").mapInArrow(_around(wanted, passage), _GRAMS).persist(StorageLevel.MEMORY_AND_DISK)
    )
    hits = grams.join(_in_many(grams, "gram"), "gram", "left_semi")
    places = hits.groupBy("content").agg(F.sort_array(F.collect_list("place")).alias("places"))
    # Much comes of these few rows: their plan must not stand in each of the plans that follow.
    found = places.join(texts, "content").mapInArrow(_stretches(passage), _STRETCHES).localCheckpoint()
    grams.unpersist()
    return found


def _in_many(rows: DataFrame, name: str) -> DataFrame:
    """The values of a column that are in more than ``RARE`` components."""
    from pyspark.sql import functions as F

    return (
        rows.groupBy(name)
        .agg(F.count_distinct("root").alias("components"))
        .where(F.col("components") > RARE)
        .select(name)
    )


def _around(wanted: NDArray[np.uint64], passage: int) -> Mapper:
    def mapped(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import numpy as np
        import pyarrow as pa

        for batch in batches:
            corpus, numbers = corpus_of(_texts(batch))
            roots = dict(zip(batch.column("content").to_pylist(), batch.column("root").to_pylist(), strict=True))
            content, place, hashes = around(corpus, np.arange(len(numbers)), wanted, long_gram(passage), passage, 0)
            of = np.array(numbers, dtype=np.int64)[corpus.first[content]]
            hung = np.array([roots[number] for number in numbers], dtype=np.int64)[corpus.first[content]]
            columns = [pa.array(column) for column in (of, hung, place, hashes.view(np.int64))]
            yield pa.RecordBatch.from_arrays(columns, names=["content", "root", "place", "gram"])

    return mapped


def _stretches(passage: int) -> Mapper:
    def mapped(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import numpy as np
        import pyarrow as pa

        stretch = pa.struct([("start", pa.int64()), ("end", pa.int64()), ("characters", pa.binary())])
        types = [pa.int64(), pa.list_(stretch), pa.list_(pa.int64())]
        schema = pa.schema(list(zip(["content", "stretches", "prints"], types, strict=True)))
        for batch in batches:
            corpus, numbers = corpus_of(_texts(batch))
            mine = dict(zip(batch.column("content").to_pylist(), batch.column("places").to_pylist(), strict=True))
            rows = []
            for content, piece in enumerate(corpus.first.tolist()):
                places = np.array(mine[numbers[piece]], dtype=np.int64)
                found = stretches(np.full(len(places), content), places, long_gram(passage), passage)
                if not len(found[0]):
                    continue
                characters = texts_of(corpus, *found)
                hashes, _ = touching(corpus, *found, long_gram(passage))
                codes = corpus.codes[corpus.bounds[piece] : corpus.bounds[piece + 1]]
                prints = np.intersect1d(piece_prints(codes, passage).long, hashes).view(np.int64)
                spans = zip(found[1].tolist(), found[2].tolist(), characters, strict=True)
                rows.append(
                    {
                        "content": numbers[piece],
                        "stretches": [dict(zip(("start", "end", "characters"), span, strict=True)) for span in spans],
                        "prints": prints.tolist(),
                    }
                )
            yield pa.RecordBatch.from_pylist(rows, schema=schema)

    return mapped


def _texts(batch: pa.RecordBatch) -> dict[int, str]:
    return dict(zip(batch.column("content").to_pylist(), batch.column("text").to_pylist(), strict=True))
