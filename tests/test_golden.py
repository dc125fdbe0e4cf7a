"""The answers for the pages of ``corpora/sample``, as they were last looked at.

After a change that is meant, ``python tests/test_golden.py`` writes them anew; read the difference before committing.
"""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path

import pytest

from planparse import read

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests" / "golden"
PAGES = sorted((ROOT / "corpora" / "sample").glob("*.txt"))


def answer(page: Path) -> str:
    """One page's answer as text: the JSON with one entry a line, without the texts that the page itself holds."""
    lines = []
    for name, value in read(page).to_dict(text=False).items():
        if name == "clean_text":
            continue
        if isinstance(value, list) and value:
            entries = ",\n".join("  " + json.dumps(entry, ensure_ascii=False) for entry in value)
            lines.append(f"{json.dumps(name)}: [\n{entries}\n]")
        else:
            lines.append(f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def test_there_are_enough_pages() -> None:
    assert len(PAGES) >= 12


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_gives_its_golden_answer(page: Path) -> None:
    assert answer(page) == (GOLDEN / f"{page.stem}.json").read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_is_what_its_annotated_source_says(page: Path) -> None:
    script = runpy.run_path(str(ROOT / "corpora" / "make_sample.py"))
    source = ROOT / "corpora" / "gold" / "sample" / f"{page.stem}.xml"
    assert page.read_bytes() == script["page_bytes"](source)


if __name__ == "__main__":
    for path in PAGES:
        (GOLDEN / f"{path.stem}.json").write_text(answer(path), "utf-8")
    sys.stdout.write(f"{len(PAGES)} golden answers written\n")
