"""Duplicates of whole corpora: against a slow reference, in any order, without false families, with each option."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from generator import generate
from numpy.typing import NDArray
from scipy.sparse import csr_array

from planparse import Document, duplicates, parse
from planparse.dedupe import bulk
from planparse.dedupe.normalise import compared

ROOT = Path(__file__).parents[2]


def letters(text: str) -> str:
    return "".join(map(chr, compared(text).codes.tolist()))


def grams(text: str, size: int = 5) -> set[str]:
    return {text[i : i + size] for i in range(len(text) - size + 1)}


def common(texts: list[str], size: int) -> NDArray[np.int64]:
    """For each two texts how many different grams they have in common; on the diagonal how many each has."""
    numbers: dict[str, int] = {}
    places = [(i, numbers.setdefault(gram, len(numbers))) for i, text in enumerate(texts) for gram in grams(text, size)]
    row, column = zip(*places, strict=True)
    has = csr_array((np.ones(len(places), dtype=np.int64), (row, column)), shape=(len(texts), len(numbers)))
    table: NDArray[np.int64] = (has @ has.T).toarray()
    return table


def reference(texts: list[str]) -> set[tuple[str, str, str]]:
    """All related pairs by sets of strings, every pair looked at."""
    plain = [letters(text) for text in texts]
    both, runs = common(plain, 5), common(plain, 50)
    found = set()
    for i, j in combinations(range(len(texts)), 2):
        first, second, shared = int(both[i, i]), int(both[j, j]), int(both[i, j])
        a, b = f"text:{i}", f"text:{j}"
        if shared / (first + second - shared) >= 0.7:
            found.add((a, b, "exact" if plain[i] == plain[j] else "near"))
        elif shared / min(first, second) >= 0.8:
            found.add((*((a, b) if first <= second else (b, a)), "contains"))
        elif runs[i, j]:
            found.add((a, b, "shares"))
    return found


def rows(table: pd.DataFrame) -> set[tuple[object, ...]]:
    return set(table.itertuples(index=False, name=None))


@pytest.fixture(scope="module")
def made() -> list[str]:
    return [plan["text"] for plan, _ in generate.corpus(600, 11, 300)]


def test_a_corpus_equals_the_slow_reference(made: list[str]) -> None:
    found = duplicates(made)
    # A template paragraph is in few of 600 plans: below the number that makes it template text every pair is told.
    assert len(found.templates) == 0
    assert rows(found.pairs[["a", "b", "relation"]]) == reference(made)


def test_two_thousand_pieces_equal_the_slow_reference() -> None:
    texts = [plan["text"] for plan, _ in generate.corpus(2000, 5, 120)]
    found = duplicates(texts)
    near = ("exact", "near", "contains")
    told, wanted = rows(found.pairs[["a", "b", "relation"]]), reference(texts)
    assert {row for row in told if row[2] in near} == {row for row in wanted if row[2] in near}
    assert told <= wanted
    # What is not told of passages is template text: every run holds half a passage of a template.
    templates = set().union(*(grams(letters(template), 25) for template in generate.TEMPLATES))
    members = set(found.templates["member"])
    for a, b, _ in wanted - told:
        assert {a, b} <= members
        first, second = (grams(letters(texts[int(name[5:])]), 50) for name in (a, b))
        assert all(grams(run, 25) & templates for run in first & second)


def test_figures_and_passages_are_exact(made: list[str]) -> None:
    found = duplicates(made)
    for row in found.pairs.itertuples():
        a, b = (grams(letters(made[int(name[5:])])) for name in (row.a, row.b))
        assert row.jaccard == len(a & b) / len(a | b)
        assert row.containment == len(a & b) / min(len(a), len(b))
    lengths = found.passages.groupby(["a", "b"])["length"].sum().to_dict()
    for row in found.pairs.itertuples():
        assert lengths.get((row.a, row.b), 0) == row.shared_chars
    for row in found.passages.itertuples():
        a, b = made[int(row.a[5:])], made[int(row.b[5:])]
        first, second = letters(a[row.a_start : row.a_end]), letters(b[row.b_start : row.b_end])
        assert first == second
        assert len(first) == row.length >= 50


def documents(texts: list[str]) -> list[Document]:
    return [parse(text, id=f"d{number:03}") for number, text in enumerate(texts)]


def unordered(found: pd.DataFrame) -> set[tuple[object, ...]]:
    """The rows of pairs, whichever way round the two are named but in containments."""
    return {
        (frozenset((row.a, row.b)) if row.relation != "contains" else (row.a, row.b), *row[3:])
        for row in found.itertuples(index=False)
        for row in [row]
    }


def test_documents_in_any_order_give_the_same_tables(made: list[str]) -> None:
    docs = documents(made[:150])
    one = duplicates(docs)
    random.Random(3).shuffle(docs)
    other = duplicates(docs)
    assert unordered(one.pairs) == unordered(other.pairs)
    assert rows(one.groups[["member", "representative", "reason"]]) == rows(
        other.groups[["member", "representative", "reason"]]
    )
    ranges = [
        {frozenset([(row.a, row.a_start, row.a_end), (row.b, row.b_start, row.b_end)]) for row in table.itertuples()}
        for table in (one.passages, other.passages)
    ]
    assert ranges[0] == ranges[1]


def test_hash_seeds_and_spilling_give_the_same_bytes(made: list[str], tmp_path: Path) -> None:
    (tmp_path / "texts.json").write_text(json.dumps(made), "utf-8")
    (tmp_path / "spill").mkdir()
    code = (
        "import json, sys; from pathlib import Path; import planparse as pp; folder = Path(sys.argv[1]);"
        "found = pp.duplicates(json.loads((folder / 'texts.json').read_text('utf-8')), spill=sys.argv[2] or None);"
        "print(*(table.to_csv() for table in (found.pairs, found.groups, found.passages, found.templates)))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path), spill],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        ).stdout
        for seed, spill in (("1", ""), ("2", str(tmp_path / "spill")))
    }
    assert len(said) == 1
    assert list((tmp_path / "spill").iterdir()) == []


def test_partitions_of_the_prints_change_nothing(
    made: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = duplicates(made)
    monkeypatch.setattr(bulk, "_PARTITION", 1000)
    parts = duplicates(made, spill=tmp_path)
    for name in ("pairs", "groups", "passages", "templates"):
        pd.testing.assert_frame_equal(getattr(whole, name), getattr(parts, name))


def with_templates(number: int) -> list[str]:
    """Plans that share three template paragraphs and nothing else."""
    texts = []
    for seed in range(number):
        own = generate.paragraphs(random.Random(seed), 500)
        parts = [[generate.TEMPLATES[0]], own[0], [generate.TEMPLATES[1]], *own[1:], [clause(seed)]]
        texts.append(generate.written("工作计划", [*parts, [generate.TEMPLATES[2]]]))
    return texts


def clause(seed: int) -> str:
    return generate.clause(random.Random(seed + 10**6))


@pytest.fixture
def compared_pairs(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many pairs were compared."""
    counts: list[int] = []
    real = bulk.compare

    def counted(corpus, passages, others, options):  # type: ignore[no-untyped-def]
        counts.append(len(passages) + len(others))
        return real(corpus, passages, others, options)

    monkeypatch.setattr(bulk, "compare", counted)
    yield counts


