"""Many documents: ``clean``, ``dedupe``, ``learn-site`` and ``report``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planparse.cli.options import (
    SET_ASIDE,
    WRONG,
    IdColumnOption,
    RulesOption,
    TableFormat,
    TextColumnOption,
    UrlColumnOption,
    complain,
    report_item,
    ruleset_of,
    write,
)
from planparse.reading.errors import ReadError
from planparse.rules.ruleset import RuleError

if TYPE_CHECKING:
    from planparse.reading.inputs import Item


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

    ruleset = ruleset_of(rules)
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
        write("\n".join(summary(counts, out, format.value)) + "\n")
    if learn_site is not None and learner is not None:
        found = learner.found()
        write_proposals(learn_site, found)
        if not quiet:
            write(f"proposals 建议 {len(found):,}: {learn_site}/boilerplate.tsv\n")
    if not counts.documents:
        if not counts.set_aside:
            complain(f"{inputs[0]}: holds no page")
        raise typer.Exit(WRONG)
    if counts.set_aside:
        raise typer.Exit(SET_ASIDE)


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
    mask_digits: Annotated[
        bool | None, typer.Option("--mask-digits/--no-mask-digits", help="Any number equals any. 数字视为相同")
    ] = None,
    synonyms: Annotated[
        bool | None, typer.Option("--synonyms/--no-synonyms", help="Words that spinners swap are equal. 近义词视为相同")
    ] = None,
    fold_script: Annotated[
        bool | None,
        typer.Option(
            "--fold-script/--no-fold-script", help="Traditional equals simplified. 繁简视为相同", show_default="fold"
        ),
    ] = None,
    index: Annotated[
        Path | None,
        typer.Option(
            "--index", metavar="PATH", help="Add to this index; report the new against all before. 与已入库的比对"
        ),
    ] = None,
    spill: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Work files go here instead of memory. 中间文件所在文件夹")
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

    ruleset = ruleset_of(rules)
    check_exists(inputs)

    if spill is not None and not spill.is_dir():
        complain(f"{spill}: no such folder")
        raise typer.Exit(WRONG)
    try:
        found, read, aside = dedupe_inputs(
            inputs,
            out,
            near=near,
            contains=contains,
            passage=passage,
            mask_digits=mask_digits,
            synonyms=synonyms,
            fold_script=fold_script,
            spill=spill,
            index=index,
            format=format.value,
            rules=ruleset,
            text_column=text_column,
            on_item=report_item,
        )
    except ValueError as error:
        if isinstance(error, (ReadError, RuleError)):
            raise
        complain(str(error))
        raise typer.Exit(WRONG) from None
    if not quiet:
        said = str(found.comparison)
        relations = ", ".join(f"{name} {count}" for name, count in found.pairs["relation"].value_counts().items())
        write(
            f"documents 文档 {read:,}\npairs 重复对 {len(found.pairs):,}  {relations}\n"
            f"groups 重复组 {found.groups['group'].nunique():,}\npassages 相同段落 {len(found.passages):,}\n"
            f"templates 套话 {found.templates['template'].nunique():,}\n"
            f"{'compared 比较方式 ' * bool(said)}{said}{chr(10) * bool(said)}"
            f"tables 数据表: {out}/*.{format.value}\n"
        )
    if not read:
        raise typer.Exit(WRONG)
    if aside:
        raise typer.Exit(SET_ASIDE)


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
    write(f"proposals 建议 {len(found):,}\nto review, then --rules {out} 审阅后使用: {out}/boilerplate.tsv\n")
    if aside:
        complain(f"{aside} inputs could not be read", "set aside")
        raise typer.Exit(SET_ASIDE)


def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The output folder of clean. clean 的输出文件夹")],
    out: Annotated[
        str | None,
        typer.Option("--out", "-o", metavar="FILE", help="Where to write, - for standard output. 输出文件"),
    ] = None,
) -> None:
    """One HTML page over a batch: what was found, removed, odd, duplicate. 批量报告：一页汇总。"""
    from planparse.views.report import ReportError, to_report

    try:
        page = to_report(folder)
    except ReportError as error:
        complain(str(error))
        raise typer.Exit(WRONG) from None
    if out == "-":
        write(page)
        return
    path = folder / "report.html" if out is None else Path(out)
    path.write_text(page, "utf-8")
    write(f"{path}\n")
