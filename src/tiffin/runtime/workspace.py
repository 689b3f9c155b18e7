"""A workspace: one folder with an operator's settings, definitions, tables and database."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tiffin
from tiffin.kernel.errors import Conflict, InvalidDefinition, NotFound, Unavailable
from tiffin.runtime.settings import settings

FILE_NAME = "tiffin.toml"

OVERLAYS = ("feeds", "metrics", "policies", "markets", "dashboards")
"""Folders of the operator's own definitions; they stand over the shipped ones."""

DEFINITIONS = (
    *OVERLAYS,
    "access",
    "adoption",
    "alerts",
    "assets",
    "catalog",
    "glossary",
    "parameters",
    "processes",
    "quality",
    "scenarios",
    "trees",
)
"""Every folder in which an operator may define something; most workspaces have few of them."""

FIRST_CONFIG = """\
# A Tiffin workspace. Everything that the platform writes lies in .tiffin/ beside this file.
# Policies and models of your own that the catalog is to list: one file each in assets/policies/ and assets/models/,
#   id: rain_bonus
#   title: {{en: Rain bonus, ar: علاوة المطر}}
#   description: {{en: What riders are paid on top while it rains.}}
#   owner: city_operations
#   lifecycle: active                   # or proposed, deprecated, retired; successor: names what replaces it
#   reads: [table:weather]              # what goes into it, as `tiffin catalog list` names assets
#   writes: [report:daybook]            # what is made or judged by it
{more}
[warehouse]
engine = "duckdb"                     # or "spark": any server that speaks Spark Connect
# url = "sc://127.0.0.1:15002"        # without it, "spark" starts a server of its own on this machine

[database]
# url = "postgresql://tiffin@db.example/tiffin"    # instead of SQLite, where several people or processes work
"""


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where everything of one operator lies.

    Layout: ``tiffin.toml``; overlays ``feeds/ metrics/ policies/ markets/ dashboards/``; policies and models that are
    only told of, ``assets/policies/ assets/models/``; ``.tiffin/tables/<table>``
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
    def wants_demo(self) -> bool:
        """Whether ``tiffin up`` may fill it with the demo marketplace while it holds no facts."""
        return bool(self.config.get("demo", True))

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


def create_workspace(root: Path, *, config: str = "") -> Workspace:
    """Make a workspace that holds nothing yet: its ``tiffin.toml`` and its folders.

    Parameters
    ----------
    config : str
        More TOML for its file, before the first table.

    Raises
    ------
    Conflict
        There is a workspace already.
    Unavailable
        The folder cannot be written.
    """
    file = root / FILE_NAME
    if file.exists():
        raise Conflict(f"{root} is a workspace already: it holds a {FILE_NAME}. Choose another folder.")
    try:
        for kind in OVERLAYS:
            (root / kind).mkdir(parents=True, exist_ok=True)
        file.write_text(FIRST_CONFIG.format(more=config), encoding="utf-8")
    except OSError as error:
        raise Unavailable(
            f"A workspace could not be made at {root}: {error}. Choose a folder that you may write."
        ) from error
    return open_workspace(root)


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
