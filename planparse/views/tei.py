"""A document as TEI P5 (TEI 标注): the input text complete and in order, with everything found marked in it.

What the site added is ``<surplus>``, a hard wrap ``<lb break="no"/>`` behind its line break, another repair
``<choice><sic/><corr/></choice>``. Pieces and sections are nested ``<div>``; each line is a ``<p>``. Without the
``<corr>`` elements, the text of ``<body>`` is the input, but for characters that XML does not have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from planparse.document import Document, Measure
from planparse.views.blocks import Block, Closing, Opening, Run, Runs, events, heading_end, showable
from planparse.views.jsonable import plain_number
from planparse.views.words import KINDS, SIGNS

_NAMES = {"=": "eq", ">=": "ge", "<=": "le", ">": "gt", "<": "lt"}
_CHANGES = {"increase": "增加", "decrease": "减少", "multiply": "倍增"}
# What TEI allows in a word of an attribute: letters, digits, punctuation, symbols.
_NO_WORD = re.compile(r"[\s\ufffd]+")
_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_LINES = re.compile(r"\n")


def to_tei(doc: Document) -> str:
    """The document as a TEI P5 file."""
    return "".join(_Writer(doc).parts())


class _Writer:
    def __init__(self, doc: Document) -> None:
        self.doc = doc
        self.runs = Runs(doc)
        # For each open block: whether a division inside it has begun, so that no paragraph may follow in it.
        self.divided: list[bool] = []
        self.empty = True

    def parts(self) -> Iterator[str]:
        yield from _header(self.doc)
        yield "<text>\n<body>"
        for event in events(self.doc):
            if isinstance(event, Opening):
                yield from self._open(event.block)
            elif isinstance(event, Closing):
                self.divided.pop()
                if self._is_division(event.block):
                    yield "</div>"
            else:
                yield from self._text(event.start, event.end, event.block, event.first)
        yield "<p/></body>" if self.empty else "</body>"
        yield "\n</text>\n</TEI>\n"

    @staticmethod
    def _is_division(block: Block) -> bool:
        return block.piece is not None or block.section is not None

    def _open(self, block: Block) -> Iterator[str]:
        if self._is_division(block):
            self.divided[-1] = True
            self.empty = False
        self.divided.append(False)
        if block.piece is not None:
            yield f'<div type="piece" n="{block.piece.n}">'
        elif block.section is not None:
            section = block.section
            yield f'<div type="section" xml:id="section-{section.id}"'
            if section.implied:
                yield ' subtype="implied"'
            elif _NAME.fullmatch(section.style):
                yield f' subtype="{section.style}"'
            yield f' n="{section.number}">' if section.number is not None else ">"

    def _text(self, start: int, end: int, block: Block, first: bool) -> Iterator[str]:
        if self.divided[-1]:
            # TEI has no paragraphs behind a division, only further divisions.
            if _is_blank(self.doc.text[start:end]):
                yield _characters(self.doc.text[start:end])
                return
            yield '<div type="rest">'
            yield from self._paragraphs(start, end)
            yield "</div>"
            return
        title = self.doc.title
        if first and self._is_division(block):
            head = min(heading_end(self.doc, block), end)
            label = min(block.section.label_end, end) if block.section else start
            if head > start:
                yield f"<head>{self._labelled(start, label, head)}</head>"
                yield from self._paragraphs(head, end)
            else:
                yield from self._paragraphs(start, end, label)
        elif not self._is_division(block) and title and start <= title.start and title.end <= end:
            yield from self._titled(start, title.start, title.end, end)
        else:
            yield from self._paragraphs(start, end)

    def _titled(self, start: int, title_start: int, title_end: int, end: int) -> Iterator[str]:
        """The page's title is a heading where it comes first, else a paragraph of its own."""
        title = "".join(self._inline(list(self.runs.between(title_start, title_end))))
        before = self.doc.text[start:title_start]
        self.empty = False
        if _is_blank(before):
            yield f"{_characters(before)}<head>{title}</head>"
        else:
            yield from self._paragraphs(start, title_start)
            yield f'<p><title type="main">{title}</title></p>'
        yield from self._paragraphs(title_end, end)

    def _labelled(self, start: int, label: int, end: int) -> str:
        """Inline text that opens with a label."""
        opening = "".join(self._inline(list(self.runs.between(start, label))))
        rest = "".join(self._inline(list(self.runs.between(label, end))))
        return (f"<label>{opening}</label>" if opening else "") + rest

    def _paragraphs(self, start: int, end: int, label: int = -1) -> Iterator[str]:
        """A paragraph per line; the line breaks and blank lines stay between them."""
        opening = ""
        if label > start:
            opening = self._labelled(start, label, label)
            start = label
        line: list[Run] = []
        for run in self.runs.between(start, end):
            is_repair = run.edit is not None and not run.edit.is_removal
            at = run.start
            for broken in () if is_repair else _LINES.finditer(self.doc.text, run.start, run.end):
                if broken.start() > at:
                    line.append(run._replace(start=at, end=broken.start()))
                yield self._paragraph(line, opening)
                yield "\n"
                line, opening, at = [], "", broken.end()
            if at < run.end:
                line.append(run._replace(start=at))
        yield self._paragraph(line, opening)

    def _paragraph(self, line: list[Run], opening: str) -> str:
        text = self.doc.text[line[0].start : line[-1].end] if line else ""
        if not opening and _is_blank(text) and all(run.edit is None or run.edit.is_removal for run in line):
            return _characters(text)
        self.empty = False
        return f"<p>{opening}{''.join(self._inline(line))}</p>"

    def _inline(self, line: list[Run]) -> Iterator[str]:
        """Runs with their edits and measures; a measure holds all its runs."""
        measure: Measure | None = None
        for run in line:
            if run.measure is not measure:
                yield _measure_end(measure) if measure else ""
                yield _measure(run.measure) if run.measure else ""
                measure = run.measure
            yield self._edited(run)
        yield _measure_end(measure) if measure else ""

    def _edited(self, run: Run) -> str:
        text = _characters(self.doc.text[run.start : run.end])
        if run.edit is None:
            return text
        if run.edit.is_removal:
            return f"<surplus{_words('reason', run.edit.kind)}>{text}</surplus>"
        is_last = run.end == run.edit.end
        if run.edit.kind == "hard_wrap" and not run.edit.replacement:
            return f'{text}<lb break="no"/>' if is_last else text
        right = _characters(run.edit.replacement or "") if is_last else ""
        return f"<choice><sic>{text}</sic><corr{_words('type', run.edit.kind)}>{right}</corr></choice>"


