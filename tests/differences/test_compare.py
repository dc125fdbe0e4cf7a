"""``compare()``: what was added, removed, reworded and moved, which measures changed, and how it is shown."""

from __future__ import annotations

import random
import re
import time

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import planparse as pp
from planparse.views.widths import width

BEFORE = """2023年安全生产工作计划
为做好2023年安全生产工作，制定本计划。
一、工作目标
全年事故为零，隐患整改率达到90%以上，培训职工300人次。
二、主要任务
1、开展隐患排查。每季度组织一次大检查，建立台账。
2、加强教育培训。上半年办班4期。
3、完善应急预案，组织演练2次。
三、保障措施
落实经费50万元，责任到人。
"""
AFTER = """2024年安全生产工作计划
为做好2024年安全生产工作，制定本计划。
一、工作目标
全年事故为零，隐患整改率达到95%以上，培训职工350人次。
二、主要任务
1、完善应急预案，组织演练2次。
2、开展隐患排查治理。每季度组织一次大检查，建立健全台账。
3、推进数字化监管，新装监控探头120个。
4、加强教育培训。上半年办班4期。
"""


@pytest.fixture(scope="module")
def found() -> pp.Comparison:
    return pp.compare(BEFORE, AFTER)


def changes(found: pp.Comparison, kind: str) -> list[tuple[str | None, str | None]]:
    rows = found.passages[found.passages["change"] == kind]
    return [
        (a if isinstance(a, str) else None, b if isinstance(b, str) else None)
        for a, b in rows[["text_a", "text_b"]].to_numpy()
    ]


def test_passages_are_added_removed_reworded_and_moved(found: pp.Comparison) -> None:
    assert changes(found, "added") == [(None, "3、推进数字化监管，新装监控探头120个。")]
    assert changes(found, "removed") == [("三、保障措施", None), ("落实经费50万元，责任到人。", None)]
    assert changes(found, "moved") == [("3、完善应急预案，组织演练2次。", "1、完善应急预案，组织演练2次。")]
    assert ("每季度组织一次大检查，建立台账。", "每季度组织一次大检查，建立健全台账。") in changes(found, "reworded")
    # Another number before an item is no change.
    assert ("2、加强教育培训。", "4、加强教育培训。") in changes(found, "same")
    assert not found.same


def test_passages_are_ranges_of_the_original_texts(found: pp.Comparison) -> None:
    for side, text in (("a", BEFORE), ("b", AFTER)):
        rows = found.passages.dropna(subset=[f"start_{side}"])
        for words, start, end in rows[[f"text_{side}", f"start_{side}", f"end_{side}"]].to_numpy():
            assert text[start:end] == words
        whole = "".join(rows.sort_values(f"start_{side}")[f"text_{side}"])
        assert whole == text.replace("\n", "")


def test_measures_that_changed(found: pp.Comparison) -> None:
    rows = found.measures.set_index("indicator")
    assert rows.loc["隐患整改率", ["change", "value_a", "value_b", "difference", "unit"]].tolist() == [
        "changed",
        90,
        95,
        5,
        "%",
    ]
    assert rows.loc["隐患整改率", ["amount_a", "amount_b"]].tolist() == ["≥ 90 %", "≥ 95 %"]
    assert rows.loc["培训职工", "difference"] == 50
    assert rows.loc["演练", "change"] == "same"
    assert rows.loc["新装监控探头", "change"] == "added"
    assert rows.loc["经费", ["change", "value_a"]].tolist() == ["removed", 500000]
    start, end = rows.loc["隐患整改率", ["start_b", "end_b"]]
    assert AFTER[start:end] == "95%"


def test_a_measure_is_found_again_in_other_words_and_units() -> None:
    found = pp.compare(
        "一、目标。年内集体合同签订率达到90%以上，改造农田300亩。",
        "一、任务。大家共同努力。\n二、指标。到年底，全县集体合同签订率要力争突破95%。",
    )
    rows = found.measures.set_index("indicator")
    changed = rows[rows["change"] == "changed"]
    assert changed[["value_a", "value_b"]].to_numpy().tolist() == [[90, 95]]
    assert rows[rows["change"] == "removed"]["value_a"].tolist() == [300]


def test_sections_are_aligned_by_what_stands_in_them(found: pp.Comparison) -> None:
    rows = {(a, b): change for a, b, change in found.sections[["title_a", "title_b", "change"]].fillna("").to_numpy()}
    assert rows["工作目标", "工作目标"] == "changed"
    assert rows["主要任务", "主要任务"] == "same"
    assert rows["保障措施", ""] == "removed"
    assert rows["加强教育培训", "加强教育培训"] == "same"
    assert rows["完善应急预案，组织演练2次", "完善应急预案，组织演练2次"] == "moved"
    assert rows["", "推进数字化监管，新装监控探头120个"] == "added"


def test_script_width_and_marks_make_no_difference() -> None:
    found = pp.compare("學習計劃，落實責任２０２４年度。", "学习计划、落实责任 2024 年度！")
    assert found.same
    assert pp.compare(BEFORE, BEFORE.replace("\n", "\r\n\r\n")).same


