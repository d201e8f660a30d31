"""Which images belong together: a DICOM series may hold several orientations, echoes or phases."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from viewer.imaging.admission import FILM_MODALITIES
from viewer.imaging.stack import SAME_PLACE_MM, Slice, in_order, number_of, places_of

Part = tuple[Slice, ...]

# Pictures of other kinds whose images stand for themselves, as films do.
_SINGLE_PICTURES = FILM_MODALITIES | {"OT", "SC", "XC", "NM", "US", ""}
_SAME_DIRECTION = 5e-3
_SAME_SPACING = 2e-3


def parts_of(slices: Iterable[Slice]) -> list[list[Part]]:
    """Return the parts of every series, each in order along its normal; all in a stable order."""
    series: dict[str, list[Slice]] = defaultdict(list)
    for item in sorted(slices, key=number_of):
        series[item.file.series_instance_uid].append(item)
    return [_parts_of_series(series[uid]) for uid in sorted(series)]


def _parts_of_series(slices: Sequence[Slice]) -> list[Part]:
    stacks: list[list[Slice]] = []
    for item in slices:
        for stack in stacks:
            if _belong_together(stack[0], item):
                stack.append(item)
                break
        else:
            stacks.append([item])
    parts = [tuple(in_order(phase)) for stack in stacks for phase in _phases(stack)]
    return sorted(parts, key=lambda part: min(map(number_of, part)))


def _belong_together(one: Slice, other: Slice) -> bool:
    return _kind(one) == _kind(other) and _is_same_way(one, other) and _is_same_spacing(one, other)


def _kind(item: Slice) -> tuple[object, ...]:
    file, frame = item.file, item.frame
    stands_alone = file.modality in _SINGLE_PICTURES and not item.is_placed
    return (
        file.patient_id,
        file.study_instance_uid,
        file.modality,
        file.frame_of_reference_uid,
        file.pixels.rows,
        file.pixels.columns,
        file.pixels.bits_allocated,
        file.pixels.signed,
        file.pixels.photometric == "MONOCHROME1",
        round(file.pixel_aspect, 4),
        file.mosaic,
        item.is_placed,
        frame.stack,
        frame.laterality,
        file.path if stands_alone or file.mosaic or file.modality in FILM_MODALITIES else None,
    )


def _is_same_way(one: Slice, other: Slice) -> bool:
    a, b = one.frame.orientation, other.frame.orientation
    return a is b or (a is not None and b is not None and _is_near(a, b, _SAME_DIRECTION))


def _is_same_spacing(one: Slice, other: Slice) -> bool:
    a, b = one.frame.pixel_spacing, other.frame.pixel_spacing
    return a == b or (a is not None and b is not None and _is_near(a, b, _SAME_SPACING * min(a)))


def _is_near(a: Sequence[float], b: Sequence[float], tolerance: float) -> bool:
    return max(abs(x - y) for x, y in zip(a, b, strict=True)) <= tolerance


# --- several images in one place


def _phases(stack: Sequence[Slice]) -> list[Sequence[Slice]]:
    """Return *stack* split so that no place is taken twice, as far as the header tells images apart."""
    if not stack[0].is_placed:
        return [stack]
    places = _place_numbers(stack)
    most = max(Counter(places).values())
    if most == 1:
        return [stack]
    for name in stack[0].frame.phase:
        groups: dict[str, list[Slice]] = defaultdict(list)
        for item in stack:
            groups[item.frame.phase.get(name, "")].append(item)
        if 1 < len(groups) <= most and _are_phases(list(groups.values()), stack, places):
            return [phase for group in groups.values() for phase in _phases(group)]
    return _by_number(stack, places)


def _are_phases(groups: Sequence[Sequence[Slice]], stack: Sequence[Slice], places: Sequence[int]) -> bool:
    """Whether *groups* image the same places: half of each group's places are also in another group."""
    place = {id(item): number for item, number in zip(stack, places, strict=True)}
    sets = [{place[id(item)] for item in group} for group in groups]
    taken = Counter(number for numbers in sets for number in numbers)
    return all(sum(taken[number] > 1 for number in numbers) * 2 >= len(numbers) for numbers in sets)


def _by_number(stack: Sequence[Slice], places: Sequence[int]) -> list[Sequence[Slice]]:
    """Return phases by Instance Number in each place, where all places are taken equally often."""
    if len(set(Counter(places).values())) > 1:
        return [stack]
    phases: dict[int, list[Slice]] = defaultdict(list)
    seen: Counter[int] = Counter()
    for item, number in sorted(zip(stack, places, strict=True), key=lambda pair: number_of(pair[0])):
        phases[seen[number]].append(item)
        seen[number] += 1
    return list(phases.values())


def _place_numbers(stack: Sequence[Slice]) -> list[int]:
    """Return a number for the place of every slice; slices in the same place have the same number."""
    places = places_of(stack)
    order = np.argsort(places, kind="stable")
    numbers = np.zeros(len(places), int)
    numbers[order[1:]] = np.cumsum(np.diff(places[order]) > SAME_PLACE_MM)
    return [int(number) for number in numbers]
