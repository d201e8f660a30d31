import pytest

from storage import passwords


@pytest.fixture
def quick(monkeypatch):
    """Argon2 as cheap as it gets."""
    from argon2 import PasswordHasher

    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: hasher)
