"""Gold annotation read from a folder: standoff JSON with its text beside it, or inline XML."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from planparse.evaluation.inline import GoldError, read_inline

_NEEDED = ("headings", "measures", "pieces", "removed", "wraps")


def read_gold(directory: Path) -> Iterator[dict[str, Any]]:
    """The gold documents of a folder and its subfolders, in the order of their paths.

    A document is ``NAME.gold.json`` with ``NAME.txt`` beside it, or an inline ``NAME.xml``.

    Raises:
        GoldError: where a file breaks the format or belongs to another text.
    """
    paths = sorted([*directory.rglob("*.gold.json"), *directory.rglob("*.xml")])
    if not paths:
        raise GoldError(f"{directory}: no gold here (*.gold.json or *.xml)")
    for path in paths:
        yield read_inline(path) if path.suffix == ".xml" else _read_standoff(path)


def _read_standoff(path: Path) -> dict[str, Any]:
    page = path.with_name(path.name.removesuffix(".gold.json") + ".txt")
    try:
        gold: dict[str, Any] = json.loads(path.read_bytes())
        text = page.read_bytes().decode("utf-8-sig")
    except (OSError, ValueError) as error:
        raise GoldError(f"{path}: {error}") from None
    for field in _NEEDED:
        if not isinstance(gold.get(field), list):
            raise GoldError(f"{path}: no list {field!r}")
    if "sha256" in gold and gold["sha256"] != hashlib.sha256(text.encode("utf-8")).hexdigest():
        raise GoldError(f"{path}: belongs to another text than {page.name} (sha256 differs)")
    gold["text"] = text
    gold.setdefault("id", page.stem)
    return gold
