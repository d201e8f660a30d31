"""A folder of original files to volumes: the plain viewer's way against SimpleITK's and pydicom's."""

from __future__ import annotations

import argparse
import os
from collections import defaultdict
from pathlib import Path

import numpy as np
import SimpleITK
from pydicom import dcmread

from benchmarks import scenes
from benchmarks.compare import compare, goal
from viewer.imaging.loading import load_volume
from viewer.imaging.scan import scan
from viewer.imaging.worker import ImagingWorker


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    SimpleITK.ProcessObject.SetGlobalWarningDisplay(False)
    folder = scenes.originals()
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    with ImagingWorker() as worker:
        worker.scan([])
        variants = {
            "read the same bytes": lambda: _read_all(files),
            "scan": lambda: scan([folder]),
            "scan and load": lambda: [load_volume(one) for one in scan([folder]).series],
            "scan and load in the imaging process": lambda: _by_worker(worker, folder),
            "SimpleITK ImageSeriesReader": lambda: by_simpleitk(folder),
        }
        _check(folder)
        title = f"{len(files)} files to volumes"
        found = compare(title, variants, "SimpleITK ImageSeriesReader", arguments.rounds)
    goal("SimpleITK / scan and load", 1 / found["scan and load"].ratio, 5, "x", at_least=True)
    process = found["scan and load in the imaging process"]
    goal("SimpleITK / the same in the imaging process", 1 / process.ratio, 5, "x", at_least=True)


def _read_all(files: list[Path]) -> None:
    buffer = bytearray(1 << 20)
    for path in files:
        with path.open("rb", buffering=0) as file:
            file.readinto(buffer)


def _by_worker(worker: ImagingWorker, folder: Path) -> list[object]:
    return [worker.load_volume(one) for one in worker.scan([folder]).series]


def by_simpleitk(folder: Path) -> list[SimpleITK.Image]:
    """Read every series below a folder."""
    images = []
    for where in sorted({path.parent for path in folder.rglob("*") if path.is_file()}):
        for uid in SimpleITK.ImageSeriesReader.GetGDCMSeriesIDs(str(where)):
            reader = SimpleITK.ImageSeriesReader()
            reader.SetFileNames(SimpleITK.ImageSeriesReader.GetGDCMSeriesFileNames(str(where), uid))
            images.append(reader.Execute())
    return images


def _check(folder: Path) -> None:
    """Compare every pixel with pydicom's."""
    expected = defaultdict(list)
    for path in folder.rglob("*"):
        if path.is_file():
            image = dcmread(path)
            expected[image.SeriesInstanceUID].append((image.SliceLocation, image.pixel_array))
    for series in scan([folder]).series:
        slices = sorted(expected[series.series_uid], key=lambda pair: pair[0])
        if not np.array_equal(load_volume(series).pixels, [pixels for _, pixels in slices]):
            raise SystemExit(f"{series.description} differs from pydicom")
    print(f"{len(expected)} volumes equal pydicom's, pid {os.getpid()}")


if __name__ == "__main__":
    main()
