"""Joiners get what their job gives, movers lose what the old one gave, leavers lose everything; twice is once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tiffin.capabilities.access import service
from tiffin.capabilities.access.domain.moving import Move
from tiffin.capabilities.access.service import movers, tokens
from tiffin.kernel.errors import Forbidden, InvalidData
from tiffin.runtime.actor import Role, SignInNeeded
from tiffin.runtime.context import Context
from tiffin.runtime.sessions import session_actor
from tiffin.runtime.tokens import token_actor
from tiffin.runtime.workspace import Workspace

Acting = Callable[..., AbstractContextManager[Context]]
HEADER = "employee_id,account,name,job,country,city,team,manager,from,to\n"
LENA = "e1,lena,Lena A,city_manager,SA,riyadh,ops,e9,2026-01-01,\n"
OMAR = "e2,omar,Omar B,analyst,AE,,insights,,2026-02-01,\n"


@pytest.fixture
def bring(acting: Acting, tmp_path: Path, now: datetime) -> Callable[..., movers.Brought]:
    def brought(text: str, *, is_applied: bool = True, days: int = 0) -> movers.Brought:
        file = tmp_path / "people.csv"
        file.write_text(HEADER + text, encoding="utf-8")
        with acting(now=now + timedelta(days=days)) as context:
            return movers.bring_people(context, file, is_applied=is_applied)

    return brought


def moves(found: movers.Brought) -> dict[str, Move]:
    return {one.person.account: one.move for one in found.changes}


def grants_of(acting: Acting, name: str) -> list[tuple[str, tuple[str, ...], str]]:
    with acting() as context:
        held = service.find_account(context, name).grants
    return [(one.role, one.countries + one.cities, one.source) for one in held if one.state == "in force"]


def test_a_dry_run_tells_everything_and_changes_nothing(bring: Callable[..., movers.Brought], acting: Acting) -> None:
    told = bring(LENA + OMAR, is_applied=False)

    assert moves(told) == {"lena": Move.JOINS, "omar": Move.JOINS}
    with acting() as context:
        assert {one.name for one in service.list_accounts(context)}.isdisjoint({"lena", "omar"})


def test_a_joiner_gets_what_the_job_gives_and_a_second_run_changes_nothing(
    bring: Callable[..., movers.Brought], acting: Acting
) -> None:
    bring(LENA + OMAR)
    once = grants_of(acting, "lena")

    assert once == [("city_manager", ("riyadh",), "job:e1")]
    assert grants_of(acting, "omar") == [("analyst", ("AE",), "job:e2")]
    assert moves(bring(LENA + OMAR)) == {"lena": Move.STAYS, "omar": Move.STAYS}
    assert grants_of(acting, "lena") == once


def test_a_mover_loses_what_the_old_job_gave_and_keeps_what_was_given_beside_it(
    bring: Callable[..., movers.Brought], acting: Acting
) -> None:
    bring(LENA)
    with acting() as context:
        service.grant(context, "lena", Role.VIEWER, countries=["KW"], terms=service.Terms("A project"))

    told = bring(LENA.replace("city_manager", "finance"))

    assert moves(told) == {"lena": Move.MOVES}
    assert {*grants_of(acting, "lena")} == {("viewer", ("KW",), "hand"), ("viewer", ("SA",), "job:e1")}


def test_a_leaver_is_out_of_sessions_tokens_and_grants_at_once(
    bring: Callable[..., movers.Brought], acting: Acting, now: datetime
) -> None:
    bring(LENA)
    with acting() as context:
        link = service.make_sign_in_link(context, "lena")
    with acting(user="lena") as context:
        token, _ = tokens.make_token(context, "script", days=5)
        session = service.follow_sign_in_link(context, link)

    told = bring(LENA.strip() + "2026-02-19\n")

    assert moves(told) == {"lena": Move.LEAVES}
    assert grants_of(acting, "lena") == []
    with acting() as context:
        assert service.find_account(context, "lena").is_disabled
        with pytest.raises(SignInNeeded):
            token_actor(context.session, token, now=now)
        with pytest.raises(SignInNeeded):
            session_actor(context.session, session, now=now)
    assert moves(bring(LENA.strip() + "2026-02-19\n")) == {"lena": Move.STAYS}


def test_team_and_employment_decide_what_a_job_gives(acting: Acting, workspace: Workspace, tmp_path: Path) -> None:
    (workspace.overlay("access")).mkdir(parents=True, exist_ok=True)
    (workspace.overlay("access") / "jobs.yaml").write_text(
        """jobs:
  - job: rider_lead
    from: 2024-01-01
    grants:
      - {role: viewer, over: city, masked: [personal], who: {employment: [permanent, contract]}}
      - {role: city_manager, over: city, who: {team: fleet, employment: permanent}}
