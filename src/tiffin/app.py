"""The console as a web application: every capability's pages and API on one server."""

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.routing import BaseRoute

import tiffin.capabilities
from tiffin.capabilities.adoption.service.parameters import uses_kept_days
from tiffin.capabilities.metrics.service.cities import shows_simulated_facts
from tiffin.runtime.i18n import mark
from tiffin.runtime.workspace import Workspace, open_workspace
from tiffin.web import console as own
from tiffin.web.edge import Console, Entry
from tiffin.web.errors import install_error_pages
from tiffin.web.own import failure_page
from tiffin.web.page import STATIC
from tiffin.web.security import Guard

MENU = (
    Entry(mark("Home"), "/", "home"),
    Entry(mark("Dashboards"), "/dashboards", "grid"),
    Entry(mark("Day-books"), "/daybooks", "book"),
    Entry(mark("Rehearsals"), "/rehearsals", "play"),
    Entry(mark("Orders"), "/orders", "order"),
    Entry(mark("Metrics"), "/metrics", "chart"),
    Entry(mark("Policies"), "/policies", "scales"),
    Entry(mark("Trials"), "/experiments", "flask"),
    Entry(mark("Strategies"), "/strategies", "wish"),
    Entry(mark("Roll-outs"), "/roll-outs", "globe"),
    Entry(mark("Catalog"), "/catalog", "shelf"),
    Entry(mark("Data"), "/data", "table"),
    Entry(mark("Quality"), "/quality", "done"),
    Entry(mark("Cases"), "/cases", "inbox"),
    Entry(mark("Liability"), "/liability", "scales"),
    Entry(mark("Links"), "/links", "globe"),
    Entry(mark("Requirements"), "/adoption", "wish"),
    Entry(mark("Help"), "/help", "help"),
)


def create_app(workspace: Workspace | Path) -> FastAPI:
    """Build the console of one workspace."""
    opened = open_workspace(workspace) if isinstance(workspace, Path) else workspace
    # The interactive API pages would load scripts from another host; the OpenAPI document itself is served.
    app = FastAPI(title="Tiffin", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    app.state.console = Console(
        opened, is_simulated=shows_simulated_facts, menu=MENU, uses_kept_days=partial(uses_kept_days, opened)
    )
    install_error_pages(app, failure_page)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.router.routes.extend(_every_route())
    app.add_middleware(Guard)
    return app


@cache
def _every_route() -> tuple[BaseRoute, ...]:
    """Give the routes of all capabilities: they know no workspace, so that one reading of them serves every console."""
    whole = APIRouter()
    for router in (own.router, *_routers()):
        whole.include_router(router)
    return tuple(whole.routes)


def _routers() -> Iterator[APIRouter]:
    # Routes are tried in turn, and machines ask more often than people.
    for kind in ("api", "pages"):
        for found in pkgutil.iter_modules(tiffin.capabilities.__path__):
            module = f"tiffin.capabilities.{found.name}.{kind}"
            if importlib.util.find_spec(module) is not None:
                router: APIRouter = vars(importlib.import_module(module))["router"]
                yield router
