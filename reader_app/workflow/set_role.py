"""The coordinator's word on what a series is for."""

from __future__ import annotations

from reader_app.workflow.errors import UnknownNameError
from reader_app.workflow.series_roles import ROLES
from storage.study.store import Study


def set_role(study: Study, series_uid: str, role: str) -> str:
    """Overrule the recognised role of a series and return the one it had.

    Readings that are prepared already stay as they are.

    Raises:
        UnknownNameError: There is no such series in the study, or no such role.
    """
    if role not in ROLES:
        raise UnknownNameError("series role", role, ROLES)
    found = next((one for one in study.series() if one.series_uid == series_uid), None)
    if found is None:
        raise UnknownNameError("series", series_uid, ())
    study.set_role(series_uid, role)
    return found.role
