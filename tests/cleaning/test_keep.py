"""Plans full of the words that sites use, because those are their business: not one character may go."""

from __future__ import annotations

from pathlib import Path

import pytest

from planparse import parse

PAGES = sorted((Path(__file__).parents[2] / "corpora" / "keep").glob("*.txt"))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_no_character_is_removed(page: Path) -> None:
    doc = parse(page.read_text("utf-8"))
    assert [(edit.rule, doc.text[edit.start : edit.end]) for edit in doc.removed] == []
