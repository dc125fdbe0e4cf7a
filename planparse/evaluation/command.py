"""``planparse evaluate``: a table per layer for a folder of gold."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from planparse.document import Document
from planparse.evaluation.agreement import AGREEMENT_LAYERS, agreement
from planparse.evaluation.blame import in_context, responsible
from planparse.evaluation.breakdown import Breakdown, break_down
from planparse.evaluation.gold import read_gold
from planparse.evaluation.intervals import bootstrap_f1
from planparse.evaluation.score import LAYERS, Counts, Score, score, total
from planparse.pipeline import parse
from planparse.rules.ruleset import Ruleset, default_rules
from planparse.views.widths import pad, width

_CHINESE = {
    "pieces": "篇",
    "labels": "编号",
    "numbers": "序号值",
    "parents": "上级",
    "removed": "删除字符",
    "wraps": "硬换行",
    "measures found": "数值检出",
    "measures right": "数值全对",
    "kind": "目标/统计",
    "comparator": "比较符",
    "indicator": "指标名",
    "period": "期间",
    "every": "频次",
}

_GROUPS = {"kind": "样板类别", "style": "编号样式", "role": "目标/统计"}


def evaluate(directory: Path | str, rules: Ruleset | None = None) -> list[Score]:
    """Parse every gold document of a folder and score it.

    Raises:
        GoldError: where the folder holds no gold, or a gold file is broken.
    """
    return [score(doc, gold) for doc, gold in _parsed(directory, rules)]


def _parsed(directory: Path | str, rules: Ruleset | None) -> Iterator[tuple[Document, dict[str, Any]]]:
    for gold in read_gold(Path(directory)):
        yield parse(gold["text"], id=gold["id"], rules=rules), gold


def evaluate_command(
    directory: Path | str,
    *,
    rules: Ruleset | None = None,
    errors: bool = False,
    by: str | None = None,
    as_json: bool = False,
    write: Callable[[str], object],
) -> None:
    """Write the scores of a folder of gold, per document and in total.

    Args:
        directory: the gold.
        rules: the rule tables; the library's own by default.
        errors: each difference too, in its context, with the rules that speak there.
        by: the counts split by ``kind``, ``style`` or ``role`` too (:mod:`planparse.evaluation.breakdown`).
        as_json: JSON instead of tables.
        write: takes the output, a line or more at a time.

    Raises:
        GoldError: as for :func:`evaluate`.
    """
    pairs = list(_parsed(directory, rules))
    scores = [score(doc, gold) for doc, gold in pairs]
    groups = break_down(by, pairs, rules) if by else {}
    found = list(_errors(pairs, scores, rules or default_rules())) if errors else []
    if as_json:
        result: dict[str, object] = {"documents": [_as_dict(s) for s in scores], "total": _as_dict(total(scores))}
        if errors:
            result["errors"] = found
        if by:
            result["by"] = {by: {group: _counts(c) for group, c in groups.items()}}
        write(json.dumps(result, ensure_ascii=False, indent=1))
        return
    for error in found:
        write(
            f"{error['id']}:{error['start']}  {error['layer']} {_CHINESE[error['layer']]}: "
            f"expected 应为 {error['expected']!r}, given 给出 {error['given']!r}\n    {error['context']}"
        )
        if error["rules"]:
            write(f"    rules 规则: {', '.join(error['rules'])}")
    if errors:
        write("")
    write(document_table(scores))
    write("")
    write(layer_table(scores))
    if by:
        write("")
        write(group_table(by, groups))


def _errors(
    pairs: Sequence[tuple[Document, dict[str, Any]]], scores: Sequence[Score], rules: Ruleset
) -> Iterator[dict[str, Any]]:
    """Each difference with its words in their place and the rules that speak there."""
    for (doc, _), one in zip(pairs, scores, strict=True):
        for error in sorted(one.errors, key=lambda e: (e.start, e.layer)):
            yield {
                "id": one.id,
                "start": error.start,
                "end": error.end,
                "layer": error.layer,
                "expected": error.expected,
                "given": error.given,
                "context": in_context(doc.text, error),
                "rules": responsible(doc, error, rules),
            }


def _counts(c: Counts) -> dict[str, float]:
    rates = {"precision": round(c.precision, 4), "recall": round(c.recall, 4), "f1": round(c.f1, 4)}
    return {**rates, "tp": c.tp, "fp": c.fp, "fn": c.fn}


def _as_dict(one: Score) -> dict[str, object]:
    return {
        "id": one.id,
        "documents": one.documents,
        "layers": {name: _counts(c) for name, c in one.layers.items()},
        "lost_per_10000": round(one.lost_per_10000, 3),
        "lossless": one.lossless,
        "declared_right": one.declared,
    }


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(width(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join(
        "  ".join(pad(cell, widths[i], right=i > 0) for i, cell in enumerate(row)).rstrip() for row in rows
    )


def document_table(scores: Sequence[Score]) -> str:
    """F1 of every layer per document, a row each."""
    rows = [["document 文档", *LAYERS, "lost/10k"]]
    rows += [[s.id, *(f"{s.layers[n].f1:.3f}" for n in LAYERS), f"{s.lost_per_10000:.1f}"] for s in scores]
    return _table(rows)


def layer_table(scores: Sequence[Score]) -> str:
    """Precision, recall and F1 per layer over all documents, with F1's 95 % interval."""
    one = total(scores)
    intervals = bootstrap_f1(scores)
    rows = [["layer 层", "precision", "recall", "F1", "95 %", "tp", "fp", "fn"]]
    for name in LAYERS:
        c = one.layers[name]
        rows.append(
            [
                f"{name} {_CHINESE[name]}",
                f"{c.precision:.4f}",
                f"{c.recall:.4f}",
                f"{c.f1:.4f}",
                "{:.3f}–{:.3f}".format(*intervals[name]),
                str(c.tp),
                str(c.fp),
                str(c.fn),
            ]
        )
    return "\n".join(
        [
            _table(rows),
            f"content characters lost 误删正文: {one.lost} of {one.content} ({one.lost_per_10000:.2f} per 10,000)",
            f"lossless 无损: {one.lossless} of {one.documents} documents; "
            f"declared number right 声明篇数正确: {one.declared} of {one.documents}",
        ]
    )


def group_table(by: str, groups: Breakdown) -> str:
    """Precision, recall and F1 per group, the groups with the most errors first."""
    rows = [[f"{by} {_GROUPS[by]}", "precision", "recall", "F1", "tp", "fp", "fn"]]
    for group, c in groups.items():
        rates = [f"{rate:.4f}" for rate in (c.precision, c.recall, c.f1)]
        rows.append([group, *rates, str(c.tp), str(c.fp), str(c.fn)])
    return _table(rows)


def agreement_command(directory: Path, second: Path, write: Callable[[str], object]) -> None:
    """Write how far a second annotation agrees with the gold.

    Raises:
        GoldError: as for :func:`planparse.evaluation.agreement.agreement`.
    """
    pages, layers = agreement(directory, second)
    rows = [["layer 层", "agreement 一致", "both", "one only"]]
    for name in AGREEMENT_LAYERS:
        c = layers[name]
        rows.append([f"{name} {_CHINESE.get(name, '')}".rstrip(), f"{c.f1:.4f}", str(c.tp), str(c.fp + c.fn)])
    write(_table(rows))
    write(f"pages annotated twice 两次标注的页面: {pages}")
