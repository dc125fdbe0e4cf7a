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
_ENOUGH = 1.9
# So much of weak words is enough; words of the past are the plainer ones.
_SURE_TARGET, _SURE_STATISTIC = 2.6, 2.2
# How much a cue counts that stands so many clauses before the amount.
_FADE = (1.0, 0.8, 0.7, 0.6, 0.5)
_AHEAD = 0.25
_SAME_CLAUSE_BEHIND = 0.8
_PART = "其中"
# What a plan for next year says of this one.
_THIS_YEAR_PAST = -1.2


def weigh(
    folded: str,
    sentence: Sentence,
    start: int,
    end: int,
    section: Section | None,
    piece: Piece | None,
    year: int | None,
    surroundings: Surroundings,
    tables: Tables,
) -> Verdict:
    """The verdict on the amount at ``[start, end)`` of a plan for ``year``."""
    cues = sentence.cues
    if piece is not None and any(cue.rule == "this-year" for cue in cues) and surroundings.looks_ahead(piece):
        cues = [cue._replace(weight=_THIS_YEAR_PAST) if cue.rule == "this-year" else cue for cue in cues]
    if year is not None and (named := _years(folded, sentence, year)):
        cues = sorted([*cues, *named])
    clause_end = sentence.clause_end(end)
    tally = _Tally()
    for cue in cues:
        if end <= cue.start < clause_end:
            tally.add(cue, _SAME_CLAUSE_BEHIND)
    if (match := tables.behind.at(folded, end)) is not None and match[0] <= clause_end:
        tally.add(Cue(end, match[0], tables.weights[match[1].id], match[1].id), _SAME_CLAUSE_BEHIND)
    part = folded.find(_PART, sentence.clause_start(start), start) >= 0
    clause = sentence.clause(start)
    level = 0
    for cue in reversed(cues):
        if cue.start >= end:
            continue
        steps = clause - sentence.clause(cue.start)
        if part and steps:
            # A part is what its whole is.
            steps -= 1
        if steps != level and abs(tally.total) >= _ENOUGH:
            # The nearer clauses have spoken: 去年完成X，今年力争Y.
            break
        level = steps
        tally.add(cue, _FADE[min(steps, len(_FADE) - 1)])
    if abs(tally.total) < _ENOUGH:
        for cue in cues:
            if cue.start >= clause_end:
                tally.add(cue, _AHEAD / max(1, sentence.clause(cue.start) - clause - 1), again=True)
    best, weight = tally.best, tally.weight
    sure = _SURE_TARGET if tally.total > 0 else _SURE_STATISTIC
    weak = abs(weight) < _ENOUGH and abs(tally.total) < sure
    if abs(tally.total) < _ENOUGH or weight * tally.total < 0 or weak:
        # Many weak words do not make a strong one.
        prior = surroundings.say(section, piece, start)
        tally.total += prior.weight
        if abs(prior.weight) > abs(weight):
            return prior._replace(weight=tally.total)
    if best is None:
        return Verdict(tally.total, "", "", start, start)
    return Verdict(tally.total, folded[best.start : best.end], best.rule, best.start, best.end)


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
    found = []
    for match in _YEARS.finditer(folded, sentence.start, sentence.end):
        named = int(match[1])
        weight = -2.0 if named < year else 1.0 if named == year else 1.8
        found.append(Cue(match.start(), match.end(), weight, "year"))
    return found
