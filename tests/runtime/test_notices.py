"""Notices on each kind of database: the same occasion is told once whoever tries, and each is told as it was sent."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select
from tests.liability.notices.conftest import a_verdict

from tiffin.capabilities.access import service as access
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.models.notices import Notice, NoticeRead
from tiffin.capabilities.liability.service import notices
from tiffin.runtime.actor import Party as PartyAccount
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

RIDER = PartyAccount("rider", "riyadh", "rider-one")


def test_many_who_tell_the_same_at_once_tell_it_once(workspace: Workspace) -> None:
    def told(_: int) -> int:
        with open_context(workspace.root) as context:
            return notices.send(context, "verdict", a_verdict(), Party.RIDER)

    with open_context(workspace.root) as context:
        access.add_party(context, RIDER, locale="ar")
    with ThreadPoolExecutor(4) as pool:
        numbers = {*pool.map(told, range(8))}

    with open_context(workspace.root) as context:
        assert context.session.scalar(select(func.count()).select_from(Notice)) == 1
        assert len(numbers) == 1
        assert "\u2068" in notices.text_of(context, numbers.pop())


def test_a_notice_is_listed_read_and_told_as_it_was_sent(workspace: Workspace) -> None:
    with open_context(workspace.root) as context:
        made = access.add_party(context, RIDER, locale="bn")
        number = notices.send(context, "no_blame", a_verdict(), Party.RIDER)
        first = notices.text_of(context, number)
    with open_context(workspace.root, user=made.name) as context:
        shown = notices.own_notice(context, number)
        assert f"{shown.title}\n\n{shown.body}" == first
    with open_context(workspace.root) as context:
        assert context.session.get_one(NoticeRead, number).read_at is not None
        assert [one.notice_id for one in notices.notices_of(context, RIDER)] == [number]
