"""Sets the simulated city against real files: what they settle, and how far the rest lies from them."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from tiffin.capabilities.rehearsals.domain.calibration import Simulated
from tiffin.capabilities.rehearsals.domain.calibration_markets import SETUPS
from tiffin.capabilities.rehearsals.domain.calibration_report import VARIANTS, Entry, compared, settled
from tiffin.capabilities.rehearsals.domain.calibration_setup import Setup
from tiffin.capabilities.rehearsals.domain.calibration_source import Source
from tiffin.capabilities.rehearsals.domain.calibration_targets import TARGETS, WOLT
from tiffin.capabilities.rehearsals.domain.purchases import draw_purchases
from tiffin.capabilities.rehearsals.domain.scenario import Scenario
from tiffin.capabilities.rehearsals.service.calibration_files import SOURCES, read_source
from tiffin.capabilities.rehearsals.service.definitions import (
    FOLDER,
    PARAMETERS_FILE,
    read_parameters,
    read_profiles,
    read_scenario,
)
from tiffin.engines.simulation.calibrating.market import MarketDay, simulate_market
from tiffin.engines.simulation.calibrating.moments import Fit, fit_moments, redrawn_moments
from tiffin.engines.simulation.disruptions import Disruption, Kind
from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.streams import Stream
from tiffin.kernel.errors import Forbidden, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.definitions import read_yaml, without_lines

SEED = 1447
SHIPPED = FOLDER / "calibration.json"
KEPT = "calibration.json"
WHOLE_DAY_S = 86_400
RAIN_STRENGTH = 0.5
"""As strong as the rain of the demo."""
ANY_CITY = "riyadh"
"""Purchases are drawn as in this city; only ratios of prices are compared."""
PRICE_MINOR = 100_000
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class _Run:
    """One source, simulated under the given and under the calibrated values."""

    source: Source
    setup: Setup
    fit: Fit | None
    variants: Mapping[str, Simulated]


def calibrate(
    data: Path,
    *,
    on: date,
    sources: Sequence[str] = SOURCES,
    seed: int = SEED,
    progress: Progress = lambda _share: None,
) -> Entry:
    """Set the simulated city against the real files of a folder.

    Parameters
    ----------
    data : Path
        Folder with one folder a source.
    on : date
        The given values are those that hold on this day.
    sources : sequence of str
        Sources to compare with.

    Raises
    ------
    WrongUse
        There is no such source.
    NotFound
        A file is missing.
    """
    unknown = [name for name in sources if name not in SOURCES]
    if unknown:
        raise WrongUse(f"There is no source {unknown[0]!r} to calibrate on; there are: {', '.join(SOURCES)}.")
    started = time.process_time()
    given = read_parameters(on)
    root = Stream.of_seed(seed).child("calibration")
    report: Entry = {
        "is_simulated": True,
        "made_on": on.isoformat(),
        "command": f"tiffin rehearsals calibration --data DIR --seed {seed}",
        "seed": seed,
        "sources": [],
        "quantities": [],
        "parameters": [],
    }
    runs: dict[str, _Run] = {}
    for name in sources:
        # A source without a market of its own is set against one that has promises and so knows lateness.
        market = name if name in SETUPS else WOLT
        if market not in runs:
            runs[market] = _run(read_source(market, data), given, root.child(market))
        source = runs[name].source if name in runs else read_source(name, data)
        _add(report, source, runs[market], given, root.child(name))
        progress(1.0 / len(sources))
    report["assumptions"] = _assumptions(on)
    report["cpu_s"] = round(time.process_time() - started, 1)
    return report


def _add(report: Entry, source: Source, run: _Run, given: Parameters, stream: Stream) -> None:
    """Write one source into the report."""
    is_own = run.source.name == source.name
    report["sources"].append(
        {
            "source": source.name,
            "files": [asdict(one) for one in source.files],
            "market": run.source.name,
            "days": len(run.variants[VARIANTS[0]].days),
            "misfit": round(run.fit.misfit, 3) if is_own and run.fit else None,
            "runs": run.fit.runs if is_own and run.fit else 0,
        }
    )
    for target in TARGETS:
        if target.source == source.name:
            report["quantities"].append(compared(target, source, run.variants, stream))
    if is_own:
        report["parameters"] += settled(source.name, run.setup.read, run.fit, asdict(given))


def _run(source: Source, given: Parameters, stream: Stream) -> _Run:
    setup = SETUPS[source.name](source)
    held = replace(given, **setup.held)
    read = replace(held, **{name: one.value for name, one in setup.read.items()})
    fit = _fitted(setup, read, stream)
    values = {one.name: one.value for one in fit.parameters} if fit else {}
    scenario = _scenario(float(setup.market.orders.mean()))
    weekday = source.days()[1] if "weekday" in source.columns else np.ones(1)
    variants = {
        name: _simulated(setup, parameters, scenario, stream, first_weekday=int(weekday[0]))
        for name, parameters in zip(VARIANTS, (held, replace(read, **values)), strict=True)
    }
    return _Run(source, setup, fit, variants)


def _fitted(setup: Setup, read: Parameters, stream: Stream) -> Fit | None:
    fitting = setup.fitting
    if fitting is None:
        return None
    real = redrawn_moments(fitting.rows, fitting.moments, fitting.scale, stream.child("redrawn"))
    few = replace(setup.market, orders=setup.market.orders[: fitting.days])

    def moments(values: Mapping[str, float]) -> Any:
        return fitting.moments(fitting.simulated(simulate_market(few, replace(read, **values), stream)))

    relative_size = len(fitting.rows) / float(few.orders.sum())
    return fit_moments(moments, real, fitting.unknowns, relative_size=relative_size)


def _simulated(
    setup: Setup, parameters: Parameters, scenario: Scenario, stream: Stream, *, first_weekday: int
) -> Simulated:
    days = simulate_market(setup.market, parameters, stream)
    rain: tuple[MarketDay, ...] = ()
    if "rain_demand_share" in setup.read:
        zones = tuple(range(len(setup.market.layout.weight)))
        all_day = Disruption(Kind.RAIN, zones, 0, WHOLE_DAY_S, RAIN_STRENGTH)
        rain = simulate_market(setup.market, parameters, stream, disruptions=(all_day,))
    purchases = tuple(
        draw_purchases(scenario, day.simulated.orders, parameters, stream.child("day", number, "purchases"))
        for number, day in enumerate(days)
    )
    return Simulated(days, purchases, rain, first_weekday)


def _scenario(orders_per_day: float) -> Scenario:
    scenario = read_scenario(ANY_CITY, profiles=read_profiles())
    return replace(scenario, orders_per_day=orders_per_day, median_basket_minor=PRICE_MINOR, price_step_minor=1)


def _assumptions(on: date) -> list[Entry]:
    """List the parameters for which no file was found: their source begins with the word."""
    entries = without_lines(read_yaml(PARAMETERS_FILE))
    assumed = []
    for name in (field.name for field in fields(Parameters)):
        known = [one for one in entries[name] if one["since"] <= on]
        newest = max(known, key=lambda one: one["since"])
        if str(newest["source"]).startswith("assumption"):
            assumed.append({"parameter": name, "value": float(newest["value"]), "unit": newest["unit"]})
    return assumed


def write_report(report: Entry, path: Path) -> None:
    """Write a report as JSON that people can compare line by line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def keep_report(context: Context, report: Entry) -> None:
    """Keep a report in the workspace; its page then shows this one.

    Raises
    ------
    Forbidden
        The actor is no steward of all cities.
    """
    if not context.actor.has_role_everywhere(Role.STEWARD):
        raise Forbidden(
            f"{context.actor.name} may not keep a calibration: that takes the role steward for all cities. "
            "Write it to a file with --out, or ask an administrator."
        )
    write_report(report, context.workspace.state / KEPT)
    sources = [one["source"] for one in report["sources"]]
    audit.record(context, action="calibration_kept", subject=KEPT, details={"sources": sources, "seed": report["seed"]})


def find_report(context: Context) -> Entry:
    """Give the workspace's own report, else the one that ships.

    Raises
    ------
    Forbidden
        The actor has no grant.
    """
    if not context.actor.grants:
        raise Forbidden(
            Message(
                "{name} may see no facts: no grant is in force. Ask an administrator for one.", name=context.actor.name
            )
        )
    kept = context.workspace.state / KEPT
    found: Entry = json.loads((kept if kept.is_file() else SHIPPED).read_text(encoding="utf-8"))
    return found
