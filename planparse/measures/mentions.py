"""Amounts that are neither target nor statistic (提及): thresholds, deadlines, rules, rewards, names in quotes."""

from __future__ import annotations

import re

from planparse.measures.comparators import Around
from planparse.measures.scan import Amount
from planparse.numerals import DIGITS

_AWARD = re.compile(r"(?:奖励|罚款|处罚|处以|罚(?!没)|奖金|扣发?|扣除|押金)[^，。；0-9）)]{0,8}$")
# A budget says what goes into rewards.
_BUDGET, _BUDGET_SPAN = re.compile("(?:预算|经费|费用)[^，。；：]{0,4}[0-9][^。]{0,40}其中"), 60
_SET_ASIDE = re.compile("安排|设立|列支|筹[集措]|作出|发放|兑现|支付|上缴|收缴|共计?|累计|合计")
_AVERAGE = re.compile(
    r"(?:平均|均|累计|共计|总计|达到?|长达|高达|停[机电产运水气工]|安全(?:生产|运行|飞行|行车|无事故)|开[馆园放]|加班|出勤|(?:工期|进度|计划)提前|天数|日数|时长|时数|工期|耗时|用时|[仅只]用|时间(?:分别|平均)?(?:为|达|是))[^，。；0-9]{0,4}$"
)
_RULE = re.compile(
    # 查出35处，约谈12人 is what was done; 迟到3次以上的，约谈 is a rule.
    r"(?:的|者)?[，,]?(?:扣(?!除[^，。；]{0,8}(?:因素|后|价格|部分))|罚(?!款[0-9.]{1,8}万|没)|(?:取消|通报批评|约谈)(?![^，。；]{0,10}[0-9])|不予|不得评)"
)
_HELD = re.compile(
    r"(?:保留|保存|留存|公示|下乡|驻村|坚持|保持|锻炼|集训|跟班|挂职|通风|脱产|储备|备用|续航|蹲点|带教|存放|冷藏|留样|留观|朗读|诵读|晨读|阅读|训练|跟线|录制|拥堵|排队)[^，。；0-9]{0,4}$|(?:控制在|不超过|[压缩减降砍][缩减降短]?[到至为])[^，。；0-9]{0,4}$|(?:间隔|周期|时限|时长)[^，。；0-9]{0,2}$"
)
_THRESHOLD = re.compile(r"(?:的|[老儿学群党企村家户人][人童生众员业民长])(?!增长|速度|目标|水平|增速|幅度)")
_CLAUSE_ENDS = ("，", "。", "；", "、", "\n", "")
_SIZES = frozenset({"money", "area", "length", "mass", "volume", "energy"})
_LARGE = 10_000
_DONE = re.compile(
    "(?:投入|投资|筹集|争取|安排|[建修铺种栽植植]|建设|建成|改造|新增|扩大|完成|整治|清理|铺设|发展|绿化|实现)$"
)
_THEN_COUNTED = re.compile(r"[^，。；0-9]{1,12}[0-9]")
_COUNTED = frozenset("两三四五六七八九")
_LIST_SPAN = 80
_AND, _CLAUSE = re.compile("、|和|与|及"), re.compile("[，。；：,;:\n]")
_OF_WHOM = re.compile(r"的[^，。；0-9]{0,6}(?:[0-9]|人|员|者|教师)")
_NAMED = re.compile(r"[一-鿿]")
_NOUN = re.compile(r"[一-鿿](?![，。；])")


def is_mention(folded: str, amount: Amount, words: Around, every: tuple[str, int, int, str] | None, group: str) -> bool:
    """Whether an amount is a threshold, a deadline or a rule rather than an aim or a fact."""
    start = amount.start
    before = folded[max(0, start - 14) : start]
    if folded[start - 1 : start] == "每" and start:
        return True
    if group == "voltage":
        return True
    # 迟到3次以上扣10元: what a rule turns on; 每月暗访30座，扣分张榜 does both.
    rule = _RULE.match(folded, words.end)
    if rule is not None and (every is None or rule[0][0] not in "，,"):
        return True
    if group in ("time", "age"):
        if words.bounded and _OF_WHOM.match(folded, words.end):
            # 教龄不满三年的17人: who is meant.
            return True
        if _AVERAGE.search(before):
            return False
        if group == "age":
            return True
        held = _HELD.search(before) is not None
        # 开放300天以上 is an aim; 工龄10年以上的职工, 30分钟以内 are bounds.
        aim = words.comparator == ">=" and folded[words.end : words.end + 1] in _CLAUSE_ENDS
        return not (held or words.bounded or words.change is not None or every is not None or aim)
    if words.comparator != "=" and words.end > amount.end and not words.bounded:
        if group not in ("rate", "frequency") and _THRESHOLD.match(folded, words.end):
            # 引进20家以上企业, 培训300名以上党员 count what they name; 100人以上企业 tells how large.
            counted = group in ("item", "list") or (group == "people" and folded[words.end : words.end + 2] != "企业")
            return folded[words.end] == "的" or not counted
        # 10亿元以上项目47个: a size that what follows must have; 新建3公里以上道路 is to be done.
        if group in _SIZES and _NOUN.match(folded, words.end):
            return _DONE.search(before) is None or _THEN_COUNTED.match(folded, words.end) is not None
    if group == "length" and folded[amount.end : amount.end + 1] == "内":
        return True
    if group in ("money", "score") and _AWARD.search(before) and not _SET_ASIDE.search(before):
        large = amount.low is not None and amount.low.number() >= _LARGE
        if large and _BUDGET.search(folded, max(0, start - _BUDGET_SPAN), start) is not None:
            return False
        # 罚款61.2万元 is what was taken in, not what a rule threatens with.
        return not (before.rstrip().endswith("罚款") and large)
    return _quoted(folded, start, words.end)


def sums_up(folded: str, amount: Amount) -> bool:
    """Whether a Chinese numeral counts the things just named: 保安、电工、店主三支队伍."""
    unit = amount.unit
    if unit is None or unit.group in ("people", "frequency", "time") or amount.digit not in _COUNTED:
        return False
    before = folded[max(0, amount.start - _LIST_SPAN) : amount.start]
    things = _AND.split(_CLAUSE.split(before)[-1])
    if len(things) != DIGITS[amount.digit] or not all(things):
        return False
    # 购置电脑、打印机两台 counts what is bought; what is summed up is named behind the unit.
    return _NAMED.match(folded, amount.end) is not None


def _quoted(folded: str, start: int, end: int) -> bool:
    """Whether the amount stands in a short quotation: “晨读20分钟”."""
    opening = folded.rfind("“", max(0, start - 10), start)
    if opening < 0 or "”" in folded[opening:start]:
        return False
    closing = folded.find("”", end, end + 8)
    return closing >= 0
