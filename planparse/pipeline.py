"""The one file that knows the order: bytes → text → edits → clean view → pieces → sections → measures → document."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from planparse.document import Anomaly, Document, Measure, Period, Piece, Section, Span, View
from planparse.reading.errors import ReadError
from planparse.reading.source import Source
from planparse.rules.ruleset import Ruleset, default_rules

if TYPE_CHECKING:
    from planparse.reading.inputs import Item

Attempt = tuple[str, Document | ReadError]
_log = logging.getLogger("planparse")


def parse(text: str, *, id: str = "text", rules: Ruleset | None = None, encoding: str = "str") -> Document:
    """Turn one page's text into a :class:`Document`.

    Args:
        text: the page, as scraped.
        id: the document's name; a piece is called ``<id>#<n>``.
        rules: the rule tables to use; the library's own by default.
        encoding: what decoded the text, for the record.

    Raises:
        TypeError: where ``text`` is not a string.
    """
    if not isinstance(text, str):
        raise TypeError(f"parse() takes a str, not {type(text).__name__}; for paths and bytes use read()")
    from planparse.cleaning.clean import clean_page
    from planparse.genre.gate import gate
    from planparse.measures.extract import find
    from planparse.structure.pieces import find_pieces
    from planparse.structure.sections import find_sections

    rules = rules or default_rules()
    edits, anomalies, view, folded, found = clean_page(text, rules)
    pieces, piece_anomalies = find_pieces(view.clean, folded, found, rules)
    sections, section_anomalies = find_sections(view.clean, folded, pieces, rules)
    title = view.clean[slice(*found.title)] if found.title else ""
    measures, measure_anomalies = find(view.clean, folded, pieces, sections, title, rules)
    back = _Mapper(view)
    return Document(
        id=id,
        text=text,
        encoding=encoding,
        title=back.title(found.title),
        declared_pieces=found.declared,
        pieces=tuple(map(back.piece, pieces)),
        sections=tuple(map(back.section, sections)),
        edits=tuple(edits),
        measures=tuple(map(back.measure, measures)),
        anomalies=back.anomalies(
            [*anomalies, *gate(text, folded)], [*piece_anomalies, *section_anomalies, *measure_anomalies]
        ),
    )


def read(
    source: str | PathLike[str] | bytes | bytearray | memoryview | BinaryIO,
    *,
    id: str | None = None,
    rules: Ruleset | None = None,
) -> Document:
    """Read one page and parse it; encoding and kind of file are found out.

    Args:
        source: a path, bytes, or a file opened as binary.
        id: the document's name; by default the file's name, or ``bytes``.
        rules: as for :func:`parse`.

    Raises:
        ReadError: where there is no such file, or it is of a kind that cannot be read. Bytes that are no text in any
            encoding do not raise: the anomaly ``undecodable`` counts them.
        TypeError: for a file opened as text.
    """
    from planparse.reading.source import read_source

    if id is None:
        name = source if isinstance(source, (str, PathLike)) else getattr(source, "name", None)
        id = Path(name).name if isinstance(name, (str, PathLike)) else "bytes"
    return from_source(read_source(source), id, rules)


def from_item(item: Item, rules: Ruleset | None = None) -> Document:
    """Read and parse one page of the inputs.

    Raises:
        ReadError: where it cannot be read.
    """
    opened = item.opened()
    if opened.source is None:
        raise ReadError.of(opened.error or item.id)
    doc = from_source(opened.source, item.id, rules)
    return doc if item.url is item.record_id is None else replace(doc, url=item.url, record_id=item.record_id)


def from_source(source: Source, id: str, rules: Ruleset | None = None) -> Document:
    """Parse what was read, with what reading found out: the encoding, bytes that could not be decoded, links."""
    doc = parse(source.text, id=id, rules=rules, encoding=source.encoding)
    anomalies = doc.anomalies
    if source.undecodable:
        message = f"{source.undecodable} bytes are no characters of {source.encoding}"
        first = max(0, source.text.find("\ufffd"))
        last = max(first, source.text.rfind("\ufffd") + 1)
        anomalies = (Anomaly("undecodable", first, last, message), *anomalies)
    return replace(doc, anomalies=anomalies, links=source.links)


def read_many(
    inputs: Iterable[str | PathLike[str]] | str | PathLike[str],
    *,
    workers: int = 1,
    rules: Ruleset | None = None,
) -> Iterator[Document]:
    """Read and parse the pages of files, folders and globs, lazily and in input order.

    Inputs that cannot be read are passed over with a warning in the log ``planparse``; ``planparse clean`` lists them
    in a table instead. Memory does not grow with the number of pages.

    Args:
        inputs: paths of files or folders, or globs.
        workers: processes that parse; 1 parses in this one.
        rules: as for :func:`parse`; with several workers, the library's own rules only.

    Raises:
        ValueError: for fewer than one worker, or other rules with several.
    """
    if workers < 1:
        raise ValueError(f"workers is a number of processes, not {workers}")
    if workers > 1 and rules is not None:
        raise ValueError("rules of your own need workers=1")
    if isinstance(inputs, (str, PathLike)):
        inputs = [inputs]
    return _read_many(inputs, workers, rules)


def _read_many(inputs: Iterable[str | PathLike[str]], workers: int, rules: Ruleset | None) -> Iterator[Document]:
    from planparse.reading.inputs import unopened

    if workers == 1:
        yield from _read(_attempt(item, rules) for item in unopened(inputs))
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from _read(_ahead(pool, unopened(inputs), 4 * workers))


def _ahead(pool: ProcessPoolExecutor, items: Iterable[Item], most: int) -> Iterator[Attempt]:
    waiting: deque[Future[Attempt]] = deque()
    for item in items:
        waiting.append(pool.submit(_attempt, item))
        # A few ahead of what is asked for keep the workers busy, and memory bounded.
        if len(waiting) >= most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _attempt(item: Item, rules: Ruleset | None = None) -> Attempt:
    try:
        return item.id, from_item(item, rules)
    except ReadError as error:
        return item.id, error


def _read(attempts: Iterable[Attempt]) -> Iterator[Document]:
    for id, found in attempts:
        if isinstance(found, Document):
            yield found
        else:
            _log.warning("document=%s stage=read reason=%s", id, found)


class _Mapper:
    """Takes what was found on the clean text back to the offsets of the original."""

    def __init__(self, view: View) -> None:
        self.view = view

    def title(self, span: tuple[int, int] | None) -> Span | None:
        if span is None:
            return None
        start, end = self.view.surface(*span)
        return Span(start, end, self.view.text[start:end])

    def _end(self, start: int, end: int) -> int:
        return self.view.surface(start, end)[1]

    def piece(self, piece: Piece) -> Piece:
        start, end = self.view.surface(piece.start, piece.end)
        heading_end = start if piece.heading_end == piece.start else self._end(piece.start, piece.heading_end)
        return replace(piece, start=start, heading_end=heading_end, end=max(end, heading_end))

    def section(self, found: Section) -> Section:
        start, end = self.view.surface(found.start, found.end)
        label_end = start if found.label_end == found.start else self._end(found.start, found.label_end)
        title_end = label_end if found.title_end == found.label_end else self._end(found.start, found.title_end)
        # Written out: dataclasses.replace() costs more than all the mapping.
        return Section(
            id=found.id,
            parent=found.parent,
            piece=found.piece,
            level=found.level,
            style=found.style,
            label=self.view.text[start:label_end],
            number=found.number,
            start=start,
            label_end=label_end,
            title=found.title,
            title_end=title_end,
            end=end,
            implied=found.implied,
        )

    def measure(self, found: Measure) -> Measure:
        start, end = self.view.surface(found.start, found.end)
        return Measure(
            start=start,
            end=end,
            text=self.view.text[start:end],
            kind=found.kind,
            value=found.value,
            unit=found.unit,
            comparator=found.comparator,
            min=found.min,
            max=found.max,
            approximate=found.approximate,
            change=found.change,
            from_value=found.from_value,
            indicator=found.indicator,
            period=self._period(found.period),
            every=found.every,
            of=found.of,
            damaged=found.damaged,
            role_evidence=found.role_evidence,
            piece=found.piece,
            section=found.section,
            canonical_value=found.canonical_value,
            canonical_unit=found.canonical_unit,
            indicator_norm=found.indicator_norm,
        )

    def _period(self, period: Period | None) -> Period | None:
        if period is None:
            return None
        start, end = self.view.surface(period.start, period.end)
        return Period(self.view.text[start:end], start, end, period.from_, period.to)

    def anomalies(self, raw: Sequence[Anomaly], clean: Sequence[Anomaly]) -> tuple[Anomaly, ...]:
        """Those of cleaning are in original offsets already."""
        mapped = []
        for anomaly in clean:
            start, end = self.view.surface(anomaly.start, anomaly.end)
            mapped.append(replace(anomaly, start=start, end=end))
        return tuple(sorted([*raw, *mapped], key=lambda anomaly: (anomaly.start, anomaly.end, anomaly.kind)))
