"""Sentences in which the site talks about its texts (编者按语), and the generic lead-in before the plans (导语)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple

from planparse.cleaning.boilerplate import Facts
from planparse.cleaning.cues import LeadIn, Verdict, has_core, lead_in_score, site_verdict
from planparse.cleaning.page import LABEL, Page
from planparse.document import Edit
from planparse.lines import Line
from planparse.rules.ruleset import Ruleset

_ENOUGH = 4.0
_ENOUGH_IN_COMPANY = 2.0
_LEAD_IN_ENOUGH = 3.0
_LEAD_IN_ALONE = 4.0
# A weak sentence must at least wish, invite or name the site; to point at the text is what plans do too.
_SPOKEN = frozenset({"agent", "wish", "welcome", "browse", "look"})
# Above a single plan, with no note beside it, only a paragraph on texts and nothing else.
_LEAD_IN_UNANCHORED = 5.0
_PLAN_SPEAKS = -3.0
_HEAD_LINES, _TAIL_LINES = 6, 3
# What is shorter may be a heading.
_PROSE = 16
# The title printed again, with what sites hang on it.
_BARE_TITLE = re.compile(
    r"[^，。；：！？,;:!?\n]{3,50}(?:计[划画]|总结|方案|要点|规划|安排|打算|报告)[^，。；：！？,;:!?\n]{0,12}"
)
# A longer paragraph is a page that lost its line breaks.
_LONGEST_LEAD_IN, _MOST_BESIDE = 600, 8
# So much of an opening that stands again below is no chance.
_SHORTEST_COPY, _COPIED = 12, 24
_ABSTRACT = re.compile(
    r"[\[【]?(?:摘要|内容(?:简介|摘要|提要|预览)|文章(?:摘要|简介)|简介|导读|正文预览)[\]】]?[:：]? {0,3}"
)
_CLAUSE_END = re.compile("[，,、：:]")
# Where a plan's cut opening runs straight into the site's words.
_GLUED = re.compile(
    r"(?<=.)(?:下面|以下|接下来)(?:就)?(?:是|为|由)?(?:大家|您)?(?:由)?"
    r"(?:小编|本站|我(?:为|给|们)|[^，。\n]{0,10}(?:网|小编))"
)
_CONNECTIVE = re.compile("(?:希望|愿|那么?|因此|所以|为此|并且?|而|对|请|相信|对于|借鉴|参考)$")


_Scored = tuple[int, int, LeadIn]


class _Sentence(NamedTuple):
    line: int
    start: int
    end: int


def notes(page: Page, known: Mapping[int, Facts], rules: Ruleset) -> list[Edit]:
    """The removals of editor's notes and of the lead-in; ``known`` is what the words of the lines tell."""
    edits: list[Edit] = []
    edges = _edges(page)
    for number, fact in known.items():
        if fact.cores:
            line = page.lines[number]
            if _BARE_TITLE.fullmatch(page.folded, line.start, line.end):
                continue
            cores = [(line.start + offset, cue) for offset, cue in fact.cores]
            edits += _notes_of_line(page, line, cores, number in edges, rules)
    edits = _with_company(page, edits, rules)
    return _lead_in(page, edits, rules)


def _edges(page: Page) -> set[int]:
    """The lines before the first plan, and the last few of each: where sites speak."""
    edges = {number for _, last in page.regions for number in range(last - _TAIL_LINES, last)}
    if page.headings:
        return edges | set(range(*page.regions[0]))
    for number, line in enumerate(page.lines[:_HEAD_LINES]):
        if LABEL.match(page.folded, line.start, line.end):
            break
        edges.add(number)
    return edges


def _notes_of_line(page: Page, line: Line, cores: list[tuple[int, int]], edge: bool, rules: Ruleset) -> list[Edit]:
    edits = []
    cores = sorted(cores)
    for start, end in page.sentences(line):
        cues = {cue for _, cue in cores[bisect_left(cores, (start,)) : bisect_left(cores, (end,))]}
        if cues and not page.is_fixed(start, end) and has_core(page.folded[start:end], cues, rules):
            edit = _judge(page, start, end, edge, rules)
            if edit:
                edits.append(edit)
    return edits


