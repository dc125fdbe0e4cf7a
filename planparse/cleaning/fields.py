"""Lines of nothing but a page's fields (页面信息): who posted it when, how often it was read; ``fields.tsv``."""

from __future__ import annotations

import re
from typing import NamedTuple

from planparse.cleaning.patterns import compile_pattern
from planparse.fold import fold
from planparse.rules.check import Hit
from planparse.rules.ruleset import Ruleset

# Fields that plans have too (时间, 编辑) are not enough by themselves.
_ENOUGH = 3
_LONGEST = 200
# A nickname or a site's name may stand among the fields.
_STRANGE = re.compile(r"[^ |｜·•/／,，:：。；;\n]{1,12}(?=[ |｜·•/／,，]|$)")
_MOST_STRANGE = 2
_SEPARATORS = " |｜·•/／,，、-—>[]【】()（）"


class _Fields(NamedTuple):
    ids: tuple[str, ...]
    weights: tuple[int, ...]
    pattern: re.Pattern[str]


def _compile(rules: Ruleset) -> _Fields:
    table = rules.table("fields")
    pattern = "|".join(f"({r['pattern']})" for r in table) or "(?!)"
    return _Fields(
        tuple(r.id for r in table), tuple(int(r["weight"]) for r in table), compile_pattern(f"(?:{pattern})(?![{{H}}])")
    )


def is_field_line(line: str, rules: Ruleset) -> bool:
    """Whether a folded line is made of fields, with a strange word or two between them."""
    if len(line) > _LONGEST:
        return False
    fields = rules.compiled(_compile)
    at = weight = strange = 0
    known = 0
    while at < len(line):
        if line[at] in _SEPARATORS:
            at += 1
        elif match := fields.pattern.match(line, at):
            weight += fields.weights[(match.lastindex or 1) - 1]
            known += 1
            at = match.end()
        elif (match := _STRANGE.match(line, at)) and strange < _MOST_STRANGE:
            strange += 1
            at = match.end()
        else:
            return False
    return weight >= _ENOUGH and strange <= known


def probe_fields(text: str, rules: Ruleset) -> list[Hit]:
    """Where the fields of ``fields.tsv`` stand in a text."""
    fields = rules.compiled(_compile)
    return [Hit(*match.span(), fields.ids[(match.lastindex or 1) - 1]) for match in fields.pattern.finditer(fold(text))]
