"""A house with every drawer filled, whoever stands at its doors, and what is asked at each.

Every city bears marks that are found nowhere else: its name, the price of its baskets, its people, places and orders.
"""

import contextlib
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlglot
import yaml
from deltalake import DeltaTable
from fastapi.testclient import TestClient
from tests.access.doors.marks import CITIES, SPECIAL, City, Marks

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.access.domain.accounts import Limits
from tiffin.capabilities.access.domain.classification import Holder
from tiffin.capabilities.access.domain.requesting import Ask
from tiffin.capabilities.access.service import classification, emergencies, requests, reviews, tokens
from tiffin.capabilities.adoption.domain.items import Ask as Wish
from tiffin.capabilities.adoption.service import requirements
from tiffin.capabilities.cases import service as cases
from tiffin.capabilities.cases.domain.case import NewCase
from tiffin.capabilities.cases.domain.data_incidents import DATA_INCIDENT
from tiffin.capabilities.facts import service as facts
from tiffin.capabilities.metrics.api import assistants, bi_door
from tiffin.capabilities.scorecards.service import saving, snapshots
from tiffin.cli import main
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import TiffinError
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.actor import GUARDED, Grant, Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.workspace import create_workspace

LISTED = yaml.safe_load((Path(__file__).parent / "doors.yaml").read_text(encoding="utf-8"))
DAYS = 16


@dataclass(frozen=True)
class House:
    """A workspace with facts of the cities, something in every drawer, and an application over it."""

    root: Path
    app: Any
    filled: Mapping[str, str]
    orders: Sequence[Mapping[str, Any]]
    marks: Marks


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    root = create_workspace(tmp_path_factory.mktemp("doors") / "workspace").root
    now = datetime.now(UTC)
    first = (now - timedelta(days=DAYS)).replace(hour=9, minute=0, second=0, microsecond=0)
    filled = {"first": first.date().isoformat(), "day": (first + timedelta(days=DAYS - 1)).date().isoformat()}
    filled["tree"] = "on_time_orders"
    fill_facts(root, first)
    with open_context(root) as context:
        access.add_account(context, "maker")
        access.grant(context, "maker", Role.ADMIN, countries=["*"], cities=["*"], terms=access.Terms("tests"))
        classification.classify_table(context, "orders")
        guard_diets(context)
        question = "metrics=basket_value_mean&by=city_id"
        saving.save_question(context, name="Baskets", address=question, role="viewer")
        values = {"day": filled["day"], "country": "SA", "what": CITIES[0].name}
        found = NewCase(DATA_INCIDENT.name, "marked", "Numbers of {day} in {country}: {what}", values, country="SA")
        filled |= {"saved": question, "case": str(cases.open_case(context, found).case_id)}
        start = reviews.start_campaign
        made = start(context, "Spring", countries=["*"], cities=[], reviewer="maker", due_at=now + timedelta(days=30))
        filled["campaign"] = str(made.campaign_id)
    with open_context(root, user="maker") as context:
        made_open = emergencies.open_emergency(context, reason="Tests", cities=[CITIES[0].city_id])
        filled["emergency"] = str(made_open.emergency_id)
    for name, by in (("published", "city_id"), ("published_people", "rider_id"), ("published_special", "category")):
        publish = ["metrics", "publish", "basket_value_mean", "--by", by, "--as", "Board", "--json"]
        filled[name] = json.loads(said_by(root, "maker", publish))["reference"]
    kept = json.loads(
        said_by(root, "maker", ["metrics", "query", "basket_value_mean", "--by", "city_id", "--keep", "--json"])
    )
    filled["receipt"] = kept["receipt"]["rerun_hash"]
    orders = DeltaTable(root / ".tiffin" / "tables" / "orders").to_pyarrow_table().to_pylist()
    people = {city.city_id: {row["rider_id"] for row in orders if row["city_id"] == city.city_id} for city in CITIES}
    for row in orders:
        people[row["city_id"]].add(row["customer_id"])
    return House(root, create_app(root), filled, orders, Marks(people))


def fill_facts(root: Path, first: datetime) -> None:
    """Load cities and their orders."""
    with open_context(root) as context:
        write(context, "cities", [a_city(city) for city in CITIES])
        write(
            context,
            "orders",
            [
                an_order(city, first + timedelta(days=day), day, number)
                for city in CITIES
                for day in range(DAYS)
                for number in range(city.orders_a_day)
            ],
        )
        write(context, "rider_sessions", [a_session(city, first + timedelta(days=DAYS - 1)) for city in CITIES])


def guard_diets(context: Any) -> None:
    """Hold diets to be special, from now on."""
    reason = "What people eat tells of their faith."
    classification.confirm(context, Holder("orders"), "category", SPECIAL, reason=reason)


