"""Hold the ledger of points and money against its figures.

``nice .venv/bin/python benchmarks/penalty_ledger.py [INTERLEAVINGS] [SEED]`` draws interleavings of processes that
post, retry, stay, lift, reverse, replace and restore under policies and terms that change (100,000 where nothing is
said). After each, balances must be the fold of events and what a plain ledger says, money and points must add up to
nought, what counts must be what caps and expiry leave, and a forgery must be found. Then it times the fold with the
check of hashes against a plain loop over the same texts, and the whole check of a database.
"""

import gc
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path

from ledger_interleavings import CITY, Broken, World, hold, interleaved

from tiffin.capabilities.liability.domain.incident import Incident, IncidentType
from tiffin.capabilities.liability.domain.parties import WHOLE, Party
from tiffin.capabilities.liability.domain.verdict import DecidedBy, Verdict
from tiffin.capabilities.liability.service import ledger
from tiffin.capabilities.liability.service.ledger_checking import check_ledger
from tiffin.engines.ledger.chain import FIRST_DIGEST, Link, Walk
from tiffin.engines.ledger.tallying import Tally, is_balanced, read_line
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.database import engine_for
from tiffin.runtime.edge import open_unit
from tiffin.runtime.workspace import create_workspace

ASKED, ASKED_SPEED = 100_000, 50_000
BLOCK, PROCESSES, TIMES = 500, 2, 5
EVENTS, VERDICTS = 50_000, 3_000
NOW = datetime(2026, 2, 16, 8, tzinfo=UTC)


def main() -> None:
    """Draw, check, time."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ASKED
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1  # noqa: PLR2004 - the second word
    drawn(count, seed)
    timed()
    whole()


def drawn(count: int, seed: int) -> None:
    """Check every interleaving; the first that fails raises with its seed."""
    begun, told = time.perf_counter(), Counter[str]()
    blocks = [
        range(seed * ASKED * 10 + at, seed * ASKED * 10 + min(at + BLOCK, count)) for at in range(0, count, BLOCK)
    ]
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn")) as pool:
        for done, one in enumerate(pool.map(_block, blocks), 1):
            told.update(one)
            if done % 20 == 0:
                print(f"  {done * BLOCK:,} of {count:,}", file=sys.stderr, flush=True)
    print(
        f"interleavings: {told['drawn']:,} (asked {ASKED:,}) with {told['commits']:,} writes, {told['events']:,} "
        f"events, {told['conflicts']:,} lost races and {told['deaths']:,} deaths between reading and writing"
    )
    print("  balances are the fold of events and the plain ledger's; sums are nought; forgeries were all found: holds")
    print(f"  {time.perf_counter() - begun:.0f} s")


def _block(seeds: range) -> dict[str, int]:
    told = Counter[str]()
    for seed in seeds:
        try:
            world = interleaved(seed)
        except Broken as error:
            message = f"seed {seed}: {error}"
            raise Broken(message) from error
        told.update(_counts(world))
    return dict(told)


def _counts(world: World) -> dict[str, int]:
    events = len(world.links)
    return {
        "drawn": 1,
        "commits": world.commits,
        "events": events,
        "conflicts": world.conflicts,
        "deaths": world.deaths,
    }


def timed() -> None:
    """Time the fold with the check of hashes, and a plain loop, over the same events in memory."""
    links = _many()
    written = [(link, link.text.split("\x1f")) for link in links]
    rows = [(link, parts[-1].split("\n") if parts[-1] else [], parts) for link, parts in written]
    product = min(_spent(partial(_checked, rows)) for _ in range(TIMES))
    plain = min(_spent(partial(_plainly, rows)) for _ in range(TIMES))
    speed = len(rows) / product
    verdict = "holds" if speed >= ASKED_SPEED else "DOES NOT HOLD"
    print(f"fold and hash check: {speed:,.0f} events a CPU second (asked {ASKED_SPEED:,}): {verdict}")
    print(f"  a plain loop: {len(rows) / plain:,.0f}; the product takes {product / plain:.2f} times as long")


def _many() -> list[Link]:
    from tiffin.capabilities.liability.service.ledger_sealing import VALUES  # noqa: PLC0415 - for this alone
    from tiffin.engines.ledger.chain import digest_of  # noqa: PLC0415 - the same

    links: list[Link] = []
    seed = 0
    while len(links) < EVENTS:
        for link in interleaved(seed).links:
            # Each interleaving's incidents are named apart, so that all of them make one ledger.
            text = link.text.replace(f"{CITY}|", f"{CITY}|{seed}-")
            previous = links[-1].digest if links else FIRST_DIGEST
            number = len(links) + 1
            links.append(Link(number, text, VALUES, previous, digest_of(previous, number, text)))
        seed += 1
    return links


def _checked(rows: list) -> None:
    walk, tally = Walk({}), Tally()
    for link, written, parts in rows:
        lines = [one for one in map(read_line, written) if one is not None]
        is_sound = not walk.over(link) and len(lines) == len(written) and is_balanced(lines)
        hold(is_sound, "")
        hold(tally.take(parts[1], int(parts[2]), parts[3], parts[4], lines), "")
    hold(not any(tally.totals.values()), "")


def _plainly(rows: list) -> None:
    previous, balances = FIRST_DIGEST, {}
    for number, (link, written, _) in enumerate(rows, 1):
        digest = sha256(f"{previous}\n{number}\n{link.text}".encode()).hexdigest()
        hold(digest == link.digest, "")
        for line in written:
            _, account, unit, amount, _ = line.split("|")
            balances[account, unit] = balances.get((account, unit), 0) + int(amount)
        previous = digest
    hold(not sum(balances.values()), "")


def whole() -> None:
    """Post verdicts as the product does, and time the check of the database with everything that it reads."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = create_workspace(Path(folder) / "workspace")
        actor = Actor("ana", (Grant(Role.ADMIN, ("*",), ()),))
        begun = time.perf_counter()
        for first in range(0, VERDICTS, 100):
            with open_unit(workspace, lambda _: actor, now=NOW) as context:
                for number in range(first, first + 100):
                    ledger.post_verdict(context, _verdict(number))
        print(
            f"posted: {VERDICTS / (time.perf_counter() - begun):,.0f} verdicts a second, a hundred in one transaction"
        )
        engine = engine_for(workspace.database_url)
        check_ledger(engine)
        spent = min(_spent(lambda: check_ledger(engine)) for _ in range(TIMES))
        print(f"check of the whole database, reading included: {VERDICTS / spent:,.0f} events a CPU second")


def _verdict(number: int) -> Verdict:
    parties = (f"r-{number % 300}", f"m-{number % 90}", f"c-{number % 1000}")
    about = Incident(CITY, "SA", f"o-{number}", IncidentType.LATE, NOW, date(2026, 2, 16), NOW, "customer", *parties)
    return Verdict(
        f"{about.key}|1",
        about,
        {Party.RIDER: WHOLE},
        "verdict-late",
        "v1",
        "row",
        {"en": "The rider waited twenty minutes before he set out."},
        1.0,
        DecidedBy.POLICY,
        NOW,
        points={Party.RIDER: 1},
        recovery_minor={Party.MERCHANT: 500} if number % 3 == 0 else {},
        compensation_minor=1000 if number % 2 else 0,
        currency="SAR",
    )


def _spent(act: Callable[[], object]) -> float:
    gc.collect()
    begun = time.process_time()
    act()
    return time.process_time() - begun


if __name__ == "__main__":
    main()