def test_pieces_of_a_page_can_be_compared() -> None:
    plans = (f"一、开展隐患排查{times}次。\n二、组织演练2次。\n" for times in (12, 15))
    page = "安全工作计划(通用2篇)\n安全工作计划篇一\n{}安全工作计划篇二\n{}".format(*plans)
    doc = pp.parse(page, id="page")
    found = pp.compare((doc, 1), (doc, doc.pieces[1]))
    assert (found.a, found.b) == ("page#1", "page#2")
    assert found.measures["difference"].tolist() == [3, 0]
    row = found.measures.iloc[0]
    assert (page[row.start_a : row.end_a], page[row.start_b : row.end_b]) == ("12次", "15次")
    with pytest.raises(KeyError, match="no piece 9"):
        pp.compare((doc, 9), doc)
    with pytest.raises(TypeError, match="not int"):
        pp.compare(doc, 3)  # type: ignore[arg-type]


def test_what_was_removed_from_a_page_is_not_compared() -> None:
    chrome = "以下是小编为大家整理的安全生产工作计划范文，希望对大家有所帮助。\n"
    assert pp.compare(BEFORE, chrome + BEFORE).same


@pytest.mark.parametrize("texts", [("", ""), ("", BEFORE), (BEFORE, ""), ("。", "，")])
def test_nothing_to_compare(texts: tuple[str, str]) -> None:
    found = pp.compare(*texts)
    assert set(found.passages["change"]) <= {"added", "removed"}
    assert len(found.measures) == (0 if BEFORE not in texts else len(pp.parse(BEFORE).measures))
    assert str(found)
    assert found._repr_html_()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(BEFORE.splitlines() + AFTER.splitlines()), max_size=12), st.randoms())
def test_every_passage_is_in_the_table_once(lines: list[str], rng: random.Random) -> None:
    other = [line for line in lines if rng.random() < 0.8]
    rng.shuffle(other)
    a, b = pp.parse("\n".join(lines), id="a"), pp.parse("\n".join(other), id="b")
    found = pp.compare(a, b)
    for side, doc in (("a", a), ("b", b)):
        spans = found.passages[[f"start_{side}", f"end_{side}"]].dropna().astype(int).sort_values(f"start_{side}")
        ends = spans[f"end_{side}"].tolist()
        assert all(end <= start for end, start in zip(ends, spans[f"start_{side}"].tolist()[1:], strict=False))
        letters = re.sub(r"\W", "", doc.clean_text)
        assert (
            re.sub(r"\W", "", "".join(doc.clean_text[doc.to_clean(s) : doc.to_clean(e)] for s, e in spans.to_numpy()))
            == letters
        )
        measures = found.measures[[f"start_{side}", f"end_{side}"]].dropna()
        assert sorted(measures[f"start_{side}"]) == sorted(m.start for m in doc.measures)
    backwards = pp.compare(b, a)
    assert found.same == backwards.same
    assert pp.compare(a, a).same


def test_the_terminal_shows_two_columns_that_line_up(found: pp.Comparison) -> None:
    for columns in (60, 80, 100, 131):
        shown = found.to_text(width=columns).splitlines()
        assert max(map(width, shown)) <= columns
        bars = {width(line[: line.index("│")]) for line in shown if "│" in line}
        assert len(bars) == 1
    text = str(found)
    assert "⟦90⟧%" in text
    assert "⟦95⟧%" in text
    assert re.search(r"隐患整改率 +≥ 90 % → ≥ 95 % +\+5", text)
    assert "上半年办班4期" not in text
    assert "上半年办班4期" in found.to_text(all=True)
    assert re.search(r"^\+ +│ 3、推进数字化监管", text, re.MULTILINE)
    assert re.search(r"^- 落实经费50万元，责任到人。 +│$", text, re.MULTILINE)
    assert "§ 一、工作目标" in text
    assert repr(found).startswith("Comparison('a', 'b': 4 same, 1 moved")


def test_the_notebook_shows_it_side_by_side_and_escapes(found: pp.Comparison) -> None:
    html = found._repr_html_()
    assert "隐患整改率达到<del>90</del>%" in html
    assert "隐患整改率达到<ins>95</ins>%" in html
    assert html.count('<tr class="pp-added">') == 1
    nasty = pp.compare("落实<script>alert(1)</script>责任制度到位。", "落实<script>alert(2)</script>责任制度到位。\x00")
    assert "<script" not in nasty._repr_html_()
    assert "\x00" not in nasty._repr_html_()


def sentences(seed: int, count: int) -> list[str]:
    rng = random.Random(seed)
    words = ["".join(chr(0x4E00 + rng.randrange(1500)) for _ in range(2)) for _ in range(800)]
    return ["".join(rng.choices(words, k=rng.randint(5, 15))) + "。" for _ in range(count)]


def work(count: int) -> float:
    """Seconds for a comparison of so many sentences with an edited copy; the least of three."""
    lines = sentences(1, count)
    rng = random.Random(2)
    edited = [line[:4] + "新" + line[5:] if rng.random() < 0.3 else line for line in lines if rng.random() < 0.9]
    a, b = pp.parse("\n".join(lines)), pp.parse("\n".join(edited))
    times = []
    for _ in range(3):
        start = time.process_time()
        pp.compare(a, b).to_text()
        times.append(time.process_time() - start)
    return min(times)


def test_twice_the_text_is_not_four_times_the_work() -> None:
    work(100)
    assert work(1600) < 3.2 * work(800)


def test_tables_have_their_columns_also_where_nothing_differs() -> None:
    empty, full = pp.compare("", ""), pp.compare(BEFORE, AFTER)
    for name in ("sections", "passages", "measures"):
        table: pd.DataFrame = getattr(empty, name)
        assert list(table.columns) == list(getattr(full, name).columns)
        assert len(table) == 0
