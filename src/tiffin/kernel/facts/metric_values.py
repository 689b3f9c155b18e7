# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""Published values of governed metrics, kept as they were published.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class Grain(StrEnum):
    """Span of time that the value is of."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class MetricValuesRow(TypedDict, total=False):
    """One row: one published value."""

    metric: str
    version: str
    grain: str
    business_date: date
    scope: str
    published_at: datetime
    city_id: str | None
    value: float | None
    unit: str | None
    rows_behind: int | None
    receipt: str
    source: str


# fmt: off
METRIC_VALUES = TableContract(
    name="metric_values",
    version="1.0.1",
    meaning={"en": "Published values of governed metrics, kept as they were published.", "ar": "القيم المنشورة للمقاييس المحكومة، محفوظة كما نُشرت.", "zh_Hans": "受治理指标的已发布数值，按发布时的原样保存。", "zh_Hant": "受治理指標的已發佈數值，按發佈時的原樣保存。", "pt_BR": "Valores publicados de métricas governadas, guardados como foram publicados."},
    grain={"en": "one published value", "ar": "قيمة منشورة واحدة", "zh_Hans": "一个已发布数值", "zh_Hant": "一個已發布數值", "pt_BR": "um valor publicado"},
    key=("metric", "version", "grain", "business_date", "scope", "published_at"),
    columns=(
        Column(name="metric", type=LogicalType.STRING, meaning={"en": "Name of the metric.", "ar": "اسم المقياس.", "zh_Hans": "指标名称。", "zh_Hant": "指標名稱。", "pt_BR": "Nome da métrica."}, required=True, max_length=128),
        Column(name="version", type=LogicalType.STRING, meaning={"en": "Version of its definition.", "ar": "إصدار تعريفه.", "zh_Hans": "其定义的版本。", "zh_Hant": "其定義的版本。", "pt_BR": "Versão da sua definição."}, required=True, max_length=64),
        Column(name="grain", type=LogicalType.STRING, meaning={"en": "Span of time that the value is of.", "ar": "المدة الزمنية التي تخصها القيمة.", "zh_Hans": "该数值对应的时间跨度。", "zh_Hant": "該數值對應的時間跨度。", "pt_BR": "Período a que o valor se refere."}, required=True, values=("day", "week", "month")),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "First business day of the span.", "ar": "أول يوم عمل في المدة.", "zh_Hans": "该时间段的第一个营业日。", "zh_Hant": "該時間段的第一個營業日。", "pt_BR": "Primeiro dia operacional do período."}, required=True),
        Column(name="scope", type=LogicalType.STRING, meaning={"en": "Dimensions and values that the value is of, as JSON with sorted keys; {} for everything.", "ar": "الأبعاد والقيم التي تخصها القيمة، بصيغة JSON بمفاتيح مرتبة؛ {} للكل.", "zh_Hans": "该数值对应的维度及其取值，JSON 且键已排序；{} 表示全部。", "zh_Hant": "該數值對應的維度及其取值，JSON 且鍵已排序；{} 表示全部。", "pt_BR": "Dimensões e valores a que o número se refere, em JSON com chaves ordenadas; {} para tudo."}, required=True, max_length=2000),
        Column(name="published_at", type=LogicalType.TIMESTAMP, meaning={"en": "When it was published.", "ar": "متى نُشر.", "zh_Hans": "发布时刻。", "zh_Hant": "發佈時刻。", "pt_BR": "Quando foi publicado."}, required=True),
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City that it concerns; empty where it concerns all.", "ar": "المدينة المعنية؛ فارغة حيث يخص الجميع.", "zh_Hans": "所涉城市；涉及全部城市时为空。", "zh_Hant": "所涉城市；涉及全部城市時為空。", "pt_BR": "Cidade a que se refere; vazio quando se refere a todas."}, max_length=128, references="cities.city_id"),
        Column(name="value", type=LogicalType.NUMBER, meaning={"en": "The value; empty where it is not defined.", "ar": "القيمة؛ فارغة حيث لا تُعرَّف.", "zh_Hans": "数值；无定义时为空。", "zh_Hant": "數值；無定義時為空。", "pt_BR": "O valor; vazio onde não está definido."}, classification=Classification.CONFIDENTIAL),
        Column(name="unit", type=LogicalType.STRING, meaning={"en": "Unit of the value.", "ar": "وحدة القيمة.", "zh_Hans": "数值的单位。", "zh_Hant": "數值的單位。", "pt_BR": "Unidade do valor."}, max_length=64),
        Column(name="rows_behind", type=LogicalType.INTEGER, meaning={"en": "Rows of facts that went into it.", "ar": "صفوف الوقائع التي دخلت فيها.", "zh_Hans": "计入其中的事实行数。", "zh_Hant": "計入其中的事實行數。", "pt_BR": "Linhas de fatos que entraram nele."}, unit="rows", minimum=0),
        Column(name="receipt", type=LogicalType.STRING, meaning={"en": "Receipt of the query, by which it can be computed again.", "ar": "إيصال الاستعلام الذي يمكن به حسابها من جديد.", "zh_Hans": "查询凭据，据此可重新计算。", "zh_Hant": "查詢憑據，據此可重新計算。", "pt_BR": "Recibo da consulta, pelo qual pode ser recalculado."}, required=True, max_length=128),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    owner="data-stewards",
    retention_months=120,
)
"""Contract of the table metric_values."""
# fmt: on
