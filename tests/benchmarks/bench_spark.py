"""How Spark's throughput grows with cores and documents: ``python tests/benchmarks/bench_spark.py [SIZE ...]``.

Each run is a Spark of its own, one after the other. Documents are the sample pages, each with numbers of its own and
one paragraph in every document, as templates have it. It prints seconds, documents a second, and the shuffle per
document: fingerprints, candidate pairs.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEMPLATE = "以习近平新时代中国特色社会主义思想为指导，坚持稳中求进工作总基调，围绕中心、服务大局，扎实做好各项工作。"


def corpus(size: int) -> list[tuple[str, str]]:
    """Ids and texts of about 500 characters: paragraphs of the sample pages, in another order each, with a number."""
    import planparse as pp

    pages = [pp.read(path).text for path in sorted((ROOT / "corpora" / "sample").glob("*.txt"))]
    lines = [line for page in pages for line in page.splitlines() if 12 < len(line) < 120]
    found = []
    for number in range(size):
        rng = random.Random(number)
        body = [re.sub(r"\d+", lambda _, r=rng: str(r.randrange(10**4)), line) for line in rng.sample(lines, 10)]
        # Words of their own, so that documents are no mere shuffles of one set of lines.
        body = ["".join(c if rng.random() < 0.7 else chr(rng.randrange(0x4E00, 0x9000)) for c in line) for line in body]
        found.append((f"d{number:08d}", "\n".join([f"第{number}号工作计划", TEMPLATE, *body])))
    return found


def once(cores: int, size: int) -> dict[str, float]:
    """Seconds of ``clean`` and of ``duplicates`` with so many cores over so many documents."""
    from pyspark.sql import SparkSession

    from planparse.spark import clean, duplicates
    from planparse.spark.duplicates import candidates

    spark = (
        SparkSession.builder.master(f"local[{cores}]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "8")
        .config("spark.driver.memory", "3g")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("OFF")
    df = spark.createDataFrame(corpus(size), "id string, text string").repartition(8).persist()
    df.count()
    # The workers' imports and rule tables are paid once, not per document.
    clean(df.limit(64).repartition(2 * cores))["documents"].count()
    start = time.perf_counter()
    tables = clean(df)
    counts = {name: table.count() for name, table in tables.tables.items()}
    cleaned = time.perf_counter() - start
    tables.unpersist()
    start = time.perf_counter()
    found = duplicates(df)
    pairs = found.pairs.count()
    deduped = time.perf_counter() - start
    candidate = candidates(found.kept[0], 50).count()
    found.unpersist()
    spark.stop()
    return {
        "cores": cores,
        "documents": counts["documents"],
        "clean_s": round(cleaned, 1),
        "duplicates_s": round(deduped, 1),
        "candidates": candidate,
        "pairs": pairs,
    }


def main() -> int:
    if len(sys.argv) == 3 and "," in sys.argv[1]:
        cores, size = map(int, sys.argv[1].split(","))
        Path(sys.argv[2]).write_text(json.dumps(once(cores, size)))
        return 0
    import tempfile

    for size in map(int, sys.argv[1:] or ("5000", "20000")):
        for cores in (1, 2):
            with tempfile.TemporaryDirectory() as folder:
                answer = Path(folder) / "answer.json"
                command = [sys.executable, __file__, f"{cores},{size}", str(answer)]
                environment = {**os.environ, "PYSPARK_PYTHON": sys.executable}
                subprocess.run(command, check=True, stderr=subprocess.DEVNULL, env=environment)
                print(answer.read_text(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
