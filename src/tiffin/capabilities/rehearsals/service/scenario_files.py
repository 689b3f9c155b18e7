"""Scenario files: the shipped ones, and a workspace's own in its ``scenarios/``, which stand over the shipped."""

from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tiffin.capabilities.rehearsals.domain.demo import DEMO_SEED
from tiffin.capabilities.rehearsals.domain.planting import planted_from
from tiffin.capabilities.rehearsals.domain.rosters import changed_riders
from tiffin.capabilities.rehearsals.domain.scenario import Scenario
from tiffin.capabilities.rehearsals.domain.scenario_file import ScenarioFile
from tiffin.capabilities.rehearsals.service.definitions import FOLDER, read_profiles, read_scenario
from tiffin.capabilities.rehearsals.service.scenario_forms import ScenarioForm
from tiffin.engines.simulation.dispatchers import CITY_DISPATCHERS
from tiffin.kernel.errors import InvalidDefinition, NotFound, Place, WrongUse
from tiffin.kernel.messages import Message
from tiffin.kernel.time import Days
from tiffin.runtime.definitions import LINES_KEY, read_yaml, without_lines

SCENARIOS = "scenarios"
SHIPPED = FOLDER / SCENARIOS


def read_scenario_file(name: str, *, workspace: Path | None = None) -> ScenarioFile:
    """Read the scenario that a file ``scenarios/<name>.yaml`` says.

    Parameters
    ----------
    workspace : Path or None
        Workspace whose own scenarios and markets come before the shipped ones.

    Raises
    ------
    NotFound
        There is no such scenario, or it names no demo city.
    InvalidDefinition
        Its file breaks the form or plants something impossible; the message names file and line.
    """
    paths = scenario_paths(workspace)
    if name not in paths:
        near = get_close_matches(name, paths, n=3) or sorted(paths)
        raise NotFound(
            Message(
                "There is no scenario {name}. There are: {known}. Write your own as scenarios/{name}.yaml.",
                name=name,
                known=", ".join(near),
            )
        )
    return parse_scenario(read_yaml(paths[name]), paths[name], workspace=workspace)


def scenario_paths(workspace: Path | None = None) -> dict[str, Path]:
    """Give the file of each scenario by name; a workspace's own stands over a shipped one of the same name."""
    folders = [SHIPPED] if workspace is None else [SHIPPED, workspace / SCENARIOS]
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.yaml"))}


def parse_scenario(document: Any, path: Path, *, workspace: Path | None) -> ScenarioFile:
    """Read a scenario out of its document; see `read_scenario_file`."""
    form = _formed(document, path)
    _check_running(form, document, path)
    overlay = workspace / "markets" if workspace else None
    city = read_scenario(form.city, profiles=read_profiles(), overlay=overlay)
    return ScenarioFile(
        name=path.stem,
        title=form.title,
        scenario=_planted(city, form, document, path),
        days=Days(form.first_day, form.last_day or form.first_day),
        policy=form.policy,
        riders=form.riders,
        seed=DEMO_SEED if form.seed is None else form.seed,
        origin=str(path),
    )


def _check_running(form: ScenarioForm, document: Any, path: Path) -> None:
    if form.policy not in CITY_DISPATCHERS:
        raise InvalidDefinition(
            Message("{where}: {policy} is no policy of city days. There are: {known}.",
                    where=_place(path, document, ("policy",)), policy=form.policy, known=", ".join(CITY_DISPATCHERS))
        )  # fmt: skip
    if form.riders:
        try:
            changed_riders(form.riders)
        except WrongUse as error:
            raise InvalidDefinition(
                Message("{where}: {reason}", where=_place(path, document, ("riders",)), reason=error.said)
            ) from error


def _planted(city: Scenario, form: ScenarioForm, document: Any, path: Path) -> Scenario:
    zones = {zone.name: zone.zone_id for zone in city.zones} | {zone.zone_id: zone.zone_id for zone in city.zones}
    planted = []
    for number, one in enumerate(form.disruptions):
        entry = {**one.model_dump(), "day": one.day or form.first_day}
        where = str(_place(path, document, ("disruptions", number)))
        planted.append(planted_from(entry, zone_ids=zones, cutoff_min=city.city.cutoff_min, where=where))
    return replace(city, planted=tuple(planted))


def _formed(document: Any, path: Path) -> ScenarioForm:
    try:
        return ScenarioForm.model_validate(without_lines(document))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = _place(path, document, first["loc"])
        field = ".".join(str(part) for part in first["loc"])
        reason = first["msg"].removeprefix("Value error, ")
        found = "" if isinstance(first["input"], dict) else repr(first["input"])
        raise InvalidDefinition(
            Message("{where}: {field}: {reason}. Found: {found}. Mend the file and try again.",
                    where=where, field=field or path.stem, reason=reason, found=found or "-")
        ) from error  # fmt: skip


def _place(path: Path, document: Any, location: tuple[int | str, ...]) -> Place:
    """Find the line of the innermost part of a location that the file has."""
    line: int | None = None
    for part in location:
        if isinstance(document, dict):
            line = document.get(LINES_KEY, {}).get(part, line)
            document = document.get(part, document)
        elif isinstance(document, list) and isinstance(part, int) and part < len(document):
            document = document[part]
            if isinstance(document, dict):
                line = min(document.get(LINES_KEY, {}).values(), default=line)
    return Place(str(path), line)
