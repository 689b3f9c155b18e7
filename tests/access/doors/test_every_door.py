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
    LISTED,
    Door,
    House,
    Reader,
    a_reader,
    as_statement,
    as_tool,
    doors,
    guard_diets,
    open_diets,
    said_by,
    told,
)
from tests.access.doors.marks import CITIES, MONEY, PERSON, SPECIAL, Mark, counted, opened_by

from tiffin.capabilities.access import service as access
from tiffin.capabilities.access.domain.auditing import AuditSearch
from tiffin.capabilities.access.service import auditing
from tiffin.capabilities.metrics.api import assistants
from tiffin.cli.composition import compose
from tiffin.runtime.actor import GUARDED, Grant, Role
from tiffin.runtime.edge import open_context

WITHIN_S = 1.0
"""How long after the end of a grant something may still be seen."""

EVERYTHING = Grant(Role.STEWARD, ("*",), ("*",), opens=GUARDED)
ASKED = (("basket_value_mean", "city_id"), ("orders", "rider_id"), ("orders", "category"))
"""Questions that every door for numbers is asked the same: the second is of people, the third of what is special."""

FORMS = ("application/json", "text/csv", "application/vnd.apache.arrow.stream", "application/vnd.apache.parquet")
GOVERNED = {"money", "person", "special", "row"}
"""Marks that stand in facts: whoever is shown one is on the audit trail."""
ACCOUNTED = {"numbers_seen", "numbers_taken", "rows_seen", "rows_exported", "order_file_seen", "orders_listed"}
PLACES_TO_ASK_FOR = {"GET /access", "GET /access/ask", "access mine"}
"""Where the names of places stand for whoever asks for them, and what was once granted to oneself."""


def leaks(door: str, reader: Reader, text: str, opened: frozenset[Mark]) -> frozenset[Mark]:
    """Give the marks that a door shows and may not; the rows to which a reader is limited he is told himself."""
    for own in (value for grant in reader.grants for _, values in grant.rows for value in values):
        text = text.replace(own, "")
    found = reader.house.marks.found_in(text) - opened
    return frozenset(one for one in found if one[1] not in ("place", "row")) if door in PLACES_TO_ASK_FOR else found


def a_policy(chance: random.Random) -> tuple[Grant, ...]:
    """Make one or two grants over countries or cities, with classes, rows and sizes as chance has it."""
    found = []
    for _ in range(chance.randint(1, 2)):
        opens = tuple(chance.sample([MONEY, PERSON, SPECIAL], chance.randint(0, 3)))
        role = chance.choice([Role.VIEWER, Role.ANALYST, Role.CITY_MANAGER])
        countries = tuple(chance.sample(["SA", "AE"], chance.randint(0, 1)))
        cities = () if countries else (chance.choice(CITIES).city_id,)
        rows = (("merchant_id", (f"{chance.choice(CITIES).city_id}shop-0",)),) if chance.random() < 0.25 else ()
        size = chance.choice([1, 1, 1, 60])
        masked = () if PERSON in opens or chance.random() < 0.7 else (PERSON,)
        found.append(Grant(role, countries, cities, rows=rows, opens=opens, minimum_size=size, masked=masked))
    return tuple(found)


def same_question(reader: Reader, metric: str, by: str) -> Iterator[tuple[str, dict[str, float]]]:
    """Ask every door for numbers the same question; what is refused or withheld is left out."""
    asked = {"metrics": [metric], "by": [by]}
    for form in FORMS:
        answer = reader.client.post("/api/metrics/query", json=asked, headers={"Accept": form})
        yield form, rows_of(form, answer.content) if answer.status_code == 200 else {}
    answer = reader.client.get(f"/api/metrics/query?metrics={metric}&by={by}")
    yield "link", rows_of(FORMS[0], answer.content) if answer.status_code == 200 else {}
    words = ["metrics", "query", metric, "--by", by, "--json"]
    said = said_by(reader.house.root, reader.name, words)
    yield "command", rows_of(FORMS[0], said.encode()) if said.startswith("{") else {}
    for form, kind in zip(FORMS[1:], ("csv", "arrow", "parquet"), strict=True):
        out = reader.out / f"{reader.name}.{kind}"
        said_by(
            reader.house.root, reader.name, [*words[:1], "export", *words[2:5], "--format", kind, "--out", str(out)]
        )
        yield f"file {kind}", rows_of(form, out.read_bytes()) if out.exists() else {}
        out.unlink(missing_ok=True)
    said = as_tool("query_metrics", asked)(reader)
    yield "assistant", rows_of(FORMS[0], said.encode()) if said.startswith("{") else {}
    said = as_statement(f"select {by}, {metric} from metrics group by 1")(reader)  # noqa: S608 - our names
    yield "BI tool", told_of(ast.literal_eval(said)) if said.startswith("(") else {}


