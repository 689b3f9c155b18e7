# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""How far riders kept to their shifts.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, Rule, TableContract


class Status(StrEnum):
    """How the shift was kept."""

    KEPT = "kept"
    LATE = "late"
    LEFT_EARLY = "left_early"
    ABSENT = "absent"
    EXCUSED = "excused"


class Excuse(StrEnum):
    """Why an absence is excused."""

    ILLNESS = "illness"
    ACCIDENT = "accident"
    HEAT = "heat"
    VEHICLE = "vehicle"
    PLATFORM = "platform"
    OTHER = "other"


class AdherenceRow(TypedDict, total=False):
    """One row: one shift of one rider, as worked."""

    city_id: str
    rider_id: str
    shift_id: str
    starts_at: datetime
    planned_min: float
    worked_min: float
    late_min: float | None
    early_leave_min: float | None
    outside_zone_min: float | None
    status: str
    excuse: str | None
    zone_id: str | None
    business_date: date
    source: str


# fmt: off
ADHERENCE = TableContract(
    name="adherence",
    version="2.0.1",
    meaning={"en": "How far riders kept to their shifts.", "ar": "مدى التزام المندوبين بمناوباتهم.", "zh_Hans": "骑手履行班次的程度。", "zh_Hant": "騎手履行班次的程度。", "pt_BR": "Quanto os entregadores cumpriram os seus turnos."},
    grain={"en": "one shift of one rider, as worked", "ar": "مناوبة واحدة لمندوب واحد كما عُملت", "zh_Hans": "一名骑手实际履行的一个班次", "zh_Hant": "一名騎手實際履行的一個班次", "pt_BR": "um turno de um entregador, como foi trabalhado"},
    key=("city_id", "rider_id", "starts_at"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="rider_id", type=LogicalType.STRING, meaning={"en": "Pseudonym of the rider it concerns.", "ar": "الاسم المستعار للمندوب المعني.", "zh_Hans": "所涉骑手的假名。", "zh_Hant": "所涉騎手的假名。", "pt_BR": "Pseudônimo do entregador a que se refere."}, required=True, max_length=128, classification=Classification.PERSONAL, references="riders.rider_id", person="rider"),
        Column(name="shift_id", type=LogicalType.STRING, meaning={"en": "Shift that was planned.", "ar": "المناوبة المخططة.", "zh_Hans": "所计划的班次。", "zh_Hant": "所計劃的班次。", "pt_BR": "Turno que foi planejado."}, required=True, max_length=128),
        Column(name="starts_at", type=LogicalType.TIMESTAMP, meaning={"en": "When it was to begin.", "ar": "متى كان ينبغي أن تبدأ.", "zh_Hans": "计划开始时刻。", "zh_Hant": "計劃開始時刻。", "pt_BR": "Quando devia começar."}, required=True),
        Column(name="planned_min", type=LogicalType.NUMBER, meaning={"en": "Minutes planned.", "ar": "الدقائق المخططة.", "zh_Hans": "计划分钟数。", "zh_Hant": "計劃分鐘數。", "pt_BR": "Minutos planejados."}, required=True, unit="min", minimum=0, maximum=2880, classification=Classification.PERSONAL),
        Column(name="worked_min", type=LogicalType.NUMBER, meaning={"en": "Minutes on shift within the plan.", "ar": "دقائق في المناوبة ضمن الخطة.", "zh_Hans": "在计划内在岗的分钟数。", "zh_Hant": "在計劃內在崗的分鐘數。", "pt_BR": "Minutos em turno dentro do plano."}, required=True, unit="min", minimum=0, maximum=2880, classification=Classification.PERSONAL),
        Column(name="late_min", type=LogicalType.NUMBER, meaning={"en": "Minutes from the planned start until the rider was on shift.", "ar": "دقائق من البداية المخططة حتى دخل المندوب المناوبة.", "zh_Hans": "从计划开始到骑手上线的分钟数。", "zh_Hant": "從計劃開始到騎手上線的分鐘數。", "pt_BR": "Minutos do início planejado até o entregador entrar em turno."}, unit="min", minimum=0, maximum=2880, classification=Classification.PERSONAL),
        Column(name="early_leave_min", type=LogicalType.NUMBER, meaning={"en": "Minutes from the last going off shift to the planned end.", "ar": "دقائق من آخر خروج من المناوبة إلى نهايتها المخططة.", "zh_Hans": "从最后一次下线到计划结束的分钟数。", "zh_Hant": "從最後一次下線到計劃結束的分鐘數。", "pt_BR": "Minutos da última saída do turno até o fim planejado."}, unit="min", minimum=0, maximum=2880, classification=Classification.PERSONAL),
        Column(name="outside_zone_min", type=LogicalType.NUMBER, meaning={"en": "Minutes on shift outside the planned zone.", "ar": "دقائق في المناوبة خارج المنطقة المخططة.", "zh_Hans": "在计划区域之外在岗的分钟数。", "zh_Hant": "在計劃區域之外在崗的分鐘數。", "pt_BR": "Minutos em turno fora da zona planejada."}, unit="min", minimum=0, maximum=2880, classification=Classification.PERSONAL),
        Column(name="status", type=LogicalType.STRING, meaning={"en": "How the shift was kept.", "ar": "كيف التُزم بالمناوبة.", "zh_Hans": "班次的履行情况。", "zh_Hant": "班次的履行情況。", "pt_BR": "Como o turno foi cumprido."}, required=True, values=("kept", "late", "left_early", "absent", "excused")),
        Column(name="excuse", type=LogicalType.STRING, meaning={"en": "Why an absence is excused.", "ar": "لماذا يُعذر الغياب.", "zh_Hans": "缺勤获准的原因。", "zh_Hant": "缺勤獲准的原因。", "pt_BR": "Por que uma ausência é justificada."}, values=("illness", "accident", "heat", "vehicle", "platform", "other"), classification=Classification.SPECIAL, sealed_for="rider_id"),
        Column(name="zone_id", type=LogicalType.STRING, meaning={"en": "Zone in which the rider was to work.", "ar": "المنطقة التي كان على المندوب العمل فيها.", "zh_Hans": "骑手原定工作的区域。", "zh_Hant": "騎手原定工作的區域。", "pt_BR": "Zona em que o entregador devia trabalhar."}, max_length=128, references="zones.zone_id"),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "Business day of the city to which it belongs, by the city's time zone and day cut-off.", "ar": "يوم عمل المدينة الذي ينتمي إليه، بحسب منطقتها الزمنية وساعة بدء يومها.", "zh_Hans": "所属的城市营业日，按该城市的时区和日切时刻确定。", "zh_Hant": "所屬的城市營業日，按該城市的時區和日切時刻確定。", "pt_BR": "Dia operacional da cidade a que pertence, pelo fuso horário e pela hora de corte da cidade."}, required=True, derived=True),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    rules=(
        Rule(name="worked_within_planned", expression="worked_min <= planned_min + 0.5", meaning={"en": "More minutes were worked within the plan than planned.", "ar": "دقائق العمل ضمن الخطة أكثر من المخطط.", "zh_Hans": "计划内工作的分钟数多于计划分钟数。", "zh_Hant": "計劃內工作的分鐘數多於計劃分鐘數。", "pt_BR": "Trabalharam-se mais minutos dentro do plano do que os planejados."}),
    ),
    event_at=("starts_at",),
    owner="shift-planning",
    retention_months=36,
)
"""Contract of the table adherence."""
# fmt: on
