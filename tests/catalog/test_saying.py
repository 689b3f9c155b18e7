"""What people say of assets is kept with its history, audited, undone, and left to those who may."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select

from tiffin.capabilities.catalog import service
from tiffin.capabilities.catalog.domain.assets import Asset, LifeCycle
from tiffin.capabilities.catalog.domain.saying import Field, Saying
from tiffin.capabilities.catalog.service.saying import history, say, undo
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.errors import Conflict, Forbidden, NotFound, WrongUse
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.models import AuditEntry

Entering = Callable[..., AbstractContextManager[Context]]
ORDERS = AssetId(AssetKind.TABLE, "orders")


def orders(context: Context) -> Asset:
    return service.find_asset(context, ORDERS)


def test_what_is_said_stands_over_the_definition_and_is_audited(entering: Entering) -> None:
    sayings = [
        Saying(Field.OWNER, " night_shift "),
        Saying(Field.MEANING, "Jeder Auftrag, auch der nächtliche.", "en"),
        Saying(Field.TAGS, "night, core ، night"),
        Saying(Field.LIFE_CYCLE, "deprecated"),
        Saying(Field.SUCCESSOR, "orders_2"),
    ]
    with entering() as context:
        before = orders(context)
        changes = say(context, before, sayings)
    with entering() as context:
        after = orders(context)
        entries = select(AuditEntry).where(AuditEntry.subject == ORDERS.text).order_by(AuditEntry.entry_id.desc())
        audited = context.session.scalars(entries.limit(len(sayings))).all()

    assert len(changes) == len(sayings)
    assert (after.owner, after.tags, after.life_cycle) == ("night_shift", ("core", "night"), LifeCycle.DEPRECATED)
    assert after.successor == AssetId(AssetKind.TABLE, "orders_2")
    assert after.meaning["en"].startswith("Jeder")
    assert after.meaning["ar"] == before.meaning["ar"]
    assert [(one.action, one.actor) for one in audited] == [("asset_described", "sana")] * len(sayings)


def test_saying_the_same_again_changes_nothing(entering: Entering) -> None:
    with entering() as context:
        say(context, orders(context), [Saying(Field.NOTE, "Ask at night.")])
    with entering() as context:
        again = say(context, orders(context), [Saying(Field.NOTE, "Ask at night.")])
        kept = history(context, ORDERS)

    assert again == ()
    assert len(kept) == 1


def test_a_change_is_undone_and_both_stay_in_the_history(entering: Entering) -> None:
    with entering() as context:
        before = orders(context).owner
        (number,) = say(context, orders(context), [Saying(Field.OWNER, "night_shift")])
    with entering("otto") as context:
        undo(context, orders(context), number)
    with entering() as context:
        found, kept = orders(context), history(context, ORDERS)

    assert found.owner == before
    assert [(one.actor, one.before, one.after, one.undoes) for one in kept] == [
        ("otto", "night_shift", None, number),
        ("sana", None, "night_shift", None),
    ]
    assert [(one.is_undone, one.is_latest) for one in kept] == [(False, False), (True, False)]


def test_what_was_said_over_since_cannot_be_undone(entering: Entering) -> None:
    with entering() as context:
        (first,) = say(context, orders(context), [Saying(Field.NOTE, "One.")])
        say(context, orders(context), [Saying(Field.NOTE, "Two.")])
    with pytest.raises(Conflict), entering() as context:
        undo(context, orders(context), first)
    with pytest.raises(NotFound), entering() as context:
        undo(context, service.find_asset(context, AssetId(AssetKind.TABLE, "riders")), first)


def test_an_empty_saying_lets_the_definition_speak_again(entering: Entering) -> None:
    with entering() as context:
        meaning = orders(context).meaning["en"]
        say(context, orders(context), [Saying(Field.MEANING, "Something else.", "en")])
    with entering() as context:
        say(context, orders(context), [Saying(Field.MEANING, "", "en")])
        assert orders(context).meaning["en"] == meaning


def test_only_stewards_of_everything_and_the_owner_write(entering: Entering) -> None:
    note = [Saying(Field.NOTE, "Mine.")]
    for name, role, countries in (("vic", Role.VIEWER, ("*",)), ("sam", Role.STEWARD, ("SA",)), ("nil", None, ())):
        with entering() as context:
            asset = orders(context)
        with pytest.raises(Forbidden), entering(name, role, countries=countries) as context:
            say(context, asset, note)
    with entering() as context:
        say(context, orders(context), [Saying(Field.OWNER, "vic")])
    with entering("vic", Role.VIEWER) as context:
        assert say(context, orders(context), note)


@pytest.mark.parametrize(
    "saying",
    [
        Saying(Field.OWNER, "somebody or other"),
        Saying(Field.MEANING, "Ohne Sprache."),
        Saying(Field.MEANING, "In keiner der unseren.", "de"),
        Saying(Field.NOTE, "x" * 4001),
        Saying(Field.TAGS, ", ".join(f"tag{number}" for number in range(13))),
        Saying(Field.LIFE_CYCLE, "immortal"),
        Saying(Field.SUCCESSOR, "orders"),
        Saying(Field.SUCCESSOR, "planet:mars"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(seeing: Entering, saying: Saying) -> None:
    with pytest.raises(WrongUse), seeing() as context:
        say(context, orders(context), [Saying(Field.NOTE, "Sound."), saying])
    with seeing() as context:
        assert history(context, ORDERS) == ()
        assert orders(context).note == ""
