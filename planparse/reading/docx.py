"""DOCX to text (Word 文档): paragraphs as lines with Word's automatic numbers, tables as rows, links with addresses."""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from planparse.document import Span
from planparse.reading.errors import ReadError, missing
from planparse.reading.numbering import formatted
from planparse.reading.packed import LARGEST
from planparse.reading.source import Source

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Deleted or moved away under change tracking, and what is there for Word alone.
_SILENT = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}delText", f"{_W}pPr", f"{_W}rPr", _FALLBACK})
_SIGNS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_UNNUMBERED = frozenset({"bullet", "none"})


def read_docx(data: bytes, name: str) -> Source:
    """The text of a DOCX file.

    Raises:
        ReadError: where it is no DOCX file or a broken one, or the extra ``docx`` is missing.
    """
    try:
        from docx import Document as open_document
    except ImportError:
        raise missing(name, "a .docx file", "docx") from None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > LARGEST:
                raise ReadError(name, f"unpacks to more than {LARGEST:,} bytes")
        document = open_document(io.BytesIO(data))
    except ReadError:
        raise
    except Exception as error:
        # python-docx raises whatever its XML and ZIP readers do.
        raise ReadError(name, f"cannot be read as DOCX: {error}") from None
    return _Reader(document).read()


class _Reader:
    def __init__(self, document: Any) -> None:
        self.body = document.element.body
        self.relations = document.part.rels
        self.numbers = _Numbers(document)
        self.out: list[str] = []
        self.length = 0
        self.links: list[Span] = []

    def read(self) -> Source:
        for block in _blocks(self.body):
            if self.out:
                self._put("\n")
            if block.tag == f"{_W}tbl":
                self._table(block)
            else:
                self._paragraph(block)
        return Source("".join(self.out), "utf-8", 0, "docx", tuple(self.links))

    def _put(self, text: str) -> None:
        self.out.append(text)
        self.length += len(text)

    def _paragraph(self, paragraph: Any) -> None:
        self._put(self.numbers.label(paragraph))
        for node, address in _words(paragraph, self.relations):
            start = self.length
            self._put(node)
            if address:
                self.links.append(Span(start, self.length, address))

    def _table(self, table: Any) -> None:
        """A row is a line, its cells parted by tabs; where a cell has paragraphs of its own, each is a line."""
        for i, row in enumerate(table.iter(f"{_W}tr")):
            if i:
                self._put("\n")
            cells = [list(_blocks(cell)) for cell in row.iterchildren(f"{_W}tc")]
            between = "\t" if all(len(cell) <= 1 for cell in cells) else "\n"
            for j, cell in enumerate(cells):
                if j:
                    self._put(between)
                for k, block in enumerate(cell):
                    if k:
                        self._put("\n")
                    # A table inside a cell comes as rows of its own, by the loop above.
                    if block.tag == f"{_W}p":
                        self._paragraph(block)


def _blocks(parent: Any) -> Iterator[Any]:
    """The paragraphs and tables of a body or a cell in order, also those in content controls and insertions."""
    for child in parent.iterchildren():
        if child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml", f"{_W}moveTo"):
            yield from _blocks(child)


def _words(node: Any, relations: Any, address: str = "") -> Iterator[tuple[str, str]]:
    """The text of a paragraph's runs, each with the address it is linked to, if any."""
    for child in node.iterchildren():
        if child.tag in _SILENT:
            continue
        if child.tag == f"{_W}t":
            yield child.text or "", address
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag], address
        elif child.tag == f"{_W}hyperlink":
            relation = relations.get(child.get(f"{_R}id") or "")
            yield from _words(child, relations, relation.target_ref if relation is not None else "")
        else:
            yield from _words(child, relations, address)


class _Numbers:
    """Word's automatic numbers: a counter per list and level, shown by the level's pattern (``第%1章``, ``%1.%2``)."""

    def __init__(self, document: Any) -> None:
        self.levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self.counters: dict[str, dict[int, int]] = defaultdict(dict)
        self.styles: dict[str, Any] = {}
        self.abstract: dict[str, str] = {}
        try:
            numbering = document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return
        abstracts = {a.get(f"{_W}abstractNumId"): a for a in numbering.iterchildren(f"{_W}abstractNum")}
        for num in numbering.iterchildren(f"{_W}num"):
            name, link = num.get(f"{_W}numId"), num.find(f"{_W}abstractNumId")
            abstract = abstracts.get(_value(link))
            if name is None or abstract is None:
                continue
            self.abstract[name] = _value(link) or name
            self.levels[name] = {}
            for level in abstract.iterchildren(f"{_W}lvl"):
                depth = _integer(level.get(f"{_W}ilvl"), 0)
                self.levels[name][depth] = (
                    _value(level.find(f"{_W}numFmt")) or "decimal",
                    _value(level.find(f"{_W}lvlText")) or "",
                    _integer(_value(level.find(f"{_W}start")), 1),
                )
            for override in num.iterchildren(f"{_W}lvlOverride"):
                depth = _integer(override.get(f"{_W}ilvl"), 0)
                start = override.find(f"{_W}startOverride")
                if start is not None and depth in self.levels[name]:
                    shown, pattern, _ = self.levels[name][depth]
                    self.levels[name][depth] = (shown, pattern, _integer(_value(start), 1))
                    # A list that starts anew counts for itself.
                    self.abstract[name] = f"num {name}"
        for style in document.styles.element.iterchildren(f"{_W}style"):
            self.styles[style.get(f"{_W}styleId")] = style

    def label(self, paragraph: Any) -> str:
        """The number that Word shows before a paragraph, or nothing."""
        name, depth = self._list_of(paragraph)
        if name is None or depth not in self.levels.get(name, {}):
            return ""
        counters = self.counters[self.abstract[name]]
        kind, pattern, start = self.levels[name][depth]
        counters[depth] = counters[depth] + 1 if depth in counters else start
        for deeper in [other for other in counters if other > depth]:
            del counters[deeper]
        if kind in _UNNUMBERED:
            return ""
        label = pattern
        for level, (shown, _, first) in self.levels[name].items():
            label = label.replace(f"%{level + 1}", formatted(counters.get(level, first), shown))
        # A label that ends in a sign of its own needs no blank behind it.
        return label if not label or label[-1] in "、．)）】：:。，" else f"{label} "

    def _list_of(self, paragraph: Any) -> tuple[str | None, int]:
        """The list and the level that a paragraph is in, by itself or by its style."""
        properties = paragraph.find(f"{_W}pPr")
        if properties is None:
            return None, 0
        found = _numbered(properties)
        style = _value(properties.find(f"{_W}pStyle"))
        for _ in range(10):
            if found or style is None or style not in self.styles:
                break
            element = self.styles[style]
            own = element.find(f"{_W}pPr")
            found = None if own is None else _numbered(own)
            style = _value(element.find(f"{_W}basedOn"))
        return found or (None, 0)


def _numbered(properties: Any) -> tuple[str, int] | None:
    found = properties.find(f"{_W}numPr")
    name = None if found is None else _value(found.find(f"{_W}numId"))
    return None if name is None else (name, _integer(_value(found.find(f"{_W}ilvl")), 0))


def _value(element: Any) -> str | None:
    return None if element is None else element.get(f"{_W}val")


def _integer(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 9 else default
