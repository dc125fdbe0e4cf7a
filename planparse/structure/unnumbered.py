"""Titles without a number (无编号标题), where they are safe to see.

That is: Markdown headings, lines set off by more blank lines than paragraphs, and the genre's own short titles
(指导思想, 工作目标) alone on a line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from planparse.lines import Line, split_lines
from planparse.rules.check import Hit
from planparse.rules.ruleset import Ruleset
from planparse.structure.labels import HEADING, KNOWN, LINE, SET_OFF, SLIDE, Label

_HASHES = re.compile(r"(#{1,6}) {0,3}(?=[^#\s])")
_TITLE = re.compile("[\u3400-\u4dbf\u4e00-\u9fff“《\\d][^\\n。！？!?；;：:，,…]{2,39}(?<![。、—）)])")
_NO_TITLE = re.compile(
    r"各位|尊敬|\d{4}年\d{1,2}月|[\dxX]{1,4}年[\dxX]{1,2}月[\dxX]{1,2}日|[^\u4e00-\u9fff]*$|第.{1,3}页"
)
_PARAGRAPH = 30


def _known(rules: Ruleset) -> re.Pattern[str] | None:
    table = rules.table("unnumbered")
    return re.compile("|".join(f"({rule['pattern']})" for rule in table)) if table else None


def find_unnumbered(
    folded: str, start: int, end: int, labels: Sequence[Label], title: str, rules: Ruleset
) -> list[Label]:
    """The unnumbered titles of a piece's body ``folded[start:end]``, as labels of the style ``heading``.

    Args:
        folded: the folded text.
        start, end: the piece's body.
        labels: its candidate labels, in text order; a line that one opens is no unnumbered title.
        title: the folded title of the piece; a line that repeats it is none.
        rules: the rule tables.
    """
    body = folded[start:end]
    if "\n" not in body:
        return []
    lines = [Line(line.start + start, line.end + start, line.indent) for line in split_lines(body)]
    numbered = {label.start for label in labels if label.place == LINE}
    opened = [line.start in numbered or _bulleted(folded, line, numbered) for line in lines]
    # The number of a slide follows its title.
    slides = {label.start for label in labels if label.style == SLIDE}
    set_off = _set_off(folded, lines, opened)
    known = rules.compiled(_known)
    found = []
    for i, line in enumerate(lines):
        if opened[i] or (i + 1 < len(lines) and lines[i + 1].start in slides):
            continue
        words = folded[line.start : line.end]
        if words[0] == "#" and (hashes := _HASHES.match(words)):
            found.append(_label(line.start + hashes.end(), len(hashes[1])))
        elif i in set_off and words != title:
            found.append(_label(line.start, SET_OFF))
        elif known is not None and line.end - line.start <= 14 and known.fullmatch(words) and i + 1 < len(lines):
            found.append(_label(line.start, KNOWN))
    return found


def _label(at: int, level: int) -> Label:
    return Label(at, at, HEADING, 0, LINE, False, (level,), False, "")


def _bulleted(folded: str, line: Line, numbered: set[int]) -> bool:
    at = line.start
    while at < line.end and folded[at] in "#*- " and at - line.start < 8:
        at += 1
    return at in numbered


def _set_off(folded: str, lines: Sequence[Line], opened: Sequence[bool]) -> set[int]:
    """The titles that stand further from the lines above them than paragraphs do from each other."""
    if len(lines) < 6:
        return set()
    gaps = [folded.count("\n", above.end, below.start) for above, below in pairwise(lines)]
    usual = Counter(gaps).most_common(1)[0][0]
    wide = [i for i in range(1, len(lines)) if gaps[i - 1] >= usual + 2 and gaps[i - 1] >= 2 * usual]
    if not 2 <= len(wide) <= len(lines) // 3:
        return set()
    found = set()
    for i in wide:
        words = folded[lines[i].start : lines[i].end]
        if opened[i] or not _TITLE.fullmatch(words) or _NO_TITLE.match(words) or i + 1 >= len(lines):
            continue
        if opened[i + 1] or lines[i + 1].end - lines[i + 1].start >= _PARAGRAPH or gaps[i] > usual:
            found.add(i)
    return found


def probe_unnumbered(text: str, rules: Ruleset) -> list[Hit]:
    """The genre's own titles in a text, for checking the table's examples."""
    from planparse.fold import fold

    folded = fold(text)
    known = rules.compiled(_known)
    table = rules.table("unnumbered")
    hits = []
    for line in split_lines(folded):
        match = known.fullmatch(folded, line.start, line.end) if known else None
        if match:
            hits.append(Hit(line.start, line.end, table[(match.lastindex or 1) - 1].id))
    return hits
