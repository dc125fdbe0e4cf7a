"""Target or statistic (目标, 统计): cues are weighed, the nearest words first.

Clause before sentence before section title before the tone of the section. A positive sum is a target. What no cue
touches is a target under a label of a plan, and a statistic in a plan's opening paragraph, which describes.
"""

from __future__ import annotations

import re

from planparse.document import Piece, Section
from planparse.measures.sentence import Sentence
from planparse.measures.surroundings import Surroundings, Verdict
from planparse.measures.tables import Cue, Tables

_YEARS = re.compile(r"(?<![0-9比较同由从])((?:19|20)[0-9]{2})年(?![^，。；]{0,2}(?:增长|提高|下降))")
_PAST_YEAR = -2.4
# Five-year plans by their last years.
_FIVE_YEARS = re.compile('十([一二三四五])五[”"]?(?:时期|期间|以来)')
_LAST_OF = {"一": 2010, "二": 2015, "三": 2020, "四": 2025, "五": 2030}
_ENOUGH = 1.9
# So much of weak words is enough; words of the past are the plainer ones.
_SURE_TARGET, _SURE_STATISTIC = 2.6, 2.2
# How much a cue counts that stands so many clauses before the amount.
_FADE = (1.0, 0.85, 0.75, 0.7, 0.65)
_AHEAD = 0.25
# 安全行车120万公里，创历史新高: a result tells that what it follows was so.
_OUTCOME, _AHEAD_OUTCOME = frozenset({"outcome", "fulfilled"}), 2.0
_PART = "其中"
# These turn from what was to what is to come, so that the clauses before them do not count.
_TURNS = frozenset({"this-year", "next-year", "second-half", "deadline", "again", "rest"})
# 去年1820万元 今年2050万元: behind an amount the next time takes over.
_TIMES = frozenset({"last-year", "this-year", "next-year", "second-half"})
_ORDERS = 2.5
_DIGIT = re.compile("[0-9]")
_NEXT_SPAN = 12
_CLOCK = frozenset({"last-year", "years-past", "this-year", "next-year", "second-half", "deadline"})
_PARAGRAPH = 260
_SENTENCE_EDGES = "。！？!?\n "
_CARRIED_PAST = -1.5
# An inventory opens a sentence without a verb (配电箱76台，要…): a noun, the amount, then what is to be done with it.
_INVENTORY = -2.6
_NOUN_ONLY = re.compile(r"[^，。；：:\n]{0,12}?[一-鿿]$")
_VERBS = re.compile(
    r"[建创办开做抓完购选发召举培组清检修栽植造整收减降增招引争读写听评达争控补请送换装改推保落拆除植筹投签印拍录种养备够足访排"
    r"救治帮扶奖评设加申打走深栽铺布印演播修拍退迁腾销征砌浇焊喷涂贴挂埋敷挖填钻吊租售缴追催募捐献抽绘译映续]|架设|立杆|[在向给由从]|表扬|支持|发放|配[备齐置]|实现|安排|覆盖|受理|接待|服务|对|将|为|要|须|应|每|到|不|超|至少"
)
# What is there holds no longer where a clause starts with what is to be done: 现有企业380家，培育规上企业20家.
_STATES = frozenset({"existing", "there-is", "all-of-it", "describes"})
# What is to be done may stand behind its date: 9月中旬前补招3名.
_ACTS = re.compile(
    rf"(?:(?:[0-9一二三四五六七八九十]{{1,2}}月(?:[上中下]旬|[0-9]{{1,2}}日|底|末|份)?|年[内底末]|[春秋]节)(?:以?前)?)?(?:{_VERBS.pattern})"
)
# 每个渡口有2名干部值守 is how it is to be.
_OF_EACH = re.compile("每[个名位家所处座次组班千万百]|逢")
# 全站21名技术员每人联系2个村: what is said of all of them is not said of what each is to do.
_SHARED_OUT = _STATES | {"all-of-them", "total", "found"}
_PRESENT = _STATES | {"now"}
_PER = re.compile("每[人名位户村家个站所班组台]|各[^，。；0-9]{0,4}(?=[0-9一二两三四五六七八九十])|一人")
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
_EXTENT = re.compile("(?:全长|总长|总面积|境内[^，。；0-9]{0,6})$")
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
    r"[0-9一二三四五六七八九十百千万两][^0-9，。；\n]{1,4}[，、；,;和及].{0,12}[0-9一二三四五六七八九十两]"
)
_NOUN_TOLD = re.compile("的[0-9一二三四五六七八九十百千两]{1,6}[^，、和及的中已0-9]{2,}$")
_GOAL, _AIM = re.compile("目标|指标|任务|分解|分工|分配"), re.compile("目标|指标")
_WEAK = 0.5
# Under a title of a plan's measures (工作措施) a list without a verb is to be done.
_PLAIN_PLAN = 2.0
# 制定方案如下 speaks for all of a plan, its inventories too.
_SWITCH = "switch-plan"
# 全镇12个村 tells of the villages, not of what the next clause counts.
_ALL_OF, _ALREADY = "all-of-them", "already"
_REST, _DONE_BEFORE_REST, _NEAR_REST = "rest", -2.4, 3
_COMPARED, _COMPARED_TARGET = "compared", 0.3
_DUTY = frozenset({"must", "will", "ensure", "strive", "this-year", "plan"})
# A plan for a whole year says when in it a thing is done.
_FIRST_HALF, _FIRST_HALF_AHEAD = "first-half", -0.2
# What a plan for next year says of this one.
_THIS_YEAR_PAST = -2.4


