"""The process of looking after data, as it is published from its definitions."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.catalog.domain.processes import Processes, read_processes
from tiffin.capabilities.catalog.service.processes import SHIPPED, processes_in
from tiffin.capabilities.metrics.domain.reading import File
from tiffin.cli.composition import compose
from tiffin.runtime.definitions import parse_yaml, place_of
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace, create_workspace


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return create_workspace(tmp_path_factory.mktemp("processes") / "own")


@pytest.fixture(scope="module")
def shipped(workspace: Workspace) -> Processes:
    return processes_in(workspace)


def test_every_part_is_played_and_every_file_is_told(shipped: Processes) -> None:
    assert {step.by for process in shipped.processes for step in process.steps} == set(shipped.parts)
    assert {process.name for process in shipped.processes} == {path.stem for path in SHIPPED.glob("*.yaml")} - {"roles"}


def test_every_page_of_a_step_opens(shipped: Processes, workspace: Workspace) -> None:
    browser = TestClient(create_app(workspace), raise_server_exceptions=False)
    with open_context(workspace.root) as context:
        token = access.make_sign_in_link(context, context.actor.name)
    browser.get(f"/sign-in/{token}")
    pages = {step.page for process in shipped.processes for step in process.steps if step.page}
    pages |= {"/catalog/processes", *(f"/catalog/processes/{process.name}" for process in shipped.processes)}

    assert {page: browser.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


def test_every_command_of_a_step_is_there(shipped: Processes) -> None:
    root = compose()
    for process in shipped.processes:
        for step in process.steps:
            found: Any = root
            for name in step.command.split():
                found = found.get_command(None, name)
                assert found is not None, step.command


def test_every_template_is_among_the_examples_of_a_new_workspace(shipped: Processes, project_root: Path) -> None:
    examples = project_root / "src/tiffin/cli/examples"
    templates = {step.template for process in shipped.processes for step in process.steps if step.template}
    assert templates
    assert all((examples / name).is_file() for name in templates)


def test_a_faulty_process_is_told_with_its_line() -> None:
    roles = (SHIPPED / "roles.yaml").read_text(encoding="utf-8")
    words = "{en: a, ar: a, zh_Hans: a, zh_Hant: a, pt_BR: a}"
    faulty = f"process: p\ntitle: {words}\npurpose: {words}\nsteps:\n  - step: s\n    by: nobody\n    does: {words}\n"
    files = [
        File(parse_yaml(text, name), partial(place_of, Path(name)))
        for text, name in ((roles, "roles.yaml"), (faulty, "p.yaml"))
    ]
    found, problems = read_processes(files)
    assert found.processes == ()
    assert "nobody" in str(problems[0])
    assert "p.yaml, line 6" in str(problems[0]) or problems[0].place.line == 6  # type: ignore[union-attr]
