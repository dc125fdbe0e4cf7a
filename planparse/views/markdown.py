"""A document's clean text as Markdown (Markdown 文本): pieces and sections as headings, every line a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator

from planparse.document import Document
from planparse.views.blocks import Block, heading_end

_DEEPEST = 6
_INLINE = re.compile(r"[\\`*_\[\]<>~|$]|&(?=#?[0-9A-Za-z]{1,32};)|!(?=\[)")
# What would open a heading, a quotation, a list or a rule at the start of a line.
_OPENING = re.compile(r"(#{1,6}(?=[ \t]|$)|[+-](?=[ \t]|$)|[-=]{1,}(?=[ \t]*$)|-(?=[ \t-]*$))")
_ORDERED = re.compile(r"([0-9]{1,9})([.)])(?=[ \t]|$)")
# How CommonMark and Python break lines differs; what is no line feed becomes a blank.
_BREAKS = re.compile(r"[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029\x00]+")


def to_markdown(doc: Document) -> str:
    """The clean text as Markdown: the title is ``#``, a piece ``##``, sections below it by their level.

    A section whose label opens running text, or stands inside a line, stays text.
    """
    paragraphs = [f"{'#' * level} {text}" if level else text for level, text in _lines(doc)]
    return "\n\n".join(paragraphs) + "\n" if paragraphs else ""


def _lines(doc: Document) -> Iterator[tuple[int, str]]:
    """Each line with its level as a heading, 0 for text."""
    levels = _levels(doc)
    at = 0
    for line in doc.clean_text.split("\n"):
        text = _BREAKS.sub(" ", line).strip()
        # Where the line's words begin in the clean text.
        begin = at + len(line) - len(line.lstrip())
        at += len(line) + 1
        if text:
            yield levels.get(begin, 0), escaped(text)


def _levels(doc: Document) -> dict[int, int]:
    """Offsets in the clean text at which a heading begins, with its level."""
    levels: dict[int, int] = {}
    for section in doc.sections:
        block = Block(section.start, section.end, section=section)
        if heading_end(doc, block) > section.start:
            levels[doc.to_clean(section.start)] = min(section.level + 2, _DEEPEST)
    for piece in doc.pieces:
        if piece.heading_end > piece.start:
            levels[doc.to_clean(piece.start)] = 2
    if doc.title:
        levels[doc.to_clean(doc.title.start)] = 1
    return levels


def escaped(text: str) -> str:
    """A line of plain text as Markdown that shows just that text."""
    text = _INLINE.sub(lambda mark: "\\" + mark[0], text)
    if _OPENING.match(text):
        return "\\" + text
    return _ORDERED.sub(r"\1\\\2", text, count=1) if _ORDERED.match(text) else text
