"""What the product's own tables make of simulated incidents by themselves, and what they make of them with the truth.

An *outcome* is what happens to people: who gets points, who is charged, what the customer gets, and on whom the cost
lands. Each incident that the facts tell of is judged as the product judges it (`incidents_in`, `facts_of`, `rule_on`,
the shipped tables), once as attributed and once more with the truth in the attribution's place: the first party and the
shares of the truth, the ordinary with the platform that bears it, a stage being slow where it lies above the blame
quantile of the distribution that it was drawn from. The outcome *differs* where

- somebody gets points, or is charged, who is not with the truth, or the other way round: letting off counts as well;
- the customer gets another amount than with the truth;
- the cost lands on another than on the one who bears at least 60 % of it in truth. What falls to circumstances the
  platform bears.

It is *wrong* where it differs and the truth is plain about it: whoever is struck bears less than a third, or none of
his own stages was slow; whoever is let off, or would change what the customer gets, bears at least 60 %. In between
two outcomes can be defended, and which of them the truth asks for turns on seconds.

A claim about goods that was planted as false is the customer's in truth: it is wrong when the cost lands on anybody
else. Of an honest one the simulation does not know whose doing it was: it is wrong when the customer has nothing of it,
or somebody gets points.

Where two parties bear alike in truth (a customer who would have changed his mind, and a merchant who refused before he
did), naming either is right.

Histories stand at nought (no earlier incidents of rider or merchant), but earlier claims of customers count.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from liability_truth_claims import Claims, with_claims
from liability_truth_worlds import FIRST, OWN_STAGES, World
from numpy.typing import NDArray

from tiffin.capabilities.liability.domain.attribution import OrderAttribution
from tiffin.capabilities.liability.domain.incident import IncidentType
from tiffin.capabilities.liability.domain.incident_types import incidents_in
from tiffin.capabilities.liability.domain.judging import Judged
from tiffin.capabilities.liability.domain.judging_inputs import Known
from tiffin.capabilities.liability.domain.parties import WHOLE, Party, split_whole, top_party
from tiffin.capabilities.liability.service.judging_rulings import Ruling, facts_of, rule_on
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import create_workspace

PARTIES = tuple(Party)
HALF, ALIKE = 0.5, 1e-6
BEARS_MOST, BLAMED_LEAST = 6_000, 3_333
"""Basis points from which the truth is decisive, and below which nobody is to be struck."""
CLAIM_DAYS = timedelta(days=90)
NOW = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC) + timedelta(days=90)
ABOUT_GOODS = (IncidentType.MISSING_ITEM, IncidentType.WRONG_ITEM, IncidentType.DAMAGED)
_COLUMNS = (
    "order_id", "country", "business_date", "status", "cancelled_by", "cancel_reason", "placed_at", "promised_at",
    "assigned_at", "arrived_at_customer_at", "delivered_at", "cancelled_at", "returned_at", "rider_id", "merchant_id",
    "customer_id", "currency", "basket_minor", "discount_minor", "delivery_fee_minor", "is_first_order",
)  # fmt: skip
_NO_CLAIMS = ("cancelled", "returned")
ISSUE = "item_issue"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One incident: how the product judged it, and whether that is what the truth asks for.

    Parameters
    ----------
    is_alone : whether no person is asked
    is_wrong : whether the outcome would be wrong, were it decided without a person
    is_other : whether it would differ, near ties included
    is_unjust : whether it would wrongly put points on somebody, or charge him
    is_let_off : whether it would wrongly put none on somebody
    is_false : whether it is a claim that was planted as false
    """

    order_id: str
    incident: IncidentType
    question: str
    is_alone: bool
    is_wrong: bool
    is_other: bool
    is_unjust: bool
    is_let_off: bool
    is_false: bool


@contextmanager
def a_context() -> Iterator[Context]:
    """Open a workspace that holds nothing but what ships."""
    with TemporaryDirectory() as folder:
        workspace = create_workspace(Path(folder) / "workspace")
        with open_context(workspace.root, now=NOW) as context:
            yield context