def rows_of(form: str, content: bytes) -> dict[str, float]:
    if form == FORMS[0]:
        return told_of(json.loads(content)["rows"])
    if form == FORMS[1]:
        return told_of(line.split(",") for line in content.decode().splitlines()[1:])
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
    shown_and_ended(house, tmp_path, doors()[::4], cities=1)


@pytest.mark.full
def test_whoever_may_see_everything_is_shown_something_at_each_and_every_door(house: House, tmp_path: Path) -> None:
    shown_and_ended(house, tmp_path, doors(), cities=3)


def shown_and_ended(house: House, out: Path, listed: Sequence[Door], *, cities: int) -> None:
    """Find marks at every door with everything granted, and none with nothing."""
    reader = a_reader(house, out, f"all{cities}", (EVERYTHING,), cities=cities)

    dumb, unaccounted = [], []
    for name, ask in listed:
        before = last_account(reader)
        found = house.marks.found_in(ask(reader))
        dumb += [name] if not found and not is_quiet(name) else []
        is_governed = tells_numbers(name) or bool({kind for _, kind in found} & GOVERNED)
        unaccounted += [name] if is_governed and last_account(reader) == before else []
    reader.let_go()
    still = {name: found for name, ask in listed if (found := leaks(name, reader, ask(reader), frozenset()))}

    assert (dumb, unaccounted, still) == ([], [], {})


def last_account(reader: Reader) -> int:
    """Give the number of the newest entry of the trail that tells what somebody was shown or took; nought for none."""
    with open_context(reader.house.root) as context:
        found = auditing.search_audit(context, AuditSearch(actor=reader.name, outcome="read"))
    return max((entry.entry_id for entry in found if entry.action in ACCOUNTED), default=0)


def is_quiet(name: str) -> bool:
    """Tell whether a door shows no mark to anybody, and `doors.yaml` says why."""
    return any("quiet" in one for one in asked_at(name))


def tells_numbers(name: str) -> bool:
    """Tell whether a door tells numbers that bear no mark."""
    return any(isinstance(one, dict) and one.get("numbers") for one in asked_at(name))


def asked_at(name: str) -> Sequence[Any]:
    """Give what `doors.yaml` says is asked at a door."""
    found: Sequence[Any] = (LISTED["routes"] | LISTED["commands"] | LISTED["tools"]).get(name, [])
    return found


def test_what_is_said_to_hold_nothing_governed_shows_none_of_it(house: House, tmp_path: Path) -> None:
    nothing_shown(house, tmp_path, unguarded()[::4])


@pytest.mark.full
def test_no_address_that_is_said_to_hold_nothing_governed_shows_any_of_it(house: House, tmp_path: Path) -> None:
    nothing_shown(house, tmp_path, unguarded())


def unguarded() -> list[str]:
    """List the addresses without parts to fill in behind which nothing governed lies, as `doors.yaml` says."""
    named = [name.split() for name, asked in LISTED["routes"].items() if isinstance(asked, str) and "{" not in name]
    return [path for method, path in named if method == "GET"]


def nothing_shown(house: House, out: Path, paths: Sequence[str]) -> None:
    """Find no governed mark there, whoever looks."""
    reader = a_reader(house, out, f"names{len(paths)}", (EVERYTHING,))

    shown = {path: told(reader.client.get(path)) for path in paths}

    assert not {path for path, text in shown.items() for _, kind in house.marks.found_in(text) if kind in GOVERNED}


def judged(house: House, out: Path, seed: int, listed: Sequence[Door], *, cities: int) -> None:
    """Hold every door to what a random policy opens."""
    reader = a_reader(house, out, f"seed{seed}", a_policy(random.Random(seed)), cities=cities)  # noqa: S311 - no secret
    before = a_reader(house, out, f"before{seed}", (EVERYTHING,), cities=cities)
    opened = opened_by(reader.grants)

    for name, ask in listed:
        ask(before)  # whatever is kept of an answer is kept of one that holds everything
        assert leaks(name, reader, ask(reader), opened) == frozenset(), (name, reader.grants)
    prices = {city.city_id: float(city.basket_minor) for city in CITIES if (city.city_id, "money") in opened}
    people, diets = (
        counted(house.orders, reader.grants, *one) for one in (("rider_id", PERSON), ("category", SPECIAL))
    )
    is_small = any(grant.minimum_size > 1 for grant in reader.grants)
    everybody = {row["rider_id"] for row in house.orders}
    for (metric, by), expected in zip(ASKED, (prices, people, diets), strict=True):
        is_less = is_small or (by == "rider_id" and any(grant.masked for grant in reader.grants))
        for name, found in same_question(reader, metric, by):
            plain = {key: value for key, value in found.items() if by != "rider_id" or key in everybody}
            assert plain.items() <= expected.items() if is_less else found == expected, (name, by, reader.grants)


