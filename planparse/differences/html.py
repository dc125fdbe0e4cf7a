"""A comparison as HTML for a notebook (网页视图): two columns, the words that differ marked."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from planparse.differences.shown import NAMES, figures, lines
from planparse.views.blocks import showable

if TYPE_CHECKING:
    from jinja2 import Template

    from planparse.differences.compare import Comparison

_ORDER = ("same", "moved", "reworded", "added", "removed")


def to_html(found: Comparison) -> str:
    """The comparison as one self-contained HTML element."""
    counts = found.counts()
    return _template().render(
        a=found.a,
        b=found.b,
        counts=[(kind, NAMES[kind], counts[kind]) for kind in _ORDER],
        lines=list(lines(found.rows, everything=False)),
        figures=list(figures(found.pairs)),
        names=NAMES,
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, PackageLoader

    environment = Environment(loader=PackageLoader("planparse.differences", "."), autoescape=True)
    environment.filters["showable"] = showable
    return environment.get_template("comparison.html.jinja")
