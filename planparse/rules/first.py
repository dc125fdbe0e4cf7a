"""What characters a pattern can begin with, so that a scan tries it only there.

Reads the part of the syntax that the tables use: literals, classes, groups, alternatives, look-behind and quantifiers.
A pattern that it cannot read has None for an answer, and is then tried everywhere.
"""

from __future__ import annotations

import re

_QUANTIFIER = re.compile(r"[*+?]|\{[0-9]*,?[0-9]*\}")
_FEW = 12
_DIGITS = frozenset("0123456789")


def alternatives(pattern: str) -> list[str]:
    """The alternatives of a pattern at its top level."""
    parts = []
    depth = 0
    at = start = 0
    while at < len(pattern):
        character = pattern[at]
        if character == "\\":
            at += 1
        elif character == "[":
            at = _class_end(pattern, at)
        elif character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
        elif character == "|" and not depth:
            parts.append(pattern[start:at])
            start = at + 1
        at += 1
    return [*parts, pattern[start:]]


def first_characters(pattern: str) -> frozenset[str] | None:
    """The characters that a match can begin with; None where they cannot be told."""
    found: set[str] = set()
    for alternative in alternatives(pattern):
        first = _first(alternative)
        if first is None:
            return None
        found |= first
    return frozenset(found)


def prefixes(pattern: str) -> frozenset[str] | None:
    """Strings such that every match begins with one of them; None where they cannot be told.

    Longer ones are found in fewer places: the prefix of ``力争(?!了)`` is 力争, those of ``[一二]季度`` are 一 and 二.
    """
    found: set[str] = set()
    for alternative in alternatives(pattern):
        some = _prefixes_of_one(alternative)
        if some is None:
            return None
        found |= some
    return frozenset(found)


def _prefixes_of_one(pattern: str) -> frozenset[str] | None:
    found: frozenset[str] = frozenset()
    literal = ""
    at = 0
    while at < len(pattern):
        end = _item_end(pattern, at)
        if end is None:
            break
        item = pattern[at:end]
        quantifier = _QUANTIFIER.match(pattern, end)
        at = quantifier.end() if quantifier else end
        if item.startswith(("(?<", "(?!", "(?=")):
            if literal:
                break
            continue
        if quantifier is None and len(item) == 1:
            literal += item
            continue
        if literal:
            break
        some = prefixes(item[3:-1]) if item.startswith("(?:") else _of_item(item)
        if some is None:
            return None
        following = pattern[at : at + 1]
        if quantifier is None and not found and item[0] == "[" and len(some) <= _FEW and _plain(pattern, at):
            # [1-9]月: twelve strings of two characters are found in fewer places than nine digits.
            return frozenset(first + following for first in some)
        found |= some
        if quantifier is None or not (quantifier.group() in "*?" or quantifier.group().startswith(("{0", "{,"))):
            return found
    return found | {literal} if literal else None


def _plain(pattern: str, at: int) -> bool:
    """Whether a literal without a quantifier stands at ``at``."""
    end = _item_end(pattern, at) if at < len(pattern) else None
    return end == at + 1 and pattern[at] not in "[(\\" and _QUANTIFIER.match(pattern, end) is None


def _first(pattern: str) -> frozenset[str] | None:
    """Of a pattern without alternatives at its top level."""
    found: frozenset[str] = frozenset()
    at = 0
    while at < len(pattern):
        end = _item_end(pattern, at)
        if end is None:
            return None
        item = pattern[at:end]
        quantifier = _QUANTIFIER.match(pattern, end)
        at = quantifier.end() if quantifier else end
        if item.startswith(("(?<", "(?!", "(?=")):
            continue
        first = _of_item(item)
        if first is None:
            return None
        found |= first
        if quantifier is None or not (quantifier.group() in "*?" or quantifier.group().startswith(("{0", "{,"))):
            return found
    # All of it may be empty: it could match anywhere.
    return None


def _item_end(pattern: str, at: int) -> int | None:
    character = pattern[at]
    if character == "\\":
        return at + 2
    if character == "[":
        return _class_end(pattern, at) + 1
    if character == "(":
        return _group_end(pattern, at)
    return None if character in ".^$*+?{" else at + 1


def _of_item(item: str) -> frozenset[str] | None:
    if item[0] == "\\":
        if item[1] == "d":
            return _DIGITS
        return None if item[1].isalnum() else frozenset(item[1])
    if item[0] == "[":
        return _of_class(item[1:-1])
    if item[0] == "(":
        return first_characters(item[3:-1]) if item.startswith("(?:") else None
    return frozenset(item)


def _of_class(body: str) -> frozenset[str] | None:
    if body.startswith("^") or "\\" in body:
        return None
    found: set[str] = set()
    at = 0
    while at < len(body):
        if body[at + 1 : at + 2] == "-" and at + 2 < len(body):
            first, last = ord(body[at]), ord(body[at + 2])
            if last - first > 200:
                return None
            found |= {chr(code) for code in range(first, last + 1)}
            at += 3
        else:
            found.add(body[at])
            at += 1
    return frozenset(found)


def _class_end(pattern: str, at: int) -> int:
    """The closing bracket of the class that opens at ``at``."""
    end = at + 1
    if pattern[end : end + 1] == "^":
        end += 1
    if pattern[end : end + 1] == "]":
        end += 1
    while end < len(pattern) and pattern[end] != "]":
        end += 2 if pattern[end] == "\\" else 1
    return end


def _group_end(pattern: str, at: int) -> int:
    depth = 0
    while at < len(pattern):
        character = pattern[at]
        if character == "\\":
            at += 1
        elif character == "[":
            at = _class_end(pattern, at)
        elif character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
            if not depth:
                return at + 1
        at += 1
    return at
