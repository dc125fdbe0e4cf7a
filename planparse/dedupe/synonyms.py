"""Words that spinners exchange (近义词替换), made one word for the comparison only; offsets stay what they were."""

from __future__ import annotations

from planparse.fold import fold
from planparse.rules.check import Hit
from planparse.rules.ruleset import RuleError, Ruleset, default_rules

# Stands for the characters that a shorter word leaves over; it never counts in a comparison.
_FILL = "\0"


class _Synonyms:
    """The compiled table: all words in one automaton, the longest at a place first (Aho, Corasick 1975)."""

    def __init__(self, rules: Ruleset) -> None:
        from ahocorasick_rs import AhoCorasick, MatchKind

        self.words: list[str] = []
        self.targets: list[str] = []
        self.rules: list[str] = []
        for rule in rules.table("synonyms"):
            word = rule["word"]
            for variant in rule["variants"].split():
                if len(variant) < len(word):
                    raise RuleError(f"{rule.source}:{rule.line}: variants: {variant} is shorter than {word}")
                self.words.append(variant)
                self.targets.append(word + _FILL * (len(variant) - len(word)))
                self.rules.append(rule.id)
        self.automaton = AhoCorasick(self.words, matchkind=MatchKind.LeftmostLongest) if self.words else None

    def found(self, text: str) -> list[tuple[int, int, int]]:
        """The number of the word, start and end of each."""
        return self.automaton.find_matches_as_indexes(fold(text)) if self.automaton else []


def respelled(text: str, rules: Ruleset | None = None) -> str:
    """The text with each variant of the table replaced by the table's word, of the same length, for comparing only."""
    synonyms = (rules or default_rules()).compiled(_Synonyms)
    parts: list[str] = []
    at = 0
    for number, start, end in synonyms.found(text):
        parts += [text[at:start], synonyms.targets[number]]
        at = end
    return "".join([*parts, text[at:]])


def probe_synonyms(text: str, rules: Ruleset) -> list[Hit]:
    """Where a word of the table stands that is compared as another."""
    synonyms = rules.compiled(_Synonyms)
    return [Hit(start, end, synonyms.rules[number]) for number, start, end in synonyms.found(text)]
