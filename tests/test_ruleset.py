"""Rule tables: what the loader refuses, and that every rule holds on its own examples."""

from __future__ import annotations

from pathlib import Path

import pytest

from planparse import RuleError, Ruleset
from planparse.rules.check import PROBES, failures
from planparse.rules.ruleset import RULES_DIR, Rule, default_rules, load_table

HEADER = "id\tpattern\texample\tunlike\n"


def _table(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "boilerplate.tsv"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"boilerplate\.tsv:1: an empty table"),
        ("id\tpattern\texample\n", r":1: no column 'unlike'"),
        (HEADER + "a\tx\t⟦x⟧\n", r":2: 3 cells where the first line names 4"),
        (HEADER + "a\tx\t\ty\n", r":2:5: no example"),
        (HEADER + "a\tx\t⟦x⟧\t\n", r":2:9: no unlike"),
        (HEADER + "a\tx\tx\ty\n", r":2:5: an example needs one ⟦…⟧"),
        (HEADER + "a\tx\t⟦x⟧\ty\n# note\na\tz\t⟦z⟧\ty\n", r":4:1: id 'a' stands in line 2 already"),
        (HEADER + "a\tx||z\t⟦x⟧\ty\n", r":2:5: an empty alternative"),
        (HEADER + "a\tq(|z)\t⟦qz⟧\ty\n", r":2:5: an empty alternative"),
        (HEADER + "a\tq(?:z|)\t⟦qz⟧\ty\n", r":2:9: an empty alternative"),
        (HEADER + "a\tx|\t⟦x⟧\ty\n", r":2:4: an empty alternative"),
    ],
)
def test_a_bad_table_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        load_table(_table(tmp_path, text))


@pytest.mark.parametrize("pattern", ["a|b", "[|]x", r"a\|", "(?:a|b)", "[^|]|b", "(?<=甲|乙)丙"])
def test_full_alternatives_are_accepted(tmp_path: Path, pattern: str) -> None:
    assert load_table(_table(tmp_path, f"{HEADER}a\t{pattern}\t⟦x⟧\ty\n"))[0]["pattern"] == pattern


def test_cells_hold_line_breaks(tmp_path: Path) -> None:
    rule = load_table(_table(tmp_path, HEADER + "a\tx\t甲↵⟦x⟧¦⟦x⟧乙\ty¦z\n"))[0]
    assert rule.examples == ("甲\n⟦x⟧", "⟦x⟧乙")
    assert rule.unlikes == ("y", "z")


def test_a_users_table_must_have_a_counterpart(tmp_path: Path) -> None:
    (tmp_path / "nonesuch.tsv").write_text(HEADER + "a\tx\t⟦x⟧\ty\n", "utf-8")
    with pytest.raises(RuleError, match=r"nonesuch\.tsv: no table is called 'nonesuch'"):
        Ruleset.load([tmp_path])


def test_a_missing_folder_of_rules_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="no such folder"):
        Ruleset.load([tmp_path / "absent"])


def test_every_table_has_a_probe() -> None:
    assert {path.stem for path in RULES_DIR.glob("*.tsv")} == set(PROBES)


def _rules() -> list[Rule]:
    return list(default_rules().rules())


@pytest.mark.parametrize("rule", _rules(), ids=lambda rule: f"{rule.table}:{rule.id}")
def test_a_rule_finds_its_example_and_is_silent_on_its_unlike(rule: Rule) -> None:
    assert list(failures(rule, default_rules())) == []