def weigh(
    folded: str,
    sentence: Sentence,
    start: int,
    end: int,
    section: Section | None,
    piece: Piece | None,
    year: int | None,
    group: str,
    surroundings: Surroundings,
    tables: Tables,
) -> Verdict:
    """The verdict on the amount at ``[start, end)`` of a plan for ``year``."""
    cues = sentence.cues
    this_year = [cue.start for cue in cues if cue.rule == "this-year"]
    if this_year and (
        (piece is not None and surroundings.looks_ahead(piece))
        # 今年是61%，来年奔着68%去.
        or any(cue.rule == "next-year" and cue.start > this_year[0] for cue in cues)
    ):
        cues = [cue._replace(weight=_THIS_YEAR_PAST) if cue.rule == "this-year" else cue for cue in cues]
    if piece is not None and any(cue.rule == _FIRST_HALF for cue in cues) and surroundings.is_whole_plan(piece, start):
        cues = [
            cue._replace(weight=_FIRST_HALF_AHEAD)
            if cue.rule == _FIRST_HALF and folded[cue.end : cue.end + 1] not in ("，", ",")
            else cue
            for cue in cues
        ]
    if year is not None and (named := _years(folded, sentence, year)):
        # 到2019年底 of a plan for 2020 is no deadline.
        gone = [cue for cue in named if cue.weight < 0]
        cues = [cue for cue in cues if cue.rule != "deadline" or all(not _meet(cue, past) for past in gone)]
        cues = sorted([*cues, *named])
    clause_end = sentence.clause_end(end)
    tally = _Tally()
    for cue in cues:
        if end <= cue.start < clause_end:
            tally.add(cue, 1.0)
    if (match := tables.behind.at(folded, end)) is not None and match[0] <= clause_end:
        tally.add(Cue(end, match[0], tables.weights[match[1].id], match[1].id), 1.0)
    touching = (
        tables.next.find(folded, max(sentence.clause_start(start), start - _NEXT_SPAN), start),
        tables.ahead.find(folded, end, clause_end, whole=True),
    )
    for first, last, rule in filter(None, touching):
        tally.add(Cue(first, last, tables.weights[rule.id], rule.id), 1.0)
    part = folded.find(_PART, sentence.clause_start(start), start) >= 0
    clause = sentence.clause(start)
    acts = _ACTS.match(folded, sentence.clause_start(start), start) is not None
    # 全镇12个村，3200户: an amount that opens its clause goes on with the list before it.
    opens = not folded[sentence.clause_start(start) : start].strip()
    level = 0
    turned = any(end <= cue.start < clause_end and cue.rule in _TURNS for cue in cues)
    # 参观人员3名以内 is a bound, no stock.
    bounded = match is not None
    there = False
    told = not bounded and group in _INVENTORIED and _is_inventory(folded, sentence, start, end, cues)
    if told or (not bounded and group in _LISTED and _is_bare(folded, sentence, start, end, cues)):
        prior = surroundings.say(section, piece, start)
        plain = not told and prior.weight >= _PLAIN_PLAN and prior.rule != _SWITCH
        there = not plain and not (_AIM if told else _GOAL).search(prior.evidence)
    if there:
        tally.add(Cue(start, end, _INVENTORY, "inventory"), 1.0)
    if group in _INVENTORIED and (given := _given(folded, sentence, start, end, group, cues)) is not None:
        tally.add(given, 1.0)
    if (done := _done_before_rest(folded, sentence, start, clause_end, cues)) is not None:
        tally.add(done, 1.0)
    # 去年出过事故的9处点段必须研判: what was tells which are meant.
    meant = (
        group != "people"
        and folded[max(0, start - 1) : start] == "的"
        and any(end <= cue.start < clause_end and cue.weight >= _ORDERS for cue in cues)
    )
    newest: Cue | None = None
    for cue in reversed(cues):
        if cue.start >= end:
            continue
        if cue.rule in _TIMES:
            if newest is not None and newest.rule != cue.rule and _DIGIT.search(folded, cue.end, newest.start):
                continue
            newest = cue if newest is None and sentence.clause(cue.start) == clause else newest
        steps = clause - sentence.clause(cue.start) - sentence.colons(cue.start, start)
        if part and steps:
            # A part is what its whole is.
            steps -= 1
        if steps and cue.rule in _STATES and acts:
            continue
        if cue.rule in _SHARED_OUT and _PER.search(folded, cue.end, start) is not None:
            continue
        if not steps and cue.rule in _STATES and _OF_EACH.search(folded, sentence.clause_start(start), cue.start):
            continue
        if steps and cue.weight < 0 and cue.rule == _ALL_OF and not opens:
            continue
        if steps and cue.weight < 0 and _modifies(folded, sentence, cue):
            continue
        if not steps and cue.weight < 0 and meant:
            continue
        if not steps and cue.weight < 0 and cue.rule == _ALREADY and folded[max(0, start - 1) : start] == "的":
            # 复查已销号点位的20%: what is done tells which are meant.
            continue
        if not steps and cue.weight < 0 and _NOUN_TOLD.search(folded, cue.end, start) is not None:
            # 去年评出的8名标兵每人带2名徒弟: the past is that of the first amount alone.
            continue
        if steps != level and abs(tally.total) >= _ENOUGH:
            # The nearer clauses have spoken: 去年完成X，今年力争Y.
            break
        if steps != level and turned:
            break
        level = steps
        turned = turned or (cue.rule in _TURNS and cue.start < start)
        tally.add(cue, _FADE[min(steps, len(_FADE) - 1)])
    before = tally.total
    if abs(tally.total) < _ENOUGH:
        # What follows a semicolon speaks for itself, and for an amount of which nothing else is said.
        silent = abs(tally.total) < _WEAK
        high = _semicolon(folded, clause_end, sentence.end)
        for cue in cues:
            if clause_end <= cue.start < high or (silent and cue.start >= high and abs(cue.weight) > _WEAK):
                if cue.rule in _OUTCOME:
                    tally.add(cue, _AHEAD_OUTCOME)
                    continue
                tally.add(cue, _AHEAD / max(1, sentence.clause(cue.start) - clause - 1), again=True)
    best, weight = tally.best, tally.weight
    sure = _SURE_TARGET if tally.total > 0 else _SURE_STATISTIC
    weak = abs(weight) < _ENOUGH and abs(before) < sure
    if abs(tally.total) < _ENOUGH or weight * tally.total < 0 or weak:
        # Many weak words do not make a strong one.
        prior = surroundings.say(section, piece, start)
        tally.total += prior.weight + _carried(folded, sentence, start, section, piece, year, tables)
        if section is not None and best is not None and best.rule == _COMPARED:
            # Under a label 较上年提高3个百分点 is as good a target as any.
            tally.total += _COMPARED_TARGET
        if abs(prior.weight) > abs(weight):
            return prior._replace(weight=tally.total)
    if best is None:
        return Verdict(tally.total, "", "", start, start)
    return Verdict(tally.total, folded[best.start : best.end], best.rule, best.start, best.end)


