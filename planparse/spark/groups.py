"""Groups of near copies on Spark (重复组): connected components, then the representative of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_MOST_ROUNDS = 100


def groups(pieces: DataFrame, members: DataFrame, contents: DataFrame, roots: DataFrame) -> DataFrame:
    """A row for each member of each group (``group``, ``member``, ``representative``, ``reason``), as the local engine.

    Args:
        pieces: with ``unit`` (its place in input order), ``id``, ``name``, ``number``, ``size``, ``masks``.
        members: the pieces (``unit``) of each ``content``.
        contents: with their ``copies``.
        roots: the components of contents over near edges (``unit``, ``root``).
    """
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    several = contents.where("copies > 1").select(F.col("content").alias("unit"), F.col("content").alias("root"))
    found = roots.union(several.join(roots, "unit", "left_anti")).withColumnRenamed("unit", "content")
    # Only the groups' first members are numbered in one task: 8 bytes a group.
    numbers = (
        found.select("root")
        .distinct()
        .select("root", (F.row_number().over(Window.orderBy("root")) - 1).cast("bigint").alias("group"))
    )
    found = found.join(members.select("content", "unit"), "content").select("unit", "root")
    of = found.join(pieces.select("unit", "id", "name", "number", "size", "masks"), "unit")
    group = Window.partitionBy("root")
    best = group.orderBy(F.desc("size"), "masks", "name", "number", "id").rowsBetween(
        Window.unboundedPreceding, Window.unboundedFollowing
    )
    ranked = of.select(
        "root",
        F.col("id").alias("member"),
        F.first("id").over(best).alias("representative"),
        F.first("size").over(best).alias("most"),
        F.first("masks").over(best).alias("least"),
        "size",
        "masks",
    )
    longest = F.col("size") == F.col("most")
    same = F.sum((longest & (F.col("masks") == F.col("least"))).cast("int")).over(group)
    reason = (
        F.when(F.sum(longest.cast("int")).over(group) == 1, "longest")
        .when(same == 1, "longest, least masked")
        .otherwise("longest, least masked, first id")
    )
    return (
        ranked.withColumn("reason", reason).join(numbers, "root").select("group", "member", "representative", "reason")
    )


def components(edges: DataFrame) -> DataFrame:
    """Connected components of a graph: ``unit`` and the least unit it hangs together with, ``root``.

    Alternates large-star and small-star (Kiveris et al., "Connected Components in MapReduce and Beyond", SoCC 2014):
    O(log² n) rounds, never more edges than at first. Each round's edges are kept by a local checkpoint, so that the
    plan does not grow.

    Args:
        edges: ``first``, ``second``: bigint.

    Raises:
        RuntimeError: where the rounds do not end, which the theorem excludes.
    """
    from pyspark.sql import functions as F

    # Invariant: u > v.
    at = edges.select(F.greatest("first", "second").alias("u"), F.least("first", "second").alias("v"))
    at = at.where("u != v").distinct().localCheckpoint()
    before = _sums(at)
    for _ in range(_MOST_ROUNDS):
        both = at.union(at.select(F.col("v").alias("u"), F.col("u").alias("v")))
        least = both.groupBy("u").agg(F.least(F.min("v"), F.col("u")).alias("m"))
        # Large-star: each larger neighbour hangs on the least of the neighbourhood.
        large = both.join(least, "u").where("v > u").select(F.col("v").alias("u"), F.col("m").alias("v")).distinct()
        # Small-star: the smaller neighbours and the unit itself do.
        small = large.groupBy("u").agg(F.min("v").alias("m"))
        hung = large.join(small, "u")
        at = hung.select(F.col("v").alias("u"), F.col("m").alias("v")).where("u != v")
        at = at.union(small.select("u", F.col("m").alias("v"))).distinct().localCheckpoint()
        now = _sums(at)
        if now == before:
            return at.select(F.col("u").alias("unit"), F.col("v").alias("root")).union(
                at.select(F.col("v").alias("unit"), F.col("v").alias("root")).distinct()
            )
        before = now
    raise RuntimeError(f"connected components did not settle in {_MOST_ROUNDS} rounds")


def _sums(edges: DataFrame) -> tuple[object, ...]:
    """What is equal where edges are: their number, and the sum of their 64-bit hashes."""
    from pyspark.sql import functions as F

    total = F.sum(F.xxhash64("u", "v").cast("decimal(38,0)"))
    return tuple(edges.agg(F.count("u"), total).first() or ())
