"""Where the plans of a compilation begin that has no visible headings (无标题汇编).

A plan that ends in a signature, a greeting, or a lead sentence (…工作计划如下) tells, where the numbering starts anew
behind it and nothing behind it goes on with the sections before it. On a page whose title does not promise several
plans, a signature and one of the other two must meet.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from planparse.lines import Line, split_lines
from planparse.rules.ruleset import Ruleset
from planparse.structure.attachments import find_attachments
from planparse.structure.labels import CLAUSE, LINE, Label, find_labels
from planparse.structure.titles import has_noun, starts_label

_GREETING = re.compile(
    r"(?:(?:尊敬的|敬爱的|各位|全体)[^。；，：:\n]{1,20}|[^。；，：:\n]{0,12}(?:同志们|同事们|老师们))[:：!！]"
)
_LEAD = re.compile(
    r"[^。；\n]{4,90}(?:(?:计划|规划|打算|安排|要点|方案)[^。；，\n]{0,6}如下|(?:制[定订]|提出|拟[定订])(?:如下|以下|本|此)"
    r"[^。；，\n]{0,8}(?:计划|规划|打算|安排|要点|方案))[:：。]?"
)
_PLAN_LEAD = re.compile("(?:计划|规划)[^。；，]{0,6}如下|[定订](?:如下|以下|本|此).{0,8}(?:计划|规划)")
_DATE = re.compile(
    r"[^。；，:：\n]{0,24}?(?:(?:19|20)[\dxX*_]{2}|[xX×*_]{2,4}|二[〇○零O][一二三四五六七八九〇○零O]{2}) ?年"
    r"[^。；，:：\n]{0,12}"
)
_OFFICE = re.compile("[^。；，、:：!！?？\\d\n]{4,24}")
_LONGEST, _SHORT = 120, 12


def find_seams(folded: str, start: int, end: int, many: bool, rules: Ruleset) -> list[tuple[int, int]]:
    """The spans ``[start, heading_end)`` of what opens each further plan in ``folded[start:end]``.

    Args:
        folded: the folded clean text.
        start, end: the body of the page; its first plan begins at ``start``.
        many: whether the page's title promises several plans.
        rules: the rule tables.
    """
    body = folded[start:end]
    lines = [Line(line.start + start, line.end + start, line.indent) for line in split_lines(body)]
    openings = [i for i in range(1, len(lines)) if _opens(folded, lines, i, many, rules)]
    if not openings:
        return []
    labels = [label for label in find_labels(folded, start, end, rules) if label.place < CLAUSE and not label.doubtful]
    starts = [label.start for label in labels]
    attached = min((at for at, _ in find_attachments(folded, start, end)), default=end)
    seams: list[tuple[int, int]] = []
    since = 0
    for i in openings:
        line = lines[i]
        at = bisect_left(starts, line.start)
        if line.start >= attached or at - since < 2 or at >= len(labels):
            continue
        plan = _PLAN_LEAD.search(folded, line.start, line.end) and line.end - line.start >= _SHORT
        sure = plan or _signed(folded, lines, i) or _GREETING.fullmatch(folded, line.start, line.end)
        if _starts_anew(labels, since, at, bool(sure)):
            title = has_noun(folded[line.start : line.end], rules, at_end=True)
            seams.append((line.start, line.end if title else line.start))
            since = at
    return seams


def _opens(folded: str, lines: Sequence[Line], i: int, many: bool, rules: Ruleset) -> bool:
    """Whether a line may open a plan."""
    line = lines[i]
    words = folded[line.start : min(line.end, line.start + _LONGEST)]
    if starts_label(words):
        return False
    lead = bool(_GREETING.fullmatch(words) or _LEAD.fullmatch(words))
    signed = _signed(folded, lines, i)
    title = line.end - line.start <= 40 and has_noun(words, rules, at_end=True) and not re.search("[。；，：:]", words)
    if _DATE.fullmatch(words) and not lead and not title:
        return False
    return (lead or signed or title) if many else (lead and signed)


def _signed(folded: str, lines: Sequence[Line], i: int) -> bool:
    """Whether a signature (落款) stands above a line: a date, or an office alone behind a full sentence."""
    above = lines[i - 1]
    words = folded[above.start : above.end]
    if len(words) <= 36 and _DATE.fullmatch(words) and "第" not in words:
        return True
    return (
        i >= 2
        and _OFFICE.fullmatch(words) is not None
        and not starts_label(words)
        and folded[lines[i - 2].end - 1] in "。！"
        and folded.count("\n", above.end, lines[i].start) > 1
    )


def _starts_anew(labels: Sequence[Label], since: int, at: int, sure: bool) -> bool:
    """Whether the labels from ``at`` on number a new plan and not the sections of the one that opens with ``since``."""
    first, old = labels[at], labels[since]
    if first.number != 1 or (first.place > LINE and not sure):
        return False
    if first.style == old.style:
        return True
    if not sure:
        return False
    last = max((label.number for label in labels[since:at] if label.style == old.style), default=0)
    for label in labels[at:]:
        if label.style == old.style and label.place == LINE:
            return label.number != last + 1
    return True
