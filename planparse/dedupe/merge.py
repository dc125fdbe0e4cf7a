"""Copies that repair each other (互补修复): what the other members of a group have and the representative lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from planparse.dedupe.align import align, changes, keys, passages
from planparse.dedupe.groups import _MASK

if TYPE_CHECKING:
    import pandas as pd

    from planparse.dedupe.units import Piece

_CONTEXT = 12


class Source(NamedTuple):
    """Who has the words: the member's id, and their range in its original text."""

    member: str
    start: int
    end: int


class Proposal(NamedTuple):
    """Words that the representative could get (修复建议).

    ``kind``: ``heading`` (the heading line of the piece), ``passage`` (a missing sentence or section heading), ``tail``
    (what stands behind the representative's last words), ``unmasked`` (what stands where it has xx, ××, __, 某某),
    ``words`` (missing inside a sentence). ``start`` and ``end`` are offsets in :attr:`Merged.text`; ``text`` would take
    the place of that range. ``original_start`` and ``original_end`` are the same place in the representative's original
    text. ``sources`` are all members that have the words; the first is where they were taken from.
    """

    kind: str
    text: str
    start: int
    end: int
    original_start: int
    original_end: int
    replaces: str
    before: str
    after: str
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Merged:
    """What could be mended of a representative, and by whom. Nothing is applied but by :meth:`apply`.

    ``text`` is the representative's text as it is: the clean text of the piece without its heading line.
    """

    representative: str
    text: str = field(repr=False)
    proposals: tuple[Proposal, ...]

    def apply(self, chosen: Iterable[Proposal | int]) -> str:
        """The text with the chosen proposals, given themselves or by their places in ``proposals``.

        Raises:
            ValueError: for two that want the same place, or one that is not among the proposals.
            IndexError: for a place that is none.
        """
        wanted = {self.proposals[one] if isinstance(one, int) else one for one in chosen}
        foreign = next((p for p in wanted if p not in self.proposals), None)
        if foreign is not None:
            raise ValueError(f"{foreign.text[:20]!r} is not a proposal of this merge")
        parts = []
        at = 0
        last: Proposal | None = None
        for proposal in sorted(wanted, key=lambda p: (p.start, p.end, self.proposals.index(p))):
            if last is not None and (proposal.start < last.end or not _follows(last, proposal)):
                raise ValueError(f"{last.text[:20]!r} and {proposal.text[:20]!r} want the same place: choose one")
            parts += [self.text[at : proposal.start], proposal.text]
            at, last = proposal.end, proposal
        return "".join([*parts, self.text[at:]])

    def to_frame(self) -> pd.DataFrame:
        """A row for each proposal; ``member``, ``source_start`` and ``source_end`` are the first source's."""
        import pandas as pd

        columns = [*Proposal._fields[:-1], "member", "source_start", "source_end", "support"]
        rows = [(*p[:-1], *p.sources[0], len(p.sources)) for p in self.proposals]
        return pd.DataFrame(rows, columns=columns)

    def __str__(self) -> str:
        lines = [f"{self.representative}: {len(self.proposals)} proposals 修复建议"]
        for number, p in enumerate(self.proposals):
            what = f"{p.replaces!r} → {p.text!r}" if p.replaces else f"+ {p.text!r}"
            source = p.sources[0]
            more = f" and {len(p.sources) - 1} more" if len(p.sources) > 1 else ""
            lines.append(
                f"[{number}] {p.kind} @{p.original_start} {p.before!r} ⟦{what}⟧ {p.after!r} "
                f"from {source.member} {source.start}–{source.end}{more}"
            )
        return "\n".join(lines)


@dataclass(frozen=True)
class Group:
    """One group of near copies (重复组): its number, its members' ids, its representative (代表) and why it is."""

    group: int
    members: tuple[str, ...]
    representative: str
    reason: str
    pieces: tuple[Piece, ...] = field(repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.members)

    def merged(self) -> Merged:
        """What other members have that the representative lost, as proposals; where to, and from which member.

        Raises:
            ValueError: where the texts were not kept, as with ``spill``.
        """
        if not self.pieces:
            raise ValueError(
                "the texts of copies are not kept with spill: run duplicates() without it, or on the group"
            )
        best = next(piece for piece in self.pieces if piece.id == self.representative)
        return merged(best, [piece for piece in self.pieces if piece is not best])


def _follows(one: Proposal, other: Proposal) -> bool:
    """Whether both can be applied: at one place, what stands one behind the other in the same member's text."""
    if one.start != other.start or one.end > one.start or other.end > other.start:
        return True
    ends = {source.member: source.end for source in one.sources}
    return any(source.member in ends and ends[source.member] <= source.start for source in other.sources)


