"""What the tests of rehearsals share: a city simulated over two days."""

from collections.abc import Mapping
from datetime import date

import pyarrow as pa
import pytest

from tiffin.capabilities.rehearsals.domain.scenario import Scenario
from tiffin.capabilities.rehearsals.service import simulated_tables
from tiffin.capabilities.rehearsals.service.definitions import read_profiles, read_scenario
from tiffin.kernel.time import Days

TWO_DAYS = Days(date(2026, 2, 24), date(2026, 2, 25))


@pytest.fixture(scope="session")
def kuwait() -> Scenario:
    """The demo city of Kuwait, where a merchant overload is planted on 24 February."""
    return read_scenario("kuwait-city", profiles=read_profiles())


@pytest.fixture(scope="session")
def tables(kuwait: Scenario) -> Mapping[str, pa.Table]:
    """Its facts of two days."""
    return simulated_tables(kuwait, TWO_DAYS, seed=7)
