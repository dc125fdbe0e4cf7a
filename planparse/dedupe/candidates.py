"""What makes a pair worth an exact comparison (候选对): enough sampled grams, or one long sampled run, in common."""

from __future__ import annotations

from planparse.dedupe.shingles import K

# A print in at most RARE units gives all pairs of them; in at most POPULAR, each with a few of its successors, so that
# clusters of many copies stay connected at linear cost; above that it is template text.
RARE = 33
POPULAR = 5000
SUCCESSORS = 3
# Units with fewer 5-grams than this have too few in a sample; they are looked for by shorter runs of characters.
SMALL = 400
SMALL_GRAM, SMALL_RUN = 8, 12
# Grams that are sampled for near copies and containments: longer than what is compared, so that few meet by chance.
SAMPLE_GRAM = 8
# So many standard deviations below what a sample holds of two units that are near or contained is enough to compare
# them.
DEVIATIONS = 5.0


def long_gram(passage: int) -> int:
    """The length of the grams that passages are looked for by."""
    return max(K, passage // 2)
