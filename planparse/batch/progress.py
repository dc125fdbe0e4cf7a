"""How far a run is (进度): a bar on a terminal, now and then a plain line elsewhere, nothing where quiet is wanted."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from planparse.reading.inputs import files
from planparse.reading.source import RECORDS, kind_of

# Seconds between plain lines.
_EVERY = 30.0
# More files than this are not counted beforehand.
_MOST_COUNTED = 1_000_000


class Progress:
    """Pages done, pages a second, time left where the number of pages is known, and how many were set aside.

    Args:
        inputs: what the run reads; files of many records hold an unknown number of pages.
        output: where to show it; a bar only where it is a terminal.
        quiet: show nothing but complaints.
    """

    def __init__(self, inputs: Iterable[str | Path], output: TextIO, quiet: bool) -> None:
        self.output = output
        self.done = self.aside = 0
        self.started = self.shown = time.monotonic()
        self.quiet = quiet
        self.total = None if quiet else _total(inputs)
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Self:
        if not self.quiet and self.output.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            self._bar = Bar(
                TextColumn("pages 页"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[rate]:.0f}/s  set aside 搁置 {task.fields[aside]}"),
                TimeRemainingColumn(),
                console=Console(file=self.output),
                transient=True,
            )
            self._bar.start()
            self._task = self._bar.add_task("", total=self.total, rate=0.0, aside=0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def advance(self, aside: bool) -> None:
        """One more page is done."""
        self.done += 1
        self.aside += aside
        now = time.monotonic()
        rate = self.done / max(now - self.started, 1e-9)
        if self._bar is not None:
            self._bar.update(self._task, completed=self.done, rate=rate, aside=self.aside)
        elif not self.quiet and now - self.shown >= _EVERY:
            self.shown = now
            of_all = left = ""
            if self.total:
                seconds = round(max(0, self.total - self.done) / rate)
                of_all, left = (
                    f" of {self.total:,}",
                    f", {seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02} left",
                )
            self.output.write(f"{self.done:,}{of_all} pages 页, {rate:.0f}/s{left}, set aside 搁置 {self.aside:,}\n")
            self.output.flush()

    def say(self, line: str) -> None:
        """A line of its own, above the bar."""
        if self._bar is not None:
            self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)
        else:
            self.output.write(line + "\n")


def _total(inputs: Iterable[str | Path]) -> int | None:
    """The number of pages, None where it cannot be told without reading them."""
    total = 0
    for given in inputs:
        for file in files(given):
            total += 1
            if kind_of(file.path.name)[0] in RECORDS or total > _MOST_COUNTED:
                return None
    return total
