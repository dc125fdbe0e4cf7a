"""Readings of a piece's labels: stacks of open runs, and the four ways in which a label changes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from planparse.structure.labels import CLAUSE, HEADING, KNOWN, LINE, Label

IMPLIED: Final = "implied"
_ALONE_INSIDE: Final = 1.0
# A heading without a number stands above all numbers.
_ABOVE_ALL: Final = 100


class Run(NamedTuple):
    """An open run of labels: its style, its last number, the node of the last label, how many there are.

    ``rank`` is the style's usual depth; an implied heading has that of the run it was made for. ``inline`` runs are
    lists inside paragraphs; ``used`` says that the last label has a run of its own.
    """

    style: str
    rank: int
    number: int
    node: int
    items: int
    place: int
    prefix: tuple[int, ...]
    inline: bool
    used: bool


class Step(NamedTuple):
    """One label taken: a chain back through the reading. ``parent`` is a node, see :class:`Node`."""

    before: Step | None
    at: int
    label: Label
    number: int
    parent: int
    implied: bool
    flaw: str


class State(NamedTuple):
    """One reading so far; ``seen`` is each style's last number and the style it stood under."""

    cost: float
    stack: tuple[Run, ...]
    seen: Mapping[str, tuple[int, str]]
    steps: Step | None


class Node(NamedTuple):
    """A label of the best reading. ``parent`` is the index of the label it stands under, -1 for none, or -2 - i for the
    implied section that opens with label i."""

    at: int
    label: Label
    number: int
    parent: int
    implied: bool
    flaw: str


def closed(runs: Sequence[Run]) -> float:
    """The price of closing runs: a list of one item was hardly a list."""
    cost = 0.0
    for run in runs:
        if run.items == 1 and run.place >= CLAUSE:
            cost += _ALONE_INSIDE
    return cost


def set_heading(state: State, index: int, label: Label) -> State:
    """An unnumbered heading stands at the top of the piece, beside the outermost run or under a heading above it."""
    stack = state.stack
    rank = label.prefix[0] - _ABOVE_ALL
    if label.prefix[0] == KNOWN and stack and stack[0].style != HEADING:
        # Among numbered sections it is a line like any other.
        return state
    depth = 0
    if stack and stack[0].style != HEADING:
        depth = 1
        head = stack[0]
        stack = (head, *(run for run in stack[1:2] if run.style == HEADING))
    while depth < len(stack) and stack[depth].style == HEADING and stack[depth].rank < rank:
        depth += 1
    parent = stack[depth - 1].node if depth and stack[depth - 1].style == HEADING else -1
    run = Run(HEADING, rank, 0, index, 2, LINE, (), False, False)
    cost = state.cost + closed(state.stack[depth:])
    return State(cost, (*stack[:depth], run), state.seen, Step(state.steps, index, label, 0, parent, False, ""))


def leave_known(state: State, label: Label) -> State:
    """一、 behind 指导思想 stands beside it, not under it, unless there was a run of 一、 before."""
    stack = state.stack
    if not stack or stack[-1].rank != KNOWN - _ABOVE_ALL or label.number != 1 or label.style in state.seen:
        return state
    depth = len(stack)
    while depth and stack[depth - 1].rank == KNOWN - _ABOVE_ALL:
        depth -= 1
    return state._replace(stack=stack[:depth])


def _parent(stack: Sequence[Run], depth: int) -> int:
    """The node that a label at ``depth`` of the stack stands under."""
    return stack[depth - 1].node if depth else -1


def go_on(state: State, depth: int, index: int, label: Label, cost: float, flaw: str, number: int = 0) -> State:
    """The label goes on with the run at ``depth``; deeper runs are closed."""
    stack = state.stack
    old = stack[depth]
    number = number or label.number
    cost += state.cost + closed(stack[depth + 1 :])
    run = Run(old.style, old.rank, number, index, old.items + 1, old.place, old.prefix, label.inline, False)
    seen = {**state.seen, label.style: (number, stack[depth - 1].style if depth else "")}
    step = Step(state.steps, index, label, number, _parent(stack, depth), False, flaw)
    return State(cost, (*stack[:depth], run), seen, step)


def open_run(
    state: State, depth: int, index: int, label: Label, ranks: Mapping[str, int], cost: float, flaw: str
) -> State:
    """The label opens a run under the run at ``depth - 1``; what lay at ``depth`` and deeper is closed."""
    stack = state.stack
    if 0 < depth < len(stack) and stack[depth].style in (IMPLIED, HEADING) and stack[depth - 1].style != HEADING:
        # A heading without a number has ended the section that the run below it stands at.
        depth += 1
    cost += state.cost + closed(stack[depth:])
    kept = stack[:depth]
    if depth and not kept[-1].used:
        kept = (*kept[:-1], kept[-1]._replace(used=True))
    # A run that goes on across headings is no list of one.
    count = 1 if flaw else label.number
    rank = ranks[label.style]
    run = Run(label.style, rank, label.number, index, count, label.place, label.prefix, label.inline, False)
    seen = {**state.seen, label.style: (label.number, kept[-1].style if depth else "")}
    step = Step(state.steps, index, label, label.number, _parent(kept, depth), False, flaw)
    return State(cost, (*kept, run), seen, step)


def imply(state: State, index: int, label: Label, ranks: Mapping[str, int], cost: float, flaw: str) -> State:
    """The label opens a run whose heading was lost: under an implied section at the top of the piece.

    The outermost run stays open beside it, since it may go on behind it.
    """
    stack = state.stack
    cost += state.cost + closed(stack[1:])
    node = -2 - index
    rank = ranks[label.style]
    kept = stack[:1] if stack and stack[0].style not in (IMPLIED, HEADING) else ()
    head = Run(IMPLIED, rank, 0, node, 2, LINE, (), False, True)
    run = Run(label.style, rank, label.number, index, 1, label.place, label.prefix, label.inline, False)
    seen = {**state.seen, label.style: (label.number, "")}
    return State(cost, (*kept, head, run), seen, Step(state.steps, index, label, label.number, node, True, flaw))
