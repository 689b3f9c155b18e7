"""Policies taken out as files that others read: DMN models, spreadsheets, CSV, and our own YAML."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tiffin.capabilities.policies.domain.exchange.csv_tables import csv_of
from tiffin.capabilities.policies.domain.exchange.dmn_writing import dmn_of
from tiffin.capabilities.policies.domain.exchange.files import PolicyFile, PolicyFiles
from tiffin.capabilities.policies.domain.exchange.streams import yaml_of
from tiffin.capabilities.policies.domain.reading import without_lines
from tiffin.capabilities.policies.domain.versions import PARAMETERS, Version
from tiffin.capabilities.policies.service.exchange_sheets import xlsx_of
from tiffin.capabilities.policies.service.ledger import texts_written
from tiffin.capabilities.policies.service.parameter_files import PARAMETERS_FILE
from tiffin.capabilities.policies.service.reading_rights import need_reader
from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.definitions import parse_yaml


class Format(StrEnum):
    """The forms in which a policy can be taken away."""

    DMN = "dmn"
    XLSX = "xlsx"
    CSV = "csv"
    YAML = "yaml"

    @property
    def media_type(self) -> str:
        """Its name over HTTP."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES: Mapping[Format, str] = {
    Format.DMN: "application/xml",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv; charset=utf-8",
    Format.YAML: "application/yaml",
}


@dataclass(frozen=True, slots=True)
class Exported:
    """A policy as a file."""

    name: str
    format: Format
    content: bytes


def export(context: Context, policy: str, wanted: Format, *, on: date | None = None) -> Exported:
    """Write a policy as it is in force on a day, today unless said.

    Raises
    ------
    NotFound
        There is no such policy, or none of its versions is in force on that day.
    Forbidden
        The actor has no grant at all.
    """
    day = on or context.now.date()
    content = written(files_in_force(context, policy, day), wanted, day, context.locale)
    return Exported(f"{policy}.{day}.{wanted}", wanted, content)


def written(files: PolicyFiles, wanted: Format, on: date, locale: str) -> bytes:
    """Write files of a policy in a form, for a reader's language where the form speaks one."""
    return _WRITERS[wanted](files, on, locale)


def files_in_force(context: Context, policy: str, on: date) -> PolicyFiles:
    """Give the files of a policy that are in force on a day.

    Raises
    ------
    NotFound
        There is no such policy, or none of its versions is in force on that day.
    Forbidden
        The actor has no grant at all.
    """
    need_reader(context)
    held = dict(texts_written(context, policy, on=on))
    parameters = _parameters(held.pop(PARAMETERS, None))
    files = [file_of(place, one.from_date, one.text, one.file_name) for place, one in held.items()]
    base = next((one for one in files if not one.place), None)
    if base is None:
        raise NotFound(Message("No version of the policy {policy} is in force on {day}.", policy=policy, day=str(on)))
    overlays = tuple(one for one in files if one.place)
    return PolicyFiles(base, overlays, parameters)


def file_of(place: str, since: date | None, text: str, name: str) -> PolicyFile:
    """Read a text as a file of a policy.

    Raises
    ------
    InvalidDefinition
        It is no YAML that says anything by name.
    """
    return PolicyFile(place, since, text, without_lines(parse_yaml(text, name)))


def _parameters(said: Version | None) -> PolicyFile | None:
    return file_of(PARAMETERS, None, said.text, PARAMETERS_FILE) if said is not None else None


_WRITERS: Mapping[Format, Callable[[PolicyFiles, date, str], bytes]] = {
    Format.DMN: lambda files, on, _locale: dmn_of(files, on),
    Format.XLSX: xlsx_of,
    Format.CSV: lambda files, _on, _locale: csv_of(files),
    Format.YAML: lambda files, _on, _locale: yaml_of(files),
}
