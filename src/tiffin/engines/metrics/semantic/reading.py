"""Read the plain values of a dbt semantic manifest into checked definitions."""

from collections.abc import Iterable, Mapping
from typing import Any

from tiffin.engines.metrics.semantic.manifest import (
    GRAINS,
    Conversion,
    Dimension,
    Entity,
    Input,
    Kind,
    Manifest,
    Measure,
    MeasureUse,
    SemanticMetric,
    SemanticModel,
    SemiAdditive,
    Spine,
    Window,
)
from tiffin.kernel.errors import InvalidDefinition

Plain = Mapping[str, Any]


def read_manifest(documents: Iterable[Plain], schema: str) -> Manifest:
    """Read the documents of a manifest: semantic models, metrics, the project's configuration.

    Parameters
    ----------
    schema : str
        Schema that stands for ``$source_schema``.

    Raises
    ------
    InvalidDefinition
        A document lacks what it must say.
    """
    models: dict[str, SemanticModel] = {}
    metrics: dict[str, SemanticMetric] = {}
    spines: list[Spine] = []
    customs: dict[str, tuple[Spine, str]] = {}
    for document in documents:
        try:
            if "semantic_model" in document:
                model = _model(document["semantic_model"], schema)
                models[model.name] = model
                metrics.update(_own_metrics(document["semantic_model"]))
            elif "metric" in document:
                metric = _metric(document["metric"])
                metrics[metric.name] = metric
            elif "project_configuration" in document:
                _read_spines(document["project_configuration"], schema, spines, customs)
        except (KeyError, ValueError) as error:
            raise InvalidDefinition(f"A semantic manifest lacks or misstates {error}: {str(document)[:200]}") from error
    owners = {measure: model.name for model in models.values() for measure in model.measures}
    return Manifest(models, metrics, tuple(spines), customs, owners)


def _table(relation: Plain, schema: str) -> str:
    return f"{str(relation['schema_name']).replace('$source_schema', schema)}.{relation['alias']}"


def _read_spines(plain: Plain, schema: str, spines: list[Spine], customs: dict[str, tuple[Spine, str]]) -> None:
    for item in plain.get("time_spines") or ():
        column = item["primary_column"]
        spine = Spine(_table(item["node_relation"], schema), column["name"], _grain(column["time_granularity"]))
        spines.append(spine)
        for custom in item.get("custom_granularities") or ():
            customs[custom["name"]] = (spine, custom.get("column_name") or custom["name"])


def _model(plain: Plain, schema: str) -> SemanticModel:
    entities = [Entity(item["name"], item["type"].lower(), _expr(item)) for item in plain.get("entities") or ()]
    primary = plain.get("primary_entity") or next((item.name for item in entities if item.type == "primary"), None)
    default = (plain.get("defaults") or {}).get("agg_time_dimension")
    return SemanticModel(
        name=plain["name"],
        table=_table(plain["node_relation"], schema),
        primary=primary,
        dimensions={item["name"]: _dimension(item) for item in plain.get("dimensions") or ()},
        entities={item.name: item for item in entities},
        measures={item["name"]: _measure(item, default) for item in plain.get("measures") or ()},
    )


def _expr(plain: Plain) -> str:
    return str(plain.get("expr", plain["name"]))


def _dimension(plain: Plain) -> Dimension:
    params = plain.get("type_params") or {}
    validity = params.get("validity_params") or {}
    return Dimension(
        name=plain["name"],
        expr=_expr(plain),
        grain=_grain(params["time_granularity"]) if plain["type"].lower() == "time" else None,
        is_partition=bool(plain.get("is_partition")),
        validity="start" if validity.get("is_start") else "end" if validity.get("is_end") else None,
    )


def _grain(text: str) -> str:
    if text.lower() not in GRAINS:
        raise ValueError(f"a grain of time ({text})")
    return text.lower()


def _measure(plain: Plain, default: str | None) -> Measure:
    params = plain.get("agg_params") or {}
    edge = plain.get("non_additive_dimension")
    return Measure(
        name=plain["name"],
        agg=plain["agg"].lower(),
        expr=_expr(plain),
        time=plain.get("agg_time_dimension") or default,
        percentile=params.get("percentile"),
        is_discrete=bool(params.get("use_discrete_percentile")),
        is_approximate=bool(params.get("use_approximate_percentile")),
        semi_additive=SemiAdditive(edge["name"], edge["window_choice"], tuple(edge.get("window_groupings") or ()))
        if edge
        else None,
    )


def _own_metrics(plain: Plain) -> dict[str, SemanticMetric]:
    named = [item["name"] for item in plain.get("measures") or () if item.get("create_metric")]
    return {name: SemanticMetric(name, Kind.SIMPLE, measure=MeasureUse(name)) for name in named}


def _filters(plain: Any) -> tuple[str, ...]:
    if not plain:
        return ()
    return (plain,) if isinstance(plain, str) else tuple(plain)


def _use(plain: Any) -> MeasureUse:
    if isinstance(plain, str):
        return MeasureUse(plain)
    return MeasureUse(
        plain["name"], _filters(plain.get("filter")), plain.get("fill_nulls_with"), bool(plain.get("join_to_timespine"))
    )


def _input(plain: Any) -> Input:
    if isinstance(plain, str):
        return Input(plain, plain)
    return Input(
        plain["name"],
        plain.get("alias") or plain["name"],
        _filters(plain.get("filter")),
        plain.get("offset_window"),
        plain.get("offset_to_grain"),
    )


def _metric(plain: Plain) -> SemanticMetric:
    params = plain["type_params"]
    kind = Kind(plain["type"].lower())
    inputs = [*(params.get("metrics") or ()), *(params[key] for key in ("numerator", "denominator") if key in params)]
    return SemanticMetric(
        name=plain["name"],
        kind=kind,
        filters=_filters(plain.get("filter")),
        grain=plain.get("time_granularity"),
        measure=_use(params["measure"]) if "measure" in params else None,
        inputs=tuple(_input(item) for item in inputs),
        expr=params.get("expr"),
        window=_window(params) if kind is Kind.CUMULATIVE else None,
        conversion=_conversion(params["conversion_type_params"]) if kind is Kind.CONVERSION else None,
    )


def _window(params: Plain) -> Window:
    own = {**params, **(params.get("cumulative_type_params") or {})}
    return Window(own.get("window"), own.get("grain_to_date"), own.get("period_agg") or "first")


def _conversion(plain: Plain) -> Conversion:
    return Conversion(
        base=_use(plain["base_measure"]),
        conversion=_use(plain["conversion_measure"]),
        entity=plain["entity"],
        window=plain.get("window"),
        is_rate=(plain.get("calculation") or "conversion_rate") == "conversion_rate",
        constants=tuple(
            (item["base_property"], item["conversion_property"]) for item in plain.get("constant_properties") or ()
        ),
    )
