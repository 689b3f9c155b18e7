"""Where supply falls short over weeks, in a browser and as a file."""

import csv
import io

from tests.balance.test_pages import signed_in

from tiffin.runtime.workspace import Workspace


def test_the_page_and_its_file_tell_the_same_hours_by_the_names_of_zones(simulated: Workspace) -> None:
    with signed_in(simulated) as client:
        page = client.get("/shortfalls/dubai").text
        rows = list(csv.DictReader(io.StringIO(client.get("/shortfalls/dubai.csv").text)))
        told = client.get("/api/shortfalls/dubai").json()["short"]

    assert [(row["zone_id"], int(row["hour"])) for row in rows] == [(one["zone"], one["hour"]) for one in told]
    assert rows
    assert rows[-1]["zone"] in page


def test_the_page_speaks_arabic_and_a_city_out_of_sight_is_none(simulated: Workspace) -> None:
    with signed_in(simulated) as client:
        assert 'dir="rtl"' in client.get("/shortfalls/dubai", headers={"accept-language": "ar"}).text
        assert client.get("/shortfalls/nowhere").status_code == 404
        assert client.get("/shortfalls").headers["location"].startswith("/shortfalls/")
