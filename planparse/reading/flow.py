"""The tokens of an HTML page put together as text (排版): blanks collapse as in a browser, breaks melt into one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import Enum
from typing import Any, NamedTuple

from planparse.document import Span

_BLANKS = re.compile(r"[ \t\n\r\f]+")


class Cell:
    """The edge of a table cell: a tab in a row that is one line, else a line break."""

    __slots__ = ("breaks",)

    def __init__(self) -> None:
        self.breaks = False


class Text(NamedTuple):
    """Running text; ``as_written`` where its blanks and breaks count."""

    text: str
    as_written: bool


class Open(NamedTuple):
    """A link begins."""

    address: str


class Mark(Enum):
    """What stands between texts: a block's edge, ``<br>``, a table row's edge, the end of a link."""

    BLOCK = 1
    BR = 2
    ROW = 3
    CLOSE = 4


Token = Text | Open | Cell | Mark


def assemble(tokens: Iterable[Token]) -> tuple[str, tuple[Span, ...]]:
    """The text of a page, and the ranges of its links with their addresses."""
    page = _Assembly()
    for token in tokens:
        if isinstance(token, Text):
            if token.as_written:
                page.write(token.text)
            else:
                page.flow(token.text)
        elif isinstance(token, Open):
            page.link = [token.address, -1]
        elif token is Mark.CLOSE:
            page.close_link()
        else:
            page.part(token)
    return "".join(page.out), tuple(page.links)


class _Assembly:
    """Puts the tokens' text together: blanks collapse as in a browser, breaks melt into one."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.length = 0
        self.links: list[Span] = []
        self.link: list[Any] | None = None
        self._blank = ""
        self._lines = self._tabs = 0
        self._at_row = False

    def part(self, token: Token) -> None:
        """A break of any kind."""
        self._blank = ""
        if token is Mark.BR:
            self._lines = min(self._lines + 1, 2)
        elif token is Mark.ROW or (isinstance(token, Cell) and token.breaks):
            self._lines, self._tabs, self._at_row = max(self._lines, 1), 0, True
        elif isinstance(token, Cell):
            # The blocks inside the cells of a row that is one line break nothing.
            self._tabs += 1
            self._lines = self._lines if self._at_row else 0
        elif not self._tabs:
            self._lines = max(self._lines, 1)

    def flow(self, text: str) -> None:
        """Running text: blanks collapse into one, and a line break between two Chinese characters into nothing."""
        at = 0
        for blank in _BLANKS.finditer(text):
            if blank.start() > at:
                self.write(text[at : blank.start()])
            self._blank = "\n" if "\n" in blank[0] or self._blank == "\n" else " "
            at = blank.end()
        if at < len(text):
            self.write(text[at:])

    def write(self, text: str) -> None:
        """Text as it is, after the break or the blank that is due; line breaks do not open a page."""
        text = text if self.out else text.lstrip("\n")
        if not text:
            return
        if self.out:
            if self._lines:
                self._put("\n" * self._lines)
            elif self._tabs:
                self._put("\t" * self._tabs)
            elif self._blank and not (self._blank == "\n" and _is_wide(self.out[-1][-1]) and _is_wide(text[0])):
                self._put(" ")
        self._blank, self._lines, self._tabs, self._at_row = "", 0, 0, False
        if self.link and self.link[1] < 0:
            self.link[1] = self.length
        self._put(text)

    def close_link(self) -> None:
        """The words of a link end here."""
        if self.link and self.link[0] and self.link[1] >= 0:
            self.links.append(Span(self.link[1], self.length, self.link[0]))
        self.link = None

    def _put(self, text: str) -> None:
        self.out.append(text)
        self.length += len(text)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"
