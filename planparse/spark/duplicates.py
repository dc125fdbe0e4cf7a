"""``planparse.spark.duplicates``: the engine of :mod:`planparse.dedupe` as joins and group-bys (分布式查重).

1. Parse, order by document id, number the pieces: one shuffle of the texts. Equal pieces are one content, called by its
   first piece (``contents_of``): what follows is done once for each.
2. Prints of each content, counted per print; counting combines before the shuffle, so text that is in every document
   costs one row per task. Samples and short prints in more than ``POPULAR`` contents, and long ones in more than
   ``RARE``, are dropped by an anti-join before anything is gathered: no list is longer than ``POPULAR``.
3. The contents of each sample and short print, gathered; pairs of them by the local engine's rule, each once; both
   texts joined to each pair, compared exactly by the local engine's function. Near edges to connected components.
4. Template text (``template_text``): long prints in more than ``RARE`` components, the grams around them, counted the
   same way, and the stretches that these cover.
5. Pairs that share a long print outside of template text, and the local engine's pairs within and between components.
6. Pairs of contents to pairs of pieces, components to groups, with a representative chosen in each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planparse.dedupe.engine import checked
from planparse.dedupe.tables import PAIR_COLUMNS
from planparse.spark.clean import selected
from planparse.spark.groups import groups
from planparse.spark.related import related
from planparse.spark.tables import no_templates, pairs_of_pieces, passages_of, template_table
from planparse.spark.units import SCHEMA, contents_of, members_of, unit_batches

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


@dataclass(frozen=True)
class SparkDuplicates:
    """``pairs``, ``groups``, ``passages`` and ``templates`` as DataFrames, with the columns of
    :class:`planparse.Duplicates`."""

    pairs: DataFrame
    groups: DataFrame
    passages: DataFrame
    templates: DataFrame
    kept: tuple[DataFrame, ...]

    def unpersist(self) -> None:
        """Let go of what is kept between the steps."""
        for one in self.kept:
            one.unpersist()


def duplicates(
    df: DataFrame, text: str = "text", id: str = "id", *, near: float = 0.7, contains: float = 0.8, passage: int = 50
) -> SparkDuplicates:
    """Find duplicates among the pieces of all documents, as :func:`planparse.duplicates` does of documents in the order
    of their ids (by code point): the same rows and values in all tables. Rows that cannot be parsed have no pieces.

    Most of the work is done here; the tables' last steps when one of them is written or shown.

    Args:
        df: a row for each document; ids are unique.
        text, id: its columns.
        near, contains, passage: as for :func:`planparse.duplicates`.

    Raises:
        ValueError: for a threshold out of range, or a column that is not there.
    """
    options = checked(near, contains, passage)
    from pyspark import StorageLevel
    from pyspark.sql import functions as F

    pieces = selected(df, text, id).sort("id").mapInArrow(unit_batches, SCHEMA)
    # Within the order of ids these numbers rise, so they stand for input order.
    pieces = pieces.withColumn("unit", F.monotonically_increasing_id()).persist(StorageLevel.MEMORY_AND_DISK)
    contents = contents_of(pieces).persist(StorageLevel.MEMORY_AND_DISK)
    members = members_of(contents, pieces).persist(StorageLevel.MEMORY_AND_DISK)
    found = related(contents, options)
    pairs = pairs_of_pieces(found.pairs, contents, members, passage).persist(StorageLevel.MEMORY_AND_DISK)
    return SparkDuplicates(
        pairs=pairs.select(*PAIR_COLUMNS),
        groups=groups(pieces, members, contents, found.roots),
        passages=passages_of(pairs, pieces),
        templates=no_templates(pieces) if found.templates is None else template_table(found.templates, members, pieces),
        kept=(pieces, contents, members, *found.kept, pairs),
    )
