"""Files, folders, globs and records to a stream of pages; nothing is passed over in silence."""

from __future__ import annotations

import builtins
import csv
import gzip
import io
import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as given_
from hypothesis import strategies as st

import planparse as pp
from planparse.reading.errors import ReadError
from planparse.reading.inputs import Item, check_exists, documents
from planparse.reading.source import read_source

PLAN = "一、目标\n检修闸门12扇。"


def given(items: Iterator[Item]) -> list[tuple[str, str | None]]:
    return [(item.id, item.source.text if item.source else None) for item in items]


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    for name in ("b.txt", "a/2.md", "a/10.txt", "a.txt", ".hidden.txt", ".git/x.txt", "c"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, "utf-8")
    return folder


def test_a_folder_comes_sorted_with_ids_relative_to_it(pages: Path) -> None:
    assert [name for name, _ in given(documents([pages]))] == ["a/10.txt", "a/2.md", "a.txt", "b.txt", "c"]


def test_globs_and_single_files(pages: Path) -> None:
    assert given(documents([pages / "a.txt"])) == [("a.txt", "a.txt")]
    assert [name for name, _ in given(documents([str(pages / "*.txt")]))] == ["a.txt", "b.txt"]
    assert [name for name, _ in given(documents([str(pages / "**/*.txt")]))] == ["a/10.txt", "a.txt", "b.txt"]
    assert [name for name, _ in given(documents([str(pages / "a*")]))] == ["a/10.txt", "a/2.md", "a.txt"]


def test_ids_are_unique_over_several_inputs(pages: Path) -> None:
    names = [name for name, _ in given(documents([pages / "a.txt", pages / "a.txt", pages]))]
    assert names[:2] == ["a.txt", "a.txt~2"]
    assert len(set(names)) == len(names)


def test_a_link_to_a_folder_above_is_not_followed(pages: Path) -> None:
    (pages / "a" / "loop").symlink_to(pages)
    assert len(given(documents([pages]))) == 5


def test_what_cannot_be_read_comes_with_its_reason(pages: Path) -> None:
    (pages / "d.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    (pages / "e.txt").write_bytes(bytes(range(256)) * 8)
    (pages / "f.txt.gz").write_bytes(b"\x1f\x8bbroken")
    (pages / "g.txt").symlink_to("nowhere")
    errors = {item.id: item.error for item in documents([pages]) if item.error}
    assert errors == {
        "d.png": f"{pages}/d.png: unknown kind of file (.png)",
        "e.txt": f"{pages}/e.txt: is not text",
        "f.txt.gz": errors["f.txt.gz"],
        "g.txt": f"{pages}/g.txt: no such file",
    }
    assert errors["f.txt.gz"].startswith(f"{pages}/f.txt.gz: cannot be unpacked: ")
    assert given(documents([pages / "nosuch"])) == [("nosuch", None)]


def test_inputs_come_lazily(pages: Path) -> None:
    stream = documents(itertools.chain([pages / "a.txt"]))
    assert next(stream).id == "a.txt"


def test_missing_inputs_are_found_beforehand(pages: Path) -> None:
    check_exists([pages, str(pages / "*.txt")])
    with pytest.raises(ReadError, match="no such file or folder"):
        check_exists([pages, pages / "x"])
    with pytest.raises(ReadError, match="matches no file"):
        check_exists([str(pages / "*.doc")])


def zst(data: bytes) -> bytes:
    """The data as Zstandard; a skip where the extra is absent."""
    compressed: bytes = pytest.importorskip("zstandard").compress(data)
    return compressed


@pytest.mark.parametrize(
    ("name", "pack"), [("x.txt.gz", gzip.compress), ("x.html.zst", zst), ("x.txt.gz", lambda data: data)]
)
def test_packed_pages(tmp_path: Path, name: str, pack: Any) -> None:
    (tmp_path / name).write_bytes(pack(b"<p>abc</p>" if "html" in name else b"abc"))
    assert given(documents([tmp_path / name])) == [(name, "abc")]


@pytest.mark.parametrize(
    ("name", "pack", "reason"),
    [
        ("x.txt.gz", gzip.compress, "unpacks to more than 100,000 bytes"),
        ("x.txt.zst", zst, "unpacks to more than 100,000 bytes"),
        ("x.jsonl.gz", gzip.compress, "is longer than 50,000 characters"),
        ("x.csv.gz", gzip.compress, "is longer than 50,000 characters"),
        ("x.txt", bytes, "is larger than 100,000 bytes"),
    ],
)
def test_a_small_file_cannot_fill_the_memory(tmp_path: Path, name: str, pack: Any, reason: str) -> None:
    (tmp_path / name).write_bytes(pack(b"a" * 1_000_000))
    (item,) = documents([tmp_path], largest=100_000)
    assert item.error and item.error.endswith(reason)


RECORDS = [PLAN, "二", "三"]


def _jsonl(path: Path) -> None:
    path.write_text("\ufeff" + "\n\n".join(json.dumps({"url": "u" * 99, "text": t}) for t in RECORDS), "utf-8")


def _jsonl_gbk(path: Path) -> None:
    path.write_text("\n".join(json.dumps({"正文": t}, ensure_ascii=False) for t in RECORDS), "gb18030")


def _csv(path: Path) -> None:
    pd.DataFrame({"id": [1, 2, 3], "content": RECORDS}).to_csv(path, index=False, encoding="utf-8-sig")


def _excel_csv(path: Path) -> None:
    pd.DataFrame({"id": [1, 2, 3], "内容": RECORDS}).to_csv(path, index=False, encoding="utf-16", sep="\t")


def _gbk_csv(path: Path) -> None:
    pd.DataFrame({"网址": ["u", "u", "u"], "内容": RECORDS}).to_csv(path, index=False, encoding="gbk", sep=";")


def _parquet(path: Path) -> None:
    pd.DataFrame({"n": [1, 2, 3], "Text": RECORDS}).to_parquet(path)


def _html_parquet(path: Path) -> None:
    pd.DataFrame({"html": [f"<p>{t}</p>".replace("\n", "<br>").encode("gbk") for t in RECORDS]}).to_parquet(path)


def _bare_jsonl(path: Path) -> None:
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, RECORDS)).encode()))


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("r.jsonl", _jsonl), ("r.jsonl", _jsonl_gbk), ("r.csv", _csv), ("r.csv", _excel_csv), ("r.csv", _gbk_csv),
        ("r.parquet", _parquet), ("r.parquet", _html_parquet), ("r.jsonl.gz", _bare_jsonl),
    ],
)  # fmt: skip
def test_records(tmp_path: Path, name: str, write: Any) -> None:
    write(tmp_path / name)
    assert given(documents([tmp_path / name])) == [(f"{name}:{i}", text) for i, text in enumerate(RECORDS)]


