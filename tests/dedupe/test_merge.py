"""``group().merged()``: what copies have that the representative lost; proposed, never applied by itself."""

from __future__ import annotations

import pytest

import planparse as pp

FULL = """为做好2023年防汛工作，保障人民群众生命财产安全，结合我镇实际，制定本计划。
一、组织领导
成立防汛指挥部，由镇长任总指挥，各村主任为成员，下设办公室负责日常值班。
二、工作重点
1、对全镇水库、山塘、河堤进行拉网式排查，建立隐患台账，限期整改到位。
2、储备编织袋5000条、救生衣200件，落实抢险队伍6支，开展演练2次。
三、保障措施
严格执行领导带班和24小时值班制度，对玩忽职守造成损失的严肃追究责任。
各村要在五月底前将落实情况报镇防汛办。
"""
# The longest copy has words of its own, and lost its title, a year, a heading, the rest of a sentence and the last one.
EXTRA = "明确责任人和完成时限，汛期前全部整改并由村两委签字确认，逐级上报镇政府备案存档，任何单位不得瞒报漏报，"
LOST = (
    FULL.replace("2023", "20xx")
    .replace("二、工作重点\n", "")
    .replace("追究责任。\n各村要在五月底前将落实情况报镇防汛办。\n", "追究")
    .replace("限期整改", EXTRA + "限期整改")
)
TITLE = "防汛工作计划\n"


def found() -> pp.Duplicates:
    docs = [pp.parse(text, id=id) for id, text in (("lost", LOST), ("one", TITLE + FULL), ("two", TITLE + FULL))]
    return pp.duplicates(docs, near=0.5)


def test_a_group_has_members_and_a_representative() -> None:
    result = found()
    group = result.group(0)
    assert group.members == ("lost#1", "one#1", "two#1")
    assert (group.representative, group.reason) == ("lost#1", "longest")
    assert len(group) == 3
    assert result.group("two#1") == group
    for name in (1, "other#1"):
        with pytest.raises(KeyError):
            result.group(name)


def test_what_the_representative_lost_is_proposed_with_its_source() -> None:
    merged = found().group("lost#1").merged()
    assert merged.representative == "lost#1"
    assert [(p.kind, p.text.strip(), p.replaces) for p in merged.proposals] == [
        ("heading", "防汛工作计划", ""),
        ("unmasked", "2023", "20xx"),
        ("passage", "二、工作重点", ""),
        ("tail", "责任。", ""),
        ("tail", "各村要在五月底前将落实情况报镇防汛办。", ""),
    ]
    whole = TITLE + FULL
    for proposal in merged.proposals:
        assert [source.member for source in proposal.sources] == ["one#1", "two#1"]
        for source in proposal.sources:
            assert whole[source.start : source.end] == proposal.text.strip()
        assert LOST[proposal.original_start : proposal.original_end] == proposal.replaces
        assert merged.text[: proposal.start].endswith(proposal.before)
        assert merged.text[proposal.end :].startswith(proposal.after)
    assert LOST[: merged.proposals[2].original_start].endswith("日常值班。")
    shown = str(merged)
    assert "'20xx' → '2023'" in shown
    assert "from one#1 10–14 and 1 more" not in shown or whole[10:14] == "2023"
    frame = merged.to_frame()
    assert frame["support"].tolist() == [2] * 5
    assert frame["member"].tolist() == ["one#1"] * 5


def test_nothing_is_applied_that_was_not_chosen() -> None:
    merged = found().group("lost#1").merged()
    assert merged.text == pp.parse(LOST).clean_text
    assert merged.apply([]) == merged.text
    assert merged.apply([1]) == merged.text.replace("20xx", "2023")
    assert merged.apply(p for p in merged.proposals if p.kind == "unmasked") == merged.apply([1])
    mended = merged.apply(merged.proposals)
    assert mended == (TITLE + FULL).strip().replace("限期整改", EXTRA + "限期整改")
    assert merged.text == pp.parse(LOST).clean_text
    with pytest.raises(IndexError):
        merged.apply([99])
    with pytest.raises(ValueError, match="not a proposal"):
        merged.apply([merged.proposals[0]._replace(text="别的")])


def test_copies_that_disagree_are_alternatives() -> None:
    body = FULL.replace("2023", "{}")
    texts = [
        body.format("20××") + "附：联系人名单另发，请各村及时核对更正。",
        body.format("2021"),
        body.format("2022"),
        body.format("2022"),
    ]
    group = pp.duplicates(texts).group(0)
    assert group.representative == "text:0"
    merged = group.merged()
    years = [(p.text, [source.member for source in p.sources]) for p in merged.proposals]
    assert years == [("2021", ["text:1"]), ("2022", ["text:2", "text:3"])]
    with pytest.raises(ValueError, match="want the same place"):
        merged.apply(merged.proposals)
    assert merged.apply([1]).startswith("为做好2022年防汛工作")


def test_copies_that_are_the_same_have_nothing_to_give() -> None:
    merged = pp.duplicates([FULL, FULL.replace("\n", "\n\n"), FULL.replace("，", ",")]).group(0).merged()
    assert merged.proposals == ()
    assert merged.apply([]) == merged.text
    assert len(merged.to_frame()) == 0


def test_other_words_are_no_loss() -> None:
    merged = (
        pp.duplicates([FULL + "此外做好宣传动员工作。", FULL.replace("限期整改到位", "抓紧整改完毕")]).group(0).merged()
    )
    assert merged.proposals == ()


def test_a_group_of_an_index_can_be_merged_too(tmp_path: object) -> None:
    with pp.DuplicateIndex.open(f"{tmp_path}/index", near=0.5) as index:
        index.add([pp.parse(TITLE + FULL, id="one")])
        report = index.add([pp.parse(LOST, id="lost")])
        texts = [p.text.strip() for p in found().group(0).merged().proposals]
        for result in (report, index.duplicates()):
            assert [p.text.strip() for p in result.group("lost#1").merged().proposals] == texts
