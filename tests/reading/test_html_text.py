"""HTML to text: what a reader sees, block by block, and no more."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from planparse.reading.html import html_text
from planparse.reading.source import read_source


def text(markup: str) -> str:
    return html_text(markup)[0]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>一</p><p>二</p>", "一\n二"),
        ("<div>一<div>二</div>三</div>", "一\n二\n三"),
        ("一<br>二<br/><br>三", "一\n二\n\n三"),
        ("<p>一<br></p><p>二</p>", "一\n二"),
        ("<p>加<b>强</b>领<span>导</span></p>", "加强领导"),
        ("<p>  加强\n   领导 </p>", "加强领导"),
        ("<p>GB\n2312 is\tit</p>", "GB 2312 is it"),
        ("<p>\u3000\u3000一&nbsp;二</p>", "\u3000\u3000一\xa0二"),
        ("<p>3 &lt; 5 &amp; A&#x4E00;&copy;</p>", "3 < 5 & A一©"),
        ("<pre>一\n  二</pre>三", "一\n  二\n三"),
        ("<h1>题</h1>文<hr>尾", "题\n文\n尾"),
        ("<head><title>题</title><style>p{}</style></head><body>文</body>", "文"),
        ("文<script>var a='<p>字</p>'</script><style>x</style><noscript>无</noscript><!-- 注 -->完", "文完"),
        ("<template>模</template><svg><text>图</text></svg>文", "文"),
        ("<p style='display:none'>其余</p>", "其余"),
        ("<ruby>学<rp>(</rp><rt>xué</rt><rp>)</rp></ruby>习", "学习"),
        ("", ""),
        ("纯文本", "纯文本"),
    ],
)
def test_blocks_are_lines(markup: str, expected: str) -> None:
    assert text(markup) == expected


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<table><tr><td>序号</td><td>任务</td></tr><tr><td>1</td><td>清淤</td></tr></table>", "序号\t任务\n1\t清淤"),
        ("<table><tr> <td> <p>甲</p> </td> <td><p>乙</p></td></tr></table>", "甲\t乙"),
        (
            "<table><tr><td></td><td>乙</td><td></td><td>丁</td><td></td></tr><tr><td>戊</td></tr></table>",
            "乙\t\t丁\n戊",
        ),
        ("<table><tr><td><p>一</p><p>二</p></td><td>侧栏</td></tr></table>", "一\n二\n侧栏"),
        ("<table><tr><td><table><tr><td>甲</td><td>乙</td></tr></table></td><td>丙</td></tr></table>", "甲\t乙\n丙"),
    ],
)
def test_tables_are_rows_and_pages_laid_out_as_tables_are_blocks(markup: str, expected: str) -> None:
    assert text(f"前{markup}后") == f"前\n{expected}\n后"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<ol><li>甲<li>乙</ol>", "1. 甲\n2. 乙"),
        ("<ol start=3 type=a><li>甲<li value=9>乙</ol>", "c. 甲\ni. 乙"),
        ("<ol><li>1、甲<li>2、乙</ol>", "1、甲\n2、乙"),
        ("<ol><li><a href=/>首页</a><li>方案</ol>", "首页\n方案"),
        ("<ol style='list-style: none'><li>甲</ol>", "甲"),
        ("<ul><li>甲<li>乙</ul>", "甲\n乙"),
        ("<ol><li>甲<ul><li>乙</ul><li>丙</ol>", "1. 甲\n乙\n2. 丙"),
    ],
)
def test_numbers_that_the_browser_shows_are_text(markup: str, expected: str) -> None:
    assert text(markup) == expected


def test_links_keep_their_words_and_their_address() -> None:
    link = '<a href=" http://a.example/?x=1&amp;y=2 "> 更多<b>方案</b> </a>'
    page, links = html_text(f"前{link}后<a name=x>无</a><a href=/></a>")
    assert page == "前 更多方案 后无"
    assert [(page[link.start : link.end], link.text) for link in links] == [("更多方案", "http://a.example/?x=1&y=2")]


@pytest.mark.parametrize(
    "head", ['<meta charset="gb2312">', '<meta http-equiv="Content-Type" content="text/html; charset=GBK">', ""]
)
def test_the_declared_charset_is_honoured(head: str) -> None:
    page = f"<html><head>{head}</head><body><p>镕基</p></body></html>".encode("gbk")
    source = read_source(page)
    assert (source.text, source.format, source.encoding) == ("镕基", "html", "gb18030")


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 50_000, "<ol><li>" * 20_000, "<table><tr><td>" * 20_000, "<" * 100_000, "<a href=x>" * 20_000,
        "<p>" * 50_000, "<meta " * 50_000, "\x00", "\ud800<p>一", "&" * 50_000, "<b><p>" * 20_000,
    ],
    ids=lambda markup: repr(markup[:8]),
)  # fmt: skip
def test_hostile_markup_is_answered(markup: str) -> None:
    html_text(markup)


# fmt: off
_PARTS = (
    "<p>", "</p>", "<br>", "<td>", "<tr>", "<table>", "</table>", "<li>", "<ol>", "</ol>", "<a href=x>", "</a>",
    "<pre>", "<b>", "&", "<", ">", "一", "\n", " ",
)
# fmt: on


@settings(deadline=None)
@example("<pre><p>\n")
@given(st.lists(st.one_of(st.sampled_from(_PARTS), st.text(max_size=5))).map("".join))
def test_any_markup_is_answered_and_links_lie_in_the_text(markup: str) -> None:
    page, links = html_text(markup)
    for link in links:
        assert 0 <= link.start < link.end <= len(page)
    assert not page.startswith("\n")
    assert "\n\n\n" not in page or "pre" in markup


def test_notices_hold_their_body(real: Path) -> None:
    pages = sorted(path for path in (real / "notices").glob("*.html") if ".body." not in path.name)
    assert pages
    for path in pages:
        whole, body = read_source(path).text, read_source(path.with_suffix(".body.html")).text
        lines = [line.strip() for line in body.splitlines() if line.strip()]
        assert lines
        assert all(line in whole for line in lines), path.name
