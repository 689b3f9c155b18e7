"""Systems outside are told what happened: signed, once, again after failures, and never where nothing may be sent."""

import json
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from tests.service.conftest import NOW, Entering, System

from tiffin.capabilities.service.domain.messages import Audience, Happening, Kind, message_body
from tiffin.capabilities.service.domain.retrying import WAITS, State, wait_after
from tiffin.capabilities.service.domain.signing import check_signature, read_secret, signed_headers, written_secret
from tiffin.capabilities.service.service.delivering import Sent, deliver
from tiffin.capabilities.service.service.receivers import NewReceiver, add_receiver, change_secret, switch
from tiffin.capabilities.service.service.replaying import list_deliveries, send_again, send_all_again, send_test
from tiffin.kernel.errors import Conflict, Forbidden, WrongUse
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.outgoing import post


def a_receiver(url: str, **changes: object) -> NewReceiver:
    stated = {"name": "desk", "url": url, "audience": Audience.CUSTOMER_SERVICE, "countries": ("*",)}
    return NewReceiver(**(stated | changes))  # type: ignore[arg-type]


def sending(entering: Entering, now: datetime = NOW) -> Sent:
    def opening() -> AbstractContextManager[Context]:
        return entering(now=now)

    return deliver(opening)


def test_a_message_arrives_once_and_signed(entering: Entering, system: System) -> None:
    with entering() as context:
        _, secret = add_receiver(context, a_receiver(system.url))
        sent = send_test(context, "desk")

    assert sending(entering) == Sent(delivered=1)
    assert sending(entering) == Sent()
    ((headers, body),) = system.taken
    assert check_signature([read_secret(secret)], headers, body, now=NOW) == sent == headers["webhook-id"]
    assert json.loads(body)["type"] == "test"


def test_what_is_not_taken_is_sent_again_until_it_is(entering: Entering, system: System) -> None:
    system.statuses = [500, 503]
    with entering() as context:
        add_receiver(context, a_receiver(system.url))
        send_test(context, "desk")

    assert sending(entering) == Sent(waiting=1)
    assert sending(entering) == Sent()
    assert sending(entering, NOW + timedelta(seconds=7)) == Sent(waiting=1)
    assert sending(entering, NOW + timedelta(minutes=10)) == Sent(delivered=1)
    assert len({headers["webhook-id"] for headers, _ in system.taken}) == 1


def test_what_is_never_taken_dies_and_can_be_sent_again_by_hand(entering: Entering, system: System) -> None:
    system.statuses = [500] * (len(WAITS) + 1)
    with entering() as context:
        add_receiver(context, a_receiver(system.url))
        send_test(context, "desk")
    now, outcomes = NOW, []
    for wait in (timedelta(), *WAITS):
        now += wait * 1.3
        outcomes.append(sending(entering, now))

    assert outcomes[-1] == Sent(dead=1)
    with entering(now=now) as context:
        (dead,) = list_deliveries(context, state=State.DEAD)
        send_again(context, dead.delivery_id)
    assert sending(entering, now) == Sent(delivered=1)


def test_a_receiver_that_is_gone_is_told_nothing_more(entering: Entering, system: System) -> None:
    system.statuses = [410]
    with entering() as context:
        receiver, _ = add_receiver(context, a_receiver(system.url))
        number = receiver.receiver_id
        send_test(context, "desk")

    assert sending(entering) == Sent(dead=1)
    with entering() as context:
        assert context.session.get_one(type(receiver), number).disabled_at == NOW


def test_while_a_secret_is_changed_both_are_right(entering: Entering, system: System) -> None:
    with entering() as context:
        _, old = add_receiver(context, a_receiver(system.url))
        new = change_secret(context, "desk")
        send_test(context, "desk")
    sending(entering)
    with entering(now=NOW + timedelta(days=2)) as context:
        send_test(context, "desk")
    sending(entering, NOW + timedelta(days=2))

    (early, late) = system.taken
    for secret in (old, new):
        check_signature([read_secret(secret)], *early, now=NOW)
    check_signature([read_secret(new)], *late, now=NOW + timedelta(days=2))
    with pytest.raises(Forbidden):
        check_signature([read_secret(old)], *late, now=NOW + timedelta(days=2))


def test_a_time_is_sent_again_whole_or_what_is_dead_of_it(entering: Entering, system: System) -> None:
    with entering() as context:
        add_receiver(context, a_receiver(system.url))
        send_test(context, "desk")
        send_test(context, "desk")
    sending(entering)
    with entering() as context:
        assert send_all_again(context, "desk", since=NOW, only_dead=True) == 0
        assert send_all_again(context, "desk", since=NOW, only_dead=False) == 2

    assert sending(entering) == Sent(delivered=2)


