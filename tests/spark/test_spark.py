"""Spark says what the local engine says, on the sample pages and 600 documents or PLANPARSE_SPARK_DOCUMENTS.

``PLANPARSE_SPARK_DOCUMENTS=20000 python -m pytest tests/spark`` is the long run, some minutes.
"""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import planparse as pp
from planparse.dedupe.candidates import RARE

pytest.importorskip("pyspark")

from planparse.spark import clean, duplicates

DOCUMENTS = int(os.environ.get("PLANPARSE_SPARK_DOCUMENTS", "600"))
WORDS = [
    "河道清淤",
    "绿化补栽",
    "路灯检修",
    "台账核对",
    "培训考核",
    "隐患排查",
    "物资盘点",
    "走访慰问",
    "普查登记",
    "设备保养",
    "井盖更换",
    "消防演练",
]
PLACES = ["柳河", "青岗", "石桥", "白塔", "沙洲", "丰乐", "临江", "双溪", "长坪", "高埠"]


def short(rng: random.Random) -> str:
    """A plan of two or three sentences: most share nothing with any other, since its numbers are its own."""
    place, other = rng.sample(PLACES, 2)
    lines = [f"{place}镇{other}站{rng.randrange(10**6)}号工作计划"]
    for label, word in zip("一二三", rng.sample(WORDS, rng.choice((2, 2, 2, 2, 3))), strict=False):
        lines.append(f"{label}、{word}{rng.randrange(10**6)}处，完成率达到{rng.randrange(50, 100)}%以上。")
    return "\n".join(lines)


def corpus(size: int) -> list[tuple[str, str]]:
    """Ids and texts: short plans, one in fifty a copy of an earlier one, exact or with one more line."""
    rng = random.Random(6)
    found: list[tuple[str, str]] = []
    for i in range(size):
        text = short(rng)
        if i % 50 == 49:
            text = found[rng.randrange(len(found))][1] + ("" if i % 100 == 99 else f"\n四、总结上报{i}次。")
        found.append((f"d{i:06d}", text))
    return found


@pytest.fixture(scope="module")
def documents() -> list[tuple[str, str]]:
    pages = sorted((Path(__file__).parents[2] / "corpora" / "sample").glob("*.txt"))
    texts = [(path.stem, pp.read(path).text) for path in pages]
    # In the order of their ids, each page twice.
    return [*corpus(DOCUMENTS), *((f"{name}-{again}", text) for name, text in texts for again in "ab")]


@pytest.fixture(scope="module")
def parsed(documents: list[tuple[str, str]]) -> list[pp.Document]:
    return [pp.parse(text, id=id) for id, text in documents]


def table(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    """A table's rows in an order of their own, missing values as None."""
    cells = frame.astype(object).where(frame.notna(), None)
    rows = [tuple(v.date() if isinstance(v, pd.Timestamp) else v for v in row) for row in cells.itertuples(index=False)]
    return sorted(rows, key=repr)


def arrow_rows(df: Any) -> list[tuple[Any, ...]]:
    found = df.collect()
    return sorted((tuple(row) for row in found), key=repr)


def given(spark: Any, documents: list[tuple[str, str]]) -> Any:
    return spark.createDataFrame(documents, "id string, text string").repartition(2)


def test_tables_equal_the_local_ones(spark: Any, documents: list[tuple[str, str]], parsed: list[pp.Document]) -> None:
    tables = clean(given(spark, documents))
    local = pp.frames(parsed)
    assert set(tables.tables) == {*local, "quarantine"}
    for name, frame in local.items():
        assert tables[name].columns == list(frame.columns)
        assert arrow_rows(tables[name]) == table(frame), name
    assert tables["quarantine"].count() == 0
    tables.unpersist()


def test_duplicates_equal_the_local_ones(
    spark: Any, documents: list[tuple[str, str]], parsed: list[pp.Document]
) -> None:
    found = duplicates(given(spark, documents))
    local = pp.duplicates(parsed)
    # One in fifty is a copy.
    assert len(local.pairs) >= DOCUMENTS // 75
    assert len(local.groups) >= DOCUMENTS // 75
    assert len(local.passages) >= 1
    assert arrow_rows(found.groups) == table(local.groups)
    of = dict(zip(local.groups["member"], local.groups["group"], strict=True))
    sizes = local.groups["group"].value_counts()
    for name in ("pairs", "passages"):
        frame = getattr(local, name)
        assert getattr(found, name).columns == list(frame.columns)
        here, there = set(arrow_rows(getattr(found, name))), set(table(frame))
        assert here <= there, name
        # Of what is in very many copies Spark lists a few pairs each.
        assert all(of.get(a) == of.get(b) and sizes[of[a]] > RARE for a, b, *_ in there - here), name
    found.unpersist()


def test_template_text_is_the_one_difference(spark: Any) -> None:
    rng = random.Random(12)
    template = (
        "各单位要按照职责分工压实岗位责任细化措施倒排工期挂图作战确保各项任务落到实处"
        "取得实效并按季度向联席会议办公室书面报送进展情况。"
    )

    def own() -> str:
        return "".join(f"{rng.choice(PLACES)}{rng.choice(WORDS)}{rng.randrange(10**6)}处。" for _ in range(16))

    texts = [own() for _ in range(48)]
    texts = [f"{text}\n{template}" if i < 40 else text for i, text in enumerate(texts)]
    texts += [texts[2], texts[46] + "总结上报。", texts[45][:100]]
    pages = [(f"d{i:02d}", f"一、{text}") for i, text in enumerate(texts)]
    found, local = duplicates(given(spark, pages)), pp.duplicates([pp.parse(text, id=id) for id, text in pages])
    assert local.templates["template"].nunique() == 1
    here, there = set(arrow_rows(found.pairs)), set(table(local.pairs))
    assert {row[2] for row in there} >= {"exact", "near", "contains"}
    assert there <= here
    members = set(local.templates["member"])
    more = here - there
    assert len(more) > 0
    assert all(relation == "shares" and {a, b} <= members for a, b, relation, *_ in more)
    found.unpersist()


def test_columns_by_name_and_rows_without_text(spark: Any) -> None:
    rows = [(1, "一、抢修路灯12盏。"), (2, None), (3, "")]
    tables = clean(spark.createDataFrame(rows, "`the.url` int, body string"), text="body", id="the.url")
    assert [row.document_id for row in tables["documents"].sort("document_id").collect()] == ["1", "3"]
    assert [tuple(row) for row in tables["quarantine"].collect()] == [("2", "no text")]
    assert [row.value for row in tables["measures"].collect()] == [12.0]


def test_what_cannot_be_asked_is_said(spark: Any) -> None:
    df = spark.createDataFrame([("a", "b")], "id string, text string")
    with pytest.raises(ValueError, match="no column 'url'"):
        clean(df, id="url")
    with pytest.raises(ValueError, match="between 0 and 1"):
        duplicates(df, near=0)
    with pytest.raises(ValueError, match="at least 5"):
        duplicates(df, passage=4)


def test_components_of_long_chains_and_stars(spark: Any) -> None:
    from planparse.spark.groups import components

    edges = [(i, i + 1) for i in range(100, 116)] + [(7, i) for i in range(20, 50)] + [(3, 1), (2, 3), (1, 2)]
    found = {
        row.unit: row.root for row in components(spark.createDataFrame(edges, "first long, second long")).collect()
    }
    expected = dict.fromkeys(range(100, 117), 100) | dict.fromkeys((7, *range(20, 50)), 7) | dict.fromkeys((1, 2, 3), 1)
    assert found == expected
