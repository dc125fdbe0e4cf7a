"""Rule tables: loaded, checked and compiled in one place.

A table is a tab-separated file ``<name>.tsv`` whose first line names its columns. Every table has the columns ``id``,
``example`` and ``unlike``; what else it has is the business of the module that uses it. Lines that are blank or start
with ``#`` are comments. In every cell ``↵`` stands for a line break and ``⇥`` for a tab.

In ``example`` the text that the rule must find stands between ``⟦`` and ``⟧``; ``unlike`` is text on which it must stay
silent. Several of either are separated by ``¦``. ``planparse rules --check`` runs them all.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

RULES_DIR = Path(__file__).parent
OPEN, CLOSE, SEPARATOR = "⟦", "⟧", "¦"


class RuleError(ValueError):
    """A rule table that cannot be used; the message says file, line and column."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a table. ``rule["column"]`` is a cell's text.

    ``file`` and ``line`` say where it stands; ``folder`` is the user's folder of rules, ``""`` for the library's own.
    """

    id: str
    table: str
    cells: Mapping[str, str]
    examples: tuple[str, ...]
    unlikes: tuple[str, ...]
    file: str
    line: int
    folder: str = ""

    @property
    def source(self) -> str:
        """The file that the rule stands in (出处): ``planparse/rules/…`` or the path of the user's table."""
        return f"{self.folder or 'planparse/rules'}/{self.file}"

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def marked(example: str) -> tuple[str, list[tuple[int, int]]]:
    """An example without its marks, and the marked ranges in it."""
    spans: list[tuple[int, int]] = []
    plain: list[str] = []
    at = 0
    start = -1
    for character in example:
        if character == OPEN:
            start = at
        elif character == CLOSE:
            spans.append((start, at))
        else:
            plain.append(character)
            at += 1
    return "".join(plain), spans


def _empty_alternative(pattern: str) -> int:
    """The position of an alternative that matches nothing (``a||b``, ``(|a)``, ``a|``), or -1."""
    if pattern.startswith("|"):
        return 0
    in_class = False
    previous = ""
    i = 0
    while i < len(pattern):
        character = pattern[i]
        if character == "\\":
            previous = "x"
            i += 2
            continue
        if in_class:
            in_class = character != "]"
        elif character == "[":
            in_class = True
            if pattern[i + 1 : i + 2] in ("]", "^"):
                i += 1
        elif (character == "|" and (previous in ("|", "(") or i + 1 == len(pattern))) or (
            character == ")" and previous == "|"
        ):
            return i
        # "(?:" opens a group too: what follows it is the start of an alternative.
        previous = "(" if character == ":" and pattern[i - 2 : i] == "(?" else character
        i += 1
    return -1


def load_table(path: Path) -> tuple[Rule, ...]:
    """Read one table.

    Raises:
        RuleError: for a line without examples, an empty alternation, an unknown column count, a repeated id.
    """
    rules: list[Rule] = []
    columns: list[str] = []
    seen: dict[str, int] = {}
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(f"{path}: cannot be read: {error}") from None
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.replace("↵", "\n").replace("⇥", "\t") for cell in line.split("\t")]
        if not columns:
            columns = cells
            for needed in ("id", "example", "unlike"):
                if needed not in columns:
                    raise RuleError(f"{path}:{number}: no column {needed!r}")
            continue
        if len(cells) != len(columns):
            raise RuleError(f"{path}:{number}: {len(cells)} cells where the first line names {len(columns)} columns")
        row = dict(zip(columns, cells, strict=True))
        starts = {name: 1 + sum(len(cell) + 1 for cell in cells[:i]) for i, name in enumerate(columns)}
        for needed in ("id", "example", "unlike"):
            if not row[needed].strip():
                raise RuleError(f"{path}:{number}:{starts[needed]}: no {needed}")
        if row["id"] in seen:
            raise RuleError(
                f"{path}:{number}:{starts['id']}: id {row['id']!r} stands in line {seen[row['id']]} already"
            )
        seen[row["id"]] = number
        if (at := _empty_alternative(row.get("pattern", ""))) >= 0:
            raise RuleError(f"{path}:{number}:{starts['pattern'] + at}: an empty alternative")
        examples = tuple(row["example"].split(SEPARATOR))
        for example in examples:
            if example.count(OPEN) != 1 or example.count(CLOSE) != 1 or example.index(OPEN) > example.index(CLOSE):
                raise RuleError(f"{path}:{number}:{starts['example']}: an example needs one {OPEN}…{CLOSE}")
        rules.append(
            Rule(
                row["id"],
                path.stem,
                row,
                examples,
                tuple(row["unlike"].split(SEPARATOR)),
                path.name,
                number,
                "" if path.parent == RULES_DIR else str(path.parent),
            )
        )
    if not columns:
        raise RuleError(f"{path}:1: an empty table")
    return tuple(rules)


class Ruleset:
    """All tables together. Immutable; what modules compile from it is kept with it, once."""

    def __init__(self, tables: Mapping[str, tuple[Rule, ...]]) -> None:
        self.tables = dict(tables)
        self._compiled: dict[Any, Any] = {}
        self._lock = threading.RLock()

    def __reduce__(self) -> tuple[type[Ruleset], tuple[dict[str, tuple[Rule, ...]]]]:
        # Another process compiles for itself.
        return Ruleset, (self.tables,)

    @classmethod
    def load(cls, directories: Sequence[Path | str] = ()) -> Ruleset:
        """The library's own tables, then those of each directory added to the tables of the same name.

        Raises:
            RuleError: where a table cannot be used, or a user's table has no counterpart here.
        """
        tables = {path.stem: load_table(path) for path in sorted(RULES_DIR.glob("*.tsv"))}
        for directory in directories:
            if not Path(directory).is_dir():
                raise RuleError(f"{directory}: no such folder of rules")
            for path in sorted(Path(directory).glob("*.tsv")):
                if path.stem not in tables:
                    raise RuleError(f"{path}: no table is called {path.stem!r}; there are {', '.join(sorted(tables))}")
                known = {rule.id for rule in tables[path.stem]}
                added = load_table(path)
                for rule in added:
                    if rule.id in known:
                        raise RuleError(f"{path}:{rule.line}:1: id {rule.id!r} is one of the library's own")
                tables[path.stem] += added
        return cls(tables)

    def table(self, name: str) -> tuple[Rule, ...]:
        """The rules of one table, in the order of its lines."""
        return self.tables[name]

    def rules(self) -> Iterable[Rule]:
        """All rules of all tables."""
        for table in self.tables.values():
            yield from table

    def compiled(self, build: Callable[[Ruleset], T]) -> T:
        """What ``build`` makes of these rules; built on first use, then kept."""
        try:
            return self._compiled[build]  # type: ignore[no-any-return]
        except KeyError:
            with self._lock:
                if build not in self._compiled:
                    self._compiled[build] = build(self)
                return self._compiled[build]  # type: ignore[no-any-return]

    def with_table(self, name: str, rules: tuple[Rule, ...]) -> Ruleset:
        """These rules with one table put in place of its namesake."""
        return Ruleset({**self.tables, name: rules})

    def hashes(self) -> dict[str, str]:
        """SHA-256 of each table's content, shortened to 16 hexadecimal digits."""
        return {
            name: hashlib.sha256(repr([sorted(rule.cells.items()) for rule in table]).encode()).hexdigest()[:16]
            for name, table in self.tables.items()
        }


@lru_cache(maxsize=1)
def default_rules() -> Ruleset:
    """The library's own rules, loaded once."""
    return Ruleset.load()