def test_a_broken_record_does_not_lose_the_others(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text('{"text": "一"}\n{broken\n{"text": 3}\n{"title": "x"}\n[1]\n{"text": "\\ud800"}\n', "utf-8")
    items = list(documents([path]))
    assert [item.id for item in items] == [f"r.jsonl:{i}" for i in range(6)]
    assert [item.source and item.source.text for item in items] == ["一", None, None, None, None, "\ud800"]
    reasons = [item.error or "" for item in items]
    assert reasons[1].startswith(f"{path}:1: broken JSON: ")
    assert reasons[2:5] == [
        f"{path}:2: 'text' is not text", f"{path}:3: 'text' is missing", f"{path}:4: neither an object nor a string",
    ]  # fmt: skip


def test_ids_and_addresses_of_records_are_noted(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    records = [
        {"doc_id": 7, "from": "https://a.example/1", "正文": PLAN},
        {"doc_id": "x", "from": "https://a.example/2", "正文": "二"},
        {"doc_id": 7, "from": None, "正文": "三"},
        {"正文": "四"},
    ]
    path.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in records), "utf-8")
    noted = [(item.id, item.record_id, item.url) for item in documents([path])]
    assert noted == [
        ("r.jsonl:0", "7", "https://a.example/1"), ("r.jsonl:1", "x", "https://a.example/2"),
        ("r.jsonl:2", "7", None), ("r.jsonl:3", None, None),
    ]  # fmt: skip
    # Asked for, they are the ids; what has none keeps its place as id, and no id comes twice.
    named = [item.id for item in documents([path], id_column="doc_id")]
    assert named == ["7", "x", "7~2", "r.jsonl:3"]
    (item,) = documents([path], url_column="网址")
    assert item.error == f"{path}: no column '网址'; there are: doc_id, from, 正文"


