"""What a scenario plants in the facts when its days are over: false claims first, then broken feeds, in their order."""

from collections.abc import Mapping
from dataclasses import dataclass

from tiffin.capabilities.rehearsals.domain.broken_feeds import told_wrongly
from tiffin.capabilities.rehearsals.domain.false_claims import with_false_claims
from tiffin.capabilities.rehearsals.domain.order_facts import Columns
from tiffin.capabilities.rehearsals.domain.planted_rows import Facts, Notes, joined, noted_columns
from tiffin.capabilities.rehearsals.domain.scenario import Scenario, disruption_ids
from tiffin.engines.simulation.disruptions import Kind
from tiffin.engines.simulation.streams import Stream

PLANTED_ROWS = "planted_rows"


@dataclass(frozen=True, slots=True)
class ToldFacts:
    """Facts as they are told.

    Parameters
    ----------
    in_time : by table, with the truth about what was planted in ``planted_rows``
    late : by table, the rows that come when all others are there
    """

    in_time: Mapping[str, Columns]
    late: Mapping[str, Columns]


def told_facts(facts: Facts, scenario: Scenario, stream: Stream) -> ToldFacts:
    """Plant what a scenario plants when its days are over; without such a thing the facts stay as they are."""
    names = disruption_ids(scenario.city.city_id, scenario.planted)
    after = [Notes(name, one) for name, one in zip(names, scenario.planted, strict=True) if one.detail]
    late: dict[str, Columns] = {}
    for notes in sorted(after, key=lambda one: one.planted.kind is Kind.BROKEN_FEED):
        own = stream.child("planted", notes.disruption_id)
        if notes.planted.kind is Kind.FRAUD_RING:
            facts = with_false_claims(facts, scenario, notes, own)
            continue
        facts, more = told_wrongly(facts, scenario, notes, own)
        late |= {table: joined(late[table], rows) if table in late else rows for table, rows in more.items()}
    truth = noted_columns(after)
    return ToldFacts({**facts, PLANTED_ROWS: truth} if truth else facts, late)
