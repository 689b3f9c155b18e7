"""Interleavings of processes that post, retry, stay, lift, reverse, replace and restore, and what must hold after each.

Each process reads an incident's events, decides on what it saw, and writes only if nobody wrote meanwhile, as the
database makes it; it may die in between. What is decided, booked, folded, chained, capped and expired is the product's
own code; `plain_ledger` says by rules of its own what must come out.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from plain_ledger import PlainLedger, PlainTerms

from tiffin.capabilities.liability.domain.incident import Incident, IncidentType
from tiffin.capabilities.liability.domain.ledger_book import lines_of, unit_balances
from tiffin.capabilities.liability.domain.ledger_changes import Telling, changes_on
from tiffin.capabilities.liability.domain.ledger_posting import (
    POINTS_RESTORED,
    decision_of,
    entries_for,
    once_of,
    parties_in,
    party_id_of,
    rank_of,
)
from tiffin.capabilities.liability.domain.ledger_terms import PartyTerms, Terms, UnitTerms
from tiffin.capabilities.liability.domain.parties import WHOLE, Party
from tiffin.capabilities.liability.domain.verdict import DecidedBy, Verdict
from tiffin.capabilities.liability.service.ledger_sealing import VALUES, text_of
from tiffin.engines.ledger.chain import FIRST_DIGEST, Link, Walk, digest_of
from tiffin.engines.ledger.deciding import (
    Refused,
    Step,
    Unforeseen,
    Unposted,
    Wanted,
    to_lift,
    to_post,
    to_restore,
    to_reverse,
    to_stay,
)
from tiffin.engines.ledger.entries import POINTS, is_house
from tiffin.engines.ledger.events import Event, Kind, Subject, subject_of
from tiffin.engines.ledger.folding import balances_of
from tiffin.engines.ledger.tallying import Tally, is_balanced, read_line

BEGIN = datetime(2026, 2, 16, 8, tzinfo=UTC)
CITY = "riyadh"
DIES = 0.06
CHOICES = (
    PlainTerms(5, 3, "day", 0, 4000, "week"),
    PlainTerms(0, None, "", 10, None, ""),
    PlainTerms(20, 5, "week", 30, 2500, "month"),
    PlainTerms(2, 1, "month", 3, 0, "day"),
)


class Broken(AssertionError):
    """Something that must hold after every interleaving does not."""


def hold(is_so: bool, told: object) -> None:  # noqa: FBT001 - what is asked is the whole of it
    """Stop where something does not hold, and tell what was found."""
    if not is_so:
        raise Broken(str(told))


@dataclass
class World:
    """A ledger in memory: events by incident, the chain, and the plain ledger beside it."""

    now: datetime = BEGIN
    events: dict[str, list[tuple[Event, dict[str, Any]]]] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    lines: list[list[str]] = field(default_factory=list)
    anchors: dict[int, str] = field(default_factory=dict)
    once: set[str] = field(default_factory=set)
    plain: PlainLedger = field(default_factory=PlainLedger)
    terms: dict[str, Terms] = field(default_factory=dict)
    seen: list[tuple[datetime, str, str, int]] = field(default_factory=list)
    conflicts: int = 0
    deaths: int = 0
    commits: int = 0


def interleaved(seed: int) -> World:
    """Let processes work on a few incidents in an order that the seed decides, and check everything afterwards."""
    draw = random.Random(seed)  # noqa: S311 - drawn anew by seed
    world = World()
    work = _work(draw)
    processes: list[tuple[tuple, list, str] | None] = [None] * draw.randint(2, 4)
    while work or any(processes):
        number = draw.randrange(len(processes))
        seen = processes[number]
        if seen is None:
            if work:
                command = work.pop(draw.randrange(min(3, len(work))))
                processes[number] = (command, [*world.events.get(command[1], [])], world.plain.answer(command))
        elif draw.random() < DIES:
            world.deaths += 1
            processes[number] = None
            work.append(seen[0])
        else:
            processes[number] = None
            if not _written(world, draw, *seen):
                world.conflicts += 1
                work.insert(0, seen[0])
    _check(world, draw)
    return world


def _work(draw: random.Random) -> list[tuple]:
    work: list[tuple] = []
    for order in range(draw.randint(1, 3)):
        about = Incident(
            CITY,
            "SA",
            f"o-{order}",
            draw.choice((IncidentType.LATE, IncidentType.COLD)),
            BEGIN,
            date(2026, 2, 14) + timedelta(days=draw.randint(0, 4)),
            BEGIN,
            "customer",
            draw.choice(("r-1", "r-2")),
            draw.choice(("m-1", "m-2")),
            f"c-{order}",
        )
        verdicts = [_verdict(draw, about, number) for number in range(1, draw.randint(2, 5))]
        work += [_command(draw, about, verdicts) for _ in range(draw.randint(8, 18))]
        work += [("post", about.key, verdicts[0])] * draw.randint(1, 2)
    draw.shuffle(work)
    # Most interleavings begin with something posted, since little else can be done before.
    work.sort(key=lambda one: one[0] not in ("post", "replace") and draw.random() < 0.8)  # noqa: PLR2004 - a share
    return work


def _verdict(draw: random.Random, about: Incident, number: int) -> Verdict:
    return Verdict(
        f"{about.key}|{number}",
        about,
        {Party.RIDER: WHOLE},
        "verdict-late",
        draw.choice(("v1", "v2")),
        "row",
        {"en": "because"},
        1.0,
        draw.choice((DecidedBy.POLICY, DecidedBy.PERSON)),
        BEGIN,
        points={Party.RIDER: draw.randint(0, 4)},
        recovery_minor={Party.MERCHANT: draw.choice((0, 999, 3000))},
        compensation_minor=draw.choice((0, 1, 4000)),
        currency="SAR",
        supersedes=f"{about.key}|{number - 1}" if number > 1 and draw.random() < 0.5 else None,  # noqa: PLR2004 - a share
    )


def _command(draw: random.Random, about: Incident, verdicts: list[Verdict]) -> tuple:
    act = draw.choice(("post", "post", "replace", "replace", "stay", "stay", "lift", "reverse", "restore"))
    one, other = draw.choice(verdicts), draw.choice(verdicts)
    if act == "post":
        return (act, about.key, one)
    if act == "replace":
        return (act, about.key, one.verdict_id, other)
    return (act, about.key, one.verdict_id, *((draw.randint(1, 4),) if act == "restore" else ()))


def _written(world: World, draw: random.Random, command: tuple, seen: list, expected: str) -> bool:
    """Decide upon what was seen, and write it unless somebody wrote meanwhile."""
    subject = subject_of(event for event, _ in seen)
    try:
        steps = _steps(subject, command)
    except Refused:
        hold(expected == "refused", (command, expected))
        return True
    hold(bool(steps) is (expected == "done"), (command, expected, steps))
    if not steps:
        return True
    if len(world.events.get(command[1], [])) != subject.version:
        return False
    world.now += timedelta(hours=draw.choice((1, 5, 30, 80)))
    plain = draw.choice(CHOICES)
    _append(world, command, steps, plain, seen)
    world.plain.carry_out(command, world.now, plain)
    _look(world, draw)
    return True


def _steps(subject: Subject, command: tuple) -> tuple[Step, ...]:
    act, _, *rest = command
    if act in ("post", "replace"):
        verdict, follows = rest[-1], rest[0] if act == "replace" else None
        latest = subject.latest
        if follows is not None and verdict.verdict_id not in subject.postings:
            if follows not in subject.postings:
                raise Unposted(follows)
            if latest is not None and latest.name != follows:
                raise Unforeseen(latest.name)
        return to_post(subject, _wanted(verdict, follows), rank_of(latest.name) if latest else 0)
    if act == "restore":
        rider = next((e.account for p in subject.postings.values() for e in p.entries if e.account[:6] == "rider:"), "")
        return to_restore(subject, rest[0], rider, POINTS, rest[1], POINTS_RESTORED)
    return {"stay": to_stay, "lift": to_lift, "reverse": to_reverse}[act](subject, rest[0])


def _wanted(verdict: Verdict, follows: str | None) -> Wanted:
    accounts = {party: f"{party.value}:{party_id_of(verdict.incident, party)}" for party in parties_in(verdict)}
    entries, rank = entries_for(verdict, accounts), rank_of(verdict.verdict_id)
    return Wanted(verdict.verdict_id, decision_of(verdict), entries, rank, bool(follows or verdict.supersedes))


def _append(world: World, command: tuple, steps: tuple[Step, ...], plain: PlainTerms, seen: list) -> None:
    terms = _terms(plain)
    world.terms[terms.digest] = terms
    world.commits += 1
    rows = {event.posting: row for event, row in seen if event.kind is Kind.POSTED}
    known = world.events.setdefault(command[1], [])
    for step in steps:
        event = Event(
            command[1], len(known) + 1, step.kind, step.posting, world.now, step.entries, step.decision, step.follows
        )
        row = _row(world, event, command, rows.get(step.posting), terms.digest)
        known.append((event, row))
        _chain(world, step, row)
    world.anchors[len(world.links)] = world.links[-1].digest


def _row(world: World, event: Event, command: tuple, former: dict | None, terms: str) -> dict[str, Any]:
    if former is not None:
        row = {**former}
    else:
        about = command[-1].incident
        row = {
            "city_id": CITY,
            "country": "SA",
            "zone_id": None,
            "order_id": about.order_id,
            "incident": about.incident.value,
            "business_date": about.business_date,
            "policy": "verdict-late",
            "policy_version": command[-1].policy_version,
            "row_name": "row",
            "terms": terms,
            "reason": '{"en":"because"}',
        }
    return row | {
        "event_id": len(world.links) + 1,
        "incident_key": event.subject,
        "sequence": event.sequence,
        "kind": event.kind.value,
        "verdict_id": event.posting,
        "follows": event.follows,
        "decision": event.decision,
        "at": event.at,
        "actor": "ana",
        "reason_digest": "0" * 64,
    }


def _chain(world: World, step: Step, row: dict[str, Any]) -> None:
    lines = []
    for number, entry in enumerate(step.entries, 1):
        is_once = step.kind is Kind.POSTED and not is_house(entry.account)
        once = once_of(step.decision, step.follows, entry) if is_once else None
        hold(once not in world.once, "a party was charged twice for one decision")
        world.once |= {once} if once else set()
        lines.append((number, entry.account, entry.unit, entry.amount, once))
    text, number = text_of(row, lines), len(world.links) + 1
    previous = world.links[-1].digest if world.links else FIRST_DIGEST
    world.links.append(Link(number, text, VALUES, previous, digest_of(previous, number, text)))


def _terms(plain: PlainTerms) -> Terms:
    points = UnitTerms(True, plain.points_days, plain.points_most, None, plain.points_per)
    money = UnitTerms(True, plain.money_days, plain.money_most, None, plain.money_per)
    return Terms({party: PartyTerms(party, points, money) for party in (Party.RIDER, Party.MERCHANT)})


def _look(world: World, draw: random.Random) -> None:
    """Note what counts at this moment, to be read as of it later."""
    party, unit = draw.choice((("rider:r-1", "points"), ("rider:r-2", "points"), ("merchant:m-1", "SAR")))
    world.seen.append((world.now, party, unit, world.plain.counted(party, unit, world.now)))


def _check(world: World, draw: random.Random) -> None:
    """Hold the fold, the chain, caps, expiry and statements against the plain ledger; find what is tampered with."""
    told = [one for events in world.events.values() for one in events]
    draw.shuffle(told)
    folded = balances_of(event for event, _ in told)
    hold(folded.all == world.plain.balances(), (folded.all, world.plain.balances()))
    hold(not any(folded.totals.values()), folded.totals)
    tally = Tally()
    hold(not [*_flaws(world.links, world.anchors, tally)], "")
    hold({place: amount for place, amount in tally.balances.items() if amount} == folded.all, "")
    _check_reading(world, draw)
    if world.links:
        _check_tampering(world, draw)


def _check_reading(world: World, draw: random.Random) -> None:
    later = world.now + timedelta(days=draw.choice((0, 1, 4, 12, 40)))
    for account, unit in (
        ("rider:r-1", "points"),
        ("rider:r-2", "points"),
        ("merchant:m-1", "SAR"),
        ("merchant:m-2", "SAR"),
    ):
        found = _unit_of(world, account, unit, later)
        hold(found == world.plain.counted(account, unit, later), (account, unit, found))
    for at, account, unit, counted in world.seen[:: max(1, len(world.seen) // 3)]:
        hold(_unit_of(world, account, unit, at) == counted, (at, account, unit, counted))


def _unit_of(world: World, account: str, unit: str, as_of: datetime) -> int:
    touched = [
        one
        for events in world.events.values()
        if any(line.account == account for event, _ in events for line in event.entries)
        for one in events
    ]
    kind = Party(account.partition(":")[0])
    changes = changes_on(touched, account, kind, as_of, Telling(world.terms, "en"))
    found = next((one for one in unit_balances(changes, as_of, {}) if one.unit == unit), None)
    if found is None:
        return 0
    hold(found.booked == found.counted + found.expired + found.capped, "")
    lines = [one for one in lines_of(changes, as_of, {}, local_day=datetime.date) if one.unit == unit]
    hold(lines[-1].running == found.counted, (lines, found))
    return found.counted


def _flaws(links: list[Link], anchors: dict[int, str], tally: Tally, head: tuple[int, str] | None = None) -> Iterator:
    walk = Walk(anchors)
    for link in links:
        yield from walk.over(link)
        values = link.text.split("\x1f")
        written = values[-1].split("\n") if values[-1] else []
        lines = [one for one in map(read_line, written) if one is not None]
        if len(lines) != len(written) or not is_balanced(lines):
            yield "unsound"
        if not tally.take(values[1], int(values[2]), values[3], values[4], lines):
            yield "disordered"
    yield from walk.end(head or (len(links), links[-1].digest if links else FIRST_DIGEST))


def _check_tampering(world: World, draw: random.Random) -> None:
    links = [*world.links]
    head = (len(links), links[-1].digest)
    place = draw.randrange(len(links))
    act = draw.choice(("edit", "remove", "cut off", "insert", "swap"))
    if act == "edit":
        letter = draw.randrange(len(links[place].text))
        other = "7" if links[place].text[letter] != "7" else "8"
        text = f"{links[place].text[:letter]}{other}{links[place].text[letter + 1 :]}"
        links[place] = replace(links[place], text=text)
    elif act == "remove":
        del links[place]
    elif act == "cut off":
        del links[place:]
    elif act == "insert":
        links.insert(place, replace(links[place], number=len(links) + 1))
    else:
        links[0], links[place] = links[place], links[0]
        if place == 0:
            del links[0]
    if draw.random() < 0.5:  # noqa: PLR2004 - every other forger writes the chain and its head anew
        links = _forged(links)
        head = (len(links), links[-1].digest if links else FIRST_DIGEST)
    try:
        found = [*_flaws(links, world.anchors, Tally(), head)]
    except (ValueError, IndexError):  # a number that is none any more
        found = ["unreadable"]
    hold(bool(found), (act, place))


def _forged(links: list[Link]) -> list[Link]:
    done: list[Link] = []
    for number, link in enumerate(links, 1):
        previous = done[-1].digest if done else FIRST_DIGEST
        done.append(Link(number, link.text, VALUES, previous, digest_of(previous, number, link.text)))
    return done
