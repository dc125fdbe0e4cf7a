"""Labels that number sections and items (编号): found in one scan, with what stands before them.

The scan gives candidates; which of them are labels, and of which section, is for :mod:`planparse.structure.nesting`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from planparse.rules.check import Hit
from planparse.rules.ruleset import Ruleset
from planparse.structure.numbers import CHINESE, number_of

# What stands before a label: the start of a line, the end of a sentence, a comma, or other text.
LINE, SENTENCE, CLAUSE, TEXT = range(4)
_REACH = {"line": LINE, "series": LINE, "sentence": SENTENCE, "clause": CLAUSE, "any": TEXT}
_SENTENCE_ENDS = frozenset("。！？!?；;：:…")
_COLONS = frozenset("：:")
_FULL_STOPS = frozenset("。！")
_COMMAS = frozenset("，,、")
_CLOSERS = frozenset("”’』」）)】》〉")
_BULLETS = frozenset("#*->·•◆●■★☆▲※◇○▶ ")
_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_BEFORE = 12
_TITLE_ONLY = re.compile(f"[{_HAN}“” ]{{2,14}}")
_TITLE = 60
# The style of a title without a number (see planparse.structure.unnumbered).
HEADING = "heading"
# The style of a mark behind which numbering starts anew.
BARRIER = "barrier"
# Levels of such titles that no Markdown sign gives: set off by blank lines, known by their words.
SET_OFF, KNOWN = 10, 20
# Styles of lists inside paragraphs.
LISTS = frozenset({"一是", "第一，", "首先", "其一", "①"})
# The style of the numbers of slides.
SLIDE = "01"
# Styles of decimal outlines.
DECIMALS = frozenset({"1.1", "1.1.1", "1.1.1.1"})


class Label(NamedTuple):
    """A candidate label: ``number`` is 0 for 最后, which takes the next number; ``prefix`` is 1 in 1.2, 1.2 in 1.2.3.

    ``colon``: a colon stands before it; ``inline``: it opens an item of a list, not a line of its own; ``doubtful``: a
    rule says that it is none, so that only the outline around it can show that it is; ``told``: a full stop stands
    before it; ``glued``: it follows the title of the label before it without a mark; ``led``: the colon ends a line
    that no label opens.
    """

    start: int
    end: int
    style: str
    number: int
    place: int
    colon: bool
    prefix: tuple[int, ...]
    inline: bool
    rule: str
    doubtful: bool = False
    told: bool = False
    glued: bool = False
    led: bool = False


class Veto(NamedTuple):
    """A line of the table of what looks like a label and is none."""

    id: str
    inside: bool
    before: re.Pattern[str] | None
    at: re.Pattern[str] | None


class Scanner(NamedTuple):
    """The tables of labels, compiled."""

    pattern: re.Pattern[str]
    rows: tuple[tuple[str, str, int], ...]
    series: frozenset[str]
    ranks: dict[str, int]
    vetoes: dict[str, tuple[Veto, ...]]


def _fill(pattern: str) -> str:
    return pattern.replace("{C}", CHINESE).replace("{H}", _HAN)


def _scanner(rules: Ruleset) -> Scanner:
    table = rules.table("labels")
    firsts = [_fill(rule["first"].replace("{C}", "一二三四五六七八九十百")) for rule in table]
    # One class finds the places, the alternatives look back at its character: `re` skips fast to a leading class.
    alternatives = [
        f"(?P<r{i}>(?<=[{first}]){_fill(rule['rest'])})"
        for i, (rule, first) in enumerate(zip(table, firsts, strict=True))
    ]
    pattern = re.compile(f"[{''.join(firsts)}](?:{'|'.join(alternatives)})")
    rows = tuple((rule.id, rule["style"], _REACH[rule["where"]]) for rule in table)
    styles = {style for _, style, _ in rows}
    vetoes: dict[str, list[Veto]] = {style: [] for style in styles}
    for rule in rules.table("not_labels"):
        before = re.compile(f"(?:{_fill(rule['before'])})\\Z") if rule["before"] else None
        at = re.compile(_fill(rule["at"])) if rule["at"] else None
        for style in styles if rule["styles"] == "*" else rule["styles"].split():
            if style in vetoes:
                vetoes[style].append(Veto(rule.id, rule["where"] == "inside", before, at))
    ranks = {rule["style"]: int(rule["rank"]) for rule in reversed(table)}
    series = frozenset(rule.id for rule in table if rule["where"] == "series")
    return Scanner(pattern, rows, series, ranks, {style: tuple(found) for style, found in vetoes.items()})


def ranks_of(rules: Ruleset) -> dict[str, int]:
    """Each style's usual depth, 0 the outermost."""
    return rules.compiled(_scanner).ranks


def barrier(at: int) -> Label:
    """A mark behind which numbering starts anew."""
    return Label(at, at, BARRIER, 0, LINE, False, (), False, "")


def _place(folded: str, start: int, floor: int) -> tuple[int, str]:
    """What stands before ``start``, blanks apart, and the mark that stands there or ends the line above."""
    at = start - 1
    while at >= floor and folded[at] == " " and start - at < 40:
        at -= 1
    if at < floor or folded[at] == "\n":
        return LINE, _mark_above(folded, at, floor)
    mark = folded[at]
    if mark in _SENTENCE_ENDS:
        return SENTENCE, mark
    if mark in _COMMAS:
        return CLAUSE, ""
    if mark in _BULLETS:
        begin = at
        while begin >= floor and folded[begin] in _BULLETS and start - begin < 40:
            begin -= 1
        if begin < floor or folded[begin] == "\n":
            return LINE, ""
    if mark in _CLOSERS and at > floor and folded[at - 1] in _SENTENCE_ENDS:
        return SENTENCE, ""
    return (TEXT if at == start - 1 else SENTENCE), ""


