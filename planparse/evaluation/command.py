"""``planparse evaluate``: a table per layer for a folder of gold."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from planparse.evaluation.gold import read_gold
from planparse.evaluation.intervals import bootstrap_f1
from planparse.evaluation.score import LAYERS, Score, score, total
from planparse.pipeline import parse
from planparse.rules.ruleset import Ruleset
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


def evaluate(directory: Path | str, rules: Ruleset | None = None) -> list[Score]:
    """Parse every gold document of a folder and score it.

    Raises:
        GoldError: where the folder holds no gold, or a gold file is broken.
    """
    return [score(parse(gold["text"], id=gold["id"], rules=rules), gold) for gold in read_gold(Path(directory))]


def evaluate_command(
    directory: Path | str,
    *,
    rules: Ruleset | None = None,
    errors: bool = False,
    as_json: bool = False,
    write: Callable[[str], object],
) -> None:
    """Write the scores of a folder of gold, per document and in total; with ``errors`` each difference too."""
    scores = evaluate(directory, rules)
    if as_json:
        write(json.dumps([_as_dict(s) for s in [*scores, total(scores)]], ensure_ascii=False, indent=1))
        return
    if errors:
        for one in scores:
            for error in sorted(one.errors, key=lambda e: (e.start, e.layer)):
                rule = f"  [{error.rule}]" if error.rule else ""
                write(
                    f"{one.id}:{error.start}  {error.layer}: expected {error.expected!r}, given {error.given!r}{rule}"
                )
        write("")
    write(document_table(scores))
    write("")
    write(layer_table(scores))


def _as_dict(one: Score) -> dict[str, object]:
    layers = {
        name: {
            "precision": round(c.precision, 4),
            "recall": round(c.recall, 4),
            "f1": round(c.f1, 4),
            "tp": c.tp,
            "fp": c.fp,
            "fn": c.fn,
        }
        for name, c in one.layers.items()
    }
    return {
        "id": one.id,
        "documents": one.documents,
        "layers": layers,
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