def test_five_thousand_plans_of_one_template_stay_apart(compared_pairs: list[int]) -> None:
    texts = with_templates(5000)
    found = duplicates(texts)
    assert len(found.pairs) == len(found.groups) == len(found.passages) == 0
    # Each is told once for each paragraph, and no more than a few pairs of each were looked at.
    assert found.templates.groupby("member").size().tolist() == [3] * 5000
    assert sum(compared_pairs) < 5 * 5000
    row = found.templates.iloc[0]
    text = texts[int(row.member[5:])][row.start : row.end]
    assert any(letters(template) in letters(text) for template in generate.TEMPLATES)


def test_slogans_and_the_wording_of_a_law_join_nothing() -> None:
    law = generate.TEMPLATES[3]
    slogans = (
        "坚持统一领导、坚持预防为主、坚持分级负责、坚持依法管理、坚持群众参与、坚持节约高效、坚持公开透明、"
        "坚持改革创新、坚持公平公正、坚持为民服务"
    )
    texts = []
    for seed in range(60):
        own = generate.paragraphs(random.Random(seed), 400)
        texts.append(generate.written("计划", [[law], *own, [slogans]]))
    found = duplicates(texts)
    assert len(found.pairs) == len(found.groups) == 0
    assert len(found.templates) == 120
    for row in found.templates.itertuples():
        text = letters(texts[int(row.member[5:])][row.start : row.end])
        assert letters(law) in text or letters(slogans) in text


def test_one_passage_in_many_copies_and_another_plan_is_told_of_each() -> None:
    rng = random.Random(8)
    common = generate.written("甲", generate.paragraphs(rng, 800))
    copies = [common + f"附件{i:03}号" for i in range(40)]
    other = generate.written("乙", generate.paragraphs(rng, 400)) + common[200:320]
    found = duplicates([*copies, other])
    assert found.groups["group"].nunique() == 1
    assert len(found.groups) == 40
    shares = found.pairs[found.pairs["relation"] == "shares"]
    assert set(shares["a"]) == {f"text:{i}" for i in range(40)}
    assert len(found.templates) == 0


