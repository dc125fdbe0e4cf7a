"""Where the errors are: the counts of one layer split by kind of boilerplate, style of label, or role of measure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from planparse.document import Document
from planparse.evaluation.score import Counts, characters
from planparse.rules.ruleset import Ruleset, default_rules

Breakdown = dict[str, Counts]


def by_kind(doc: Document, gold: Mapping[str, Any], rules: Ruleset) -> Breakdown:
    """Removed characters by kind of boilerplate (样板文字类别): recall by the gold's kind, precision by the edit's."""
    text = gold["text"]
    result: Breakdown = {}
    expected = {i: r["kind"] for r in gold["removed"] for i in characters(text, [(r["start"], r["end"])])}
    given = {i: e.kind for e in doc.removed for i in characters(text, [(e.start, e.end)])}
    for at, kind in expected.items():
        counts = result.setdefault(kind, Counts())
        if at in given:
            counts.tp += 1
        else:
            counts.fn += 1
    for at, kind in given.items():
        if at not in expected:
            result.setdefault(kind, Counts()).fp += 1
    return result


def by_style(doc: Document, gold: Mapping[str, Any], rules: Ruleset) -> Breakdown:
    """Labels by their style (编号样式); a label of the gold that was not found counts under what it looks like."""
    from planparse.structure.labels import style_of

    result: Breakdown = {}
    given = {(s.start, s.label_end): s.style for s in doc.sections if s.number is not None}
    expected = {(h["start"], h["end"]): h["label"] for h in gold["headings"]}
    for span, label in expected.items():
        found = span in given
        style = given[span] if found else style_of(label, rules) or "other"
        result.setdefault(style, Counts()).__iadd__(Counts(int(found), 0, int(not found)))
    for span, style in given.items():
        if span not in expected:
            result.setdefault(style, Counts()).fp += 1
    return result


def by_role(doc: Document, gold: Mapping[str, Any], rules: Ruleset) -> Breakdown:
    """Measures that both have, by role (目标, 统计): a target taken for a statistic is one wrong of each.

    Optional and damaged measures and the gold's mentions count neither way.
    """
    result: Breakdown = {}
    given = {(m.start, m.end): m.kind for m in doc.measures}
    for measure in gold["measures"]:
        span = (measure["start"], measure["end"])
        wanted = measure["kind"]
        if span not in given or measure.get("optional") or measure.get("damaged") or wanted == "mention":
            continue
        got = given[span]
        if got == wanted:
            result.setdefault(wanted, Counts()).tp += 1
        else:
            result.setdefault(wanted, Counts()).fn += 1
            result.setdefault(got, Counts()).fp += 1
    return result


BREAKDOWNS: Final[Mapping[str, Callable[[Document, Mapping[str, Any], Ruleset], Breakdown]]] = {
    "kind": by_kind,
    "style": by_style,
    "role": by_role,
}


def break_down(by: str, pairs: list[tuple[Document, dict[str, Any]]], rules: Ruleset | None = None) -> Breakdown:
    """The counts of many documents, added up; the groups with the most errors first.

    Args:
        by: ``kind``, ``style`` or ``role``.
        pairs: documents, each with its gold.
        rules: the rule tables; the library's own by default.

    Raises:
        KeyError: for another ``by``.
    """
    count = BREAKDOWNS[by]
    result: Breakdown = {}
    for doc, gold in pairs:
        for group, counts in count(doc, gold, rules or default_rules()).items():
            result.setdefault(group, Counts()).__iadd__(counts)
    return dict(sorted(result.items(), key=lambda item: (-item[1].fp - item[1].fn, item[0])))
