"""HTML to text (网页文本): the whole page as a reader sees it, blocks as lines, tables as rows, links with addresses.

Nothing is judged here: menus and advertisements come along, for the cleaning to remove and name.
"""

from __future__ import annotations

import re
from typing import Any

from planparse.document import Span
from planparse.reading.decode import decode
from planparse.reading.errors import ReadError, missing
from planparse.reading.flow import Cell, Mark, Open, Text, Token, assemble
from planparse.reading.numbering import formatted
from planparse.reading.source import Source

# Never text. A page's head has its title, which the body repeats.
# fmt: off
_SILENT = frozenset((
    "head", "script", "style", "noscript", "template", "svg", "iframe", "object", "audio", "video", "canvas",
    "datalist", "rp", "rt", "title", "meta", "link",
))
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frameset", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "optgroup", "option", "p", "pre",
    "search", "section", "select", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
))
# fmt: on
_CELLS = frozenset({"td", "th"})
_AS_WRITTEN = frozenset({"pre", "textarea", "listing", "xmp"})
_META = re.compile(rb"""<meta\b[^>]{0,400}?\bcharset\s{0,9}=\s{0,9}["']?\s{0,9}([\w.:-]{2,40})""", re.IGNORECASE)
_XML = re.compile(rb"""^\s{0,99}<\?xml\b[^>]{0,200}?\bencoding\s{0,9}=\s{0,9}["']([\w.:-]{2,40})""")
# A list item whose writer numbered it himself needs no number from the list.
_LABELLED = re.compile(r"\s{0,99}[（(【\[第]?[0-9０-９一二三四五六七八九十①-⑳㈠-㈩]")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
# An unclosed one of these is closed by the next.
_SELF_CLOSING = frozenset((
    "p", "li", "dt", "dd", "tr", "td", "th", "option", "tbody", "thead", "tfoot", "br", "img", "hr", "input", "meta",
    "link", "wbr", "col",
))  # fmt: skip
_DEEPEST = 2000
_DEEPEST_LIST = 8
_LIST_TYPES = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}


class _Row:
    """A table row that is being read: its cells, and whether one of them has lines of its own."""

    __slots__ = ("cells", "seen", "several", "waiting")

    def __init__(self) -> None:
        self.cells: list[Cell] = []
        self.seen = self.waiting = self.several = False


def read_html(data: bytes, name: str, declared: str | None = None) -> Source:
    """The text of an HTML page.

    Args:
        data: the page as it came; its charset is what the server declared, else what the page does, else guessed.
        name: what to call it in errors.
        declared: the server's charset, if any.

    Raises:
        ReadError: where the extra ``html`` is missing.
    """
    decoded = decode(data, declared or declared_charset(data))
    text, links = html_text(decoded.text, name)
    return Source(text, decoded.encoding, decoded.undecodable, "html", links)


def declared_charset(data: bytes) -> str | None:
    """The charset that a page itself declares in its first bytes, if any."""
    head = data[:4096]
    found = _XML.match(head) or _META.search(head)
    return found[1].decode("ascii") if found else None


def html_text(markup: str, name: str = "html") -> tuple[str, tuple[Span, ...]]:
    """The text of decoded HTML, and the ranges of its links with their addresses.

    Raises:
        ReadError: where the extra ``html`` is missing.
    """
    try:
        from selectolax.lexbor import LexborHTMLParser
    except ImportError:
        raise missing(name, "an HTML page", "html") from None
    # The parser takes UTF-8, and stops at a NUL.
    markup = markup.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
    try:
        root = LexborHTMLParser(_shallow(markup)).root
    except Exception as error:
        raise ReadError(name, f"cannot be read as HTML: {error}") from None
    return assemble(_tokens(root)) if root is not None else ("", ())


def _shallow(markup: str) -> str:
    """Markup with rulers for tags that lie deeper than any page nests: the parser's time grows with depth squared."""
    if markup.count("<") < _DEEPEST:
        return markup
    depth = 0

    def kept(tag: re.Match[str]) -> str:
        nonlocal depth
        if tag[2].lower() in _SELF_CLOSING:
            return tag[0]
        depth = max(0, depth + (-1 if tag[1] else 1))
        return "<hr" if depth > _DEEPEST else tag[0]

    return _TAG.sub(kept, markup)


