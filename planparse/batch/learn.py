"""Corpus evidence (语料证据): lines that recur across documents of one site, proposed as boilerplate, never applied.

A line that stands in the same words on many pages of one site is the site's more often than the plans'. What remains
after cleaning is counted by site (host of the address, or folder); what recurs is written as a table in the format of
``boilerplate.tsv`` with its document frequency. A person reads it, deletes what is a plan's, and gives the folder to
``--rules``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from planparse.batch.lines import DIGITS, Lines, lines_of
from planparse.batch.write import make_folder, write_whole
from planparse.document import Document
from planparse.reading.columns import ANY, Columns

COLUMNS = (
    *("id", "kind", "scope", "place", "plan", "trigger", "pattern", "example", "unlike"),
    *("site", "documents", "share", "block"),
)
# Lossy counting (Manku, Motwani 2002): memory is bounded, and a count is at most one document in this many too low.
_BUCKET = 100
_TRIGGER = re.compile(r"[^\s\d]{2,12}")


class Learned(NamedTuple):
    """A line that recurs: the first wording met, digits apart; ``block`` numbers lines that stand together."""

    site: str
    line: str
    documents: int
    share: float
    place: str
    block: int


@dataclass
class _Line:
    """What is known of one line on one site."""

    example: str
    documents: int = 0
    missed: int = 0
    heads: int = 0
    tails: int = 0
    # The line that followed it last, and how often the same one did.
    follower: str = ""
    followed: int = 0


@dataclass
class _Site:
    documents: int = 0
    lines: dict[str, _Line] = field(default_factory=dict)


class Learner:
    """Counts the lines of documents as they come; its memory grows with the number of sites, not of documents.

    Counted is what cleaning left, each line once a document, numbers in it as equal.

    Args:
        least_documents: on how many documents of its site a line must stand to be proposed; at least 2.
        least_share: in which share of them; above 0, at most 1.

    Raises:
        ValueError: for a threshold out of range.
    """

    def __init__(self, least_documents: int = 5, least_share: float = 0.3) -> None:
        if least_documents < 2 or not 0 < least_share <= 1:
            raise ValueError(
                f"needs at least 2 documents and a share in (0, 1], not {least_documents} and {least_share}"
            )
        self._least = least_documents, least_share
        self._sites: dict[str, _Site] = {}

    def add(self, site: str, lines: Lines) -> None:
        """Take in one document, as :func:`planparse.batch.lines.lines_of` gives it."""
        _count(self._sites.setdefault(site, _Site()), lines)

    def found(self) -> list[Learned]:
        """What recurs, by site."""
        return [one for name, site in sorted(self._sites.items()) for one in _recurring(name, site, *self._least)]


def learn(documents: Iterable[Document], *, least_documents: int = 5, least_share: float = 0.3) -> list[Learned]:
    """Lines that recur on so many documents of a site and in this share of them, at least; see :class:`Learner`.

    Raises:
        ValueError: for a threshold out of range.
    """
    learner = Learner(least_documents, least_share)
    for doc in documents:
        learner.add(*lines_of(doc))
    return learner.found()


def _count(site: _Site, found: Lines) -> None:
    site.documents += 1
    missed = (site.documents - 1) // _BUCKET
    seen = set()
    for number, (key, line, edge) in enumerate(found):
        if key in seen:
            continue
        seen.add(key)
        known = site.lines.setdefault(key, _Line(line, missed=missed))
        known.documents += 1
        known.heads += edge == "head"
        known.tails += edge == "tail"
        follower = found[number + 1][0] if number + 1 < len(found) else ""
        if follower and follower == known.follower:
            known.followed += 1
        elif known.followed == 0:
            known.follower, known.followed = follower, 1
        else:
            known.followed -= 1
    if site.documents % _BUCKET == 0:
        site.lines = {key: line for key, line in site.lines.items() if line.documents + line.missed > missed + 1}


def _recurring(name: str, site: _Site, least_documents: int, least_share: float) -> Iterator[Learned]:
    kept = {
        key: line
        for key, line in site.lines.items()
        if line.documents >= least_documents and line.documents >= least_share * site.documents
        if _TRIGGER.search(line.example)
    }
    blocks: dict[str, int] = {}
    for key, line in kept.items():
        block = blocks.setdefault(key, len(set(blocks.values())))
        if line.follower in kept and line.followed >= 0.8 * line.documents:
            blocks.setdefault(line.follower, block)
    for key, line in sorted(kept.items(), key=lambda item: (blocks[item[0]], -item[1].documents)):
        at_edge = line.heads + line.tails >= 0.9 * line.documents
        place = "edge" if at_edge else "any"
        yield Learned(name, line.example, line.documents, line.documents / site.documents, place, blocks[key])


def rule_table(found: Iterable[Learned]) -> str:
    """The proposals as a rule table ``boilerplate.tsv``, to be read and cut down by a person before it is used."""
    lines = [
        "# Proposed from a corpus, checked by nobody: delete what belongs to plans, then give this folder to --rules.",
        "# documents, share: how many of the site's pages have the line. block: lines of one number stand together.",
        "\t".join(COLUMNS),
    ]
    for number, one in enumerate(found):
        pattern = r"\d{1,12}".join(re.escape(part) for part in DIGITS.split(one.line))
        trigger = max(_TRIGGER.findall(one.line), key=len)
        cells = [f"learned-{number}", "site_line", "line", one.place, "0", trigger, pattern]
        cells += [f"⟦{one.line}⟧", f"为此，{one.line}要落实到位"]
        cells += [one.site, str(one.documents), f"{one.share:.3f}", str(one.block)]
        lines.append("\t".join(cells))
    return "\n".join(lines) + "\n"


def learn_site(
    inputs: Iterable[str],
    out: Path,
    *,
    least_documents: int = 5,
    least_share: float = 0.3,
    columns: Columns = ANY,
) -> tuple[list[Learned], int]:
    """Read inputs, write ``out/boilerplate.tsv``; the proposals, and how many inputs could not be read.

    Raises:
        ReadError: where ``out`` cannot be written to.
        ValueError: as for :class:`Learner`.
    """
    from planparse.batch.work import parsed
    from planparse.reading.inputs import unopened
    from planparse.rules.ruleset import default_rules

    learner, rules, aside = Learner(least_documents, least_share), default_rules(), 0
    for item in unopened(inputs, columns):
        doc, _ = parsed(item, rules)
        if doc is None:
            aside += 1
        else:
            learner.add(*lines_of(doc))
    found = learner.found()
    write_proposals(out, found)
    return found, aside


def write_proposals(out: Path, found: Iterable[Learned]) -> None:
    """Write the table of proposals to the folder ``out``.

    Raises:
        ReadError: where that cannot be made.
    """
    make_folder(out)
    write_whole(out, "boilerplate.tsv", rule_table(found).encode("utf-8"))
