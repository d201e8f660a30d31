"""Set up RA Reader on a fresh machine and start it; needs nothing but Python.

    python3 bootstrap.py demo     open the demo study, ready to score
    python3 bootstrap.py test     run all tests, on up to four processors; or those named behind it
    python3 bootstrap.py run ...  call ra-reader with these arguments
    python3 bootstrap.py setup    only set up

The environment stands in ``.venv`` beside this file and belongs to this script: a stamp, written last,
says from what it was made. No stamp or another one means that it was never finished or is outdated, and
it is made anew. All messages go to stderr, so that the output of ra-reader stays its own.
"""

from __future__ import annotations

import compileall
import ctypes
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parent
PACKAGES = ("reader_app", "viewer", "scoring_forms", "storage", "resources")
COMMANDS = ("demo", "test", "run", "setup")
# All tests together: a file's stay in one process, for they share what takes long to make.
SIDE_BY_SIDE = ("-n", "auto", "--maxprocesses", "4", "--dist", "loadfile")
OLDEST, NEWEST = (3, 11), (3, 13)  # the versions for which every locked package has a wheel

# What Qt needs of the system: the file it loads and the Debian package that has it.
OFFSCREEN_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libX11.so.6": "libx11-6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
}
SCREEN_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
OFFLINE_SIGNS = ("NewConnectionError", "NameResolutionError", "TimeoutError", "ProxyError", "MaxRetryError")


class SetupError(Exception):
    """The set-up cannot go on; the text is one sentence for the person at the terminal."""


def main(arguments: Sequence[str]) -> int:
    """Set up what *arguments* ask for, run it and return its exit status."""
    command, rest = (arguments[0], list(arguments[1:])) if arguments else ("--help", [])
    if command not in COMMANDS:
        print(__doc__)
        return 0 if command in ("-h", "--help") else 2
    try:
        check_python(sys.version_info[:2])
        packages = missing_packages(with_screen=command != "test" and "DISPLAY" in os.environ)
        if packages:
            provide_system_packages(packages, as_root=os.geteuid() == 0)
        fresh = prepare_environment(PROJECT)
    except (SetupError, OSError) as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("Stopped. The next start begins this step anew.")
        return 130
    if command == "setup":
        say(f"Ready: {program(PROJECT, 'ra-reader')}" + ("" if fresh else " (nothing had changed)"))
        return 0
    if command == "test":
        os.chdir(PROJECT)
        return hand_over([str(program(PROJECT, "python")), "-m", "pytest", *(rest or SIDE_BY_SIDE)])
    start = ["demo", *rest] if command == "demo" else rest
    return hand_over([str(program(PROJECT, "ra-reader")), *start])


def say(text: str) -> None:
    """Tell the person at the terminal what happens."""
    print(text, file=sys.stderr, flush=True)


def hand_over(command: list[str]) -> int:
    """Become *command*, or where a process cannot (Windows) wait for it and return its exit status."""
    if os.name != "nt":
        os.execv(command[0], command)
    return subprocess.call(command)


def check_python(version: tuple[int, ...]) -> None:
    """Raise SetupError unless this *version* of Python can run RA Reader."""
    if not OLDEST <= version <= NEWEST:
        raise SetupError(
            "RA Reader needs Python {}.{} to {}.{}, but this is Python {}.{}.".format(
                *OLDEST, *NEWEST, *version
            )
            + " Start bootstrap.py with one of those, for example: python3.11 bootstrap.py demo"
        )


# --- what the system must have -------------------------------------------------------------------


def missing_packages(*, with_screen: bool) -> list[str]:
    """Return the Debian packages that Qt and Python's venv lack here; elsewhere nothing is looked for."""
    if not sys.platform.startswith("linux"):
        return []
    wanted = {**OFFSCREEN_LIBRARIES, **(SCREEN_LIBRARIES if with_screen else {})}
    packages = [package for library, package in wanted.items() if not loads(library)]
    if importlib.util.find_spec("ensurepip") is None:
        packages.insert(0, "python{}.{}-venv".format(*sys.version_info[:2]))
    return packages


