"""Cleaned texts as files (清洗后的文本), one a document, named after its id."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath


class Texts:
    """Writes cleaned texts to a folder; of the names used it keeps a 64-bit hash each, some 60 bytes a document.

    Args:
        folder: where they go.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._used: set[int] = set()

    def write(self, id: str, text: str) -> None:
        """Write a document's cleaned text: that of ``a/b.html:3`` goes to ``a/b.html_3.txt``."""
        path = self._path(id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "replace"))

    def _path(self, id: str) -> Path:
        parts = [_name(part) for part in PurePosixPath(id).parts if part not in ("/", "..")]
        path = self.folder.joinpath(*parts) if parts else self.folder / "text"
        if path.suffix != ".txt":
            path = path.with_name(path.name + ".txt")
        stem, again = path, 2
        while (mark := _hash(path)) in self._used:
            path, again = stem.with_name(f"{stem.stem}~{again}.txt"), again + 1
        self._used.add(mark)
        return path


def _name(part: str) -> str:
    """A name that every file system takes: an id may be an address of any length."""
    name = "".join("_" if character in ':?*"<>|\\' or character < " " else character for character in part)
    if len(name.encode("utf-8", "replace")) > 200:
        name = f"{name[:60]}~{hashlib.sha256(part.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"
    return name


def _hash(path: Path) -> int:
    name = str(path).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(name, digest_size=8).digest())
