"""planparse on Apache Spark: the tables of the contract and the duplicates, for DataFrames of texts (分布式清洗与查重).

>>> from planparse.spark import clean, duplicates
>>> tables = clean(spark.read.parquet("crawl/"), text="text", id="url")       # doctest: +SKIP
>>> tables["measures"].write.parquet("out/measures")                          # doctest: +SKIP
>>> duplicates(spark.read.parquet("crawl/"), id="url").pairs.show()           # doctest: +SKIP

Values are those of :func:`planparse.frames` and :func:`planparse.duplicates`, computed by the same functions. Needs
pyspark 3.5 or later (the extra ``spark``), a Java 17 runtime, and planparse on every executor.

Scale. A projection to 10⁹ plans of 1,000 characters (3 KB), from what one of them costs here: about 10 ms of processor
in ``parse()``, 75 long prints and 65 samples. ``tests/benchmarks/bench_spark.py`` measures seconds and, from Spark's
event log, bytes shuffled: of plans of 65 characters, on one core and two, ``clean`` did 822 and 1,227 a second of
10,000, 969 and 1,768 of 100,000; ``duplicates``, whose steps cost half a minute whatever they are given, 267 and 315 of
10,000, 648 and 1,038 of 100,000, and shuffled 10 and 107 MB. What the projection does not know is how many candidates
a real crawl gives.

- ``clean`` shuffles nothing (measured: 3,680 bytes for 2,000 documents, which are the counts asked for). It takes 10⁷
  core-seconds, 2,800 core-hours: six hours on 500 cores. It grows with the documents alone.
- ``duplicates`` parses again: another 2,800 core-hours. It shuffles, before compression,
  1. the texts, sorted by id: 3 TB; and those of different contents once more to where these are counted: up to 3 TB;
  2. prints, to count them: up to 10⁹ × 140 × 32 bytes = 4.5 TB, less what combining saves before the shuffle. Hashes do
     not compress;
  3. samples, of 48 bytes with what is known of their content, to gather them, and twice, of 24, to count rare ones:
     6 TB. Short prints, where small contents may have them: up to some millions of small contents few; beyond, the
     table that tells is full, and it is 350 a plan, and 1,000 if there are as many of fewer than 12 characters: 65 TB;
  4. pairs that share a sample, 24 bytes each, to count what they share; then, of those that share enough, both texts,
     6 KB: at ten candidates a document 60 TB, by far the most. Equal texts are compared once;
  5. near edges, 16 bytes each, in O(log² n) rounds: small beside the others;
  6. for template text: the long prints that more than ``RARE`` (33) contents have, with their components, up to 4 TB
     if all are; the grams around those in more than ``RARE`` components: of a plan with a template of 100 characters
     some 180 of 40 bytes, and its text, twice: if that is a tenth of all plans, 2 TB. Each task is sent these
     prints, of 8 bytes;
  7. long prints outside of template text, to gather them: up to 5 TB; their pairs, and both texts of each, as in 4;
  8. a few numbers for each piece and each related pair; both texts of each pair that has a passage.
- Skew. A template paragraph in a tenth of the documents gives 10⁸ rows of each of its prints. Counting combines them
  before the shuffle, to one row a task; components are counted as different pairs with a print, which spreads one print
  over all tasks. Anti-joins then drop every sample and short print in more than ``POPULAR`` (5,000) contents and every
  long one in more than ``RARE`` before anything is gathered. So no task gathers more contents than that for one print,
  which gives at most three times as many pairs. Where the rows of one print do meet, in joins on it, they are narrow,
  and Spark's adaptive skew join splits them (``spark.sql.adaptive``). A plan copied a million times is one content; its
  copies are rows again only in the tables.
"""

from planparse.spark.clean import Cleaned, clean
from planparse.spark.duplicates import SparkDuplicates, duplicates

__all__ = ["Cleaned", "SparkDuplicates", "clean", "duplicates"]
