"""``planparse clean``: inputs to tables (批量清洗), in input order and bounded memory; what fails is set aside."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from os import PathLike
from pathlib import Path, PurePosixPath

from planparse.batch.write import Format, Tables, write_whole
from planparse.document import SCHEMA, Document
from planparse.pipeline import from_source
from planparse.reading.errors import ReadError
from planparse.reading.inputs import Item, documents
from planparse.rules.ruleset import Ruleset, default_rules
from planparse.views.tables import rows


@dataclass
class Counts:
    """What a run found. ``removed`` counts characters, the other counters cases, by kind."""

    documents: int = 0
    set_aside: int = 0
    pieces: int = 0
    sections: int = 0
    characters: int = 0
    clean_characters: int = 0
    measures: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    removals: Counter[str] = field(default_factory=Counter)
    repairs: Counter[str] = field(default_factory=Counter)
    anomalies: Counter[str] = field(default_factory=Counter)

    def add(self, doc: Document) -> None:
        """Count one document."""
        self.documents += 1
        self.pieces += len(doc.pieces)
        self.sections += len(doc.sections)
        self.characters += len(doc.text)
        self.clean_characters += len(doc.clean_text)
        self.measures.update(measure.kind for measure in doc.measures)
        self.repairs.update(edit.kind for edit in doc.repairs)
        self.anomalies.update(anomaly.kind for anomaly in doc.anomalies)
        for edit in doc.removed:
            self.removals[edit.kind] += 1
            self.removed[edit.kind] += edit.end - edit.start


def clean_inputs(
    inputs: Iterable[str | PathLike[str]],
    out: str | PathLike[str],
    *,
    format: Format = "parquet",
    text_dir: str | PathLike[str] | None = None,
    rules: Ruleset | None = None,
    text_column: str | None = None,
    on_item: Callable[[Item, str | None], object] | None = None,
) -> Counts:
    """Parse all pages of the inputs and write the tables of everything found to the folder ``out``.

    Beside the tables of :func:`planparse.frames` it writes ``quarantine.jsonl``, the inputs that could not be read with
    the reason, and ``run.json``: version, options, hashes of the rules, counts and times. All of them appear only when
    the run is complete.

    Args:
        inputs: files, folders and globs.
        out: the folder for the tables; made where it does not exist.
        format: ``parquet`` or ``jsonl``.
        text_dir: a folder for one file of cleaned text per document, named after its id.
        rules: the rule tables; the library's own by default.
        text_column: the column of CSV, JSON lines and Parquet inputs that holds the text; guessed by default.
        on_item: called after each page with the item and the reason it was set aside, if it was.

    Raises:
        ReadError: where ``out`` or ``text_dir`` cannot be written to.
    """
    rules = rules or default_rules()
    given = [str(one) for one in inputs]
    folder, texts = Path(out), None if text_dir is None else Path(text_dir)
    for wanted in filter(None, (folder, texts)):
        make_folder(wanted)
    counts = Counts()
    started, clock = datetime.now(UTC), time.perf_counter()
    written: set[Path] = set()
    with Tables(folder, format) as tables:
        for item in _without(documents(given, text_column=text_column), folder, texts):
            doc, reason = parsed(item, rules)
            if doc is None:
                counts.set_aside += 1
                tables.set_aside(item.id, item.path, reason or "")
            else:
                counts.add(doc)
                tables.add(rows(doc), 2 * len(doc.text))
                if texts is not None:
                    _write_text(texts, doc, written)
            if on_item is not None:
                on_item(item, reason)
    run = {
        "planparse": _version(),
        "schema": SCHEMA,
        "inputs": given,
        "options": {"format": format, "text_dir": None if texts is None else str(texts), "text_column": text_column},
        "rules": rules.hashes(),
        "counts": {name: dict(n) if isinstance(n, Counter) else n for name, n in vars(counts).items()},
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(time.perf_counter() - clock, 3),
    }
    write_whole(folder, "run.json", json.dumps(run, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n")
    return counts


def parsed(item: Item, rules: Ruleset) -> tuple[Document | None, str | None]:
    """The document, or the reason why there is none."""
    if item.source is None:
        return None, item.error
    try:
        return from_source(item.source, item.id, rules), None
    except Exception as error:
        # A mistake of ours on one page must not lose the others.
        return None, f"{item.path}: internal error: {type(error).__name__}: {' '.join(str(error).split())}"


def make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReadError(str(folder), f"cannot be made a folder: {error.strerror or error}") from None


def _without(items: Iterable[Item], *outputs: Path | None) -> Iterator[Item]:
    """The items but those from a folder that this run writes to, such as ``out`` inside an input."""
    ours = [folder.resolve() for folder in outputs if folder is not None]
    for item in items:
        if not any(folder in item.path.absolute().parents for folder in ours):
            yield item


def _write_text(folder: Path, doc: Document, written: set[Path]) -> None:
    """Write a document's cleaned text to a file named after its id: ``a/b.html:3`` goes to ``a/b.html_3.txt``."""
    parts = [part.replace(":", "_") for part in PurePosixPath(doc.id).parts if part not in ("/", "..")]
    path = folder.joinpath(*parts) if parts else folder / "text"
    if path.suffix != ".txt":
        path = path.with_name(path.name + ".txt")
    stem, again = path, 2
    while path in written:
        path, again = stem.with_name(f"{stem.stem}~{again}.txt"), again + 1
    written.add(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(doc.clean_text.encode("utf-8", "replace"))


def _version() -> str:
    import planparse

    return planparse.__version__
