"""Which candidates are labels, and under which label each stands (层级): the reading with the fewest flaws wins.

A reading keeps a stack of open runs. A label goes on with a run (and closes all deeper ones), or opens a run under what
is open, or starts anew where its heading was lost. Each flaw (a gap, a repeat, an orphan, a candidate left out) has a
price; a small beam of readings is carried along, since a later label may show what an earlier one meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from planparse.structure.labels import BARRIER, CLAUSE, DECIMALS, HEADING, LINE, LISTS, Label
from planparse.structure.runs import IMPLIED, Node, Run, State, closed, go_on, imply, leave_known, open_run, set_heading

_FIRST: Final = "首先"
_IS: Final = "一是"
_NUM: Final = "1、"
_OUTERMOST: Final = frozenset({"一、", "第一部分", "第一章"})
# Regulations number these through, whatever stands above.
_THROUGH: Final = frozenset({"第一条", "第一节"})

# Prices. The first three go by what stands before a label: line start, sentence end, comma, other text.
_LEAVE_OUT: Final = (4.0, 2.0, 1.2, 0.9)
_TAKE: Final = (0.0, 0.0, 0.2, 0.3)
_FLAW_INSIDE: Final = (0.0, 0.2, 0.8, 1.5)
_GAP, _REPEAT, _BACK, _LATE, _LOST, _NEW_LIST, _ACROSS = 1.0, 1.5, 3.0, 1.5, 2.0, 0.5, 0.9
_DOUBT: Final = 0.6
_HIDDEN: Final = 0.8
# How far 其次 may stand behind 首先.
_FIRST_REACH: Final = 2500
# How deep a list may lie in a list of its own style.
_DEEPEST: Final = 6
_BEAM, _WORST = 5, 3.0


def nest(labels: Sequence[Label], ranks: Mapping[str, int]) -> list[Node]:
    """Read a piece's candidate labels, in text order; those that are none are left out."""
    lone = _lone_firsts(labels)
    beam = [State(0.0, (), {}, None)]
    for index, label in enumerate(labels):
        if index in lone:
            continue
        if label.style == BARRIER:
            beam = [state._replace(stack=(), cost=state.cost + closed(state.stack)) for state in beam]
            continue
        if label.style == HEADING:
            beam = [set_heading(state, index, label) for state in beam]
            continue
        if label.style in _OUTERMOST:
            beam = [leave_known(state, label) for state in beam]
        titled = index > 0 and labels[index - 1].style == HEADING
        plain = _plain(beam[0], index, label, ranks)
        if plain is not None and len(beam) == 1:
            beam[0] = plain
            continue
        found: dict[tuple[object, ...], State] = {}
        for state in beam:
            plain = _plain(state, index, label, ranks)
            for new in _options(state, index, label, ranks, titled) if plain is None else (plain,):
                key = tuple((run.style, run.number, run.prefix) for run in new.stack)
                if key not in found or new.cost < found[key].cost:
                    found[key] = new
        ordered = sorted(found.values(), key=lambda state: state.cost)
        limit = ordered[0].cost + _WORST
        beam = [state for state in ordered[:_BEAM] if state.cost <= limit]
    best = min(beam, key=lambda state: state.cost + closed(state.stack))
    nodes: list[Node] = []
    step = best.steps
    while step is not None:
        nodes.append(Node(step.at, step.label, step.number, step.parent, step.implied, step.flaw))
        step = step.before
    return _without_lone_items(nodes[::-1])


def _lone_firsts(labels: Sequence[Label]) -> set[int]:
    """首先 that no 其次, 再次 or 最后 follows, and these where no 首先 stands before: they list nothing."""
    lone: set[int] = set()
    opener = -1
    followed = True
    last = 0
    for index, label in enumerate(labels):
        if label.style != _FIRST:
            continue
        if label.number == 1:
            if not followed:
                lone.add(opener)
            opener, followed, last = index, False, label.end
        elif opener < 0 or label.start - last > _FIRST_REACH:
            lone.add(index)
        else:
            followed, last = True, label.end
    if not followed:
        lone.add(opener)
    return lone


