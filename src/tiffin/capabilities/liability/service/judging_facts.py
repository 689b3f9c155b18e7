"""What is known about incidents when they are judged: orders, who lost the time, what happened before."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.liability.domain.attribution import OrderAttribution
from tiffin.capabilities.liability.domain.incident import Incident, IncidentType
from tiffin.capabilities.liability.domain.judging_inputs import Known
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.models.verdicts import IncidentRecord, VerdictRecord
from tiffin.capabilities.liability.queries import incidents as ask
from tiffin.capabilities.liability.service.attribution import attribute, attribute_order
from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context

HISTORY = timedelta(days=30)
CLAIMS = timedelta(days=ask.CLAIM_DAYS)
SHUT = ("closed", "paused")
_CONDUCT = (IncidentType.RUDE.value, IncidentType.UNSAFE.value)


class History:
    """For what parties answered before, and what customers claimed; it grows while incidents are judged."""

    def __init__(self) -> None:
        self._answered: dict[tuple[Party, str], list[datetime]] = defaultdict(list)
        self._claims: dict[str, list[datetime]] = defaultdict(list)
        self._complaints: dict[str, list[datetime]] = defaultdict(list)

    def add_answer(self, incident: Incident, liable: Party) -> None:
        """Note that a party answers for an incident; incidents come in the order in which they happened."""
        who = {Party.RIDER: incident.rider_id, Party.MERCHANT: incident.merchant_id}.get(liable)
        self.note(liable, who, incident.happened_at)

    def note(self, liable: Party, who: str | None, at: datetime) -> None:
        """Note who answered for something, and when that happened."""
        if who is not None:
            insort(self._answered[liable, who], at)

    def add_claim(self, customer_id: str, at: datetime) -> None:
        """Note that a customer got money back that he claimed."""
        self._claims[customer_id].append(at)

    def add_complaint(self, rider_id: str, at: datetime) -> None:
        """Note that somebody complained about a rider."""
        self._complaints[rider_id].append(at)

    def sort(self) -> None:
        """Put everything in the order in which it happened."""
        for one in (*self._answered.values(), *self._claims.values(), *self._complaints.values()):
            one.sort()

    def answered(self, party: Party, who: str | None, before: datetime) -> int:
        """Count the incidents of the 30 days before for which a party answered."""
        return _count(self._answered.get((party, who or ""), ()), before, HISTORY)

    def claims(self, customer_id: str | None, before: datetime) -> int:
        """Count the claims of a customer in the 90 days before."""
        return _count(self._claims.get(customer_id or "", ()), before, CLAIMS)

    def complaints(self, rider_id: str | None, before: datetime) -> int:
        """Count the complaints about a rider in the 30 days before."""
        return _count(self._complaints.get(rider_id or "", ()), before, HISTORY)


class Files:
    """What is known about the incidents of a city's days; made once for all of them."""

    def __init__(
        self,
        orders: Mapping[str, Mapping[str, Any]],
        attributions: Mapping[str, OrderAttribution],
        history: History,
        shut: Mapping[str, Sequence[tuple[datetime, bool]]],
    ) -> None:
        self.orders = orders
        self.attributions = attributions
        self.history = history
        self._shut = shut

    def known(self, incident: Incident) -> Known:
        """Give what is known about one incident."""
        order, at = self.orders.get(incident.order_id, {}), incident.happened_at
        return Known(
            incident=incident,
            order=order,
            attribution=self.attributions.get(incident.order_id),
            rider_incidents=self.history.answered(Party.RIDER, incident.rider_id, at),
            merchant_incidents=self.history.answered(Party.MERCHANT, incident.merchant_id, at),
            claims=self.history.claims(incident.customer_id, at),
            complaints=self.history.complaints(incident.rider_id, at),
            was_closed=self._was_shut(incident.merchant_id, order.get("placed_at")),
        )

    def _was_shut(self, merchant_id: str | None, placed_at: datetime | None) -> bool:
        changes = self._shut.get(merchant_id or "", ())
        place = bisect_left(changes, (placed_at, False)) if placed_at else 0
        return changes[place - 1][1] if place else False


