"""The numbers of labels (编号数): 一 … 一百九十九, 1 … 999, ①, ㈠, Ⅰ. Small and fast, since every label asks."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

CHINESE = "一二三四五六七八九十百零〇"
_DIGITS = "零一二三四五六七八九"
_NUMERAL = re.compile(rf"\d{{1,3}}|[{CHINESE}]{{1,6}}|[①-⓿❶-❿⑴-⒛㈠-㈩Ⅰ-Ⅻ]")


def chinese(number: int) -> str:
    """A number from 1 to 999 in Chinese."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    parts = []
    if hundreds:
        parts.append(_DIGITS[hundreds] + "百" + ("零" if rest and not tens else ""))
    if tens:
        parts.append(("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十")
    if ones:
        parts.append(_DIGITS[ones])
    return "".join(parts)


@lru_cache(maxsize=1)
def _table() -> dict[str, int]:
    table = {chinese(number): number for number in range(1, 1000)}
    table |= {text.replace("零", "〇"): number for text, number in table.items()}
    # 一百一 for 一百一十 is spoken; labels are written out, so that it stays unread.
    for first, last in ("①⓿", "❶❿", "⑴⒛", "㈠㈩", "ⅠⅫ"):
        for code in range(ord(first), ord(last) + 1):
            value = unicodedata.numeric(chr(code), 0)
            if value > 0:
                table[chr(code)] = int(value)
    return table


def number_of(label: str) -> int:
    """The number of a folded label, 0 where it has none that counts (三八, 0, 二二)."""
    match = _NUMERAL.search(label.replace(" ", ""))
    if match is None:
        return 0
    text = match.group()
    if text[0].isascii():
        return int(text)
    return _table().get(text, 0)


def to_number(text: str) -> int:
    """The number a folded numeral stands for, 0 where it is none."""
    if text.isascii() and text.isdigit():
        return int(text)
    return _table().get(text, 0)
