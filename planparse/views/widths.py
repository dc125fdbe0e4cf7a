"""How wide text is on a terminal (显示宽度): a Chinese character takes two columns."""

from __future__ import annotations

import unicodedata


def width(text: str) -> int:
    """The number of columns that a text takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def cut(text: str, columns: int) -> str:
    """A text of one line cut to so many columns, with ``…`` where something is missing."""
    if width(text) <= columns:
        return text
    taken, room = [], columns - 1
    for character in text:
        room -= _columns(character)
        if room < 0:
            break
        taken.append(character)
    return "".join(taken).rstrip() + "…" if columns > 0 else ""


def pad(text: str, columns: int, right: bool = False) -> str:
    """A text filled up with blanks to so many columns, on its right, or on its left with ``right``."""
    blanks = " " * (columns - width(text))
    return blanks + text if right else text + blanks


def wrapped(text: str, columns: int) -> list[str]:
    """A text of one line broken into lines of at most so many columns (at least two)."""
    lines: list[str] = []
    line: list[str] = []
    room = columns
    for character in text:
        taken = _columns(character)
        if taken > room and line:
            lines.append("".join(line))
            line, room = [], columns
        line.append(character)
        room -= taken
    return [*lines, "".join(line)]


def one_line(text: str) -> str:
    """A text on one line; what would move the cursor or change its colour is shown as U+FFFD."""
    return "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cs") else c for c in " ".join(text.split()))


def _columns(character: str) -> int:
    if unicodedata.east_asian_width(character) in "WF":
        return 2
    return 0 if unicodedata.category(character) in ("Mn", "Me", "Cf") else 1
