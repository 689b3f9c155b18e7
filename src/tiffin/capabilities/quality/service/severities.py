"""The severity of an incident: read from the rules, found from what is known, and changed as that changes."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from tiffin.capabilities.cases import service as cases
from tiffin.capabilities.cases.domain.severity import SEVERITIES, Severity
from tiffin.capabilities.quality.domain.checks import STATISTICAL
from tiffin.capabilities.quality.domain.incidents import Failure, share_of
from tiffin.capabilities.quality.domain.severity import BOUNDS, Known, SeverityRule, SeverityTable, follows
from tiffin.capabilities.quality.models import DataIncident
from tiffin.capabilities.quality.service.parameters import FOLDER
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.contract import LOCALES
from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.dated import Entry, entries_of, in_force
from tiffin.runtime.i18n import format_percent, mark, ngettext, translate
from tiffin.runtime.uses import count_users
from tiffin.runtime.workspace import Workspace

SHIPPED = FOLDER / "severities.yaml"
_PARTS = ("source", "used_days", "rules")
_RULE = {"severity", "when", "why"}
_ROWS = mark("{share} of the rows")
_UNUSUAL = mark("only unusual so far")


def read_severities(workspace: Workspace, day: date) -> SeverityTable:
    """Read the rules that hold on a day; the workspace's ``parameters/severities.yaml`` adds to the shipped ones.

    Raises
    ------
    InvalidDefinition
        An entry lacks a part, names an unknown measure, or leaves incidents without a severity.
    """
    own = workspace.overlay("parameters") / "severities.yaml"
    held = in_force(entries_of(SHIPPED, own, "severities", _PARTS, _table), day, lambda _: "")
    if not held:
        raise InvalidDefinition(
            Message("No severities hold on {day}. Give an entry of {path} an earlier day.", day=str(day), path=own)
        )
    return held[""]


def known_of(
    context: Context, failures: Iterable[Failure], names: Iterable[str], certified: Iterable[str], *, opened: date
) -> Known:
    """Gather what is known of an incident."""
    listed, metrics = tuple(failures), tuple(names)
    return Known(
        certified=len(tuple(certified)),
        metrics=len(metrics),
        share=max((share_of(one) for one in listed), default=0.0),
        people=_people(context, metrics),
        open_days=(context.now.date() - opened).days,
        is_certain=any(one.kind not in STATISTICAL for one in listed),
    )


def rule_for(context: Context, known: Known) -> SeverityRule:
    """Give the rule that decides how bad something is."""
    return read_severities(context.workspace, context.now.date()).rule_for(known)


def rate_anew(context: Context, row: DataIncident, known: Known) -> None:
    """Let an incident's severity follow what is known of it now, with the reason in its history."""
    case, rule = cases.guided_case(context, row.case_id), rule_for(context, known)
    if not follows(rule.severity, case.summary.severity, case.ratings):
        return
    values = {
        "was": case.summary.severity,
        "severity": rule.severity.value,
        "reason": dict(rule.why),
        "known": {locale: said(known, locale) for locale in LOCALES},
    }
    cases.act_for_platform(context, row.case_id, "rated_anew", values)


def said(known: Known, locale: str) -> str:
    """Say what is known, for whoever wonders about a severity."""
    parts = [
        ngettext(locale, "{count} metric reads it", "{count} metrics read it", known.metrics),
        ngettext(locale, "{count} of them certified", "{count} of them certified", known.certified),
        translate(locale, _ROWS, share=format_percent(known.share, locale)),
        ngettext(locale, "{count} person used them of late", "{count} people used them of late", known.people),
        ngettext(locale, "open for {count} day", "open for {count} days", known.open_days),
    ]
    return " · ".join([*parts, *([] if known.is_certain else [translate(locale, _UNUSUAL)])])


def _people(context: Context, metrics: tuple[str, ...]) -> int:
    if not metrics:
        return 0
    first = context.now.date() - timedelta(days=read_severities(context.workspace, context.now.date()).used_days)
    return count_users(context, [AssetId(AssetKind.METRIC, name).text for name in metrics], since=first)


def _table(entry: Entry) -> SeverityTable:
    raw, place = entry.stated, str(entry.place)
    days, rules = raw["used_days"], raw["rules"] if isinstance(raw["rules"], list) else []
    is_whole = isinstance(days, int) and not isinstance(days, bool) and days > 0
    listed = tuple(_rule(place, one) for one in rules)
    if not is_whole or not listed or listed[-1].bounds or listed[-1].is_certain:
        raise InvalidDefinition(
            Message(
                "{place}: `used_days` is a whole number above nought, and the last of the `rules` has an empty `when`, "
                "so that every incident has a severity.",
                place=place,
            )
        )
    return SeverityTable(entry.since, days, listed)


def _rule(place: str, raw: Any) -> SeverityRule:
    when: Any = raw.get("when") if isinstance(raw, dict) else None
    why: Any = raw.get("why") if isinstance(raw, dict) else None
    if not isinstance(when, Mapping) or set(raw) != _RULE or raw["severity"] not in SEVERITIES:
        raise InvalidDefinition(
            Message(
                "{place}: a rule has {needed}, its severity being one of {known}; found {found}.",
                place=place,
                needed=_named(_RULE),
                known=", ".join(SEVERITIES),
                found=repr(raw),
            )
        )
    bounds = {name: value for name, value in when.items() if name != "certain"}
    if set(bounds) - set(BOUNDS) or not all(_is_bound(one) for one in bounds.values()):
        raise InvalidDefinition(
            Message(
                "{place}: `when` gives numbers from nought on to {known}, and may say `certain: true`; found {found}.",
                place=place,
                known=_named(BOUNDS),
                found=repr(when),
            )
        )
    if not isinstance(why, dict) or set(LOCALES) - set(why):
        raise InvalidDefinition(
            Message("{place}: `why` needs a text in each of {locales}.", place=place, locales=", ".join(LOCALES))
        )
    return SeverityRule(Severity(raw["severity"]), bounds, when.get("certain") is True, why)


def _is_bound(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _named(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