@pytest.mark.parametrize("seed", [1, 2])
def test_every_door_tells_what_a_random_policy_opens_and_nothing_more(house: House, tmp_path: Path, seed: int) -> None:
    judged(house, tmp_path, seed, doors()[seed::6], cities=2)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(100, 130))
def test_every_door_tells_what_any_random_policy_opens(house: House, tmp_path: Path, seed: int) -> None:
    judged(house, tmp_path, seed, doors(), cities=3)


REST = Grant(Role.VIEWER, (), (CITIES[-1].city_id,), opens=())
NO_DIETS = Grant(Role.CITY_MANAGER, ("*",), ("*",), opens=(MONEY, PERSON))
RAISED = "raised"
ENDS = ("revoked", "expired", "disabled", RAISED)
"""How something closes: taken back, run out by the clock, with the whole account, or as a column is guarded more."""


def end(reader: Reader, how: str, until: datetime) -> None:
    """Let what was open be closed now."""
    if how == "expired":
        reader.numbers.clear()
        time.sleep(max(0.0, (until - datetime.now(UTC)).total_seconds()))
    elif how == "revoked":
        reader.let_go()
    else:
        with open_context(reader.house.root) as context:
            guard_diets(context) if how == RAISED else access.disable_account(context, reader.name)


def ended_at_once(house: House, out: Path, how: str, listed: Sequence[Door], *, cities: int) -> None:
    """Ask each door within a second after the end; where that is over, the policy is given and ended anew."""
    given = NO_DIETS if how == RAISED else EVERYTHING
    kept = (REST,) if how in ("revoked", "expired") else ()
    by_token = how == "expired"
    reader = a_reader(house, out, f"ends-{how}-{cities}", (given,), rest=kept, cities=cities, by_token=by_token)
    opened = opened_by((given,) if how == RAISED else kept)
    over, waiting = 0.0, [*listed]

    while waiting:
        name, ask = waiting[0]
        if time.monotonic() - over > WITHIN_S * 0.8:
            anew(reader, how)
            ask(reader)  # whatever is kept of an answer is kept now
            until = datetime.now(UTC) + timedelta(seconds=0.3)
            if how == "expired":
                reader.let_go()
                reader.hold(until)
            end(reader, how, until)
            over = time.monotonic()
        assert leaks(name, reader, ask(reader), opened) == frozenset(), (name, how)
        waiting.pop(0)


def anew(reader: Reader, how: str) -> None:
    """Open again to a reader what was closed."""
    if how == RAISED:
        open_diets(reader.house.root)
        return
    with open_context(reader.house.root) as context:
        access.enable_account(context, reader.name)
        link = access.make_sign_in_link(context, reader.name)
    reader.client.get(f"/sign-in/{link}")
    reader.let_go()
    reader.hold()


def test_what_is_guarded_more_was_seen_before(house: House, tmp_path: Path) -> None:
    reader = a_reader(house, tmp_path, "diets", (NO_DIETS,), cities=1)
    asked = ("POST /api/metrics/query", "metrics export", "query_metrics", "GET /metrics/published/{reference}")
    chosen = [door for door in doors() if door[0] in asked]

    def seen() -> set[str]:
        return {name for name, ask in chosen for _, kind in house.marks.found_in(ask(reader)) if kind == "special"}

    open_diets(house.root)
    before = seen()
    with open_context(house.root) as context:
        guard_diets(context)

    assert (before, seen()) == ({*asked}, set())


@pytest.mark.parametrize("how", ENDS)
def test_no_door_tells_anything_a_second_after_the_end(house: House, tmp_path: Path, how: str) -> None:
    sent = [door for door in doors() if "messages" in door[0]]  # what was sent before holds what was open then
    ended_at_once(house, tmp_path, how, [*sent, *doors()[ENDS.index(how) :: 12]], cities=1)


@pytest.mark.full
@pytest.mark.parametrize("how", ENDS)
def test_no_door_tells_anything_of_any_city_a_second_after_the_end(house: House, tmp_path: Path, how: str) -> None:
    ended_at_once(house, tmp_path, how, doors(), cities=3)
