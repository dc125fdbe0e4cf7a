"""Candidates for piece headings (篇标题), by family: a token with a number, and a piece's title beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from planparse.lines import Line, line_at
from planparse.rules.ruleset import Ruleset
from planparse.structure.numbers import number_of
from planparse.structure.titled import CLOSE, DIGITS, NUMERAL, OPEN, WHOLE_NUMERAL, Candidate, by_title, stem_pattern
from planparse.structure.titles import core, has_noun, likeness, noun_ends, opens_plan, skip_year, starts_label

_SENTENCE = re.compile("[。；！？，]")
_BOUNDARY = re.compile(r"[。！？；!?;…\n]")
_NOTE = re.compile(r"[(（][^()（）\n]{1,20}[)）]")
_LONGEST = 60
_STEM = 40
# How much of what follows a token is looked at.
_RIGHT = 160


class Tokens(NamedTuple):
    """The lines of the table of headings whose token tells, compiled."""

    pattern: re.Pattern[str] | None
    rows: tuple[tuple[str, str, str], ...]


def _tokens(rules: Ruleset) -> Tokens:
    table = [rule for rule in rules.table("piece_headings") if rule["need"] == "words"]
    if not table:
        return Tokens(None, ())
    firsts = "".join(rule["first"] for rule in table)
    parts = [f"((?<={rule['first']}){rule['rest'].replace('{N}', NUMERAL)})" for rule in table]
    rows = tuple((rule.id, rule["family"], rule["stem"]) for rule in table)
    return Tokens(re.compile(f"[{firsts}](?:{'|'.join(parts)})"), rows)


def candidates(
    folded: str, lines: Sequence[Line], title_end: int, cores: Sequence[str], rules: Ruleset
) -> list[Candidate]:
    """All candidates of a folded text, in text order.

    Args:
        folded: the folded text.
        lines: its lines.
        title_end: where the page's title ends, 0 where it has none.
        cores: the cores of the page's title, longest first.
        rules: the rule tables.
    """
    tokens = rules.compiled(_tokens)
    stems = stem_pattern(cores)
    starts = [line.start for line in lines]
    found = []
    if tokens.pattern is not None:
        for match in tokens.pattern.finditer(folded):
            rule, family, side = tokens.rows[(match.lastindex or 1) - 1]
            line = lines[max(0, line_at(starts, match.start()))]
            candidate = _beside(folded, match, line, title_end, cores, stems, (rule, family, side), rules)
            if candidate is not None:
                found.append(candidate)
                found += _longer(folded, candidate)
    found = [_unmarked(folded, candidate) for candidate in found]
    taken = {candidate.start for candidate in found}
    for candidate in by_title(folded, lines, title_end, cores, stems, rules):
        if candidate.start not in taken:
            taken.add(candidate.start)
            found.append(_unmarked(folded, candidate))
            found += _longer(folded, candidate)
    return sorted(found)


def _unmarked(folded: str, candidate: Candidate) -> Candidate:
    """The heading without the Markdown signs around it."""
    start, end = candidate.start, candidate.end
    while start < end and folded[start] in "#*>-· ":
        start += 1
    while end > start and folded[end - 1] in "#* ":
        end -= 1
    return candidate._replace(start=start, end=end)


def _longer(folded: str, candidate: Candidate) -> list[Candidate]:
    """The reading in which all numerals that follow belong to the heading's number: 篇十一、 is 篇十 or 篇十一."""
    start = candidate.end
    while start > candidate.start and (folded[start - 1] in DIGITS or folded[start - 1].isdigit()):
        start -= 1
    whole = WHOLE_NUMERAL.match(folded, start)
    if whole is None or whole.end() <= candidate.end or not (number := number_of(whole.group())):
        return []
    return [candidate._replace(end=whole.end(), number=number)]


