"""Make a corpus of plans of any size, with planted duplicates, and the truth about them.

Run: ``python corpora/generate.py --plans 10000 --seed 1 --out DIR [--format jsonl|parquet]``. It writes ``DIR/plans``
(``id``, ``text``) and ``DIR/truth``: one planted relation a row with its ``kind``, ``a``, ``b`` and ``amount``. The
sentences come from the grammar below and ``words.tsv``, so that two plans share a run of 50 characters only where one
was planted. The same seed gives the same bytes; a plan depends on the seed and its number alone, so that memory stays
flat.

Of 100 plans 10 are near copies (``amount``: 0.01 to 0.3 of the clauses edited, by word or whole), 6 hold another plan
whole (0.2 to 0.8 of the host), 6 share a passage with another (60 to 400 characters), and 10 have one of a few template
paragraphs, which are no relation. Of all, one in ten is masked (``xx``, ``××``, ``__`` for figures and places) and one
in ten stands in a site's frame.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

_WORDS = {
    kind: words.split(" ")
    for kind, _, words in (
        line.partition("\t") for line in Path(__file__).with_name("words.tsv").read_text("utf-8").splitlines()
    )
    if not kind.startswith("#")
}
WHO, DEED, THING, HOW, AIM, UNIT = (_WORDS[kind] for kind in ["WHO", "DEED", "THING", "HOW", "AIM", "UNIT"])
# Villages have names of two syllables and an ending: as many as a province has.
PLACE = [a + b + end for a in _WORDS["NAME"] for b in _WORDS["NAME"] for end in _WORDS["PLACE_END"]]
TEMPLATES = (
    "为进一步加强和改进各项工作，充分调动全体人员的积极性和主动性，按照上级的统一部署和要求，结合本单位的实际情况，"
    "特制定本工作计划，请各部门认真遵照执行",
    "全体人员要进一步提高认识，切实增强责任感和紧迫感，加强组织领导，明确目标任务，强化督促检查，严格考核奖惩，"
    "确保全年各项工作任务圆满完成",
    "各部门要牢固树立大局意识和服务意识，密切配合，通力协作，及时沟通情况，认真总结经验，不断改进方法，"
    "把各项措施真正落到实处，取得实实在在的效果",
    "公民、法人和其他组织依照规定享有申请公开的权利，受理机关应当自收到申请之日起二十个工作日内予以答复，"
    "需要延长答复期限的，应当经负责人同意并告知申请人",
)
ABOVE, BELOW = "来源：拾穗文库 时间：2023-05-06 阅读：{}次", "相关文章：\n本文由网友上传，如有侵权请联系删除。"
NUMERALS = "一二三四五六七八九十"
LENGTH = 1000
# The shares of plans that are near copies, hosts, sharers and that have a template paragraph.
NEAR, HOST, SHARER, TEMPLATE = 0.10, 0.16, 0.22, 0.32
PARAGRAPH = (5, 24)
# A base is looked for among so many plans before a plan.
_REACH = 1_000_000

Plan = list[list[str]]


class Truth(NamedTuple):
    """A planted relation. ``amount``: clauses edited in ``near``, share of the host in ``contains``, characters."""

    kind: str
    a: str
    b: str
    amount: float


def _dice(seed: int, number: int, use: int) -> Random:
    # One integer for the three: a plan's dice are its own.
    return Random(((seed + 1) * 4 + use) * 2**40 + number)


def name_of(number: int) -> str:
    """The id of a plan."""
    return f"plan-{number:07d}"


def clause(rng: Random) -> str:
    """One clause; thousands of millions are possible."""
    r = rng.random
    kind = r()
    thing, deed = THING[int(r() * len(THING))], DEED[int(r() * len(DEED))]
    place = PLACE[int(r() * len(PLACE))]
    if kind < 0.4:
        return f"{HOW[int(r() * len(HOW))]}{deed}{place}{thing}{int(2 + r() * 988)}{UNIT[int(r() * len(UNIT))]}"
    if kind < 0.7:
        return f"对{place}{WHO[int(r() * len(WHO))]}的{thing}{HOW[int(r() * len(HOW))]}{deed}"
    return f"{deed}{thing}和{place}{THING[int(r() * len(THING))]}，{AIM[int(r() * len(AIM))]}"


def paragraphs(rng: Random, length: float) -> Plan:
    """Paragraphs of some clauses each, of about so many characters in all."""
    found: Plan = []
    size = 0
    while size < length:
        take = rng.randrange(*PARAGRAPH)
        some: list[str] = []
        while len(some) < take and size < length:
            some.append(clause(rng))
            size += len(some[-1]) + 1
        found.append(some)
    return found


def length_of(plan: Plan) -> int:
    """Characters of all clauses."""
    return sum(len(part) + 1 for paragraph in plan for part in paragraph)


def written(title: str, plan: Plan) -> str:
    """A plan's text: title, numbered paragraphs of a few sentences."""
    lines = [title]
    for number, paragraph in enumerate(plan):
        last = len(paragraph) - 1
        body = "".join([part + ("。" if i % 3 == 2 or i == last else "，") for i, part in enumerate(paragraph)])
        lines.append(f"{NUMERALS[number % 10]}、{body}")
    return "\n".join(lines)


