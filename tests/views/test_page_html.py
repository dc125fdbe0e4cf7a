"""The notebook view: complete, self-contained, and nothing of the page is markup in it."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given, settings
from lxml import html
from made import TEXT, made_document, random_documents

from planparse import Anomaly, Document, Edit


def shown(doc: Document) -> html.HtmlElement:
    return html.fromstring(doc._repr_html_())


def words(element: html.HtmlElement) -> str:
    return re.sub(r"\s+", "", element.xpath("string(.//div[@lang='zh'][last()])"))


def test_the_text_is_there_with_removed_text_struck_through() -> None:
    page = shown(made_document())
    expected = TEXT.replace("\n\n", "⏎").replace(".完", "。完").replace("(1)水泵", "(lostheading标题丢失)(1)水泵")
    expected = expected.replace("粮库防汛工作计划篇", "篇N粮库防汛工作计划篇")
    assert re.sub("篇[12](?=粮)", "篇N", words(page)) == re.sub(r"\s+", "", expected)
    gone = page.find(".//del[@title]")
    assert gone.text == "首页 > 方案大全\n"
    assert gone.get("title") == "navigation 导航 · navigation.crumbs"
    assert page.findall(".//ins[@title]")[-1].get("title") == "width 全半角 · width.stop · “.” → “。”"


def test_sections_are_nested_and_fold() -> None:
    page = shown(made_document())
    assert len(page.xpath(".//details")) == 9
    assert page.xpath("string(.//details/details/details/details/summary)").startswith("一是每季度巡查1次")


def test_measures_are_highlighted_with_their_facts() -> None:
    first, ranged, often, *_ = shown(made_document()).findall(".//p//mark") + shown(made_document()).findall(
        ".//summary//mark"
    )
    titles = {mark.get("title") for mark in shown(made_document()).iter("mark") if mark.get("title")}
    assert "≥ 12 扇 · 闸门 · 汛期前 · target 目标" in titles
    assert "1 次 · 巡查 · 每3月 · target 目标" in titles
    assert {mark.get("class") for mark in (first, ranged, often)} <= {"pp-target", "pp-statistic"}


def test_nothing_of_the_page_is_markup() -> None:
    evil = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    doc = replace(
        made_document(),
        id=evil,
        text=evil,
        title=None,
        pieces=(),
        sections=(),
        measures=(),
        edits=(Edit(0, 5, evil, evil), Edit(5, 9, "width", evil, evil)),
        anomalies=(Anomaly(evil, 0, 1, evil),),
    )
    page = shown(doc)
    assert page.xpath(".//script | .//img") == []
    assert "script" in words(page)


def test_it_is_self_contained_and_keeps_its_style_to_itself() -> None:
    text = made_document()._repr_html_()
    assert "http" not in text
    assert "<link" not in text
    style = re.search("<style>(.*?)</style>", text, re.S)
    assert style is not None
    flat = re.sub(r"@media[^{]*\{(.*?\})\}", r"\1", style[1], flags=re.S)
    for selectors in re.findall(r"([^{}]+)\{", flat):
        assert all(".planparse-doc" in selector or ".vscode" in selector for selector in selectors.split(","))


@settings(deadline=None, max_examples=60)
@given(random_documents())
def test_any_document_is_shown(doc: Document) -> None:
    doc._repr_html_().encode("utf-8")
