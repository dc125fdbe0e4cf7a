"""Numerals (数词): the exact value of an Arabic, Chinese, mixed or financial numeral.

Values are kept as a whole number and a count of decimals, so that 3.5亿 is exactly 350000000 and 0.1 is the float
nearest to 0.1. This module imports nothing of the project.
"""

from __future__ import annotations

import re
from typing import NamedTuple

DIGITS = {
    **{character: value for value, character in enumerate("零一二三四五六七八九")},
    **{character: value for value, character in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    **{character: value for value, character in enumerate("零壹貳參肆伍陸柒捌玖")},
    **{character: value for value, character in enumerate("0123456789")},
    **{character: value for value, character in enumerate("０１２３４５６７８９")},
    "○": 0,
    "两": 2,
    "兩": 2,
    "俩": 2,
    "倆": 2,
    "弌": 1,
    "弍": 2,
    "弎": 3,
    "幺": 1,
    "叄": 3,
    "陆": 6,
}
SMALL = {"十": 1, "拾": 1, "百": 2, "佰": 2, "千": 3, "仟": 3}
LARGE = {"万": 4, "萬": 4, "亿": 8, "億": 8, "兆": 12}
TENS = {"廿": "二十", "卄": "二十", "卅": "三十", "卌": "四十"}

MAX_DIGITS = 400
"""Longer numerals are not amounts of anything, and turning them into numbers takes more than linear time."""

_ARABIC = re.compile(r"([0-9]{1,3}(?:[,，][0-9]{3})+|[0-9]+)(?:\.([0-9]+))?")
_WIDE = str.maketrans("０１２３４５６７８９．", "0123456789.")
# 三千 八百, 7 万: blanks that do not part two digits.
_BLANK = re.compile(r"[ \u3000]+(?=[^0-9 \u3000])|(?<=[^0-9 \u3000])[ \u3000]+")
_TOKEN = re.compile(r"[0-9][0-9,，]*(?:\.[0-9]+)?|\.[0-9]+|[^0-9]")
_SIGNS = {"-": -1, "−": -1, "－": -1, "负": -1, "負": -1, "+": 1, "＋": 1, "正": 1}


class Exact(NamedTuple):
    """A decimal number without rounding: ``whole / 10 ** decimals``."""

    whole: int
    decimals: int

    def times(self, zeros: int) -> Exact:
        """This times ten to the power of ``zeros``."""
        if zeros <= self.decimals:
            return Exact(self.whole, self.decimals - zeros)
        return Exact(self.whole * 10 ** (zeros - self.decimals), 0)

    def plus(self, other: Exact) -> Exact:
        """The sum."""
        decimals = max(self.decimals, other.decimals)
        return Exact(
            self.whole * 10 ** (decimals - self.decimals) + other.whole * 10 ** (decimals - other.decimals), decimals
        )

    def less_than(self, zeros: int) -> bool:
        """Whether this is below ten to the power of ``zeros``."""
        limit: int = 10 ** (zeros + self.decimals)
        return self.whole < limit

    def number(self) -> int | float:
        """An int where whole, otherwise the nearest float."""
        if not self.decimals:
            return self.whole
        scale: int = 10**self.decimals
        return self.whole // scale if self.whole % scale == 0 else self.whole / scale


# Two of a thing: never a digit among others.
_TWO = "两兩俩倆"
_ONE = Exact(1, 0)
_ZERO = Exact(0, 0)
_POINT = ("点", "點")


def parse_number(text: str) -> int | float:
    """The value of a numeral that fills ``text``: 三百二十万 is 3200000, 3.5万 is 35000, 1亿2300万 is 123000000.

    Takes Arabic digits of either width with commas and a point, Chinese numerals with 点, digit strings (二00一),
    廿 and 卅, financial forms (壹佰), the short forms 三百五 (350) and 一万二 (12000), and a sign (-, +, 负). 百分之…,
    fractions and vague numerals (十几) are not its business.

    Raises:
        ValueError: where ``text`` is no such numeral, or has more than 400 digits.
    """
    return exact(text).number()


def exact(text: str) -> Exact:
    """As :func:`parse_number`, without rounding.

    Raises:
        ValueError: as there.
    """
    if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS:
        return Exact(int(text), 0)
    body = text.strip()
    sign = 1
    if body and body[0] in _SIGNS:
        sign = _SIGNS[body[0]]
        body = body[1:].lstrip()
    if not body or len(body) > MAX_DIGITS:
        raise ValueError(f"{text[:40]!r} is no number")
    value = _body(_BLANK.sub("", body).translate(_WIDE))
    if value is None:
        raise ValueError(f"{text[:40]!r} is no number")
    return Exact(sign * value.whole, value.decimals)


def _body(text: str) -> Exact | None:
    for short, long in TENS.items():
        if short in text:
            text = text.replace(short, long)
    return _number(_TOKEN.findall(text))


def _number(tokens: list[str]) -> Exact | None:
    """Splits at the largest multiplier: what stands before is multiplied, what follows is smaller and added."""
    largest = max((LARGE.get(token, 0) for token in tokens), default=0)
    if not largest:
        return _below_ten_thousand(tokens)
    # 万亿, 亿亿: the last of the largest multipliers carries all that stands before it.
    at = max(i for i, token in enumerate(tokens) if LARGE.get(token) == largest)
    before, after = tokens[:at], tokens[at + 1 :]
    left = _number(before) if before else _ONE
    if left is None or not left.whole:
        return None
    result = left.times(largest)
    if not after:
        return result
    if len(after) == 1 and 0 < DIGITS.get(after[0], 0) < 10:
        # 一万二 is 12000; 一万零二 has its 零.
        return result.plus(Exact(DIGITS[after[0]], 0).times(largest - 1)) if before else None
    if after[0] in _POINT:
        # 两千万点五: the point stands behind the multiplier.
        decimals = None if left.decimals else _with_decimals(["零"], after[1:])
        return None if decimals is None else result.plus(decimals)
    right = _number(after[1:] if DIGITS.get(after[0]) == 0 and len(after) > 1 else after)
    if right is None or not right.less_than(largest) or left.decimals:
        return None
    return result.plus(right)


def _below_ten_thousand(tokens: list[str]) -> Exact | None:
    if not tokens:
        return None
    if len(tokens) == 1 and tokens[0][0] in "0123456789":
        return _arabic(tokens[0])
    if len(tokens) == 1 and tokens[0][0] == ".":
        return _arabic("0" + tokens[0])
    for point in _POINT:
        if point in tokens:
            at = tokens.index(point)
            return _with_decimals(tokens[:at], tokens[at + 1 :])
    if not any(token in SMALL for token in tokens):
        return _digit_string(tokens)
    return _positional(tokens)


def _arabic(token: str) -> Exact | None:
    match = _ARABIC.fullmatch(token)
    if match is None:
        return None
    whole, decimals = match[1].replace(",", "").replace("，", ""), match[2] or ""
    return Exact(int(whole + decimals), len(decimals))


def _with_decimals(before: list[str], after: list[str]) -> Exact | None:
    """三点一四: what follows 点 are single digits."""
    whole = _below_ten_thousand(before)
    if whole is None or whole.decimals or not after or any(t not in DIGITS or t in _TWO for t in after):
        return None
    decimals = "".join(str(DIGITS[token]) for token in after)
    return Exact(int(f"{whole.whole}{decimals}"), len(decimals))


def _digit_string(tokens: list[str]) -> Exact | None:
    """二〇〇一, 二00一: digits read one by one. A single digit is one too."""
    digits = []
    for token in tokens:
        for character in token:
            if character not in DIGITS or (character in _TWO and len(tokens) > 1):
                return None
            digits.append(str(DIGITS[character]))
    return Exact(int("".join(digits)), 0)


def _positional(tokens: list[str]) -> Exact | None:
    """三百二十, 一千零五, 三百五 (350), 5百, 3.5千: multipliers 千, 百, 十 in falling order, each with its digit."""
    total = _ZERO
    last = 4
    zero = False
    digit: Exact | None = None
    for i, token in enumerate(tokens):
        zeros = SMALL.get(token)
        if zeros is None:
            if digit is not None:
                return None
            if DIGITS.get(token) == 0 and token not in "0":
                if zero or not total.whole or i + 1 == len(tokens):
                    return None
                zero = True
                continue
            digit = Exact(DIGITS[token], 0) if token in DIGITS else _arabic(token) if token[0].isascii() else None
            if digit is None or not digit.whole:
                return None
            continue
        if zeros >= last or (digit is None and i and not (zero and zeros == 1)):
            return None
        # 一千零十 is heard for 一千零一十; 十 and 百 may open a numeral without their 一.
        total = total.plus((digit or _ONE).times(zeros))
        last, digit, zero = zeros, None, False
    if digit is None:
        return total if not zero else None
    if digit.decimals or not digit.less_than(1):
        return total.plus(digit) if digit.less_than(last) and not digit.decimals else None
    return total.plus(digit.times(last - 1) if last > 1 and not zero else digit)
