# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""What was planted in a simulated day: the known truth against which diagnoses are scored.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Column, LogicalType, Rule, TableContract


class Kind(StrEnum):
    """What was planted."""

    RAIN = "rain"
    RIDER_SHORTAGE = "rider_shortage"
    MERCHANT_OVERLOAD = "merchant_overload"
    DEMAND_SURGE = "demand_surge"
    WRONG_PROMISE = "wrong_promise"
    FRAUD_RING = "fraud_ring"
    BROKEN_FEED = "broken_feed"


class Cause(StrEnum):
    """Cause that a diagnosis should name first."""

    LONGER_TRAVEL = "longer_travel"
    FEWER_RIDERS = "fewer_riders"
    SLOWER_MERCHANTS = "slower_merchants"
    MORE_DEMAND = "more_demand"
    SLOWER_HANDOVER = "slower_handover"
    WRONG_PROMISE = "wrong_promise"
    FALSE_CLAIMS = "false_claims"
    BROKEN_FEED = "broken_feed"


class Party(StrEnum):
    """To whom its seconds count: a party, or circumstances where nobody could help it."""

    CUSTOMER = "customer"
    MERCHANT = "merchant"
    RIDER = "rider"
    PLATFORM = "platform"
    CIRCUMSTANCES = "circumstances"


class DisruptionsRow(TypedDict, total=False):
    """One row: one planted disruption."""

    disruption_id: str
    city_id: str
    zone_id: str | None
    zone_ids: str | None
    kind: str
    cause: str
    party: str | None
    starts_at: datetime
    ends_at: datetime
    strength: float
    merchant_id: str | None
    business_date: date
    source: str


