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
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from urllib.parse import urlsplit

from planparse.document import Document
from planparse.fold import fold

COLUMNS = (
    *("id", "kind", "scope", "place", "plan", "trigger", "pattern", "example", "unlike"),
    *("site", "documents", "share", "block"),
)
# Lossy counting (Manku, Motwani 2002): memory is bounded, and a count is at most one document in this many too low.
_BUCKET = 1000
_SHORTEST, _LONGEST = 4, 80
_DIGITS = re.compile(r"\d{1,12}")
_HOST = re.compile(r"https?:/{1,2}([^/\s:?#]+)", re.IGNORECASE)
# These have a meaning in a rule table.
_RESERVED = re.compile("[⟦⟧¦↵⇥\t]")
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


def site_of(id: str) -> str:
    """The site of a document by its id: the host of an address in it, else its folder, else the file of records.

    >>> site_of("https://www.example.com/a/1.html"), site_of("crawl/example.com/1.html"), site_of("pages.jsonl:3")
    ('www.example.com', 'crawl/example.com', 'pages.jsonl')
    """
    if match := _HOST.search(id):
        return (urlsplit(f"//{match[1]}").hostname or match[1]).lower()
    folder = str(PurePosixPath(id).parent)
    return folder if folder != "." else id.rpartition(":")[0]


def learn(documents: Iterable[Document], *, least_documents: int = 5, least_share: float = 0.3) -> list[Learned]:
    """Lines that recur on at least so many documents of a site and in at least this share of them.

    Counted is what cleaning left, each line once a document, numbers in it as equal. Left out are titles, headings,
    labelled lines and lines with a measure: those are the plans' own, however often they recur.

    Args:
        documents: read once; memory grows with the number of sites, not of documents.
        least_documents: at least 2.
        least_share: above 0, at most 1.

    Raises:
        ValueError: for a threshold out of range.
    """
    if least_documents < 2 or not 0 < least_share <= 1:
        raise ValueError(f"needs at least 2 documents and a share in (0, 1], not {least_documents} and {least_share}")
    sites: dict[str, _Site] = {}
    for doc in documents:
        _count(sites.setdefault(site_of(doc.id), _Site()), doc)
    return [one for name, site in sorted(sites.items()) for one in _recurring(name, site, least_documents, least_share)]


def _count(site: _Site, doc: Document) -> None:
    site.documents += 1
    missed = (site.documents - 1) // _BUCKET
    found = list(_lines(doc))
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


def _lines(doc: Document) -> Iterator[tuple[str, str, str]]:
    """Lines that may be the site's: key, folded line, and which edge of the document they stand at, if any."""
    own = [(s.start, s.title_end) for s in doc.sections if not s.implied]
    own += [(p.start, p.heading_end) for p in doc.pieces if p.heading_end > p.start]
    own += [(m.start, m.end) for m in doc.measures]
    own += [(doc.title.start, doc.title.end)] if doc.title else []
    taken = {doc.clean_text.count("\n", 0, doc.to_clean(start)) for start, _ in own}
    lines = fold(doc.clean_text).split("\n")
    filled = [number for number, line in enumerate(lines) if line.strip()]
    edges = dict.fromkeys(filled[-3:], "tail") | dict.fromkeys(filled[:3], "head")
    for number in filled:
        line = lines[number].strip()
        if number not in taken and _SHORTEST <= len(line) <= _LONGEST and not _RESERVED.search(line):
            yield _DIGITS.sub("0", line), line, edges.get(number, "")


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
        pattern = r"\d{1,12}".join(re.escape(part) for part in _DIGITS.split(one.line))
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
    text_column: str | None = None,
) -> tuple[list[Learned], int]:
    """Read inputs, write ``out/boilerplate.tsv``; the proposals, and how many inputs could not be read.

    Raises:
        ReadError: where ``out`` cannot be written to.
        ValueError: as for :func:`learn`.
    """
    from planparse.batch.run import make_folder
    from planparse.batch.work import parsed
    from planparse.batch.write import write_whole
    from planparse.reading.inputs import documents
    from planparse.rules.ruleset import default_rules

    make_folder(out)
    rules, aside = default_rules(), 0

    def read() -> Iterator[Document]:
        nonlocal aside
        for item in documents(inputs, text_column=text_column):
            doc, _ = parsed(item, rules)
            if doc is None:
                aside += 1
            else:
                yield doc

    found = learn(read(), least_documents=least_documents, least_share=least_share)
    write_whole(out, "boilerplate.tsv", rule_table(found).encode("utf-8"))
    return found, aside
