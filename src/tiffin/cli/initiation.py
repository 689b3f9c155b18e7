"""Making a workspace: its settings, and of each kind of definition an example that loads."""

import shutil
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated

import typer

from tiffin.runtime.database import engine_for
from tiffin.runtime.schema import migrate
from tiffin.runtime.terminal import JsonOption, emit
from tiffin.runtime.workspace import FILE_NAME, create_workspace

OWN_FACTS = """
# `tiffin up` fills a workspace without facts with a simulated marketplace, unless this says no.
demo = false
"""


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("init")(init)


def init(
    folder: Annotated[Path, typer.Argument(help="Folder to make; it must not hold a workspace yet.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Make a workspace: tiffin.toml, feeds/, metrics/, policies/, markets/, dashboards/, each with an example.

    JSON: {"workspace", "files": [path]}.
    """
    workspace = create_workspace(folder.expanduser(), config=OWN_FACTS)
    made = [FILE_NAME, *_copy_examples(workspace.root)]
    migrate(engine_for(workspace.database_url))
    payload = {"workspace": workspace.root, "files": made}
    emit(payload, as_json=as_json, human=lambda _: _told(workspace.root, made))


def _copy_examples(root: Path) -> list[str]:
    with as_file(files("tiffin.cli") / "examples") as examples:
        found = sorted(path.relative_to(examples) for path in examples.rglob("*") if path.is_file())
        for path in found:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(examples / path, root / path)
    return [str(path) for path in found]


def _told(root: Path, made: list[str]) -> str:
    first = f"tiffin load example-orders {root / 'feeds' / 'example-orders.csv'} --workspace {root}"
    return "\n".join(
        [f"Made a workspace at {root}:", *(f"  {name}" for name in made), "Try its example:", f"  {first}"]
    )
