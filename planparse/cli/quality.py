"""How good it is: ``evaluate`` and ``rules``."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planparse.cli.options import SET_ASIDE, RulesOption, ruleset_of, write
from planparse.reading.errors import ReadError

if TYPE_CHECKING:
    from planparse.rules.ruleset import Rule, Ruleset


class Group(StrEnum):
    """What ``evaluate`` splits its counts by: kind of boilerplate, style of label, role of measure."""

    kind = "kind"
    style = "style"
    role = "role"


def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLD_DIR", help="A folder of gold annotation. 人工标注文件夹")],
    errors: Annotated[bool, typer.Option("--errors", help="Show each difference. 列出每处差异")] = False,
    by: Annotated[Group | None, typer.Option("--by", help="Split the counts too. 分组统计")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Scores as JSON. 以 JSON 输出")] = False,
    second: Annotated[
        Path | None,
        typer.Option(
            "--second", metavar="DIR", help="Instead: how far a second annotation agrees. 与第二份标注的一致性"
        ),
    ] = None,
    rules: RulesOption = None,
) -> None:
    """Precision, recall and F1 per layer against gold annotation. 对照人工标注评测。"""
    from planparse.evaluation.command import agreement_command, evaluate_command
    from planparse.evaluation.inline import GoldError

    try:
        if second is not None:
            agreement_command(gold, second, typer.echo)
            return
        evaluate_command(
            gold,
            rules=ruleset_of(rules),
            errors=errors,
            by=by.value if by else None,
            as_json=as_json,
            write=typer.echo,
        )
    except GoldError as error:
        raise ReadError(str(gold), str(error).removeprefix(f"{gold}: ")) from None


def rules(
    check: Annotated[bool, typer.Option("--check", help="Run every rule on its examples. 逐条检验规则")] = False,
    directories: RulesOption = None,
) -> None:
    """Every rule with its examples. 列出全部规则及示例。"""
    from planparse.rules.ruleset import default_rules

    ruleset = ruleset_of(directories) or default_rules()
    total = sum(1 for _ in ruleset.rules())
    if not check:
        write("\n".join(_listing(ruleset)) + f"\n{total} rules 条规则, {len(ruleset.tables)} tables 个表\n")
        return
    from planparse.rules.check import check as failures

    failed = 0
    for rule, message in failures(ruleset):
        failed += 1
        write(f"{rule.file}:{rule.line} {rule.id}: {message}\n")
    verdict = f"{failed} failures 处不符" if failed else "all hold 全部符合"
    write(f"{total} rules 条规则: {verdict}\n")
    if failed:
        raise typer.Exit(SET_ASIDE)


def _listing(ruleset: Ruleset) -> Iterator[str]:
    """Each table with its counts, each rule with where it comes from, what it matches and its examples."""
    for name, table in ruleset.tables.items():
        examples, unlikes = (
            sum(map(len, cells)) for cells in ([r.examples for r in table], [r.unlikes for r in table])
        )
        yield f"# {name}: {len(table)} rules 条规则, {examples} examples 正例, {unlikes} unlike 反例"
        for rule in table:
            yield f"{rule.id}\t{rule.source}:{rule.line}\t{_mechanism(rule)}"
            yield from (f"    + {_visible(example)}" for example in rule.examples)
            yield from (f"    - {_visible(unlike)}" for unlike in rule.unlikes)
        yield ""


def _mechanism(rule: Rule) -> str:
    """What a rule matches: its pattern or surface, or else its other cells."""
    for column in ("pattern", "surface"):
        if rule[column]:
            return _visible(rule[column])
    cells = [f"{k}={v}" for k, v in rule.cells.items() if v and k not in ("id", "example", "unlike")]
    return _visible(" ".join(cells))


def _visible(text: str) -> str:
    return text.replace("\n", "↵").replace("\t", "⇥")
