"""Sections (编号段落): labels found, nested, and given their titles and ends."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from planparse.document import Anomaly, Piece, Section
from planparse.rules.ruleset import Ruleset
from planparse.structure.attachments import find_attachments
from planparse.structure.labels import Label, barrier, find_labels, ranks_of
from planparse.structure.nesting import nest
from planparse.structure.runs import IMPLIED, Node
from planparse.structure.unnumbered import find_unnumbered

_TITLE_END = re.compile(r"[。！？!?；;\n]")
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
        if titles or barriers:
            labels = sorted([*labels, *titles, *barriers])
        nodes = _after_contents(folded, nest(labels, ranks_of(rules)))
        _build(text, folded, piece, nodes, sections, anomalies)
    return sections, anomalies


def _after_contents(folded: str, nodes: list[Node]) -> list[Node]:
    """A run that repeats the outermost one has lost no heading: the first was a table of contents (目录)."""
    if not any(node.implied for node in nodes):
        return nodes
    under: dict[int, list[tuple[int, str]]] = {}
    for node in nodes:
        words = folded[node.label.end : node.label.end + 8].split("\n", 1)[0].strip()
        under.setdefault(node.parent, []).append((node.number, words))
    first = under.get(-1, [])[:3]
    again = next((parent for parent, run in under.items() if parent < -1 and run[:3] == first), None)
    if len(first) < 3 or again is None:
        return nodes
    return [node._replace(parent=-1, implied=False) if node.parent == again else node for node in nodes]


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
