"""planparse: scraped Chinese work plans (工作计划) in; clean text, sections, targets and statistics out.

>>> import planparse as pp
>>> doc = pp.parse("一、目标。年内签订率达到95%以上。")
>>> doc.measures[0].value, doc.measures[0].comparator
(95, '>=')

Importing does no work: the parts are loaded on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planparse.dedupe.engine import Duplicates, duplicates
    from planparse.dedupe.index import DuplicateIndex
    from planparse.dedupe.store import DuplicateIndexError
    from planparse.differences.compare import Comparison, compare
    from planparse.document import Anomaly, Document, Edit, Measure, Period, Piece, Section, Span, View
    from planparse.measures.compare import match_indicators
    from planparse.measures.extract import find_measures
    from planparse.numerals import parse_number
    from planparse.pipeline import parse, read, read_many
    from planparse.reading.errors import ReadError
    from planparse.rules.ruleset import RuleError, Ruleset
    from planparse.views.frames import frames

__version__ = "0.1.0"

_HOME = {
    "planparse.document": ("Anomaly", "Document", "Edit", "Measure", "Period", "Piece", "Section", "Span", "View"),
    "planparse.dedupe.engine": ("Duplicates", "duplicates"),
    "planparse.dedupe.index": ("DuplicateIndex",),
    "planparse.dedupe.store": ("DuplicateIndexError",),
    "planparse.differences.compare": ("Comparison", "compare"),
    "planparse.measures.compare": ("match_indicators",),
    "planparse.measures.extract": ("find_measures",),
    "planparse.numerals": ("parse_number",),
    "planparse.pipeline": ("parse", "read", "read_many"),
    "planparse.reading.errors": ("ReadError",),
    "planparse.rules.ruleset": ("RuleError", "Ruleset"),
    "planparse.views.frames": ("frames",),
}
_MODULE = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "Anomaly",
    "Comparison",
    "Document",
    "DuplicateIndex",
    "DuplicateIndexError",
    "Duplicates",
    "Edit",
    "Measure",
    "Period",
    "Piece",
    "ReadError",
    "RuleError",
    "Ruleset",
    "Section",
    "Span",
    "View",
    "compare",
    "duplicates",
    "find_measures",
    "frames",
    "match_indicators",
    "parse",
    "parse_number",
    "read",
    "read_many",
]


def __getattr__(name: str) -> Any:
    if name in _MODULE:
        return getattr(import_module(_MODULE[name]), name)
    raise AttributeError(f"module 'planparse' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
