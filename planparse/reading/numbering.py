"""Automatic numbers of lists (自动编号), as a browser or Word shows them. The names of the formats are Word's."""

from __future__ import annotations

_DIGITS = "〇一二三四五六七八九"
_FINANCIAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_CHINESE = (
    "chineseCounting", "chineseCountingThousand", "ideographDigital", "japaneseCounting", "japaneseDigitalTenThousand",
    "koreanCounting", "taiwaneseCounting", "taiwaneseCountingThousand", "taiwaneseDigital",
)  # fmt: skip


def formatted(number: int, kind: str) -> str:
    """A list's number in one of Word's formats; in Arabic digits where the format is another."""
    if kind in _CHINESE:
        return chinese(number)
    if kind in ("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"):
        return chinese(number, _FINANCIAL, "拾佰仟")
    if kind in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese") and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if kind == "decimalEnclosedParen" and 1 <= number <= 20:
        return chr(0x2474 + number - 1)
    if kind == "decimalFullWidth":
        return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))
    if kind == "decimalZero":
        return f"{number:02}"
    if kind in ("lowerLetter", "upperLetter") and number > 0:
        letters = chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 9)
        return letters.upper() if kind == "upperLetter" else letters
    if kind in ("lowerRoman", "upperRoman") and 0 < number < 4000:
        roman = _roman(number)
        return roman.upper() if kind == "upperRoman" else roman
    if kind == "ideographTraditional" and 1 <= number <= 10:
        return _STEMS[number - 1]
    if kind == "ideographZodiac" and 1 <= number <= 12:
        return _BRANCHES[number - 1]
    return str(number)


def chinese(number: int, digits: str = _DIGITS, powers: str = "十百千") -> str:
    """A number below 10,000 in Chinese numerals (中文数字): 12 is 十二, 105 is 一百〇五."""
    if not 0 < number < 10_000:
        return str(number)
    parts: list[str] = []
    zero = False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if not digit:
            zero = bool(parts)
            continue
        if zero:
            parts.append(digits[0])
            zero = False
        parts.append(digits[digit] + (powers[power - 1] if power else ""))
    text = "".join(parts)
    return text[1:] if digits == _DIGITS and 10 <= number < 20 else text


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text
