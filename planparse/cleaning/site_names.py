"""Names of sites, and the page's own title in brackets, pasted between the words of a plan (插入的站名、标题)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import product
from typing import NamedTuple

from planparse.cleaning.boilerplate import Facts, facts
from planparse.cleaning.compose import resolve
from planparse.cleaning.page import Page
from planparse.cleaning.patterns import HAN, compile_pattern
from planparse.document import Edit
from planparse.fold import fold
from planparse.lines import Line
from planparse.rules.check import Hit
from planparse.rules.ruleset import Ruleset

_FRAMES = 40
_LONGEST_NAME = 8
# What a plan does with a site, or says of it: such a name belongs to its sentence.
_GOVERNS = re.compile(
    r"(?:[在由向从到与和及或把将对用以的是为至于跟同经该叫称据让使本各]|登[录陆]|访问|通过|依托|利用|借助|建设|建立|建好|完善|办好|开[通办]|"
    r"创[办建]|打造|使用|进入|关注|订阅|加入|查阅|运用|开发|维护|更新|推广|宣传|浏览|搜索|打开|运营|管理|名为|改版|接入|购买|引进|包括|投稿)$"
)
_IS_ABOUT = re.compile(
    "[的上等和与及、中内是为将]|平台|站|页|建设|管理|资源|系统|下载|账号|栏目|发布|投稿|改版|栏|数据|服务|运[营行维]|专[栏题]|检索|阅读|查"
)
_WEB = re.compile("网站|网页|文库|门户|数据库|网络平台|上网|公众号|信息平台|电子资源|数字资源")


class _Name(NamedTuple):
    id: str
    triggers: tuple[str, ...]
    pattern: re.Pattern[str]


class _Names(NamedTuple):
    alone: tuple[_Name, ...]
    framed: tuple[_Name, ...]


def _compile(rules: Ruleset) -> _Names:
    table = rules.table("site_names")
    made = {
        flag: tuple(
            _Name(r.id, tuple(r["trigger"].split()), compile_pattern(r["pattern"])) for r in table if r["alone"] == flag
        )
        for flag in ("0", "1")
    }
    return _Names(made["1"], made["0"])


# Where a page names its site: source fields, the first step of a breadcrumb, the editor's employer.
_FIELD = re.compile(rf"(?:来源|出处|转自)[:：] ?([{HAN}]{{3,10}})(?![{HAN}])|位置[:：] ?([{HAN}]{{3,10}}) ?[>»›＞→]")
_EMPLOYER = re.compile(rf"(?:^|[^{HAN}]|[的由是])([{HAN}]{{3,8}}?)的?$")


def site_names(page: Page, known: Mapping[int, Facts], edits: Sequence[Edit], rules: Ruleset) -> list[Edit]:
    """The removals of site names within sentences.

    Args:
        page: the page.
        known: what the words of the lines tell.
        edits: what else the page loses.
        rules: the rule tables.
    """
    folded = page.folded
    lines = [page.lines[number] for number, fact in known.items() if fact.names]
    if not lines:
        return []
    names = rules.compiled(_compile)
    found: list[Edit] = []
    for rule, triggers, pattern in names.framed:
        for name in sorted(_framed(folded, lines, triggers, pattern)):
            at = folded.find(name)
            while at >= 0:
                if _is_pasted(page, at, at + len(name)):
                    found.append(Edit(at, at + len(name), "inline_insertion", rule))
                at = folded.find(name, at + len(name))
    for rule, triggers, pattern in names.alone:
        for line, trigger in product(lines, triggers):
            at = folded.find(trigger, line.start, line.end)
            while at >= 0:
                match = pattern.match(folded, at)
                start = _start(folded, at) if match and _is_pasted(page, at, match.end(), seam=False) else None
                if match and start is not None and _is_pasted(page, start, match.end()):
                    found.append(Edit(start, match.end(), "inline_insertion", rule))
                at = folded.find(trigger, at + 1, line.end)
    # A plan that is itself about sites may name one anywhere.
    return [] if found and _is_about_sites(folded, [*edits, *found]) else found


# An address run into the words of a sentence, with the site's name before it or not.
_GLUED = re.compile(
    rf"(?<=[{HAN}])(?:https?://|www\.)[a-z0-9\-]{{1,40}}(?:\.[a-z0-9\-]{{1,20}}){{1,4}}(?=[{HAN}])", re.IGNORECASE
)
_NAME_NOUN = re.compile(
    "(?:文库|文档|范文|资料|文秘|公文|写作|学习|资源|论文|作文|图书)?网|文库|之家|吧|在线|论坛|社区网|图书馆"
)


def glued_addresses(page: Page) -> list[Edit]:
    """The removals of a site's address, with the site's name before it, inside a sentence (插入的网址).

    The name goes with it where the page has it elsewhere too; then it goes wherever it is pasted between words.
    """
    folded = page.folded
    if "www." not in folded.lower() and "://" not in folded:
        return []
    edits: list[Edit] = []
    for match in _GLUED.finditer(folded):
        start = match.start()
        name = _name_before(folded, start)
        edits.append(Edit(start - len(name), match.end(), "inline_insertion", "glued-address"))
        at = folded.find(name) if name else -1
        while at >= 0:
            if at != start - len(name) and _is_pasted(page, at, at + len(name)):
                edits.append(Edit(at, at + len(name), "inline_insertion", "glued-address"))
            at = folded.find(name, at + len(name))
    return edits


def _name_before(folded: str, end: int) -> str:
    """The longest name of a site that ends at ``end`` and stands elsewhere as well, ``""`` where there is none."""
    for size in range(_LONGEST_NAME, 2, -1):
        name = folded[max(0, end - size) : end]
        noun = max((m.end() for m in _NAME_NOUN.finditer(name)), default=0)
        if noun == len(name) == size and name.isalpha() and folded.count(name) > 1:
            return name
    return ""


def _framed(folded: str, lines: Sequence[Line], triggers: Sequence[str], pattern: re.Pattern[str]) -> set[str]:
    """The names that the page's frame gives: the first field and note of some lines are enough."""
    named = set()
    for line, trigger in product(lines[:_FRAMES], triggers):
        at = folded.find(trigger, line.start, line.end)
        if at >= 0:
            if match := _FIELD.match(folded, at):
                named.add(match.group(1) or match.group(2))
            elif match := _EMPLOYER.search(folded[max(0, at - 9) : at]):
                named.add(match.group(1))
    return {name for name in named if _ends_in(name, pattern)}


