"""What ``planparse rules --check`` runs for the measures' tables: the real mechanism on a text, rule by rule."""

from __future__ import annotations

import re

from planparse.fold import fold
from planparse.measures.comparators import around
from planparse.measures.scan import Amount
from planparse.measures.sentence import Sentence
from planparse.measures.tables import Patterns, Tables, build_tables
from planparse.rules.check import Hit
from planparse.rules.ruleset import Ruleset


def _amounts(text: str, rules: Ruleset) -> tuple[str, Tables, list[Amount]]:
    folded = fold(text)
    tables = rules.compiled(build_tables)
    return folded, tables, list(tables.scanner.amounts(folded))


def probe_units(text: str, rules: Ruleset) -> list[Hit]:
    """The amounts of a text, with the unit of each."""
    return [Hit(a.start, a.end, a.unit.rule) for a in _amounts(text, rules)[2] if a.unit is not None]


def probe_not_numbers(text: str, rules: Ruleset) -> list[Hit]:
    """The numerals that are no amounts."""
    folded, tables, amounts = _amounts(text, rules)
    return _matches(tables.not_numbers, folded, [amount.start for amount in amounts])


def probe_comparators(text: str, rules: Ruleset) -> list[Hit]:
    """The comparators and approximators around the amounts of a text."""
    return _around(text, rules, "comparators")


def probe_changes(text: str, rules: Ruleset) -> list[Hit]:
    """The words of change before the amounts of a text."""
    return _around(text, rules, "changes")


def _around(text: str, rules: Ruleset, table: str) -> list[Hit]:
    folded, tables, amounts = _amounts(text, rules)
    ids = {rule.id for rule in rules.table(table)}
    sentence = Sentence(folded, 0, len(folded), tables)
    return [
        Hit(*hit)
        for amount in amounts
        for hit in around(folded, amount, sentence.clause_start(amount.start), sentence).rules
        if hit[2] in ids
    ]


def probe_periods(text: str, rules: Ruleset) -> list[Hit]:
    """The words of time of a text."""
    return _words(text, rules, "periods")


def probe_recurrences(text: str, rules: Ruleset) -> list[Hit]:
    """The recurrences of a text."""
    return _words(text, rules, "recurrences")


def probe_indicator_words(text: str, rules: Ruleset) -> list[Hit]:
    """The words that are stripped around the name of what is measured."""
    folded, tables, amounts = _amounts(text, rules)
    hits = []
    for amount in amounts:
        places = ((start, tables.leading.at(folded, start)) for start in range(amount.start))
        hits += [Hit(start, match[0], match[1].id) for start, match in places if match is not None]
        for rule in rules.table("indicator_words"):
            if rule["place"] == "behind" and (match := re.compile(rule["pattern"]).match(folded, amount.end)):
                hits.append(Hit(*match.span(), rule.id))
            if rule["place"] in ("trail", "bare", "generic"):
                words = re.compile(rule["pattern"]).finditer(folded, 0, amount.start)
                hits += [Hit(found.start(), found.end(), rule.id) for found in words]
    return hits


def probe_roles(text: str, rules: Ruleset) -> list[Hit]:
    """The role cues of a text: all of its clauses, those behind its amounts, and as if it were a title."""
    folded, tables, amounts = _amounts(text, rules)
    hits = _words(text, rules, "clause")
    for lexicon in (tables.page, tables.tone):
        for name, words in lexicon.find(folded, 0, len(folded)).items():
            hits += [Hit(start, end, lexicon.rules[name][i].id) for start, end, i in words]
    for amount in amounts:
        before = tables.next.find(folded, max(0, amount.start - 12), amount.start)
        after = tables.ahead.find(folded, amount.end, len(folded), whole=True)
        hits += [Hit(start, end, rule.id) for start, end, rule in filter(None, (before, after))]
    return hits + _matches(tables.behind, folded, [amount.end for amount in amounts])


def _words(text: str, rules: Ruleset, table: str) -> list[Hit]:
    lexicon = rules.compiled(build_tables).sentence
    folded = fold(text)
    found = lexicon.find(folded, 0, len(folded))[table]
    return [Hit(start, end, lexicon.rules[table][i].id) for start, end, i in found]


def _matches(patterns: Patterns, folded: str, places: list[int]) -> list[Hit]:
    found = ((at, patterns.at(folded, at)) for at in places)
    return [Hit(at, match[0], match[1].id) for at, match in found if match is not None]
