"""Make a corpus of plans of any size, with planted duplicates, and the truth about them.

Run: ``python corpora/generate.py --plans 10000 --seed 1 --out DIR``. It writes ``DIR/plans.jsonl`` (``id``, ``text``)
and ``DIR/truth.jsonl``: one planted relation a line with its ``kind``, ``a`` and ``b``. The sentences come from the
grammar below, so that two plans share a run of 50 characters only where one was planted. The same seed gives the same
bytes.

Of 100 plans 10 are near copies (1 to 30 % of their clauses edited), 6 hold another plan whole (20 to 80 % of the host),
6 share a passage of 60 to 400 characters with another, and 10 carry one of a few template paragraphs, which are no
relation. Some are masked (xx for figures), some stand in a site's frame.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path

_WORDS = {
    kind: words.split(" ")
    for kind, _, words in (
        line.partition("\t") for line in Path(__file__).with_name("words.tsv").read_text("utf-8").splitlines()
    )
    if not kind.startswith("#")
}
WHO, PLACE, DEED, THING, HOW, AIM, UNIT = (
    _WORDS[kind] for kind in ["WHO", "PLACE", "DEED", "THING", "HOW", "AIM", "UNIT"]
)
TEMPLATES = (
    "为进一步加强和改进各项工作，充分调动全体人员的积极性和主动性，按照上级的统一部署和要求，结合本单位的实际情况，"
    "特制定本工作计划，请各部门认真遵照执行。",
    "全体人员要进一步提高认识，切实增强责任感和紧迫感，加强组织领导，明确目标任务，强化督促检查，严格考核奖惩，"
    "确保全年各项工作任务圆满完成。",
    "各部门要牢固树立大局意识和服务意识，密切配合，通力协作，及时沟通情况，认真总结经验，不断改进方法，"
    "把各项措施真正落到实处，取得实实在在的效果。",
)
FRAMES = ("来源：拾穗文库 时间：2023-05-06 阅读：{n}次", "相关文章：", "本文由网友上传，如有侵权请联系删除。")
LENGTH = 1000


def clause(rng: random.Random) -> str:
    """One clause; a few hundred thousand million are possible."""
    kind = rng.random()
    where, thing, deed = rng.choice(PLACE), rng.choice(THING), rng.choice(DEED)
    if kind < 0.4:
        return f"{rng.choice(HOW)}{deed}{where}{thing}{rng.randrange(2, 990)}{rng.choice(UNIT)}"
    if kind < 0.7:
        return f"对{where}{rng.choice(WHO)}的{thing}{rng.choice(HOW)}{deed}"
    return f"{rng.choice(DEED)}{thing}和{where}{rng.choice(THING)}，{rng.choice(AIM)}"


def clauses(rng: random.Random, length: int) -> list[str]:
    """Clauses of about ``length`` characters."""
    found: list[str] = []
    size = 0
    while size < length:
        found.append(clause(rng))
        size += len(found[-1]) + 1
    return found


def written(title: str, parts: list[str], rng: random.Random) -> str:
    """A plan's text: title, numbered sections of a few sentences."""
    lines = [title]
    names = "一二三四五六七八九十"
    number = at = 0
    while at < len(parts):
        take = rng.randrange(6, 11)
        some = parts[at : at + take]
        body = "".join(part + ("。" if (i + 1) % 3 == 0 or i + 1 == len(some) else "，") for i, part in enumerate(some))
        lines.append(f"{names[number % 10]}、{body}")
        at, number = at + take, number + 1
    return "\n".join(lines)


def edited(parts: list[str], share: float, rng: random.Random) -> list[str]:
    """Clauses with a share of them replaced, dropped, moved or masked."""
    result = list(parts)
    for i in rng.sample(range(len(result)), max(1, round(share * len(result)))):
        way = rng.random()
        if way < 0.5:
            result[i] = clause(rng)
        elif way < 0.8:
            result[i] = "".join("x" if c.isdigit() else c for c in result[i])
        else:
            result[i] = result[i].replace(rng.choice(DEED), rng.choice(DEED)) + rng.choice(HOW)
    return result


def corpus(plans: int, seed: int, length: int = LENGTH) -> Iterator[tuple[dict[str, str], list[dict[str, str]]]]:
    """Plans in order, each with the relations planted with it; those go to plans before it.

    Args:
        plans: how many.
        seed: of the random numbers.
        length: characters of a plan, about.
    """
    rng = random.Random(seed)
    recent: list[tuple[str, list[str]]] = []
    for number in range(plans):
        name = f"plan-{number:07d}"
        title = f"{rng.choice(PLACE)}{rng.choice(WHO)}2023年工作计划"
        parts = clauses(rng, round(length * rng.uniform(0.6, 1.4)))
        truth: list[dict[str, str]] = []
        kind = rng.random()
        if recent and kind < 0.22:
            other, theirs = rng.choice(recent)
            if kind < 0.10:
                parts = edited(theirs, rng.uniform(0.01, 0.3), rng)
                truth = [{"kind": "near", "a": other, "b": name}]
            elif kind < 0.16:
                around = clauses(rng, round(length * rng.uniform(0.4, 3)))
                at = rng.randrange(len(around) + 1)
                parts = around[:at] + theirs + around[at:]
                truth = [{"kind": "contains", "a": other, "b": name}]
            else:
                size = rng.randrange(4, 20)
                start = rng.randrange(max(1, len(theirs) - size))
                at = rng.randrange(len(parts) + 1)
                parts = parts[:at] + theirs[start : start + size] + parts[at:]
                truth = [{"kind": "passage", "a": other, "b": name}]
        elif kind < 0.32:
            parts = [rng.choice(TEMPLATES).rstrip("。"), *parts]
        else:
            recent.append((name, parts))
            if len(recent) > 5000:
                recent.pop(rng.randrange(len(recent)))
        text = written(title, parts, rng)
        if rng.random() < 0.1:
            above, *below = FRAMES
            text = "\n".join([title, above.format(n=rng.randrange(9999)), text.split("\n", 1)[1], *below[1:]])
        yield {"id": name, "text": text}, truth


def main() -> None:
    parser = argparse.ArgumentParser(description="A corpus of plans with planted duplicates, and the truth about them.")
    parser.add_argument("--plans", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--length", type=int, default=LENGTH, help="characters of a plan, about")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    with (
        (given.out / "plans.jsonl").open("w", encoding="utf-8") as plans,
        (given.out / "truth.jsonl").open("w", encoding="utf-8") as truth,
    ):
        for plan, planted in corpus(given.plans, given.seed, given.length):
            plans.write(json.dumps(plan, ensure_ascii=False) + "\n")
            truth.writelines(json.dumps(one) + "\n" for one in planted)


if __name__ == "__main__":
    main()
