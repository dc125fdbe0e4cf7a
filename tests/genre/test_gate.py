"""The gate marks what is no Chinese plan, keeps every text, and lets plans through."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

import planparse as pp
from planparse.evaluation.gold import read_gold
from planparse.genre.gate import chinese_share, model, plan_score

ROOT = Path(__file__).parents[2]
ENGLISH = "Work plan 1\nFirst, strengthen the leadership and improve the quality of the service all the year.\n" * 3
# Of genres and words that the training texts do not hold.
UNSEEN = [
    "灯塔看守人每天黄昏都要爬一百二十级石阶。海雾涌上来的时候，他就对着黑暗吹口琴，仿佛远处真有一条船在听。"
    "许多年以后，人们在灯塔的墙缝里发现了他的琴，里面长出了一株小小的野菊，风一吹，叶子沙沙地响。",
    "今天和朋友去爬山，走到半路下起了雹子，我们躲在一棵大松树下面分一个橘子吃。她笑我胆小，我说你的腿不也在抖吗。"
    "下山以后喝了两碗热汤，鞋子全湿了，可心里像晒过太阳一样，暖洋洋的，舍不得睡。",
]


def kinds(text: str) -> set[str]:
    return {anomaly.kind for anomaly in pp.parse(text).anomalies}


def test_english_is_marked_and_kept() -> None:
    doc = pp.parse(ENGLISH)
    (found,) = (a for a in doc.anomalies if a.kind == "not_chinese")
    assert (found.start, found.end) == (0, len(ENGLISH))
    assert "0%" in found.message
    assert doc.text == ENGLISH
    assert "not_plan" not in kinds(ENGLISH)


def test_japanese_is_not_chinese() -> None:
    assert "not_chinese" in kinds("今年度の作業計画についてお知らせします。" * 6)


def test_chinese_with_much_latin_is_chinese() -> None:
    text = "一、完成ERP系统、OA系统与CRM系统的对接，培训administrator十名，检查服务器六台，更新数据库。" * 3
    share = chinese_share(text)
    assert share is not None
    assert share > 0.5
    assert kinds(text) & {"not_chinese", "not_plan"} == set()


@pytest.mark.parametrize("text", UNSEEN)
def test_a_story_is_no_plan(text: str) -> None:
    doc = pp.parse(text)
    (found,) = (a for a in doc.anomalies if a.kind == "not_plan")
    score = plan_score(doc.clean_text)
    assert score is not None
    assert f"{score:.3f}" in found.message
    assert doc.clean_text == text


@pytest.mark.parametrize("text", ["", "一、", "抢修路灯12盏。", "OK", "1234567890" * 20, "　\n" * 100])
def test_too_little_text_is_not_judged(text: str) -> None:
    assert kinds(text) & {"not_chinese", "not_plan"} == set()


def test_traditional_script_is_judged_alike() -> None:
    text = "為做好今年防汛工作，保障群眾生命財產安全，制定本方案。一、加強組織領導，落實責任。二、儲備物資，組織演練。"
    assert kinds(text + "三、完善制度，開展檢查，確保目標完成，提高工作水平。") & {"not_chinese", "not_plan"} == set()


def test_our_plans_pass() -> None:
    pages = [(page["id"], page["text"]) for page in read_gold(ROOT / "corpora" / "gold" / "sample")]
    for name, text in pages:
        assert kinds(text) & {"not_chinese", "not_plan"} == set(), name


def test_most_of_our_other_texts_are_marked() -> None:
    with (ROOT / "corpora" / "gate" / "other.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(rows) >= 120
    judged = [row for row in rows if plan_score(row["text"]) is not None]
    assert len(judged) >= 80
    assert sum("not_plan" in kinds(row["text"]) for row in judged) >= 0.9 * len(judged)


def test_the_model_is_plain_data() -> None:
    known = model()
    assert 0 < known.threshold <= 0.3
    assert all(len(pair) == 2 for pair in known.weights)


def test_real_pages_and_reports_pass(real: Path) -> None:
    texts = [(real / "page.txt").read_text("utf-8")]
    texts += [path.read_text("utf-8") for path in sorted((real / "reports").glob("*.txt"))]
    lines = (real / "reports" / "national_1978_2009.jsonl").read_text("utf-8").splitlines()
    texts += [json.loads(line)["text"] for line in lines]
    for text in texts:
        assert kinds(text) & {"not_chinese", "not_plan"} == set()
