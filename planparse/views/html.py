"""A document as HTML for a notebook (网页视图): sections fold, measures are marked, what was removed is struck out.

The page carries its own style, under one class, and takes text colour and background from where it is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from planparse.document import Document, Edit, Measure
from planparse.views.blocks import Block, Closing, Opening, Run, Runs, events, heading_end, showable
from planparse.views.words import KINDS, amount, by_kind, kind_of, recurrence

if TYPE_CHECKING:
    from jinja2 import Template


class _Run(NamedTuple):
    """What the template shows of a stretch of text."""

    kind: str
    text: str = ""
    note: str = ""
    style: str = ""
    name: str = ""
    runs: tuple[_Run, ...] = ()


class _Part(NamedTuple):
    """A paragraph, or the beginning or the end of a block that folds."""

    kind: str
    runs: list[_Run]
    style: str = ""


def to_html(doc: Document) -> str:
    """The document as one self-contained HTML element."""
    counts = Counter(measure.kind for measure in doc.measures)
    removed = sum(edit.end - edit.start for edit in doc.removed)
    pieces = f"pieces 篇 {len(doc.pieces)}"
    if doc.declared_pieces is not None:
        pieces += f" (declared 声明 {doc.declared_pieces})"
    return _template().render(
        title=showable(doc.title.text if doc.title else doc.id),
        facts=[showable(doc.id), doc.encoding, f"characters 字 {len(doc.text):,}", pieces],
        measures=[(kind, KINDS[kind], counts[kind]) for kind in ("target", "statistic", "mention") if counts[kind]],
        removed=f"{removed:,} 字",
        repaired=f"{len(doc.repairs):,} 处",
        kinds=by_kind(Counter(edit.kind for edit in doc.edits)),
        anomalies=[f"{kind_of(a.kind)} @{a.start}: {showable(a.message)}" for a in doc.anomalies],
        parts=list(_parts(doc)),
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, PackageLoader

    environment = Environment(loader=PackageLoader("planparse.views", "."), autoescape=True)
    return environment.get_template("page.html.jinja")


def _parts(doc: Document) -> Iterator[_Part]:
    runs = Runs(doc)
    for event in events(doc):
        if isinstance(event, Opening):
            if _folds(event.block):
                yield _opening(doc, event.block, runs)
        elif isinstance(event, Closing):
            if _folds(event.block):
                yield _Part("close", [])
        else:
            start = event.start
            if event.first and _folds(event.block):
                start = max(start, min(_summary_end(doc, event.block), event.end))
            text = list(_shown(doc, runs, start, event.end))
            # Blank lines between blocks are the style's business.
            if any(run.kind != "text" or run.text.strip() for run in text):
                yield _Part("text", _trimmed(text))


def _folds(block: Block) -> bool:
    return block.piece is not None or block.section is not None


def _opening(doc: Document, block: Block, runs: Runs) -> _Part:
    """The beginning of a piece or section: its heading, or as much of its first line as is its title."""
    end = _summary_end(doc, block)
    style = "pp-piece" if block.piece else "pp-section"
    if block.section is None:
        n = block.piece.n if block.piece else 0
        shown = list(_shown(doc, runs, block.start, end)) if end > block.start else []
        return _Part("open", [_Run("label", f"篇{n} "), *shown], style)
    if block.section.implied:
        return _Part("open", [_Run("label", "(lost heading 标题丢失)")], style)
    label = min(block.section.label_end, end)
    opening = [_Run("label", showable(doc.text[block.start : label]))] if label > block.start else []
    return _Part("open", [*opening, *_shown(doc, runs, label, end)], style)


def _summary_end(doc: Document, block: Block) -> int:
    """Where the words that are seen of a folded block end."""
    section = block.section
    if section is None or section.implied:
        return heading_end(doc, block)
    end = max(section.label_end, section.title_end)
    # The mark that ends the title goes with it.
    while end < block.end and doc.text[end] in "。；：！？;:":
        end += 1
    return min(end, block.end)


def _shown(doc: Document, runs: Runs, start: int, end: int) -> Iterator[_Run]:
    """The runs of a range; those of one measure together."""
    measure: Measure | None = None
    inside: list[_Run] = []
    for run in runs.between(start, end):
        if run.measure is not measure and measure is not None:
            yield _measure(measure, inside)
            inside = []
        measure = run.measure
        if measure is None:
            yield _plain(doc, run)
        else:
            inside.append(_plain(doc, run))
    if measure is not None:
        yield _measure(measure, inside)


def _plain(doc: Document, run: Run) -> _Run:
    text = showable(doc.text[run.start : run.end])
    edit = run.edit
    if edit is None:
        return _Run("text", text)
    if edit.is_removal:
        return _Run("removed", text, f"{kind_of(edit.kind)} · {edit.rule}")
    return _Run("repair", _mended(edit, run), _repair_note(doc, edit))


def _mended(edit: Edit, run: Run) -> str:
    """What stands for a repaired range; a sign where nothing is left of it."""
    if run.end != edit.end:
        return ""
    return showable(edit.replacement or "") or ("⏎" if edit.kind == "hard_wrap" else "·")


def _repair_note(doc: Document, edit: Edit) -> str:
    before = showable(doc.text[edit.start : edit.end][:60]).replace("\r", "").replace("\n", "⏎")
    return f"{kind_of(edit.kind)} · {edit.rule} · “{before}” → “{showable(edit.replacement or '')}”"


def _measure(measure: Measure, inside: list[_Run]) -> _Run:
    facts = [amount(measure), measure.indicator or "", measure.period.text if measure.period else ""]
    if measure.every:
        facts.append(recurrence(measure.every))
    facts.append(kind_of(measure.kind))
    if measure.damaged:
        facts.append("damaged 损坏")
    note = " · ".join(showable(fact) for fact in facts if fact)
    return _Run("measure", "", note, measure.kind, KINDS[measure.kind], tuple(inside))


def _trimmed(text: list[_Run]) -> list[_Run]:
    """Without the line breaks at both ends, which the paragraph makes itself."""
    if text[0].kind == "text":
        text[0] = text[0]._replace(text=text[0].text.lstrip("\r\n"))
    if text[-1].kind == "text":
        text[-1] = text[-1]._replace(text=text[-1].text.rstrip("\r\n"))
    return text
