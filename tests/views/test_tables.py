"""JSON and DataFrames: the contract's fields, stable types, plain values."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pandas as pd
from hypothesis import given, settings
from made import TEXT, made_document, random_documents

import planparse as pp
from planparse import Document, Measure
from planparse.views.jsonable import dumps

FIELDS = {
    "schema", "id", "encoding", "sha256", "title", "declared_pieces", "pieces", "sections", "removed", "repairs",
    "measures", "anomalies", "clean_text", "text",
}  # fmt: skip
MEASURE = {
    "start", "end", "text", "kind", "value", "min", "max", "unit", "comparator", "approximate", "change", "indicator",
    "period", "every", "of", "piece", "section",
}  # fmt: skip


def test_the_contracts_fields() -> None:
    given = made_document().to_dict()
    assert given.keys() >= FIELDS
    assert FIELDS - made_document().to_dict(text=False).keys() == {"text"}
    assert given["schema"] == "planparse.document/1"
    assert given["title"] == {"start": 10, "end": 27, "text": "关于粮库防汛的工作计划(通用3篇)"}
    assert given["removed"] == [{"start": 0, "end": 10, "kind": "navigation", "rule": "navigation.crumbs"}]
    assert [edit["replacement"] for edit in given["repairs"]] == ["", "。"]
    assert all(measure.keys() >= MEASURE for measure in given["measures"])
    assert given["measures"][0]["period"] == {
        "text": "汛期前",
        "start": 48,
        "end": 51,
        "from": None,
        "to": "2025-05-31",
    }
    assert given["sections"][5]["implied"] is True
    assert json.loads(dumps(given)) == given


def test_numbers_that_no_reader_can_hold_do_not_break_the_json() -> None:
    amounts = [2**70, -(2**63), 10**400, float("inf"), float("nan"), 10**5000]
    measures = tuple(Measure(i, i + 1, "x", "mention", value, "元") for i, value in enumerate(amounts))
    doc = replace(made_document(), measures=measures, text="\ud800" + TEXT[1:])
    values = [measure["value"] for measure in json.loads(dumps(doc.to_dict()))["measures"]]
    assert values == [2.0**70, float(-(2**63)), None, None, None, None]
    assert pp.frames([doc])["measures"]["value"].isna().sum() == 4


def test_frames_have_the_tables_and_values_of_the_documents() -> None:
    doc = made_document()
    tables = pp.frames([doc, replace(doc, id="二")])
    assert list(tables) == ["documents", "pieces", "sections", "measures", "removed", "repairs", "anomalies"]
    assert list(tables["documents"]["document_id"]) == ["粮库.txt", "二"]
    assert list(tables["pieces"]["piece_id"]) == ["粮库.txt#1", "粮库.txt#2", "二#1", "二#2"]
    measures = tables["measures"].query("document_id == '二'").reset_index(drop=True)
    assert list(measures["text"]) == [m.text for m in doc.measures]
    assert measures.loc[0, "period_to"] == pd.Timestamp(date(2025, 5, 31))
    assert measures["value"].isna().tolist() == [False, True, False, False, False]
    row = tables["pieces"].iloc[1]
    clean = doc.clean_text[row["clean_heading_end"] : row["clean_end"]]
    assert clean.startswith("\n(1)水泵")
    for table in ("removed", "repairs"):
        assert all(TEXT[r.start : r.end] == r.text for r in tables[table].itertuples())


def test_types_are_the_same_for_any_documents_and_for_none() -> None:
    empty, full = pp.frames([]), pp.frames(made_document())
    for name, table in full.items():
        assert len(empty[name]) == 0
        assert (empty[name].dtypes == table.dtypes).all()
    types = full["measures"].dtypes.astype(str)
    assert types["start"] == "int64"
    assert types["piece"] == "Int64"
    assert types["value"] == "Float64"
    assert types["approximate"] == "bool"
    assert types["unit"] == "string"
    assert types["period_from"] == "datetime64[ms]"


@settings(deadline=None, max_examples=50)
@given(random_documents())
def test_any_document_fits_the_tables(doc: Document) -> None:
    assert len(pp.frames([doc])["documents"]) == 1
    json.loads(dumps(doc.to_dict()))
