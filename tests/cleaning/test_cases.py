"""Invented pages with what must go and what must be mended marked in them (``cases.txt``), and wordings of sites and of
plans that sound like them, class by class, each in the page of its class (``probes.txt``)."""

import re
from pathlib import Path

import pytest

from planparse.cleaning.clean import clean
from planparse.document import View
from planparse.rules.ruleset import default_rules

MARK = re.compile(r"⟦([^⟦⟧]*)⟧|⟪([^⟪⟫|]*)\|([^⟪⟫|]*)⟫|⏎|¶")


def read_cases():
    text = Path(__file__).with_name("cases.txt").read_text("utf-8").split("## ", 1)[1]
    for case in text.split("\n## "):
        name, page = case.split("\n", 1)
        yield pytest.param(page.rstrip("\n"), id=name)


def read_probes():
    text = Path(__file__).with_name("probes.txt").read_text("utf-8")
    for section in text.split("\n## ")[1:]:
        name, page, *probes = section.strip("\n").split("\n")
        for number, probe in enumerate(probes, start=1):
            yield pytest.param(page.replace("@", probe.removeprefix("- ")).replace("↵", "\n"), id=f"{name} {number}")


def unmark(page):
    """The page, its removed spans and its clean text."""
    raw, clean_text, removed, at = "", "", [], 0
    for match in MARK.finditer(page):
        kept = page[at : match.start()]
        raw += kept
        clean_text += kept
        at = match.end()
        if match.group(1) is not None:
            removed.append((len(raw), len(raw) + len(match.group(1))))
            raw += match.group(1)
        elif match.group(2) is not None:
            raw += match.group(2).replace("↵", "\n")
            clean_text += match.group(3)
        else:
            raw += "\n\n" if match.group() == "⏎" else "\n"
    return raw + page[at:], removed, clean_text + page[at:]


def letters(text):
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("page", [*read_cases(), *read_probes()])
def test_page(page):
    raw, removed, expected = unmark(page)
    edits, _ = clean(raw, default_rules())
    got = {i for e in edits if e.is_removal for i in range(e.start, e.end) if not raw[i].isspace()}
    wanted = {i for start, end in removed for i in range(start, end) if not raw[i].isspace()}
    assert "".join(raw[i] for i in sorted(wanted - got)) == ""
    assert "".join(raw[i] for i in sorted(got - wanted)) == ""
    view = View(raw, edits)
    assert letters(view.clean) == letters(expected)
    # On a page without line breaks the blanks around what goes stay.
    lines = re.sub(" +", " ", view.clean)
    broken = [x for x in re.sub(" +", " ", expected).split("\n") if x.strip() and x.strip() not in lines]
    assert broken == []
    assert clean(view.clean, default_rules())[0] == []
