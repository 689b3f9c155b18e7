"""What follows from cases of liability by itself; each module brings its own ``HANDLERS``."""

import importlib
import pkgutil

from tiffin.capabilities.cases.service.effects import Handlers

HANDLERS: Handlers = {
    name: handler
    for found in sorted(one.name for one in pkgutil.iter_modules(__path__))
    for name, handler in importlib.import_module(f"{__name__}.{found}").HANDLERS.items()
}
"""By sort of case and effect."""
