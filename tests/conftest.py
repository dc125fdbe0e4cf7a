"""Shared places: the project's corpora, and real data that may be absent."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared" / "real"

# Tests of correctness have no time limits.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def real() -> Path:
    """The folder of real data, or a skip where it is absent."""
    if not REAL.is_dir():
        pytest.skip("../shared/real is absent")
    return REAL


@pytest.fixture(scope="session")
def sample_pages() -> list[Path]:
    """The pages of ``corpora/sample``."""
    return sorted((ROOT / "corpora" / "sample").glob("*.txt"))
