"""Changes to a page that change nothing of what it says: the tree and the measures must stay."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from metamorphic import amounts, in_a_site, narrow_punctuation, traditional, tree, without_line_breaks, wrapped

from planparse import Document, parse
from planparse.evaluation.inline import read_inline

SOURCES = sorted((Path(__file__).parents[1] / "corpora" / "gold" / "sample").glob("*.xml"))
CHANGES: dict[str, Callable[[str], str]] = {
    "without line breaks": without_line_breaks,
    "wrapped at 28": lambda text: wrapped(text, 28, blank=False),
    "wrapped at 40": lambda text: wrapped(text, 40, blank=False),
    "wrapped at 34, blank lines": lambda text: wrapped(text, 34, blank=True),
    "narrow punctuation": narrow_punctuation,
    "traditional with readings": traditional,
}
REPORTS = sorted((Path(__file__).parents[2] / "shared" / "real" / "reports").glob("provincial_*.txt"))
# What is known to go wrong, page by page; an entry that holds again must be taken out.
KNOWN: dict[str, set[str]] = {}


def _cases() -> list[object]:
    cases = []
    for source in SOURCES:
        for name in CHANGES:
            fails = source.stem in KNOWN.get(name, ())
            marks = [pytest.mark.xfail(strict=True, reason="known")] if fails else []
            cases.append(pytest.param(source, name, marks=marks, id=f"{source.stem}: {name}"))
    return cases


def _clean(source: Path) -> Document:
    return parse(parse(read_inline(source)["text"]).clean_text)


@pytest.mark.parametrize(("source", "name"), _cases())
def test_the_tree_stays(source: Path, name: str) -> None:
    before = _clean(source)
    after = parse(CHANGES[name](before.clean_text))
    assert tree(after) == tree(before)


@pytest.mark.parametrize("name", ["narrow punctuation", "traditional with readings", "wrapped at 40"])
def test_most_measures_stay(name: str) -> None:
    kept = total = 0
    for source in SOURCES:
        before = _clean(source)
        after = amounts(parse(CHANGES[name](before.clean_text)))
        for amount in amounts(before):
            total += 1
            if amount in after:
                kept += 1
                after.remove(amount)
    assert kept / total >= 0.98


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_what_a_site_adds_goes_again(source: Path, seed: int) -> None:
    before = _clean(source)
    page, added = in_a_site(before.clean_text, seed)
    after = parse(page)
    assert [line for line in added if line in after.clean_text] == []
    assert tree(after) == tree(before)
    assert amounts(after) == amounts(before)


@pytest.mark.skipif(not REPORTS, reason="no ../shared/real/reports")
@pytest.mark.parametrize("source", REPORTS, ids=lambda path: path.stem)
def test_reports_stay_the_same(source: Path) -> None:
    before = parse(parse(source.read_text("utf-8")).clean_text)
    for change in (narrow_punctuation, traditional, lambda text: in_a_site(text, 1)[0]):
        after = parse(change(before.clean_text))
        assert tree(after) == tree(before)
        assert amounts(after) == amounts(before)


@pytest.mark.skipif(not REPORTS, reason="no ../shared/real/reports")
@pytest.mark.parametrize(
    "name", ["without line breaks", "wrapped at 28", "wrapped at 40", "wrapped at 34, blank lines"]
)
def test_reports_keep_nearly_all_when_set_anew(name: str) -> None:
    """Few runs of sections and measures change with the line breaks: a heading that loses its line says less of what
    stands under it."""
    sections = measures = changed_sections = changed_measures = 0
    for source in REPORTS:
        before = parse(parse(source.read_text("utf-8")).clean_text)
        after = parse(CHANGES[name](before.clean_text))
        sections += len(before.sections)
        measures += len(before.measures)
        changed_sections += _changed(tree(before), tree(after))
        changed_measures += _changed(amounts(before), amounts(after))
    assert changed_sections < sections / 100
    assert changed_measures < measures / 50


def _changed(before: Sequence[object], after: Sequence[object]) -> int:
    """How many runs of rows differ."""
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return sum(code[0] != "equal" for code in codes)
