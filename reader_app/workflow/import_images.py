"""Images into the study: scanned, filed under subject and visit, copied, and only then known.

Files are copied into the study's work folder and flushed, move among the originals when an imaging study
is complete, and are made known in one transaction: an import that dies half-way leaves nothing half-known,
and the next one takes its files again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reader_app.workflow.errors import PathNotFoundError, UnknownNameError
from reader_app.workflow.placement import Examination, Place, Placement, examination_of, place_by_patient
from reader_app.workflow.stored_series import store_series
from storage.arrays import copy_original, digest_of, sync_folder
from storage.study.errors import BadNameError
from storage.study.images import check_name
from storage.study.records import OriginalFile, StoredSeries, Subject, Visit
from storage.study.store import Study
from viewer.imaging.series import ImageFile, Series
from viewer.imaging.worker import ImagingWorker

Checkpoint = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not imported, why, and of which examination it is if it is an image."""

    path: Path
    reason: str
    of: Examination | None = None


@dataclass(frozen=True, slots=True)
class ImportLine:
    """What came of a series, or of files that are none: how many files, where they were filed, why not.

    ``what`` is the series' description, ``place`` subject and visit where a file of it is filed, ``file``
    the name of its first file.
    """

    what: str
    place: str = ""
    new: int = 0
    already_there: int = 0
    refused: int = 0
    reason: str = ""
    file: str = ""
    of: Examination | None = None


Tell = Callable[[ImportLine], None]


def _unheard(_line: ImportLine) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """How many files were imported, how many were there already, and which were refused."""

    imported: int
    already_there: int
    rejected: tuple[Refused, ...]


def import_images(
    study: Study,
    paths: Sequence[Path],
    place: Place | None = None,
    *,
    link: bool = False,
    checkpoint: Checkpoint,
    tell: Tell = _unheard,
) -> ImportReport:
    """Import every readable image below *paths*.

    Args:
        study: Open for writing.
        paths: Files and folders; they are never written to.
        place: Where each file belongs; without it, by Patient ID and date.
        link: Give the originals a second name instead of a copy, where the disk can.
        checkpoint: Called with files done and files in all, first while scanning, then while copying.
        tell: Called with what came of files that are no images, then of every series as it is known.

    Raises:
        PathNotFoundError: A path is not there.
        UnknownNameError: *place* names a visit that the study does not have.
    """
    for path in paths:
        if not path.exists():
            raise PathNotFoundError(str(path))
    with study.work_folder() as work, ImagingWorker() as worker:
        scanned = worker.scan(paths, checkpoint)
        rejected = [Refused(one.path, one.reason) for one in scanned.rejected]
        for line in _by_reason(rejected):
            tell(line)
        rule = place or place_by_patient(study.visits(), study.series(), scanned.series)
        job = _Import(study, work, worker, rule, explicit=place is not None, link=link)
        by_study: dict[str, list[Series]] = {}
        for one in scanned.series:
            by_study.setdefault(one.study_instance_uid, []).append(one)
        total = len({file.path for one in scanned.series for file in one.files})
        for study_uid, series in by_study.items():
            job.take_over(study_uid, series, lambda done: checkpoint(done, total))
            for one in series:
                tell(job.line_of(one))
    return ImportReport(job.imported, job.already_there, (*rejected, *job.rejected))


