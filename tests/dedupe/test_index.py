"""``DuplicateIndex``: the same as one run, whatever the batches; readers, the one writer, kills, formats."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

import planparse as pp
from planparse.dedupe.corpus import stored
from planparse.dedupe.engine import checked, found_in
from planparse.dedupe.normalise import USUAL
from planparse.dedupe.units import WHOLE, Piece

# fmt: off
WORDS = [
    "学校", "防汛", "检查", "落实", "责任", "组织", "培训", "教师", "学生", "安全", "排查", "隐患", "整改", "制度",
    "宣传", "图书", "预算", "采购", "会议", "村民", "道路", "水利", "果园", "施肥", "门店", "客户", "回访", "销售",
]
# fmt: on
TABLES = ("pairs", "groups", "passages", "templates")
Items = list[tuple[str, str]]


def plan(seed: int, words: int = 120) -> str:
    rng = random.Random(seed)
    return "".join(rng.choice(WORDS) + rng.choice(["，", "。", ""]) + str(rng.randint(0, 9)) for _ in range(words))


def collection(seed: int) -> Items:
    """Plans with copies of every kind, very short ones, empty ones, and a shared template."""
    rng = random.Random(seed)
    base = [plan(1000 * seed + i, rng.randint(60, 160)) for i in range(8)]
    template = plan(1000 * seed + 99, 25)
    texts = [*base, base[0], base[1].replace("。", "\n"), base[2][:40] + "改" + base[2][42:200] + base[2][230:]]
    texts.append(base[3][:60] + base[4] + base[3][60:])
    texts.append(plan(1000 * seed + 50, 30) + base[5][30:110] + plan(1000 * seed + 51, 30))
    texts += ["安全生产检查", "甲乙", "甲乙", "", "各村认真落实安全生产检查制度，做好值守。", "安全排查整改到位"]
    texts += [template + plan(1000 * seed + 200 + i, 40) for i in range(4)]
    rng.shuffle(texts)
    return [(f"d{i:03}", text) for i, text in enumerate(texts)]


def one_run(items: Items, **thresholds: float) -> pp.Duplicates:
    """What one run gives, with the items' own ids: of equal copies the first id stands for the others."""
    options = checked(**{"near": 0.7, "contains": 0.8, "passage": 50} | thresholds)  # type: ignore[arg-type]
    return found_in(stored((Piece(id, text, WHOLE, WHOLE) for id, text in items), USUAL), options)


def assert_equal(found: pp.Duplicates, wanted: pp.Duplicates) -> None:
    for table in TABLES:
        pd.testing.assert_frame_equal(getattr(found, table), getattr(wanted, table), check_dtype=False)


