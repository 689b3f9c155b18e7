"""Contracts in a browser: read, compare, answer, take along."""

import html
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.catalog.service.contracts import shipped_text
from tiffin.kernel.contract import LOCALES
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.actor import Role
from tiffin.runtime.contracts.plain_yaml import read_plain
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import create_workspace

PAGE = "/catalog/contracts/orders"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with its owner, a second steward and a viewer."""
    made = create_workspace(tmp_path_factory.mktemp("pages") / "workspace").root
    with open_context(made) as context:
        for name, role in (("cy", Role.STEWARD), ("vi", Role.VIEWER)):
            access.add_account(context, name)
            access.grant(context, name, role, countries=["*"], terms=access.Terms("tests"))
    return made


def signed_in(root: Path, name: str | None) -> TestClient:
    client = TestClient(create_app(root), follow_redirects=False)
    with open_context(root) as context:
        token = access.make_sign_in_link(context, name or context.actor.name)
    client.get(f"/sign-in/{token}")
    return client


@pytest.fixture(scope="module")
def steward(root: Path) -> TestClient:
    return signed_in(root, None)


@pytest.fixture(scope="module")
def second(root: Path) -> TestClient:
    return signed_in(root, "cy")


@pytest.fixture(scope="module")
def viewer(root: Path) -> TestClient:
    return signed_in(root, "vi")


@pytest.fixture(scope="module")
def breaking() -> str:
    document = yaml.safe_load(shipped_text("orders"))
    kept = [one for one in document["schema"][0]["properties"] if one["name"] != "delivered_at"]
    document["schema"][0]["properties"] = kept
    document["version"] = "3.0.0"
    return yaml.safe_dump(document, allow_unicode=True)


def test_every_table_has_its_contract_and_its_file(steward: TestClient) -> None:
    listed = steward.get("/catalog/contracts").text
    file = steward.get(f"{PAGE}/odcs.yaml")

    assert 'href="/catalog/contracts/orders"' in listed
    assert "One version so far" in steward.get("/catalog/contracts/cities").text
    assert file.headers["content-disposition"] == 'attachment; filename="orders.odcs.yaml"'
    assert read_plain(file.text, "orders")["schema"][0]["name"] == "orders"


@pytest.mark.parametrize("locale", LOCALES)
def test_a_table_says_its_grain_use_and_limits_in_the_language_of_its_reader(steward: TestClient, locale: str) -> None:
    told = [TABLES["orders"].grain, TABLES["orders"].usage, TABLES["orders"].limitations]
    steward.cookies.set("tiffin_locale", locale)
    for address in (PAGE, "/catalog/table/orders", "/data/orders"):
        shown = html.unescape(steward.get(address).text)
        for texts in told:
            assert texts[locale] in shown, address
            assert locale == "en" or texts["en"] not in shown, address
    steward.cookies.delete("tiffin_locale")


def test_the_file_carries_grain_use_and_limits_in_every_language(steward: TestClient, tmp_path: Path) -> None:
    file = tmp_path / "orders.yaml"
    file.write_text(steward.get(f"{PAGE}/odcs.yaml").text, encoding="utf-8")
    document = read_plain(file.read_text(encoding="utf-8"), "orders")
    table, description = document["schema"][0], document["description"]

    def others(part: dict[str, Any], text: str) -> dict[str, str]:
        customs = {one["property"]: one["value"] for one in part["customProperties"]}
        return {locale: customs[f"{text}.{locale}"] for locale in LOCALES[1:]}

    contract = TABLES["orders"]
    assert {"en": table["dataGranularityDescription"], **others(table, "grain")} == contract.grain
    assert {"en": description["usage"], **others(description, "usage")} == contract.usage
    assert {"en": description["limitations"], **others(description, "limitations")} == contract.limitations


def test_a_breaking_version_goes_its_whole_way_in_the_browser(
    steward: TestClient, second: TestClient, viewer: TestClient, breaking: str
) -> None:
    refused = steward.post(PAGE, data={"text": breaking.replace("version: 3.0.0", "version: 2.2.0")})
    assert refused.status_code == 422
    assert "least honest number" in refused.text
    assert steward.post(PAGE, data={"text": breaking}).status_code == 303
    assert viewer.post(PAGE, data={"text": breaking}).status_code == 403
    version = f"{PAGE}/versions/3.0.0"
    assert second.post(version, data={"action": "put_in_force"}).status_code == 409
    assert steward.post(version, data={"action": "burn"}).status_code == 400
    assert steward.post(version, data={"action": "announce"}).status_code == 303

    shown = second.get(PAGE).text
    assert "delivered_at" in shown
    assert "The column is gone; whoever reads or writes it fails." in shown
    assert "no answer yet" in shown
    assert 'name="consumer"' not in viewer.get(PAGE).text
    assert second.get(f"{PAGE}/versions/3.0.0.yaml").text == breaking

    silent = second.post(f"{version}/answers", data={"consumer": "city_operations", "said": "objected"})
    assert silent.status_code == 400
    assert "An objection needs a reason" in silent.text
    assert steward.post(f"{version}/answers", data={"consumer": "city_operations", "said": "agreed"}).status_code == 403
    answered = second.post(
        f"{version}/answers", data={"consumer": "city_operations", "said": "objected", "reason": "<b>Late.</b>"}
    )
    assert answered.status_code == 303
    assert "&lt;b&gt;Late.&lt;/b&gt;" in second.get(PAGE).text
    assert steward.post(version, data={"action": "withdraw"}).status_code == 303


@pytest.mark.parametrize("lang", ["ar", "zh_Hans", "zh_Hant", "pt_BR"])
def test_the_pages_speak_every_language(steward: TestClient, lang: str) -> None:
    steward.cookies.set("tiffin_locale", lang)
    for path in ("/catalog/contracts", PAGE):
        text = steward.get(path).text
        assert "/catalog/contracts/orders" in text
        assert "Data contracts" not in text
        assert "What it means" not in text
    steward.cookies.delete("tiffin_locale")
