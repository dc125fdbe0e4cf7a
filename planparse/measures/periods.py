"""The time of an amount (期间) that its own sentence names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from planparse.document import MeasureKind, Period
from planparse.fold import fold
from planparse.measures.dates import dates
from planparse.measures.sentence import SENTENCE_ENDS, Sentence
from planparse.measures.tables import Tables
from planparse.numerals import parse_number
from planparse.rules.lexicon import Word

_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})\ ?(?:年|-|—)")
_PLAN_YEAR = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})\ ?(?:-(?:19|20)?[0-9]{2})?(?:学年度?|年度?)?"
    r"[^0-9，。]{0,16}(?:计划|方案|打算|安排|要点|规划)"
)
_HAN_YEAR = re.compile(r"([一二][九八〇○零0][0-9一二三四五六七八九〇○零]{2})年")
_HEAD = 16
# So much of a plan tells which year it is for.
OPENING = 200
# 比2016年, 与去年相比, 在今年的基础上, 是2016年的2.1倍; not 从今年起.
_BASE_BEFORE = "比较由从与同是为"
# 药占比全年不突破28%.
_RATIOS = ("占比", "同比", "环比", "配比")
_FROM_THEN_ON = re.compile("起|开始|以来|至|到|-|—")
_BASE_BEHIND = re.compile(
    "同期|[^，。；0-9在与比同较]{0,6}(?:相比|基础上|持平)|的?(?=[0-9.]{1,9}[^，。；0-9]{1,4}(?:的?基础上|为基数))"
)
# 从年底抽查的结果看, 尚有5家: no base.
_SEEN = re.compile("[^，。；：0-9]{0,12}来?看[，,]")
_DUE = re.compile("(?:前|底|末|内|[年月日天]后)$")
_RANGE = re.compile("[年月日旬季初][至到—–~～-]{1,2}")
# A deadline is one thing's and ends at a semicolon; 截至6月底 and 到2025年底 hold on.
_ONE_DEADLINE = re.compile("(?!截|到|至).{1,12}(?:前|前后|前夕|底|末)")
_SUBJECT = re.compile("(?![受因由])[^0-9，。；：、的]{1,5}")
_FEW = re.compile("[^0-9，。；：、的]{1,8}")
# 四月起兑现, 三月、五月各办一回.
_STARTS = ("起", "各")
# 培训48学时，年底[考下康复治疗士资格].
_OWN_MATTER = re.compile("(?![全逐均都完交投建竣达起各])[^，。；：]{9,40}")
_CLOSERS = ")）"
_INSIDE = ("目前", "当前")
_PAST = re.compile("[去前]年|上[年学月周季榨财赛一]|以来|截[至止]|目前|年来|过去|近|眼下|现在|今天")
_TO_COME = re.compile("[明来下新]年|下一?[学月周季年阶]|未来|今后|新的一")
_DONE = re.compile(
    "[^，。；0-9]{0,4}(?:完成|投产|投用|投入使用|竣工|完工|开工|建成|交付|通车|启用|开放|上线|验收|到位|[栽种补做修换装改铺挖]完)"
)
_OPENS = re.compile(
    "(?:从|于|在|第[一二三四五六七八九十]{1,4}[个届次]|力争|确保|必须|务必|要|须|应|争取|计划|原定|原计划|并|且|均|均要|全部|保证|赶在|"
    "拟|将|预计|预期|其中| ){0,3}"
)
_DIGIT, _STOP = re.compile("[0-9]"), re.compile("[；;：:]")
# 去年入库[的86]个项目: the time says which 86.
_OF_OTHER = re.compile(
    "(?!起|前|内|，)[^，。；：0-9对把将为给在由比较与同从到]{1,14}(?<!以[上下内外])的[^，。；：0-9、]{0,4}[0-9]"
)
_PRESENT = re.compile("目前|眼下|现在|如今|当前|迄今|至今|截[至止].*")
# 六月份上马的第二条线, 日处理鲜叶12吨.
_OF_THING = re.compile(
    "(?![起前内我本全完做抓办开])[^，。；：、0-9对把将为给在由比较与同从到和及]{1,4}的[^，。；：、0-9的]{1,13}"
    "[^，。；：、0-9的看][，,]"
)
# Between an amount and the date of its schedule: 3个[模块]一季度灰度, 25个[须在]二季度末动工.
THING = re.compile("[^，。；：:,;0-9、（）()和与比较为用]{0,14}?(?:于|在|须在|要在|定于|将于|拟于)?")
_PUT = re.compile("(?:放|安排|定|选|集中|排)在$")
_ACT = re.compile("(?!的|任务|目标|计划|指标|预算|总|工作|[、和与及])[^，。；0-9]{2}")
# 另在偏远站点新设6个: a matter of its own.
_APART = re.compile(" {0,2}(?:另|同时|此外|还要|再就是)")
_PORTION = re.compile("[0-9]|一半|过半|[一二三四五六七八九]成")
_SET_ASIDE = ("剔除", "扣除", "除去")
_MORE = re.compile("[^，。；：0-9、]{0,10}(?:、[^，。；：、]{1,12}){1,6}")
_EVENT = re.compile("[一-鿿“”、]+$")
_EVENT_NAME = 10


Heads = dict[tuple[int, int, int | None], Period | None]
"""The times at the heads of sentences, by where a head starts and ends and the plan's year."""


