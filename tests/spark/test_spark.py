"""Spark says what the local engine says, on the sample pages and 600 documents or PLANPARSE_SPARK_DOCUMENTS.

``PLANPARSE_SPARK_DOCUMENTS=20000 python -m pytest tests/spark`` is the long run, some minutes.
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from generator import generate

import planparse as pp
from planparse.dedupe import bulk, tables
from planparse.dedupe.candidates import RARE, SMALL_RUN

pytest.importorskip("pyspark")

from planparse.spark import SparkDuplicates, clean, duplicates

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


def equal_tables(found: SparkDuplicates, local: pp.Duplicates) -> None:
    """All four tables of both have the same columns, rows and values."""
    for name in ("pairs", "groups", "passages", "templates"):
        frame, df = getattr(local, name), getattr(found, name)
        assert df.columns == list(frame.columns)
        assert arrow_rows(df) == table(frame), name
    found.unpersist()


def both(spark: Any, texts: dict[str, str], **options: Any) -> tuple[SparkDuplicates, pp.Duplicates]:
    """What Spark and the local engine find of texts by their ids."""
    local = pp.duplicates([pp.parse(texts[id], id=id) for id in sorted(texts)], **options)
    return duplicates(given(spark, list(texts.items())), **options), local


def test_duplicates_equal_the_local_ones(
    spark: Any, documents: list[tuple[str, str]], parsed: list[pp.Document]
) -> None:
    found = duplicates(given(spark, documents))
    local = pp.duplicates(parsed)
    # One in fifty is a copy.
    assert len(local.pairs) >= DOCUMENTS // 75
    assert len(local.groups) >= DOCUMENTS // 75
    assert len(local.passages) >= 1
    equal_tables(found, local)


def characters(seed: int, length: int) -> str:
    """Text of its own for each seed."""
    rng = random.Random(seed)
    return "".join(chr(0x4E00 + rng.randrange(3000)) for _ in range(length))


def related(local: pp.Duplicates) -> dict[tuple[str, str], str]:
    """The relation of each pair of documents, by their ids."""
    rows = local.pairs[["a", "b", "relation"]].itertuples(index=False)
    return {(a.partition("#")[0], b.partition("#")[0]): relation for a, b, relation in rows}


def test_template_text_equals_the_local_one(spark: Any) -> None:
    shortest, middle, long = characters(1, 50), characters(2, 90), characters(3, 260)
    rare, copied, shared = characters(4, 80), characters(5, 80), characters(6, 70)
    texts: dict[str, str] = {}

    def add(id: str, *parts: str) -> None:
        """A page of which each part is a line; ``""`` is one of its own."""
        lines = [part or characters(1000 + 10 * len(texts) + i, 150) for i, part in enumerate(parts)]
        texts[id] = "一、" + "\n".join(lines)

    for i in range(RARE + 1):
        # A template at either edge of a piece, two next to each other, and with text before and behind.
        add(f"edge-{i}", shortest, "", long)
        add(f"next-{i}", "", middle, long, "")
    # As many as are no template, of which one is two near copies: together one more than RARE.
    for i in range(RARE):
        add(f"rare-{i:02d}", "", rare, "")
        add(f"copied-{i:02d}", "", copied, "")
    texts["copied-99"] = texts["copied-00"] + "总结上报"
    # Nothing but a template, in full, in part, and twice; another shares more than that, or goes on where it ends.
    add("only", long)
    add("only-part", long[:120])
    add("only-twice", middle, long, "", middle)
    add("more-0", "", middle, "", shared)
    add("more-1", middle, shared, "")
    add("on-0", "", long + shared[:30], "")
    add("on-1", "", long + shared[:30], "")
    found, local = both(spark, texts)
    assert local.templates["template"].nunique() >= 3
    named = related(local)
    assert named["more-0", "more-1"] == "shares"
    assert ("rare-00", "rare-01") in named
    assert ("copied-00", "copied-01") in named
    assert not any({a[:4], b[:4]} <= {"edge", "next"} for a, b in named)
    equal_tables(found, local)


def test_many_copies_equal_the_local_ones(spark: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    most = 2 * RARE
    for module in (bulk, tables, *(sys.modules[f"planparse.spark.{name}"] for name in ("related", "tables"))):
        monkeypatch.setattr(module, "MOST_COPIES", most)
    passages = [characters(i, 70) for i in range(2)]
    texts: dict[str, str] = {}

    def family(name: str, size: int, passage: str) -> None:
        """Near copies, each with a little of its own, that have a passage."""
        base = characters(len(texts) + 100, 200) + passage + characters(len(texts) + 101, 200)
        texts.update({f"{name}:{i}": f"一、{base}{characters(5000 + len(texts) + i, 12)}" for i in range(size)})

    # A family of which all pairs are told, one too large for that, and strangers that have their passages.
    family("some", RARE + 3, passages[0])
    family("many", most + 2, passages[1])
    for i in range(3):
        for number, passage in enumerate(passages):
            texts[f"stranger-{number}-{i}"] = f"一、{characters(300 + 10 * i + number, 150)}{passage}"
    # Equal text that is punctuated otherwise, in so many copies that one stands for all: of the two that are not masked
    # the one whose id stands first, which is not by code point. And two plans that are near it and hold it, between its
    # copies.
    plan, copies = characters(7, 120), set()
    for i in range(most + 1):
        masked = "" if 3 < i < 6 else "__"
        copies.add(id := f"{'copy' if i < most else 'same'}{'.:'[i % 2]}{i}")
        texts[id] = f"一、{plan[:60]}{'，。；、'[i % 4]}{plan[60:]}{masked}"
    for i in range(2):
        texts[f"near.{i}"] = f"一、{characters(8, 9)}{plan}"
        texts[f"host.{i}"] = f"一、{characters(9, 200)}{plan}"
    found, local = both(spark, texts)
    assert local.templates.empty
    named = related(local)
    assert sum(a.startswith("some") and b.startswith("some") for a, b in named) == (RARE + 3) * (RARE + 2) // 2
    assert any({a[:4], b[:4]} == {"many", "stra"} for a, b in named)
    equal = [pair for pair in named if set(pair) <= copies]
    assert len(equal) == most
    assert all("copy:5" in pair for pair in equal)
    assert {("copy:5", "near.0"), ("near.0", f"same.{most}")} <= set(named)
    assert {"near", "contains", "exact", "shares"} == set(named.values())
    equal_tables(found, local)


def test_a_generated_corpus_equals_the_local_one(spark: Any) -> None:
    rng = random.Random(8)
    plans = [plan["text"] for plan, _ in generate.corpus(360, 3, 200)]
    whole = "。".join(generate.TEMPLATES)
    texts: dict[str, str] = {}
    for i, text in enumerate(plans):
        if i % 3:
            # Templates, or parts of them that begin and end anywhere, at any place.
            for _ in range(rng.randrange(1, 3)):
                start, at = rng.randrange(len(whole) - 60), rng.randrange(len(text))
                text = text[:at] + whole[start : start + rng.randrange(30, 150)] + text[at:]
        elif not i % 5:
            # Pieces of a few characters that others hold, and equal ones.
            other, start = rng.choice(plans[: i + 1]), rng.randrange(20, 60)
            size = rng.choice([rng.randrange(3, 12), rng.randrange(12, 40), len(other)])
            text = f"一、{other[start : start + size]}" if size < len(other) else other
        texts[f"http://{'ab.:'[i % 4]}/{i}"] = text
    found, local = both(spark, texts, near=0.6, contains=0.7, passage=40)
    assert local.templates["template"].nunique() > 10
    named = related(local)
    assert set(named.values()) == {"near", "contains", "exact", "shares"}
    assert any(relation == "contains" and len(texts[a]) < SMALL_RUN for (a, _), relation in named.items())
    equal_tables(found, local)


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
