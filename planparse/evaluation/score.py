"""One document's answer against its gold, layer by layer, as counts that can be added up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import isclose
from typing import Any

from planparse.document import Document, Measure
from planparse.fold import fold

# 二〇二〇 is 2020, 過去的一年 is 过去一年.
_TIME_FOLDS = str.maketrans("〇○二三四五六七八九", "002" + "3456789", " 的到至截")
LAYERS = (
    "pieces",
    "labels",
    "numbers",
    "parents",
    "removed",
    "wraps",
    "measures found",
    "measures right",
    "kind",
    "comparator",
    "indicator",
    "period",
    "every",
)


@dataclass(slots=True)
class Counts:
    """True positives, false positives, false negatives of one layer."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def __iadd__(self, other: Counts) -> Counts:
        self.tp += other.tp
        self.fp += other.fp
        self.fn += other.fn
        return self

    @property
    def precision(self) -> float:
        """tp / (tp + fp); 1 where nothing was given."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else 1.0

    @property
    def recall(self) -> float:
        """tp / (tp + fn); 1 where nothing was to be found."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 1 where nothing was to be found and nothing was given."""
        total = 2 * self.tp + self.fp + self.fn
        return 2 * self.tp / total if total else 1.0


@dataclass(frozen=True, slots=True)
class Error:
    """One difference: ``expected`` is the gold's word, ``given`` the library's, either of them '' where it has none."""

    layer: str
    start: int
    end: int
    expected: str
    given: str
    rule: str = ""


@dataclass(slots=True)
class Score:
    """The counts of one document, or of many added up."""

    id: str
    layers: dict[str, Counts] = field(default_factory=lambda: {layer: Counts() for layer in LAYERS})
    lost: int = 0
    content: int = 0
    documents: int = 1
    lossless: int = 0
    declared: int = 0
    errors: list[Error] = field(default_factory=list)

    @property
    def lost_per_10000(self) -> float:
        """Characters of the plan (blank space apart) that cleaning took away, per 10,000 of them."""
        return 10_000 * self.lost / self.content if self.content else 0.0

    def __iadd__(self, other: Score) -> Score:
        for layer, counts in other.layers.items():
            self.layers[layer] += counts
        self.lost += other.lost
        self.content += other.content
        self.documents += other.documents
        self.lossless += other.lossless
        self.declared += other.declared
        return self


def total(scores: Iterable[Score], name: str = "total") -> Score:
    """All scores added up (micro average)."""
    result = Score(name, documents=0)
    for score in scores:
        result += score
    return result


def score(doc: Document, gold: dict[str, Any]) -> Score:
    """Score one document.

    A piece is found where its start is, blank space and boilerplate apart. A label is found where its span is; its
    number and its parent count only then. Removed characters leave blank space out. A wrap is found where its first
    line break is. A measure is found where its span is; it is right where value, unit, comparator and kind are.
    Indicator, period and recurrence are scored on measures found whose gold carries them: an indicator is right where
    the head (last two characters) of one name stands in the other, a period where the words of one hold the other's.
    Optional gold measures, gold mentions that are left out and mentions given beyond the gold count neither way.
    """
    result = Score(gold["id"])
    result.lossless = int(_replay(doc) == doc.clean_text)
    result.declared = int(doc.declared_pieces == gold.get("declared_pieces"))
    removed = characters(gold["text"], ((span["start"], span["end"]) for span in gold["removed"]))
    _pieces(doc, gold, removed, result)
    _labels(doc, gold, result)
    _removed(doc, gold, removed, result)
    _wraps(doc, gold, result)
    _measures(doc, gold, result)
    return result


def _replay(doc: Document) -> str:
    parts, at = [], 0
    for edit in doc.edits:
        parts += [doc.text[at : edit.start], edit.replacement or ""]
        at = edit.end
    return "".join([*parts, doc.text[at:]])


def characters(text: str, spans: Iterable[tuple[int, int]]) -> set[int]:
    """The offsets of what spans cover, blank space left out."""
    return {i for start, end in spans for i in range(start, end) if not text[i].isspace()}


