"""Metrics for assistants, by the Model Context Protocol: the same questions, permissions and receipts as everywhere.

The tools are declared here once and served over standard input and output (``tiffin metrics mcp``) and over HTTP
(``/api/mcp``, where a program shows an access token). Each call is one unit of work of whoever asks.

References
----------
Model Context Protocol, tools and transports (stdio, Streamable HTTP).
"""

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.types import Receive, Scope, Send

from tiffin.capabilities.metrics import service
from tiffin.capabilities.metrics.api.questions import Name, Question
from tiffin.capabilities.metrics.domain.tools import MOST_ROWS
from tiffin.capabilities.metrics.domain.tools import TOOLS as TOOL_MEANINGS
from tiffin.capabilities.metrics.domain.writing import dimension_as_plain, metric_as_plain, metric_in_full
from tiffin.capabilities.metrics.service.accounting import Door, note_taken
from tiffin.capabilities.metrics.service.reproducing import context_as_of
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.errors import NotFound, TiffinError, Unavailable, WrongUse
from tiffin.runtime.context import Context
from tiffin.runtime.json_text import json_text
from tiffin.runtime.uses import note_uses
from tiffin.web.assistants import OfferedTool, offered
from tiffin.web.edge import request_context

if TYPE_CHECKING:
    from mcp.server.lowlevel import Server

router = APIRouter(tags=["assistants"])

Entering = Callable[[], AbstractContextManager[Context]]
"""Opens the unit of work of one call."""

INSTRUCTIONS = (
    "Governed numbers of a delivery marketplace. Find metrics with list_metrics, read what one means with "
    "describe_metric, then ask for numbers with query_metrics. Name the metric and its version with every number that "
    "you pass on, say when facts are simulated, and never compute a ratio from rows when there is a metric for it."
)


class Search(BaseModel):
    """What to look for."""

    model_config = ConfigDict(extra="forbid")

    search: Name = Field(default="", description="Part of a name, label or meaning; empty for all.")


class Named(BaseModel):
    """One metric."""

    model_config = ConfigDict(extra="forbid")

    name: Name = Field(description="Name of the metric, such as late_share.")


class Several(BaseModel):
    """Some metrics."""

    model_config = ConfigDict(extra="forbid")

    metrics: list[Name] = Field(default=[], max_length=100, description="Names of metrics; none for all dimensions.")


@dataclass(frozen=True, slots=True)
class AssistantTool:
    """Something that an assistant may ask; it reads and changes nothing."""

    name: str
    takes: type[BaseModel]
    answer: Callable[[Context, Any], dict[str, Any]]

    @property
    def meaning(self) -> str:
        """What it does, in words."""
        return str(TOOL_MEANINGS[self.name])


def _list(context: Context, asked: Search) -> dict[str, Any]:
    found = service.search_metrics(context, asked.search)
    kept = ("name", "label", "meaning", "unit", "tier")
    plain = [metric_as_plain(metric, context.locale) for metric in found]
    return {"metrics": [{key: item[key] for key in kept} for item in plain]}


def _describe(context: Context, asked: Named) -> dict[str, Any]:
    return metric_in_full(
        service.find_metric(context, asked.name),
        context.locale,
        lineage=service.lineage(context, asked.name),
        dimensions=service.dimensions_of(context, asked.name),
        children=service.children_of(context, asked.name),
    )


def _dimensions(context: Context, asked: Several) -> dict[str, Any]:
    found = service.dimensions_of(context, *asked.metrics)
    return {"dimensions": [dimension_as_plain(item, context.locale) for item in found]}


def _query(context: Context, asked: Question) -> dict[str, Any]:
    limit = MOST_ROWS if asked.limit is None else min(asked.limit, MOST_ROWS)
    one_more = asked.model_copy(update={"limit": limit + 1})
    moment = context_as_of(context, asked.as_of)
    request = service.request_of(moment, one_more.asked())
    result = service.query(moment, request)
    note_taken(context, request, Door.ASSISTANT)
    return {
        "columns": [column.name for column in result.columns],
        "rows": result.rows[:limit],
        "has_more_rows": len(result.rows) > limit,
        "receipt": result.receipt,
    }


