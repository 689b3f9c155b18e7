"""The Open Data Contract Standard 3.1 as values.

Nothing that a contract says is lost: what the standard does not know, or what stands where another kind of value was
expected, is kept in ``more`` as it was found, and written again.

References
----------
Bitol, Open Data Contract Standard, version 3.1.0.
"""

from dataclasses import dataclass, field
from typing import Any

API_VERSION = "v3.1.0"
"""The version of the standard that is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a contract; a field that is None does not stand in it.

    Parameters
    ----------
    more : dict
        What stands there beyond the fields.
    """

    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomProperty(Section):
    """A named value that the standard does not define."""

    id: str | None = None
    property: str | None = None
    value: Any = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthoritativeDefinition(Section):
    """Where more is said by whoever has the last word."""

    id: str | None = None
    url: str | None = None
    type: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Described(Section):
    """A part that may carry links and properties of one's own."""

    authoritative_definitions: tuple[AuthoritativeDefinition, ...] | None = None
    custom_properties: tuple[CustomProperty, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Description(Described):
    """What the whole is for, and what not."""

    usage: str | None = None
    purpose: str | None = None
    limitations: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Role(Section):
    """A role that opens access."""

    id: str | None = None
    role: str | None = None
    description: str | None = None
    access: str | None = None
    first_level_approvers: str | None = None
    second_level_approvers: str | None = None
    custom_properties: tuple[CustomProperty, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Server(Section):
    """Where the data lie: one of 33 types, each with those of the address fields that it needs."""

    id: str | None = None
    server: str | None = None
    type: str | None = None
    description: str | None = None
    environment: str | None = None
    roles: tuple[Role, ...] | None = None
    account: str | None = None
    catalog: str | None = None
    database: str | None = None
    dataset: str | None = None
    delimiter: str | None = None
    endpoint_url: str | None = None
    format: str | None = None
    host: str | None = None
    location: str | None = None
    path: str | None = None
    port: int | None = None
    project: str | None = None
    region: str | None = None
    region_name: str | None = None
    schema: str | None = None
    service_name: str | None = None
    staging_dir: str | None = None
    stream: str | None = None
    warehouse: str | None = None
    custom_properties: tuple[CustomProperty, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship(Section):
    """A reference to another property, or of several to several."""

    type: str | None = None
    from_: str | list[str] | None = None
    to: str | list[str] | None = None
    custom_properties: tuple[CustomProperty, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality(Described):
    """A quality rule: words (``text``), a measure (``library``), a query (``sql``) or an engine's own (``custom``)."""

    id: str | None = None
    name: str | None = None
    type: str | None = None
    description: str | None = None
    metric: str | None = None
    rule: str | None = None
    arguments: dict[str, Any] | None = None
    query: str | None = None
    engine: str | None = None
    implementation: Any = None
    must_be: Any = None
    must_not_be: Any = None
    must_be_greater_than: float | None = None
    must_be_greater_or_equal_to: float | None = None
    must_be_less_than: float | None = None
    must_be_less_or_equal_to: float | None = None
    must_be_between: list[float] | None = None
    must_not_be_between: list[float] | None = None
    unit: str | None = None
    dimension: str | None = None
    method: str | None = None
    severity: str | None = None
    business_impact: str | None = None
    scheduler: str | None = None
    schedule: str | None = None
    tags: list[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Element(Described):
    """What an object and a property have in common."""

    id: str | None = None
    name: str | None = None
    physical_name: str | None = None
    physical_type: str | None = None
    logical_type: str | None = None
    business_name: str | None = None
    description: str | None = None
    tags: list[str] | None = None
    quality: tuple[Quality, ...] | None = None
    relationships: tuple[Relationship, ...] | None = None
    properties: "tuple[Property, ...] | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Property(Element):
    """A column, a field of a message, or the items of a list; nested as deep as it goes."""

    logical_type_options: dict[str, Any] | None = None
    primary_key: bool | None = None
    primary_key_position: int | None = None
    required: bool | None = None
    unique: bool | None = None
    partitioned: bool | None = None
    partition_key_position: int | None = None
    classification: str | None = None
    encrypted_name: str | None = None
    transform_source_objects: list[str] | None = None
    transform_logic: str | None = None
    transform_description: str | None = None
    examples: list[Any] | None = None
    critical_data_element: bool | None = None
    items: "Property | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaObject(Element):
    """A table, a view, a topic, a file."""

    data_granularity_description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportChannel(Section):
    """Where help is to be had."""

    id: str | None = None
    channel: str | None = None
    url: str | None = None
    description: str | None = None
    tool: str | None = None
    scope: str | None = None
    invitation_url: str | None = None
    custom_properties: tuple[CustomProperty, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Price(Section):
    """What use costs."""

    id: str | None = None
    price_amount: float | None = None
    price_currency: str | None = None
    price_unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMember(Described):
    """Somebody of the team, and since when."""

    id: str | None = None
    username: str | None = None
    name: str | None = None
    description: str | None = None
    role: str | None = None
    date_in: str | None = None
    date_out: str | None = None
    replaced_by_username: str | None = None
    tags: list[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Team(Described):
    """Who answers for the contract."""

    id: str | None = None
    name: str | None = None
    description: str | None = None
    members: tuple[TeamMember, ...] | None = None
    tags: list[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlaProperty(Section):
    """One promise about service: how late, how often, how long."""

    id: str | None = None
    property: str | None = None
    value: Any = None
    value_ext: Any = None
    unit: str | None = None
    element: str | None = None
    driver: str | None = None
    description: str | None = None
    scheduler: str | None = None
    schedule: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract(Described):
    """One contract.

    A team that is written as a list of members, as before 3.1, stands in ``more`` until it is upgraded.
    """

    api_version: str | None = None
    kind: str | None = None
    id: str | None = None
    name: str | None = None
    version: str | None = None
    status: str | None = None
    domain: str | None = None
    data_product: str | None = None
    tenant: str | None = None
    tags: list[str] | None = None
    description: Description | None = None
    servers: tuple[Server, ...] | None = None
    schema: tuple[SchemaObject, ...] | None = None
    support: tuple[SupportChannel, ...] | None = None
    price: Price | None = None
    team: Team | None = None
    roles: tuple[Role, ...] | None = None
    sla_default_element: str | None = None
    sla_properties: tuple[SlaProperty, ...] | None = None
    contract_created_ts: str | None = None