def open_diets(root: Path) -> None:
    """Hold diets to be as open as their contract says: one asks, another agrees."""
    orders = Holder("orders")
    with open_context(root) as context:
        reason = "Only a kind of kitchen, and no person's faith."
        classification.confirm(context, orders, "category", Classification.INTERNAL, reason=reason)
    with open_context(root, user="maker") as context:
        classification.agree(context, orders, "category")


def a_city(city: City) -> dict[str, object]:
    rules = {"timezone": "Asia/Riyadh", "cutoff_min": 240, "weekend": "5,6", "is_simulated": False}
    own = {"city_id": city.city_id, "name": city.name, "country": city.country, "currency": "SAR"}
    return own | rules | {"timezone_known": True}


def an_order(city: City, at: datetime, day: int, number: int) -> dict[str, object]:
    placed, own = at + timedelta(hours=number), city.city_id
    late = 50 if day == DAYS - 1 else 25
    return {
        "city_id": own,
        "country": city.country,
        "order_id": f"{own}order-{day}-{number}",
        "status": "delivered",
        "zone_id": f"{own}zone-{number % 2}",
        "merchant_id": f"{own}shop-{number % 2}",
        "category": f"{own}diet-{number % 2}",
        "customer_id": f"{own}person{number}",
        "rider_id": f"{own}rider{number}",
        "placed_at": placed,
        "ready_at": placed + timedelta(minutes=10),
        "promised_at": placed + timedelta(minutes=30),
        "delivered_at": placed + timedelta(minutes=late),
        "currency": "SAR",
        "basket_minor": city.basket_minor,
        "pickup_latitude": city.home + 0.01,
        "pickup_longitude": 46.51,
        "dropoff_latitude": city.home + number / 1e6,
        "dropoff_longitude": 46.5,
    }


def a_session(city: City, at: datetime) -> dict[str, object]:
    own = city.city_id
    return {"city_id": own, "rider_id": f"{own}rider0", "on_at": at, "off_at": at + timedelta(hours=8)}


def write(context: Any, table: str, rows: list[dict[str, object]]) -> None:
    schema = arrow_schema(TABLES[table])
    known = pa.schema([one for one in schema if one.name in rows[0]])
    facts.write_facts(context, table, pa.Table.from_pylist(rows, schema=known).to_reader(), "test")


def said_by(root: Path, who: str, arguments: Sequence[str]) -> str:
    """Run a command as somebody, and give what it printed on either stream."""
    out, wrong = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(wrong):
        code = main([*arguments, "--workspace", str(root), "--user", who])
    assert code in {0, 1, 4, 5, 6}, (arguments, code, wrong.getvalue())
    return out.getvalue() + wrong.getvalue()


@dataclass
class Reader:
    """Somebody at the doors, with what he holds and what was made for him."""

    house: House
    name: str
    grants: tuple[Grant, ...]
    client: TestClient
    out: Path
    cities: tuple[City, ...]
    filled: dict[str, str] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)

    def hold(self, until: datetime | None = None) -> None:
        """Be granted the policy, until a moment."""
        with open_context(self.house.root) as context:
            for one in self.grants:
                rows = tuple(f"{name}={value}" for name, values in one.rows for value in values)
                limits = Limits(rows, tuple(one.opened) or ("none",), one.minimum_size, masked=tuple(one.masked))
                given = access.grant(
                    context,
                    self.name,
                    one.role,
                    countries=one.countries,
                    cities=one.cities,
                    limits=limits,
                    terms=access.Terms("tests", until),
                )
                self.numbers.append(given.grant_id)

    def let_go(self) -> None:
        """Lose everything that was granted."""
        with open_context(self.house.root) as context:
            for number in self.numbers:
                access.revoke(context, number)
        self.numbers.clear()


def a_reader(
    house: House,
    out: Path,
    name: str,
    grants: tuple[Grant, ...],
    *,
    rest: tuple[Grant, ...] = (),
    cities: int = 3,
    by_token: bool = False,
) -> Reader:
    """Make an account with a policy, a session, a message, a request and a wish of its own; what waits opens nothing.

    What has ended opens nothing either. ``rest`` is what it keeps when the policy ends.
    """
    with open_context(house.root) as context:
        access.add_account(context, name)
        for one in rest:
            access.grant(
                context, name, one.role, countries=one.countries, cities=one.cities, terms=access.Terms("rest")
            )
        over = access.grant(context, name, Role.STEWARD, countries=["*"], terms=access.Terms("over"))
        access.revoke(context, over.grant_id)
        link = access.make_sign_in_link(context, name)
    client = TestClient(house.app, follow_redirects=False, raise_server_exceptions=False)
    if by_token:
        with open_context(house.root, user=name) as context:
            client.headers["Authorization"] = f"Bearer {tokens.make_token(context, 'script', days=1)[0]}"
    else:
        assert client.get(f"/sign-in/{link}").status_code == 303
    filled = {"me": name, "out": str(out / name)}
    reader = Reader(house, name, grants, client, out, CITIES[-cities:], filled)
    reader.hold()
    with open_context(house.root, user=name) as context:
        wanted = Ask(Grant(Role.VIEWER, ("*",), (), opens=GUARDED), "Everything", 10)
        reader.filled["request"] = str(requests.ask_for(context, wanted).request_id)
        reader.filled["requirement"] = str(
            requirements.ask(context, Wish("Where to send riders", "weekly")).requirement.item.item_id
        )
        sent = snapshots.send_dashboard(context, "city_operations", to=name, raw={})
        reader.filled["message"] = str(sent.message_id)
    return reader


