"""The language and genre gate (语种与体裁判别): ``not_chinese`` and ``not_plan``, so that a crawl can be filtered.

A text that is no Chinese work plan is parsed and kept like any other; the anomaly is the whole answer. The score is a
logistic regression over pairs of neighbouring Chinese characters (字二元组), present or not, divided by the length of
that vector. ``corpora/train_gate.py`` trains it and says how well it does; ``plan_bigrams.json`` holds its weights.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from operator import add
from pathlib import Path

import orjson

from planparse.document import Anomaly

MODEL = Path(__file__).parent / "plan_bigrams.json"
# The opening tells the genre; the rest of a long page costs time and adds nothing.
SAMPLED = 1000
_LETTERS_AT_LEAST = 40
_PAIRS_AT_LEAST = 40
# Below this share of Chinese characters among the letters: a page in another language with a Chinese site around it.
_LEAST_CHINESE = 0.15
# Above this share of kana and hangul: Japanese or Korean, whatever its Chinese characters.
_MOST_KANA = 0.15
_HAN = re.compile("[\u3400-\u9fff]+")
_KANA = re.compile("[\u3040-\u30ff\uac00-\ud7af]+")
_NO_LETTERS = re.compile(r"[\W\d_]+")


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of pairs of characters, the bias, and the score below which a text is no plan."""

    weights: Mapping[str, float]
    bias: float
    threshold: float


@lru_cache(maxsize=1)
def model() -> Model:
    """The trained model, read on first use."""
    data = orjson.loads(MODEL.read_bytes())
    return Model(data["weights"], data["bias"], data["threshold"])


def pairs(folded: str) -> set[str]:
    """The distinct pairs of neighbouring Chinese characters at the start of a folded text."""
    found: set[str] = set()
    for run in _HAN.findall(folded[:SAMPLED]):
        found.update(map(add, run, run[1:]))
    return found


def plan_score(folded: str, with_model: Model | None = None) -> float | None:
    """How much a text reads like a work plan, from 0 to 1; None where it is too short to tell.

    Args:
        folded: the clean text in simplified script (:func:`planparse.fold.fold`).
        with_model: another model than the library's.
    """
    known = with_model or model()
    found = pairs(folded)
    if len(found) < _PAIRS_AT_LEAST:
        return None
    total = sum(map(known.weights.get, found, repeat(0.0)))
    return 1 / (1 + math.exp(-(known.bias + total / math.sqrt(len(found)))))


def chinese_share(text: str) -> float | None:
    """The share of Chinese characters among the letters of a text's start; None where there are few letters.

    A text with more than a little kana or hangul has none.
    """
    start = text[:SAMPLED]
    letters = len(_NO_LETTERS.sub("", start))
    if letters < _LETTERS_AT_LEAST:
        return None
    if sum(map(len, _KANA.findall(start))) > _MOST_KANA * letters:
        return 0.0
    return sum(map(len, _HAN.findall(start))) / letters


def gate(text: str, folded: str) -> list[Anomaly]:
    """At most one anomaly over the whole text: ``not_chinese``, or ``not_plan`` with the score in its message.

    ``not_plan`` is given with caution: a text of which the model is not sure is taken for a plan.

    Args:
        text: the original text.
        folded: the clean text, folded.
    """
    share = chinese_share(text)
    if share is not None and share < _LEAST_CHINESE:
        message = (
            f"not Chinese: {share:.0%} of its letters are Chinese characters; the text is kept as it is, "
            "but the rules for Chinese plans find little in it 非中文文本，原文保留"
        )
        return [Anomaly("not_chinese", 0, len(text), message)]
    score = plan_score(folded)
    if score is not None and score < model().threshold:
        message = f"reads like no work plan: score {score:.3f}, plans have at least {model().threshold:g} 不像工作计划"
        return [Anomaly("not_plan", 0, len(text), message)]
    return []
