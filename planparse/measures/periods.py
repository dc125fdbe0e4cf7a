"""The time of an amount (期间) and its recurrence (频次)."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from planparse.document import Period
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
_HAN_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_NUMBERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}


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


def find_period(folded: str, text: str, sentence: Sentence, start: int, year: int | None) -> Period | None:
    """The last word of time before ``start`` in the sentence."""
    found = sentence.last("periods", sentence.start, start)
    return None if found is None else _period(folded, text, sentence.tables, found, year)


def governing_period(folded: str, text: str, tables: Tables, low: int, high: int, year: int | None) -> Period | None:
    """The last word of time in ``[low, high)``, a title or a lead-in, which governs what stands under it."""
    found = tables.sentence.find(folded, low, high)["periods"]
    return _period(folded, text, tables, found[-1], year) if found else None


def _period(folded: str, text: str, tables: Tables, found: Word, year: int | None) -> Period:
    first, last, i = found
    from_, to = _dates(tables.sentence.rules["periods"][i]["scope"], folded[first:last], year)
    return Period(text[first:last], first, last, from_, to)


def _dates(scope: str, words: str, year: int | None) -> tuple[date | None, date | None]:
    digits = re.search(r"(?:1[89]|20)[0-9]{2}", words.translate(_HAN_DIGITS))
    by = any(sign in words for sign in ("前", "底", "末", "到"))
    if scope in ("year", "month") and digits:
        year = int(digits.group())
        if scope == "year":
            return (None if words.startswith("到") or by else date(year, 1, 1)), date(year, 12, 31)
    if year is None:
        return None, None
    match scope:
        case "this":
            return (None if by else date(year, 1, 1)), date(year, 12, 31)
        case "last":
            return date(year - 1, 1, 1), date(year - 1, 12, 31)
        case "before-last":
            return date(year - 2, 1, 1), date(year - 2, 12, 31)
        case "next":
            return date(year + 1, 1, 1), date(year + 1, 12, 31)
        case "half1":
            return date(year, 1, 1), date(year, 6, 30)
        case "half2":
            return date(year, 7, 1), date(year, 12, 31)
        case "quarter":
            number = next((_NUMBERS[c] for c in words if c in _NUMBERS), 0)
            if not number:
                return None, None
            return (None if by else date(year, 3 * number - 2, 1)), date(
                year, 3 * number, monthrange(year, 3 * number)[1]
            )
        case "month" | "month-of":
            month = re.search(r"(1[0-2]|0?[1-9])月", words)
            if month is None:
                return None, None
            number = int(month[1])
            return (None if by else date(year, number, 1)), date(year, number, monthrange(year, number)[1])
    return None, None


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
