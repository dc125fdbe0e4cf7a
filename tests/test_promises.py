"""What holds for any text: edits tile and replay, cleaning is idempotent, spans equal surfaces, sections nest."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planparse import Document, parse, read

# Pieces of the genre, so that random texts reach the rules; and anything at all between them.
# fmt: off
_SEEDS = (
    "一、", "二、", "三、", "（一）", "（二）", "(三)", "1、", "2、", "3.", "1.1", "①", "②", "一是", "二是",
    "首先，", "其次，", "第一章", "第二条", "第一部分", "\n", "\n\n", "\r\n", "\r", "\x0c", "\u3000\u3000",
    " ", "。", "，", "；", "：", "工作计划", "工作计划篇一", "工作计划篇二", "篇1", "第一篇：", "（通用3篇）",
    "范文", "小编", "以下是小编为大家整理的", "希望对大家有所帮助。", "推荐阅读：", "本站", "下载",
    "http://a.cn/", "<p>", "</p>", "[词](#)", "此处隐藏300个字", "第1页 共3页", "—2—", "上一篇：",
    "来源：网络", "版权所有", "xx", "20xx年", "__", "××", "确保", "力争", "达到", "95%", "3.5亿元",
    "不少于4次", "每季度1次", "1400多名", "由40%提高到60%", "百分之九十五", "翻两番", "三分之二", "其中",
    "去年", "2025年", "全镇", "我校", "职工", "学習(xí)", "學(xué)", "凯 宾 斯 国 际", "。ㄒ唬", "`", "？？",
    "的'", ",", ":", "(", ")", "“", "”", "《", "》", "0", "9", "１", "２", "年", "月", "日", "人",
    "思想。\n想，", "推\n\n动",
)
# fmt: on

pages = st.lists(st.one_of(st.sampled_from(_SEEDS), st.text(max_size=8)), max_size=60).map("".join)
anything = st.one_of(pages, st.text(alphabet=st.characters(codec=None), max_size=200))
thorough = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def replay(doc: Document) -> str:
    parts, at = [], 0
    for edit in doc.edits:
        assert at <= edit.start < edit.end <= len(doc.text)
        parts += [doc.text[at : edit.start], edit.replacement or ""]
        at = edit.end
    return "".join([*parts, doc.text[at:]])


def holds(doc: Document) -> None:
    """All that is promised of one document."""
    text = doc.text
    assert replay(doc) == doc.clean_text
    assert sorted([*doc.removed, *doc.repairs], key=lambda e: e.start) == list(doc.edits)
    for edit in doc.edits:
        assert edit.kind
        assert edit.rule
    if doc.title:
        assert doc.title.text == text[doc.title.start : doc.title.end]
        assert doc.title.text.strip()
    at = 0
    for piece in doc.pieces:
        assert at <= piece.start <= piece.heading_end <= piece.end <= len(text)
        at = piece.end
    assert len({piece.n for piece in doc.pieces}) == len(doc.pieces)
    nest(doc)
    at = 0
    for index, measure in enumerate(doc.measures):
        assert at <= measure.start < measure.end <= len(text)
        assert measure.text == text[measure.start : measure.end]
        assert measure.of is None or (0 <= measure.of < len(doc.measures) and measure.of != index)
        assert measure.section is None or any(s.id == measure.section for s in doc.sections)
        if measure.period:
            assert measure.period.text == text[measure.period.start : measure.period.end]
        if measure.damaged:
            assert measure.value is None
        at = measure.end
    for anomaly in doc.anomalies:
        assert 0 <= anomaly.start <= anomaly.end <= len(text)
        assert anomaly.message


def nest(doc: Document) -> None:
    by_id = {section.id: section for section in doc.sections}
    assert len(by_id) == len(doc.sections)
    previous = 0
    for section in doc.sections:
        assert previous <= section.start
        previous = section.start
        assert section.start <= section.label_end <= section.title_end <= section.end <= len(doc.text)
        assert doc.text[section.start : section.label_end] == section.label
        assert section.level >= 1
        if section.implied:
            assert section.number is None
        if section.parent is None:
            assert section.level == 1
        else:
            parent = by_id[section.parent]
            assert parent.start <= section.start
            assert section.end <= parent.end
            assert section.level == parent.level + 1
            assert section.piece == parent.piece


@thorough
@given(anything)
def test_any_text_is_answered_losslessly(text: str) -> None:
    doc = parse(text)
    assert doc.text == text
    holds(doc)


@thorough
@given(anything)
def test_cleaning_a_clean_text_changes_nothing(text: str) -> None:
    clean = parse(text).clean_text
    again = parse(clean)
    assert again.edits == ()
    assert again.clean_text == clean


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=300), pages.map(lambda t: t.encode("gb18030", "replace"))))
def test_any_bytes_are_answered(data: bytes) -> None:
    holds(read(data))


def test_the_corpora_hold_the_promises(sample_pages: list[Path]) -> None:
    assert len(sample_pages) >= 12
    for path in sample_pages:
        doc = read(path)
        holds(doc)
        assert parse(doc.clean_text).edits == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n" * 5000,
        "1" * 100_000,
        "一" * 100_000,
        "(" * 50_000,
        "（一）" * 20_000,
        "第" * 50_000,
        "工作计划篇一" * 5000,
        "1.1." * 20_000,
        " " * 100_000,
        "，" * 100_000,
        "小编" * 30_000,
        "http://" * 10_000,
        "<" * 50_000,
        "<a " * 20_000,
        "[" * 50_000,
        "一是" * 20_000,
        "3.5亿元、" * 10_000,
        "\ud800\udfff",
        "\x00" * 1000,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_hostile_text_is_answered(text: str) -> None:
    holds(parse(text))


def test_eight_threads_answer_as_one(sample_pages: list[Path]) -> None:
    alone = [read(path).to_dict() for path in sample_pages]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda path: read(path).to_dict(), sample_pages))
    assert together == alone


def test_another_hash_seed_gives_the_same_answer(sample_pages: list[Path]) -> None:
    code = (
        "import sys, hashlib, planparse, orjson\n"
        "for path in sys.argv[1:]:\n"
        "    print(hashlib.sha256(orjson.dumps(planparse.read(path).to_dict())).hexdigest())"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", code, *map(str, sample_pages)],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(answers) == 1
