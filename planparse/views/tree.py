"""A document as a tree for reading (树状视图): pieces, sections, measures at the margin, what was removed.

Everything is in both languages, and lines up with Chinese characters two columns wide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from planparse.document import Document, Edit, Measure, Piece, Section
from planparse.views.widths import cut, one_line, pad, width
from planparse.views.words import KINDS, amount, by_kind, kind_of, recurrence

_NARROWEST = 40
_STYLES = {"bold": "\x1b[1m", "dim": "\x1b[2m", "target": "\x1b[36m", "statistic": "\x1b[33m", "alert": "\x1b[31m"}
_OFF = "\x1b[0m"


class _Line(NamedTuple):
    """A line of the tree: what stands at the left, what at the margin, and how it is shown."""

    text: str
    measure: Measure | None = None
    style: str = ""


_RemovedBefore = Callable[[int, str], Iterator[_Line]]


def to_tree(doc: Document, width: int = 100, color: bool = False) -> str:
    """The document as a tree.

    Args:
        doc: the document.
        width: columns of the terminal; taken as 40 where it is less.
        color: whether the terminal understands colour codes. Removed text is then shown, dimmed, where it stood; else
            the summary alone names it.
    """
    page = _Page(doc, max(width, _NARROWEST), color)
    lines = [*_heading(doc), _Line(""), *_body(doc, color), _Line(""), *_summary(doc)]
    return "\n".join(page.shown(line) for line in lines)


class _Page:
    """The width of the page, and of the three columns at its margin: amount, what is measured, kind."""

    def __init__(self, doc: Document, columns: int, color: bool) -> None:
        self.columns = columns
        self.color = color
        self.amount = min(max((width(_figure(m)) for m in doc.measures), default=0), columns // 5)
        self.about = min(max((width(m.indicator or "") for m in doc.measures), default=0), columns // 5)
        self.margin = self.amount + self.about + width(KINDS["target"]) + 4

    def shown(self, line: _Line) -> str:
        if line.measure is None:
            return self._styled(_cut_behind_indent(line.text, self.columns), line.style)
        left = pad(_cut_behind_indent(line.text, self.columns - self.margin - 2), self.columns - self.margin)
        figure = pad(cut(_figure(line.measure), self.amount), self.amount, right=True)
        about = pad(cut(one_line(line.measure.indicator or ""), self.about), self.about)
        kind = line.measure.kind
        return self._styled(left, line.style) + self._styled(f"{figure}  {about}  {KINDS[kind]}", kind)

    def _styled(self, text: str, style: str) -> str:
        return f"{_STYLES[style]}{text}{_OFF}" if self.color and text and style in _STYLES else text


def _figure(measure: Measure) -> str:
    """A measure's amount with its recurrence: ``≥ 4 次 每年``."""
    return one_line(f"{amount(measure)} {recurrence(measure.every)}" if measure.every else amount(measure))


def _cut_behind_indent(text: str, columns: int) -> str:
    """A line cut to so many columns; its indent stays."""
    body = text.lstrip("│├└ ")
    indent = text[: len(text) - len(body)]
    return indent + cut(body, columns - width(indent)) if body else indent


def _heading(doc: Document) -> Iterator[_Line]:
    yield _Line(one_line(doc.title.text) if doc.title else f"({doc.id})", style="bold")
    facts = [doc.id, doc.encoding, f"{len(doc.text):,} characters 字"]
    if len(doc.clean_text) != len(doc.text):
        facts.append(f"clean 清洗后 {len(doc.clean_text):,}")
    yield _Line(" · ".join(facts), style="dim")
    found = len(doc.pieces)
    if doc.declared_pieces is None:
        yield _Line(f"pieces 篇: {found}")
    else:
        agrees = doc.declared_pieces == found
        sign = "✓" if agrees else "≠"
        yield _Line(
            f"pieces 篇: declared 声明 {doc.declared_pieces} {sign} found 找到 {found}", style="" if agrees else "alert"
        )


