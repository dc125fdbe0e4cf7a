"""Which rules speak where an error is (错误归因): the edit over it, or what the tables of its layer find there."""

from __future__ import annotations

from typing import Final

from planparse.document import Document
from planparse.evaluation.score import Error
from planparse.rules.check import probe_of
from planparse.rules.ruleset import Ruleset

# Layer → the tables that decide it.
_TABLES: Final = {
    "pieces": ("piece_headings",),
    "labels": ("labels", "not_labels"),
    "numbers": ("labels",),
    "parents": ("labels", "unnumbered"),
    "removed": ("boilerplate", "terms", "buttons", "lead_in_cues", "site_cues"),
    "measures found": ("units", "not_numbers"),
    "measures right": ("units", "comparators", "changes", "roles"),
    "indicator": ("indicator_words",),
    "period": ("periods",),
    "every": ("recurrences",),
}
# Roles and times are decided by words of the sentence, the rest by what touches the place.
_FAR: Final = {"measures right": 40, "period": 40, "every": 40}
_NEAR = 2
_CONTEXT = 24
_BREAKS = str.maketrans({"\n": "↵", "\r": ""})


def responsible(doc: Document, error: Error, rules: Ruleset) -> list[str]:
    """The ids of the rules that may have caused an error, the surest first.

    Args:
        doc: the parsed document.
        error: one of its errors.
        rules: the rules it was parsed with.
    """
    if error.rule:
        return [error.rule]
    edits = [edit.rule for edit in doc.edits if edit.start < error.end and error.start < edit.end]
    reach = _FAR.get(error.layer, _NEAR)
    low, high = max(0, error.start - reach), min(len(doc.text), error.end + reach)
    # A line break would make what follows look like the start of a line.
    low = max(low, doc.text.rfind("\n", low, error.start) + 1)
    end = doc.text.find("\n", error.end, high)
    window = doc.text[low : end if end >= 0 else high]
    found = [hit.rule for table in _TABLES.get(error.layer, ()) for hit in probe_of(table)(window, rules)]
    return list(dict.fromkeys([*edits, *found]))


def in_context(text: str, error: Error) -> str:
    """The words around an error, the place itself between ⟦ and ⟧, line breaks as ↵."""
    before = text[max(0, error.start - _CONTEXT) : error.start]
    after = text[error.end : error.end + _CONTEXT]
    return f"{before}⟦{text[error.start : error.end]}⟧{after}".translate(_BREAKS)
