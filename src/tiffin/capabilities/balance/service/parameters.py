"""The dated numbers of the diagnosis, as shipped or as the workspace states them."""

from datetime import date
from pathlib import Path

from tiffin.capabilities.balance.domain.parameters import Parameters
from tiffin.runtime.dated import Number, numbers_in_force
from tiffin.runtime.workspace import Workspace

SHIPPED = Path(__file__).resolve().parents[1] / "parameters.yaml"
NUMBERS = {
    "lost_order_min": Number(),
    "coverage_floor": Number(),
    "alone": Number(),
    "together": Number(),
    "whole": Number(),
    "least_miss_min": Number(),
    "least_miss_share": Number(),
    "least_queue_share": Number(),
    "riders_missing_share": Number(),
    "reach_min": Number(),
    "most_episodes": Number(is_whole=True),
}


def read_parameters(workspace: Workspace, day: date) -> Parameters:
    """Read the parameters that hold on a day; the workspace's ``parameters/balance.yaml`` adds to the shipped ones.

    Raises
    ------
    InvalidDefinition
        An entry lacks its name, value, date or source, or a name is unknown.
    """
    own = workspace.overlay("parameters") / "balance.yaml"
    found = {name: float(value) for name, value in numbers_in_force(SHIPPED, own, day, NUMBERS, "the balance").items()}
    return Parameters(most_episodes=int(found.pop("most_episodes")), **found)
