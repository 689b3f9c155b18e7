"""Whatever is granted, asked, agreed, answered, revoked and let expire: people see what a plain book of it says."""

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tiffin.capabilities.access import service
from tiffin.capabilities.access.domain.accounts import Limits
from tiffin.capabilities.access.domain.requesting import Ask
from tiffin.capabilities.access.service import emergencies, requests, reviews
from tiffin.capabilities.metrics.service.library import unchecked_library
from tiffin.capabilities.metrics.service.policies import policy_of
from tiffin.engines.metrics.protection.permissions import permit
from tiffin.engines.metrics.request import Condition, MetricRequest, Operator
from tiffin.engines.metrics.sensitivity import Sensitivity
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import Forbidden, TiffinError
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.classes import guarded_columns
from tiffin.runtime.context import Context
from tiffin.runtime.workspace import Workspace

Acting = Callable[..., AbstractContextManager[Context]]
COUNTRIES = ("SA", "AE", "KW")
PEOPLE = ("nora", "vic")
STEWARDS = ("samir", "salma")
MONEY, PERSON = Classification.CONFIDENTIAL, Classification.PERSONAL
METRICS = ("orders", "completion_rate")
ASSETS = tuple(f"metric:{name}" for name in METRICS)
SENSITIVITY = Sensitivity(unchecked_library(Workspace(Path("/nowhere"), {})).model, guarded_columns(()))


@dataclass
class Given:
    """A line of the oracle's book: who sees what of which country, and until when.

    ``asset`` is the only asset that it is for, empty for everything; ``masked`` are classes told masked.
    """

    who: str
    country: str
    opens: frozenset[str]
    until: datetime
    number: int
    masked: frozenset[str] = frozenset()
    asset: str = ""


@dataclass
class Book:
    """What ought to be open; written by hand in plain Python, with nothing of the platform in it."""

    lines: list[Given] = field(default_factory=list)
    asked: dict[int, tuple[str, str, frozenset[str], int, frozenset[str], str]] = field(default_factory=dict)
    half: dict[int, str] = field(default_factory=dict)
    reviews: dict[int, tuple[int, datetime]] = field(default_factory=dict)

    def sees(self, who: str, country: str, opened: str | None, now: datetime) -> bool:
        """Tell whether somebody sees the whole of a country, or a class of its columns."""
        held = (one for one in self.lines if one.who == who and one.country == country and now < one.until)
        return any(not one.asset and (opened is None or opened in one.opens) for one in held)

    def counts(self, who: str, country: str, metric: str, by: str | None, now: datetime) -> str:
        """Tell how somebody is told a metric split by a class of columns: open, masked or not."""
        held = [one for one in self.lines if one.who == who and one.country == country and now < one.until]
        held = [one for one in held if one.asset in ("", f"metric:{metric}")]
        if by is None or any(by in one.opens for one in held):
            return "open" if held else "not"
        return "masked" if any(by in one.masked for one in held) else "not"


