"""What is measured (指标): the words before the amount, or the counted noun behind it."""

from __future__ import annotations

import re

from planparse.measures.scan import Amount

_RATE = re.compile(
    r"[一-鿿A-Za-z“”\"]{0,16}(?:率|面|度|额|量|值|比重|占比|比例|投资|收入|资金|面积|人数|总数|总额|产值|价格|标准|时间|成绩|里程|增幅|增速|GDP)$"
)
_TRAILING = re.compile(
    r"(?:(?:由|从)[^，]{0,12}|力争|争取|确保|努力|达到|达|实现|完成|保持在?|稳定在?|控制在?|提高到?|提升到?|提升至|提高至|增加到?|增长|下降到?|下降至|降到|降至|减少到?|压缩到?|压减到?|"
    r"突破|超过|不少于|不低于|不高于|不超过|不得少于|不得低于|至少|最少|约|近|左右|为|是|了|到|在|要|将|已|的|共|仅|每(?:年|月|周|天|日|季度|学期)|"
    r"比?(?:上年|去年|同期)|同比|分别|均|各|也|再|就|都|不|并|及|和|与|、|：|:|\s)+$"
)
_LEADING = re.compile(
    r"^(?:其中|全年|今年|去年|明年|本年度|本学期|上半年|下半年|年内|年底前|使|让|把|将|要|对|为|并|确保|力争|争取|努力|计划|已|共|现有|目前|截至|再|同时|每(?:年|月|周|天|日|季度|学期)|"
    r"[0-9一二三四五六七八九十]{1,4}(?:年|月)(?:底前?|份)?|的|和|及|、|：|:|[（(][一二三四五六七八九十0-9]{1,3}[)）]|\s)+"
)
_NOUN = re.compile(r"[一-鿿A-Za-z“”《》\"]{1,14}")
_NOUN_END = re.compile(
    r"(?:的|以上|以下|左右|开展|进行|参加|实施|建立|未|都|均|全部|并|和|与|及|到|在|已|达|为|是|有|由).*$"
)
_COUNTED = frozenset({"people", "item", "list", "frequency"})


def find_indicator(folded: str, text: str, low: int, amount: Amount, end: int, clause_end: int) -> str | None:
    """The indicator of an amount whose clause starts at ``low``: 签订率 of 签订率达90%, 示范工会 of 创5家示范工会."""
    before = text[max(low, amount.start - 40) : amount.start]
    left = _LEADING.sub("", _TRAILING.sub("", before))
    if _RATE.search(left):
        return left[-16:] if len(left) > 16 else left
    group = amount.unit.group if amount.unit is not None else "rate"
    if group in _COUNTED:
        noun = _NOUN.match(text, end, min(clause_end, end + 20))
        if noun is not None and (words := _NOUN_END.sub("", noun.group())):
            return words
    left = left[-16:]
    return left or None
