"""What was found of contents, told of pieces: the tables that ``duplicates()`` gives (结果表)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planparse.dedupe.bulk import CONTAINS, MOST_COPIES, Found, labels, members_of
from planparse.dedupe.corpus import Corpus
from planparse.dedupe.groups import gathered, standing
from planparse.dedupe.joins import ranges
from planparse.dedupe.templates import Templates, texts_of

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

PAIR_COLUMNS = ["a", "b", "relation", "jaccard", "containment", "shared_chars"]
PASSAGE_COLUMNS = ["a", "b", "length", "a_start", "a_end", "b_start", "b_end"]
TEMPLATE_COLUMNS = ["template", "member", "length", "start", "end"]
RELATIONS = ("near", "contains", "shares", "exact")
_EXACT = 3


class Pieces:
    """Which pieces are of which content."""

    def __init__(self, corpus: Corpus) -> None:
        import numpy as np

        self.order = np.argsort(corpus.content, kind="stable")
        self.counts = np.bincount(corpus.content, minlength=len(corpus.first))
        self.starts = np.cumsum(self.counts) - self.counts
        self._ids = [piece.id for piece in corpus.pieces]
        self._corpus = corpus

    def of(self, content: int) -> NDArray[np.int64]:
        """The pieces of a content in input order."""
        start = int(self.starts[content])
        return self.order[start : start + int(self.counts[content])]

    def best(self, content: int) -> int:
        """The piece that stands for the others of its content."""
        pieces: list[int] = self.of(content).tolist()
        return min(pieces, key=lambda i: (self._corpus.masks(i), standing(self._ids[i])))


def pair_tables(corpus: Corpus, found: Found, passage: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables of pairs and of passages, in input order."""
    import numpy as np

    pieces = Pieces(corpus)
    a, b, row = _pieces_of_pairs(found, pieces)
    same = _same(corpus, pieces)
    a, b = np.concatenate([a, same[:, 0]]), np.concatenate([b, same[:, 1]])
    row = np.concatenate([row, np.full(len(same), -1)])
    # An equal text is one run over all of it.
    runs = found.runs
    sizes = np.diff(corpus.bounds)
    shared = np.append(np.bincount(runs.pair, runs.length, minlength=len(found.first)).astype(np.int64), 0)
    shared = np.where(row < 0, np.where(sizes[a] >= passage, sizes[a], 0), shared[row])
    order = np.lexsort((np.maximum(a, b), np.minimum(a, b)))
    a, b, row, shared = a[order], b[order], row[order], shared[order]
    swapped = (found.first[row] != corpus.content[a]) & (row >= 0) if len(found.first) else np.zeros(len(a), dtype=bool)
    ids = np.array([piece.id for piece in corpus.pieces], dtype=object)
    pairs = _frame(
        {
            "a": ids[a],
            "b": ids[b],
            "relation": np.array(RELATIONS, dtype=object)[np.append(found.relation, _EXACT)[row]],
            "jaccard": np.append(found.jaccard, 1.0)[row],
            "containment": np.append(found.containment, 1.0)[row],
            "shared_chars": shared,
        }
    )
    counts = np.bincount(runs.pair, minlength=len(found.first))
    firsts = np.append(np.cumsum(counts) - counts, len(runs.pair))
    counts = np.append(counts, 0)
    of = np.repeat(np.arange(len(a)), np.where(row < 0, (sizes[a] >= passage).astype(np.int64), counts[row]))
    begin, times = firsts[row], np.bincount(of, minlength=len(a))
    # Runs of an equal text are found behind all others: a place, a place, and a length of each piece.
    at = np.where(row[of] < 0, len(runs.pair), ranges(begin, times))
    first, second = np.append(runs.a, 0)[at], np.append(runs.b, 0)[at]
    length = np.where(row[of] < 0, sizes[a][of], np.append(runs.length, 0)[at])
    first, second = np.where(swapped[of], second, first), np.where(swapped[of], first, second)
    order = np.lexsort((first, of))
    of, first, second, length = of[order], first[order], second[order], length[order]
    places = np.concatenate([first, first + length - 1, second, second + length - 1])
    offsets = corpus.originals(np.concatenate([a[of], a[of], b[of], b[of]]), places).reshape(4, -1)
    return pairs, _frame(
        {
            "a": ids[a[of]],
            "b": ids[b[of]],
            "length": length,
            "a_start": offsets[0],
            "a_end": offsets[1] + 1,
            "b_start": offsets[2],
            "b_end": offsets[3] + 1,
        }
    )