def split(items: Items, parts: int) -> list[Items]:
    size = -(-len(items) // parts)
    return [items[at : at + size] for at in range(0, len(items), size)]


@pytest.mark.parametrize("seed", range(4))
def test_ten_batches_are_one_run(tmp_path: Path, seed: int) -> None:
    items = collection(seed)
    wanted = one_run(items)
    assert set(wanted.pairs["relation"]) == {"exact", "near", "contains", "shares"}
    with pp.DuplicateIndex.open(tmp_path / "index") as index:
        reports = [index.add(part) for part in split(items, 10)]
        assert_equal(index.duplicates(), wanted)
    # What the batches reported is all there is, each pair once.
    told = pd.concat([report.pairs for report in reports]).sort_values(["a", "b"], ignore_index=True)
    pd.testing.assert_frame_equal(told, wanted.pairs.sort_values(["a", "b"], ignore_index=True), check_dtype=False)
    with pp.DuplicateIndex.open(tmp_path / "index", readonly=True) as index:
        assert list(index) == [id for id, _ in items]
        assert_equal(index.duplicates(), wanted)


def of_new(found: pp.Duplicates, new: set[str], table: str) -> set[tuple[object, ...]]:
    """The rows of a table that a new item is in; groups and templates without their numbers."""
    frame: pd.DataFrame = getattr(found, table)
    if table in ("pairs", "passages"):
        frame = frame[frame["a"].isin(new) | frame["b"].isin(new)]
    elif table == "groups":
        frame = frame[frame["group"].isin(frame.loc[frame["member"].isin(new), "group"])].drop(columns="group")
    else:
        frame = frame[frame["member"].isin(new)].drop(columns="template")
    return set(frame.itertuples(index=False, name=None))


def with_templates(seed: int) -> Items:
    """Plans of which most have one or two paragraphs of three, some copies, some of these with another paragraph."""
    rng = random.Random(seed)
    templates = [plan(5000 + seed * 10 + i, 30 + 10 * i) for i in range(3)]
    texts = []
    for i in range(110):
        parts = [
            plan(9000 + 1000 * seed + i, rng.randint(60, 160)),
            *rng.sample(templates, rng.choice((0, 1, 2, 2, 3))),
        ]
        rng.shuffle(parts)
        text = "\n".join(parts)
        if i % 9 == 8:
            text = rng.choice(texts)[rng.choice((0, 30)) :] + plan(seed * 7 + i, 6)
        # A cut goes through a template too.
        texts.append(text if i % 7 else text[rng.randint(0, 60) :])
    texts += ["安全检查培训", "安全检查", texts[3] + "安全检查培训"]
    rng.shuffle(texts)
    return [(f"d{i:03}", text) for i, text in enumerate(texts)]


@pytest.mark.parametrize("seed", range(2))
def test_template_text_is_told_as_in_one_run(tmp_path: Path, seed: int) -> None:
    items = with_templates(seed)
    rng = random.Random(seed)
    present: Items = []
    with pp.DuplicateIndex.open(tmp_path / "index") as index:
        for number, part in enumerate(split(items, 10)):
            asked = index.query(part) if number == 8 else None
            told = index.add(part)
            if asked is not None:
                assert_equal(told, asked)
            present += part
            wanted = one_run(present)
            for table in TABLES:
                assert of_new(told, {id for id, _ in part}, table) == of_new(wanted, {id for id, _ in part}, table)
                assert len(getattr(told, table)) == len(of_new(told, {id for id, _ in part}, table))
            gone = rng.choice(present)
            present.remove(gone)
            index.remove(gone[0])
        found = index.duplicates()
        assert_equal(found, one_run(present))
        assert found.templates["member"].nunique() > 50
        # Below the number that makes it a template its pairs are told.
        kept = [id for id, _ in present[:30]]
        index.remove(id for id, _ in present[30:])
        assert list(index) == kept
        assert_equal(index.duplicates(), one_run(present[:30]))
        assert len(index.duplicates().templates) == 0


def test_the_first_copy_of_very_many_may_go(tmp_path: Path) -> None:
    items = [(f"c{i:03}", plan(1)) for i in range(402)]
    with pp.DuplicateIndex.open(tmp_path / "index") as index:
        index.add(items)
        index.remove("c000")
        report = index.add([("d", plan(1))])
        assert set(report.groups["member"]) == {id for id, _ in items[1:]} | {"d"}
        assert_equal(index.duplicates(), one_run([*items[1:], ("d", plan(1))]))


def test_options_belong_to_the_index(tmp_path: Path) -> None:
    text = plan(1)
    other = "".join("7" if c.isdigit() else c for c in text)
    with pp.DuplicateIndex.open(tmp_path / "index", mask_digits=True) as index:
        index.add([("a", text)])
        assert index.add([("b", other)]).pairs[["relation", "comparison"]].to_numpy().tolist() == [
            ["exact", "digits masked"]
        ]
    with pp.DuplicateIndex.open(tmp_path / "index") as index:
        assert index.mask_digits
        assert index.duplicates().pairs["relation"].tolist() == ["exact"]
    with pytest.raises(pp.DuplicateIndexError, match="made with mask_digits True, not False"):
        pp.DuplicateIndex.open(tmp_path / "index", mask_digits=False)


@pytest.mark.parametrize("seed", range(4))
def test_after_removals_it_is_a_run_without_the_removed(tmp_path: Path, seed: int) -> None:
    items = collection(seed)
    rng = random.Random(seed)
    present: Items = []
    with pp.DuplicateIndex.open(tmp_path / "index") as index:
        for part in split(items, 5):
            index.add(part)
            present += part
            for _ in range(2):
                gone = rng.choice(present)
                present.remove(gone)
                assert index.remove(gone[0]) == 1
        assert_equal(index.duplicates(), one_run(present))
        # A removed one can come back, behind the others.
        again = next(item for item in items if item not in present and item[1])
        index.add([again])
        present.append(again)
        assert_equal(index.duplicates(), one_run(present))
        assert len(index) == len(present)


def test_many_copies_and_a_template_in_all(tmp_path: Path) -> None:
    rng = random.Random(7)
    common = "".join(chr(0x4E00 + rng.randrange(3000)) for _ in range(500))
    template = plan(1, 30)
    items = [(f"c{i}", common + "".join(chr(0x4E00 + rng.randrange(3000)) for _ in range(40))) for i in range(38)]
    items += [(f"t{i}", template + plan(100 + i, 90)) for i in range(38)]
    rng.shuffle(items)
    with pp.DuplicateIndex.open(tmp_path / "index") as index:
        reports = [index.add(part) for part in split(items, 10)]
        found = index.duplicates()
        assert_equal(found, one_run(items))
        assert found.groups["group"].nunique() == 1
        # The last batch's report has every copy that was there before.
        new = {id for id, _ in split(items, 10)[-1]}
        copies = {id for id, _ in items if id.startswith("c")}
        near = reports[-1].pairs.query("relation == 'near'")
        assert len(near) == sum(1 for a in copies for b in copies if a < b and (a in new or b in new))


def test_a_query_is_told_what_an_addition_would_be(tmp_path: Path) -> None:
    items = collection(9)
    with pp.DuplicateIndex.open(tmp_path / "index") as index:
        index.add(items[:15])
        asked = index.query(items[15:])
        assert len(asked.pairs) > 0
        assert list(index) == [id for id, _ in items[:15]]
        assert_equal(index.add(items[15:]), asked)
        bare = index.query([items[0][1]])
        assert set(bare.pairs["b"]) == {"text:0"}
        assert "exact" in set(bare.pairs["relation"])


def test_documents_keep_their_pieces_and_original_offsets(tmp_path: Path) -> None:
    body = "\n".join(f"{number}、{plan(number, 12)}。" for number in range(1, 6))
    other = "\n".join(f"{number}、{plan(number + 60, 12)}。" for number in range(1, 6))
    first = pp.parse(f"防汛工作计划(通用2篇)\n防汛工作计划篇一\n{body}\n防汛工作计划篇二\n{other}\n", id="first")
    second = pp.parse(f"以下是小编整理的防汛工作计划范文，欢迎阅读。\n防汛工作计划\n{body}\n", id="second")
    wanted = pp.duplicates([first, second])
    with pp.DuplicateIndex.open(tmp_path / "index") as index:
        index.add([first])
        found = index.add([second])
        assert_equal(index.duplicates(), wanted)
        assert "first" in index
        assert "first#2" in index
        assert "third" not in index
        assert len(index) == 3
    row = found.passages.iloc[0]
    assert found.pairs[["a", "b"]].to_numpy().tolist() == [["first#1", "second#1"]]
    assert first.text[row.a_start : row.a_end] == second.text[row.b_start : row.b_end]
    assert found.group("second#1").members == ("first#1", "second#1")


def test_what_is_there_is_refused_skipped_or_replaced(tmp_path: Path) -> None:
    with pp.DuplicateIndex.open(tmp_path / "index") as index:
        index.add([("a", plan(1)), ("b", plan(2))])
        with pytest.raises(ValueError, match="'a' is in the index already"):
            index.add([("c", plan(3)), ("a", plan(1))])
        assert list(index) == ["a", "b"]
        assert len(index.add([("a", plan(2)), ("c", plan(3))], if_exists="skip").pairs) == 0
        assert list(index) == ["a", "b", "c"]
        found = index.add([("a", plan(2)), ("c", plan(3))], if_exists="replace")
        assert found.pairs[["a", "b", "relation"]].to_numpy().tolist() == [["b", "a", "exact"]]
        assert list(index) == ["b", "c", "a"]
        assert_equal(index.duplicates(), one_run([("b", plan(2)), ("c", plan(3)), ("a", plan(2))]))


def test_a_batch_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pp.DuplicateIndex.open(tmp_path / "index") as index:
        index.add([("a", plan(1))])
        for wrong in ([("b", plan(2)), 3], [("b", plan(2)), ("b", plan(2))], [("b", "甲"), "bare"]):
            with pytest.raises((TypeError, ValueError)):
                index.add(wrong)  # type: ignore[arg-type]
        with pytest.raises(KeyError, match="nonesuch"):
            index.remove(["a", "nonesuch"])
        assert list(index) == ["a"]
        with pytest.raises(ValueError, match="in the index already"):
            index.query([("a", "甲")])


def test_thresholds_belong_to_the_index(tmp_path: Path) -> None:
    items = collection(2)
    with pp.DuplicateIndex.open(tmp_path / "index", near=0.5, passage=30) as index:
        for part in split(items, 4):
            index.add(part)
        assert_equal(index.duplicates(), one_run(items, near=0.5, passage=30))
        assert repr(index).endswith(f"index', {len(items)} pieces, near=0.5, contains=0.8, passage=30)")
    with pp.DuplicateIndex.open(tmp_path / "index", near=0.5) as index:
        assert (index.near, index.contains, index.passage) == (0.5, 0.8, 30)
    assert repr(index).endswith("index', closed)")
    with pytest.raises(pp.DuplicateIndexError, match=r"made with near 0\.5, not 0\.7"):
        pp.DuplicateIndex.open(tmp_path / "index", near=0.7)
    with pytest.raises(ValueError, match="near and contains"):
        pp.DuplicateIndex.open(tmp_path / "other", near=2)
    assert not (tmp_path / "other").exists()


def test_one_writer_and_many_readers(tmp_path: Path) -> None:
    path = tmp_path / "index"
    items = [(f"d{i}", plan(i // 2, 60)) for i in range(40)]
    seen: list[tuple[int, int]] = []
    done = threading.Event()

    def read() -> None:
        with pp.DuplicateIndex.open(path, readonly=True) as reader:
            while not done.is_set():
                seen.append((len(reader), len(reader.duplicates().pairs)))

    with pp.DuplicateIndex.open(path) as writer:
        with pytest.raises(pp.DuplicateIndexError, match="another process writes it"):
            pp.DuplicateIndex.open(path)
        with pp.DuplicateIndex.open(path, readonly=True) as early:
            readers = [threading.Thread(target=read) for _ in range(3)]
            for reader in readers:
                reader.start()
            for part in split(items, 10):
                writer.add(part)
            assert len(early) == 40
            done.set()
            for reader in readers:
                reader.join()
            with pytest.raises(pp.DuplicateIndexError, match="for reading only"):
                early.add([("x", "甲")])
    # Whole batches of four, in which each text comes twice.
    assert {size % 4 for size, _ in seen} == {0}
    assert all(2 * pairs >= size - 4 for size, pairs in seen)
    with pytest.raises(pp.DuplicateIndexError, match="closed"):
        len(writer)
    with pp.DuplicateIndex.open(path) as writer:
        writer.remove(["d0", "d1"])
        assert len(writer) == 38


def test_other_files_and_formats_are_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "index"
    pp.DuplicateIndex.open(path).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")
    page = tmp_path / "page.txt"
    page.write_text("防汛工作计划\n" * 400, "utf-8")
    foreign = tmp_path / "foreign.db"
    with closing(sqlite3.connect(foreign)) as db:
        db.execute("CREATE TABLE mine (x)")
    before = foreign.read_bytes(), page.read_bytes()
    for readonly in (False, True):
        for wrong, said in ((path, "format 99"), (page, "not a database"), (foreign, "not an index")):
            with pytest.raises(pp.DuplicateIndexError, match=said) as caught:
                pp.DuplicateIndex.open(wrong, readonly=readonly)
            assert str(caught.value).startswith(str(wrong))
            assert "\n" not in str(caught.value)
    assert (foreign.read_bytes(), page.read_bytes()) == before
    with pytest.raises(pp.DuplicateIndexError, match="no such index"):
        pp.DuplicateIndex.open(tmp_path / "missing", readonly=True)
    with pytest.raises(pp.DuplicateIndexError, match="nowhere"):
        pp.DuplicateIndex.open(tmp_path / "nowhere" / "index")


WRITER = """
import os, sys
from test_index import split_stream
import planparse as pp

pp.duplicates(["甲乙丙丁戊"] * 2)  # loads what is loaded on first use
for _ in sys.stdin:
    child = os.fork()
    if child:
        print("child", child, flush=True)
        os.waitpid(child, 0)
        print("dead", flush=True)
        continue
    with pp.DuplicateIndex.open(sys.argv[1]) as index:
        for number, part in split_stream(len(index) // 3):
            index.add(part)
            print("added", number, flush=True)
"""


def split_stream(at: int):  # type: ignore[no-untyped-def]
    """Batches of three without end, from the given one on; every second one repeats the text before."""
    while True:
        yield at, [(f"s{3 * at + i}", plan((3 * at + i) // 2, 70)) for i in range(3)]
        at += 1


@pytest.mark.skipif(os.name == "nt", reason="forks")
def test_a_kill_at_any_moment_loses_the_batch_in_flight_at_most(tmp_path: Path) -> None:
    path = tmp_path / "index"
    rng = random.Random(11)
    stored = 0
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)],
        cwd=Path(__file__).parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        for round in range(12):
            server.stdin.write("\n")
            server.stdin.flush()
            child = int(server.stdout.readline().removeprefix("child "))
            # Some are killed while they open or make the file, some later.
            told = [server.stdout.readline() for _ in range(round // 2)]
            time.sleep(rng.uniform(0, 0.05))
            os.kill(child, signal.SIGKILL)
            told += iter(server.stdout.readline, "dead\n")
            acknowledged = max([stored, *(int(line.removeprefix("added ")) + 1 for line in told)])
            if not path.exists():
                continue
            with pp.DuplicateIndex.open(path) as index:
                batches, rest = divmod(len(index), 3)
            assert rest == 0
            assert acknowledged <= batches <= acknowledged + 1
            stored = batches
            with closing(sqlite3.connect(path)) as db:
                assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        server.stdin.close()
    assert stored >= 10
    items = [item for _, (_, part) in zip(range(stored), split_stream(0), strict=False) for item in part]
    with pp.DuplicateIndex.open(path) as index:
        assert_equal(index.duplicates(), one_run(items))
        index.add([("last", items[0][1])])
        assert_equal(index.duplicates(), one_run([*items, ("last", items[0][1])]))
