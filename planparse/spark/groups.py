"""Groups of near copies on Spark (重复组): connected components, then the representative of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_MOST_ROUNDS = 100


def groups(pieces: DataFrame, edges: DataFrame) -> DataFrame:
    """A row for each member of each group (``group``, ``member``, ``representative``, ``reason``), as the local engine.

    Lazy, but for the components, which need to see after each round whether anything changed.

    Args:
        pieces: with ``unit`` (its place in input order), ``id``, ``size``, ``masks``.
        edges: ``first``, ``second``: units that are near copies.
    """
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    found = components(edges)
    # Only the groups' first members are numbered in one task: 8 bytes a group.
    numbers = (
        found.select("root")
        .distinct()
        .select("root", (F.row_number().over(Window.orderBy("root")) - 1).cast("bigint").alias("group"))
    )
    members = found.join(pieces.select("unit", "id", "size", "masks"), "unit")
    group = Window.partitionBy("root")
    best = group.orderBy(F.desc("size"), "masks", "unit").rowsBetween(
        Window.unboundedPreceding, Window.unboundedFollowing
    )
    ranked = members.select(
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
    before: tuple[object, ...] = ()
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
        # Equal counts and equal sums of 64-bit hashes: the same edges.
        total = F.sum(F.xxhash64("u", "v").cast("decimal(38,0)"))
        now = tuple(at.agg(F.count("u"), total).first() or ())
        if now == before:
            return at.select(F.col("u").alias("unit"), F.col("v").alias("root")).union(
                at.select(F.col("v").alias("unit"), F.col("v").alias("root")).distinct()
            )
        before = now
    raise RuntimeError(f"connected components did not settle in {_MOST_ROUNDS} rounds")
