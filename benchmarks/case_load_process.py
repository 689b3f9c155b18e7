"""One of the processes of a day at work: it takes in incidents, lets their effects follow, and serves some people.

Run by ``case_load.py``: it says that it is ready once it has gathered its facts, and is then told when to end. What it
has committed it writes, line by line, to its journal: whoever kills it can tell afterwards what must be there.
"""

import argparse
import json
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import event

from tiffin.capabilities.cases.service import act_as, workers
from tiffin.capabilities.liability.domain.incident import Incident
from tiffin.capabilities.liability.domain.routing import Decision
from tiffin.capabilities.liability.service.incidents_keeping import known_keys
from tiffin.capabilities.liability.service.judging import incidents_of, judge_part
from tiffin.capabilities.liability.service.judging_effects import HANDLERS
from tiffin.capabilities.liability.service.judging_facts import Files, files_of_days
from tiffin.capabilities.liability.service.judging_people import decide
from tiffin.capabilities.liability.service.routing import QueueFilter, file_of, take_next
from tiffin.kernel.errors import Conflict, TiffinError
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context
from tiffin.runtime.database import engine_for
from tiffin.runtime.edge import open_context
from tiffin.runtime.threads import take_short_turns
from tiffin.runtime.workspace import open_workspace

CITIES = ("riyadh", "dubai", "doha", "kuwait-city", "hong-kong", "sao-paulo")
FIRST_DAY, DAYS = date(2026, 2, 16), 14
NOTES = 0.3
"""Share of the cases to which somebody adds a note before he decides."""

IDLE_S = 0.2


class Journal:
    """Lines about what was committed, by any thread, on the disk at once; and the statements of each thread."""

    def __init__(self, file: TextIO) -> None:
        self._file, self._lock = file, threading.Lock()
        self.thread = threading.local()

    def tell(self, **said: Any) -> None:
        """Write a line."""
        with self._lock:
            self._file.write(json.dumps(said) + "\n")
            self._file.flush()

    @contextmanager
    def timed(self, what: str, **said: Any) -> Iterator[dict[str, Any]]:
        """Tell how long a piece of work took from asking to commit; one that raises is told as refused."""
        begun, cpu, self.thread.statements = time.perf_counter(), time.thread_time(), 0
        done: dict[str, Any] = {**said, "at": time.time()}
        try:
            yield done
        except TiffinError as error:
            done["refused"] = type(error).__name__
            if not isinstance(error, Conflict):
                done["why"] = str(error)[:200]
        took = {"s": time.perf_counter() - begun, "cpu": time.thread_time() - cpu}
        self.tell(what=what, **done, **took, statements=self.thread.statements)


class Process:
    """What every thread of the process knows."""

    def __init__(self, asked: argparse.Namespace, journal: Journal) -> None:
        self.asked, self.journal = asked, journal
        self.root: Path = asked.workspace
        self.ends = 0.0

    @property
    def is_over(self) -> bool:
        """Tell whether nothing new is to be begun."""
        return time.time() >= self.ends

    def opened(self) -> AbstractContextManager[Context]:
        """Open a unit of work of the platform."""
        return open_context(self.root)


@dataclass(frozen=True, slots=True)
class Batch:
    """Incidents that come in together, with what is known about the orders of their city's day."""

    files: Files
    part: Sequence[Incident]


def gathered(process: Process) -> list[Batch]:
    """Read the facts of as many incidents as will come in until the end, in batches; those that are known are left."""
    asked, found = process.asked, []
    wanted = asked.seconds / 60.0 * asked.per_minute * 1.1
    places = [(city, FIRST_DAY + timedelta(n)) for n in range(DAYS) for city in CITIES[asked.number :: asked.processes]]
    for city, day in places:
        if sum(len(one.part) for one in found) > wanted:
            break
        with process.journal.timed("gathered", city=city) as told:
            batches = batches_of(process, city, Days(day, day))
            told["incidents"] = sum(len(one.part) for one in batches)
        found += batches
    return found


def batches_of(process: Process, city: str, days: Days) -> list[Batch]:
    """Give the incidents of a city's day that nobody has taken in, in the order in which they happened."""
    with process.opened() as context:
        files = files_of_days(context, city, days)
        found = incidents_of(files, city, context)
        known = known_keys(context, city, found)
    fresh = sorted((one for one in found if one.key not in known), key=lambda one: (one.happened_at, one.key))
    at_once = process.asked.at_once
    return [Batch(files, fresh[start : start + at_once]) for start in range(0, len(fresh), at_once)]


