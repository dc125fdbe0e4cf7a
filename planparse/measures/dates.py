"""Words of time as ISO dates, where the plan's year is known (日期): 明年3月底前, “十四五”期间, 前三季度."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

Span = tuple[date | None, date | None]

_ORDINAL = {c: i for i, c in enumerate("一二三四五六七八九", 1)} | {"两": 2} | {str(i): i for i in range(1, 10)}
_YEAR = re.compile(r"((?:1[89]|20)[0-9]{2})(?: ?年?[-—–~～至到]{1,2}((?:1[89]|20)?[0-9]{2}))?(?= ?年|[-—–~～至到])")
_HAN_YEAR = re.compile("([一二][〇零○一二三四五六七八九0-9]{3})年")
_HAN_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_FIVE_YEARS = re.compile("十([一二三四五六])五")
_OFFSETS = (
    ("前年", -2),
    ("去年", -1),
    ("上年", -1),
    ("上一年", -1),
    ("明年", 1),
    ("来年", 1),
    ("下年", 1),
    ("下一年", 1),
    ("头年", -1),
    ("头一年", -1),
    ("次年", 1),
    ("翌年", 1),
)
_MONTH = r"(1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_MONTHS = re.compile(rf"{_MONTH}月?(?:份)?[-—–~～至到、]{{1,2}}{_MONTH}[两三]?个?月")
_ONE_MONTH = re.compile(rf"{_MONTH}月(?:([0-9]{{1,2}})日|(上旬|中旬|下旬|初))?")
# 8月20日至9月30日, 5月6—20日, 12月21日至次年3月31日.
_DAY = "([0-9]{1,2}日?|[上中下]旬|初|底)"
_DAYS = re.compile(
    rf"{_MONTH}月{_DAY}?[-—–~～至到]{{1,2}}(次年|翌年|明年|来年)?(?:{_MONTH}月)?([0-9]{{1,2}}日|[上中下]旬|初|底)"
)
# 2023年11月至2024年3月, 11月至次年3月, 12月5日至2024年1月10日: the second half has a year of its own.
_ACROSS = re.compile(
    rf"(?:((?:1[89]|20)[0-9]{{2}}) ?年|([今明去]年))?{_MONTH}月(?:份)?(?:([0-9]{{1,2}})日)?[-—–~～至到]{{1,2}}"
    rf"(?:((?:1[89]|20)[0-9]{{2}}) ?年|次年|翌年|明年|来年){_MONTH}月(?:份)?(?:([0-9]{{1,2}})日)?"
)
# 1-12月 that has lost its hyphen.
_JOINED = re.compile("(?<![0-9])1(1[0-2]|[3-9])月")
_SOME_MONTHS = re.compile("([前头后])(十一?|[一两三四五六七八九]|1[01]|[1-9])个月")
_QUARTERS = re.compile("前([一二三两1-3])个?季度|[1一]至([二三23])季度")
_QUARTER = re.compile("([一二三四1-4])季度")
_BY = re.compile("(?:前|底|末)$")
_BEGINS = ("到", "至", "截至", "截止")
_TEN_DAYS = {"初": (1, 10), "上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31)}


def dates(words: str, year: int | None) -> Span:
    """The first and the last day of a time; None for an end that the words leave open, or where no year fixes them.

    A deadline (6月底前, 到2025年) has a last day alone. ``words`` is folded; ``year`` is the plan's.
    """
    words = _JOINED.sub(r"1-\1月", words).replace("元月", "1月")
    words = _HAN_YEAR.sub(lambda match: match[1].translate(_HAN_DIGITS) + "年", words)
    if (five := _FIVE_YEARS.search(words)) is not None:
        # 十四五: 2021 to 2025.
        begin = 1951 + 5 * (10 + _ORDINAL[five[1]])
        return (None if _is_deadline(words) else date(begin, 1, 1)), date(begin + 4, 12, 31)
    if (across := _ACROSS.search(words)) is not None:
        return _across(across, year)
    last_year = None
    if (named := _YEAR.search(words)) is not None:
        year = int(named[1])
        if named[2]:
            last_year = int(named[2]) if len(named[2]) == 4 else year // 100 * 100 + int(named[2])
        words = words[: named.start()] + words[named.end() :]
    elif year is not None:
        # 12月21日至次年3月31日: the range itself begins this year.
        head = words if (days := _DAYS.search(words)) is None else words[: days.start()]
        year += _offset(head)
    if year is not None and 1 < year < 9998 and (days := _DAYS.search(words)) is not None:
        return _days(year, days)
    if year is None or not 1 < year < 9999:
        return None, None
    first, last = _within(words, year)
    if last_year is not None:
        if last_year < year:
            return None, None
        last = date(last_year, 12, 31)
    return (None if _is_deadline(words) else first), last


def _across(found: re.Match[str], year: int | None) -> Span:
    """From a month or a day of one year to one of another."""
    if found[1]:
        year = int(found[1])
    elif year is not None and found[2]:
        year += _offset(found[2])
    begin, end = _number(found[3]), _number(found[6])
    last_year = int(found[5]) if found[5] else None if year is None else year + 1
    if year is None and last_year is not None and last_year > 1:
        year = last_year - (end < begin)
    if year is None or last_year is None or not 1 < year <= last_year < 9998:
        return None, None
    first = _day(year, begin, found[4] or "1", 0)
    last = _day(last_year, end, found[7], 1) if found[7] else date(last_year, end, monthrange(last_year, end)[1])
    return (None, None) if first is None or last is None or last < first else (first, last)


def _offset(words: str) -> int:
    """How many years from the plan's own: 明年, 去年."""
    return next((offset for sign, offset in _OFFSETS if sign in words), 0)


