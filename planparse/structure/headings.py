"""Candidates for piece headings (篇标题), by family: a token with a number, and a piece's title beside it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from planparse.lines import Line, line_at
from planparse.rules.ruleset import Ruleset
from planparse.structure.numbers import number_of
from planparse.structure.titles import core, has_noun, likeness

_C = "一二三四五六七八九十"
# A number may run into the label behind it (篇二一、) or into a year (篇12021年): then the shorter reading comes first.
_N = (
    rf"(?:[{_C}]{{1,3}}?(?=一 ?、)|[{_C}]{{1,3}}"
    r"|\d{1,2}?(?=1 ?[、.．](?!\d)|(?:19|20)\d\d ?[年届级]|20[xX_*]{2} ?年)|\d{1,2}(?!\d))"
)
_WHOLE_N = re.compile(rf"[{_C}]{{1,3}}|\d{{1,2}}(?!\d)")
_OPEN = "【『「[（(《<〈“#*>·-— "
_CLOSE = "】』」]）)》>〉”*# "
_BOUNDARY = re.compile(r"[。！？；!?;…\n]")
_LONGEST = 60
_STEM = 40
# How much of what follows a token is looked at.
_RIGHT = 160
# What may follow a title and its bare number inside a line (flattened pages): a label, or what opens a plan.
_GLUED = re.compile(
    r" |$|\n|[一二三四五六七八九十]{1,3} ?、|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2} ?[、.．]|"
    r"第[一二三四五六七八九十]|[12]\d{3}年|20[xX_]{2}|[xX]{2}|为|根据|按照|新|本|我|在|今年|一年|随着|随|以"
)
_BARE_TAIL = re.compile(rf" ?(?P<n>{_N})(?![、.．，,)）:：%％篇份个年月日次名])")
_PAREN_TAIL = re.compile(rf" ?[(（<〈【\[〔] ?(?:第 ?)?(?P<n>{_N})(?: ?篇)? ?[)）>〉】\]〕]")
_LEAD = re.compile(rf"(?P<n>{_N}) ?[、.．:：]? ?")


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


class Tokens(NamedTuple):
    """The table of headings, compiled."""

    pattern: re.Pattern[str] | None
    rows: tuple[tuple[str, str, str], ...]
    families: dict[str, str]


def _tokens(rules: Ruleset) -> Tokens:
    table = [rule for rule in rules.table("piece_headings") if rule["need"] == "words"]
    families = {rule.id: rule["family"] for rule in rules.table("piece_headings")}
    if not table:
        return Tokens(None, (), families)
    firsts = "".join(rule["first"] for rule in table)
    parts = [f"((?<={rule['first']}){rule['rest'].replace('{N}', _N)})" for rule in table]
    rows = tuple((rule.id, rule["family"], rule["stem"]) for rule in table)
    return Tokens(re.compile(f"[{firsts}](?:{'|'.join(parts)})"), rows, families)


def stem_pattern(cores: Sequence[str]) -> re.Pattern[str] | None:
    """A pattern for the title's cores as they may be written: with blanks and 的 inside."""
    usable = [re.sub(r"\\?(.)", r"\g<0>", words) for words in cores if 4 <= len(words) <= _STEM]
    if not usable:
        return None
    return re.compile("|".join("[ 的]?".join(map(re.escape, words)) for words in usable))


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
    for candidate in _by_title(folded, lines, starts, title_end, cores, stems, tokens.families, rules):
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
    while start > candidate.start and (folded[start - 1] in _C or folded[start - 1].isdigit()):
        start -= 1
    whole = _WHOLE_N.match(folded, start)
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
    left = before[boundary:].lstrip(_OPEN)
    opened = start - len(before) + boundary
    whole_left = opened in (line.start, floor) or (boundary > 0 and not left)
    right = folded[end : min(line.end, end + _RIGHT)]
    closing = len(right) - len(right.lstrip(_CLOSE))
    after = right[closing:].lstrip(":：、.． ")
    if left and side != "none":
        words = core(left, rules)
        if stems is not None and (hit := _ends_with(left, stems)) is not None:
            at = start - len(left) + hit
            at = at if hit else opened
            end = _right_end(folded, end, line, after, closing, cores, rules)
            return Candidate(at, end, number, family, rule, words, left[hit:].strip(), "title", hit == 0)
        if len(left) <= _STEM and has_noun(left.rstrip(_OPEN + _CLOSE + "第"), rules, at_end=True):
            like = likeness(words, cores) if words else 0.0
            end = _right_end(folded, end, line, after, closing, cores, rules)
            kin = "title" if like >= 0.6 else "words"
            return Candidate(opened, end, number, family, rule, words, left.strip(_OPEN + _CLOSE), kin, whole_left)
        return None
    if left:
        return None
    start = opened
    if not after:
        return Candidate(start, line.end, number, family, rule, "", "", "bare", True)
    if side == "left":
        return None
    stop = _right_end(folded, end, line, after, closing, cores, rules)
    title = folded[end:stop].strip(_OPEN + _CLOSE + ":：、")
    if not title:
        return Candidate(start, end + closing, number, family, rule, "", "", "bare", True)
    words = core(title, rules)
    kin = "title" if words and likeness(words, cores) >= 0.6 else "right"
    return Candidate(start, stop, number, family, rule, words, title, kin, stop == line.end)


