"""What is there already (存量): inventories and people told of, which no word marks as statistics."""

from __future__ import annotations

import re

from planparse.measures.spot import PART, Spot, semicolon
from planparse.measures.surroundings import Surroundings
from planparse.measures.tables import Cue

# An inventory opens a sentence without a verb (配电箱76台，要…): a noun, the amount, then what is to be done with it.
_INVENTORY = -2.6
_NOUN_ONLY = re.compile(r"[^，。；：:\n]{0,12}?[一-鿿]$")
VERBS = re.compile(
    r"[建创办开做抓完购选发召举培组清检修栽植造整收减降增招引争读写听评达争控补请送换装改推保落拆除植筹投签印拍录种养备够足访排"
    r"救治帮扶奖评设加申打走深栽铺布印演播修拍退迁腾销征砌浇焊喷涂贴挂埋敷挖填钻吊租售缴追催募捐献抽绘译映续]|架设|立杆|[硬绿亮美]化|新辟|配(?![电套])|联[合系]|邀|(?:慰问|化解|调解|处置|巡[查河护]|轮训|孵化|提供|学习|储存|宣传|撰写|讲授)(?![员室站点队栏])|更新|留守|深入|走进|参加|[在向给由从]|表扬|支持|发放|配[备齐置]|实现|安排|覆盖|受理|接待|服务|对|将|为|要|须|应|每|到|不|超|至少"
)
# What each is to do is no stock: 一人管40个摊位.
PER = re.compile("每[人名位户村家个站所班组台]|各[^，。；0-9]{0,4}(?=[0-9一二两三四五六七八九十])|一人")
# Nouns that have a verb in them.
_NO_VERBS = re.compile(
    "[五低医社环]保|保(?:洁|安|育|险|管)|养老|养护|设[备施]|装备|种类|品种|应[急收届]|配[电套]|备用|排[口水污]|抢险|作业|服务中心|加工|打印|收费|收银|建档|补助|报修|清洁|改造|安置|推广|植保|征地|教练|评委|读者|听众|观众"
)
# 23名党员人人学会编目: those who are told to do a thing are there already.
_EVERYONE = re.compile(
    r"[一-鿿]{0,10}?(?:人人|每人|分片|分头|轮流|均[要须应由]|都[要须应]|每(?:旬|周|月|季度?|年|半年|学期|[天日](?!常)))"
)
# 23名党员全部编入小组; but 58项整改任务全部销号 is what is to be done.
_ALL_PEOPLE = re.compile("[一-鿿]{1,5}?(?:全部|全员|一律)")
# 计量器具1140件，带病使用的83件: what follows tells of the same things.
_TOLD_OF = re.compile(
    "[，,](?:其中|占|每[名人户处台座个村组]|全部|逐[一户个台]|均|已|去年|上半年|年内|多数|半数|可容纳|[^，。；0-9]{1,8}的[0-9])"
)
_EXTENT = re.compile("(?:全长|总长|总面积|里程|保有量|余额|欠费|欠款|陈欠|境内[^，。；0-9]{0,6})$")
_TO_BE = re.compile("年[末底终]|期末|届时")
_DEED_NAMED = re.compile(
    "(?:就业|结对|上报|登记|排出|掘进|撤并|转移|更新|管理|服务|救助|完成|实施|体检|筛查|随访|接种|签约|培训|治理|整治|验收|检测|巡查)$"
)
_DEED = re.compile(r"表彰|奖|扶|(?<!未)通过")
_GIVEN = -2.6
_INVENTORIED = frozenset({"people", "item", "list", "length", "area", "volume", "mass"})
# Lists of what is there have no verb at all; activities (期, 场, 次) are planned without one too.
_LISTED = _INVENTORIED | {"age"}
_AFTER_LIST = "，、；。,;和及\n"
_TWO_AMOUNTS = re.compile(
    r"[0-9一二三四五六七八九十百千万两][^0-9，。；\n]{1,4}[，、；,;和及].{0,12}(?<!第)[0-9一二三四五六七八九十两]"
)
_GOAL, _AIM = re.compile("目标|指标|任务|分解|分工|分配"), re.compile("目标|指标")
# So much and less is a word that says little.
WEAK = 0.5
# Under a title of a plan's measures (工作措施) a list without a verb is to be done.
_PLAIN_PLAN = 2.0
# 制定方案如下 speaks for all of a plan, its inventories too.
_SWITCH = "switch-plan"
_REST, _DONE_BEFORE_REST, _NEAR_REST = "rest", -2.4, 3
_DUTY = frozenset({"must", "will", "ensure", "strive", "this-year", "plan"})