def _without_lone_items(nodes: list[Node]) -> list[Node]:
    """Leave out 一是 inside a paragraph where no 二是 follows and nothing stands under it: it counts nothing."""
    used = {node.parent for node in nodes}
    followed = {(node.parent, node.number) for node in nodes if node.label.style == _IS}
    return [
        node
        for node in nodes
        if node.label.style != _IS
        or node.number != 1
        or node.label.place == LINE
        or node.at in used
        or (node.parent, 2) in followed
    ]


def _plain(state: State, index: int, label: Label, ranks: Mapping[str, int]) -> State | None:
    """The one sensible way to take a label that goes on with a run or opens an obvious one, None where in doubt."""
    if label.place >= CLAUSE or label.number == 0 or label.style in DECIMALS:
        return None
    stack = state.stack
    for depth in range(len(stack) - 1, -1, -1):
        run = stack[depth]
        if run.style == label.style:
            if label.number != run.number + 1:
                return None
            return go_on(state, depth, index, label, 0.0, "")
        if run.style == HEADING:
            break
    if label.number != 1:
        return None
    if not stack:
        return open_run(state, 0, index, label, ranks, 0.0, "")
    top = stack[-1]
    if top.rank >= ranks[label.style] or top.inline:
        return None
    parent = state.seen.get(label.style, (0, ""))[1]
    if parent and parent != top.style and any(run.style == parent for run in stack):
        return None
    if _may_have_lost_heading(state, label):
        return None
    return open_run(state, len(stack), index, label, ranks, 0.0, "")


def _options(state: State, index: int, label: Label, ranks: Mapping[str, int], titled: bool) -> Iterator[State]:
    """All readings of one label that are worth a thought; ``titled``: a title without a number stands above it."""
    place = label.place
    yield state._replace(cost=state.cost + (_DOUBT if label.doubtful else _LEAVE_OUT[place]))
    take, flawed = _TAKE[place], _TAKE[place] + _FLAW_INSIDE[place]
    if label.style in DECIMALS:
        yield from _decimal(state, index, label, ranks, take, flawed)
        return
    stack, number = state.stack, label.number
    floor = max((depth for depth, run in enumerate(stack) if run.style in (HEADING, IMPLIED)), default=-1)
    depths = [depth for depth, run in enumerate(stack) if run.style == label.style]
    for depth in reversed(depths):
        run = stack[depth]
        if number == 0 or number == run.number + 1:
            yield go_on(state, depth, index, label, take + 0.1 * (depth != depths[-1]), "", run.number + 1)
    if number == 0:
        return
    inner = [depth for depth in depths if depth > floor]
    if not depths or (not inner and number == 1 and stack[floor].style == HEADING):
        yield from _new(state, index, label, ranks, take, flawed)
        return
    depth, run = depths[-1], stack[depths[-1]]
    if number == 1:
        if titled and depth == 0:
            # 明年打算 starts the numbers anew, and no heading is lost.
            yield open_run(state, depth, index, label, ranks, take + _NEW_LIST, "")
        yield from _restart(state, depth, index, label, ranks, take, flawed)
    elif number == run.number:
        yield go_on(state, depth, index, label, flawed + _REPEAT, "repeat")
    elif number > run.number + 1:
        gap = _GAP + min(0.3 * (number - run.number - 2), 3.0)
        if depth == 0 and number == run.number + 2 and len(stack) > 1 and stack[1].style == IMPLIED:
            # The number that is missing is that of the lost heading.
            gap = 0.0
        yield go_on(state, depth, index, label, flawed + gap, "gap")
    else:
        yield imply(state, index, label, ranks, flawed + _BACK, "start")


