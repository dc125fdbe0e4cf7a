"""Every rule is run on its own examples: alone, and in the company of all others.

A table's *probe* runs the mechanism that uses the table over a text and says where each rule of it spoke.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import NamedTuple

from planparse.rules.ruleset import Rule, Ruleset, marked


class Hit(NamedTuple):
    """A rule of the probed table spoke for ``[start, end)``."""

    start: int
    end: int
    rule: str


Probe = Callable[[str, Ruleset], list[Hit]]

# table → module that uses it; the module's ``probe_<table>`` is the table's probe.
PROBES: dict[str, str] = {
    "changes": "planparse.measures.probes",
    "comparators": "planparse.measures.probes",
    "indicator_words": "planparse.measures.probes",
    "not_numbers": "planparse.measures.probes",
    "periods": "planparse.measures.probes",
    "recurrences": "planparse.measures.probes",
    "roles": "planparse.measures.probes",
    "units": "planparse.measures.probes",
    "boilerplate": "planparse.cleaning.boilerplate",
    "buttons": "planparse.cleaning.boilerplate",
    "synonyms": "planparse.dedupe.synonyms",
    "fields": "planparse.cleaning.fields",
    "terms": "planparse.cleaning.boilerplate",
    "site_names": "planparse.cleaning.site_names",
    "foreign_nouns": "planparse.cleaning.insertions",
    "glyphs": "planparse.cleaning.glyphs",
    "labels": "planparse.structure.labels",
    "lead_in_cues": "planparse.cleaning.cues",
    "not_labels": "planparse.structure.labels",
    "piece_headings": "planparse.structure.pieces",
    "related_labels": "planparse.cleaning.links",
    "site_cues": "planparse.cleaning.cues",
    "titles": "planparse.structure.titles",
    "topics": "planparse.cleaning.topics",
    "unnumbered": "planparse.structure.unnumbered",
}


def probe_of(table: str) -> Probe:
    """The probe of a table.

    Raises:
        KeyError: where the table has none, so that no table goes untested.
    """
    return getattr(import_module(PROBES[table]), f"probe_{table}")  # type: ignore[no-any-return]


def failures(rule: Rule, rules: Ruleset) -> Iterator[str]:
    """What is wrong with one rule, in words; nothing where it holds."""
    probe = probe_of(rule.table)
    alone = rules.with_table(rule.table, (rule,))
    for company, ruleset in (("alone", alone), ("in company", rules)):
        for example in rule.examples:
            text, spans = marked(example)
            hits = probe(text, ruleset)
            for start, end in spans:
                if not any(hit == (start, end, rule.id) for hit in hits):
                    found = [(text[hit.start : hit.end], hit.rule) for hit in hits]
                    yield f"{company}: does not find {text[start:end]!r} in {text!r}; found {found}"
        for unlike in rule.unlikes:
            for hit in probe(unlike, ruleset):
                if hit.rule == rule.id:
                    yield f"{company}: finds {unlike[hit.start : hit.end]!r} in {unlike!r}"


def check(rules: Ruleset) -> Iterator[tuple[Rule, str]]:
    """All failures of all rules."""
    for rule in rules.rules():
        for message in failures(rule, rules):
            yield rule, message
