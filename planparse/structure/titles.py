"""The page's title (标题), what it promises, and its words as they are compared with those of piece headings."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

from planparse.lines import Line
from planparse.rules.check import Hit
from planparse.rules.ruleset import Ruleset
from planparse.structure.numbers import CHINESE, to_number

_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_LONGEST = 80
_LOOK_AT = 20
# A document's title may be set in several lines: 关于印发…⏎…的通知.
_TITLE_LINES, _LONGEST_TITLE_LINE = 5, 40
_DOCUMENT = re.compile("关于|转发|印发|批转|(?<=[局厅院府办委会部])对")
_OFFICES = "局厅院府办委会部组校司"
_NOT_IN_TITLE = re.compile("[。；;！!？?：:，,]|〔|年\\d|\\d号$")
_SENTENCE = re.compile("[。；;！!？?]")
_SUFFIX = re.compile(r"\.(?:docx?|pdf|txt|wps|pptx?|html?)(?:VIP)?$", re.IGNORECASE)
_FILE = re.compile(r"\.(?:docx?|pdf|txt|wps|pptx?)(?:VIP)?", re.IGNORECASE)
_MARKS = re.compile(rf"[^{_HAN}A-Za-z\d]+")
_BADGE = re.compile(r"[【\[(（〔「《<][^】\])）〕」》>\n]{0,24}[】\])）〕」》>]")
_YEAR = re.compile(r"(?:19|20)[\dxX_*X]{2}(?:[-—~至]\d{2,4})?(?:学?年度?)?|[xX]{2}年度?")
_YEAR_BEFORE = re.compile(r"(?:(?:19|20)[\dxX*_]{2}|[xX]{2}) ?年度?(?:的|我)?$")
_NOTE = re.compile(r"[(（][^)）\n]{1,40}[)）] ?")
# The first piece's heading, where the title runs into it.
_TOKEN = re.compile(
    r"[【『「\[(（<]?(?:(?:范文|篇|第|例)(?:第)? ?(?:一|1)(?!\d)|第 ?(?:[一二三四五六七八九十]{1,3}|\d{1,2}) ?篇[:：])"
)
# So many characters of a title's subject are no chance where the text opens with them.
_SUBJECT = 4
_LABEL = re.compile(
    r"(?:[一二三四五六七八九十]{1,3} ?[、.．]|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2} ?[、.．](?!\d)|[①-⑳]|"
    r"第[一二三四五六七八九十]{1,3}(?:[条章，、]|部分))"
)


class Titles(NamedTuple):
    """The table of title words, compiled."""

    noun: re.Pattern[str]
    noun_at_end: re.Pattern[str]
    drop: re.Pattern[str]
    counts: tuple[re.Pattern[str], ...]
    chrome: re.Pattern[str]
    opener: re.Pattern[str]
    many: re.Pattern[str]


def _fill(pattern: str) -> str:
    return pattern.replace("{C}", CHINESE).replace("{H}", _HAN)


def _titles(rules: Ruleset) -> Titles:
    def role(name: str) -> list[str]:
        return [_fill(rule["pattern"]) for rule in rules.table("titles") if rule["role"] == name] or ["(?!)"]

    noun = "|".join(role("noun"))
    return Titles(
        re.compile(noun),
        re.compile(f"(?:{noun})$"),
        re.compile("|".join(role("drop"))),
        tuple(re.compile(pattern) for pattern in role("count")),
        re.compile("|".join(f"(?:{pattern})" for pattern in role("chrome"))),
        re.compile("|".join([r"[ \n【]|\Z", _LABEL.pattern, *role("opener")])),
        re.compile("|".join(role("many"))),
    )


def is_chrome(line: str, rules: Ruleset) -> bool:
    """Whether a folded line above the title belongs to the site."""
    return rules.compiled(_titles).chrome.fullmatch(line) is not None


def has_noun(words: str, rules: Ruleset, *, at_end: bool = False) -> bool:
    """Whether folded words hold (end in) what a plan's title ends in."""
    titles = rules.compiled(_titles)
    return (titles.noun_at_end if at_end else titles.noun).search(words) is not None


