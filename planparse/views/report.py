"""A batch as one HTML page (批量报告): what was found, what was removed and by which rule, what is odd, every document.

Reads the tables that ``planparse clean`` writes, and those of ``planparse dedupe`` where they stand in the same folder.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from planparse.views.blocks import showable
from planparse.views.words import kind_of, number

if TYPE_CHECKING:
    from jinja2 import Template

# So many rows of a table a person reads; the page says how many there are.
_ROWS = 500
_TOP = 25
_EXAMPLE = 60
_DOCUMENT_COLUMNS = (
    "document_id",
    "title",
    "declared_pieces",
    "pieces",
    "sections",
    "targets",
    "statistics",
    "removed_characters",
    "repairs",
    "anomalies",
    "characters",
    "encoding",
)
_DOCUMENT_WORDS = tuple(
    zip(
        ("document", "title", "declared", *_DOCUMENT_COLUMNS[3:7], "removed", *_DOCUMENT_COLUMNS[8:]),
        ("文档", "标题", "声明", "篇", "编号", "目标", "统计", "删除", "修复", "异常", "字", "编码"),
        strict=True,
    )
)


class ReportError(ValueError):
    """The folder holds no batch."""


class Bar(NamedTuple):
    """A row of a bar chart: its name, its number, its length in percent of the longest, and a word more."""

    name: str
    number: str
    length: float
    more: str = ""


class Chart(NamedTuple):
    """Bars under a title; ``left_out`` rows are not shown."""

    title: str
    bars: list[Bar]
    left_out: int = 0


class Grid(NamedTuple):
    """A table: its title, its columns, its cells as text, which columns hold numbers, and how many rows it has."""

    title: str
    columns: list[str]
    rows: list[list[str]]
    numeric: list[bool]
    total: int


def to_report(folder: str | PathLike[str]) -> str:
    """One self-contained HTML page over the tables of a batch; memory does not grow with their size.

    Args:
        folder: the output folder of ``planparse clean``.

    Raises:
        ReportError: where it holds no table ``documents``, or a table that cannot be read.
    """
    place = Path(folder)
    if not any((place / f"documents.{ending}").exists() for ending in ("parquet", "jsonl")):
        raise ReportError(f"{place}: holds no table documents; `planparse clean INPUT --out {place}` writes it")
    documents = list(islice(_rows(place, "documents", _DOCUMENT_COLUMNS), _ROWS))
    quarantine = list(_lines(place / "quarantine.jsonl"))
    charts = [
        *_removed_charts(place),
        _counted(place, "repairs", "kind", "repairs by kind 修复", kind_of),
        _counted(place, "anomalies", "kind", "anomalies 异常", kind_of, "message"),
        *_measure_charts(place),
        _counted(place, "pairs", "relation", "duplicate pairs 重复对", str),
    ]
    facts, total = _facts(place, len(quarantine))
    grids = [_groups_grid(place), _quarantine_grid(quarantine), _documents_grid(documents, total)]
    return _template().render(
        title=f"planparse · {place.resolve().name}",
        facts=facts,
        charts=[chart for chart in charts if chart.bars],
        grids=[grid for grid in grids if grid.rows],
        run=_run(place / "run.json"),
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, PackageLoader

    environment = Environment(loader=PackageLoader("planparse.views", "."), autoescape=True, trim_blocks=True)
    return environment.get_template("report.html.jinja")


def _rows(folder: Path, name: str, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """The rows of a table of the batch, a file or a folder of parts; none where there is no such table."""
    parquet, lines = folder / f"{name}.parquet", folder / f"{name}.jsonl"
    try:
        if parquet.exists():
            from pyarrow import dataset

            for batch in dataset.dataset(parquet).to_batches(columns=list(columns)):
                yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
        elif lines.exists():
            for row in _lines(lines):
                yield tuple(row.get(column) for column in columns)
    except (OSError, ValueError) as error:
        raise ReportError(f"{folder}: the table {name} cannot be read: {' '.join(str(error).split())}") from None


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a file of JSON lines; none where there is no such file."""
    if path.exists():
        with path.open("rb") as file:
            yield from map(json.loads, file)


def _facts(folder: Path, set_aside: int) -> tuple[list[tuple[str, str]], int]:
    """The sums over all documents, and how many documents there are."""
    names = ("pieces", "sections", "targets", "statistics", "characters", "removed_characters", "anomalies")
    sums: Counter[str] = Counter()
    count = 0
    for row in _rows(folder, "documents", names):
        count += 1
        sums.update(dict(zip(names, row, strict=True)))
    removed = sums["removed_characters"]
    facts = [
        ("documents 文档", f"{count:,}"),
        ("pieces 篇", f"{sums['pieces']:,}"),
        ("sections 编号段落", f"{sums['sections']:,}"),
        ("targets 目标", f"{sums['targets']:,}"),
        ("statistics 统计", f"{sums['statistics']:,}"),
        ("characters 字", f"{sums['characters']:,}"),
        ("removed 删除", f"{removed:,} ({removed / max(sums['characters'], 1):.1%})"),
        ("anomalies 异常", f"{sums['anomalies']:,}"),
    ]
    return ([*facts, ("set aside 搁置", f"{set_aside:,}")] if set_aside else facts), count


