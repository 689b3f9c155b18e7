"""The read-out of areas that begin something for good: a geographic trial, or a staged roll-out."""

from datetime import date, timedelta

import numpy as np

from tiffin.capabilities.experiments.domain.findings import Findings
from tiffin.capabilities.experiments.domain.panel_reading import Method, read_panel
from tiffin.capabilities.experiments.domain.readout import ArmReading
from tiffin.capabilities.experiments.domain.trial import Design, Trial
from tiffin.capabilities.experiments.service.observing import BEFORE_DAYS
from tiffin.capabilities.experiments.service.panels import area_days, panel_from
from tiffin.engines.experiments.estimate import Caution, DesignRefused
from tiffin.engines.experiments.observational.panels import Panel
from tiffin.engines.experiments.sequential.daily import level_of_looks
from tiffin.kernel.errors import InvalidData, NotFound, WrongUse
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context


def read_areas(context: Context, trial: Trial, metric: str, through: date, *, is_final: bool) -> ArmReading:
    """Set the areas that have begun against those that have not, by the metric's days before and since.

    What cannot be read, as before the first start, says why. Before the end the interval is as wide as looking once a
    day asks.

    Raises
    ------
    Forbidden
        The actor may not see what the metric is made of.
    """
    name = trial.arms[1].name
    try:
        panel = _panel(context, trial, metric, through)
        level = trial.level if is_final else level_of_looks(trial.days, trial.level)
        method = Method.GEO if trial.design is Design.GEO else Method.STAGGERED
        found = read_panel(method, panel, level=level)
    except DesignRefused as refusal:
        return ArmReading(metric, name, np.nan, np.nan, None, refusal.caution)
    except (InvalidData, NotFound, WrongUse) as fault:
        return ArmReading(metric, name, np.nan, np.nan, None, Caution("areas_not_read", {"why": str(fault)}))
    begun = np.arange(panel.n_times) >= panel.starts[:, None]
    tried = float(panel.outcomes[begun].mean())
    findings = Findings(panel=found) if metric == trial.metric else None
    return ArmReading(metric, name, tried - found.estimate.effect, tried, found.estimate, findings=findings)


def _panel(context: Context, trial: Trial, metric: str, through: date) -> Panel:
    days = Days(trial.first - timedelta(days=BEFORE_DAYS), through)
    found = area_days(context, metric, trial.unit, cities=trial.cities, days=days, zones=trial.zones)
    return panel_from(found, {one.area: one.day for one in trial.starts if one.day <= through})