def _tokens(root: Any) -> list[Token]:
    """The page as a flat list of tokens, walked without recursion: pages nest as deep as they like."""
    walk = _Walk()
    node, depth = root, 0
    while node is not None:
        entered = walk.enter(node)
        child = node.child if entered else None
        if child is not None:
            node, depth = child, depth + 1
            continue
        if entered:
            walk.leave(node.tag)
        while depth and node.next is None:
            node, depth = node.parent, depth - 1
            walk.leave(node.tag)
        if not depth:
            break
        node = node.next
    return walk.tokens


class _Walk:
    """Collects the tokens while the tree is walked, and remembers what is open."""

    def __init__(self) -> None:
        self.tokens: list[Token] = []
        self.rows: list[_Row] = []
        # The number of the next item of each open list; None where its items bear none.
        self.lists: list[_Numbers | None] = []
        self.as_written = 0

    def enter(self, node: Any) -> bool:
        """Take in a node; whether its children are to be walked too."""
        tag = node.tag or ""
        if tag == "-text":
            self._text(node.text_content or "", self.as_written > 0)
            return False
        if not tag or tag[0] in "-_!" or tag in _SILENT:
            return tag == "-document"
        self.as_written += tag in _AS_WRITTEN
        if tag == "br":
            self._break(Mark.BR)
        elif tag in _CELLS:
            self._cell()
        elif tag == "a":
            self.tokens.append(Open((node.attributes.get("href") or "").strip()))
        elif tag in _BLOCKS:
            self._enter_block(node, tag)
        return True

    def leave(self, tag: str) -> None:
        """A node whose children have been walked ends."""
        self.as_written -= tag in _AS_WRITTEN
        if tag == "a":
            self.tokens.append(Mark.CLOSE)
        elif tag == "tr":
            self._leave_row()
        elif tag in _BLOCKS:
            self._break(Mark.BLOCK)
            if tag in ("ol", "ul"):
                self.lists.pop()

    def _enter_block(self, node: Any, tag: str) -> None:
        if tag == "tr":
            if self.rows:
                # A table inside a table: the page is laid out with the outer one.
                self.rows[-1].several = True
            self.rows.append(_Row())
            self.tokens.append(Mark.ROW)
            return
        self._break(Mark.BLOCK)
        if tag == "ol":
            self.lists.append(_numbers(node) if len(self.lists) < _DEEPEST_LIST else None)
        elif tag == "ul":
            self.lists.append(None)
        elif tag == "li" and self.lists and (numbers := self.lists[-1]):
            self._text(numbers.next(node), True)

    def _leave_row(self) -> None:
        row = self.rows.pop()
        for cell in row.cells:
            cell.breaks = row.several
        self.tokens.append(Mark.ROW)

    def _cell(self) -> None:
        cell = Cell()
        self.tokens.append(cell)
        if self.rows:
            row = self.rows[-1]
            row.cells.append(cell)
            row.seen = row.waiting = False

    def _break(self, mark: Mark) -> None:
        self.tokens.append(mark)
        if self.rows:
            self.rows[-1].waiting = self.rows[-1].seen

    def _text(self, text: str, as_written: bool) -> None:
        self.tokens.append(Text(text, as_written))
        if self.rows and (stripped := text.strip()):
            row = self.rows[-1]
            row.several = row.several or row.waiting or (as_written and "\n" in stripped)
            row.seen = True


class _Numbers:
    """The numbers that a browser puts before the items of a list (自动编号)."""

    def __init__(self, first: int, kind: str) -> None:
        self.number = first
        self.kind = kind

    def next(self, item: Any) -> str:
        self.number = _integer(item.attributes.get("value"), self.number)
        shown = formatted(self.number, self.kind)
        self.number += 1
        return f"{shown}. "


def _numbers(node: Any) -> _Numbers | None:
    """The numbers of a list; None where its items have some written, or it is a menu of links."""
    if "none" in (node.attributes.get("style") or ""):
        return None
    item = node.child
    while item is not None:
        if item.tag == "li":
            text = item.text()
            link = item.css_first("a")
            if _LABELLED.match(text) or (link is not None and link.text().strip() == text.strip()):
                return None
        item = item.next
    kind = _LIST_TYPES.get(node.attributes.get("type") or "1", "decimal")
    return _Numbers(_integer(node.attributes.get("start"), 1), kind)


def _integer(text: str | None, default: int) -> int:
    return int(text) if text and len(text) < 9 and text.isdecimal() else default
