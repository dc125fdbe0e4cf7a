"""The tree: aligned with Chinese characters two columns wide, bilingual, nothing of the page can steer the terminal."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from made import TEXT, made_document, random_documents

from planparse import Document, Edit, Span

COLOR = re.compile(r"\x1b\[[0-9]*m")


def columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def test_the_whole_tree() -> None:
    assert (
        made_document().to_tree(width=80)
        == """\
关于粮库防汛的工作计划(通用3篇)
粮库.txt · gb18030 · 139 characters 字 · clean 清洗后 127
pieces 篇: declared 声明 3 ≠ found 找到 2

篇1  粮库防汛工作计划
└ 一、工作目标
  ├ 1、汛期前检修闸门12扇以上，排查隐患3-5处                 ≥ 12 扇  闸门  目标
  │                                                           3–5 处  隐患  目标
  │ ├ 一是每季度巡查1次；                                 1 次 每3月  巡查  目标
  │ └ 二是存粮达2.5万吨                                    25,000 吨  存粮  统计
  └ 2、其它
篇2  粮库防汛工作计划
└ (lost heading 标题丢失)
  └ (1)水泵 <新> & \\旧*                                      > 40 名        统计

removed 删除: 1 places 处, 10 characters 字
  navigation 导航                   1 ×      10
repairs 修复: 2 (hard_wrap 硬换行 1, width 全半角 1)
measures 数值: 5 (target 目标 3, statistic 统计 2)
anomalies 异常: 1
  lost_heading 标题丢失 @110: a list without its heading"""
    )


@pytest.mark.parametrize("width", [0, 40, 61, 80, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    for line in made_document().to_tree(width=width).split("\n"):
        assert columns(line) <= max(width, 40)


@pytest.mark.parametrize("width", [50, 80, 120])
def test_measures_end_at_the_margin(width: int) -> None:
    lines = [line for line in made_document().to_tree(width=width).split("\n") if line.endswith(("  目标", "  统计"))]
    assert len(lines) == 5
    assert {columns(line) for line in lines} == {width}


def test_colour_adds_the_removed_text_where_it_stood_and_codes_else() -> None:
    plain = made_document().to_tree(width=80).split("\n")
    colored = COLOR.sub("", made_document().to_tree(width=80, color=True)).split("\n")
    added = [line for line in colored if line not in plain]
    assert added == ["× navigation 导航: 首页 > 方案大全"]
    assert colored.index(added[0]) < colored.index("篇1  粮库防汛工作计划")
    assert "\x1b" not in made_document().to_tree()


def test_the_page_cannot_steer_the_terminal() -> None:
    text = TEXT[:10] + "\x1b[31m题\r目" + TEXT[10:]
    doc = replace(
        made_document(),
        text=text,
        title=Span(10, 18, text[10:18]),
        pieces=(),
        sections=(),
        measures=(),
        anomalies=(),
        edits=(Edit(10, 13, "markup", "r"),),
    )
    assert "\x1b" not in doc.to_tree() + COLOR.sub("", doc.to_tree(color=True))
    assert "\r" not in doc.to_tree(color=True)


@settings(deadline=None)
@given(random_documents())
def test_any_document_has_a_tree(doc: Document) -> None:
    for line in doc.to_tree(width=60).split("\n"):
        assert columns(line) <= 80
    assert doc.to_tree(color=True)
