"""What sites put around plans, by rule (样板文字): ``boilerplate.tsv``, ``terms.tsv``, run where a trigger stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from planparse.cleaning.cues import has_core, site_verdict
from planparse.cleaning.fields import is_field_line
from planparse.cleaning.frame import FRAME, end_of_list, is_only_title
from planparse.cleaning.line_rules import (
    BESIDE,
    BUTTON,
    FIELDS,
    FOR_LINES,
    LINK,
    LIST,
    NAME,
    LineRule,
    LineRules,
    compile_rules,
)
from planparse.cleaning.page import Page, sentence_spans, zones
from planparse.document import Edit
from planparse.fold import fold
from planparse.rules.check import Hit
from planparse.rules.ruleset import Ruleset

# Rules for whole lines look at lines that can be one of theirs: not at long paragraphs, but at any length of code.
_LONGEST_LINE = 200
_LONGEST_CODE = 2000
# How many parts of a line that was taken apart one rule may take together.
_MOST_PARTS = 8
# Only fields are read together: titles and sentences have no such form.
_PART = re.compile(
    r"(?![^\n]*(?:计[划画]|总结|方案|要点|第\d))(?:[^，。；\n]{1,16}[:：][^，。；\n]{0,40}|[^，。；\n]{1,12}\d[^，。；\n]{0,16})"
)
_LONGEST_UNTRIGGERED = 24
_LONGEST_SENTENCE = 40
# Titles are looked for among this many lines.
_TOP_LINES = 20
_NEVER_TITLES = frozenset({"navigation", "related_links", "promotion", "copyright"})
_FILE = re.compile(r"\.(?:docx?|pdf|pptx?|wps|txt)", re.IGNORECASE)
# A page on one line has lost its line breaks to blanks; those beside Latin letters were there before.
_GAP = re.compile(r"(?<=[^ -~]) +(?=[^ -~])")
_WIDE_GAP = re.compile(
    r"(?<=[^ -~]) {2,}(?=[^ -~])"
    r"|(?<=[^ ，、]) {1,8}(?=[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[、.．](?!\d))"
)
# Where a plan goes on behind a site's words with no mark between.
_INNER_LABEL = re.compile(
    r"(?<=[^，、,（(《“第 ])(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）])"
)
_FIELD = re.compile("[:：]")
_LONGEST_BRACKET = 62
_BRACKET = re.compile(r"[(（\[【][^()（）\[\]【】\n]{2,60}[)）\]】]")
# Beside a sentence of these kinds stand others of the site's that are no proof by themselves.
_LEGAL = frozenset({"copyright", "promotion"})
_BLANK = " \n"


class Proposal(NamedTuple):
    """A removal with the place where its rule may speak."""

    edit: Edit
    place: str
    line: int
    beside: bool = False


class Facts(NamedTuple):
    """What the words of a line alone tell: ``(start, end, rule)`` in the line; where the editor may be speaking, with
    the number of the core cue; whether the line may open a related list, or may tell a site's name."""

    matches: tuple[tuple[int, int, int], ...]
    cores: tuple[tuple[int, int], ...]
    links: bool
    names: bool


_NOTHING = Facts((), (), False, False)


def facts(page: Page, rules: Ruleset) -> dict[int, Facts]:
    """What the rules of ``boilerplate.tsv`` match in the lines of a page, whatever their place, and the core cues.

    One scan over the page finds the triggers; lines without any are looked at no more, unless they are very short. On
    a page whose lines are mostly known from an earlier pass only the new ones are scanned.
    """
    known: dict[str, Facts] = page.memo.setdefault("facts", {})
    texts = [page.folded[start:end] for start, end, _ in page.lines]
    if known:
        triggers = rules.compiled(compile_rules).triggers
        for text in texts:
            if text not in known:
                known[text] = _facts(text, list(triggers.find(text)), rules)
    else:
        hits = _hits(page, rules)
        for number, text in enumerate(texts):
            if text not in known:
                known[text] = _facts(text, hits.get(number, ()), rules)
    return {number: fact for number, text in enumerate(texts) if (fact := known[text]) is not _NOTHING}


def _hits(page: Page, rules: Ruleset) -> dict[int, list[tuple[int, int]]]:
    """Where the triggers stand, by line."""
    hits: dict[int, list[tuple[int, int]]] = {}
    start = end = 0
    here: list[tuple[int, int]] = []
    for index, offset in rules.compiled(compile_rules).triggers.find(page.folded):
        if not start <= offset < end:
            number = page.line_of(offset)
            start, end, _ = page.lines[number]
            here = hits.setdefault(number, [])
        here.append((index, offset - start))
    return hits


