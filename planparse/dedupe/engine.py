"""``duplicates()``: the thresholds and options, the corpus, the tables."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from planparse.dedupe.bulk import Options, check_ids, related
from planparse.dedupe.corpus import Corpus, stored
from planparse.dedupe.merge import Group
from planparse.dedupe.merge import group as group_of
from planparse.dedupe.normalise import USUAL, Comparison
from planparse.dedupe.tables import groups, no_templates, pair_tables, template_table
from planparse.dedupe.units import Piece, pieces
from planparse.document import Document

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Duplicates:
    """What ``duplicates()`` found, as DataFrames.

    ``pairs`` has a row for each related pair of pieces (``a`` is the one contained in ``contains``, else the earlier);
    ``groups`` a row for each member of a group of near copies, with the group's representative (代表) and why it is;
    ``passages`` a row for each shared run, with its ranges in the original text of both sides; ``templates`` a row for
    each passage that is template text (套话), with its range in the original text; equal passages have one number.
    ``comparison`` says what counted as equal.
    """

    pairs: pd.DataFrame
    groups: pd.DataFrame
    passages: pd.DataFrame
    templates: pd.DataFrame = field(default_factory=no_templates)
    comparison: Comparison = USUAL
    copies: Mapping[str, Piece] = field(default_factory=dict, repr=False, compare=False)
    """The pieces that are in groups, by id; none with ``spill``."""

    def group(self, name: int | str) -> Group:
        """One group, by its number or by the id of a member: ``members``, ``representative``, ``merged()``.

        Raises:
            KeyError: where there is none.
        """
        return group_of(self.groups, self.copies, name)


def duplicates(
    docs_or_texts: Iterable[Document | str],
    near: float = 0.7,
    contains: float = 0.8,
    passage: int = 50,
    *,
    mask_digits: bool = False,
    synonyms: bool = False,
    fold_script: bool = True,
    spill: str | PathLike[str] | None = None,
) -> Duplicates:
    """Find exact, near and contained copies and shared passages among the pieces of documents, or among texts.

    Compared are letters and digits (NFKC, traditional folded to simplified) as sets of character 5-grams: ``exact``
    where they are equal, ``near`` at a Jaccard similarity of at least ``near``, ``contains`` where at least the share
    ``contains`` of the shorter one's 5-grams stand in the longer one, ``shares`` at a common run of at least
    ``passage`` characters. All figures are exact.

    Text of which each half a passage stands in more than 33 pieces that are no near copies is template text (套话): it
    is in ``templates``, once, and pairs that share nothing else are no pairs. Of a plan in more than 400 copies not all
    pairs are listed, but all copies are in its group. A piece without letters and digits is related to nothing; one of
    fewer than five is equal or nothing. Masks are compared as what they are: ``xx`` and ``某某`` as letters, ``__``,
    ``××`` and ``**`` as nothing. A mask of up to four characters for a word of up to four touches at most eight 5-grams
    of either side, so that a text with such a mask in every fifty characters is still near the original, and contained
    where that is; a shared passage ends there.

    The tables do not depend on the order of documents, but for the order of their rows and of ``a`` and ``b``.

    Args:
        docs_or_texts: documents, whose pieces are the units, or strings, each a unit.
        near, contains: between 0 and 1.
        passage: characters, at least 5.
        mask_digits: any number equals any other, as in the same plan of another year.
        synonyms: words of one line of ``rules/synonyms.tsv`` are equal, as in spun text.
        fold_script: traditional characters equal simplified ones.
        spill: a folder; texts and prints go to files there, which are removed, so that memory holds no more than a
            partition of the prints at a time (out of core, 外存).

    Where an option is not the usual one, ``comparison`` says so, and ``pairs`` has a column ``comparison`` that does.

    Raises:
        TypeError: for an item that is neither.
        ValueError: for a threshold out of range, or two units of one id.
    """
    options = checked(near, contains, passage)
    comparison = Comparison(digits=mask_digits, synonyms=synonyms, script=fold_script)
    with ExitStack() as stack:
        folder = None
        if spill is not None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="planparse-", dir=spill)))
        corpus = stored(pieces(docs_or_texts), comparison, folder)
        stack.callback(corpus.texts.close)
        check_ids(piece.id for piece in corpus.pieces)
        return found_in(corpus, options, folder)


def checked(near: float, contains: float, passage: int) -> Options:
    """The thresholds. Raises: ValueError where one is out of range."""
    if not (0 < near <= 1 and 0 < contains <= 1):
        raise ValueError(f"near and contains are shares between 0 and 1, not {near} and {contains}")
    if passage < 5:
        raise ValueError(f"passage is a number of characters of at least 5, not {passage}")
    return Options(near, contains, passage)


def found_in(
    corpus: Corpus, options: Options, folder: Path | None = None, candidates: NDArray[np.int64] | None = None
) -> Duplicates:
    """What is found in a corpus; ``folder`` and ``candidates`` as for :func:`planparse.dedupe.bulk.related`."""
    found, repeated = related(corpus, options, folder, candidates)
    pairs, passages = pair_tables(corpus, found, options.passage)
    if str(corpus.comparison):
        pairs["comparison"] = str(corpus.comparison)
    grouped = groups(corpus, found)
    members = set() if folder else set(grouped["member"])
    return Duplicates(
        pairs=pairs,
        groups=grouped,
        passages=passages,
        templates=template_table(corpus, repeated),
        comparison=corpus.comparison,
        copies={piece.id: piece for piece in corpus.pieces if piece.id in members},
    )
