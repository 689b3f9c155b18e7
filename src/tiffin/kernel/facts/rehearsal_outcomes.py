# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""What rehearsals came to: simulated days under a policy and a roster, one by one. Nothing here really happened.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Column, LogicalType, TableContract


class Variant(StrEnum):
    """Which of the two that are compared: a, the one compared with, or b."""

    A = "a"
    B = "b"


class RehearsalOutcomesRow(TypedDict, total=False):
    """One row: one simulated day under one policy."""

    rehearsal_id: str
    variant: str
    replication: int
    country: str
    city_id: str
    scenario: str
    policy: str
    roster: str
    is_undisturbed: bool
    orders: int
    delivered: int
    cancelled_by_customer: int
    cancelled_by_merchant: int
    cancelled_by_platform: int
    returned: int
    late: int
    click_to_door_min: float
    ready_to_pickup_min: float
    lateness_min: float
    online_min: float
    busy_min: float
    is_deleted: bool
    rehearsed_at: datetime
    business_date: date
    source: str


# fmt: off
REHEARSAL_OUTCOMES = TableContract(
    name="rehearsal_outcomes",
    version="1.0.0",
    meaning={"en": "What rehearsals came to: simulated days under a policy and a roster, one by one. Nothing here really happened.", "ar": "ما أسفرت عنه التجارب المسبقة: أيام محاكاة في ظل سياسة وجدول مناوبات، يومًا يومًا. لم يحدث شيء من هذا فعلًا.", "zh_Hans": "演练的结果：在某一策略和排班下逐一模拟的日子。这里的一切都没有真正发生。", "zh_Hant": "演練的結果：在某一策略和排班下逐一模擬的日子。這裡的一切都沒有真正發生。", "pt_BR": "Em que deram os ensaios: dias simulados sob uma política e uma escala, um a um. Nada disto aconteceu de verdade."},
    grain={"en": "one simulated day under one policy", "ar": "يوم محاكى واحد في ظل سياسة واحدة", "zh_Hans": "一种策略下的一个模拟日", "zh_Hant": "一種策略下的一個模擬日", "pt_BR": "um dia simulado sob uma política"},
    key=("rehearsal_id", "variant", "replication"),
    columns=(
        Column(name="rehearsal_id", type=LogicalType.STRING, meaning={"en": "Number of the rehearsal that the row belongs to.", "ar": "رقم التجربة المسبقة التي ينتمي إليها السجل.", "zh_Hans": "该行所属演练的编号。", "zh_Hant": "該行所屬演練的編號。", "pt_BR": "Número do ensaio a que a linha pertence."}, required=True, max_length=32),
        Column(name="variant", type=LogicalType.STRING, meaning={"en": "Which of the two that are compared: a, the one compared with, or b.", "ar": "أيّ الاثنين المقارَنين: a وهو المقارَن به، أو b.", "zh_Hans": "所比较的两者中的哪一个：a 为基准，或 b。", "zh_Hant": "所比較的兩者中的哪一個：a 為基準，或 b。", "pt_BR": "Qual dos dois comparados: a, aquele com que se compara, ou b."}, required=True, values=("a", "b")),
        Column(name="replication", type=LogicalType.INTEGER, meaning={"en": "Number of the replication; 1 is the day as it is planted, the others are the same day by other chances.", "ar": "رقم التكرار؛ 1 هو اليوم كما زُرع، والأخرى اليوم نفسه بمصادفات أخرى.", "zh_Hans": "重复的编号；1 为按设定发生的当天，其余为同一天的另一种随机结果。", "zh_Hant": "重複的編號；1 為按設定發生的當天，其餘為同一天的另一種隨機結果。", "pt_BR": "Número da replicação; 1 é o dia como foi plantado, as outras são o mesmo dia por outros acasos."}, required=True, minimum=1),
        Column(name="country", type=LogicalType.STRING, meaning={"en": "ISO 3166-1 code of the country.", "ar": "رمز ISO 3166-1 للبلد.", "zh_Hans": "国家的 ISO 3166-1 代码。", "zh_Hant": "國家的 ISO 3166-1 代碼。", "pt_BR": "Código ISO 3166-1 do país."}, required=True, pattern="^[A-Z]{2}$"),
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "Simulated city; it may be one that cities does not know.", "ar": "المدينة المحاكاة؛ وقد تكون مدينة لا يعرفها جدول cities.", "zh_Hans": "模拟的城市；可能是 cities 中没有的城市。", "zh_Hant": "模擬的城市；可能是 cities 中沒有的城市。", "pt_BR": "Cidade simulada; pode ser uma que cities não conhece."}, required=True, max_length=128),
        Column(name="scenario", type=LogicalType.STRING, meaning={"en": "What was rehearsed: a city and its day, or a scenario's name.", "ar": "ما جُرّب: مدينة ويومها، أو اسم سيناريو.", "zh_Hans": "演练的内容：城市与日期，或场景名称。", "zh_Hant": "演練的內容：城市與日期，或場景名稱。", "pt_BR": "O que foi ensaiado: uma cidade e seu dia, ou o nome de um cenário."}, required=True, max_length=160),
        Column(name="policy", type=LogicalType.STRING, meaning={"en": "Dispatcher that gave the orders to riders.", "ar": "المُوزّع الذي أسند الطلبات إلى المندوبين.", "zh_Hans": "把订单派给骑手的派单策略。", "zh_Hant": "把訂單派給騎手的派單策略。", "pt_BR": "Despachante que deu os pedidos aos entregadores."}, required=True, max_length=40),
        Column(name="roster", type=LogicalType.STRING, meaning={"en": "Roster that rode: the city's own, its share more or less, or a file.", "ar": "الجدول الذي عُمل به: جدول المدينة نفسها، أو أكثر أو أقل بنسبة، أو ملف.", "zh_Hans": "所用的排班：城市自己的排班、按比例增减，或一个文件。", "zh_Hant": "所用的排班：城市自己的排班、按比例增減，或一個檔案。", "pt_BR": "Escala que rodou: a da própria cidade, uma parcela a mais ou a menos, ou um arquivo."}, required=True, max_length=160),
        Column(name="is_undisturbed", type=LogicalType.BOOLEAN, meaning={"en": "Whether it is the day without what is planted in it.", "ar": "هل هو اليوم من دون ما زُرع فيه.", "zh_Hans": "是否为去除所有设定干扰后的当天。", "zh_Hant": "是否為去除所有設定干擾後的當天。", "pt_BR": "Se é o dia sem o que foi plantado nele."}, required=True),
        Column(name="orders", type=LogicalType.INTEGER, meaning={"en": "Orders placed.", "ar": "الطلبات المقدَّمة.", "zh_Hans": "下单的订单数。", "zh_Hant": "下單的訂單數。", "pt_BR": "Pedidos feitos."}, required=True, unit="orders", minimum=0),
        Column(name="delivered", type=LogicalType.INTEGER, meaning={"en": "Orders delivered.", "ar": "الطلبات المسلَّمة.", "zh_Hans": "送达的订单数。", "zh_Hant": "送達的訂單數。", "pt_BR": "Pedidos entregues."}, required=True, unit="orders", minimum=0),
        Column(name="cancelled_by_customer", type=LogicalType.INTEGER, meaning={"en": "Orders that the customer cancelled.", "ar": "الطلبات التي ألغاها العميل.", "zh_Hans": "由顾客取消的订单数。", "zh_Hant": "由顧客取消的訂單數。", "pt_BR": "Pedidos que o cliente cancelou."}, required=True, unit="orders", minimum=0),
        Column(name="cancelled_by_merchant", type=LogicalType.INTEGER, meaning={"en": "Orders that the merchant refused.", "ar": "الطلبات التي رفضها التاجر.", "zh_Hans": "被商家拒绝的订单数。", "zh_Hant": "被商家拒絕的訂單數。", "pt_BR": "Pedidos que o estabelecimento recusou."}, required=True, unit="orders", minimum=0),
        Column(name="cancelled_by_platform", type=LogicalType.INTEGER, meaning={"en": "Orders that the platform gave up because nobody could carry them.", "ar": "الطلبات التي تخلت عنها المنصة إذ لم يوجد من يحملها.", "zh_Hans": "因无人配送而由平台放弃的订单数。", "zh_Hant": "因無人配送而由平台放棄的訂單數。", "pt_BR": "Pedidos de que a plataforma desistiu por não haver quem os levasse."}, required=True, unit="orders", minimum=0),
        Column(name="returned", type=LogicalType.INTEGER, meaning={"en": "Orders that came back because they could not be handed over.", "ar": "الطلبات التي أعيدت إذ تعذر تسليمها.", "zh_Hans": "因无法交付而退回的订单数。", "zh_Hant": "因無法交付而退回的訂單數。", "pt_BR": "Pedidos que voltaram por não poderem ser entregues."}, required=True, unit="orders", minimum=0),
        Column(name="late", type=LogicalType.INTEGER, meaning={"en": "Delivered orders that came after the promised time.", "ar": "الطلبات المسلَّمة بعد الوقت الموعود.", "zh_Hans": "晚于承诺时间送达的订单数。", "zh_Hant": "晚於承諾時間送達的訂單數。", "pt_BR": "Pedidos entregues depois da hora prometida."}, required=True, unit="orders", minimum=0),
        Column(name="click_to_door_min", type=LogicalType.NUMBER, meaning={"en": "Minutes from placing to handing over, added up over delivered orders.", "ar": "الدقائق من الطلب إلى التسليم، مجموعةً على الطلبات المسلَّمة.", "zh_Hans": "送达订单从下单到交付的分钟数之和。", "zh_Hant": "送達訂單從下單到交付的分鐘數之和。", "pt_BR": "Minutos do pedido à entrega, somados sobre os pedidos entregues."}, required=True, unit="min", minimum=0),
        Column(name="ready_to_pickup_min", type=LogicalType.NUMBER, meaning={"en": "Minutes that goods waited for a rider, added up over delivered orders.", "ar": "دقائق انتظار البضاعة للمندوب، مجموعةً على الطلبات المسلَّمة.", "zh_Hans": "送达订单的餐品等待骑手的分钟数之和。", "zh_Hant": "送達訂單的餐品等待騎手的分鐘數之和。", "pt_BR": "Minutos que a mercadoria esperou por um entregador, somados sobre os pedidos entregues."}, required=True, unit="min", minimum=0),
        Column(name="lateness_min", type=LogicalType.NUMBER, meaning={"en": "Minutes past the promised time, added up over late orders.", "ar": "الدقائق بعد الوقت الموعود، مجموعةً على الطلبات المتأخرة.", "zh_Hans": "迟到订单超出承诺时间的分钟数之和。", "zh_Hant": "遲到訂單超出承諾時間的分鐘數之和。", "pt_BR": "Minutos além da hora prometida, somados sobre os pedidos atrasados."}, required=True, unit="min", minimum=0),
        Column(name="online_min", type=LogicalType.NUMBER, meaning={"en": "Minutes that riders were on shift.", "ar": "دقائق عمل المندوبين في نوباتهم.", "zh_Hans": "骑手在班的分钟数。", "zh_Hant": "騎手在班的分鐘數。", "pt_BR": "Minutos em que entregadores estiveram em turno."}, required=True, unit="min", minimum=0),
        Column(name="busy_min", type=LogicalType.NUMBER, meaning={"en": "Minutes that riders had an order.", "ar": "الدقائق التي كان فيها مع المندوبين طلب.", "zh_Hans": "骑手手上有订单的分钟数。", "zh_Hant": "騎手手上有訂單的分鐘數。", "pt_BR": "Minutos em que entregadores tinham um pedido."}, required=True, unit="min", minimum=0),
        Column(name="is_deleted", type=LogicalType.BOOLEAN, meaning={"en": "Whether somebody deleted the rehearsal; metrics leave it out then.", "ar": "هل حذف أحدهم التجربة المسبقة؛ عندها تتركها المقاييس.", "zh_Hans": "该演练是否已被删除；删除后指标不再计入。", "zh_Hant": "該演練是否已被刪除；刪除後指標不再計入。", "pt_BR": "Se alguém apagou o ensaio; as métricas então o deixam de fora."}, required=True),
        Column(name="rehearsed_at", type=LogicalType.TIMESTAMP, meaning={"en": "When it was rehearsed.", "ar": "متى جرت التجربة المسبقة.", "zh_Hans": "演练的时刻。", "zh_Hant": "演練的時刻。", "pt_BR": "Quando foi ensaiado."}, required=True),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "Business day that was simulated.", "ar": "يوم العمل الذي جرت محاكاته.", "zh_Hans": "被模拟的营业日。", "zh_Hant": "被模擬的營業日。", "pt_BR": "Dia operacional que foi simulado."}, required=True),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=200),
    ),
    owner="simulation",
    retention_months=36,
)
"""Contract of the table rehearsal_outcomes."""
# fmt: on