def edited(plan: Plan, share: float, rng: Random) -> Plan:
    """A plan with a share of its clauses edited: a word replaced, added or masked, or the whole dropped or replaced."""
    places = [(i, j) for i, paragraph in enumerate(plan) for j in range(len(paragraph))]
    chosen = set(rng.sample(places, max(1, round(share * len(places)))))
    result: Plan = []
    for i, paragraph in enumerate(plan):
        kept: list[str] = []
        for j, part in enumerate(paragraph):
            way = rng.random() if (i, j) in chosen else 1.0
            if way < 0.25:
                kept.append(clause(rng))
            elif way < 0.4:
                continue
            elif way < 0.5:
                kept += [part, clause(rng)]
            elif way < 0.65:
                kept.append(masked(part, rng))
            elif way < 1:
                at = rng.randrange(len(part))
                kept.append(part[:at] + rng.choice(HOW) + part[at + rng.randrange(3) :])
            else:
                kept.append(part)
        if kept:
            result.append(kept)
    return result


def masked(part: str, rng: Random) -> str:
    """A clause with its figure, or its first two characters, made unreadable."""
    mask = rng.choice(("xx", "××", "__", "**"))
    digits = [i for i, c in enumerate(part) if "0" <= c <= "9"]
    return part[: digits[0]] + mask + part[digits[-1] + 1 :] if digits else mask + part[2:]


def _is_base(seed: int, number: int) -> bool:
    return number == 0 or _dice(seed, number, 0).random() >= TEMPLATE


def _base(seed: int, number: int, length: int) -> Plan:
    rng = _dice(seed, number, 1)
    return paragraphs(rng, length * rng.uniform(0.6, 1.4))


def _other(seed: int, number: int, rng: Random) -> int:
    """A plan before this one that is nobody's copy."""
    while True:
        other = rng.randrange(max(0, number - _REACH), number)
        if _is_base(seed, other):
            return other


def _passage(plan: Plan, rng: Random) -> list[str]:
    """Some clauses in a row of one paragraph, of 60 to 400 characters."""
    wanted = rng.uniform(60, 400)
    long = max(plan, key=len)
    # Late enough a start would leave too little.
    starts = [i for i in range(len(long)) if sum(map(len, long[i:])) >= 60] or [0]
    start = rng.choice(starts)
    taken: list[str] = []
    for part in long[start:]:
        if (taken and sum(map(len, taken)) >= wanted) or sum(map(len, taken)) + len(part) > 400:
            break
        taken.append(part)
    return taken


