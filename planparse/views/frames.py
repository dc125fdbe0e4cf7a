"""Documents as pandas DataFrames (数据框), keyed by ``document_id``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from planparse.document import Document
from planparse.views.tables import TABLES, Row, arrow, columns, rows

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def frames(documents: Iterable[Document] | Document) -> dict[str, pd.DataFrame]:
    """The tables ``documents``, ``pieces``, ``sections``, ``measures``, ``removed``, ``repairs`` and ``anomalies``.

    Columns and their types are the same for any documents, also for none: ``string``, ``int64``, ``bool``, and
    ``Int64``, ``Float64``, ``datetime64[ms]`` where a value can be missing.

    Args:
        documents: the documents, in the order the rows shall have; read once.
    """
    if isinstance(documents, Document):
        documents = [documents]
    collected: dict[str, list[Row]] = {table: [] for table in TABLES}
    for document in documents:
        for table, values in rows(document).items():
            collected[table] += values
    return {table: frame(table, arrow(table, values)) for table, values in collected.items()}


def frame(table: str, values: pa.Table) -> pd.DataFrame:
    """One table's rows as a DataFrame with the types that :func:`frames` promises."""
    import pandas as pd

    types = {"string": "string", "int": "Int64", "float": "Float64", "bool": "bool", "date": "datetime64[ms]"}
    data = {}
    for name, kind, nullable in columns(table):
        wanted = "int64" if kind == "int" and not nullable else types[kind]
        cells = values.column(name).to_pylist()
        data[name] = pd.Series(cells, dtype=wanted)
    return pd.DataFrame(data)
