"""Phantom hands that several tests look at."""

import pytest

from tests.unit.viewer.moved_hands import ImagedVisit, image_visits


@pytest.fixture(scope="session")
def visits(tmp_path_factory) -> list[ImagedVisit]:
    """Two visits of one phantom subject; take them as they are."""
    return image_visits(tmp_path_factory.mktemp("hands"))