@dataclass
class _Import:
    """One import under way; an imaging study is one batch, copied first and then made known at once."""

    study: Study
    work: Path
    worker: ImagingWorker
    place: Place
    explicit: bool
    link: bool
    imported: int = 0
    already_there: int = 0
    rejected: list[Refused] = field(default_factory=list[Refused])
    done: int = 0
    places: dict[Path, Placement] = field(default_factory=dict[Path, Placement])  # of new files
    reasons: dict[Path, str] = field(default_factory=dict[Path, str])  # of refused files

    def __post_init__(self) -> None:
        self.known = {file.sop_instance_uid: file for file in self.study.files()}
        self.series = {one.series_uid: one for one in self.study.series()}
        self.sides = {subject.code: subject.side for subject in self.study.subjects()}
        self.labels = [visit.label for visit in self.study.visits()]

    def take_over(self, study_uid: str, series: Sequence[Series], checkpoint: Callable[[int], None]) -> None:
        """Import the series of one imaging study."""
        wanted: dict[Path, tuple[ImageFile, Placement]] = {}
        for one in series:
            wanted.update(self._accepted(one))
        is_new = not any(file.study_instance_uid == study_uid for file in self.known.values())
        stored: dict[Path, OriginalFile] = {}
        try:
            for path, (file, placement) in wanted.items():
                copied = self._copy(study_uid, file, placement)
                if copied is not None:
                    stored[path] = copied
                self.done += 1
                checkpoint(self.done)
            if stored:
                self.places.update((path, wanted[path][1]) for path in stored)
                for copy in stored.values():
                    (self.work / copy.name).rename(self.study.originals / copy.name)
                whole = is_new and all(file.path in stored for one in series for file in one.files)
                records = _as_scanned(series, stored) if whole else self._regrouped(study_uid)
                self._make_known(study_uid, stored, records, [place for _, place in wanted.values()])
        except BaseException:
            for copy in stored.values():
                (self.study.originals / copy.name).unlink(missing_ok=True)
            raise

    def line_of(self, series: Series) -> ImportLine:
        """Return what came of a series that was taken over."""
        paths = {file.path for file in series.files}
        places = [self.places[path] for path in paths if path in self.places]
        reasons = [self.reasons[path] for path in paths if path in self.reasons]
        return ImportLine(
            series.description.strip() or series.modality,
            f"{places[0].subject} · {places[0].visit}" if places else "",
            len(places),
            len(paths) - len(places) - len(reasons),
            len(reasons),
            reasons[0] if reasons else "",
            series.files[0].path.name,
            examination_of(series),
        )

    def _accepted(self, series: Series) -> dict[Path, tuple[ImageFile, Placement]]:
        """Return the new files of a series with their place; count or refuse the others."""
        files, of = {file.path: file for file in series.files}, examination_of(series)
        places = {path: self.place(path, series) for path in files}
        new: dict[Path, tuple[ImageFile, Placement]] = {}
        problem = self._problem_of(series, set(places.values()))
        for path, file in files.items():
            place = places[path]
            known = self.known.get(_identity(file))
            if known is not None and digest_of(path) != known.sha256:
                self._refuse(path, "another image with the same SOP Instance UID is in the study", of)
            elif known is not None and self._elsewhere(known, place):
                self._refuse(path, f"it is filed under {known.subject}, {known.visit} already", of)
            elif known is not None:
                self.already_there += 1
                self.done += 1
            elif problem or isinstance(place, str):
                self._refuse(path, problem or str(place), of)
            else:
                new[path] = (file, place)
        return new

    def _problem_of(self, series: Series, places: set[Placement | str]) -> str:
        """Return why a series cannot be filed as a whole, or nothing."""
        told = [place for place in places if isinstance(place, Placement)]
        if len(told) > 1 or (told and len(places) > 1):
            return "images of one series would go to different places"
        if not told:
            return ""
        (place,) = told
        try:
            check_name(place.subject, "A subject's code")
            check_name(place.visit, "A visit's label")
        except BadNameError as error:
            return str(error)
        known = self.sides.get(place.subject)
        if place.side and known and place.side != known:
            return f"the side of {place.subject} is {known}, not {place.side}"
        before = self.series.get(series.series_uid)
        if before is not None and before.study_instance_uid != series.study_instance_uid:
            return "its series came with another imaging study (Study Instance UID) before"
        if before is not None and (before.subject, before.visit) != (place.subject, place.visit):
            return f"other images of its series are filed under {before.subject}, {before.visit}"
        return ""

    def _elsewhere(self, known: OriginalFile, place: Placement | str) -> bool:
        if not self.explicit or isinstance(place, str):
            return False
        return (known.subject, known.visit) != (place.subject, place.visit)

    def _refuse(self, path: Path, reason: str, of: Examination | None = None) -> None:
        self.rejected.append(Refused(path, reason, of))
        self.reasons[path] = reason
        self.done += 1

    def _copy(self, study_uid: str, file: ImageFile, place: Placement) -> OriginalFile | None:
        """Copy a file; None when the same content came in under another name in this import."""
        before = self.known.get(_identity(file))
        if before is not None:
            if digest_of(file.path) == before.sha256:
                self.already_there += 1
            else:
                self._refuse(file.path, "another image with the same SOP Instance UID is in the study")
            return None
        copied = copy_original(file.path, self.work, link=self.link)
        uid = _identity(file)
        size = (self.work / copied.name).stat().st_size
        stored = OriginalFile(copied.name, uid, copied.sha256, size, study_uid, place.subject, place.visit)
        self.known[uid] = stored
        return stored

    def _regrouped(self, study_uid: str) -> list[StoredSeries]:
        """Group and recognise all images of an imaging study anew, those that were there before included."""
        of_study = [file for file in self.known.values() if file.study_instance_uid == study_uid]
        files = {self.study.originals / file.name: file for file in of_study}
        series = self.worker.scan(list(files), lambda _done, _total: None).series
        return _as_scanned(series, files)

    def _make_known(
        self,
        study_uid: str,
        stored: Mapping[Path, OriginalFile],
        series: Sequence[StoredSeries],
        places: Iterable[Placement],
    ) -> None:
        """Write the rows of copied files and of all series of their imaging study, in one transaction."""
        sync_folder(self.study.originals)
        with self.study.transaction():
            for place in places:
                self._make_place(place)
            self.study.add_images(tuple(stored.values()), [study_uid], series)
        self.series.update({one.series_uid: one for one in series})
        self.imported += len(stored)

    def _make_place(self, place: Placement) -> None:
        if place.visit not in self.labels:
            if self.study.visits_fixed:
                raise UnknownNameError("visit", place.visit, self.labels)
            self.study.add_visit(Visit(place.visit))
            self.labels.append(place.visit)
        if place.subject not in self.sides or (place.side and not self.sides[place.subject]):
            self.study.put_subject(Subject(place.subject, place.side))
            self.sides[place.subject] = place.side


