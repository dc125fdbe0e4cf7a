"""Changes to a page that must not change what is found on it, and what to compare before and after."""

from __future__ import annotations

import random
import re
from functools import cache, lru_cache

from planparse import Document
from planparse.fold import fold
from planparse.rules.ruleset import default_rules, marked

# Blanks and inserted readings inside a label.
_NOT_WRITTEN = re.compile(r"\s|\([a-zà-ǜ]+\)")
_CJK = re.compile(r"[\u4e00-\u9fff]")
_NARROW = str.maketrans("，；：？！", ",;:?!")


def tree(doc: Document) -> list[tuple[int | None, str, int | None, str | None]]:
    """Each numbered section as piece, label, number and its parent's label: offsets do not matter."""
    by_id = {section.id: section for section in doc.sections}
    rows = []
    for section in doc.sections:
        if section.number is None:
            continue
        parent = by_id.get(section.parent) if section.parent is not None else None
        while parent is not None and parent.number is None:
            parent = by_id.get(parent.parent) if parent.parent is not None else None
        rows.append((section.piece, _bare(section.label), section.number, _bare(parent.label) if parent else None))
    return rows


def _bare(label: str) -> str:
    return _NOT_WRITTEN.sub("", fold(label)).translate(_NARROW)


def amounts(doc: Document) -> list[tuple[object, ...]]:
    """Each measure by what it says."""
    return [(m.value, m.min, m.max, m.comparator, m.approximate, m.kind) for m in doc.measures if m.kind != "mention"]


def without_line_breaks(text: str) -> str:
    """The page as a library's preview gives it: all on one line."""
    return re.sub(r"\s*\n\s*", "", text)


def wrapped(text: str, width: int, *, blank: bool) -> str:
    """Each line broken at a fixed width, with or without blank lines between."""
    joint = "\n\n" if blank else "\n"
    lines = []
    for line in text.split("\n"):
        parts = [line[i : i + width] for i in range(0, len(line), width)] or [""]
        lines.append(joint.join(parts))
    return joint.join(lines)


def narrow_punctuation(text: str) -> str:
    """Full-width punctuation between Chinese characters in half width."""
    return re.sub(r"(?<=[\u4e00-\u9fff])[，；：？！](?=[\u4e00-\u9fff])", lambda m: m[0].translate(_NARROW), text)


@lru_cache(maxsize=1)
def _converter() -> object:
    from opencc import OpenCC

    return OpenCC("s2t")


@cache
def in_traditional(text: str) -> str:
    """The page in traditional script, character by character."""
    if len(text) > 1:
        return "".join(map(in_traditional, text))
    new = _converter().convert(text)  # type: ignore[attr-defined]
    return new if len(new) == 1 else text


def traditional(text: str, seed: int = 0) -> str:
    """The page in traditional script, with readings inserted behind some of its characters."""
    rng = random.Random(seed)
    readings = ["xué", "huì", "jì", "xiàn", "zhù", "gōng", "dǎng", "biàn"]
    out = []
    for simple in text:
        character = _converter().convert(simple) if _CJK.match(simple) else simple  # type: ignore[attr-defined]
        out.append(character if len(character) == 1 else simple)
        if character != simple and rng.random() < 0.5:
            out.append(f"({rng.choice(readings)})")
    return "".join(out)


@lru_cache(maxsize=1)
def _site_lines() -> tuple[tuple[str, str, str], ...]:
    """Whole lines that our tables say are a site's: ``(place, line, rule)``."""
    found = []
    for rule in default_rules().table("boilerplate"):
        for example in rule.examples if rule["scope"] in ("line", "sentence") else ():
            text, [(start, end)] = marked(example)
            if (start, end) == (0, len(text)) and "\n" not in text:
                found.append((rule["place"] or "any", text, rule.id))
    return tuple(found)


def in_a_site(text: str, seed: int) -> tuple[str, list[str]]:
    """The plan as a site shows it: lines of a site's own between title and body and behind the end, and these lines."""
    rng = random.Random(seed)
    above = [line for place, line, _ in _site_lines() if place in ("head", "edge", "any")]
    below = [line for place, line, _ in _site_lines() if place in ("tail", "edge", "any")]
    heads, tails = rng.sample(above, 3), rng.sample(below, 4)
    title, _, body = text.strip("\n").partition("\n")
    return "\n".join([title, *heads, body, *tails]), [*heads, *tails]
