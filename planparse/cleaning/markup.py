"""Leftovers of markup that span lines or are pairs (标记残留): scripts, comments, Markdown links."""

from __future__ import annotations

import re

from planparse.document import Edit

_OPENERS = re.compile(r"<(?:(script|style)\b[^<>]{0,300}>|!--)", re.IGNORECASE)
_LINK = re.compile(
    r"\[(?<!!\[)([^\[\]\n]{1,120})\]\((?:#[^()\s]{0,100}|(?:https?:|ftp:|mailto:|javascript:|\.{0,2}/|www\.)[^()\s]{0,400}|"
    r"[\w\-./]{1,200}\.(?:s?html?|php|aspx?|jsp)[^()\s]{0,100})(?: \"[^\"\n]{0,100}\")?\)"
)
_LONGEST_BLOCK = 200_000


def markup(text: str) -> list[Edit]:
    """The removals of scripts, styles, comments, and of the brackets and addresses of Markdown links."""
    edits = _blocks(text) if "<" in text else []
    if "](" in text:
        for match in _LINK.finditer(text):
            edits.append(Edit(match.start(), match.start() + 1, "markup", "markdown-link"))
            edits.append(Edit(match.end(1), match.end(), "markup", "markdown-link"))
    return edits


def _blocks(text: str) -> list[Edit]:
    edits: list[Edit] = []
    at = 0
    lowered = ""
    missing: set[str] = set()
    while match := _OPENERS.search(text, at):
        at = match.end()
        closer = f"</{match.group(1).lower()}>" if match.group(1) else "-->"
        if closer in missing:
            continue
        lowered = lowered or text.lower()
        if len(lowered) != len(text):  # A few characters grow when lowered; their pages lose nothing but this.
            return edits
        end = lowered.find(closer, at)
        if end < 0:
            missing.add(closer)
        elif end - at <= _LONGEST_BLOCK:
            at = end + len(closer)
            edits.append(Edit(match.start(), at, "markup", "comment" if closer == "-->" else "script"))
    return edits
