"""Wordings of sites and of plans that sound like them, class by class (``probes.txt``)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from planparse.cleaning.clean import clean
from planparse.document import View
from planparse.rules.ruleset import default_rules
from test_cases import letters, unmark


def read_probes() -> Iterator[Any]:
    for section in Path(__file__).with_name("probes.txt").read_text("utf-8").split("\n## ")[1:]:
        name, page, *probes = section.strip("\n").split("\n")
        for number, probe in enumerate(probes, start=1):
            yield pytest.param(page.replace("@", probe.removeprefix("- ")).replace("↵", "\n"), id=f"{name} {number}")


@pytest.mark.parametrize("page", list(read_probes()))
def test_probe(page: str) -> None:
    raw, removed, expected = unmark(page)
    edits, _ = clean(raw, default_rules())
    got = {i for e in edits if e.is_removal for i in range(e.start, e.end) if not raw[i].isspace()}
    wanted = {i for start, end in removed for i in range(start, end) if not raw[i].isspace()}
    assert "".join(raw[i] for i in sorted(wanted - got)) == ""
    assert "".join(raw[i] for i in sorted(got - wanted)) == ""
    view = View(raw, edits)
    assert letters(view.clean) == letters(expected)
    assert [line for line in expected.split("\n") if line.strip() and line.strip() not in view.clean] == []
    assert clean(view.clean, default_rules())[0] == []
