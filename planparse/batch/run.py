"""``planparse clean``: inputs to tables (批量清洗), in input order and bounded memory; what fails is set aside."""

from __future__ import annotations

import json
import logging
import os
import platform
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from os import PathLike
from pathlib import Path

from planparse.batch.learn import Learner
from planparse.batch.pool import Options, results
from planparse.batch.store import Store
from planparse.batch.texts import Texts
from planparse.batch.work import Counts, Format, Result, Shard, Wanted, shards
from planparse.batch.write import Tables, make_folder, write_whole
from planparse.document import SCHEMA
from planparse.reading.columns import Columns
from planparse.reading.inputs import Item, unopened
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
    id_column: str | None = None,
    url_column: str | None = None,
    workers: int = 1,
    resume: bool = False,
    time_limit: float | None = None,
    learner: Learner | None = None,
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
        text_column, id_column, url_column: the columns of CSV, JSON lines and Parquet inputs, as for
            :func:`planparse.reading.inputs.documents`.
        workers: processes that parse; 1 parses in this one.
        resume: whether to go on with what an interrupted run of the same inputs, rules and options has finished.
        time_limit: the most seconds that one page may take; more sets it aside. None for no limit.
        learner: takes in the lines of each document that may be its site's.
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
    folder, text_folder = Path(out), None if text_dir is None else Path(text_dir)
    for needed in filter(None, (folder, text_folder)):
        make_folder(needed)
    columns = Columns(text_column, id_column, url_column)
    wanted = Wanted(format, text_folder is not None, learner is not None, time_limit)
    options = {
        "format": format,
        "text_dir": None if text_folder is None else str(text_folder),
        "text_column": text_column,
        "id_column": id_column,
        "url_column": url_column,
        "time_limit": time_limit,
    }
    counts = Counts()
    started, clock = datetime.now(UTC), time.perf_counter()
    depends: dict[str, object] = {"versions": _versions(), "rules": used.hashes(), "columns": columns, "wanted": wanted}
    store = Store(folder, depends, resume)
    texts = None if text_folder is None else Texts(text_folder)
    pages = _without(unopened(given, columns), folder, text_folder)
    reused = 0
    with Tables(folder, format) as tables:
        for shard, result, kept in _results(pages, store, Options(rules, wanted), workers):
            reused += len(shard.items) if kept else 0
            tables.add(result.tables)
            counts += result.counts
            if texts is not None:
                for id, text in result.texts:
                    texts.write(id, text)
            if learner is not None:
                for site, lines in result.lines:
                    learner.add(site, lines)
            for item, reason in zip(shard.items, result.reasons, strict=True):
                if reason is not None:
                    _log.info("document=%s stage=clean reason=%s", item.id, reason)
                    tables.set_aside(item.id, item.path, reason)
                if on_item is not None:
                    on_item(item, reason)
        parsing = time.perf_counter() - clock
    seconds = time.perf_counter() - clock
    run = {
        "planparse": _version(),
        "schema": SCHEMA,
        "versions": _versions(),
        "inputs": given,
        "options": options,
        "workers": workers,
        "rules": used.hashes(),
        "counts": counts.as_dict(),
        "from_earlier_run": reused,
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
        "seconds_parsing": round(parsing, 3),
        "documents_per_second": round((counts.documents + counts.set_aside - reused) / max(seconds, 1e-9), 1),
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


def _results(
    pages: Iterable[Item], store: Store, options: Options, workers: int
) -> Iterator[tuple[Shard, Result, bool]]:
    """Every shard with its result, in order: kept from an earlier run (True), or made now and kept."""
    given = ((shard, store.get(shard)) for shard in shards(pages))
    for shard, result, known in results(given, options, workers):
        if not known:
            store.put(result)
        yield shard, result, known


def _without(items: Iterable[Item], *outputs: Path | None) -> Iterator[Item]:
    """The items but those from a folder that this run writes to, such as ``out`` inside an input."""
    ours = [folder.resolve() for folder in outputs if folder is not None]
    for item in items:
        if not any(folder in item.path.absolute().parents for folder in ours):
            yield item


def _version() -> str:
    import planparse

    return planparse.__version__


def _versions() -> dict[str, str]:
    """What the results may depend on."""
    found = {"python": platform.python_version(), "planparse": _version()}
    for name in ("numpy", "pyarrow", "regex", "jieba", "opencc", "ahocorasick-rs", "selectolax", "python-docx"):
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found
