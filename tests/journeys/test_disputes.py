"""A dispute settled by the parties themselves on telephones, in both directions of writing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from tests.liability.notices.conftest import a_verdict

from tiffin.capabilities.access import service as access
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.capabilities.liability.service import ledger
from tiffin.capabilities.liability.service.incidents_keeping import keep_incidents
from tiffin.capabilities.liability.service.verdicts import add_verdicts, latest
from tiffin.runtime.actor import Party as PartyAccount
from tiffin.runtime.edge import open_context

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
TELEPHONE = {"width": 390, "height": 844}
WIDER_THAN_SCREEN = "document.documentElement.scrollWidth - innerWidth"
SMALL_TARGETS = """[...document.querySelectorAll(
    "main button, main .button, main input:not([type=hidden]), main textarea"
)].filter(one => one.getClientRects().length && one.getBoundingClientRect().height < 44).length"""


def decided(workspace: Path, city_id: str, order_id: str) -> Verdict:
    """Decide that the customer gets back 60, of which the merchant pays 50."""
    now = datetime.now(UTC)
    plain = a_verdict(
        city_id=city_id,
        order_id=order_id,
        recovery_minor={Party.MERCHANT: 5000},
        compensation_minor=6000,
        currency={"riyadh": "SAR", "sao-paulo": "BRL"}[city_id],
        decided_at=now,
    )
    incident = replace(plain.incident, happened_at=now - timedelta(hours=2), reported_at=now)
    with open_context(workspace) as context:
        case_id = keep_incidents(context, [incident])[incident.key]
        verdict = replace(plain, incident=incident, case_id=case_id)
        add_verdicts(context, [verdict])
        ledger.post_verdict(context, verdict)
    return verdict


@pytest.fixture
def telephone(a_browser: Callable[..., BrowserContext], workspace: Path) -> Callable[[PartyAccount, str], Page]:
    """Open a telephone on which a party is signed in, reading a language."""

    def opened(party: PartyAccount, lang: str) -> Page:
        with open_context(workspace) as context:
            name = access.add_party(context, party, locale=lang).name
            link = access.make_sign_in_link(context, name)
        page = a_browser(lang).new_page()
        page.set_viewport_size(TELEPHONE)
        page.goto(f"/sign-in/{link}")
        return page

    return opened


@pytest.mark.parametrize(("lang", "city_id"), [("en", "riyadh"), ("ar", "sao-paulo")])
def test_a_merchant_proposes_on_a_telephone_and_the_customer_accepts(
    telephone: Callable[[PartyAccount, str], Page], workspace: Path, lang: str, city_id: str
) -> None:
    verdict = decided(workspace, city_id, f"order-in-dispute-{lang}")
    shop = telephone(PartyAccount("merchant", city_id, "shop-one"), lang)
    customer = telephone(PartyAccount("customer", city_id, "customer-one"), lang)

    shop.goto(f"/me/decisions/{verdict.verdict_id}")
    shop.locator("section[aria-labelledby=dispute] summary").click()
    shop.locator("#dispute-text").fill("The bag was sealed when it left us.")
    shop.locator("section[aria-labelledby=dispute] form button").click()
    shop.wait_for_url("**/me/disputes/*")
    fits(shop, lang)
    shop.locator("#customer_gets_minor").fill("25.01")
    shop.locator("button[value=split]").click()
    expect(shop.locator("#merchant_pays_minor")).to_have_value("12.51")
    shop.locator("#merchant_pays_minor").fill("25.01")
    shop.locator("#propose-text").fill("Half of it?")
    shop.locator("button[value=propose]").click()
    expect(shop.locator("#table")).to_be_visible()

    customer.goto("/me")
    customer.locator("section[aria-labelledby=disputes] a").click()
    expect(customer.locator("section[aria-labelledby=table]")).to_contain_text("Half of it?")
    fits(customer, lang)
    customer.locator("button[value=accept]").click()
    expect(customer.locator("button[value=accept]")).to_have_count(0)

    with open_context(workspace) as context:
        now = latest(context, verdict.incident.key)
    assert now is not None
    assert (now.compensation_minor, dict(now.recovery_minor)) == (2501, {Party.MERCHANT: 2501})


def fits(page: Page, lang: str) -> None:
    """Hold a page to what telephones need: its direction, no scrolling sideways, targets that a thumb meets."""
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if lang == "ar" else "ltr")
    assert page.evaluate(WIDER_THAN_SCREEN) <= 0
    assert page.evaluate(SMALL_TARGETS) == 0
