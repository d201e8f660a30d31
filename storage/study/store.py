"""The study: the coordinator's folder with everything that is known about subjects, rounds and scores."""

from __future__ import annotations

import getpass
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, insert, select

from storage import audit
from storage.arrays import digest_of
from storage.engine import Store, create_store, open_store
from storage.errors import AlreadyThereError
from storage.grants import Grant
from storage.migration import backup_store
from storage.reading.records import ReopenRequest
from storage.study import collected, images, reopenings, result_checks, rounds, schema
from storage.study.errors import NotAskedError, TitleTakenError, UnknownRoundError
from storage.study.kind import STUDY_KIND
from storage.study.names import DATABASE
from storage.study.records import (
    AllocatedReading,
    AskedReopening,
    CollectedCase,
    OriginalFile,
    Round,
    RoundPlan,
    StoredSeries,
    Subject,
    Visit,
)

ORIGINALS = "originals"
BACKUPS = "backups"
READINGS = "readings"
WORK = "work"
_ROLE = "coordinator"


class Study:
    """An open study; values in, values out. Every change is audited in its own transaction."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.folder, self._store = folder, store
        with store.read() as connection:
            row = connection.execute(select(schema.study)).one()
        self.title: str = row.title
        self.visits_fixed: bool = row.visits_fixed

    @classmethod
    def create(cls, folder: Path, title: str, visits: Sequence[Visit] = ()) -> Study:
        """Make a new study in *folder*, which is created or empty, and open it.

        Without *visits*, imports add the visits they name.

        Raises:
            AlreadyThereError: The folder holds something.
            BadNameError, BadWeekError: Title or visits cannot be used; nothing was made.
        """
        images.check_name(title, "A study's title")
        folder = folder.absolute()
        there_before = folder.exists()
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise AlreadyThereError(folder)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in (ORIGINALS, BACKUPS, READINGS):
            (folder / name).mkdir(mode=0o700)

        def fill(connection: Connection) -> None:
            connection.execute(
                insert(schema.study).values(title=title, visits_fixed=bool(visits), created_utc=_now())
            )
            for visit in visits:
                images.add_visit(connection, visit)
            audit.append(connection, audit.Event("study.created", _actor(), _ROLE, item=title))

        try:
            create_store(folder / DATABASE, STUDY_KIND, fill)
        except BaseException:
            for name in (ORIGINALS, BACKUPS, READINGS):
                shutil.rmtree(folder / name, ignore_errors=True)
            if not there_before:
                with suppress(OSError):
                    folder.rmdir()
            raise
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path, *, read_only: bool = False) -> Study:
        """Open the study in *folder*.

        For writing it also clears what a program that was killed left in the work folder.

        Raises:
            StoreNotFoundError, StoreLockedError and the others of :func:`storage.engine.open_store`.
        """
        folder = folder.absolute()
        store = open_store(folder / DATABASE, STUDY_KIND, read_only=read_only)
        if not read_only:
            shutil.rmtree(folder / WORK, ignore_errors=True)  # nobody else can be at work: we hold the lock
        try:
            return cls(folder, store)
        except BaseException:
            store.close()
            raise

    def close(self) -> None:
        """Close the file and let others open it."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Generator[None]:
        """Make everything inside one change: all of it is kept, or nothing."""
        with self._store.write():
            yield

    @contextmanager
    def work_folder(self) -> Generator[Path]:
        """Give a new private folder on the study's own disk, removed with all it holds at the end."""
        work = self.folder / WORK
        work.mkdir(mode=0o700, exist_ok=True)
        try:
            with tempfile.TemporaryDirectory(dir=work) as folder:
                yield Path(folder)
        finally:
            with suppress(OSError):
                work.rmdir()

    # --- images -----------------------------------------------------------------------------------

    @property
    def originals(self) -> Path:
        """The folder of imported files."""
        return self.folder / ORIGINALS

    def visits(self) -> tuple[Visit, ...]:
        """Return the visits in study order."""
        with self._store.read() as connection:
            return images.load_visits(connection)

    def add_visit(self, visit: Visit) -> None:
        """Append a visit."""
        with self._store.write() as connection:
            images.add_visit(connection, visit)
            self.note("visit.added", item=visit.label)

    def subjects(self) -> tuple[Subject, ...]:
        """Return the subjects by code."""
        with self._store.read() as connection:
            return images.load_subjects(connection)

    def put_subject(self, subject: Subject) -> None:
        """Add a subject or set the side of a known one."""
        with self._store.write() as connection:
            images.put_subject(connection, subject)
            self.note("subject.put", item=subject.code, new=subject.side)

    def files(self) -> tuple[OriginalFile, ...]:
        """Return every imported file."""
        with self._store.read() as connection:
            return images.load_files(connection)

    def series(self) -> tuple[StoredSeries, ...]:
        """Return every series by subject, visit and UID."""
        with self._store.read() as connection:
            return images.load_series(connection)

    def add_images(
        self, files: Sequence[OriginalFile], study_uids: Iterable[str], series: Sequence[StoredSeries]
    ) -> None:
        """Add copied files and put *series* in the place of all series of these imaging studies."""
        with self._store.write() as connection:
            images.add_files(connection, files)
            images.replace_series(connection, study_uids, series)
            self.note("images.imported", new=f"{len(files)} files, {len(series)} series")

    def set_role(self, series_uid: str, role: str) -> None:
        """Overrule the recognised role of a series."""
        with self._store.write() as connection:
            old = next(one.role for one in images.load_series(connection) if one.series_uid == series_uid)
            images.set_role(connection, series_uid, role)
            self.note("series.role", item=series_uid, old=old, new=role)

    # --- rounds -----------------------------------------------------------------------------------

    def add_round(self, plan: RoundPlan) -> Round:
        """Add a round.

        Raises:
            TitleTakenError: Another round of this study has the title.
        """
        with self._store.write() as connection:
            if any(one.plan.title.casefold() == plan.title.casefold() for one in self.rounds()):
                raise TitleTakenError(plan.title)
            round_id = rounds.add_round(connection, plan)
            self.note("round.defined", item=plan.title)
            return Round(round_id, plan)

    def rounds(self) -> tuple[Round, ...]:
        """Return the rounds, oldest first."""
        with self._store.read() as connection:
            return rounds.load_rounds(connection)

    def round(self, name: str) -> Round:
        """Return the round with this title or id.

        Raises:
            UnknownRoundError: There is none.
        """
        known = self.rounds()
        for one in known:
            if one.plan.title == name:
                return one
        for one in known:
            if str(one.id) == name or one.plan.title.casefold() == name.casefold():
                return one
        raise UnknownRoundError(name, tuple(one.plan.title for one in known))

    def allocate(
        self,
        round_id: int,
        round_codes: Mapping[str, str],
        readings: Sequence[AllocatedReading],
        skipped: Mapping[str, str],
    ) -> None:
        """Store the key of a round: its own codes, every reading's cases and letters, and who is left out."""
        with self._store.write() as connection:
            rounds.add_round_cases(connection, round_id, round_codes)
            for reading in readings:
                stored = replace(reading, path=self._inside(Path(reading.path)))
                rounds.add_reading(connection, round_id, stored)
                self.note("reading.prepared", item=reading.code)
            rounds.add_skipped(connection, round_id, skipped)

    def readings(self, round_id: int) -> tuple[AllocatedReading, ...]:
        """Return the planned readers' readings with their keys, by reader; paths are absolute."""
        return tuple(one for one in self.every_reading(round_id) if one.adjudication is None)

    def adjudications(self, round_id: int) -> tuple[AllocatedReading, ...]:
        """Return the adjudicators' readings of a round likewise."""
        return tuple(one for one in self.every_reading(round_id) if one.adjudication is not None)

    def every_reading(self, round_id: int) -> tuple[AllocatedReading, ...]:
        """Return the planned readers' readings and the adjudicators'."""
        with self._store.read() as connection:
            stored = rounds.load_readings(connection, round_id)
        return tuple(replace(one, path=str(self.folder / one.path)) for one in stored)

    def round_codes(self, round_id: int) -> dict[str, str]:
        """Return subject to the round's own case code."""
        with self._store.read() as connection:
            return rounds.load_round_cases(connection, round_id)

    def skipped(self, round_id: int) -> dict[str, str]:
        """Return subject to the reason why the round left it out."""
        with self._store.read() as connection:
            return rounds.load_skipped(connection, round_id)

    def codes(self) -> set[str]:
        """Return every code in use."""
        with self._store.read() as connection:
            return rounds.load_codes(connection)

    # --- what came back ---------------------------------------------------------------------------

    def add_collected(self, reading_code: str, cases: Sequence[CollectedCase]) -> None:
        """Take over signed cases of a reading."""
        with self._store.write() as connection:
            for case in cases:
                collected.add_collected(connection, case, _now())
                self.note(result_checks.COLLECTED, case_code=case.code, item=reading_code, new=case.seal)

    def collected(self, reading_code: str) -> dict[str, CollectedCase]:
        """Return the collected cases of a reading by code."""
        with self._store.read() as connection:
            return collected.load_collected(connection, reading_code)

    def newest_collected(self, reading_code: str) -> int:
        """Return a number that grows when something is collected from a reading; 0 before that."""
        with self._store.read() as connection:
            return collected.newest_signature(connection, reading_code)

    def collected_history(self, case_code: str) -> tuple[CollectedCase, ...]:
        """Return every collected state of a case, the one that counts last."""
        with self._store.read() as connection:
            return collected.load_history(connection, case_code)

    def add_reopening_requests(self, reading_code: str, requests: Sequence[ReopenRequest]) -> int:
        """Take over readers' requests for signed cases; return how many were new."""
        with self._store.write() as connection:
            new = reopenings.add_requests(connection, reading_code, requests)
            for one in new:
                self.note(result_checks.ASKED, case_code=one.case_code, item=reading_code, new=one.reason)
        return len(new)

    def reopening_requests(self) -> tuple[AskedReopening, ...]:
        """Return every request for a signed case that came in, with the grant where there is one."""
        with self._store.read() as connection:
            return reopenings.load_requests(connection)

    def grant_reopening(self, reading_code: str, case_code: str) -> Grant:
        """Allow what the newest request for a case asks; asked twice, it gives the same grant.

        Raises:
            NotAskedError: Nobody asked for the case as it is collected now.
        """
        with self._store.write() as connection:
            current = collected.load_collected(connection, reading_code).get(case_code)
            receipt = None if current is None else current.receipt.get("hash")
            asked = [
                one
                for one in reopenings.load_requests(connection)
                if (one.reading, one.case, one.receipt) == (reading_code, case_code, receipt)
            ]
            if not asked:
                raise NotAskedError(reading_code, case_code)
            if asked[-1].grant is not None:
                return Grant(reading_code, case_code, asked[-1].receipt, asked[-1].grant)
            grant = reopenings.draw_grant(connection, asked[-1], _now())
            told = {
                "item": reading_code,
                "old": grant.receipt,
                "new": grant.grant,
                "reason": asked[-1].reason,
            }
            self.note(result_checks.GRANTED, case_code=case_code, **told)
        return grant

    def reopening_grants(self, reading_code: str) -> tuple[Grant, ...]:
        """Return the grants of a reading, oldest first."""
        with self._store.read() as connection:
            return reopenings.load_grants(connection, reading_code)

    def lock_round(self, round_id: int, note: str) -> None:
        """Freeze a round and back the study up; *note* says what was missing."""
        with self._store.write() as connection:
            rounds.lock_round(connection, round_id, _now())
            self.note("round.locked", item=str(round_id), new=note)
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
        backup_store(self._store.path, self.folder / BACKUPS / f"study-{stamp}.sqlite")

    # --- integrity --------------------------------------------------------------------------------

    def note(
        self,
        action: str,
        *,
        case_code: str | None = None,
        item: str | None = None,
        old: str | None = None,
        new: str | None = None,
        reason: str | None = None,
    ) -> None:
        """Add a row to the audit trail, in the transaction around it if there is one."""
        with self._store.write() as connection:
            event = audit.Event(action, _actor(), _ROLE, case_code, item, old, new, reason)
            audit.append(connection, event)

    def audit_entries(self) -> tuple[audit.Entry, ...]:
        """Return the audit trail, from the first row."""
        with self._store.read() as connection:
            return audit.entries(connection)

    def audit_head(self) -> str:
        """Return sequence number and hash of the newest audit row."""
        with self._store.read() as connection:
            head = audit.head(connection)
        return f"{head.seq}:{head.hash}"

    def verify(self, checkpoint: Callable[[int, int], None] | None = None) -> tuple[str, ...]:
        """Return what is wrong with database, audit trail, results and originals; nothing if all is well.

        Args:
            checkpoint: Called with (originals done, originals in all) while they are checked.
        """
        with self._store.read() as connection:
            verdicts = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
            findings = [f"The database: {verdict}." for verdict in verdicts if verdict != "ok"]
            findings += audit.verify_chain(connection)
            findings += result_checks.result_findings(connection)
            files = images.load_files(connection)
        for done, file in enumerate(files):
            if checkpoint is not None:
                checkpoint(done, len(files))
            path = self.originals / file.name
            if not path.is_file():
                findings.append(f"The original {file.name} is missing.")
            elif digest_of(path) != file.sha256:
                findings.append(f"The original {file.name} is not as it was imported.")
        return tuple(findings)

    def _inside(self, path: Path) -> str:
        """Return *path* relative to the study where it lies inside, so that a moved study finds it."""
        path = path.absolute()
        return path.relative_to(self.folder).as_posix() if path.is_relative_to(self.folder) else str(path)


def _now() -> str:
    return audit.utc_text(datetime.now(UTC))


def _actor() -> str:
    """Return the account this runs under; studies have no accounts of their own yet."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"
