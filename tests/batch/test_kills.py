"""Whatever dies, nothing is lost: real processes, real kills at random moments, full disks, pages that never end."""

from __future__ import annotations

import ctypes
import hashlib
import json
import multiprocessing
import os
import random
import resource
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

import planparse as pp
from planparse.batch import work
from planparse.batch.run import clean_inputs
from planparse.cli import run
from planparse.reading.inputs import Item

PLAN = "2025年{0}工作计划\n一、工作目标\n检修闸门不少于{1}扇。\n二、工作措施\n落实责任，每月检查1次，整改率{2}%。\n"
SEVERAL = 160
KILLS = 12
pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc and fork")


def write(folder: Path, number: int) -> Path:
    folder.mkdir(exist_ok=True)
    for n in range(number):
        (folder / f"{n:03d}.txt").write_text(PLAN.format(f"第{n}号闸", n + 2, n), "utf-8")
    (folder / "044.png").write_bytes(b"\x89PNG")
    return folder


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("pages"), SEVERAL)


@pytest.fixture
def few(tmp_path: Path) -> Path:
    return write(tmp_path / "few", 20)


@pytest.fixture(scope="module")
def whole(pages: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, bytes]]:
    """The tables of a run that nothing happens to; with small shards, as all runs of the kills."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(work, "SHARD_PAGES", 3)
        out = tmp_path_factory.mktemp("whole")
        clean_inputs([pages], out, workers=1)
        yield tables(out)


def tables(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.iterdir() if path.is_file() and path.name != "run.json"}


def quarantine(out: Path) -> dict[str, str]:
    lines = (out / "quarantine.jsonl").read_text("utf-8").splitlines()
    return {entry["id"]: entry["reason"] for entry in map(json.loads, lines)}


def start(what: Callable[[], object]) -> BaseProcess:
    """A process of its own, forked: what this one has imported it need not."""
    process = multiprocessing.get_context("fork").Process(target=what)
    process.start()
    return process


def cleaning(pages: Path, out: Path) -> BaseProcess:
    return start(lambda: clean_inputs([pages], out, workers=2, resume=True))


def children(pid: int | None) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def is_there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def finished(out: Path) -> int:
    """How many shards of a run are kept."""
    return len(list((out / ".shards").glob("*[0-9]")))


def test_a_killed_run_goes_on_where_it_was(pages: Path, whole: dict[str, bytes], tmp_path: Path) -> None:
    rng = random.Random(7)
    killed = resumed = runs = 0
    orphans: set[int] = set()
    while killed < KILLS or runs < 2:
        out = tmp_path / str(runs)
        process = cleaning(pages, out)
        if killed >= KILLS:
            process.join()
        elif killed % 2:
            process.join(rng.random() * 0.6)
        else:
            # At a random moment after some more of it is done, so that a slow machine gets somewhere too.
            enough = finished(out) + 1 + rng.randrange(3)
            while process.is_alive() and finished(out) < enough:
                process.join(0.01)
            process.join(rng.random() * 0.1)
        orphans.update(children(process.pid))
        if process.is_alive():
            process.kill()
            process.join()
            killed += 1
            resumed += (out / ".shards").exists()
            continue
        assert process.exitcode == 0
        assert tables(out) == whole
        assert not (out / ".shards").exists()
        runs += 1
    assert resumed >= KILLS // 3
    # Workers end soon after their parent.
    deadline = time.monotonic() + 60
    while any(map(is_there, orphans)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(is_there, orphans))


def test_killed_workers_lose_no_page(pages: Path, whole: dict[str, bytes], tmp_path: Path) -> None:
    rng = random.Random(8)
    killed = runs = 0
    while killed < KILLS - 2:
        out = tmp_path / str(runs)
        process = cleaning(pages, out)
        here = 0
        # Three times the same page, and it would rightly be set aside.
        while process.is_alive() and here < 2:
            process.join(0.02 + rng.random() * 0.2)
            if workers := children(process.pid):
                os.kill(rng.choice(workers), signal.SIGKILL)
                here += 1
        process.join()
        assert process.exitcode == 0
        assert tables(out) == whole
        killed += here
        runs += 1
        assert runs < 40


def failing(monkeypatch: pytest.MonkeyPatch, id: str, how: Callable[[], object]) -> None:
    """Make one page fail, in this process and those forked from it."""
    real = work.from_item

    def fails(item: Item, rules: object) -> pp.Document:
        if item.id == id:
            how()
        return real(item, rules)  # type: ignore[arg-type]

    monkeypatch.setattr(work, "from_item", fails)
    monkeypatch.setattr(work, "SHARD_PAGES", 5)


def test_a_page_that_kills_its_worker_is_set_aside(few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, "007.txt", lambda: os.kill(os.getpid(), signal.SIGKILL))
    counts = clean_inputs([few], tmp_path / "out", workers=2)
    assert (counts.documents, counts.set_aside) == (19, 2)
    found = quarantine(tmp_path / "out")
    assert list(found) == ["007.txt", "044.png"]
    assert found["007.txt"].endswith("007.txt: its worker process died twice")


@pytest.mark.parametrize("workers", [1, 2])
def test_a_page_that_takes_too_long_is_set_aside(
    few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    def sleeps() -> None:
        # A library on the way that takes every exception for its own.
        try:
            time.sleep(600)
        except Exception as error:
            raise AssertionError from error

    failing(monkeypatch, "003.txt", sleeps)
    counts = clean_inputs([few], tmp_path / "out", workers=workers, time_limit=1.5)
    assert (counts.documents, counts.set_aside) == (19, 2)
    assert quarantine(tmp_path / "out")["003.txt"].endswith("003.txt: takes longer than 1.5 s")


def test_a_page_that_is_deaf_to_its_limit_is_set_aside(
    few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, "003.txt", lambda: hashlib.pbkdf2_hmac("sha256", b"", b"", 2**31 - 1))
    monkeypatch.setattr(work, "_GRACE", 0.1)
    counts = clean_inputs([few], tmp_path / "out", workers=2, time_limit=1.5)
    assert (counts.documents, counts.set_aside) == (19, 2)
    assert quarantine(tmp_path / "out")["003.txt"].endswith("003.txt: its worker process died twice")


def test_a_page_that_is_too_long_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "long.txt").write_text("一、检修。\n" * 100, "utf-8")
    monkeypatch.setattr(work, "LONGEST", 500)
    counts = clean_inputs([tmp_path / "long.txt"], tmp_path / "out")
    assert (counts.documents, counts.set_aside) == (0, 1)


def command(arguments: list[str], errors: Path, before: Callable[[], object]) -> int | None:
    """The exit status of the command in a process of its own; what it says on standard error goes to a file."""

    def inside() -> None:
        before()
        with errors.open("w") as file:
            os.dup2(file.fileno(), 2)
            sys.stderr = file
            status = run(arguments)
        os._exit(status)

    process = start(inside)
    process.join()
    return process.exitcode


def is_one_clear_line(errors: Path, *, about: str) -> bool:
    said = [line for line in errors.read_text("utf-8").splitlines() if "set aside" not in line]
    return len(said) == 1 and said[0].startswith("planparse: error: ") and about in said[0]


@pytest.mark.parametrize("size", [1000, 4096, 8000])
def test_a_file_that_cannot_grow_is_one_line_and_the_run_goes_on_later(
    pages: Path, whole: dict[str, bytes], tmp_path: Path, size: int
) -> None:
    out = tmp_path / "out"
    errors = tmp_path / "errors"
    arguments = ["clean", str(pages), "--out", str(out), "-j", "2", "--resume", "--quiet"]
    status = command(arguments, errors, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))
    assert status == 2
    assert is_one_clear_line(errors, about="large"), errors.read_text("utf-8")
    assert not (out / "documents.parquet").exists()
    clean_inputs([pages], out, workers=2, resume=True)
    assert tables(out) == whole


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 KB; a skip where none can be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"tmpfs", str(folder).encode(), b"tmpfs", 0, b"size=256k"):
        pytest.skip(f"no disk can be mounted: {os.strerror(ctypes.get_errno())}")
    yield folder
    libc.umount2(str(folder).encode(), 2)


def test_a_full_disk_is_one_line_and_the_run_goes_on_later(
    pages: Path, whole: dict[str, bytes], tmp_path: Path, small_disk: Path
) -> None:
    out, errors = small_disk / "out", tmp_path / "errors"
    status = command(["clean", str(pages), "-o", str(out), "-j", "2", "--quiet"], errors, lambda: None)
    assert status == 2
    assert is_one_clear_line(errors, about="No space left on device"), errors.read_text("utf-8")
    assert not (out / "documents.parquet").exists()
    assert any((out / ".shards").iterdir())
    shutil.copytree(out, tmp_path / "roomy")
    clean_inputs([pages], tmp_path / "roomy", workers=2, resume=True)
    assert tables(tmp_path / "roomy") == whole


@pytest.mark.parametrize("format", ["parquet", "jsonl"])
def test_the_number_of_workers_changes_no_byte(few: Path, tmp_path: Path, format: str) -> None:
    for workers in (1, 2, 3):
        clean_inputs([few], tmp_path / str(workers), format=format, workers=workers)  # type: ignore[arg-type]
    assert tables(tmp_path / "1") == tables(tmp_path / "2") == tables(tmp_path / "3")


def interrupted(folder: Path, out: Path) -> None:
    """A run that is interrupted after its first shard is kept."""

    def stop(item: object, reason: str | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        clean_inputs([folder], out, on_item=stop)
    assert (out / ".shards" / "00000000").is_file()


def test_shards_of_other_options_or_pages_are_not_taken(tmp_path: Path) -> None:
    folder, out = write(tmp_path / "in", 3), tmp_path / "out"
    interrupted(folder, out)
    (folder / "001.txt").write_text(PLAN.format("乙", 4, 5), "utf-8")
    clean_inputs([folder], out, resume=True)
    clean_inputs([folder], tmp_path / "fresh")
    assert tables(out) == tables(tmp_path / "fresh")
    assert json.loads((out / "run.json").read_bytes())["from_earlier_run"] == 0


def test_a_torn_shard_is_done_again(tmp_path: Path) -> None:
    folder, out = write(tmp_path / "in", 3), tmp_path / "out"
    clean_inputs([folder], tmp_path / "fresh")
    for cut in (0, 10, -1, None):
        interrupted(folder, out)
        shard = out / ".shards" / "00000000"
        data = shard.read_bytes()
        shard.write_bytes(data[:cut])
        clean_inputs([folder], out, resume=True)
        assert tables(out) == tables(tmp_path / "fresh")
        kept = json.loads((out / "run.json").read_bytes())["from_earlier_run"]
        assert (kept > 0) == (cut is None)