def _is_deadline(words: str) -> bool:
    return words.startswith(_BEGINS) or _BY.search(words) is not None


def _within(words: str, year: int) -> tuple[date, date]:
    """The part of a year that words name; all of it where they name none."""
    if (months := _MONTHS.search(words)) is not None:
        return _months(year, _number(months[1]), _number(months[2]))
    if (month := _ONE_MONTH.search(words)) is not None:
        number = _number(month[1])
        end = monthrange(year, number)[1]
        if month[2] and 1 <= int(month[2]) <= end:
            return date(year, number, int(month[2])), date(year, number, int(month[2]))
        first, last = _TEN_DAYS.get(month[3] or "", (1, 31))
        return date(year, number, first), date(year, number, min(last, end))
    if (quarters := _QUARTERS.search(words)) is not None:
        return _months(year, 1, 3 * _ORDINAL[quarters[1] or quarters[2]])
    if (quarter := _QUARTER.search(words)) is not None:
        number = _ORDINAL[quarter[1]]
        return _months(year, 3 * number - 2, 3 * number)
    if (some := _SOME_MONTHS.search(words)) is not None:
        number = _number(some[2])
        return _months(year, 13 - number, 12) if some[1] == "后" else _months(year, 1, number)
    if "上半年" in words:
        return _months(year, 1, 6)
    if "下半年" in words:
        return _months(year, 7, 12)
    return _months(year, 1, 12)


def _days(year: int, days: re.Match[str]) -> Span:
    """From one day to another, the second in the next year where it is said so or would come first."""
    begin = _number(days[1])
    end = _number(days[4]) if days[4] else begin
    last_year = year + 1 if days[3] or end < begin else year
    first, last = _day(year, begin, days[2] or "1", 0), _day(last_year, end, days[5], 1)
    return (None, None) if first is None or last is None or last < first else (first, last)


def _day(year: int, month: int, words: str, side: int) -> date | None:
    """The first or the last day (``side``) of 20日, 上旬, 底 in a month."""
    end = monthrange(year, month)[1]
    if words[0].isdigit():
        number = int(words.rstrip("日"))
        return date(year, month, number) if 1 <= number <= end else None
    return date(year, month, min({"底": (end, end), **_TEN_DAYS}[words][side], end))


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    last = max(first, last)
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def _number(words: str) -> int:
    """1 to 12."""
    if words.isdigit():
        return int(words)
    if words[0] == "十":
        return 10 + (_ORDINAL[words[1]] if len(words) > 1 else 0)
    return _ORDINAL[words]
