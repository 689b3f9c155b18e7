"""A trial as it was designed: what is asked, of whom, with which arms, for how long, and what must not get worse."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from tiffin.engines.experiments.assigning.allocation import WHOLE, Allocation
from tiffin.engines.experiments.assigning.windows import Schedule
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message

NAME_LENGTH = 80
LONGEST_DAYS = 365
DAY_MIN = 24 * 60
HOUR_MIN = 60
ARMS_OF_SWITCHBACK = 2
LEAST_LEVEL = 0.5
LEAST_STAGES = 2


class Design(StrEnum):
    """How the arms are laid out."""

    SPLIT = "split"
    SWITCHBACK = "switchback"
    GEO = "geo"
    STAGED = "staged"

    @property
    def is_of_areas_for_good(self) -> bool:
        """Tell whether named areas begin on a day and stay, so that they are read against the others' days."""
        return self in (Design.GEO, Design.STAGED)


class Unit(StrEnum):
    """What gets an arm: the same unit always the same one; areas of a switchback change theirs by windows."""

    CUSTOMER = "customer"
    RIDER = "rider"
    MERCHANT = "merchant"
    ZONE = "zone"
    CITY = "city"

    @property
    def is_area(self) -> bool:
        """Tell whether it is a place; a split over places is a cluster trial."""
        return self in (Unit.ZONE, Unit.CITY)


@dataclass(frozen=True, slots=True)
class Arm:
    """One of the things that are compared; the first of a trial is what is done today.

    Parameters
    ----------
    share_bp : int
        Of the units that take part, in basis points.
    """

    name: str
    share_bp: int


@dataclass(frozen=True, slots=True)
class Guardrail:
    """A metric that must not get worse by more than so much.

    Parameters
    ----------
    most_worse : float
        In the metric's own unit, above nought; which way is worse follows from the metric's direction.
    """

    metric: str
    most_worse: float


@dataclass(frozen=True, slots=True)
class Start:
    """An area that has what is tried from a day on: a city, or a zone as city/zone."""

    area: str
    day: date


@dataclass(frozen=True, slots=True)
class Trial:
    """One trial as it was designed.

    Parameters
    ----------
    question : str
        What somebody wants to know, in his own words.
    cities : tuple of str
        Where it runs.
    zones : tuple of str
        Only in these; none for all zones of the cities.
    first, last : date
        Business days of the cities, both among them.
    metric : str
        Governed metric that decides.
    others : tuple of str
        Governed metrics that are read out besides, corrected for being many.
    window_min, washout_min : int
        Of a switchback, minutes.
    exposure_bp : int
        How many of 10,000 units take part.
    layer, slice_bp
        As in `Allocation`.
    starts : tuple of Start
        Of a geographic trial the treated areas, all from its first day on; of a staged roll-out who begins when. All
        other areas of its cities stay as they are.
    stages, stage_days : int
        Of a staged roll-out, how many waves of areas begin, and so many days after each other.
    smallest_effect : float
        Of the metric, in its own unit: what would be worth knowing.
    level, power : float
        Share of intervals that hold the truth, and of trials that find the smallest effect.
    """

    name: str
    question: str
    design: Design
    unit: Unit
    arms: tuple[Arm, ...]
    cities: tuple[str, ...]
    first: date
    last: date
    metric: str
    smallest_effect: float
    zones: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    guardrails: tuple[Guardrail, ...] = ()
    window_min: int = 0
    washout_min: int = 0
    starts: tuple[Start, ...] = ()
    stages: int = 0
    stage_days: int = 0
    exposure_bp: int = WHOLE
    layer: str = ""
    slice_bp: tuple[int, int] = (0, WHOLE)
    level: float = 0.95
    power: float = 0.8
    seed: str = field(default="")

    @property
    def days(self) -> int:
        """Count the business days."""
        return (self.last - self.first).days + 1

    @property
    def metrics(self) -> tuple[str, ...]:
        """Name every metric that is read: the deciding one first, each once."""
        return tuple(dict.fromkeys([self.metric, *self.others, *(one.metric for one in self.guardrails)]))

    def allocation(self) -> Allocation:
        """Give how units are spread over the arms."""
        return Allocation(
            seed=self.seed or self.name,
            arms=tuple((arm.name, arm.share_bp) for arm in self.arms),
            exposure_bp=self.exposure_bp,
            layer=self.layer,
            slice_bp=self.slice_bp,
        )

    def schedule(self) -> Schedule:
        """Give which area has which arm when, of a switchback."""
        untreated, treated = (arm.name for arm in self.arms)
        return Schedule(self.seed or self.name, (untreated, treated), self.window_min, self.washout_min)

    def plain(self) -> dict[str, Any]:
        """Give it as plain JSON values, as `trial_from` reads them."""
        said = asdict(self)
        return said | {
            "design": self.design.value,
            "unit": self.unit.value,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "arms": [asdict(arm) for arm in self.arms],
            "guardrails": [asdict(one) for one in self.guardrails],
            "starts": [{"area": one.area, "day": one.day.isoformat()} for one in self.starts],
        }


def trial_from(plain: Mapping[str, Any]) -> Trial:
    """Read a trial from plain values, as `Trial.plain` gives them, and check it.

    Raises
    ------
    WrongUse
        A value is missing or cannot be read, or the design makes no sense; the message says which and what to do.
    """
    said = {name: value for name, value in plain.items() if name in Trial.__slots__}
    unknown = sorted(set(plain) - set(said))
    if unknown:
        raise WrongUse(Message("A trial says nothing about {names}.", names=", ".join(unknown)))
    try:
        trial = Trial(**(said | _read(said)))
    except (TypeError, ValueError, KeyError) as fault:
        raise WrongUse(Message("This trial cannot be read: {fault}.", fault=str(fault))) from None
    return checked(replace(trial, seed=trial.seed or trial.name))


