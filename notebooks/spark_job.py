"""Clean a crawl on Spark and find its duplicates: an example job.

    spark-submit --conf spark.sql.adaptive.enabled=true notebooks/spark_job.py INPUT OUT [--text text] [--id id]

INPUT is a folder of Parquet with a column of text and one of ids; OUT gets one folder of Parquet a table. Every
executor needs planparse (``pip install planparse``, or ``--archives`` with a packed environment). See ``spark.md``.
"""

from __future__ import annotations

import argparse

from pyspark.sql import SparkSession

from planparse.spark import clean, duplicates


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("input")
    options.add_argument("out")
    options.add_argument("--text", default="text")
    options.add_argument("--id", default="id")
    given = options.parse_args()
    spark = SparkSession.builder.appName("planparse").getOrCreate()
    df = spark.read.parquet(given.input)

    tables = clean(df, text=given.text, id=given.id)
    for name, table in tables.tables.items():
        table.write.mode("overwrite").parquet(f"{given.out}/{name}")
    tables.unpersist()

    found = duplicates(df, text=given.text, id=given.id)
    found.pairs.write.mode("overwrite").parquet(f"{given.out}/pairs")
    found.groups.write.mode("overwrite").parquet(f"{given.out}/groups")
    found.passages.write.mode("overwrite").parquet(f"{given.out}/passages")
    found.unpersist()
    spark.stop()


if __name__ == "__main__":
    main()