def feed(process: Process, batches: Sequence[Batch]) -> None:
    """Take incidents in at the asked pace, a batch in each unit of work, as an inbound feed brings them."""
    apart = 60.0 / process.asked.per_minute
    pause = process.asked.at_once * apart
    # The processes bring their batches in turn, and not all of them in the same moment.
    when = time.time() + pause * process.asked.number / process.asked.processes
    for batch in batches:
        time.sleep(max(0.0, when - time.time()))
        if process.is_over:
            return
        with process.journal.timed("judged", by=process.asked.number) as told:
            with process.opened() as context:
                judge_part(context, batch.files, batch.part)
            told["keys"] = [one.key for one in batch.part]
        # The last batch of a city's day is a smaller one, and leaves less time to the next.
        when = max(when + apart * len(batch.part), time.time() - 10 * pause)  # it catches up, but not for ever


def follow(process: Process) -> None:
    """Do what follows from decided incidents, as a worker of the outbox does."""
    while not process.is_over:
        with process.journal.timed("followed") as told:
            told["done"] = workers.work(process.opened, HANDLERS).done
        time.sleep(IDLE_S)


def live(process: Process, person: int) -> None:
    """Take the next case, look at it, perhaps add a note, and decide it; thinking in between."""
    someone = Person(process, person)
    someone.think()
    while not process.is_over:
        case = someone.take()
        if case is None:
            someone.think()
        else:
            someone.look(case)
            someone.settle(case)


class Person:
    """Somebody who works on the cases of one city."""

    def __init__(self, process: Process, number: int) -> None:
        self.process, self.name = process, f"worker{number}"
        self._chance = random.Random(number)  # noqa: S311 - to draw pauses
        self._wanted = QueueFilter(city_id=CITIES[number % len(CITIES)])
        self._turn = 0

    def think(self) -> None:
        """Think for half of what a case takes, on average."""
        time.sleep(self._chance.expovariate(2 / self.process.asked.think))

    def take(self) -> int | None:
        """Take the next case in hand; gives it, and None where none is left."""
        told, taken = {"action": "take", "by": self.name, "token": ""}, None
        with self.process.journal.timed("acted", **told) as done:
            with open_context(self.process.root, user=self.name) as context:
                taken = take_next(context, self._wanted)
            done.update({"case": taken} if taken is not None else {"refused": "nothing waits"})
        return taken

    def look(self, case: int) -> None:
        """Look at a case."""
        with self.process.journal.timed("looked"), open_context(self.process.root, user=self.name) as context:
            file_of(context, case)

    def settle(self, case: int) -> None:
        """Think about a case, perhaps note something, and decide it."""
        self.think()
        self._turn += 1
        token = f"{self.name} turn {self._turn} of {self.process.asked.generation}"
        if self._chance.random() < NOTES:
            self.acts("note", case, partial(note, case=case, text=token), token)
        said = Decision("proposal", note=token, seconds=round(self.process.asked.think))
        self.acts("decide", case, partial(decide, case_id=case, decision=said), token)
        self.think()

    def acts(self, action: str, case: int, act: Callable[[Context], object], token: str = "") -> bool:
        """Act in a unit of work of one's own, as a request does; tells whether it was done."""
        told = {"action": action, "case": case, "by": self.name, "token": token}
        with (
            self.process.journal.timed("acted", **told) as done,
            open_context(self.process.root, user=self.name) as context,
        ):
            act(context)
        return "refused" not in done


def note(context: Context, case: int, text: str) -> None:
    """Note something in a case."""
    act_as(context, case, "note", {"text": text}, role="adjudicator")


def main() -> None:
    """Begin when told, and end when told."""
    asked = read_arguments()
    with asked.journal.open("a", encoding="utf-8") as file:
        journal = Journal(file)
        engine = engine_for(open_workspace(asked.workspace).database_url)

        @event.listens_for(engine, "before_cursor_execute")
        def count(*_: object) -> None:
            journal.thread.statements = getattr(journal.thread, "statements", 0) + 1

        take_short_turns()  # as the console does
        process = Process(asked, journal)
        batches = gathered(process)
        print("ready", flush=True)
        process.ends = float(sys.stdin.readline())
        cpu = time.process_time()
        people = range(asked.number, asked.workers, asked.processes)
        threads = [threading.Thread(target=feed, args=(process, batches))]
        threads += [threading.Thread(target=follow, args=(process,))]
        threads += [threading.Thread(target=live, args=(process, person)) for person in people]
        journal.tell(what="began", at=time.time())
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        journal.tell(what="ended", cpu=time.process_time() - cpu)


def read_arguments() -> argparse.Namespace:
    """Read what ``case_load.py`` asks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path)
    parser.add_argument("--journal", type=Path)
    parser.add_argument("--number", type=int)
    parser.add_argument("--processes", type=int)
    parser.add_argument("--generation", type=int)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--per-minute", type=float)
    parser.add_argument("--think", type=float)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--at-once", type=int, default=50, help="incidents of a batch")
    return parser.parse_args()


if __name__ == "__main__":
    main()
