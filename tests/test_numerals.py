"""Numerals, against written cases, against other people's, and by round trips."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planparse import find_measures
from planparse.numerals import parse_number

SHARED = Path(__file__).parents[2] / "shared" / "real" / "numbers"

CASES = {
    "三百二十万": 3_200_000,
    "3.5万": 35_000,
    "1亿2300万": 123_000_000,
    "二00一": 2001,
    "二〇二三": 2023,
    "廿": 20,
    "卅五": 35,
    "壹佰": 100,
    "壹仟贰佰叁拾肆": 1234,
    "貳萬": 20_000,
    "万亿": 10**12,
    "3万亿": 3 * 10**12,
    "十": 10,
    "一百零一": 101,
    "三百五": 350,
    "一万二": 12_000,
    "一万零二": 10_002,
    "两千零十": 2010,
    "三点一四": 3.14,
    "二十点一万": 201_000,
    "1,000": 1000,
    "１２．５": 12.5,
    "0.1": 0.1,
    "-8.92": -8.92,
    "负一": -1,
    "10300万": 103_000_000,
    "5百万": 5_000_000,
    "0.3亿": 30_000_000,
    "零": 0,
    "三千 八百 九十六 万": 38_960_000,
    "7 万5 千": 75_000,
    "两千万点五": 20_000_000.5,
    ".25": 0.25,
    "俩": 2,
}
NO_NUMBERS = [
    "",
    " ",
    "几十",
    "十几",
    "一百零",
    "十百",
    "1,00",
    "两百点两",
    "百分之三",
    "三分之二",
    "abc",
    "一二三万万万亿点",
    "9" * 500,
]


@pytest.mark.parametrize("text", CASES)
def test_value(text: str) -> None:
    value = parse_number(text)
    assert value == CASES[text]
    assert type(value) is type(CASES[text])


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_no_number(text: str) -> None:
    with pytest.raises(ValueError, match="is no number"):
        parse_number(text)


def chinese(number: int) -> str:
    """A whole number below 10**12 in Chinese, as it is written out."""
    if number >= 10**8:
        high, rest = divmod(number, 10**8)
        return chinese(high) + "亿" + (("零" if rest < 10**7 else "") + chinese(rest) if rest else "")
    if number >= 10**4:
        high, rest = divmod(number, 10**4)
        return chinese(high) + "万" + (("零" if rest < 1000 else "") + chinese(rest) if rest else "")
    text, gap = "", False
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, power)
        if digit:
            text += ("零" if gap and text else "") + "零一二三四五六七八九"[digit] + name
            gap = False
        else:
            gap = True
    return text or "零"


@given(st.integers(0, 10**12 - 1))
def test_written_out(number: int) -> None:
    assert parse_number(chinese(number)) == number


@given(st.integers(0, 10**9), st.integers(0, 6), st.sampled_from(["", "百", "千", "万", "亿"]))
def test_exact(whole: int, decimals: int, multiplier: str) -> None:
    """No rounding on the way: the value is the one that Python reads from the decimal written out."""
    digits = str(whole).rjust(decimals + 1, "0")
    text = digits[:-decimals] + "." + digits[-decimals:] if decimals else digits
    zeros = {"": 0, "百": 2, "千": 3, "万": 4, "亿": 8}[multiplier]
    if multiplier in ("百", "千") and whole == 0:
        return
    if multiplier and whole == 0:
        return
    assert parse_number(text + multiplier) == float(f"{digits}e{zeros - decimals}")


@given(st.text("一二三十百千万亿零两点0123456789.,，负-"))
def test_any_text(text: str) -> None:
    with suppress(ValueError):
        parse_number(text)


@pytest.mark.skipif(not SHARED.exists(), reason="no ../shared")
def test_spoken_numbers_of_others() -> None:
    """Spoken => written pairs of WeTextProcessing whose two sides are one number each."""
    wrong = []
    for line in (SHARED / "wetext_number.txt").read_text("utf-8").splitlines():
        spoken, _, written = line.partition(" => ")
        if re.fullmatch(r"-?[0-9.]+(?:[万亿兆][0-9万亿]*)?", written) and parse_number(spoken) != parse_number(written):
            wrong.append(line)
    assert wrong == []


def _refused() -> dict[str, str]:
    lines = Path(__file__).with_name("numerals_refused.tsv").read_text("utf-8").splitlines()
    return dict(line.split("\t") for line in lines if not line.startswith("#"))


@pytest.mark.skipif(not SHARED.exists(), reason="no ../shared")
def test_numerals_of_recognizers() -> None:
    """Every case gives its value, or stands in ``numerals_refused.tsv`` with the reason and is refused."""
    refused = _refused()
    wrong = []
    seen = set()
    for case in json.loads((SHARED / "recognizers_number.json").read_bytes()):
        for found in case["Results"]:
            text, value = found["Text"], float(found["Resolution"]["value"])
            seen.add(text)
            try:
                got = parse_number(text)
            except ValueError:
                if text not in refused:
                    wrong.append((text, value, None))
                continue
            if text in refused or got != pytest.approx(value, rel=1e-9):
                wrong.append((text, value, got))
    assert wrong == []
    assert refused.keys() - seen == {"text"}


# Amounts of ../shared/real/numbers that are not found, each with the reason.
NOT_FOUND = {
    "一位": "一 is an amount only with a recurrence or a comparator",
    **dict.fromkeys(("一吨半", "两米半", "三斤半", "十五斤半"), "半 behind a unit is spoken, and not read yet"),
    **dict.fromkeys(("二两", "两万两", "三十两", "三千两百两", "1234两"), "两 is read as a numeral, not as a weight"),
    **dict.fromkeys(
        ("三千比特", "一千比特", "五十兆字节", "六千字节"), "computers' units fold 千 and 兆 into the unit"
    ),
    **dict.fromkeys(("负0.2千米", "负13.5千米"), "no amount of a plan is below nothing, but a change"),
    "168cm": "units in capitals are not read",
}


@pytest.mark.skipif(not SHARED.exists(), reason="no ../shared")
def test_amounts_of_recognizers() -> None:
    """What the dimension cases hold is found, with its value; the unit may have a longer name here."""
    missed = []
    for case in json.loads((SHARED / "recognizers_dimension.json").read_bytes()):
        given = [(m.value, m.canonical_value) for m in find_measures(case["Input"])]
        for found in case["Results"]:
            value = float(found["Resolution"]["value"])
            if not any(value in pair for pair in given):
                missed.append((case["Input"], found["Text"], given))
    assert {text for _, text, _ in missed} == NOT_FOUND.keys()


@pytest.mark.skipif(not SHARED.exists(), reason="no ../shared")
def test_spoken_amounts_of_others() -> None:
    """Spoken => written measures of WeTextProcessing: the two sides are the same amount."""
    wrong = []
    for line in (SHARED / "wetext_measure.txt").read_text("utf-8").splitlines():
        spoken, _, written = line.partition(" => ")
        a, b = ([m.canonical_value for m in find_measures(side)] for side in (spoken, written))
        # One line counts 一人二人…, where 一 and 二 are no amounts.
        if a != b and a and b and not line.startswith("一共有一人二人"):
            wrong.append((line, a, b))
    assert wrong == []
