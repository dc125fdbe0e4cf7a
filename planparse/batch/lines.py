"""The lines of a document that may be its site's (可能的样板行): what cleaning left and no plan claims."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from planparse.document import Document
from planparse.fold import fold

# Key, the line as it stands, and which edge of the document it stands at, if any.
Lines = list[tuple[str, str, str]]
DIGITS = re.compile(r"\d{1,12}")
_SHORTEST, _LONGEST = 4, 80
_HOST = re.compile(r"https?:/{1,2}([^/\s:?#]+)", re.IGNORECASE)
# These have a meaning in a rule table.
_RESERVED = re.compile("[⟦⟧¦↵⇥\t]")


def site_of(id: str, url: str | None = None) -> str:
    """The site of a document: the host of its address or of one in its id, else its folder, else the file of records.

    >>> site_of("https://www.example.com/a/1.html"), site_of("crawl/example.com/1.html"), site_of("pages.jsonl:3")
    ('www.example.com', 'crawl/example.com', 'pages.jsonl')
    """
    for address in (url or "", id):
        if match := _HOST.search(address):
            return (_hostname(match[1]) or match[1]).lower()
    folder = str(PurePosixPath(id).parent)
    return folder if folder != "." else id.rpartition(":")[0]


def _hostname(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        # A bracket that opens no IPv6 address.
        return None


def lines_of(doc: Document) -> tuple[str, Lines]:
    """The site of a document, and its lines that may be the site's.

    Left out are titles, headings, labelled lines and lines with a measure: those are the plan's own, however often they
    recur.
    """
    return site_of(doc.id, doc.url), list(_lines(doc))


def _lines(doc: Document) -> Iterator[tuple[str, str, str]]:
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
            yield DIGITS.sub("0", line), line, edges.get(number, "")
