"""What assistants may ask, in words."""

from collections.abc import Mapping
from types import MappingProxyType

from tiffin.kernel.messages import Message

MOST_ROWS = 1000
"""Rows that an assistant is given at once; more of them help nobody to read."""

TOOLS: Mapping[str, Message] = MappingProxyType(
    {
        "list_metrics": Message("List metrics: name, label, meaning, unit."),
        "describe_metric": Message("Say what a metric means, how it is computed, by what it can be split."),
        "list_dimensions": Message("List the dimensions that some metrics share."),
        "query_metrics": Message(
            "Compute metrics, split and filtered, with a receipt of where they come from; {rows} rows at most.",
            rows=MOST_ROWS,
        ),
        "explain_metrics": Message("Show the SQL, lineage and versions of a question."),
    }
)
"""Name of each tool, and what it does."""
