"""One policy: what holds where and when, its parameters, its worked cases and its versions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from tiffin.capabilities.policies.domain.policy import Effective, Parameter, Policy, WorkedCase
from tiffin.capabilities.policies.pages.cells import Teller
from tiffin.capabilities.policies.pages.parameters import ParameterTold, told_parameter
from tiffin.capabilities.policies.pages.shown import found_on, titled
from tiffin.capabilities.policies.pages.tables import told_table
from tiffin.capabilities.policies.pages.timeline import STANDINGS, Entry, timeline
from tiffin.capabilities.policies.pages.units import currency_of, money_told, told_unit
from tiffin.capabilities.policies.pages.where import Where, choices_of, in_words, place_name, where_of
from tiffin.capabilities.policies.service import ledger, library
from tiffin.capabilities.policies.service.drafting_rights import may_draft, may_publish
from tiffin.engines.decisions.feel.values import Value
from tiffin.kernel.errors import InvalidData
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter()

EXPORTS = (("dmn", "DMN"), ("xlsx", "XLSX"), ("yaml", "YAML"))
"""Forms in which a policy is taken away, and their names."""


@dataclass(frozen=True, slots=True)
class WorkedTold:
    """A worked case: what is given and what has to come out, each as label and value."""

    title: str
    place: str
    given: tuple[tuple[str, str], ...]
    expect: tuple[tuple[str, str], ...]
    row: str


@router.get("/policies/{name}")
def show_policy(
    request: Request, context: ContextDep, name: str, market: str = "", city: str = "", on: str = "", known: str = ""
) -> HTMLResponse:
    """Show what holds in a market or city on a day, as it is known now or was known at a moment."""
    where, known_at = where_of(context, market=market, city=city, on=on), moment_of(known)
    policy = library.find(context, name, known_at=known_at)
    found, refusal = found_on(context, name, where, known_at=known_at)
    entries = timeline(context, name, where.names)
    return page(
        request,
        context,
        "policies/policy.html",
        name=name,
        told=titled(context, name),
        where=where,
        known=known_at,
        choices=choices_of(context),
        found=found,
        table=told_table(found, policy.versions, where, context.locale) if found is not None else None,
        refused=refusal.said if refusal is not None else "",
        parameters=_parameters(policy, where, context.locale),
        worked=list(_worked(found, where, context.locale)) if found is not None else [],
        entries=entries,
        standings=STANDINGS,
        revocable=_revocable(context, entries),
        altered=ledger.altered(context, name),
        exports=EXPORTS,
        may_draft=may_draft(context, ()),
    )


def moment_of(text: str) -> datetime | None:
    """Read a moment with its offset; empty is none.

    Raises
    ------
    InvalidData
        It is none.
    """
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        found = None
    if text and (found is None or found.tzinfo is None):
        raise InvalidData(
            Message(
                "A moment such as 2026-03-01T09:00:00+00:00 was expected; {text} was found. Go there by its version.",
                text=text,
            )
        )
    return found


def _revocable(context: Context, entries: list[Entry]) -> list[Entry]:
    """List the publications that the reader may take back."""
    return [
        one
        for one in entries
        if one.publication is not None and not one.is_undone and may_publish(context, one.publication.digests)
    ]


def _parameters(policy: Policy, where: Where, locale: str) -> dict[tuple[str, str], list[ParameterTold]]:
    """Give the entries of each parameter, by its name and unit: everywhere first, the newest first."""
    newest: dict[tuple[str, str, str], date] = {}
    for one in policy.parameters:
        if one.since <= where.on:
            key = (one.name, one.market, one.city)
            newest[key] = max(newest.get(key, one.since), one.since)
    found: dict[tuple[str, str], list[ParameterTold]] = {}
    for one in sorted(policy.parameters, key=lambda one: (one.name, one.market, one.city, -one.since.toordinal())):
        if _is_here(one, where):
            holds = newest.get((one.name, one.market, one.city)) == one.since
            told = told_parameter(one, where, locale, holds=holds)
            found.setdefault((one.name, told_unit(one.unit, locale)), []).append(told)
    return found


def _is_here(one: Parameter, where: Where) -> bool:
    market = one.market or where.countries.get(one.city, "")
    return (not where.market or market in ("", where.market)) and (not where.city or one.city in ("", where.city))


def _worked(found: Effective, where: Where, locale: str) -> Iterator[WorkedTold]:
    inputs = {one.name: in_words(one.label, locale) for one in found.stated.inputs}
    outputs = {one.name: in_words(one.label, locale) for one in found.stated.outputs}
    for one in found.stated.worked_cases:
        if where.market and (one.market or where.countries.get(one.city, "")) not in ("", where.market):
            continue
        given = [(inputs[name], Teller(locale).value(value)) for name, value in one.given.items() if name in inputs]
        expect = [(outputs[name], _expected(found, one, name, value, locale)) for name, value in one.expect.items()]
        place = one.city or one.market
        told = place_name(place, locale, where.names) if place else ""
        yield WorkedTold(in_words(one.title, locale), told, tuple(given), tuple(expect), one.row)


def _expected(found: Effective, one: WorkedCase, name: str, value: Value, locale: str) -> str:
    currency = currency_of(one.market)
    if currency and name == found.stated.money.get("output"):
        return money_told(value, currency=currency, locale=locale)
    return Teller(locale).value(value)
