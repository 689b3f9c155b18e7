"""What assistants may ask of policies; it decides nothing that anybody acts on, and changes nothing."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from tiffin.capabilities.policies.domain.tools import DECIDE_POLICY, EXPLAIN_DECISION, LIST_POLICIES, TOOLS
from tiffin.capabilities.policies.service.answering import AskedCase, decide_one, explain_one
from tiffin.capabilities.policies.service.listing import entries_as_plain
from tiffin.runtime.context import Context
from tiffin.web.assistants import OfferedTool, offer


class Nothing(BaseModel):
    """No argument."""

    model_config = ConfigDict(extra="forbid")


class AskedOfPolicy(AskedCase):
    """A case, and the policy that is to decide it."""

    policy: str = Field(max_length=64, description="Name of the policy, such as late-compensation.")


def _list(context: Context, _asked: Nothing) -> dict[str, Any]:
    return {"policies": entries_as_plain(context)}


def _decide(context: Context, asked: AskedOfPolicy) -> dict[str, Any]:
    return decide_one(context, asked.policy, asked)


def _explain(context: Context, asked: AskedOfPolicy) -> dict[str, Any]:
    return explain_one(context, asked.policy, asked)


offer(OfferedTool(LIST_POLICIES, TOOLS[LIST_POLICIES], Nothing, _list))
offer(OfferedTool(DECIDE_POLICY, TOOLS[DECIDE_POLICY], AskedOfPolicy, _decide))
offer(OfferedTool(EXPLAIN_DECISION, TOOLS[EXPLAIN_DECISION], AskedOfPolicy, _explain))
