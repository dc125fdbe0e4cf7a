"""A peer of ``duplicates()`` over a corpus, end to end: texts to candidate pairs, in a process of its own.

Run by ``bench_dedupe.py`` with the Python of the peers' environment: ``python peers.py datasketch|rensa PLANS OUT``.
Both are used as their documentation shows: sets of character 5-grams of the letters and digits, 128 permutations, a
threshold of 0.7. What is timed begins with the texts in memory and ends with the pairs.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

PERMUTATIONS, THRESHOLD, BANDS, BATCH = 128, 0.7, 16, 2000


def shingles(text: str) -> set[str]:
    """The 5-grams of a text's letters and digits."""
    plain = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text)))
    return {plain[i : i + 5] for i in range(len(plain) - 4)}


def datasketch(texts: list[str]) -> Iterator[tuple[int, int]]:
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    for number, text in enumerate(texts):
        sketch = MinHash(num_perm=PERMUTATIONS)
        sketch.update_batch([shingle.encode("utf-8") for shingle in shingles(text)])
        for other in index.query(sketch):
            yield int(other), number
        index.insert(number, sketch)


def rensa(texts: list[str]) -> Iterator[tuple[int, int]]:
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS, num_bands=BANDS)
    for at in range(0, len(texts), BATCH):
        sets = [shingles(text) for text in texts[at : at + BATCH]]
        sketches = RMinHash.from_token_sets(sets, PERMUTATIONS, 42)
        index.insert_many(sketches, at)
        for number, others in enumerate(index.query_all(sketches), at):
            for other in others:
                if other < number:
                    yield other, number


def main() -> None:
    name, plans, out = sys.argv[1:4]
    with Path(plans).open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    find = {"datasketch": datasketch, "rensa": rensa}[name]
    start, cpu = time.perf_counter(), time.process_time()
    pairs: Iterable[tuple[int, int]] = sorted(set(find(texts)))
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    Path(out).write_text(json.dumps({"seconds": seconds, "cpu": cpu, "memory": memory, "pairs": list(pairs)}))


if __name__ == "__main__":
    main()
