"""Every door is asked what a random policy opens: it tells that or less, and nothing a second after the policy's end.

The doors are taken from the application's own routes, the command line's own commands and the assistants' own tools,
and `doors.yaml` says of each what is asked there, or why nothing governed lies behind it.
"""

import ast
import io
import json
import random
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.access.doors.conftest import (
    CITIES,
    LISTED,
    MONEY,
    PERSON,
    Door,
    House,
    Mark,
    Reader,
    a_reader,
    as_statement,
    as_tool,
    doors,
    marks_in,
    opened_by,
    said_by,
)

from tiffin.capabilities.access import service as access
from tiffin.capabilities.metrics.api import assistants
from tiffin.cli.composition import compose
from tiffin.runtime.actor import GUARDED, Grant, Role
from tiffin.runtime.edge import open_context

WITHIN_S = 1.0
"""How long after the end of a grant something may still be seen."""

EVERYTHING = Grant(Role.STEWARD, ("*",), ("*",), opens=GUARDED)
ASKED = {"metrics": ["basket_value_mean"], "by": ["city_id"]}
FORMS = ("application/json", "text/csv", "application/vnd.apache.arrow.stream", "application/vnd.apache.parquet")
PLACES_TO_ASK_FOR = {"GET /access", "GET /access/ask", "access mine"}
"""Where the names of places stand for whoever asks for them, and what was once granted to oneself."""


def leaks(door: str, reader: Reader, text: str, opened: frozenset[Mark]) -> frozenset[Mark]:
    """Give the marks that a door shows and may not; the rows to which a reader is limited he is told himself."""
    for own in (value for grant in reader.grants for _, values in grant.rows for value in values):
        text = text.replace(own, "")
    found = marks_in(text) - opened
    return frozenset(one for one in found if one[1] not in ("place", "row")) if door in PLACES_TO_ASK_FOR else found


def a_policy(chance: random.Random) -> tuple[Grant, ...]:
    """Make one or two grants over countries or cities, with classes, rows and sizes as chance has it."""
    found = []
    for _ in range(chance.randint(1, 2)):
        opens = tuple(chance.sample([MONEY, PERSON], chance.randint(0, 2)))
        role = chance.choice([Role.VIEWER, Role.ANALYST, Role.CITY_MANAGER])
        countries = tuple(chance.sample(["SA", "AE"], chance.randint(0, 1)))
        cities = () if countries else (chance.choice(CITIES).city_id,)
        rows = (("merchant_id", (f"{chance.choice(CITIES).city_id}shop-0",)),) if chance.random() < 0.25 else ()
        size = chance.choice([1, 1, 1, 60])
        found.append(Grant(role, countries, cities, rows=rows, opens=opens, minimum_size=size))
    return tuple(found)


def same_question(reader: Reader) -> Iterator[tuple[str, dict[str, float]]]:
    """Ask every door for numbers the same question; what is refused or withheld is left out."""
    for form in FORMS:
        answer = reader.client.post("/api/metrics/query", json=ASKED, headers={"Accept": form})
        yield form, rows_of(form, answer.content) if answer.status_code == 200 else {}
    answer = reader.client.get("/api/metrics/query?metrics=basket_value_mean&by=city_id")
    yield "link", rows_of(FORMS[0], answer.content) if answer.status_code == 200 else {}
    asked = ["metrics", "query", "basket_value_mean", "--by", "city_id", "--json"]
    said = said_by(reader.house.root, reader.name, asked)
    yield "command", rows_of(FORMS[0], said.encode()) if said.startswith("{") else {}
    for form, kind in zip(FORMS[1:], ("csv", "arrow", "parquet"), strict=True):
        out = reader.out / f"{reader.name}.{kind}"
        said_by(
            reader.house.root, reader.name, [*asked[:1], "export", *asked[2:5], "--format", kind, "--out", str(out)]
        )
        yield f"file {kind}", rows_of(form, out.read_bytes()) if out.exists() else {}
        out.unlink(missing_ok=True)
    said = as_tool("query_metrics", ASKED)(reader)
    yield "assistant", rows_of(FORMS[0], said.encode()) if said.startswith("{") else {}
    said = as_statement(LISTED["statements"][0])(reader)
    yield "BI tool", told_of(ast.literal_eval(said)) if said.startswith("(") else {}


def rows_of(form: str, content: bytes) -> dict[str, float]:
    if form == FORMS[0]:
        return told_of(json.loads(content)["rows"])
    if form == FORMS[1]:
        return told_of(line.split(",") for line in content.decode().split()[1:])
    table = pa.ipc.open_stream(content).read_all() if form == FORMS[2] else pq.read_table(io.BytesIO(content))
    return told_of(zip(*(column.to_pylist() for column in table.columns), strict=True))


def told_of(rows: Any) -> dict[str, float]:
    return {city: float(value) for city, value in rows if value not in (None, "", "*")}


def routes_of(app: Any) -> set[str]:
    """Name every address of the application with its method."""
    found: set[str] = set()
    pending = [("", route) for route in app.routes]
    while pending:
        before, route = pending.pop()
        within = before + getattr(getattr(route, "include_context", None), "prefix", "")
        pending += [(within, each) for each in getattr(getattr(route, "original_router", None), "routes", [])]
        methods = {*(getattr(route, "methods", None) or ())} - {"HEAD", "OPTIONS"}
        found |= {f"{method} {before}{route.path}" for method in methods}
    return found