def base_year(*openings: str) -> int | None:
    """The year a plan is for (计划年度): the one its title or opening names; None where they name none, or several."""
    for opening in openings:
        head = opening[:OPENING]
        years = {int(year) for year in _PLAN_YEAR.findall(head)}
        if len(years) != 1:
            years = {int(year) for year in _YEAR.findall(head)}
        if not years:
            years = {int(str(parse_number(year))) for year in _HAN_YEAR.findall(head)}
        if len(years) == 1:
            return years.pop()
        if years:
            return None
    return None


def find_period(
    folded: str, text: str, sentence: Sentence, start: int, end: int, year: int | None, kind: MeasureKind
) -> Period | None:
    """The time of the amount at ``[start, end)`` that its sentence names.

    In its own clause that is the last word of time before it, else a date behind it (4栋9月10日前补熏); then the times
    of earlier clauses, from the nearest one, as far as they hold on; then the deadline of the clause behind
    (8月底前逐个销号). The base of a comparison (比2016年) is none of them.
    """
    words = sentence.words["periods"]
    clause = sentence.clause_start(start)
    found = _before(folded, sentence, words, clause, start)
    # 去年复查出的206名，一季度内追访到位: what was counted is of last year, what is to be done of the quarter.
    told = folded[max(0, start - 1) : start] == "的" and kind != "statistic"
    if found is None or told:
        behind = _scheduled(folded, sentence, words, end)
        found = behind if behind is not None else found
    if found is None or _is_share(folded, words[found][1], start, end):
        within = None if found is None else _before(folded, sentence, words, clause, words[found][0])
        earlier = within if within is not None else _earlier(folded, sentence, words, clause, start, kind)
        found = found if earlier is None else earlier
    if found is not None and (head := _headed(folded, sentence, words, found)) is not None:
        found = head
    if found is None or told:
        behind = _deadline(folded, sentence, words, end)
        found = behind if behind is not None else found
    return None if found is None else _period(folded, text, sentence.tables, words, found, sentence.start, year)


def reach(period: Period, tables: Tables) -> str:
    """How far a time holds: ``far``, ``near``, or ``whole`` where it only says again what others name (全年)."""
    words = fold(period.text)
    if _DUE.search(words) is not None and words not in _INSIDE:
        return "near"
    found = tables.times.find(words, 0, len(words))["periods"]
    reaches = [tables.sentence.rules["periods"][rule]["reach"] for _, _, rule in found]
    return "far" if "far" in reaches or not reaches else reaches[-1]


