"""Target or statistic (目标, 统计): cues are weighed, the nearest words first.

Clause before sentence before section title before the tone of the section. A positive sum is a target. What no cue
touches is a target under a label of a plan, and a statistic in a plan's opening paragraph, which describes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from planparse.measures.clock import carried, head_cues, timed_cues
from planparse.measures.governing import GoverningTimes
from planparse.measures.spot import PART, Spot, semicolon
from planparse.measures.stock import PER, VERBS, WEAK, stock_cues
from planparse.measures.surroundings import Surroundings, Verdict
from planparse.measures.tables import Cue, Tables

_ENOUGH = 1.9
# So much of weak words is enough; words of the past are the plainer ones.
_SURE_TARGET, _SURE_STATISTIC = 2.6, 2.2
# How much a cue counts that stands so many clauses before the amount.
_FADE = (1.0, 0.85, 0.75, 0.7, 0.65)
_AHEAD = 0.25
# 安全行车120万公里，创历史新高: a result tells that what it follows was so.
_OUTCOME, _AHEAD_OUTCOME = frozenset({"outcome", "fulfilled"}), 2.0
# These turn from what was to what is to come, so that the clauses before them do not count.
_TURNS = frozenset({"this-year", "next-year", "second-half", "deadline", "again", "rest"})
# 去年1820万元 今年2050万元: behind an amount the next time takes over.
_TIMES = frozenset({"last-year", "this-year", "next-year", "second-half"})
_ORDERS = 2.5
_DIGIT = re.compile("[0-9]")
_NEXT_SPAN = 12
# What is there holds no longer where a clause starts with what is to be done: 现有企业380家，培育规上企业20家.
_STATES = frozenset({"existing", "there-is", "all-of-it", "describes"})
# What is to be done may stand behind its date: 9月中旬前补招3名.
_ACTS = re.compile(
    rf"(?:(?:[0-9一二三四五六七八九十]{{1,2}}月(?:[上中下]旬|[0-9]{{1,2}}日|底|末|份)?|年[内底末]|[春秋]节)(?:以?前)?)?(?:{VERBS.pattern})"
)
# 每个渡口有2名干部值守 is how it is to be.
_OF_EACH = re.compile("每[个名位家所处座次组班千万百]|逢")
# 全站21名技术员每人联系2个村: what is said of all of them is not said of what each is to do.
_SHARED_OUT = _STATES | {"all-of-them", "total", "found"}
_PRESENT = _STATES | {"now"}
_NOUN_TOLD = re.compile("的[0-9一二三四五六七八九十百千两]{1,6}[^，、和及的中已0-9]{2,}$")
# 全镇12个村 tells of the villages, not of what the next clause counts.
_ALL_OF, _ALREADY = "all-of-them", "already"
_COMPARED, _COMPARED_TARGET = "compared", 0.3


def weigh(spot: Spot, surroundings: Surroundings, times: GoverningTimes, tables: Tables) -> Verdict:
    """The verdict on an amount."""
    folded, start, end = spot.folded, spot.start, spot.end
    cues = timed_cues(spot, surroundings)
    tally = _Tally()
    tally.all(cue for cue in cues if end <= cue.start < spot.clause_end)
    bound = tables.behind.at(folded, end)
    if bound is not None and bound[0] <= spot.clause_end:
        tally.add(Cue(end, bound[0], tables.weights[bound[1].id], bound[1].id))
    else:
        bound = None
    touching = (
        tables.next.find(folded, max(spot.clause_start, start - _NEXT_SPAN), start),
        tables.ahead.find(folded, end, spot.clause_end, whole=True),
    )
    for first, last, rule in filter(None, touching):
        tally.add(Cue(first, last, tables.weights[rule.id], rule.id))
    # 参观人员3名以内 is a bound, no stock.
    tally.all(stock_cues(spot, cues, bound is not None, surroundings))
    _look_back(spot, cues, tally)
    tally.all(head_cues(spot, tables))
    before = tally.total
    if abs(tally.total) < _ENOUGH:
        _look_ahead(spot, cues, tally)
    best, weight = tally.best, tally.weight
    sure = _SURE_TARGET if tally.total > 0 else _SURE_STATISTIC
    weak = abs(weight) < _ENOUGH and abs(before) < sure
    if abs(tally.total) < _ENOUGH or weight * tally.total < 0 or weak:
        # Many weak words do not make a strong one.
        prior = surroundings.say(spot.section, spot.piece, start)
        tally.total += prior.weight + carried(spot, times)
        if spot.section is not None and best is not None and best.rule == _COMPARED:
            # Under a label 较上年提高3个百分点 is as good a target as any.
            tally.total += _COMPARED_TARGET
        if abs(prior.weight) > abs(weight):
            return prior._replace(weight=tally.total)
    if best is None:
        return Verdict(tally.total, "", "", start, start)
    return Verdict(tally.total, folded[best.start : best.end], best.rule, best.start, best.end)


def _look_back(spot: Spot, cues: list[Cue], tally: _Tally) -> None:
    """Count the words before an amount, from the nearest clause outwards, until enough is said."""
    folded, sentence, start, end = spot.folded, spot.sentence, spot.start, spot.end
    clause = sentence.clause(start)
    part = folded.find(PART, spot.clause_start, start) >= 0
    turned = any(end <= cue.start < spot.clause_end and cue.rule in _TURNS for cue in cues)
    silent = _Silent(spot, cues)
    level = 0
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
        if silent.is_of_others(cue, steps):
            continue
        # The nearer clauses have spoken: 去年完成X，今年力争Y.
        if steps != level and (abs(tally.total) >= _ENOUGH or turned):
            break
        level = steps
        turned = turned or (cue.rule in _TURNS and cue.start < start)
        tally.add(cue, _FADE[min(steps, len(_FADE) - 1)])


def _look_ahead(spot: Spot, cues: list[Cue], tally: _Tally) -> None:
    """Count the words behind an amount's clause, as little as they say of it."""
    sentence = spot.sentence
    clause = sentence.clause(spot.start)
    # What follows a semicolon speaks for itself, and for an amount of which nothing else is said.
    silent, high = abs(tally.total) < WEAK, semicolon(spot)
    for cue in cues:
        if spot.clause_end <= cue.start < high or (silent and cue.start >= high and abs(cue.weight) > WEAK):
            if cue.rule in _OUTCOME:
                tally.add(cue, _AHEAD_OUTCOME)
                continue
            tally.add(cue, _AHEAD / max(1, sentence.clause(cue.start) - clause - 1), again=True)