def _alone(folded: str, at: int, end: int) -> bool:
    """Whether the rest of the line is a title: short, and no sentence."""
    stop = folded.find("\n", at, min(end, at + _TITLE + 1))
    if stop < 0:
        if end - at > _TITLE:
            return False
        stop = end
    title = folded[at:stop].rstrip(" ")
    return bool(title) and title[-1] not in "。；;，,：:" and "。" not in title


def _mark_above(folded: str, at: int, floor: int) -> str:
    while at >= floor and folded[at] in " \n":
        at -= 1
    return folded[at] if at >= floor else ""


def _opens_line(folded: str, low: int, at: int) -> bool:
    """Whether the line above ``at`` starts behind ``low``."""
    return "\n" in folded[low:at].rstrip()


def find_labels(folded: str, start: int, end: int, rules: Ruleset) -> list[Label]:
    """The candidate labels of ``folded[start:end]``, in text order."""
    scanner = rules.compiled(_scanner)
    rows, vetoes = scanner.rows, scanner.vetoes
    labels: list[Label] = []
    for match in scanner.pattern.finditer(folded, start, end):
        rule, style, reach = rows[(match.lastindex or 1) - 1]
        begin, stop = match.span()
        place, mark = _place(folded, begin, start)
        if place > reach:
            continue
        doubtful = _vetoed(folded, begin, start, place, vetoes[style]) is not None
        # A decimal that looks like an amount or a date may go on with an outline.
        free = style in DECIMALS and (place <= SENTENCE or style != "1.1" or folded.startswith(" ", stop))
        if doubtful and not free:
            continue
        if style == "首先" and place == TEXT and folded[stop - 1] not in "，,、：:":
            continue
        prefix: tuple[int, ...] = ()
        if style[:2] == "1." and style != "1.":
            parts = [int(part) for part in re.findall(r"\d+", match.group())]
            prefix, number = tuple(parts[:-1]), parts[-1]
        elif style == "首先":
            number = {"首": 1, "其": 2, "再": 3, "最": 0}[folded[begin]]
        else:
            number = number_of(match.group())
        if number == 0 and folded[begin] != "最":
            continue
        glued = False
        if number == 1 and place == TEXT and labels and _TITLE_ONLY.fullmatch(folded, labels[-1].end, begin):
            # Glued to the title of the section above it (一、组织领导（一）成立指挥部).
            place, glued = SENTENCE, True
        inline = style in LISTS and not (place == LINE and _alone(folded, stop, end))
        colon, told = mark in _COLONS, mark in _FULL_STOPS
        led = colon and place == LINE and bool(labels) and _opens_line(folded, labels[-1].end, begin)
        labels.append(Label(begin, stop, style, number, place, colon, prefix, inline, rule, doubtful, told, glued, led))
    return _in_series(labels, scanner.series)


def _in_series(labels: list[Label], series: frozenset[str]) -> list[Label]:
    """The labels without those that need a neighbour by number and have none."""
    if not any(label.rule in series for label in labels):
        return labels
    kept, before = [], dict.fromkeys({label.style for label in labels}, 0)
    after: dict[str, int] = {}
    follows = [0] * len(labels)
    for i in range(len(labels) - 1, -1, -1):
        if labels[i].place == LINE:
            follows[i] = after.get(labels[i].style, 0)
            after[labels[i].style] = labels[i].number
    for label, following in zip(labels, follows, strict=True):
        if label.rule not in series or before[label.style] == label.number - 1 > 0 or following == label.number + 1:
            kept.append(label)
        if label.place == LINE:
            before[label.style] = label.number
    return kept


def style_of(label: str, rules: Ruleset) -> str:
    """The style of a label that stands alone, ``""`` where it is in no style of the table."""
    from planparse.fold import fold

    scanner = rules.compiled(_scanner)
    match = scanner.pattern.match(fold(label))
    return scanner.rows[(match.lastindex or 1) - 1][1] if match else ""


def _vetoed(folded: str, at: int, floor: int, place: int, vetoes: tuple[Veto, ...]) -> str | None:
    """The id of the rule that says there is no label at ``at``."""
    before: str | None = None
    # Behind a line break or a sentence end there is no word that could tell.
    told = place >= CLAUSE or (place == SENTENCE and folded[at - 1] == " ")
    for veto in vetoes:
        if (veto.inside and place == LINE) or (veto.before is not None and not told):
            continue
        if veto.at is not None and not veto.at.match(folded, at):
            continue
        if veto.before is not None:
            if before is None:
                before = folded[max(floor, at - _BEFORE) : at]
            if not veto.before.search(before):
                continue
        return veto.id
    return None


def probe_labels(text: str, rules: Ruleset) -> list[Hit]:
    """The candidate labels of a text, for checking the table's examples."""
    from planparse.fold import fold

    return [Hit(label.start, label.end, label.rule) for label in find_labels(fold(text), 0, len(text), rules)]


def probe_not_labels(text: str, rules: Ruleset) -> list[Hit]:
    """What the table takes out of the candidates, for checking its examples."""
    from planparse.fold import fold

    folded = fold(text)
    scanner = rules.compiled(_scanner)
    hits = []
    for match in scanner.pattern.finditer(folded):
        style = scanner.rows[(match.lastindex or 1) - 1][1]
        place, _ = _place(folded, match.start(), 0)
        if (rule := _vetoed(folded, match.start(), 0, place, scanner.vetoes[style])) is not None:
            hits.append(Hit(*match.span(), rule))
    return hits
