"""Fixtures that every area shares."""

import gc
import os
import shutil
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from hypothesis import HealthCheck, settings
from sqlalchemy import Connection, inspect

from tiffin.runtime import passwords, schema
from tiffin.runtime.database import engine_for
from tiffin.runtime.schema import migrate
from tiffin.runtime.warehouse import staging
from tiffin.runtime.workspace import Workspace, create_workspace

# A process of pytest-xdist has no main file, and pyspark takes such a process for its own doctests and ends it.
if not hasattr(sys.modules["__main__"], "__file__"):
    sys.modules["__main__"].__file__ = __file__

# What every test imports stays for good, and looking through it again and again took a fifth of the time.
gc.set_threshold(10_000, 10, 10)

# Machines of tests are busy: how long it takes to draw an example tells nothing about the strategy.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

ROOT = Path(__file__).resolve().parent.parent
IN_CI = bool(os.environ.get("CI"))

UNMEASURED = (
    "tests/access/doors/test_every_door.py::test_every_door_tells_what_a_random_policy_opens",
    "tests/access/doors/test_every_door.py::test_no_door_tells_anything_a_second_after_the_end",
    "tests/access/doors/test_party_doors.py",
    "tests/access/test_erasure.py",
    "tests/access/test_erasure_texts.py",
    "tests/access/test_real_columns.py",
    "tests/adoption/test_scores.py",
    "tests/balance/test_confidence.py",
    "tests/balance/test_daybook.py",
    "tests/balance/test_planted_causes.py",
    "tests/balance/test_planted_days.py",
    "tests/balance/test_real_daybooks.py",
    "tests/balance/test_shortfalls.py",
    "tests/balance/test_state.py",
    "tests/balance/test_strategies.py",
    "tests/catalog/test_catalog_pages.py",
    "tests/catalog/test_contract_drafts.py",
    "tests/cli/test_up.py",
    "tests/engines/anomalies/test_data_faults.py",
    "tests/engines/attribution/accounting/test_marketplace.py",
    "tests/engines/contracts/test_changes.py::test_of_two_edits_neither_hides_the_worse",
    "tests/engines/decisions/proving/test_against_solver.py",
    "tests/engines/decisions/test_bounds.py::test_what_would_go_on_is_ended",
    "tests/engines/decisions/test_covering.py::test_a_suite_finds_nothing_in_its_own_version",
    "tests/engines/decisions/test_covering.py::test_a_suite_notices_edits_of_the_liability_table",
    "tests/engines/decisions/test_fuzzing.py",
    "tests/engines/decisions/test_patterns.py::test_a_pattern_that_would_run_for_ever_is_ended",
    "tests/engines/decisions/test_replaying.py::test_a_replay_decides_each_case_as_alone",
    "tests/engines/decisions/test_replaying.py::test_money_and_points_are_what_cases_add_up_to",
    "tests/engines/decisions/test_seeds.py",
    "tests/engines/metrics/test_oracle.py",
    "tests/engines/simulation/test_instance.py",
    "tests/engines/simulation/test_instance_rules.py",
    "tests/facts/test_contracts.py",
    "tests/facts/test_contracts.py::test_every_contract_keeps_the_open_data_contract_standard",
    "tests/facts/test_killed_load.py",
    "tests/facts/test_loading.py::test_whatever_the_rows_none_is_lost",
    "tests/facts/test_real_feeds.py",
    "tests/kernel/test_rule_outcomes.py",
    "tests/liability/appeals/test_appeal_proof.py::test_no_incident_is_posted_undecided_or_confirmed_by_its_judge",
    "tests/liability/appeals/test_fines.py",
    "tests/metrics/test_authoring_pages.py::test_a_definition_is_written_by_one_and_published_by_another",
    "tests/metrics/test_cold_start.py",
    "tests/metrics/test_engines_agree.py",
    "tests/metrics/test_exports.py",
    "tests/metrics/test_foreign_cases.py",
    "tests/metrics/test_random_requests.py",
    "tests/metrics/test_rollup_upkeep.py",
    "tests/metrics/test_rollups.py",
    "tests/metrics/test_trees.py",
    "tests/policies/test_conformance.py",
    "tests/rehearsals/test_demo.py",
    "tests/rehearsals/test_many.py",
    "tests/rehearsals/test_marketplace.py",
    "tests/rehearsals/test_on_spark.py",
    "tests/runtime/test_adoption_store.py",
    "tests/runtime/test_appeals_databases.py",
    "tests/runtime/test_audit_chain.py",
    "tests/runtime/test_case_load.py",
    "tests/runtime/test_contract_files.py",
    "tests/runtime/test_glossary_at_once.py",
    "tests/runtime/test_incident_databases.py",
    "tests/runtime/test_incidents_of_data.py",
    "tests/runtime/test_on_postgres.py",
    "tests/runtime/test_penalty_ledger.py",
    "tests/runtime/test_schema.py",
    "tests/runtime/warehouse/test_hazards.py",
    "tests/runtime/warehouse/test_serving.py",
    "tests/web/test_errors.py",
    "tests/web/test_translations.py",
)
"""Tests that coverage is not taken of, since they prove much over again in code that others reach.

With coverage they take half as long again or twice as long, and long loops of Python several times as long. What is
reported is therefore what the other tests alone cover, and less than all of them do.
"""

