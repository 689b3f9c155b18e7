# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""Shifts that riders took or were given.

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


class Status(StrEnum):
    """State of the shift."""

    PLANNED = "planned"
    CHOSEN = "chosen"
    ASSIGNED = "assigned"
    SWAPPED = "swapped"
    DROPPED = "dropped"
    CANCELLED = "cancelled"


class RosterRow(TypedDict, total=False):
    """One row: one shift of one rider."""

    city_id: str
    rider_id: str
    shift_id: str
    starts_at: datetime
    ends_at: datetime
    zone_id: str | None
    vehicle: str | None
    fleet_id: str | None
    status: str
    version: str
    decided_at: datetime | None
    break_min: float | None
    business_date: date
    source: str


# fmt: off
ROSTER = TableContract(
    name="roster",
    version="1.1.1",
    meaning={"en": "Shifts that riders took or were given.", "ar": "المناوبات التي أخذها المندوبون أو أُعطيت لهم.", "zh_Hans": "骑手选取或被分配的班次。", "zh_Hant": "騎手選取或被分配的班次。", "pt_BR": "Turnos que entregadores escolheram ou receberam."},
    grain={"en": "one shift of one rider", "ar": "مناوبة واحدة لمندوب واحد", "zh_Hans": "一名骑手的一个班次", "zh_Hant": "一名騎手的一個班次", "pt_BR": "um turno de um entregador"},
    key=("city_id", "rider_id", "starts_at"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="rider_id", type=LogicalType.STRING, meaning={"en": "Pseudonym of the rider it concerns.", "ar": "الاسم المستعار للمندوب المعني.", "zh_Hans": "所涉骑手的假名。", "zh_Hant": "所涉騎手的假名。", "pt_BR": "Pseudônimo do entregador a que se refere."}, required=True, max_length=128, classification=Classification.PERSONAL, references="riders.rider_id", person="rider"),
        Column(name="shift_id", type=LogicalType.STRING, meaning={"en": "Shift that was offered.", "ar": "المناوبة المعروضة.", "zh_Hans": "所提供的班次。", "zh_Hant": "所提供的班次。", "pt_BR": "Turno que foi oferecido."}, required=True, max_length=128),
        Column(name="starts_at", type=LogicalType.TIMESTAMP, meaning={"en": "When it begins.", "ar": "متى يبدأ.", "zh_Hans": "开始时刻。", "zh_Hant": "開始時刻。", "pt_BR": "Quando começa."}, required=True),
        Column(name="ends_at", type=LogicalType.TIMESTAMP, meaning={"en": "When it ends.", "ar": "متى ينتهي.", "zh_Hans": "结束时刻。", "zh_Hant": "結束時刻。", "pt_BR": "Quando termina."}, required=True),
        Column(name="zone_id", type=LogicalType.STRING, meaning={"en": "Zone in which the rider is to work.", "ar": "المنطقة التي سيعمل فيها المندوب.", "zh_Hans": "骑手将要工作的区域。", "zh_Hant": "騎手將要工作的區域。", "pt_BR": "Zona em que o entregador deve trabalhar."}, max_length=128, references="zones.zone_id"),
        Column(name="vehicle", type=LogicalType.STRING, meaning={"en": "What the rider rides.", "ar": "ما يركبه المندوب.", "zh_Hans": "骑手使用的交通工具。", "zh_Hant": "騎手使用的交通工具。", "pt_BR": "O que o entregador conduz."}, values=("bicycle", "motorcycle", "car", "van", "walker", "scooter", "other")),
        Column(name="fleet_id", type=LogicalType.STRING, meaning={"en": "Fleet to which the rider belongs.", "ar": "الأسطول الذي ينتمي إليه المندوب.", "zh_Hans": "骑手所属的车队。", "zh_Hant": "騎手所屬的車隊。", "pt_BR": "Frota a que o entregador pertence."}, max_length=128, references="fleets.fleet_id"),
        Column(name="status", type=LogicalType.STRING, meaning={"en": "State of the shift.", "ar": "حالة المناوبة.", "zh_Hans": "班次的状态。", "zh_Hant": "班次的狀態。", "pt_BR": "Estado do turno."}, required=True, values=("planned", "chosen", "assigned", "swapped", "dropped", "cancelled")),
        Column(name="version", type=LogicalType.STRING, meaning={"en": "Version of the roster in which it stands.", "ar": "إصدار الجدول الذي ترد فيه.", "zh_Hans": "所在排班表的版本。", "zh_Hant": "所在排班表的版本。", "pt_BR": "Versão da escala em que consta."}, required=True, max_length=64),
        Column(name="decided_at", type=LogicalType.TIMESTAMP, meaning={"en": "When the rider took it or the platform gave it.", "ar": "متى أخذها المندوب أو أعطتها المنصة.", "zh_Hans": "骑手选取或平台分配的时刻。", "zh_Hant": "騎手選取或平台分配的時刻。", "pt_BR": "Quando o entregador o escolheu ou a plataforma o deu."}),
        Column(name="break_min", type=LogicalType.NUMBER, meaning={"en": "Minutes of break within it.", "ar": "دقائق الاستراحة فيها.", "zh_Hans": "其中休息的分钟数。", "zh_Hant": "其中休息的分鐘數。", "pt_BR": "Minutos de pausa nele."}, unit="min", minimum=0, maximum=1440),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "Business day of the city to which it belongs, by the city's time zone and day cut-off.", "ar": "يوم عمل المدينة الذي ينتمي إليه، بحسب منطقتها الزمنية وساعة بدء يومها.", "zh_Hans": "所属的城市营业日，按该城市的时区和日切时刻确定。", "zh_Hant": "所屬的城市營業日，按該城市的時區和日切時刻確定。", "pt_BR": "Dia operacional da cidade a que pertence, pelo fuso horário e pela hora de corte da cidade."}, required=True, derived=True),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    rules=(
        Rule(name="shift_ends_after_start", expression="ends_at > starts_at", meaning={"en": "The shift ends before it begins.", "ar": "تنتهي المناوبة قبل أن تبدأ.", "zh_Hans": "班次的结束早于开始。", "zh_Hant": "班次的結束早於開始。", "pt_BR": "O turno termina antes de começar."}),
        Rule(name="shift_within_a_day", expression="seconds_between(starts_at, ends_at) <= 86400", meaning={"en": "The shift is longer than a day.", "ar": "المناوبة أطول من يوم.", "zh_Hans": "班次长于一天。", "zh_Hant": "班次長於一天。", "pt_BR": "O turno é mais longo que um dia."}),
    ),
    event_at=("starts_at",),
    owner="shift-planning",
    retention_months=36,
)
"""Contract of the table roster."""
# fmt: on
