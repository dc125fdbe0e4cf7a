"""Line breaks in the middle of a sentence (硬换行), and characters repeated across them (重叠)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from planparse.cleaning.layout import CLOSERS, TERMINAL, Habits, at_column, breaks_between, habits_of
from planparse.cleaning.page import LABEL, Page
from planparse.document import Edit
from planparse.lines import Line

_OPENERS = {"《": "》", "“": "”", "（": "）", "(": ")", "〈": "〉", "【": "】", "‘": "’"}
_NO_START = "，。、；：！？）》”’』」〉%％,;:!?)"
_NO_END = "，,、（(《“‘〈—"
# Words that want something behind them, and characters that no sentence starts with.
_HANGING = re.compile(
    r"(?:[的和与及或对把被将在为以从向由并而且使让于按据给到至跟同]|以及|并且|而且|通过|进行|为了|关于|根据|按照|对于|加强|"
    r"开展|推动|推进|不断|进一步|努力|积极|认真|切实|全面|深入|大力|[一二三四五六七八九十]是)$"
)
_NO_BEGIN = re.compile("[的了着们等地得与和及或]|以上|以下|以内|左右")
# An amount cut in two: digits on both sides, or a point.
_AMOUNT_GOES_ON = re.compile(r"\d{0,8}(?:\.\d{1,4})?[%％‰万亿个元倍岁户家人次名项吨亩公\d]|\.\d")
_SENTENCE_INSIDE = re.compile("[。；;！!？?]")
# Lines that open something new without a label: enclosures, salutations, dates, small fields.
_OPENS_NEW = re.compile(
    r"(?:附|附件|抄送|联系人|地点|时间|日期|主题|对象)[:：]|各位|尊敬的|\d{4}年\d{1,2}月\d{1,2}日$|[^，。]{1,12}[:：]"
)
# What a list of days goes on with: 12.4国家宪法日.
_DATE = re.compile(r"\d{1,2}[.．]\d{1,2}(?!\d)[\u4e00-\u9fff]")
# A label cut in two, alone on its line or at the end of a full one; and the end of a clause: few sentences begin with
# two or three characters and a comma.
_NUMBER_ALONE = re.compile(r"\d{1,2}|[一二三四五六七八九十]{1,2}")
_LABEL_BEGUN = re.compile(r"[。；;：:，,](?:第|第?[（(]?[一二三四五六七八九十\d]{1,2}|[（(])\Z")
_LABEL_ENDS = re.compile(
    r"[一二三四五六七八九十\d]{0,2}(?:[、，）)]|是(?=[\u4e00-\u9fff])|[章条步节](?=[\u4e00-\u9fff ])|部分|阶段)"
)
_CLAUSE_REST = re.compile(
    r"(?!同时|此外|另外|目前|今[年后天]|首先|其次|最后|再次|总之|因此|为此|然而|但是|近[年日期]|同志|各位|一是|其中|当前|对此|"
    r"会上|期间|年内|全[年县市镇校]|明年|去年|本[年月周]|随后|届时|下[步一]|通过|对于|可见|是的|例如|比如|如[此今果]|[上下]半年|即日起)"
    r"[\u4e00-\u9fff]{2,3}，"
)
# 城关镇900人，⏎双河镇650人，: a list with a line for each.
_LISTED, _LONGEST_LISTED, _COMMAS = re.compile(r"[^，,。；;]{2,16}\d[^，,。；;\d]{0,8}[，,；;、]"), 20, "，,；;、"
# What headings do not hold: a sentence's end, a colon, an amount.
_IN_PROSE = re.compile("[。；;：:]|\\d[\\u4e00-\\u9fff]")
# A longer paragraph has more likely lost its full stop.
_CUT, _LONGEST_CUT = 14, 80
_ENOUGH = 4.0
_HAN = re.compile("[\u4e00-\u9fff]")
_LATIN = 8
# A longer line is no heading alone.
_LONGEST_HEADING = 120
_PIECE_NUMBER = re.compile(
    r"[【\[(（]?(?:第?[一二三四五六七八九十\d]{1,3}篇|篇[一二三四五六七八九十\d]{1,3}|范文[一二三四五六七八九十\d]{1,3})[】\])）]?[:：]"
)
_PLAN_TITLE = re.compile(r"[^，。；：！？,;:!?\n]{4,40}(?:计划|总结|方案|要点|规划)[(（]?[^，。；：！？,;:!?\n]{0,6}")
# A row of a table: three cells or more, the last but one with a number.
_CELL = r"[^，。；：！？\s]{1,20}"
_ROW = re.compile(
    rf"{_CELL}(?:[ \t]+{_CELL})*?[ \t]+[^，。；：！？\s\d]{{0,6}}\d[^，。；：！？\s]{{0,12}}[ \t]+{_CELL}"
)
# What a line never ends with, whatever its length: more must come.
_CONJUNCTION = "的和与及或把将"


def wraps(
    page: Page, barriers: set[int], certain: set[int], page_ends: set[int], lost: Sequence[tuple[int, str]] = ()
) -> list[Edit]:
    """The repairs of hard wraps and overlaps.

    Args:
        page: the page without what the site added.
        barriers: offsets that no sentence runs across (hidden text).
        certain: offsets in breaks that are known to cut a sentence (where a viewer's chunk number stood).
        page_ends: offsets in breaks where a page number or running head stood.
        lost: what was taken out of lines, which were as much longer when they were set, and where it stood.
    """
    folded = page.folded
    habits = habits_of(page, lost)
    edits: list[Edit] = []
    listing = False
    for above, below in pairwise(page.lines):
        last = folded[above.end - 1]
        listing = last in ":：" or (listing and _is_listed(page, above, habits))
        if folded.find("\n", above.end, below.start) < 0:
            continue
        if last in ":：" and _is_bare_number(page, above) and _is_heading_rest(page, below):
            edits.append(_join(folded, above.end, below.start))
            continue
        if last in TERMINAL and folded[above.end - 2] != folded[below.start]:
            continue
        if barriers and _crosses(above, below, barriers):
            continue
        if page.title and page.title[0] <= above.start and below.end <= page.title[1]:
            edits.append(_join(folded, above.end, below.start))
            continue
        if _is_fixed(page, above, above.end - 1) or _is_fixed(page, below, below.start):
            continue
        if _ROW.fullmatch(folded, above.start, above.end) is not None:
            continue
        if last == ">" or folded[below.start] == "<" or not _is_chinese(page, above, below):
            continue
        if _cuts_label(page, above, below, habits):
            edits.append(_join(folded, above.end, below.start))
            continue
        if LABEL.match(folded, below.start, below.end) and not (last == "、" and _DATE.match(folded, below.start)):
            continue
        if listing and last in _COMMAS:
            continue
        here = habits
        if page_ends and _crosses(above, below, page_ends):
            # Pages end anywhere: neither the width of the line nor the blank lines below it tell anything.
            here = habits._replace(column=0, gap=breaks_between(page, above, below))
        found = _overlap(page, above, below, here)
        sure = bool(certain) and last not in TERMINAL and _crosses(above, below, certain)
        if not found and (sure or _score(page, above, below, here) >= _ENOUGH):
            found = [_join(folded, above.end, below.start)]
        edits += found
    return edits


def _is_listed(page: Page, line: Line, habits: Habits) -> bool:
    """Whether a line is one of several short ones, each with its amount and a comma, under a line with a colon."""
    words = page.folded[line.start : line.end]
    if len(words) > _LONGEST_LISTED or words[-1] not in _COMMAS or (habits.column and at_column(page, line, habits)):
        return False
    return _LISTED.fullmatch(words) is not None


def _cuts_label(page: Page, above: Line, below: Line, habits: Habits) -> bool:
    """Whether a full line ends inside a label: 。第⏎一，."""
    return (
        habits.column > 0
        and _LABEL_BEGUN.search(page.folded[max(above.start, above.end - 5) : above.end]) is not None
        and _LABEL_ENDS.match(page.folded, below.start, below.end) is not None
        and at_column(page, above, habits)
    )


def _is_fixed(page: Page, line: Line, at: int) -> bool:
    """Whether a line is the title or a heading; of a long one, which text was run into, the side at ``at``."""
    if line.end - line.start <= _LONGEST_HEADING:
        return page.is_fixed(line.start, line.end)
    return page.is_fixed(at, at + 1)


def _is_chinese(page: Page, above: Line, below: Line) -> bool:
    """Whether one of two lines has Chinese characters, or they are too short to tell."""
    if above.end - above.start < _LATIN:
        return True
    return bool(_HAN.search(page.folded, above.start, above.end) or _HAN.search(page.folded, below.start, below.end))


def _is_bare_number(page: Page, line: Line) -> bool:
    """Whether a line is the number of a piece with a colon, whose title must follow: 篇一："""
    return _PIECE_NUMBER.fullmatch(page.folded, line.start, line.end) is not None


def _is_heading_rest(page: Page, line: Line) -> bool:
    return _PLAN_TITLE.fullmatch(page.folded, line.start, line.end) is not None


def _crosses(above: Line, below: Line, offsets: set[int]) -> bool:
    return any(above.end <= offset <= below.start for offset in offsets)


def _join(folded: str, end: int, start: int) -> Edit:
    """Nothing stands between the halves of a sentence in Chinese, a blank between Latin words."""
    left, right = folded[end - 1], folded[start]
    latin = left.isascii() and right.isascii() and left.isalpha() and right.isalpha()
    return Edit(end, start, "hard_wrap", "hard-wrap", " " if latin else "")


def _score(page: Page, above: Line, below: Line, habits: Habits) -> float:
    """How much speaks for one sentence running across the break; ``_ENOUGH`` is enough."""
    folded = page.folded
    last, first = folded[above.end - 1], folded[below.start]
    text, following = folded[above.start : above.end], folded[below.start : below.end]
    if last in TERMINAL:
        return 0.0
    if first in _NO_START:
        return _ENOUGH if len(text) >= 2 else 0.0
    if first in ".．、" and _NUMBER_ALONE.fullmatch(text):
        return _ENOUGH
    if last in CLOSERS and _ended_before_closers(text):
        return 0.0
    full = at_column(page, above, habits)
    key = (text, following, full)
    words = page.memo.get(key)
    if words is None:
        words = page.memo[key] = _words_speak(text, following, full)
    score: float = words + _layout_speaks(page, above, below, habits)
    column = habits.column
    if -0.5 <= score < _ENOUGH and len(text) >= 8 and _joined_word(page, text[-4:], following[:4]):
        score += 4 if len(text) >= 14 or column else 2.5
    return score


def _words_speak(text: str, following: str, full: bool) -> float:
    score = 0.0
    if text[-1] in _NO_END:
        score += 5 if len(text) >= 12 else 2
    if _open_bracket(text):
        # A quotation that opens at the very end closes soon, or its rest is lost.
        score += -12 if text[-1] in "“‘《" and _OPENERS[text[-1]] not in following else 4
    label = LABEL.match(text)
    body = _body(text)
    if _SENTENCE_INSIDE.search(body):
        score += 4 if len(text) >= 20 else 2
    elif (
        label and len(body) <= 25 and not full and text[-1] not in _NO_END + "的" and label.group()[-1] not in "是要抓"
    ):
        score -= 2 if "，" in body else 4
    if len(text) >= 25 and "，" in body:
        score += 2.5
        if _CLAUSE_REST.match(following):
            score += 1.5
    if len(text) >= 40:
        score += 2 if body.count("，") >= 2 else 1
    if text[-1].isdigit() and len(text) >= 16 and _AMOUNT_GOES_ON.match(following):
        score += 4
    if text[-1] in _CONJUNCTION and len(text) >= 10:
        score += 4
    elif _HANGING.search(text):
        score += 2.5 if len(text) >= 10 else 1
    if _NO_BEGIN.match(following):
        score += 3
    if (
        (len(following) <= 15 and not re.search("[，。；！？]", following))
        or (following[-1] in "：:" and len(following) <= 20)
        or _OPENS_NEW.match(following)
    ):
        score -= 4
    return score


def _body(text: str) -> str:
    label = LABEL.match(text)
    return text[label.end() :] if label else text


def _layout_speaks(page: Page, above: Line, below: Line, habits: Habits) -> float:
    score = 0.0
    if habits.column:
        score += 4 if at_column(page, above, habits) else -5
    if habits.indented:
        score += 2 if below.indent < 2 else -5
    breaks = breaks_between(page, above, below)
    text = page.folded[above.start : above.end]
    if (
        habits.ended
        and not habits.column
        and breaks <= habits.gap
        and _CUT <= len(text) <= _LONGEST_CUT
        and _IN_PROSE.search(_body(text))
        and not _OPENS_NEW.match(page.folded, below.start, below.end)
    ):
        score += 3.5
    elif breaks > habits.gap:
        # Two empty lines too many are a hole: something stood there.
        score -= 4 if breaks < habits.gap + 2 else 8
    elif breaks < habits.gap:
        score += 2
        if habits.even and "，" in text:
            score += 2.5
    return score


def _joined_word(page: Page, left: str, right: str) -> bool:
    """Whether a word lies across the break; the dictionary is loaded only for a break that nothing else decides."""
    known: bool | None = page.memo.get((left, right))
    if known is None:
        from planparse.words import spans_word

        known = page.memo[left, right] = spans_word(left, right)
    return known


def _ended_before_closers(text: str) -> bool:
    inner = text.rstrip(CLOSERS)
    return bool(inner) and inner[-1] in TERMINAL


def _open_bracket(text: str) -> bool:
    """Whether a bracket or quotation mark of the line's last stretch is still open."""
    tail = text[-60:]
    return any(tail.rfind(opener) > tail.rfind(closer) for opener, closer in _OPENERS.items())


def _overlap(page: Page, above: Line, below: Line, habits: Habits) -> list[Edit]:
    """Characters that stand both before and after a break: ``…思路。⏎路，使…``, ``…巡查队⏎队伍…``."""
    folded = page.folded
    text = folded[above.start : above.end]
    if len(text) < 12 or (not _SENTENCE_INSIDE.search(text, 0, len(text) - 1) and "，" not in text):
        return []
    first, last = folded[below.start], text[-1]
    after = folded[below.start + 1 : below.start + 2]
    if last in "。，、；" and text[-2] == first and "\u4e00" <= first <= "\u9fff":
        # The mark before the break is the scraper's, if another follows the repeated character at once.
        if after and after in "，、；。":
            return [Edit(above.end - 1, below.start + 1, "overlap", "repeated-across-break", "")]
        return []
    if last in TERMINAL or (LABEL.match(text) and not _SENTENCE_INSIDE.search(text)):
        return []
    if _layout_speaks(page, above, below, habits) < 0:
        return []
    for size in (4, 3, 2, 1):
        piece = text[-size:]
        if not piece.isalpha() or piece.isascii() or not folded.startswith(piece, below.start):
            continue
        if size == 1 and not _is_repeated(page, text, below):
            continue
        return [
            _join(folded, above.end, below.start),
            Edit(below.start, below.start + size, "overlap", "repeated-across-break", ""),
        ]
    return []


def _is_repeated(page: Page, text: str, below: Line) -> bool:
    """Whether one character that stands on both sides of a break is there once too often: no word begins with it."""
    following = page.folded[below.start : min(below.end, below.start + 5)]
    if _joined_word(page, text[-4:], following[1:]):
        return True
    from planparse.words import cut

    before, after = cut(text[-4:]), cut(following)
    return len(before[-1]) > 1 and len(after) > 1 and len(after[0]) == 1 and text.count("，") >= 1 and len(text) >= 20
