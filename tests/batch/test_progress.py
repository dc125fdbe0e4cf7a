"""How far a run is: a bar on a terminal, plain lines elsewhere, silence where it is wanted."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from planparse.batch.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.txt", "b.txt", "c.png"):
        (tmp_path / name).write_bytes(b"x")
    return tmp_path


def shown(output: io.StringIO, inputs: list[str], quiet: bool = False) -> str:
    with Progress(inputs, output, quiet) as progress:
        progress.advance(False)
        progress.advance(True)
        progress.say("planparse: set aside: c.png")
    return output.getvalue()


def test_a_bar_on_a_terminal(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown(Terminal(), [str(folder)]))
    assert "2/3" in text
    assert "set aside 搁置 1" in text
    assert re.search(r"\d+/s", text)
    assert re.search(r"\d:\d\d:\d\d", text)
    assert "planparse: set aside: c.png\n" in text.replace("\r", "")


def test_plain_lines_elsewhere(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planparse.batch.progress._EVERY", 0.0)
    lines = shown(io.StringIO(), [str(folder)]).splitlines()
    assert len(lines) == 3
    assert re.fullmatch(r"2 of 3 pages 页, \d+/s, 0:00:\d\d left, set aside 搁置 1", lines[1])


def test_of_records_the_number_is_not_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planparse.batch.progress._EVERY", 0.0)
    (tmp_path / "r.jsonl").touch()
    assert re.match(r"1 pages 页, \d+/s, set aside 搁置 0\n", shown(io.StringIO(), [str(tmp_path)]))


def test_quiet_says_only_what_is_wrong(folder: Path) -> None:
    assert shown(Terminal(), [str(folder)], quiet=True) == "planparse: set aside: c.png\n"
