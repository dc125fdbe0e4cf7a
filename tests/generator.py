"""``corpora/generate.py``, which is a script and no part of the package, as a module."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType


def load_generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", Path(__file__).parents[1] / "corpora" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


generate = load_generator()
