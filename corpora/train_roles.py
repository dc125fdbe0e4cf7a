"""Train the model of roles (target or statistic) on our own gold: ``python corpora/train_roles.py``.

It looks at the words around an amount (:mod:`planparse.measures.learned`); the cues of ``roles.tsv`` are not in it, and
speak beside it. Gold of ``corpora/gold/sample`` and ``dev`` (never ``gold/test``); optional and damaged amounts and
mentions are left out.

Prints, for each writer (hand), how many of its amounts get the right role from the cues alone, from a model trained on
all other writers alone, and from both. The model has not seen the pages that it is scored on; the cues have, for the
rules were worked on with all of this gold. ``--check`` trains for the figures only and writes nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from planparse.cleaning.clean import clean_page
from planparse.evaluation.inline import read_inline
from planparse.measures.extract import find
from planparse.measures.learned import MODEL, SCALES, Place, Weights, channels, score, together
from planparse.rules.ruleset import default_rules
from planparse.structure.pieces import find_pieces
from planparse.structure.sections import find_sections

GOLD = Path(__file__).parent / "gold"
STRENGTH = 0.3
# Strings that one amount alone has, and weights that change nothing, are left out.
LEAST_SEEN, LEAST_WEIGHT = 2, 0.02


class Example(NamedTuple):
    """An amount of the gold: its writer, where it stands, what the cues say of it, whether it is a target."""

    hand: str
    place: Place
    cues: float
    target: bool


def examples(page: Path) -> list[Example]:
    """The amounts of a page of gold that the library finds and whose role is scored."""
    gold = read_inline(page)
    rules = default_rules()
    cleaned = clean_page(gold["text"], rules)
    view = cleaned.view
    pieces = find_pieces(view.clean, cleaned.folded, cleaned.outline, rules)[0]
    sections = find_sections(view.clean, cleaned.folded, pieces, rules)[0]
    title = view.clean[slice(*cleaned.outline.title)] if cleaned.outline.title else ""
    seen: dict[int, tuple[float, Place]] = {}
    measures, _ = find(
        view.clean,
        cleaned.folded,
        pieces,
        sections,
        title,
        rules,
        lambda at, cues, place: seen.update({at: (cues, place)}),
    )
    wanted = {
        (m["start"], m["end"]): m["kind"] == "target"
        for m in gold["measures"]
        if m["kind"] != "mention" and not m.get("optional") and not m.get("damaged")
    }
    found = []
    for measure in measures:
        span = view.surface(measure.start, measure.end)
        if span in wanted and measure.start in seen:
            cues, place = seen[measure.start]
            found.append(Example(gold["header"]["hand"], place, cues, wanted[span]))
    return found


def vector(place: Place) -> dict[str, float]:
    """An amount's features for scikit-learn: channel and string, scaled."""
    return {f"{name}:{string}": SCALES[name] for name, strings in channels(place).items() for string in strings}


def fit(known: Sequence[Example]) -> Weights:
    """The weights that tell these examples apart."""
    vectors = DictVectorizer()
    matrix = vectors.fit_transform([vector(example.place) for example in known])
    often = np.asarray((matrix != 0).sum(axis=0)).ravel() >= LEAST_SEEN
    # Both roles weigh the same, and words never seen say nothing: no bias.
    learner = LogisticRegression(C=STRENGTH, class_weight="balanced", fit_intercept=False, max_iter=5000)
    fitted = learner.fit(matrix[:, often], [example.target for example in known])
    weights: dict[str, dict[str, float]] = {}
    for name, weight in zip(vectors.get_feature_names_out()[often], fitted.coef_[0], strict=True):
        if abs(weight) >= LEAST_WEIGHT:
            channel, _, string = name.partition(":")
            weights.setdefault(channel, {})[string] = round(float(weight), 3)
    return weights


def main(arguments: Sequence[str] | None = None) -> int:
    """Say how well it does on each writer; then train on all and write the model."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--check", action="store_true", help="only the figures")
    check = options.parse_args(arguments).check
    pages = [page for folder in ("sample", "dev") for page in sorted((GOLD / folder).glob("*.xml"))]
    known = [example for page in pages for example in examples(page)]
    totals = np.zeros(4)
    print("hand  amounts   cues  words   both")
    for hand in sorted({example.hand for example in known}):
        held = [example for example in known if example.hand == hand]
        model = fit([example for example in known if example.hand != hand])
        words = [score(example.place, model) for example in held]
        right = [
            len(held),
            sum((e.cues > 0) == e.target for e in held),
            sum((w > 0) == e.target for e, w in zip(held, words, strict=True)),
            sum((together(e.cues, w) > 0) == e.target for e, w in zip(held, words, strict=True)),
        ]
        totals += right
        print(f"{hand:4}  {right[0]:7}  " + "  ".join(f"{count / right[0]:.3f}" for count in right[1:]))
    print(f"all   {totals[0]:7.0f}  " + "  ".join(f"{count / totals[0]:.3f}" for count in totals[1:]))
    if not check:
        model = fit(known)
        MODEL.write_text(json.dumps(model, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n", "utf-8")
        print(f"{MODEL.name}: {sum(map(len, model.values())):,} weights, {MODEL.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
