"""The numbers of attribution and its calibration: as shipped, or as the workspace states them."""

from datetime import date
from pathlib import Path
from typing import Any

from tiffin.capabilities.liability.domain.attribution_confidence import Fits
from tiffin.capabilities.liability.domain.attribution_parameters import AttributionParameters
from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.messages import Message
from tiffin.runtime.dated import Entry, Number, entries_of, in_force, numbers_in_force
from tiffin.runtime.definitions import without_lines
from tiffin.runtime.workspace import Workspace

FOLDER = Path(__file__).resolve().parents[1]
_WHOLE = ("history_days", "around_half_hours", "certain_percent")
_SHARES = ("fair_quantile", "blame_quantile")
_OTHERS = (
    "late_tolerance_s", "pooling_orders", "area_m", "around_orders", "waiting_gain",
    "rider_weight", "approach_weight", "noise_floor", "crowd_spreads", "ride_floor", "kitchen_floor_s", "ride_weight",
    "kitchen_weight",
    "promise_floor_s", "noise_s", "market_noise", "together_noise", "slow_noise",
)  # fmt: skip
NUMBERS = {
    **dict.fromkeys(_WHOLE, Number(is_whole=True)),
    **dict.fromkeys(_SHARES, Number(below=1.0)),
    **dict.fromkeys(_OTHERS, Number()),
}


def parameters_on(workspace: Workspace, day: date) -> AttributionParameters:
    """Read the numbers that hold on a day; the workspace's ``parameters/attribution.yaml`` adds to the shipped ones.

    Raises
    ------
    InvalidDefinition
        An entry lacks its name, value, date or source, or a name is unknown.
    """
    return parameters_of(workspace.overlay("parameters") / "attribution.yaml", day)


def parameters_of(own: Path, day: date) -> AttributionParameters:
    """Read the numbers that hold on a day, with a file of the workspace's own, which need not be there.

    Raises
    ------
    InvalidDefinition
        An entry lacks its name, value, date or source, or a name is unknown.
    """
    found = numbers_in_force(FOLDER / "attribution.yaml", own, day, NUMBERS, "attribution")
    numbers: dict[str, Any] = {name: float(found[name]) for name in (*_SHARES, *_OTHERS)}
    return AttributionParameters(**numbers | {name: int(found[name]) for name in _WHOLE})


def fits_on(workspace: Workspace, day: date) -> Fits:
    """Read how sure attributions are, as it holds on a day.

    Raises
    ------
    InvalidDefinition
        The workspace's ``parameters/attribution_confidence.yaml`` is not what it should be.
    """
    return fits_of(workspace.overlay("parameters") / "attribution_confidence.yaml", day)


def fits_of(own: Path, day: date) -> Fits:
    """Read how sure attributions are, with a file of the workspace's own, which need not be there.

    Raises
    ------
    InvalidDefinition
        The file is not what it should be, or nothing holds on the day.
    """
    read = entries_of(FOLDER / "attribution_confidence.yaml", own, "calibrations", ("source", "fits"), _fits)
    held = in_force(read, day, lambda _: "")
    if "" not in held:
        raise InvalidDefinition(
            Message(
                "No calibration of confidence holds on {day}. Give one an earlier date in {file}.", day=day, file=own
            )
        )
    return held[""]


def _fits(entry: Entry) -> Fits:
    stated = without_lines(entry.stated["fits"])
    try:
        fits = {
            str(kind): tuple((float(at), float(chance)) for at, chance in points) for kind, points in stated.items()
        }
    except (AttributeError, TypeError, ValueError) as error:
        raise _wrong(entry) from error
    for points in fits.values():
        if not points or list(points) != sorted(points) or any(not 0.0 <= chance <= 1.0 for _, chance in points):
            raise _wrong(entry)
    return fits


def _wrong(entry: Entry) -> InvalidDefinition:
    return InvalidDefinition(
        Message("{place}: each of `fits` is a list of score and chance, both rising, the chance from 0 to 1.",
                place=entry.place)
    )  # fmt: skip
