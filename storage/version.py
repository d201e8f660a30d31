"""Which version of the program this is; apart, so that a start need not import a database for it."""

from functools import cache


@cache
def app_version() -> str:
    """Return the version of the installed program, or ``"source"`` when it runs from its folder."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("ra-reader")
    except PackageNotFoundError:
        return "source"
