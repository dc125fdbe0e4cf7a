"""Whatever dies, nothing is lost: real processes, real kills at random moments, full disks, pages that never end."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import planparse as pp
from planparse.batch import work
from planparse.batch.run import clean_inputs

PLAN = (
    "2025年{0}工作计划\n一、工作目标\n检修闸门不少于{1}扇。\n二、工作措施\n落实责任，每月检查1次，整改率{2}%。\n" * 12
)
SCRIPT = """
import sys
from planparse.batch import work
from planparse.batch.run import clean_inputs
work.SHARD_PAGES = 3
clean_inputs([sys.argv[1]], sys.argv[2], workers=int(sys.argv[3]), resume=True)
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for n in range(240):
        (folder / f"{n:03d}.txt").write_text(PLAN.format(f"第{n}号闸", n + 2, n), "utf-8")
    (folder / "044.png").write_bytes(b"\x89PNG")
    return folder


@pytest.fixture(scope="module")
def whole(pages: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The tables of a run that nothing happens to."""
    out = tmp_path_factory.mktemp("whole")
    subprocess.run([sys.executable, "-c", SCRIPT, str(pages), str(out), "1"], check=True)
    return _tables(out)


def _tables(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.iterdir() if path.is_file() and path.name != "run.json"}


def _start(pages: Path, out: Path, workers: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", SCRIPT, str(pages), str(out), str(workers)])


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _is_there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")
def test_a_killed_run_goes_on_where_it_was(pages: Path, whole: dict[str, bytes], tmp_path: Path) -> None:
    rng = random.Random(7)
    out = tmp_path / "out"
    killed = 0
    for attempt in range(60):
        process = _start(pages, out, 2)
        finished = len(list((out / ".shards").glob("[0-9]*"))) if (out / ".shards").exists() else 0
        # At a random moment after some more of it is done, so that it gets somewhere.
        while process.poll() is None and len(list((out / ".shards").glob("[0-9]*"))) <= finished + rng.randrange(2):
            time.sleep(0.01)
        time.sleep(rng.random() * 0.1)
        workers = _children(process.pid)
        if process.poll() is not None or killed >= 11:
            assert process.wait() == 0
            break
        process.send_signal(signal.SIGKILL)
        process.wait()
        killed += 1
        for worker in workers:
            while _is_there(worker):
                time.sleep(0.05)
        assert attempt < 59
    assert killed >= 8
    assert _tables(out) == whole
    assert not (out / ".shards").exists()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")
def test_killed_workers_lose_no_page(pages: Path, whole: dict[str, bytes], tmp_path: Path) -> None:
    rng = random.Random(8)
    killed = 0
    for attempt in range(6):
        out = tmp_path / f"out{attempt}"
        process = _start(pages, out, 2)
        here = 0
        while process.poll() is None and here < 2:
            time.sleep(0.1 + rng.random() * 0.3)
            if workers := _children(process.pid):
                os.kill(rng.choice(workers), signal.SIGKILL)
                here += 1
        assert process.wait() == 0
        assert _tables(out) == whole
        killed += here
    assert killed >= 10


def test_a_page_that_kills_its_worker_is_set_aside(
    pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = work.from_source

    def dies(source: object, id: str, rules: object) -> pp.Document:
        if id == "007.txt":
            os.kill(os.getpid(), signal.SIGKILL)
        return real(source, id, rules)  # type: ignore[arg-type]

    monkeypatch.setattr(work, "from_source", dies)
    monkeypatch.setattr(work, "SHARD_PAGES", 5)
    counts = clean_inputs([pages], tmp_path / "out", workers=2)
    assert (counts.documents, counts.set_aside) == (239, 2)
    lines = (tmp_path / "out" / "quarantine.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["007.txt", "044.png"]
    assert json.loads(lines[0])["reason"].endswith("007.txt: its worker process died twice")


@pytest.mark.parametrize("workers", [1, 2])
def test_a_page_that_takes_too_long_is_set_aside(
    pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    real = work.from_source

    def sleeps(source: object, id: str, rules: object) -> pp.Document:
        if id == "003.txt":
            time.sleep(60)
        return real(source, id, rules)  # type: ignore[arg-type]

    monkeypatch.setattr(work, "from_source", sleeps)
    counts = clean_inputs([pages], tmp_path / "out", workers=workers, time_limit=2.0)
    assert (counts.documents, counts.set_aside) == (239, 2)
    first = json.loads((tmp_path / "out" / "quarantine.jsonl").read_text("utf-8").splitlines()[0])
    assert first["reason"].endswith("003.txt: takes longer than 2 s")


def test_a_page_that_is_too_long_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "long.txt").write_text("一、检修。\n" * 100, "utf-8")
    monkeypatch.setattr(work, "LONGEST", 500)
    counts = clean_inputs([tmp_path / "long.txt"], tmp_path / "out")
    assert (counts.documents, counts.set_aside) == (0, 1)


def test_a_full_disk_is_one_line_and_the_run_goes_on_later(
    pages: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    out = tmp_path / "out"

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    code = "import sys; from planparse.cli import run; sys.exit(run(sys.argv[1:]))"
    command = ["clean", str(pages), "--out", str(out), "-j", "2", "--resume"]
    done = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, preexec_fn=full)
    assert done.returncode == 2
    error = done.stderr.decode()
    assert error.count("\n") <= 2, error
    assert "planparse: error:" in error
    assert "Traceback" not in error
    assert not (out / "documents.parquet").exists()
    subprocess.run([sys.executable, "-c", SCRIPT, str(pages), str(out), "2"], check=True)
    assert _tables(out) == whole


@pytest.mark.parametrize("format", ["parquet", "jsonl"])
def test_the_number_of_workers_changes_no_byte(pages: Path, tmp_path: Path, format: str) -> None:
    for workers in (1, 2, 3):
        clean_inputs([pages], tmp_path / str(workers), format=format, workers=workers)  # type: ignore[arg-type]
    assert _tables(tmp_path / "1") == _tables(tmp_path / "2") == _tables(tmp_path / "3")


def test_shards_of_other_options_or_pages_are_not_taken(pages: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    page = tmp_path / "in" / "a.txt"
    page.write_text(PLAN.format("甲", 2, 3), "utf-8")
    out = tmp_path / "out"

    def stop(item: object, reason: str | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        clean_inputs([tmp_path / "in"], out, on_item=stop)
    assert (out / ".shards" / "00000000" / "shard.json").exists()
    page.write_text(PLAN.format("乙", 4, 5), "utf-8")
    clean_inputs([tmp_path / "in"], out, resume=True)
    clean_inputs([tmp_path / "in"], tmp_path / "fresh")
    assert _tables(out) == _tables(tmp_path / "fresh")