def _compare(
    result: Score, layer: str, text: str, expected: dict[Any, tuple[int, int]], given: dict[Any, tuple[int, int]]
) -> None:
    counts = result.layers[layer]
    counts.tp += len(expected.keys() & given.keys())
    for key in expected.keys() - given.keys():
        counts.fn += 1
        start, end = expected[key]
        result.errors.append(Error(layer, start, end, text[start:end], ""))
    for key in given.keys() - expected.keys():
        counts.fp += 1
        start, end = given[key]
        result.errors.append(Error(layer, start, end, "", text[start:end]))


def _pieces(doc: Document, gold: dict[str, Any], removed: set[int], result: Score) -> None:
    text = gold["text"]
    skip = removed | {i for edit in doc.removed for i in range(edit.start, edit.end)}

    def anchor(start: int) -> int:
        while start < len(text) and (text[start].isspace() or start in skip):
            start += 1
        return start

    expected = {anchor(piece["start"]): (piece["start"], piece["heading_end"]) for piece in gold["pieces"]}
    given = {anchor(piece.start): (piece.start, piece.heading_end) for piece in doc.pieces}
    _compare(result, "pieces", text, expected, given)


def _labels(doc: Document, gold: dict[str, Any], result: Score) -> None:
    text = gold["text"]
    sections = {section.id: section for section in doc.sections}
    given = {(s.start, s.label_end): s for s in doc.sections if s.number is not None}
    expected = {(heading["start"], heading["end"]): heading for heading in gold["headings"]}
    _compare(result, "labels", text, {k: k for k in expected}, {k: k for k in given})
    for layer in ("numbers", "parents"):
        result.layers[layer] += Counts(0, len(given.keys() - expected.keys()), len(expected.keys() - given.keys()))
    for key in expected.keys() & given.keys():
        heading, section = expected[key], given[key]
        parent = sections.get(section.parent) if section.parent is not None else None
        while parent is not None and parent.number is None:
            parent = sections.get(parent.parent) if parent.parent is not None else None
        for layer, wanted, got in (
            ("numbers", heading["number"], section.number),
            ("parents", heading["parent"], parent.start if parent else None),
        ):
            if wanted in (got, "?"):
                result.layers[layer].tp += 1
            else:
                result.layers[layer].fp += 1
                result.layers[layer].fn += 1
                result.errors.append(Error(layer, *key, _at(text, wanted), _at(text, got)))


def _at(text: str, place: int | str | None) -> str:
    return f"{place}:{text[place : place + 8]!r}" if isinstance(place, int) else str(place)


def _removed(doc: Document, gold: dict[str, Any], removed: set[int], result: Score) -> None:
    text = gold["text"]
    given = characters(text, ((edit.start, edit.end) for edit in doc.removed))
    counts = Counts(len(removed & given), len(given - removed), len(removed - given))
    result.layers["removed"] += counts
    mended = characters(text, ((repair["start"], repair["end"]) for repair in gold.get("repairs", ())))
    # A repair that is shorter than its range drops characters: the gold must have marked damage there.
    dropped = characters(
        text,
        ((e.start, e.end) for e in doc.repairs if len(e.replacement or "") < len(text[e.start : e.end].strip())),
    )
    # Standoff gold names no repairs but wraps, so that nothing can be said of dropped marks there.
    lost = (given - removed) | (dropped - mended - removed if "repairs" in gold else set())
    result.lost = len(lost)
    result.content = sum(not character.isspace() for character in text) - len(removed)
    for edit in doc.removed:
        if wrong := characters(text, [(edit.start, edit.end)]) - removed:
            start, end = min(wrong), max(wrong) + 1
            result.errors.append(Error("removed", start, end, "", text[start:end], edit.rule))
    for start, end in _runs(text, removed - given):
        result.errors.append(Error("removed", start, end, text[start:end], ""))


def _runs(text: str, characters: set[int]) -> Iterator[tuple[int, int]]:
    start = end = -1
    for i in sorted(characters):
        if start >= 0 and not text[end:i].strip():
            end = i + 1
            continue
        if start >= 0:
            yield start, end
        start, end = i, i + 1
    if start >= 0:
        yield start, end


