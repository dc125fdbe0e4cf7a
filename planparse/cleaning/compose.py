"""Edits laid over one another: what a later step does to an already edited text, said in offsets of the original."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from planparse.document import Edit, View


def resolve(proposals: Iterable[Edit]) -> list[Edit]:
    """One disjoint list out of overlapping proposals: the longer one of two at the same place wins.

    A proposal that begins inside an earlier one keeps what sticks out of it, if it is a removal; else it is dropped.
    """
    result: list[Edit] = []
    for edit in sorted(proposals, key=lambda e: (e.start, -e.end)):
        if edit.end <= edit.start:
            continue
        if not result or edit.start >= result[-1].end:
            result.append(edit)
        elif edit.end > result[-1].end and edit.replacement is None:
            result.append(replace(edit, start=result[-1].end))
    return result


def compose(text: str, first: Sequence[Edit], second: Sequence[Edit]) -> list[Edit]:
    """The edits of ``text`` that do what ``first`` does, and then ``second`` to the outcome.

    Args:
        text: the text that ``first`` counts in.
        first: disjoint, sorted.
        second: disjoint, sorted, counted in ``View(text, first).clean``.

    A later edit swallows the earlier ones inside its range, but a repair by nothing (a mended line break) leaves the
    removals in it as they are: it takes the part before the first of them, and the rest goes with that removal.
    """
    if not second or not first:
        return list(second or first)
    view = View(text, first)
    places = _places(first)
    result: list[Edit] = []
    at = 0
    group: list[Edit] = []
    inside: list[int] = []
    for edit in second:
        # Two later edits that touch one replacement of an earlier edit can only be told as one.
        if not (inside and group and places[inside[-1]][1] > edit.start):
            at = _flush(view, first, at, group, inside, result)
            group, inside = [], []
        while at < len(first) and not inside and not _touches(places[at], edit) and places[at][0] < edit.end:
            result.append(first[at])
            at += 1
        group.append(edit)
        last = inside[-1] + 1 if inside else at
        while last < len(first) and _touches(places[last], edit):
            inside.append(last)
            last += 1
    at = _flush(view, first, at, group, inside, result)
    result.extend(first[at:])
    return sorted(result, key=lambda edit: edit.start)


def _places(edits: Sequence[Edit]) -> list[tuple[int, int]]:
    """The ranges that the replacements of edits take in the edited text."""
    places = []
    shift = 0
    for edit in edits:
        size = len(edit.replacement or "")
        places.append((edit.start + shift, edit.start + shift + size))
        shift += size - (edit.end - edit.start)
    return places


def _touches(place: tuple[int, int], edit: Edit) -> bool:
    start, end = place
    return edit.start < start < edit.end if start == end else start < edit.end and edit.start < end


def _is_mended_mark(edit: Edit) -> bool:
    return edit.replacement == "" and edit.kind != "hard_wrap"


def _flush(
    view: View, first: Sequence[Edit], at: int, group: Sequence[Edit], inside: Sequence[int], result: list[Edit]
) -> int:
    """Put a group of later edits with the earlier ones ``inside`` it into the result; gives the next earlier one."""
    if not group:
        return at
    low, high = view.span_to_raw(group[0].start, group[-1].end)
    if inside:
        at = inside[-1] + 1
        low, high = min(low, first[inside[0]].start), max(high, first[inside[-1]].end)
    lead = group[0]
    removals = [first[i] for i in inside if first[i].is_removal]
    only_removals = len(group) == 1 and removals and len(removals) == len(inside)
    if only_removals and lead.replacement == "" and removals[0].start > low:
        cut = removals[0]
        result += [replace(lead, start=low, end=cut.start), replace(cut, end=high)]
        return at
    text, place = "", view.to_clean(low)
    for edit in group:
        text += view.clean[place : edit.start] + (edit.replacement or "")
        place = edit.end
    text += view.clean[place : max(place, view.to_clean(high))]
    removal = not text and any(edit.is_removal for edit in group)
    if removal:
        # A mark mended away at the edge of what goes now, goes with it; a mended line break is damage of its own.
        while result and result[-1].end == low and _is_mended_mark(result[-1]):
            low = result.pop().start
        while at < len(first) and first[at].start == high and _is_mended_mark(first[at]):
            high = first[at].end
            at += 1
    result.append(Edit(low, high, lead.kind, lead.rule, None if removal else text))
    return at