Door = tuple[str, Callable[[Reader], str]]


def doors() -> list[Door]:
    """List every door that is walked, each with what is asked there."""
    found: list[Door] = []
    for kind, asking in (("routes", over_http), ("commands", as_command), ("tools", as_tool)):
        for name, asked in LISTED[kind].items():
            if not isinstance(asked, str):
                found += [(name, asking(name, one)) for one in asked if "quiet" not in one]
    return found + [("serve-sql", as_statement(one)) for one in LISTED["statements"]]


def spelt(reader: Reader, text: str) -> list[str]:
    """Fill in what stands in braces; a city and a country are asked for each."""
    filled = text
    for name, value in (reader.house.filled | reader.filled).items():
        filled = filled.replace(f"{{{name}}}", value)
    countries = sorted({city.country for city in reader.cities})
    for name, values in (("{city}", [city.city_id for city in reader.cities]), ("{country}", countries)):
        if name in filled:
            return [one for value in values for one in spelt(reader, filled.replace(name, value))]
    return [filled]


def over_http(route: str, asked: Any) -> Callable[[Reader], str]:
    path = route.partition(" ")[2]

    def ask(reader: Reader) -> str:
        if isinstance(asked, str):
            return "\n".join(without(told(reader.client.get(one)), one) for one in spelt(reader, asked))
        (filled,) = spelt(reader, json.dumps(asked))
        content = json.loads(filled)
        if "form" in content:
            return told(reader.client.post(path, data=content["form"]))
        kinds = "application/json, text/event-stream"
        return told(reader.client.post(path, json=content["json"], headers={"Accept": content.get("accept", kinds)}))

    return ask


def without(text: str, address: str) -> str:
    """Give a text without the address that was asked for: what the asker wrote himself tells him nothing."""
    return text.replace(quote(address, safe=""), "").replace(address, "")


def told(response: Any) -> str:
    """Give what an answer says."""
    assert response.status_code < 500, response.text[-2000:]
    if "parquet" in response.headers.get("content-type", ""):
        return str(pq.read_table(io.BytesIO(response.content)).to_pylist())
    return str(response.content.decode("utf-8", "replace"))


def as_command(command: str, asked: str) -> Callable[[Reader], str]:
    def ask(reader: Reader) -> str:
        said = []
        for one in spelt(reader, asked):
            arguments = [*command.split(), *one.split()]
            said.append(said_by(reader.house.root, reader.name, arguments))
            out = Path(arguments[arguments.index("--out") + 1]) if "--out" in arguments else None
            for file in _written(out):
                said.append(_file_text(file))
                file.unlink()
        return "\n".join(said)

    return ask


def _written(out: Path | None) -> list[Path]:
    if out is None:
        return []
    return [out] if out.is_file() else sorted(out.glob("*.txt"))


def _file_text(out: Path) -> str:
    if out.suffix == ".parquet":
        return str(pq.read_table(out).to_pylist())
    if out.suffix == ".arrow":
        return str(pa.ipc.open_stream(out.read_bytes()).read_all().to_pylist())
    return out.read_text(encoding="utf-8")


def as_tool(tool: str, asked: Mapping[str, Any]) -> Callable[[Reader], str]:
    def ask(reader: Reader) -> str:
        try:
            entering = lambda: open_context(reader.house.root, user=reader.name)  # noqa: E731 - opened anew each time
            return json.dumps(assistants.called(entering, tool, asked))
        except TiffinError as error:
            return str(error)

    return ask


def as_statement(sql: str) -> Callable[[Reader], str]:
    def ask(reader: Reader) -> str:
        try:
            with open_context(reader.house.root, user=reader.name) as context:
                return str(bi_door.answered(context, sqlglot.parse_one(sql, read="mysql")).rows)
        except TiffinError as error:
            return str(error)

    return ask