def noun_ends(words: str, rules: Ruleset) -> list[int]:
    """Where in folded words such a noun ends that no other follows at once (工作计划)."""
    spans = [match.span() for match in rules.compiled(_titles).noun.finditer(words)]
    starts = {start for start, _ in spans}
    return [end for _, end in spans if end not in starts]


def starts_label(words: str) -> bool:
    """Whether folded words start with what may number a section."""
    return _LABEL.match(words) is not None


def opens_plan(words: str, at: int, rules: Ruleset) -> bool:
    """Whether a plan's text may start at ``at`` of folded words: a label, a blank, or what plans open with."""
    return rules.compiled(_titles).opener.match(words, at) is not None


def find_title(
    folded: str, lines: Iterable[Line], rules: Ruleset, site_lines: Container[int] = ()
) -> tuple[int, int] | None:
    """The title's span in a folded text: the first line that is one, above all paragraphs; None where there is none.

    ``site_lines`` are the starts of lines that are known to be the site's.
    """
    weak: tuple[int, int] | None = None
    lines = list(islice(lines, _LOOK_AT + _TITLE_LINES))
    for position, line in enumerate(lines):
        if position >= _LOOK_AT:
            break
        words = folded[line.start : min(line.end, line.start + 400)].lstrip("#*> ")
        start = line.end - len(folded[line.start : line.end].lstrip("#*> "))
        if not words or line.start in site_lines or is_chrome(words, rules):
            continue
        if _LABEL.match(words):
            break
        if line.end - start > _LONGEST or _SENTENCE.search(words):
            glued = _glued(words, rules)
            return weak or ((start, start + glued) if glued else None)
        if words[-1] in "，,、：:；;—":
            continue
        body = words.rstrip("*# ")
        if _DOCUMENT.search(words) and (end := _end_of_set_title(folded, lines, position, rules)):
            # The office may stand on a line of its own.
            office = weak if weak and position and weak[0] == lines[position - 1].start else None
            return (office[0] if office and folded[office[1] - 1] in _OFFICES else start), end
        if has_noun(words, rules):
            return start, start + len(body)
        if weak is None and len(words) <= 40 and not re.search("[，,：:]", words):
            weak = (start, start + len(body))
        elif weak is not None:
            break
    return weak


def _end_of_set_title(folded: str, lines: Sequence[Line], first: int, rules: Ruleset) -> int:
    """Where a document's title ends that is set in several lines (分行标题), 0 where it is on one line or is none."""
    joined = folded[lines[first].start : lines[first].end]
    if has_noun(joined, rules, at_end=True):
        return 0
    for above, line in pairwise(lines[first : first + _TITLE_LINES]):
        words = folded[line.start : line.end]
        if len(words) > _LONGEST_TITLE_LINE or _NOT_IN_TITLE.search(words) or _LABEL.match(words):
            return 0
        if folded.count("\n", above.end, line.start) > 2:
            return 0
        joined += words
        if has_noun(words.replace(" ", ""), rules, at_end=True):
            return line.end
    return 0


def _glued(words: str, rules: Ruleset) -> int:
    """Where a title ends that runs into the text behind it, 0 where there is none."""
    head = words[:_LONGEST]
    stop = _SENTENCE.search(head)
    head = head[: stop.start()] if stop else head
    titles = rules.compiled(_titles)
    for count in titles.counts:
        if (match := count.search(head)) and has_noun(head[: match.end()], rules):
            end = match.end()
            while end < len(words) and words[end] in ")）】〕」]":
                end += 1
            return end
    head = re.split("[，,]", head, maxsplit=1)[0]
    for match in titles.noun.finditer(head):
        end = match.end()
        while end < len(words) and words[end] in ")）】〕」]》":
            end += 1
        if end >= 4 and words.startswith(words[:end], end):
            return end
        if end >= 8 and words.startswith(words[:_SUBJECT], end):
            # 渔港三队工作计划渔港三队现有…: the text opens with the title's subject.
            return end
        if suffix := _FILE.match(words, end):
            return suffix.end()
        if titles.noun.match(words, end) and not _TOKEN.match(words, end):
            continue
        while not _TOKEN.match(words, end) and (praise := titles.drop.match(words, end)) and praise.end() > end:
            end = praise.end()
        note = _NOTE.match(words, end)
        if end >= 4 and note and _LABEL.match(words, note.end()):
            return end
        if end >= 4 and note and _TOKEN.match(words, note.end()):
            return note.end()
        if end >= 4 and (titles.opener.match(words, end) or _TOKEN.match(words, end)):
            return end
    return 0