def _chart(title: str, counts: Counter[str], named: Callable[[str], str], more: dict[str, str] | None = None) -> Chart:
    top = counts.most_common(_TOP)
    longest = max((count for _, count in top), default=0) or 1
    bars = [
        Bar(showable(named(name)), f"{count:,}", round(100 * count / longest, 1), showable((more or {}).get(name, "")))
        for name, count in top
    ]
    return Chart(title, bars, len(counts) - len(bars))


def _counted(
    folder: Path, table: str, column: str, title: str, named: Callable[[str], str], example: str = ""
) -> Chart:
    """How often each value of a column stands in a table, the most frequent first, with its first example."""
    counts: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for value, *more in _rows(folder, table, (column, example) if example else (column,)):
        counts[value] += 1
        if more and value not in examples:
            examples[value] = str(more[0])
    return _chart(title, counts, named, examples)


def _removed_charts(folder: Path) -> list[Chart]:
    """Removed characters by kind and by rule, each rule with the words it removed first."""
    kinds: Counter[str] = Counter()
    rules: Counter[str] = Counter()
    times: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for kind, rule, start, end, text in _rows(folder, "removed", ("kind", "rule", "start", "end", "text")):
        kinds[kind] += end - start
        rules[rule] += end - start
        times[rule] += 1
        if rule not in examples:
            examples[rule] = " ".join(str(text)[:_EXAMPLE].split())
    return [
        _chart("removed characters by kind 删除字数（按类别）", kinds, kind_of),
        _chart("removed characters by rule 删除字数（按规则）", rules, lambda r: f"{r}  {times[r]:,} ×", examples),
    ]


def _measure_charts(folder: Path) -> list[Chart]:
    """Measures by kind, targets by unit, and what most targets are set for."""
    kinds: Counter[str] = Counter()
    units: Counter[str] = Counter()
    indicators: Counter[str] = Counter()
    for kind, unit, indicator in _rows(folder, "measures", ("kind", "unit", "indicator_norm")):
        kinds[kind] += 1
        if kind == "target":
            units[unit] += 1
            if indicator:
                indicators[indicator] += 1
    return [
        _chart("measures 数值", kinds, kind_of),
        _chart("targets by unit 目标（按单位）", units, lambda unit: unit or "(no unit 无单位)"),
        _chart("targets by indicator 目标（按指标）", indicators, str),
    ]


def _grid(title: str, columns: list[str], rows: Iterable[Sequence[Any]], total: int) -> Grid:
    cells = [[_cell(value) for value in row] for row in rows]
    numeric = [bool(cells) and all(_is_number(row[i]) for row in cells) for i in range(len(columns))]
    return Grid(title, columns, cells, numeric, total)


def _cell(value: Any) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return number(value)
    return showable(str(value))


def _is_number(cell: str) -> bool:
    return not cell or cell.replace(",", "").replace(".", "", 1).lstrip("-").isdigit()


def _groups_grid(folder: Path) -> Grid:
    """The largest groups of copies, a row each."""
    sizes: Counter[Any] = Counter()
    first: dict[Any, Any] = {}
    for group, representative in _rows(folder, "groups", ("group", "representative")):
        sizes[group] += 1
        first.setdefault(group, representative)
    rows = ((group, size, first[group]) for group, size in sizes.most_common(_TOP))
    return _grid("groups of copies 重复组", ["group 组", "members 成员", "representative 代表"], rows, len(sizes))


def _quarantine_grid(quarantine: list[dict[str, Any]]) -> Grid:
    rows = ((line.get("id"), line.get("reason")) for line in quarantine[:_ROWS])
    return _grid("set aside 搁置的输入", ["input 输入", "reason 原因"], rows, len(quarantine))


def _documents_grid(documents: Sequence[tuple[Any, ...]], total: int) -> Grid:
    return _grid("documents 文档", [f"{name} {word}" for name, word in _DOCUMENT_WORDS], documents, total)


def _run(path: Path) -> str:
    """One line on the run that wrote the tables."""
    try:
        run = json.loads(path.read_bytes())
        return f"planparse {run['planparse']} · {run['schema']} · {', '.join(map(str, run['inputs'][:5]))}"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
