"""The command ``planparse``: one document for people or programs, a batch, the scores, the rules.

Exit status: 0 all inputs done; 1 done, but some were set aside (or a rule failed its check); 2 wrong usage, or nothing
could be read; 130 interrupted. An error is one line on standard error.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planparse.reading.errors import ReadError
from planparse.rules.ruleset import RuleError

if TYPE_CHECKING:
    from planparse.document import Document
    from planparse.reading.inputs import Item
    from planparse.rules.ruleset import Rule, Ruleset

app = typer.Typer(
    name="planparse",
    help="Scraped Chinese work plans in; clean text, sections, targets and statistics out. 中文工作计划的清洗与解析。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

# Clears the rest of a terminal's line.
_CLEAR = "\x1b[K"

DONE, SET_ASIDE, WRONG, INTERRUPTED = 0, 1, 2, 130


class View(StrEnum):
    """How ``parse`` shows a document."""

    tree = "tree"
    json = "json"
    tei = "tei"
    markdown = "markdown"


class TableFormat(StrEnum):
    """How ``clean`` writes its tables."""

    parquet = "parquet"
    jsonl = "jsonl"


class Group(StrEnum):
    """What ``evaluate`` splits its counts by: kind of boilerplate, style of label, role of measure."""

    kind = "kind"
    style = "style"
    role = "role"


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


@app.callback(invoke_without_command=True)
def _planparse(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version. 显示版本")] = False,
) -> None:
    if version:
        import planparse

        typer.echo(f"planparse {planparse.__version__}")
        raise typer.Exit(DONE)


@app.command(short_help="One document, to standard output. 解析一个文件")
def parse(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A page, or - for standard input. 文件，- 为标准输入")],
    format: Annotated[View, typer.Option("--format", "-f", help="What to print. 输出格式")] = View.tree,
    no_text: Annotated[bool, typer.Option("--no-text", help="JSON without the input text. JSON 不含原文")] = False,
    rules: RulesOption = None,
) -> None:
    """One document, to standard output. 解析一个文件，输出到标准输出。"""
    from planparse.pipeline import from_source, read

    ruleset = _ruleset(rules)
    if file == "-":
        from planparse.reading.source import read_source

        doc = from_source(read_source(sys.stdin.buffer.read()), "stdin", ruleset)
    else:
        doc = read(file, rules=ruleset)
    for anomaly in doc.anomalies:
        if anomaly.kind == "undecodable":
            _complain(f"{file}: {anomaly.message}", "warning")
    _write(_shown(doc, format, not no_text))


def _shown(doc: Document, view: View, text: bool) -> str | bytes:
    if view is View.json:
        from planparse.views.jsonable import dumps

        return dumps(doc.to_dict(text=text)) + b"\n"
    if view is View.tei:
        return doc.to_tei()
    if view is View.markdown:
        return doc.to_markdown()
    terminal = sys.stdout.isatty()
    color = terminal and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    width = shutil.get_terminal_size((100, 24)).columns if terminal else 100
    return doc.to_tree(width=width, color=color) + "\n"


@app.command(short_help="A batch: cleaned text and tables. 批量清洗")
def clean(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT", help="Files, folders, globs. 文件、文件夹或通配符")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the tables. 输出文件夹")],
    format: Annotated[
        TableFormat, typer.Option("--format", "-f", help="Parquet or JSON lines. 表格格式")
    ] = TableFormat.parquet,
    text_dir: Annotated[
        Path | None,
        typer.Option("--text-dir", metavar="DIR", help="Also write each cleaned text here. 清洗后文本的文件夹"),
    ] = None,
    text_column: TextColumnOption = None,
    id_column: IdColumnOption = None,
    url_column: UrlColumnOption = None,
    workers: Annotated[
        int | None, typer.Option("--workers", "-j", min=1, metavar="N", help="Processes; all cores. 进程数")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an interrupted run. 断点续跑")] = False,
    time_limit: Annotated[
        float, typer.Option("--time-limit", min=0, metavar="S", help="Most seconds a page; 0: any. 单页时限")
    ] = 60.0,
    learn_site: Annotated[
        Path | None,
        typer.Option("--learn-site", metavar="DIR", help="Then propose rules for recurring lines. 另提出样板规则"),
    ] = None,
    rules: RulesOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No summary. 不显示汇总")] = False,
) -> None:
    """A batch: cleaned text and tables of everything found. 批量清洗，输出数据表。"""
    from planparse.batch.learn import Learner, write_proposals
    from planparse.batch.progress import Progress
    from planparse.batch.run import clean_inputs, cores
    from planparse.batch.summary import summary
    from planparse.reading.inputs import check_exists

    ruleset = _ruleset(rules)
    check_exists(inputs)
    learner = None if learn_site is None else Learner()

    with Progress(inputs, sys.stderr, quiet) as progress:

        def report(item: Item, reason: str | None) -> None:
            progress.advance(reason is not None)
            if reason is not None:
                progress.say(f"planparse: set aside: {' '.join(reason.split())}")

        counts = clean_inputs(
            inputs,
            out,
            format=format.value,
            text_dir=text_dir,
            rules=ruleset,
            text_column=text_column,
            id_column=id_column,
            url_column=url_column,
            workers=workers or cores(),
            resume=resume,
            time_limit=time_limit or None,
            learner=learner,
            on_item=report,
        )
    if not quiet:
        _write("\n".join(summary(counts, out, format.value)) + "\n")
    if learn_site is not None and learner is not None:
        found = learner.found()
        write_proposals(learn_site, found)
        if not quiet:
            _write(f"proposals 建议 {len(found):,}: {learn_site}/boilerplate.tsv\n")
    if not counts.documents:
        if not counts.set_aside:
            _complain(f"{inputs[0]}: holds no page")
        raise typer.Exit(WRONG)
    if counts.set_aside:
        raise typer.Exit(SET_ASIDE)


@app.command(short_help="Duplicates among all pieces. 批量查重")
def dedupe(
    inputs: Annotated[
        list[str], typer.Argument(metavar="INPUT...", help="Files, folders, globs. 文件、文件夹或通配符")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the tables. 输出文件夹")],
    near: Annotated[
        float | None, typer.Option(help="Jaccard of near copies, at least. 近似重复的下限", show_default="0.7")
    ] = None,
    contains: Annotated[
        float | None, typer.Option(help="Share of the shorter one, at least. 包含比例的下限", show_default="0.8")
    ] = None,
    passage: Annotated[
        int | None, typer.Option(help="Characters of a shared run, at least. 相同段落的最少字数", show_default="50")
    ] = None,
    index: Annotated[
        Path | None,
        typer.Option(
            "--index", metavar="PATH", help="Add to this index; report the new against all before. 与已入库的比对"
        ),
    ] = None,
    format: Annotated[
        TableFormat, typer.Option("--format", "-f", help="Parquet or JSON lines. 表格格式")
    ] = TableFormat.parquet,
    text_column: TextColumnOption = None,
    rules: RulesOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No summary. 不显示汇总")] = False,
) -> None:
    """Duplicate pieces: exact, near, contained, shared passages. 查重：相同、近似、包含、相同段落。"""
    from planparse.batch.dedupe import dedupe_inputs
    from planparse.reading.inputs import check_exists

    ruleset = _ruleset(rules)
    check_exists(inputs)

    try:
        found, read, aside = dedupe_inputs(
            inputs,
            out,
            near=near,
            contains=contains,
            passage=passage,
            index=index,
            format=format.value,
            rules=ruleset,
            text_column=text_column,
            on_item=_report,
        )
    except ValueError as error:
        if isinstance(error, (ReadError, RuleError)):
            raise
        _complain(str(error))
        raise typer.Exit(WRONG) from None
    if not quiet:
        relations = ", ".join(f"{name} {count}" for name, count in found.pairs["relation"].value_counts().items())
        _write(
            f"documents 文档 {read:,}\npairs 重复对 {len(found.pairs):,}  {relations}\n"
            f"groups 重复组 {found.groups['group'].nunique():,}\npassages 相同段落 {len(found.passages):,}\n"
            f"tables 数据表: {out}/*.{format.value}\n"
        )
    if not read:
        raise typer.Exit(WRONG)
    if aside:
        raise typer.Exit(SET_ASIDE)


@app.command(name="learn-site", short_help="Lines that recur on a site, proposed as rules. 由语料提出样板规则")
def learn_site(
    inputs: Annotated[
        list[str], typer.Argument(metavar="INPUT...", help="Files, folders, globs. 文件、文件夹或通配符")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the rule table. 规则表文件夹")],
    min_documents: Annotated[int, typer.Option(min=2, help="Documents of a site with the line. 最少篇数")] = 5,
    min_share: Annotated[float, typer.Option(min=0.01, max=1, help="Share of its documents. 最小比例")] = 0.3,
    text_column: TextColumnOption = None,
    url_column: UrlColumnOption = None,
) -> None:
    """Lines that recur on a site, proposed as boilerplate rules for review; nothing is applied. 提出样板规则供审阅。"""
    from planparse.batch.learn import learn_site as learned
    from planparse.reading.columns import Columns
    from planparse.reading.inputs import check_exists

    check_exists(inputs)
    columns = Columns(text=text_column, url=url_column)
    found, aside = learned(inputs, out, least_documents=min_documents, least_share=min_share, columns=columns)
    _write(f"proposals 建议 {len(found):,}\nto review, then --rules {out} 审阅后使用: {out}/boilerplate.tsv\n")
    if aside:
        _complain(f"{aside} inputs could not be read", "set aside")
        raise typer.Exit(SET_ASIDE)


@app.command(short_help="What happened to one character. 解释一个字符的去留")
def explain(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A page. 文件")],
    at: Annotated[int, typer.Option("--at", metavar="OFFSET", help="Which character of the text. 字符位置")],
    rules: RulesOption = None,
) -> None:
    """What happened to one character of a page, and by which rule line. 说明一个字符被如何处理及所依规则。"""
    from planparse.pipeline import read
    from planparse.rules.ruleset import default_rules
    from planparse.views.explain import explain as story

    ruleset = _ruleset(rules) or default_rules()
    try:
        _write(story(read(file, rules=ruleset), at, ruleset) + "\n")
    except IndexError as error:
        raise ReadError(file, str(error)) from None


@app.command(short_help="Scores against gold annotation. 对照标注评测")
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
            rules=_ruleset(rules),
            errors=errors,
            by=by.value if by else None,
            as_json=as_json,
            write=typer.echo,
        )
    except GoldError as error:
        raise ReadError(str(gold), str(error).removeprefix(f"{gold}: ")) from None


@app.command(short_help="Every rule with its examples. 列出并检验规则")
def rules(
    check: Annotated[bool, typer.Option("--check", help="Run every rule on its examples. 逐条检验规则")] = False,
    directories: RulesOption = None,
) -> None:
    """Every rule with its examples. 列出全部规则及示例。"""
    from planparse.rules.ruleset import default_rules

    ruleset = _ruleset(directories) or default_rules()
    total = sum(1 for _ in ruleset.rules())
    if not check:
        _write("\n".join(_listing(ruleset)) + f"\n{total} rules 条规则, {len(ruleset.tables)} tables 个表\n")
        return
    from planparse.rules.check import check as failures

    failed = 0
    for rule, message in failures(ruleset):
        failed += 1
        _write(f"{rule.file}:{rule.line} {rule.id}: {message}\n")
    verdict = f"{failed} failures 处不符" if failed else "all hold 全部符合"
    _write(f"{total} rules 条规则: {verdict}\n")
    if failed:
        raise typer.Exit(SET_ASIDE)


def _report(item: Item, reason: str | None) -> None:
    """Say on standard error what was set aside."""
    if reason is not None:
        _complain(reason, "set aside")


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


def _ruleset(directories: list[Path] | None) -> Ruleset | None:
    """The library's rules with the user's own; None for the library's alone."""
    if not directories:
        return None
    from planparse.rules.ruleset import Ruleset

    return Ruleset.load(directories)


