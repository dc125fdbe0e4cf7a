"""Roles, times and names in sentences and whole pages written for the purpose, their readings fixed beforehand.

``roles.txt``, ``periods.txt``, ``indicators.txt``: one text a line; what a line marks ``open`` is known to go wrong.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import planparse as pp
from planparse.document import Measure, Period
from planparse.rules.ruleset import marked


def _cases(name: str) -> list[object]:
    lines = (Path(__file__).parent / name).read_text("utf-8").splitlines()[1:]
    cases: list[object] = []
    for line in lines:
        kind, text, wanted, *still = line.split("\t")
        assert wanted.strip(".|"), f"{name}: asks for nothing: {text}"
        marks = [pytest.mark.xfail(strict=True, reason="open")] if still else []
        cases.append(pytest.param(text, wanted, marks=marks, id=f"{kind}: {text[:24]}"))
    return cases


def _read(text: str) -> list[tuple[str, Measure | None]]:
    """The marked amounts of a text, each with the measure found at its place."""
    plain, spans = marked(text.replace("↵", "\n"))
    measures = pp.parse(plain).measures if "\n" in plain else pp.find_measures(plain)
    places = {(measure.start, measure.end): measure for measure in measures}
    return [(plain[start:end], places.get((start, end))) for start, end in spans]


def test_there_are_enough_cases() -> None:
    assert sum(len(_cases(f"{name}.txt")) for name in ("roles", "periods", "indicators")) >= 300


@pytest.mark.parametrize(("text", "wanted"), _cases("roles.txt"))
def test_role(text: str, wanted: str) -> None:
    found = _read(text)
    given = [measure.kind[0] if measure is not None else "-" for _, measure in found]
    assert len(given) == len(wanted)
    shown = "".join("." if one == "." else other for one, other in zip(wanted, given, strict=True))
    assert shown == wanted, [words for words, _ in found]


def _time(period: Period | None, dated: bool) -> str:
    if period is None:
        return "-"
    return f"{period.text}@{period.from_ or ''}..{period.to or ''}" if dated else period.text


@pytest.mark.parametrize(("text", "wanted"), _cases("periods.txt"))
def test_period(text: str, wanted: str) -> None:
    for (words, measure), expected in zip(_read(text), wanted.split("|"), strict=True):
        if expected == ".":
            continue
        assert measure is not None, words
        if expected.startswith("every="):
            assert str(measure.every) == expected.removeprefix("every="), words
        else:
            assert _time(measure.period, "@" in expected) == expected, words


@pytest.mark.parametrize(("text", "wanted"), _cases("indicators.txt"))
def test_indicator(text: str, wanted: str) -> None:
    """The head of the name, its last two characters, is right: the yardstick of the gold."""
    for (words, measure), expected in zip(_read(text), wanted.split("|"), strict=True):
        if expected == ".":
            continue
        assert measure is not None, words
        assert measure.indicator, words
        name = measure.indicator.strip("“”")
        assert any(one[-2:] in name or name[-2:] in one for one in expected.split("/")), (words, measure.indicator)
