"""What a run found, for people (汇总), in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from planparse.batch.work import Counts
from planparse.views.widths import pad
from planparse.views.words import by_kind, kind_of


def summary(counts: Counts, out: Path, format: str) -> Iterator[str]:
    """The lines of a run's summary.

    Args:
        counts: what the run found.
        out: the folder of its tables.
        format: how they are written.
    """
    aside = f"set aside 搁置 {counts.set_aside:,} → {out / 'quarantine.jsonl'}" if counts.set_aside else ""
    yield _line("documents 文档", counts.documents, aside)
    yield _line("pieces 篇", counts.pieces)
    yield _line("sections 编号段落", counts.sections)
    yield _line("measures 数值", counts.measures.total(), by_kind(counts.measures))
    yield _line("repairs 修复", counts.repairs.total(), by_kind(counts.repairs))
    yield _line("anomalies 异常", counts.anomalies.total(), by_kind(counts.anomalies))
    share = counts.removed.total() / max(counts.characters, 1)
    of_all = f"{share:.1%} of 占 {counts.characters:,} characters 字"
    yield _line("removed 删除字数", counts.removed.total(), of_all)
    for kind, characters in counts.removed.most_common():
        yield f"  {pad(kind_of(kind), 32)}{characters:>10,}  {counts.removals[kind]:>7,} ×"
    yield f"tables 数据表: {out}/*.{format}"


def _line(name: str, number: int, more: str = "") -> str:
    return f"{pad(name, 22)}{number:>10,}{more and '   ' + more}"
