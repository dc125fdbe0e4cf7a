"""What happened to one character of a page, and by which rule line (解释)."""

from __future__ import annotations

from planparse.document import Document, Edit, Section
from planparse.rules.ruleset import Ruleset
from planparse.views.words import amount, kind_of

_CONTEXT = 20


def explain(doc: Document, offset: int, rules: Ruleset | None = None) -> str:
    """Say of the character at ``offset`` of the text: kept, removed or repaired, by which rule, and where it stands.

    Args:
        doc: the document.
        offset: code points from the start of ``doc.text``.
        rules: the rules that the document was parsed with; with them the rule's file and line are given.

    Raises:
        IndexError: where the text has no such character.
    """
    text = doc.text
    if not 0 <= offset < len(text):
        raise IndexError(f"offset {offset} is outside the text of {len(text)} characters")
    before, after = text[max(0, offset - _CONTEXT) : offset], text[offset + 1 : offset + 1 + _CONTEXT]
    lines = [f"{offset}  {before!r} ⟦{text[offset]!r}⟧ {after!r}"]
    edit = next((edit for edit in doc.edits if edit.start <= offset < edit.end), None)
    if edit is None:
        lines.append(f"kept 保留: clean offset {doc.to_clean(offset)}")
    else:
        verb = "removed 删除" if edit.is_removal else f"repaired 修复 → {edit.replacement!r}"
        lines.append(f"{verb}: {kind_of(edit.kind)}, {edit.start}–{edit.end} {text[edit.start : edit.end][:60]!r}")
        lines.append(f"rule 规则: {_place(edit, rules)}")
    if doc.title and doc.title.start <= offset < doc.title.end:
        lines.append("title 标题")
    piece = next((piece for piece in doc.pieces if piece.start <= offset < piece.end), None)
    if piece:
        part = " (heading 篇题)" if offset < piece.heading_end else ""
        lines.append(f"piece 篇 {piece.n}: {piece.title}{part}")
    for section in _chain(doc, offset):
        name = f"{section.label} {section.title}".strip() or "(implied 推定)"
        lines.append(f"section 编号 {section.id}, level {section.level}, {section.style}: {name[:60]}")
    for measure in doc.measures:
        if measure.start <= offset < measure.end:
            cue = f", role from {measure.role_evidence!r}" if measure.role_evidence else ""
            lines.append(f"measure 数值: {measure.text} = {amount(measure)}, {kind_of(measure.kind)}{cue}")
    lines += [
        f"anomaly 异常: {anomaly.kind}: {anomaly.message}"
        for anomaly in doc.anomalies
        if anomaly.start <= offset < max(anomaly.end, anomaly.start + 1)
    ]
    return "\n".join(lines)


def _chain(doc: Document, offset: int) -> list[Section]:
    return [section for section in doc.sections if section.start <= offset < section.end]


def _place(edit: Edit, rules: Ruleset | None) -> str:
    for rule in rules.rules() if rules else ():
        if rule.id == edit.rule:
            return f"{edit.rule} ({rule.file}:{rule.line})"
    return edit.rule
