"""Markdown: headings by level, and a Markdown reader shows exactly the clean text."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import made_document

from planparse import Document

markdown_it = pytest.importorskip("markdown_it")


def plain(text: str) -> Document:
    return replace(
        made_document(), text=text, title=None, pieces=(), sections=(), edits=(), measures=(), anomalies=(), links=()
    )


def read_back(markdown: str) -> list[tuple[str, str]]:
    """What a reader sees: each block's kind and its plain text."""
    tokens = markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)
    blocks = []
    for opening, token in itertools.pairwise(tokens):
        if token.type == "inline":
            kinds = {child.type for child in token.children or []}
            assert kinds <= {"text", "text_special"}, (kinds, markdown)
            blocks.append((opening.tag, "".join(child.content for child in token.children or [])))
    assert all(token.level <= 1 for token in tokens), markdown
    return blocks


def test_headings_by_level() -> None:
    assert (
        made_document().to_markdown()
        == """\
# 关于粮库防汛的工作计划(通用3篇)

## 粮库防汛工作计划篇一

### 一、工作目标

1、汛期前检修闸门12扇以上，排查隐患3-5处。一是每季度巡查1次；二是存粮达2.5万吨。

#### 2、其它

## 粮库防汛工作计划篇二

#### (1)水泵 \\<新\\> & \\\\旧\\*

我库现有职工四十多名。完
"""
    )


@pytest.mark.parametrize(
    "line",
    [
        "20__年__月", "**厂", "1. 加强", "12) 加强", "# 一", "- 二", "+ 三", "> 四", "---", "===", "* * *",
        "`码`", "[词](http://a)", "![图](x)", "<b>粗</b>", "&lt;", "a\\b", "~~删~~", "|表|格|", "|-|-|",
        "~~~", "```", "    四格", "http://a.cn/_b_", "1.5万", "－－", "_开始_", "2.", "-", "#", "##七",
    ],
)  # fmt: skip
def test_special_characters_are_shown_as_they_are(line: str) -> None:
    assert read_back(plain(f"甲\n{line}\n乙").to_markdown()) == [("p", "甲"), ("p", line.strip()), ("p", "乙")]


@given(st.text(alphabet="一1a\n #*_-+=>`~[]()!<&;|.\\\t", max_size=40))
def test_any_text_is_shown_as_it_is(text: str) -> None:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    assert read_back(plain(text).to_markdown()) == [("p", line) for line in lines]
