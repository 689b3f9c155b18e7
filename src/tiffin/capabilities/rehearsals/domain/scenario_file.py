"""A scenario that somebody wrote: a demo city, days, what is planted in them, and how the city is run."""

from dataclasses import dataclass

from tiffin.capabilities.rehearsals.domain.scenario import Scenario
from tiffin.kernel.time import Days


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioFile:
    """A scenario as its file says it.

    Parameters
    ----------
    name : str
        Name of the file without its ending.
    scenario : Scenario
        The city with what the file plants in it, and nothing else.
    policy : str
        How orders are given to riders: a name of `CITY_DISPATCHERS`.
    riders : str
        Change of the city's own roster such as ``-10%``; empty for the roster as it is.
    origin : str
        Where the file lies.
    """

    name: str
    title: str
    scenario: Scenario
    days: Days
    policy: str
    riders: str
    seed: int
    origin: str

    @property
    def city_id(self) -> str:
        """City of the facts made of it, apart from the city that it simulates."""
        return f"{self.scenario.city.city_id}-{self.name}"

    @property
    def source(self) -> str:
        """What stands in ``source`` of every fact made of it."""
        return f"simulated:{self.name}"
