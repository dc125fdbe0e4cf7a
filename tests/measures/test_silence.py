"""Slogans, names, dates, addresses, labels and the like state no amount: ``silence.txt``, kind by kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from planparse.measures.extract import find_measures

EXAMPLES = [
    line.split("\t") for line in (Path(__file__).parent / "silence.txt").read_text("utf-8").splitlines()[1:] if line
]


def test_there_are_enough_examples() -> None:
    assert len({text for _, text in EXAMPLES}) >= 200


@pytest.mark.parametrize("kind", sorted({kind for kind, _ in EXAMPLES}))
def test_silence(kind: str) -> None:
    """Neither target nor statistic: a mention may be given or left out."""
    spoken = [
        (text, measure.text)
        for some, text in EXAMPLES
        if some == kind
        for measure in find_measures(text)
        if measure.kind != "mention"
    ]
    assert spoken == []
