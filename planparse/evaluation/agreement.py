"""How far two annotations of the same pages agree (标注一致性), layer by layer.

Spans are compared by F1, which for spans without a fixed number of units takes the place of kappa (Hripcsak and
Rothschild 2005, Agreement, the F-measure, and Reliability in Information Retrieval); what both gave, by the share of
equal answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from planparse.evaluation.gold import read_gold
from planparse.evaluation.inline import GoldError
from planparse.evaluation.score import Counts, characters

AGREEMENT_LAYERS: Final = (
    "pieces",
    "labels",
    "numbers",
    "parents",
    "removed",
    "wraps",
    "measures",
    "value and unit",
    "comparator",
    "role",
)

Gold = Mapping[str, Any]


def agreement(first: Path, second: Path) -> tuple[int, dict[str, Counts]]:
    """The agreement of two folders over the pages that both hold.

    Args:
        first: a folder of gold.
        second: another annotation of some of its pages; a page is known by its text.

    Returns:
        The number of pages compared, and for each of ``AGREEMENT_LAYERS`` the counts, with ``first`` as the truth;
        their F1 is the same the other way round.

    Raises:
        GoldError: where a file is broken, or the folders have no page in common.
    """
    known = {gold["text"]: gold for gold in read_gold(first)}
    result = {layer: Counts() for layer in AGREEMENT_LAYERS}
    pages = 0
    for other in read_gold(second):
        one = known.get(other["text"])
        if one is not None:
            pages += 1
            _compare(one, other, result)
    if not pages:
        raise GoldError(f"{second}: no page of {first} stands here")
    return pages, result


def _compare(one: Gold, other: Gold, result: dict[str, Counts]) -> None:
    text = one["text"]

    _count(result["pieces"], _starts(one), _starts(other))
    _count(result["wraps"], set(one["wraps"]), set(other["wraps"]))
    removed = [characters(text, ((r["start"], r["end"]) for r in gold["removed"])) for gold in (one, other)]
    _count(result["removed"], *removed)
    labels = [{(h["start"], h["end"]): h for h in gold["headings"]} for gold in (one, other)]
    _count(result["labels"], set(labels[0]), set(labels[1]))
    for key in labels[0].keys() & labels[1].keys():
        a, b = labels[0][key], labels[1][key]
        _same(result["numbers"], a["number"] == b["number"])
        _same(result["parents"], a["parent"] == b["parent"] or "?" in (a["parent"], b["parent"]))
    a, b = ({(m["start"], m["end"]): m for m in _strict(gold)} for gold in (one, other))
    free = {(m["start"], m["end"]) for gold in (one, other) for m in gold["measures"] if not _is_strict(m)}
    _count(result["measures"], set(a) - free, set(b) - free)
    for key in a.keys() & b.keys():
        x, y = a[key], b[key]
        _same(result["value and unit"], all(x.get(n) == y.get(n) for n in ("value", "min", "max", "unit")))
        _same(result["comparator"], x["comparator"] == y["comparator"])
        _same(result["role"], x["kind"] == y["kind"])


def _starts(gold: Gold) -> set[int]:
    """Where the pieces start, blank space and boilerplate passed over, as in the scores."""
    text = gold["text"]
    removed = characters(text, ((r["start"], r["end"]) for r in gold["removed"]))
    starts = set()
    for piece in gold["pieces"]:
        at = piece["start"]
        while at < len(text) and (text[at].isspace() or at in removed):
            at += 1
        starts.add(at)
    return starts


def _strict(gold: Gold) -> list[Any]:
    return [measure for measure in gold["measures"] if _is_strict(measure)]


def _is_strict(measure: Mapping[str, Any]) -> bool:
    """Whether a measure must be given: what may be left out cannot be disagreed on."""
    return not (measure.get("optional") or measure.get("damaged") or measure["kind"] == "mention")


def _count(counts: Counts, one: set[Any], other: set[Any]) -> None:
    counts += Counts(len(one & other), len(other - one), len(one - other))


def _same(counts: Counts, equal: bool) -> None:
    counts += Counts(1, 0, 0) if equal else Counts(0, 1, 1)
