"""What holds for every text: spans, order, values, time, any input."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planparse.document import Piece, Section
from planparse.fold import fold
from planparse.measures.extract import find, find_measures
from planparse.rules.check import failures
from planparse.rules.ruleset import Ruleset, default_rules

WORDS = """
全镇 力争 由 从 提高到 90% 1400多名 不少于 4次 百分之九十 三分之二 ， 。 ； 其中 每季度 3-5 万元 至 到 和 、 以上 约 近
翻番 X万元 ____% (头、只) /亩 一次 二〇一八年 2020年 第 三个 “ ” 年底前 增长 -2.1% 几十 数百名
"""
PIECES = [*WORDS.split(), "\n", " ", "5 9亿元"]
TEXTS = st.one_of(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.text(max_size=200))


@given(TEXTS)
@settings(max_examples=300)
def test_spans_and_values(text: str) -> None:
    found = find_measures(text)
    assert [m.start for m in found] == sorted(m.start for m in found)
    end = 0
    for i, measure in enumerate(found):
        assert end <= measure.start < measure.end <= len(text)
        assert measure.text == text[measure.start : measure.end]
        assert measure.unit
        end = measure.end
        if measure.damaged:
            assert measure.value is measure.min is measure.max is None
        elif measure.value is None:
            assert measure.min is not None
            assert measure.max is not None
            assert measure.min < measure.max
        else:
            assert measure.min is measure.max is None
        assert measure.of is None or measure.of < i
        if measure.period is not None:
            assert measure.period.text == text[measure.period.start : measure.period.end]


@given(TEXTS, TEXTS)
@settings(max_examples=60)
def test_a_full_stop_and_a_line_separate(first: str, second: str) -> None:
    """What stands behind a paragraph does not change the spans before it."""
    alone = [(m.start, m.end) for m in find_measures(first + "。\n\n")]
    together = [(m.start, m.end) for m in find_measures(first + "。\n\n" + second)]
    assert together[: len(alone)] == alone


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\ud800",
        "1" * 5000,
        "一" * 5000,
        "\n" * 5000,
        "1,000," * 900,
        "百分之" * 900,
        "%" * 900,
        "x" * 900,
        "(头" * 900,
    ],
)
def test_any_input(text: str) -> None:
    find_measures(text)


@pytest.mark.parametrize(
    "unit", ["1", "一", "万", "1,000,", "百分之一", "3-", "9.", "(头、只", "力争4次，", "x_", "每", "年内"]
)
def test_long_runs(unit: str) -> None:
    """Texts on which a scan that starts again at each character would not come back."""
    find_measures((unit * 300_000)[:300_000])


def test_sections_and_title_decide_the_role() -> None:
    text = "甲村工作计划\n一、现状。耕地900亩。\n二、目标。耕地950亩。"
    piece = Piece(1, "甲村工作计划", 7, 7, len(text))
    first, second = text.index("一、"), text.index("二、")
    sections = [
        Section(0, None, 1, 1, "cn", "一、", 1, first, first + 2, "现状", first + 4, second),
        Section(1, None, 1, 1, "cn", "二、", 2, second, second + 2, "目标", second + 4, len(text)),
    ]
    found, anomalies = find(text, fold(text), [piece], sections, "甲村工作计划", default_rules())
    assert [(m.value, m.kind, m.section, m.piece) for m in found] == [(900, "statistic", 0, 1), (950, "target", 1, 1)]
    assert anomalies == []


def test_year_of_the_title_gives_dates() -> None:
    text = "某站2021年工作计划\n年底前建成泵站3座，去年建成2座。"
    at = text.index("\n") + 1
    piece = Piece(1, "某站2021年工作计划", at, at, len(text))
    found, _ = find(text, fold(text), [piece], (), "某站2021年工作计划", default_rules())
    by_end, last_year = (m.period for m in found)
    assert by_end is not None
    assert last_year is not None
    assert (by_end.text, by_end.from_, str(by_end.to)) == ("年底前", None, "2021-12-31")
    assert (str(last_year.from_), str(last_year.to)) == ("2020-01-01", "2020-12-31")


def test_destroyed_numbers_are_anomalies() -> None:
    text = "总投资X万元。"
    found, anomalies = find(text, fold(text), (), (), "", default_rules())
    assert [(m.text, m.value, m.damaged) for m in found] == [("X万元", None, True)]
    assert [(a.kind, a.start, a.end) for a in anomalies] == [("damaged_number", 3, 6)]


def test_labels_and_headings_hold_no_measures() -> None:
    text = "工作计划(通用3篇)\n计划篇1\n1.5个村通路。"
    label = text.index("1.5")
    piece = Piece(1, "计划篇1", 11, 15, len(text))
    section = Section(0, None, 1, 1, "a", "1.", 1, label, label + 2, "5个村通路", label + 7, len(text))
    found, _ = find(text, fold(text), [piece], [section], "工作计划(通用3篇)", default_rules())
    assert [m.text for m in found] == ["5个"]


@pytest.mark.parametrize(
    "table", ["changes", "comparators", "indicator_words", "not_numbers", "periods", "recurrences", "roles", "units"]
)
def test_rules_hold(table: str) -> None:
    rules = default_rules()
    assert [message for rule in rules.table(table) for message in failures(rule, rules)] == []


def test_a_rule_that_cannot_be_anchored_is_refused(tmp_path: object) -> None:
    rules = default_rules()
    table = rules.table("roles")
    broken = table[0].__class__("x", "roles", {**table[0].cells, "id": "x", "pattern": ".要"}, (), (), "roles.tsv", 1)
    with pytest.raises(ValueError, match="begins with"):
        find("3次", "3次", (), (), "", Ruleset({**rules.tables, "roles": (*table, broken)}))
