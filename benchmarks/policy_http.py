"""Ask a server for decisions, many in one request, and set the rate against what one process decides by itself.

``nice .venv/bin/python benchmarks/policy_http.py [CASES]`` makes a workspace, serves it from a process of its own over
a socket, and sends it the worked cases of the shipped liability policy over and over, as JSON lines in one request.
"""

import http.client
import json
import os
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import uvicorn

from tiffin.app import create_app
from tiffin.capabilities.access.service import tokens
from tiffin.capabilities.policies.domain.plain import value_as_plain
from tiffin.capabilities.policies.service.answering import AskedCase, decide_lines
from tiffin.capabilities.policies.service.deciding import desk_of
from tiffin.capabilities.policies.service.library import in_force
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import create_workspace

POLICY = "liability"
CASES = 20_000
ROUNDS = 3
TICK = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print decisions a second: by the desk alone, with reason and JSON, and over HTTP."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    root = create_workspace(Path(tempfile.mkdtemp()) / "workspace").root
    with open_context(root) as context:
        token = tokens.make_token(context, "benchmark", days=1)[0]
        today = context.now.date()
        found = in_force(context, POLICY, today)
        cases = list(islice(cycle(told_cases(found.stated.worked_cases, today)), count))
        body = "\n".join(json.dumps(one) for one in cases).encode()
        desk, asked = desk_of(found), [AskedCase.model_validate(one).case(today) for one in cases]
        best = min(spent(lambda: [desk.decide(one) for one in asked]) for _ in range(ROUNDS))
        print(f"desk alone:        {count / best:>9,.0f} decisions a CPU second")
        best = min(spent(lambda: decide_lines(context, POLICY, body)) for _ in range(ROUNDS))
        print(f"with reason, JSON: {count / best:>9,.0f} decisions a CPU second")
    with served(root) as (port, process):
        rounds = [over_http(port, process, token, body) for _ in range(ROUNDS)]
    wall, cpu = min(one[0] for one in rounds), min(one[1] for one in rounds)
    print(f"over HTTP:         {count / cpu:>9,.0f} decisions a CPU second of the server, {count / wall:,.0f} a second")


def told_cases(worked: Any, today: date) -> Iterator[dict[str, Any]]:
    """Write worked cases as a program sends them."""
    for one in worked:
        facts = {name: value_as_plain(value) for name, value in one.given.items()}
        yield {"facts": facts, "market": one.market or "SA", "city": one.city or "riyadh", "on": today.isoformat()}


def spent(act: Any) -> float:
    """Give the CPU seconds that something takes."""
    begun = time.process_time()
    act()
    return time.process_time() - begun


@contextmanager
def served(root: Path) -> Iterator[tuple[int, int]]:
    """Serve a workspace from a process of its own; give its port and its number."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = get_context("spawn").Process(target=serve, args=(root, port), daemon=True)
    server.start()
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    try:
        yield port, int(server.pid or 0)
    finally:
        server.terminate()
        server.join()


def serve(root: Path, port: int) -> None:
    """Serve until the process is ended."""
    uvicorn.run(create_app(root), host="127.0.0.1", port=port, log_level="warning")


def over_http(port: int, process: int, token: str, body: bytes) -> tuple[float, float]:
    """Send all cases; give the seconds until the last answer was there, and the server's CPU seconds."""
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/x-ndjson"}
    begun, before = time.perf_counter(), cpu_of(process)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    connection.request("POST", f"/api/policies/{POLICY}/decide-batch", body, headers)
    answer = connection.getresponse()
    lines = answer.read().splitlines()
    if answer.status != http.client.OK or any(b'"error"' in one for one in lines):
        raise SystemExit(f"{answer.status}: {lines[:1]!r}")
    return time.perf_counter() - begun, cpu_of(process) - before


def cpu_of(process: int) -> float:
    """Read the CPU seconds that a process has taken."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


if __name__ == "__main__":
    main()
