"""Scores against gold: the inline format, the counts, and the command."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from planparse import Document, Edit, Measure, Piece, Section, parse
from planparse.evaluation.agreement import agreement
from planparse.evaluation.command import evaluate, evaluate_command
from planparse.evaluation.gold import read_gold
from planparse.evaluation.inline import GoldError, read_inline
from planparse.evaluation.score import Counts, score, total
from planparse.rules.ruleset import default_rules

PAGE = """<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="t-1">
<teiHeader hand="T" declared="2"/>
<text><body xml:space="preserve">
<title>护林计划(通用2篇)</title>
<surplus reason="lead_in">希望大家喜欢。</surplus>
<head n="1">护林计划篇一</head>
<label n="1" depth="1">一、</label>目标
<label n="1" depth="2">1、</label>造林<measure type="target" quantity="30000" unit="亩" comp="ge">3万亩</measure>以上，\
巡<sic type="hard_wrap">
</sic>山。
<label n="2" depth="2" parent="?">2、</label>其他
</body></text></TEI>
"""


def _write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "t-1.xml"
    path.write_text(text, "utf-8")
    return path


@pytest.fixture
def gold(tmp_path: Path) -> dict[str, Any]:
    return read_inline(_write(tmp_path, PAGE))


def test_inline_gold_is_the_page_exactly(gold: dict[str, Any]) -> None:
    assert gold["text"] == (
        "护林计划(通用2篇)\n希望大家喜欢。\n护林计划篇一\n一、目标\n1、造林3万亩以上，巡\n山。\n2、其他"
    )
    assert gold["declared_pieces"] == 2
    assert [gold["text"][h["start"] : h["end"]] for h in gold["headings"]] == ["一、", "1、", "2、"]
    assert [h["parent"] for h in gold["headings"]] == [None, gold["headings"][0]["start"], "?"]
    assert gold["text"][gold["wraps"][0]] == "\n"
    assert gold["measures"][0]["value"] == 30000
    assert gold["measures"][0]["comparator"] == ">="


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("</head>", "", "not well-formed"),
        ('reason="lead_in"', 'reason="junk"', "reason='junk' is none of"),
        ('<label n="1" depth="2">', '<label n="x" depth="2">', "n='x' is no whole number"),
        ('<label n="1" depth="1">', '<label n="1" depth="3">', "without a label of depth 2"),
        ('quantity="30000" ', "", "without quantity"),
        ('unit="亩"', 'units="亩"', "unknown attribute 'units'"),
        ('<head n="1">护林计划篇一</head>', "护林计划篇一", "no piece"),
        ("title>", "name>", "unknown element <name>"),
    ],
)
def test_broken_inline_gold_is_refused_with_file_and_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(GoldError, match=message) as caught:
        read_inline(_write(tmp_path, PAGE.replace(old, new)))
    assert "t-1.xml" in str(caught.value)


def _perfect(gold: dict[str, Any]) -> Document:
    """A document that says exactly what the gold says."""
    ids = {heading["start"]: i for i, heading in enumerate(gold["headings"])}
    return Document(
        id="t",
        text=gold["text"],
        encoding="str",
        title=None,
        declared_pieces=gold["declared_pieces"],
        pieces=tuple(Piece(p["n"], "", p["start"], p["heading_end"], len(gold["text"])) for p in gold["pieces"]),
        sections=tuple(
            Section(
                i,
                ids.get(h["parent"]),
                1,
                1,
                "s",
                h["label"],
                h["number"],
                h["start"],
                h["end"],
                "",
                h["end"],
                h["end"],
            )
            for i, h in enumerate(gold["headings"])
        ),
        edits=tuple(
            sorted(
                [
                    *(Edit(r["start"], r["end"], r["kind"], "r") for r in gold["removed"]),
                    *(Edit(w, w + 1, "hard_wrap", "w", "") for w in gold["wraps"]),
                ],
                key=lambda edit: edit.start,
            )
        ),
        measures=tuple(
            Measure(m["start"], m["end"], m["text"], m["kind"], m["value"], m["unit"], m["comparator"])
            for m in gold["measures"]
        ),
        anomalies=(),
    )


def test_the_gold_itself_scores_one(gold: dict[str, Any]) -> None:
    result = score(_perfect(gold), gold)
    assert {name: counts.f1 for name, counts in result.layers.items()} == dict.fromkeys(result.layers, 1.0)
    assert result.lost == 0
    assert result.lossless == result.declared == 1
    assert result.errors == []


def test_every_kind_of_mistake_is_counted_in_its_layer(gold: dict[str, Any]) -> None:
    from dataclasses import replace

    doc = _perfect(gold)
    heading = doc.text.index("山。")
    doc = replace(
        doc,
        pieces=(),
        sections=(replace(doc.sections[0], number=7), replace(doc.sections[1], parent=None)),
        edits=(Edit(heading, heading + 2, "promotion", "bad-rule"),),
        measures=(replace(doc.measures[0], comparator="="),),
    )
    result = score(doc, gold)
    assert result.layers["pieces"] == Counts(0, 0, 1)
    assert result.layers["labels"] == Counts(2, 0, 1)
    assert result.layers["numbers"] == Counts(1, 1, 2)
    assert result.layers["parents"] == Counts(1, 1, 2)
    assert result.layers["removed"] == Counts(0, 2, 7)
    assert result.layers["wraps"] == Counts(0, 0, 1)
    assert result.layers["measures found"] == Counts(1, 0, 0)
    assert result.layers["measures right"] == Counts(0, 1, 1)
    assert result.layers["kind"] == Counts(1, 0, 0)
    assert result.lost == 2
    assert [error.rule for error in result.errors if error.rule] == ["bad-rule"]


def test_optional_measures_and_mentions_count_neither_way(gold: dict[str, Any]) -> None:
    from dataclasses import replace

    doc = _perfect(gold)
    gold["measures"][0]["optional"] = True
    for measures in (doc.measures, (), (replace(doc.measures[0], start=0, end=2, kind="mention"),)):
        result = score(replace(doc, measures=tuple(measures)), gold)
        assert result.layers["measures found"] == Counts(0, 0, 0)


def test_totals_add_up(gold: dict[str, Any]) -> None:
    one = score(_perfect(gold), gold)
    both = total([one, one])
    assert both.documents == 2
    assert both.layers["labels"].tp == 2 * one.layers["labels"].tp


def test_standoff_and_inline_gold_score_alike(tmp_path: Path, gold: dict[str, Any]) -> None:
    standoff = tmp_path / "standoff"
    standoff.mkdir()
    (standoff / "t-1.txt").write_text(gold["text"], "utf-8")
    kept = {key: value for key, value in gold.items() if key not in ("text", "repairs", "header")}
    (standoff / "t-1.gold.json").write_text(json.dumps(kept, ensure_ascii=False), "utf-8")
    inline = next(s for s in evaluate(tmp_path) if s.id == "t-1")
    other = evaluate(standoff)[0]
    assert other.layers == inline.layers


def test_gold_of_another_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("甲", "utf-8")
    empty: dict[str, Any] = {name: [] for name in ("headings", "measures", "pieces", "removed", "wraps")}
    (tmp_path / "a.gold.json").write_text(json.dumps({**empty, "sha256": hashlib.sha256(b"x").hexdigest()}), "utf-8")
    with pytest.raises(GoldError, match="belongs to another text"):
        list(read_gold(tmp_path))


def test_a_folder_without_gold_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="no gold here"):
        list(read_gold(tmp_path))


def test_the_command_gives_tables_errors_or_json(tmp_path: Path) -> None:
    _write(tmp_path, PAGE)
    lines: list[str] = []
    evaluate_command(tmp_path, errors=True, write=lines.append)
    text = "\n".join(lines)
    assert "t-1" in text
    for layer in ("pieces", "labels", "numbers", "parents", "removed", "wraps", "measures found", "measures right"):
        assert layer in text
    assert "per 10,000" in text
    parts: list[str] = []
    evaluate_command(tmp_path, as_json=True, write=parts.append)
    data = json.loads("".join(parts))
    assert [entry["id"] for entry in data["documents"]] == ["t-1"]
    assert set(data["total"]["layers"]["labels"]) >= {"precision", "recall", "f1"}


def test_errors_come_in_their_context_with_the_rules_that_speak_there(tmp_path: Path) -> None:
    # The gold calls a target a statistic, and misses an amount and an editor's note.
    page = PAGE.replace('type="target"', 'type="statistic"').replace(
        "其他", "力争新栽柳树35棵。以下是小编为大家整理的。其他"
    )
    _write(tmp_path, page)
    parts: list[str] = []
    evaluate_command(tmp_path, errors=True, as_json=True, write=parts.append)
    errors = json.loads("".join(parts))["errors"]
    assert errors == sorted(errors, key=lambda e: (e["start"], e["layer"]))
    found = next(e for e in errors if e["layer"] == "measures found")
    assert "力争新栽柳树⟦35棵⟧" in found["context"]
    table = {rule.id: rule.table for rule in default_rules().rules()}
    assert [table[rule] for rule in found["rules"]] == ["units"]
    note = next(e for e in errors if e["layer"] == "removed" and e["given"])
    assert "小编" in note["given"]
    assert len(note["rules"]) == 1
    role = next(e for e in errors if e["layer"] == "measures right")
    assert "statistic" in role["expected"]
    assert "target" in role["given"]
    lines: list[str] = []
    evaluate_command(tmp_path, errors=True, write=lines.append)
    assert any(found["context"] in line for line in lines)
    assert any("rules 规则" in line and found["rules"][0] in line for line in lines)


def _by(tmp_path: Path, by: str) -> dict[str, dict[str, float]]:
    parts: list[str] = []
    evaluate_command(tmp_path, by=by, as_json=True, write=parts.append)
    groups: dict[str, dict[str, float]] = json.loads("".join(parts))["by"][by]
    return {name: {k: v for k, v in counts.items() if k in ("tp", "fp", "fn")} for name, counts in groups.items()}


def test_counts_are_split_by_kind_style_or_role(tmp_path: Path) -> None:
    page = PAGE.replace("希望大家喜欢。", "以下是小编为大家整理的护林计划，欢迎阅读。").replace(
        "lead_in", "editor_note"
    )
    # One label that nobody would find, one target that the gold calls a statistic.
    page = page.replace("其他", '<label n="9" depth="1">九</label>其他').replace('type="target"', 'type="statistic"')
    _write(tmp_path, page)
    assert _by(tmp_path, "kind") == {"editor_note": {"tp": 21, "fp": 0, "fn": 0}}
    styles = _by(tmp_path, "style")
    assert styles["一、"] == {"tp": 1, "fp": 0, "fn": 0}
    assert styles["1、"] == {"tp": 2, "fp": 0, "fn": 0}
    assert styles["other"] == {"tp": 0, "fp": 0, "fn": 1}
    assert _by(tmp_path, "role") == {
        "statistic": {"tp": 0, "fp": 0, "fn": 1},
        "target": {"tp": 0, "fp": 1, "fn": 0},
    }
    with pytest.raises(KeyError):
        evaluate_command(tmp_path, by="colour", write=str)


def test_agreement_of_two_annotations(tmp_path: Path) -> None:
    for name in ("one", "two", "none"):
        (tmp_path / name).mkdir()
    _write(tmp_path / "one", PAGE)
    other = PAGE.replace('<label n="1" depth="2">1、</label>', "1、").replace('type="target"', 'type="statistic"')
    _write(tmp_path / "two", other)
    _write(tmp_path / "none", PAGE.replace("其他", "另外"))
    pages, layers = agreement(tmp_path / "one", tmp_path / "two")
    assert pages == 1
    assert (layers["labels"].tp, layers["labels"].fp, layers["labels"].fn) == (2, 0, 1)
    assert layers["role"].f1 == 0
    assert layers["comparator"].f1 == layers["removed"].f1 == layers["wraps"].f1 == 1
    with pytest.raises(GoldError, match="no page of"):
        agreement(tmp_path / "one", tmp_path / "none")


def test_offsets_in_gold_are_those_of_the_parsed_text(gold: dict[str, Any]) -> None:
    doc = parse(gold["text"])
    assert doc.text == gold["text"]
