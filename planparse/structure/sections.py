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
_CONTENTS_TITLE, _SURE_TITLE = 40, 4
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

    That is the label with the number, the style and the title of the first one, where no sentence ends in the table, or
    the two after it have the titles of the second and the third.
    """
    numbered = [label for label in labels if label.number and label.style != BARRIER]
    if len(numbered) < 4 or numbered[0].number != 1:
        return None
    first = numbered[0]
    peers = [label for label in numbered if label.style == first.style]
    title = _short_title(folded, first, numbered[1].start)
    again = next((i for i, label in enumerate(peers[2:], 2) if label.number == 1), None)
    if again is None or not title or not _titled(folded, peers[again], title):
        return None
    at = peers[again].start
    table = [label for label in numbered if label.start < at]
    bare = not _SENTENCE_END.search(folded, first.end, table[-1].end)
    # An opening may stand between the table and the first section; then a short title is no evidence.
    if bare and (len(title) >= _SURE_TITLE or not _SENTENCE_END.search(folded, table[-1].end, at)):
        return at
    pairs = list(zip(peers[1:again], peers[again + 1 :], strict=False))[:2]
    same = (_titled(folded, new, _short_title(folded, old, at)) for old, new in pairs if old.number == new.number)
    return at if sum(same) == 2 else None


def _short_title(folded: str, label: Label, until: int) -> str:
    """What stands behind a label up to ``until`` or the end of the sentence, where it is short; else nothing."""
    end = _TITLE_END.search(folded, label.end, until)
    title = folded[label.end : end.start() if end else until].strip(_LEADERS)
    return title if 2 <= len(title) <= _CONTENTS_TITLE else ""


def _titled(folded: str, label: Label, title: str) -> bool:
    return bool(title) and folded[label.end : label.end + 80].lstrip(" ").startswith(title)


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