def test_addresses_and_ids_reach_the_tables(tmp_path: Path) -> None:
    table = {"url": ["https://a.example/1"], "id": [12], "html": [f'<p>{PLAN}</p><a href="/x">下载</a>'.encode("gbk")]}
    pd.DataFrame(table).to_parquet(tmp_path / "r.parquet")
    for workers in (1, 2):
        (doc,) = pp.read_many([tmp_path / "r.parquet"], workers=workers)
        assert (doc.id, doc.url, doc.record_id) == ("r.parquet:0", "https://a.example/1", "12")
        row = pp.frames([doc])["documents"].iloc[0]
        assert (row["url"], row["record_id"]) == ("https://a.example/1", "12")
        (link,) = json.loads(row["links"])
        assert (doc.text[link["start"] : link["end"]], link["text"]) == ("下载", "/x")


def test_a_record_that_is_a_page_of_html_is_read_as_one(tmp_path: Path) -> None:
    page = "<!DOCTYPE html><html><head><meta charset=gbk></head><body><script>x()</script><p>一、检修</p></body></html>"
    (tmp_path / "r.jsonl").write_text(json.dumps({"content": page}), "utf-8")
    pd.DataFrame({"body": [page.encode("gbk")]}).to_parquet(tmp_path / "r.parquet")
    assert given(documents([tmp_path])) == [("r.jsonl:0", "一、检修"), ("r.parquet:0", "一、检修")]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given_(
    cells=st.lists(
        st.tuples(*[st.text(alphabet='ab",;\n\r一 ', max_size=12)] * 2).filter(lambda row: any(row)), max_size=6
    ),
    part=st.integers(1, 9),
)
def test_csv_is_cut_into_records_as_the_module_does(tmp_path: Path, cells: list[tuple[str, str]], part: int) -> None:
    path = tmp_path / "r.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "text"), *cells])
    with path.open(encoding="utf-8", newline="") as file:
        expected = [row[1] for row in csv.reader(file) if row][1:]
    with pytest.MonkeyPatch.context() as patch:
        # Lines come in parts of a few characters.
        patch.setattr("planparse.reading.records._LINE", part)
        assert [text for _, text in given(documents([path], text_column="text"))] == expected


def test_a_record_that_is_too_long_does_not_lose_the_others(tmp_path: Path) -> None:
    long = "长\n" * 600
    (tmp_path / "r.jsonl").write_text("\n".join(json.dumps({"text": t}) for t in ("一", long, "三")), "utf-8")
    pd.DataFrame({"text": ["一", long, "三"]}).to_csv(tmp_path / "r.csv", index=False)
    items = list(documents([tmp_path], largest=2000))
    assert [item.source and item.source.text for item in items] == ["一", None, "三"] * 2
    assert {item.error for item in items if item.error} == {
        f"{tmp_path}/r.{kind}:1: is longer than 1,000 characters" for kind in ("csv", "jsonl")
    }


def _docx(text: str) -> bytes:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def _table(text: str) -> bytes:
    data = io.BytesIO()
    pd.DataFrame({"text": [text]}).to_parquet(data)
    return data.getvalue()


def _archive(text: str) -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + text.encode()
    head = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/1\r\nContent-Type: application/http"
    return f"{head}\r\nContent-Length: {len(http)}\r\n\r\n".encode() + http + b"\r\n\r\n"


EVERY_KIND: dict[str, Callable[[str], bytes]] = {
    "txt": str.encode,
    "md": str.encode,
    "html": lambda text: f"<meta charset=utf-8><p>{text}</p>".replace("\n", "<br>").encode(),
    "htm": lambda text: f"<p>{text}</p>".replace("\n", "</p><p>").encode("gb18030"),
    "docx": _docx,
    "jsonl": lambda text: json.dumps({"text": text}).encode(),
    "csv": lambda text: f'id,text\n1,"{text}"\n'.encode(),
    "parquet": _table,
    "warc": _archive,
}


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zst], ids=["plain", "gz", "zst"])
@pytest.mark.parametrize("kind", EVERY_KIND)
def test_every_kind_of_file_in_every_wrapper(tmp_path: Path, kind: str, pack: Any) -> None:
    wrapper = {bytes: "", gzip.compress: ".gz"}.get(pack, ".zst")
    (tmp_path / f"x.{kind}{wrapper}").write_bytes(pack(EVERY_KIND[kind](PLAN)))
    (item,) = documents([tmp_path])
    assert item.error is None
    assert item.source is not None
    assert item.source.text == PLAN
    assert item.url == ("http://a.example/1" if kind == "warc" else None)


