"""Piece headings that only the page's own title gives away: title and number (标题1, 标题（一）), number and title."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from planparse.lines import Line
from planparse.rules.ruleset import Ruleset
from planparse.structure.numbers import number_of
from planparse.structure.titles import core, has_noun, likeness, opens_plan, skip_praise, skip_year

DIGITS = "一二三四五六七八九十"
# A number may run into the label behind it (篇二一、) or into a year (篇12021年): then the shorter reading comes first.
NUMERAL = (
    rf"(?:[{DIGITS}]{{1,3}}?(?=一 ?、)|[{DIGITS}]{{1,3}}"
    r"|\d{1,2}?(?=1 ?[、.．](?!\d)|(?:19|20)\d\d ?[年届级]|20[xX_*]{2} ?年)|\d{1,2}(?!\d))"
)
WHOLE_NUMERAL = re.compile(rf"[{DIGITS}]{{1,3}}|\d{{1,2}}(?!\d)")
OPEN = "【『「[（(《<〈“#*>·-— "
CLOSE = "】』」]）)》>〉”*# "
_LINE, _STEM = 60, 40
# How far before its title a number may begin.
_LEAD = 7
_SENTENCE_END = "。！？；!?;…：: )）】》"


class Candidate(NamedTuple):
    """A possible heading. ``words`` is the core of its title; ``kin``: title = the page's own title stands beside the
    number, words = another title, bare = the token alone, right = a title behind the token."""

    start: int
    end: int
    number: int
    family: str
    rule: str
    words: str
    title: str
    kin: str
    whole: bool


class Titled(NamedTuple):
    """A line of the table of headings that stands beside the page's title, compiled."""

    rule: str
    family: str
    right: bool
    token: re.Pattern[str]
    at_end: re.Pattern[str]


def _titled(rules: Ruleset) -> tuple[Titled, ...]:
    found = []
    for rule in rules.table("piece_headings"):
        if rule["need"] == "title":
            token = rule["rest"].replace("{N}", NUMERAL)
            right = rule["stem"] == "right"
            at_end = re.compile(f"(?:{token})$")
            found.append(Titled(rule.id, rule["family"], right, re.compile(token), at_end))
    return tuple(found)


def stem_pattern(cores: Sequence[str]) -> re.Pattern[str] | None:
    """A pattern for the title's cores as they may be written: with blanks and 的 inside."""
    usable = [words for words in cores if 4 <= len(words) <= _STEM]
    if not usable:
        return None
    return re.compile("|".join("[ 的]?".join(map(re.escape, words)) for words in usable))


def by_title(
    folded: str,
    lines: Sequence[Line],
    title_end: int,
    cores: Sequence[str],
    stems: re.Pattern[str] | None,
    rules: Ruleset,
) -> Iterator[Candidate]:
    """The candidates for such headings: whole lines first, then those inside a line.

    Args:
        folded: the folded text.
        lines: its lines.
        title_end: where the page's title ends, 0 where it has none.
        cores: the cores of the page's title; without one there are no such headings.
        stems: the pattern of the cores.
        rules: the rule tables.
    """
    rows = rules.compiled(_titled)
    if not cores or not rows:
        return
    for line in lines:
        if line.end - line.start <= _LINE:
            yield from _whole_line(folded[line.start : line.end], line, cores, rows, rules)
    if stems is not None:
        yield from _inside(folded, lines, title_end, stems, rows, rules)


def _whole_line(
    words: str, line: Line, cores: Sequence[str], rows: Sequence[Titled], rules: Ruleset
) -> Iterator[Candidate]:
    last_counts = words[-1].isdigit() or words[-1] in DIGITS or words[-1] in CLOSE
    first_counts = words[0].isdigit() or words[0] in DIGITS
    for row in rows:
        if row.right:
            match = row.token.match(words) if first_counts else None
            title = words[match.end() :] if match else ""
        else:
            match = row.at_end.search(words) if last_counts else None
            title = words[: match.start()].strip(OPEN + CLOSE) if match else ""
        if match and (number := number_of(match.group())) and _is_title(title, cores, rules):
            yield Candidate(
                line.start, line.end, number, row.family, row.rule, core(title, rules), title, "title", True
            )
            return


def _inside(
    folded: str,
    lines: Sequence[Line],
    title_end: int,
    stems: re.Pattern[str],
    rows: Sequence[Titled],
    rules: Ruleset,
) -> Iterator[Candidate]:
    """Flattened pages (无换行): behind a sentence end, or where a plan's text follows."""
    starts = [line.start for line in lines]
    for match in stems.finditer(folded):
        if not has_noun(match.group(), rules, at_end=True):
            continue
        start = match.start()
        line = lines[bisect_right(starts, start) - 1]
        start = skip_year(folded, start, max(line.start, title_end if title_end <= start else 0))
        apart = start in (line.start, title_end) or folded[start - 1] in _SENTENCE_END
        stop = skip_praise(folded, match.end(), rules)
        for row in rows:
            if row.right:
                begin = max(line.start, title_end if title_end <= start else 0, start - _LEAD)
                token = row.at_end.search(folded[begin:start])
                opened, end = begin + token.start() if token else start, stop
                apart = opened in (line.start, title_end) or folded[opened - 1] in _SENTENCE_END
                if not token or not apart or not opens_plan(folded, stop, rules):
                    continue
            else:
                token = row.token.match(folded, match.end()) or row.token.match(folded, stop)
                if not token or not (apart or (len(match.group()) >= 6 and opens_plan(folded, token.end(), rules))):
                    continue
                opened, end = start, token.end()
            words = core(match.group(), rules)
            number = number_of(token.group())
            yield Candidate(opened, end, number, row.family, row.rule, words, match.group(), "title", False)
            break


def _is_title(words: str, cores: Sequence[str], rules: Ruleset) -> bool:
    """Whether words are the page's own title, give or take its praise."""
    if not words or not has_noun(words.rstrip(CLOSE), rules, at_end=True) or re.search("[。；，！？：]", words):
        return False
    bare = core(words, rules)
    return len(bare) >= 3 and likeness(bare, cores) >= 0.85
