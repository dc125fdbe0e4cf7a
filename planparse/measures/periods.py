"""The time of an amount (期间) and its recurrence (频次)."""

from __future__ import annotations

import re

from planparse.document import Period
from planparse.measures.dates import dates
from planparse.measures.sentence import Sentence
from planparse.measures.tables import Tables
from planparse.numerals import parse_number
from planparse.rules.lexicon import Word

_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})\ ?(?:年|-|—)")
_PLAN_YEAR = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})\ ?(?:-(?:19|20)?[0-9]{2})?(?:学年度?|年度?)?"
    r"[^0-9，。]{0,16}(?:计划|方案|打算|安排|要点|规划)"
)
_HAN_YEAR = re.compile(r"([一二][九八〇○零0][0-9一二三四五六七八九〇○零]{2})年")
_COUNT = re.compile(r"[一两二三四五六七八九十0-9]{1,3}")
_SENTENCE_ENDS = "。！？!?\n"
_HEAD = 16
# 比2016年, 与去年相比, 在今年的基础上, 是2016年的2.1倍; not 从今年起.
_BASE_BEFORE = "比较由从与同是为"
_FROM_THEN_ON = re.compile("起|开始|以来|至|到|-|—")
_BASE_BEHIND = re.compile(
    "同期|[^，。；0-9在与比同较]{0,6}(?:相比|基础上|持平)|的(?=[0-9.]{1,9}[^，。；0-9]{1,4}(?:的?基础上|为基数))"
)
_DUE = re.compile("(?:前|底|末|内)$")
_DONE = re.compile(
    "[^，。；0-9]{0,4}(?:完成|投产|投用|投入使用|竣工|完工|开工|建成|交付|通车|启用|开放|上线|验收|到位)"
)
_OPENS = re.compile("(?:于|在|力争|确保|必须|务必|要|须|应|争取|计划|并|且|均|均要|全部|保证|赶在|拟|将| ){0,3}")
_DIGIT = re.compile("[0-9]")
_EVENT = re.compile("[一-鿿“”、]+$")
_EVENT_NAME = 10


def base_year(*openings: str) -> int | None:
    """The year a plan is for (计划年度): the one its title or opening names; None where they name none, or several."""
    for opening in openings:
        head = opening[:200]
        years = {int(year) for year in _PLAN_YEAR.findall(head)}
        if len(years) != 1:
            years = {int(year) for year in _YEAR.findall(head)}
        if not years:
            years = {int(str(parse_number(year))) for year in _HAN_YEAR.findall(head)}
        if len(years) == 1:
            return years.pop()
        if years:
            return None
    return None


def find_period(folded: str, text: str, sentence: Sentence, start: int, end: int, year: int | None) -> Period | None:
    """The time of the amount at ``[start, end)`` that its sentence names.

    That is the last word of time before it which is no base of a comparison (比2016年); where there is none, or where
    it only describes the noun (上半年签约的19个), the deadline behind (8月底前逐个销号).
    """
    words = sentence.words["periods"]
    before = _last(folded, sentence, words, start)
    if before is None or folded[start - 1] == "的":
        behind = _deadline(folded, sentence, words, end)
        before = behind if behind is not None else before
    return None if before is None else _period(folded, text, sentence.tables, words, before, sentence.start, year)


def governing_period(folded: str, text: str, tables: Tables, low: int, high: int, year: int | None) -> Period | None:
    """The last word of time in ``[low, high)``, a title or a lead-in, which governs what stands under it."""
    found = tables.sentence.find(folded, low, high)["periods"]
    return _period(folded, text, tables, found, len(found) - 1, low, year) if found else None


