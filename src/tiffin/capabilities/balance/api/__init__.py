"""Balance over HTTP; each module brings its own ``router``."""

import importlib
import pkgutil

from fastapi import APIRouter

router = APIRouter(prefix="/api", tags=["balance"])

for _name in sorted(found.name for found in pkgutil.iter_modules(__path__)):
    _module = importlib.import_module(f"{__name__}.{_name}")
    if hasattr(_module, "router"):
        router.include_router(_module.router)
