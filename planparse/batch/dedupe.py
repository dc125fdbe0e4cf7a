"""``planparse dedupe``: the duplicates among the pieces of all inputs, as tables (批量查重)."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from os import PathLike
from pathlib import Path
from typing import Any

from planparse.batch.work import Format, parsed
from planparse.batch.write import make_folder, write_whole
from planparse.dedupe.engine import Duplicates, duplicates
from planparse.dedupe.index import DuplicateIndex
from planparse.document import Document
from planparse.reading.inputs import Item, documents
from planparse.rules.ruleset import Ruleset, default_rules
from planparse.views.jsonable import dumps


def dedupe_inputs(
    inputs: Iterable[str | PathLike[str]],
    out: str | PathLike[str],
    *,
    near: float | None = None,
    contains: float | None = None,
    passage: int | None = None,
    mask_digits: bool | None = None,
    synonyms: bool | None = None,
    fold_script: bool | None = None,
    spill: str | PathLike[str] | None = None,
    format: Format = "parquet",
    rules: Ruleset | None = None,
    text_column: str | None = None,
    index: str | PathLike[str] | None = None,
    on_item: Callable[[Item, str | None], object] | None = None,
) -> tuple[Duplicates, int, int]:
    """Parse all pages of the inputs and write ``pairs``, ``groups``, ``passages``, ``templates`` to ``out``.

    Args:
        inputs: files, folders and globs.
        out: the folder for the tables; made where it does not exist. ``quarantine.jsonl`` there lists what was set
            aside.
        near, contains, passage, mask_digits, synonyms, fold_script: as for :func:`planparse.duplicates`; with ``index``
            what it was made with.
        spill: as for :func:`planparse.duplicates`; of no use with ``index``.
        format: ``parquet`` or ``jsonl``.
        rules: the rule tables; the library's own by default.
        text_column: the column of record files that holds the text; guessed by default.
        index: the file of a :class:`planparse.DuplicateIndex`, made where there is none. The pages are added to it, and
            the tables are of them against each other and against all that was there. A page whose id is there is left
            alone where its pieces are the same, else it takes the place of the other.
        on_item: called after each page with the item and the reason it was set aside, if it was.

    Returns:
        What was found, the number of documents read, and the number set aside.

    Raises:
        ReadError: where ``out`` cannot be written to.
        ValueError: for a threshold out of range, or ``spill`` with ``index``.
        DuplicateIndexError: where the index cannot be opened or written.
    """
    if index is not None and spill is not None:
        raise ValueError("an index keeps its texts itself: spill is for a run without one")
    rules = rules or default_rules()
    folder = Path(out)
    make_folder(folder)
    quarantine: list[bytes] = []
    read = 0

    def docs() -> Iterator[Document]:
        nonlocal read
        for item in documents(inputs, text_column=text_column):
            doc, reason = parsed(item, rules)
            if doc is None:
                quarantine.append(dumps({"id": item.id, "path": str(item.path), "reason": reason}))
            else:
                read += 1
                yield doc
            if on_item is not None:
                on_item(item, reason)

    given: dict[str, Any] = {
        "near": near,
        "contains": contains,
        "passage": passage,
        "mask_digits": mask_digits,
        "synonyms": synonyms,
        "fold_script": fold_script,
    }
    given = {name: value for name, value in given.items() if value is not None}
    if index is None:
        found = duplicates(docs(), **given, spill=spill)
    else:
        with DuplicateIndex.open(index, **given) as opened:
            found = opened.add(docs(), if_exists="replace")
    for name in ("pairs", "groups", "passages", "templates"):
        table = getattr(found, name)
        if format == "parquet":
            buffer = io.BytesIO()
            table.to_parquet(buffer, index=False)
            data = buffer.getvalue()
        else:
            data = b"".join(dumps(row) + b"\n" for row in table.to_dict("records"))
        write_whole(folder, f"{name}.{format}", data)
    write_whole(folder, "quarantine.jsonl", b"".join(line + b"\n" for line in quarantine))
    return found, read, len(quarantine)
