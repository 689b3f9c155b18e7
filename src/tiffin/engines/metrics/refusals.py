"""What is told to whoever names a metric or a dimension that does not exist."""

from collections.abc import Iterable

from tiffin.engines.metrics.vocabulary import near
from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message


def no_metric(name: str, known: Iterable[str]) -> NotFound:
    """Say that there is no such metric, and which are near."""
    return NotFound(
        Message(
            "There is no metric {name}.{near} The page of metrics lists them all, as does `tiffin metrics list`.",
            name=name,
            near=near(name, known),
        )
    )


def no_dimension(name: str, known: Iterable[str]) -> NotFound:
    """Say that there is no such dimension, which are near, and which there are."""
    names = sorted(known)
    return NotFound(
        Message(
            "There is no dimension {name}.{near} Known dimensions: {known}.",
            name=name,
            near=near(name, names),
            known=", ".join(names),
        )
    )
