"""A batch: the contract's tables in input order, all or none of them, and what fails is set aside and named."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

import planparse as pp
from planparse import ReadError
from planparse.batch.run import clean_inputs
from planparse.reading.inputs import Item

TABLES = ("documents", "pieces", "sections", "measures", "removed", "repairs", "anomalies")
PLAN = (
    "2025年{}工作计划\n一、工作目标\n检修闸门不少于{}扇。\n二、工作措施\n落实责任，加强值守。\n"
    "三、监督检查\n每月检查1次。\n"
)


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    (folder / "sub").mkdir(parents=True)
    (folder / "b.txt").write_text(PLAN.format("防汛", 12), "gb18030")
    (folder / "sub" / "a.html").write_text("<p>" + PLAN.format("抗旱", 8).replace("\n", "</p><p>"), "utf-8")
    records = [json.dumps({"text": PLAN.format("第" + "一二三"[n], n + 2)}) for n in range(3)]
    (folder / "r.jsonl").write_text("\n".join([*records, "{broken"]), "utf-8")
    return folder


@pytest.mark.parametrize("format", ["parquet", "jsonl"])
def test_tables_are_those_of_frames_in_input_order(tmp_path: Path, pages: Path, format: str) -> None:
    out = tmp_path / "out"
    counts = clean_inputs([pages], out, format=format)  # type: ignore[arg-type]
    ids = ["b.txt", "r.jsonl:0", "r.jsonl:1", "r.jsonl:2", "sub/a.html"]
    assert (counts.documents, counts.set_aside) == (5, 1)
    frames = pp.frames(pp.read_many([pages]))
    names = {*(f"{table}.{format}" for table in TABLES), "quarantine.jsonl", "run.json"}
    assert {path.name for path in out.iterdir()} == names
    for table in TABLES:
        path = out / f"{table}.{format}"
        read = pd.read_parquet(path) if format == "parquet" else pd.read_json(path, lines=True)
        if format == "parquet" or len(read):
            assert list(read.columns) == list(frames[table].columns)
        assert len(read) == len(frames[table])
    documents = (
        pd.read_parquet(out / "documents.parquet")
        if format == "parquet"
        else pd.read_json(out / "documents.jsonl", lines=True)
    )
    assert list(documents["document_id"]) == ids
    assert list(documents["text"]) == list(frames["documents"]["text"])
    assert list(documents["sections"]) == [3] * 5


def test_the_schema_is_the_same_for_a_run_without_documents(tmp_path: Path, pages: Path) -> None:
    (tmp_path / "empty").mkdir()
    clean_inputs([tmp_path / "empty"], tmp_path / "none")
    clean_inputs([pages], tmp_path / "some")
    for table in TABLES:
        none, some = (pq.read_schema(tmp_path / folder / f"{table}.parquet") for folder in ("none", "some"))
        assert none.equals(some)
        assert none.field("document_id").nullable is False


def test_what_fails_is_named_with_its_reason(tmp_path: Path, pages: Path) -> None:
    (pages / "c.png").write_bytes(b"\x89PNG")
    seen: list[tuple[str, str | None]] = []

    def on_item(item: Item, reason: str | None) -> None:
        seen.append((item.id, reason))

    clean_inputs([pages], tmp_path / "out", on_item=on_item)
    lines = (tmp_path / "out" / "quarantine.jsonl").read_text("utf-8").splitlines()
    quarantine = [json.loads(line) for line in lines]
    assert [entry["id"] for entry in quarantine] == ["c.png", "r.jsonl:3"]
    assert quarantine[0]["reason"] == f"{pages}/c.png: unknown kind of file (.png)"
    assert [id for id, reason in seen if reason] == ["c.png", "r.jsonl:3"]
    assert len(seen) == 7


def test_a_mistake_of_ours_on_one_page_does_not_lose_the_others(
    tmp_path: Path, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from planparse.batch import work

    real = work.from_item

    def fails_once(item: Item, rules: object) -> pp.Document:
        if item.id == "b.txt":
            raise ZeroDivisionError("a\nb")
        return real(item, rules)  # type: ignore[arg-type]

    monkeypatch.setattr(work, "from_item", fails_once)
    counts = clean_inputs([pages], tmp_path / "out")
    assert (counts.documents, counts.set_aside) == (4, 2)
    first = json.loads((tmp_path / "out" / "quarantine.jsonl").read_text("utf-8").splitlines()[0])
    assert first["reason"] == f"{pages}/b.txt: internal error: ZeroDivisionError: a b"


def test_cleaned_texts_are_files_named_after_their_id(tmp_path: Path, pages: Path) -> None:
    out, texts = tmp_path / "out", tmp_path / "texts"
    clean_inputs([pages], out, text_dir=texts)
    documents = pd.read_parquet(out / "documents.parquet").set_index("document_id")
    files = {path.relative_to(texts).as_posix(): path.read_bytes().decode() for path in texts.rglob("*.txt")}
    assert files == {
        "b.txt": documents.loc["b.txt", "clean_text"],
        "sub/a.html.txt": documents.loc["sub/a.html", "clean_text"],
        **{f"r.jsonl_{n}.txt": documents.loc[f"r.jsonl:{n}", "clean_text"] for n in range(3)},
    }


def test_the_run_is_described(tmp_path: Path, pages: Path) -> None:
    clean_inputs([pages], tmp_path / "out")
    run = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert run["planparse"] == pp.__version__
    assert run["schema"] == "planparse.document/1"
    assert run["inputs"] == [str(pages)]
    wanted = dict.fromkeys(("text_dir", "text_column", "id_column", "url_column", "time_limit"))
    assert run["options"] == {"format": "parquet", **wanted}
    assert {"python", "planparse", "pyarrow"} <= set(run["versions"])
    assert run["from_earlier_run"] == 0
    assert run["documents_per_second"] > 0
    assert run["rules"]
    assert run["counts"]["documents"] == 5
    assert run["counts"]["sections"] == 15
    assert run["seconds"] >= 0


def test_what_is_set_aside_can_be_found_in_the_log(
    tmp_path: Path, pages: Path, caplog: pytest.LogCaptureFixture
) -> None:
    import logging

    with caplog.at_level(logging.INFO, "planparse"):
        clean_inputs([pages], tmp_path / "out")
    (message,) = [record.getMessage() for record in caplog.records if record.name == "planparse.batch"]
    assert message.startswith("document=r.jsonl:3 stage=clean reason=")
    assert "broken JSON" in message
    assert logging.getLogger("planparse").handlers == logging.getLogger("planparse.batch").handlers == []


def test_names_of_text_files_hold_for_any_id(tmp_path: Path) -> None:
    records = [
        {"id": id, "text": "一、检修。"} for id in ("https://a.cn/x?y=1", "../../up", "长" * 300, "a", "a.txt", "/a")
    ]
    (tmp_path / "r.jsonl").write_text("\n".join(map(json.dumps, records)), "utf-8")
    counts = clean_inputs([tmp_path / "r.jsonl"], tmp_path / "out", id_column="id", text_dir=tmp_path / "texts")
    assert counts.documents == 6
    written = [path.relative_to(tmp_path / "texts").as_posix() for path in (tmp_path / "texts").rglob("*.txt")]
    assert len(written) == 6
    assert {"https_/a.cn/x_y=1.txt", "up.txt", "a.txt", "a~2.txt", "a~3.txt"} < set(written)


def test_an_interrupted_run_leaves_the_last_one_as_it_was(
    tmp_path: Path, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    clean_inputs([pages / "b.txt"], out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    monkeypatch.setattr("planparse.batch.work.SHARD_PAGES", 2)

    def interrupt(item: Item, reason: str | None) -> None:
        if item.id == "r.jsonl:1":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        clean_inputs([pages], out, on_item=interrupt)
    # What is finished waits in a hidden folder for the run to be resumed.
    assert {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()} == before
    assert [path.name for path in out.iterdir() if path.is_dir()] == [".shards"]


def test_what_a_run_writes_is_not_its_input(tmp_path: Path, pages: Path) -> None:
    first = clean_inputs([pages], pages / "out", text_dir=pages / "texts")
    assert clean_inputs([pages], pages / "out", text_dir=pages / "texts") == first


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path, pages: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ReadError, match="cannot be made a folder"):
        clean_inputs([pages], tmp_path / "file")


def test_many_rows_are_written_as_they_come(tmp_path: Path, pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planparse.batch.work.SHARD_PAGES", 3)
    monkeypatch.setattr("planparse.batch.write.ROW_GROUP_BYTES", 1)
    clean_inputs([pages], tmp_path / "out")
    assert pq.ParquetFile(tmp_path / "out" / "documents.parquet").num_row_groups > 1
    assert len(pd.read_parquet(tmp_path / "out" / "sections.parquet")) == 15
