"""What ``planparse rules --check`` runs for the measures' tables: the real mechanism on a text, rule by rule."""

from __future__ import annotations

from planparse.fold import fold
from planparse.measures.comparators import around
from planparse.measures.roles import Sentence
from planparse.measures.scan import Amount
from planparse.measures.tables import Cues, Patterns, Tables, build_tables
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
        for hit in around(folded, amount, sentence.clause_start(amount.start), tables).rules
        if hit[2] in ids
    ]


def probe_periods(text: str, rules: Ruleset) -> list[Hit]:
    """The words of time before the first amount that is no date."""
    folded, tables, _ = _amounts(text, rules)
    return _all(tables.periods, folded)


def probe_recurrences(text: str, rules: Ruleset) -> list[Hit]:
    """The recurrences of a text."""
    folded, tables, _ = _amounts(text, rules)
    return _all(tables.recurrences, folded)


def probe_roles(text: str, rules: Ruleset) -> list[Hit]:
    """The role cues of a text: all of its clauses, those behind its amounts, and as if it were a title."""
    folded, tables, amounts = _amounts(text, rules)
    hits = []
    places: list[tuple[Cues, int, int]] = [(c, 0, len(folded)) for c in (tables.clause, tables.title, tables.switch, tables.tone)]
    places += [(tables.behind, amount.end, amount.end + 4) for amount in amounts]
    for cues, start, end in places:
        hits += [Hit(cue.start, cue.end, cue.rule) for cue in cues.find(folded, start, end)]
    return hits


def _all(patterns: Patterns, folded: str) -> list[Hit]:
    return [Hit(start, end, patterns.rules[i].id) for start, end, i in patterns.find(folded, 0, len(folded))]


def _matches(patterns: Patterns, folded: str, places: list[int]) -> list[Hit]:
    hits = []
    for at in places:
        if (match := patterns.at(folded, at)) is not None:
            hits.append(Hit(at, match[0], match[1].id))
    return hits