def _facts(text: str, hits: Sequence[tuple[int, int]], rules: Ruleset) -> Facts:
    if not hits and len(text) > _LONGEST_UNTRIGGERED:
        return _NOTHING
    compiled = rules.compiled(compile_rules)
    short = len(text) <= _LONGEST_LINE or (len(text) <= _LONGEST_CODE and text[0].isascii())
    wanted = set(compiled.untriggered) if len(text) <= _LONGEST_UNTRIGGERED else set()
    cores = []
    links = names = False
    for index, offset in hits:
        if index >= 0:
            if short or compiled.rules[index].scope not in FOR_LINES:
                wanted.add(index)
        elif index == LINK:
            links = True
        elif index == NAME:
            names = True
        else:
            cores.append((offset, NAME - 1 - index))
    if cores and not has_core(text, {cue for _, cue in cores}, rules):
        cores = []
    matches = tuple(
        (start, end, index) for index in sorted(wanted) for start, end in _matches(text, compiled.rules[index], rules)
    )
    return Facts(matches, tuple(cores), links, names) if matches or cores or links or names else _NOTHING


def _matches(text: str, rule: LineRule, rules: Ruleset) -> Iterator[tuple[int, int]]:
    if rule.scope == "inline":
        yield from (match.span() for match in rule.pattern.finditer(text) if match.end() > match.start())
    elif rule.scope == FIELDS:
        if is_field_line(text, rules):
            yield 0, len(text)
    elif rule.scope in ("line", LIST):
        if rule.pattern.fullmatch(text) and _is_sites(text, rule, rules):
            yield 0, len(text)
    elif rule.scope == BUTTON:
        if rule.pattern.search(text) and rules.compiled(compile_rules).buttons.fullmatch(text):
            yield 0, len(text)
    elif rule.pattern.search(text):
        for start, end in _stretches(text):
            found = rule.pattern.search(text, start, end)
            if found is None:
                continue
            start, end = _bracketed(text, found) or (start, end)
            if _is_sites(text[start:end], rule, rules):
                yield start, end


def _bracketed(text: str, found: re.Match[str]) -> tuple[int, int] | None:
    """The bracket that holds a site's words, where one does: what stands around it is not theirs."""
    for bracket in _BRACKET.finditer(text, max(0, found.start() - _LONGEST_BRACKET), found.end() + _LONGEST_BRACKET):
        if bracket.start() < found.start() and found.end() < bracket.end():
            return bracket.span()
    return None


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """The sentences of a line; a long one is cut at its blanks, and any before a label inside it."""
    for start, end in sentence_spans(text):
        cuts = {match.start() for match in _INNER_LABEL.finditer(text, start + 1, end)}
        blanks = {}
        if " " in text[start:end]:
            blanks = {match.start(): match.end() for match in _WIDE_GAP.finditer(text, start, end)}
            if end - start > _LONGEST_SENTENCE:
                blanks |= {match.start(): match.end() for match in _GAP.finditer(text, start, end)}
        for cut in sorted(cuts | blanks.keys()):
            if cut > start:
                yield start, cut
            start = blanks.get(cut, cut)
        yield start, end


def _is_sites(sentence: str, rule: LineRule, rules: Ruleset) -> bool:
    """The danger test: the words are no plan's, as far as the rule asks."""
    return not rule.plan or site_verdict(sentence, rules).plan > rule.plan


def site_lines(page: Page, known: Mapping[int, Facts], rules: Ruleset) -> set[int]:
    """The starts of the lines near the top that a rule takes whole as the site's, so that they are no title."""
    compiled = rules.compiled(compile_rules)
    found = set()
    for number, fact in known.items():
        if number >= _TOP_LINES:
            break
        start, end, _ = page.lines[number]
        for first, last, index in fact.matches:
            rule = compiled.rules[index]
            if (
                first == 0
                and last == end - start
                and rule.place != "tail"
                and _is_no_title(page, page.folded[start:end], rule)
            ):
                found.add(start)
                break
    return found


def _is_no_title(page: Page, words: str, rule: LineRule) -> bool:
    """A file's name may be the title, no other metadata; with fields behind it, only where it comes but once."""
    if rule.kind != "page_metadata":
        return rule.kind in _NEVER_TITLES
    file = _FILE.search(words)
    return file is None or (
        _FIELD.search(words, file.end()) is not None and page.folded.count(words[: file.start()]) > 1
    )


def propose(page: Page, known: Mapping[int, Facts], rules: Ruleset) -> list[Proposal]:
    """All that the rules of ``boilerplate.tsv`` match, whatever its place; ``known`` is what :func:`facts` gave."""
    compiled = rules.compiled(compile_rules)
    found: list[Proposal] = []
    for number, fact in known.items():
        line = page.lines[number]
        for start, end, index in fact.matches:
            rule = compiled.rules[index]
            span = (line.start + start, line.start + end)
            if rule.scope == LIST:
                span = (span[0], end_of_list(page, number))
            if rule.kind in FRAME and is_only_title(page, *span):
                continue
            if not page.is_fixed(*span) or (rule.kind == "markup" and rule.scope == "inline"):
                found.append(Proposal(Edit(*span, rule.kind, rule.id), rule.place, number, rule.scope == BESIDE))
    return found + _of_parts(page, rules)


