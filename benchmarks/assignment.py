"""How fast arms are given: by the function, by the batch, and over HTTP to a console of its own; and whether they stay.

Run it with ``.venv/bin/python benchmarks/assignment.py WORKSPACE [REQUESTS]``; the workspace is copied. Two trials run
in the copy: one over merchants and a switchback over zones. The plain peer draws the same arms by a hash in one line,
and serves them from a bare HTTP server of the standard library, which knows neither accounts nor a database.
"""

import hashlib
import http.client
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tiffin.capabilities.access import service as access
from tiffin.capabilities.access.service.tokens import make_token
from tiffin.capabilities.experiments.service.trials import act, propose
from tiffin.engines.experiments.assigning.allocation import Allocation, arm_of, arms_of
from tiffin.engines.experiments.assigning.windows import Schedule, placed
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context

ASKED_A_SECOND, ASKED_P95_MS = 20_000, 5.0
EVEN = (("today", 5_000), ("new", 5_000))
ALLOCATION = Allocation("a trial", EVEN)
UNITS = [f"merchant-{number}" for number in range(100_000)]
BATCH = 1_000
AGREER = "agreer"
"""Second person, without whom no trial runs."""
REQUESTS = 2_000
LAUNCHER = Path(__file__).parents[1] / "tiffin"


def main() -> int:
    """Print the figure asked, the figure found and whether it holds; 1 where one is missed."""
    source, *asked = sys.argv[1:]
    requests = int(asked[0]) if asked else REQUESTS
    good = [*functions(), http_figures(Path(source), requests)]
    return int(not all(good))


def functions() -> Iterator[bool]:
    """Time the functions, in units a CPU second."""
    schedule = Schedule("a trial", ("today", "new"), 60)
    alone = rate(lambda: [arm_of(ALLOCATION, unit) for unit in UNITS[:30_000]], 30_000)
    many = rate(lambda: arms_of(ALLOCATION, UNITS), len(UNITS))
    window = rate(lambda: [placed(schedule, unit, 3, 700) for unit in UNITS[:30_000]], 30_000)
    plain = rate(lambda: [int(hashlib.md5(b"a trial" + u.encode()).hexdigest(), 16) % 2 for u in UNITS], len(UNITS))  # noqa: S324 - the peer's
    for what, found in (("one by one", alone), ("all at once", many), ("windows of a switchback", window)):
        told(f"arms a CPU second, {what}", f">= {ASKED_A_SECOND:,}", f"{found:,.0f}", good=found >= ASKED_A_SECOND)
        yield found >= ASKED_A_SECOND
    sys.stdout.write(f"  the hash in one line of its own: {plain:,.0f} a CPU second; ratio {many / plain:.2f}\n")


