"""Whatever is done to the ledger past Tiffin is found; what was removed on request is told as that."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, text
from tests.liability.ledger.conftest import Entering

from tiffin.capabilities.access.domain.people_traces import Sought
from tiffin.capabilities.access.service.erasing_evidence import clear_evidence
from tiffin.capabilities.liability.domain.ledger_check import FaultKind, LedgerCheck
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.capabilities.liability.models.ledger import LedgerEntry, LedgerEvent, LedgerParty
from tiffin.capabilities.liability.service import ledger
from tiffin.capabilities.liability.service.ledger_checking import check_ledger
from tiffin.engines.ledger.chain import FIRST_DIGEST, digest_of, joined
from tiffin.runtime.audit_checking import check_trail
from tiffin.runtime.database import engine_for
from tiffin.runtime.workspace import Workspace

VERDICT = Callable[..., Verdict]
TABLES = ("events", "entries", "parties", "terms")
GUARDS = (
    *(f"ledger_{table}_stay_{verb}" for table in TABLES for verb in ("update", "delete")),
    "ledger_heads_grow",
    "ledger_heads_stay_delete",
)


@pytest.fixture
def booked(entering: Entering, a_verdict: VERDICT, workspace: Workspace) -> Workspace:
    """Six events in Riyadh, one in Jeddah."""
    with entering() as context:
        for number in (1, 2, 3):
            ledger.post_verdict(context, a_verdict(order=f"o-{number}"))
    with entering() as context:
        ledger.stay(context, a_verdict(order="o-1").verdict_id, "appeal")
        ledger.reverse(context, a_verdict(order="o-1").verdict_id, "upheld")
        ledger.replace(context, a_verdict(order="o-2").verdict_id, a_verdict(2, order="o-2", points={Party.RIDER: 1}))
    with entering() as context:
        ledger.post_verdict(context, a_verdict(order="o-4", incident={"city_id": "jeddah"}))
    return workspace


def checked(workspace: Workspace) -> LedgerCheck:
    return check_ledger(engine_for(workspace.database_url))


def tamper(workspace: Workspace, *statements: str) -> None:
    with engine_for(workspace.database_url).begin() as connection:
        for guard in GUARDS:
            connection.execute(text(f"drop trigger {guard}"))
        connection.execute(text("pragma foreign_keys=off"))
        connection.execute(text("pragma defer_foreign_keys=on"))
        for statement in statements:
            connection.execute(text(statement))


def test_a_ledger_that_nobody_touched_is_whole(booked: Workspace) -> None:
    found = checked(booked)

    assert found.is_whole, found.faults
    assert [(one.city_id, one.events) for one in found.cities] == [("jeddah", 1), ("riyadh", 7)]
    assert check_trail(engine_for(booked.database_url)).is_whole


@pytest.mark.parametrize(
    "statement",
    [
        "update ledger_entries set amount = amount + 1 where event_id = 2 and line = 1",
        "update ledger_entries set unit = 'AED' where event_id = 2 and line = 1",
        "update ledger_entries set account = 'platform:suspense' where event_id = 2 and line = 1",
        "update ledger_entries set line = 99 where event_id = 2 and line = 6",
        "update ledger_entries set once = null where event_id = 2",
        "delete from ledger_entries where event_id = 2 and line = 1",
        "delete from ledger_entries where event_id = 2",
        "insert into ledger_entries (event_id, line, account, unit, amount) values (2, 7, 'platform:x', 'SAR', 1)",
        "update ledger_events set kind = 'stayed' where number = 5 and city_id = 'riyadh'",
        "update ledger_events set at = '2026-02-01 00:00:00.000000' where event_id = 2",
        "update ledger_events set at = 'never' where event_id = 2",
        "update ledger_events set business_date = '2026-02-17' where event_id = 2",
        "update ledger_events set verdict_id = 'riyadh|o-9|late|1' where event_id = 2",
        "update ledger_events set reason = 'another' where event_id = 2",
        "update ledger_events set reason = 'erased-1', reason_salt = null where event_id = 2",
        "update ledger_events set terms = (select max(digest) || '' from ledger_heads) where event_id = 2",
        "update ledger_events set number = 70 where event_id = 2",
        "update ledger_events set number = null where event_id = 2",
        "update ledger_events set city_id = 'jeddah', number = 2 where event_id = 7",
        "delete from ledger_events where event_id = 2",
        "delete from ledger_events where city_id = 'riyadh' and number = 7",
        "delete from ledger_events where city_id = 'jeddah'",
        "delete from ledger_events",
        "delete from ledger_heads where city_id = 'jeddah'",
        "update ledger_heads set events = events - 1",
        "update ledger_heads set digest = '" + "0" * 64 + "'",
        "update ledger_parties set party_id = 'rider-8' where party_id = 'rider-7'",
        "update ledger_parties set party_id = 'erased-1', salt = null where party_id = 'rider-7'",
        "delete from ledger_parties",
        "update ledger_terms set body = replace(body, '90', '9')",
        "delete from ledger_terms",
    ],
)
def test_whatever_is_changed_removed_or_added_is_found(booked: Workspace, statement: str) -> None:
    tamper(booked, statement)

    assert not checked(booked).is_whole


def test_events_put_in_another_order_are_found(booked: Workspace) -> None:
    tamper(
        booked,
        "update ledger_events set number = 99 where city_id = 'riyadh' and number = 1",
        "update ledger_events set number = 1 where city_id = 'riyadh' and number = 2",
        "update ledger_events set number = 2 where city_id = 'riyadh' and number = 99",
    )

    assert not checked(booked).is_whole


def test_an_event_put_in_with_a_chain_written_anew_is_found_by_the_trail(booked: Workspace) -> None:
    cut = [
        "delete from ledger_entries where event_id = (select event_id from ledger_events where city_id = 'jeddah')",
        "delete from ledger_events where city_id = 'jeddah'",
        "update ledger_heads set events = 0, digest = hex(zeroblob(32)) where city_id = 'jeddah'",
    ]

    tamper(booked, *cut)

    assert [one.kind for one in checked(booked).faults] == [FaultKind.ANCHOR_LOST]


def test_a_whole_city_that_is_gone_is_found_by_the_trail(booked: Workspace) -> None:
    tamper(
        booked,
        "delete from ledger_entries where event_id = (select event_id from ledger_events where city_id = 'jeddah')",
        "delete from ledger_events where city_id = 'jeddah'",
        "delete from ledger_heads where city_id = 'jeddah'",
    )

    assert [one.kind for one in checked(booked).faults] == [FaultKind.ANCHOR_LOST]


def test_digests_depend_on_predecessor_place_and_every_value() -> None:
    told = {
        digest_of(FIRST_DIGEST, 1, joined(["a", "1"])),
        digest_of("1" * 64, 1, joined(["a", "1"])),
        digest_of(FIRST_DIGEST, 2, joined(["a", "1"])),
        digest_of(FIRST_DIGEST, 1, joined(["a1"])),
        digest_of(FIRST_DIGEST, 1, joined(["a", "1", None])),
        digest_of(FIRST_DIGEST, 1, joined(["a", "1", ""])),
    }

    assert len(told) == 6
    with pytest.raises(ValueError, match="control"):
        joined(["a\x1fb"])


def test_the_database_itself_refuses_to_change_the_ledger(booked: Workspace) -> None:
    for statement in (
        "update ledger_entries set amount = 1",
        "delete from ledger_entries",
        "update ledger_events set kind = 'posted'",
        "update ledger_events set digest = 'x'",
        "delete from ledger_events",
        "update ledger_heads set events = 0",
        "delete from ledger_heads",
        "update ledger_parties set party_id = 'rider-8'",
        "delete from ledger_terms",
    ):
        with (
            pytest.raises(Exception, match="only ever added to"),
            engine_for(booked.database_url).begin() as connection,
        ):
            connection.execute(text(statement))


def test_a_person_can_be_removed_and_all_that_stays_is_still_proven(
    booked: Workspace, entering: Entering, a_verdict: VERDICT
) -> None:
    with entering() as context:
        named = a_verdict(order="o-5", reason={"en": "rider-7 was seen elsewhere."})
        ledger.post_verdict(context, named)
    with entering() as context:
        cleared = clear_evidence(context, 4, Sought(("rider-7",)))
    found = checked(booked)

    assert {name: count for name, count in cleared.items() if name.startswith("ledger")} == {
        "ledger_events": 1,
        "ledger_parties": 2,
    }
    assert (found.is_whole, found.removed) == (True, 3), found.faults
    assert check_trail(engine_for(booked.database_url)).is_whole
    with engine_for(booked.database_url).connect() as connection:
        for table in (LedgerEvent, LedgerEntry, LedgerParty):
            rows = connection.execute(select(table.__table__)).all()
            assert not [row for row in rows if any("rider-7" in str(value) for value in row)]
