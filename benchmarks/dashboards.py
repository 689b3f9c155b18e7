"""How long a dashboard takes on a workspace such as the demo: choices, questions, drawing; without the web server.

Run it with ``.venv/bin/python benchmarks/dashboards.py WORKSPACE [ROUNDS]``.
"""

import statistics
import sys
import time
from pathlib import Path

from tiffin.capabilities.scorecards.service.library import list_dashboards
from tiffin.capabilities.scorecards.service.viewing import show_dashboard
from tiffin.runtime.edge import open_context


def main() -> None:
    """Print tiles, questions, the first time, the median and the processor time of each dashboard."""
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 7  # noqa: PLR2004 - the second argument
    with open_context(Path(sys.argv[1])) as context:
        for dashboard in list_dashboards(context):
            walls, processor = [], []
            for _ in range(rounds):
                wall, cpu = time.perf_counter(), time.process_time()
                view = show_dashboard(context, dashboard, {})
                walls.append((time.perf_counter() - wall) * 1000)
                processor.append((time.process_time() - cpu) * 1000)
            sys.stdout.write(
                f"{dashboard.name}: {len(view.tiles)} tiles, {view.requests} questions, first {walls[0]:.0f} ms, "
                f"median {statistics.median(walls):.0f} ms, processor {statistics.median(processor):.0f} ms\n"
            )


if __name__ == "__main__":
    main()