def _explain(context: Context, asked: Question) -> dict[str, Any]:
    moment = context_as_of(context, asked.as_of)
    found = service.explain(moment, service.request_of(moment, asked.asked()))
    lineage = {name: asdict(item) for name, item in found.lineage.items()}
    return {"sql": found.sql, "lineage": lineage, "receipt": found.receipt}


TOOLS: Mapping[str, AssistantTool] = {
    tool.name: tool
    for tool in (
        AssistantTool("list_metrics", Search, _list),
        AssistantTool("describe_metric", Named, _describe),
        AssistantTool("list_dimensions", Several, _dimensions),
        AssistantTool("query_metrics", Question, _query),
        AssistantTool("explain_metrics", Question, _explain),
    )
}


def tools() -> Mapping[str, AssistantTool | OfferedTool]:
    """Give every tool: those of metrics, and those that other capabilities offer."""
    return {**TOOLS, **offered()}


def called(entering: Entering, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Answer one call in a unit of work of its own.

    Raises
    ------
    TiffinError
        Whatever the same question would raise anywhere else.
    """
    known = tools()
    if name not in known:
        raise NotFound(f"There is no tool {name}. There are {', '.join(known)}.")
    tool = known[name]
    try:
        asked = tool.takes.model_validate(arguments)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise WrongUse(f"The arguments of {name} do not fit: {faults}. See its input schema.") from error
    with entering() as context:
        begun = perf_counter()
        found: dict[str, Any] = json.loads(json_text(tool.answer(context, asked)))
        note_uses(context, (AssetId(AssetKind.TOOL, name),), milliseconds=(perf_counter() - begun) * 1000)
        return found


def assistant_server(entering: Entering) -> "Server[Any]":
    """Make the protocol's server for whoever ``entering`` lets in.

    Raises
    ------
    Unavailable
        The extra ``assistants`` is not installed.
    """
    # The protocol's library takes a second to import, and is an optional extra.
    try:
        import mcp_types as types  # noqa: PLC0415 - for the reason above
        from mcp.server.lowlevel import Server  # noqa: PLC0415 - the same
    except ImportError as error:
        raise Unavailable(
            f"Serving assistants needs the package mcp; {error.name} is not installed. Get it with "
            "`pip install 'tiffin[assistants]'`."
        ) from error

    async def list_tools(*_: Any) -> types.ListToolsResult:
        return types.ListToolsResult(
            tools=[
                types.Tool(
                    name=tool.name,
                    description=str(tool.meaning),
                    input_schema=tool.takes.model_json_schema(),
                    annotations=types.ToolAnnotations(read_only_hint=True, open_world_hint=False),
                )
                for tool in tools().values()
            ]
        )

    async def call_tool(_: Any, asked: types.CallToolRequestParams) -> types.CallToolResult:
        try:
            found = await run_in_threadpool(called, entering, asked.name, asked.arguments or {})
        except TiffinError as error:
            return types.CallToolResult(content=[types.TextContent(type="text", text=str(error))], is_error=True)
        text = types.TextContent(type="text", text=json.dumps(found, ensure_ascii=False))
        return types.CallToolResult(content=[text], structured_content=found)

    return Server("tiffin", instructions=INSTRUCTIONS, on_list_tools=list_tools, on_call_tool=call_tool)


class _Exchange(Response):
    """One message of an assistant and its answer; nothing is kept between two of them."""

    def __init__(self, server: "Server[Any]") -> None:
        super().__init__()
        self._server = server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager  # noqa: PLC0415 - optional extra

        manager = StreamableHTTPSessionManager(self._server, json_response=True, stateless=True)
        async with manager.run():
            await manager.handle_request(scope, receive, send)


@router.post("/api/mcp", include_in_schema=False)
async def exchange(request: Request) -> Response:
    """Answer an assistant that shows an access token, or a browser that is signed in."""
    entering = partial(_entering, request)
    await run_in_threadpool(_let_in, entering)
    return _Exchange(assistant_server(entering))


def _entering(request: Request) -> AbstractContextManager[Context]:
    return contextmanager(request_context)(request)


def _let_in(entering: Entering) -> None:
    with entering():
        return
