"""Chinese words (词): jieba with its own dictionary, loaded at the first question, silently and once.

jieba keeps a copy of its dictionary in the shared temporary folder and reads it back unchecked; this module never does.
"""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jieba import Tokenizer

_LOCK = threading.Lock()


@lru_cache(maxsize=1)
def _load() -> Tokenizer:
    import jieba

    tokenizer = jieba.Tokenizer()
    # What Tokenizer.initialize() does, without the cache file and without words on standard error.
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer


def tokenizer() -> Tokenizer:
    """The library's own jieba tokenizer (分词器). Never add words to it: it is shared by all threads."""
    with _LOCK:
        return _load()


def cut(text: str) -> list[str]:
    """The words of a short simplified text, without guessing new ones (no HMM)."""
    return list(tokenizer().cut(text, HMM=False))


def frequency(word: str) -> int:
    """How often the dictionary has seen a word; 0 where it is none."""
    return int(tokenizer().FREQ.get(word) or 0)


def spans_word(left: str, right: str) -> bool:
    """Whether a word of the dictionary lies across the seam of two simplified texts (推|动)."""
    left, right = left[-4:], right[:4]
    at = 0
    for word in cut(left + right):
        if at < len(left) < at + len(word):
            return True
        at += len(word)
    return False
