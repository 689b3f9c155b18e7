"""Which version of a policy holds on a day, as it was known at a moment."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiffin.capabilities.policies.domain.versions import (
    BASE,
    PARAMETERS,
    Version,
    days_of_change,
    digest_of,
    file_name,
    in_force,
    is_policy_name,
    named_so,
)

DAY, MOMENT = date(2026, 3, 1), datetime(2026, 3, 1, tzinfo=UTC)
PLACES = (BASE, "KW", PARAMETERS, "riyadh")
FEW = settings(max_examples=50)
"""Enough for histories of so few days and places."""

days = st.integers(-20, 20).map(lambda count: DAY + timedelta(days=count))
moments = st.integers(-500, 500).map(lambda hours: MOMENT + timedelta(hours=hours))


@st.composite
def histories(draw: st.DrawFn) -> tuple[Version, ...]:
    """Some files that were there since ever, and publications in the order of their moments, some taken back."""
    shipped = draw(st.dictionaries(st.tuples(st.sampled_from(PLACES), days), st.text("ab", max_size=3), max_size=4))
    files = [Version("late", place, day, digest_of(text), text) for (place, day), text in shipped.items()]
    at = sorted(draw(st.lists(moments, max_size=8)))
    for number, moment in enumerate(at, 1):
        back = draw(st.none() | st.integers(0, 300).map(lambda hours, since=moment: since + timedelta(hours=hours)))
        text, day = f"text {number}", draw(days)
        places = draw(st.sets(st.sampled_from(PLACES), min_size=1))
        files += [Version("late", place, day, digest_of(text), text, number, moment, back) for place in places]
    return tuple(files)


@FEW
@given(histories(), days, moments)
def test_no_case_is_ever_decided_by_a_version_unknown_at_that_time(
    history: tuple[Version, ...], on: date, known_at: datetime
) -> None:
    for one in in_force(history, on=on, known_at=known_at).values():
        assert one.from_date <= on or one.place == PARAMETERS
        assert one.published_at is None or one.published_at <= known_at
        assert one.taken_back_at is None or known_at < one.taken_back_at


@FEW
@given(histories(), days, moments)
def test_what_is_published_or_taken_back_later_changes_nothing_that_was_known(
    history: tuple[Version, ...], on: date, known_at: datetime
) -> None:
    then = [
        replace(one, taken_back_at=one.taken_back_at if one.taken_back_at and one.taken_back_at <= known_at else None)
        for one in history
        if one.published_at is None or one.published_at <= known_at
    ]

    chosen, known = (in_force(found, on=on, known_at=known_at) for found in (history, then))

    assert {place: (one.digest, one.publication) for place, one in chosen.items()} == {
        place: (one.digest, one.publication) for place, one in known.items()
    }


@FEW
@given(histories(), days, moments, st.data())
def test_taking_back_lets_hold_what_would_hold_had_it_never_been(
    history: tuple[Version, ...], on: date, known_at: datetime, data: st.DataObject
) -> None:
    number = data.draw(st.sampled_from(sorted({one.publication for one in history} or {0})))
    undone = [replace(one, taken_back_at=known_at) if one.publication == number != 0 else one for one in history]
    never = [one for one in history if one.publication != number or number == 0]

    assert in_force(undone, on=on, known_at=known_at) == in_force(never, on=on, known_at=known_at)


@FEW
@given(histories(), days, st.data())
def test_what_was_taken_back_and_published_again_holds_again(
    history: tuple[Version, ...], on: date, data: st.DataObject
) -> None:
    published = [one for one in history if one.publication and one.from_date <= on]
    if not published:
        return
    again_at = max(one.taken_back_at or one.published_at or MOMENT for one in published) + timedelta(days=30)
    one = data.draw(st.sampled_from(published))
    undone = [replace(each, taken_back_at=again_at) if each == one else each for each in history]
    again = replace(one, publication=99, published_at=again_at, taken_back_at=None)

    held = in_force([*undone, again], on=one.from_date, known_at=again_at)

    assert held[one.place] == again


@FEW
@given(histories(), days, moments, st.randoms(use_true_random=False))
def test_what_holds_for_a_place_rests_on_its_own_versions_in_any_order(
    history: tuple[Version, ...], on: date, known_at: datetime, dice: object
) -> None:
    mixed = list(history)
    dice.shuffle(mixed)  # type: ignore[attr-defined] - Hypothesis' own random numbers

    whole = in_force(mixed, on=on, known_at=known_at)
    apart = {place: in_force([v for v in history if v.place == place], on=on, known_at=known_at) for place in PLACES}

    assert whole == {place: held[place] for place, held in apart.items() if place in held}
    assert list(whole) == sorted(whole)


@FEW
@given(histories(), days, moments)
def test_nothing_changes_between_two_days_of_change(
    history: tuple[Version, ...], since: date, known_at: datetime
) -> None:
    changing = days_of_change(history, since=since, known_at=known_at)

    assert changing[0] == since
    for count in range(0, 42, 3):
        on = since + timedelta(days=count)
        first = max(day for day in changing if day <= on)
        assert in_force(history, on=on, known_at=known_at) == in_force(history, on=first, known_at=known_at)


@FEW
@given(histories(), days, moments)
def test_the_parameters_that_were_published_last_replace_all_others_on_every_day(
    history: tuple[Version, ...], on: date, known_at: datetime
) -> None:
    known = [one for one in history if one.place == PARAMETERS and one.is_known(known_at)]

    held = in_force(history, on=on, known_at=known_at).get(PARAMETERS)

    assert (held is None) is (not known)
    assert held is None or held.publication == max(one.publication for one in known)
    assert held == in_force(history, on=date.min, known_at=known_at).get(PARAMETERS)


def test_overlays_are_dated_apart_from_the_base() -> None:
    base = [Version("late", BASE, date(2026, month, 1), f"b{month}", "") for month in (1, 3, 5)]
    overlay = [Version("late", "KW", date(2026, month, 1), f"o{month}", "") for month in (2, 4)]

    held = [
        {
            place: one.digest
            for place, one in in_force(base + overlay, on=date(2026, month, 15), known_at=MOMENT).items()
        }
        for month in range(1, 6)
    ]

    assert held == [
        {BASE: "b1"},
        {BASE: "b1", "KW": "o2"},
        {BASE: "b3", "KW": "o2"},
        {BASE: "b3", "KW": "o4"},
        {BASE: "b5", "KW": "o4"},
    ]


@given(st.sampled_from(PLACES), days)
def test_a_files_name_tells_its_place_and_its_day(place: str, day: date) -> None:
    assert named_so(file_name(place, day)) == (place, day)


@pytest.mark.parametrize("name", ["parameters.yaml", "2026-13-01.yaml", "2026-01-01.KW.SA.yaml", "2026-01-01.yml", "x"])
def test_other_files_are_no_versions(name: str) -> None:
    assert named_so(name) is None


@pytest.mark.parametrize("text", ["..", "../late", "Late", "late/fee", "1late", "late fee", "", "l" * 121])
def test_a_name_that_could_leave_its_folder_names_no_policy(text: str) -> None:
    assert not is_policy_name(text)