def stock_cues(spot: Spot, cues: list[Cue], bounded: bool, surroundings: Surroundings) -> list[Cue]:
    """The cues that an amount is of what is there, from how its sentence is built.

    Args:
        spot: the amount.
        cues: the words of its sentence.
        bounded: whether it has a bound (以内), which no stock has.
        surroundings: what titles say.
    """
    found = []
    if not bounded and _is_stock(spot, cues, surroundings):
        found.append(Cue(spot.start, spot.end, _INVENTORY, "inventory"))
    if spot.group in _INVENTORIED and (given := _given(spot, cues)) is not None:
        found.append(given)
    if (done := _done_before_rest(spot, cues)) is not None:
        found.append(done)
    return found


def _is_stock(spot: Spot, cues: list[Cue], surroundings: Surroundings) -> bool:
    told = _is_inventory(spot, cues)
    if not (told or (spot.group in _LISTED and _is_bare(spot, cues))):
        return False
    prior = surroundings.say(spot.section, spot.piece, spot.start)
    plain = not told and prior.weight >= _PLAIN_PLAN and prior.rule != _SWITCH
    return not plain and not (_AIM if told else _GOAL).search(prior.evidence)


def _done_before_rest(spot: Spot, cues: list[Cue]) -> Cue | None:
    """A cue where a rest is still to come of what is counted here: 铺管21公里，剩余9公里6月底前铺完."""
    if any(spot.clause_start <= cue.start < spot.clause_end and cue.weight > WEAK for cue in cues):
        return None
    sentence, high = spot.sentence, semicolon(spot)
    due = sentence.last("periods", spot.clause_start, spot.start)
    if due is not None and spot.folded[due[1] - 1] == "前":
        return None
    for cue in cues:
        near = spot.clause_end <= cue.start < high
        if near and cue.rule == _REST and sentence.clause(cue.start) - sentence.clause(spot.start) < _NEAR_REST:
            return Cue(cue.start, cue.end, _DONE_BEFORE_REST, _REST)
    return None


def _given(spot: Spot, cues: list[Cue]) -> Cue | None:
    """A cue where an amount is of what is there: 23名党员人人学会编目."""
    folded, low, start = spot.folded, spot.clause_start, spot.start
    if any(low <= cue.start < start and cue.weight > 0 for cue in cues):
        return None
    if VERBS.search(folded, low, start) is not None or _DEED.search(folded, low, start) is not None:
        return None
    told = _EVERYONE.match(folded, spot.end, spot.clause_end)
    if told is None and spot.group == "people":
        told = _ALL_PEOPLE.match(folded, spot.end, spot.clause_end)
    return Cue(spot.end, told.end(), _GIVEN, "everyone") if told is not None else None


def _is_inventory(spot: Spot, cues: list[Cue]) -> bool:
    """配电箱76台，要在汛前加锁: no cue and no verb up to the amount, and a duty in a later clause."""
    folded, sentence = spot.folded, spot.sentence
    if folded[sentence.end : sentence.end + 1] not in ("。", "；", "\n", ""):
        return False
    if any(cue.start < spot.end for cue in cues):
        return False
    before = re.split("[；;，]", folded[sentence.start : spot.start])[-1]
    if len(before) > 40 or _NOUN_ONLY.search(before) is None or PART in before:
        return False
    if VERBS.search(_NO_VERBS.sub("", before)) is not None or PER.search(before) is not None:
        return False
    if _EXTENT.search(before) is not None:
        return _TO_BE.search(before) is None
    if spot.group not in _INVENTORIED:
        return False
    high = semicolon(spot)
    if any(spot.clause_end < cue.start < high and cue.rule in _DUTY for cue in cues):
        return True
    return _TOLD_OF.match(folded, spot.end, high) is not None and _DEED_NAMED.search(before) is None


def _is_bare(spot: Spot, cues: list[Cue]) -> bool:
    """泵站12座、渠道36公里，…: nouns with their amounts, and up to here no verb and no word of a plan."""
    folded, low, high = spot.folded, spot.sentence.start, spot.clause_end
    if folded[spot.end : spot.end + 1] not in _AFTER_LIST:
        return False
    if not _TWO_AMOUNTS.search(folded, low, high):
        # The first of such a list: the next clause goes on with it.
        high = spot.sentence.clause_end(high + 1)
        if not _TWO_AMOUNTS.search(folded, low, high):
            return False
    if any(cue.weight > WEAK and cue.start < high for cue in cues):
        return False
    if _DEED_NAMED.search(folded[max(low, spot.start - 8) : spot.start]) is not None:
        return False
    return VERBS.search(_NO_VERBS.sub("", folded[low:high])) is None
