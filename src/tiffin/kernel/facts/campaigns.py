# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""Customers' promotions and riders' incentives.

Generated from the contract, never edited by hand.
"""

from datetime import datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, Rule, TableContract


class Audience(StrEnum):
    """Whom it is for."""

    CUSTOMERS = "customers"
    RIDERS = "riders"
    MERCHANTS = "merchants"


class Mechanic(StrEnum):
    """How it gives."""

    PERCENT_OFF = "percent_off"
    AMOUNT_OFF = "amount_off"
    FREE_DELIVERY = "free_delivery"
    POINTS = "points"
    GUARANTEE = "guarantee"
    PER_ORDER = "per_order"
    QUEST = "quest"
    SURGE_BONUS = "surge_bonus"
    REFERRAL = "referral"
    OTHER = "other"


class Status(StrEnum):
    """State of the campaign."""

    DRAFT = "draft"
    APPROVED = "approved"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


class CampaignsRow(TypedDict, total=False):
    """One row: one campaign."""

    campaign_id: str
    city_id: str | None
    name: str
    audience: str
    mechanic: str
    starts_at: datetime
    ends_at: datetime | None
    budget_minor: int | None
    currency: str | None
    experiment_id: str | None
    owner_id: str | None
    status: str
    source: str


# fmt: off
CAMPAIGNS = TableContract(
    name="campaigns",
    version="1.1.1",
    meaning={"en": "Customers' promotions and riders' incentives.", "ar": "عروض العملاء وحوافز المندوبين.", "zh_Hans": "顾客促销与骑手激励。", "zh_Hant": "顧客促銷與騎手激勵。", "pt_BR": "Promoções para clientes e incentivos para entregadores."},
    grain={"en": "one campaign", "ar": "حملة واحدة", "zh_Hans": "一个活动", "zh_Hant": "一個活動", "pt_BR": "uma campanha"},
    key=("campaign_id",),
    columns=(
        Column(name="campaign_id", type=LogicalType.STRING, meaning={"en": "Identifier of the campaign.", "ar": "معرف الحملة.", "zh_Hans": "活动的标识。", "zh_Hant": "活動的標識。", "pt_BR": "Identificador da campanha."}, required=True, max_length=128),
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City that it concerns; empty where it concerns all.", "ar": "المدينة المعنية؛ فارغة حيث يخص الجميع.", "zh_Hans": "所涉城市；涉及全部城市时为空。", "zh_Hant": "所涉城市；涉及全部城市時為空。", "pt_BR": "Cidade a que se refere; vazio quando se refere a todas."}, max_length=128, references="cities.city_id"),
        Column(name="name", type=LogicalType.STRING, meaning={"en": "Name of the campaign.", "ar": "اسم الحملة.", "zh_Hans": "活动名称。", "zh_Hant": "活動名稱。", "pt_BR": "Nome da campanha."}, required=True, max_length=200),
        Column(name="audience", type=LogicalType.STRING, meaning={"en": "Whom it is for.", "ar": "لمن هي.", "zh_Hans": "面向的对象。", "zh_Hant": "面向的對象。", "pt_BR": "A quem se destina."}, required=True, values=("customers", "riders", "merchants")),
        Column(name="mechanic", type=LogicalType.STRING, meaning={"en": "How it gives.", "ar": "كيف تمنح.", "zh_Hans": "优惠方式。", "zh_Hant": "優惠方式。", "pt_BR": "Como beneficia."}, required=True, values=("percent_off", "amount_off", "free_delivery", "points", "guarantee", "per_order", "quest", "surge_bonus", "referral", "other")),
        Column(name="starts_at", type=LogicalType.TIMESTAMP, meaning={"en": "When it begins.", "ar": "متى يبدأ.", "zh_Hans": "开始时刻。", "zh_Hant": "開始時刻。", "pt_BR": "Quando começa."}, required=True),
        Column(name="ends_at", type=LogicalType.TIMESTAMP, meaning={"en": "When it ends; empty while open-ended.", "ar": "متى ينتهي؛ فارغ ما دام مفتوحا.", "zh_Hans": "结束时刻；无期限时为空。", "zh_Hant": "結束時刻；無期限時為空。", "pt_BR": "Quando termina; vazio enquanto sem prazo."}),
        Column(name="budget_minor", type=LogicalType.INTEGER, meaning={"en": "Budget; empty where none is set.", "ar": "الميزانية؛ فارغة حيث لم تحدد.", "zh_Hans": "预算；未设定时为空。", "zh_Hant": "預算；未設定時為空。", "pt_BR": "Orçamento; vazio onde não há."}, unit="minor units", minimum=0, classification=Classification.CONFIDENTIAL),
        Column(name="currency", type=LogicalType.STRING, meaning={"en": "ISO 4217 code of the currency of the amounts.", "ar": "رمز ISO 4217 لعملة المبالغ.", "zh_Hans": "金额币种的 ISO 4217 代码。", "zh_Hant": "金額幣種的 ISO 4217 代碼。", "pt_BR": "Código ISO 4217 da moeda dos valores."}, pattern="^[A-Z]{3}$"),
        Column(name="experiment_id", type=LogicalType.STRING, meaning={"en": "Experiment that tests it.", "ar": "التجربة التي تختبرها.", "zh_Hans": "检验它的实验。", "zh_Hant": "檢驗它的實驗。", "pt_BR": "Experimento que a testa."}, max_length=128),
        Column(name="owner_id", type=LogicalType.STRING, meaning={"en": "Pseudonym of the employee who owns it.", "ar": "الاسم المستعار للموظف المسؤول عنها.", "zh_Hans": "负责该活动的员工的假名。", "zh_Hant": "負責該活動的員工的假名。", "pt_BR": "Pseudônimo do funcionário responsável por ela."}, max_length=128, classification=Classification.PERSONAL, references="employees.employee_id", person="employee"),
        Column(name="status", type=LogicalType.STRING, meaning={"en": "State of the campaign.", "ar": "حالة الحملة.", "zh_Hans": "活动的状态。", "zh_Hant": "活動的狀態。", "pt_BR": "Estado da campanha."}, required=True, values=("draft", "approved", "running", "paused", "ended")),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    rules=(
        Rule(name="campaign_ends_after_start", expression="ends_at > starts_at", meaning={"en": "The campaign ends before it begins.", "ar": "تنتهي الحملة قبل أن تبدأ.", "zh_Hans": "活动的结束早于开始。", "zh_Hant": "活動的結束早於開始。", "pt_BR": "A campanha termina antes de começar."}),
        Rule(name="budget_needs_currency", expression="budget_minor IS NULL OR currency IS NOT NULL", meaning={"en": "An amount stands without its currency.", "ar": "يوجد مبلغ بلا عملته.", "zh_Hans": "有金额却没有币种。", "zh_Hant": "有金額卻沒有幣種。", "pt_BR": "Há um valor sem a sua moeda."}),
    ),
    owner="campaign-management",
    retention_months=84,
)
"""Contract of the table campaigns."""
# fmt: on
