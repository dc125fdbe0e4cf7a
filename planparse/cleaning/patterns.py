"""Patterns of the cleaning tables: compiled with a few shorthands, so that tables stay readable.

``{H}`` stands for the Chinese characters inside a class, ``{C}`` for the Chinese numerals inside a class.
"""

from __future__ import annotations

import re
from functools import lru_cache

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff〇"
NUMERALS = "一二三四五六七八九十百零〇两"


@lru_cache(maxsize=1024)
def compile_pattern(pattern: str) -> re.Pattern[str]:
    """A table's pattern, with ``{H}`` and ``{C}`` filled in; ``^`` and ``$`` are the ends of a line."""
    return re.compile(pattern.replace("{H}", HAN).replace("{C}", NUMERALS), re.MULTILINE)
