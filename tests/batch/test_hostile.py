"""Inputs that are too large, never end or cannot be read: each is set aside with its reason, and the run goes on."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PLAN = "2025年工作计划\n一、检修闸门12扇。\n二、每月检查1次。\n"
HUGE = 200_000_000
# More than is ever unpacked, or read as one record.
LARGE = 70_000_000
CODE = """
import resource, sys
from planparse.cli import run
status = run(sys.argv[1:])
peaks = [resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(*peaks)
sys.exit(status)
"""


def hole(path: Path, size: int, before: str = "", after: str = "") -> None:
    """A file of so many bytes of NUL between two texts, which takes no room on the disk."""
    with path.open("wb") as file:
        file.write(before.encode())
        file.truncate(file.tell() + size)
        file.seek(0, os.SEEK_END)
        file.write(after.encode())


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "a.txt").write_text(PLAN, "utf-8")
    record = json.dumps({"text": PLAN})
    hole(folder / "huge.txt", HUGE)
    hole(folder / "huge.html", HUGE, "<html>")
    hole(folder / "huge.jsonl", LARGE, f'{record}\n{{"text": "', f'"}}\n{record}\n')
    hole(folder / "huge.csv", LARGE, 'text\n一、检修。\n"', '\n\n",\n一、检修。\n')
    bomb = gzip.compress(bytes(LARGE))
    (folder / "bomb.txt.gz").write_bytes(bomb)
    (folder / "bomb.html.gz").write_bytes(gzip.compress(bomb))
    with zipfile.ZipFile(folder / "bomb.docx", "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("word/document.xml", bytes(LARGE))
    os.mkfifo(folder / "pipe.txt")
    (folder / "socket.jsonl").symlink_to("/dev/zero")
    # Exists and can be opened, but not read, not even by root.
    (folder / "sick.txt").symlink_to("/proc/self/mem")
    (folder / "sick.jsonl").symlink_to("/proc/self/mem")
    (folder / "closed.txt").write_text(PLAN, "utf-8")
    (folder / "closed.txt").chmod(0)
    (folder / "z.txt").write_text(PLAN, "utf-8")
    return folder


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs /proc")
def test_each_is_set_aside_with_its_reason_in_bounded_memory(hostile: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = subprocess.run(
        [sys.executable, "-c", CODE, "clean", str(hostile), "-o", str(out), "-j", "2", "-f", "jsonl", "--quiet"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stderr
    reasons = {}
    for line in (out / "quarantine.jsonl").read_text("utf-8").splitlines():
        entry = json.loads(line)
        assert entry["reason"].startswith(f"{hostile}/{entry['id']}: ")
        reasons[entry["id"]] = entry["reason"].partition(": ")[2]
    if os.geteuid():
        assert reasons.pop("closed.txt") == "cannot be read: Permission denied"
    assert reasons == {
        "bomb.html.gz": "is packed twice",
        "bomb.docx": "unpacks to more than 67,108,864 bytes",
        "bomb.txt.gz": "unpacks to more than 67,108,864 bytes",
        "huge.csv:1": "is longer than 33,554,432 characters",
        "huge.html": "is larger than 67,108,864 bytes",
        "huge.jsonl:1": "is longer than 33,554,432 characters",
        "huge.txt": "is larger than 67,108,864 bytes",
        "pipe.txt": "is no regular file",
        "sick.jsonl": "cannot be read: Input/output error",
        "sick.txt": "cannot be read: Input/output error",
        "socket.jsonl": "is no regular file",
    }
    documents = [json.loads(line) for line in (out / "documents.jsonl").read_text("utf-8").splitlines()]
    ids = [document["document_id"] for document in documents]
    assert set(ids) - {"closed.txt"} == {"a.txt", "huge.csv:0", "huge.csv:2", "huge.jsonl:0", "huge.jsonl:2", "z.txt"}
    # Nowhere else: no table knows what was set aside.
    assert not set(ids) & set(reasons)
    parent, worker = map(int, done.stdout.split())
    assert parent < 600
    assert worker < 400