@pytest.mark.parametrize(
    "url", ["http://example.com/hook", "ftp://example.com", "https://user:pass@example.com", "https://"]
)
def test_an_address_to_which_nothing_may_be_sent_is_refused(entering: Entering, url: str) -> None:
    with entering() as context:
        context.workspace.config["links"]["private"] = False  # type: ignore[index]
        with pytest.raises(WrongUse, match="https"):
            add_receiver(context, a_receiver(url))


def test_the_own_network_is_not_called_unless_the_workspace_says_so(system: System) -> None:
    answer = post(system.url.replace("http", "https"), b"{}", {}, timeout_s=1, may_be_private=False)
    assert (answer.status, system.taken) == (0, [])
    assert "own network" in answer.text


def test_links_are_for_administrators_of_everything(entering: Entering, system: System) -> None:
    for role, countries in ((Role.STEWARD, ("*",)), (Role.ADMIN, ("SA",))):
        with pytest.raises(Forbidden), entering(role, countries=countries) as context:
            add_receiver(context, a_receiver(system.url))


def test_names_are_taken_once_and_merchants_need_their_merchant(entering: Entering, system: System) -> None:
    with entering() as context:
        add_receiver(context, a_receiver(system.url))
        with pytest.raises(Conflict):
            add_receiver(context, a_receiver(system.url))
        with pytest.raises(WrongUse):
            add_receiver(context, a_receiver(system.url, name="shop", audience=Audience.MERCHANT))


def test_a_receiver_that_is_switched_off_gets_what_waits_later(entering: Entering, system: System) -> None:
    with entering() as context:
        add_receiver(context, a_receiver(system.url))
        send_test(context, "desk")
        switch(context, "desk", on=False)

    assert sending(entering) == Sent()
    with entering() as context:
        switch(context, "desk", on=True)
    assert sending(entering) == Sent(delivered=1)


def test_a_merchant_hears_of_no_person() -> None:
    people = {"rider_id": "r-1", "customer_id": "c-1"}
    happening = Happening(Kind.VERDICT_GIVEN, "k", NOW, "riyadh", "SA", "m-1", {"order_id": "o"}, people)

    assert "r-1" in str(message_body(happening, Audience.CUSTOMER_SERVICE))
    assert not {"r-1", "c-1"} & {*str(message_body(happening, Audience.MERCHANT)).split("'")}


@given(st.binary(min_size=16, max_size=64), st.text(min_size=1, max_size=40), st.binary(max_size=200), st.data())
def test_no_changed_message_has_a_right_signature(secret: bytes, name: str, body: bytes, data: st.DataObject) -> None:
    headers = signed_headers([secret], name, int(NOW.timestamp()), body)
    assert check_signature([read_secret(written_secret(secret))], headers, body, now=NOW) == name
    other = data.draw(st.binary(max_size=200).filter(lambda one: one != body))

    with pytest.raises(Forbidden):
        check_signature([secret], headers, other, now=NOW)
    with pytest.raises(Forbidden):
        check_signature([secret + b"x"], headers, body, now=NOW)
    with pytest.raises(Forbidden):
        check_signature([secret], headers, body, now=NOW + timedelta(minutes=6))


@given(st.integers(1, len(WAITS)), st.floats(0, 1))
def test_waits_grow_with_every_failure(failures: int, chance: float) -> None:
    wait = wait_after(failures, chance)
    assert wait is not None
    assert WAITS[failures - 1] <= wait <= WAITS[failures - 1] * 1.2


@pytest.mark.parametrize("language", ["en", "ar", "zh-Hans", "zh-Hant", "pt-BR"])
def test_the_page_registers_tests_and_sends_again(client: TestClient, system: System, language: str) -> None:
    client.headers["accept-language"] = language
    fields = {
        "said_name": "desk",
        "said_url": system.url,
        "said_audience": "customer_service",
        "said_countries": "SA KW",
    }
    made = client.post("/links/receivers", data=fields)
    assert made.status_code == 200
    assert "whsec_" in made.text
    assert client.post("/links/receivers", data=fields).status_code == 422

    assert client.post("/links/receivers/desk", data={"action": "test"}).status_code == 200
    assert client.get("/links?state=waiting").text.count("msg_") == 1
    assert client.post("/links/deliveries/1").status_code == 200
    assert client.post("/links/receivers/desk", data={"action": "off"}).status_code == 200
    assert client.post("/links/senders", data={"said_name": "bot", "said_account": "nobody"}).status_code == 422
