"""Many simulations side by side."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tiffin.capabilities.rehearsals.service.many import AHEAD, simulate_many
from tiffin.kernel.errors import Unavailable

PROCESSES = 2
FORGOTTEN = """
from tiffin.capabilities.rehearsals.service.many import simulate_many
import time
if __name__ == "__main__":
    sleeping = simulate_many(time.sleep, [0.01, 60.0, 60.0, 60.0], processes=2)
    next(sleeping)
    print("asleep", flush=True)
    time.sleep(60)
"""


def own_number(task: int) -> tuple[int, int]:
    return task, os.getpid()


def fall_at_two(task: int) -> int:
    if task == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return task


def refuse(task: int) -> int:
    raise ValueError(str(task))


@pytest.mark.parametrize("processes", [1, PROCESSES])
def test_results_come_in_the_order_of_the_tasks(processes: int) -> None:
    found = list(simulate_many(own_number, range(20), processes=processes))

    assert [task for task, _ in found] == list(range(20))
    assert (os.getpid() in {number for _, number in found}) == (processes == 1)


def test_a_killed_process_is_told() -> None:
    with pytest.raises(Unavailable, match="has died"):
        list(simulate_many(fall_at_two, range(8), processes=PROCESSES))


def test_what_a_task_raises_is_raised() -> None:
    with pytest.raises(ValueError, match="0"):
        list(simulate_many(refuse, range(8), processes=PROCESSES))


def test_no_more_is_begun_than_a_few_tasks_ahead() -> None:
    begun: list[int] = []

    def tasks() -> Iterator[int]:
        for number in range(1000):
            begun.append(number)
            yield number

    with closing(simulate_many(own_number, tasks(), processes=PROCESSES)) as results:
        for _ in range(3):
            next(results)

    assert len(begun) <= 3 + AHEAD * PROCESSES


def test_processes_die_with_the_one_that_gave_them_work(tmp_path: Path) -> None:
    """The parent is killed while two of its processes sleep for a minute: they do not outlive it."""
    (tmp_path / "forgotten.py").write_text(FORGOTTEN)
    parent = subprocess.Popen(
        [sys.executable, str(tmp_path / "forgotten.py")],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        text=True,
    )
    assert parent.stdout is not None
    assert parent.stdout.readline().strip() == "asleep"
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()

    deadline = time.monotonic() + 10
    while _alive(parent.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _alive(parent.pid)


def _alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
