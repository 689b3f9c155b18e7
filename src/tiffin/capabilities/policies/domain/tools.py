"""What assistants may ask of policies, in words."""

from collections.abc import Mapping
from types import MappingProxyType

from tiffin.kernel.messages import Message

LIST_POLICIES = "list_policies"
DECIDE_POLICY = "decide_policy"
EXPLAIN_DECISION = "explain_decision"
TOOLS: Mapping[str, Message] = MappingProxyType(
    {
        LIST_POLICIES: Message("List the policies in force, with the question that each answers and its owner."),
        DECIDE_POLICY: Message(
            "Say what a policy decides of a case: the row, the outputs and the reason. Nothing is done with it."
        ),
        EXPLAIN_DECISION: Message(
            "Say why a policy decides so of a case: every row, and the smallest changes that would have led elsewhere."
        ),
    }
)
"""Name of each tool, and what it does."""
