"""Duplicates against a slow reference, and the definitions at their edges."""

from __future__ import annotations

import random
import unicodedata

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planparse import duplicates, parse
from planparse.fold import fold

# fmt: off
WORDS = [
    "学校", "防汛", "检查", "落实", "责任", "组织", "培训", "教师", "学生", "安全",
    "排查", "隐患", "整改", "制度", "计划", "宣传", "活动", "图书", "设备", "预算",
    "采购", "会议", "记录", "村民", "道路", "水利", "果园", "施肥", "收购", "门店",
    "客户", "回访", "销售", "护士", "病房", "感染", "控制", "消防", "演练", "应急",
    "物资", "仓库", "盘点",
]
# fmt: on


def plan(seed: int, words: int = 150) -> str:
    """A text of random words: no two seeds share a long run."""
    rng = random.Random(seed)
    return "".join(rng.choice(WORDS) + rng.choice(["，", "。", ""]) + str(rng.randint(0, 9)) for _ in range(words))


def letters(text: str) -> str:
    folded = fold(text)
    return "".join(c for ch in folded for c in unicodedata.normalize("NFKC", ch).casefold() if c.isalnum())


def grams(text: str) -> set[str]:
    plain = letters(text)
    return {plain[i : i + 5] for i in range(max(1, len(plain) - 4))} if plain else set()


def longest_run(a: str, b: str) -> int:
    a, b = letters(a), letters(b)
    best, previous = 0, [0] * (len(b) + 1)
    for x in a:
        row = [0] * (len(b) + 1)
        for j, y in enumerate(b, 1):
            if x == y:
                row[j] = previous[j - 1] + 1
                best = max(best, row[j])
        previous = row
    return best


def reference(texts: list[str]) -> set[tuple[str, str, str]]:
    related = set()
    for j, b in enumerate(texts):
        for i, a in enumerate(texts[:j]):
            first, second = grams(a), grams(b)
            if not first & second:
                continue
            common = len(first & second)
            names = f"text:{i}", f"text:{j}"
            if letters(a) == letters(b):
                related.add((*names, "exact"))
            elif common / len(first | second) >= 0.7:
                related.add((*names, "near"))
            elif common / min(len(first), len(second)) >= 0.8:
                related.add((*(names if len(first) <= len(second) else names[::-1]), "contains"))
            elif longest_run(a, b) >= 50:
                related.add((*names, "shares"))
    return related


def relations(pairs: pd.DataFrame) -> set[tuple[str, str, str]]:
    return set(pairs[["a", "b", "relation"]].itertuples(index=False, name=None))


def corpus(seed: int) -> list[str]:
    """Plans with planted copies of every kind."""
    rng = random.Random(seed)
    base = [plan(1000 * seed + i, rng.randint(60, 160)) for i in range(8)]
    texts = list(base)
    texts.append(base[0])
    texts.append(base[1].replace("。", "\n"))
    texts.append(base[2][:40] + "改" + base[2][42:200] + base[2][230:])
    texts.append(base[3][:60] + base[4] + base[3][60:])
    texts.append(plan(1000 * seed + 50, 30) + base[5][30:110] + plan(1000 * seed + 51, 30))
    rng.shuffle(texts)
    return texts


@pytest.mark.parametrize("seed", range(6))
def test_relations_equal_the_slow_reference(seed: int) -> None:
    texts = corpus(seed)
    assert relations(duplicates(texts).pairs) == reference(texts)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(50, 90), st.integers(0, 200), st.integers(0, 200))
def test_every_run_of_fifty_characters_is_found(seed: int, length: int, at_a: int, at_b: int) -> None:
    run = letters(plan(seed, 60))[:length]
    a, b = letters(plan(seed + 1, 120)), letters(plan(seed + 2, 120))
    first, second = a[:at_a] + run + a[at_a:], b[:at_b] + run + b[at_b:]
    found = duplicates([first, second]).passages
    assert any(
        first[row.a_start : row.a_end].find(run) >= 0 and second[row.b_start : row.b_end].find(run) >= 0
        for row in found.itertuples()
    )
    for row in found.itertuples():
        same = first[row.a_start : row.a_end]
        assert same == second[row.b_start : row.b_end]
        assert len(same) == row.length >= 50
        # Maximal: it cannot be made longer on either side.
        assert row.a_start == 0 or row.b_start == 0 or first[row.a_start - 1] != second[row.b_start - 1]
        assert row.a_end == len(first) or row.b_end == len(second) or first[row.a_end] != second[row.b_end]