def _wraps(doc: Document, gold: dict[str, Any], result: Score) -> None:
    text = gold["text"]

    def first_break(start: int) -> int:
        while start < len(text) and text[start] not in "\r\n\f\x0b\x85\u2028\u2029":
            start += 1
        return start

    expected = {first_break(start): (start, start) for start in gold["wraps"]}
    given = {first_break(e.start): (e.start, e.end) for e in doc.repairs if e.kind == "hard_wrap"}
    counts = result.layers["wraps"]
    counts.tp += len(expected.keys() & given.keys())
    for key in expected.keys() ^ given.keys():
        missing = key in expected
        counts.fn += missing
        counts.fp += not missing
        words = ("break in a sentence", "") if missing else ("", "break in a sentence")
        result.errors.append(Error("wraps", max(0, key - 8), key + 8, *words))


def _same(wanted: float | None, got: float | None) -> bool:
    if wanted is None or got is None:
        return wanted is got
    return isclose(wanted, got, rel_tol=1e-4, abs_tol=1e-9)


def _wrong_fields(wanted: dict[str, Any], got: Measure) -> list[str]:
    wrong = []
    if not all(_same(wanted.get(name), getattr(got, name)) for name in ("value", "min", "max")):
        wrong.append("value")
    if wanted["unit"] != got.unit:
        wrong.append("unit")
    if wanted["comparator"] != got.comparator:
        wrong.append("comparator")
    if wanted["kind"] not in (got.kind, "mention"):
        wrong.append("kind")
    return wrong


def _measures(doc: Document, gold: dict[str, Any], result: Score) -> None:
    text = gold["text"]
    expected = {(measure["start"], measure["end"]): measure for measure in gold["measures"]}
    given = {(measure.start, measure.end): measure for measure in doc.measures}
    free = {key for key, measure in expected.items() if measure.get("optional") or measure.get("damaged")}
    may_miss = free | {key for key, measure in expected.items() if measure["kind"] == "mention"}
    found, right = result.layers["measures found"], result.layers["measures right"]
    for key in expected.keys() | given.keys():
        wanted, got = expected.get(key), given.get(key)
        if key in free:
            continue
        start, end = key
        if got is not None and wanted is None:
            if got.kind == "mention" or got.damaged or any(start < last and first < end for first, last in free):
                continue
            found.fp += 1
            right.fp += 1
            result.errors.append(Error("measures found", start, end, "", f"{got.text} {got.kind}"))
        elif got is None:
            assert wanted is not None
            if key in may_miss:
                continue
            found.fn += 1
            right.fn += 1
            result.errors.append(Error("measures found", start, end, f"{wanted['text']} {wanted['kind']}", ""))
        else:
            assert wanted is not None
            found.tp += 1
            wrong = _wrong_fields(wanted, got)
            right += Counts(0, 1, 1) if wrong else Counts(1, 0, 0)
            for layer in ("kind", "comparator"):
                result.layers[layer] += Counts(0, 1, 1) if layer in wrong else Counts(1, 0, 0)
            _attributes(wanted, got, result)
            if wrong:
                said = _words(text, start, end, wanted), _words(text, start, end, got)
                result.errors.append(Error("measures right", start, end, *said))


def _attributes(wanted: dict[str, Any], got: Measure, result: Score) -> None:
    period = got.period.text if got.period is not None else None
    for layer, given, same in (
        ("indicator", got.indicator, _same_head),
        ("period", period, _same_time),
        ("every", got.every, str.__eq__),
    ):
        said = wanted.get(layer)
        if not said or wanted["kind"] == "mention":
            continue
        if given is None or not same(said, given):
            result.layers[layer] += Counts(0, int(given is not None), 1)
            result.errors.append(Error(layer, wanted["start"], wanted["end"], said, given or ""))
        else:
            result.layers[layer].tp += 1


def _same_head(one: str, other: str) -> bool:
    a, b = ("".join(c for c in fold(name) if c.isalnum()) for name in (one, other))
    return bool(a and b) and (a[-2:] in b or b[-2:] in a)


def _same_time(one: str, other: str) -> bool:
    a, b = (fold(words).translate(_TIME_FOLDS) for words in (one, other))
    return bool(a and b) and (a in b or b in a)


def _words(text: str, start: int, end: int, measure: dict[str, Any] | Measure) -> str:
    names = ("kind", "comparator", "value", "min", "max", "unit")
    values = (measure.get(n) if isinstance(measure, dict) else getattr(measure, n) for n in names)
    return f"{text[start:end]}: " + " ".join(str(value) for value in values if value is not None)