def _new(
    state: State, index: int, label: Label, ranks: Mapping[str, int], take: float, flawed: float
) -> Iterator[State]:
    """A label of a style that is not open."""
    stack, number = state.stack, label.number
    if number == 1:
        yield from _first(state, index, label, ranks, take)
    elif stack and state.seen.get(label.style, (0, ""))[0] == number - 1:
        cost = take if label.style in _THROUGH else flawed + _ACROSS
        yield open_run(state, _under(stack, label, ranks), index, label, ranks, cost, "")
    else:
        yield from _late(state, index, label, ranks, flawed)


def _under(stack: Sequence[Run], label: Label, ranks: Mapping[str, int]) -> int:
    """How many runs stay open where a label looks for a heading above it."""
    depth = len(stack)
    rank = ranks[label.style]
    while depth and (stack[depth - 1].inline or stack[depth - 1].rank >= rank):
        depth -= 1
    return depth


def _first(state: State, index: int, label: Label, ranks: Mapping[str, int], take: float) -> Iterator[State]:
    """A number one of a style that is not open."""
    stack = state.stack
    if not stack:
        yield open_run(state, 0, index, label, ranks, take, "")
        return
    top = stack[-1]
    rank = ranks[label.style]
    parent = state.seen.get(label.style, (0, ""))[1]
    known = next((depth for depth, run in enumerate(stack) if run.style == parent), -1) if parent else -1
    if 0 <= known < len(stack) - 1:
        # Behind a bare title (（二）主要措施) a list is its content, wherever such lists stood before.
        titled = label.place == LINE and not label.told and top.node == index - 1 and top.place == LINE
        yield open_run(state, known + 1, index, label, ranks, take + 0.4 * titled, "")
        yield open_run(state, len(stack), index, label, ranks, take + 0.4 * (not titled), "")
        return
    if known >= 0:
        # The style stood under this one before.
        yield open_run(state, len(stack), index, label, ranks, take, "")
        yield open_run(state, _under(stack, label, ranks), index, label, ranks, take + 0.4, "")
        return
    if label.glued:
        yield open_run(state, len(stack), index, label, ranks, take, "")
        yield open_run(state, _under(stack, label, ranks), index, label, ranks, take + 0.6, "")
        return
    if top.rank > rank or (top.inline and not label.inline):
        depth = _under(stack, label, ranks)
        yield open_run(state, depth, index, label, ranks, take + (0.5 if depth == 0 else 0.0), "")
        yield open_run(
            state,
            len(stack),
            index,
            label,
            ranks,
            take + (0.3 if label.colon and label.style not in _OUTERMOST else 0.8),
            "",
        )
        return
    if top.rank == rank:
        yield open_run(state, len(stack) - 1, index, label, ranks, take + 0.3, "")
    yield open_run(state, len(stack), index, label, ranks, take, "")
    if _may_have_lost_heading(state, label):
        yield imply(state, index, label, ranks, take + _HIDDEN, "")


def _may_have_lost_heading(state: State, label: Label) -> bool:
    """Whether a number one behind a full item, of a style not seen before, may be of the next section, headless."""
    return label.told and len(state.stack) > 1 and label.style not in state.seen and not label.inline


def _restart(
    state: State, depth: int, index: int, label: Label, ranks: Mapping[str, int], take: float, flawed: float
) -> Iterator[State]:
    """A number one where a run of its style is open already."""
    if label.style in LISTS:
        yield open_run(state, depth, index, label, ranks, take + _NEW_LIST, "")
    else:
        yield imply(state, index, label, ranks, flawed + _LOST, "")
    if label.colon and len(state.stack) < _DEEPEST:
        # 重点做好以下工作： on a line of its own hardly belongs to the item above it.
        yield open_run(state, len(state.stack), index, label, ranks, take + (2.6 if label.led else 1.2), "")


def _late(state: State, index: int, label: Label, ranks: Mapping[str, int], flawed: float) -> Iterator[State]:
    """A number above one of a style that is not open: its heading, or the first of its run, is lost."""
    stack = state.stack
    depth = _under(stack, label, ranks)
    cost = flawed + _LATE + min(max(0.25 * (label.number - 6), 0.0), 4.0)
    if depth == 0 or not stack[depth - 1].used or label.inline:
        yield open_run(state, depth, index, label, ranks, cost, "start")
    else:
        yield imply(state, index, label, ranks, cost + 0.5, "start")