def _beside(
    folded: str,
    match: re.Match[str],
    line: Line,
    title_end: int,
    cores: Sequence[str],
    stems: re.Pattern[str] | None,
    row: tuple[str, str, str],
    rules: Ruleset,
) -> Candidate | None:
    """A token with its title on the left, on the right, or alone on its line."""
    rule, family, side = row
    number = number_of(match.group())
    if not 0 < number < 100:
        return None
    start, end = match.span()
    floor = title_end if line.start < title_end <= start else line.start
    before = folded[max(floor, start - _LONGEST) : start]
    if rule == "pian" and re.search(r"[\d一二三四五六七八九十几多数两本首全该此每各上下长] ?$", before):
        return None
    boundary = 0
    for boundary_match in _BOUNDARY.finditer(before):
        boundary = boundary_match.end()
    left = before[boundary:].lstrip(OPEN)
    opened = start - len(before) + boundary
    whole_left = opened in (line.start, floor) or (boundary > 0 and not left)
    right = folded[end : min(line.end, end + _RIGHT)]
    closing = len(right) - len(right.lstrip(CLOSE))
    after = right[closing:].lstrip(":：、.． ")
    if left and side != "none":
        words = core(left, rules)
        if stems is not None and (hit := _ends_with(left, stems)) is not None:
            at = start - len(left) + hit
            # Alone on its line a heading is the whole line: 街道工会工作计划 篇1 under 工会工作计划.
            if not hit or (whole_left and not after and len(left) <= _STEM):
                at, hit = opened, 0
            else:
                at = skip_year(folded, at, opened)
            end = _right_end(folded, end, line, after, closing, rules)
            return Candidate(at, end, number, family, rule, words, left[hit:].strip(), "title", hit == 0)
        if len(left) <= _STEM and has_noun(left.rstrip(OPEN + CLOSE + "第"), rules, at_end=True):
            like = likeness(words, cores) if words else 0.0
            end = _right_end(folded, end, line, after, closing, rules)
            kin = "title" if like >= 0.6 else "words"
            # Without line breaks a heading stands between a sentence end and the opening of its plan.
            whole_left = whole_left or ("，" not in left and opens_plan(folded, end, rules))
            return Candidate(opened, end, number, family, rule, words, left.strip(OPEN + CLOSE), kin, whole_left)
    if left:
        # On a page without line breaks a token with a colon and a title may follow anything.
        if folded[end : end + 1] not in ("：", ":") or not has_noun(after[:_LONGEST], rules):
            return None
        opened = start
    start = opened
    if not after:
        return Candidate(start, line.end, number, family, rule, "", "", "bare", True)
    if side == "left":
        return None
    stop = _right_end(folded, end, line, after, closing, rules)
    title = folded[end:stop].strip(OPEN + CLOSE + ":：、")
    if not title:
        return Candidate(start, end + closing, number, family, rule, "", "", "bare", True)
    words = core(title, rules)
    kin = "title" if words and likeness(words, cores) >= 0.6 else "right"
    return Candidate(start, stop, number, family, rule, words, title, kin, stop == line.end)


def _ends_with(left: str, stems: re.Pattern[str]) -> int | None:
    """Where the page's title starts that ``left`` ends in, None where it ends otherwise."""
    tail = left.rstrip(OPEN + CLOSE + "第")
    for match in stems.finditer(tail):
        if match.end() == len(tail):
            return match.start()
    return None


def _right_end(folded: str, end: int, line: Line, after: str, closing: int, rules: Ruleset) -> int:
    """Where a heading ends: behind the token, or behind a title that follows it on the line."""
    if not after or (len(after) <= 45 and not _SENTENCE.search(after) and not starts_label(after)):
        return line.end
    begin = min(line.end, end + _RIGHT) - len(after)
    if folded[begin - 1] not in ":：" and folded[end] not in ":：《、 】』」）)":
        return end + closing
    head = _SENTENCE.split(after[:_LONGEST], maxsplit=1)[0]
    for stop in noun_ends(head, rules):
        note = _NOTE.match(after, stop)
        if note and opens_plan(after, note.end(), rules):
            return begin + note.end()
        if (
            opens_plan(after, stop, rules)
            or after[stop : stop + 1] in "》）)]】"
            or after.startswith(after[:stop], stop)
        ):
            while stop < len(after) and after[stop] in "》）)]】":
                stop += 1
            return begin + stop
    return end + closing
