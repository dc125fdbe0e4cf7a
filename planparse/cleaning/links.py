"""Lists of other pages (相关阅读): a label line and the bare titles under it; ``related_labels.tsv``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from planparse.cleaning.boilerplate import Facts, facts
from planparse.cleaning.page import LABEL, Page
from planparse.cleaning.patterns import compile_pattern
from planparse.document import Edit
from planparse.fold import fold
from planparse.rules.check import Hit
from planparse.rules.ruleset import Ruleset

# A bare title: no sentence, and at its end what such pages are about.
_TITLE = re.compile(
    r"(?:[\d一二三四五六七八九十]{1,3} ?[.、．)）] ?|[★●·•◆■▶>\-—*\[【《(（] ?){0,2}"
    r"[^。；;！!：:\n]{2,50}?"
    r"(?:计划|总结|方案|报告|范文|规划|心得|体会|发言稿|讲话稿?|演讲稿|申请书|承诺书|倡议书|制度|职责|要点|思路|模板|作文|"
    r"例文|评语|寄语|标语|口号|通知|致辞|主持词|述职|简历|合同|教案|反思|读后感|策划书?|计划书|措施|大全|打算|预案|"
    r"办法|意见|守则|纪要|规定|手册|指南|须知|记录表?|台账|清单|细则|安排表?|观后感|日记|笔记|周记|自我鉴定|自我评价|目标|议程|自我介绍|简介|演讲|祝福语|语录|说明书?|教学设计|[责保协倡决][任证议心]书|解读|问答|清单|台账)"
    r"(?:\.(?:docx?|pdf|wps|pptx?|txt))?(?:书|表|稿|范文|模板|大全|范本|怎么写|怎样写|最新|精选|优秀|格式|通用)? ?"
    r"(?:[(（【\[][^()（）\n]{1,14}[)）】\]]|(?:精选|通用|最新|优秀|汇总|合集)?[\d一二三四五六七八九十]{1,3}篇|"
    r"\d{1,2}|[一二三四五六七八九十]{1,2}|\d{4}年?)?"
    r"[》】\]]? {0,4}(?:[\d\-/.年月日: ]{4,20})?[?？]{0,3}"
    r"|[^。；\n]{1,60}\.(?:docx?|xlsx?|pdf|wps|pptx?|zip|rar|txt)(?: ?[(（][^()（）\n]{1,14}[)）])?"
    r"(?: {1,4}下载次数[:：] ?\d{0,8})?"
)
# A place in a list of what is read most, and a headline.
_RANKED = re.compile(r"\d{1,2} {1,3}[^，。；：！？,;:!?\n]{4,40}")
_NUMBERED = re.compile(r"[(（]?([一二三四五六七八九十]{1,3}|\d{1,3}) ?[.．、)）]")
_LONGEST = 90
_SENTENCE = re.compile("[，。；：！？]|\\d[名项次个%]")
# A line that only a list's end explains: words without a mark, no date, no place or office that signs a plan.
_LONGEST_REST, _LONGEST_BARE = 6, 30
_BARE = re.compile(r"(?!.*(?:\d年|\d月|[局委办室处科部校院镇乡村县市区会站所队厂司]$))[^，。；：！？,;:!?]{4,30}")
_BULLETS = "★●·•◆■▶☆"
_INLINE_SPLIT = re.compile(r"[ |｜;；、]{1,8}")


class _Label(NamedTuple):
    id: str
    items: bool
    pattern: re.Pattern[str]


def _compile(rules: Ruleset) -> tuple[_Label, ...]:
    return tuple(_Label(r.id, r["items"] == "1", compile_pattern(r["pattern"])) for r in rules.table("related_labels"))


def related_links(page: Page, known: Mapping[int, Facts], rules: Ruleset, tails: set[int]) -> list[Edit]:
    """The removals of related lists.

    Args:
        page: the page.
        known: what the words of the lines tell.
        rules: the rule tables.
        tails: the lines behind which nothing of a plan follows.
    """
    edits: list[Edit] = []
    folded, lines = page.folded, page.lines
    past = 0
    for i, fact in known.items():
        if not fact.links or i < past:
            continue
        start, end, _ = lines[i]
        label = None
        if end - start <= _LONGEST and not page.is_fixed(start, end):
            label = _label(page, folded[start:end], rules)
        if label is None:
            continue
        last = i
        bullet = ""
        while last + 1 < len(lines) and _is_item(page, last + 1, bullet) and _counts_on(page, last + 1, last - i):
            last += 1
            first = folded[lines[last].start]
            bullet = first if first in _BULLETS else ""
        last = _to_the_end(page, last)
        if last > i or not label.pattern.fullmatch(folded[start:end]) or (not label.items and i in tails):
            edits.append(Edit(start, lines[last].end, "related_links", label.id))
        past = last + 1
    return edits


def _to_the_end(page: Page, last: int) -> int:
    """A list whose rest is bare lines to the end of the piece, some of them titles, goes on to that end."""
    end = next((after for first, after in page.regions if first <= last < after), last + 1)
    rest = range(last + 1, end)
    if len(rest) > _LONGEST_REST or not any(_is_item(page, number, "") for number in (last, *rest)):
        return last
    for number in rest:
        words = page.folded[page.lines[number].start : page.lines[number].end].strip("[]【】《》 ")
        if len(words) > _LONGEST_BARE or not _BARE.fullmatch(words) or LABEL.match(words):
            return last
    return end - 1


def _label(page: Page, line: str, rules: Ruleset) -> _Label | None:
    if ("links", line) not in page.memo:
        found = next((x for x in rules.compiled(_compile) if _opens(x, line)), None)
        page.memo["links", line] = found
    return page.memo["links", line]  # type: ignore[no-any-return]


def _opens(label: _Label, line: str) -> bool:
    """Whether a line is the label alone, or the label with nothing but titles behind it."""
    match = label.pattern.match(line)
    if match is None:
        return False
    if match.end() == len(line):
        return True
    if line[match.end() - 1] not in ":： " and line[match.end()] != " ":
        return False
    items = [item for item in _INLINE_SPLIT.split(line[match.end() :]) if item]
    titles = sum(_TITLE.fullmatch(item) is not None for item in items)
    return bool(items) and (titles == len(items) or (len(items) >= 3 and titles * 2 > len(items) and _are_bare(items)))


def _are_bare(items: list[str]) -> bool:
    return all(2 <= len(item) <= 30 and not _SENTENCE.search(item) for item in items)


def _counts_on(page: Page, number: int, items: int) -> bool:
    """Whether a line's number, if it has one, is the next of the list: 三、主要措施 is a plan's heading."""
    match = _NUMBERED.match(page.folded, page.lines[number].start)
    return match is None or (match[1].isdigit() and int(match[1]) == items + 1)


def _is_item(page: Page, number: int, bullet: str) -> bool:
    """Whether a line is a bare title, or at least has the bullet of the one above and no sentence."""
    start, end, _ = page.lines[number]
    return (
        end - start <= _LONGEST
        and not page.is_fixed(start, end)
        and (
            _TITLE.fullmatch(page.folded, start, end) is not None
            or _RANKED.fullmatch(page.folded, start, end) is not None
            or (bullet == page.folded[start] and end - start <= 30 and not _SENTENCE.search(page.folded, start, end))
        )
    )


def probe_related_labels(text: str, rules: Ruleset) -> list[Hit]:
    """Where the labels of ``related_labels.tsv`` open a list in a text."""
    page = Page(fold(text), None, ())
    tails = {len(page.lines) - 1}
    return [Hit(e.start, e.end, e.rule) for e in related_links(page, facts(page, rules), rules, tails)]
