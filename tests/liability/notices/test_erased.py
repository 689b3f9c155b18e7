"""A rider is erased: his account ends, and what he was told is reproduced as before, naming nobody."""

from functools import partial

from tests.liability.notices.conftest import a_verdict

from tiffin.capabilities.access import service as access
from tiffin.capabilities.access.domain.erasing import SoughtPerson, State
from tiffin.capabilities.access.service import erasing, erasing_steps, people_scan
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.service import notices
from tiffin.kernel.people import PersonKind
from tiffin.runtime import people
from tiffin.runtime.actor import Party as PartyAccount
from tiffin.runtime.actor import Role
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

SOURCE = "courier-47110815"
"""What the source calls him."""


def test_notices_stay_what_they_were_when_their_reader_is_erased(shop: Workspace) -> None:
    with open_context(shop.root) as context:
        for name in ("ana", "ben"):
            access.add_account(context, name)
            access.grant(context, name, Role.PRIVACY_OFFICER, countries=["*"], terms=access.Terms("tests"))
        pseudonym = people.pseudonyms(context.unit, PersonKind.RIDER, [SOURCE])[SOURCE] or ""
        access.add_party(context, PartyAccount("rider", "riyadh", SOURCE), locale="ne")
        number = notices.send(context, "verdict", a_verdict(rider_id=pseudonym), Party.RIDER)
        before = notices.text_of(context, number)
    with open_context(shop.root, user="ana") as context:
        asked = erasing.ask_erasure(context, SoughtPerson("rider", SOURCE), "His wish").erasure_id
    officer = partial(open_context, shop.root, user="ben")
    with officer() as context:
        erasing.approve_erasure(context, asked)

    done = erasing_steps.carry_out(officer, asked)

    assert done.state is State.ERASED
    with officer() as context:
        assert people_scan.scan_for(context, [SOURCE]).is_clean
    with open_context(shop.root) as context:
        assert notices.text_of(context, number) == before
        assert pseudonym not in before
        assert [one.is_disabled for one in access.list_parties(context)] == [True]
