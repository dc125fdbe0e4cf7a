"""How often an amount is due (频次): 每季度1次, 一年听够10个课时, as ISO 8601 durations."""

from __future__ import annotations

import re

from planparse.measures.periods import THING
from planparse.measures.sentence import Sentence
from planparse.numerals import parse_number
from planparse.rules.lexicon import Word

_COUNT = re.compile(r"[一两二三四五六七八九十0-9]{1,3}")
_TO_ALL = re.compile("[^0-9一两二三四五六七八九十]{2,20}")


def find_every(folded: str, sentence: Sentence, low: int, start: int) -> tuple[str, int, int, str] | None:
    """The recurrence in ``[low, start)`` nearest to ``start``: its ISO 8601 duration, its place and its rule."""
    found = sentence.last("recurrences", low, start)
    return _every(folded, sentence, found) if found is not None else None


def every_behind(folded: str, sentence: Sentence, end: int) -> tuple[str, int, int, str] | None:
    """The recurrence of what is done with the amount that ends at ``end``: 对132家企业每季度轮查."""
    close = sentence.clause_end(end)
    for word in sentence.words["recurrences"]:
        if word[0] >= end:
            alone = THING.fullmatch(folded, end, word[0]) and _TO_ALL.fullmatch(folded, word[1], close)
            return _every(folded, sentence, word) if alone else None
    return None


def _every(folded: str, sentence: Sentence, word: Word) -> tuple[str, int, int, str] | None:
    first, last, i = word
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