def _carried(
    folded: str,
    sentence: Sentence,
    start: int,
    section: Section | None,
    piece: Piece | None,
    year: int | None,
    tables: Tables,
) -> float:
    """What a past time says that opened an earlier sentence of the paragraph: 去年接警187起。出动436次."""
    if sentence.last("periods", sentence.start, start) is not None:
        return 0.0
    low = max(section.label_end if section is not None else 0, piece.heading_end if piece is not None else 0)
    low = max(low, folded.rfind("\n", low, sentence.start) + 1, sentence.start - _PARAGRAPH)
    words = tables.sentence.find(folded, low, sentence.start)["clause"]
    clock = [cue for cue in tables.cues(words, tables.sentence.rules["clause"]) if cue.rule in _CLOCK]
    if year is not None:
        clock += [
            Cue(match.start(), match.end(), _PAST_YEAR if int(match[1]) < year else -_PAST_YEAR, "year")
            for match in _YEARS.finditer(folded, low, sentence.start)
        ]
    if not clock:
        return 0.0
    last = max(clock)
    opens = last.start == low or folded[last.start - 1] in _SENTENCE_EDGES
    return _CARRIED_PAST if last.weight < 0 and opens else 0.0


def _semicolon(folded: str, start: int, end: int) -> int:
    """Where the next semicolon stands, or the end."""
    places = [at for at in (folded.find("；", start, end), folded.find(";", start, end)) if at >= 0]
    return min(places, default=end)


