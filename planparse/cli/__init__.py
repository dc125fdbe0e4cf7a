"""The command ``planparse``: one document for people or programs, a batch, the scores, the rules.

Exit status: 0 all inputs done; 1 done, but some were set aside (or a rule failed its check); 2 wrong usage, or nothing
could be read; 130 interrupted. An error is one line on standard error.
"""

from __future__ import annotations

import io
import os
import sys
from typing import Annotated, Any

import typer

from planparse.cli import batch, document, quality
from planparse.cli.options import DONE, INTERRUPTED, WRONG, complain
from planparse.reading.errors import ReadError
from planparse.rules.ruleset import RuleError

__all__ = ["app", "main", "run"]

app = typer.Typer(
    name="planparse",
    help="Scraped Chinese work plans in; clean text, sections, targets and statistics out. 中文工作计划的清洗与解析。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def _planparse(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version. 显示版本")] = False,
) -> None:
    if version:
        import planparse

        typer.echo(f"planparse {planparse.__version__}")
        raise typer.Exit(DONE)


app.command(short_help="One document, to standard output. 解析一个文件")(document.parse)
app.command(short_help="A batch: cleaned text and tables. 批量清洗")(batch.clean)
app.command(short_help="Duplicates among all pieces. 批量查重")(batch.dedupe)
app.command(name="learn-site", short_help="Lines that recur on a site, proposed as rules. 由语料提出样板规则")(
    batch.learn_site
)
app.command(short_help="One HTML page over a batch. 批量报告")(batch.report)
app.command(short_help="What happened to one character. 解释一个字符的去留")(document.explain)
app.command(short_help="Scores against gold annotation. 对照标注评测")(quality.evaluate)
app.command(short_help="Every rule with its examples. 列出并检验规则")(quality.rules)


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
        complain(str(error))
    except OSError as error:
        complain(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except Exception as error:
        # Wrong usage. Which package the class comes from depends on typer's version.
        if not hasattr(error, "format_message"):
            complain(f"internal error: {type(error).__name__}: {error}")
        elif type(error).__name__ == "NoArgsIsHelpError":
            sys.stderr.write(error.format_message() + "\n")
        else:
            complain(error.format_message())
    if status == INTERRUPTED:
        complain("interrupted 已中断")
    return status