def http_figures(source: Path, requests: int) -> bool:
    """Time requests over HTTP, of units met for the first time and of known ones."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(shutil.copytree(source, Path(folder) / "workspace"))
        token = begun(root)
        with serving(root) as port:
            caller = Caller(port, token)
            caller.arm("split", "warm")
            fresh = [caller.timed("split", f"merchant-{number}") for number in range(requests)]
            known = [caller.timed("split", f"merchant-{number}") for number in range(requests)]
            window = [caller.timed("switchback", caller.area) for _ in range(requests)]
            batch = batch_rate(caller)
            before = {unit: caller.arm("split", unit) for unit in UNITS[:200]}
        with serving(root) as port:
            again = Caller(port, token)
            stays = all(again.arm("split", unit) == arm for unit, arm in before.items())
    with plain_server() as port:
        plain = [Caller(port, "").timed("split", f"merchant-{number}") for number in range(requests)]
    good = [batch >= ASKED_A_SECOND, stays]
    for what, found in (("first met", fresh), ("known", known), ("a window of a switchback", window)):
        p95 = statistics.quantiles(found, n=20)[-1]
        good.append(p95 <= ASKED_P95_MS)
        figure = f"{p95:.2f} ms (median {statistics.median(found):.2f})"
        told(f"one arm over HTTP, p95, {what}", f"<= {ASKED_P95_MS:.0f} ms", figure, good=good[-1])
    peer = statistics.quantiles(plain, n=20)[-1]
    sys.stdout.write(f"  a bare server of the standard library, without accounts or a database: p95 {peer:.2f} ms\n")
    told("arms a second by batches, noted, in the process", f">= {ASKED_A_SECOND:,}", f"{batch:,.0f}", good=good[0])
    told("arms that differ after a restart", "0 of 200", "0" if stays else "some", good=stays)
    return all(good)


def begun(root: Path) -> str:
    """Let two trials run in a workspace; gives a token of its owner."""
    with open_context(root) as context:
        city = context.warehouse.query_text("SELECT city_id FROM zones ORDER BY city_id LIMIT 1").to_pylist()[0]
        today = datetime.now(UTC).date()
        days = {"first": today.isoformat(), "last": (today + timedelta(days=13)).isoformat()}
        common = {"question": "How fast?", "cities": [city["city_id"]], "metric": "late_share", "smallest_effect": 0.01}
        arms = [{"name": name, "share_bp": share} for name, share in EVEN]
        for name, design in (
            ("split", {"design": "split", "unit": "merchant"}),
            ("switchback", {"design": "switchback", "unit": "zone", "window_min": 120}),
        ):
            propose(context, {"name": name, "arms": arms, **common, **design, **days})
            act(context, name, "submit_trial")
    with open_context(root) as context:
        access.add_account(context, AGREER)
        access.grant(context, AGREER, Role.CITY_MANAGER, countries=["*"], terms=access.Terms("benchmark"))
    with open_context(root, user=AGREER) as context:
        for name in ("split", "switchback"):
            act(context, name, "approve_trial")
            act(context, name, "start_trial")
    with open_context(root) as context:
        token, _ = make_token(context, "assignment", days=1)
    return token


class Caller:
    """Somebody who asks over one connection that is kept."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        self._headers = {"Authorization": f"Bearer {token}"}
        self.area = ""
        if token:
            found = self._asked("/api/experiments/switchback")
            self.area = f"{found['cities'][0]}/zone"

    def arm(self, trial: str, unit: str) -> Any:
        """Ask for an arm."""
        return self._asked(f"/api/experiments/{trial}/arm?unit={quote(unit)}")["arm"]

    def timed(self, trial: str, unit: str) -> float:
        """Ask for an arm; gives the milliseconds."""
        begun_at = time.perf_counter()
        self.arm(trial, unit)
        return (time.perf_counter() - begun_at) * 1000

    def batch(self, units: list[str]) -> None:
        """Ask for many arms."""
        self._connection.request("POST", "/api/experiments/split/arms", json.dumps({"units": units}),
                                 self._headers | {"Content-Type": "application/json"})  # fmt: skip
        self._connection.getresponse().read()

    def _asked(self, path: str) -> Any:
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        said = json.loads(answer.read())
        if answer.status != http.HTTPStatus.OK:
            raise SystemExit(f"{path}: {answer.status} {said}")
        return said


def batch_rate(caller: Caller) -> float:
    """Ask for batches of units met for the first time; gives units a second."""
    begun_at = time.perf_counter()
    for number in range(20):
        caller.batch([f"batch-{number}-{unit}" for unit in range(BATCH)])
    return 20 * BATCH / (time.perf_counter() - begun_at)


@contextmanager
def serving(root: Path) -> Iterator[int]:
    """Serve the console in a process of its own; gives the port."""
    command = [str(LAUNCHER), "serve", "--port", "0", "--workspace", str(root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as console:  # noqa: S603 - ours
        try:
            for line in console.stdout or ():
                if at := re.search(r"127\.0\.0\.1:(\d+)", line):
                    port = int(at[1])
                    break
            wait_for(port)
            yield port
        finally:
            console.terminate()


def wait_for(port: int) -> None:
    """Wait until a server answers."""
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/api/openapi.json")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the console did not answer within half a minute")


@contextmanager
def plain_server() -> Iterator[int]:
    """Serve the peer's arms."""

    class Plain(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            arm = int(hashlib.md5(self.path.encode()).hexdigest(), 16) % 2  # noqa: S324 - the peer's
            said = json.dumps({"arm": arm}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Plain)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()


def rate(work: Callable[[], object], count: int) -> float:
    """Give how many a CPU second, by the median of five."""
    found = []
    for _ in range(5):
        begun_at = time.process_time()
        work()
        found.append(count / (time.process_time() - begun_at))
    return statistics.median(found)


def told(what: str, asked: str, found: str, *, good: bool) -> None:
    """Print one figure."""
    sys.stdout.write(f"{what:<52} asked {asked:>10}  found {found:>26}  {'holds' if good else 'MISSED'}\n")


if __name__ == "__main__":
    sys.exit(main())