def _done_before_rest(folded: str, sentence: Sentence, start: int, clause_end: int, cues: list[Cue]) -> Cue | None:
    """A cue where a rest is still to come of what is counted here: 铺管21公里，剩余9公里6月底前铺完."""
    low, high = sentence.clause_start(start), _semicolon(folded, clause_end, sentence.end)
    if any(low <= cue.start < clause_end and cue.weight > _WEAK for cue in cues):
        return None
    for cue in cues:
        near = clause_end <= cue.start < high and sentence.clause(cue.start) - sentence.clause(start) < _NEAR_REST
        if near and cue.rule == _REST:
            return Cue(cue.start, cue.end, _DONE_BEFORE_REST, _REST)
    return None


def _meet(one: Cue, other: Cue) -> bool:
    return one.start < other.end and other.start < one.end


def _modifies(folded: str, sentence: Sentence, cue: Cue) -> bool:
    """Whether a cue only describes a noun of its own clause: 巩固去年创建的5个示范点，新创3个."""
    end = sentence.clause_end(cue.end)
    told = folded.find("的", cue.end, end)
    if told < 0 or folded[end : end + 1] in (":", "："):
        return False
    # 目前还有未交付的项目7个 tells of the seven.
    return cue.rule not in _PRESENT or _DIGIT.search(folded, told, end) is None


def _given(folded: str, sentence: Sentence, start: int, end: int, group: str, cues: list[Cue]) -> Cue | None:
    """A cue where an amount is of what is there: 23名党员人人学会编目."""
    low = sentence.clause_start(start)
    if any(low <= cue.start < start and cue.weight > 0 for cue in cues):
        return None
    if _VERBS.search(folded, low, start) is not None or _DEED.search(folded, low, start) is not None:
        return None
    clause_end = sentence.clause_end(end)
    told = _EVERYONE.match(folded, end, clause_end)
    if told is None and group == "people":
        told = _ALL_PEOPLE.match(folded, end, clause_end)
    return Cue(end, told.end(), _GIVEN, "everyone") if told is not None else None


def _is_inventory(folded: str, sentence: Sentence, start: int, end: int, cues: list[Cue]) -> bool:
    """配电箱76台，要在汛前加锁: no cue and no verb up to the amount, and a duty in a later clause."""
    if folded[sentence.end : sentence.end + 1] not in ("。", "；", "\n", ""):
        return False
    if any(cue.start < end for cue in cues):
        return False
    before = folded[sentence.start : start].rsplit("；", 1)[-1].rsplit(";", 1)[-1]
    before = before.rsplit("，", 1)[-1]
    if len(before) > 40 or _NOUN_ONLY.search(before) is None or _VERBS.search(before) is not None:
        return False
    clause_end = sentence.clause_end(end)
    high = _semicolon(folded, clause_end, sentence.end)
    if _PER.search(before) is not None:
        return False
    if _EXTENT.search(before) is not None:
        return True
    if clause_end < high and any(clause_end < cue.start < high and cue.rule in _DUTY for cue in cues):
        return True
    return _TOLD_OF.match(folded, end, high) is not None and _DEED_NAMED.search(before) is None


def _is_bare(folded: str, sentence: Sentence, start: int, end: int, cues: list[Cue]) -> bool:
    """泵站12座、渠道36公里，…: nouns with their amounts, and up to here no verb and no word of a plan."""
    high = sentence.clause_end(end)
    if any(cue.weight > _WEAK and cue.start < high for cue in cues):
        return False
    if folded[end : end + 1] not in _AFTER_LIST or not _TWO_AMOUNTS.search(folded, sentence.start, high):
        return False
    if _DEED_NAMED.search(folded[max(sentence.start, start - 8) : start]) is not None:
        return False
    return _VERBS.search(folded, sentence.start, high) is None


class _Tally:
    """The sum of the cues' weights, each rule once, and the cue that gave most."""

    __slots__ = ("best", "seen", "total", "weight")

    def __init__(self) -> None:
        self.total = 0.0
        self.weight = 0.0
        self.best: Cue | None = None
        self.seen: set[str] = set()

    def add(self, cue: Cue, share: float, again: bool = False) -> None:
        """Count a cue with a share of its weight."""
        if not again:
            if cue.rule in self.seen:
                return
            self.seen.add(cue.rule)
        gain = cue.weight * share
        self.total += gain
        if abs(gain) > abs(self.weight):
            self.best, self.weight = cue, gain


def _years(folded: str, sentence: Sentence, year: int) -> list[Cue]:
    """Years before the plan's own are past, it and later ones are to come."""
    found = [
        Cue(match.start(), match.end(), _PAST_YEAR, "year")
        for match in _FIVE_YEARS.finditer(folded, sentence.start, sentence.end)
        if _LAST_OF[match[1]] < year
    ]
    for match in _YEARS.finditer(folded, sentence.start, sentence.end):
        named = int(match[1])
        weight = _PAST_YEAR if named < year else 1.0 if named == year else 1.8
        found.append(Cue(match.start(), match.end(), weight, "year"))
    return found