def _decimal(
    state: State, index: int, label: Label, ranks: Mapping[str, int], take: float, flawed: float
) -> Iterator[State]:
    """A label of a decimal outline goes under the number that its first part names."""
    stack = state.stack
    if label.place < CLAUSE:
        yield from _split_decimal(state, index, label, ranks)
    for depth in range(len(stack) - 1, -1, -1):
        run = stack[depth]
        if run.style == label.style and run.prefix == label.prefix:
            if label.number == run.number + 1:
                yield go_on(state, depth, index, label, take, "")
            elif label.number > run.number + 1:
                yield from _short_decimal(state, index, label, depth)
            if label.number > run.number + 1 and not label.doubtful:
                yield go_on(state, depth, index, label, flawed + _GAP + 0.5, "gap")
            return
    if label.doubtful:
        return
    shorter = label.style[:-2] if len(label.prefix) > 1 else ""
    late = label.number != 1
    for depth in range(len(stack) - 1, -1, -1):
        run = stack[depth]
        if run.number != label.prefix[-1]:
            continue
        if (run.style == shorter and run.prefix == label.prefix[:-1]) or (not shorter and _counts(run.style)):
            if label.number // 10 == 1:
                yield open_run(state, depth + 1, index, _first_digit(label), ranks, take + 0.3, "")
            cost = flawed + _LATE if late else take
            yield open_run(state, depth + 1, index, label, ranks, cost, "start" if late else "")
            return
    for depth in range(len(stack) - 1, -1, -1):
        run = stack[depth]
        same = run.style == label.style and not late and run.prefix[:-1] == label.prefix[:-1]
        if same and label.prefix[-1] == run.prefix[-1] + 1:
            # 2.1 behind 1.4, with no 2 in sight.
            yield open_run(state, depth, index, label, ranks, take + 0.2, "")
            return
    if shorter or late:
        yield open_run(state, 0, index, label, ranks, flawed + _LATE + 3.0, "start")
    elif label.prefix[-1] == 1 or not stack:
        # 1.1 with no 1 in sight goes under what stands above.
        yield open_run(state, _under(stack, label, ranks), index, label, ranks, take + (0.5 if stack else 0.2), "")
    else:
        yield open_run(state, _under(stack, label, ranks), index, label, ranks, flawed + 1.2, "")


def _first_digit(label: Label) -> Label:
    """``3.3.15处`` as ``3.3.1`` before ``5处``."""
    return label._replace(end=label.start + len(".".join(map(str, label.prefix))) + 2, number=label.number // 10)


def _short_decimal(state: State, index: int, label: Label, depth: int) -> Iterator[State]:
    """Where the number is one digit too long to go on with the run at ``depth`` (连写)."""
    if label.number // 10 == state.stack[depth].number + 1:
        yield go_on(state, depth, index, _first_digit(label), 0.3, "")


def _split_decimal(state: State, index: int, label: Label, ranks: Mapping[str, int]) -> Iterator[State]:
    """``3.5个园区`` may be ``3.`` before ``5个园区``, where that goes on with a run; ``1.3.5学雷锋日`` may open one."""
    number = label.prefix[0]
    short = label._replace(end=label.start + len(str(number)) + 1, style=_NUM, number=number, prefix=())
    for depth in range(len(state.stack) - 1, -1, -1):
        run = state.stack[depth]
        if run.style == _NUM:
            if run.number + 1 == number:
                yield go_on(state, depth, index, short, 0.6, "")
            return
    if number == 1 and len(label.prefix) > 1:
        yield open_run(state, _under(state.stack, short, ranks), index, short, ranks, 0.8, "")


def _counts(style: str) -> bool:
    return style not in DECIMALS and style not in LISTS and style != IMPLIED
