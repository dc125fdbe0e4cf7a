"""The quality gate (质量门槛): on our own gold no figure falls below the floors in ``quality.json``.

``python tests/test_quality.py`` writes the file anew: the figures as they are, and the hash of the gold that they hold
for. A change that lowers a floor, or changes the gold, changes the file in a commit of its own that says why.
"""

from __future__ import annotations

import hashlib
import json
from math import floor
from pathlib import Path
from typing import Any

import pytest

from planparse.evaluation.command import evaluate
from planparse.evaluation.score import total

GOLD = Path(__file__).parents[1] / "corpora" / "gold"
FLOORS = Path(__file__).with_name("quality.json")
FOLDERS = ("sample", "dev", "test")


def hash_of(folder: Path) -> str:
    """SHA-256 of the names and contents of a folder's gold."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.xml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def figures(folder: Path) -> dict[str, Any]:
    """F1 of every layer, cut (not rounded) to three decimals, and the content lost per 10,000 characters."""
    one = total(evaluate(folder))
    return {
        "gold": hash_of(folder),
        "documents": one.documents,
        "lossless": one.lossless,
        "lost_per_10000": round(one.lost_per_10000, 3),
        "f1": {name: floor(counts.f1 * 1000) / 1000 for name, counts in one.layers.items()},
    }


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_figure_falls_below_its_floor(folder: str) -> None:
    floors, now = json.loads(FLOORS.read_bytes())[folder], figures(GOLD / folder)
    assert now["gold"] == floors["gold"], "the gold has changed: write the floors anew, in a commit of their own"
    assert now["lossless"] == now["documents"] == floors["documents"]
    assert now["lost_per_10000"] <= floors["lost_per_10000"]
    assert now["f1"].keys() == floors["f1"].keys()
    fallen = {layer: (f1, now["f1"][layer]) for layer, f1 in floors["f1"].items() if now["f1"][layer] < f1}
    assert not fallen


if __name__ == "__main__":
    FLOORS.write_text(json.dumps({name: figures(GOLD / name) for name in FOLDERS}, indent=1) + "\n", "utf-8")
