"""Data incidents: what a check found, kept once, and the case that waits for somebody because of it."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.cases import service as cases
from tiffin.capabilities.cases.domain import NewCase, Severity
from tiffin.capabilities.quality.models import QualityFinding
from tiffin.engines.anomalies.checks import Check, Finding, by_day
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
_SHOWN = 6
_NO_SCORE = 1e9


def keep(context: Context, findings: Iterable[Finding]) -> tuple[int, ...]:
    """Keep what was found and open a case a country, day and check; what is known already changes nothing.

    Returns
    -------
    tuple of int
        The cases that speak of these findings.
    """
    opened = []
    for (country, day), listed in sorted(by_day(findings).items()):
        for check in sorted({one.check for one in listed}):
            same = sorted(
                (one for one in listed if one.check is check), key=lambda one: (one.metric, one.city_id or "")
            )
            subjects = sorted({one.metric for one in same} | {one.city_id for one in same if one.city_id})
            shown = ", ".join(subjects[:_SHOWN]) + (", …" if len(subjects) > _SHOWN else "")
            case = cases.open_case(
                context,
                NewCase(
                    case_type="data_incident",
                    key=f"{check}|{country}|{day}",
                    headline=HEADLINES[check],
                    values={"country": {"country": country}, "day": {"day": day.isoformat()}, "what": shown},
                    country=country,
                    subject=same[0].metric,
                    severity=SEVERITIES[check],
                ),
            )
            opened.append(case.case_id)
            _store(context, same, case.case_id)
    return tuple(opened)


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