def plan(seed: int, number: int, length: int = LENGTH) -> tuple[str, list[Truth]]:
    """The text of one plan, and what it has to do with plans before it."""
    rng = _dice(seed, number, 2)
    kind = 1.0 if _is_base(seed, number) else _dice(seed, number, 0).random()
    truth: list[Truth] = []
    if kind >= TEMPLATE:
        parts = _base(seed, number, length)
    elif kind >= SHARER:
        parts = paragraphs(rng, length * rng.uniform(0.6, 1.4))
        parts.insert(rng.randrange(len(parts) + 1), [rng.choice(TEMPLATES)])
    else:
        other = _other(seed, number, rng)
        theirs = _base(seed, other, length)
        if kind < NEAR:
            share = rng.uniform(0.01, 0.3)
            parts = edited(theirs, share, rng)
            truth.append(Truth("near", name_of(other), name_of(number), share))
        elif kind < HOST:
            share = rng.uniform(0.2, 0.8)
            around = paragraphs(rng, length_of(theirs) * (1 / share - 1))
            at = rng.randrange(len(around) + 1)
            parts = around[:at] + theirs + around[at:]
            truth.append(Truth("contains", name_of(other), name_of(number), share))
        else:
            taken = _passage(theirs, rng)
            parts = paragraphs(rng, length * rng.uniform(0.6, 1.4))
            at = rng.randrange(len(parts))
            parts[at] = [*parts[at][:3], *taken, *parts[at][3:]]
            truth.append(Truth("passage", name_of(other), name_of(number), sum(map(len, taken))))
    title = f"{PLACE[int(rng.random() * len(PLACE))]}{rng.choice(WHO)}2023年工作计划"
    if rng.random() < 0.1:
        parts = [[masked(part, rng) if rng.random() < 0.1 else part for part in paragraph] for paragraph in parts]
        title = title.replace("2023", "20xx")
    text = written(title, parts)
    if rng.random() < 0.1:
        head, _, body = text.partition("\n")
        text = f"{head}\n{ABOVE.format(rng.randrange(9999))}\n{body}\n{BELOW}"
    return text, truth


def corpus(plans: int, seed: int, length: int = LENGTH) -> Iterator[tuple[dict[str, str], list[Truth]]]:
    """Plans in order, each with the relations planted with it; those go to plans before it.

    Args:
        plans: how many.
        seed: of the random numbers, not negative.
        length: characters of a plan, about.
    """
    for number in range(plans):
        text, truth = plan(seed, number, length)
        yield {"id": name_of(number), "text": text}, truth


def write_jsonl(made: Iterator[tuple[dict[str, str], list[Truth]]], out: Path) -> None:
    """Write ``plans.jsonl`` and ``truth.jsonl``."""
    with (
        (out / "plans.jsonl").open("w", encoding="utf-8") as plans,
        (out / "truth.jsonl").open("w", encoding="utf-8") as truth,
    ):
        for one, planted in made:
            plans.write(json.dumps(one, ensure_ascii=False) + "\n")
            truth.writelines(json.dumps(relation._asdict()) + "\n" for relation in planted)


def write_parquet(made: Iterator[tuple[dict[str, str], list[Truth]]], out: Path, batch: int = 10_000) -> None:
    """Write ``plans.parquet`` and ``truth.parquet``, a row group for each batch of plans."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    plan_schema = pa.schema([("id", pa.string()), ("text", pa.string())])
    truth_schema = pa.schema([("kind", pa.string()), ("a", pa.string()), ("b", pa.string()), ("amount", pa.float64())])
    with (
        pq.ParquetWriter(out / "plans.parquet", plan_schema) as plans,
        pq.ParquetWriter(out / "truth.parquet", truth_schema) as truth,
    ):
        while some := [one for one, _ in zip(made, range(batch), strict=False)]:
            plans.write_table(pa.Table.from_pylist([one for one, _ in some], plan_schema))
            relations = [relation._asdict() for _, planted in some for relation in planted]
            truth.write_table(pa.Table.from_pylist(relations, truth_schema))


def main() -> None:
    parser = argparse.ArgumentParser(description="A corpus of plans with planted duplicates, and the truth about them.")
    parser.add_argument("--plans", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--length", type=int, default=LENGTH, help="characters of a plan, about")
    parser.add_argument("--format", choices=["jsonl", "parquet"], default="jsonl")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    made = corpus(given.plans, given.seed, given.length)
    (write_jsonl if given.format == "jsonl" else write_parquet)(made, given.out)


if __name__ == "__main__":
    main()
