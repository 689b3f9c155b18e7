# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""Fleets that riders belong to: the marketplace's own, partners', agencies'.

Generated from the contract, never edited by hand.
"""

from datetime import date
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, Rule, TableContract


class Kind(StrEnum):
    """Whose fleet it is."""

    OWN = "own"
    PARTNER = "partner"
    AGENCY = "agency"


class FleetsRow(TypedDict, total=False):
    """One row: one fleet of one city."""

    city_id: str
    fleet_id: str
    name: str | None
    kind: str
    quota_riders: int | None
    since: date | None
    until: date | None
    source: str


# fmt: off
FLEETS = TableContract(
    name="fleets",
    version="1.0.1",
    meaning={"en": "Fleets that riders belong to: the marketplace's own, partners', agencies'.", "ar": "الأساطيل التي ينتمي إليها المندوبون: أسطول السوق نفسها والشركاء والوكالات.", "zh_Hans": "骑手所属的车队：自营、合作方、劳务机构。", "zh_Hant": "騎手所屬的車隊：自營、合作方、勞務機構。", "pt_BR": "Frotas a que os entregadores pertencem: própria, de parceiros, de agências."},
    grain={"en": "one fleet of one city", "ar": "أسطول واحد في مدينة واحدة", "zh_Hans": "一个城市的一支车队", "zh_Hant": "一個城市的一支車隊", "pt_BR": "uma frota de uma cidade"},
    key=("city_id", "fleet_id"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="fleet_id", type=LogicalType.STRING, meaning={"en": "Identifier of the fleet.", "ar": "معرف الأسطول.", "zh_Hans": "车队的标识。", "zh_Hant": "車隊的標識。", "pt_BR": "Identificador da frota."}, required=True, max_length=128),
        Column(name="name", type=LogicalType.STRING, meaning={"en": "Name of the fleet.", "ar": "اسم الأسطول.", "zh_Hans": "车队名称。", "zh_Hant": "車隊名稱。", "pt_BR": "Nome da frota."}, max_length=200),
        Column(name="kind", type=LogicalType.STRING, meaning={"en": "Whose fleet it is.", "ar": "لمن الأسطول.", "zh_Hans": "车队归属。", "zh_Hant": "車隊歸屬。", "pt_BR": "De quem é a frota."}, required=True, values=("own", "partner", "agency")),
        Column(name="quota_riders", type=LogicalType.INTEGER, meaning={"en": "Riders that the fleet undertakes to have on shift at the peak.", "ar": "المندوبون الذين يتعهد الأسطول بتوفيرهم في المناوبة وقت الذروة.", "zh_Hans": "车队承诺在高峰期在岗的骑手数。", "zh_Hant": "車隊承諾在高峯期在崗的騎手數。", "pt_BR": "Entregadores que a frota se compromete a ter em turno no pico."}, unit="riders", minimum=0, classification=Classification.CONFIDENTIAL),
        Column(name="since", type=LogicalType.DATE, meaning={"en": "First day of the agreement.", "ar": "أول يوم في الاتفاق.", "zh_Hans": "协议的第一天。", "zh_Hant": "協議的第一天。", "pt_BR": "Primeiro dia do acordo."}),
        Column(name="until", type=LogicalType.DATE, meaning={"en": "Last day of the agreement; empty while it runs.", "ar": "آخر يوم في الاتفاق؛ فارغ ما دام ساريا.", "zh_Hans": "协议的最后一天；有效期间为空。", "zh_Hant": "協議的最後一天；有效期間為空。", "pt_BR": "Último dia do acordo; vazio enquanto vigora."}),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    rules=(
        Rule(name="until_after_since", expression="until >= since", meaning={"en": "The agreement ends before it begins.", "ar": "ينتهي الاتفاق قبل أن يبدأ.", "zh_Hans": "协议的结束早于开始。", "zh_Hant": "協議的結束早於開始。", "pt_BR": "O acordo termina antes de começar."}),
    ),
    owner="rider-operations",
    retention_months=84,
)
"""Contract of the table fleets."""
# fmt: on