class History:
    """One history, done to the platform and written into the book."""

    def __init__(self, acting: Acting, seed: int, now: datetime) -> None:
        self.acting, self.chance, self.now, self.book = acting, random.Random(seed), now, Book()  # noqa: S311 - a history, no secret
        self.steps = (
            self.grant,
            self.revoke,
            self.ask,
            self.decide,
            self.refuse,
            self.campaign,
            self.answer,
            self.wait,
        )

    def step(self) -> None:
        self.chance.choice((*self.steps, self.decide, self.decide, self.wait))()

    def newest(self, who: str) -> int:
        with self.acting(now=self.now) as context:
            return max(one.grant_id for one in service.find_account(context, who).grants)

    def grant(self) -> None:
        who, country, days = self.chance.choice(PEOPLE), self.chance.choice(COUNTRIES), self.chance.randint(1, 20)
        opens = frozenset(self.chance.sample([MONEY, PERSON], self.chance.randint(0, 2)))
        until = self.now + timedelta(days=days)
        masked, asset = self.narrowly(opens)
        with self.acting(now=self.now) as context:
            limits = limits_of(opens, masked, asset)
            terms = service.Terms("History", until)
            made = service.grant(context, who, Role.VIEWER, countries=[country], limits=limits, terms=terms)
        self.book.lines.append(Given(who, country, opens, until, made.grant_id, masked, asset))

    def narrowly(self, opens: frozenset[str]) -> tuple[frozenset[str], str]:
        """Choose a class to be told masked, if it is not open, and perhaps the only asset."""
        masked = frozenset({PERSON} - opens) if self.chance.random() < 0.4 else frozenset()
        return masked, self.chance.choice(["", "", *ASSETS])

    def revoke(self) -> None:
        if self.book.lines:
            one = self.chance.choice(self.book.lines)
            with self.acting(now=self.now) as context:
                service.revoke(context, one.number)
            one.until = min(one.until, self.now)

    def ask(self) -> None:
        who, country, days = self.chance.choice(PEOPLE), self.chance.choice(COUNTRIES), self.chance.randint(1, 20)
        opens = frozenset(self.chance.sample([MONEY, PERSON], self.chance.randint(0, 2)))
        masked, asset = self.narrowly(opens)
        purpose = f"History {len(self.book.asked)}"
        wanted = Ask(grant_over(country, opens, masked, asset), purpose, days, asset)
        with self.acting(user=who, now=self.now) as context:
            number = requests.ask_for(context, wanted).request_id
        self.book.asked[number] = (who, country, opens, days, masked, asset)

    def decide(self) -> None:
        if not self.book.asked:
            return
        number = self.chance.choice([*self.book.asked])
        by = self.chance.choice((*STEWARDS, *PEOPLE))
        who, country, opens, days, masked, asset = self.book.asked[number]
        try:
            with self.acting(user=by, now=self.now) as context:
                requests.approve(context, number)
        except TiffinError:
            assert by in PEOPLE or self.book.half.get(number) == by
            return
        assert by in STEWARDS
        if PERSON in opens and number not in self.book.half:
            self.book.half[number] = by
            return
        until = self.now + timedelta(days=days)
        self.book.lines.append(Given(who, country, opens, until, self.newest(who), masked, asset))
        del self.book.asked[number]

    def refuse(self) -> None:
        if self.book.asked and self.chance.random() < 0.4:
            number = self.chance.choice([*self.book.asked])
            with self.acting(user="samir", now=self.now) as context:
                requests.refuse(context, number, "History")
            del self.book.asked[number]

    def campaign(self) -> None:
        country, due = self.chance.choice(COUNTRIES), self.now + timedelta(days=self.chance.randint(1, 5))
        try:
            with self.acting(now=self.now) as context:
                made = reviews.start_campaign(
                    context, "History", countries=[country], cities=[], reviewer="samir", due_at=due
                )
                listed = reviews.show_campaign(context, made.campaign_id)[1]
                for one in listed:
                    if one.account in STEWARDS:
                        reviews.decide(context, one.review_id, reviews.Decision.KEEP)
        except TiffinError:
            return
        for one in listed:
            for line in (line for line in self.book.lines if line.number == one.grant.grant_id):
                self.book.reviews[one.review_id] = (line.number, line.until)
                line.until = min(line.until, due)

    def answer(self) -> None:
        if not self.book.reviews:
            return
        review = self.chance.choice([*self.book.reviews])
        decision = self.chance.choice([*reviews.Decision])
        number, before = self.book.reviews.pop(review)
        line = next(one for one in self.book.lines if one.number == number)
        was_open = self.now < line.until
        try:
            with self.acting(user="samir", now=self.now) as context:
                reviews.decide(context, review, decision, opens=[MONEY])
        except TiffinError:
            assert not was_open or decision is reviews.Decision.REDUCE
            return
        if decision is reviews.Decision.KEEP:
            line.until = max(before, self.now + timedelta(days=180))
            return
        line.until = min(line.until, self.now)
        if decision is reviews.Decision.REDUCE:
            less = replace(line, opens=line.opens & {MONEY}, until=before, number=self.newest(line.who))
            self.book.lines.append(less)

    def wait(self) -> None:
        ends = sorted(one.until for one in self.book.lines if one.until > self.now)
        self.now = self.chance.choice([*ends[:2], self.now + timedelta(days=self.chance.randint(0, 4), hours=3)])
        self.staff()

    def staff(self) -> None:
        """Keep those who decide in office, whatever ended in the meantime."""
        with self.acting(now=self.now) as context:
            reviews.renew_owner(context)
        with self.acting(now=self.now) as context:
            for name in STEWARDS:
                service.grant(context, name, Role.STEWARD, countries=["*"], terms=service.Terms("History"))

    def check(self) -> None:
        for who in PEOPLE:
            with self.acting(user=who, now=self.now) as context:
                actor = context.actor
            for country in COUNTRIES:
                seen = actor.may_see_city(country=country, city_id="somewhere")
                assert seen is self.book.sees(who, country, None, self.now)
                for opened in (MONEY, PERSON):
                    shown = any(opened in one.opened and country in one.countries for one in actor.grants)
                    assert shown is self.book.sees(who, country, opened, self.now)
                self.check_numbers(actor, country)

    def check_numbers(self, actor: Actor, country: str) -> None:
        """Hold what a metric's request is permitted against the book."""
        there = (Condition("country", Operator.EQ, (country,)),)
        policy = tuple(one for one in policy_of(actor) if country in (one.countries or ()))
        for metric in METRICS:
            for by, split in ((None, ()), (PERSON, ("rider_id",))):
                try:
                    found = permit(MetricRequest((metric,), split, there), policy, SENSITIVITY)
                    how = "masked" if found.masks else "open"
                except Forbidden:
                    how = "not"
                assert how == self.book.counts(actor.name, country, metric, by, self.now), (actor.name, metric, by)


