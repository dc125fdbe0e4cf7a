"""``parse``, ``read`` and ``read_many``: what they take, give and raise."""

from __future__ import annotations

import io
import logging
from pathlib import Path

import pytest

import planparse as pp

PAGE = "护林工作计划\n\n一、目标\n1、年内巡山不少于12次。\n"


def test_parse_takes_strings_only() -> None:
    with pytest.raises(TypeError, match="takes a str, not bytes"):
        pp.parse(b"x")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
    ],
)
def test_every_encoding_gives_the_same_document(encoding: str, name: str) -> None:
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    doc = pp.read(mark + PAGE.encode(encoding))
    assert doc.text == PAGE
    assert doc.encoding == name
    expected = {**pp.parse(PAGE, id="bytes").to_dict(), "encoding": name}
    assert doc.to_dict() == expected


def test_big5_is_told_from_gb18030() -> None:
    text = "護林工作計劃\n\n一、目標\n1、年內巡山不少於12次，組織村民學習防火知識，落實責任到人。\n"
    doc = pp.read(text.encode("big5"))
    assert doc.text == text
    assert doc.encoding.startswith("big5")


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\f"])
def test_line_ends_stay_and_count_as_line_ends(newline: str) -> None:
    text = PAGE.replace("\n", newline)
    doc = pp.read(text.encode())
    assert doc.text == text
    assert [s.label for s in doc.sections] == ["一、", "1、"]
    assert [m.text for m in doc.measures] == ["12次"]


def test_ideographic_spaces_are_blanks() -> None:
    doc = pp.parse("护林工作计划\n\u3000\u3000一、目标\n\u3000\u30001、年内巡山不少于12次。\n")
    assert [s.label for s in doc.sections] == ["一、", "1、"]


def test_bad_bytes_are_counted() -> None:
    doc = pp.read(PAGE.encode("utf-8") * 5 + b"\xff\xfe\xff")
    found = [anomaly for anomaly in doc.anomalies if anomaly.kind == "undecodable"]
    assert len(found) == 1
    assert "3 bytes" in found[0].message


def test_a_path_or_an_open_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text(PAGE, "utf-8")
    by_path = pp.read(path)
    with path.open("rb") as file:
        by_file = pp.read(file)
    assert by_path.id == by_file.id == "page.txt"
    assert by_path.to_dict() == by_file.to_dict() == pp.read(str(path)).to_dict()
    assert pp.read(io.BytesIO(PAGE.encode())).id == "bytes"


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(pp.ReadError, match=r"absent\.txt: no such file"):
        pp.read(tmp_path / "absent.txt")


def _folder(tmp_path: Path, count: int) -> Path:
    for i in range(count):
        (tmp_path / f"p{i:02d}.txt").write_text(PAGE.replace("12", str(i + 1)), "utf-8")
    return tmp_path


@pytest.mark.parametrize("workers", [1, 2])
def test_many_come_in_order_whatever_the_workers(tmp_path: Path, workers: int) -> None:
    docs = list(pp.read_many([_folder(tmp_path, 12)], workers=workers))
    assert [doc.id for doc in docs] == [f"p{i:02d}.txt" for i in range(12)]
    assert [doc.measures[0].value for doc in docs] == list(range(1, 13))


def test_many_are_lazy(tmp_path: Path) -> None:
    stream = pp.read_many(_folder(tmp_path, 3))
    assert next(iter(stream)).id == "p00.txt"


def test_what_cannot_be_read_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "a.bin").write_bytes(b"\x00\x01" * 50)
    (tmp_path / "b.txt").write_text(PAGE, "utf-8")
    with caplog.at_level(logging.WARNING, "planparse"):
        assert [doc.id for doc in pp.read_many(tmp_path)] == ["b.txt"]
    assert "document=a.bin stage=read" in caplog.text


def test_workers_must_be_a_number_of_processes() -> None:
    with pytest.raises(ValueError, match="number of processes"):
        pp.read_many([], workers=0)
    with pytest.raises(ValueError, match="need workers=1"):
        pp.read_many([], workers=2, rules=pp.Ruleset.load())


def test_the_document_is_fully_said_by_its_dict() -> None:
    data = pp.parse(PAGE, id="p").to_dict()
    assert data["schema"] == "planparse.document/1"
    assert {
        "schema",
        "id",
        "encoding",
        "sha256",
        "title",
        "declared_pieces",
        "pieces",
        "sections",
        "removed",
        "repairs",
        "measures",
        "anomalies",
        "clean_text",
        "text",
    } <= set(data)
    assert "text" not in pp.parse(PAGE).to_dict(text=False)