def _by_reason(refused: Sequence[Refused]) -> Iterator[ImportLine]:
    """Yield a line for every reason that files are no images."""
    by_reason: dict[str, list[Path]] = {}
    for one in refused:
        by_reason.setdefault(one.reason, []).append(one.path)
    for reason, paths in by_reason.items():
        name = paths[0].name if len(paths) == 1 else f"{paths[0].name} and others"
        yield ImportLine("no image", refused=len(paths), reason=reason, file=name)


def _as_scanned(series: Iterable[Series], files: Mapping[Path, OriginalFile]) -> list[StoredSeries]:
    """Return series for the store; *files* says under which name, subject and visit each path is kept."""
    names = {path: file.name for path, file in files.items()}
    homes = [(one, files[one.files[0].path]) for one in series]
    return [store_series(one, names, home.subject, home.visit) for one, home in homes]


def _identity(file: ImageFile) -> str:
    """Return the SOP Instance UID; of a file without one a name made of its content."""
    return file.sop_instance_uid or f"sha256:{digest_of(file.path)}"


def check_visits(study: Study, labels: Iterable[str]) -> None:
    """Refuse a map or option that names a visit the study does not have, before anything is copied.

    Raises:
        UnknownNameError: Names it and those there are.
    """
    known = [visit.label for visit in study.visits()]
    for label in labels:
        if study.visits_fixed and label not in known:
            raise UnknownNameError("visit", label, known)
