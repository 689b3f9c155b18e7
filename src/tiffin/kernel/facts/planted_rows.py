# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""Row by row, what was planted in the facts of a simulated day when it was over: false claims and who made them, rows that a broken feed lost, doubled, shifted or delayed.

Generated from the contract, never edited by hand.
"""

from datetime import date
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class What(StrEnum):
    """What was planted: a member of a ring, a false claim, or a row that came late, is there twice, has a shifted clock, or was lost."""

    MEMBER = "member"
    FALSE_CLAIM = "false_claim"
    LATE = "late"
    DOUBLED = "doubled"
    SHIFTED = "shifted"
    LOST = "lost"


class PlantedRowsRow(TypedDict, total=False):
    """One row: one planted row or member."""

    city_id: str
    disruption_id: str
    planted_number: int
    what: str
    table_name: str | None
    row_key: str | None
    true_key: str | None
    shifted_min: int
    order_id: str | None
    customer_id: str | None
    rider_id: str | None
    merchant_id: str | None
    business_date: date
    source: str


# fmt: off
PLANTED_ROWS = TableContract(
    name="planted_rows",
    version="1.0.0",
    meaning={"en": "Row by row, what was planted in the facts of a simulated day when it was over: false claims and who made them, rows that a broken feed lost, doubled, shifted or delayed.", "ar": "سطرًا سطرًا، ما زُرع في وقائع يوم محاكى بعد انقضائه: مطالبات كاذبة ومن قدّمها، وأسطر أضاعتها تغذية معطوبة أو كررتها أو زحزحتها أو أخّرتها.", "zh_Hans": "逐行列出模拟日结束后植入其事实的内容：虚假索赔及其提出者，以及故障数据源丢失、重复、偏移或延迟的行。", "zh_Hant": "逐行列出模擬日結束後植入其事實的內容：虛假索賠及其提出者，以及故障數據源丟失、重複、偏移或延遲的行。", "pt_BR": "Linha a linha, o que foi plantado nos fatos de um dia simulado depois de acabado: reclamações falsas e quem as fez, linhas que um feed com defeito perdeu, duplicou, deslocou ou atrasou."},
    grain={"en": "one planted row or member", "ar": "سطر مزروع واحد أو عضو واحد", "zh_Hans": "一个植入的行或成员", "zh_Hant": "一個植入的行或成員", "pt_BR": "uma linha plantada ou um membro"},
    key=("city_id", "disruption_id", "planted_number"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="disruption_id", type=LogicalType.STRING, meaning={"en": "Disruption that it belongs to.", "ar": "الاضطراب الذي ينتمي إليه.", "zh_Hans": "所属扰动。", "zh_Hant": "所屬擾動。", "pt_BR": "Perturbação a que pertence."}, required=True, max_length=128, references="disruptions.disruption_id"),
        Column(name="planted_number", type=LogicalType.INTEGER, meaning={"en": "Number of the row among those of its disruption.", "ar": "رقم السطر بين أسطر اضطرابه.", "zh_Hans": "在其扰动各行中的序号。", "zh_Hant": "在其擾動各行中的序號。", "pt_BR": "Número da linha entre as da sua perturbação."}, required=True, minimum=1),
        Column(name="what", type=LogicalType.STRING, meaning={"en": "What was planted: a member of a ring, a false claim, or a row that came late, is there twice, has a shifted clock, or was lost.", "ar": "ما زُرع: عضو في شبكة، أو مطالبة كاذبة، أو سطر جاء متأخرًا أو مرتين أو بساعة مزحزحة أو ضاع.", "zh_Hans": "植入的内容：团伙成员、虚假索赔，或迟到、重复、时钟偏移、丢失的行。", "zh_Hant": "植入的內容：集團成員、虛假索賠，或遲到、重複、時鐘偏移、丟失的行。", "pt_BR": "O que foi plantado: um membro de uma rede, uma reclamação falsa, ou uma linha que veio tarde, em dobro, com o relógio deslocado ou que se perdeu."}, required=True, values=("member", "false_claim", "late", "doubled", "shifted", "lost")),
        Column(name="table_name", type=LogicalType.STRING, meaning={"en": "Fact table that the row stands in, or should.", "ar": "جدول الوقائع الذي يقع فيه السطر أو ينبغي أن يقع.", "zh_Hans": "该行所在（或应在）的事实表。", "zh_Hant": "該行所在（或應在）的事實表。", "pt_BR": "Tabela de fatos em que a linha está, ou deveria estar."}, max_length=128),
        Column(name="row_key", type=LogicalType.STRING, meaning={"en": "Key of the row in that table, without the city, parts separated by a space.", "ar": "مفتاح السطر في ذلك الجدول، دون المدينة، وأجزاؤه مفصولة بمسافة.", "zh_Hans": "该行在该表中的键（不含城市），各部分以空格分隔。", "zh_Hant": "該行在該表中的鍵（不含城市），各部分以空格分隔。", "pt_BR": "Chave da linha nessa tabela, sem a cidade, partes separadas por espaço."}, max_length=400),
        Column(name="true_key", type=LogicalType.STRING, meaning={"en": "For a doubled row, the key of the true one.", "ar": "للسطر المكرر: مفتاح السطر الحقيقي.", "zh_Hans": "对重复行：真实行的键。", "zh_Hant": "對重複行：真實行的鍵。", "pt_BR": "Para uma linha duplicada, a chave da verdadeira."}, max_length=400),
        Column(name="shifted_min", type=LogicalType.INTEGER, meaning={"en": "Minutes that were added to its clock, or by which it came late; else 0.", "ar": "دقائق أُضيفت إلى ساعته أو تأخر بها؛ وإلا 0.", "zh_Hans": "时钟被加上的分钟数，或迟到的分钟数；否则为 0。", "zh_Hant": "時鐘被加上的分鐘數，或遲到的分鐘數；否則為 0。", "pt_BR": "Minutos somados ao seu relógio, ou de que se atrasou; senão 0."}, required=True, unit="min"),
        Column(name="order_id", type=LogicalType.STRING, meaning={"en": "Order it belongs to.", "ar": "الطلب الذي ينتمي إليه.", "zh_Hans": "所属订单。", "zh_Hant": "所屬訂單。", "pt_BR": "Pedido a que pertence."}, max_length=128, references="orders.order_id"),
        Column(name="customer_id", type=LogicalType.STRING, meaning={"en": "Pseudonym of the customer.", "ar": "الاسم المستعار للعميل.", "zh_Hans": "顾客的假名。", "zh_Hant": "顧客的假名。", "pt_BR": "Pseudônimo do cliente."}, max_length=128, classification=Classification.PERSONAL, person="customer"),
        Column(name="rider_id", type=LogicalType.STRING, meaning={"en": "Pseudonym of the rider it concerns.", "ar": "الاسم المستعار للمندوب المعني.", "zh_Hans": "所涉骑手的假名。", "zh_Hant": "所涉騎手的假名。", "pt_BR": "Pseudônimo do entregador a que se refere."}, max_length=128, classification=Classification.PERSONAL, references="riders.rider_id", person="rider"),
        Column(name="merchant_id", type=LogicalType.STRING, meaning={"en": "Merchant it concerns.", "ar": "التاجر المعني.", "zh_Hans": "所涉商家。", "zh_Hant": "所涉商家。", "pt_BR": "Lojista a que se refere."}, max_length=128, references="merchants.merchant_id"),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "Business day of the order it concerns; where the order's instant is not known, of the row's own instant.", "ar": "يوم عمل الطلب المعني؛ وحيث لا تُعرف لحظة الطلب، يوم لحظة السجل نفسه.", "zh_Hans": "所涉订单的营业日；订单时刻未知时，取本行自身时刻的营业日。", "zh_Hant": "所涉訂單的營業日；訂單時刻未知時，取本行自身時刻的營業日。", "pt_BR": "Dia operacional do pedido a que se refere; se o instante do pedido não é conhecido, o do próprio registro."}, required=True),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    owner="simulation",
    retention_months=120,
    limitations={"en": "Holds simulated facts only. The facts themselves do not tell what is planted in them.", "ar": "لا يحمل إلا وقائع محاكاة. والوقائع نفسها لا تقول ما زُرع فيها.", "zh_Hans": "只含模拟的事实。事实本身并不标明其中植入了什么。", "zh_Hant": "只含模擬的事實。事實本身並不標明其中植入了甚麼。", "pt_BR": "Contém somente fatos simulados. Os próprios fatos não dizem o que neles foi plantado."},
)
"""Contract of the table planted_rows."""
# fmt: on
