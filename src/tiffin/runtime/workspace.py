"""A workspace: one folder with an operator's settings, definitions, tables and database."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tiffin
from tiffin.kernel.errors import InvalidDefinition, NotFound
from tiffin.runtime.settings import settings

FILE_NAME = "tiffin.toml"


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where everything of one operator lies.

    Layout: ``tiffin.toml``; overlays ``feeds/ metrics/ policies/ markets/ dashboards/``; ``.tiffin/tables/<table>``
    (Delta), ``.tiffin/tiffin.db`` (SQLite unless another database is set), ``.tiffin/daybooks``.
    """

    root: Path
    config: Mapping[str, Any]

    @property
    def state(self) -> Path:
        """Folder of everything that the platform itself writes."""
        return self.root / ".tiffin"

    @property
    def tables(self) -> Path:
        """Folder of the Delta tables, one folder a table."""
        return self.state / "tables"

    @property
    def daybooks(self) -> Path:
        """Folder of the written day-books."""
        return self.state / "daybooks"

    @property
    def database_url(self) -> str:
        """SQLAlchemy address of the operational database; TIFFIN_DATABASE_URL wins over ``[database] url``."""
        stated = settings().database_url or self.config.get("database", {}).get("url")
        return str(stated) if stated else f"sqlite:///{self.state / 'tiffin.db'}"

    @property
    def engine(self) -> str:
        """Warehouse engine of this workspace: ``duckdb`` or ``spark``."""
        return str(self.config.get("warehouse", {}).get("engine", "duckdb"))

    def overlay(self, kind: str) -> Path:
        """Folder in which the operator's own definitions of a kind lie, such as ``feeds``."""
        return self.root / kind


def workspace_folder(stated: Path | None) -> Path:
    """Tell which workspace folder is meant.

    The stated one; else TIFFIN_WORKSPACE; else ``./workspace`` if it is there; else the one beside the launcher.
    A package that was installed without a checkout has no launcher; its last resort is ``./workspace`` too.
    """
    if stated is not None:
        return stated.expanduser()
    if (named := settings().workspace) is not None:
        return named
    here = Path.cwd() / "workspace"
    if (here / FILE_NAME).is_file():
        return here
    checkout = Path(tiffin.__file__).parents[2]
    return (
        checkout / "workspace" if (checkout / "tiffin").is_file() and (checkout / "pyproject.toml").is_file() else here
    )


def open_workspace(root: Path) -> Workspace:
    """Open a workspace folder.

    Raises
    ------
    NotFound
        The folder holds no ``tiffin.toml``.
    InvalidDefinition
        Its ``tiffin.toml`` is not TOML.
    """
    file = root / FILE_NAME
    if not file.is_file():
        raise NotFound(
            f"A workspace was expected at {root}, and there is no {FILE_NAME} in it. `tiffin up` makes one with demo "
            f"facts, `tiffin init {root}` one that waits for yours."
        )
    try:
        return Workspace(root.resolve(), tomllib.loads(file.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidDefinition(f"{file} is not valid TOML: {error}. Mend the file and try again.") from error