def commands_of(command: Any, name: str = "") -> set[str]:
    """Name every command, with those it stands under."""
    if not hasattr(command, "list_commands"):
        return {name}
    below = [(one, command.get_command(None, one)) for one in command.list_commands(None)]
    return {found for one, each in below for found in commands_of(each, f"{name} {one}".strip())}


def test_there_is_no_door_that_is_neither_walked_nor_said_to_hold_nothing_governed(house: House) -> None:
    assert routes_of(house.app) == LISTED["routes"].keys()
    assert commands_of(compose()) == LISTED["commands"].keys()
    assert {*assistants.tools()} == LISTED["tools"].keys()


def test_whoever_may_see_everything_is_shown_something_at_every_door_and_nothing_once_it_has_ended(
    house: House, tmp_path: Path
) -> None:
    shown_and_ended(house, tmp_path, doors()[::3], cities=1)


@pytest.mark.full
def test_whoever_may_see_everything_is_shown_something_at_each_and_every_door(house: House, tmp_path: Path) -> None:
    shown_and_ended(house, tmp_path, doors(), cities=3)


def shown_and_ended(house: House, out: Path, listed: Sequence[Door], *, cities: int) -> None:
    """Find marks at every door with everything granted, and none with nothing."""
    reader = a_reader(house, out, f"all{cities}", (EVERYTHING,), cities=cities)

    dumb = [name for name, ask in listed if not marks_in(ask(reader)) and not is_quiet(name)]
    reader.let_go()
    still = {name: found for name, ask in listed if (found := leaks(name, reader, ask(reader), frozenset()))}

    assert (dumb, still) == ([], {})


def is_quiet(name: str) -> bool:
    """Tell whether a door shows no mark to anybody, and `doors.yaml` says why."""
    asked = (LISTED["routes"] | LISTED["commands"] | LISTED["tools"]).get(name, [])
    return any("quiet" in one for one in asked)


def judged(house: House, out: Path, seed: int, listed: Sequence[Door], *, cities: int) -> None:
    """Hold every door to what a random policy opens."""
    reader = a_reader(house, out, f"seed{seed}", a_policy(random.Random(seed)), cities=cities)  # noqa: S311 - no secret
    opened = opened_by(reader.grants)

    for name, ask in listed:
        assert leaks(name, reader, ask(reader), opened) == frozenset(), (name, reader.grants)
    expected = {city.city_id: city.basket_minor for city in CITIES if (city.city_id, "money") in opened}
    for name, found in same_question(reader):
        is_small = any(grant.minimum_size > 1 for grant in reader.grants)
        assert found.items() <= expected.items() if is_small else found == expected, (name, reader.grants)


@pytest.mark.parametrize("seed", [1, 2])
def test_every_door_tells_what_a_random_policy_opens_and_nothing_more(house: House, tmp_path: Path, seed: int) -> None:
    judged(house, tmp_path, seed, doors()[seed::3], cities=2)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(100, 130))
def test_every_door_tells_what_any_random_policy_opens(house: House, tmp_path: Path, seed: int) -> None:
    judged(house, tmp_path, seed, doors(), cities=3)


REST = Grant(Role.VIEWER, (), (CITIES[-1].city_id,), opens=())
ENDS = ("revoked", "expired", "disabled")


def end(reader: Reader, how: str, until: datetime) -> None:
    """Let a policy end now: taken back, run out by the clock, or with the whole account."""
    if how == "expired":
        reader.numbers.clear()
        time.sleep(max(0.0, (until - datetime.now(UTC)).total_seconds()))
    elif how == "revoked":
        reader.let_go()
    else:
        with open_context(reader.house.root) as context:
            access.disable_account(context, reader.name)


def ended_at_once(house: House, out: Path, how: str, listed: Sequence[Door], *, cities: int) -> None:
    """Ask each door within a second after the end; where that is over, the policy is given and ended anew."""
    kept = (REST,) if how != "disabled" else ()
    reader = a_reader(
        house, out, f"ends-{how}-{cities}", (EVERYTHING,), rest=kept, cities=cities, by_token=how == "expired"
    )
    opened, over, waiting = opened_by(kept), 0.0, [*listed]

    while waiting:
        name, ask = waiting[0]
        if time.monotonic() - over > WITHIN_S * 0.8:
            anew(reader)
            ask(reader)  # whatever is kept of an answer is kept now
            until = datetime.now(UTC) + timedelta(seconds=0.3)
            if how == "expired":
                reader.let_go()
                reader.hold(until)
            end(reader, how, until)
            over = time.monotonic()
        assert leaks(name, reader, ask(reader), opened) == frozenset(), (name, how)
        waiting.pop(0)


def anew(reader: Reader) -> None:
    """Let a reader in again who had to leave."""
    with open_context(reader.house.root) as context:
        access.enable_account(context, reader.name)
        link = access.make_sign_in_link(context, reader.name)
    reader.client.get(f"/sign-in/{link}")
    reader.let_go()
    reader.hold()


@pytest.mark.parametrize("how", ENDS)
def test_no_door_tells_anything_a_second_after_the_end(house: House, tmp_path: Path, how: str) -> None:
    sent = [door for door in doors() if "messages" in door[0]]  # what was sent before holds what was open then
    ended_at_once(house, tmp_path, how, [*sent, *doors()[ENDS.index(how) :: 9]], cities=1)


@pytest.mark.full
@pytest.mark.parametrize("how", ENDS)
def test_no_door_tells_anything_of_any_city_a_second_after_the_end(house: House, tmp_path: Path, how: str) -> None:
    ended_at_once(house, tmp_path, how, doors(), cities=3)
