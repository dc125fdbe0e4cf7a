"""What the surroundings of an amount say of its role, where its own sentence does not: titles, headlines, tone.

A page called 工作计划 is often half a 总结: section titles (现状, 存在问题 against 目标, 打算), lines such as
2022年工作回顾, and 现将…安排如下 tell which half it is. Where they are silent, words of the past are counted against
words of the future.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import NamedTuple

from planparse.document import Piece, Section
from planparse.fold import fold
from planparse.measures.leads import BOTH, Leads
from planparse.measures.periods import OPENING
from planparse.measures.tables import Cue, Tables

_LINE_LIMIT = 32
_HEADLINE = re.compile(r" {0,8}([^\n。；，：！？,;:、（(]{4,24}) {0,4}")
_DOCUMENT = re.compile(
    r"(?:年度?|期|月|周|工作|活动|德育|销售|教学|培训|安全|学习)(?:工作)?(?:计划|方案|总结|规划|要点|打算)"
    r"[0-9一二三四五六七八九十]{0,2}$"
)
_YEAR = re.compile(
    r"(?:19|20)(?:[0-9]{2}|[0-9xX_*×]{2})年(?:度|上半年|下半年)?|[“\"]?十[一二三四五]五[”\"]?(?:时期|期间)?"
)
_NO_TITLE = re.compile(r"[，,；;0-9]")
_TITLE_LIMIT = 2.6
_LONG_TITLE = 10
_OUTER = 0.8
_HEADLINE_SHARE = 0.9
_TONE_LIMIT = 1.2
_TONE_SPAN = 4000
_ASIDES = 0.5
# A plan is for what is to come, a report of what was; the opening of either, before the first label, describes.
_PLAN, _REPORT = 0.5, -1.4
_OPENING = -0.6
_REPORT_NAME = re.compile(
    "总结|小结|述职|回顾|汇报|运行情况|完成情况|工作情况|开展情况|情况通报|(?<!可行性)(?<!调研)报告"
)
_PLAN_NAME = re.compile("计划|方案|规划|打算|要点|安排|设想|思路|部署|预案|意见|任务|责任书|办法|制度|通知")
_PLAN_TITLE, _TASK = "title-plan", "title-task"
_LONGEST_TITLE = 40
_MOTTO = re.compile(r"[^，,；;：:。0-9]{2,8}[，,：:](?=[^，,；;。]{2,14}$)")
_FOR_NEXT_YEAR = re.compile("明年[^，。；]{0,6}(?:计划|打算|安排|工作|思路)")
_HALF = re.compile("下半|半年|季度|学期|[0-9一二三四五六七八九十]月")
# A year of its own in a section's title: before the plan's it is past.
_TITLE_YEAR = re.compile("((?:19|20)[0-9]{2})年")
_PAST_YEAR, _OWN_YEAR = -2.0, 1.0
_BOTH_SPAN = 24
# 根据运行情况，制定本计划: the report is no part of the page.
_IN_VIEW_OF = re.compile("根据|结合|针对|鉴于|按照|为[了此]?")
_PAST_WORDS, _WORDS_AHEAD = "years-gone", "time-ahead"
# Lists at the end of a plan tell what there is, but for those of tasks.
_ENCLOSED = re.compile(r"(?<![^\n])附(?:件|表|录)?[0-9一二三]?[：:]")
_TASKS = re.compile("任务|目标|计划|指标|分解|分工|安排|日程|预算|拟|需求")
# A lead-in (今年购置：) speaks for its list where its cues are plain.
_LEAD_SURE, _LEAD_WEIGHT = 1.9, 2.0


class Verdict(NamedTuple):
    """``weight`` above 0 speaks for a target; ``evidence`` is what weighed most, at ``[start, end)``."""

    weight: float
    evidence: str
    rule: str
    start: int
    end: int


NOTHING = Verdict(0.0, "", "", 0, 0)
_LISTED = Verdict(-2.6, "enclosed", "enclosed", 0, 0)
_TASKS_ENCLOSED = 2.6


class Surroundings:
    """The titles and headlines of one text, and the tone of its sections, each looked at once."""

    def __init__(
        self,
        folded: str,
        pieces: Sequence[Piece],
        sections: Sequence[Section],
        tables: Tables,
        year_of: Callable[[Piece | None], int | None],
    ) -> None:
        self.folded = folded
        self.year_of = year_of
        self.tables = tables
        self.pieces = pieces
        self.sections = sections
        self.by_id = {section.id: section for section in sections}
        self.piece_starts = [piece.start for piece in pieces]
        self.first_label: dict[int, int] = {}
        for section in sections:
            if section.piece is not None:
                self.first_label.setdefault(section.piece, section.start)
        # Where each enclosure starts, and where it first speaks of tasks.
        self.enclosed: list[tuple[int, int]] = []
        starts = [match.start() for match in _ENCLOSED.finditer(folded)]
        tasks = [match.start() for match in _TASKS.finditer(folded, starts[0])] if starts else []
        for start in starts:
            i = bisect_left(tasks, start)
            self.enclosed.append((start, tasks[i] if i < len(tasks) else len(folded)))
        self.turns = self._turns()
        self.turn_starts = [turn.start for turn in self.turns]
        self._of_section: dict[tuple[int, bool], Verdict] = {}
        self._titles: dict[int, Verdict | None] = {}
        self._tones: dict[tuple[int, int], float] = {}
        self.section_starts = [section.start for section in sections]
        self.leads = Leads(folded, sections, self.section_starts)
        self._next_year: dict[int, bool] = {}
        self._kinds: dict[int, tuple[bool, bool, int | None]] = {}

    def say(self, section: Section | None, piece: Piece | None, start: int) -> Verdict:
        """What titles and tone say of an amount at ``start``."""
        if (enclosed := self._enclosure(section, piece, start)) is not None:
            return enclosed
        # A label's own sentence is no title of itself.
        inside = section is not None and start < section.title_end
        key = (section.id, inside) if section is not None else None
        if key is not None and key in self._of_section:
            return self._of_section[key]
        titled = section
        if inside and section is not None:
            titled = self.by_id.get(section.parent) if section.parent is not None else None
        verdict = self._from_titles(titled)
        lead = self._from_lead(section)
        # 下半年，重点做好以下工作：turns from the title above it.
        if not verdict.weight or (lead.start > verdict.start and lead.weight * verdict.weight < 0):
            verdict = lead
        if not verdict.weight:
            low = piece.start if piece is not None else 0
            verdict = self._turn(section.start if section is not None else start, low)
            if (
                section is not None
                and piece is not None
                and verdict.rule == _PAST_WORDS
                and self._kind(piece, start) > 0
            ):
                # 过去一年，… in a plan's opening speaks for that opening alone.
                first = self.first_label.get(piece.n, section.start)
                verdict = NOTHING if verdict.start < first else verdict
            if section is not None and verdict.rule == _WORDS_AHEAD:
                # 下一步，… speaks for its own paragraph, which has labels around it.
                verdict = NOTHING
        tone, kind = self._tone_around(section, piece, start), self._kind(piece, start)
        if tone < 0 < kind and section is not None:
            # Under the labels of a plan words of the past are asides.
            tone *= _ASIDES
        weight = verdict.weight + tone + kind
        evidence = verdict.evidence or ("section" if section is not None else "opening")
        verdict = verdict._replace(weight=weight, evidence=evidence)
        if key is not None:
            self._of_section[key] = verdict
        return verdict

    def _enclosure(self, section: Section | None, piece: Piece | None, start: int) -> Verdict | None:
        """What an enclosure says of an amount: it lists what is there (附：物资清单), or tasks."""
        if not self.enclosed:
            return None
        at, tasks = self.enclosed[bisect_right(self.enclosed, (start,)) - 1]
        low = max(section.start if section is not None else 0, piece.start if piece is not None else 0)
        if not low < at < start:
            return None
        if start <= tasks:
            return _LISTED
        return Verdict(_TASKS_ENCLOSED, self.folded[tasks : tasks + 2], "enclosed", tasks, tasks + 2)

    def _from_lead(self, section: Section | None) -> Verdict:
        """What the sentences say that introduce the lists around a section, the innermost that speaks."""
        while section is not None:
            lead = self.leads.lead(section)
            if lead is not None:
                # The last two clauses: 设备已经陈旧，今年申请资金，购置：.
                last = self.folded.rfind("，", lead[0], max(lead[0], self.folded.rfind("，", *lead)))
                words = self.tables.sentence.find(self.folded, max(lead[0], last), lead[1])["clause"]
                cues = self.tables.cues(words, self.tables.sentence.rules["clause"])
                total = sum(cue.weight for cue in cues)
                if abs(total) >= _LEAD_SURE:
                    best = max(cues, key=lambda cue: cue.weight * total)
                    weight = max(-_LEAD_WEIGHT, min(_LEAD_WEIGHT, total))
                    words_of = self.folded[best.start : best.end]
                    return Verdict(weight, words_of, best.rule, best.start, best.end)
            section = self.by_id.get(section.parent) if section.parent is not None else None
        return NOTHING

    def _kind(self, piece: Piece | None, at: int) -> float:
        """What the name of a piece says of the amount at ``at``: of a plan, of a report (总结), or of both.

        总结和计划: the report comes first, and the plan starts at the first section that is named as one.
        """
        if piece is None:
            return _PLAN
        known = self._kinds.get(piece.start)
        if known is None:
            name = fold(piece.title)
            report = _REPORT_NAME.search(name) is not None
            plan = not report or _PLAN_NAME.search(name) is not None
            known = self._kinds[piece.start] = (report, plan, self._plan_start(piece) if report and plan else None)
        report, plan, turn = known
        if not report:
            return _PLAN
        if not plan:
            return _REPORT
        if turn is None:
            return _REPORT / 2
        return _REPORT if at < turn else _PLAN

    def _plan_start(self, piece: Piece) -> int | None:
        """Where the first section starts that is named a plan, None where a report's section follows it."""
        found = None
        first = bisect_left(self.section_starts, piece.start)
        for section in self.sections[first : bisect_left(self.section_starts, piece.end)]:
            if not (named := self._own_title(section)):
                continue
            if found is None and named[0].rule == _PLAN_TITLE:
                found = section.start
            elif found is not None and named[0].weight < 0 and section.level == 1:
                return None
        return found

    def plans_first_half(self, piece: Piece, at: int) -> bool:
        """Whether a piece is at ``at`` a plan for a year or its first half, to which 上半年 is to come."""
        name = fold(piece.title)
        return bool(name) and self._kind(piece, at) > 0 and ("上半年" in name or _HALF.search(name) is None)

    def looks_ahead(self, piece: Piece) -> bool:
        """Whether a piece speaks of next year (明年), so that this year is its past."""
        known = self._next_year.get(piece.start)
        if known is None:
            ahead = self.folded.count("明年", piece.start, piece.end)
            this = self.folded.count("今年", piece.start, piece.end)
            name = fold(piece.title)
            opening = piece.heading_end, min(piece.end, piece.heading_end + OPENING)
            # A plan speaks of its own year; what is both report and plan, of the next.
            enough = ahead > this if _REPORT_NAME.search(name) is None else 2 * ahead >= this
            known = ahead > 0 and (enough or "明年" in name or _FOR_NEXT_YEAR.search(self.folded, *opening) is not None)
            self._next_year[piece.start] = known
        return known

    def _turns(self) -> list[Verdict]:
        """Where the text says that a report, or a plan, follows: headlines, and 现将…安排如下."""
        folded = self.folded
        words = self.tables.page.find(folded, 0, len(folded))
        rules = self.tables.page.rules
        turns = []
        for cue in self.tables.cues(words["switch"], rules["switch"]):
            lead = folded[max(0, cue.start - _BOTH_SPAN) : cue.start]
            said = re.split("[。；\\n]", lead)[-1]
            both = cue.weight > 0 and BOTH.search(said) is not None and _IN_VIEW_OF.search(said) is None
            weight = -cue.weight if both else cue.weight
            turns.append(Verdict(weight, folded[cue.start : cue.end], cue.rule, cue.start, cue.end))
        lines: dict[int, list[Verdict]] = {}
        self.title_cues = self.tables.cues(words["title"], rules["title"])
        self.title_starts = [cue.start for cue in self.title_cues]
        for cue in self.title_cues:
            before = folded.rfind("\n", max(0, cue.start - _LINE_LIMIT), cue.start)
            begin = before + 1 if before >= 0 else 0 if cue.start < _LINE_LIMIT else -1
            line = _HEADLINE.match(folded, begin) if begin >= 0 else None
            if line is None or line.end() < cue.end or folded[line.end() : line.end() + 1] != "\n":
                continue
            start, end = line.span(1)
            if not self._is_heading(start, end):
                weight = cue.weight * _HEADLINE_SHARE
                lines.setdefault(start, []).append(Verdict(weight, folded[start:end], cue.rule, start, end))
        # A headline that names both (总结和计划) tells nothing.
        turns += [found[0] for found in lines.values() if len({verdict.weight > 0 for verdict in found}) == 1]
        turns.sort(key=lambda turn: turn.start)
        return turns

    def _is_heading(self, start: int, end: int) -> bool:
        """Whether a line is the page's title, a piece's heading, or its title printed again below."""
        i = bisect_right(self.piece_starts, start) - 1
        if i < 0 or start >= self.pieces[i].end:
            return True
        if start < self.pieces[i].heading_end + 4:
            return True
        if _DOCUMENT.search(self.folded, start, end) is None:
            return False
        # 2022年的工作打算 of a report is a part of it, no title.
        report = _REPORT_NAME.search(fold(self.pieces[i].title)) is not None
        return not report or _REPORT_NAME.search(self.folded, start, end) is not None

    def _turn(self, start: int, low: int) -> Verdict:
        """The last turn in ``[low, start)``."""
        i = bisect_right(self.turn_starts, start) - 1
        return self.turns[i] if i >= 0 and self.turns[i].start >= low else NOTHING

    def _from_titles(self, section: Section | None) -> Verdict:
        """What the titles of a section and of those around it say together, the innermost with full weight."""
        scale = 1.0
        total = 0.0
        told = NOTHING
        while section is not None:
            title = self._of_title(section)
            if title is not None:
                weight = title.weight * scale
                total += weight
                if abs(weight) > abs(told.weight):
                    told = title._replace(weight=weight)
            scale *= _OUTER
            section = self.by_id.get(section.parent) if section.parent is not None else None
        return told._replace(weight=max(-_TITLE_LIMIT, min(_TITLE_LIMIT, total)))

    def _of_title(self, section: Section) -> Verdict | None:
        if section.id not in self._titles:
            start, end = section.label_end, section.title_end
            self._titles[section.id] = None
            cues = self._own_title(section)
            if cues:
                # 落实某某重大任务 is what is done, not the name of a part; 重点任务 is.
                long = len(_YEAR.sub("", self.folded[start:end].strip())) > _LONG_TITLE
                weight = cues[0].weight * (0.4 if cues[0].weight > 0 and long else 1.0)
                if all(cue.rule == _TASK for cue in cues) and self._kind(self._piece_of(section), start) < 0:
                    # 重点工作 of a report is what was done.
                    weight = 0.0
                self._titles[section.id] = Verdict(weight, section.title, cues[0].rule, start, end)
            elif cues is not None and (named := self._named_year(section)):
                self._titles[section.id] = Verdict(named, section.title, "title-year", start, end)
        return self._titles[section.id]

    def _own_title(self, section: Section) -> list[Cue] | None:
        """The cues of a section's title, all of one role; None where it has no title, or one that says both."""
        start, end = section.label_end, section.title_end
        if end - start > _LONGEST_TITLE:
            return None
        # 谋新篇，2023年工作打算: the name stands last.
        motto = _MOTTO.match(self.folded, start, end)
        start = motto.end() if motto is not None else start
        title = _YEAR.sub("", self.folded[start:end].strip())
        # A first sentence of a paragraph is no title.
        if not title or len(title) > 24 or _NO_TITLE.search(title) is not None:
            return None
        first, last = bisect_left(self.title_starts, start), bisect_left(self.title_starts, end)
        cues = [cue for cue in self.title_cues[first:last] if cue.end <= end]
        return cues if len({cue.weight > 0 for cue in cues}) <= 1 else None

    def _piece_of(self, section: Section) -> Piece | None:
        i = bisect_right(self.piece_starts, section.start) - 1
        return self.pieces[i] if i >= 0 and self.pieces[i].n == section.piece else None

    def _named_year(self, section: Section) -> float:
        """What a year in a title says: 一、2023年工作 of a plan for 2024."""
        years = {int(year) for year in _TITLE_YEAR.findall(self.folded, section.label_end, section.title_end)}
        own = self.year_of(self._piece_of(section))
        if own is None or len(years) != 1:
            return 0.0
        return _PAST_YEAR if years.pop() < own else _OWN_YEAR

    def _tone_around(self, section: Section | None, piece: Piece | None, start: int) -> float:
        """The tone of the outermost section, or of the opening of the piece."""
        if section is not None:
            outer = section
            while outer.parent is not None and outer.parent in self.by_id:
                outer = self.by_id[outer.parent]
            return self._tone(outer.start, outer.end)
        if piece is None:
            return 0.0
        first = self.first_label.get(piece.n, piece.end)
        tone = self._tone(piece.heading_end, max(first, start))
        return tone + _OPENING if first < piece.end else tone

    def _tone(self, start: int, end: int) -> float:
        """Past against future in a stretch of text: -1.2 to 1.2."""
        end = min(end, start + _TONE_SPAN)
        known = self._tones.get((start, end))
        if known is None:
            rules = self.tables.tone.rules["tone"]
            cues = self.tables.cues(self.tables.tone.find(self.folded, start, end)["tone"], rules)
            done = sum(1 for cue in cues if cue.weight < 0)
            intent = len(cues) - done
            known = _TONE_LIMIT * (intent - done) / (intent + done + 2)
            self._tones[(start, end)] = known
        return known
