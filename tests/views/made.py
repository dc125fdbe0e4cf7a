"""Documents for the tests of the views: one that shows everything, and random ones that hold what documents promise."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from planparse import Anomaly, Document, Edit, Measure, Period, Piece, Section, Span

TEXT = (
    "首页 > 方案大全\n"
    "关于粮库防汛的工作计划(通用3篇)\n"
    "粮库防汛工作计划篇一\n"
    "一、工作目标\n"
    "1、汛期前检修闸门12扇以上，排查隐\n\n患3-5处。一是每季度巡查1次；二是存粮达2.5万吨。\n"
    "2、其它\n"
    "粮库防汛工作计划篇二\n"
    "(1)水泵 <新> & \\旧*\n"
    "我库现有职工四十多名.完\n"
)


def span(words: str, after: str = "") -> tuple[int, int]:
    start = TEXT.index(words, TEXT.index(after) if after else 0)
    return start, start + len(words)


def section(
    id: int, parent: int | None, piece: int, level: int, label: str, number: int | None, title: str, end: int
) -> Section:
    start, label_end = span(label + title, "篇一" if piece == 1 else "篇二")
    label_end = start + len(label)
    return Section(
        id,
        parent,
        piece,
        level,
        "style",
        label,
        number,
        start,
        label_end,
        title.replace("\n", ""),
        label_end + len(title),
        end,
    )


def made_document() -> Document:
    """A small page with a case of everything a view shows."""
    two = TEXT.index("粮库防汛工作计划篇二")
    second = TEXT.index("2、其它")
    end = len(TEXT)
    year = TEXT.index("汛期前")
    return Document(
        id="粮库.txt",
        text=TEXT,
        encoding="gb18030",
        title=Span(*span("关于粮库防汛的工作计划(通用3篇)"), "关于粮库防汛的工作计划(通用3篇)"),
        declared_pieces=3,
        pieces=(
            Piece(1, "粮库防汛工作计划", *span("粮库防汛工作计划篇一"), two),
            Piece(2, "粮库防汛工作计划", *span("粮库防汛工作计划篇二"), end),
        ),
        sections=(
            section(0, None, 1, 1, "一、", 1, "工作目标", two),
            section(1, 0, 1, 2, "1、", 1, "汛期前检修闸门12扇以上，排查隐\n\n患3-5处", second),
            section(2, 1, 1, 3, "一是", 1, "每季度巡查1次；", TEXT.index("二是存粮")),
            section(3, 1, 1, 3, "二是", 2, "存粮达2.5万吨", second),
            section(4, 0, 1, 2, "2、", 2, "其它", two),
            Section(5, None, 2, 1, "implied", "", None, *(span("(1)水泵")[0],) * 2, "", span("(1)水泵")[0], end, True),
            section(6, 5, 2, 2, "(1)", 1, "水泵 <新> & \\旧*", end),
        ),
        edits=(
            Edit(0, len("首页 > 方案大全\n"), "navigation", "navigation.crumbs"),
            Edit(*span("\n\n"), "hard_wrap", "wraps.word", ""),
            Edit(*span(".", "四十多名"), "width", "width.stop", "。"),
        ),
        measures=(
            Measure(
                *span("12扇"),
                "12扇",
                "target",
                12,
                "扇",
                ">=",
                indicator="闸门",
                period=Period("汛期前", year, year + 3, None, date(2025, 5, 31)),
                piece=1,
                section=1,
            ),
            Measure(*span("3-5处"), "3-5处", "target", None, "处", min=3, max=5, indicator="隐患", piece=1, section=1),
            Measure(*span("1次"), "1次", "target", 1, "次", every="P3M", indicator="巡查", piece=1, section=2),
            Measure(*span("2.5万吨"), "2.5万吨", "statistic", 25000, "吨", indicator="存粮", piece=1, section=3),
            Measure(*span("四十多名"), "四十多名", "statistic", 40, "名", ">", approximate=True, piece=2, section=6),
        ),
        anomalies=(Anomaly("lost_heading", *span("(1)"), "a list without its heading", 2),),
        links=(Span(0, 2, "http://example.org/"),),
    )


_TEXTS = st.text(
    alphabet=st.one_of(st.sampled_from("一二、。，\n\r\u3000 \t<&>*_#1-9%"), st.characters(codec=None)), max_size=60
)


@st.composite
def random_documents(draw: st.DrawFn) -> Document:
    """Documents with any text, and pieces, nested sections, edits and measures anywhere in it."""
    text = draw(_TEXTS)
    size = len(text)
    cuts = sorted(draw(st.lists(st.integers(0, size), min_size=2, max_size=8)))
    pieces, sections = [], []
    for n, (start, end) in enumerate(zip(cuts[::2], cuts[1::2], strict=False), 1):
        pieces.append(Piece(n, text[start:end], start, draw(st.integers(start, end)), end))
        open_sections: list[Section] = []
        for at in sorted(draw(st.lists(st.integers(pieces[-1].heading_end, end), max_size=5))):
            open_sections = open_sections[: draw(st.integers(0, len(open_sections)))]
            while open_sections and open_sections[-1].end < at:
                open_sections.pop()
            limit = open_sections[-1].end if open_sections else end
            if at > limit or (sections and sections[-1].piece == n and _crosses(sections, n, at, open_sections)):
                continue
            stop = draw(st.integers(at, limit))
            implied = draw(st.booleans())
            label_end = at if implied else draw(st.integers(at, stop))
            title_end = label_end if implied else draw(st.integers(label_end, stop))
            parent = open_sections[-1].id if open_sections else None
            number = None if implied else draw(st.one_of(st.none(), st.integers(0, 30)))
            new = Section(
                len(sections), parent, n, len(open_sections) + 1, "a b", text[at:label_end], number, at, label_end,
                text[label_end:title_end], title_end, stop, implied,
            )  # fmt: skip
            sections.append(new)
            open_sections.append(new)
    return Document(
        id=draw(st.text(max_size=5)),
        text=text,
        encoding="utf-8",
        title=draw(st.sampled_from([None, *(Span(0, k, text[:k]) for k in (1, 3) if k <= min([size, *cuts[:1]]))])),
        declared_pieces=None,
        pieces=tuple(pieces),
        sections=tuple(sections),
        edits=tuple(
            Edit(
                s,
                e,
                draw(st.sampled_from(["hard_wrap", "markup", "a b"])),
                "r",
                draw(st.sampled_from([None, "", "。"])),
            )
            for s, e in _ranges(draw, size)
        ),
        measures=tuple(
            Measure(s, e, text[s:e], "mention", draw(st.sampled_from([None, 3, 2.5, 10**400])), text[s:e], min=3)
            for s, e in _ranges(draw, size)
        ),
        anomalies=(),
    )


def _crosses(sections: list[Section], n: int, at: int, open_sections: list[Section]) -> bool:
    """Whether a section that begins here would begin inside one that is not open."""
    return any(s.piece == n and s.start <= at < s.end and s not in open_sections for s in sections)


def _ranges(draw: st.DrawFn, size: int) -> list[tuple[int, int]]:
    cuts = sorted(draw(st.sets(st.integers(0, size), max_size=8)))
    return list(zip(cuts[::2], cuts[1::2], strict=False))