def group(groups: pd.DataFrame, copies: Mapping[str, Piece], name: int | str) -> Group:
    """One group by its number, or by the id of one of its members.

    Raises:
        KeyError: where there is none.
    """
    column = "member" if isinstance(name, str) else "group"
    hits = groups.loc[groups[column] == name, "group"]
    if not len(hits):
        raise KeyError(f"{name!r} is in no group" if isinstance(name, str) else f"there is no group {name}")
    rows = groups[groups["group"] == hits.iloc[0]]
    members = tuple(rows["member"])
    return Group(
        int(hits.iloc[0]),
        members,
        str(rows["representative"].iloc[0]),
        str(rows["reason"].iloc[0]),
        tuple(copies[member] for member in members) if copies else (),
    )


class _Gain(NamedTuple):
    """A proposal by one member."""

    kind: str
    text: str
    start: int
    end: int
    source: Source


def merged(best: Piece, others: Sequence[Piece]) -> Merged:
    """Proposals for one piece from its copies, in the order of their places; equal ones of several members are one."""
    ranges = passages(best.text)
    letters = keys(best.text, ranges)
    found: dict[tuple[str, int, int, str], list[_Gain]] = {}
    for other in others:
        for gain in _gains(best, ranges, letters, other):
            # The same words with other blanks or marks are the same proposal.
            name = (gain.kind, gain.start, gain.end, keys(gain.text, [(0, len(gain.text))])[0])
            found.setdefault(name, []).append(gain)
    # Of one place those of one member stay in their order: the rest of a sentence, then the sentences behind it.
    proposals = sorted((_proposal(best, gains) for gains in found.values()), key=lambda p: (p.start, p.end))
    return Merged(best.id, best.text, tuple(proposals))


def _proposal(best: Piece, gains: Sequence[_Gain]) -> Proposal:
    first = gains[0]
    text = best.text
    if first.end > first.start:
        start, end = best.source(first.start), best.source(first.end - 1) + 1
    elif first.start:
        # Behind what stands before: what was removed there stays behind.
        start = end = best.source(first.start - 1) + 1
    else:
        start = end = best.source(0) if text else 0
    return Proposal(
        first.kind,
        first.text,
        first.start,
        first.end,
        start,
        end,
        text[first.start : first.end],
        text[max(0, first.start - _CONTEXT) : first.start],
        text[first.end : first.end + _CONTEXT],
        tuple(gain.source for gain in gains),
    )


def _gains(best: Piece, ranges: Sequence[tuple[int, int]], letters: Sequence[str], other: Piece) -> Iterator[_Gain]:
    if other.heading is not None and best.heading is None:
        source = Source(other.id, other.heading.start, other.heading.end)
        yield _Gain("heading", other.heading.text + "\n", 0, 0, source)
    theirs = passages(other.text)
    matches = align(letters, keys(other.text, theirs))
    matched = {match.b: match for match in matches}
    moved = {match.b for match in matches if match.moved}
    at = 0
    j = 0
    while j < len(theirs):
        match = matched.get(j)
        if match is not None:
            if j not in moved:
                at = ranges[match.a][1]
            yield from _within(best, ranges[match.a], other, theirs[j])
            j += 1
            continue
        first = j
        while j < len(theirs) and j not in matched:
            j += 1
        start, end = theirs[first][0], theirs[j - 1][1]
        if any(keys(other.text, [(start, end)])):
            yield _whole(best, at, other, start, end, first == 0)


def _whole(best: Piece, at: int, other: Piece, start: int, end: int, opens: bool) -> _Gain:
    """Passages of another member that the representative has not, to stand behind ``at``."""
    tail = not best.text[at:].strip()
    text = other.text[start:end]
    # They bring the line break that parts them from what stands before, or behind where they are the first.
    if opens:
        behind = other.text[end:]
        gap = behind[: len(behind) - len(behind.lstrip())]
        text += gap
    else:
        before = other.text[:start]
        text = before[len(before.rstrip()) :] + text
    return _Gain("tail" if tail else "passage", text, at, at, _source(other, start, end))


def _within(best: Piece, mine: tuple[int, int], other: Piece, theirs: tuple[int, int]) -> Iterator[_Gain]:
    """What one sentence has that the other lost: words under a mask, words missing, the rest of a sentence cut off."""
    a, b = best.text[slice(*mine)], other.text[slice(*theirs)]
    if a == b:
        return
    masks = [match.span() for match in _MASK.finditer(a)]
    last = not best.text[mine[1] :].strip()
    for change in changes(a, b):
        if change.equal or change.b_end == change.b_start:
            continue
        words = b[change.b_start : change.b_end]
        place = (mine[0] + change.a_start, mine[0] + change.a_end)
        source = _source(other, theirs[0] + change.b_start, theirs[0] + change.b_end)
        masked = any(change.a_start < end and start < change.a_end for start, end in masks)
        if masked:
            if not _MASK.search(words):
                yield _Gain("unmasked", words, *place, source)
        elif change.a_start == change.a_end and any(c.isalnum() for c in words):
            cut_off = last and change.a_end == len(a)
            yield _Gain("tail" if cut_off else "words", words, *place, source)


def _source(piece: Piece, start: int, end: int) -> Source:
    return Source(piece.id, piece.source(start), piece.source(end - 1) + 1)