def _judge(page: Page, start: int, end: int, edge: bool, rules: Ruleset) -> Edit | None:
    """The site's part of a sentence: from the clause in which it starts to speak, to the end."""
    folded = page.folded
    whole = _verdict(page, start, end, rules)
    if not (whole.core or (edge and whole.edge)):
        return None
    if whole.plan == 0 and whole.score >= _ENOUGH:
        glued = _GLUED.search(folded, start, end)
        if glued and glued.start() > start and _is_cut_opening(folded[start : glued.start()]):
            return Edit(glued.start(), end, "editor_note", whole.rule)
        return Edit(start, end, "editor_note", whole.rule)
    # A plan's own words come first: try from each later clause on.
    clauses = [start, *(match.end() for match in _CLAUSE_END.finditer(folded, start, end))]
    for clause in clauses[:12]:
        if clause >= end:
            break
        glued = _GLUED.search(folded, clause, end)
        if glued and not _CLAUSE_END.search(folded, clause, glued.start()):
            clause = glued.start()
        verdict = _verdict(page, clause, end, rules)
        # What a plan says too must be the more the site's.
        needed = _ENOUGH + (1 if verdict.plan else 0)
        if verdict.core and verdict.score >= needed and verdict.plan > _PLAN_SPEAKS:
            first = _CLAUSE_END.search(folded, clause, end)
            if verdict.first < (first.end() if first else end) - clause:
                return Edit(clause, end, "editor_note", verdict.rule)
    return None


def _verdict(page: Page, start: int, end: int, rules: Ruleset) -> Verdict:
    sentence = page.without_subject(start, end)
    known: Verdict | None = page.memo.get(("verdict", sentence))
    if known is None:
        known = page.memo["verdict", sentence] = site_verdict(sentence, rules)
    return known


def _is_cut_opening(text: str) -> bool:
    return len(text) >= 8 and text[-1] not in "，,。：:；; " and not _CONNECTIVE.search(text)


def _with_company(page: Page, edits: list[Edit], rules: Ruleset) -> list[Edit]:
    """A weaker sentence beside a note, in the same line or the next, is a note too."""
    if not edits:
        return edits
    starts, ends = {edit.start for edit in edits}, {edit.end for edit in edits}
    lines = {page.line_of(edit.start) for edit in edits}
    near = sorted({n for line in lines for n in (line - 1, line, line + 1) if 0 <= n < len(page.lines)})
    sentences = [_Sentence(n, a, b) for n in near for a, b in page.sentences(page.lines[n])]
    extra: list[Edit] = []
    for order in (range(len(sentences)), range(len(sentences) - 1, -1, -1)):
        for i in order:
            line, start, end = sentences[i]
            if end in ends or page.is_fixed(start, end):
                continue
            after = i > 0 and sentences[i - 1].end in ends
            before = i + 1 < len(sentences) and sentences[i + 1].start in starts
            if not (after or before):
                continue
            found = _companion(page, start, end, before and sentences[i + 1].line == line, rules)
            if found:
                extra.append(found)
                starts.add(start)
                ends.add(end)
    return sorted(edits + extra, key=lambda edit: edit.start)


def _companion(page: Page, start: int, end: int, leads_in: bool, rules: Ruleset) -> Edit | None:
    verdict = _verdict(page, start, end, rules)
    if verdict.plan or _BARE_TITLE.fullmatch(page.folded, start, end):
        return None
    if verdict.score >= _ENOUGH_IN_COMPANY and verdict.roles & _SPOKEN and _site_only(page, start, end, verdict.core):
        return Edit(start, end, "editor_note", verdict.rule)
    lead = lead_in_score(page.folded[start:end], rules)
    return Edit(start, end, "lead_in", lead.rule) if leads_in and lead.score >= _LEAD_IN_ALONE else None


