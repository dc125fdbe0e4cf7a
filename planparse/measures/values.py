"""What a numeral in a text is worth: Arabic, Chinese and mixed, and the numerals that are two or none."""

from __future__ import annotations

import re
from itertools import pairwise

from planparse.numerals import DIGITS, Exact, exact

HAN = "一二三四五六七八九十百千万亿两零〇○廿卅壹贰叁肆伍陆柒捌玖拾佰仟"
# 千瓦, 千米, 万分之, 百分点: the multiplier belongs to the unit or the fraction.
MULT = r"(?:[十亿]|[百万](?!分之|分点)|千(?!分之|分点|[瓦米克伏卡焦帕]))"
_MARK = r"[.．﹒·]"
NUMBER = re.compile(
    rf"""(?P<digits>[0-9]{{1,3}}(?:[,，][0-9]{{3}}){{1,5}}(?![0-9])(?:{_MARK}[0-9]{{1,12}})?
          |[0-9]+(?:\ ?{_MARK}[0-9]{{1,12}})?)
         (?P<mult>\ ?{MULT}{{1,3}}(?:零?[0-9]{{1,8}}(?:\.[0-9]{{1,8}})?{MULT}{{1,3}}){{0,2}})?
       |(?P<han>(?:[几数](?=[十百千万亿]))?(?:{MULT}|[一二三四五六七八九两零〇○廿卅壹贰叁肆伍陆柒捌玖拾佰仟0]){{1,24}}
          (?:点(?=[一二三四五六七八九零〇])[一二三四五六七八九零〇]{{1,8}}{MULT}{{0,2}})?)""",
    re.X,
)
_BARE_MULT = frozenset("百千万亿")
# No amount is written with more digits: longer runs are numbers of cards, accounts, files.
_LONGEST = 15


def value_of(number: re.Match[str]) -> Exact | None:
    """What a numeral is worth; None for digit strings (二〇一八, 三五, 一二三) and for what is too long."""
    digits, mult, han = number.group("digits", "mult", "han")
    try:
        if digits:
            if mult is None and len(digits) < _LONGEST and digits.isdigit():
                return Exact(int(digits), 0)
            if len(digits) > _LONGEST:
                return None
            plain = digits.replace(",", "").replace("，", "").replace(" ", "")
            for mark in "．﹒·":
                plain = plain.replace(mark, ".")
            whole, _, decimals = plain.partition(".")
            value = Exact(int(whole + decimals), len(decimals))
            mult = (mult or "").strip()
            if not mult:
                return value
            if all(character in "十百千万亿" for character in mult):
                return value.times(zeros(mult))
            return exact(plain + mult)
        if han[0] in "几数":
            han = han[1:]
        if _adjacent(han):
            return None
        if len(han) > 1 and not any(character in "十百千万亿拾佰仟廿卅" for character in han) and "点" not in han:
            return None
        return exact(han)
    except ValueError:
        return None


def _adjacent(han: str) -> bool:
    """三四万, 十五六: two digits side by side before or behind a multiplier are no single number."""
    if not any(character in "十百千万亿" for character in han):
        return False
    return any(0 < DIGITS.get(a, 0) < 10 and 0 < DIGITS.get(b, 0) < 10 for a, b in pairwise(han))


def zeros(mult: str) -> int:
    """The zeros of a multiplier: 8 for 万万, 6 for 百万."""
    return sum({"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}.get(character, 0) for character in mult or "")


def trailing_zeros(han: str | None) -> int:
    """The zeros of the 万, 亿 at the end of a numeral: 4 for the 五万 of 三到五万元."""
    count = 0
    for character in reversed(han or ""):
        if character not in "百千万亿":
            break
        count += zeros(character)
    return count


def is_bare(han: str) -> bool:
    """Whether a numeral is a multiplier and nothing else: 万, 百万."""
    return all(character in _BARE_MULT for character in han)


def neighbours(han: str) -> tuple[Exact, Exact] | None:
    """两三 → 2, 3; 十五六 → 15, 16; 三五百 → 300, 500; 七八十 → 70, 80."""
    for i in range(len(han) - 1):
        first, second = han[i], han[i + 1]
        low, high = DIGITS.get(first, 0), DIGITS.get(second, 0)
        if not (low and high):
            continue
        if high - low != 1 and (low, high) != (3, 5):
            return None
        try:
            return exact(han[:i] + first + han[i + 2 :]), exact(han[:i] + second + han[i + 2 :])
        except ValueError:
            return None
    return None


def overwritten(digits: str, mult: str | None) -> bool:
    """20232.8万亩, 202320230元: a year was substituted inside the number."""
    if len(digits) < 5 or digits[0] != "2":
        return False
    plain = digits.replace(",", "")
    if re.fullmatch(r"20[12][0-9][0-9]{1,4}\.[0-9]+", plain):
        return bool(mult)
    return re.fullmatch(r"(20[12][0-9]){2}[0-9]{0,4}", plain) is not None
