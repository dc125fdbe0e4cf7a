"""The tables of many documents (数据表): their columns, and a document's rows in them.

``frames`` gives them as DataFrames, the batch writes them as Parquet or JSON lines: the same names, columns and values.
The column ``links`` of ``documents`` is a JSON list of ``start``, ``end`` and ``text``, the address.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from planparse.document import Document, Period
from planparse.views.jsonable import LARGEST, dumps, plain_number, span_to_dict

if TYPE_CHECKING:
    import pyarrow as pa

Row = tuple[Any, ...]

# table → its columns as "name type", in order; "?" marks a column that can be null.
_COLUMNS = {
    "documents": (
        "document_id string, encoding string, sha256 string, title string?, title_start int?, title_end int?, "
        "declared_pieces int?, pieces int, sections int, measures int, targets int, statistics int, "
        "removed int, removed_characters int, repairs int, anomalies int, characters int, clean_characters int, "
        "clean_text string, text string, url string?, record_id string?, links string?"
    ),
    "pieces": (
        "document_id string, piece_id string, n int, title string, start int, heading_end int, end int, "
        "clean_start int, clean_heading_end int, clean_end int"
    ),
    "sections": (
        "document_id string, id int, parent int?, piece int?, level int, style string, label string, number int?, "
        "start int, label_end int, title string, title_end int, end int, implied bool"
    ),
    "measures": (
        "document_id string, id int, start int, end int, text string, kind string, value float?, min float?, "
        "max float?, unit string, comparator string, approximate bool, change string?, from_value float?, "
        "indicator string?, period string?, period_start int?, period_end int?, period_from date?, period_to date?, "
        "every string?, of int?, damaged bool, role_evidence string?, piece int?, section int?, "
        "canonical_value float?, canonical_unit string?, indicator_norm string?"
    ),
    "removed": "document_id string, start int, end int, kind string, rule string, text string",
    "repairs": "document_id string, start int, end int, kind string, replacement string, rule string, text string",
    "anomalies": "document_id string, kind string, start int, end int, piece int?, message string",
}
TABLES = tuple(_COLUMNS)


def columns(table: str) -> list[tuple[str, str, bool]]:
    """A table's columns: name, type (``string``, ``int``, ``float``, ``bool``, ``date``), and whether it can be null.

    Raises:
        KeyError: where there is no such table.
    """
    parsed = []
    for column in _COLUMNS[table].split(", "):
        name, kind = column.split(" ")
        parsed.append((name, kind.removesuffix("?"), kind.endswith("?")))
    return parsed


@lru_cache(maxsize=len(_COLUMNS))
def schema(table: str) -> pa.Schema:
    """A table's columns for pyarrow."""
    import pyarrow as pa

    types = {"string": pa.string(), "int": pa.int64(), "float": pa.float64(), "bool": pa.bool_(), "date": pa.date32()}
    return pa.schema([pa.field(name, types[kind], nullable) for name, kind, nullable in columns(table)])


def rows(doc: Document) -> dict[str, list[Row]]:
    """One document's rows in every table, their cells in the order of the columns."""
    name = doc.id
    to_clean = doc.to_clean
    title = doc.title
    kinds = [measure.kind for measure in doc.measures]
    return {
        "documents": [
            (
                name,
                doc.encoding,
                doc.sha256,
                title and title.text,
                title and title.start,
                title and title.end,
                doc.declared_pieces,
                len(doc.pieces),
                len(doc.sections),
                len(doc.measures),
                kinds.count("target"),
                kinds.count("statistic"),
                len(doc.removed),
                sum(edit.end - edit.start for edit in doc.removed),
                len(doc.repairs),
                len(doc.anomalies),
                len(doc.text),
                len(doc.clean_text),
                doc.clean_text,
                doc.text,
                doc.url,
                doc.record_id,
                dumps([span_to_dict(link) for link in doc.links]).decode() if doc.links else None,
            )
        ],
        "pieces": [
            (
                name,
                f"{name}#{p.n}",
                p.n,
                p.title,
                p.start,
                p.heading_end,
                p.end,
                to_clean(p.start),
                to_clean(p.heading_end),
                to_clean(p.end),
            )
            for p in doc.pieces
        ],
        "sections": [
            (
                name,
                s.id,
                s.parent,
                s.piece,
                s.level,
                s.style,
                s.label,
                s.number,
                s.start,
                s.label_end,
                s.title,
                s.title_end,
                s.end,
                s.implied,
            )
            for s in doc.sections
        ],
        "measures": [
            (
                name,
                i,
                m.start,
                m.end,
                m.text,
                m.kind,
                _float(m.value),
                _float(m.min),
                _float(m.max),
                m.unit,
                m.comparator,
                m.approximate,
                m.change,
                _float(m.from_value),
                m.indicator,
                *_period(m.period),
                m.every,
                m.of,
                m.damaged,
                m.role_evidence,
                m.piece,
                m.section,
                _float(m.canonical_value),
                m.canonical_unit,
                m.indicator_norm,
            )
            for i, m in enumerate(doc.measures)
        ],
        "removed": [(name, e.start, e.end, e.kind, e.rule, doc.text[e.start : e.end]) for e in doc.removed],
        "repairs": [
            (name, e.start, e.end, e.kind, e.replacement or "", e.rule, doc.text[e.start : e.end]) for e in doc.repairs
        ],
        "anomalies": [(name, a.kind, a.start, a.end, a.piece, a.message) for a in doc.anomalies],
    }


def records(table: str, values: list[Row]) -> Iterator[dict[str, Any]]:
    """Rows as plain values for JSON: a dict per row, dates in ISO form."""
    names = [name for name, _, _ in columns(table)]
    for row in values:
        yield {n: v.isoformat() if isinstance(v, date) else v for n, v in zip(names, row, strict=True)}


def arrow(table: str, values: list[Row]) -> pa.Table:
    """Rows as a pyarrow table with the fixed schema."""
    import pyarrow as pa

    fixed = schema(table)
    cells = list(zip(*values, strict=True)) if values else [()] * len(fixed)
    arrays = []
    for field, column in zip(fixed, cells, strict=True):
        try:
            arrays.append(pa.array(column, field.type))
        except (UnicodeEncodeError, OverflowError):
            arrays.append(pa.array([_holdable(cell) for cell in column], field.type))
    return pa.Table.from_arrays(arrays, schema=fixed)


def _holdable(cell: Any) -> Any:
    """A value as Arrow can hold it: lone surrogates become U+FFFD, an integer keeps to 64 bits."""
    if isinstance(cell, str):
        return "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in cell)
    return cell if cell is None else max(-LARGEST, min(cell, LARGEST))


def _float(value: int | float | None) -> float | None:
    plain = plain_number(value)
    return None if plain is None else float(plain)


def _period(period: Period | None) -> tuple[str | None, int | None, int | None, date | None, date | None]:
    if period is None:
        return None, None, None, None, None
    return period.text, period.start, period.end, period.from_, period.to