def _site_only(page: Page, start: int, end: int, core: bool) -> bool:
    """A sentence without a core cue must at least be short and open with no label."""
    return core or (end - start <= 40 and not LABEL.match(page.folded, start, end))


def _lead_in(page: Page, notes: list[Edit], rules: Ruleset) -> list[Edit]:
    """The generic paragraphs before the first heading, with the notes in them."""
    paragraphs = _paragraphs_before_plans(page)
    own = [[edit for edit in notes if start <= edit.start < end] for start, end in paragraphs]

    @cache
    def quiet() -> bool:
        return len(page.headings) > 1 and not any(_speaks_for_a_plan(page, *x, rules) for x in paragraphs)

    replaced: list[Edit] = []
    result: list[Edit] = []
    for i, (start, end) in enumerate(paragraphs):
        if (page.is_fixed(start, end) and end - start < 60) or _BARE_TITLE.fullmatch(page.folded, start, end):
            continue
        if not page.headings and LABEL.match(page.folded, start, end):
            break
        anchor = bool(own[i] or (i + 1 < len(own) and own[i + 1]))
        found = _copies(page, start, end, own[i]) or _lead_in_paragraph(page, start, end, anchor, quiet, own[i], rules)
        if found:
            replaced += own[i]
            result += found
        elif not page.headings and not own[i] and end - start > 60:
            break
    kept = [edit for edit in notes if edit not in replaced] if replaced else notes
    return sorted(kept + result, key=lambda edit: edit.start)


def _paragraphs_before_plans(page: Page) -> list[tuple[int, int]]:
    """The lines before the first heading, the last of them cut there; on a page with one plan its first few lines."""
    if not page.headings:
        return [(line.start, line.end) for line in page.lines[:8] if line.end - line.start <= 3000]
    limit = page.headings[0][0]
    return [(line.start, min(line.end, limit)) for line in page.lines[: page.line_of(limit) + 1] if line.start < limit]


def _speaks_for_a_plan(page: Page, start: int, end: int, rules: Ruleset) -> bool:
    text = page.folded[start:end]
    if end - start < _PROSE or page.is_fixed(start, end):
        return False
    return lead_in_score(text, rules).score <= _PLAN_SPEAKS or site_verdict(text, rules).plan < _PLAN_SPEAKS


def _lead_in_paragraph(
    page: Page, start: int, end: int, anchor: bool, quiet: Callable[[], bool], own: list[Edit], rules: Ruleset
) -> list[Edit]:
    if own and _is_copy(page, start, own[-1].start):
        return [Edit(start, own[-1].end, "lead_in", "copied-opening")]
    sentences = _scored(page, start, end, own, rules)
    plan_speaks = any(s[2].score <= _PLAN_SPEAKS for s in sentences)
    if plan_speaks or end - start > _LONGEST_LEAD_IN:
        generic = _beside_notes(sentences, own)
    else:
        generic = [s for s in sentences if _is_prose(page, *s[:2])]
    total = sum(max(0.0, s[2].score) for s in generic)
    about = any(s[2].about for s in generic)
    if not generic or (plan_speaks and not (own and total >= _LEAD_IN_ENOUGH)):
        return []
    if own:
        enough = total >= 1 or bool(page.headings)
    elif page.headings:
        # Above the first piece of all stands nothing of a plan that says so.
        prose = end - start >= _PROSE and page.folded[start:end].rstrip(" \n")[-1] in "。！？!?…"
        clean = prose and all(s[2].score >= 0 for s in sentences)
        certain = page.first == 1 and (about or (clean and (anchor or quiet())))
        enough = total >= (0 if certain and (anchor or quiet()) else 1 if certain else _LEAD_IN_ENOUGH)
    else:
        doubt = any(s[2].score < 0 for s in sentences)
        enough = total >= _LEAD_IN_ENOUGH and (anchor or (about and not doubt and total >= _LEAD_IN_UNANCHORED))
    if not enough:
        return []
    spans = [Edit(a, b, "lead_in", lead.rule or "generic") for a, b, lead in generic if not _touches(a, b, own)] + [
        Edit(e.start, e.end, "lead_in", e.rule) for e in own
    ]
    return sorted(spans, key=lambda edit: edit.start)


