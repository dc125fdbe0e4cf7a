"""What cleaning promises for any text at all."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planparse.cleaning.clean import clean
from planparse.cleaning.compose import compose, resolve
from planparse.document import Edit, View
from planparse.rules.check import failures
from planparse.rules.ruleset import default_rules

TABLES = (
    "boilerplate",
    "foreign_nouns",
    "glyphs",
    "lead_in_cues",
    "related_labels",
    "site_cues",
    "site_names",
    "terms",
)
WORDS = """渔政工作计划篇一 篇2 一、 2、 (一) ， , 。 ？？ ` 的. 小编 以下是 为大家整理的 范文
希望对大家有所帮助 欢迎阅读 下载本文档 第3页共5页 —1—
镇工会积极推动 推 动 此处隐藏123个字 …… <p> </p> [计划](#) （渔政工作计划） 《 》 “ ”
學(xué) 習(xí) 黨(dǎng) 。ㄒ唬 &nbsp; <!-- --> 相关文章： 防汛工作计划 来源：渔报 2021-03-04 xx __ **
光阴似箭 我镇 2023年 秘书之家 学习啦 <script> ; : ( ) !"""
FRAGMENTS = [*WORDS.split(), "\n", "\n\n", "\r\n", "  ", " ", "- 2 -", "\ud800", "\u200b"]
PAGES = st.one_of(
    st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join),
    st.text(max_size=60),
)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(PAGES)
def test_cleaning_a_clean_text_changes_nothing(text):
    edits, _ = clean(text, default_rules())
    cleaned = View(text, edits).clean
    assert clean(cleaned, default_rules())[0] == []


@settings(max_examples=200, deadline=None)
@given(st.text("甲乙丙丁", min_size=1, max_size=30), st.data())
def test_composed_edits_do_what_one_after_the_other_does(text, data):
    def some_edits(length):
        spans = data.draw(st.lists(st.tuples(st.integers(0, length), st.integers(1, 4)), max_size=6))
        replacements = data.draw(
            st.lists(st.sampled_from([None, "", "x", "yz"]), min_size=len(spans), max_size=len(spans))
        )
        edits = [
            Edit(start, min(length, start + size), "k", "r", replacement)
            for (start, size), replacement in zip(spans, replacements, strict=True)
        ]
        return resolve(edits)

    first = some_edits(len(text))
    middle = View(text, first).clean
    second = some_edits(len(middle))
    assert View(text, compose(text, first, second)).clean == View(middle, second).clean


def test_masks_stay_as_they_are():
    text = "xx镇20__年工作计划\n一、确保××村**户、xx户达标。\n20xx年完成____%以上，X万元。\n"
    assert clean(text, default_rules())[0] == []


def test_hidden_text_is_a_gap_that_nothing_is_joined_across():
    text = "渔政工作计划\n一、加强巡查，保障渔港安全，组织职工检修渔船，落实防\n此处隐藏1234个字\n汛责任，确保安全。\n"
    edits, anomalies = clean(text, default_rules())
    assert [edit.kind for edit in edits] == ["hidden_text"]
    assert [(a.kind, text[a.start : a.end]) for a in anomalies] == [("gap", "此处隐藏1234个字")]


def test_text_that_is_nothing_is_answered():
    for text in ("", "\n" * 50, "1" * 2000, "(" * 2000, "\ud800\udc00", "<" * 2000, "\x00\x0c\u2028"):
        edits, _ = clean(text, default_rules())
        View(text, edits)


def test_rules_hold_on_their_own_examples():
    rules = default_rules()
    wrong = [
        (rule.table, rule.id, message)
        for name in TABLES
        for rule in rules.table(name)
        for message in failures(rule, rules)
    ]
    assert wrong == []