def files_of_days(context: Context, city_id: str, days: Days) -> Files:
    """Gather what is known about all orders of a city's days that went wrong."""
    rows = _rows(context, ask.failed_orders(city_id, days.first, days.last))
    attributions = {one.order_id: one for one in attribute(context, city_id, days).orders}
    return _files(context, city_id, days, {row["order_id"]: row for row in rows}, attributions)


def files_of_order(context: Context, incident: Incident) -> Files:
    """Gather what is known about the order of one incident; nothing where there is no such order."""
    rows = _rows(context, ask.one_order(incident.city_id, incident.order_id))
    attributions = {}
    if rows:
        try:
            found = attribute_order(context, incident.city_id, incident.order_id)
            attributions = {incident.order_id: found}
        except NotFound:
            pass  # an order of which attribution knows nothing leaves the question to a person
    days = Days(incident.business_date, incident.business_date)
    return _files(context, incident.city_id, days, {row["order_id"]: row for row in rows}, attributions)


def order_row(context: Context, city_id: str, order_id: str) -> Mapping[str, Any]:
    """Give an order with what refunds, contacts, evidence and lines say of it.

    Raises
    ------
    NotFound
        There is no such order.
    """
    rows = _rows(context, ask.one_order(city_id, order_id))
    if not rows:
        raise no_order(city_id, order_id)
    return rows[0]


def no_order(city_id: str, order_id: str) -> NotFound:
    """Say that there is no such order for the reader."""
    return NotFound(Message("There is no order {order} in {city} that you may see.", order=order_id, city=city_id))


def _files(
    context: Context,
    city_id: str,
    days: Days,
    orders: Mapping[str, Mapping[str, Any]],
    attributions: Mapping[str, OrderAttribution],
) -> Files:
    history = History()
    _add_answers(context, city_id, days, history)
    for row in _rows(context, ask.claims(city_id, days.first, days.last)):
        history.add_claim(row["customer_id"], row["refunded_at"])
    history.sort()
    shut: dict[str, list[tuple[datetime, bool]]] = defaultdict(list)
    for row in _rows(context, ask.merchant_states(city_id, days.first, days.last)):
        shut[row["merchant_id"]].append((row["at"], row["state"] in SHUT))
    return Files(orders, attributions, history, shut)


def _add_answers(context: Context, city_id: str, days: Days, history: History) -> None:
    """Note the verdicts that hold on earlier incidents: of a superseded one the later counts."""
    since = datetime.combine(days.first, datetime.min.time(), UTC) - HISTORY - timedelta(days=1)
    superseded = select(VerdictRecord.supersedes).where(VerdictRecord.supersedes.is_not(None))
    columns = (VerdictRecord.happened_at, VerdictRecord.rider_id, VerdictRecord.merchant_id, VerdictRecord.liable)
    wanted = select(*columns).where(
        VerdictRecord.city_id == city_id,
        VerdictRecord.happened_at >= since,
        VerdictRecord.liable.in_([Party.RIDER.value, Party.MERCHANT.value]),
        VerdictRecord.verdict_id.not_in(superseded),
    )
    for at, rider, merchant, liable in context.session.execute(wanted):
        history.note(Party(liable), rider if liable == Party.RIDER else merchant, at)
    said = select(IncidentRecord.rider_id, IncidentRecord.happened_at).where(
        IncidentRecord.city_id == city_id, IncidentRecord.happened_at >= since, IncidentRecord.incident.in_(_CONDUCT)
    )
    for rider, at in context.session.execute(said):
        if rider:
            history.add_complaint(rider, at)


def _rows(context: Context, question: ask.Question) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = context.warehouse.query_text(question.sql, question.values).to_pylist()
    return found


def _count(instants: Sequence[datetime], before: datetime, span: timedelta) -> int:
    return bisect_left(instants, before) - bisect_left(instants, before - span)