def _scored(page: Page, start: int, end: int, own: list[Edit], rules: Ruleset) -> list[_Scored]:
    """The sentences of a paragraph that are no notes, without the title and what stands before it."""
    line = page.lines[page.line_of(start)]
    scored = []
    for a, b in page.sentences(line):
        mark = _CLAUSE_END.search(page.folded, a, b)
        gap = page.folded.rfind(" ", a, mark.start() if mark else b)
        if gap > a and b - a > _PROSE and page.folded[gap - 1] != "】":
            a = gap + 1
        if _BARE_TITLE.fullmatch(page.folded, a, b):
            continue
        if b <= end and not page.is_fixed(a, b) and not any(e.start <= a and b <= e.end for e in own):
            scored.append((a, b, lead_in_score(page.folded[a:b], rules)))
    return scored


def _is_prose(page: Page, start: int, end: int) -> bool:
    """Whether words are long enough for a sentence or end like one; a label opens what is no lead-in."""
    ended = page.folded[end - 1] in "。！？!?…~～；"
    labelled = page.folded[start] not in "【[" and LABEL.match(page.folded, start, end)
    return (ended or end - start >= _PROSE) and not labelled


def _beside_notes(sentences: list[_Scored], own: list[Edit]) -> list[_Scored]:
    """The sentences that lead up to a note or follow it, with none of a plan's between."""
    chosen: set[int] = set()
    for note in own:
        before = [i for i, s in enumerate(sentences) if s[1] <= note.start]
        behind = [i for i, s in enumerate(sentences) if s[0] >= note.end]
        for order in (before[::-1], behind):
            for i in order[:_MOST_BESIDE]:
                if sentences[i][2].score <= (0 if order is behind else _PLAN_SPEAKS):
                    break
                chosen.add(i)
    return [sentences[i] for i in sorted(chosen)]


def _touches(start: int, end: int, own: list[Edit]) -> bool:
    return any(e.start < end and start < e.end for e in own)


def _copies(page: Page, start: int, end: int, own: list[Edit]) -> list[Edit]:
    """A paragraph above the first plan that is its opening, cut anywhere, and comes again below."""
    if not page.headings or end - start < _SHORTEST_COPY or page.is_fixed(start, end):
        return []
    label = _ABSTRACT.match(page.folded, start, end)
    words = label.end() if label else start
    after = page.headings[0][1]
    stretches = [(max(a, words), b) for a, b in page.sentences(page.lines[page.line_of(start)]) if b > words]
    stretches = [(a, b) for a, b in stretches if not any(e.start < b and a < e.end for e in own)]
    if not stretches or not all(_stands_below(page.folded[a:b], page.folded, after) for a, b in stretches):
        return []
    return sorted(
        [Edit(start if a == words else a, b, "lead_in", "copied-opening") for a, b in stretches]
        + [Edit(e.start, e.end, "lead_in", e.rule) for e in own],
        key=lambda edit: edit.start,
    )


def _stands_below(words: str, folded: str, after: int) -> bool:
    words = words.rstrip("…. ")
    return len(words) >= _SHORTEST_COPY and folded.find(words[:_COPIED], after) >= 0


def _is_copy(page: Page, start: int, end: int) -> bool:
    """Whether the text before a note is the plan's own opening, which follows again after the first heading."""
    for a, b in page.fixed:
        if a <= start < b or (start <= a and b < end):
            start = b
    while start < end and page.folded[start] in " \n":
        start += 1
    probe = page.folded[start : min(end, start + 24)]
    after = page.headings[0][1] if page.headings else end
    return end - start >= 12 and page.folded.find(probe, after) >= 0