def is_past(period: Period, year: int | None) -> bool:
    """Whether a time lies before a plan's own year, or is named as past: 去年, 今年以来."""
    if year is not None and period.to is not None and period.to.year < year:
        return True
    return _PAST.search(fold(period.text)) is not None


def fits(period: Period, kind: MeasureKind, year: int | None) -> bool:
    """Whether an amount of that kind may be of that time: a target is not of last year, a statistic not of the next."""
    if kind == "mention":
        return True
    return not is_past(period, year) if kind == "target" else _TO_COME.search(fold(period.text)) is None


def governing_period(folded: str, text: str, tables: Tables, low: int, high: int, year: int | None) -> Period | None:
    """The last word of time in ``[low, high)``, a title or a lead-in, which governs what stands under it."""
    found = tables.times.find(folded, low, high)["periods"]
    # 不足与来年设想 compares nothing.
    named = [i for i in range(len(found) - 1, -1, -1) if not _is_base(folded, low, found, i, "比较由")]
    # 下半年，要咬定全年目标: the half year is what follows.
    plain = (i for i in named if tables.sentence.rules["periods"][found[i][2]]["reach"] != "whole")
    i = next(plain, named[0] if named else -1)
    return _period(folded, text, tables, found, i, low, year) if i >= 0 else None


def opening_periods(
    folded: str, text: str, tables: Tables, low: int, high: int, year: int | None, known: Heads
) -> Iterator[Period]:
    """The times at the heads of the sentences in ``[low, high)``, the last first: 去年，…。举办招聘会36场.

    ``known`` keeps what was found at each head of this text.
    """
    at = high
    while at > low:
        start = max(low, *(folded.rfind(stop, low, at - 1) + 1 for stop in SENTENCE_ENDS))
        key = (start, min(at, start + _HEAD), year)
        if key not in known:
            known[key] = _head(folded, text, tables, *key)
        if (period := known[key]) is not None:
            yield period
        at = start


def _head(folded: str, text: str, tables: Tables, start: int, end: int, year: int | None) -> Period | None:
    found = tables.times.find(folded, start, end)["periods"]
    if not found:
        return None
    i = _last_of(found, 0)
    period = _period(folded, text, tables, found, i, start, year)
    head = folded[start:end]
    lead = len(head) - len(head.lstrip(" 到至在截自—"))
    opens = period.start <= start + lead and _BASE_BEHIND.match(folded, found[i][1]) is None
    return period if opens else None


def _before(folded: str, sentence: Sentence, words: list[Word], low: int, high: int) -> int | None:
    """Which word of time in ``[low, high)`` is the last that is neither a base nor part of another amount's name."""
    for i in range(len(words) - 1, -1, -1):
        first, last, _ = words[i]
        if last > high:
            continue
        if first < low:
            return None
        if not _is_base(folded, sentence.start, words, i) and not _describes(folded, last, high):
            return i
    return None


def _is_base(folded: str, low: int, words: list[Word], i: int, marks: str = _BASE_BEFORE) -> bool:
    """Whether a time is what others are compared with: 比2016年, 与去年相比, 是2016年的2.1倍."""
    first, last = words[_first_of(words, i)][0], words[i][1]
    if (
        first > low
        and folded[first - 1] in marks
        and _FROM_THEN_ON.match(folded, last) is None
        and not (folded[first - 1] == "从" and _FROM_THEN_ON.search(folded, first, last) is not None)
        and not (folded[first - 1] == "从" and _SEEN.match(folded, last) is not None)
        and folded[max(low, first - 2) : first] not in _RATIOS
        and not (folded[first - 1] in "是为" and folded[last : last + 1] != "的")
    ):
        return True
    return folded[max(low, first - 2) : first] in _SET_ASIDE or _BASE_BEHIND.match(folded, last) is not None


def _describes(folded: str, last: int, start: int) -> bool:
    """Whether a time only says which things an amount before ``start`` counts: 去年入库的86个项目已开工61个."""
    thing = _OF_OTHER.match(folded, last, start)
    return thing is not None and thing.end() < start


