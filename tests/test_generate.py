"""The generator of corpora: the same seed gives the same bytes, and the truth is true."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

SCRIPT = Path(__file__).parents[1] / "corpora" / "generate.py"


def generate(out: Path, *options: str) -> None:
    subprocess.run([sys.executable, SCRIPT, "--plans", "800", "--out", out, *options], check=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("corpus")
    generate(out, "--seed", "4")
    return out


def records(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_a_seed_is_a_corpus(made: Path, tmp_path: Path) -> None:
    generate(tmp_path, "--seed", "4")
    assert (tmp_path / "plans.jsonl").read_bytes() == (made / "plans.jsonl").read_bytes()
    assert (tmp_path / "truth.jsonl").read_bytes() == (made / "truth.jsonl").read_bytes()
    generate(tmp_path, "--seed", "5")
    assert (tmp_path / "plans.jsonl").read_bytes() != (made / "plans.jsonl").read_bytes()


def test_parquet_holds_the_same(made: Path, tmp_path: Path) -> None:
    generate(tmp_path, "--seed", "4", "--format", "parquet")
    for name in ("plans", "truth"):
        rows = pd.read_parquet(tmp_path / f"{name}.parquet").to_dict("records")
        assert rows == records(made / f"{name}.jsonl")


def test_what_is_planted_is_there(made: Path) -> None:
    texts = {plan["id"]: plan["text"] for plan in records(made / "plans.jsonl")}
    truth = pd.DataFrame(records(made / "truth.jsonl"))
    assert len(texts) == 800
    assert all(500 < len(text) < 8000 for text in texts.values())
    kinds = Counter(truth["kind"])
    assert 50 < kinds["near"] < 110
    assert 28 < kinds["contains"] < 70
    assert 28 < kinds["passage"] < 70
    assert truth[truth["kind"] == "near"]["amount"].between(0.01, 0.3).all()
    assert truth[truth["kind"] == "contains"]["amount"].between(0.2, 0.8).all()
    assert truth[truth["kind"] == "passage"]["amount"].between(60, 400).all()
    assert (truth["a"] < truth["b"]).all()
    assert any("xx" in text for text in texts.values())
    assert any("拾穗文库" in text for text in texts.values())