def limits_of(opens: frozenset[str], masked: frozenset[str], asset: str) -> Limits:
    return Limits(opens=tuple(opens) or ("none",), masked=tuple(masked), assets=(asset,) if asset else ())


def grant_over(country: str, opens: frozenset[str], masked: frozenset[str], asset: str) -> Grant:
    opened = tuple(Classification(name) for name in (MONEY, PERSON) if name in opens)
    veiled = tuple(Classification(name) for name in masked)
    return Grant(Role.VIEWER, (country,), (), opens=opened, masked=veiled, assets=(asset,) if asset else ())


def played(acting: Acting, seed: int, steps: int, now: datetime) -> History:
    with acting() as context:
        for name in (*PEOPLE, *STEWARDS):
            service.add_account(context, name)
        for name in STEWARDS:
            service.grant(context, name, Role.STEWARD, countries=["*"], terms=service.Terms("History"))
    history = History(acting, seed, now)
    for _ in range(steps):
        history.step()
        history.check()
    return history


@pytest.mark.parametrize("seed", range(2))
def test_people_see_what_the_book_says_after_every_step(acting: Acting, seed: int, now: datetime) -> None:
    history = played(acting, seed, 25, now)

    assert history.book.lines


@pytest.mark.full
@pytest.mark.parametrize("seed", range(100, 112))
def test_people_see_what_the_book_says_in_long_histories(acting: Acting, seed: int, now: datetime) -> None:
    assert played(acting, seed, 90, now).book.lines


def test_no_grant_stands_without_owner_purpose_and_end(acting: Acting, now: datetime) -> None:
    history = played(acting, 7, 15, now)
    with acting(user="samir", now=history.now) as context:
        emergencies.open_emergency(context, reason="History", countries=["SA"])

    with acting(now=history.now) as context:
        held = [one for account in service.list_accounts(context) for one in account.grants]
    assert len(held) > 5
    assert all(one.owner and one.purpose and one.expires_at and one.source for one in held)
