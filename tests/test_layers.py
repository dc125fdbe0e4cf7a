"""The house: layers import downwards only, nothing prints, nothing configures logging, importing does no work."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "planparse"

# A module may import what stands above it in this list, and its own layer.
LAYERS = [
    "document",
    "fold",
    "lines",
    "numerals",
    "words",
    "genre",
    "rules",
    "structure",
    "cleaning",
    "measures",
    "dedupe",
    "views",
    "reading",
    "pipeline",
    "differences",
    "spark",
    "batch",
    "evaluation",
    "cli",
]
# Looked up by name when a rule is checked, or on a method's first call: allowed to look down from above.
LATE = {("document", "views"), ("rules", "structure"), ("rules", "cleaning"), ("rules", "measures")}


def _modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def _layer(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _imports(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("planparse."):
            names.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            names |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("planparse.")}
    return names


@pytest.mark.parametrize("path", _modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_downwards_only(path: Path) -> None:
    layer = _layer(path)
    assert layer in LAYERS
    for other in _imports(ast.parse(path.read_text("utf-8"))):
        assert LAYERS.index(other) <= LAYERS.index(layer) or (layer, other) in LATE, f"{layer} imports {other}"


@pytest.mark.parametrize("path", _modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_library_neither_prints_nor_configures_logging(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called != "print"
            assert called not in ("logging.basicConfig", "logging.config.dictConfig")


def test_importing_loads_nothing_heavy() -> None:
    code = (
        "import sys, planparse; "
        "print(sorted(m for m in ('jieba', 'pandas', 'sklearn', 'numpy', 'pyarrow') if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_is_there() -> None:
    import planparse

    for name in planparse.__all__:
        assert getattr(planparse, name) is not None
    with pytest.raises(AttributeError):
        planparse.nonesuch  # noqa: B018
