"""Shards to results by several processes (多进程), in input order; a process that dies loses no page but its own."""

from __future__ import annotations

import logging
import os
import pickle
import signal
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from typing import NamedTuple

from planparse.batch.work import Counts, Format, Result, Shard, Wanted, shard_of, work
from planparse.batch.write import joined
from planparse.rules.ruleset import Ruleset, default_rules

_log = logging.getLogger("planparse.batch")
# How many shards are handed out ahead for each worker: enough to keep it busy, few enough to bound memory.
_AHEAD = 2
_PARENT_LOOK = 0.5
_WARMING = "2025年工作计划\n一、工作目标\n检修闸门不少于12扇，完成率达95%。\n更多相关文章推荐："


class Options(NamedTuple):
    """What :func:`planparse.batch.work.work` is called with besides the shard; rules of None are the library's own."""

    rules: Ruleset | None
    wanted: Wanted

    def warm(self) -> None:
        """Compile the rules before the first page is timed; processes forked later share them, in memory too."""
        from planparse.pipeline import parse

        parse(_WARMING, rules=self.rules)

    def work(self, shard: Shard, alone: bool = False) -> Result:
        """The result of a shard."""
        return work(shard, self.rules or default_rules(), self.wanted, alone)


def _start(parent: int) -> None:
    """A worker ends when its parent does, however that ends; an interrupt is the parent's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_PARENT_LOOK)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@lru_cache(maxsize=1)
def _unpacked(options: bytes) -> Options:
    """The options as they were sent with every shard; unpacked once, so that rules are compiled once."""
    unpacked: Options = pickle.loads(options)
    return unpacked


def _work(shard: Shard, options: bytes) -> Result:
    return _unpacked(options).work(shard, alone=True)


Given = tuple[Shard, Result | None]
Found = tuple[Shard, Result, bool]


def results(given: Iterable[Given], options: Options, workers: int) -> Iterator[Found]:
    """Every shard with its result, in their order, and whether that was known; with one worker in this process.

    A shard that comes with a result keeps it. Where a worker dies, the shard it had is done again alone; if that kills
    its worker too, it is done page by page, and the page at fault is set aside.
    """
    if workers > 1:
        yield from _Crew(options, workers).results(given)
        return
    for number, (shard, known) in enumerate(given):
        if not number:
            options.warm()
        yield shard, known or options.work(shard), known is not None


def _kept(result: Result) -> Future[Result]:
    future: Future[Result] = Future()
    future.set_result(result)
    return future


class _Crew:
    def __init__(self, options: Options, workers: int) -> None:
        self.options = options
        self.sent = pickle.dumps(options)
        self.workers = workers
        self.pool: ProcessPoolExecutor | None = None

    def _submit(self, shard: Shard) -> Future[Result]:
        if self.pool is None:
            self.options.warm()
            self.pool = self._new(self.workers)
        try:
            return self.pool.submit(_work, shard, self.sent)
        except BrokenProcessPool as error:
            broken: Future[Result] = Future()
            broken.set_exception(error)
            return broken

    def _new(self, workers: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(workers, initializer=_start, initargs=(os.getpid(),))

    def results(self, given: Iterable[Given]) -> Iterator[Found]:
        waiting: deque[tuple[Shard, Future[Result], bool]] = deque()
        try:
            for shard, known in given:
                future = self._submit(shard) if known is None else _kept(known)
                waiting.append((shard, future, known is not None))
                if len(waiting) >= _AHEAD * self.workers:
                    yield self._take(waiting)
            while waiting:
                yield self._take(waiting)
        finally:
            if self.pool is not None:
                self.pool.shutdown(wait=False, cancel_futures=True)

    def _take(self, waiting: deque[tuple[Shard, Future[Result], bool]]) -> Found:
        shard, future, known = waiting.popleft()
        try:
            return shard, future.result(), known
        except BrokenProcessPool:
            _log.warning("shard=%d stage=parse reason=a worker process died", shard.number)
            if self.pool is not None:
                self.pool.shutdown(wait=False, cancel_futures=True)
                self.pool = None
            result = self._alone(shard)
            # What was in flight behind it goes to new workers.
            for i, (other, old, _) in enumerate(waiting):
                if not old.done() or old.cancelled() or old.exception() is not None:
                    waiting[i] = (other, self._submit(other), False)
            return shard, result, False

    def _alone(self, shard: Shard) -> Result:
        """A shard in a process of its own; where that dies too, each page in one."""
        if (result := self._try(shard)) is not None:
            return result
        parts = []
        for item in shard.items:
            one = shard_of(shard.number, [item])
            part = self._try(one)
            if part is None:
                _log.warning("document=%s stage=parse reason=its worker process died", item.id)
                reason = f"{item.path}: its worker process died twice"
                aside = item._replace(source=None, raw=None, error=reason)
                part = self.options.work(shard_of(shard.number, [aside]))
            parts.append(part)
        return _joined(shard, parts, self.options.wanted.format)

    def _try(self, shard: Shard) -> Result | None:
        with self._new(1) as pool:
            try:
                return pool.submit(_work, shard, self.sent).result()
            except BrokenProcessPool:
                return None


def _joined(shard: Shard, parts: list[Result], format: Format) -> Result:
    """The results of a shard's pages as one, in the bytes that the whole shard would have given."""
    total = Counts()
    for part in parts:
        total += part.counts
    tables = joined([part.tables for part in parts], format)
    reasons = tuple(reason for part in parts for reason in part.reasons)
    texts = tuple(text for part in parts for text in part.texts)
    lines = tuple(found for part in parts for found in part.lines)
    return Result(shard.number, shard.key, tables, total, reasons, texts, lines)
