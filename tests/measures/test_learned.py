"""The model of roles: it speaks where cues are weak, and is silent on what it has never seen."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from planparse import find_measures, parse
from planparse.measures.learned import SCALES, Place, best_words, channels, model, score, together

CORPORA = Path(__file__).parents[2] / "corpora"
WORDS = "全年走访困难户120户"


def place(sentence: str, amount: str, piece: str = "", form: tuple[str, ...] = ()) -> Place:
    start = sentence.index(amount)
    return Place(sentence, start, start + len(amount), piece, form)


def test_its_weights_are_those_of_its_channels() -> None:
    assert model().keys() == SCALES.keys() == channels(place(WORDS, "120户")).keys()


def test_what_it_has_never_seen_says_nothing() -> None:
    assert score(place("囗囗囗囗囗囗3囗囗囗囗", "3囗")) == 0.0


def test_it_hears_the_past_and_what_is_to_come() -> None:
    past = place("截至目前，已累计建成冷库3座。", "3座", form=("item", "unit 座", "="))
    to_come = place("力争年底前再建成冷库3座。", "3座", form=("item", "unit 座", "="))
    assert score(past) < 0 < score(to_come)


@pytest.mark.parametrize(("cues", "words"), [(2.0, -9.0), (-2.0, 9.0)])
def test_plain_cues_are_not_overruled(cues: float, words: float) -> None:
    assert together(cues, words) * cues > 0


def test_weak_cues_are() -> None:
    assert together(0.2, -1.0) < 0 < together(-0.2, 1.0)


def test_its_evidence_is_words_of_the_sentence() -> None:
    here = place("截至目前，已累计建成冷库3座。", "3座")
    assert best_words(here, positive=False) in here.sentence


def test_every_role_has_evidence_from_the_text() -> None:
    doc = parse("渡口工作计划\n\n一、目标\n\n全年检修渡船3艘，走访船户120户，客运量达到9万人次。\n")
    assert len(doc.measures) == 3
    told = {measure.role_evidence for measure in doc.measures} - {None, "section", "opening"}
    assert all(words in doc.clean_text for words in told if words)


def test_bare_strings_are_judged_too() -> None:
    assert [m.kind for m in find_measures("力争新建泵站12座；去年新建泵站9座")] == ["target", "statistic"]


def test_its_examples_are_of_pages_to_work_on_alone() -> None:
    script = runpy.run_path(str(CORPORA / "train_roles.py"))
    page = CORPORA / "gold" / "sample" / "sample-01-bus.xml"
    found = script["examples"](page)
    assert len(found) > 10
    assert {example.target for example in found} == {True, False}
    assert script["fit"](found).keys() <= SCALES.keys()
