"""The real page and the real reports, where they are present: the figures that the first release promises."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from planparse import Document, duplicates, parse, read
from planparse.evaluation.command import evaluate
from planparse.evaluation.score import Score, total
from planparse.reading.source import read_source

FLOORS = {
    "pieces": 1.0,
    "labels": 0.98,
    "parents": 0.97,
    "removed": 0.95,
    "wraps": 1.0,
    "measures found": 0.95,
    "measures right": 0.92,
}


@pytest.fixture(scope="module")
def page(real: Path) -> Score:
    return total(evaluate(real))


@pytest.mark.parametrize(("layer", "floor"), FLOORS.items())
def test_the_real_page_reaches_its_floor(page: Score, layer: str, floor: float) -> None:
    assert page.layers[layer].f1 >= floor


def test_the_real_page_loses_nothing(page: Score) -> None:
    assert page.lost == 0
    assert page.lossless == page.declared == page.documents
    assert page.layers["numbers"].f1 == page.layers["labels"].f1


def _reports(real: Path) -> list[tuple[str, str]]:
    texts = [(path.stem, path.read_text("utf-8")) for path in sorted((real / "reports").glob("*.txt"))]
    for line in (real / "reports" / "national_1978_2009.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        texts.append((record["id"], record["text"]))
    return texts


def _replay(doc: Document) -> str:
    parts, at = [], 0
    for edit in doc.edits:
        parts += [doc.text[at : edit.start], edit.replacement or ""]
        at = edit.end
    return "".join([*parts, doc.text[at:]])


def test_reports_are_read_losslessly(real: Path) -> None:
    reports = _reports(real)
    assert len(reports) == 39
    for name, text in reports:
        doc = parse(text, id=name)
        assert doc.text == text
        assert _replay(doc) == doc.clean_text
        assert len(doc.pieces) == 1, name
        body = [section for section in doc.sections if section.level == 1]
        assert 2 <= len(body) <= 40, name


def test_report_pages_lose_their_chrome_and_nothing_else(real: Path) -> None:
    chrome = {"下载", "打印", "全屏", "收藏", "【字号：", "加大", "还原", "减小", "】"}
    for path in sorted((real / "reports").glob("*.txt")):
        doc = read(path)
        lines = doc.clean_text.splitlines()
        assert not chrome & set(lines), path.name
        removed = "".join(edit_text for edit_text in (doc.text[e.start : e.end] for e in doc.removed))
        assert len(removed) < 200, path.name


def test_notices_keep_their_body_and_lose_the_rest(real: Path) -> None:
    titles = dict(line.split("\t")[:2] for line in (real / "notices" / "titles.tsv").read_text("utf-8").splitlines())
    pages = sorted((real / "notices").glob("??.html"))
    assert len(pages) == 13
    for page in pages:
        doc = read(page)
        body = read_source(page.with_name(f"{page.stem}.body.html")).text
        lines = [_bare(line) for line in body.split("\n") if _bare(line)]
        clean = _bare(doc.clean_text)
        kept = sum(len(line) for line in lines if line in clean)
        assert kept >= 0.995 * sum(map(len, lines)), page.name
        strange = [line for line in doc.clean_text.split("\n") if _bare(line) not in _bare(body)]
        assert strange == [], page.name
        assert doc.title is not None
        assert _bare(doc.title.text) == _bare(titles[page.stem]), page.name


def _bare(text: str) -> str:
    return "".join(text.split())


def test_the_pieces_of_the_real_page_are_related_as_annotated(real: Path) -> None:
    found = duplicates([parse((real / "page.txt").read_text("utf-8"), id="page")])
    assert set(found.pairs[["a", "b", "relation"]].itertuples(index=False, name=None)) == {
        ("page#1", "page#2", "near"),
        ("page#1", "page#8", "contains"),
        ("page#2", "page#8", "contains"),
        ("page#4", "page#8", "shares"),
    }
    figures = {(row.a, row.b): row for row in found.pairs.itertuples()}
    assert figures["page#1", "page#2"].jaccard == pytest.approx(0.94, abs=0.01)
    for a in ("page#1", "page#2"):
        assert figures[a, "page#8"].containment == pytest.approx(0.94, abs=0.01)
    shared = found.passages[(found.passages["a"] == "page#4") & (found.passages["b"] == "page#8")]
    assert shared["length"].max() == 55
    assert set(found.groups["member"]) == {"page#1", "page#2"}


def test_reports_are_found_again_without_their_line_breaks(real: Path) -> None:
    lines = (real / "reports" / "national_1978_2009.jsonl").read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    texts = [record["text"] for record in records]
    found = duplicates([*texts, *("".join(text.split()) for text in texts)])
    count = len(texts)
    joined = found.pairs[found.pairs["relation"].isin(["exact", "near"])]
    assert set(zip(joined["a"], joined["b"], strict=True)) == {(f"text:{i}", f"text:{i + count}") for i in range(count)}
    assert not (found.pairs["relation"] == "contains").any()
    groups = found.groups.groupby("group")["member"].apply(set).tolist()
    assert groups == [{f"text:{i}", f"text:{i + count}"} for i in range(count)]