def outcomes(
    context: Context,
    world: World,
    attributed: Mapping[str, OrderAttribution],
    forced: Mapping[str, OrderAttribution],
    *,
    blame_quantile: float,
) -> list[Outcome]:
    """Judge all incidents of a world's judged days.

    Parameters
    ----------
    attributed : by order, what the product says
    forced : the same, as if it were sure of everything
    """
    claims = with_claims(world)
    found = list(_incidents(world, claims, attributed))
    truths = _truths(world, forced, blame_quantile)

    def ruled(by: Mapping[str, OrderAttribution]) -> list[Ruling]:
        known = [replace(one, attribution=by.get(one.incident.order_id)) for one in found]
        return rule_on(context, [(one.incident, facts_of(one)) for one in known])

    rulings = zip(ruled(attributed), ruled(forced), ruled(truths), strict=True)
    return [_outcome(alone, sure, truth, claims) for alone, sure, truth in rulings]


def _outcome(alone: Ruling, forced: Ruling, truth: Ruling, claims: Claims) -> Outcome:
    incident, judged = alone.incident, alone.found if alone.is_sure else forced.found
    told = (incident.order_id, incident.incident, alone.found.question, alone.is_sure)
    if incident.incident in ABOUT_GOODS:
        is_false, unjust = incident.order_id in claims.false, bool(_struck(judged))
        is_wrong = unjust or _is_wrong_about_goods(alone, judged, is_false=is_false)
        return Outcome(*told, is_wrong, is_wrong, unjust, is_let_off=False, is_false=is_false)
    found, right = _struck(judged), _struck(truth.found)
    bears = truth.found.shares
    unjust = any(bears.get(party, 0) < BLAMED_LEAST or not _is_slow(truth, party) for _, party in found - right)
    let_off = any(bears.get(party, 0) >= BEARS_MOST for _, party in right - found)
    pays_else = judged.compensation_minor != truth.found.compensation_minor
    lands_elsewhere = _lands_elsewhere(judged, truth.found)
    return Outcome(
        *told,
        is_wrong=unjust or let_off or lands_elsewhere or (pays_else and max(bears.values()) >= BEARS_MOST),
        is_other=found != right or lands_elsewhere or pays_else,
        is_unjust=unjust,
        is_let_off=let_off,
        is_false=False,
    )


def _is_slow(truth: Ruling, party: Party) -> bool:
    """Tell whether a stage of a party's own was slow in truth, where the table asks for that."""
    return bool(truth.facts["given"].get(f"is_{party.value}_slow", True))


def _is_wrong_about_goods(ruling: Ruling, judged: Judged, *, is_false: bool) -> bool:
    if is_false:
        return top_party(judged.shares) is not Party.CUSTOMER
    return judged.compensation_minor + int(ruling.facts["stake"]["refunded_minor"]) == 0


def _struck(judged: Judged) -> set[tuple[str, Party]]:
    """Tell who gets points, and who is charged."""
    points = {("points", party) for party, number in judged.points.items() if number}
    return points | {("money", party) for party, amount in judged.recovery_minor.items() if amount}


def _lands_elsewhere(judged: Judged, truth: Judged) -> bool:
    bears, found = _borne(truth.shares), _borne(judged.shares)
    first = top_party(bears)
    return bears[first] >= BEARS_MOST and top_party(found) is not first


def _borne(shares: Mapping[Party, int]) -> dict[Party, int]:
    found = {party: shares.get(party, 0) for party in Party if party is not Party.CIRCUMSTANCES}
    found[Party.PLATFORM] += shares.get(Party.CIRCUMSTANCES, 0)
    return found


def _truths(world: World, forced: Mapping[str, OrderAttribution], blame_quantile: float) -> dict[str, OrderAttribution]:
    """Put the truth in the place of what was attributed."""
    slow = world.slowness > blame_quantile
    kitchen, ride = slow[:, : OWN_STAGES.index("ride")].any(axis=1), slow[:, OWN_STAGES.index("ride")]
    shares = true_shares(world)
    shares[:, PARTIES.index(Party.PLATFORM)] += shares[:, -1]
    found = {}
    for row, order_id in enumerate(world.order_id):
        if order_id in forced:
            basis_points = split_whole(WHOLE, [round(share * 10**6) for share in shares[row, : len(PARTIES)]])
            found[order_id] = replace(
                forced[order_id],
                top=_first(shares[row, : len(PARTIES)], PARTIES.index(forced[order_id].top)),
                shares_bp=dict(zip(PARTIES, basis_points, strict=True)),
                confidence_percent=100,
                exemption=None,
                is_merchant_slow=bool(kitchen[row]),
                is_rider_slow=bool(ride[row]),
            )
    return found


