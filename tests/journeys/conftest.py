"""A real console on a small simulated marketplace, and a real browser that may reach nothing else."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.facts import service as facts
from tiffin.capabilities.rehearsals import service as rehearsals
from tiffin.kernel.time import Days
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import create_workspace

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 15_000
"""How long a page may take for what is expected of it: other tests have the same cores meanwhile."""

expect.set_options(timeout=PATIENCE_MS)
SCREEN = {"width": 1280, "height": 900}
CITIES = ("riyadh", "sao-paulo")
DAYS = Days(date(2026, 2, 16), date(2026, 2, 24))
ORDERS_PER_DAY = 250.0
FEED = """\
feed: corner-shops
title: Orders of corner shops
description: A feed of the tests.
origin: {publisher: The tests, obtain: It is written by the test, licence: none}
time_zone: UTC
cities:
  - city_id: testville
    name: Testville
    country: ZZ
    timezone: UTC
    timezone_known: true
    cutoff_min: 0
    currency: USD
files:
  orders:
    pattern: "*.csv"
    format: csv
    columns:
      order: {header: order}
      customer: {header: customer phone}
      status: {header: status}
      placed: {header: placed, type: time, formats: ["%Y-%m-%d %H:%M"]}
tables:
  - table: orders
    main: true
    from: orders
    map:
      city_id: "'testville'"
      order_id: order
      status: status
      placed_at: placed
"""
ORDERS = """\
order,customer phone,status,placed
1,+1 555 0100,placed,2026-02-24 12:00
2,+1 555 0101,teleported,2026-02-24 12:05
3,+1 555 0102,cancelled,2026-02-24 12:10
"""


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two small simulated cities, and a file of which one row breaks its contract."""
    root = create_workspace(tmp_path_factory.mktemp("journeys") / "workspace").root
    (root / "feeds").mkdir(exist_ok=True)
    (root / "feeds" / "corner-shops.yaml").write_text(FEED, encoding="utf-8")
    orders = root / "orders.csv"
    orders.write_text(ORDERS, encoding="utf-8")
    profiles = rehearsals.read_profiles()
    with open_context(root) as context:
        for city_id in CITIES:
            whole = rehearsals.read_scenario(city_id, profiles=profiles)
            small = replace(whole, orders_per_day=ORDERS_PER_DAY, merchants=30)
            for table, rows in rehearsals.simulated_tables(small, DAYS, seed=7).items():
                facts.write_facts(context, table, rows.to_reader(), "simulated:demo")
    with open_context(root) as context:
        facts.load(context, "corner-shops", [orders])
    return root


@pytest.fixture(scope="session")
def console(workspace: Path) -> Iterator[str]:
    """Address of a console that serves the workspace."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(workspace), log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; missing in CI is a failure, elsewhere a skip that says how to get it."""
    if not (Path(CHROMIUM).exists() or shutil.which("chromium")):
        message = "Chromium was expected at /usr/bin/chromium. Install it with: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def signed_in(chromium: Browser, console: str, workspace: Path) -> dict:
    """Cookies of a browser in which the owner is signed in."""
    with open_context(workspace) as context:
        token = access.make_sign_in_link(context, context.actor.name)
    context = chromium.new_context()
    context.new_page().goto(f"{console}/sign-in/{token}")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture(scope="session")
def idle() -> list[BrowserContext]:
    """Browsers that earlier tests have left; the first page of a new one opens a window, which costs as four pages."""
    return []


@pytest.fixture
def a_browser(chromium: Browser, console: str, idle: list[BrowserContext]) -> Iterator[Callable[..., BrowserContext]]:
    """Open a browser that remembers nothing, in which a language is read; cookies are all that the console keeps."""
    taken: list[BrowserContext] = []

    def opened(lang: str = "en") -> BrowserContext:
        context = idle.pop() if idle else with_a_window(chromium.new_context(base_url=console, viewport=SCREEN))
        taken.append(context)
        context.add_cookies([{"name": "tiffin_locale", "value": lang, "url": console}])
        return context

    yield opened
    for context in taken:
        for page in context.pages[1:]:
            page.close()
        context.unroute_all(behavior="ignoreErrors")
        context.clear_cookies()
        idle.append(context)


def with_a_window(context: BrowserContext) -> BrowserContext:
    """Keep a first page open, which holds the window of those that follow."""
    context.new_page()
    return context


@pytest.fixture
def visit(a_browser: Callable[..., BrowserContext], signed_in: dict) -> Iterator[Callable[..., Page]]:
    """Open pages in a language and theme; a request to another host, a script's error or a refused style fails it."""
    faults: list[str] = []

    def opened(
        path: str, *, lang: str = "en", theme: str = "light", width: int = SCREEN["width"], anonymous: bool = False
    ) -> Page:
        context = a_browser(lang)
        if not anonymous:
            context.add_cookies([one for one in signed_in["cookies"] if one["name"] != "tiffin_locale"])
        page = watched(context, faults)
        if width != SCREEN["width"]:
            page.set_viewport_size({**SCREEN, "width": width})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.goto(path)
        return page

    yield opened
    assert not faults


@pytest.fixture
def person(a_browser: Callable[..., BrowserContext], workspace: Path) -> Callable[..., Page]:
    """Open a browser in which somebody of this test is signed in, reading a language."""

    def opened(name: str, role: Role | None, lang: str) -> Page:
        with open_context(workspace) as context:
            access.add_account(context, name)
            if role is not None:
                access.grant(context, name, role, countries=["*"], terms=access.Terms("Journeys"))
            token = access.make_sign_in_link(context, name)
        page = a_browser(lang).new_page()
        page.goto(f"/sign-in/{token}")
        return page

    return opened


def watched(context: BrowserContext, faults: list[str]) -> Page:
    """Open a page whose faults are collected."""

    def guard(route: Route) -> None:
        url = route.request.url
        if url.startswith(("http://127.0.0.1", "data:")):
            route.continue_()
        else:
            faults.append(f"a request left the console: {url}")
            route.abort()

    context.route("**/*", guard)
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
    page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    return page
