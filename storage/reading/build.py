"""Builds a reading new from a list of what a reader may know; nothing is copied and then deleted."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection, insert

from storage.arrays import disk_errors, set_constant_time, sync_folder, write_array
from storage.audit import SYSTEM_CLOCK, Clock, Event, Head, append, canonical_json
from storage.engine import create_store
from storage.errors import AlreadyThereError
from storage.file_systems import refuse_network_folder
from storage.reading import schema
from storage.reading.content import content_digest, insert_case
from storage.reading.records import ImageRecord, ImageSpec, ReadingSpec

PREPARED = "reading.prepared"


@dataclass(frozen=True, slots=True)
class BuiltReading:
    """What the coordinator remembers of a reading: start of its audit trail, and digests of its pictures.

    ``digests`` are SHA-256 by (case code, letter, role).
    """

    folder: Path
    head: Head
    digests: Mapping[tuple[str, str, str], str]


def build_reading(
    folder: Path,
    spec: ReadingSpec,
    checkpoint: Callable[[int, int], None] | None = None,
    clock: Clock = SYSTEM_CLOCK,
) -> BuiltReading:
    """Write a whole reading beside *folder* under a hidden name, and give it its name when it is complete.

    Args:
        folder: ``…/CODE.reading``; must not exist, its parent must.
        spec: All that the reading will hold. Pictures are asked for one timepoint after the other.
        checkpoint: Called with (timepoints done, timepoints in all); may raise to stop.
        clock: Where the time of the first audit row comes from.

    Raises:
        AlreadyThereError: Something has that name.
        NetworkFolderError: *folder* is not on a local disk.
        StorageFullError, StorageUnavailableError: Nothing is left behind.
    """
    folder = folder.absolute()
    refuse_network_folder(folder.parent)
    if folder.exists():
        raise AlreadyThereError(folder)
    partial = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.partial")
    try:
        with disk_errors(folder):
            (partial / schema.VOLUMES).mkdir(mode=0o700, parents=True)
            partial.chmod(0o700)
        images = _write_pictures(partial / schema.VOLUMES, spec, checkpoint)
        head: list[Head] = []
        create_store(
            partial / schema.DATABASE,
            schema.READING,
            lambda connection: head.append(_fill(connection, spec, images, clock)),
        )
        with disk_errors(folder):
            set_constant_time(partial / schema.VOLUMES)
            sync_folder(partial)
            os.rename(partial, folder)  # noqa: PTH104 - unlike Path.replace it says that nothing is replaced
            sync_folder(folder.parent)
    except BaseException:
        with suppress(OSError):
            shutil.rmtree(partial)
        raise
    return BuiltReading(folder, head[0], _digests(images))


_Pictures = dict[str, dict[str, tuple[ImageRecord, ...]]]  # by case code, then letter


def _write_pictures(
    volumes: Path, spec: ReadingSpec, checkpoint: Callable[[int, int], None] | None
) -> _Pictures:
    total = sum(len(case.timepoints) for case in spec.cases)
    done = 0
    images: _Pictures = {}
    for case in spec.cases:
        images[case.code] = {}
        for timepoint in case.timepoints:
            if checkpoint is not None:
                checkpoint(done, total)
            images[case.code][timepoint.letter] = tuple(
                _write_picture(volumes, spec) for spec in timepoint.images
            )
            done += 1
    if checkpoint is not None:
        checkpoint(done, total)
    return images


def _write_picture(volumes: Path, spec: ImageSpec) -> ImageRecord:
    if spec.pixels is None:
        return replace(spec.record, array=None)
    return replace(spec.record, array=write_array(volumes, spec.pixels))


def _fill(connection: Connection, spec: ReadingSpec, images: _Pictures, clock: Clock) -> Head:
    connection.execute(
        insert(schema.reading).values(
            id=1,
            reader=spec.reader,
            round_title=spec.round_title,
            reading_design=spec.reading_design,
            form=canonical_json(spec.form.to_dict()),
            rules=canonical_json(spec.rules.to_dict()),
        )
    )
    for position, case in enumerate(spec.cases, start=1):
        insert_case(connection, position, case, images[case.code])
    prepared = Event(PREPARED, "coordinator", "coordinator", new=content_digest(connection))
    (entry,) = append(connection, prepared, clock=clock)
    return Head(entry.seq, entry.hash)


def _digests(images: _Pictures) -> dict[tuple[str, str, str], str]:
    return {
        (code, letter, record.role): record.array.sha256
        for code, by_letter in images.items()
        for letter, records in by_letter.items()
        for record in records
        if record.array is not None
    }