def _earlier(
    folded: str, sentence: Sentence, words: list[Word], clause: int, start: int, kind: MeasureKind
) -> int | None:
    """Which time of an earlier clause holds on up to the amount: the nearest that may."""
    rules = sentence.tables.sentence.rules["periods"]
    crossed = folded.rfind("；", sentence.start, start), folded.rfind(";", sentence.start, start)
    for i in range(len(words) - 1, -1, -1):
        first, last, rule = words[i]
        if last > clause or (i + 1 < len(words) and words[i + 1][0] == last and words[i + 1][1] <= clause):
            continue
        if _is_base(folded, sentence.start, words, i) or _describes(folded, last, start):
            continue
        if _OF_THING.match(folded, last, clause) is not None:
            continue
        i = _first_of(words, i)
        first = words[i][0]
        said = folded[first:last]
        if kind != "mention" and (_PAST if kind == "target" else _TO_COME).search(said) is not None:
            continue
        opens = sentence.clause_start(first)
        # A blank stands for a line break on pages that have lost theirs.
        blank = folded[first - 1 : first] == " "
        begins = rules[rule]["scope"] == "event" or blank or _OPENS.fullmatch(folded, opens, first) is not None
        leads = blank or opens == sentence.start
        if rules[rule]["reach"] == "far":
            # What stands before it has no amounts that it could not be for.
            leads = leads or _DIGIT.search(folded, sentence.start, opens) is None
        if max(crossed) >= last and not (begins and leads):
            continue
        if max(crossed) >= last and kind == "target" and _ONE_DEADLINE.fullmatch(said) is not None:
            continue
        apart = _APART.match(folded, clause) is not None
        end = words[_last_of(words, i)][1]
        closes = sentence.clause_end(end) - end <= (folded[end : end + 1] in _CLOSERS)
        due = _DUE.search(said) is not None and _RANGE.search(said) is None
        lasting = rules[rule]["reach"] == "far" and (not due or said in _INSIDE)
        own = begins or closes
        if not own and all(rules[word[2]]["reach"] != "far" for word in words[:i]):
            own = _amid(folded, sentence, opens, first, end, clause)
        # 公司目前在管项目11个，总建筑面积186万平方米.
        present = kind == "statistic" and _PRESENT.fullmatch(said) is not None
        if lasting or present or (own and not apart):
            return _last_of(words, i)
    return None


def _headed(folded: str, sentence: Sentence, words: list[Word], found: int) -> int | None:
    """The time that heads a sentence alone, where a mere season follows in it: 7月：暑期旺季，加床30张."""
    rule = sentence.tables.sentence.rules["periods"][words[found][2]]
    head = _last_of(words, 0)
    colon = words[head][1]
    if (rule["scope"], rule["reach"]) != ("open", "near") or words[_first_of(words, found)][0] != colon + 1:
        return None
    return head if folded[colon] in ":：" and not folded[sentence.start : words[0][0]].strip() else None


def _is_share(folded: str, last: int, start: int, end: int) -> bool:
    """Whether an amount is a share of all that a time has: 7、8两月销量占到下半年的55%."""
    return folded[last:start] == "的" and (folded[end - 1] in "%％成" or "分之" in folded[start:end])


def _amid(folded: str, sentence: Sentence, opens: int, first: int, last: int, clause: int) -> bool:
    """Whether a time stands amid the few words of the clause before: 冷库三月底交付，库容800吨."""
    close = sentence.clause_end(last)
    return (
        close + 1 == clause
        and folded[close] in "，,"
        and _SUBJECT.fullmatch(folded, opens, first) is not None
        and _FEW.fullmatch(folded, last, close) is not None
    )


def _first_of(words: list[Word], i: int) -> int:
    """The first of the words that ``words[i]`` follows without a gap."""
    while i and words[i - 1][1] == words[i][0]:
        i -= 1
    return i


def _last_of(words: list[Word], i: int) -> int:
    """The last of the words that follow ``words[i]`` without a gap."""
    while i + 1 < len(words) and words[i + 1][0] == words[i][1]:
        i += 1
    return i


