import json
from collections.abc import Callable
from pathlib import Path

import pytest

VECTORS = Path(__file__).resolve().parents[5] / "shared" / "reference" / "statistics-vectors.json"


@pytest.fixture
def vector() -> Callable[[str], dict]:
    """Find a test vector of the statistics reference by its id; skip where the file is absent."""
    if not VECTORS.is_file():
        pytest.skip("the vectors (../shared/reference/statistics-vectors.json) are not on this machine")
    by_id = {entry["id"]: entry for entry in json.loads(VECTORS.read_text("utf-8"))["vectors"]}
    return by_id.__getitem__
