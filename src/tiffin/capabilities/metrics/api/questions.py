"""Requests and answers as the HTTP interface and assistants write them."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from tiffin.capabilities.metrics.domain.asking import Asked
from tiffin.capabilities.metrics.service.exports import Format

Name = Annotated[str, Field(max_length=200)]
Filter = Annotated[str, Field(max_length=10_000)]

EXAMPLE: dict[str, JsonValue] = {
    "metrics": ["orders", "late_share"],
    "by": ["city_id", "week"],
    "where": ["country in ('SA', 'AE') and local_hour >= 18"],
    "from": "2026-02-01",
    "to": "2026-02-28",
    "order": ["-orders"],
    "limit": 20,
}


class Question(BaseModel):
    """A request for numbers: metrics, split by dimensions, over the rows that meet all filters."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, json_schema_extra={"examples": [EXAMPLE]})

    metrics: list[Name] = Field(min_length=1, max_length=100, description="Names of metrics.")
    by: list[Name] = Field(default=[], max_length=20, description="Dimensions and time grains to split by.")
    where: list[Filter] = Field(
        default=[], max_length=50, description="Filters that all hold: \"city_id = 'riyadh' and local_hour >= 18\"."
    )
    first: Name | None = Field(default=None, alias="from", description="First business date, 2026-02-01.")
    last: Name | None = Field(default=None, alias="to", description="Last business date.")
    order: list[Name] = Field(default=[], max_length=20, description="Columns to sort by; -orders falls.")
    limit: int | None = Field(default=None, ge=0, le=1_000_000, description="Rows at most.")
    under: Name | None = Field(default=None, description="Take each metric as it was defined on this day, 2026-03-01.")
    currency: Name | None = Field(default=None, description="Convert money into this currency, USD.")
    rates_on: Name | None = Field(
        default=None, description="Day whose exchange rates hold; else the last day asked for."
    )
    fill: bool = Field(default=False, description="Show every period, those without rows too.")
    approximate: bool = Field(default=False, description="Estimate distinct counts and percentiles.")
    as_of: Filter | None = Field(
        default=None, description="Read the tables as of an instant, or of their versions: orders=3,cities=1."
    )

    def asked(self) -> Asked:
        """Give the request in the service's terms."""
        return Asked(
            metrics=tuple(self.metrics),
            by=tuple(self.by),
            where=tuple(self.where),
            first=self.first,
            last=self.last,
            order=tuple(self.order),
            limit=self.limit,
            under=self.under,
            currency=self.currency,
            rates_on=self.rates_on,
            fill=self.fill,
            is_approximate=self.approximate,
        )


class Link(Question):
    """The same request as the parameters of an address; lists repeat a parameter or put commas between names."""

    format: Format | None = Field(default=None, description="File to answer with; else what Accept prefers, or JSON.")


class ReceiptShape(BaseModel):
    """Where an answer comes from: enough to ask again and get the same."""

    model_config = ConfigDict(extra="allow")

    metrics: dict[str, dict[str, Any]] = Field(description="By name: version, since, tier, unit, label, meaning.")
    tables: dict[str, int | None] = Field(description="Version of each table that was read.")
    engine: str
    row_filters: dict[str, list[str]] = Field(description="Countries and cities to which the asker is limited.")
    recorded_in: dict[str, list[str]] = Field(description="Metrics that not all asked cities have facts for.")
    simulated: bool = Field(description="Whether any asked city is a simulated one.")
    sql_sha256: str = Field(description="Digest of the statement that was run.")
    asked_at: datetime
    asked_by: str
    request: dict[str, Any] = Field(description="The request, complete.")
    sources: dict[str, dict[str, Any]] = Field(description="By table: latest_day and loaded_at of the asked cities.")
    masks: list[str] = Field(description="Dimensions that the asker may neither split nor filter by.")
    exchange: dict[str, Any] | None = Field(
        description="Currency, day and rates of a conversion, each with its source."
    )
    rerun_hash: str = Field(description="The same hash is the same answer; POST /api/metrics/rerun asks again.")


class AnswerShape(BaseModel):
    """Columns (dimensions first), rows in that order, and the receipt."""

    columns: list[str]
    rows: list[list[str | int | float | bool | date | None]]
    receipt: ReceiptShape
