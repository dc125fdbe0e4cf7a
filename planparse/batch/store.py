"""Finished shards on disk (断点续跑): each is there whole or not at all, so that a killed run can go on."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

from planparse.batch.work import Counts, Result, Shard

NAME = ".shards"
_DIGEST = 32


class Store:
    """The finished shards of one run, a file each in the hidden folder ``.shards`` of its output.

    A file is a SHA-256 of the rest, a line of JSON, and the tables' bytes one after the other. It gets its name when it
    is complete, which a killed process cannot spoil; a machine that loses power can leave it torn, and then the hash
    says so and the shard is done again. So nothing has to wait for the disk.

    Args:
        folder: the run's output folder.
        run: all that the results depend on besides the pages: version, rules, options. Shards of another run are not
            taken.
        resume: whether what an earlier run has finished is kept.
    """

    def __init__(self, folder: Path, run: dict[str, object], resume: bool) -> None:
        self.folder = folder / NAME
        self.run = hashlib.sha256(json.dumps(run, sort_keys=True).encode()).hexdigest()
        if not resume:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _place(self, number: int) -> Path:
        return self.folder / f"{number:08d}"

    def get(self, shard: Shard) -> Result | None:
        """The result of a shard that was finished before, None where there is none of just these pages."""
        try:
            data = self._place(shard.number).read_bytes()
            digest, rest = data[:_DIGEST], data[_DIGEST:]
            if hashlib.sha256(rest).digest() != digest:
                return None
            head, _, rest = rest.partition(b"\n")
            about = json.loads(head)
            if about["key"] != shard.key or about["run"] != self.run:
                return None
        except (OSError, ValueError, KeyError, TypeError):
            return None
        tables, at = {}, 0
        for name, size in about["tables"].items():
            tables[name] = rest[at : at + size]
            at += size
        return Result(
            number=shard.number,
            key=shard.key,
            tables=tables,
            counts=Counts.from_dict(about["counts"]),
            reasons=tuple(about["reasons"]),
            texts=tuple((id, text) for id, text in about["texts"]),
            lines=tuple((site, [(key, line, edge) for key, line, edge in found]) for site, found in about["lines"]),
        )

    def put(self, result: Result) -> None:
        """Keep a result."""
        about = {
            "key": result.key,
            "run": self.run,
            "tables": {name: len(data) for name, data in result.tables.items()},
            "counts": result.counts.as_dict(),
            "reasons": result.reasons,
            "texts": result.texts,
            "lines": result.lines,
        }
        # ASCII: lone surrogates in a name or a text stay what they are.
        parts = [json.dumps(about).encode("ascii"), b"\n", *result.tables.values()]
        digest = hashlib.sha256()
        for part in parts:
            digest.update(part)
        place = self._place(result.number)
        waiting = place.with_name(f"{place.name}.part")
        self.folder.mkdir(exist_ok=True)
        try:
            with waiting.open("wb") as file:
                file.writelines([digest.digest(), *parts])
            waiting.replace(place)
        except BaseException:
            # On a full disk its room is needed.
            waiting.unlink(missing_ok=True)
            raise

    def clear(self) -> None:
        """Forget all; the tables are in place."""
        shutil.rmtree(self.folder, ignore_errors=True)
