"""The report over a batch: all it says comes from the tables, and it needs nothing from anywhere else."""

from __future__ import annotations

from pathlib import Path

import lxml.html
import pytest

from planparse.batch.dedupe import dedupe_inputs
from planparse.batch.run import clean_inputs
from planparse.views.report import ReportError, to_report

PLAN = "渡口工作计划\n\n时间:2023-02-17 浏览:56次\n\n一、确保检修渡船3艘。\n\n二、每月巡查2次，整改率达到95%以上。\n"
HOSTILE = "<script>alert(1)</script>码头工作计划\n\n一、完成“<b>护栏</b>”改造12处。\n"


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.txt").write_text(PLAN, "utf-8")
    (folder / "b.txt").write_text(PLAN, "utf-8")
    (folder / "c<i>.txt").write_text(HOSTILE, "utf-8")
    (folder / "d.docx").write_bytes(b"no archive")
    return folder


def words(page: str) -> str:
    return " ".join(lxml.html.fromstring(page).text_content().split())


def test_it_counts_what_the_tables_hold(pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    counts = clean_inputs([pages], out)
    text = words(to_report(out))
    assert f"documents 文档{counts.documents}" in text
    for expected in ("page_metadata 页面信息", "target 目标", "set aside 搁置", "d.docx", "整改率", "a.txt"):
        assert expected in text
    assert f"{counts.removed.total():,}" in text


def test_both_formats_give_the_same_page(pages: Path, tmp_path: Path) -> None:
    made = []
    for format in ("parquet", "jsonl"):
        out = tmp_path / format / "out"
        clean_inputs([pages], out, format=format)
        (out / "run.json").unlink()
        made.append(to_report(out))
    assert made[0] == made[1]


def test_copies_are_shown_where_dedupe_wrote_beside(pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    clean_inputs([pages], out)
    assert "重复组" not in to_report(out)
    dedupe_inputs([pages], out)
    text = words(to_report(out))
    assert "duplicate pairs 重复对" in text
    assert "groups of copies 重复组" in text


def test_it_is_self_contained_and_runs_no_page_s_code(pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    clean_inputs([pages], out)
    tree = lxml.html.fromstring(to_report(out))
    assert not tree.xpath("//script | //link | //img | //i | //b[not(ancestor::li)] | //*[@src] | //*[@href]")
    assert "c<i>.txt" in tree.text_content()


@pytest.mark.parametrize("content", [None, b"PAR1 and nothing more"])
def test_a_folder_without_a_batch_is_a_clear_error(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "documents.parquet").write_bytes(content)
    with pytest.raises(ReportError, match="documents"):
        to_report(tmp_path)
