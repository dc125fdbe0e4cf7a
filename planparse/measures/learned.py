"""What the words around an amount say of its role without any rule (目标/统计判别模型), added to what the cues say.

Rules know the cues they were written for; on pages of writers they had not met they erred on one amount in fifteen. A
logistic regression over pairs of neighbouring characters around the amount and in its sentence errs on others, so that
the two together err on one in twenty-five. ``corpora/train_roles.py`` trains it on our own gold, says how well it does
on each writer when trained on the others, and writes ``role_pairs.json``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import repeat
from operator import add
from pathlib import Path
from typing import NamedTuple

import orjson

MODEL = Path(__file__).parent / "role_pairs.json"
_BREAK = re.compile(r"[，；：,;:]")
_NUMBER = re.compile(r"[0-9.]+")
_LEFT, _CLAUSE, _RIGHT, _PIECE = 40, 20, 8, 12
# The words overrule weak cues alone.
_MOST = 1.5


class Place(NamedTuple):
    """An amount in its folded sentence, its piece's title, its form: group, unit, comparator, recurrence, change."""

    sentence: str
    start: int
    end: int
    piece: str
    form: tuple[str, ...]


Weights = Mapping[str, Mapping[str, float]]
"""Weights by channel and string; positive for a target."""

# How much one string of a channel counts.
SCALES: Mapping[str, float] = {
    "clause": 1.0,
    "before": 0.6,
    "behind": 0.7,
    "last": 1.0,
    "sentence": 0.3,
    "piece": 0.3,
    "form": 0.7,
}


def _pairs(text: str) -> set[str]:
    return set(map(add, text, text[1:]))


def channels(place: Place) -> dict[str, set[str]]:
    """What the model looks at, by channel: pairs of characters, the last characters, the form."""
    left = _NUMBER.sub("0", place.sentence[max(0, place.start - _LEFT) : place.start])
    breaks = [match.end() for match in _BREAK.finditer(left)]
    at = breaks[-1] if breaks else 0
    clause = left[at:][-_CLAUSE:]
    return {
        "clause": _pairs(clause),
        "before": _pairs(left[:at]),
        "behind": _pairs(place.sentence[place.end : place.end + _RIGHT]),
        "last": {clause[-size:] for size in (1, 2, 3)},
        "sentence": _pairs(place.sentence),
        "piece": _pairs(place.piece[-_PIECE:]),
        "form": set(place.form),
    }


@lru_cache(maxsize=1)
def model() -> Weights:
    """The trained model, read on first use."""
    return orjson.loads(MODEL.read_bytes())  # type: ignore[no-any-return]


def score(place: Place, with_model: Weights | None = None) -> float:
    """The log-odds that an amount is a target, from its words alone.

    Args:
        place: where it stands.
        with_model: another model than the library's.
    """
    known = model() if with_model is None else with_model
    return sum(SCALES[channel] * _sum(known.get(channel, {}), found) for channel, found in channels(place).items())


def _sum(weights: Mapping[str, float], found: Iterable[str]) -> float:
    return sum(map(weights.get, found, repeat(0.0)))


def together(cues: float, words: float) -> float:
    """What cues and words say together: positive for a target."""
    return cues + max(-_MOST, min(_MOST, words))


def best_words(place: Place, positive: bool) -> str:
    """The words of the sentence that speak loudest for a role: its evidence where the cues say otherwise."""
    weights = model()
    sign = 1 if positive else -1
    found = channels(place)
    heard = {
        pair: sign * SCALES[channel] * weights.get(channel, {}).get(pair, 0.0)
        for channel in ("sentence", "clause")
        for pair in found[channel]
        if pair in place.sentence
    }
    return max(sorted(heard), key=lambda pair: heard[pair], default="")