def _ends_with(left: str, stems: re.Pattern[str]) -> int | None:
    """Where the page's title starts that ``left`` ends in, None where it ends otherwise."""
    tail = left.rstrip(_OPEN + _CLOSE + "第")
    for match in stems.finditer(tail):
        if match.end() == len(tail):
            return match.start()
    return None


def _right_end(
    folded: str, end: int, line: Line, after: str, closing: int, cores: Sequence[str], rules: Ruleset
) -> int:
    """Where a heading ends: behind the token, or behind a title that follows it on the line."""
    if not after or (len(after) <= 45 and not re.search("[。；！？，]", after) and not _starts_section(after)):
        return line.end
    begin = line.end - len(after)
    if folded[begin - 1] in ":：" or folded[end : end + 1] in ":：《":
        head = re.split("[。；！？，]", after[:_LONGEST], maxsplit=1)[0]
        best = 0
        for match in re.finditer(r"计划书?|总结|方案|报告|要点|规划|安排|范文", head):
            stop = match.end()
            if _GLUED.match(after, stop) or after[stop] in "》）)]】" or after.startswith(after[:stop], stop):
                best = match.end()
                break
        if best:
            while best < len(after) and after[best] in "》）)]】":
                best += 1
            return begin + best
    return end + closing


def _starts_section(words: str) -> bool:
    return (
        re.match(
            r"[一二三四五六七八九十]{1,3} ?、|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2} ?[、.．](?!\d)", words
        )
        is not None
    )


def _by_title(
    folded: str,
    lines: Sequence[Line],
    starts: list[int],
    title_end: int,
    cores: Sequence[str],
    stems: re.Pattern[str] | None,
    families: dict[str, str],
    rules: Ruleset,
) -> Iterator[Candidate]:
    """Headings that only the page's own title gives away: title and number, number and title."""
    if not cores:
        return
    for line in lines:
        if line.end - line.start > _LONGEST:
            continue
        words = folded[line.start : line.end]
        if (words[-1].isdigit() or words[-1] in "一二三四五六七八九十)）>〉】]〕") and (
            c := _tail(words, line, cores, families, rules)
        ):
            yield c
        elif words[0].isdigit() or words[0] in "一二三四五六七八九十":
            match = _LEAD.match(words)
            if match and "lead" in families and _is_title(words[match.end() :], cores, rules):
                title = words[match.end() :]
                number = number_of(match["n"])
                yield Candidate(
                    line.start, line.end, number, families["lead"], "lead", core(title, rules), title, "title", True
                )
    if stems is None:
        return
    for match in stems.finditer(folded):
        if not has_noun(match.group(), rules, at_end=True):
            continue
        for rule, pattern in (("bracket", _PAREN_TAIL), ("tail", _BARE_TAIL)):
            tail = pattern.match(folded, match.end())
            if rule not in families or not tail:
                continue
            line = lines[bisect_right(starts, match.start()) - 1]
            begin = match.start()
            apart = begin in (line.start, title_end) or folded[begin - 1] in "。！？；!?;…：: )）】》"
            if not apart and (not _GLUED.match(folded, tail.end()) or len(match.group()) < 6):
                continue
            yield Candidate(
                match.start(),
                tail.end(),
                number_of(tail["n"]),
                families[rule],
                rule,
                core(match.group(), rules),
                match.group(),
                "title",
                False,
            )
            break


def _tail(words: str, line: Line, cores: Sequence[str], families: dict[str, str], rules: Ruleset) -> Candidate | None:
    match = re.search(rf"(?P<tail> ?[(（<〈【\[〔] ?(?:第 ?)?(?P<n>{_N})(?: ?篇)? ?[)）>〉】\]〕])$", words)
    rule = "bracket"
    if match is None:
        match = re.search(r"(?<!\d)(?<![、一二三四五六七八九十第.])(?P<n>\d{1,2}|[一二三四五六七八九十]{1,3})$", words)
        rule = "tail"
    if match is None or rule not in families:
        return None
    title = words[: match.start()].strip(_OPEN + _CLOSE)
    if not _is_title(title, cores, rules):
        return None
    number = number_of(match["n"])
    if not number:
        return None
    return Candidate(line.start, line.end, number, families[rule], rule, core(title, rules), title, "title", True)


def _is_title(words: str, cores: Sequence[str], rules: Ruleset) -> bool:
    """Whether words are the page's own title, give or take its praise."""
    if not has_noun(words.rstrip(_CLOSE), rules, at_end=True) or re.search("[。；，！？：]", words):
        return False
    bare = core(words, rules)
    if len(bare) < 3:
        return False
    return likeness(bare, cores) >= 0.85
