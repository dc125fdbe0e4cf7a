"""Leftovers of markup that span lines or are pairs (标记残留): scripts, comments, Markdown links."""

from __future__ import annotations

import re

from planparse.cleaning.patterns import HAN
from planparse.document import Edit

_OPENERS = re.compile(r"<(?:(script|style)\b[^<>]{0,300}>|!--)", re.IGNORECASE)
_LINK = re.compile(
    r"\[(?<!!\[)([^\[\]\n]{1,120})\]\((?:#[^()\s]{0,100}|(?:https?:|ftp:|mailto:|\.{0,2}/|www\.)[^()\s]{0,400}|"
    r"javascript:[^()\s]{0,200}(?:\([^()\n]{0,100}\)[^()\s]{0,100}){0,4}|"
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
    if "**" in text:
        edits += _emphasis(text)
    return edits


# Two stars are also how names are masked (**镇, 张**). Emphasis (着重) stands in pairs with words between, opens where
# a phrase may open, and is on nearly all of the page's stars or on a page with other Markdown.
_STRONG = re.compile(
    rf"(?<![*{HAN}A-Za-z\d_])(?:(?<=[^*])|^)\*\*(?=[{HAN}A-Za-z\d“《（(【\[])([^*\n]{{1,120}})(?<=[^ ，、；,;])\*\*"
    rf"(?=[：:，。；！？、,;（( \n]|$|(?<=[：:。！？；]\*\*))",
    re.MULTILINE,
)
_RULE = re.compile(r"^\*{3}$", re.MULTILINE)
_HEADING = re.compile(r"^ {0,3}#{1,6} {1,3}\S", re.MULTILINE)


def _emphasis(text: str) -> list[Edit]:
    found = [match.span() for match in _STRONG.finditer(text)]
    if not found:
        return []
    stars = text.count("**")
    if len(found) * 2 < stars and not (len(found) * 3 >= stars and _HEADING.search(text)):
        return []
    if len(found) == 1 and not _HEADING.search(text) and found[0][1] - found[0][0] < 8:
        return []
    edits = [Edit(at, at + 2, "markup", "markdown-emphasis") for start, end in found for at in (start, end - 2)]
    edits += [Edit(*match.span(), "markup", "markdown-rule") for match in _RULE.finditer(text)]
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
