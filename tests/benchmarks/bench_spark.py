"""How Spark's throughput grows with cores and documents, and what it shuffles.

Run: ``python tests/benchmarks/bench_spark.py [CORES,DOCUMENTS[,clean]] ...``, by default ``1,10000 2,10000``. Each run
is a Spark of its own, one after the other, over a Parquet file of short plans (about 65 characters: the smallest texts
with sections and measures, so that many of them fit into a run; per character they are the dearest). One in fifty is a
copy of an earlier one, and every tenth carries one template paragraph. With ``clean`` duplicates are left out. It
prints one JSON object a run: seconds, documents a second, candidates and pairs, and the bytes that each job shuffled,
from Spark's own event log.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEMPLATE = "以习近平新时代中国特色社会主义思想为指导，坚持稳中求进工作总基调，围绕中心、服务大局，扎实做好各项工作。"
WORDS = [
    *("河道清淤", "绿化补栽", "路灯检修", "台账核对", "培训考核", "隐患排查"),
    *("物资盘点", "走访慰问", "普查登记", "设备保养", "井盖更换", "消防演练"),
]
PLACES = ["柳河", "青岗", "石桥", "白塔", "沙洲", "丰乐", "临江", "双溪", "长坪", "高埠"]


def corpus(size: int) -> tuple[list[str], list[str]]:
    """Ids and texts."""
    rng = random.Random(6)
    texts: list[str] = []
    for i in range(size):
        place, other = rng.sample(PLACES, 2)
        lines = [f"{place}镇{other}站{rng.randrange(10**6)}号工作计划"]
        for label, word in zip("一二", rng.sample(WORDS, 2), strict=True):
            lines.append(f"{label}、{word}{rng.randrange(10**6)}处，完成率达到{rng.randrange(50, 100)}%以上。")
        if i % 10 == 9:
            lines.append(TEMPLATE)
        text = "\n".join(lines)
        texts.append(texts[rng.randrange(len(texts))] if i % 50 == 49 else text)
    return [f"d{i:08d}" for i in range(size)], texts


def once(cores: int, size: int, only_clean: bool, folder: Path) -> dict[str, object]:
    """What one Spark with so many cores does over so many documents."""
    import pyarrow as pa
    import pyarrow.parquet as pq
    from pyspark.sql import SparkSession

    from planparse.dedupe.engine import checked
    from planparse.spark import clean, duplicates
    from planparse.spark.prints import near_pairs

    ids, texts = corpus(size)
    # Several row groups, as a crawl's file has: Spark gives each to a task.
    pq.write_table(pa.table({"id": ids, "text": texts}), folder / "in.parquet", row_group_size=max(1, size // 16))
    del ids, texts
    logs = folder / "events"
    logs.mkdir()
    spark = (
        SparkSession.builder.master(f"local[{cores}]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "8")
        .config("spark.driver.memory", "3g")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.eventLog.enabled", "true")
        .config("spark.eventLog.compress", "false")
        .config("spark.eventLog.dir", logs.as_uri())
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("OFF")
    df = spark.read.parquet(str(folder / "in.parquet")).repartition(8).persist()
    df.count()
    # The workers' imports and rule tables are paid once, not per document.
    clean(df.limit(64).repartition(2 * cores))["documents"].count()
    found: dict[str, object] = {"cores": cores, "documents": size}
    spark.sparkContext.setJobGroup("clean", "clean")
    start = time.perf_counter()
    tables = clean(df)
    counts = {name: table.count() for name, table in tables.tables.items()}
    seconds = time.perf_counter() - start
    assert counts["documents"] == size
    found |= {"clean_s": round(seconds, 1), "clean_per_s": round(size / seconds, 1)}
    tables.unpersist()
    if not only_clean:
        spark.sparkContext.setJobGroup("duplicates", "duplicates")
        start = time.perf_counter()
        result = duplicates(df)
        found["pairs"] = result.pairs.count()
        found["groups"] = result.groups.select("group").distinct().count()
        seconds = time.perf_counter() - start
        found |= {"duplicates_s": round(seconds, 1), "duplicates_per_s": round(size / seconds, 1)}
        spark.sparkContext.setJobGroup("other", "other")
        _, _, _, prints, many, *_ = result.kept
        found["candidates"] = near_pairs(prints, many, checked(0.7, 0.8, 50).share).count()
    spark.stop()
    found["shuffled_bytes"] = shuffled(logs)
    return found


def shuffled(logs: Path) -> dict[str, int]:
    """Bytes written to shuffles by each group of jobs, from Spark's event log."""
    group_of: dict[int, str] = {}
    total: Counter[str] = Counter()
    for path in sorted(path for path in logs.rglob("*") if path.is_file() and not path.name.startswith((".", "appst"))):
        for line in path.read_text("utf-8").splitlines():
            event = json.loads(line)
            if event["Event"] == "SparkListenerJobStart":
                group = (event.get("Properties") or {}).get("spark.jobGroup.id", "other")
                # A stage belongs to the first job that needs it; later ones find its output there.
                for stage in event["Stage IDs"]:
                    group_of.setdefault(stage, group)
            elif event["Event"] == "SparkListenerTaskEnd":
                written = (event.get("Task Metrics") or {}).get("Shuffle Write Metrics", {})
                total[group_of.get(event["Stage ID"], "other")] += written.get("Shuffle Bytes Written", 0)
    return {group: total[group] for group in ("clean", "duplicates") if total[group]}


def main() -> int:
    if len(sys.argv) == 4 and sys.argv[1] == "--once":
        cores, size, *more = sys.argv[2].split(",")
        answer = Path(sys.argv[3])
        answer.write_text(json.dumps(once(int(cores), int(size), "clean" in more, answer.parent)))
        return 0
    for run in sys.argv[1:] or ("1,10000", "2,10000"):
        with tempfile.TemporaryDirectory() as folder:
            answer = Path(folder) / "answer.json"
            environment = {**os.environ, "PYSPARK_PYTHON": sys.executable}
            command = [sys.executable, __file__, "--once", run, str(answer)]
            subprocess.run(command, check=True, stderr=subprocess.DEVNULL, env=environment)
            print(answer.read_text(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