def declared_count(title: str, rules: Ruleset) -> int | None:
    """How many pieces a folded title promises (通用8篇), None where it does not say."""
    for count in rules.compiled(_titles).counts:
        if found := count.findall(title):
            return to_number(found[-1].replace("两", "二")) or None
    return None


def skip_praise(words: str, at: int, rules: Ruleset) -> int:
    """``at`` of folded words moved behind what says nothing in a title (优秀范文)."""
    drop = rules.compiled(_titles).drop
    while (match := drop.match(words, at)) and match.end() > at:
        at = match.end()
    return at


def skip_year(words: str, at: int, floor: int) -> int:
    """``at`` of folded words moved before the year that a title opens with, not before ``floor``."""
    match = _YEAR_BEFORE.search(words[max(floor, at - 8) : at])
    return at - len(match[0]) if match else at


def without_suffix(title: str) -> str:
    """A folded title without the ending of a file's name."""
    return _SUFFIX.sub("", title)


def promises_many(title: str, declared: int | None, rules: Ruleset) -> bool:
    """Whether a folded title says that several plans follow, with their number or without it (多篇)."""
    return (declared or 1) > 1 or rules.compiled(_titles).many.search(title) is not None


def core(words: str, rules: Ruleset) -> str:
    """A folded title as it is compared: without praise, counts, years, marks and blanks."""
    titles = rules.compiled(_titles)
    words = _SUFFIX.sub("", words)
    for count in titles.counts:
        words = count.sub("", words)
    words = _YEAR.sub("", words)
    return _MARKS.sub("", titles.drop.sub("", words))


def cores(title: str, rules: Ruleset) -> list[str]:
    """The cores of a folded title: of the whole, and of each half of a doubled one (两题并列)."""
    title = _SUFFIX.sub("", title)
    found = [core(_BADGE.sub(" ", title), rules), core(title, rules)]
    for half in re.split(r"[ _|—\-]+", _BADGE.sub(" ", title)):
        words = core(half, rules)
        # 工作计划 alone, or a name with no noun, is nobody's title.
        if has_noun(words, rules) and len(rules.compiled(_titles).noun.sub("", words)) >= 2:
            found.append(words)
    return sorted({words for words in found if len(words) >= 2}, key=len, reverse=True)


def likeness(words: str, known: Iterable[str]) -> float:
    """How far a core is one of the known ones: 1 the same, 0.9 one inside the other, else by common bigrams."""
    best = 0.0
    for other in known:
        if words == other:
            return 1.0
        if min(len(words), len(other)) >= 4 and (words in other or other in words):
            best = max(best, 0.9)
            continue
        a = {words[i : i + 2] for i in range(len(words) - 1)}
        b = {other[i : i + 2] for i in range(len(other) - 1)}
        if a and b:
            best = max(best, 1.6 * len(a & b) / (len(a) + len(b)))
    return min(best, 0.9)


def probe_titles(text: str, rules: Ruleset) -> list[Hit]:
    """Where each line of the table speaks, for checking its examples."""
    from planparse.fold import fold

    folded = fold(text)
    hits = []
    for rule in rules.table("titles"):
        pattern = re.compile(_fill(rule["pattern"]))
        if rule["role"] == "chrome":
            if pattern.fullmatch(folded):
                hits.append(Hit(0, len(folded), rule.id))
        else:
            hits += [Hit(*match.span(), rule.id) for match in pattern.finditer(folded)]
    return hits