def _write(output: str | bytes) -> None:
    """Write to standard output, in UTF-8 in any locale."""
    data = output if isinstance(output, bytes) else output.encode("utf-8", "backslashreplace")
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _complain(message: str, what: str = "error") -> None:
    clear = f"\r{_CLEAR}" if sys.stderr.isatty() else ""
    sys.stderr.write(f"{clear}planparse: {what}: {' '.join(message.split())}\n")


def main() -> None:
    """The console entry."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run the command with these arguments; its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    command: Any = typer.main.get_command(app)
    status = WRONG
    try:
        status = int(command.main(arguments, prog_name="planparse", standalone_mode=False) or DONE)
        sys.stdout.flush()
    except (KeyboardInterrupt, typer.Abort):
        status = INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has had enough; nothing may be flushed to it when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = DONE
    except (ReadError, RuleError) as error:
        _complain(str(error))
    except OSError as error:
        _complain(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except Exception as error:
        # Wrong usage. Which package the class comes from depends on typer's version.
        if not hasattr(error, "format_message"):
            _complain(f"internal error: {type(error).__name__}: {error}")
        elif type(error).__name__ == "NoArgsIsHelpError":
            sys.stderr.write(error.format_message() + "\n")
        else:
            _complain(error.format_message())
    if status == INTERRUPTED:
        _complain("interrupted 已中断")
    return status
