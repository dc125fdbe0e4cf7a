"""Times as cues of role (时间与目标、统计): what the words of a sentence weigh in a plan for a certain year."""

from __future__ import annotations

import re

from planparse.measures.governing import GoverningTimes
from planparse.measures.periods import is_past
from planparse.measures.spot import Spot
from planparse.measures.surroundings import Surroundings
from planparse.measures.tables import Cue, Tables

_YEARS = re.compile(r"(?<![0-9比较同由从])((?:19|20)[0-9]{2})年(?![^，。；]{0,2}(?:增长|提高|下降))")
_PAST_YEAR = -2.4
# Five-year plans by their last years.
_FIVE_YEARS = re.compile('十([一二三四五])五[”"]?(?:时期|期间|以来)')
_LAST_OF = {"一": 2010, "二": 2015, "三": 2020, "四": 2025, "五": 2030}
# A plan for a whole year says when in it a thing is done.
_FIRST_HALF, _FIRST_HALF_AHEAD = "first-half", -0.2
# What a plan for next year says of this one.
_THIS_YEAR_PAST = -2.4
_CARRIED_PAST = -1.5
# What is so now ends with its sentence, and what was so where the text turns to what is to come.
_NOW = re.compile("[目当]前|眼下|现在|如今|今天")
_TURNED = re.compile("今年(?!以来)|明年|来年|本年|下半年|[年月]底前|要(?!求|点)|将(?!近)|拟|余下|剩余")


def timed_cues(spot: Spot, surroundings: Surroundings) -> list[Cue]:
    """The cues of an amount's sentence as its plan's year has them, with the years that the sentence names."""
    folded, piece = spot.folded, spot.piece
    cues = spot.sentence.cues
    this_year = [cue.start for cue in cues if cue.rule == "this-year"]
    if this_year and (
        (piece is not None and surroundings.looks_ahead(piece))
        # 今年是61%，来年奔着68%去.
        or any(cue.rule == "next-year" and cue.start > this_year[0] for cue in cues)
    ):
        cues = [cue._replace(weight=_THIS_YEAR_PAST) if cue.rule == "this-year" else cue for cue in cues]
    in_halves = any(cue.rule == _FIRST_HALF for cue in cues)
    if in_halves and piece is not None and surroundings.plans_first_half(piece, spot.start):
        cues = [
            cue._replace(weight=_FIRST_HALF_AHEAD)
            if cue.rule == _FIRST_HALF and folded[cue.end : cue.end + 1] not in ("，", ",")
            else cue
            for cue in cues
        ]
    if spot.year is not None and (named := _years(spot, spot.year)):
        # 到2019年底 of a plan for 2020 is no deadline.
        gone = [cue for cue in named if cue.weight < 0]
        cues = [cue for cue in cues if cue.rule != "deadline" or all(not _meet(cue, past) for past in gone)]
        cues = sorted([*cues, *named])
    return cues


def head_cues(spot: Spot, tables: Tables) -> list[Cue]:
    """The cues of the head of a table's column: 2023年实际, 今年目标."""
    head = spot.head
    if head is None:
        return []
    cues = tables.cues(tables.sentence.find(spot.folded, *head)["clause"], tables.sentence.rules["clause"])
    cues += tables.cues(tables.page.find(spot.folded, *head)["title"], tables.page.rules["title"])
    if spot.year is not None:
        cues += [_year_cue(match, spot.year) for match in _YEARS.finditer(spot.folded, *head)]
    return cues


def carried(spot: Spot, times: GoverningTimes) -> float:
    """What a past time says that opened an earlier sentence of the paragraph: 去年接警187起。出动436次."""
    sentence = spot.sentence
    if sentence.last("periods", sentence.start, spot.start) is not None:
        return 0.0
    last = next(iter(times.openings(sentence.start, spot.section, spot.year)), None)
    if last is None or not is_past(last, spot.year) or _NOW.search(spot.folded, last.start, last.end) is not None:
        return 0.0
    return _CARRIED_PAST if _TURNED.search(spot.folded, last.end, sentence.start) is None else 0.0


def _meet(one: Cue, other: Cue) -> bool:
    return one.start < other.end and other.start < one.end


def _years(spot: Spot, year: int) -> list[Cue]:
    """Years before the plan's own are past, it and later ones are to come."""
    low, high = spot.sentence.start, spot.sentence.end
    found = [
        Cue(match.start(), match.end(), _PAST_YEAR, "year")
        for match in _FIVE_YEARS.finditer(spot.folded, low, high)
        if _LAST_OF[match[1]] < year
    ]
    return found + [_year_cue(match, year) for match in _YEARS.finditer(spot.folded, low, high)]


def _year_cue(match: re.Match[str], year: int) -> Cue:
    named = int(match[1])
    weight = _PAST_YEAR if named < year else 1.0 if named == year else 1.8
    return Cue(match.start(), match.end(), weight, "year")