# fmt: off
DISRUPTIONS = TableContract(
    name="disruptions",
    version="1.1.0",
    meaning={"en": "What was planted in a simulated day: the known truth against which diagnoses are scored.", "ar": "ما زُرع في يوم محاكى: الحقيقة المعروفة التي تُقيَّم بها التشخيصات.", "zh_Hans": "模拟日中植入的情况：用来评判诊断的已知真相。", "zh_Hant": "模擬日中植入的情況：用來評判診斷的已知真相。", "pt_BR": "O que foi plantado num dia simulado: a verdade conhecida com que se avaliam os diagnósticos."},
    grain={"en": "one planted disruption", "ar": "اضطراب مزروع واحد", "zh_Hans": "一个植入的扰动", "zh_Hant": "一個植入的擾動", "pt_BR": "uma perturbação plantada"},
    key=("disruption_id",),
    columns=(
        Column(name="disruption_id", type=LogicalType.STRING, meaning={"en": "Identifier of the disruption.", "ar": "معرف الاضطراب.", "zh_Hans": "扰动的标识。", "zh_Hant": "擾動的標識。", "pt_BR": "Identificador da perturbação."}, required=True, max_length=128),
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="zone_id", type=LogicalType.STRING, meaning={"en": "Zone where it happened.", "ar": "المنطقة التي حدث فيها.", "zh_Hans": "发生的区域。", "zh_Hant": "發生的區域。", "pt_BR": "Zona em que ocorreu."}, max_length=128, references="zones.zone_id"),
        Column(name="zone_ids", type=LogicalType.STRING, meaning={"en": "Every zone that it strikes, separated by commas; empty when the whole city is struck.", "ar": "كل المناطق التي يصيبها، مفصولة بفواصل؛ فارغ إذا أصاب المدينة كلها.", "zh_Hans": "受其影响的所有区域，以逗号分隔；影响全城时为空。", "zh_Hant": "受其影響的所有區域，以逗號分隔；影響全城時為空。", "pt_BR": "Todas as zonas atingidas, separadas por vírgulas; vazio quando a cidade inteira é atingida."}, max_length=4000),
        Column(name="kind", type=LogicalType.STRING, meaning={"en": "What was planted.", "ar": "ما زُرع.", "zh_Hans": "所植入的情况。", "zh_Hant": "所植入的情況。", "pt_BR": "O que foi plantado."}, required=True, values=("rain", "rider_shortage", "merchant_overload", "demand_surge", "wrong_promise", "fraud_ring", "broken_feed")),
        Column(name="cause", type=LogicalType.STRING, meaning={"en": "Cause that a diagnosis should name first.", "ar": "السبب الذي ينبغي أن يسميه التشخيص أولا.", "zh_Hans": "诊断应当首先指出的原因。", "zh_Hant": "診斷應當首先指出的原因。", "pt_BR": "Causa que um diagnóstico deve apontar primeiro."}, required=True, values=("longer_travel", "fewer_riders", "slower_merchants", "more_demand", "slower_handover", "wrong_promise", "false_claims", "broken_feed")),
        Column(name="party", type=LogicalType.STRING, meaning={"en": "To whom its seconds count: a party, or circumstances where nobody could help it.", "ar": "على من تُحسب ثوانيه: طرف، أو circumstances حيث لم يكن لأحد حيلة.", "zh_Hans": "其秒数归于谁：某一方；无人可左右时为 circumstances。", "zh_Hant": "其秒數歸於誰：某一方；無人可左右時為 circumstances。", "pt_BR": "A quem contam os seus segundos: uma parte, ou circumstances onde ninguém podia evitar."}, values=("customer", "merchant", "rider", "platform", "circumstances")),
        Column(name="starts_at", type=LogicalType.TIMESTAMP, meaning={"en": "When it begins.", "ar": "متى يبدأ.", "zh_Hans": "开始时刻。", "zh_Hant": "開始時刻。", "pt_BR": "Quando começa."}, required=True),
        Column(name="ends_at", type=LogicalType.TIMESTAMP, meaning={"en": "When it ends.", "ar": "متى ينتهي.", "zh_Hans": "结束时刻。", "zh_Hant": "結束時刻。", "pt_BR": "Quando termina."}, required=True),
        Column(name="strength", type=LogicalType.NUMBER, meaning={"en": "How strong it is: the factor on travel, preparation, orders or riders; minutes by which a wrong promise is too long, below 0 too short; the share of a ring's orders that are claimed, of a feed's rows that are broken.", "ar": "مدى شدته: العامل على التنقل أو التحضير أو الطلبات أو المندوبين؛ ودقائق يطول بها وعد خاطئ، ودون 0 يقصر بها؛ ونصيب ما تطالب به شبكة من طلباتها، وما يُعطب من أسطر تغذية.", "zh_Hans": "强度：行程、备餐、订单或骑手的系数；错误承诺偏长的分钟数，小于 0 为偏短；团伙订单中被索赔的比例、数据源中损坏行的比例。", "zh_Hant": "強度：行程、備餐、訂單或騎手的係數；錯誤承諾偏長的分鐘數，小於 0 為偏短；集團訂單中被索賠的比例、數據源中損壞行的比例。", "pt_BR": "Quão forte é: o fator sobre viagem, preparo, pedidos ou entregadores; minutos em que uma promessa errada é longa demais, abaixo de 0 curta demais; a parcela dos pedidos de uma rede que são reclamados, das linhas de um feed que têm defeito."}, required=True),
        Column(name="merchant_id", type=LogicalType.STRING, meaning={"en": "Merchant it concerns.", "ar": "التاجر المعني.", "zh_Hans": "所涉商家。", "zh_Hant": "所涉商家。", "pt_BR": "Lojista a que se refere."}, max_length=128, references="merchants.merchant_id"),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "Business day of the city to which it belongs, by the city's time zone and day cut-off.", "ar": "يوم عمل المدينة الذي ينتمي إليه، بحسب منطقتها الزمنية وساعة بدء يومها.", "zh_Hans": "所属的城市营业日，按该城市的时区和日切时刻确定。", "zh_Hant": "所屬的城市營業日，按該城市的時區和日切時刻確定。", "pt_BR": "Dia operacional da cidade a que pertence, pelo fuso horário e pela hora de corte da cidade."}, required=True, derived=True),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    rules=(
        Rule(name="ends_after_start", expression="ends_at > starts_at", meaning={"en": "The disruption ends before it begins.", "ar": "ينتهي الاضطراب قبل أن يبدأ.", "zh_Hans": "扰动的结束早于开始。", "zh_Hant": "擾動的結束早於開始。", "pt_BR": "A perturbação termina antes de começar."}),
    ),
    event_at=("starts_at",),
    owner="simulation",
    retention_months=120,
    limitations={"en": "Holds simulated facts only.", "ar": "لا يحمل إلا وقائع محاكاة.", "zh_Hans": "只含模拟的事实。", "zh_Hant": "只含模擬的事實。", "pt_BR": "Contém somente fatos simulados."},
)
"""Contract of the table disruptions."""
# fmt: on