""",
        encoding="utf-8",
    )
    rows = [
        "x1,rana,Rana,rider_lead,SA,riyadh,fleet,,2025-01-01,,permanent",
        "x2,rami,Rami,rider_lead,SA,riyadh,fleet,,2025-01-01,,contract",
        "x3,rula,Rula,rider_lead,SA,riyadh,fleet,,2025-01-01,,",
    ]
    file = tmp_path / "team.csv"
    file.write_text(f"{HEADER.strip()},employment\n" + "\n".join(rows), encoding="utf-8")

    for expected in (Move.JOINS, Move.STAYS):
        with acting() as context:
            told = movers.bring_people(context, file, is_applied=True)
        assert [one.move for one in told.changes[:2]] == [expected] * 2
    with acting() as context:
        held = {name: service.find_account(context, name).grants for name in ("rana", "rami", "rula")}
    assert {name: [one.role for one in grants] for name, grants in held.items()} == {
        "rana": ["viewer", "city_manager"],
        "rami": ["viewer"],
        "rula": [],
    }
    assert held["rami"][0].masks["personal"]["text"] == "hash"


@pytest.mark.parametrize(
    "bad",
    [
        LENA.replace("city_manager", "astronaut"),
        LENA.replace(",SA,", ",Saudi,"),
        LENA.replace("2026-01-01", "yesterday"),
        LENA.replace("riyadh", ""),
        LENA + LENA,
        LENA.replace("lena", "le na!"),
        LENA.replace("2026-01-01,", "2026-01-01,2025-01-01"),
        LENA.replace("e1", "e7"),
        "e1,lena\n",
    ],
)
def test_a_bad_row_is_told_and_nobody_loses_anything_by_it(
    bring: Callable[..., movers.Brought], acting: Acting, bad: str
) -> None:
    bring(LENA + OMAR)
    before = grants_of(acting, "lena")

    told = bring(bad + OMAR)

    assert told.faults
    assert all(fault.reason for fault in told.faults)
    assert moves(told) == {"omar": Move.STAYS}
    assert grants_of(acting, "lena") == before


def test_whoever_comes_later_gets_nothing_before_and_whoever_is_missing_keeps_all(
    bring: Callable[..., movers.Brought], acting: Acting
) -> None:
    bring(LENA)
    later = OMAR.replace("2026-02-01", "2026-03-01")

    assert moves(bring(later)) == {"omar": Move.COMES_LATER}
    assert grants_of(acting, "lena") != []
    assert moves(bring(later, days=9)) == {"omar": Move.JOINS}


def test_the_file_is_for_administrators_of_everywhere_and_must_have_its_columns(
    acting: Acting, nora: str, tmp_path: Path
) -> None:
    file = tmp_path / "people.csv"
    file.write_text("account\nnora\n", encoding="utf-8")

    with pytest.raises(Forbidden), acting(user=nora) as context:
        movers.bring_people(context, file, is_applied=False)
    with pytest.raises(InvalidData, match="employee_id"), acting() as context:
        movers.bring_people(context, file, is_applied=False)
