"""The types: a document owns its text, everything else is a half-open span over it.

Offsets are Unicode code points. ``Document.text`` is never changed; an :class:`Edit` says what cleaning does to a range
of it, and a :class:`View` is the text with its edits applied, with the map of offsets in both directions.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal

SCHEMA = "planparse.document/1"

MeasureKind = Literal["target", "statistic", "mention"]
Comparator = Literal["=", ">=", "<=", ">", "<"]
Change = Literal["increase", "decrease", "multiply"]


@dataclass(frozen=True, slots=True)
class Span:
    """A named range of the text, such as the title (标题): ``text`` is ``Document.text[start:end]``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Edit:
    """One change that cleaning makes: the range ``[start, end)`` becomes ``replacement``.

    A removal (删除) has ``replacement`` None and deletes its range; a repair (修复) replaces it, by nothing where the
    replacement is empty. The range is never empty, so every clean character has a source.
    """

    start: int
    end: int
    kind: str
    rule: str
    replacement: str | None = None

    @property
    def is_removal(self) -> bool:
        """Whether this takes away what the site added, as against a repair."""
        return self.replacement is None


@dataclass(frozen=True, slots=True)
class Anomaly:
    """Something the reader should know of (异常): a lost heading, a gap in the numbers, undecodable bytes."""

    kind: str
    start: int
    end: int
    message: str
    piece: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """One plan of a page (篇): ``n`` is its number as written; without a heading line, ``heading_end == start``."""

    n: int
    title: str
    start: int
    heading_end: int
    end: int


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered section or item (编号段落). ``number`` is None for an unnumbered or implied section."""

    id: int
    parent: int | None
    piece: int | None
    level: int
    style: str
    label: str
    number: int | None
    start: int
    label_end: int
    title: str
    title_end: int
    end: int
    implied: bool = False


@dataclass(frozen=True, slots=True)
class Period:
    """The time an amount belongs to (期间); ``from_`` and ``to`` are set where the text fixes them."""

    text: str
    start: int
    end: int
    from_: date | None = None
    to: date | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """An amount with its unit that the plan states (指标数值): ``[start, end)`` is the numeral to the end of the unit.

    ``value`` has multipliers folded (3.5亿元 is 350000000 元); it is None for a range (``min``, ``max``) and for a
    damaged amount. ``of`` is the index of the measure that this one is a part of (其中). ``canonical_value`` is the
    value in ``canonical_unit`` (2亩 is 1333.33 平方米; ``units.tsv``), so that amounts in different units compare.
    ``indicator_norm`` is the indicator in simplified script, letters and digits alone.
    """

    start: int
    end: int
    text: str
    kind: MeasureKind
    value: int | float | None
    unit: str
    comparator: Comparator = "="
    min: int | float | None = None
    max: int | float | None = None
    approximate: bool = False
    change: Change | None = None
    from_value: int | float | None = None
    indicator: str | None = None
    period: Period | None = None
    every: str | None = None
    of: int | None = None
    damaged: bool = False
    role_evidence: str | None = None
    piece: int | None = None
    section: int | None = None
    canonical_value: int | float | None = None
    canonical_unit: str | None = None
    indicator_norm: str | None = None


class View:
    """A text with its edits applied, and the map between the offsets of both.

    Args:
        text: the text that the edits' offsets count in.
        edits: disjoint, sorted by start.

    Raises:
        ValueError: where edits overlap, are empty, or lie outside the text.
    """

    __slots__ = ("_clean", "_raw", "_readings", "clean", "edits", "text")

    def __init__(self, text: str, edits: Sequence[Edit] = ()) -> None:
        self.text = text
        self.edits = tuple(edits)
        parts: list[str] = []
        # Boundaries of the alternating kept and edited segments: segment i covers text[raw[i]:raw[i+1]] and
        # clean[clean_[i]:clean_[i+1]]; even segments are kept, odd ones edited.
        raw = [0]
        clean = [0]
        at = length = 0
        for edit in self.edits:
            if not at <= edit.start < edit.end <= len(text):
                raise ValueError(f"edit {edit} is empty, out of order or outside the text")
            parts.append(text[at : edit.start])
            length += edit.start - at
            raw.append(edit.start)
            clean.append(length)
            if edit.replacement:
                parts.append(edit.replacement)
                length += len(edit.replacement)
            raw.append(edit.end)
            clean.append(length)
            at = edit.end
        parts.append(text[at:])
        self.clean = "".join(parts)
        self._raw = raw
        self._clean = clean
        self._readings = {edit.start: edit.end for edit in self.edits if edit.kind == "reading"}

    def to_raw(self, offset: int) -> int:
        """The offset in the text of the clean character at ``offset`` (the end of the text for the end).

        Raises:
            IndexError: where ``offset`` is not in ``0 … len(clean)``.
        """
        if not 0 <= offset <= len(self.clean):
            raise IndexError(f"offset {offset} is outside the clean text of {len(self.clean)} characters")
        segment = bisect_right(self._clean, offset) - 1
        start = self._raw[segment]
        if segment % 2 == 0:
            return start + offset - self._clean[segment]
        # Inside a replacement: its characters lie on the edit's range one by one, the rest on its last character.
        return min(start + offset - self._clean[segment], self._raw[segment + 1] - 1)

    def to_clean(self, offset: int) -> int:
        """The offset in the clean text of the text's character at ``offset``; of a removed one, where it stood.

        Raises:
            IndexError: where ``offset`` is not in ``0 … len(text)``.
        """
        if not 0 <= offset <= len(self.text):
            raise IndexError(f"offset {offset} is outside the text of {len(self.text)} characters")
        segment = bisect_right(self._raw, offset) - 1
        at = self._clean[segment] + offset - self._raw[segment]
        if segment % 2:
            return min(at, self._clean[segment + 1])
        return at

    def span_to_raw(self, start: int, end: int) -> tuple[int, int]:
        """The range of the text that the clean range ``[start, end)`` comes from, without edits at its edges.

        Raises:
            IndexError: where the range is not in the clean text.
        """
        if not 0 <= start <= end <= len(self.clean):
            raise IndexError(f"[{start}, {end}) is outside the clean text of {len(self.clean)} characters")
        raw, clean = self._raw, self._clean
        segment = bisect_right(clean, start) - 1
        first = raw[segment] + start - clean[segment]
        if segment % 2:
            first = min(first, raw[segment + 1] - 1)
        if start == end:
            return first, first
        segment = bisect_right(clean, end - 1, segment) - 1
        last = raw[segment] + end - clean[segment]
        if segment % 2:
            last = raw[segment + 1] if end == clean[segment + 1] else min(last, raw[segment + 1])
        return first, last

    def surface(self, start: int, end: int) -> tuple[int, int]:
        """As :meth:`span_to_raw`, with the reading (注音) behind the last character: 學(xué) is one character."""
        first, last = self.span_to_raw(start, end)
        return first, self._readings.get(last, last)


@dataclass(frozen=True)
class Document:
    """One page as data. The fields are those of the output contract; ``to_dict()`` gives them as plain values.

    ``removed`` and ``repairs`` are all the edits there are: they do not overlap, and applying them to ``text`` gives
    ``clean_text`` exactly.
    """

    id: str
    text: str
    encoding: str
    title: Span | None
    declared_pieces: int | None
    pieces: tuple[Piece, ...]
    sections: tuple[Section, ...]
    edits: tuple[Edit, ...]
    measures: tuple[Measure, ...]
    anomalies: tuple[Anomaly, ...]
    links: tuple[Span, ...] = field(default=(), repr=False)
    """Links of a markup input: the range of their words, with the address as ``text``."""
    url: str | None = None
    """The page's own address, where the input names it: a record's field, a web archive's target."""
    record_id: str | None = None
    """What the input itself calls the record, where it is one of many and has such a field."""

    @cached_property
    def view(self) -> View:
        """The text with all edits applied."""
        return View(self.text, self.edits)

    @property
    def clean_text(self) -> str:
        """The text without what the site added and with its damage repaired (清洗后的文本)."""
        return self.view.clean

    @property
    def sha256(self) -> str:
        """SHA-256 of ``text`` as UTF-8, in hexadecimal."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def removed(self) -> tuple[Edit, ...]:
        """What the site added (样板文字), in text order."""
        return tuple(edit for edit in self.edits if edit.is_removal)

    @property
    def repairs(self) -> tuple[Edit, ...]:
        """What was mended (修复), in text order."""
        return tuple(edit for edit in self.edits if not edit.is_removal)

    def to_raw(self, offset: int) -> int:
        """The offset in ``text`` of the character at ``offset`` of ``clean_text``; IndexError outside it."""
        return self.view.to_raw(offset)

    def to_clean(self, offset: int) -> int:
        """The offset in ``clean_text`` of the character at ``offset`` of ``text``; IndexError outside it."""
        return self.view.to_clean(offset)

    def piece_sections(self, piece: Piece) -> tuple[Section, ...]:
        """The sections of one piece, in text order."""
        return tuple(section for section in self.sections if section.piece == piece.n)

    def to_dict(self, *, text: bool = True) -> dict[str, Any]:
        """The document as the JSON object of the contract ``planparse.document/1``, in plain Python values.

        Args:
            text: False leaves out the field ``text``.
        """
        from planparse.views.jsonable import document_to_dict

        return document_to_dict(self, text=text)

    def to_tei(self) -> str:
        """The document as TEI P5 XML."""
        from planparse.views.tei import to_tei

        return to_tei(self)

    def to_markdown(self) -> str:
        """The clean text as Markdown, headings by level."""
        from planparse.views.markdown import to_markdown

        return to_markdown(self)

    def to_tree(self, *, width: int = 100, color: bool = False) -> str:
        """The document as a tree for reading; ``color`` dims removed text with terminal codes."""
        from planparse.views.tree import to_tree

        return to_tree(self, width=width, color=color)

    def __str__(self) -> str:
        return self.to_tree()

    def _repr_html_(self) -> str:
        from planparse.views.html import to_html

        return to_html(self)
