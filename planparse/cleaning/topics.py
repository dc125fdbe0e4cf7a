"""Plans on sites, texts or rights (网站、出版类计划): what they say of downloads and editors is theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from planparse.cleaning.compose import resolve
from planparse.cleaning.page import Page, zones
from planparse.document import Edit
from planparse.fold import fold
from planparse.rules.check import Hit
from planparse.rules.lexicon import Lexicon
from planparse.rules.ruleset import Ruleset

# What such a plan may say itself; the rest is a site's in any text.
_SPOKEN = frozenset({"editor_note", "copyright", "promotion", "related_links", "hidden_text"})
# A plan of another business keeps at most three of the words, and four in all.
_KINDS, _TIMES = 4, 6


def _topics(rules: Ruleset) -> Lexicon:
    return Lexicon({"topics": rules.table("topics")})


def its_own(page: Page, edits: Sequence[Edit], may_be_sites: Callable[[str], bool], rules: Ruleset) -> set[Edit]:
    """The removals that a plan on such things loses wrongly: those inside its body; none where it is another plan.

    Args:
        page: the page.
        edits: all that is to be removed.
        may_be_sites: as for :func:`planparse.cleaning.page.zones`.
        rules: the rule tables.
    """
    spoken = [edit for edit in edits if edit.kind in _SPOKEN]
    if not spoken:
        return set()
    gone = page.whole_lines(edits)
    heads, tails = zones(page, [number in gone for number in range(len(page.lines))], may_be_sites)
    inside = {edit for edit in spoken if page.line_of(edit.start) not in heads | tails}
    return inside if inside and _is_on_topic(page.folded, edits, rules) else set()


def _is_on_topic(folded: str, edits: Sequence[Edit], rules: Ruleset) -> bool:
    """Whether several of the words stay in a text."""
    topics = rules.compiled(_topics)
    found: list[int] = []
    at = 0
    for edit in [*resolve(edits), Edit(len(folded), len(folded) + 1, "", "")]:
        found += [rule for _, _, rule in topics.find(folded, at, edit.start)["topics"]]
        at = max(at, edit.end)
    return len(set(found)) >= _KINDS or len(found) >= _TIMES


def probe_topics(text: str, rules: Ruleset) -> list[Hit]:
    """Where the words of ``topics.tsv`` stand in a text."""
    table = rules.table("topics")
    words = rules.compiled(_topics).find(fold(text), 0, len(text))["topics"]
    return [Hit(start, end, table[rule].id) for start, end, rule in words]