def opening_period(folded: str, text: str, tables: Tables, low: int, high: int, year: int | None) -> Period | None:
    """The time at the head of the last sentence in ``[low, high)`` that begins with one: 去年，…。举办招聘会36场."""
    at = high
    while at > low:
        start = max(low, *(folded.rfind(stop, low, at - 1) + 1 for stop in _SENTENCE_ENDS))
        head = folded[start : min(at, start + _HEAD)]
        lead = len(head) - len(head.lstrip(" 到至在截自—"))
        found = tables.sentence.find(folded, start, min(at, start + _HEAD))["periods"]
        if found and found[0][0] <= start + lead:
            i = 0
            while i + 1 < len(found) and found[i + 1][0] == found[i][1]:
                i += 1
            if _BASE_BEHIND.match(folded, found[i][1]) is None:
                return _period(folded, text, tables, found, i, start, year)
        at = start
    return None


def _last(folded: str, sentence: Sentence, words: list[Word], start: int) -> int | None:
    """Which word of time before ``start`` is the last that is no base of a comparison."""
    for i in range(len(words) - 1, -1, -1):
        first, last, _ = words[i]
        if last > start:
            continue
        for k in range(i - 1, -1, -1):
            if words[k][1] != first:
                break
            first = words[k][0]
        if (
            first > sentence.start
            and folded[first - 1] in _BASE_BEFORE
            and _FROM_THEN_ON.match(folded, last) is None
            and not (folded[first - 1] in "是为" and folded[last : last + 1] != "的")
        ):
            continue
        if _BASE_BEHIND.match(folded, last) is not None:
            continue
        return i
    return None


def _deadline(folded: str, sentence: Sentence, words: list[Word], end: int) -> int | None:
    """Which word is a deadline behind the amount, with no other amount up to the end of the deadline's clause."""
    close = sentence.clause_end(end)
    for i, (first, last, _) in enumerate(words):
        if first < end:
            continue
        if first > close:
            if sentence.clause_start(first) != close + 1 or _OPENS.fullmatch(folded, close + 1, first) is None:
                return None
            close = sentence.clause_end(last)
        while i + 1 < len(words) and words[i + 1][0] == last:
            i, last = i + 1, words[i + 1][1]
        if _DUE.search(folded, first, last) is None and _DONE.match(folded, last, close) is None:
            return None
        stretch = _DIGIT.search(folded, end, first) or _DIGIT.search(folded, last, close)
        return None if stretch is not None else i
    return None


def _period(folded: str, text: str, tables: Tables, words: list[Word], i: int, low: int, year: int | None) -> Period:
    """The time that ``words[i]`` names, together with the words it follows without a gap: 明年 + 3月底前."""
    first, last, rule = words[i]
    rules = tables.sentence.rules["periods"]
    scope = rules[rule]["scope"]
    if scope == "event":
        # 休渔[期间], 单位清查[阶段]: the name of the event stands before.
        named = _EVENT.search(folded, max(low, first - _EVENT_NAME), first)
        if named is not None:
            first = named.start()
    while i and words[i - 1][1] == first and rules[words[i - 1][2]]["scope"] != "event":
        i -= 1
        first = words[i][0]
        if scope != "event":
            scope = "dated" if "dated" in (scope, rules[words[i][2]]["scope"]) else scope
    from_, to = dates(folded[first:last], year) if scope == "dated" else (None, None)
    return Period(text[first:last], first, last, from_, to)


def find_every(folded: str, sentence: Sentence, low: int, start: int) -> tuple[str, int, int, str] | None:
    """The recurrence in ``[low, start)`` nearest to ``start``: its ISO 8601 duration, its place and its rule."""
    found = sentence.last("recurrences", low, start)
    if found is None:
        return None
    first, last, i = found
    rule = sentence.tables.sentence.rules["recurrences"][i]
    code = rule["every"]
    count = 1
    words = folded[first:last]
    if words.startswith("每") and (number := _COUNT.search(words)) is not None:
        try:
            count = int(parse_number(number.group()))
        except ValueError:
            return None
    time = code.startswith("T")
    letter = code[1] if time else code[0]
    factor = int(code[1:] or 1) if not time else 30 if code == "T30" else 1
    if code == "T30":
        letter = "M"
    return f"P{'T' if time else ''}{factor * count}{letter}", first, last, rule.id
