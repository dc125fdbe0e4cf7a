"""planparse on Apache Spark: the tables of the contract and the duplicates, for DataFrames of texts (分布式清洗与查重).

>>> from planparse.spark import clean, duplicates
>>> tables = clean(spark.read.parquet("crawl/"), text="text", id="url")       # doctest: +SKIP
>>> tables["measures"].write.parquet("out/measures")                          # doctest: +SKIP
>>> duplicates(spark.read.parquet("crawl/"), id="url").pairs.show()           # doctest: +SKIP

Values are those of :func:`planparse.frames` and :func:`planparse.duplicates`, computed by the same functions. Needs
pyspark 3.5 or later (the extra ``spark``), a Java 17 runtime, and planparse on every executor.

Scale. A projection to 10⁹ plans of 1,000 characters (3 KB), from what one of them costs here: about 10 ms of processor
in ``parse()`` and 430 fingerprints of 16 bytes. ``tests/benchmarks/bench_spark.py`` measures seconds and, from Spark's
event log, bytes shuffled: of plans of 65 characters, on one core and two, ``clean`` did 827 and 1,314 a second of
10,000, 999 and 1,807 of 100,000; ``duplicates`` did 186 and 314 of 10,000. What the projection does not know is how
many candidates a real crawl gives.

- ``clean`` shuffles nothing (measured: 3,680 bytes for 2,000 documents, which are the counts asked for). It takes 10⁷
  core-seconds, 2,800 core-hours: six hours on 500 cores. It grows with the documents alone.
- ``duplicates`` parses again: another 2,800 core-hours. It shuffles
  1. the texts, sorted by id: 3 TB before compression;
  2. fingerprints, to count them: up to 10⁹ × 430 × 16 bytes = 7 TB, less what combining saves before the shuffle;
  3. fingerprints that are not template text, to gather them: again up to 7 TB. Hashes do not compress;
  4. pairs of candidates, 16 bytes each, and then both texts of each pair, 6 KB: at ten candidates a document 60 TB, by
     far the most. Group-by on exact fingerprints before that step would save the most where whole plans are copied;
  5. near edges, 16 bytes each, in O(log² n) rounds: small beside the others.
- Skew. A template paragraph in a tenth of the documents gives 10⁸ rows of each of its fingerprints. Counting combines
  them before the shuffle, to one row a task; the anti-join then drops every fingerprint in more than ``POPULAR``
  (5,000) pieces before anything is gathered. So no task holds more pieces than that for one fingerprint, which gives
  at most three times as many pairs. What is left is a plan copied thousands of times, under that bound: its rows meet
  in one task of the join by ``first``; Spark's adaptive skew join splits those (``spark.sql.adaptive``).
"""

from planparse.spark.clean import Cleaned, clean
from planparse.spark.duplicates import SparkDuplicates, duplicates

__all__ = ["Cleaned", "SparkDuplicates", "clean", "duplicates"]
