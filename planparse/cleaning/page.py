"""A page as cleaning sees it: folded text, lines, title and piece headings, and what lies between them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

from planparse.cleaning.flat import unflatten
from planparse.document import Edit
from planparse.lines import Line, line_at, split_lines

# A label that opens a line (编号): what follows is a section or an item, not part of the sentence before.
LABEL = re.compile(
    r"(?:[一二三四五六七八九十百]{1,4} ?[、.．，,：:]|[(（] ?[一二三四五六七八九十百\d]{1,4} ?[)）]|\d{1,3} ?[、)）]"
    r"|\d{1,3} ?[.．](?!\d)|\d{1,2}(?:[.．]\d{1,2}){1,3}(?=[^\d%％‰万亿个元美倍岁微度人米公吨年亩户家千百浓.．∶:：])"
    r"|[①-⓿⑴-⒛㈠-㈩ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ❶-❿]"
    r"|第[一二三四五六七八九十百\d]{1,4}(?:章|节|条|部分|阶段|步|项|方面|[、，,：:])|[一二三四五六七八九十]{1,2}(?:是|要|抓)"
    r"|(?:首先|其次|再次|最后|另外|此外)[，,]|-(?!\d)|[•·●◆■★▲※○◎➢►✓]|[—–]{2}|[【\[][^】\]\n]{1,20}[】\]]|[a-zA-Z][.、．])"
)
# How many lines that no rule knows may stand between two of a site's behind a plan.
_STRANGE_LINES = 3
_LONGEST_BARE, _LONGEST_STRANGE = 30, 80
_LONG = 200
_LABEL_GAP = re.compile(
    r"(?<=[^ ，、]) {1,8}(?=[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十\d]{1,2}[)）]|\d{1,2}[、.．](?!\d))"
)
_CLAUSES = re.compile("[。；;，,]")
_BRACKETS = re.compile(r"[(（【\[][^()（）【】\[\]\n]{0,20}[)）】\]]|(?:19|20)\d\d年度?|关于|有关")
_SUBJECT = re.compile(r"^ {0,3}([^\n]{2,24}?)(?:年度|学期)?(?:工作)?(?:计划|总结|方案|规划|要点|安排)")
_NAMED = re.compile(r"(?<=《)[^《》\n]{1,40}?(?=(?:工作)?(?:计划|总结|方案|规划|要点)?》)")
_SENTENCE_END = re.compile(r"[。！？!?；;…]{1,12}[”’』」）)】》]{0,3}")


@dataclass(frozen=True)
class Page:
    """A text with its structure as far as cleaning needs it. All spans count in ``folded``.

    ``fixed`` are the spans of the title and of the piece headings, which are never removed; ``headings`` the headings
    alone, in text order, and ``first`` the number of the first. ``memo`` keeps what was found out about a line or
    sentence by its words, so that a second pass over a cleaned page costs little.
    """

    folded: str
    title: tuple[int, int] | None
    headings: tuple[tuple[int, int], ...]
    first: int = 1
    memo: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    def with_outline(self, title: tuple[int, int] | None, headings: Sequence[tuple[int, int]], first: int) -> Page:
        """The same text with its title and headings known."""
        page = Page(self.folded, title, tuple(headings), first, self.memo)
        # Lines do not depend on the outline.
        page.__dict__.update({name: self.__dict__[name] for name in ("lines", "starts") if name in self.__dict__})
        return page

    @cached_property
    def lines(self) -> list[Line]:
        return unflatten(self.folded, split_lines(self.folded))

    @cached_property
    def parted(self) -> list[tuple[int, int]]:
        """The ranges of lines between which the text has no line break: parts of one line that was taken apart."""
        find = self.folded.find
        whole = [find("\n", above.end, below.start) < 0 for above, below in pairwise(self.lines)]
        ranges: list[tuple[int, int]] = []
        for number, joined in enumerate(whole):
            if joined and ranges and ranges[-1][1] == number + 1:
                ranges[-1] = (ranges[-1][0], number + 2)
            elif joined:
                ranges.append((number, number + 2))
        return ranges

    @cached_property
    def starts(self) -> list[int]:
        return [line.start for line in self.lines]

    @cached_property
    def fixed(self) -> tuple[tuple[int, int], ...]:
        return tuple(sorted((*([self.title] if self.title else []), *self.headings)))

    @cached_property
    def subject(self) -> re.Pattern[str] | None:
        """What finds the title's own subject (渔政 of 渔政工作计划): words that say nothing of who speaks."""
        if self.title is None:
            return None
        match = _SUBJECT.search(_BRACKETS.sub("", self.folded[slice(*self.title)]))
        return re.compile(re.escape(match[1])) if match else None

    def without_subject(self, start: int, end: int) -> str:
        """The words of a range with the title's subject, and what stands in 《》, masked character for character."""
        text = self.folded[start:end]
        if "《" in text:
            text = _NAMED.sub(lambda match: "□" * len(match.group()), text)
        if self.subject is not None:
            text = self.subject.sub(lambda match: "□" * len(match.group()), text)
        return text

    def line_of(self, offset: int) -> int:
        """The index of the line that holds ``offset``."""
        return max(0, line_at(self.starts, offset))

    @cached_property
    def _fixed_starts(self) -> list[int]:
        return [start for start, _ in self.fixed]

    def is_fixed(self, start: int, end: int) -> bool:
        """Whether a range touches the title or a piece heading."""
        at = bisect_left(self._fixed_starts, end)
        return at > 0 and self.fixed[at - 1][1] > start

    @cached_property
    def regions(self) -> list[tuple[int, int]]:
        """The ranges of line numbers before the first heading and after each; the first may be empty."""
        bounds = [self.line_of(start) for start, _ in self.headings]
        edges = [0, *bounds, len(self.lines)]
        return [(a if i == 0 else a + 1, b) for i, (a, b) in enumerate(pairwise(edges))]

    def whole_lines(self, edits: Iterable[Edit]) -> set[int]:
        """The numbers of the lines that edits take away whole."""
        return {
            number
            for edit in edits
            for number in range(self.line_of(edit.start), self.line_of(edit.end - 1) + 1)
            if self.lines and edit.start <= self.lines[number].start and self.lines[number].end <= edit.end
        }

    def sentences(self, line: Line) -> list[tuple[int, int]]:
        """The sentences of a line, cut at title and headings as well."""
        spans = sentence_spans(self.folded[line.start : line.end])
        spans = [(line.start + start, line.start + end) for start, end in spans]
        if line.end - line.start > _LONG:
            spans = [part for span in spans for part in _before_labels(self.folded, span)]
        if not self.is_fixed(line.start, line.end):
            return spans
        cuts = {at for span in self.fixed for at in span}
        return [part for span in spans for part in _split(self.folded, span, cuts)]


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """The sentences (句) of a line: up to a mark that ends one, with the closing marks behind it."""
    result = []
    at = 0
    for cut in [*(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]:
        while at < cut and text[at] == " ":
            at += 1
        if at < cut:
            result.append((at, cut))
        at = cut
    return result


def _before_labels(folded: str, span: tuple[int, int]) -> list[tuple[int, int]]:
    """A sentence cut where a blank and a label follow: the page has lost its line breaks."""
    parts = []
    at = span[0]
    for gap in _LABEL_GAP.finditer(folded, *span):
        parts.append((at, gap.start()))
        at = gap.end()
    return [*parts, (at, span[1])]


def _split(text: str, span: tuple[int, int], cuts: set[int]) -> list[tuple[int, int]]:
    inside = sorted(cut for cut in cuts if span[0] < cut < span[1])
    parts = pairwise([span[0], *inside, span[1]])
    return [(b - len(text[a:b].lstrip(" ")), b) for a, b in parts if text[a:b].strip(" ")]


def zones(page: Page, known: Sequence[bool], may_be_sites: Callable[[str], bool]) -> tuple[set[int], set[int]]:
    """The lines that lie before the body of the page or of a piece (篇首), and those that lie behind it (篇尾).

    Args:
        page: the page.
        known: for each line, whether it looks like something a site puts at such a place.
        may_be_sites: whether a folded line that no rule knows has nothing of a plan.

    Before the first heading of a compilation everything is head. On a page with one plan the head goes on over known
    lines and short lines without a sentence, up to the first paragraph or label. The tail goes on, upwards, over known
    lines and a few between them that may be the site's.
    """
    heads: set[int] = set()
    tails: set[int] = set()
    for number, (first, last) in enumerate(page.regions):
        if number == 0 and page.headings:
            heads.update(range(first, last))
            continue
        for i in range(first, last):
            line = page.lines[i]
            if not known[i] and not (number == 0 and _is_short(page, line)):
                break
            heads.add(i)
        strange = 0
        for i in range(last - 1, first - 1, -1):
            strange = 0 if known[i] else strange + 1
            if strange > _STRANGE_LINES or (strange and not _is_strange(page, page.lines[i], may_be_sites)):
                break
            tails.add(i)
    return heads, tails


def _is_strange(page: Page, line: Line, may_be_sites: Callable[[str], bool]) -> bool:
    """Whether a line is one that a site may have put there: bare words, or a sentence with nothing of a plan."""
    text = page.folded[line.start : line.end]
    if len(text) > _LONGEST_STRANGE or LABEL.match(text):
        return False
    bare = len(text) <= _LONGEST_BARE and text[-1] not in "。；;" and not _CLAUSES.search(text)
    return bare or may_be_sites(text)


def _is_short(page: Page, line: Line) -> bool:
    if page.title and line.start < page.title[1] and page.title[0] < line.end:
        return True
    text = page.folded[line.start : line.end]
    return len(text) <= 40 and not re.search("[。；;]", text) and (not LABEL.match(text) or text.startswith("——"))