def test_the_column_with_the_text(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    pd.DataFrame({"甲": ["短"], "乙": ["长" * 80]}).to_csv(path, index=False)
    assert given(documents([path])) == [("r.csv:0", "长" * 80)]
    assert given(documents([path], text_column="甲")) == [("r.csv:0", "短")]
    (item,) = documents([path], text_column="丙")
    assert item.error == f"{path}: no column '丙'; there are: 甲, 乙"
    pd.DataFrame({"甲": ["短"], "乙": ["长"]}).to_csv(path, index=False)
    (item,) = documents([path])
    assert item.error and "which column holds the text?" in item.error


def test_a_cell_may_be_a_long_page(tmp_path: Path) -> None:
    pd.DataFrame({"text": ['字,\n"' * 100_000]}).to_csv(tmp_path / "r.csv", index=False)
    assert given(documents([tmp_path / "r.csv"])) == [("r.csv:0", '字,\n"' * 100_000)]


@pytest.mark.parametrize("name", ["r.parquet", "r.csv", "r.jsonl"])
def test_empty_and_broken_files_of_records(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")
    items = list(documents([tmp_path / name]))
    assert len(items) == (name == "r.parquet")
    assert all(item.error and item.error.startswith(str(tmp_path / name)) for item in items)


def test_a_web_archive_gives_its_pages(tmp_path: Path) -> None:
    warc = pytest.importorskip("fastwarc.warc")
    path = tmp_path / "r.warc.gz"
    body = "<html><body><p>一、目标</p></body></html>".encode("gbk")
    responses = [
        (b"text/html; charset=gbk", body),
        (b"image/png", b"\x89PNG"),
        (b"text/html", gzip.compress(body)),
        (b"text/plain; charset=utf-8", "全文".encode()),
    ]
    with path.open("wb") as file:
        for kind, content in responses:
            encoding = b"Content-Encoding: gzip\r\n" if content[:2] == b"\x1f\x8b" else b""
            head = b"HTTP/1.1 200 OK\r\nContent-Type: " + kind + b"\r\n" + encoding
            head += b"Content-Length: %d\r\n\r\n" % len(content)
            block = head + content
            record = (
                b"WARC/1.0\r\nWARC-Type: response\r\n"
                b"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
                b"WARC-Date: 2020-01-01T00:00:00Z\r\nWARC-Target-URI: http://a.example/\r\n"
                b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n" % len(block)
            )
            file.write(gzip.compress(record + block + b"\r\n\r\n"))
    assert warc
    assert given(documents([path])) == [
        ("r.warc.gz:0", "一、目标"),
        ("r.warc.gz:1", "一、目标"),
        ("r.warc.gz:2", "全文"),
    ]


@pytest.mark.parametrize(
    ("name", "module", "extra"),
    [
        ("x.html", "selectolax", "html"),
        ("x.docx", "docx", "docx"),
        ("x.warc", "fastwarc", "warc"),
        ("x.txt.zst", "zstandard", "zstd"),
    ],
)
def test_a_missing_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, module: str, extra: str
) -> None:
    real_import = builtins.__import__

    def without(wanted: str, *args: Any, **more: Any) -> Any:
        if wanted.split(".")[0] == module:
            raise ImportError(wanted)
        return real_import(wanted, *args, **more)

    (tmp_path / name).write_bytes(b"\x28\xb5\x2f\xfd" if extra == "zstd" else b"PK\x03\x04 WARC/1.0")
    monkeypatch.setattr(builtins, "__import__", without)
    (item,) = documents([tmp_path / name])
    assert item.error and item.error.endswith(f'pip install "planparse[{extra}]"')
    assert "\n" not in item.error


def test_read_source_takes_paths_bytes_and_files(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("<p>一</p>\r\n", "utf-8")
    # Plain text is taken as it is, whatever it looks like; bytes without a name are looked at.
    assert read_source(path).text == read_source(str(path)).text == "<p>一</p>\r\n"
    with path.open("rb") as file:
        assert read_source(file).text == "<p>一</p>\r\n"
    assert read_source(io.BytesIO("<p>一</p>".encode())).text == "一"
    assert read_source(b"\x1f\x8b").undecodable == 1
    assert read_source(gzip.compress("一".encode())).text == "一"
    with pytest.raises(TypeError):
        read_source(io.StringIO("x"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "reason"), [("nosuch.txt", "no such file"), (".", "is a folder"), ("r.csv", "many records")]
)
def test_read_source_says_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("r.csv").touch()
    with pytest.raises(ReadError) as caught:
        read_source(name)
    assert str(caught.value).startswith(f"{name}: ")
    assert reason in str(caught.value)
