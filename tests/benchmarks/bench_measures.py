"""Amounts found on the gold documents, against cn2an, jionlp, recognizers-text-suite and a regex of digits.

Run: ``python tests/benchmarks/bench_measures.py [GOLD_DIR ...] [--env DIR]``. The peers are installed into an
environment of their own (``--env`` keeps it). What is compared is the multiset of values a document states (a range
gives both ends): the only thing that every peer gives. Of jionlp its amounts of money are taken, the quantities it
extracts; cn2an turns numerals into digits, which the regex reads. Values of gold mentions and of optional amounts
count neither way.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import venv
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
# recognizers-text imports a name that emoji 2 no longer has.
PEERS = ("cn2an", "jionlp", "recognizers-text-suite")
_AMOUNT = re.compile(
    r"([0-9][0-9,]*(?:\.[0-9]+)?)\s*(万亿|亿|千万|百万|万)?[^\s0-9年月日号第，。、；：,.;:)）\]】\-—./]"
)
_SCALE = {None: 1.0, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8, "万亿": 1e12}

# Runs inside the peers' environment: texts on standard input, values of each on standard output.
_RUNNER = r"""
import contextlib, io, json, re, sys
name, texts = sys.argv[1], json.load(sys.stdin)
def number(text):
    try:
        return [float(str(text).replace(",", ""))]
    except (TypeError, ValueError):
        return []
def cn2an(text):
    import cn2an
    try:
        return cn2an.transform(text, "cn2an")
    except Exception:
        return text
def jionlp(text):
    import jionlp
    values = []
    for money in jionlp.ner.extract_money(text, with_parsing=True) if hasattr(jionlp.ner, "extract_money") else ():
        num = (money.get("detail") or {}).get("num")
        values += [v for n in (num if isinstance(num, list) else [num]) for v in number(n)]
    return values
def recognizers(text):
    from recognizers_number import recognize_number, recognize_percentage
    from recognizers_text import Culture
    values = []
    for found in recognize_number(text, Culture.Chinese) + recognize_percentage(text, Culture.Chinese):
        values += number(str((found.resolution or {}).get("value")).rstrip("%"))
    return values
with contextlib.redirect_stdout(io.StringIO()):
    out = [{"cn2an": cn2an, "jionlp": jionlp, "recognizers-text-suite": recognizers}[name](text) for text in texts]
json.dump(out, sys.stdout, ensure_ascii=False)
"""


def digits(text: str) -> list[float]:
    """What digits before a character that could be a unit's say."""
    return [float(found[0].replace(",", "")) * _SCALE[found[1] or None] for found in _AMOUNT.findall(text)]


def ours(text: str) -> list[float]:
    """The values of the targets and statistics."""
    import planparse as pp

    measures = [m for m in pp.parse(text).measures if m.kind != "mention" and not m.damaged]
    return [float(v) for m in measures for v in (m.value, m.min, m.max) if v is not None]


def peer(python: Path, name: str, texts: list[str]) -> list[list[float]]:
    """A peer's values of each text."""
    run = subprocess.run(
        [python, "-c", _RUNNER, name], input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    answers = json.loads(run.stdout)
    return [digits(answer) if isinstance(answer, str) else answer for answer in answers]


def score(golds: list[dict[str, Any]], answers: list[list[float]]) -> tuple[float, float, float]:
    """Precision, recall and F1 of the values over all documents."""
    tp = fp = fn = 0
    for gold, answer in zip(golds, answers, strict=True):
        wanted, free = Counter[float](), Counter[float]()
        for m in gold["measures"]:
            values = [round(float(m[k]), 6) for k in ("value", "min", "max") if m.get(k) is not None]
            is_free = m.get("optional") or m.get("damaged") or m["kind"] == "mention"
            (free if is_free else wanted).update(values)
            if m.get("from_value") is not None:
                free[round(float(m["from_value"]), 6)] += 1
        given = Counter(round(value, 6) for value in answer)
        right = (wanted & given).total()
        beyond = given - wanted
        tp += right
        fn += wanted.total() - right
        fp += beyond.total() - (beyond & free).total()
    precision, recall = tp / max(1, tp + fp), tp / max(1, tp + fn)
    return precision, recall, 2 * tp / max(1, 2 * tp + fp + fn)


def main() -> int:
    """Print the table."""
    from planparse.evaluation.gold import read_gold

    parser = argparse.ArgumentParser()
    parser.add_argument("gold", nargs="*", type=Path, default=[ROOT / "corpora" / "gold" / "sample"])
    parser.add_argument("--env", type=Path)
    given = parser.parse_args()
    golds = [gold for directory in given.gold for gold in read_gold(directory)]
    texts = [gold["text"] for gold in golds]
    with tempfile.TemporaryDirectory() as temporary:
        env = given.env or Path(temporary) / "peers"
        python = env / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        if not python.exists():
            venv.create(env, with_pip=True)
            subprocess.run([python, "-m", "pip", "install", "-q", *PEERS, "emoji<2"], check=True)
        rows = [("planparse", [ours(text) for text in texts]), ("digits regex", [digits(text) for text in texts])]
        for name in PEERS:
            try:
                rows.append((name, peer(python, name, texts)))
            except subprocess.CalledProcessError as error:
                last = error.stderr.strip().splitlines()[-1:] or [""]
                sys.stderr.write(f"{name} failed: {last[0]}\n")
    sys.stdout.write(f"{len(golds)} documents\n{'tool':24}precision  recall      F1\n")
    for name, answers in rows:
        sys.stdout.write("{:24}{:9.3f}{:8.3f}{:8.3f}\n".format(name, *score(golds, answers)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
