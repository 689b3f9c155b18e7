# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""What is known about an incident: who said or recorded what, when.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class Kind(StrEnum):
    """What it is."""

    PHOTO = "photo"
    POSITION = "position"
    CALL = "call"
    MESSAGE = "message"
    SIGNATURE = "signature"
    RECEIPT = "receipt"
    STAGE_TIMES = "stage_times"
    STATEMENT = "statement"
    SENSOR = "sensor"
    OTHER = "other"


class ProvidedBy(StrEnum):
    """Who gave it."""

    CUSTOMER = "customer"
    MERCHANT = "merchant"
    RIDER = "rider"
    PLATFORM = "platform"
    EMPLOYEE = "employee"
    THIRD_PARTY = "third_party"


class Grade(StrEnum):
    """How far it can be trusted: A seen by the platform itself, B confirmed by two sides, C said by one side, D hearsay."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class EvidenceRow(TypedDict, total=False):
    """One row: one piece of evidence."""

    city_id: str
    evidence_id: str
    order_id: str | None
    recorded_at: datetime
    kind: str
    provided_by: str
    states: str | None
    grade: str | None
    digest: str | None
    rider_id: str | None
    merchant_id: str | None
    zone_id: str | None
    business_date: date
    source: str


# fmt: off
EVIDENCE = TableContract(
    name="evidence",
    version="2.0.1",
    meaning={"en": "What is known about an incident: who said or recorded what, when.", "ar": "ما يُعرف عن حادثة: من قال أو سجل ماذا ومتى.", "zh_Hans": "关于事件的已知情况：谁在何时说了或记录了什么。", "zh_Hant": "關於事件的已知情況：誰在何時説了或記錄了什麼。", "pt_BR": "O que se sabe de um incidente: quem disse ou registrou o quê, e quando."},
    grain={"en": "one piece of evidence", "ar": "دليل واحد", "zh_Hans": "一份证据", "zh_Hant": "一份證據", "pt_BR": "uma prova"},
    key=("city_id", "evidence_id"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="evidence_id", type=LogicalType.STRING, meaning={"en": "Identifier of the piece.", "ar": "معرف الدليل.", "zh_Hans": "证据的标识。", "zh_Hant": "證據的標識。", "pt_BR": "Identificador da prova."}, required=True, max_length=128),
        Column(name="order_id", type=LogicalType.STRING, meaning={"en": "Order it belongs to.", "ar": "الطلب الذي ينتمي إليه.", "zh_Hans": "所属订单。", "zh_Hant": "所屬訂單。", "pt_BR": "Pedido a que pertence."}, max_length=128, references="orders.order_id"),
        Column(name="recorded_at", type=LogicalType.TIMESTAMP, meaning={"en": "When it was recorded.", "ar": "متى سُجل.", "zh_Hans": "记录时刻。", "zh_Hant": "記錄時刻。", "pt_BR": "Quando foi registrado."}, required=True),
        Column(name="kind", type=LogicalType.STRING, meaning={"en": "What it is.", "ar": "ما هو.", "zh_Hans": "证据的种类。", "zh_Hant": "證據的種類。", "pt_BR": "O que é."}, required=True, values=("photo", "position", "call", "message", "signature", "receipt", "stage_times", "statement", "sensor", "other")),
        Column(name="provided_by", type=LogicalType.STRING, meaning={"en": "Who gave it.", "ar": "من قدمه.", "zh_Hans": "由谁提供。", "zh_Hant": "由誰提供。", "pt_BR": "Quem a forneceu."}, required=True, values=("customer", "merchant", "rider", "platform", "employee", "third_party")),
        Column(name="states", type=LogicalType.STRING, meaning={"en": "What it shows, in words or codes.", "ar": "ما يبينه بكلمات أو رموز.", "zh_Hans": "它所表明的内容，用文字或代码。", "zh_Hant": "它所表明的內容，用文字或代碼。", "pt_BR": "O que mostra, em palavras ou códigos."}, max_length=4000, classification=Classification.SPECIAL, sealed_for="rider_id"),
        Column(name="grade", type=LogicalType.STRING, meaning={"en": "How far it can be trusted: A seen by the platform itself, B confirmed by two sides, C said by one side, D hearsay.", "ar": "مدى الوثوق به: A رأته المنصة نفسها، B أكده طرفان، C قاله طرف واحد، D سماع.", "zh_Hans": "可信程度：A 平台亲见，B 双方证实，C 单方陈述，D 传闻。", "zh_Hant": "可信程度：A 平台親見，B 雙方證實，C 單方陳述，D 傳聞。", "pt_BR": "Quanto se pode confiar: A visto pela própria plataforma, B confirmado por dois lados, C dito por um lado, D de ouvir dizer."}, values=("A", "B", "C", "D")),
        Column(name="digest", type=LogicalType.STRING, meaning={"en": "SHA-256 of the file that it stands for.", "ar": "بصمة SHA-256 للملف الذي يمثله.", "zh_Hans": "所代表文件的 SHA-256 摘要。", "zh_Hant": "所代表文件的 SHA-256 摘要。", "pt_BR": "SHA-256 do arquivo que representa."}, pattern="^[0-9a-f]{64}$"),
        Column(name="rider_id", type=LogicalType.STRING, meaning={"en": "Pseudonym of the rider it concerns.", "ar": "الاسم المستعار للمندوب المعني.", "zh_Hans": "所涉骑手的假名。", "zh_Hant": "所涉騎手的假名。", "pt_BR": "Pseudônimo do entregador a que se refere."}, max_length=128, classification=Classification.PERSONAL, references="riders.rider_id", person="rider"),
        Column(name="merchant_id", type=LogicalType.STRING, meaning={"en": "Merchant it concerns.", "ar": "التاجر المعني.", "zh_Hans": "所涉商家。", "zh_Hant": "所涉商家。", "pt_BR": "Lojista a que se refere."}, max_length=128, references="merchants.merchant_id"),
        Column(name="zone_id", type=LogicalType.STRING, meaning={"en": "Zone where it happened.", "ar": "المنطقة التي حدث فيها.", "zh_Hans": "发生的区域。", "zh_Hant": "發生的區域。", "pt_BR": "Zona em que ocorreu."}, max_length=128, references="zones.zone_id"),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "Business day of the order it concerns; where the order's instant is not known, of the row's own instant.", "ar": "يوم عمل الطلب المعني؛ وحيث لا تُعرف لحظة الطلب، يوم لحظة السجل نفسه.", "zh_Hans": "所涉订单的营业日；订单时刻未知时，取本行自身时刻的营业日。", "zh_Hant": "所涉訂單的營業日；訂單時刻未知時，取本行自身時刻的營業日。", "pt_BR": "Dia operacional do pedido a que se refere; se o instante do pedido não é conhecido, o do próprio registro."}, required=True, derived=True),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    event_at=("recorded_at",),
    owner="liability",
    retention_months=36,
    limitations={"en": "Pictures and recordings themselves are kept elsewhere; here stands what they show.", "ar": "تُحفظ الصور والتسجيلات نفسها في مكان آخر؛ وهنا ما تُظهره.", "zh_Hans": "图片和录音录像本身另行保存；此处记录其所显示的内容。", "zh_Hant": "圖片和錄音錄影本身另行保存；此處記錄其所顯示的內容。", "pt_BR": "As próprias imagens e gravações são guardadas em outro lugar; aqui está o que mostram."},
)
"""Contract of the table evidence."""
# fmt: on
