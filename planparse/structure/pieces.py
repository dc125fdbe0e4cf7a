"""The outline of a page: its title (标题), and the pieces (篇) that a compilation strings together."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from itertools import pairwise
from typing import NamedTuple

from planparse.document import Anomaly, Piece
from planparse.lines import split_lines
from planparse.rules.check import Hit
from planparse.rules.ruleset import Ruleset
from planparse.structure.attachments import find_attachments
from planparse.structure.headings import candidates
from planparse.structure.seams import find_seams
from planparse.structure.titled import Candidate, stem_pattern
from planparse.structure.titles import (
    core,
    cores,
    declared_count,
    find_title,
    has_noun,
    promises_many,
    starts_label,
    without_suffix,
)

# How often a title is printed above its plan at most, and how long it is.
_PRINTINGS, _LONGEST = 4, 90
# Lines of the table of headings whose token is hardly anything else.
_STRONG = ("pian", "di-pian", "sample")
# Between two headings of a table of contents stands less than this.
_NO_BODY = 4


class Heading(NamedTuple):
    """A piece's heading (篇标题) ``[start, end)``: its number as written, its family, its title, and the rule."""

    start: int
    end: int
    number: int
    family: str
    title: str
    rule: str


class Outline(NamedTuple):
    """A page's title, the number of pieces that it promises, and the headings found, in offsets of the text given."""

    title: tuple[int, int] | None
    declared: int | None
    headings: tuple[Heading, ...]


def outline(text: str, folded: str, rules: Ruleset, site_lines: Container[int] = ()) -> Outline:
    """Find the title and the piece headings of a page.

    Args:
        text: the page, cleaned or not.
        folded: the same, folded (:func:`planparse.fold.fold`).
        rules: the rule tables.
        site_lines: the starts of lines that are known to be the site's, so that none of them is the title.
    """
    lines = split_lines(folded)
    title = find_title(folded, lines, rules, site_lines)
    words = folded[slice(*title)] if title else ""
    found = candidates(folded, lines, title[1] if title else 0, cores(words, rules) if words else [], rules)
    declared = declared_count(words, rules) if words else None
    chain = _best_chain(found, title, declared, len(folded), rules)
    if chain and title and chain[0].start < title[1]:
        title = declared = None
    headings = tuple(
        Heading(c.start, _joined(folded, c, lines_end=len(folded), rules=rules), c.number, c.family, c.title, c.rule)
        for c in chain
    )
    return Outline(title, declared, headings)


def _joined(folded: str, candidate: Candidate, *, lines_end: int, rules: Ruleset) -> int:
    """The heading's end; a token with a colon alone on its line takes the title on the next (断行)."""
    end = candidate.end
    if candidate.kin != "bare" or end >= lines_end or folded[end - 1] not in ":：":
        return end
    match = re.compile(r"\s{0,8}([^\n]{4,45}?) *(?=\n|$)").match(folded, end)
    if match and has_noun(match[1], rules, at_end=True) and not re.search("[。；，]", match[1]):
        return match.end(1)
    return end


def _best_chain(
    found: Sequence[Candidate], title: tuple[int, int] | None, declared: int | None, length: int, rules: Ruleset
) -> list[Candidate]:
    """The longest ascending chain of headings that share a stem."""
    if not found:
        return []
    groups: dict[str, list[Candidate]] = {"": []}
    for candidate in found:
        if candidate.kin != "words":
            groups[""].append(candidate)
        else:
            groups.setdefault(candidate.words, []).append(candidate)
    # Under 篇1, 篇2 alone on their lines each piece may have a title of its own.
    groups["*"] = [c for c in found if c.kin != "words" or (c.whole and c.rule in _STRONG)]
    best: list[Candidate] = []
    best_score = 0.0
    for words, group in groups.items():
        members = group if not words else sorted({*group, *(c for c in groups[""] if c.kin == "bare")})
        score, chain = _chain(members, title[1] if title else 0, length)
        inside = bool(title and chain and chain[0].start < title[1])
        if inside and len(chain) == 1:
            continue
        if score > best_score and _holds(chain, declared, rules):
            best_score, best = score, chain
    if best and title and best[0].start < title[1]:
        # 工作计划（2） with 第3篇 behind it names the second page of a site.
        other = len(best) > 1 and best[0].rule != best[1].rule
        if best[0].start != title[0] or other:
            best = best[1:]
    return best


def _holds(chain: Sequence[Candidate], declared: int | None, rules: Ruleset) -> bool:
    """Whether a chain is evidence enough for a compilation (汇编)."""
    leads = [candidate for candidate in chain if candidate.rule == "lead"]
    # 一、2024年工作总结 … 三、2025年工作计划 are sections of one plan whose title names both.
    if len({lead.words for lead in leads}) > 1 or any(b.number - a.number > 1 for a, b in pairwise(leads)):
        return False
    own = sum(candidate.kin in ("title", "words") for candidate in chain)
    if len(chain) == 1:
        only = chain[0]
        return (
            only.rule in _STRONG
            and only.whole
            and (only.kin == "title" or (declared is not None and only.kin == "bare"))
        )
    if declared is not None or own:
        return True
    if all(candidate.kin == "bare" for candidate in chain):
        return all(candidate.rule == "pian" or candidate.rule == "sample" for candidate in chain)
    return any(has_noun(candidate.title, rules) for candidate in chain)


