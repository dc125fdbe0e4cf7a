"""``planparse dedupe``: the duplicates among the pieces of all inputs, as tables (批量查重)."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from os import PathLike
from pathlib import Path

from planparse.batch.work import Format, parsed
from planparse.batch.write import make_folder, write_whole
from planparse.dedupe.engine import Duplicates, duplicates
from planparse.document import Document
from planparse.reading.inputs import Item, documents
from planparse.rules.ruleset import Ruleset, default_rules
from planparse.views.jsonable import dumps


def dedupe_inputs(
    inputs: Iterable[str | PathLike[str]],
    out: str | PathLike[str],
    *,
    near: float = 0.7,
    contains: float = 0.8,
    passage: int = 50,
    mask_digits: bool = False,
    synonyms: bool = False,
    fold_script: bool = True,
    spill: str | PathLike[str] | None = None,
    format: Format = "parquet",
    rules: Ruleset | None = None,
    text_column: str | None = None,
    on_item: Callable[[Item, str | None], object] | None = None,
) -> tuple[Duplicates, int, int]:
    """Parse all pages of the inputs and write ``pairs``, ``groups``, ``passages``, ``templates`` to ``out``.

    Args:
        inputs: files, folders and globs.
        out: the folder for the tables; made where it does not exist. ``quarantine.jsonl`` there lists what was set
            aside.
        near, contains, passage, mask_digits, synonyms, fold_script, spill: as for :func:`planparse.duplicates`.
        format: ``parquet`` or ``jsonl``.
        rules: the rule tables; the library's own by default.
        text_column: the column of record files that holds the text; guessed by default.
        on_item: called after each page with the item and the reason it was set aside, if it was.

    Returns:
        What was found, the number of documents read, and the number set aside.

    Raises:
        ReadError: where ``out`` cannot be written to.
        ValueError: for a threshold out of range.
    """
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

    found = duplicates(
        docs(),
        near,
        contains,
        passage,
        mask_digits=mask_digits,
        synonyms=synonyms,
        fold_script=fold_script,
        spill=spill,
    )
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
