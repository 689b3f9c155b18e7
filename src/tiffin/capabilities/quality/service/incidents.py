"""Data incidents: what a check found, kept once, and the case that waits for somebody because of it."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.cases import service as cases
from tiffin.capabilities.cases.domain.case import NewCase
from tiffin.capabilities.cases.domain.severity import Severity
from tiffin.capabilities.metrics import service as metrics
from tiffin.capabilities.quality.models import QualityFinding
from tiffin.engines.anomalies.checks import Check, Finding
from tiffin.kernel.contract import LOCALES
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark

HEADLINES = {
    Check.LATE: mark("Facts of {day} in {country} were not there in time: {what}"),
    Check.RECONCILIATION: mark("Two ways to a number differ in {country} on {day}: {what}"),
    Check.SETTLED: mark("A settled day has changed in {country}, {day}: {what}"),
    Check.FORECAST: mark("Numbers of {day} in {country} are far from what was expected: {what}"),
    Check.GAP: mark("Hours are missing in the orders of {day} in {country}: {what}"),
    Check.SHIFT: mark("The clock of the orders of {day} in {country} is off: {what}"),
    Check.CONTENTS: mark("Orders of {day} in {country} stand twice under other keys: {what}"),
}
"""What a case says, by the check that found it."""

SEVERITIES = {
    Check.SETTLED: Severity.CRITICAL,
    Check.CONTENTS: Severity.CRITICAL,
    Check.FORECAST: Severity.MAJOR,
    Check.SHIFT: Severity.MAJOR,
    Check.GAP: Severity.MAJOR,
    Check.LATE: Severity.MINOR,
    Check.RECONCILIATION: Severity.MAJOR,
}
_SHOWN = 4
_NO_SCORE = 1e9


def keep(context: Context, findings: Iterable[Finding]) -> tuple[int, ...]:
    """Keep what was found and open a case for what belongs together; what is known already changes nothing.

    Returns
    -------
    tuple of int
        The cases that speak of these findings.
    """
    opened = []
    for same in _together(findings):
        case = cases.open_case(context, _case(context, same))
        opened.append(case.case_id)
        _store(context, same, case.case_id)
    return tuple(opened)


def _together(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Put together what one person will look at: the same check and numbers in a country, day after day."""
    runs: list[tuple[date, tuple[str, ...], list[Finding]]] = []
    listed = sorted(findings, key=lambda one: (one.check, one.country, one.day, one.metric, one.city_id or ""))
    for (check, country, day), same in groupby(listed, key=lambda one: (one.check, one.country, one.day)):
        found = list(same)
        subjects = (check, country, *_subjects(found))
        if runs and runs[-1][1] == subjects and day - runs[-1][0] == timedelta(days=1):
            runs[-1] = (day, subjects, [*runs[-1][2], *found])
        else:
            runs.append((day, subjects, found))
    return [found for _, _, found in runs]


def _subjects(findings: Iterable[Finding]) -> tuple[str, ...]:
    listed = list(findings)
    return (*sorted({one.metric for one in listed}), *sorted({one.city_id for one in listed if one.city_id}))


def _case(context: Context, same: list[Finding]) -> NewCase:
    first = same[0]
    days = {"days": [first.day.isoformat(), same[-1].day.isoformat()]}
    return NewCase(
        case_type="data_incident",
        key=f"{first.check}|{first.country}|{first.day}",
        headline=HEADLINES[first.check],
        values={"country": {"country": first.country}, "day": days, "what": _told(context, same)},
        country=first.country,
        subject=first.metric,
        severity=SEVERITIES[first.check],
    )


def _told(context: Context, same: list[Finding]) -> Mapping[str, str]:
    """Name what was hit in every language: the metrics by their labels, then the cities."""
    known = {metric.name: metric.label for metric in metrics.list_metrics(context)}
    subjects = _subjects(same)
    more = ", …" if len(subjects) > _SHOWN else ""
    return {
        locale: ", ".join(known[name].text(locale) if name in known else name for name in subjects[:_SHOWN]) + more
        for locale in LOCALES
    }


def _store(context: Context, findings: list[Finding], case_id: int) -> None:
    keys = {_key(one): one for one in findings}
    known = set(context.session.scalars(select(QualityFinding.finding).where(QualityFinding.finding.in_(sorted(keys)))))
    for key, one in keys.items():
        if key not in known:
            context.session.add(_row(context, key, one, case_id))
    context.session.flush()


def _row(context: Context, key: str, one: Finding, case_id: int) -> QualityFinding:
    details: Mapping[str, Any] = {"expected": one.expected, "found": one.found}
    return QualityFinding(
        finding=key,
        found_by=one.check.value,
        metric=one.metric,
        country=one.country,
        city_id=one.city_id,
        day=one.day,
        score=max(-_NO_SCORE, min(one.score, _NO_SCORE)),
        details=dict(details),
        found_at=context.now,
        case_id=case_id,
    )


def _key(one: Finding) -> str:
    return f"{one.check}|{one.metric}|{one.country}|{one.city_id or ''}|{one.day}"
