"""planparse on Apache Spark: the tables of the contract and the duplicates, for DataFrames of texts (分布式清洗与查重).

>>> from planparse.spark import clean, duplicates
>>> tables = clean(spark.read.parquet("crawl/"), text="text", id="url")       # doctest: +SKIP
>>> tables["measures"].write.parquet("out/measures")                          # doctest: +SKIP
>>> duplicates(spark.read.parquet("crawl/"), id="url").pairs.show()           # doctest: +SKIP

Values are those of :func:`planparse.frames` and :func:`planparse.duplicates`, computed by the same functions. Needs
pyspark 3.5 or later (the extra ``spark``), a Java 17 runtime, and planparse on every executor.
"""

from planparse.spark.clean import Cleaned, clean
from planparse.spark.duplicates import SparkDuplicates, duplicates

__all__ = ["Cleaned", "SparkDuplicates", "clean", "duplicates"]
