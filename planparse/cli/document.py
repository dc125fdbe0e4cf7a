"""One document: ``parse`` and ``explain``."""

from __future__ import annotations

import os
import shutil
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from planparse.cli.options import RulesOption, complain, ruleset_of, write
from planparse.reading.errors import ReadError

if TYPE_CHECKING:
    from planparse.document import Document


class View(StrEnum):
    """How ``parse`` shows a document."""

    tree = "tree"
    json = "json"
    tei = "tei"
    markdown = "markdown"


def parse(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A page, or - for standard input. 文件，- 为标准输入")],
    format: Annotated[View, typer.Option("--format", "-f", help="What to print. 输出格式")] = View.tree,
    no_text: Annotated[bool, typer.Option("--no-text", help="JSON without the input text. JSON 不含原文")] = False,
    rules: RulesOption = None,
) -> None:
    """One document, to standard output. 解析一个文件，输出到标准输出。"""
    from planparse.pipeline import from_source, read

    ruleset = ruleset_of(rules)
    if file == "-":
        from planparse.reading.source import read_source

        doc = from_source(read_source(sys.stdin.buffer.read()), "stdin", ruleset)
    else:
        doc = read(file, rules=ruleset)
    for anomaly in doc.anomalies:
        if anomaly.kind == "undecodable":
            complain(f"{file}: {anomaly.message}", "warning")
    write(_shown(doc, format, not no_text))


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


def explain(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A page. 文件")],
    at: Annotated[int, typer.Option("--at", metavar="OFFSET", help="Which character of the text. 字符位置")],
    rules: RulesOption = None,
) -> None:
    """What happened to one character of a page, and by which rule line. 说明一个字符被如何处理及所依规则。"""
    from planparse.pipeline import read
    from planparse.rules.ruleset import default_rules
    from planparse.views.explain import explain as story

    ruleset = ruleset_of(rules) or default_rules()
    try:
        write(story(read(file, rules=ruleset), at, ruleset) + "\n")
    except IndexError as error:
        raise ReadError(file, str(error)) from None
