"""How a request is answered: the statement of each engine, and what each metric is made of."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import parse_one

from tiffin.capabilities.metrics.service.answering import frame_of
from tiffin.capabilities.metrics.service.receipts import Receipt, receipt_of
from tiffin.engines.metrics.lineage import Lineage, lineage_of
from tiffin.engines.metrics.request import MetricRequest
from tiffin.runtime.context import Context


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a request is answered.

    Parameters
    ----------
    sql : mapping of str to str
        The statement by engine.
    lineage : mapping of str to Lineage
        Columns of tables that each metric reads, and the metrics it is made of.
    """

    sql: Mapping[str, str]
    lineage: Mapping[str, Lineage]
    receipt: Receipt


def explanation(context: Context, request: MetricRequest) -> Explanation:
    """Show how a request is answered on each engine, without answering it."""
    frame = frame_of(context, request)
    model = frame.library.model
    compiled = {dialect: frame.compiled(dialect) for dialect in frame.library.fragments}
    return Explanation(
        sql={name: parse_one(item.sql, read=name).sql(dialect=name, pretty=True) for name, item in compiled.items()},
        lineage={name: lineage_of(name, model) for name in request.metrics},
        receipt=receipt_of(context, frame, compiled[context.warehouse.dialect]),
    )