def loads(library: str) -> bool:
    """Tell whether the shared *library* can be loaded with all it needs."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def install_command(packages: Sequence[str]) -> list[str]:
    """Return the apt-get call that installs *packages* and nothing beyond what they need."""
    return ["apt-get", "install", "-y", "--no-install-recommends", *packages]


def provide_system_packages(packages: Sequence[str], *, as_root: bool) -> None:
    """Install the system *packages* on Debian or Ubuntu, which takes root's rights.

    Raises:
        SetupError: They cannot be installed from here; the sentence holds the command that does it.
    """
    names = " ".join(packages)
    command = install_command(packages)
    if shutil.which("apt-get") is None:
        raise SetupError(
            f"System libraries are missing; install what your distribution has for Debian's {names}"
        )
    if not as_root:
        raise SetupError(f"System packages are missing; install them with: sudo {' '.join(command)}")
    say(f"Installing system packages: {names}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update"], command):
        done = subprocess.run(
            step,
            env=quiet,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    if done.returncode != 0:
        reason = last_line(done.stderr.splitlines())
        raise SetupError(f"System packages could not be installed by: {' '.join(command)} ({reason})")


# --- the environment in .venv --------------------------------------------------------------------


def program(project: Path, name: str) -> Path:
    """Return where the environment of *project* keeps the program *name*."""
    folder = project / ".venv"
    return folder / "Scripts" / f"{name}.exe" if os.name == "nt" else folder / "bin" / name


def wanted_stamp(project: Path) -> dict[str, str]:
    """Return from what the environment of *project* has to be made, by name of the ingredient."""
    return {
        "python": f"{sys.version.split()[0]} in {sys.base_prefix}",
        "place": str(project),
        "lock": hashlib.sha256((project / "requirements.lock").read_bytes()).hexdigest(),
        "project": hashlib.sha256((project / "pyproject.toml").read_bytes()).hexdigest(),
    }


def read_stamp(project: Path) -> dict[str, str]:
    """Return from what the environment was made; empty when it is absent or was never finished."""
    try:
        lines = (project / ".venv" / "made-from").read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    return dict(line.split("\t", 1) for line in lines if "\t" in line)


def write_stamp(project: Path, stamp: Mapping[str, str]) -> None:
    """Mark the environment as finished, in one step that is either done or not."""
    target = project / ".venv" / "made-from"
    unfinished = target.with_suffix(".new")
    unfinished.write_text("".join(f"{name}\t{value}\n" for name, value in stamp.items()), encoding="utf-8")
    unfinished.replace(target)


def prepare_environment(project: Path) -> bool:
    """Make the environment what the lock file says; return whether there was anything to do.

    Raises:
        SetupError: It cannot be made here.
    """
    wanted, found = wanted_stamp(project), read_stamp(project)
    fresh = found != wanted
    unfinished = {**wanted, "project": "not installed yet"}
    if {**found, "project": ""} != {**wanted, "project": ""}:
        make_environment(project)
        write_stamp(project, unfinished)
    if fresh:
        install_project(project)
        write_stamp(project, wanted)
    for package in PACKAGES:  # Python itself may be told to leave no compiled files
        compileall.compile_dir(project / package, quiet=2)
    return fresh


def make_environment(project: Path) -> None:
    """Make ``.venv`` anew with every package of the lock file."""
    folder = project / ".venv"
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        say("Removing an outdated or unfinished environment")
        (folder / "made-from").unlink(missing_ok=True)
        shutil.rmtree(folder)
    say(f"Making the environment in {folder}")
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(folder)],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if made.returncode != 0:
        raise SetupError(
            f"The environment could not be made: {last_line((made.stdout + made.stderr).splitlines())}"
        )
    lock = project / "requirements.lock"
    total = sum(1 for line in lock.read_text(encoding="utf-8").splitlines() if re.match(r"\w", line))
    say(f"Fetching {total} packages, about 350 MB when none is at hand yet")
    options = ["--require-hashes", "--no-deps", "--only-binary=:all:", "--no-compile"]
    pip(project, ["install", *options, "-r", str(lock)], progress_of(total))
    say("Compiling the packages, so that every start is quick")
    compile_packages(project)


def install_project(project: Path) -> None:
    """Make the environment run the modules of *project* where they stand."""
    say("Installing RA Reader")
    pip(project, ["install", "--no-build-isolation", "--no-deps", "--editable", str(project)])


def compile_packages(project: Path) -> None:
    """Byte-compile the installed packages; a file that is no valid Python is left as it is."""
    python = str(program(project, "python"))
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = subprocess.run([python, "-c", where], capture_output=True, text=True, check=True).stdout.strip()
    subprocess.run([python, "-W", "ignore", "-m", "compileall", "-qq", "-j", "0", site], check=False)


def progress_of(total: int) -> Callable[[str], None]:
    """Return what turns pip's lines into a progress of *total* packages."""
    seen: set[str] = set()

    def report(line: str) -> None:
        package = re.match(r"(Collecting |Ignoring |Processing \S*[/\\])([\w.]+(?:-(?!\d)[\w.]+)*)", line)
        if package and package[2] not in seen:
            seen.add(package[2])
            say(f"  {len(seen)}/{total} {package[2]}")
        elif line.startswith("Installing collected packages"):
            say("Installing them")

    return report


def pip(project: Path, arguments: Sequence[str], report: Callable[[str], None] = lambda line: None) -> None:
    """Run the environment's pip and give every line it prints to *report*; the user's own pip settings hold.

    Raises:
        SetupError: pip failed; the sentence says why.
    """
    command = [str(program(project, "python")), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    lines: list[str] = []
    with subprocess.Popen(
        [*command, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as running:
        for line in running.stdout or ():
            lines.append(line.strip())
            report(lines[-1])
    if running.returncode != 0:
        raise SetupError(explain_failure(lines))


def explain_failure(lines: Iterable[str]) -> str:
    """Return why pip failed: in one sentence, where that is not known after the last *lines* it printed."""
    lines = list(lines)
    if any(sign in line for line in lines for sign in OFFLINE_SIGNS):
        return (
            "The packages could not be fetched: connect to a network, or let PIP_FIND_LINKS name a folder"
            " that holds their wheels, and start again."
        )
    absent = re.search(r"No matching distribution found for (\S+)", "\n".join(lines))
    if absent:
        return (
            f"There is no wheel of {absent[1]} for this system where pip looks; check the settings of pip"
            " (PIP_INDEX_URL, PIP_NO_INDEX, PIP_FIND_LINKS) and start again."
        )
    reason = last_line([line for line in lines if line.lower().startswith("error")] or lines)
    return "\n".join([*lines[-12:], f"The packages could not be installed: {reason}"])


def last_line(lines: Sequence[str]) -> str:
    """Return the last of *lines* that says anything."""
    return next((line.strip() for line in reversed(lines) if line.strip()), "no reason was given")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
