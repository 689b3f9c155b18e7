# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""Where riders were, as their phones reported it.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class State(StrEnum):
    """What the rider was doing."""

    OFFLINE = "offline"
    IDLE = "idle"
    TO_MERCHANT = "to_merchant"
    AT_MERCHANT = "at_merchant"
    TO_CUSTOMER = "to_customer"
    AT_CUSTOMER = "at_customer"


class RiderPositionsRow(TypedDict, total=False):
    """One row: one report of one rider."""

    city_id: str
    rider_id: str
    at: datetime
    latitude: float | None
    longitude: float | None
    accuracy_m: float | None
    speed_m_s: float | None
    state: str | None
    order_id: str | None
    zone_id: str | None
    business_date: date
    source: str


# fmt: off
RIDER_POSITIONS = TableContract(
    name="rider_positions",
    version="2.0.1",
    meaning={"en": "Where riders were, as their phones reported it.", "ar": "أين كان المندوبون كما أبلغت هواتفهم.", "zh_Hans": "骑手所在位置，由其手机上报。", "zh_Hant": "騎手所在位置，由其手機上報。", "pt_BR": "Onde os entregadores estavam, segundo os seus telefones."},
    grain={"en": "one report of one rider", "ar": "بلاغ واحد عن موقع مندوب واحد", "zh_Hans": "一名骑手的一次上报", "zh_Hant": "一名騎手的一次上報", "pt_BR": "um informe de um entregador"},
    key=("city_id", "rider_id", "at"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="rider_id", type=LogicalType.STRING, meaning={"en": "Pseudonym of the rider it concerns.", "ar": "الاسم المستعار للمندوب المعني.", "zh_Hans": "所涉骑手的假名。", "zh_Hant": "所涉騎手的假名。", "pt_BR": "Pseudônimo do entregador a que se refere."}, required=True, max_length=128, classification=Classification.PERSONAL, references="riders.rider_id", person="rider"),
        Column(name="at", type=LogicalType.TIMESTAMP, meaning={"en": "When the phone reported.", "ar": "متى أرسل الهاتف التقرير.", "zh_Hans": "手机上报的时刻。", "zh_Hant": "手機上報的時刻。", "pt_BR": "Quando o telefone reportou."}, required=True),
        Column(name="latitude", type=LogicalType.NUMBER, meaning={"en": "Latitude (WGS 84).", "ar": "خط العرض (WGS 84).", "zh_Hans": "纬度（WGS 84）。", "zh_Hant": "緯度（WGS 84）。", "pt_BR": "Latitude (WGS 84)."}, unit="degrees", minimum=-90, maximum=90, classification=Classification.PERSONAL, sealed_for="rider_id"),
        Column(name="longitude", type=LogicalType.NUMBER, meaning={"en": "Longitude (WGS 84).", "ar": "خط الطول (WGS 84).", "zh_Hans": "经度（WGS 84）。", "zh_Hant": "經度（WGS 84）。", "pt_BR": "Longitude (WGS 84)."}, unit="degrees", minimum=-180, maximum=180, classification=Classification.PERSONAL, sealed_for="rider_id"),
        Column(name="accuracy_m", type=LogicalType.NUMBER, meaning={"en": "Radius within which the position holds.", "ar": "نصف القطر الذي يصح فيه الموقع.", "zh_Hans": "位置有效的半径。", "zh_Hant": "位置有效的半徑。", "pt_BR": "Raio em que a posição vale."}, unit="m", minimum=0, maximum=100000),
        Column(name="speed_m_s", type=LogicalType.NUMBER, meaning={"en": "Speed over ground.", "ar": "السرعة على الأرض.", "zh_Hans": "对地速度。", "zh_Hant": "對地速度。", "pt_BR": "Velocidade sobre o solo."}, unit="m/s", minimum=0, maximum=120, classification=Classification.PERSONAL),
        Column(name="state", type=LogicalType.STRING, meaning={"en": "What the rider was doing.", "ar": "ما كان يفعله المندوب.", "zh_Hans": "骑手当时在做什么。", "zh_Hant": "騎手當時在做什麼。", "pt_BR": "O que o entregador estava fazendo."}, values=("offline", "idle", "to_merchant", "at_merchant", "to_customer", "at_customer")),
        Column(name="order_id", type=LogicalType.STRING, meaning={"en": "Order it belongs to.", "ar": "الطلب الذي ينتمي إليه.", "zh_Hans": "所属订单。", "zh_Hant": "所屬訂單。", "pt_BR": "Pedido a que pertence."}, max_length=128, references="orders.order_id"),
        Column(name="zone_id", type=LogicalType.STRING, meaning={"en": "Zone where it happened.", "ar": "المنطقة التي حدث فيها.", "zh_Hans": "发生的区域。", "zh_Hant": "發生的區域。", "pt_BR": "Zona em que ocorreu."}, max_length=128, references="zones.zone_id"),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "Business day of the city to which it belongs, by the city's time zone and day cut-off.", "ar": "يوم عمل المدينة الذي ينتمي إليه، بحسب منطقتها الزمنية وساعة بدء يومها.", "zh_Hans": "所属的城市营业日，按该城市的时区和日切时刻确定。", "zh_Hant": "所屬的城市營業日，按該城市的時區和日切時刻確定。", "pt_BR": "Dia operacional da cidade a que pertence, pelo fuso horário e pela hora de corte da cidade."}, required=True, derived=True),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    event_at=("at",),
    owner="rider-operations",
    retention_months=3,
    limitations={"en": "Kept for the shortest time of all tables: it shows a person's movements.", "ar": "يُحفظ أقصر مدة بين الجداول كلها: فهو يُظهر تحركات شخص.", "zh_Hans": "保存时间是所有表中最短的：它显示个人的行踪。", "zh_Hant": "保存時間是所有表中最短的：它顯示個人的行蹤。", "pt_BR": "É guardada pelo menor tempo de todas as tabelas: mostra os movimentos de uma pessoa."},
)
"""Contract of the table rider_positions."""
# fmt: on