def _frame(columns: dict[str, Any]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({name: pd.Series(values, dtype=_dtype(values)) for name, values in columns.items()})


def _dtype(values: NDArray[np.generic]) -> str:
    return "str" if values.dtype == object else str(values.dtype)


def _pieces_of_pairs(found: Found, pieces: Pieces) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The pairs of pieces that pairs of contents stand for, and the row of each."""
    import numpy as np

    single = (pieces.counts[found.first] == 1) & (pieces.counts[found.second] == 1)
    rows = np.flatnonzero(single)
    a = pieces.order[pieces.starts[found.first[rows]]]
    b = pieces.order[pieces.starts[found.second[rows]]]
    parts = [np.stack([a, b, rows], axis=1)]
    for row in np.flatnonzero(~single).tolist():
        first, second = int(found.first[row]), int(found.second[row])
        one, other = pieces.of(first), pieces.of(second)
        if len(one) + len(other) <= MOST_COPIES:
            both = np.stack([np.repeat(one, len(other)), np.tile(other, len(one))], axis=1)
        else:
            # Of very many copies one stands for all.
            mine, theirs = pieces.best(first), pieces.best(second)
            rest = other[other != theirs]
            both = np.concatenate(
                [
                    np.stack([one, np.full(len(one), theirs)], axis=1),
                    np.stack([np.full(len(rest), mine), rest], axis=1),
                ]
            )
        parts.append(np.concatenate([both, np.full((len(both), 1), row)], axis=1))
    every = np.concatenate(parts)
    a, b, of = every[:, 0], every[:, 1], every[:, 2]
    # In a containment the first is the contained one; else the one that comes first.
    turn = (found.relation[of] != CONTAINS) & (a > b)
    return np.where(turn, b, a), np.where(turn, a, b), of


def _same(corpus: Corpus, pieces: Pieces) -> NDArray[np.int64]:
    """The pairs of equal pieces, the earlier one first; of very many, each with the one that stands for all."""
    import numpy as np

    parts = [np.empty((0, 2), dtype=np.int64)]
    for content in np.flatnonzero(pieces.counts > 1).tolist():
        members = pieces.of(content)
        if not corpus.size(int(members[0])):
            continue
        if len(members) <= MOST_COPIES:
            first, second = np.triu_indices(len(members), 1)
            parts.append(np.stack([members[first], members[second]], axis=1))
        else:
            best = pieces.best(content)
            rest = members[members != best]
            parts.append(np.sort(np.stack([np.full(len(rest), best), rest], axis=1), axis=1))
    return np.concatenate(parts)


def groups(corpus: Corpus, found: Found) -> pd.DataFrame:
    """The table of groups: components over exact and near pairs."""
    import numpy as np

    component = labels(found, len(corpus.first))[corpus.content]
    # What is empty is equal to nothing.
    empty = np.diff(corpus.bounds) == 0
    component[empty] = len(corpus.first) + np.arange(int(empty.sum()))
    members = sorted(group.tolist() for group in members_of(component, 2))
    return gathered(members, lambda i: corpus.pieces[i].id, corpus.size, corpus.masks)


def no_templates() -> pd.DataFrame:
    """The table of template texts without a row."""
    import pandas as pd

    return pd.DataFrame(columns=TEMPLATE_COLUMNS)


def template_table(corpus: Corpus, found: Templates) -> pd.DataFrame:
    """The table of template texts: a row for each place of each piece, equal texts of one number, in input order."""
    import numpy as np

    pieces = Pieces(corpus)
    counts = pieces.counts[found.content]
    piece = pieces.order[ranges(pieces.starts[found.content], counts)]
    numbers: dict[bytes, int] = {}
    text = np.array([numbers.setdefault(one, len(numbers)) for one in texts_of(corpus, *found[:3])], dtype=np.int64)
    columns = [np.repeat(column, counts) for column in (text, found.start, found.end)]
    order = np.lexsort((columns[1], piece))
    piece, text, start, end = piece[order], *(column[order] for column in columns)
    # Numbered in the order of their first places.
    seen, first, number = np.unique(text, return_index=True, return_inverse=True)
    rank = np.empty(len(seen), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(seen))
    order = np.lexsort((start, piece, rank[number]))
    piece, start, end, number = piece[order], start[order], end[order], rank[number][order]
    offsets = corpus.originals(np.concatenate([piece, piece]), np.concatenate([start, end - 1])).reshape(2, -1)
    ids = np.array([one.id for one in corpus.pieces], dtype=object)
    return _frame(
        {
            "template": number,
            "member": ids[piece],
            "length": end - start,
            "start": offsets[0],
            "end": offsets[1] + 1,
        }
    )
