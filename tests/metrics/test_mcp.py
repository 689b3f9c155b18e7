"""Metrics for assistants: what the protocol's own client gets is what everybody gets."""

import asyncio
import json
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import httpx2
import pytest
import uvicorn
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.access.service import tokens
from tiffin.capabilities.metrics import service
from tiffin.capabilities.metrics.api.assistants import MOST_ROWS, TOOLS, assistant_server
from tiffin.engines.metrics.request import MetricRequest
from tiffin.runtime.actor import Grant, Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

ASKED = {"metrics": ["orders", "late_share"], "by": ["city_id"], "where": ["country = 'SA'"]}


def told(server: Any, *calls: tuple[str, dict[str, Any]]) -> list[Any]:
    """Connect the protocol's client to a server and make some calls."""

    async def talk() -> list[Any]:
        async with Client(server) as client:
            return [await client.call_tool(name, arguments) for name, arguments in calls]

    return asyncio.run(talk())


def test_an_answer_holds_the_numbers_and_their_receipt(small: Workspace, entering: Any) -> None:
    server = assistant_server(partial(entering, small))
    (answer,) = told(server, ("query_metrics", ASKED))
    assert not answer.is_error
    found = answer.structured_content
    with entering(small) as context:
        expected = service.query(context, service.request_of(context, _asked()))
    assert found["columns"] == ["city_id", "orders", "late_share"]
    assert [tuple(row) for row in found["rows"]] == list(expected.rows)
    assert found["receipt"]["sql_sha256"] == _with_limit(small, entering)
    assert found["receipt"]["metrics"]["late_share"]["version"] == 1
    assert json.loads(answer.content[0].text) == found


def _asked() -> Any:
    from tiffin.capabilities.metrics.api.questions import Question  # noqa: PLC0415 - as the tools do

    return Question(**ASKED).asked()


def _with_limit(small: Workspace, entering: Any) -> str:
    from tiffin.capabilities.metrics.api.questions import Question  # noqa: PLC0415 - as the tools do

    with entering(small) as context:
        asked = Question(**ASKED, limit=MOST_ROWS + 1).asked()
        return service.query(context, service.request_of(context, asked)).receipt.sql_sha256


def test_an_assistant_sees_only_what_its_reader_may(small: Workspace, entering: Any) -> None:
    grants = (Grant(Role.ANALYST, ("KW",), ()),)
    server = assistant_server(partial(entering, small, grants=grants))
    (answer,) = told(server, ("query_metrics", {"metrics": ["orders"], "by": ["city_id"]}))
    assert [row[0] for row in answer.structured_content["rows"]] == ["kuwait"]
    (refused,) = told(assistant_server(partial(entering, small, grants=())), ("query_metrics", {"metrics": ["orders"]}))
    assert refused.is_error


def test_every_tool_is_declared_and_answers(small: Workspace, entering: Any) -> None:
    server = assistant_server(partial(entering, small))

    async def listed() -> Any:
        async with Client(server) as client:
            return await client.list_tools()

    tools = {tool.name: tool for tool in asyncio.run(listed()).tools}
    assert set(tools) >= set(TOOLS)
    assert all(tool.annotations.read_only_hint for tool in tools.values())
    assert "metrics" in tools["query_metrics"].input_schema["required"]
    found = told(
        server,
        ("list_metrics", {"search": "late"}),
        ("describe_metric", {"name": "late_share"}),
        ("list_dimensions", {"metrics": ["orders", "refund_share"]}),
        ("explain_metrics", ASKED),
    )
    assert not any(answer.is_error for answer in found)
    assert "late_share" in {item["name"] for item in found[0].structured_content["metrics"]}
    assert found[1].structured_content["formula"]
    assert "city_id" in {item["name"] for item in found[2].structured_content["dimensions"]}
    assert set(found[3].structured_content["sql"]) == {"duckdb", "spark"}


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("query_metrics", {"metrics": ["lates_share"]}, "late_share"),
        ("query_metrics", {"metrics": ["orders"], "sql": "drop"}, "sql"),
        ("query_metrics", {}, "metrics"),
        ("describe_metric", {"name": "nothing"}, "nothing"),
        ("drop_table", {}, "query_metrics"),
    ],
)
def test_what_is_wrong_is_told_in_one_paragraph(
    small: Workspace, entering: Any, name: str, arguments: dict[str, Any], said: str
) -> None:
    (answer,) = told(assistant_server(partial(entering, small)), (name, arguments))
    assert answer.is_error
    text = answer.content[0].text
    assert said in text
    assert "\n" not in text
    assert "Traceback" not in text


