"""Numbered sections: invented plans with their trees, and what holds of the sections of any text."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from metamorphic import in_traditional

from planparse.document import Anomaly, Section
from planparse.fold import fold
from planparse.rules.ruleset import default_rules
from planparse.structure.numbers import chinese, number_of
from planparse.structure.pieces import find_pieces, outline
from planparse.structure.sections import find_sections

TITLE = "粮站工作计划\n"
# Plans that without line breaks say something else, or no longer say it.
NEEDS_LINES = {
    "decimal only",
    "roman",
    "headings",
    "num across",
    "attach",
    "md2",
    "num then cn",
    "lost second",
    "three deep",
    "month",
    "known title before numbers",
    "g3.6 mixed",
    "g3.7 colon",
    "g3.7 cn comma",
    "g3.8 bare heads",
    "g3.18 slides",
    "g3.18 number first",
    "g3.18 with items",
    "g3.21 colon titles",
    "g3.25 late and skip",
    "g3.29 lost digit",
    "g3.30 contents with pages",
    "g3.35 colon alone",
    "step under num",
    "blanks inside labels",
}


def cases() -> dict[str, tuple[str, str]]:
    found = {}
    for source in sorted(Path(__file__).parent.glob("sections*.txt")):
        for part in source.read_text("utf-8").split("=== ")[1:]:
            name, _, rest = part.partition("\n")
            plan, _, tree = rest.partition("\n=>\n")
            assert name not in found
            found[name] = (plan, tree.strip("\n"))
    return found


def sections_of(text: str) -> tuple[list[Section], list[Anomaly]]:
    folded, rules = fold(text), default_rules()
    pieces, odd = find_pieces(text, folded, outline(text, folded, rules), rules)
    sections, anomalies = find_sections(text, folded, pieces, rules)
    return sections, [*odd, *anomalies]


def tree(sections: list[Section], anomalies: list[Anomaly]) -> str:
    lines = []
    for section in sections:
        name = f"{section.label}={section.number}" if section.number else f"<{section.title or 'implied'}>"
        lines.append("  " * (section.level - 1) + name)
    return "\n".join([*lines, *sorted(f"! {anomaly.kind}" for anomaly in anomalies)])


@pytest.mark.parametrize(("name", "plan", "wanted"), [(name, *case) for name, case in cases().items()])
def test_a_plan_with_its_tree(name: str, plan: str, wanted: str) -> None:
    assert tree(*sections_of(TITLE + plan)) == wanted


@pytest.mark.parametrize("change", ["crlf", "traditional"])
@pytest.mark.parametrize(("name", "plan"), [(name, plan) for name, (plan, _) in cases().items()])
def test_the_tree_stays_when_the_plan_is_written_otherwise(name: str, plan: str, change: str) -> None:
    other = plan.replace("\n", "\r\n") if change == "crlf" else in_traditional(plan)
    assert [row(s) for s in sections_of(TITLE + other)[0]] == [row(s) for s in sections_of(TITLE + plan)[0]]


@pytest.mark.parametrize(("name", "plan"), [(n, plan) for n, (plan, _) in cases().items() if n not in NEEDS_LINES])
def test_the_tree_stays_without_line_breaks(name: str, plan: str) -> None:
    other = re.sub(r"\s*\n\s*", "", plan)
    assert [row(s) for s in sections_of(TITLE + other)[0]] == [row(s) for s in sections_of(TITLE + plan)[0]]


def row(section: Section) -> tuple[int, str, int | None, int | None]:
    return section.level, fold(section.label).strip(), section.number, section.parent


def test_titles_end_with_the_sentence_or_the_line() -> None:
    sections, _ = sections_of(TITLE + "一、清仓查库。先查东仓。\n二、熏蒸\n分三批。三、防火，防盗；防虫")
    assert [section.title for section in sections] == ["清仓查库", "熏蒸", "防火，防盗"]


def test_a_section_ends_where_the_next_of_its_level_starts() -> None:
    text = TITLE + "一、甲\n1、子\n2、丑\n\n二、乙\n"
    sections, _ = sections_of(text)
    assert [text[section.start : section.end] for section in sections] == [
        "一、甲\n1、子\n2、丑",
        "1、子",
        "2、丑",
        "二、乙",
    ]


def test_without_line_breaks_the_tree_is_the_same() -> None:
    plan = "一、目标\n1、零火灾\n2、零事故\n二、措施\n（一）防火。一是查电。二是查灶。\n（二）防汛\n三、要求"
    assert tree(*sections_of(TITLE + plan)) == tree(*sections_of(TITLE + plan.replace("\n", "")))


def test_a_table_of_contents_loses_no_heading() -> None:
    contents = "一、目标\n二、措施\n三、要求\n"
    sections, anomalies = sections_of(TITLE + contents + contents.replace("\n", "\n甲。\n"))
    assert [section.parent for section in sections] == [None] * 6
    assert not anomalies


def test_set_off_lines_are_headings() -> None:
    body = "粮站承担着全县的储备任务，仓房分布在三个乡镇，常年有人值守和巡查。"
    plan = f"{body}\n{body}\n\n\n\n过去一年\n{body}\n一、甲\n{body}\n\n\n\n今后打算\n{body}\n一、乙\n{body}\n"
    assert tree(*sections_of(TITLE + plan)) == "<过去一年>\n  一、=1\n<今后打算>\n  一、=1"


@given(st.text(st.sampled_from("一二三四十、（）(1)23.．①②是要第条章首其次先，。：；\n #附件计划"), max_size=150))
def test_sections_of_any_text_nest(text: str) -> None:
    text = TITLE + text
    sections, anomalies = sections_of(text)
    for place, section in enumerate(sections):
        assert section.id == place
        assert section.start <= section.label_end <= section.title_end <= section.end <= len(text)
        assert text[section.start : section.label_end] == section.label
        assert text[section.label_end : section.title_end].strip() == section.title
        if place:
            assert sections[place - 1].start <= section.start
        if section.parent is None:
            assert section.level == 1
        else:
            parent = sections[section.parent]
            assert parent.id < section.id
            assert section.level == parent.level + 1
            assert parent.start <= section.start
            assert section.end <= parent.end
    for before, after in pairwise(sections):
        if after.parent != before.id and not before.implied:
            assert before.end <= after.start or before.label == ""
    assert (sections, anomalies) == sections_of(text)


@pytest.mark.parametrize("text", ["", "\n" * 50, "1" * 3000, "1、" * 3000, "：1、" * 3000, "（" * 3000, "\ud800一、"])
def test_any_input_is_answered(text: str) -> None:
    sections_of(text)


@pytest.mark.parametrize("number", [1, 9, 10, 11, 20, 34, 99, 100, 101, 110, 119, 999])
def test_numbers_of_labels(number: int) -> None:
    assert number_of(f"（{chinese(number)}）") == number
    assert number_of(f"{number}、") == number


@pytest.mark.parametrize(("label", "number"), [("①", 1), ("⑳", 20), ("㈩", 10), ("Ⅳ", 4), ("三八、", 0), ("0、", 0)])
def test_other_numerals(label: str, number: int) -> None:
    assert number_of(label) == number
