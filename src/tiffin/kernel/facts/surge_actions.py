# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""What was done in a surge of orders, and when it was released.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, Rule, TableContract


class Kind(StrEnum):
    """What was done."""

    LONGER_PROMISE = "longer_promise"
    SMALLER_RADIUS = "smaller_radius"
    THROTTLE = "throttle"
    PAUSE = "pause"
    BONUS = "bonus"
    CALL_RIDERS = "call_riders"
    OTHER = "other"


class DecidedBy(StrEnum):
    """Whether a policy or a person decided."""

    POLICY = "policy"
    PERSON = "person"


class SurgeActionsRow(TypedDict, total=False):
    """One row: one action in one episode."""

    city_id: str
    action_id: str
    episode_id: str
    zone_id: str | None
    merchant_id: str | None
    kind: str
    starts_at: datetime
    ends_at: datetime | None
    expires_at: datetime
    strength: float | None
    decided_by: str
    decider_id: str | None
    command_id: str | None
    business_date: date
    source: str


# fmt: off
SURGE_ACTIONS = TableContract(
    name="surge_actions",
    version="1.1.1",
    meaning={"en": "What was done in a surge of orders, and when it was released.", "ar": "ما فُعل في ذروة الطلبات ومتى رُفع.", "zh_Hans": "爆单时采取的措施及其解除时间。", "zh_Hant": "爆單時採取的措施及其解除時間。", "pt_BR": "O que se fez num pico de pedidos, e quando foi liberado."},
    grain={"en": "one action in one episode", "ar": "إجراء واحد في ذروة واحدة", "zh_Hans": "一次爆单中的一项措施", "zh_Hant": "一次爆單中的一項措施", "pt_BR": "uma ação num pico"},
    key=("city_id", "action_id"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="action_id", type=LogicalType.STRING, meaning={"en": "Identifier of the action.", "ar": "معرف الإجراء.", "zh_Hans": "措施的标识。", "zh_Hant": "措施的標識。", "pt_BR": "Identificador da ação."}, required=True, max_length=128),
        Column(name="episode_id", type=LogicalType.STRING, meaning={"en": "Episode of the surge to which it belongs.", "ar": "نوبة الذروة التي ينتمي إليها.", "zh_Hans": "所属的爆单过程。", "zh_Hant": "所屬的爆單過程。", "pt_BR": "Episódio do pico a que pertence."}, required=True, max_length=128),
        Column(name="zone_id", type=LogicalType.STRING, meaning={"en": "Zone where it happened.", "ar": "المنطقة التي حدث فيها.", "zh_Hans": "发生的区域。", "zh_Hant": "發生的區域。", "pt_BR": "Zona em que ocorreu."}, max_length=128, references="zones.zone_id"),
        Column(name="merchant_id", type=LogicalType.STRING, meaning={"en": "Merchant it concerns.", "ar": "التاجر المعني.", "zh_Hans": "所涉商家。", "zh_Hant": "所涉商家。", "pt_BR": "Lojista a que se refere."}, max_length=128, references="merchants.merchant_id"),
        Column(name="kind", type=LogicalType.STRING, meaning={"en": "What was done.", "ar": "ما فُعل.", "zh_Hans": "所采取的措施。", "zh_Hant": "所採取的措施。", "pt_BR": "O que se fez."}, required=True, values=("longer_promise", "smaller_radius", "throttle", "pause", "bonus", "call_riders", "other")),
        Column(name="starts_at", type=LogicalType.TIMESTAMP, meaning={"en": "When it begins.", "ar": "متى يبدأ.", "zh_Hans": "开始时刻。", "zh_Hant": "開始時刻。", "pt_BR": "Quando começa."}, required=True),
        Column(name="ends_at", type=LogicalType.TIMESTAMP, meaning={"en": "When it ends.", "ar": "متى ينتهي.", "zh_Hans": "结束时刻。", "zh_Hant": "結束時刻。", "pt_BR": "Quando termina."}),
        Column(name="expires_at", type=LogicalType.TIMESTAMP, meaning={"en": "When it ends by itself at the latest.", "ar": "متى ينتهي من تلقاء نفسه على الأكثر.", "zh_Hans": "最迟自动结束的时刻。", "zh_Hant": "最遲自動結束的時刻。", "pt_BR": "Quando termina por si, no máximo."}, required=True),
        Column(name="strength", type=LogicalType.NUMBER, meaning={"en": "How strong it is, in the unit of its kind.", "ar": "مدى شدته بوحدة نوعه.", "zh_Hans": "强度，以其类型的单位表示。", "zh_Hant": "強度，以其類型的單位表示。", "pt_BR": "Quão forte é, na unidade do seu tipo."}, minimum=0),
        Column(name="decided_by", type=LogicalType.STRING, meaning={"en": "Whether a policy or a person decided.", "ar": "هل قررت سياسة أم شخص.", "zh_Hans": "由策略还是由人决定。", "zh_Hant": "由策略還是由人決定。", "pt_BR": "Se decidiu uma política ou uma pessoa."}, required=True, values=("policy", "person")),
        Column(name="decider_id", type=LogicalType.STRING, meaning={"en": "Pseudonym of the employee who decided.", "ar": "الاسم المستعار للموظف الذي قرر.", "zh_Hans": "作出决定的员工的假名。", "zh_Hant": "作出決定的員工的假名。", "pt_BR": "Pseudônimo do funcionário que decidiu."}, max_length=128, classification=Classification.PERSONAL, references="employees.employee_id", person="employee"),
        Column(name="command_id", type=LogicalType.STRING, meaning={"en": "Command that carried it out.", "ar": "الأمر الذي نفذه.", "zh_Hans": "执行它的指令。", "zh_Hant": "執行它的指令。", "pt_BR": "Comando que a executou."}, max_length=128, references="commands.command_id"),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "Business day of the city to which it belongs, by the city's time zone and day cut-off.", "ar": "يوم عمل المدينة الذي ينتمي إليه، بحسب منطقتها الزمنية وساعة بدء يومها.", "zh_Hans": "所属的城市营业日，按该城市的时区和日切时刻确定。", "zh_Hant": "所屬的城市營業日，按該城市的時區和日切時刻確定。", "pt_BR": "Dia operacional da cidade a que pertence, pelo fuso horário e pela hora de corte da cidade."}, required=True, derived=True),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    rules=(
        Rule(name="action_ends_after_start", expression="ends_at >= starts_at", meaning={"en": "The action ends before it begins.", "ar": "ينتهي الإجراء قبل أن يبدأ.", "zh_Hans": "措施的结束早于开始。", "zh_Hant": "措施的結束早於開始。", "pt_BR": "A ação termina antes de começar."}),
        Rule(name="action_expires_after_start", expression="expires_at > starts_at", meaning={"en": "The action expires before it begins.", "ar": "تنتهي صلاحية الإجراء قبل أن يبدأ.", "zh_Hans": "措施的到期早于开始。", "zh_Hant": "措施的到期早於開始。", "pt_BR": "A ação expira antes de começar."}),
    ),
    event_at=("starts_at",),
    owner="city-operations",
    retention_months=36,
)
"""Contract of the table surge_actions."""
# fmt: on
