"""How fast the state of the marketplace is told again: a warm view, and a refresh where nothing has changed.

    python benchmarks/marketplace_live.py WORKSPACE [CITY DAY]

In process, through the console's whole way of a request (sign-in, rights, trail), without the network. The peer is the
same view with nothing kept: the day is read anew from the facts, as a first view does.
"""

import statistics
import sys
from pathlib import Path
from time import perf_counter

from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.balance.service import state_kept
from tiffin.capabilities.balance.service.state import last_day
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import open_workspace

VIEW_MS, REFRESH_MS = 300.0, 50.0
TIMES = 25


def main() -> None:
    """Measure and print the figures."""
    root = Path(sys.argv[1])
    with open_context(root) as context:
        token = access.make_sign_in_link(context, context.actor.name)
        city, day = sys.argv[2:4] or last_day(context) or ("", "")
    with TestClient(create_app(open_workspace(root)), follow_redirects=False) as client:
        client.get(f"/sign-in/{token}")
        address = f"/marketplace/{city}/{day}"
        first = _ms(client, address)
        cold = [_ms(client, address, forget=True) for _ in range(7)]
        warm = [_ms(client, address) for _ in range(TIMES)]
        tag = client.get(address).headers["etag"]
        refreshed = [_ms(client, address, tag=tag) for _ in range(TIMES)]
    print(f"{address}: first view of the process {first:.0f} ms")
    print(f"peer, the day read anew: p50 {statistics.median(cold):.0f} ms")
    _tell("warm view", warm, VIEW_MS)
    _tell("refresh without changes (304)", refreshed, REFRESH_MS)


def _tell(name: str, times: list[float], most: float) -> None:
    p50 = statistics.median(times)
    holds = "holds" if p50 < most else "DOES NOT HOLD"
    print(f"{name}: asked: p50 under {most:.0f} ms; found: {p50:.1f} ms -> {holds}")


def _ms(client: TestClient, address: str, *, forget: bool = False, tag: str = "") -> float:
    if forget:
        state_kept._KEPT.clear()  # noqa: SLF001 - the measure of what keeping is worth
    begun = perf_counter()
    answer = client.get(address, headers={"if-none-match": tag} if tag else {})
    took = (perf_counter() - begun) * 1000
    expected = 304 if tag else 200
    if answer.status_code != expected:
        raise SystemExit(f"{address}: {expected} was expected, {answer.status_code} came.")
    return took


if __name__ == "__main__":
    main()
