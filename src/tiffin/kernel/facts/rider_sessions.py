# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""Spans in which a rider was on shift, with what the rider did in them.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, Rule, TableContract


class Vehicle(StrEnum):
    """What the rider rides."""

    BICYCLE = "bicycle"
    MOTORCYCLE = "motorcycle"
    CAR = "car"
    VAN = "van"
    WALKER = "walker"
    SCOOTER = "scooter"
    OTHER = "other"


class RiderSessionsRow(TypedDict, total=False):
    """One row: one span on shift of one rider."""

    city_id: str
    rider_id: str
    on_at: datetime
    off_at: datetime | None
    zone_id: str | None
    vehicle: str | None
    fleet_id: str | None
    online_min: float | None
    busy_min: float | None
    waiting_min: float | None
    orders_delivered: int | None
    business_date: date
    source: str


# fmt: off
RIDER_SESSIONS = TableContract(
    name="rider_sessions",
    version="1.1.1",
    meaning={"en": "Spans in which a rider was on shift, with what the rider did in them.", "ar": "المدد التي كان فيها المندوب في المناوبة وما فعله خلالها.", "zh_Hans": "骑手在岗的时间段及其间所做的工作。", "zh_Hant": "騎手在崗的時間段及其間所做的工作。", "pt_BR": "Períodos em que um entregador esteve em turno, com o que fez neles."},
    grain={"en": "one span on shift of one rider", "ar": "مدة واحدة لمندوب واحد في المناوبة", "zh_Hans": "一名骑手的一段在岗时间", "zh_Hant": "一名騎手的一段在崗時間", "pt_BR": "um período em turno de um entregador"},
    key=("city_id", "rider_id", "on_at"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="rider_id", type=LogicalType.STRING, meaning={"en": "Pseudonym of the rider.", "ar": "الاسم المستعار للمندوب.", "zh_Hans": "骑手的假名。", "zh_Hant": "騎手的假名。", "pt_BR": "Pseudônimo do entregador."}, required=True, max_length=128, classification=Classification.PERSONAL, references="riders.rider_id", person="rider"),
        Column(name="on_at", type=LogicalType.TIMESTAMP, meaning={"en": "When the rider went on shift.", "ar": "متى دخل المندوب المناوبة.", "zh_Hans": "骑手上线的时刻。", "zh_Hant": "騎手上線的時刻。", "pt_BR": "Quando o entregador entrou em turno."}, required=True),
        Column(name="off_at", type=LogicalType.TIMESTAMP, meaning={"en": "When the rider went off shift; empty while still on.", "ar": "متى خرج المندوب من المناوبة؛ فارغ ما دام فيها.", "zh_Hans": "骑手下线的时刻；仍在岗时为空。", "zh_Hant": "騎手下線的時刻；仍在崗時為空。", "pt_BR": "Quando o entregador saiu do turno; vazio enquanto está nele."}),
        Column(name="zone_id", type=LogicalType.STRING, meaning={"en": "Zone where it happened.", "ar": "المنطقة التي حدث فيها.", "zh_Hans": "发生的区域。", "zh_Hant": "發生的區域。", "pt_BR": "Zona em que ocorreu."}, max_length=128, references="zones.zone_id"),
        Column(name="vehicle", type=LogicalType.STRING, meaning={"en": "What the rider rides.", "ar": "ما يركبه المندوب.", "zh_Hans": "骑手使用的交通工具。", "zh_Hant": "騎手使用的交通工具。", "pt_BR": "O que o entregador conduz."}, values=("bicycle", "motorcycle", "car", "van", "walker", "scooter", "other")),
        Column(name="fleet_id", type=LogicalType.STRING, meaning={"en": "Fleet to which the rider belongs.", "ar": "الأسطول الذي ينتمي إليه المندوب.", "zh_Hans": "骑手所属的车队。", "zh_Hant": "騎手所屬的車隊。", "pt_BR": "Frota a que o entregador pertence."}, max_length=128, references="fleets.fleet_id"),
        Column(name="online_min", type=LogicalType.NUMBER, meaning={"en": "Minutes on shift.", "ar": "دقائق في المناوبة.", "zh_Hans": "在岗分钟数。", "zh_Hant": "在崗分鐘數。", "pt_BR": "Minutos em turno."}, unit="min", minimum=0, maximum=2880),
        Column(name="busy_min", type=LogicalType.NUMBER, meaning={"en": "Minutes with an order in hand.", "ar": "دقائق مع طلب في اليد.", "zh_Hans": "持有订单的分钟数。", "zh_Hant": "持有訂單的分鐘數。", "pt_BR": "Minutos com um pedido em mãos."}, unit="min", minimum=0, maximum=2880),
        Column(name="waiting_min", type=LogicalType.NUMBER, meaning={"en": "Minutes on shift without an order.", "ar": "دقائق في المناوبة بلا طلب.", "zh_Hans": "在岗但无订单的分钟数。", "zh_Hant": "在崗但無訂單的分鐘數。", "pt_BR": "Minutos em turno sem pedido."}, unit="min", minimum=0, maximum=2880),
        Column(name="orders_delivered", type=LogicalType.INTEGER, meaning={"en": "Orders delivered in the span.", "ar": "الطلبات المسلَّمة في المدة.", "zh_Hans": "该段时间送达的订单。", "zh_Hant": "該段時間送達的訂單。", "pt_BR": "Pedidos entregues no período."}, unit="orders", minimum=0, maximum=10000),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "Business day of the city to which it belongs, by the city's time zone and day cut-off.", "ar": "يوم عمل المدينة الذي ينتمي إليه، بحسب منطقتها الزمنية وساعة بدء يومها.", "zh_Hans": "所属的城市营业日，按该城市的时区和日切时刻确定。", "zh_Hant": "所屬的城市營業日，按該城市的時區和日切時刻確定。", "pt_BR": "Dia operacional da cidade a que pertence, pelo fuso horário e pela hora de corte da cidade."}, required=True, derived=True),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    rules=(
        Rule(name="off_after_on", expression="off_at >= on_at", meaning={"en": "The rider went off shift before going on.", "ar": "خرج المندوب من المناوبة قبل دخولها.", "zh_Hans": "骑手下线早于上线。", "zh_Hant": "騎手下線早於上線。", "pt_BR": "O entregador saiu do turno antes de entrar."}),
        Rule(name="busy_within_online", expression="busy_min <= online_min + 0.5", meaning={"en": "The rider was busy for longer than on shift.", "ar": "انشغل المندوب أطول من مدة مناوبته.", "zh_Hans": "骑手忙碌时间长于在岗时间。", "zh_Hant": "騎手忙碌時間長於在崗時間。", "pt_BR": "O entregador esteve ocupado por mais tempo do que em turno."}),
    ),
    event_at=("on_at",),
    owner="rider-operations",
    retention_months=36,
)
"""Contract of the table rider_sessions."""
# fmt: on
