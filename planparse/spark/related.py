"""Related pairs of contents on Spark, step by step as :func:`planparse.dedupe.bulk.related` finds them (相关内容对)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from planparse.dedupe.bulk import MOST_COPIES, Options, compare
from planparse.dedupe.candidates import RARE
from planparse.dedupe.tables import RELATIONS
from planparse.spark.groups import components
from planparse.spark.prints import LONG, all_pairs, near_pairs, prints_of, rare_pairs
from planparse.spark.templates import template_text, with_roots
from planparse.spark.units import corpus_of

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

    from planparse.spark.units import Mapper

_RELATED = (
    "first bigint, second bigint, relation string, jaccard double, containment double, "
    "runs array<struct<a: bigint, b: bigint, length: bigint>>"
)


class Related(NamedTuple):
    """Related ``pairs`` of contents (``first`` as in :class:`planparse.dedupe.bulk.Found`), the components over near
    edges (``unit``, ``root``), template text, and what is kept."""

    pairs: DataFrame
    roots: DataFrame
    templates: DataFrame | None
    kept: tuple[DataFrame, ...]


def related(contents: DataFrame, options: Options) -> Related:
    """All related pairs of contents, and the template text."""
    from pyspark import StorageLevel
    from pyspark.sql import functions as F

    kept: list[DataFrame] = []

    def keep(df: DataFrame) -> DataFrame:
        """The rows in memory, then on disk, from their first use on."""
        kept.append(df.persist(StorageLevel.MEMORY_AND_DISK))
        return kept[-1]

    texts = contents.select("content", "text")
    prints = keep(prints_of(contents, options.passage))
    many = keep(prints.groupBy("kind", "print").count().where(F.col("count") > RARE))
    found = keep(_compared(texts, near_pairs(prints, many, options.share), options, sharing=False))
    roots = components(_near(found))

    long = prints.where(F.col("kind") == LONG).select("print", "content", "digest")
    popular = keep(with_roots(long.join(many.where(F.col("kind") == LONG).select("print"), "print"), roots))
    templates = template_text(contents, popular, options.passage)
    if templates is not None:
        # What these have in common is told once.
        told = templates.select(F.explode("prints").alias("print"), "content")
        long = long.join(told, ["print", "content"], "left_anti")
        popular = keep(popular.join(told, ["print", "content"], "left_anti"))
    crowded = popular.groupBy("print").count().where(F.col("count") > RARE).select("print")

    def more(found: DataFrame, pairs: DataFrame) -> DataFrame:
        """The related ones of pairs that are not found yet."""
        known = found.select(F.least("first", "second").alias("first"), F.greatest("first", "second").alias("second"))
        return keep(_compared(texts, pairs.join(known, ["first", "second"], "left_anti"), options, sharing=True))

    passages = more(found, rare_pairs(long.select("print", "content"), crowded))
    found, before, roots = found.union(passages), roots, _grown(roots, passages)
    if roots is not before:
        popular = with_roots(popular.drop("root"), roots)
    # Pairs within components join none: both kinds can be compared together.
    rest = more(found, _within(roots).union(_between(popular)))
    return Related(found.union(rest), _grown(roots, rest), templates, tuple(kept))


def _grown(roots: DataFrame, found: DataFrame) -> DataFrame:
    """The components with the near edges among some pairs, of which there are few if any."""
    edges = _near(found)
    return roots if edges.isEmpty() else components(edges.union(roots.select("unit", "root")))


def _near(found: DataFrame) -> DataFrame:
    from pyspark.sql import functions as F

    return found.where(F.col("relation") == "near").select("first", "second")


def _within(roots: DataFrame) -> DataFrame:
    """All pairs of each component of which the candidates were only some, if it is not too large."""
    from pyspark.sql import functions as F

    sizes = roots.groupBy("root").count().where((F.col("count") > RARE) & (F.col("count") <= MOST_COPIES))
    return all_pairs(
        roots.join(sizes, "root")
        .groupBy("root")
        .agg(F.collect_list(F.struct(F.col("unit").alias("content"))).alias("owners"))
    )


def _between(popular: DataFrame) -> DataFrame:
    """The pairs of different components that share a print which is popular for its many near copies alone."""
    from pyspark.sql import functions as F

    few = (
        popular.groupBy("print")
        .agg(F.count("content").alias("count"), F.count_distinct("root").alias("components"))
        .where((F.col("components") > 1) & (F.col("components") <= RARE))
    )
    owners = popular.join(few.select("print", "count"), "print")
    first = F.min(F.struct("digest", "content"))["content"].alias("content")
    # Of very many one of each component stands for the others.
    some = owners.where(F.col("count") > MOST_COPIES).groupBy("print", "root").agg(first)
    every = owners.where(F.col("count") <= MOST_COPIES).select("print", "root", "content").union(some)
    return all_pairs(every.groupBy("print").agg(F.collect_list(F.struct("content", "root")).alias("owners")))


def _compared(texts: DataFrame, pairs: DataFrame, options: Options, *, sharing: bool) -> DataFrame:
    """The related ones of pairs (``first``, ``second``): where ``sharing`` is false, near or contained ones."""
    from pyspark.sql import functions as F

    for side in ("first", "second"):
        pairs = pairs.join(texts.select(F.col("content").alias(side), F.col("text").alias(f"{side}_text")), side)
    return pairs.mapInArrow(_comparer(options, sharing), _RELATED)


def _comparer(options: Options, sharing: bool) -> Mapper:
    def mapped(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import numpy as np
        import pyarrow as pa

        nothing = np.empty(0, dtype=np.int64)
        for batch in batches:
            texts: dict[int, str] = {}
            sides = [batch.column(side).to_numpy(zero_copy_only=False) for side in ("first", "second")]
            for side, of in zip(("first_text", "second_text"), sides, strict=True):
                numbers, at = np.unique(of, return_index=True)
                texts |= zip(numbers.tolist(), batch.column(side).take(pa.array(at)).to_pylist(), strict=True)
            corpus, order = corpus_of(texts)
            first, second = (corpus.content[np.searchsorted(order, of)] for of in sides)
            pairs = np.minimum(first, second) * len(corpus.first) + np.maximum(first, second)
            found = compare(corpus, pairs if sharing else nothing, nothing if sharing else pairs, options)
            numbers = np.array(order, dtype=np.int64)
            counts = np.bincount(found.runs.pair, minlength=len(found.first))
            by_pair = np.argsort(found.runs.pair, kind="stable")
            runs = pa.StructArray.from_arrays(
                [pa.array(column[by_pair]) for column in (found.runs.a, found.runs.b, found.runs.length)],
                names=["a", "b", "length"],
            )
            ends = np.concatenate([np.zeros(1, dtype=np.int32), np.cumsum(counts, dtype=np.int32)])
            columns = [
                pa.array(numbers[corpus.first[found.first]]),
                pa.array(numbers[corpus.first[found.second]]),
                pa.array(np.array(RELATIONS, dtype=object)[found.relation], pa.string()),
                pa.array(found.jaccard),
                pa.array(found.containment),
                pa.ListArray.from_arrays(pa.array(ends), runs),
            ]
            names = ["first", "second", "relation", "jaccard", "containment", "runs"]
            yield pa.RecordBatch.from_arrays(columns, names=names)

    return mapped
