"""What stands around an amount (比较词, 约数词, 增减词): comparator, approximation, change."""

from __future__ import annotations

import re
from typing import NamedTuple

from planparse.document import Change, Comparator
from planparse.measures.scan import Amount
from planparse.measures.sentence import Sentence

# What may stand between a word and its amount: 提高[到]60%, 增长[了]8%, 约[为], 同比[分别]增长, 不少于[每人]3次.
_FILLER = re.compile(
    r"(?:[了到至为达约近的在： :]|达到|控制在|幅度?|分别|同比|平均|再|全部|力争|确保|[“\"']"
    r"|每[人名户亩班校镇村车家所组次场期年月周天日])*"
)
_TO = re.compile(r"[到至为达]")
_WINDOW = 36


class Around(NamedTuple):
    """The words around one amount. ``before`` tells whether a comparator in front of it said so."""

    comparator: Comparator
    approximate: bool
    change: Change | None
    reached: bool
    end: int
    rules: tuple[tuple[int, int, str], ...] = ()
    bounded: bool = False


def around(folded: str, amount: Amount, clause_start: int, sentence: Sentence) -> Around:
    """Comparator, approximation and change of an amount of a sentence, whose clause starts at ``clause_start``."""
    tables = sentence.tables
    start = amount.start
    low = max(clause_start, start - _WINDOW)
    comparator: Comparator = "="
    approximate = amount.vague
    change: Change | None = "multiply" if amount.doubling else None
    hits: list[tuple[int, int, str]] = []
    at = start
    bounded = False
    reached = False
    words = [
        (first, last, table == "before", tables.sentence.rules[table][i])
        for table in ("before", "changes")
        for first, last, i in sentence.words[table]
        if first >= low and last <= start
    ]
    words.sort(key=lambda word: -word[1])
    for first, last, compares, rule in words:
        if last > at:
            continue
        gap = _FILLER.fullmatch(folded, last, at) is not None
        if compares:
            # 不少于, 至少 and the like hold for the clause; 超过, 近 for what they touch.
            if not gap and rule["reach"] != "clause":
                continue
            if rule["approximate"]:
                if not gap:
                    continue
                approximate = True
                if rule["comparator"] != "=" and comparator == "=":
                    comparator = rule["comparator"]  # type: ignore[assignment]
            elif not bounded:
                comparator = rule["comparator"]  # type: ignore[assignment]
                bounded = True
            hits.append((first, last, rule.id))
        elif gap and change is None and not (folded[first] == "增" and folded[first - 1 : first] in ("新", "净")):
            # 新增: the word that carries the character is another one.
            change = rule["change"]  # type: ignore[assignment]
            reached = _TO.search(folded, last - 1, at) is not None
            hits.append((first, last, rule.id))
        if gap:
            at = first
    end = amount.end
    for _ in range(2):
        match = tables.after.at(folded, end)
        if match is None:
            break
        last, rule = match
        if rule["approximate"]:
            approximate = True
            if rule["comparator"] == ">" and comparator == "=":
                comparator = ">"
        elif comparator == "=":
            comparator = rule["comparator"]  # type: ignore[assignment]
        hits.append((end, last, rule.id))
        end = last
    # 70来万元 is about as much, 70多万元 more.
    if amount.vague and comparator == "=" and amount.high is None and "来" not in folded[start : amount.end]:
        comparator = ">"
    return Around(comparator, approximate, change, reached, end, tuple(hits), bounded)
