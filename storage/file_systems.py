"""Which folders are not on a local disk: network shares and folders that a cloud service mirrors.

SQLite's locks and flushes cannot be trusted there (sqlite.org/useovernet.html).
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from storage.errors import NetworkFolderError

NETWORK_TYPES = frozenset(
    {
        *(
            "9p",
            "afpfs",
            "afs",
            "beegfs",
            "ceph",
            "cifs",
            "coda",
            "davfs",
            "gfs2",
            "glusterfs",
            "gpfs",
            "lustre",
        ),
        *("ncpfs", "nfs", "nfs3", "nfs4", "ocfs2", "orangefs", "smb2", "smb3", "smbfs", "sshfs", "webdav"),
    }
)
LOCAL_FUSE = frozenset(
    {"fuseblk", "fuse.ext4", "fuse.ntfs-3g", "fuse.exfat", "fuse.overlayfs", "fuse.fuse-overlayfs"}
)
CLOUD_MARKERS = (".dropbox", ".dropbox.cache")
CLOUD_VARIABLES = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
MAC_CLOUD_FOLDERS = ("Library/CloudStorage", "Library/Mobile Documents")


def refuse_network_folder(folder: Path) -> None:
    """Do nothing when *folder* is on a local disk.

    Raises:
        NetworkFolderError: It is on a network share or in a folder that a cloud service mirrors.
    """
    folder = Path(os.path.realpath(folder))
    if is_network_type(file_system_type(folder)):
        raise NetworkFolderError(folder, "on a network share")
    if _in_cloud_folder(folder):
        raise NetworkFolderError(folder, "in a folder that a cloud service synchronises")


def is_network_type(name: str) -> bool:
    """Whether a file system of this type is reached over a network; a FUSE mount is unless known."""
    if name.startswith("fuse") and name not in LOCAL_FUSE:
        return True
    return name in NETWORK_TYPES


def file_system_type(folder: Path) -> str:
    """Return the type of the file system of *folder* (``"ext4"``); empty where it cannot be known."""
    if sys.platform.startswith("linux"):
        try:
            mounts = Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape")
        except OSError:
            return ""
        return type_in_mountinfo(mounts, folder)
    if sys.platform == "win32":
        return _windows_type(folder)
    if sys.platform == "darwin":
        return _mac_type(folder)
    return ""


def type_in_mountinfo(mounts: str, folder: Path) -> str:
    """Return the type of the deepest mount above *folder*; *mounts* is the text of proc(5) mountinfo."""
    best, found = -1, ""
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        point = Path(before.split(" ")[4].replace("\\040", " ").replace("\\134", "\\"))
        if folder.is_relative_to(point) and len(point.parts) >= best:  # a later mount hides an earlier one
            best, found = len(point.parts), after.split(" ")[0]
    return found


def _windows_type(folder: Path) -> str:
    import ctypes

    if folder.drive.startswith("\\\\"):
        return "cifs"
    remote = 4  # DRIVE_REMOTE of GetDriveTypeW
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - only there on Windows
    return "cifs" if kernel.GetDriveTypeW(folder.anchor) == remote else ""


def _mac_type(folder: Path) -> str:
    listing = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=False).stdout
    best, found = -1, ""
    for line in listing.splitlines():  # //user@host/share on /Volumes/share (smbfs, nodev)
        place, _, options = line.partition(" on ")[2].rpartition(" (")
        point = Path(place)
        if place and folder.is_relative_to(point) and len(point.parts) >= best:
            best, found = len(point.parts), options.split(",")[0].rstrip(")")
    return found


def _in_cloud_folder(folder: Path) -> bool:
    mirrored = [Path(os.path.realpath(os.environ[name])) for name in CLOUD_VARIABLES if os.environ.get(name)]
    if sys.platform == "darwin":
        mirrored += [Path.home() / place for place in MAC_CLOUD_FOLDERS]
    above = (folder, *folder.parents)
    return any(place in above for place in mirrored) or any(
        (place / marker).exists() for place in above for marker in CLOUD_MARKERS
    )
