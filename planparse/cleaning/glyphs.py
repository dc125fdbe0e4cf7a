"""Damage of single characters (字符级损伤): stray marks, width, blanks, shifted bytes, inserted readings."""

from __future__ import annotations

import re
from typing import NamedTuple

from planparse.cleaning.compose import resolve
from planparse.cleaning.patterns import HAN, NUMERALS, compile_pattern
from planparse.document import Edit
from planparse.fold import fold
from planparse.rules.check import Hit
from planparse.rules.ruleset import Ruleset


class _Glyph(NamedTuple):
    id: str
    kind: str
    triggers: tuple[str, ...]
    pattern: re.Pattern[str]
    replacement: str


# Too common to be looked for.
_FULL_STOP = "。"


class _Glyphs(NamedTuple):
    rules: tuple[_Glyph, ...]
    marks: re.Pattern[str]
    """The last characters of the triggers, which one scan looks for."""


def _compile(rules: Ruleset) -> _Glyphs:
    glyphs = tuple(
        _Glyph(r.id, r["kind"], tuple(r["trigger"].split("¦")), compile_pattern(r["pattern"]), r["replacement"])
        for r in rules.table("glyphs")
    )
    marks = {mark[-1] for glyph in glyphs for mark in glyph.triggers} - {_FULL_STOP}
    # An unassigned character keeps the class from being empty.
    return _Glyphs(glyphs, re.compile(f"[{re.escape(''.join(sorted(marks)))}\ud7ff]"))


def repair_glyphs(folded: str, rules: Ruleset) -> list[Edit]:
    """The repairs of single characters in a text, given its folded form; disjoint, in text order."""
    edits = _table_repairs(folded, rules)
    edits += _brackets(folded)
    edits += _readings(folded)
    edits += _letter_spacing(folded)
    return resolve(edits)


def _table_repairs(folded: str, rules: Ruleset) -> list[Edit]:
    edits = []
    table = rules.compiled(_compile)
    present = {*table.marks.findall(folded), _FULL_STOP}
    for rule in table.rules:
        if not any(mark[-1] in present and (len(mark) == 1 or mark in folded) for mark in rule.triggers):
            continue
        for match in rule.pattern.finditer(folded):
            start, end = match.span(1 if rule.pattern.groups else 0)
            if start < end:
                edits.append(Edit(start, end, rule.kind, rule.id, rule.replacement))
    return edits


# A pair of half-width brackets with prose in it. A numeral alone is a label, a number of pieces belongs to the title:
# both keep their written form.
_PAIR = re.compile(rf"\((?<=[{HAN}”》。；，]\()([^()\n]{{1,80}})\)")
_LABEL_INSIDE = re.compile(rf"[{NUMERALS}\d]{{1,4}}|[{HAN}]{{0,4}}[{NUMERALS}\d]{{1,3}}[篇份则例]|[A-Za-zà-ǿ ]{{1,20}}")


def _brackets(folded: str) -> list[Edit]:
    edits = []
    if "(" in folded:
        for match in _PAIR.finditer(folded):
            inside = match.group(1)
            if not _LABEL_INSIDE.fullmatch(inside) and re.search(f"[{HAN}]", inside):
                edits.append(Edit(match.start(), match.start() + 1, "width", "width-brackets", "（"))
                edits.append(Edit(match.end() - 1, match.end(), "width", "width-brackets", "）"))
    return edits


# A reading (注音) is put behind its character by mirrors in broken traditional script: 學(xué). Only where a page has
# several with tone marks: (pda) and (aqi) are words.
_READING = re.compile(rf"\((?<=[{HAN}]\()[a-zāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜńňǹḿê]{{1,7}} {{0,2}}\)", re.IGNORECASE)
_TONED = re.compile("[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜĀÁǍÀĒÉĚÈŌÓǑÒ]")
_TONELESS = re.compile(
    r"\((?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?(?:[aoeiuü]|[ae]i|[ao]u|ao|i[aeu]|u[aeio]|ü[e]|er|[aeiuü]n|[aei]ng|ong|i[ao]ng|"
    r"uang|[iu]an|iao|uai) {0,2}\)",
    re.IGNORECASE,
)
_READINGS_NEEDED = 3


def _readings(folded: str) -> list[Edit]:
    if "(" not in folded:
        return []
    matches = list(_READING.finditer(folded))
    if sum(bool(_TONED.search(match.group())) for match in matches) < _READINGS_NEEDED:
        return []
    return [
        Edit(*match.span(), "reading", "inserted-reading", "")
        for match in matches
        if _TONED.search(match.group()) or _TONELESS.fullmatch(match.group())
    ]


_SPACED = re.compile(rf" (?<![{HAN}\d][{HAN}] )(?<=[{HAN}] )[{HAN}](?: [{HAN}]){{2,60}}(?![{HAN}])(?! [{HAN}])")


_SPACED_YEAR = re.compile(r" (?<!\d \d )(?<=\d )\d \d \d(?= ?年)")


def _letter_spacing(folded: str) -> list[Edit]:
    edits = []
    if "年" in folded:
        for match in _SPACED_YEAR.finditer(folded):
            edits += [Edit(at, at + 1, "spacing", "letter-spaced", "") for at in range(match.start(), match.end(), 2)]
    if " " in folded:
        for match in _SPACED.finditer(folded):
            if match.group().strip(NUMERALS + "日 "):
                edits += [
                    Edit(at, at + 1, "spacing", "letter-spaced", "") for at in range(match.start(), match.end(), 2)
                ]
    return edits


def probe_glyphs(text: str, rules: Ruleset) -> list[Hit]:
    """Where the rules of ``glyphs.tsv`` speak in a text."""
    return [Hit(edit.start, edit.end, edit.rule) for edit in _table_repairs(fold(text), rules)]
