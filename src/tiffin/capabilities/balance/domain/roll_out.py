"""The plan of a roll-out: which cities get a remedy in which wave, who goes without it, and what each gate asks."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from tiffin.engines.experiments.assigning.allocation import WHOLE
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message

NAME_LENGTH = 80
DAY_MIN = 24 * 60
HOUR_MIN = 60
LEAST_HELD_OUT_BP, MOST_HELD_OUT_BP = 500, 5000
LONGEST_WAVE_DAYS = 120
USUAL_HELD_OUT_BP = 2000
USUAL_DAYS = (7, 28)
USUAL_WINDOW_MIN = 120
CHANCE = 0.05


class CityState(StrEnum):
    """Whether a city has the remedy."""

    WAITING = "city_waiting"
    ON = "city_on"
    HELD = "city_held"
    BACK = "city_back"


class Holdout(StrEnum):
    """Of what a part of each city goes without the remedy.

    Zones are drawn anew for each window of each day, so that every zone is compared with itself; merchants and riders
    are drawn once and for all.
    """

    ZONE = "zone"
    MERCHANT = "merchant"
    RIDER = "rider"


class Basis(StrEnum):
    """What the order of the waves follows from."""

    PREDICTED = "predicted"
    BY_SIZE = "by_size"
    BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True)
class Limit:
    """A metric that the remedy must not make worse by more than so much, in the metric's unit."""

    metric: str
    most_worse: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is expected of the remedy in one city that has not got it, all of it for the better.

    Parameters
    ----------
    expected, low, high : float
        Of the metric, in its unit, with a prediction interval for this city.
    gain, risk : float
        Expected gain over all orders, and expected loss where the effect turns out below its cost.
    is_unlike : bool
        It is unlike every city in which the remedy was tried.
    """

    city_id: str
    orders: float
    expected: float
    low: float
    high: float
    gain: float
    risk: float
    learning: float
    chance_of_loss: float
    is_unlike: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """A roll-out as it was laid out.

    Parameters
    ----------
    remedy : str
        The name under which trials and roll-outs of the same thing stand together.
    metric : str
        Governed metric that the remedy is to better.
    waves : tuple of tuple of str
        Cities, each once.
    cost : float
        Of the remedy for an order, in the metric's unit: the effect has to be above.
    least_days, most_days : int
        Whole business days of a wave before it may go on, and until its gate has to have spoken.
    chance : float
        Of ever stopping for harm what does none, over all looks, guardrails and waves together.
    trial : str
        The trial that it comes from; empty where there is none.
    """

    name: str
    remedy: str
    metric: str
    waves: tuple[tuple[str, ...], ...]
    limits: tuple[Limit, ...] = ()
    left_out: tuple[str, ...] = ()
    cost: float = 0.0
    holdout: Holdout = Holdout.ZONE
    holdout_bp: int = USUAL_HELD_OUT_BP
    window_min: int = USUAL_WINDOW_MIN
    least_days: int = USUAL_DAYS[0]
    most_days: int = USUAL_DAYS[1]
    chance: float = CHANCE
    seed: str = ""
    trial: str = ""
    basis: Basis = Basis.BY_HAND
    outlooks: tuple[Outlook, ...] = ()

    @property
    def cities(self) -> tuple[str, ...]:
        """Name the cities in the order of their waves."""
        return tuple(city for wave in self.waves for city in wave)

    @property
    def metrics(self) -> tuple[str, ...]:
        """Name every metric that a gate reads, the remedy's own first, each once."""
        return tuple(dict.fromkeys([self.metric, *(one.metric for one in self.limits)]))

    @property
    def level(self) -> float:
        """Give the level of a gate's intervals.

        A guardrail stops by one end of its interval alone, so that twice the chance of stopping may lie outside.
        """
        return 1 - 2 * self.chance / (len(self.waves) * max(1, len(self.limits)))

    def plain(self) -> dict[str, Any]:
        """Give it as plain JSON values, as `plan_from` reads them."""
        return asdict(self) | {"holdout": self.holdout.value, "basis": self.basis.value}


def plan_from(plain: Mapping[str, Any]) -> Plan:
    """Read a plan from plain values, as `Plan.plain` gives them, and check it.

    Raises
    ------
    WrongUse
        A value is missing or cannot be read, or the plan makes no sense; the message says which and what to do.
    """
    unknown = sorted(set(plain) - set(Plan.__slots__))
    if unknown:
        raise WrongUse(Message("A roll-out says nothing about {names}.", names=", ".join(unknown)))
    try:
        plan = Plan(**(dict(plain) | _read(plain)))
    except (TypeError, ValueError, KeyError) as fault:
        raise WrongUse(Message("This roll-out cannot be read: {fault}.", fault=str(fault))) from None
    for is_wrong, said in _faults(plan):
        if is_wrong:
            raise WrongUse(said)
    return plan


def _read(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "waves": tuple(tuple(str(city) for city in wave) for wave in plain["waves"]),
        "left_out": tuple(plain.get("left_out", ())),
        "limits": tuple(Limit(str(one["metric"]), float(one["most_worse"])) for one in plain.get("limits", ())),
        "holdout": Holdout(plain.get("holdout", Holdout.ZONE)),
        "basis": Basis(plain.get("basis", Basis.BY_HAND)),
        "outlooks": tuple(Outlook(**one) for one in plain.get("outlooks", ())),
        "cost": float(plain.get("cost", 0.0)),
        "seed": str(plain.get("seed") or plain["name"]),
    }


def _faults(plan: Plan) -> tuple[tuple[bool, Message], ...]:
    cities = plan.cities
    return (
        (
            not plan.name.strip() or len(plan.name) > NAME_LENGTH,
            Message("A roll-out has a name of at most {most} letters.", most=NAME_LENGTH),
        ),
        (not plan.remedy.strip(), Message("Say which remedy is rolled out.")),
        (
            not cities or not all(plan.waves),
            Message("A roll-out has a wave at least, and each wave a city at least."),
        ),
        (len(set(cities)) < len(cities), Message("A city stands in one wave only.")),
        (
            any(not one.most_worse > 0 for one in plan.limits),
            Message("A guardrail says by how much its metric may get worse, above nought."),
        ),
        (
            not LEAST_HELD_OUT_BP <= plan.holdout_bp <= MOST_HELD_OUT_BP,
            Message(
                "Between {least} and {most} % of each city are held out: without them nobody can tell what the "
                "remedy does.",
                least=LEAST_HELD_OUT_BP * 100 // WHOLE,
                most=MOST_HELD_OUT_BP * 100 // WHOLE,
            ),
        ),
        (
            not 1 <= plan.least_days < plan.most_days <= LONGEST_WAVE_DAYS,
            Message(
                "A wave runs at least one day, and its gate has to speak later than that and within {most} days.",
                most=LONGEST_WAVE_DAYS,
            ),
        ),
        (
            plan.window_min <= 0 or bool(plan.window_min % HOUR_MIN) or bool(DAY_MIN % max(1, plan.window_min)),
            Message("A window lasts whole hours that divide a day."),
        ),
        (not 0 < plan.chance < 1, Message("The chance of a false alarm lies between 0 and 100 %.")),
    )
