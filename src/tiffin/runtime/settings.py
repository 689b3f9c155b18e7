"""Settings of this process: addresses and secrets, read once from the environment.

Business numbers never stand here: those are dated, sourced definitions.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tiffin.kernel.errors import InvalidDefinition

LOCALES = ("en", "ar", "zh_Hans", "zh_Hant", "pt_BR")
"""Languages in which every text of the platform is there."""

CONSOLE_PORT = 8321
"""Where ``tiffin up`` serves the console unless told otherwise."""

LOCAL_CONSOLE = f"http://127.0.0.1:{CONSOLE_PORT}"

LOG_LEVELS = ("debug", "info", "warning", "error")

DATABASE_SCHEMES = ("sqlite", "postgresql", "postgres", "postgresql+psycopg")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says to this process.

    Parameters
    ----------
    workspace : Path or None
        ``TIFFIN_WORKSPACE``: the workspace folder when a command names none.
    database_url : str or None
        ``TIFFIN_DATABASE_URL``: address of the operational database, ``sqlite:///…`` or ``postgresql://…``; wins over
        ``tiffin.toml``.
    spark_url : str or None
        ``TIFFIN_SPARK_URL``: address of a Spark Connect server, ``sc://host:port``; wins over ``tiffin.toml``.
    locale : str or None
        ``TIFFIN_LOCALE``: language of messages, one of `LOCALES`.
    log_level : str
        ``TIFFIN_LOG_LEVEL``: least level that is written to the log, one of `LOG_LEVELS`; ``info`` unless set.
    public_url : str or None
        ``TIFFIN_PUBLIC_URL``: address under which people reach the console, when a proxy stands before it; an
        ``https`` one makes the session cookie secure.
    """

    workspace: Path | None = None
    database_url: str | None = None
    spark_url: str | None = None
    locale: str | None = None
    log_level: str = "info"
    public_url: str | None = None


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read the settings of an environment.

    Raises
    ------
    InvalidDefinition
        A variable holds what it cannot mean; the message names the variable.
    """
    workspace = environment.get("TIFFIN_WORKSPACE")
    return Settings(
        workspace=Path(workspace).expanduser() if workspace else None,
        database_url=_address(environment, "TIFFIN_DATABASE_URL", DATABASE_SCHEMES),
        spark_url=_address(environment, "TIFFIN_SPARK_URL", ("sc",)),
        locale=_choice(environment, "TIFFIN_LOCALE", LOCALES),
        log_level=_choice(environment, "TIFFIN_LOG_LEVEL", LOG_LEVELS) or "info",
        public_url=_address(environment, "TIFFIN_PUBLIC_URL", ("http", "https")),
    )


@cache
def settings() -> Settings:
    """Give this process's settings; the environment is read at the first call only."""
    return read_settings(os.environ)


def _choice(environment: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str | None:
    value = environment.get(name)
    if value and value not in allowed:
        raise InvalidDefinition(
            f"The environment variable {name} must be one of {', '.join(allowed)}; found {value!r}. "
            "Mend it or unset it."
        )
    return value or None


def _address(environment: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str | None:
    value = environment.get(name)
    # The value is not repeated in the message: it may carry a password.
    if value and value.partition("://")[0] not in schemes:
        expected = " or ".join(f"{scheme}://" for scheme in schemes)
        raise InvalidDefinition(
            f"The environment variable {name} must be an address that begins with {expected}. Mend it or unset it."
        )
    return value or None
