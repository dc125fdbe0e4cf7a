"""Two documents' measures side by side, against the gold alignment of ``corpora/pairs``; sums that do not add up."""

from __future__ import annotations

from pathlib import Path

import pytest

import planparse as pp

PAIRS = Path(__file__).parents[2] / "corpora" / "pairs"


def _gold() -> dict[str, set[tuple[str, str]]]:
    gold: dict[str, set[tuple[str, str]]] = {}
    for line in (PAIRS / "alignment.tsv").read_text("utf-8").splitlines()[2:]:
        name, a, b = line.split("\t")
        gold.setdefault(name, set()).add((a, b))
    return gold


def _aligned(name: str) -> set[tuple[str, str]]:
    a, b = (pp.read(PAIRS / f"{name}-{side}.txt") for side in "ab")
    table = pp.match_indicators(a, b)
    return {(a.measures[i].text, b.measures[j].text) for i, j in zip(table.measure_a, table.measure_b, strict=True)}


def test_alignment_is_precise_on_the_gold_pairs() -> None:
    gold = _gold()
    assert len(gold) >= 8
    given = {(name, pair) for name in gold for pair in _aligned(name)}
    wanted = {(name, pair) for name, pairs in gold.items() for pair in pairs}
    assert len(given & wanted) / len(given) >= 0.95, sorted(given - wanted)
    assert len(given & wanted) / len(wanted) >= 0.85, sorted(wanted - given)


def test_different_units_are_compared_in_the_canonical_one() -> None:
    (row,) = pp.match_indicators(pp.find_measures("种植面积30亩"), pp.find_measures("种植面积3公顷")).itertuples()
    assert (row.value_a, row.value_b, row.difference, row.unit) == (20000, 30000, 10000, "平方米")


def test_a_growth_never_meets_a_level() -> None:
    assert pp.match_indicators(pp.find_measures("合格率提高5%"), pp.find_measures("合格率95%")).empty


def test_something_else_than_measures_is_refused() -> None:
    with pytest.raises(TypeError, match="match_indicators"):
        pp.match_indicators(["95%"], [])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("全厂职工120人，其中男70人、女40人。", True),
        ("全厂职工120人，其中男70人、女50人。", False),
        ("图书3000册，分为两类，分别为文学1000册、科技1500册。", True),
        ("教师68人，其中党员23人，女教师30人。", False),
        ("全厂职工约120人，其中男70人、女40人。", False),
    ],
)
def test_parts_given_as_complete_must_add_up(text: str, wrong: bool) -> None:
    assert ("sum_mismatch" in {anomaly.kind for anomaly in pp.parse(text).anomalies}) is wrong


def test_canonical_values_stand_beside_the_written_ones() -> None:
    (measure,) = pp.find_measures("粮价达到3元/斤")
    assert (measure.value, measure.unit) == (3, "元/斤")
    assert (measure.canonical_value, measure.canonical_unit) == (6, "元/千克")
