"""What is measured (指标): the words before the amount, or the counted noun behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from planparse.document import Measure
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
    r"(?:的|以上|以下|左右|开展|进行|参加|实施|建立|未|都|均|全部|并|和(?!谐)|与|及(?![时格])|到|在(?![岗校园册职建线编读家押籍])"
    r"|已|达|为|是|有(?![机效线])|由|逐|每|各|里(?!程)|中(?![小学心专药医层青队高级型标])|跟|轮流|获|被|将|要(?![点素件])|(?<![功可职智技性节])能(?![力源手人耗])"
    r"|可|就业|改造|签订|完成|实现|上(?![市网门级游机课])|下(?![乡岗属游派])|安装|免费|不[少低多超大小高]|至少|必须|发放|提供|谈心|落实|配备|外出|拟|须"
    r"|应(?![急届用收征休检缴])|且|仍|尚|还).*$"
)
# 2处设施老化 tells how they are.
_STATE = re.compile(r"(?:老化|破损|失修|滞后|不足|达标|合格|到货|到位|齐全)$")
_DEED = "deed"
# Nouns of one character.
_CLEAR_NOUN = 3
_PEOPLE = re.compile(
    "(?:[职员]工|[党团社队会教学店队科雇学]员|人员|教师|学生|[读患业贫作学患记参]者|骨干|劳模|代表|干部|家长|客商|农户|师傅|医[生师]|护士|青年|人才)$"
)
_SHORT_NOUNS = frozenset("村班店镇乡县校站厂社院书园馆队户区人岗")
_COUNTED = frozenset({"people", "item", "list", "frequency"})
_PUNCTUATION = '（）()【】[]、：: “”"≥≤><＞＜=＝～~，,'
# 开展4次安全检查 names the checks; 通报一次进度 the reports.
_LIGHT = re.compile(
    r"(?:开展|组织|召开|举行|举办|进行|实施|安排|集中|参加|不|再|各|均|要|有|做|作|搞|发|通|写|读|播|跑|送|公布|报告)$"
)
# What is a part or the rest of an amount before.
_REST = re.compile(r"(?:其中|余下|剩余|剩下|其余|尚余|另外?|还剩|尚剩|首批|首笔|头一?批|第[一二三四]批)的?有?$")
# 带病运行的3辆.
_THOSE = re.compile("[一-鿿]的$")
# 比上年多12张, 占全村的65%, 每栋不小于60平方米: what is measured was named before.
_RELATIVE = re.compile(
    r"(?:比|较|同比|环比|仅?占|约占|为上|是|超|增幅|降幅|涨幅|剩余|余下|其余|另有|还有|再|每[一-鿿]{1,2}$|每个[一-鿿]{1,3}$)"
)
_MODIFIED = re.compile(r"的(?:以上|左右|多|余)?$")
_AND_BEFORE = re.compile("[、和及]$|(?<!参)与$")
_OF_THEM = re.compile(r"(?:以上|以下|左右|多)?的")
_HEADS = re.compile(r"、|和|与|以及|及(?![格时早])")
_CHAIN = re.compile(r"(?:以上|以内|以下|左右)?(?:[、，,和及与]|以及)")
_HEAD = re.compile(r"[一-鿿“”]{3,14}")
_TAIL = re.compile(r"[一-鿿“”]{2,12}$")


class Name(NamedTuple):
    """What the words around an amount call it. ``bare``: they hold no name, only what is done and when (年内再挂)."""

    text: str | None
    bare: bool
    rest: bool
    """Whether the words say that it is a part or the rest of an amount before (其中, 余下, 带病运行的)."""
    counted: bool = False
    """Whether the name is a noun that is counted, and clearly one: 剩余3个边远乡镇."""


def find_indicator(
    folded: str, text: str, low: int, amount: Amount, end: int, clause_end: int, starts: bool, tables: Tables
) -> Name:
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
    # A comma before a figure may be one inside it; none is in words.
    low = max(low, *(folded.rfind(comma, low, amount.start) + 1 for comma in "，,；;"))
    if _AND_BEFORE.search(folded, low, amount.start) is not None:
        # 16个行政村、2.9万亩耕地: what stands before the mark belongs to the amount before.
        low = amount.start
    # 供应商由9家压缩到5家: the name stands before the starting value.
    origin = max(folded.rfind("由", low, amount.start), folded.rfind("从", low, amount.start)) if starts else -1
    start, stop = _left(folded, low, origin if origin >= 0 else amount.start, tables)
    left = text[start:stop].strip(_PUNCTUATION)[-_KEPT:]
    words = folded[max(low, amount.start - 4) : amount.start]
    rest = _REST.search(folded, low, amount.start) is not None
    bare = not left or tables.bare.fullmatch(fold(left)) is not None
    if not bare and _RATE.search(folded, start, stop):
        return Name(left, False, rest)
    group = amount.unit.group if amount.unit is not None else "rate"
    if group == "people" and _PEOPLE.search(left) is not None:
        # 组织劳模30人疗养.
        return Name(left, False, rest, True)
    noun = _counted(folded, text, amount, end, clause_end, group, bare, tables)
    if noun is not None and not (group == "frequency" and len(left) > 1 and not bare and _LIGHT.search(words) is None):
        return Name(noun, False, rest, len(noun) >= _CLEAR_NOUN)
    those = group != "rate" and _THOSE.search(folded, low, amount.start) is not None
    return Name(left or None, bare, rest or those)


def is_relative(name: str) -> bool:
    """Whether words say only how an amount relates to one named before: 比上年多, 占全村, 每栋."""
    return _RELATIVE.match(fold(name)) is not None


def clause_tail(folded: str, text: str, start: int, end: int) -> str | None:
    """The last words of the clause in ``[start, end)``: 一对一正音，每学期8次."""
    match = _TAIL.search(folded, max(start, end - 12), end)
    if match is not None and match.start() > start and folded[match.start() - 1].isdigit():
        # 口袋公园于4月份补齐，再添15个: what stands before the figure says more.
        match = _HEAD.match(folded, start) or match
    return text[match.start() : match.end()].strip(_PUNCTUATION) or None if match is not None else None


def _counted(
    folded: str, text: str, amount: Amount, end: int, clause_end: int, group: str, bare: bool, tables: Tables
) -> str | None:
    """The noun behind an amount that counts it: 5家[示范工会], 新植的2万亩[桑园], 三成的[学生]."""
    high = min(clause_end, end + _KEPT)
    of_them = _OF_THEM.match(folded, amount.end, high) if group == "rate" else None
    if of_them is not None:
        end = of_them.end()
    elif bare and group != "rate":
        # 全年27.6亿元的收入任务, 对470亩撂荒地: nothing else says what is counted.
        end += folded.startswith("的", end)
    elif group not in _COUNTED and _MODIFIED.search(folded, amount.start - 1, amount.start) is None:
        return None
    match = _NOUN.match(folded, end, high)
    if match is None or tables.no_noun.match(folded, end) is not None:
        return None
    words = text[end : end + len(_NOUN_END.sub("", match.group()))].strip(_PUNCTUATION)
    if _STATE.search(fold(words)) is not None:
        return None
    short = words in _SHORT_NOUNS and (bare or group == "list")
    return words if len(words) > 1 or short or (of_them is not None and words) else None


def _left(folded: str, low: int, high: int, tables: Tables) -> tuple[int, int]:
    """The words in ``[low, high)`` without those that lead to the name and those between it and the amount."""
    stop = high
    while stop > low and (stripped := tables.trailing.search(folded, max(low, stop - 10), stop)) is not None:
        stop = stripped.start()
    start = low
    while start < stop and (found := tables.leading.at(folded, start)) is not None and found[0] <= stop:
        if folded[found[0] : found[0] + 1] in tuple("率数额量度面") and found[0] < stop:
            # 签订率: the act is part of the name.
            break
        if found[1].id == _DEED and found[0] == stop:
            # 抽检30次: nothing else says what is counted.
            break
        start = found[0]
    return start, stop


def share_out(folded: str, measures: Sequence[Measure], tables: Tables) -> dict[int, tuple[int, int]]:
    """Where the names of amounts stand whose heads come before them all, by index: 签订率、覆盖率分别达到90%、95%."""
    names: dict[int, tuple[int, int]] = {}
    i = 0
    while i < len(measures):
        chain = [i]
        while chain[-1] + 1 < len(measures) and _chained(folded, measures[chain[-1]], measures[chain[-1] + 1]):
            chain.append(chain[-1] + 1)
        i = chain[-1] + 1
        if len(chain) < 2:
            continue
        first = measures[chain[0]]
        low = max(folded.rfind(stop, max(0, first.start - 80), first.start) + 1 for stop in "，。；;：:\n")
        start, stop = _left(folded, low, first.start, tables)
        heads = [head for head in _HEADS.split(folded[start:stop]) if head]
        if len(heads) != len(chain):
            continue
        at = start
        for k, head in zip(chain, heads, strict=True):
            at = folded.index(head, at)
            names[k] = (at, at + len(head))
            at += len(head)
    return names


def _chained(folded: str, one: Measure, other: Measure) -> bool:
    """Whether nothing but a comma or 和 stands between two amounts of one unit."""
    gap = folded[one.end : other.start]
    return one.unit == other.unit and len(gap) <= 6 and _CHAIN.fullmatch(gap) is not None


def normal_name(name: str) -> str:
    """An indicator's name for comparison: folded to simplified script, letters and digits alone, without 的 and 数."""
    letters = "".join(character for character in fold(name) if character.isalnum()).replace("的", "")
    return letters.removesuffix("总数").removesuffix("数") or letters