def test_rows_beyond_the_limit_are_announced(small: Workspace, entering: Any) -> None:
    server = assistant_server(partial(entering, small))
    asked = {"metrics": ["orders"], "by": ["city_id"], "limit": 2}
    few, all_of_them = told(server, ("query_metrics", asked), ("query_metrics", {**asked, "limit": 50}))
    assert len(few.structured_content["rows"]) == 2
    assert few.structured_content["has_more_rows"]
    assert not all_of_them.structured_content["has_more_rows"]


def test_a_process_serves_an_assistant_over_its_standard_input(small: Workspace) -> None:
    with open_context(small.root):
        pass  # the owner's account is there
    command = ["-m", "tiffin.cli", "serve-assistant", "--workspace", str(small.root)]
    program = StdioServerParameters(command=sys.executable, args=command)
    (answer,) = told(program, ("query_metrics", {"metrics": ["orders"]}))
    with open_context(small.root) as context:
        expected = service.query(context, MetricRequest(("orders",))).rows
    assert answer.structured_content["rows"] == [list(row) for row in expected]


@pytest.fixture(scope="module")
def console(small: Workspace) -> Iterator[str]:
    """The console on a port of this machine."""
    server = uvicorn.Server(uvicorn.Config(create_app(small), host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(5)


def test_an_assistant_shows_its_token_over_http(small: Workspace, console: str) -> None:
    with open_context(small.root) as context:
        if not any(view.name == "mona" for view in access.list_accounts(context)):
            access.add_account(context, "mona")
            access.grant(context, "mona", Role.ANALYST, countries=["KW"], terms=access.Terms("tests"))
    with open_context(small.root, user="mona") as context:
        token, view = tokens.make_token(context, "assistant", days=1)

    async def talk() -> Any:
        headers = {"authorization": f"Bearer {token}"}
        async with httpx2.AsyncClient(headers=headers) as http:
            transport = streamable_http_client(f"{console}/api/mcp", http_client=http)
            async with Client(transport) as client:
                return await client.call_tool("query_metrics", {"metrics": ["orders"], "by": ["country"]})

    answer = asyncio.run(talk())
    assert [row[0] for row in answer.structured_content["rows"]] == ["KW"]
    assert answer.structured_content["receipt"]["asked_by"] == "mona"
    with open_context(small.root) as context:
        tokens.revoke_token(context, view.token_id)
    with pytest.raises(BaseException):  # noqa: B017, PT011 - the client tells a refusal in several ways
        asyncio.run(talk())


def test_an_assistant_is_told_nothing_more_once_the_grant_is_taken_back(small: Workspace, console: str) -> None:
    with open_context(small.root) as context:
        access.add_account(context, "bahar")
        given = access.grant(context, "bahar", Role.ANALYST, countries=["KW"], terms=access.Terms("tests"))
    with open_context(small.root, user="bahar") as context:
        token, _ = tokens.make_token(context, "assistant", days=1)

    async def talk() -> tuple[Any, Any]:
        question = ("query_metrics", {"metrics": ["orders"], "by": ["country"]})
        async with httpx2.AsyncClient(headers={"authorization": f"Bearer {token}"}) as http:
            transport = streamable_http_client(f"{console}/api/mcp", http_client=http)
            async with Client(transport) as client:
                before = await client.call_tool(*question)
                with open_context(small.root) as context:
                    access.revoke(context, given.grant_id)
                return before, await client.call_tool(*question)

    before, after = asyncio.run(talk())

    assert [row[0] for row in before.structured_content["rows"]] == ["KW"]
    assert after.is_error
    assert "KW" not in str(after)


def test_a_stranger_is_not_let_in(console: str) -> None:
    answer = httpx2.post(f"{console}/api/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"})
    assert answer.status_code == 401
