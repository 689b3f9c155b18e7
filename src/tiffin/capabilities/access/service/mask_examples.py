"""What values look like under each mask, by examples that are nobody's."""

from collections.abc import Iterable, Mapping

from tiffin.engines.metrics.definitions import ColumnType
from tiffin.engines.metrics.protection.masking import mask_sql
from tiffin.kernel.masks import Mask, Shape
from tiffin.runtime.context import Context

EXAMPLES: Mapping[Shape, str] = {Shape.TEXT: "+966500000042", Shape.PLACE: "24.79764", Shape.TIME: "2026-02-19"}
"""A value of each shape."""

_TYPES = {Shape.TEXT: ColumnType.TEXT, Shape.PLACE: ColumnType.DOUBLE, Shape.TIME: ColumnType.DATE}
_WRITTEN = {Shape.TEXT: "'{}'", Shape.PLACE: "CAST({} AS DOUBLE)", Shape.TIME: "CAST('{}' AS DATE)"}


def masked_examples(context: Context, wanted: Iterable[tuple[Shape, Mask]]) -> Mapping[tuple[Shape, Mask], str]:
    """Mask the examples as values are masked in answers.

    The engine computes them by the statements of answers; what stands there for the workspace's key is left as it is,
    so that no code is told that a value here has.
    """
    asked = sorted({*wanted})
    if not asked:
        return {}
    columns = ", ".join(f"{_sql(context, shape, mask)} AS m{at}" for at, (shape, mask) in enumerate(asked))
    found = context.warehouse.query_text(f"SELECT {columns}")
    return {one: str(found.column(at)[0].as_py()) for at, one in enumerate(asked)}


def _sql(context: Context, shape: Shape, mask: Mask) -> str:
    return mask_sql(_WRITTEN[shape].format(EXAMPLES[shape]), _TYPES[shape], mask, context.warehouse.dialect)