def _body(doc: Document, color: bool) -> Iterator[_Line]:
    """The pieces and their sections; measures and removed text before whatever stands behind them in the page."""
    by_section: dict[int, list[Measure]] = {}
    by_piece: dict[int | None, list[Measure]] = {}
    for measure in doc.measures:
        if measure.section is not None:
            by_section.setdefault(measure.section, []).append(measure)
        else:
            by_piece.setdefault(measure.piece, []).append(measure)
    gone = list(doc.removed) if color else []
    at = 0

    def removed_before(offset: int, indent: str) -> Iterator[_Line]:
        nonlocal at
        while at < len(gone) and gone[at].start < offset:
            yield _removed(doc, gone[at], indent)
            at += 1

    sections: dict[int | None, list[Section]] = {}
    for section in doc.sections:
        sections.setdefault(section.piece, []).append(section)
    known = {piece.n for piece in doc.pieces}
    for n in [n for n in {**by_piece, **sections} if n not in known]:
        yield from _with_measures("", "", by_piece.get(n, []))
        yield from _sections(sections.get(n, []), by_section, removed_before)
    for piece in doc.pieces:
        yield from removed_before(piece.start, "")
        yield from _with_measures(_piece_heading(doc, piece), "  ", by_piece.get(piece.n, []), style="bold")
        yield from _sections(sections.get(piece.n, []), by_section, removed_before)
        yield from removed_before(piece.end, "  ")
    yield from removed_before(len(doc.text) + 1, "")


def _piece_heading(doc: Document, piece: Piece) -> str:
    if len(doc.pieces) == 1 and doc.title and doc.title.text == piece.title:
        return f"篇{piece.n}"
    return f"篇{piece.n}  {one_line(piece.title)}"


def _removed(doc: Document, edit: Edit, indent: str) -> _Line:
    return _Line(f"{indent}× {kind_of(edit.kind)}: {one_line(doc.text[edit.start : edit.end])}", style="dim")


def _sections(
    sections: Sequence[Section], measures: dict[int, list[Measure]], removed_before: _RemovedBefore
) -> Iterator[_Line]:
    """Each section on a line under its parent, with the lines of a tree drawn before it."""
    last = _last_children(sections)
    open_levels: list[bool] = []
    for section in sections:
        depth = max(section.level - 1, 0)
        del open_levels[depth:]
        open_levels += [False] * (depth - len(open_levels))
        indent = "".join("│ " if is_open else "  " for is_open in open_levels)
        is_last = section.id in last
        yield from removed_before(section.start, indent)
        text = f"{section.label}{section.title}" if not section.implied else "(lost heading 标题丢失)"
        branch = "└ " if is_last else "├ "
        open_levels.append(not is_last)
        below = indent + ("  " if is_last else "│ ")
        yield from _with_measures(indent + branch + one_line(text), below, measures.get(section.id, []))


def _last_children(sections: Sequence[Section]) -> set[int]:
    """The ids of the sections after which their parent has no more."""
    last: dict[int | None, int] = {}
    for section in sections:
        last[section.parent] = section.id
    return set(last.values())


def _with_measures(text: str, below: str, measures: Iterable[Measure], style: str = "") -> Iterator[_Line]:
    """A line with its first measure at the margin, and a line for each further one."""
    rest = iter(measures)
    first = next(rest, None)
    if text or first:
        yield _Line(text, first, style)
    for measure in rest:
        yield _Line(below, measure)


def _summary(doc: Document) -> Iterator[_Line]:
    """What was removed and repaired, by kind; the measures, by kind; the anomalies, one by one."""
    removed: Counter[str] = Counter()
    for edit in doc.removed:
        removed[edit.kind] += edit.end - edit.start
    total = sum(removed.values())
    yield _Line(f"removed 删除: {len(doc.removed)} places 处, {total:,} characters 字")
    times = Counter(edit.kind for edit in doc.removed)
    for kind, characters in removed.most_common():
        yield _Line(f"  {pad(kind_of(kind), 30)}{times[kind]:>5} ×{characters:>8,}", style="dim")
    yield from _counted("repairs 修复", Counter(edit.kind for edit in doc.repairs))
    yield from _counted("measures 数值", Counter(measure.kind for measure in doc.measures))
    if doc.anomalies:
        yield _Line(f"anomalies 异常: {len(doc.anomalies)}")
        for anomaly in doc.anomalies:
            yield _Line(f"  {kind_of(anomaly.kind)} @{anomaly.start}: {one_line(anomaly.message)}", style="alert")


def _counted(name: str, counts: Counter[str]) -> Iterator[_Line]:
    yield _Line(f"{name}: {counts.total():,}" + (f" ({by_kind(counts)})" if counts else ""))
