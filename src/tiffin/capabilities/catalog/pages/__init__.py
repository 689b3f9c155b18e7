"""Pages of the catalog; each module here brings its own ``router``, and that of one asset comes last."""

import importlib
import pkgutil

from fastapi import APIRouter

LAST = "asset"
"""The module whose paths would swallow those of all others: an asset is named by its kind and its name."""

router = APIRouter(include_in_schema=False)

for _name in sorted((found.name for found in pkgutil.iter_modules(__path__)), key=lambda name: (name == LAST, name)):
    _module = importlib.import_module(f"{__name__}.{_name}")
    if hasattr(_module, "router"):
        router.include_router(_module.router, prefix="/catalog")
