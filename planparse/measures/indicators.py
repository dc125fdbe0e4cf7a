"""What is measured (指标): the words before the amount, or the counted noun behind it."""

from __future__ import annotations

import re

from planparse.fold import fold
from planparse.measures.scan import Amount
from planparse.measures.tables import Tables

_LONGEST = 40
_KEPT = 20
# A name that ends so is one, wherever the verbs are.
_RATE = re.compile(
    r"(?:率|面|度|额|量|值|比重|占比|比例|投资|收入|资金|面积|人数|总数|价格|标准|时间|成绩|里程|幅|速|支出|成本|利润|经费|数)$"
)
_NOUN = re.compile(r"[一-鿿A-Za-z“”《》\"]{1,14}")
_NOUN_END = re.compile(
    r"(?:的|以上|以下|左右|开展|进行|参加|实施|建立|未|都|均|全部|并|和|与|及|到|在|已|达|为|是|有|由|逐|每|各|里|中"
    r"|跟|轮流|获|被|将|要|能|可|就业|改造|签订|完成|实现|上|下).*$"
)
_COUNTED = frozenset({"people", "item", "list", "frequency"})
_PUNCTUATION = '（）()【】[]、：: “”"≥≤><＞＜=＝～~'


def find_indicator(
    folded: str, text: str, low: int, amount: Amount, end: int, clause_end: int, starts: bool, tables: Tables
) -> str | None:
    """The indicator of an amount: 签订率 of 签订率达90%, 示范工会 of 创5家示范工会.

    Args:
        folded: the folded text.
        text: the text as given; the indicator is a part of it.
        low: where the words that belong to this amount start: the clause, or the amount before in it.
        amount: the amount.
        end: the end of what stands around it (以上).
        clause_end: the end of its clause.
        starts: whether it has a starting value (由…到).
        tables: the rule tables.
    """
    low = max(low, amount.start - _LONGEST)
    # 供应商由9家压缩到5家: the name stands before the starting value.
    origin = max(folded.rfind("由", low, amount.start), folded.rfind("从", low, amount.start)) if starts else -1
    start, stop = _left(folded, low, origin if origin > low else amount.start, tables)
    left = text[start:stop].strip(_PUNCTUATION)[-_KEPT:]
    if left and _RATE.search(folded, start, stop):
        return left
    group = amount.unit.group if amount.unit is not None else "rate"
    if group in _COUNTED and (noun := _NOUN.match(text, end, min(clause_end, end + _KEPT))) is not None:
        words = _NOUN_END.sub("", noun.group()).strip(_PUNCTUATION)
        if len(words) > 1:
            return words
    return left or None


def _left(folded: str, low: int, high: int, tables: Tables) -> tuple[int, int]:
    """The words in ``[low, high)`` without those that lead to the name and those between it and the amount."""
    stop = high
    while stop > low and (stripped := tables.trailing.search(folded, max(low, stop - 10), stop)) is not None:
        stop = stripped.start()
    start = low
    while start < stop and (found := tables.leading.at(folded, start)) is not None and found[0] <= stop:
        if stop - found[0] == 1 and folded[found[0]] in "率数额量度面":
            # 签订率: the act is part of the name.
            break
        start = found[0]
    return start, stop


def normal_name(name: str) -> str:
    """An indicator's name for comparison: folded to simplified script, letters and digits alone, without 的 and 数."""
    letters = "".join(character for character in fold(name) if character.isalnum()).replace("的", "")
    return letters.removesuffix("总数").removesuffix("数") or letters
