"""Start a real Apache Spark cluster on this machine and run tests on it: a master, two workers, a Connect server.

    .venv/bin/python tests/spark_cluster.py                      the metric contract's tests, on the cluster
    .venv/bin/python tests/spark_cluster.py tests/metrics -k agree
    .venv/bin/python tests/spark_cluster.py --kill-worker        one worker dies in mid-query; the answer must be exact
    .venv/bin/python tests/spark_cluster.py --serve              keep it running, and print its address

Spark comes with PyPI's ``pyspark`` (some 460 MB to fetch) into an environment of its own: TIFFIN_SPARK_PYTHON names its
Python, else one is made under ``~/.cache/tiffin``. Java 17 or later is needed. The workers get a core and 2 GB each.
"""

import argparse
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
SPARK = "pyspark[connect]==4.2.0"
LOCAL = "127.0.0.1"
WORKERS = 2
PATIENCE_S = 90.0
ENGINES = "tests/runtime/warehouse/test_engines.py"
CONTRACT = (
    "tests/metrics/test_engines_agree.py",
    "tests/rehearsals/test_on_spark.py",
    ENGINES,
    # Without Delta's package tables that another tool partitioned are refused, as docs/spark.md says.
    f"--deselect={ENGINES}::test_a_table_that_another_tool_partitioned_is_read[spark]",
    # The address of the cluster wins over the silent one that this test names.
    f"--deselect={ENGINES}::TestSpark::test_a_server_that_does_not_answer_is_told_at_once",
)


@dataclass(slots=True)
class Cluster:
    """A running cluster.

    Parameters
    ----------
    workers : list of Popen
        The worker processes; each with its executors is a process group of its own.
    """

    url: str
    monitor: str
    workers: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def alive_workers(self) -> int:
        """Ask the master how many workers it has."""
        with urlopen(f"{self.monitor}/json/", timeout=5) as answer:  # noqa: S310 - http to this machine
            return int(json.load(answer)["aliveworkers"])

    def kill_worker(self) -> None:
        """Kill one worker and whatever it was computing, without a word to anybody."""
        os.killpg(self.workers[0].pid, signal.SIGKILL)


def spark_python() -> Path:
    """Give the Python that has Spark, in an environment of its own; made at the first call."""
    named = os.environ.get("TIFFIN_SPARK_PYTHON")
    python = Path(named) if named else Path.home() / ".cache/tiffin/spark/bin/python"
    if not python.exists():
        print(f"Spark goes into {python.parent.parent} …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(python.parent.parent)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", SPARK], check=True)
    return python


