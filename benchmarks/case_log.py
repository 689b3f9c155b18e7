"""How fast the log of cases is folded and verified, beside a plain peer, and whether any tampering goes unseen.

    python benchmarks/case_log.py [--cases 4000]

Asked: 50,000 events a second of processor time, each folded into its case and held against its digest; database aside.
The peer does the least that anybody would: it walks a dictionary of moves and hashes one JSON text an event.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from tiffin.capabilities.cases.domain.data_incidents import DATA_INCIDENT
from tiffin.engines.cases.chain import FIRST_DIGEST, Link, case_name, digest_of, faults_in, said_in, whole_of
from tiffin.engines.cases.folding import Event, Standing, fold

ASKED = 50_000
TAMPERINGS = 2_000
NOW = datetime(2026, 2, 16, 8, tzinfo=UTC)
STEPS = (
    ("opened", {"what": "orders", "country": {"country": "SA"}, "day": {"days": ["2026-02-15", "2026-02-15"]}}),
    ("take", {}),
    ("note", {"text": "The feed of the partner came an hour late and in part"}),
    ("rate", {"was": "major", "severity": "minor", "reason": "Only one city is concerned"}),
    ("repair", {"cause": "late_feed", "done": "Loaded again from the partner's archive"}),
    ("reopen", {"reason": "Two hours are still missing"}),
    ("repair", {"cause": "missing_rows", "done": "The missing hours were asked for and loaded"}),
    ("confirm", {}),
)
OPENING = {"key": "late|SA|2026-02-15", "headline": "{what}", "subject": "orders", "severity": "major",
           "country": "SA", "city_id": None, "timezone": None, "skill": "data_incident", "language": None}  # fmt: skip
Stored = tuple[Link, Event, str, Any]


def a_log(number: int) -> list[Stored]:
    """Make the log of one case as it is stored."""
    case, previous, log = case_name("data_incident", number), FIRST_DIGEST, list[Stored]()
    for at, (action, values) in enumerate(STEPS, 1):
        said = said_in({**values, "number": number}, OPENING if at == 1 else None)
        salt = sha256(f"{number}.{at}".encode()).hexdigest()[:32]
        event = Event(at, NOW + timedelta(minutes=at), "ana" if at < len(STEPS) else "ben", action, said["values"])
        pieces, whole = sha256(salt.encode()).hexdigest(), whole_of(salt, said)
        link = Link(case, at, event.at, "abcdefghijklmnopqrstuvwxyz", action, False, whole, pieces, previous, "")
        link = replace(link, digest=digest_of(link))
        log.append((link, event, salt, said))
        previous = link.digest
    return log


def checked(log: Sequence[Stored]) -> tuple[Standing, int]:
    """Fold a case and count what is wrong with its chain."""
    links = [replace_whole(link, whole_of(salt, said)) for link, _, salt, said in log]
    return fold(DATA_INCIDENT, [event for _, event, _, _ in log]), sum(1 for _ in faults_in(links))


def replace_whole(link: Link, whole: str) -> Link:
    """Give a link with the digest of what stands in the log now."""
    return Link(link.case, link.sequence, link.at, link.actor, link.action, link.is_platform, whole, link.pieces,
                link.previous, link.digest)  # fmt: skip


def plain(log: Sequence[Stored]) -> tuple[str, int]:
    """Do the same by hand, with one text an event."""
    moves = {(one.action, source): one.target for one in DATA_INCIDENT.transitions for source in one.sources}
    state, previous, faults = "open", "", 0
    for link, event, _, said in log:
        if event.action != "opened":
            state = moves[event.action, state] or state
        text = json.dumps([link.case, link.sequence, str(link.at), link.actor, link.action, said, previous])
        previous = sha256(text.encode()).hexdigest()
        faults += len(previous) != 64  # noqa: PLR2004 - of a digest
    return state, faults


def rate(work: Any, logs: Sequence[Sequence[Stored]]) -> float:
    """Count events a second of processor time, the best of three."""
    best, events = 0.0, sum(len(log) for log in logs)
    for _ in range(3):
        began = time.process_time()
        for log in logs:
            work(log)
        best = max(best, events / (time.process_time() - began))
    return best


def unseen(logs: Sequence[list[Stored]]) -> int:
    """Tamper with logs at random, as whoever cannot write the digests anew does; count what is not found."""
    draw, missed = random.Random(7), 0  # noqa: S311 - no secret
    for _ in range(TAMPERINGS):
        log = list(draw.choice(logs))
        at, how = draw.randrange(len(log) - 1), draw.randrange(4)
        link, event, salt, said = log[at]
        if how == 0:
            log[at] = (link, event, salt, {**said, "values": {**said["values"], "more": draw.random()}})
        elif how == 1:
            del log[at]
        elif how == 2:  # noqa: PLR2004 - one of four ways
            log[at], log[at + 1] = log[at + 1], log[at]
        else:
            name, value = draw.choice(
                (
                    ("actor", "z" * 26),
                    ("action", "dismiss"),
                    ("at", link.at + timedelta(seconds=1)),
                    ("is_platform", True),
                )
            )
            log[at] = (replace(link, **{name: value}), event, salt, said)
        links = [replace_whole(link, whole_of(salt, said)) for link, _, salt, said in log]
        missed += not any(True for _ in faults_in(links))
    return missed


def main() -> int:
    """Print the figures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cases", type=int, default=4000)
    logs = [a_log(number) for number in range(1, asked.parse_args().cases + 1)]
    assert checked(logs[0])[1] == 0  # noqa: S101 - else there is nothing to measure
    mine, theirs, missed = rate(checked, logs), rate(plain, logs), unseen(logs)
    print(f"fold and verify: asked {ASKED:,} events a CPU second, found {mine:,.0f}: {_said(mine >= ASKED)}")
    print(f"plain peer: {theirs:,.0f} events a CPU second; the engine takes {theirs / mine:.1f} times as long")
    print(f"tamperings: {TAMPERINGS:,} at random, {missed} unseen: {_said(not missed)}")
    return int(mine < ASKED or missed > 0)


def _said(holds: bool) -> str:  # noqa: FBT001 - what is said
    return "holds" if holds else "does NOT hold"


if __name__ == "__main__":
    sys.exit(main())