Upgrade = Callable[..., None]


def pytest_collection_finish() -> None:
    """Leave what was imported so far out of every later search for what nobody holds any more."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """Let go of it at the end, so that the database's library does not take it for lost."""
    gc.unfreeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Take no coverage of what is not measured."""
    control = getattr(item.config.pluginmanager.getplugin("_cov"), "cov_controller", None)
    if control is None or not item.nodeid.startswith(UNMEASURED):
        return (yield)
    control.pause()
    try:
        return (yield)
    finally:
        control.resume()


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The checkout that is tested."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder beside the checkout with real data and foreign test material; missing in CI is a failure."""
    folder = Path(os.environ.get("TIFFIN_SHARED", ROOT.parent / "shared"))
    return _present(folder, "foreign test material (TIFFIN_SHARED)")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real delivery files; missing in CI is a failure, elsewhere a skip that says why."""
    folder = Path(os.environ.get("TIFFIN_DATA", ROOT.parent / "shared" / "data"))
    return _present(folder, "real delivery files (TIFFIN_DATA)")


@pytest.fixture(scope="session", autouse=True)
def full_hasher() -> Iterator[PasswordHasher]:
    """Give what passwords are really hashed with; tests hash with the least work, since they ask who comes in."""
    full, cheap = passwords._hasher(), PasswordHasher.from_parameters(CHEAPEST)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", lambda: cheap)
        yield full
    passwords._nobodys_hash.cache_clear()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database that holds nothing, migrated as any new one is: to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "tiffin.db"
    engine = engine_for(f"sqlite:///{file}")
    migrate(engine)
    engine.dispose()
    return file


@pytest.fixture(scope="session", autouse=True)
def whole_upgrade() -> Iterator[Upgrade]:
    """Give what really walks the revisions; a new SQLite database gets at once what they made in the first one."""
    whole = schema._upgrade
    made: list[str] = []

    def upgrade(connection: Connection, *, to: str) -> None:
        is_new = to == "head" and connection.dialect.name == "sqlite" and not inspect(connection).get_table_names()
        if is_new and made:
            for statement in made:
                connection.exec_driver_sql(statement)
            return
        whole(connection, to=to)
        if is_new:
            driver: Any = connection.connection.driver_connection
            made.extend(one for one in driver.iterdump() if one not in {"BEGIN TRANSACTION;", "COMMIT;"})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "_upgrade", upgrade)
        yield whole


@pytest.fixture(scope="session", autouse=True)
def kept_engine() -> Iterator[None]:
    """Let writes share one engine, each with a connection of its own: to start one takes longer than most writes do."""
    kept: dict[int, duckdb.DuckDBPyConnection] = {}

    def engine() -> duckdb.DuckDBPyConnection:
        process = os.getpid()
        if process not in kept or not _is_as_new(kept[process]):
            kept[process] = duckdb.connect(":memory:", config={"enable_external_file_cache": "false"})
        return kept[process].cursor()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(staging, "new_engine", engine)
        yield
    for one in kept.values():
        one.close()


def _is_as_new(engine: duckdb.DuckDBPyConnection) -> bool:
    """Tell whether no write has left in an engine what the next would meet: a folder to spill into, or a function."""
    try:
        engine.execute("SET temp_directory = ''")
    except duckdb.NotImplementedException:
        return False
    try:
        engine.execute("SELECT h3_cell(NULL, NULL)")
    except duckdb.CatalogException:
        return True
    return False


@pytest.fixture
def walked_revisions(whole_upgrade: Upgrade, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let new databases walk through every revision, as they do outside of tests."""
    monkeypatch.setattr(schema, "_upgrade", whole_upgrade)


@pytest.fixture(scope="session")
def new_workspace(migrated_file: Path) -> Callable[[Path], Workspace]:
    """Make a workspace that holds nothing, with its database."""

    def made(root: Path) -> Workspace:
        workspace = create_workspace(root)
        workspace.state.mkdir()
        shutil.copyfile(migrated_file, workspace.state / migrated_file.name)
        return workspace

    return made


def _present(folder: Path, what: str) -> Path:
    if folder.is_dir():
        return folder
    message = f"The {what} were expected at {folder}; each feed's file says where they come from."
    if IN_CI:
        pytest.fail(message)
    pytest.skip(message)
