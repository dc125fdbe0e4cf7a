"""The command: exit statuses, one-line errors, and nothing but the answer on standard output."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from lxml import etree

import planparse as pp

PLAN = (
    "2025年防汛工作计划\n一、工作目标\n检修闸门不少于12扇。\n二、工作措施\n落实责任，加强值守。\n"
    "三、监督检查\n每月检查1次。\n"
)
COMMAND = [sys.executable, "-c", "from planparse.cli import main; main()"]


def planparse(
    *arguments: str | Path, stdin: bytes = b"", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], input=stdin, capture_output=True, env={**os.environ, **(env or {})}
    )


def fails(done: subprocess.CompletedProcess[bytes], status: int, *words: str) -> None:
    """It ended with this status, and said why in one line."""
    error = done.stderr.decode()
    assert done.returncode == status, error
    assert error.count("\n") == 1, error
    assert error.startswith("planparse: ")
    assert all(word in error for word in words), error


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "防汛.txt"
    path.write_text(PLAN, "gb18030")
    return path


def test_json_is_one_object_and_nothing_else(page: Path) -> None:
    done = planparse("parse", "--format", "json", page)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.count(b"\n") == 1
    assert json.loads(done.stdout) == pp.read(page).to_dict()
    assert json.loads(done.stdout)["id"] == "防汛.txt"
    assert "text" not in json.loads(planparse("parse", page, "--format", "json", "--no-text").stdout)


def test_the_other_views(page: Path) -> None:
    doc = pp.read(page)
    assert planparse("parse", page).stdout.decode() == doc.to_tree() + "\n"
    assert planparse("parse", page, "-f", "markdown").stdout.decode() == doc.to_markdown()
    assert etree.fromstring(planparse("parse", page, "-f", "tei").stdout).tag == "{http://www.tei-c.org/ns/1.0}TEI"


def test_standard_input() -> None:
    done = planparse("parse", "-", "--format", "json", stdin=PLAN.encode("gb18030"))
    assert json.loads(done.stdout)["text"] == PLAN
    assert json.loads(done.stdout)["id"] == "stdin"
    assert json.loads(planparse("parse", "-", "-f", "json").stdout)["text"] == ""


@pytest.mark.parametrize(
    "env", [{"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONIOENCODING": "ascii"}]
)
def test_output_is_utf8_in_any_locale(page: Path, env: dict[str, str]) -> None:
    link = page.with_name("page.txt")
    page.rename(link)
    assert "工作目标" in planparse("parse", link, env=env).stdout.decode("utf-8")
    assert "中文工作计划" in planparse("--help", env=env).stdout.decode("utf-8")


def test_bytes_that_are_no_characters_are_a_warning(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_bytes(PLAN.encode("gb18030") + b"\xff")
    done = planparse("parse", tmp_path / "x.txt", "-f", "json")
    fails(done, 0, "x.txt", "1 bytes")
    assert json.loads(done.stdout)["anomalies"][0]["kind"] == "undecodable"


def test_clean_writes_tables_and_a_summary(tmp_path: Path, page: Path) -> None:
    out = tmp_path / "out"
    done = planparse("clean", page, "--out", out, "--text-dir", tmp_path / "texts")
    assert (done.returncode, done.stderr) == (0, b"")
    summary = done.stdout.decode()
    for words in ("documents 文档", "sections 编号段落", "measures 数值", "removed 删除字数"):
        assert words in summary
    assert list(pd.read_parquet(out / "sections.parquet")["label"]) == ["一、", "二、", "三、"]
    assert (tmp_path / "texts" / "防汛.txt").read_text("utf-8") == pp.read(page).clean_text
    assert planparse("clean", page, "--out", out, "--quiet").stdout == b""
    planparse("clean", page, "--out", out, "--format", "jsonl")
    assert json.loads((out / "documents.jsonl").read_text("utf-8"))["document_id"] == "防汛.txt"


def test_inputs_set_aside_give_status_1_and_are_named(tmp_path: Path, page: Path) -> None:
    (tmp_path / "x.png").write_bytes(b"\x89PNG")
    done = planparse("clean", tmp_path, "--out", tmp_path / "out")
    fails(done, 1, "x.png", "unknown kind of file")
    assert "set aside 搁置 1" in done.stdout.decode()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["parse", "nosuch.txt"], ["nosuch.txt", "no such file"]),
        (["parse", "."], [".", "folder"]),
        (["parse"], ["FILE"]),
        (["parse", "x.txt", "--format", "xml"], ["xml"]),
        (["parse", "r.jsonl"], ["r.jsonl", "planparse clean"]),
        (["parse", "x.docx"], ["x.docx", "DOCX"]),
        (["parse", "x.txt", "--rules", "nosuch"], ["nosuch"]),
        (["clean", "x.txt"], ["--out"]),
        (["clean", "nosuch", "--out", "o"], ["nosuch", "no such file or folder"]),
        (["clean", "*.none", "--out", "o"], ["*.none", "matches no file"]),
        (["clean", "empty", "--out", "o", "--quiet"], ["empty", "no page"]),
        (["clean", "x.docx", "--out", "o", "--quiet"], ["x.docx"]),
        (["clean", "x.txt", "--out", "x.txt"], ["x.txt"]),
        (["evaluate", "empty"], ["empty"]),
        (["rules", "--rules", "bad"], ["labels.tsv:1"]),
        (["nonsense"], ["nonsense"]),
        (["--nonsense"], ["--nonsense"]),
    ],
)
def test_errors_are_one_line_and_status_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("x.txt").write_text("一", "utf-8")
    Path("x.docx").write_bytes(b"PK")
    Path("r.jsonl").write_text("{}", "utf-8")
    Path("empty").mkdir()
    Path("bad").mkdir()
    Path("bad/labels.tsv").write_text("id\tx\n", "utf-8")
    done = planparse(*arguments)
    fails(done, 2, *words)
    assert done.stdout == b""


def test_version_and_help() -> None:
    assert planparse("--version").stdout.decode() == f"planparse {pp.__version__}\n"
    done = planparse("--help")
    assert done.returncode == 0
    assert all(name in done.stdout.decode() for name in ("parse", "clean", "evaluate", "rules"))


def test_rules_are_listed_with_their_examples() -> None:
    done = planparse("rules")
    assert (done.returncode, done.stderr) == (0, b"")
    listing = done.stdout.decode()
    assert "# labels: " in listing
    assert "\tplanparse/rules/labels.tsv:" in listing
    assert "    + " in listing
    assert "    - " in listing
    assert listing.splitlines()[-1].endswith("tables 个表")


def test_rules_of_your_own_are_added_and_checked(tmp_path: Path) -> None:
    from planparse.rules.ruleset import default_rules

    table = default_rules().table("boilerplate")[0]
    columns = list(table.cells)
    row = {**table.cells, "id": "mine.never"}
    (tmp_path / "boilerplate.tsv").write_text(
        "\t".join(columns) + "\n" + "\t".join(row[name].replace("\n", "↵") for name in columns) + "\n", "utf-8"
    )
    mine = next(
        line
        for line in planparse("rules", "--rules", tmp_path).stdout.decode().splitlines()
        if line.startswith("mine.never")
    )
    assert mine.split("\t")[1].startswith(f"{tmp_path}/")


def test_a_reader_that_goes_away_is_no_error(page: Path) -> None:
    page.write_text(PLAN * 20_000, "utf-8")
    process = subprocess.Popen([*COMMAND, "rules"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    assert process.wait() == 0
    assert process.stderr.read() == b""


def test_an_interrupt_is_status_130_and_leaves_no_half_tables(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "slow.txt")
    process = subprocess.Popen(
        [*COMMAND, "clean", str(tmp_path / "slow.txt"), "--out", str(tmp_path / "out")], stderr=subprocess.PIPE
    )
    # It waits for the pipe's other end, once its tables are open.
    while not (tmp_path / "out" / ".documents.parquet.part").exists() and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    assert process.wait() == 130
    assert process.stderr is not None
    assert process.stderr.read().decode() == "planparse: error: interrupted 已中断\n"
    assert list((tmp_path / "out").iterdir()) == []


def test_a_batch_is_reported_on_one_page(page: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert planparse("clean", page, "--out", out, "--quiet").returncode == 0
    done = planparse("report", out)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == f"{out / 'report.html'}\n"
    shown = (out / "report.html").read_bytes()
    assert "2025年防汛工作计划" in shown.decode()
    assert planparse("report", out, "--out", "-").stdout == shown
    other = tmp_path / "other.html"
    assert planparse("report", out, "-o", other).stdout.decode() == f"{other}\n"
    assert other.read_bytes() == shown


def test_a_folder_without_a_batch_is_not_reported(tmp_path: Path) -> None:
    fails(planparse("report", tmp_path), 2, str(tmp_path), "documents")
    fails(planparse("report", tmp_path / "missing"), 2, "missing")
    assert list(tmp_path.iterdir()) == []
