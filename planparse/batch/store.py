"""Finished shards on disk (断点续跑): each is there whole or not at all, so that a killed run can go on."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from planparse.batch.work import Counts, Result, Shard

NAME = ".shards"
_ABOUT = "shard.json"


class Store:
    """The finished shards of one run, in the hidden folder ``.shards`` of its output.

    Args:
        folder: the run's output folder.
        run: all that the results depend on besides the pages: version, rules, options. Shards of another run are not
            taken.
        resume: whether what an earlier run has finished is kept.
    """

    def __init__(self, folder: Path, run: dict[str, object], resume: bool) -> None:
        self.folder = folder / NAME
        self.run = json.dumps(run, sort_keys=True, ensure_ascii=False)
        if not resume:
            shutil.rmtree(self.folder, ignore_errors=True)
        self._kept: set[int] = set()

    def has(self, shard: Shard) -> bool:
        """Whether :meth:`get` found this shard."""
        return shard.number in self._kept

    def _place(self, number: int) -> Path:
        return self.folder / f"{number:08d}"

    def get(self, shard: Shard) -> Result | None:
        """The result of a shard that was finished before, None where there is none of just these pages."""
        place = self._place(shard.number)
        try:
            about = json.loads((place / _ABOUT).read_bytes())
            if about["key"] != shard.key or about["run"] != self.run:
                return None
            tables = {name: (place / name).read_bytes() for name in about["tables"]}
        except (OSError, ValueError, KeyError, TypeError):
            return None
        self._kept.add(shard.number)
        texts = tuple((id, text) for id, text in about["texts"])
        return Result(
            shard.number, shard.key, tables, Counts.from_dict(about["counts"]), tuple(about["reasons"]), texts
        )

    def put(self, result: Result) -> None:
        """Keep a result: written under another name, made safe, then renamed."""
        place = self._place(result.number)
        part = place.with_name(f"{place.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        about = {
            "key": result.key,
            "run": self.run,
            "tables": list(result.tables),
            "counts": result.counts.as_dict(),
            "reasons": result.reasons,
            "texts": result.texts,
        }
        # Lone surrogates in a name or a text stay what they are.
        for name, data in {**result.tables, _ABOUT: json.dumps(about).encode("ascii")}.items():
            with (part / name).open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        shutil.rmtree(place, ignore_errors=True)
        part.replace(place)

    def clear(self) -> None:
        """Forget all; the tables are in place."""
        shutil.rmtree(self.folder, ignore_errors=True)
