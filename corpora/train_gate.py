"""Train the genre gate on our own texts and say how well it does: ``python corpora/train_gate.py``.

Plans: the gold pages of ``corpora/gold/sample`` and ``dev`` and ``corpora/gate/plans.txt`` (never ``gold/test``).
Others: ``corpora/gate/other.tsv``. Every page is also cut into windows, since a crawl has short pages too.

Held out: whole categories that training has not seen, one after the other (the figures that count: a crawl has genres
nobody thought of), and every fourth plan with its windows. The threshold is three quarters of the lowest score of any
held-out plan, and at most ``HIGHEST``: precision before recall, so that precision on these plans is 1 by construction.
Recall is told for unseen texts of known genres, too. All short texts are of one hand, so the figures flatter: the real
pages of ``../shared/real``, where present and only scored, are the better test.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from planparse import parse
from planparse.evaluation.gold import read_gold
from planparse.fold import fold
from planparse.genre.gate import MODEL, Model, pairs, plan_score

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared" / "real"
WINDOWS = (150, 400, 1200)
HIGHEST = 0.3
FOLDS = 4


def plans() -> list[tuple[str, str]]:
    """Pages that are plans: a name for each and its text."""
    found = []
    for folder in ("sample", "dev"):
        if (gold := ROOT / "corpora" / "gold" / folder).is_dir():
            found += [(page["id"], page["text"]) for page in read_gold(gold)]
    own = (ROOT / "corpora" / "gate" / "plans.txt").read_text("utf-8").strip().split("\n\n")
    return found + [(f"plans:{number}", text) for number, text in enumerate(own)]


def others(joined: bool = True) -> list[tuple[str, str]]:
    """Texts that are none: category and text. Those of one category are also joined, for pages of more length."""
    with (ROOT / "corpora" / "gate" / "other.tsv").open(encoding="utf-8", newline="") as file:
        found = [(row["category"], row["text"]) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    together: dict[str, list[str]] = {}
    for category, text in found:
        together.setdefault(category, []).append(text)
    for category, texts in together.items() if joined else ():
        found += [(category, "\n".join(texts[at : at + 4])) for at in range(0, len(texts), 2)]
    return found


def windows(text: str) -> list[str]:
    """The text as the gate sees it, whole and in windows of several lengths."""
    folded = fold(parse(text).clean_text)
    cut = [folded[at : at + size] for size in WINDOWS for at in range(0, len(folded) - size // 2, size)]
    return [folded, *cut]


def fit(positive: Sequence[str], negative: Sequence[str]) -> Model:
    """A model over folded texts; the threshold is left at one half."""
    found = [vector(text) for text in (*positive, *negative)]
    vectorizer = DictVectorizer()
    x = vectorizer.fit_transform(found)
    # A pair that one text alone has tells nothing of a genre.
    common = np.flatnonzero(np.asarray((x > 0).sum(axis=0)).ravel() >= 3)
    y = np.r_[np.ones(len(positive)), np.zeros(len(negative))]
    model = LogisticRegression(C=30.0, class_weight="balanced", max_iter=1000).fit(x[:, common], y)
    names = vectorizer.get_feature_names_out()[common]
    weights = {str(n): round(float(w), 3) for n, w in zip(names, model.coef_[0], strict=True) if abs(w) >= 0.05}
    return Model(weights, round(float(model.intercept_[0]), 4), 0.5)


def vector(text: str) -> dict[str, float]:
    found = pairs(text)
    return {pair: 1 / math.sqrt(len(found)) for pair in sorted(found)}


def scores(texts: Sequence[str], model: Model) -> list[float]:
    """Scores of the texts long enough to have one."""
    return [score for text in texts if (score := plan_score(text, model)) is not None]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true", help="score only, write nothing")
    write = not options.parse_args().check
    positive = [(name, windows(text)) for name, text in plans()]
    negative = [(category, windows(text)) for category, text in others()]
    single = [(category, windows(text)) for category, text in others(joined=False)]
    categories = sorted({category for category, _ in negative})
    kept, cast = [], {}
    for k in range(FOLDS):
        held = categories[k::FOLDS]
        model = fit(
            [w for i, (_, ws) in enumerate(positive) if i % FOLDS != k for w in ws],
            [w for category, ws in negative if category not in held for w in ws],
        )
        kept += scores([w for i, (_, ws) in enumerate(positive) if i % FOLDS == k for w in ws], model)
        for category in held:
            cast[category] = scores([w for c, ws in negative if c == category for w in ws], model)
    threshold = math.floor(1000 * min(HIGHEST, 0.75 * min(kept))) / 1000
    marked = {category: sum(score < threshold for score in found) for category, found in cast.items()}
    print(f"plans {len(positive)} pages, {len(kept)} held-out windows, lowest score {min(kept):.3f}")
    for category in categories:
        print(f"  {category:14} marked {marked[category]:3} of {len(cast[category]):3}, category not seen in training")
    known: list[float] = []
    for k in range(FOLDS):
        model = fit(
            [w for i, (_, ws) in enumerate(positive) if i % FOLDS != k for w in ws],
            [w for i, (_, ws) in enumerate(single) if i % FOLDS != k for w in ws],
        )
        known += scores([ws[0] for i, (_, ws) in enumerate(single) if i % FOLDS == k], model)
    print(f"known genres, texts not seen: {sum(score < threshold for score in known)} of {len(known)} marked")
    wrong = sum(score < threshold for score in kept)
    right, total = sum(marked.values()), sum(map(len, cast.values()))
    print(
        f"threshold {threshold}: precision {right / max(1, right + wrong):.3f}, recall {right / total:.3f} of not_plan"
    )
    final = fit([w for _, ws in positive for w in ws], [w for _, ws in negative for w in ws])
    final = Model(final.weights, final.bias, threshold)
    real(final)
    if write:
        data = {"bias": final.bias, "threshold": threshold, "weights": dict(sorted(final.weights.items()))}
        MODEL.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
        print(f"{len(final.weights)} weights written to {MODEL.relative_to(ROOT)}, {MODEL.stat().st_size:,} bytes")
    return 0


def real(model: Model) -> None:
    """The real texts' scores: work reports and the page are to be let through."""
    if not REAL.is_dir():
        return
    texts = [("page", (REAL / "page.txt").read_text("utf-8"))]
    texts += [("report", path.read_text("utf-8")) for path in sorted((REAL / "reports").glob("*.txt"))]
    lines = (REAL / "reports" / "national_1978_2009.jsonl").read_text("utf-8").splitlines()
    texts += [("report", json.loads(line)["text"]) for line in lines]
    found = scores([fold(parse(text).clean_text) for _, text in texts], model)
    print(f"real page {found[0]:.3f}; {len(found) - 1} reports, lowest {min(found[1:]):.3f}")


if __name__ == "__main__":
    sys.exit(main())
