"""Pages of quality; each module brings its own ``router``, and the board, whose paths take any name, comes last."""

import importlib
import pkgutil

from fastapi import APIRouter

LAST = "board"
"""The module whose paths would swallow those of all others: a metric is named by its name and a country."""

router = APIRouter(include_in_schema=False)

for _name in sorted((found.name for found in pkgutil.iter_modules(__path__)), key=lambda name: (name == LAST, name)):
    _module = importlib.import_module(f"{__name__}.{_name}")
    if hasattr(_module, "router"):
        router.include_router(_module.router)