def test_very_many_exact_copies_are_one_group() -> None:
    text = generate.written("甲", generate.paragraphs(random.Random(1), 200))
    found = duplicates([text] * 450)
    assert found.groups["group"].tolist() == [0] * 450
    assert set(found.groups["representative"]) == {"text:0"}
    assert len(found.pairs) == 449


PLAN = (
    "一、组织街道检修闸门12处，安排粮库登记台账。"
    "二、会同村组排查隐患，逐户走访农户，按月公示结果，年底前完成全部整改任务并归档。"
)


def test_masks_are_compared_as_what_they_are() -> None:
    # Signs are no letters: a mask of them is nothing; x is a letter.
    for mask in ("__", "××", "**"):
        assert duplicates([PLAN.replace("12", mask), PLAN.replace("12", "")]).pairs["relation"].tolist() == ["exact"]
    found = duplicates([PLAN.replace("12", "xx"), PLAN]).pairs
    assert found["relation"].tolist() == ["near"]
    assert found["jaccard"].iloc[0] < 1


@pytest.mark.parametrize("mask", ["__", "xx", "某某", "××××", "xxxx"])
@pytest.mark.parametrize("hidden", ["9", "97", "柳河镇", "2031"])
def test_masks_of_up_to_four_characters_keep_no_copies_apart(mask: str, hidden: str) -> None:
    words = letters("".join(map(clause, range(60))))
    parts = [words[at : at + 46].replace(hidden, "") for at in range(0, 460, 46)]
    plan, masked = (f"{other}".join(parts) for other in (hidden, mask))
    pairs = duplicates([plan, masked]).pairs
    assert pairs["relation"].tolist() == ["near"]
    host = masked + generate.written("乙", generate.paragraphs(random.Random(3), 900))
    assert duplicates([plan, host]).pairs[["a", "relation"]].to_numpy().tolist() == [["text:0", "contains"]]
    runs = duplicates([plan, masked], passage=40).passages
    assert len(runs) == 10
    for row in runs.itertuples():
        assert plan[row.a_start : row.a_end] == masked[row.b_start : row.b_end]


def test_masked_digits_join_two_years() -> None:
    old = PLAN.replace("12", "2023")
    new = old.replace("2023", "987654")
    assert duplicates([old, new]).pairs["relation"].tolist() == ["near"]
    found = duplicates([old, new], mask_digits=True)
    assert found.pairs["relation"].tolist() == ["exact"]
    assert found.pairs["comparison"].tolist() == ["digits masked"]
    row = found.passages.iloc[0]
    assert (row.a_end, row.b_end) == (len(old) - 1, len(new) - 1)
    assert found.comparison.digits


def test_synonyms_join_spun_text_and_offsets_stay() -> None:
    spun = PLAN.replace("任务", "任务并落实标准")
    original = PLAN.replace("任务", "任务并贯彻原则")
    assert duplicates([spun, original]).pairs["relation"].tolist() == ["near"]
    found = duplicates([spun, original], synonyms=True)
    assert found.pairs["relation"].tolist() == ["exact"]
    assert found.pairs["comparison"].tolist() == ["synonyms equal"]
    # A longer word for a shorter one: what is compared shrinks, what is told is the original's.
    longer = duplicates([PLAN + "清淤若干处水渠", PLAN + "清淤假设干处水渠"], synonyms=True)
    row = longer.passages.iloc[0]
    assert row.b_end - row.a_end == 1


def test_script_is_folded_by_default_only() -> None:
    other = PLAN.replace("组织", "組織").replace("检修", "檢修").replace("闸门", "閘門")
    found = duplicates([PLAN, other])
    assert found.pairs["relation"].tolist() == ["exact"]
    assert "comparison" not in found.pairs
    kept = duplicates([PLAN, other], fold_script=False)
    assert kept.pairs["relation"].tolist() != ["exact"]
    assert set(kept.pairs["comparison"]) <= {"script kept"}
    assert str(kept.comparison) == "script kept"


def test_characters_beyond_the_first_plane_count() -> None:
    rare = "𠮷野家" * 3
    found = duplicates([PLAN + rare, PLAN + rare, "㎡" + PLAN, "m2" + PLAN])
    pairs = {(row.a, row.b) for row in found.pairs.itertuples() if row.relation == "exact"}
    assert pairs == {("text:0", "text:1"), ("text:2", "text:3")}
