"""``planparse.spark.clean``: every table of the contract from one pass over a DataFrame of texts (分布式清洗)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planparse.document import Document
from planparse.views.tables import TABLES, Row, arrow, columns, rows

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

QUARANTINE = "quarantine"
_SQL = {"string": "string", "int": "bigint", "float": "double", "bool": "boolean", "date": "date"}
# What one Arrow batch of results holds at most, so that a worker's memory is bounded.
_DOCUMENTS_AT_ONCE = 512
_CHARACTERS_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class Cleaned:
    """The tables of one run, lazily: nothing is parsed before one of them is written or shown.

    ``tables[name]`` is a DataFrame with the columns of :func:`planparse.frames`; ``quarantine`` (``id``, ``reason``)
    lists the rows that have no text or could not be parsed. All come from the DataFrame ``parsed``, one row a document,
    which is kept (memory, then disk) from the first use to :meth:`unpersist`, so that each text is parsed once.
    """

    tables: Mapping[str, DataFrame]
    parsed: DataFrame

    def __getitem__(self, table: str) -> DataFrame:
        return self.tables[table]

    def unpersist(self) -> None:
        """Let go of the parsed documents."""
        self.parsed.unpersist()


def clean(df: DataFrame, text: str = "text", id: str = "id") -> Cleaned:
    """Parse every row of a DataFrame; see :class:`Cleaned`.

    Values equal ``planparse.frames(planparse.parse(text, id=id) for …)``. Rows have no order in Spark: sort by
    ``document_id`` and ``start`` where one is wanted. Texts are those already decoded; ids are cast to strings.

    Args:
        df: a row for each document.
        text: the column with the text, a string.
        id: the column with the document's id, of any simple type.

    Raises:
        ValueError: where a column is not there.
    """
    from pyspark import StorageLevel
    from pyspark.sql import functions as F

    parsed = selected(df, text, id).mapInArrow(_parsed, _schema())
    parsed = parsed.persist(StorageLevel.MEMORY_AND_DISK)
    tables = {
        name: parsed.select(F.explode(F.col(name)).alias("row")).select("row.*") for name in (*TABLES, QUARANTINE)
    }
    return Cleaned(tables, parsed)


def selected(df: DataFrame, text: str, id: str) -> DataFrame:
    """The columns ``id`` and ``text`` alone, under these names, as strings.

    Raises:
        ValueError: where a column is not there.
    """
    from pyspark.sql import functions as F

    for name in (text, id):
        if name not in df.columns:
            raise ValueError(f"no column {name!r}; there are {', '.join(df.columns)}")
    # In backquotes a dot is part of a name, not a field of a struct.
    return df.select(
        F.col(f"`{id}`").cast("string").alias("id"),
        F.col(f"`{text}`").cast("string").alias("text"),
    )


def parsed_or_reason(id: str | None, text: str | None) -> tuple[Document | None, str]:
    """The document, or why there is none."""
    from planparse.pipeline import parse

    if id is None or text is None:
        return None, f"no {'id' if id is None else 'text'}"
    try:
        return parse(text, id=id), ""
    except Exception as error:
        # A mistake of ours on one page must not stop a job of a billion.
        return None, f"internal error: {type(error).__name__}: {' '.join(str(error).split())}"


def _schema() -> str:
    """The result's columns in Spark's DDL: for each table an array of its rows."""
    fields = []
    for table in TABLES:
        cells = ", ".join(f"`{name}`: {_SQL[kind]}" for name, kind, _ in columns(table))
        fields.append(f"{table} array<struct<{cells}>>")
    return ", ".join([*fields, f"{QUARANTINE} array<struct<`id`: string, `reason`: string>>"])


def _parsed(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    found: list[dict[str, list[Row]]] = []
    characters = 0
    for batch in batches:
        for id, text in zip(batch.column("id"), batch.column("text"), strict=True):
            doc, reason = parsed_or_reason(id.as_py(), text.as_py())
            tables: dict[str, list[Row]] = {t: [] for t in TABLES} if doc is None else rows(doc)
            found.append({**tables, QUARANTINE: [(id.as_py(), reason)] if doc is None else []})
            characters += len(text.as_py() or "")
            if len(found) >= _DOCUMENTS_AT_ONCE or characters >= _CHARACTERS_AT_ONCE:
                yield _batch(found)
                found, characters = [], 0
    if found:
        yield _batch(found)


def _batch(found: list[dict[str, list[Row]]]) -> pa.RecordBatch:
    """One row for each document, its tables as arrays of structs."""
    import pyarrow as pa

    arrays: list[Any] = []
    for table in (*TABLES, QUARANTINE):
        ends = [0]
        together: list[Row] = []
        for tables in found:
            together += tables[table]
            ends.append(len(together))
        values = _quarantine(together) if table == QUARANTINE else arrow(table, together)
        # Spark's columns can all be null; a struct of others would not be taken.
        fields = [pa.field(field.name, field.type) for field in values.schema]
        cells = [column.combine_chunks() for column in values.columns]
        cells = [cell.chunk(0) if isinstance(cell, pa.ChunkedArray) else cell for cell in cells]
        struct = pa.StructArray.from_arrays(cells, fields=fields)
        arrays.append(pa.ListArray.from_arrays(pa.array(ends, pa.int32()), struct))
    return pa.RecordBatch.from_arrays(arrays, names=[*TABLES, QUARANTINE])


def _quarantine(values: list[Row]) -> pa.Table:
    import pyarrow as pa

    fixed = pa.schema([("id", pa.string()), ("reason", pa.string())])
    return pa.Table.from_pylist([dict(zip(fixed.names, row, strict=True)) for row in values], schema=fixed)