def _ends_in(name: str, pattern: re.Pattern[str]) -> bool:
    return any(pattern.fullmatch(name, at) for at in range(2, min(len(name), 5)))


def _start(folded: str, suffix: int) -> int | None:
    """Where a name begins that goes on at ``suffix``: at its last word of two or three characters."""
    begin = suffix
    while begin > 0 and suffix - begin < 8 and "\u4e00" <= folded[begin - 1] <= "\u9fff":
        begin -= 1
    if begin == suffix:
        return None
    from planparse.words import cut

    words = cut(folded[begin:suffix])
    size = len(words[-1])
    if size == 1 and len(words) > 1 and len(words[-2]) == 1:
        size = 2
    return suffix - size if size in (2, 3) else None


def _is_pasted(page: Page, start: int, end: int, seam: bool = True) -> bool:
    """Whether a name stands between words of a sentence that do not speak of it; without ``seam``: that follow it."""
    folded = page.folded
    if start < 2 or end + 1 >= len(folded) or page.is_fixed(start, end):
        return False
    before, after = folded[start - 1], folded[end]
    if not ("\u4e00" <= before <= "\u9fff" and "\u4e00" <= after <= "\u9fff"):
        return False
    if seam and _GOVERNS.search(folded[max(0, start - 3) : start]):
        return False
    return not _IS_ABOUT.match(folded, end)


def _is_about_sites(folded: str, edits: Sequence[Edit]) -> bool:
    """Whether a text speaks of sites outside what it loses."""
    kept = 0
    for edit in resolve(edits):
        if _WEB.search(folded, kept, edit.start):
            return True
        kept = max(kept, edit.end)
    return _WEB.search(folded, kept) is not None


_BRACKETED = re.compile(rf"[(（](?<=[{HAN}。，；！][(（])([{HAN}]{{5,24}}(?:计划|总结|方案|规划|要点|报告|范文))[)）]")


def bracketed_titles(page: Page) -> list[Edit]:
    """The removals of the page's own title where it stands in brackets within a line."""
    if not page.title:
        return []
    title = page.folded[slice(*page.title)]
    return [
        Edit(match.start(), match.end(), "inline_insertion", "own-title")
        for match in _BRACKETED.finditer(page.folded, page.title[1])
        if (match.group(1) in title or _is_kin(match.group(1), title, page.folded, match.end()))
        and not page.is_fixed(match.start(), match.end())
    ]


_OF_THE_GENRE = re.compile("(?:年度|学期)?工作(?:计划|总结|方案|要点|报告)(?:范文)?$")


def _is_kin(words: str, title: str, folded: str, end: int) -> bool:
    """Whether words in brackets at the end of a clause are what pages are searched by: a plan of the title's kind."""
    topic = _OF_THE_GENRE.sub("", words)
    if topic == words or (end < len(folded) and folded[end] not in "，。；！\n"):
        return False
    return any(topic[i : i + 2] in title for i in range(len(topic) - 1))


def probe_site_names(text: str, rules: Ruleset) -> list[Hit]:
    """Where the names of ``site_names.tsv`` stand pasted in a text."""
    page = Page(fold(text), None, ())
    return [Hit(e.start, e.end, e.rule) for e in site_names(page, facts(page, rules), (), rules)]
