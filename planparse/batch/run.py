"""``planparse clean``: inputs to tables (批量清洗), in input order and bounded memory; what fails is set aside."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from os import PathLike
from pathlib import Path, PurePosixPath

from planparse.batch.pool import Options, results
from planparse.batch.store import Store
from planparse.batch.work import Counts, Format, Result, Shard, shards
from planparse.batch.write import Tables, write_whole
from planparse.document import SCHEMA
from planparse.reading.errors import ReadError
from planparse.reading.inputs import Item, documents
from planparse.rules.ruleset import Ruleset, default_rules

_log = logging.getLogger("planparse.batch")


def clean_inputs(
    inputs: Iterable[str | PathLike[str]],
    out: str | PathLike[str],
    *,
    format: Format = "parquet",
    text_dir: str | PathLike[str] | None = None,
    rules: Ruleset | None = None,
    text_column: str | None = None,
    workers: int = 1,
    resume: bool = False,
    time_limit: float | None = None,
    on_item: Callable[[Item, str | None], object] | None = None,
) -> Counts:
    """Parse all pages of the inputs and write the tables of everything found to the folder ``out``.

    Beside the tables of :func:`planparse.frames` it writes ``quarantine.jsonl``, the inputs that could not be read with
    the reason, and ``run.json``: version, options, hashes of the rules, counts and times. All of them appear only when
    the run is complete; the tables are the same bytes whatever the number of workers, and however often the run was
    interrupted and resumed. Until then finished shards of the work stand in the hidden folder ``.shards``.

    Args:
        inputs: files, folders and globs.
        out: the folder for the tables; made where it does not exist.
        format: ``parquet`` or ``jsonl``.
        text_dir: a folder for one file of cleaned text per document, named after its id.
        rules: the rule tables; the library's own by default.
        text_column: the column of CSV, JSON lines and Parquet inputs that holds the text; guessed by default.
        workers: processes that parse; 1 parses in this one.
        resume: whether to go on with what an interrupted run of the same inputs, rules and options has finished.
        time_limit: the most seconds that one page may take; more sets it aside. None for no limit.
        on_item: called after each page with the item and the reason it was set aside, if it was.

    Raises:
        ReadError: where ``out`` or ``text_dir`` cannot be written to.
        ValueError: for fewer than one worker, or a time limit that is none.
    """
    if workers < 1:
        raise ValueError(f"workers is a number of processes, not {workers}")
    if time_limit is not None and time_limit <= 0:
        raise ValueError(f"a time limit is a number of seconds, not {time_limit:g}")
    used = rules or default_rules()
    given = [str(one) for one in inputs]
    folder, texts = Path(out), None if text_dir is None else Path(text_dir)
    for wanted in filter(None, (folder, texts)):
        make_folder(wanted)
    options = {"format": format, "text_dir": None if texts is None else str(texts), "text_column": text_column}
    limits = {"time_limit": time_limit}
    counts = Counts()
    started, clock = datetime.now(UTC), time.perf_counter()
    store = Store(folder, {"planparse": _version(), "rules": used.hashes(), **options, **limits}, resume)
    written: set[Path] = set()
    pages = _without(documents(given, text_column=text_column), folder, texts)
    with Tables(folder, format) as tables:
        for shard, result in _results(pages, store, Options(rules, format, texts is not None, time_limit), workers):
            tables.add(result.tables)
            counts += result.counts
            for id, text in result.texts if texts is not None else ():
                _write_text(texts or folder, id, text, written)
            for item, reason in zip(shard.items, result.reasons, strict=True):
                if reason is not None:
                    _log.info("document=%s stage=clean reason=%s", item.id, reason)
                    tables.set_aside(item.id, item.path, reason)
                if on_item is not None:
                    on_item(item, reason)
    run = {
        "planparse": _version(),
        "schema": SCHEMA,
        "inputs": given,
        "options": options,
        "workers": workers,
        **limits,
        "rules": used.hashes(),
        "counts": counts.as_dict(),
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(time.perf_counter() - clock, 3),
    }
    write_whole(folder, "run.json", json.dumps(run, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n")
    store.clear()
    return counts


def cores() -> int:
    """How many workers this machine has room for."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def _results(pages: Iterable[Item], store: Store, options: Options, workers: int) -> Iterator[tuple[Shard, Result]]:
    """Every shard with its result, in order: kept from an earlier run, or made now and kept."""
    given = ((shard, store.get(shard)) for shard in shards(pages))
    for shard, result in results(given, options, workers):
        if not store.has(shard):
            store.put(result)
        yield shard, result


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


def _write_text(folder: Path, id: str, text: str, written: set[Path]) -> None:
    """Write a document's cleaned text to a file named after its id: ``a/b.html:3`` goes to ``a/b.html_3.txt``."""
    parts = [part.replace(":", "_") for part in PurePosixPath(id).parts if part not in ("/", "..")]
    path = folder.joinpath(*parts) if parts else folder / "text"
    if path.suffix != ".txt":
        path = path.with_name(path.name + ".txt")
    stem, again = path, 2
    while path in written:
        path, again = stem.with_name(f"{stem.stem}~{again}.txt"), again + 1
    written.add(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8", "replace"))


def _version() -> str:
    import planparse

    return planparse.__version__
