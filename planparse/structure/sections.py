"""Sections (编号段落): labels found, nested, and given their titles and ends."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from planparse.document import Anomaly, Piece, Section
from planparse.rules.ruleset import Ruleset
from planparse.structure.attachments import find_attachments
from planparse.structure.labels import BARRIER, Label, barrier, find_labels, ranks_of
from planparse.structure.nesting import nest
from planparse.structure.runs import IMPLIED, Node
from planparse.structure.unnumbered import find_unnumbered

_TITLE_END = re.compile(r"[。！？!?；;\n]")
_SENTENCE_END = re.compile("[。；！？]")
# What stands between a title and its page in a table of contents.
_LEADERS = " \n.．·…-—0123456789"
_CONTENTS_TITLE = 40
_MESSAGES = {
    "gap": ("numbering_gap", "the numbers skip before {}"),
    "repeat": ("numbering_repeat", "{} repeats a number"),
    "start": ("numbering_start", "a run starts at {}"),
}


def find_sections(
    text: str, folded: str, pieces: Sequence[Piece], rules: Ruleset
) -> tuple[list[Section], list[Anomaly]]:
    """Find the numbered sections of each piece.

    Args:
        text: the clean text.
        folded: the same, folded (:func:`planparse.fold.fold`).
        pieces: the pieces, in text order; labels before the first are not looked for.
        rules: the rule tables.

    Returns:
        The sections in text order, with ids from 0; and the anomalies ``numbering_gap``, ``numbering_repeat``,
        ``numbering_start`` and ``lost_heading``.
    """
    sections: list[Section] = []
    anomalies: list[Anomaly] = []
    for piece in pieces:
        labels = find_labels(folded, piece.heading_end, piece.end, rules)
        name = folded[piece.start : piece.heading_end]
        titles = find_unnumbered(folded, piece.heading_end, piece.end, labels, name, rules)
        barriers = [barrier(end) for _, end in find_attachments(folded, piece.heading_end, piece.end)]
        if (again := _contents_end(folded, labels)) is not None:
            barriers.append(barrier(again))
        if titles or barriers:
            labels = sorted([*labels, *titles, *barriers])
        nodes = nest(labels, ranks_of(rules))
        _build(text, folded, piece, nodes, sections, anomalies)
    return sections, anomalies


def _contents_end(folded: str, labels: Sequence[Label]) -> int | None:
    """Where a table of contents (目录) at the head of a piece ends and its sections come again, None where none is.

    That is the label with the number, the style and the title of the first one, where no sentence ends in between.
    """
    numbered = [label for label in labels if label.number and label.style != BARRIER]
    if len(numbered) < 4 or numbered[0].number != 1:
        return None
    first = numbered[0]
    title = folded[first.end : numbered[1].start].strip(_LEADERS)
    if not 2 <= len(title) <= _CONTENTS_TITLE:
        return None
    for position, label in enumerate(numbered[2:], 2):
        if _SENTENCE_END.search(folded, numbered[position - 1].end, label.start):
            return None
        if (
            label.style == first.style
            and label.number == 1
            and folded[label.end : label.end + 80].lstrip(" ").startswith(title)
        ):
            return label.start
    return None


class _Row(NamedTuple):
    """A section before its title and end are known; an implied one has no label of its own."""

    label: Label
    number: int | None
    parent: int | None
    level: int
    implied: bool


def _rows(text: str, piece: Piece, nodes: Sequence[Node], first: int, anomalies: list[Anomaly]) -> list[_Row]:
    """The sections of one piece, with ids from ``first``; what is odd about their numbers goes to ``anomalies``."""
    rows: list[_Row] = []
    ids: dict[int, int] = {}
    for node in nodes:
        label = node.label
        if node.implied:
            ids[node.parent] = first + len(rows)
            rows.append(_Row(label, None, None, 1, True))
            message = "the heading of this run is lost"
            anomalies.append(Anomaly("lost_heading", label.start, label.end, message, piece.n))
        parent = ids[node.parent] if node.parent != -1 else None
        level = 1 if parent is None else rows[parent - first].level + 1
        ids[node.at] = first + len(rows)
        rows.append(_Row(label, node.number or None, parent, level, False))
        if node.flaw:
            kind, message = _MESSAGES[node.flaw]
            written = text[label.start : label.end]
            anomalies.append(Anomaly(kind, label.start, label.end, message.format(written), piece.n))
    return rows


def _ends(rows: Sequence[_Row], last: int) -> list[int]:
    """Where each section ends: at the next one of its level or above."""
    ends = [last] * len(rows)
    open_rows: list[int] = []
    for position, row in enumerate(rows):
        while open_rows and rows[open_rows[-1]].level >= row.level:
            ends[open_rows.pop()] = row.label.start
        open_rows.append(position)
    return ends


def _without_blanks(folded: str, start: int, end: int) -> int:
    """``end`` moved back over blank space, not before ``start``."""
    while end > start and folded[end - 1] in " \n":
        end -= 1
    return end


def _build(
    text: str,
    folded: str,
    piece: Piece,
    nodes: Sequence[Node],
    sections: list[Section],
    anomalies: list[Anomaly],
) -> None:
    """Turn one piece's nodes into sections, appended to ``sections``."""
    first = len(sections)
    rows = _rows(text, piece, nodes, first, anomalies)
    last = _without_blanks(folded, piece.heading_end, piece.end)
    starts = [row.label.start for row in rows]
    for position, (row, stop) in enumerate(zip(rows, _ends(rows, last), strict=True)):
        label = row.label
        start, label_end = label.start, label.end
        end = _without_blanks(folded, label_end, stop)
        if row.implied:
            style, label_end, title, title_end = IMPLIED, start, "", start
        else:
            style = label.style
            follow = bisect_right(starts, start, position)
            until = starts[follow] if follow < len(starts) else last
            match = _TITLE_END.search(folded, label_end, until)
            title_end = _without_blanks(folded, label_end, match.start() if match else until)
            title = text[label_end:title_end].strip()
        sections.append(
            Section(
                first + position,
                row.parent,
                piece.n,
                row.level,
                style,
                text[start:label_end],
                row.number,
                start,
                label_end,
                title,
                title_end,
                max(end, title_end),
                row.implied,
            )
        )