def _first(shares: NDArray[np.float64], named: int) -> Party:
    """Give who bears most in truth; where two bear alike, as when two ended an order, the named one is right."""
    return PARTIES[named if shares[named] >= shares.max() - ALIKE else int(shares.argmax())]


def true_shares(world: World) -> NDArray[np.float64]:
    """Give the true shares of a world's cases, (n_cases, n_parties + 1); the last is the ordinary."""
    late = np.column_stack([world.lateness_s, world.ordinary_s])
    lost = np.column_stack([world.lost, world.ordinary_lost])
    # What was lost adds up to one where it was.
    is_lost = lost.sum(axis=1) > HALF
    seconds = np.maximum(0.0, np.where(is_lost[:, None], lost, late))
    total = seconds.sum(axis=1, keepdims=True)
    return np.asarray(seconds / np.where(total > 0, total, 1.0), dtype=np.float64)


def _incidents(world: World, claims: Claims, attributed: Mapping[str, OrderAttribution]) -> Iterator[Known]:
    """List the incidents of the judged days, with what is known of them besides who lost the time."""
    asked = _claimed_at(world, claims)
    for order in _orders(world, claims):
        is_late = order["order_id"] in attributed and attributed[order["order_id"]].outcome.value == "late"
        for incident in incidents_in(world.setting.city_id, order, is_late=is_late, now=NOW):
            earlier = asked.get(str(order["customer_id"]), [])
            last = bisect_left(earlier, incident.happened_at)
            yield Known(incident, order, claims=last - bisect_left(earlier, incident.happened_at - CLAIM_DAYS))


def _orders(world: World, claims: Claims) -> Iterator[dict[str, Any]]:
    """Give the orders of the judged days as judging reads them from the facts."""
    table = world.facts["orders"]
    days = np.asarray(table["business_date"], dtype="datetime64[D]")
    rows = np.flatnonzero(days >= np.datetime64(FIRST) + world.setting.history)
    paid_by, wrote_by = _by_order(claims.refunds, "amount_minor"), _by_order(claims.contacts, None)
    same = {name: table[name] for name in _COLUMNS if isinstance(table[name], str)}
    columns = {name: _plain(np.asarray(table[name])[rows]) for name in _COLUMNS if name not in same}
    for values in zip(*columns.values(), strict=True):
        order = same | dict(zip(columns, values, strict=True))
        paid, wrote = paid_by.get(order["order_id"], []), wrote_by.get(order["order_id"], [])
        issues = [amount for reason, amount in paid if reason == ISSUE]
        yield order | {
            "refunded_minor": sum(amount for _, amount in paid),
            "item_refunds": len(issues),
            "items_refunded_minor": sum(issues) if issues else None,
            "item_contacts": sum(reason == ISSUE for reason, _ in wrote),
        }


def _plain(values: NDArray[Any]) -> list[Any]:
    """Give values as Python has them; instants with their time zone."""
    if values.dtype.kind != "M":
        return list(values.tolist())
    found = values.astype("datetime64[D]" if values.dtype == np.dtype("datetime64[D]") else "datetime64[us]").tolist()
    return [one.replace(tzinfo=UTC) if isinstance(one, datetime) else one for one in found]


def _by_order(table: Mapping[str, Any], amount: str | None) -> dict[str, list[tuple[str, int]]]:
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    amounts = table[amount] if amount else np.zeros(len(table["order_id"]), dtype=np.int64)
    for order_id, reason, paid in zip(table["order_id"], table["reason"], amounts, strict=True):
        found[order_id].append((reason, int(paid)))
    return found


def _claimed_at(world: World, claims: Claims) -> dict[str, list[datetime]]:
    """Tell when each customer got money back that he claimed, the oldest first."""
    orders, found = world.facts["orders"], defaultdict(list)
    customer = dict(zip(orders["order_id"], orders["customer_id"], strict=True))
    refunds = claims.refunds
    at = _plain(np.asarray(refunds["refunded_at"], dtype="datetime64[us]"))
    for order_id, reason, when in zip(refunds["order_id"], refunds["reason"], at, strict=True):
        if reason not in _NO_CLAIMS:
            found[str(customer[order_id])].append(when)
    return {name: sorted(instants) for name, instants in found.items()}