def _scheduled(folded: str, sentence: Sentence, words: list[Word], end: int) -> int | None:
    """Which word is a date right behind the amount, in its clause, of what is done with it then: 2项12月结题."""
    close = sentence.clause_end(end)
    for i, (first, last, rule) in enumerate(words):
        if first < end:
            continue
        if last > close or THING.fullmatch(folded, end, first) is None:
            return None
        i = _last_of(words, i)
        last = words[i][1]
        if (
            sentence.tables.sentence.rules["periods"][rule]["reach"] == "whole"
            or _PAST.search(folded, first, last) is not None
            or _is_base(folded, sentence.start, words, i)
            or (_ACT.match(folded, last, close) is None and _PUT.search(folded, end, first) is None)
        ):
            return None
        return i
    return None


def _deadline(folded: str, sentence: Sentence, words: list[Word], end: int) -> int | None:
    """Which word is a deadline behind the amount, with no other amount up to the end of the deadline's clause."""
    close = sentence.clause_end(end)
    for i, (first, last, _) in enumerate(words):
        if first < end:
            continue
        if first > close:
            opens = sentence.clause_start(first)
            if folded[close] in "；;" or _OPENS.fullmatch(folded, opens, first) is None:
                return None
            if opens != close + 1:
                return _joint_deadline(folded, sentence, words, close, i)
            close = sentence.clause_end(last)
            if _OWN_MATTER.fullmatch(folded, words[_last_of(words, i)][1], close) is not None:
                return None
        i = _last_of(words, i)
        last = words[i][1]
        said = _DUE.search(folded, first, last) is not None or folded[last : last + 1] in _STARTS
        if not said and _DONE.match(folded, last, close) is None:
            return None
        more = _MORE.match(folded, end)
        stretch = _DIGIT.search(folded, more.end() if more else end, first) or _PORTION.search(folded, last, close)
        return None if stretch is not None else _finish(folded, sentence, words, i, close)
    return None


def _joint_deadline(folded: str, sentence: Sentence, words: list[Word], close: int, i: int) -> int | None:
    """``words[i]`` where its clause says that all of a list is done by then: 换闸2座，清淤3公里，6月底前完工."""
    i = _last_of(words, i)
    first, last = words[_first_of(words, i)][0], words[i][1]
    joint = (
        _DUE.search(folded, first, last) is not None
        and _DONE.fullmatch(folded, last, sentence.clause_end(last)) is not None
        and _STOP.search(folded, close, first) is None
    )
    return i if joint else None


def _finish(folded: str, sentence: Sentence, words: list[Word], i: int, close: int) -> int:
    """The last of steps with a deadline each, where it ends the matter: 6月底前完成招标，11月底前竣工."""
    if i + 1 < len(words) and words[i + 1][0] == close + 1 and folded[close] in "，,":
        j = _last_of(words, i + 1)
        last = words[j][1]
        if _DUE.search(folded, words[j][0], last) and _DONE.fullmatch(folded, last, sentence.clause_end(last)):
            return j
    return i


def _period(folded: str, text: str, tables: Tables, words: list[Word], i: int, low: int, year: int | None) -> Period:
    """The time that ``words[i]`` names, together with the words it follows without a gap: 明年 + 3月底前."""
    first, last, rule = words[i]
    rules = tables.sentence.rules["periods"]
    scope = rules[rule]["scope"]
    if scope == "event":
        # 休渔[期间], 单位清查[阶段]: the name of the event stands before.
        named = _EVENT.search(folded, max(low, first - _EVENT_NAME), first)
        if named is not None:
            first = named.start()
    while i and words[i - 1][1] == first and rules[words[i - 1][2]]["scope"] != "event":
        i -= 1
        first = words[i][0]
        if scope != "event":
            scope = "dated" if "dated" in (scope, rules[words[i][2]]["scope"]) else scope
    from_, to = dates(folded[first:last], year) if scope == "dated" else (None, None)
    return Period(text[first:last], first, last, from_, to)
