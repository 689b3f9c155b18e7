"""Panels with known effects, and the published files."""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tiffin.engines.experiments.observational.panels import Panel, panel_from_rows, panel_of
from tiffin.engines.experiments.observational.weighting import Sample, sample_of


def a_panel(  # noqa: PLR0913 - what a world is made of
    seed: int,
    *,
    units: int = 24,
    times: int = 30,
    before: int = 20,
    treated: int = 6,
    effect: float = 0.0,
    likeness: float = 0.5,
    factors: float = 0.0,
    drift: float = 0.0,
) -> Panel:
    """Draw units with levels of their own, days that depend on the day before, and shared waves if `factors`."""
    draw = np.random.default_rng(seed)
    noise = draw.normal(size=(units, times))
    noise[:, 0] /= np.sqrt(1 - likeness**2)
    for time in range(1, times):
        noise[:, time] += likeness * noise[:, time - 1]
    waves = draw.uniform(size=(units, 2)) @ np.cumsum(draw.normal(size=(2, times)), axis=1)
    outcomes = 50 + 3 * draw.normal(size=(units, 1)) + factors * waves + noise
    mask = np.zeros((units, times), dtype=bool)
    mask[:treated, before:] = True
    outcomes[:treated] += drift * np.arange(times)
    outcomes[mask] += effect
    return panel_of(outcomes, mask, units=[f"u{i}" for i in range(units)], times=[str(i) for i in range(times)])


def a_staggered_panel(seed: int, *, starting: int = 30, waiting: int = 30, effect: float = 0.0) -> Panel:
    """Draw three groups of units, starting at times 3 and 5 and never; the effect grows with each time treated."""
    draw = np.random.default_rng(seed)
    starts = np.repeat([3, 5, 8], [starting, starting, waiting])
    units = len(starts)
    treated = np.arange(8) >= starts[:, None]
    grown = np.maximum(np.arange(8) - starts[:, None] + 1, 0)
    outcomes = draw.normal(size=(units, 1)) * 2 + np.arange(8) * 0.3 + draw.normal(size=(units, 8)) + effect * grown
    return panel_of(outcomes, treated, units=[str(i) for i in range(units)], times=[str(i) for i in range(8)])


def a_sample(seed: int, *, n: int = 600, effect: float = 0.0, chosen: float = 0.8) -> Sample:
    """Draw units of whom those with a high first covariate, which moves the outcome too, are treated more often."""
    draw = np.random.default_rng(seed)
    covariates = draw.normal(size=(n, 3))
    treated = draw.random(n) < 1 / (1 + np.exp(1 - chosen * covariates[:, 0]))
    outcomes = 2 * covariates[:, 0] + covariates[:, 1] + effect * treated + draw.normal(size=n)
    return sample_of(outcomes, treated, covariates, names=("a", "b", "c"))


def rows_of(path: Path, delimiter: str = ",") -> Iterator[dict[str, str]]:
    """Read a file's rows."""
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter=delimiter)


def california(shared: Path) -> Panel:
    """Give cigarette sales of 39 states."""
    rows = rows_of(shared / "peers/causal/california_prop99.csv", delimiter=";")
    return panel_from_rows((row["State"], row["Year"], row["PacksPerCapita"], row["treated"]) for row in rows)


def geo_cities(shared: Path) -> Panel:
    """Give 40 cities, Chicago and Portland treated on the last 15 of 105 days."""
    rows = list(rows_of(shared / "peers/causal/GeoLift_Test.csv"))
    last = set(sorted({row["date"] for row in rows})[90:])
    return panel_from_rows(
        (row["location"], row["date"], row["Y"], row["location"] in {"chicago", "portland"} and row["date"] in last)
        for row in rows
    )


def wages(shared: Path) -> Panel:
    """Give 500 counties over five years."""
    return panel_from_rows(
        (row["countyreal"], row["year"], row["lemp"], 0 < float(row["first.treat"]) <= float(row["year"]))
        for row in rows_of(shared / "peers/causal/mpdta.csv")
    )


def programme(shared: Path) -> Sample:
    """Give 614 people, 185 of them in a labour market programme."""
    rows = list(rows_of(shared / "peers/causal/lalonde.csv"))
    plain = ("age", "educ", "married", "nodegree", "re74", "re75")
    covariates = [
        [*(float(row[name]) for name in plain), row["race"] == "black", row["race"] == "hispan"] for row in rows
    ]
    outcomes = [float(row["re78"]) for row in rows]
    return sample_of(outcomes, [row["treat"] == "1" for row in rows], covariates, names=(*plain, "black", "hispan"))
