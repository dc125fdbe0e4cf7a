"""The gold corpus (标注语料): enough pages, and every row of the survey's tables on pages of two hands."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from planparse.evaluation.inline import read_inline

GOLD = Path(__file__).parents[1] / "corpora" / "gold"
# The rows of the tables in the survey's sections, 1 to 6; `features` names the fourth row of section 2 g2.4.
ROWS = {1: 16, 2: 28, 3: 35, 4: 30, 5: 39, 6: 32}
PAGES = sorted(path for folder in ("dev", "test") for path in (GOLD / folder).glob("*.xml"))


def header(path: Path, name: str) -> str:
    match = re.search(f'{name}="([^"]*)"', path.read_text("utf-8"))
    return match[1] if match else ""


def test_there_are_enough_pages() -> None:
    assert len(list((GOLD / "dev").glob("*.xml"))) >= 50
    assert len(list((GOLD / "test").glob("*.xml"))) >= 30


@pytest.mark.parametrize("section", ROWS)
def test_every_row_of_the_survey_is_on_pages_of_two_hands(section: int) -> None:
    hands = defaultdict(set)
    for path in PAGES:
        for row in header(path, "features").split():
            hands[row].add(header(path, "hand"))
    rows = [f"g{section}.{n}" for n in range(1, ROWS[section] + 1)]
    assert [row for row in rows if len(hands[row]) < 2] == []


def test_ids_are_unique_and_open_the_files_names() -> None:
    ids = [header(path, "xml:id") for path in PAGES]
    assert len(set(ids)) == len(ids)
    assert [path.name for path, id in zip(PAGES, ids, strict=True) if not id or not path.stem.startswith(id)] == []


def test_pages_have_the_sizes_of_pages() -> None:
    sizes = [len(read_inline(path)["text"]) for path in PAGES]
    assert min(sizes) >= 800
    assert sum(size <= 4200 for size in sizes) >= 80
