"""How sure a figure is: bootstrap confidence intervals over documents (Efron 1979, percentile method)."""

from __future__ import annotations

from collections.abc import Sequence

from planparse.evaluation.score import LAYERS, Score


def bootstrap_f1(
    scores: Sequence[Score], *, samples: int = 1000, confidence: float = 0.95, seed: int = 0
) -> dict[str, tuple[float, float]]:
    """The interval of each layer's F1 when documents are drawn anew, with replacement.

    Args:
        scores: one score a document.
        samples: how many times the documents are drawn.
        confidence: the share of draws inside the interval.
        seed: of the random numbers; the same seed gives the same intervals.

    Returns:
        layer → (low, high), each between 0 and 1.

    Raises:
        ValueError: where there are no scores.
    """
    import numpy as np

    if not scores:
        raise ValueError("no documents to draw from")
    # documents × layers × (tp, fp, fn)
    counts = np.array([[[c.tp, c.fp, c.fn] for c in (s.layers[name] for name in LAYERS)] for s in scores], dtype=float)
    draws = np.random.default_rng(seed).integers(0, len(scores), size=(samples, len(scores)))
    sums = counts[draws].sum(axis=1)
    tp, fp, fn = sums[..., 0], sums[..., 1], sums[..., 2]
    total = 2 * tp + fp + fn
    f1 = np.where(total > 0, 2 * tp / np.maximum(total, 1), 1.0)
    tail = (1 - confidence) / 2
    low, high = np.quantile(f1, [tail, 1 - tail], axis=0)
    return {name: (float(low[i]), float(high[i])) for i, name in enumerate(LAYERS)}