@contextmanager
def running_cluster(folder: Path, python: Path) -> Iterator[Cluster]:
    """Run a cluster while the block lasts; its logs and scratch files lie in the folder."""
    home = subprocess.run(
        [str(python), "-c", "import pyspark, os; print(os.path.dirname(pyspark.__file__))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    environment = {
        **os.environ,
        "SPARK_HOME": home,
        "SPARK_LOCAL_IP": LOCAL,
        "SPARK_DAEMON_MEMORY": "512m",
        # What the workers run for us needs Tiffin, which the Python of Spark itself does not have.
        "PYSPARK_PYTHON": sys.executable,
    }
    master, monitor, connect = (free_port() for _ in range(3))
    cluster = Cluster(f"sc://{LOCAL}:{connect}", f"http://{LOCAL}:{monitor}")
    deploy = [f"{home}/bin/spark-class", "org.apache.spark.deploy"]
    with contextlib.ExitStack() as stack:

        def start(name: str, *command: str) -> "subprocess.Popen[bytes]":
            log = stack.enter_context((folder / f"{name}.log").open("wb"))
            process = subprocess.Popen(
                command, env=environment, cwd=folder, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
            stack.callback(end_group, process)
            return process

        at = ("--host", LOCAL)
        ports = ("--port", str(master), "--webui-port", str(monitor))
        start("master", deploy[0], f"{deploy[1]}.master.Master", *at, *ports)
        wait_for("the master", lambda: is_open(monitor))
        for number in range(WORKERS):
            own = ["--cores", "1", "--memory", "2g", "--work-dir", str(folder / f"worker-{number}")]
            kind = f"{deploy[1]}.worker.Worker"
            worker = start(f"worker-{number}", deploy[0], kind, *at, *own, f"spark://{LOCAL}:{master}")
            cluster.workers.append(worker)
        wait_for("both workers", lambda: cluster.alive_workers() == WORKERS)
        start("connect", f"{home}/bin/spark-submit", *connect_options(master, connect))
        wait_for("the Connect server", lambda: is_open(connect))
        yield cluster


def connect_options(master: int, port: int) -> list[str]:
    """Give the options of the Connect server: its own memory, its executors', and where it listens."""
    settings = {
        "spark.driver.host": LOCAL,
        "spark.driver.bindAddress": LOCAL,
        "spark.driver.memory": "1g",
        "spark.executor.memory": "1536m",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "4",
        "spark.ui.enabled": "false",
        "spark.connect.grpc.binding.address": LOCAL,
        "spark.connect.grpc.binding.port": str(port),
    }
    options = [part for name, value in settings.items() for part in ("--conf", f"{name}={value}")]
    # Not sbin/start-connect-server.sh, which does the same: PyPI's package leaves it out.
    server = ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal"]
    return ["--master", f"spark://{LOCAL}:{master}", *options, *server]


def free_port() -> int:
    """Give a port of this machine that nobody listens on."""
    with socket.socket() as found:
        found.bind((LOCAL, 0))
        return int(found.getsockname()[1])


def is_open(port: int) -> bool:
    """Tell whether something listens on a port of this machine."""
    with contextlib.suppress(OSError), socket.create_connection((LOCAL, port), timeout=1):
        return True
    return False


def wait_for(what: str, is_there: Callable[[], bool]) -> None:
    """Wait until something is there.

    Raises
    ------
    TimeoutError
        It did not come in time.
    """
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            if is_there():
                return
        time.sleep(0.25)
    raise TimeoutError(f"{what} did not come up within {PATIENCE_S:.0f} s; its log says why.")


def end_group(process: "subprocess.Popen[bytes]") -> None:
    """End a process and those that it started."""
    for kind in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
            os.killpg(process.pid, kind)
            process.wait(10)


def run_tests(cluster: Cluster, arguments: list[str]) -> int:
    """Run tests with the cluster as their engine `spark`."""
    environment = {**os.environ, "TIFFIN_SPARK_URL": cluster.url}
    command = [sys.executable, "-m", "pytest", "-q", *(arguments or CONTRACT)]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def kill_in_mid_query(cluster: Cluster, orders: int) -> int:
    """Ask a distinct count and a percentile of millions of orders, kill a worker meanwhile, compare with DuckDB."""
    os.environ["TIFFIN_SPARK_URL"] = cluster.url
    sys.path.insert(0, str(ROOT / "benchmarks"))
    from make_orders import make_orders  # noqa: PLC0415 - a benchmark's script

    from tiffin.capabilities.metrics import service  # noqa: PLC0415 - after the address is set
    from tiffin.engines.metrics.request import MetricRequest  # noqa: PLC0415 - the same
    from tiffin.runtime.edge import open_context  # noqa: PLC0415 - the same

    folder = make_orders(orders)
    request = MetricRequest(("orders", "unique_customers", "click_to_door_p90"), ("country", "week"))

    def asked(engine: str) -> tuple[tuple[object, ...], ...]:
        with open_context(folder, engine=engine) as context:
            return tuple(service.query(context, request).rows)

    expected = asked("duckdb")
    asked("spark")  # the first query of a session also starts its executors
    started = time.monotonic()
    asked("spark")
    calm = time.monotonic() - started
    killer = threading.Timer(calm * 0.4, cluster.kill_worker)
    killer.start()
    started = time.monotonic()
    found = asked("spark")
    took = time.monotonic() - started
    is_late = killer.is_alive()
    killer.cancel()
    agree = len(found) == len(expected) and all(map(close, found, expected))
    print(
        f"{orders} orders, {len(found)} rows: {calm:.1f} s with {WORKERS} workers; {took:.1f} s with one killed after "
        f"{calm * 0.4:.1f} s ({cluster.alive_workers()} of {WORKERS} alive as the master sees it): answers "
        f"{'agree' if agree else 'DIFFER'}{'; the answer came before the kill' if is_late else ''}."
    )
    return 0 if agree and not is_late else 1


def close(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """Tell whether two rows hold the same values; doubles may differ in their last digits."""
    return all(
        abs(x - y) <= 1e-9 * max(abs(x), abs(y)) if isinstance(x, float) and isinstance(y, float) else x == y
        for x, y in zip(one, other, strict=True)
    )


def main() -> int:
    """Do what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--serve", action="store_true", help="keep the cluster until Ctrl-C")
    parser.add_argument("--kill-worker", action="store_true", help="kill a worker in mid-query and compare")
    parser.add_argument("--orders", type=int, default=2_000_000, help="orders for --kill-worker")
    options, tests = parser.parse_known_args()
    if not shutil.which("java"):
        print("Java 17 or later was expected on the PATH, and there is none.", file=sys.stderr)
        return 7
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the cluster ends with the script
    python = spark_python()
    started = time.monotonic()
    scratch = tempfile.TemporaryDirectory(prefix="spark-", ignore_cleanup_errors=True)
    with scratch as folder, running_cluster(Path(folder), python) as cluster:
        print(f"{WORKERS} workers behind {cluster.url} after {time.monotonic() - started:.0f} s", flush=True)
        if options.serve:
            with contextlib.suppress(KeyboardInterrupt):
                signal.pause()
            return 0
        return kill_in_mid_query(cluster, options.orders) if options.kill_worker else run_tests(cluster, tests)


if __name__ == "__main__":
    sys.exit(main())