def test_figures_are_exact() -> None:
    a, b = plan(1), plan(1) + plan(2, 20)
    row = duplicates([a, b]).pairs.iloc[0]
    first, second = grams(a), grams(b)
    assert row.jaccard == len(first & second) / len(first | second)
    assert row.containment == len(first & second) / len(first)


def test_input_order_changes_names_only() -> None:
    texts = corpus(3)
    order = list(range(len(texts)))
    random.Random(5).shuffle(order)
    back = {f"text:{new}": f"text:{old}" for new, old in enumerate(order)}
    direct = {(frozenset((a, b)), relation) for a, b, relation in relations(duplicates(texts).pairs)}
    moved = duplicates([texts[i] for i in order]).pairs
    assert {(frozenset((back[a], back[b])), relation) for a, b, relation in relations(moved)} == direct


def test_script_width_and_punctuation_do_not_count() -> None:
    found = duplicates(["學習計劃，落實責任２０２４年度", "学习计划；落实责任 2024 年度。"])
    assert list(found.pairs["relation"]) == ["exact"]


@pytest.mark.parametrize("texts", [[], [""], ["", ""], ["。，", "、"], ["甲"], ["甲乙丙丁", "戊己庚辛"]])
def test_nothing_to_compare_gives_empty_tables(texts: list[str]) -> None:
    found = duplicates(texts)
    assert len(found.pairs) == len(found.groups) == len(found.passages) == 0


def test_texts_shorter_than_a_shingle_are_equal_or_nothing() -> None:
    assert relations(duplicates(["甲乙", "甲乙", "甲丙"]).pairs) == {("text:0", "text:1", "exact")}


def test_one_character_repeated_is_answered() -> None:
    found = duplicates(["一" * 3000, "一" * 2999])
    assert list(found.pairs["relation"]) == ["near"]


def test_a_containment_never_joins_groups() -> None:
    small, large = plan(7, 80), plan(8, 400)
    host = large + small
    found = duplicates([small, host, small + plan(9, 4), host + plan(10, 4)])
    groups = found.groups.groupby("group")["member"].apply(list).tolist()
    assert groups == [["text:0", "text:2"], ["text:1", "text:3"]]
    assert set(found.groups["representative"]) == {"text:2", "text:3"}


def test_units_are_pieces_and_ranges_are_of_the_original_text() -> None:
    body = "\n".join(f"{number}、{plan(number, 12)}。" for number in range(1, 6))
    other = "\n".join(f"{number}、{plan(number + 60, 12)}。" for number in range(1, 6))
    page = f"防汛工作计划(通用3篇)\n防汛工作计划篇一\n{body}\n防汛工作计划篇二\n{other}\n防汛工作计划篇三\n{body}\n"
    doc = parse(page, id="page")
    found = duplicates([doc])
    assert relations(found.pairs) == {("page#1", "page#3", "exact")}
    row = found.passages.iloc[0]
    assert letters(page[row.a_start : row.a_end]) == letters(page[row.b_start : row.b_end]) == letters(body)
    assert row.a_start < row.b_start


def test_two_documents_of_one_id_are_refused() -> None:
    doc = parse("一、" + plan(1))
    with pytest.raises(ValueError, match="two pieces are called"):
        duplicates([doc, doc])


@pytest.mark.parametrize("options", [{"near": 0}, {"near": 1.5}, {"contains": -1}, {"passage": 4}])
def test_thresholds_out_of_range_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="not"):
        duplicates(["甲"], **options)


def test_other_items_are_refused() -> None:
    with pytest.raises(TypeError, match="item 0 is a int"):
        duplicates([3])  # type: ignore[list-item]


def test_a_very_short_piece_inside_a_longer_one_is_found() -> None:
    long = "各村要认真落实安全生产检查制度，做好防汛值守和渠道清淤，按月报送台账。"
    found = duplicates(["安全生产检查", long])
    assert found.pairs[["a", "b", "relation"]].to_numpy().tolist() == [["text:0", "text:1", "contains"]]


def test_of_many_copies_every_pair_is_listed() -> None:
    rng = random.Random(5)
    common = "".join(chr(0x4E00 + rng.randrange(3000)) for _ in range(800))
    texts = [common + "".join(chr(0x4E00 + rng.randrange(3000)) for _ in range(60)) for _ in range(50)]
    found = duplicates(texts)
    assert len(found.pairs) == 50 * 49 // 2
    assert set(found.pairs["relation"]) == {"near"}
    assert found.groups["group"].nunique() == 1
