"""Two texts passage by passage (逐句对齐): which sentence of one is which of the other, and which words differ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from planparse.dedupe.normalise import compared

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Two passages are one reworded where this share of their character pairs agrees (Dice 1945), or nearly all of the
# shorter one's stand in the longer one; what is out of order must be more alike.
_ALIKE, _INSIDE, _MOVED = 0.5, 0.8, 0.8
_LEAST_INSIDE = 6
# A character pair in more passages than this says little; counting it would take quadratic time.
_POPULAR = 24
# Comparing words is quadratic in the length of a passage, so that passages are no longer than this.
_LONGEST = 300
_SENTENCE = re.compile(r"[^。！？；!?\r\n]*(?:[。！？；!?]+[”’」』）)]*|[\r\n]+|$)")
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[A-Za-z]+|\s+|.", re.DOTALL)


class Match(NamedTuple):
    """Passage ``a`` of one text is passage ``b`` of the other; ``moved`` where the order differs."""

    a: int
    b: int
    similarity: float
    moved: bool = False


class Change(NamedTuple):
    """``[a_start, a_end)`` became ``[b_start, b_end)``; ``equal`` where both are the same."""

    equal: bool
    a_start: int
    a_end: int
    b_start: int
    b_end: int


def passages(text: str, cuts: Sequence[int] = ()) -> list[tuple[int, int]]:
    """The sentences of a text as ranges, without blanks at their ends, none longer than 300 characters.

    Args:
        text: the text.
        cuts: offsets at which a passage ends in any case, sorted.
    """
    found: list[tuple[int, int]] = []
    bounds = sorted({0, *cuts, len(text)})
    for begin, end in pairwise(bounds):
        for sentence in _SENTENCE.finditer(text, begin, end):
            start, stop = sentence.span()
            while stop - start > _LONGEST:
                comma = max(text.rfind(mark, start + 1, start + _LONGEST) for mark in "，、,")
                middle = comma + 1 if comma > 0 else start + _LONGEST
                found.append((start, middle))
                start = middle
            found.append((start, stop))
    trimmed = []
    for start, stop in found:
        words = text[start:stop]
        first = start + len(words) - len(words.lstrip())
        last = first + len(words.strip())
        if first < last:
            trimmed.append((first, last))
    return trimmed


def keys(text: str, ranges: Sequence[tuple[int, int]]) -> list[str]:
    """What of each range counts in a comparison: letters and digits, folded."""
    import numpy as np

    whole = compared(text)
    letters = whole.codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
    at = np.searchsorted(whole.offsets, np.array(ranges, dtype=np.int64).reshape(-1, 2)).tolist()
    return [letters[start:end] for start, end in at]


def align(a: Sequence[str], b: Sequence[str]) -> list[Match]:
    """Pairs of passages that are the same or alike, each in at most one pair, in the order of ``a``.

    The heaviest chain of candidates that rises in both texts (in n log n for n candidates), then what is left and
    stands elsewhere. Candidates are equal passages and those that share rare character pairs, so that the work grows
    with the texts and not with their product.

    Args:
        a, b: the keys of the passages.
    """
    weights = _equal(a, b)
    weights |= {pair: weight for pair, weight in _alike(a, b).items() if pair not in weights}
    chain = _chain({pair: weight for pair, (weight, _) in weights.items()}, len(b))
    matches = [Match(i, j, weights[i, j][1]) for i, j in chain]
    used_a, used_b = {i for i, _ in chain}, {j for _, j in chain}
    for (i, j), (_, similarity) in sorted(weights.items(), key=lambda item: (-item[1][0], item[0])):
        if i not in used_a and j not in used_b and similarity >= _MOVED:
            matches.append(Match(i, j, similarity, True))
            used_a.add(i)
            used_b.add(j)
    return sorted(matches)


def changes(a: str, b: str) -> list[Change]:
    """Which words of two passages differ, numbers whole; ranges in both that cover both."""
    first, second = _TOKEN.findall(a), _TOKEN.findall(b)
    a_at, b_at = _offsets(first), _offsets(second)
    found: list[Change] = []
    for tag, i, i_end, j, j_end in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        change = Change(tag == "equal", a_at[i], a_at[i_end], b_at[j], b_at[j_end])
        # One character that happens to be the same between two changes is part of the change.
        if len(found) > 1 and not change.equal and found[-1].equal and found[-1].a_end - found[-1].a_start == 1:
            found.pop()
            change = Change(False, found[-1].a_start, change.a_end, found[-1].b_start, change.b_end)
            found.pop()
        found.append(change)
    return found


def _offsets(tokens: Sequence[str]) -> list[int]:
    found = [0]
    for token in tokens:
        found.append(found[-1] + len(token))
    return found


def _equal(a: Sequence[str], b: Sequence[str]) -> dict[tuple[int, int], tuple[float, float]]:
    """The n-th of equal passages with the n-th on the other side, counted from the front and from the back."""
    places: dict[str, list[int]] = {}
    for j, key in enumerate(b):
        places.setdefault(key, []).append(j)
    mine: dict[str, list[int]] = {}
    for i, key in enumerate(a):
        if key in places:
            mine.setdefault(key, []).append(i)
    found: dict[tuple[int, int], tuple[float, float]] = {}
    for key, left in mine.items():
        right = places[key]
        weight = (float(len(key) + 1), 1.0)
        found |= dict.fromkeys(zip(left, right, strict=False), weight)
        found |= dict.fromkeys(zip(reversed(left), reversed(right), strict=False), weight)
    return found


def _alike(a: Sequence[str], b: Sequence[str]) -> dict[tuple[int, int], tuple[float, float]]:
    import numpy as np

    first, second = [_pairs(key) for key in a], [_pairs(key) for key in b]
    found: dict[tuple[int, int], tuple[float, float]] = {}
    joined = _joined(first, second)
    if not len(joined):
        return found
    pairs, counts = np.unique(joined, return_counts=True)
    for pair, seen in zip(pairs.tolist(), counts.tolist(), strict=True):
        i, j = divmod(pair, len(b))
        smaller = min(len(first[i]), len(second[j]))
        if seen * 4 < smaller:
            continue
        common = len(np.intersect1d(first[i], second[j], assume_unique=True))
        dice = 2 * common / (len(first[i]) + len(second[j]))
        if dice >= _ALIKE or (smaller >= _LEAST_INSIDE and common >= _INSIDE * smaller):
            found[i, j] = (dice * common, dice)
    return found


def _pairs(key: str) -> NDArray[np.uint64]:
    """The distinct character pairs of a key; of one character, that."""
    import numpy as np

    codes = np.frombuffer(key.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    return np.unique(codes if len(codes) < 2 else (codes[:-1] << np.uint64(32)) | codes[1:])


def _joined(first: Sequence[NDArray[np.uint64]], second: Sequence[NDArray[np.uint64]]) -> NDArray[np.int64]:
    """For each rare character pair the passages of both sides that have it, as ``i * len(second) + j``."""
    import numpy as np

    sides = []
    for side in (first, second):
        owners = np.repeat(np.arange(len(side), dtype=np.int64), [len(one) for one in side])
        grams = np.concatenate([np.empty(0, dtype=np.uint64), *side])
        order = np.argsort(grams, kind="stable")
        distinct, starts, counts = np.unique(grams[order], return_index=True, return_counts=True)
        sides.append((owners[order], distinct, starts, counts))
    (a_owners, a_grams, a_starts, a_counts), (b_owners, b_grams, b_starts, b_counts) = sides
    _, left, right = np.intersect1d(a_grams, b_grams, assume_unique=True, return_indices=True)
    rare = (a_counts[left] <= _POPULAR) & (b_counts[right] <= _POPULAR)
    parts = [np.empty(0, dtype=np.int64)]
    for i, j in zip(left[rare].tolist(), right[rare].tolist(), strict=True):
        mine = a_owners[a_starts[i] : a_starts[i] + a_counts[i]]
        other = b_owners[b_starts[j] : b_starts[j] + b_counts[j]]
        parts.append((mine[:, None] * len(second) + other).ravel())
    return np.concatenate(parts)


def _chain(weights: dict[tuple[int, int], float], size: int) -> list[tuple[int, int]]:
    """The heaviest of the chains in which both numbers rise, by a Fenwick tree over the second ones."""
    best: list[tuple[float, int]] = [(0.0, -1)] * (size + 1)
    nodes: list[tuple[int, int, int]] = []
    # Of one first number the larger second ones come first, so that none follows another.
    for (i, j), weight in sorted(weights.items(), key=lambda item: (item[0][0], -item[0][1])):
        top, at = (0.0, -1), j
        while at > 0:
            top = max(top, best[at])
            at &= at - 1
        nodes.append((i, j, top[1]))
        reached, at = (top[0] + weight, len(nodes) - 1), j + 1
        while at <= size:
            best[at] = max(best[at], reached)
            at += at & -at
    top, at = (0.0, -1), size
    while at > 0:
        top = max(top, best[at])
        at &= at - 1
    chain = []
    node = top[1]
    while node >= 0:
        i, j, node = nodes[node]
        chain.append((i, j))
    return chain[::-1]
