"""Who uses what a version of a contract changes, and how they are told of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from html import escape

from sqlalchemy import select

from tiffin.capabilities.catalog.domain.saying import with_sayings
from tiffin.capabilities.catalog.service.contracts import subject_of
from tiffin.capabilities.catalog.service.inventory import inventory_of
from tiffin.capabilities.catalog.service.lineage import estate_of
from tiffin.capabilities.catalog.service.saying import sayings_of
from tiffin.capabilities.scorecards.service.alerting import rules_of
from tiffin.capabilities.scorecards.service.outbox import post
from tiffin.capabilities.scorecards.service.saving import every_saved
from tiffin.capabilities.scorecards.service.snapshots import list_schedules
from tiffin.engines.contracts.changes import Change, Severity, Side
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark, translate
from tiffin.runtime.models import Account
from tiffin.runtime.settings import LOCALES
from tiffin.runtime.teams import members_of

_PLATFORM = Actor("platform", (Grant(Role.ADMIN, ("*",), ("*",)),))

SUBJECT = mark("The contract of {table} changes: version {version} breaks what you use")
BODY = mark(
    "Version {version} of the contract of {table} breaks {count} of your assets. Read what changes and agree or object "
    "by {day}: /catalog/contracts/{table}"
)
ESCALATED = mark("Nobody answered for {consumer} about version {version} of the contract of {table}")
ESCALATED_BODY = mark(
    "The notice is over and {consumer} said nothing. Silence is no agreement: a steward who did not register the "
    "version "
    "answers in its place: /catalog/contracts/{table}"
)


def consumers_of(context: Context, table: str, changes: Iterable[Change]) -> Mapping[str, tuple[str, ...]]:
    """Give everybody of whom something is broken, with what of his it is.

    Readers are whoever owns or is sent what stands downstream of it, writers whoever owns a feed that fills it.
    """
    graph = estate_of(context).graph
    people = _people(context)
    found: dict[str, set[str]] = {}
    for change in changes:
        start = subject_of(change, table)
        if change.severity is not Severity.BREAKING or start is None or start not in graph:
            continue
        side = change.verdict.side
        reached = [one.asset for one in graph.downstream(start)] if side is not Side.WRITERS else []
        if side is not Side.READERS:
            reached += [one.asset for one in graph.upstream(start) if one.asset.kind is AssetKind.FEED]
        for asset in reached:
            for name in people.get(asset, ()):
                found.setdefault(name, set()).add(asset.text)
    return {name: tuple(sorted(assets)) for name, assets in sorted(found.items())}


def _people(context: Context) -> Mapping[AssetId, tuple[str, ...]]:
    """Give who owns or is sent each asset; what is everybody's own is counted here, and shown to nobody."""
    found: dict[AssetId, set[str]] = {}
    for asset, name in _owners(context):
        if name:
            found.setdefault(asset, set()).add(name)
    return {asset: tuple(sorted(names)) for asset, names in found.items()}


def _owners(context: Context) -> Iterator[tuple[AssetId, str]]:
    said = sayings_of(context)
    for asset in inventory_of(context).values():
        if asset.kind in (AssetKind.METRIC, AssetKind.DASHBOARD, AssetKind.FEED, AssetKind.REPORT):
            yield asset.id, with_sayings(asset, said.get(asset.id, ())).owner
    for question in every_saved(context):
        yield AssetId(AssetKind.QUESTION, str(question.question_id)), question.owner
    for rule in rules_of(context)[0]:
        for account in rule.accounts:
            yield AssetId(AssetKind.ALERT, rule.name), account
    for schedule in list_schedules(replace(context, actor=_PLATFORM)):
        yield AssetId(AssetKind.DASHBOARD, schedule.dashboard), schedule.recipient


def tell(context: Context, consumer: str, *, table: str, version: str, count: int, day: str) -> None:
    """Put the announcement of a breaking version into a consumer's outbox: of a team, into each of its people's.

    Each is told in his own language.
    """
    values = {"table": table, "version": version, "count": count, "day": day}
    for recipient in members_of(context, consumer) or (consumer,):
        texts = (_locale(context, recipient), SUBJECT, BODY)
        _post(context, recipient, f"contract|{table}|{version}|{recipient}", texts, values)


def escalate(context: Context, consumer: str, stewards: Iterable[str], *, table: str, version: str) -> None:
    """Tell the stewards that a consumer said nothing until the notice ended."""
    values = {"table": table, "version": version, "consumer": consumer}
    for steward in stewards:
        key = f"contract-silence|{table}|{version}|{consumer}|{steward}"
        _post(context, steward, key, (_locale(context, steward), ESCALATED, ESCALATED_BODY), values)


def _post(
    context: Context, recipient: str, key: str, texts: tuple[str, str, str], values: Mapping[str, object]
) -> None:
    locale, subject, body = texts
    told, text = translate(locale, subject, **values), translate(locale, body, **values)
    direction = "rtl" if locale == "ar" else "ltr"
    html = (
        f'<!doctype html><html lang="{locale.replace("_", "-")}" dir="{direction}"><meta charset="utf-8">'
        f"<title>{escape(told)}</title><h1>{escape(told)}</h1><p>{escape(text)}</p></html>"
    )
    post(context, key=key, recipient=recipient, kind="contract", subject=told, text=f"{told}\n{text}", html=html)


def accounts(context: Context) -> frozenset[str]:
    """Name every account."""
    return frozenset(context.session.scalars(select(Account.name)))


def _locale(context: Context, name: str) -> str:
    found = context.session.scalar(select(Account.locale).where(Account.name == name))
    return found if found in LOCALES else "en"
