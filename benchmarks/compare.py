"""Times variants of the same work in turn, round by round, so that drift and neighbours fall on all alike."""

from __future__ import annotations

import gc
import os
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Variants = Mapping[str, Callable[[], object]]


@dataclass(frozen=True, slots=True)
class Timing:
    """What one variant took.

    Attributes:
        ratio: Median over the rounds of its time / the reference's time in the same round.
        least_ratio: Its shortest time / the reference's shortest: what a quiet machine would show.
        cpu_ratio: The same as ratio in seconds of this process's own work, which neighbours disturb least.
        median_ms: Median of its times.
        least_ms: Its shortest time.
    """

    ratio: float
    least_ratio: float
    cpu_ratio: float
    median_ms: float
    least_ms: float


def compare(
    title: str, variants: Variants, reference: str, rounds: int = 7, events: int = 1
) -> dict[str, Timing]:
    """Run every variant once a round, print a table and return it by name.

    Args:
        title: What is compared.
        variants: The work, by name.
        reference: The variant whose time counts as 1.
        rounds: Rounds that count; one more goes before them.
        events: Into how many steps a run divides; times are given for one.
    """
    seconds: dict[str, list[float]] = {name: [] for name in variants}
    worked: dict[str, list[float]] = {name: [] for name in variants}
    for turn in range(rounds + 1):
        for name, work in variants.items():
            gc.collect()
            start, cpu = time.perf_counter(), time.process_time()
            work()
            if turn:
                seconds[name].append((time.perf_counter() - start) / events)
                worked[name].append((time.process_time() - cpu) / events)
    found = {
        name: _timing(times, seconds[reference], worked[name], worked[reference])
        for name, times in seconds.items()
    }
    _print_table(title, found, reference, rounds, events)
    return found


def per_event(title: str, milliseconds: Mapping[str, Sequence[float]]) -> None:
    """Print median, 99th percentile and longest of single events, and how many overran a frame of 60 Hz."""
    print(f"\n## {title}")
    print(f"{'':52} {'events':>7} {'p50 ms':>8} {'p99 ms':>8} {'max ms':>8} {'>16.7 ms':>9}")
    for name, values in milliseconds.items():
        p50, p99 = percentile(values, 50), percentile(values, 99)
        late = sum(value > 1000 / 60 for value in values)
        print(f"{name:52} {len(values):7} {p50:8.2f} {p99:8.2f} {max(values):8.2f} {late:9}", flush=True)


def goal(sentence: str, value: float, limit: float, unit: str = "", *, at_least: bool = False) -> bool:
    """Print whether a goal is met, and return it."""
    met = value >= limit if at_least else value <= limit
    sign = "≥" if at_least else "≤"
    print(
        f"{'met   ' if met else 'MISSED'} {sentence}: {value:.3g}{unit}, wanted {sign} {limit:g}{unit}",
        flush=True,
    )
    return met


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that *share* per cent of *values* do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share / 100))]


def waited_ms() -> float:
    """Return how long this thread has been ready to run without a core; 0 where the system does not tell."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_text("ascii").split()[1]) / 1e6
    except OSError:
        return 0.0


def _timing(
    times: Sequence[float], reference: Sequence[float], worked: Sequence[float], its_work: Sequence[float]
) -> Timing:
    return Timing(
        statistics.median(mine / its for mine, its in zip(times, reference, strict=True)),
        min(times) / min(reference),
        statistics.median(worked) / max(statistics.median(its_work), 1e-9),
        statistics.median(times) * 1000,
        min(times) * 1000,
    )


def _print_table(title: str, found: Mapping[str, Timing], reference: str, rounds: int, events: int) -> None:
    steps = f", {events} steps a run, times for one" if events > 1 else ""
    print(f"\n## {title}  ({rounds} rounds{steps}, load {os.getloadavg()[0]:.1f}, 1 = {reference})")
    print(f"{'':52} {'ratio':>8} {'of least':>9} {'of CPU':>8} {'median ms':>10} {'least ms':>9}")
    for name, row in found.items():
        ratios = f"{row.ratio:8.3f} {row.least_ratio:9.3f} {row.cpu_ratio:8.3f}"
        print(f"{name:52} {ratios} {row.median_ms:10.3f} {row.least_ms:9.3f}", flush=True)
