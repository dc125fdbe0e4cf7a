"""``planparse dedupe`` and ``planparse explain``."""

from __future__ import annotations

import json
import random
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from planparse.cli import run

WORDS = ["学校", "防汛", "检查", "责任", "培训", "教师", "隐患", "整改", "制度", "宣传", "图书", "采购", "演练", "仓库"]


def body(seed: int) -> str:
    rng = random.Random(seed)
    return "\n".join(
        f"{number}、" + "，".join("".join(rng.choices(WORDS, k=4)) for _ in range(5)) + "。" for number in range(1, 6)
    )


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.txt").write_text(f"防汛工作计划\n{body(1)}\n", "utf-8")
    (folder / "b.txt").write_text(f"防汛检查工作计划\n{body(1)}\n", "utf-8")
    (folder / "c.txt").write_text(f"图书采购工作计划\n{body(2)}\n", "utf-8")
    return folder


def test_dedupe_writes_the_tables(pages: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    out = tmp_path / "out"
    assert run(["dedupe", str(pages), "--out", str(out)]) == 0
    pairs = pd.read_parquet(out / "pairs.parquet")
    assert pairs[["a", "b", "relation"]].to_numpy().tolist() == [["a.txt#1", "b.txt#1", "exact"]]
    groups = pd.read_parquet(out / "groups.parquet")
    assert groups["member"].tolist() == ["a.txt#1", "b.txt#1"]
    passages = pd.read_parquet(out / "passages.parquet")
    text = (pages / "a.txt").read_text("utf-8")
    row = passages.iloc[0]
    assert text[row.a_start : row.a_end].startswith("1、")
    assert "pairs 重复对 1".encode() in capfdbinary.readouterr().out


def test_dedupe_writes_json_lines(pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(["dedupe", str(pages), "--out", str(out), "--format", "jsonl", "--quiet"]) == 0
    rows = [json.loads(line) for line in (out / "pairs.jsonl").read_text("utf-8").splitlines()]
    assert [row["relation"] for row in rows] == ["exact"]
    assert (out / "quarantine.jsonl").read_bytes() == b""


def test_dedupe_sets_aside_what_cannot_be_read(pages: Path, tmp_path: Path) -> None:
    (pages / "d.zip").write_bytes(b"PK\x03\x04")
    out = tmp_path / "out"
    assert run(["dedupe", str(pages), "--out", str(out), "--quiet"]) == 1
    assert "d.zip" in (out / "quarantine.jsonl").read_text("utf-8")


def test_dedupe_with_an_index_reports_the_new_against_all(
    pages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, index = tmp_path / "out", tmp_path / "plans.index"
    command = ["dedupe", str(pages), "--out", str(out), "--index", str(index), "--quiet"]
    assert run([*command, "--passage", "40"]) == 0
    assert pd.read_parquet(out / "pairs.parquet")[["a", "b"]].to_numpy().tolist() == [["a.txt#1", "b.txt#1"]]
    (pages / "d.txt").write_text(f"图书工作计划\n{body(2)}\n", "utf-8")
    assert run(command) == 0
    pairs = pd.read_parquet(out / "pairs.parquet")
    assert pairs[["a", "b", "relation"]].to_numpy().tolist() == [["c.txt#1", "d.txt#1", "exact"]]
    assert pd.read_parquet(out / "groups.parquet")["member"].tolist() == ["c.txt#1", "d.txt#1"]
    # Nothing is new, then one page is another.
    assert run(command) == 0
    assert len(pd.read_parquet(out / "pairs.parquet")) == 0
    (pages / "d.txt").write_text(f"防汛工作计划\n{body(1)}\n", "utf-8")
    assert run(command) == 0
    assert set(pd.read_parquet(out / "pairs.parquet")["a"]) == {"a.txt#1", "b.txt#1"}
    capsys.readouterr()
    assert run([*command, "--passage", "60"]) == 2
    error = capsys.readouterr().err
    assert "made with passage 40, not 60" in error
    assert error.count("\n") == 1
    assert run(["dedupe", str(pages), "--out", str(out), "--index", str(pages / "a.txt")]) == 2
    assert "a.txt" in capsys.readouterr().err


def test_dedupe_refuses_a_threshold_out_of_range(
    pages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["dedupe", str(pages), "--out", str(tmp_path / "out"), "--near", "2"]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "near and contains" in error


def test_explain_names_the_rule_and_its_line(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    page = tmp_path / "p.txt"
    text = "防汛工作计划\n" + body(3) + "\n以下是小编为大家整理的防汛工作计划范文，希望对大家有所帮助。\n"
    page.write_text(text, "utf-8")
    assert run(["explain", str(page), "--at", str(text.index("小编"))]) == 0
    said = capfdbinary.readouterr().out.decode()
    assert "removed 删除: editor_note" in said
    assert ".tsv:" in said


def test_explain_outside_the_text_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "p.txt"
    page.write_text("防汛工作计划\n", "utf-8")
    assert run(["explain", str(page), "--at", "99"]) == 2
    error = capsys.readouterr().err
    assert "p.txt" in error
    assert "outside the text" in error
    assert error.count("\n") == 1


def test_an_index_keeps_its_options_and_takes_no_spill(
    pages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = tmp_path / "plans.index"
    command = ["dedupe", str(pages), "--out", str(tmp_path / "out"), "--index", str(index), "--quiet"]
    assert run([*command, "--mask-digits"]) == 0
    assert set(pd.read_parquet(tmp_path / "out" / "pairs.parquet")["comparison"]) == {"digits masked"}
    assert run([*command, "--no-mask-digits"]) == 2
    assert run([*command, "--spill", str(tmp_path)]) == 2
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == 2
    assert "made with mask_digits True, not False" in errors[0]
    assert "spill" in errors[1]


def relations(folder: Path, out: Path, *options: str) -> list[str]:
    """The relations that ``dedupe`` finds with these options."""
    assert run(["dedupe", str(folder), "--out", str(out), "--quiet", *options]) == 0
    found: list[str] = pd.read_parquet(out / "pairs.parquet")["relation"].tolist()
    return found


def two(folder: Path, first: str, second: str) -> Path:
    """A folder with two plans of one name."""
    folder.mkdir()
    for name, text in (("a", first), ("b", second)):
        (folder / f"{name}.txt").write_text(f"防汛工作计划\n{text}\n", "utf-8")
    return folder


def test_numbers_are_equal_where_that_is_asked_for(tmp_path: Path) -> None:
    rng = random.Random(5)
    this, last = (
        "。".join(f"{first}{second}{rng.randrange(1000, 9999)}" for first, second in pairwise(WORDS)) for _ in range(2)
    )
    pages = two(tmp_path / "years", this, last)
    assert relations(pages, tmp_path / "one") == []
    assert relations(pages, tmp_path / "two", "--mask-digits") == ["exact"]
    assert set(pd.read_parquet(tmp_path / "two" / "pairs.parquet")["comparison"]) == {"digits masked"}


def test_spun_words_are_equal_where_that_is_asked_for(tmp_path: Path) -> None:
    plan = "。".join(f"{word}工作要开展{other}" for word, other in zip(WORDS, reversed(WORDS), strict=True))
    pages = two(tmp_path / "spun", plan, plan.replace("开展", "发展"))
    assert "exact" not in relations(pages, tmp_path / "one")
    assert relations(pages, tmp_path / "two", "--synonyms") == ["exact"]


def test_scripts_are_equal_unless_told_otherwise(tmp_path: Path) -> None:
    plan = "。".join(f"{word}{other}" for word, other in zip(WORDS, reversed(WORDS), strict=True))
    pages = two(tmp_path / "scripts", plan, plan.replace("学", "學").replace("检", "檢").replace("书", "書"))
    assert relations(pages, tmp_path / "one") == ["exact"]
    assert "exact" not in relations(pages, tmp_path / "two", "--no-fold-script")


def test_thresholds_change_what_they_say(tmp_path: Path) -> None:
    start = body(1)
    # A tenth of it is other text, and twice as much follows.
    pages = two(tmp_path / "half", start, start[: -len(start) // 10] + "\n" + body(3) + "\n" + body(4))
    assert relations(pages, tmp_path / "one") == ["contains"]
    assert relations(pages, tmp_path / "two", "--near", "0.2") == ["near"]
    assert relations(pages, tmp_path / "three", "--contains", "0.99") == ["shares"]
    assert relations(pages, tmp_path / "four", "--contains", "0.99", "--passage", "5000") == []


def test_work_files_go_where_they_are_told(pages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    work = tmp_path / "work"
    work.mkdir()
    assert relations(pages, tmp_path / "one", "--spill", str(work)) == ["exact"]
    assert list(work.iterdir()) == []
    command = ["dedupe", str(pages), "--out", str(tmp_path / "two"), "--spill", str(tmp_path / "nowhere")]
    assert run(command) != 0
    assert "nowhere" in capsys.readouterr().err