class _Silent:
    """Which of the words before an amount say nothing of it, since they tell of other things of its sentence."""

    def __init__(self, spot: Spot, cues: list[Cue]) -> None:
        self.spot = spot
        folded, start = spot.folded, spot.start
        self.acts = _ACTS.match(folded, spot.clause_start, start) is not None
        # 全镇12个村，3200户: an amount that opens its clause goes on with the list before it.
        self.opens = not folded[spot.clause_start : start].strip()
        self.told_which = folded[max(0, start - 1) : start] == "的"
        # 去年出过事故的9处点段必须研判: what was tells which are meant.
        self.meant = (
            self.told_which
            and spot.group != "people"
            and any(spot.end <= cue.start < spot.clause_end and cue.weight >= _ORDERS for cue in cues)
        )

    def is_of_others(self, cue: Cue, steps: int) -> bool:
        """Whether a word ``steps`` clauses before the amount tells of something else."""
        folded, start = self.spot.folded, self.spot.start
        if cue.rule in _SHARED_OUT and PER.search(folded, cue.end, start) is not None:
            return True
        if steps:
            if cue.rule in _STATES and self.acts:
                return True
            return cue.weight < 0 and ((cue.rule == _ALL_OF and not self.opens) or _modifies(self.spot, cue))
        if cue.rule in _STATES and _OF_EACH.search(folded, self.spot.clause_start, cue.start):
            return True
        # 复查已销号点位的20%: what is done tells which are meant.
        if cue.weight < 0 and (self.meant or (self.told_which and cue.rule == _ALREADY)):
            return True
        # 去年评出的8名标兵每人带2名徒弟: the past is that of the first amount alone.
        return cue.weight < 0 and _NOUN_TOLD.search(folded, cue.end, start) is not None


def _modifies(spot: Spot, cue: Cue) -> bool:
    """Whether a cue only describes a noun of its own clause: 巩固去年创建的5个示范点，新创3个."""
    folded = spot.folded
    end = spot.sentence.clause_end(cue.end)
    told = folded.find("的", cue.end, end)
    if told < 0 or folded[end : end + 1] in (":", "："):
        return False
    # 目前还有未交付的项目7个 tells of the seven.
    return cue.rule not in _PRESENT or _DIGIT.search(folded, told, end) is None


class _Tally:
    """The sum of the cues' weights, each rule once, and the cue that gave most."""

    __slots__ = ("best", "seen", "total", "weight")

    def __init__(self) -> None:
        self.total = 0.0
        self.weight = 0.0
        self.best: Cue | None = None
        self.seen: set[str] = set()

    def all(self, cues: Iterable[Cue]) -> None:
        """Count cues with their whole weight."""
        for cue in cues:
            self.add(cue)

    def add(self, cue: Cue, share: float = 1.0, again: bool = False) -> None:
        """Count a cue with a share of its weight."""
        if not again:
            if cue.rule in self.seen:
                return
            self.seen.add(cue.rule)
        gain = cue.weight * share
        self.total += gain
        if abs(gain) > abs(self.weight):
            self.best, self.weight = cue, gain
