"""What the commands share: options, exit statuses, how an answer or a complaint is written."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from planparse.reading.inputs import Item
    from planparse.rules.ruleset import Ruleset

# Clears the rest of a terminal's line.
_CLEAR = "\x1b[K"

DONE, SET_ASIDE, WRONG, INTERRUPTED = 0, 1, 2, 130


class TableFormat(StrEnum):
    """How ``clean`` writes its tables."""

    parquet = "parquet"
    jsonl = "jsonl"


RulesOption = Annotated[
    list[Path] | None,
    typer.Option("--rules", metavar="DIR", help="A folder of your own rule tables, added to the library's. 自定义规则"),
]
TextColumnOption = Annotated[
    str | None,
    typer.Option("--text-column", metavar="NAME", help="Column of record files that holds the text. 正文所在的列"),
]
IdColumnOption = Annotated[
    str | None,
    typer.Option("--id-column", metavar="NAME", help="Column whose values become the ids; else FILE:N. 编号所在的列"),
]
UrlColumnOption = Annotated[
    str | None,
    typer.Option("--url-column", metavar="NAME", help="Column that holds the address. 网址所在的列"),
]


def report_item(item: Item, reason: str | None) -> None:
    """Say on standard error what was set aside."""
    if reason is not None:
        complain(reason, "set aside")


def ruleset_of(directories: list[Path] | None) -> Ruleset | None:
    """The library's rules with the user's own; None for the library's alone."""
    if not directories:
        return None
    from planparse.rules.ruleset import Ruleset

    return Ruleset.load(directories)


def write(output: str | bytes) -> None:
    """Write to standard output, in UTF-8 in any locale."""
    data = output if isinstance(output, bytes) else output.encode("utf-8", "backslashreplace")
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def complain(message: str, what: str = "error") -> None:
    clear = f"\r{_CLEAR}" if sys.stderr.isatty() else ""
    sys.stderr.write(f"{clear}planparse: {what}: {' '.join(message.split())}\n")
