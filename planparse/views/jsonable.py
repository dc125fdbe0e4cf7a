"""A document as the JSON object of the contract (文档对象), in plain Python values."""

from __future__ import annotations

import json
import math
from typing import Any

from planparse.document import SCHEMA, Anomaly, Document, Edit, Measure, Period, Piece, Section, Span

LARGEST = 2**63 - 1


def plain_number(value: int | float | None) -> int | float | None:
    """A number that every JSON reader and every table column can hold; None where it is none."""
    if isinstance(value, int) and abs(value) > LARGEST:
        try:
            return float(value)
        except OverflowError:
            return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def document_to_dict(doc: Document, text: bool = True) -> dict[str, Any]:
    """The object of ``planparse.document/1``; all fields are always there.

    Args:
        doc: the document.
        text: False leaves out the field ``text``.
    """
    result: dict[str, Any] = {
        "schema": SCHEMA,
        "id": doc.id,
        "encoding": doc.encoding,
        "sha256": doc.sha256,
        "title": None if doc.title is None else span_to_dict(doc.title),
        "declared_pieces": doc.declared_pieces,
        "pieces": [_piece(piece) for piece in doc.pieces],
        "sections": [_section(section) for section in doc.sections],
        "removed": [_edit(edit) for edit in doc.removed],
        "repairs": [_edit(edit) for edit in doc.repairs],
        "measures": [_measure(measure) for measure in doc.measures],
        "anomalies": [_anomaly(anomaly) for anomaly in doc.anomalies],
        "links": [span_to_dict(link) for link in doc.links],
        "clean_text": doc.clean_text,
    }
    if text:
        result["text"] = doc.text
    return result


def dumps(value: Any) -> bytes:
    """A plain value as one line of JSON in UTF-8, without line break. Lone surrogates are escaped."""
    import orjson

    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def span_to_dict(span: Span) -> dict[str, Any]:
    """A span's ``start``, ``end`` and ``text``."""
    return {"start": span.start, "end": span.end, "text": span.text}


def _piece(piece: Piece) -> dict[str, Any]:
    return {
        "n": piece.n,
        "title": piece.title,
        "start": piece.start,
        "heading_end": piece.heading_end,
        "end": piece.end,
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "id": section.id,
        "parent": section.parent,
        "piece": section.piece,
        "level": section.level,
        "style": section.style,
        "label": section.label,
        "number": section.number,
        "start": section.start,
        "label_end": section.label_end,
        "title": section.title,
        "title_end": section.title_end,
        "end": section.end,
        "implied": section.implied,
    }


def _edit(edit: Edit) -> dict[str, Any]:
    result: dict[str, Any] = {"start": edit.start, "end": edit.end, "kind": edit.kind}
    if edit.replacement is not None:
        result["replacement"] = edit.replacement
    result["rule"] = edit.rule
    return result


def _measure(measure: Measure) -> dict[str, Any]:
    return {
        "start": measure.start,
        "end": measure.end,
        "text": measure.text,
        "kind": measure.kind,
        "value": plain_number(measure.value),
        "min": plain_number(measure.min),
        "max": plain_number(measure.max),
        "unit": measure.unit,
        "comparator": measure.comparator,
        "approximate": measure.approximate,
        "change": measure.change,
        "from_value": plain_number(measure.from_value),
        "indicator": measure.indicator,
        "period": None if measure.period is None else _period(measure.period),
        "every": measure.every,
        "of": measure.of,
        "damaged": measure.damaged,
        "role_evidence": measure.role_evidence,
        "piece": measure.piece,
        "section": measure.section,
        "canonical_value": plain_number(measure.canonical_value),
        "canonical_unit": measure.canonical_unit,
        "indicator_norm": measure.indicator_norm,
    }


def _period(period: Period) -> dict[str, Any]:
    return {
        "text": period.text,
        "start": period.start,
        "end": period.end,
        "from": None if period.from_ is None else period.from_.isoformat(),
        "to": None if period.to is None else period.to.isoformat(),
    }


def _anomaly(anomaly: Anomaly) -> dict[str, Any]:
    return {
        "kind": anomaly.kind,
        "start": anomaly.start,
        "end": anomaly.end,
        "piece": anomaly.piece,
        "message": anomaly.message,
    }
