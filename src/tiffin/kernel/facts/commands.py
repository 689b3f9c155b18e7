# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""Commands to the systems outside: sent, acknowledged or failed, expired, released.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, Rule, TableContract


class System(StrEnum):
    """System that it was sent to."""

    DISPATCH = "dispatch"
    MERCHANT = "merchant"
    PROMISE = "promise"
    INCENTIVE = "incentive"
    CUSTOMER_SERVICE = "customer_service"
    OTHER = "other"


class Status(StrEnum):
    """State of the command."""

    ISSUED = "issued"
    ACKNOWLEDGED = "acknowledged"
    FAILED = "failed"
    EXPIRED = "expired"
    RELEASED = "released"


class CommandsRow(TypedDict, total=False):
    """One row: one command."""

    command_id: str
    city_id: str | None
    issued_at: datetime
    system: str
    kind: str
    target: str | None
    payload: str | None
    status: str
    acknowledged_at: datetime | None
    expires_at: datetime
    released_at: datetime | None
    idempotency_key: str
    issued_by: str | None
    business_date: date
    source: str


# fmt: off
COMMANDS = TableContract(
    name="commands",
    version="1.1.1",
    meaning={"en": "Commands to the systems outside: sent, acknowledged or failed, expired, released.", "ar": "الأوامر إلى الأنظمة الخارجية: أُرسلت، أُقرت أو فشلت، انتهت، رُفعت.", "zh_Hans": "发往外部系统的指令：已发送、已确认或失败、已过期、已解除。", "zh_Hant": "發往外部系統的指令：已發送、已確認或失敗、已過期、已解除。", "pt_BR": "Comandos aos sistemas externos: enviados, confirmados ou falhos, expirados, liberados."},
    grain={"en": "one command", "ar": "أمر واحد", "zh_Hans": "一条指令", "zh_Hant": "一條指令", "pt_BR": "um comando"},
    key=("command_id",),
    columns=(
        Column(name="command_id", type=LogicalType.STRING, meaning={"en": "Identifier of the command.", "ar": "معرف الأمر.", "zh_Hans": "指令的标识。", "zh_Hant": "指令的標識。", "pt_BR": "Identificador do comando."}, required=True, max_length=128),
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City that it concerns; empty where it concerns all.", "ar": "المدينة المعنية؛ فارغة حيث يخص الجميع.", "zh_Hans": "所涉城市；涉及全部城市时为空。", "zh_Hant": "所涉城市；涉及全部城市時為空。", "pt_BR": "Cidade a que se refere; vazio quando se refere a todas."}, max_length=128, references="cities.city_id"),
        Column(name="issued_at", type=LogicalType.TIMESTAMP, meaning={"en": "When it was issued.", "ar": "متى أُصدر.", "zh_Hans": "下发时刻。", "zh_Hant": "下發時刻。", "pt_BR": "Quando foi emitido."}, required=True),
        Column(name="system", type=LogicalType.STRING, meaning={"en": "System that it was sent to.", "ar": "النظام الذي أُرسل إليه.", "zh_Hans": "指令发往的系统。", "zh_Hant": "指令發往的系統。", "pt_BR": "Sistema a que foi enviado."}, required=True, values=("dispatch", "merchant", "promise", "incentive", "customer_service", "other")),
        Column(name="kind", type=LogicalType.STRING, meaning={"en": "What it asks for.", "ar": "ما يطلبه.", "zh_Hans": "指令的要求。", "zh_Hant": "指令的要求。", "pt_BR": "O que pede."}, required=True, max_length=200),
        Column(name="target", type=LogicalType.STRING, meaning={"en": "What it applies to: a zone, a merchant, an order.", "ar": "ما ينطبق عليه: منطقة أو تاجر أو طلب.", "zh_Hans": "适用对象：区域、商家或订单。", "zh_Hant": "適用對象：區域、商家或訂單。", "pt_BR": "A que se aplica: uma zona, um lojista, um pedido."}, max_length=200),
        Column(name="payload", type=LogicalType.STRING, meaning={"en": "Its content as JSON.", "ar": "محتواه بصيغة JSON.", "zh_Hans": "其内容，JSON 格式。", "zh_Hant": "其內容，JSON 格式。", "pt_BR": "Seu conteúdo em JSON."}, max_length=20000, classification=Classification.CONFIDENTIAL),
        Column(name="status", type=LogicalType.STRING, meaning={"en": "State of the command.", "ar": "حالة الأمر.", "zh_Hans": "指令的状态。", "zh_Hant": "指令的狀態。", "pt_BR": "Estado do comando."}, required=True, values=("issued", "acknowledged", "failed", "expired", "released")),
        Column(name="acknowledged_at", type=LogicalType.TIMESTAMP, meaning={"en": "When the system acknowledged it.", "ar": "متى أقر النظام بالأمر.", "zh_Hans": "系统确认的时刻。", "zh_Hant": "系統確認的時刻。", "pt_BR": "Quando o sistema o confirmou."}),
        Column(name="expires_at", type=LogicalType.TIMESTAMP, meaning={"en": "When it ends by itself at the latest.", "ar": "متى ينتهي من تلقاء نفسه على الأكثر.", "zh_Hans": "最迟自动结束的时刻。", "zh_Hant": "最遲自動結束的時刻。", "pt_BR": "Quando termina por si, no máximo."}, required=True),
        Column(name="released_at", type=LogicalType.TIMESTAMP, meaning={"en": "When it was taken back.", "ar": "متى سُحب.", "zh_Hans": "撤回时刻。", "zh_Hant": "撤回時刻。", "pt_BR": "Quando foi retirado."}),
        Column(name="idempotency_key", type=LogicalType.STRING, meaning={"en": "Key under which the system takes it only once.", "ar": "المفتاح الذي يقبله النظام به مرة واحدة فقط.", "zh_Hans": "系统据此只接受一次的键。", "zh_Hant": "系統據此只接受一次的鍵。", "pt_BR": "Chave pela qual o sistema o aceita uma só vez."}, required=True, max_length=200),
        Column(name="issued_by", type=LogicalType.STRING, meaning={"en": "Pseudonym of the employee who issued it.", "ar": "الاسم المستعار للموظف الذي أصدره.", "zh_Hans": "下发指令的员工的假名。", "zh_Hant": "下發指令的員工的假名。", "pt_BR": "Pseudônimo do funcionário que o emitiu."}, max_length=128, classification=Classification.PERSONAL, references="employees.employee_id", person="employee"),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "Business day of the city to which it belongs, by the city's time zone and day cut-off.", "ar": "يوم عمل المدينة الذي ينتمي إليه، بحسب منطقتها الزمنية وساعة بدء يومها.", "zh_Hans": "所属的城市营业日，按该城市的时区和日切时刻确定。", "zh_Hant": "所屬的城市營業日，按該城市的時區和日切時刻確定。", "pt_BR": "Dia operacional da cidade a que pertence, pelo fuso horário e pela hora de corte da cidade."}, required=True, derived=True),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    rules=(
        Rule(name="acknowledged_after_issued", expression="acknowledged_at >= issued_at", meaning={"en": "It was acknowledged before it was issued.", "ar": "أُقر قبل إصداره.", "zh_Hans": "确认早于下发。", "zh_Hant": "確認早於下發。", "pt_BR": "Foi confirmado antes de ser emitido."}),
        Rule(name="released_after_issued", expression="released_at >= issued_at", meaning={"en": "It was taken back before it was issued.", "ar": "سُحب قبل إصداره.", "zh_Hans": "撤回早于下发。", "zh_Hant": "撤回早於下發。", "pt_BR": "Foi retirado antes de ser emitido."}),
        Rule(name="expires_after_issued", expression="expires_at > issued_at", meaning={"en": "It expires before it was issued.", "ar": "ينتهي قبل إصداره.", "zh_Hans": "过期时刻早于下发时刻。", "zh_Hant": "過期時刻早於下發時刻。", "pt_BR": "Expira antes de ser emitido."}),
    ),
    event_at=("issued_at",),
    owner="city-operations",
    retention_months=36,
)
"""Contract of the table commands."""
# fmt: on
