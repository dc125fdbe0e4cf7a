"""Amounts (数量): one scan for numerals, each read with its approximator, range and unit.

The scan stops at every run of numeral characters; most runs (一是, 统一, 2020年) are put away by looking at the one
character behind them. Nothing here depends on the sentence: comparators, roles and the rest are the next step.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from planparse.measures.units import Unit, Units
from planparse.measures.values import (
    HAN,
    MULT,
    NUMBER,
    is_bare,
    neighbours,
    overwritten,
    trailing_zeros,
    value_of,
    zeros,
)
from planparse.numerals import DIGITS, Exact

_SHARE = re.compile(r"([百千万])分之|百分(?=百)")
_FRACTION = re.compile(r"(?:强|弱)?分之(?=[一二三四五六七八九十两0-9])")
_SLASH = re.compile(r"[/／]([0-9]{1,2})(?=[以的左,，。；;、)）]|$)")
_DOUBLING = re.compile(r"翻(?:了)?([一两二三四])?(?:番|翻)")
_TAIL = re.compile(rf"\ ?(?P<vague>多|余|来|几)?(?P<mult>{MULT}{{1,3}})?(?P<later>多|余)?\ {{0,2}}")
_RANGE = re.compile(r"\ ?(?:[-－—–~～―﹣]{1,3}|至|到)\ ?(?=[0-9一二三四五六七八九十百千万亿两几])")
_RANGE_SIGNS = frozenset(" -－—–~～―﹣至到")
_BEHIND_VAGUE = re.compile(r"\ ?(?:多|余)(?![少次种样方元项余])")
_NEGATIVE = re.compile(r"(?:长|降|减|速|幅|为|是|到|达)[:：]?[-－−]$")
_TORN = re.compile(r"(?<![0-9.])[0-9]{1,4} $")
_TENTHS = re.compile(
    r"(?P<vague>多)(?![数少种样次])|(?P<tenths>[一二三四五六七八九])(?=[，。；、,;）)\s]|以[上下内]|左右|$)"
)
# The numerals that words end in (队伍, 大陆, 收拾, 统一).
_IN_WORDS = {
    "队": "伍",
    "退": "伍",
    "入": "伍",
    "落": "伍",
    "行": "伍",
    "登": "陆",
    "收": "拾",
    "放": "肆",
    "大": "肆陆",
    "统": "一",
    "唯": "一",
}
_DIGIT_WORDS = frozenset("一二三四五六七八九壹贰叁肆伍陆柒捌玖拾")
_BEFORE_BARE = frozenset("近上约逾超过达破")
_SHARE_UNIT = {"百": "%", "千": "‰", "万": "‱"}


@dataclass(slots=True)
class Amount:
    """An amount at ``[start, end)``: ``low`` is None where the numeral is destroyed, ``high`` None but for a range."""

    start: int
    end: int
    low: Exact | None
    high: Exact | None
    unit_start: int
    unit_end: int
    unit_text: str
    unit: Unit | None
    vague: bool = False
    small_han: bool = False
    digit: str = ""
    damaged: bool = False
    doubling: bool = False


class Scanner:
    """Reads amounts off a folded text with the given units."""

    def __init__(self, units: Units) -> None:
        self.units = units
        seconds = {unit.surface[1] for some in units.by_first.values() for unit in some if unit.surface[0] in HAN}
        firsts = re.escape("".join(sorted(frozenset(units.by_first) | seconds)))
        # A run of numeral characters, and what may follow it for it to be worth a look: a unit, 多, a range, 分之.
        self._run = re.compile(
            # Only at the start of a run, or a long one that leads to nothing would be tried from each character.
            rf"[0-9{HAN}几数翻](?<![0-9{HAN}][\s\S])[0-9{HAN}]*+"
            rf"(?=[{firsts}多余来几 番(（]|分之|点[一二三四五六七八九零〇]|[.．﹒·/／][0-9]|[,，][0-9]{{3}}"
            rf"|[-－—–~～―﹣至到][-－—–~～―﹣ ]{{0,3}}[0-9{HAN}])"
        )

    def amounts(self, folded: str) -> Iterator[Amount]:
        """All amounts of a text, from left to right, disjoint."""
        done = 0
        for run in self._run.finditer(folded):
            start, end = run.span()
            if end - start > 1 and folded[start] in "几数翻" and folded[start + 1] not in "百千十万亿一二两三四":
                # 人数7520人: the 数 belongs to the word before.
                start += 1
            if start < done:
                if end <= done:
                    continue
                # 三四百人: the run goes on behind what was read already.
                start = done
            if end - start > 1 and folded[start] in _DIGIT_WORDS and folded[start + 1] in "123456789":
                # 其一30家: so does a Chinese digit before Arabic ones.
                start += 1
            before = folded[start - 1] if start else ""
            if folded[start] in _IN_WORDS.get(before, ""):
                # 队伍轮换, 大陆架: the numeral is part of a word.
                start += 1
                if start == end:
                    continue
            if before == "第" or (before and (before in "." or (before.isascii() and before.isalnum()))):
                continue
            amount = self.read(folded, start)
            if amount is not None:
                done = amount.end
                yield amount

    def read(self, folded: str, start: int) -> Amount | None:
        """The amount that starts at ``start``, or None."""
        first = folded[start]
        if first == "翻":
            return _doubling(folded, start)
        share = _SHARE.match(folded, start) if first in "百千万" else None
        if share is not None:
            return self._share(folded, start, share)
        number = NUMBER.match(folded, start)
        if number is None:
            return None
        low = value_of(number)
        if low is None:
            return self._two_digits(folded, number)
        following = folded[number.end() : number.end() + 1]
        if following in ("分", "强", "弱") and (fraction := _FRACTION.match(folded, number.end())) is not None:
            return self._fraction(folded, start, low, fraction.end())
        slash = _SLASH.match(folded, number.end()) if following in ("/", "／") and number["digits"] else None
        if slash is not None and low.number() < int(slash[1]):
            return _ratio(start, slash.end(), low, Exact(int(slash[1]), 0))
        return self._amount(folded, number, low)

    def _amount(self, folded: str, number: re.Match[str], low: Exact) -> Amount | None:
        start = number.start()
        tail = _TAIL.match(folded, number.end())
        assert tail is not None
        vague = bool(tail["vague"] or tail["later"]) or folded[start] in "几数"
        value = low.times(zeros(tail["mult"])) if tail["mult"] else low
        unit = self.units.at(folded, tail.end())
        mult_of_low = bool(tail["mult"] or number["mult"]) or (number["han"] is not None and low.whole >= 10000)
        at = unit.end if unit else tail.end()
        separator = _RANGE.match(folded, at) if folded[at : at + 1] in _RANGE_SIGNS else None
        if separator is not None and _ranges(folded, start, separator):
            ranged = self._range(folded, start, value, mult_of_low, separator.end(), unit.unit.surface if unit else "")
            if ranged is not None:
                ranged.vague |= vague
                return ranged
        if unit is None:
            return None
        if number["han"] in ("零", "〇", "○"):
            return None
        # 万元, 百家, 千亩 name a size of a thing; 近百家, 上千亩 count.
        bare = number["han"] is not None and is_bare(number["han"]) and not vague
        if bare and (start == 0 or folded[start - 1] not in _BEFORE_BARE):
            return None
        begin = start
        if (
            folded[start - 1 : start] in ("-", "－", "−")
            and start
            and _NEGATIVE.search(folded, max(0, start - 4), start)
        ):
            begin, value = start - 1, Exact(-value.whole, value.decimals)
        amount = self._with_unit(folded, begin, value, tail.end(), unit.end, unit.unit)
        amount.vague = vague
        han = number["han"]
        amount.small_han = han is not None and len(han) == 1 and not vague
        amount.digit = han if amount.small_han and han is not None else ""
        amount.damaged = overwritten(number["digits"] or "", tail["mult"] or number["mult"])
        if unit.unit.surface == "成" and han is not None and (more := _TENTHS.match(folded, amount.end)) is not None:
            # 三成多, 五成七.
            amount.end, amount.vague = more.end(), more["vague"] is not None
            if more["tenths"]:
                amount.low = Exact(value.whole * 10 + DIGITS[more["tenths"]], value.decimals + 1)
        if number["digits"] and start > 1 and (torn := _TORN.search(folded, max(0, start - 8), start)) is not None:
            # 108 3%, 5 9亿元: the point was lost, or more.
            amount.start, amount.damaged = torn.start(), True
        return amount

    def _with_unit(self, folded: str, start: int, value: Exact, unit_start: int, unit_end: int, unit: Unit) -> Amount:
        return Amount(start, unit_end, value, None, unit_start, unit_end, folded[unit_start:unit_end], unit)

    def _range(self, folded: str, start: int, low: Exact, scaled: bool, second: int, first_unit: str) -> Amount | None:
        """3-5次, 三到五次, 30户-49户, 3-5万元, 8万-10万元: ``second`` is where the second numeral starts."""
        number = NUMBER.match(folded, second)
        high = value_of(number) if number is not None else None
        if number is None or high is None or not number.group():
            return None
        tail = _TAIL.match(folded, number.end())
        assert tail is not None
        high = high.times(zeros(tail["mult"] or ""))
        unit = self.units.at(folded, tail.end())
        if unit is None or (first_unit and first_unit != unit.unit.surface):
            return None
        if not scaled:
            # 3-5万元: the multiplier counts for both; not in 5000-1万元.
            mult = (number["mult"] or "").strip()
            shift = zeros(tail["mult"] or "")
            shift += trailing_zeros(mult) if mult else trailing_zeros(number["han"])
            if shift and low.times(shift).number() < high.number():
                low = low.times(shift)
        if low.number() >= high.number():
            return None
        amount = self._with_unit(folded, start, low, tail.end(), unit.end, unit.unit)
        amount.high = high
        amount.vague = bool(tail["vague"] or tail["later"])
        return amount

    def _two_digits(self, folded: str, number: re.Match[str]) -> Amount | None:
        """两三次, 十五六个, 三五百元, 七八十人: two digits side by side are a range."""
        han = number["han"]
        if han is None or len(han) > 5:
            return None
        pair = neighbours(han)
        if pair is None:
            return None
        tail = _TAIL.match(folded, number.end())
        assert tail is not None
        unit = self.units.at(folded, tail.end())
        if unit is None:
            return None
        shift = zeros(tail["mult"] or "")
        amount = self._with_unit(folded, number.start(), pair[0].times(shift), tail.end(), unit.end, unit.unit)
        amount.high = pair[1].times(shift)
        amount.vague = bool(tail["vague"])
        return amount

    def _share(self, folded: str, start: int, share: re.Match[str]) -> Amount | None:
        """百分之九十五, 千分之六, 百分百, 百分之三十到四十: the unit is the sign."""
        sign = _SHARE_UNIT[share[1] or "百"]
        number = NUMBER.match(folded, share.end())
        value = value_of(number) if number is not None else None
        if number is None or value is None:
            return None
        amount = Amount(start, number.end(), value, None, start, start, sign, None)
        if (vague := _BEHIND_VAGUE.match(folded, amount.end)) is not None:
            amount.vague, amount.end = True, vague.end()
        elif (separator := _RANGE.match(folded, amount.end)) is not None and folded[start - 1 : start] not in (
            "从",
            "由",
        ):
            again = _SHARE.match(folded, separator.end())
            number = NUMBER.match(folded, again.end() if again else separator.end())
            high = value_of(number) if number is not None else None
            larger = number is not None and high is not None and high.number() > value.number()
            if number is not None and larger and (again or self.units.at(folded, number.end()) is None):
                amount.high, amount.end = high, number.end()
        return amount

    def _fraction(self, folded: str, start: int, below: Exact, at: int) -> Amount | None:
        """三分之二: 66.67 %, or 0.6667 of the unit where there is one."""
        number = NUMBER.match(folded, at)
        above = value_of(number) if number is not None else None
        if number is None or above is None or not below.whole:
            return None
        return _ratio(start, number.end(), above, below)


def _ratio(start: int, end: int, above: Exact, below: Exact) -> Amount | None:
    if not below.whole:
        return None
    percent = above.whole * 10**below.decimals * 10000 / (below.whole * 10**above.decimals)
    return Amount(start, end, Exact(round(percent), 2), None, start, start, "%", None)


def _doubling(folded: str, start: int) -> Amount | None:
    """翻番, 翻一番 (2 倍), 翻两番 (4 倍)."""
    match = _DOUBLING.match(folded, start)
    if match is None:
        return None
    times = DIGITS[match[1]] if match[1] else 1
    return Amount(start, match.end(), Exact(2**times, 0), None, start, start, "倍", None, doubling=True)


def _ranges(folded: str, start: int, separator: re.Match[str]) -> bool:
    """Whether what stands between two numerals can make a range: 从40%到60% is a change, not one."""
    if folded[start - 1 : start] in ("从", "由"):
        return "到" not in separator.group() and "至" not in separator.group()
    return True
