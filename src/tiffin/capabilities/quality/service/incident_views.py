"""Incidents and what was learned of them, as far as the reader may see the places they are about."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import or_, select

from tiffin.capabilities.cases import service as cases
from tiffin.capabilities.cases.domain.case import CaseDetail
from tiffin.capabilities.cases.service.records import roles_over
from tiffin.capabilities.cases.service.words import shown, word
from tiffin.capabilities.metrics.service.library import library_of
from tiffin.capabilities.quality.domain.incidents import Failure, Incident, PostMortemView
from tiffin.capabilities.quality.models import DataIncident, PostMortem, QualityResult
from tiffin.capabilities.quality.service.broken import BROKEN_DATA
from tiffin.engines.metrics.definitions import Tier
from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import format_country, format_date, format_instant, translate

READER = "city_manager"


def list_incidents(
    context: Context, *, is_open: bool = True, table: str | None = None, limit: int = 200
) -> tuple[Incident, ...]:
    """List the incidents that the actor may see: the worst and most urgent first, closed ones newest first."""
    rows = select(DataIncident).where(DataIncident.is_open.is_(is_open)).order_by(DataIncident.case_id.desc())
    if table is not None:
        rows = rows.where(DataIncident.table_name == table)
    details = {
        one.summary.case_id: one for one in cases.guided_cases(context, BROKEN_DATA, is_closed=not is_open, limit=2000)
    }
    seen = [row for row in context.session.scalars(rows) if row.case_id in details and roles_in(context, row)]
    if is_open:
        ranks = {"critical": 0, "major": 1, "minor": 2}
        seen.sort(key=lambda row: (ranks.get(details[row.case_id].summary.severity, 3), row.case_id))
    return tuple(_incident(context, row, details[row.case_id]) for row in seen[:limit])


def show_incident(context: Context, case_id: int) -> Incident:
    """Show one incident with what the actor may do with it.

    Raises
    ------
    NotFound
        There is none of that number, or the actor may not see the place it is about.
    """
    row = find_row(context, case_id)
    roles = roles_in(context, row)
    return _incident(context, row, cases.guided_case(context, case_id, roles=roles))


def find_row(context: Context, case_id: int) -> DataIncident:
    """Find an incident that the actor may see.

    Raises
    ------
    NotFound
        There is none of that number, or the actor may not see the place it is about.
    """
    row = context.session.get(DataIncident, case_id)
    if row is None or not roles_in(context, row):
        raise NotFound(Message("There is no incident {number} that you may see.", number=case_id))
    return row


def roles_in(context: Context, row: DataIncident) -> frozenset[str]:
    """Give the roles of the actor over an incident; whoever sees one of its cities may read it."""
    held = roles_over(context.actor, country=row.country or None, city_id=None)
    if held:
        return held
    cities = {plain["city_id"] for plain in row.failures if plain["city_id"]}
    found = frozenset(role for city in cities for role in roles_over(context.actor, country=None, city_id=city))
    return frozenset({READER}) if found else frozenset()


def list_post_mortems(context: Context, words: str = "", *, limit: int = 200) -> tuple[PostMortemView, ...]:
    """Search what was learned of incidents that the actor may see, newest first; every word must be found."""
    wanted = select(PostMortem, DataIncident).join(DataIncident, DataIncident.case_id == PostMortem.case_id)
    for one in words.split():
        plain = one.replace("\\", "").replace("%", "").replace("_", "\\_")
        like = f"%{plain}%"
        texts = (PostMortem.cause, PostMortem.done, PostMortem.prevention, PostMortem.prevention_owner)
        named = (*texts, DataIncident.table_name, DataIncident.owner)
        wanted = wanted.where(or_(*(column.ilike(like, escape="\\") for column in named)))
    rows = context.session.execute(wanted.order_by(PostMortem.written_at.desc()).limit(limit)).all()
    return tuple(_learned(context, row, found) for row, found in rows if roles_in(context, found))


def _learned(context: Context, row: PostMortem, incident: DataIncident) -> PostMortemView:
    summary = cases.guided_case(context, row.case_id).summary
    return PostMortemView(
        row.case_id,
        summary.headline,
        incident.table_name,
        incident.country,
        row.cause,
        row.done,
        row.prevention,
        row.prevention_owner,
        row.prevention_due,
        row.written_by,
        row.written_at,
    )


def _incident(context: Context, row: DataIncident, case: CaseDetail) -> Incident:
    model = library_of(context.workspace).model
    learned = context.session.get(PostMortem, row.case_id)
    failures = tuple(Failure.read(plain) for plain in row.failures)
    certified = frozenset(
        name for name in row.metrics if name in model.metrics and model.metrics[name].tier is Tier.CERTIFIED
    )
    return Incident(
        case=case,
        table=row.table_name,
        country=row.country,
        owner=row.owner,
        failures=failures,
        samples=_samples(context, row, {one.check for one in failures}),
        metrics=tuple(row.metrics),
        certified=certified,
        passes_since=row.passes_since,
        post_mortem=_learned(context, learned, row) if learned else None,
        roles=roles_in(context, row),
    )


def _samples(context: Context, row: DataIncident, checks: Iterable[str]) -> Mapping[str, tuple[Mapping[str, Any], ...]]:
    """Give keys of rows that broke each check, of the cities that the actor may see whole."""
    wanted = (
        select(QualityResult)
        .where(QualityResult.check_name.in_(sorted(checks)), QualityResult.country == "", QualityResult.city_id == "")
        .order_by(QualityResult.result_id)
    )
    found = {one.check_name: one.sample for one in context.session.scalars(wanted) if one.sample}
    return {
        name: tuple(
            key
            for key in keys
            if context.actor.may_see_city(country=row.country, city_id=str(key.get("city_id") or ""))
        )
        for name, keys in found.items()
    }


def as_markdown(context: Context, case_id: int) -> str:
    """Write an incident and its post-mortem down for whoever was not there.

    Raises
    ------
    NotFound
        There is none of that number, or the actor may not see the place it is about.
    """
    one, locale = show_incident(context, case_id), context.locale
    summary = one.case.summary

    def said(text: str, **values: object) -> str:
        return translate(locale, text, **values)

    head = [
        f"# {said('Incident {number}', number=case_id)}: {summary.headline}",
        "",
        f"- {said('Severity')}: {word(summary.severity, locale)}",
        f"- {said('State')}: {word(summary.state, locale)}",
        f"- {said('Table')}: `{one.table}`",
        *([f"- {said('Country')}: {format_country(one.country, locale)}"] if one.country else []),
        f"- {said('Owner')}: {one.owner}",
        f"- {said('Opened')}: {format_instant(summary.opened_at, locale)}",
        *([f"- {said('Closed')}: {format_instant(summary.closed_at, locale)}"] if summary.closed_at else []),
    ]
    fails = [f"- `{failure.check}` {failure.city_id} {_days(failure, locale)}".rstrip() for failure in one.failures]
    hit = [f"- `{name}`" + (f" ({said('certified')})" if name in one.certified else "") for name in one.metrics]
    trail = [
        f"- {format_instant(event.at, locale)}: {said('the platform') if event.actor == 'platform' else event.actor}, "
        f"{word(event.action, locale)}{_told(event.values, locale) if event.action != 'opened' else ''}"
        for event in one.case.trail
    ]
    parts = [
        *head,
        *_section(said("What fails"), fails),
        *_section(said("Metrics that read it"), hit),
        *_section(said("What happened"), trail),
        *_learned_lines(one, locale),
    ]
    return "\n".join(parts) + "\n"


def _learned_lines(one: Incident, locale: str) -> list[str]:
    found = one.post_mortem
    if found is None:
        return ["", f"*{translate(locale, 'No post-mortem has been written yet.')}*"]
    who = translate(
        locale,
        "{owner}, until {day}",
        owner=found.prevention_owner,
        day=format_date(found.prevention_due, locale),
    )
    return [
        *_section(translate(locale, "Cause"), [found.cause]),
        *_section(translate(locale, "What was done"), [found.done]),
        *_section(translate(locale, "What will keep it from coming again"), [found.prevention, "", who]),
    ]


def _section(title: str, lines: list[str]) -> list[str]:
    return ["", f"## {title}", "", *lines] if lines else []


def _told(values: Mapping[str, Any], locale: str) -> str:
    texts = [word(shown(value, locale), locale) for value in values.values()]
    return f" ({'; '.join(texts)})" if texts else ""


def _days(failure: Failure, locale: str) -> str:
    ends = dict.fromkeys(format_date(day, locale) for day in (failure.first, failure.last) if day)
    return " \N{EN DASH} ".join(ends)
