"""Settings: read once, and a wrong one stops the start with its name."""

import os
from pathlib import Path

import pytest

from tiffin.kernel.errors import InvalidDefinition
from tiffin.runtime.settings import Settings, read_settings, settings


def test_an_empty_environment_gives_the_documented_defaults() -> None:
    assert read_settings({}) == Settings()


def test_every_variable_is_read() -> None:
    found = read_settings(
        {
            "TIFFIN_WORKSPACE": "/srv/w",
            "TIFFIN_DATABASE_URL": "postgresql://db/tiffin",
            "TIFFIN_SPARK_URL": "sc://spark:15002",
            "TIFFIN_LOCALE": "zh_Hant",
            "TIFFIN_LOG_LEVEL": "debug",
            "TIFFIN_PUBLIC_URL": "https://tiffin.example",
        }
    )

    assert found == Settings(
        Path("/srv/w"), "postgresql://db/tiffin", "sc://spark:15002", "zh_Hant", "debug", "https://tiffin.example"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TIFFIN_DATABASE_URL", "mysql://user:secret@db"),
        ("TIFFIN_SPARK_URL", "http://spark"),
        ("TIFFIN_LOCALE", "xx"),
        ("TIFFIN_LOG_LEVEL", "loud"),
        ("TIFFIN_PUBLIC_URL", "ftp://x"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(InvalidDefinition, match=name) as failure:
        read_settings({name: value})

    assert "secret" not in str(failure.value)


def test_every_field_is_documented() -> None:
    for field in Settings.__slots__:
        assert f"TIFFIN_{field.upper()}" in (Settings.__doc__ or "")


def test_the_environment_is_read_once() -> None:
    first = settings()
    os.environ["TIFFIN_LOCALE"] = "nonsense"
    try:
        assert settings() is first
    finally:
        del os.environ["TIFFIN_LOCALE"]
