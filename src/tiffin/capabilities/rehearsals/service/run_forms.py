"""The form of a new rehearsal: what was typed, read into a plan or refused with what to mend."""

from collections.abc import Mapping

from tiffin.capabilities.rehearsals.domain.rehearsal import Plan
from tiffin.capabilities.rehearsals.domain.rosters import OWN_ROSTER, Roster, changed_riders, given_roster
from tiffin.capabilities.rehearsals.service.run_scenarios import Setting, find_setting, zone_numbers
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context

OWN, CHANGED, GIVEN = "own", "changed", "given"
REPLICATIONS = 20


def plan_of(context: Context, said: Mapping[str, str], roster_text: str = "") -> Plan:
    """Read what a form says.

    Parameters
    ----------
    said : mapping
        ``scenario``, ``policy``, ``other`` (a second policy, or nothing), ``roster`` (own, changed or given),
        ``riders``, ``roster_name``, ``replications``, ``seed`` and ``undisturbed``.
    roster_text : str
        Content of the roster's file.

    Raises
    ------
    WrongUse
        A number is none, or a change of the riders is none.
    NotFound
        There is no such scenario.
    InvalidData
        The roster's file breaks the form.
    """
    setting = find_setting(said.get("scenario", ""), workspace=context.workspace.root)
    policies = tuple(one for one in (said.get("policy") or setting.policy, said.get("other")) if one)
    return Plan(
        scenario=said["scenario"],
        city_id=setting.scenario.city.city_id,
        day=setting.day,
        policies=policies,
        roster=_roster(said, setting, roster_text),
        is_undisturbed=bool(said.get("undisturbed")),
        replications=_whole(said.get("replications"), REPLICATIONS),
        seed=_whole(said.get("seed"), setting.seed),
    )


def _roster(said: Mapping[str, str], setting: Setting, roster_text: str) -> Roster:
    kind = said.get("roster", OWN)
    if kind == CHANGED:
        return changed_riders(said.get("riders", ""))
    if kind != GIVEN:
        return changed_riders(setting.riders) if setting.riders else OWN_ROSTER
    if not roster_text:
        raise WrongUse(Message("A file of shifts was expected; none was chosen. Choose a CSV of zone,on,off."))
    return given_roster(
        roster_text,
        name=said.get("roster_name", "")[:80] or "roster.csv",
        zones=zone_numbers(setting.scenario),
        cutoff_min=setting.scenario.city.cutoff_min,
    )


def _whole(text: str | None, otherwise: int) -> int:
    if not text:
        return otherwise
    if not text.isascii() or not text.removeprefix("-").isdigit() or len(text) > 12:  # noqa: PLR2004 - no seed is longer
        raise WrongUse(Message("A whole number was expected; found {text}.", text=repr(text)))
    return int(text)