def _measure(measure: Measure) -> str:
    """The start tag of a measure: what TEI's own attributes hold, and the header's categories for the rest."""
    categories = [measure.kind, _NAMES[measure.comparator]]
    if measure.approximate:
        categories.append("approximate")
    if measure.change:
        categories.append(measure.change)
    value = plain_number(measure.value)
    quantity = "" if value is None else f' quantity="{value!r}"'
    return (
        f'<measure type="{measure.kind}"{quantity}{_words("unit", measure.unit)}'
        f'{_words("commodity", measure.indicator or "")} ana="{" ".join(f"#{name}" for name in categories)}">'
        f"{_range(measure)}"
    )


def _range(measure: Measure) -> str:
    """The start tag of a number that is a range; nothing where it is none."""
    ends = (("atLeast", plain_number(measure.min)), ("atMost", plain_number(measure.max)))
    known = "".join(f' {name}="{end!r}"' for name, end in ends if end is not None)
    return f"<num{known}>" if known else ""


def _measure_end(measure: Measure) -> str:
    return "</num></measure>" if _range(measure) else "</measure>"


def _words(attribute: str, value: str) -> str:
    """An attribute of one word, as TEI wants it; nothing where there is none."""
    word = _NO_WORD.sub("_", "".join(c for c in showable(value.strip()) if c.isprintable() or c.isspace()))
    return f" {attribute}={quoteattr(word)}" if word else ""


def _is_blank(text: str) -> bool:
    """Whether a text is only what XML takes for blank between elements."""
    return not text.strip(" \t\r\n")


def _characters(text: str) -> str:
    # A bare carriage return would be read back as a line feed.
    return escape(showable(text), {"\r": "&#13;"})


def _header(doc: Document) -> Iterator[str]:
    from planparse import __version__

    title = _characters(" ".join((doc.title.text if doc.title else doc.id).split()) or "text")
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<TEI xmlns="http://www.tei-c.org/ns/1.0">\n<teiHeader>\n<fileDesc>\n'
    yield f"<titleStmt><title>{title}</title></titleStmt>\n"
    yield "<publicationStmt><p>Made by planparse from a scraped page.</p></publicationStmt>\n"
    yield f"<sourceDesc><p><idno>{_characters(doc.id)}</idno> SHA-256 {doc.sha256}</p></sourceDesc>\n</fileDesc>\n"
    yield "<encodingDesc>\n"
    yield f'<appInfo><application ident="planparse" version="{__version__}"><label>planparse</label></application>'
    yield "</appInfo>\n<classDecl><taxonomy>\n"
    for name, words in _categories():
        yield f'<category xml:id="{name}"><catDesc>{escape(words)}</catDesc></category>\n'
    yield '</taxonomy></classDecl>\n</encodingDesc>\n<profileDesc><langUsage><language ident="zh">中文</language>'
    yield "</langUsage></profileDesc>\n</teiHeader>\n"


def _categories() -> Iterator[tuple[str, str]]:
    for kind in ("target", "statistic", "mention"):
        yield kind, KINDS[kind]
    for comparator, name in _NAMES.items():
        yield name, SIGNS[comparator]
    yield "approximate", "约"
    yield from _CHANGES.items()
