"""What recurs on one site is proposed, with its frequency, and applied only where the table is given."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

import planparse as pp
from planparse.batch.learn import Learner, learn, learn_site, rule_table
from planparse.batch.lines import site_of
from planparse.batch.run import clean_inputs
from planparse.cli import run
from planparse.rules.check import failures
from planparse.rules.ruleset import Ruleset

WORDS = ["河道清淤", "绿化补栽", "路灯检修", "台账核对", "培训考核", "隐患排查", "物资盘点", "走访慰问", "井盖更换"]


def page(number: int, chrome: bool = True) -> str:
    rng = random.Random(number)
    body = [f"第{number}片区工作计划", "一、指导思想", f"围绕{rng.choice(WORDS)}，做好{rng.choice(WORDS)}。"]
    body += ["二、主要措施", f"抓好{rng.choice(WORDS)}和{rng.choice(WORDS)}，共{number + 3}处。"]
    tail = ["枫叶笔记 陪你写好每一天", f"枫叶编号{number}号藏品"] if chrome else []
    return "\n".join([*body, *tail])


def corpus(folder: Path) -> None:
    for site, chrome in (("maple", True), ("plain", False)):
        (folder / site).mkdir(parents=True)
        for number in range(12):
            (folder / site / f"{number}.txt").write_text(page(number, chrome), "utf-8")


def test_sites_by_host_folder_and_file() -> None:
    assert site_of("https://WWW.Example.com:80/a/1.html") == "www.example.com"
    assert site_of("crawl/example.com/1.html") == "crawl/example.com"
    assert site_of("pages.jsonl:3") == "pages.jsonl"


def test_what_recurs_is_proposed_with_its_frequency(tmp_path: Path) -> None:
    corpus(tmp_path / "in")
    found, aside = learn_site([str(tmp_path / "in")], tmp_path / "out")
    assert aside == 0
    assert {(one.site, one.documents, one.share, one.block) for one in found} == {("maple", 12, 1.0, 0)}
    assert [one.line for one in found] == ["枫叶笔记 陪你写好每一天", "枫叶编号0号藏品"]


def test_proposals_are_rules_that_hold_and_take_away_the_lines(tmp_path: Path) -> None:
    corpus(tmp_path / "in")
    found, _ = learn_site([str(tmp_path / "in")], tmp_path / "out")
    rules = Ruleset.load([tmp_path / "out"])
    learned = [rule for rule in rules.table("boilerplate") if rule.id.startswith("learned-")]
    assert len(learned) == len(found) == 2
    for rule in learned:
        assert list(failures(rule, rules)) == []
    text = page(40)
    assert "枫叶" in pp.parse(text).clean_text
    doc = pp.parse(text, rules=rules)
    assert "枫叶" not in doc.clean_text
    assert {edit.rule for edit in doc.removed} == {"learned-0", "learned-1"}
    assert pp.parse(page(40, chrome=False), rules=rules).removed == ()


def test_headings_of_plans_are_never_proposed() -> None:
    docs = [pp.parse(page(number, chrome=False), id=f"http://a.cn/{number}") for number in range(20)]
    assert learn(docs) == []


def test_rare_lines_are_not_proposed() -> None:
    docs = [pp.parse(page(number, chrome=number < 4), id=f"http://a.cn/{number}") for number in range(20)]
    assert learn(docs) == []
    assert len(learn(docs, least_documents=4, least_share=0.2)) == 2
    with pytest.raises(ValueError, match="at least 2"):
        learn([], least_documents=1)


def records(path: Path) -> None:
    """One file with the pages of two sites, which only their addresses tell apart."""
    found = [
        {"url": f"https://{'maple' if chrome else 'plain'}.example/{number}", "text": page(number, chrome)}
        for number in range(12)
        for chrome in (True, False)
    ]
    path.write_text("\n".join(map(json.dumps, found)), "utf-8")


def test_sites_are_told_by_the_address_of_a_record(tmp_path: Path) -> None:
    records(tmp_path / "r.jsonl")
    found, _ = learn_site([str(tmp_path / "r.jsonl")], tmp_path / "out")
    assert {(one.site, one.documents, one.share) for one in found} == {("maple.example", 12, 1.0)}
    assert site_of("r.jsonl:3", "http://[broken") == "[broken"


def test_clean_learns_on_the_way_also_when_it_is_resumed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records(tmp_path / "r.jsonl")
    monkeypatch.setattr("planparse.batch.work.SHARD_PAGES", 5)
    inputs = [tmp_path / "r.jsonl"]
    expected = learn(pp.read_many(inputs))
    assert expected
    seen = 0

    def stop(item: object, reason: str | None) -> None:
        nonlocal seen
        seen += 1
        if seen == 12:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        clean_inputs(inputs, tmp_path / "out", learner=Learner(), on_item=stop)
    learner = Learner()
    clean_inputs(inputs, tmp_path / "out", learner=learner, resume=True, workers=2)
    assert json.loads((tmp_path / "out" / "run.json").read_bytes())["from_earlier_run"] >= 10
    assert learner.found() == expected
    # Learning changes no table.
    clean_inputs(inputs, tmp_path / "plain")
    for table in ("documents", "removed"):
        assert (tmp_path / "out" / f"{table}.parquet").read_bytes() == (
            tmp_path / "plain" / f"{table}.parquet"
        ).read_bytes()


def test_the_option_of_clean(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    corpus(tmp_path / "in")
    arguments = ["clean", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--learn-site", str(tmp_path / "mine")]
    assert run(arguments) == 0
    assert "proposals 建议 2" in capfd.readouterr().out
    assert "枫叶笔记" in (tmp_path / "mine" / "boilerplate.tsv").read_text("utf-8")


def test_an_empty_table_is_still_a_table(tmp_path: Path) -> None:
    (tmp_path / "boilerplate.tsv").write_text(rule_table([]), "utf-8")
    assert len(Ruleset.load([tmp_path]).table("boilerplate")) == len(Ruleset.load().table("boilerplate"))


def test_the_command(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    corpus(tmp_path / "in")
    assert run(["learn-site", str(tmp_path / "in"), "--out", str(tmp_path / "out")]) == 0
    assert "枫叶笔记" in (tmp_path / "out" / "boilerplate.tsv").read_text("utf-8")
    assert "proposals 建议 2" in capfd.readouterr().out
    assert run(["learn-site", str(tmp_path / "none"), "--out", str(tmp_path / "out")]) == 2