def _read(said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "design": Design(said["design"]),
        "unit": Unit(said["unit"]),
        "arms": tuple(Arm(str(arm["name"]), int(arm["share_bp"])) for arm in said["arms"]),
        "guardrails": tuple(
            Guardrail(str(one["metric"]), float(one["most_worse"])) for one in said.get("guardrails", ())
        ),
        "starts": tuple(Start(str(one["area"]), date.fromisoformat(str(one["day"]))) for one in said.get("starts", ())),
        "first": date.fromisoformat(str(said["first"])),
        "last": date.fromisoformat(str(said["last"])),
        "cities": tuple(said["cities"]),
        "zones": tuple(said.get("zones", ())),
        "others": tuple(said.get("others", ())),
        "slice_bp": tuple(said.get("slice_bp", (0, WHOLE))),
        "smallest_effect": float(said["smallest_effect"]),
    }


def checked(trial: Trial) -> Trial:
    """Refuse a design that makes no sense, with what to do about it.

    Raises
    ------
    WrongUse
    """
    for is_wrong, said in _faults(trial):
        if is_wrong:
            raise WrongUse(said)
    return trial


def _faults(trial: Trial) -> tuple[tuple[bool, Message], ...]:
    names = [arm.name for arm in trial.arms]
    return (
        (
            not trial.name.strip() or len(trial.name) > NAME_LENGTH,
            Message("A trial has a name of at most {most} letters.", most=NAME_LENGTH),
        ),
        (not trial.question.strip(), Message("Say what the trial is to find out.")),
        (not trial.cities, Message("Name at least one city in which the trial runs.")),
        (
            trial.last < trial.first or trial.days > LONGEST_DAYS,
            Message("The last day lies after the first, and at most {most} days later.", most=LONGEST_DAYS),
        ),
        (
            len(names) < ARMS_OF_SWITCHBACK or len(set(names)) < len(names) or not all(names),
            Message(
                "A trial compares at least two arms, each with a name of its own; the first is what is done today."
            ),
        ),
        (
            sum(arm.share_bp for arm in trial.arms) != WHOLE or any(arm.share_bp <= 0 for arm in trial.arms),
            Message("The shares of the arms are above nought and add up to 100 %."),
        ),
        (trial.smallest_effect <= 0, Message("The smallest effect worth knowing is above nought.")),
        (
            any(one.most_worse <= 0 for one in trial.guardrails),
            Message("A guardrail says by how much its metric may get worse, above nought."),
        ),
        (
            not LEAST_LEVEL < trial.level < 1 or not 0 < trial.power < 1,
            Message("The level lies between 50 and 100 %, and the power between 0 and 100 %."),
        ),
        *_switchback_faults(trial),
        *_starts_faults(trial),
    )


def _switchback_faults(trial: Trial) -> tuple[tuple[bool, Message], ...]:
    if trial.design is not Design.SWITCHBACK:
        return ((trial.window_min != 0 or trial.washout_min != 0, Message("Only a switchback has windows.")),)
    return (
        (
            len(trial.arms) != ARMS_OF_SWITCHBACK or trial.arms[0].share_bp * 2 != WHOLE,
            Message("A switchback compares two arms that have half of the windows each."),
        ),
        (not trial.unit.is_area, Message("A switchback changes the arm of zones or cities, not of single people.")),
        (
            trial.window_min <= 0 or bool(DAY_MIN % max(1, trial.window_min)),
            Message("Windows of {minutes} minutes do not divide a day; take 60, 120, 180, 240 or the like.",
                    minutes=trial.window_min),
        ),
        (
            bool(trial.window_min % HOUR_MIN),
            Message("A window lasts whole hours, because numbers are kept by the hour."),
        ),
        (
            not 0 <= trial.washout_min < max(1, trial.window_min),
            Message("The wash-out is shorter than the window."),
        ),
    )  # fmt: skip


def _starts_faults(trial: Trial) -> tuple[tuple[bool, Message], ...]:
    if not trial.design.is_of_areas_for_good:
        is_staged = bool(trial.starts) or trial.stages != 0 or trial.stage_days != 0
        return ((is_staged, Message("Only geographic trials and staged roll-outs name areas that begin.")),)
    areas = [one.area for one in trial.starts]
    return (
        (not trial.unit.is_area, Message("A geographic trial or a staged roll-out is over zones or cities.")),
        (len(trial.arms) != ARMS_OF_SWITCHBACK, Message("It compares what is done today with one other thing.")),
        (len(set(areas)) < len(areas), Message("Each area begins once.")),
        (
            any(not trial.first <= one.day <= trial.last for one in trial.starts),
            Message("Areas begin within the days of the trial."),
        ),
        (
            trial.design is Design.GEO and any(one.day != trial.first for one in trial.starts),
            Message("All areas of a geographic trial begin on its first day; else plan it as a staged roll-out."),
        ),
        (
            trial.design is Design.STAGED and (trial.stages < LEAST_STAGES or trial.stage_days < 1),
            Message("A staged roll-out has at least {least} waves, a day or more apart.", least=LEAST_STAGES),
        ),
        (
            trial.design is Design.STAGED and (trial.stages - 1) * trial.stage_days >= trial.days,
            Message("The last wave would begin after the last day: take fewer waves, or a longer trial."),
        ),
    )
