"""The playback of a rehearsal: its days simulated again from the receipt, as the page and programs take it."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from tiffin.capabilities.rehearsals.domain.playback import Playback, playback_of
from tiffin.capabilities.rehearsals.domain.rehearsal import Plan
from tiffin.capabilities.rehearsals.service.run_page import heading_of
from tiffin.capabilities.rehearsals.service.run_scenarios import made_from, stage_of
from tiffin.capabilities.rehearsals.service.run_views import RehearsalView, find_rehearsal
from tiffin.capabilities.rehearsals.service.run_words import arm_told, roster_told
from tiffin.capabilities.rehearsals.service.words import KINDS
from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import translate

KEPT = 4
"""So many playbacks are remembered: the page asks for one and its script for the same."""


def playback(context: Context, rehearsal_id: int, replication: int = 1) -> tuple[RehearsalView, Playback]:
    """Play a replication of a rehearsal back.

    Raises
    ------
    NotFound
        There is no such rehearsal or replication, the actor may not see its city, or its scenario is no more.
    """
    found = find_rehearsal(context, rehearsal_id)
    if not 1 <= replication <= found.plan.replications:
        raise NotFound(
            Message(
                "Rehearsal {number} has the replications 1 to {last}; found {found}.",
                number=rehearsal_id,
                last=found.plan.replications,
                found=replication,
            )
        )
    return found, _played(found.plan, context.workspace.root, replication, made_from())


def stage_told(context: Context, found: RehearsalView) -> dict[str, Any]:
    """Give what the page of a playback says around it."""
    scenario = stage_of(found.plan, workspace=context.workspace.root).scenario
    return heading_of(context, found, scenario) | {"cutoff_min": scenario.city.cutoff_min}


def as_data(context: Context, found: RehearsalView, played: Playback, replication: int) -> dict[str, Any]:
    """Give a playback as the page's script takes it, with the words of the reader's language."""
    locale, plan = context.locale, found.plan
    scenario = stage_of(plan, workspace=context.workspace.root).scenario
    told = {arm.key: arm for arm in plan.arms}
    numbers = {zone.zone_id: number for number, zone in enumerate(scenario.zones)}
    return {
        "is_simulated": True,
        "rehearsal": found.rehearsal_id,
        "replication": replication,
        "scenario": plan.scenario,
        "cutoff_min": scenario.city.cutoff_min,
        "is_as_kept": not found.receipt or found.receipt.get("made_from") == made_from(),
        "from_s": played.from_s,
        "to_s": played.to_s,
        "zones": [
            {"name": translate(locale, zone.name), "rings": rings}
            for zone, rings in zip(scenario.zones, played.zones, strict=True)
        ],
        "merchants": played.merchants,
        "planted": [
            {
                "name": translate(locale, KINDS[one.kind]),
                "start": one.starts_min * 60,
                "end": one.ends_min * 60,
                "zones": [numbers[zone_id] for zone_id in one.zone_ids],
            }
            for one in scenario.planted
            if one.day == plan.day
        ],
        "arms": [
            {
                **_without_moments(asdict(arm)),
                "name": arm_told(plan, arm.key, locale),
                "policy": told[arm.key].policy,
                "roster": roster_told(told[arm.key].roster, locale),
            }
            for arm in played.arms
        ],
    }


def _without_moments(arm: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in arm.items() if name != "moments"}


@lru_cache(maxsize=KEPT)
def _played(plan: Plan, workspace: Path, replication: int, code: str) -> Playback:  # noqa: ARG001 - other code, another day
    return playback_of(stage_of(plan, workspace=workspace), replication)
