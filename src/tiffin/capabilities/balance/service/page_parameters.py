"""The dated numbers of the city's page: what makes two episodes alike, and how large a miss needs a person."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tiffin.capabilities.balance.domain.similar import Weights
from tiffin.runtime.dated import Number, numbers_in_force
from tiffin.runtime.workspace import Workspace

SHIPPED = Path(__file__).resolve().parents[1] / "city_page.yaml"
WEIGHTS = ("causes", "zones", "hours", "size", "calendar", "weather")
NUMBERS = {f"weight_{name}": Number() for name in WEIGHTS} | {
    "rain_apart_mm": Number(least=0.1),
    "least_alike": Number(),
    "most_similar": Number(is_whole=True),
    "following_days": Number(is_whole=True),
    "person_miss_min": Number(),
    "person_within_days": Number(is_whole=True),
}


@dataclass(frozen=True, slots=True)
class PageParameters:
    """What the city's page goes by.

    Parameters
    ----------
    least_alike : float
        Episodes less alike, 0 to 1, are not told.
    following_days : int
        How many comparable days after a similar one are told.
    person_miss_min : float
        From so many weighed minutes on an unanswered episode asks for a person.
    person_within_days : int
        Only of so many of a city's last days.
    """

    weights: Weights
    least_alike: float
    most_similar: int
    following_days: int
    person_miss_min: float
    person_within_days: int


def page_parameters(workspace: Workspace, day: date) -> PageParameters:
    """Read the numbers that hold on a day; the workspace's ``parameters/city_page.yaml`` adds to the shipped ones.

    Raises
    ------
    InvalidDefinition
        An entry lacks its name, value, date or source, or a name is unknown.
    """
    own = workspace.overlay("parameters") / "city_page.yaml"
    found = numbers_in_force(SHIPPED, own, day, NUMBERS, "the city's page")
    return PageParameters(
        weights=Weights(
            **{name: float(found[f"weight_{name}"]) for name in WEIGHTS}, rain_apart_mm=float(found["rain_apart_mm"])
        ),
        least_alike=float(found["least_alike"]),
        most_similar=int(found["most_similar"]),
        following_days=int(found["following_days"]),
        person_miss_min=float(found["person_miss_min"]),
        person_within_days=int(found["person_within_days"]),
    )
