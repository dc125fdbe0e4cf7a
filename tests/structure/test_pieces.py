"""Titles and piece headings: invented pages with their marks, the properties of pieces, and what is odd about them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from metamorphic import in_traditional

from planparse.fold import fold
from planparse.rules.ruleset import default_rules
from planparse.structure.pieces import Outline, find_pieces, outline

PLAN = "为做好今年的工作，结合实际，制定本计划。\n一、加强领导。\n二、落实责任。\n"
# Pages whose headings, run together with their text, are no headings any more.
UNTELLABLE = {"g2.1 other titles", "g2.18 b", "g2.19 a"}
NUMERALS = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三"]


def cases() -> dict[str, str]:
    found = {}
    for source in sorted(Path(__file__).parent.glob("headings*.txt")):
        for part in source.read_text("utf-8").split("=== ")[1:]:
            name, _, page = part.partition("\n")
            assert name not in found
            found[name] = page.replace("{B}", PLAN)
    return found


def find(text: str) -> Outline:
    return outline(text, fold(text), default_rules())


def marked(text: str, found: Outline) -> str:
    marks = [(h.start, h.end, f"⟦{h.number}|", "⟧") for h in found.headings]
    if found.title:
        marks.append((*found.title, "⟪", "⟫"))
    parts, at = [], 0
    for start, end, opening, closing in sorted(marks):
        parts += [text[at:start], opening, text[start:end], closing]
        at = end
    return "".join([*parts, text[at:]])


@pytest.mark.parametrize(("name", "page"), cases().items())
def test_a_page_with_its_title_and_headings(name: str, page: str) -> None:
    text = re.sub(r"⟦\d+\||[⟧⟪⟫]", "", page)
    assert marked(text, find(text)) == page


@pytest.mark.parametrize("numerals", [NUMERALS, [str(n) for n in range(1, 35)]])
def test_numbers_go_on_past_ten(numerals: list[str]) -> None:
    text = "粮站计划(精选34篇)\n" + "".join(f"粮站计划篇{n}\n{PLAN}" for n in numerals)
    assert [h.number for h in find(text).headings] == list(range(1, len(numerals) + 1))


@pytest.mark.parametrize(
    ("title", "declared"),
    [
        ("粮站计划(通用8篇)", 8),
        ("粮站计划范文汇编八篇", 8),
        ("【优秀10篇】粮站计划", 10),
        ("粮站计划（共十三篇）", 13),
        ("粮站计划5份", 5),
        ("粮站计划(合集19篇)", 19),
        ("粮站计划三篇 粮站年度计划", 3),
        ("粮站计划多篇", None),
        ("2021年粮站计划", None),
        ("粮站计划新篇章", None),
    ],
)
def test_what_a_title_promises(title: str, declared: int | None) -> None:
    assert find(f"{title}\n\n{PLAN}").declared == declared


def pieces_of(text: str) -> tuple[list[tuple[int, str]], list[str]]:
    folded = fold(text)
    pieces, anomalies = find_pieces(text, folded, find(text), default_rules())
    return [(piece.n, text[piece.start : piece.end]) for piece in pieces], [anomaly.kind for anomaly in anomalies]


def test_a_piece_runs_to_the_next_heading() -> None:
    pieces, anomalies = pieces_of("粮站计划2篇\n导语。\n粮站计划篇一\n甲。\n粮站计划篇二\n乙。\n")
    assert pieces == [(1, "粮站计划篇一\n甲。\n"), (2, "粮站计划篇二\n乙。")]
    assert anomalies == []


def test_a_single_plan_is_one_piece_behind_its_title() -> None:
    pieces, _ = pieces_of("粮站计划\n\n  甲。\n")
    assert pieces == [(1, "甲。")]


def test_a_promise_that_is_not_kept_is_reported() -> None:
    assert pieces_of("粮站计划8篇\n粮站计划篇一\n甲。\n粮站计划篇二\n乙。")[1] == ["declared_mismatch"]


@pytest.mark.parametrize("mark", ["附送：", "附件：", "附件1：", "附：", "附件2"])
def test_an_attachment_is_reported_and_no_piece(mark: str) -> None:
    pieces, anomalies = pieces_of(f"粮站计划\n甲。\n{mark}\n粮站台账\n")
    assert len(pieces) == 1
    assert anomalies == ["attachment"]


@given(st.text(st.sampled_from("一二十123篇第范文例（）()【】、：。\n 粮站计划总结"), max_size=120))
def test_pieces_tile_any_text(text: str) -> None:
    folded = fold(text)
    found = find(text)
    pieces, _ = find_pieces(text, folded, found, default_rules())
    assert pieces
    at = 0
    for piece in pieces:
        assert at <= piece.start <= piece.heading_end <= piece.end <= len(text)
        at = piece.end
    if found.title:
        assert "\n" not in text[slice(*found.title)]
        assert text[slice(*found.title)].strip() == text[slice(*found.title)] != ""
    assert find(text) == found


def seam_cases() -> dict[str, str]:
    text = (Path(__file__).parent / "seams.txt").read_text("utf-8")
    parts = [part.partition("\n") for part in text.split("=== ")[1:]]
    return {name: page for name, _, page in parts}


@pytest.mark.parametrize(("name", "page"), seam_cases().items())
def test_plans_without_headings_are_told_apart(name: str, page: str) -> None:
    text = page.replace("‖", "")
    folded = fold(text)
    pieces, _ = find_pieces(text, folded, find(text), default_rules())
    for at in sorted((piece.start for piece in pieces), reverse=True):
        text = f"{text[:at]}‖{text[at:]}"
    assert text == page


@pytest.mark.parametrize(
    ("name", "page", "change"),
    [
        (name, page, change)
        for name, page in cases().items()
        for change in ("crlf", "traditional", "flattened")
        if change != "flattened" or name not in UNTELLABLE
    ],
)
def test_headings_stay_when_the_page_is_written_otherwise(name: str, page: str, change: str) -> None:
    text = re.sub(r"⟦\d+\||[⟧⟪⟫]", "", page)
    if change == "crlf":
        other = text.replace("\n", "\r\n")
    elif change == "traditional":
        other = in_traditional(text)
    else:
        # The title keeps its line: without it, nothing says where it ends.
        title, _, body = text.partition("\n")
        other = title + "\n" + re.sub(r"\s*\n\s*", "", body)
    assert beginnings(other) == beginnings(text)


def beginnings(text: str) -> list[tuple[int, str]]:
    """Each heading's number and the first characters from it on, blanks and script apart."""
    folded = fold(text)
    return [(h.number, re.sub(r"\s", "", folded[h.start : h.start + 20])[:5]) for h in find(text).headings]
