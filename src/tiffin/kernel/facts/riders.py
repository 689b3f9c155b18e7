# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""People who carry orders, under a pseudonym.

Generated from the contract, never edited by hand.
"""

from datetime import datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class Vehicle(StrEnum):
    """What the rider rides."""

    BICYCLE = "bicycle"
    MOTORCYCLE = "motorcycle"
    CAR = "car"
    VAN = "van"
    WALKER = "walker"
    SCOOTER = "scooter"
    OTHER = "other"


class RidersRow(TypedDict, total=False):
    """One row: one rider of one city."""

    city_id: str
    rider_id: str
    vehicle: str | None
    fleet_id: str | None
    joined_at: datetime | None
    source: str


# fmt: off
RIDERS = TableContract(
    name="riders",
    version="1.1.1",
    meaning={"en": "People who carry orders, under a pseudonym.", "ar": "الأشخاص الذين يحملون الطلبات، باسم مستعار.", "zh_Hans": "配送订单的人，以假名记录。", "zh_Hant": "配送訂單的人，以假名記錄。", "pt_BR": "Pessoas que levam pedidos, sob pseudônimo."},
    grain={"en": "one rider of one city", "ar": "مندوب واحد في مدينة واحدة", "zh_Hans": "一个城市的一名骑手", "zh_Hant": "一個城市的一名騎手", "pt_BR": "um entregador de uma cidade"},
    key=("city_id", "rider_id"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="rider_id", type=LogicalType.STRING, meaning={"en": "Pseudonym of the rider.", "ar": "الاسم المستعار للمندوب.", "zh_Hans": "骑手的假名。", "zh_Hant": "騎手的假名。", "pt_BR": "Pseudônimo do entregador."}, required=True, max_length=128, classification=Classification.PERSONAL, person="rider"),
        Column(name="vehicle", type=LogicalType.STRING, meaning={"en": "What the rider rides.", "ar": "ما يركبه المندوب.", "zh_Hans": "骑手使用的交通工具。", "zh_Hant": "騎手使用的交通工具。", "pt_BR": "O que o entregador conduz."}, values=("bicycle", "motorcycle", "car", "van", "walker", "scooter", "other")),
        Column(name="fleet_id", type=LogicalType.STRING, meaning={"en": "Fleet to which the rider belongs.", "ar": "الأسطول الذي ينتمي إليه المندوب.", "zh_Hans": "骑手所属的车队。", "zh_Hant": "騎手所屬的車隊。", "pt_BR": "Frota a que o entregador pertence."}, max_length=128, references="fleets.fleet_id"),
        Column(name="joined_at", type=LogicalType.TIMESTAMP, meaning={"en": "When the rider joined the marketplace.", "ar": "متى انضم المندوب إلى السوق.", "zh_Hans": "骑手加入平台的时刻。", "zh_Hant": "騎手加入平台的時刻。", "pt_BR": "Quando o entregador entrou no marketplace."}, classification=Classification.PERSONAL),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    owner="rider-operations",
    retention_months=36,
    limitations={"en": "Names, numbers and papers of riders are kept elsewhere, under a key per person.", "ar": "تُحفظ أسماء المندوبين وأرقامهم وأوراقهم في مكان آخر، بمفتاح لكل شخص.", "zh_Hans": "骑手的姓名、号码和证件另行保存，每人一把密钥。", "zh_Hant": "騎手的姓名、號碼和證件另行保存，每人一把密鑰。", "pt_BR": "Nomes, números e documentos dos entregadores são guardados em outro lugar, sob uma chave por pessoa."},
)
"""Contract of the table riders."""
# fmt: on
