"""The edits that turn a page into its plans' text: what the site added goes, what scraping broke is mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from planparse.cleaning.boilerplate import Facts, facts, in_place, propose, site_lines, talks_to_readers
from planparse.cleaning.compose import compose, resolve
from planparse.cleaning.furniture import CHUNK_NUMBER, RUNNING_ADDRESS, furniture
from planparse.cleaning.glyphs import repair_glyphs
from planparse.cleaning.insertions import insertions
from planparse.cleaning.links import related_links
from planparse.cleaning.markup import markup
from planparse.cleaning.notes import notes
from planparse.cleaning.page import Page
from planparse.cleaning.site_names import bracketed_titles, glued_addresses, site_names
from planparse.cleaning.topics import its_own
from planparse.cleaning.wraps import wraps
from planparse.document import Anomaly, Edit, View
from planparse.fold import fold
from planparse.rules.ruleset import Ruleset
from planparse.structure.pieces import Outline, outline

# Each pass makes the text shorter or its marks wider, so passes end; hostile texts may need many.
_PASSES = 64
_WITHIN_LINES = frozenset({"page_furniture", "inline_insertion"})


class Cleaned(NamedTuple):
    """A cleaned page: its edits and anomalies in original offsets, and what the last look at the clean text found."""

    edits: list[Edit]
    anomalies: list[Anomaly]
    view: View
    folded: str
    outline: Outline


def clean(text: str, rules: Ruleset) -> tuple[list[Edit], list[Anomaly]]:
    """Find everything that cleaning changes in a page.

    Args:
        text: the page, as decoded.
        rules: the rule tables.

    Returns:
        The edits, sorted, disjoint and not empty, in offsets of ``text``; and what the reader should know of: a
        ``gap`` where the site hides a part of the text. Cleaning the cleaned text again finds nothing.
    """
    cleaned = clean_page(text, rules)
    return cleaned.edits, cleaned.anomalies


def clean_page(text: str, rules: Ruleset) -> Cleaned:
    """Clean a page as :func:`clean` does, and give the clean text with its outline, which the last pass has found."""
    memo: dict[Any, Any] = {}
    edits: list[Edit] = []
    view = View(text, edits)
    for _ in range(_PASSES):
        folded = fold(view.clean)
        found, seen = _one_pass(view.clean, folded, rules, memo)
        if not found:
            break
        edits = compose(text, edits, found)
        view = View(text, edits)
    else:
        folded = fold(view.clean)
        seen = outline(view.clean, folded, rules)
    gaps = [
        Anomaly("gap", edit.start, edit.end, "the site hides a part of the text here")
        for edit in edits
        if edit.kind == "hidden_text"
    ]
    return Cleaned(edits, gaps, view, folded, seen)


def _one_pass(text: str, folded: str, rules: Ruleset, memo: dict[Any, Any]) -> tuple[list[Edit], Outline]:
    """What one look at a text changes, and the outline of the text with its characters mended."""
    glyphs = repair_glyphs(folded, rules)
    mended, mended_folded = _apply(text, folded, glyphs)
    bare = Page(mended_folded, None, (), memo=memo)
    known = facts(bare, rules)
    seen = outline(mended, mended_folded, rules, site_lines(bare, known, rules))
    spans = [(heading.start, heading.end) for heading in seen.headings]
    page = bare.with_outline(seen.title, spans, seen.headings[0].number if spans else 1)
    removals = _removals(page, known, rules)
    joins = _joins(page, View(mended, removals) if removals else None, removals)
    if not removals and not joins:
        return glyphs, seen
    return compose(text, compose(text, glyphs, removals), joins), seen


def _apply(text: str, folded: str, edits: Sequence[Edit]) -> tuple[str, str]:
    if not edits:
        return text, folded
    clean = View(text, edits).clean
    return clean, fold(clean)


def _removals(page: Page, known: Mapping[int, Facts], rules: Ruleset) -> list[Edit]:
    proposals = propose(page, known, rules)
    rest = furniture(page) + insertions(page, rules)
    pasted = [edit for edit in rest if edit.rule == RUNNING_ADDRESS]
    # What is pasted into a sentence does not make the sentence the site's: the next look sees it without.
    noted = [note for note in notes(page, known, rules) if not any(_overlap(note, edit) for edit in pasted)]
    gone = page.whole_lines([*noted, *rest])
    placed = in_place(page, proposals, gone, rules)
    gone |= page.whole_lines(placed)
    tails = _last_lines(page, gone)
    linked = related_links(page, known, rules, tails)
    if linked:
        gone |= page.whole_lines(linked)
        # A label with nothing under it but the next label is the site's too.
        linked = related_links(page, known, rules, tails | {number - 1 for number in gone})
        gone |= page.whole_lines(linked)
        placed = in_place(page, proposals, gone, rules)
    rest += bracketed_titles(page) + glued_addresses(page)
    rest += site_names(page, known, [*noted, *placed, *linked], rules)
    # Of two for the same words the more exact speaks: a rule before the sound of a sentence.
    found = [e for e in [*rest, *placed, *linked, *noted] if e.kind == "markup" or not page.is_fixed(e.start, e.end)]
    own = its_own(page, found, lambda text: talks_to_readers(text, page, rules), rules)
    return resolve([*(edit for edit in found if edit not in own), *markup(page.folded)])


def _overlap(one: Edit, other: Edit) -> bool:
    return one.start < other.end and other.start < one.end


def _last_lines(page: Page, gone: set[int]) -> set[int]:
    """The numbers of the lines behind which nothing of their piece is left."""
    result: set[int] = set()
    for first, last in page.regions:
        number = last - 1
        while number >= first and number in gone:
            number -= 1
        if number >= first:
            result.add(number)
    return result


def _joins(page: Page, view: View | None, removals: Sequence[Edit]) -> list[Edit]:
    """The line breaks to mend once ``removals`` are gone; ``page`` is the page before them, ``view`` after,
    None where nothing goes."""
    if view is None:
        return resolve(wraps(page, set(), set(), set()))
    title = (view.to_clean(page.title[0]), view.to_clean(page.title[1])) if page.title else None
    headings = tuple((view.to_clean(start), view.to_clean(end)) for start, end in page.headings)
    barriers = {view.to_clean(edit.start) for edit in removals if edit.kind == "hidden_text"}
    folded = page.folded
    page = Page(fold(view.clean), title, headings, page.first, memo=page.memo)
    certain = {view.to_clean(edit.start) for edit in removals if edit.rule == CHUNK_NUMBER}
    page_ends = {view.to_clean(edit.start) for edit in removals if edit.kind == "page_furniture"}
    lost = [(view.to_clean(x.start), folded[x.start : x.end]) for x in removals if x.kind in _WITHIN_LINES]
    return resolve(wraps(page, barriers, certain, page_ends, lost if page.lines else ()))