def _of_parts(page: Page, rules: Ruleset) -> list[Proposal]:
    """What the rules for whole lines match in neighbouring parts of a line that was taken apart, read as one."""
    compiled = rules.compiled(compile_rules)
    found: list[Proposal] = []
    known: dict[str, Facts] = page.memo.setdefault("facts", {})
    for first, last in page.parted:
        at = first
        while at < last:
            limit = at
            while limit < min(last, at + _MOST_PARTS) and _PART.fullmatch(page.folded, *page.lines[limit][:2]):
                limit += 1
            for end in range(limit, at + 1, -1):
                span = (page.lines[at].start, page.lines[end - 1].end)
                text = page.folded[slice(*span)]
                if len(text) > _LONGEST_LINE or page.is_fixed(*span):
                    continue
                if text not in known:
                    known[text] = _facts(text, list(compiled.triggers.find(text)), rules)
                whole = [i for a, b, i in known[text].matches if (a, b) == (0, len(text)) and _for_lines(compiled, i)]
                if whole and not is_only_title(page, *span):
                    rule = compiled.rules[whole[0]]
                    lines = range(at, end)
                    found += [Proposal(Edit(*page.lines[i][:2], rule.kind, rule.id), rule.place, i) for i in lines]
                    at = end - 1
                    break
            at += 1
    return found


def _for_lines(compiled: LineRules, index: int) -> bool:
    return compiled.rules[index].scope in ("line", FIELDS)


def in_place(page: Page, proposals: list[Proposal], gone: set[int], rules: Ruleset) -> list[Edit]:
    """The proposals that stand where their rule may speak.

    Args:
        page: the page.
        proposals: what :func:`propose` gave.
        gone: numbers of lines that are removed for other reasons, over which head and tail go on.
        rules: the rule tables.
    """
    whole = {p.line for p in proposals if (p.edit.start, p.edit.end) == page.lines[p.line][:2]} | gone
    heads, tails = zones(
        page, [i in whole for i in range(len(page.lines))], lambda text: talks_to_readers(text, page, rules)
    )
    allowed = {"head": heads, "tail": tails, "edge": heads | tails}
    placed = [p for p in proposals if p.place == "any" or p.line in allowed[p.place]]
    if not any(p.beside for p in placed):
        return [p.edit for p in placed]
    return _in_company(page.folded, placed)


def talks_to_readers(text: str, page: Page, rules: Ruleset) -> bool:
    """Whether a sentence has some of a site's cues and none of a plan's."""
    key = ("reader", text)
    if key not in page.memo:
        verdict = site_verdict(text, rules)
        page.memo[key] = verdict.plan == 0 and verdict.score > 0
    return bool(page.memo[key])


def _in_company(folded: str, placed: list[Proposal]) -> list[Edit]:
    """The removals, and those that only speak beside another, where nothing but blanks lies between."""
    edits = [p.edit for p in placed if not p.beside]
    weak = [p.edit for p in placed if p.beside]
    for forward in (True, False):
        ends = {_next(folded, e.end) if forward else _previous(folded, e.start) for e in edits if e.kind in _LEGAL}
        rest = []
        for edit in weak if forward else reversed(weak):
            if (edit.start if forward else edit.end) in ends:
                edits.append(edit)
                ends.add(_next(folded, edit.end) if forward else _previous(folded, edit.start))
            else:
                rest.append(edit)
        weak = rest
    return edits


def _next(folded: str, at: int) -> int:
    while at < len(folded) and folded[at] in _BLANK:
        at += 1
    return at


def _previous(folded: str, at: int) -> int:
    while at and folded[at - 1] in _BLANK:
        at -= 1
    return at


def probe_boilerplate(text: str, rules: Ruleset) -> list[Hit]:
    """Where the rules of ``boilerplate.tsv`` speak in a text that is a whole page."""
    page = Page(fold(text), None, ())
    return [Hit(e.start, e.end, e.rule) for e in in_place(page, propose(page, facts(page, rules), rules), set(), rules)]


def probe_buttons(text: str, rules: Ruleset) -> list[Hit]:
    """Where the rules of ``buttons.tsv`` speak in a text that is a whole page."""
    return probe_boilerplate(text, rules)


def probe_terms(text: str, rules: Ruleset) -> list[Hit]:
    """Where the rules of ``terms.tsv`` speak in a text that is a whole page."""
    return probe_boilerplate(text, rules)
