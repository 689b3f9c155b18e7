"""Many simulations side by side, in processes of one machine."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing.connection import wait
from typing import TypeVar

from tiffin.kernel.errors import Unavailable

Task = TypeVar("Task")
Result = TypeVar("Result")

PRELOADED = (
    "tiffin.capabilities.rehearsals.service.definitions",
    "tiffin.engines.simulation.city_day",
    "tiffin.engines.simulation.instances.dispatchers",
)
"""Imported once, by the process that the others are forked from."""

AHEAD = 2
"""Tasks begun or waiting for each process: so many results at most lie in memory before somebody takes them."""


def simulate_many(
    work: Callable[[Task], Result], tasks: Iterable[Task], *, processes: int | None = None
) -> Generator[Result]:
    """Do the work of every task, several at once, and give the results in the order of the tasks.

    Who closes the iterator, or leaves its loop, cancels: nothing more is begun, and what runs is waited for. How far
    it got is the number of results taken.

    Parameters
    ----------
    work : Callable
        A function of a module, or a `functools.partial` of one; it, the tasks and the results travel between processes.
    tasks : iterable
        Taken as they are needed, a few ahead of the results.
    processes : int or None
        How many at once; None for one a core that this process may use. With one, all is done in this very process.

    Raises
    ------
    Unavailable
        A process died; nothing of its task is known.

    Notes
    -----
    The results do not depend on how many processes there are, since chance belongs to named streams.

    Examples
    --------
    >>> list(simulate_many(abs, [-3, 2], processes=1))
    [3, 2]
    """
    wanted = processes or len(os.sched_getaffinity(0))
    if wanted == 1:
        yield from map(work, tasks)
        return
    left = iter(tasks)
    # Forked from a process without threads: this one may have some, which a fork of it would leave behind locked.
    method = multiprocessing.get_context("forkserver")
    method.set_forkserver_preload(list(PRELOADED))
    with ProcessPoolExecutor(wanted, mp_context=method, initializer=_begin) as pool:
        running: deque[Future[Result]] = deque(pool.submit(work, task) for task in islice(left, AHEAD * wanted))
        try:
            while running:
                result = running.popleft().result()
                running.extend(pool.submit(work, task) for task in islice(left, 1))
                yield result
        except BrokenProcessPool as error:
            raise Unavailable(
                "A process that simulated has died: it was killed, or the machine ran out of memory. Nothing of its "
                "work was kept. Run the same command again, with fewer processes if memory is short."
            ) from error
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _begin() -> None:
    """Leave interrupts to the process that gives the work, and die with it however it dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