def _chain(group: Sequence[Candidate], title_end: int, length: int) -> tuple[float, list[Candidate]]:
    """The best ascending chain of one group, by dynamic programming over its candidates in text order.

    Each heading counts one, less inside the page's title; a body behind it a little more, none at all (as in a table of
    contents) less. Leaving out a candidate in between costs a little, so that of two equal chains the closer one wins.
    """
    group = group[:400]
    scores: list[float] = []
    back: list[int] = []
    for i, candidate in enumerate(group):
        best, best_from = 1.0 - 0.005 * min(i, 60) - 0.5 * (candidate.start < title_end), -1
        skipped = 0.0
        for j in range(i - 1, max(-1, i - 60), -1):
            other = group[j]
            if other.number < candidate.number and other.end <= candidate.start:
                step = candidate.number - other.number
                gap = candidate.start - other.end
                body = min(gap, 40) / 400 - 0.3 * (gap < _NO_BODY)
                mixed = 0.01 * (other.rule != candidate.rule)
                score = scores[j] + 1.0 + body - 0.02 * min(step - 1, 5) - skipped - mixed
                if score > best:
                    best, best_from = score, j
            skipped += 0.001 if other.number < candidate.number else 0.02
        scores.append(best)
        back.append(best_from)
    final = [score + min(length - group[i].end, 100) / 1000 for i, score in enumerate(scores)]
    at = max(range(len(group)), key=lambda i: (final[i], -i), default=-1)
    total = final[at] if at >= 0 else 0.0
    chain = []
    while at >= 0:
        chain.append(group[at])
        at = back[at]
    return total, chain[::-1]


def _body(folded: str, title: tuple[int, int] | None, rules: Ruleset) -> int:
    """Where the body of a page with one plan starts: behind its title, however often that is printed."""
    start = title[1] if title else 0
    name = without_suffix(folded[slice(*title)]) if title else ""
    words = core(name, rules)
    stem = stem_pattern([words])
    for _ in range(_PRINTINGS):
        while start < len(folded) and folded[start] in " \n":
            start += 1
        stop = folded.find("\n", start, start + _LONGEST)
        if words and stop >= 0 and core(folded[start:stop], rules) == words:
            start = stop
            continue
        # Behind the title printed again the text may run on: before prose the title belongs to its sentence.
        match = stem.match(folded, start) if stem else None
        stop = match.end() if match else start + len(name) if name and folded.startswith(name, start) else start
        apart = folded.startswith((" ", "目录", "目次"), stop) or starts_label(folded[stop : stop + 8])
        if stop == start or not apart:
            break
        start = stop
    return start


def find_pieces(text: str, folded: str, found: Outline, rules: Ruleset) -> tuple[list[Piece], list[Anomaly]]:
    """The pieces of a page.

    Args:
        text: the clean text.
        folded: the same, folded.
        found: what :func:`outline` found in this text.
        rules: the rule tables.

    Returns:
        The pieces in text order, at least one where the text is not blank; and the anomalies ``declared_mismatch`` and
        ``attachment``.
    """
    pieces: list[Piece] = []
    anomalies: list[Anomaly] = []
    last = len(folded.rstrip(" \n"))
    title = text[slice(*found.title)] if found.title else ""
    if found.headings:
        ends = [*(heading.start for heading in found.headings[1:]), last]
        for heading, end in zip(found.headings, ends, strict=True):
            name = text[heading.start : heading.end]
            pieces.append(Piece(heading.number, name, heading.start, heading.end, max(end, heading.end)))
    else:
        start = _body(folded, found.title, rules)
        seams = find_seams(
            folded,
            start,
            last,
            promises_many(folded[slice(*found.title)] if found.title else "", found.declared, rules),
            rules,
        )
        opened = [(start, start), *seams]
        for n, (begin, heading_end) in enumerate(opened, 1):
            end = opened[n][0] if n < len(opened) else max(start, last)
            pieces.append(Piece(n, text[begin:heading_end] or title, begin, heading_end, end))
    if found.declared is not None and found.declared != len(pieces) and found.title:
        message = f"the title promises {found.declared} pieces, {len(pieces)} are found"
        anomalies.append(Anomaly("declared_mismatch", *found.title, message))
    for piece in pieces:
        for start, end in find_attachments(folded, piece.heading_end, piece.end):
            message = "an attachment opens inside the piece"
            anomalies.append(Anomaly("attachment", start, end, message, piece.n))
    return pieces, anomalies


def probe_piece_headings(text: str, rules: Ruleset) -> list[Hit]:
    """The headings of a text, for checking the table's examples."""
    from planparse.fold import fold

    folded = fold(text)
    return [Hit(h.start, h.end, h.rule) for h in outline(text, folded, rules).headings]
