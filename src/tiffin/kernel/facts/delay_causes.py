# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""Which cause took how many seconds of each order of a simulated day: the known truth against which verdicts and diagnoses are scored.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Column, LogicalType, TableContract


class Party(StrEnum):
    """To whom the seconds count: a party, circumstances where nobody could help it, or ordinary."""

    CUSTOMER = "customer"
    MERCHANT = "merchant"
    RIDER = "rider"
    PLATFORM = "platform"
    CIRCUMSTANCES = "circumstances"
    ORDINARY = "ordinary"


class DelayCausesRow(TypedDict, total=False):
    """One row: one cause of one order."""

    city_id: str
    order_id: str
    cause_id: str
    disruption_id: str | None
    party: str
    duration_s: int
    acceptance_s: int
    preparation_s: int
    waiting_s: int
    approach_s: int
    pickup_s: int
    ride_s: int
    handover_s: int
    promise_s: int
    lost_share: float
    is_exact: bool
    zone_id: str | None
    merchant_id: str | None
    placed_at: datetime
    business_date: date
    source: str


# fmt: off
DELAY_CAUSES = TableContract(
    name="delay_causes",
    version="1.0.0",
    meaning={"en": "Which cause took how many seconds of each order of a simulated day: the known truth against which verdicts and diagnoses are scored.", "ar": "أيُّ سبب أخذ كم ثانية من كل طلب في يوم محاكى: الحقيقة المعروفة التي تُقيَّم بها الأحكام والتشخيصات.", "zh_Hans": "模拟日中每个订单的时间各由哪个原因占去多少秒：用来评判裁定与诊断的已知真相。", "zh_Hant": "模擬日中每個訂單的時間各由哪個原因佔去多少秒：用來評判裁定與診斷的已知真相。", "pt_BR": "Que causa tomou quantos segundos de cada pedido de um dia simulado: a verdade conhecida com que se avaliam veredictos e diagnósticos."},
    grain={"en": "one cause of one order", "ar": "سبب واحد لطلب واحد", "zh_Hans": "一个订单的一个原因", "zh_Hant": "一個訂單的一個原因", "pt_BR": "uma causa de um pedido"},
    key=("city_id", "order_id", "cause_id"),
    columns=(
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, required=True, max_length=128, references="cities.city_id"),
        Column(name="order_id", type=LogicalType.STRING, meaning={"en": "Order whose seconds are told.", "ar": "الطلب الذي تُذكر ثوانيه.", "zh_Hans": "所述秒数所属的订单。", "zh_Hant": "所述秒數所屬的訂單。", "pt_BR": "Pedido cujos segundos são contados."}, required=True, max_length=128, references="orders.order_id"),
        Column(name="cause_id", type=LogicalType.STRING, meaning={"en": "The disruption's identifier; chance- and a party for that party's own chance in this order; or ordinary: what the order takes without either.", "ar": "معرف الاضطراب؛ أو chance- وطرف لحظّ ذلك الطرف نفسه في هذا الطلب؛ أو ordinary: ما يستغرقه الطلب بلا هذا ولا ذاك.", "zh_Hans": "扰动的标识；或 chance- 加某一方，表示该方自身在此订单中的偶然；或 ordinary：两者皆无时该订单所需的部分。", "zh_Hant": "擾動的標識；或 chance- 加某一方，表示該方自身在此訂單中的偶然；或 ordinary：兩者皆無時該訂單所需的部分。", "pt_BR": "O identificador da perturbação; chance- e uma parte para o acaso próprio dessa parte neste pedido; ou ordinary: o que o pedido leva sem nem uma coisa nem outra."}, required=True, max_length=128),
        Column(name="disruption_id", type=LogicalType.STRING, meaning={"en": "Disruption that is the cause; empty for chance and for what is ordinary.", "ar": "الاضطراب الذي هو السبب؛ فارغ للحظ ولما هو معتاد.", "zh_Hans": "作为原因的扰动；偶然与平常部分为空。", "zh_Hant": "作為原因的擾動；偶然與平常部分為空。", "pt_BR": "Perturbação que é a causa; vazio no acaso e no que é comum."}, max_length=128, references="disruptions.disruption_id"),
        Column(name="party", type=LogicalType.STRING, meaning={"en": "To whom the seconds count: a party, circumstances where nobody could help it, or ordinary.", "ar": "على من تُحسب الثواني: طرف، أو circumstances حيث لم يكن لأحد حيلة، أو ordinary.", "zh_Hans": "秒数归于谁：某一方；无人可左右时为 circumstances；或 ordinary。", "zh_Hant": "秒數歸於誰：某一方；無人可左右時為 circumstances；或 ordinary。", "pt_BR": "A quem contam os segundos: uma parte, circumstances onde ninguém podia evitar, ou ordinary."}, required=True, values=("customer", "merchant", "rider", "platform", "circumstances", "ordinary")),
        Column(name="duration_s", type=LogicalType.INTEGER, meaning={"en": "Seconds of the order's time, from placing to delivery or cancellation, that count to this cause; below 0 where it made the order faster.", "ar": "ثواني زمن الطلب، من تسجيله إلى تسليمه أو إلغائه، التي تُحسب على هذا السبب؛ دون 0 حيث جعل الطلب أسرع.", "zh_Hans": "订单从下单到送达或取消的时间中归于此原因的秒数；使订单变快时小于 0。", "zh_Hant": "訂單從下單到送達或取消的時間中歸於此原因的秒數；使訂單變快時小於 0。", "pt_BR": "Segundos do tempo do pedido, da colocação à entrega ou ao cancelamento, que contam a esta causa; abaixo de 0 onde tornou o pedido mais rápido."}, required=True, unit="s"),
        Column(name="acceptance_s", type=LogicalType.INTEGER, meaning={"en": "Of them, until the merchant accepted.", "ar": "منها: حتى قبل التاجر.", "zh_Hans": "其中：到商家接单为止。", "zh_Hant": "其中：到商家接單為止。", "pt_BR": "Deles, até o lojista aceitar."}, required=True, unit="s"),
        Column(name="preparation_s", type=LogicalType.INTEGER, meaning={"en": "Of them, from acceptance until the goods were ready.", "ar": "منها: من القبول حتى جهزت البضاعة.", "zh_Hans": "其中：从接单到备好。", "zh_Hant": "其中：從接單到備好。", "pt_BR": "Deles, da aceitação até os produtos ficarem prontos."}, required=True, unit="s"),
        Column(name="waiting_s", type=LogicalType.INTEGER, meaning={"en": "Of them, while the goods were ready and nobody was on his way to them.", "ar": "منها: والبضاعة جاهزة ولا أحد في طريقه إليها.", "zh_Hans": "其中：货已备好而无人前来取货。", "zh_Hant": "其中：貨已備好而無人前來取貨。", "pt_BR": "Deles, com os produtos prontos e ninguém a caminho deles."}, required=True, unit="s"),
        Column(name="approach_s", type=LogicalType.INTEGER, meaning={"en": "Of them, while the goods were ready and the rider was on his way to them.", "ar": "منها: والبضاعة جاهزة والمندوب في طريقه إليها.", "zh_Hans": "其中：货已备好、骑手正在前来。", "zh_Hant": "其中：貨已備好、騎手正在前來。", "pt_BR": "Deles, com os produtos prontos e o entregador a caminho."}, required=True, unit="s"),
        Column(name="pickup_s", type=LogicalType.INTEGER, meaning={"en": "Of them, at the merchant with goods and rider there.", "ar": "منها: عند التاجر والبضاعة والمندوب حاضران.", "zh_Hans": "其中：货与骑手都在商家处。", "zh_Hant": "其中：貨與騎手都在商家處。", "pt_BR": "Deles, no lojista com produtos e entregador presentes."}, required=True, unit="s"),
        Column(name="ride_s", type=LogicalType.INTEGER, meaning={"en": "Of them, on the way to the customer.", "ar": "منها: في الطريق إلى العميل.", "zh_Hans": "其中：前往顾客途中。", "zh_Hant": "其中：前往顧客途中。", "pt_BR": "Deles, a caminho do cliente."}, required=True, unit="s"),
        Column(name="handover_s", type=LogicalType.INTEGER, meaning={"en": "Of them, at the customer's door.", "ar": "منها: عند باب العميل.", "zh_Hans": "其中：在顾客门口。", "zh_Hant": "其中：在顧客門口。", "pt_BR": "Deles, à porta do cliente."}, required=True, unit="s"),
        Column(name="promise_s", type=LogicalType.INTEGER, meaning={"en": "Seconds by which this cause made the shown promise longer; below 0 where shorter. For what is ordinary, the promise of the day without any of it.", "ar": "ثوانٍ أطال بها هذا السبب الوعد المعروض؛ دون 0 حيث قصّره. ولما هو معتاد، وعد اليوم بلا شيء من ذلك.", "zh_Hans": "此原因使所示承诺时间延长的秒数；缩短时小于 0。平常部分为没有这些原因之日的承诺时间。", "zh_Hant": "此原因使所示承諾時間延長的秒數；縮短時小於 0。平常部分為沒有這些原因之日的承諾時間。", "pt_BR": "Segundos em que esta causa alongou a promessa mostrada; abaixo de 0 onde a encurtou. No que é comum, a promessa do dia sem nada disso."}, required=True, unit="s"),
        Column(name="lost_share", type=LogicalType.NUMBER, meaning={"en": "Share of this cause in the order's not being delivered; the rows of an order add up to 1 where it was not, to 0 where it was.", "ar": "نصيب هذا السبب في عدم تسليم الطلب؛ مجموع أسطر الطلب 1 حيث لم يُسلَّم و0 حيث سُلِّم.", "zh_Hans": "此原因在订单未送达中所占份额；一个订单各行之和，未送达为 1，送达为 0。", "zh_Hant": "此原因在訂單未送達中所佔份額；一個訂單各行之和，未送達為 1，送達為 0。", "pt_BR": "Parcela desta causa em o pedido não ter sido entregue; as linhas de um pedido somam 1 onde não foi, 0 onde foi."}, required=True, unit="share"),
        Column(name="is_exact", type=LogicalType.BOOLEAN, meaning={"en": "Whether the day was replayed with every subset of its disruptions; else orders of joining were sampled.", "ar": "هل أُعيد اليوم بكل مجموعة جزئية من اضطراباته؛ وإلا فقد أُخذت عينة من ترتيبات الانضمام.", "zh_Hans": "是否以扰动的每个子集重放了该日；否则为对加入次序的抽样。", "zh_Hant": "是否以擾動的每個子集重放了該日；否則為對加入次序的抽樣。", "pt_BR": "Se o dia foi repetido com cada subconjunto das suas perturbações; senão, amostraram-se ordens de entrada."}, required=True),
        Column(name="zone_id", type=LogicalType.STRING, meaning={"en": "Zone of the pickup place.", "ar": "منطقة مكان الاستلام.", "zh_Hans": "取货地点所在区域。", "zh_Hant": "取貨地點所在區域。", "pt_BR": "Zona do lugar de coleta."}, max_length=128, references="zones.zone_id"),
        Column(name="merchant_id", type=LogicalType.STRING, meaning={"en": "Merchant it concerns.", "ar": "التاجر المعني.", "zh_Hans": "所涉商家。", "zh_Hant": "所涉商家。", "pt_BR": "Lojista a que se refere."}, max_length=128, references="merchants.merchant_id"),
        Column(name="placed_at", type=LogicalType.TIMESTAMP, meaning={"en": "When the customer placed the order.", "ar": "متى سجل العميل الطلب.", "zh_Hans": "顾客下该订单的时刻。", "zh_Hant": "顧客下該訂單的時刻。", "pt_BR": "Quando o cliente fez o pedido."}, required=True),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "Business day of the order it concerns; where the order's instant is not known, of the row's own instant.", "ar": "يوم عمل الطلب المعني؛ وحيث لا تُعرف لحظة الطلب، يوم لحظة السجل نفسه.", "zh_Hans": "所涉订单的营业日；订单时刻未知时，取本行自身时刻的营业日。", "zh_Hant": "所涉訂單的營業日；訂單時刻未知時，取本行自身時刻的營業日。", "pt_BR": "Dia operacional do pedido a que se refere; se o instante do pedido não é conhecido, o do próprio registro."}, required=True),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    owner="simulation",
    retention_months=120,
    limitations={"en": "Holds simulated facts only, and only days in which something was planted. The rows of an order add up to its time from placing to its end, and to its promise.", "ar": "لا يحمل إلا وقائع محاكاة، ولأيام زُرع فيها شيء فقط. ومجموع أسطر الطلب هو زمنه من تسجيله إلى نهايته، وكذلك وعده.", "zh_Hans": "只含模拟的事实，且仅限有植入情况的日子。一个订单各行之和等于其从下单到结束的时间，承诺时间亦然。", "zh_Hant": "只含模擬的事實，且僅限有植入情況的日子。一個訂單各行之和等於其從下單到結束的時間，承諾時間亦然。", "pt_BR": "Contém somente fatos simulados, e só de dias em que algo foi plantado. As linhas de um pedido somam o seu tempo da colocação ao fim, e a sua promessa."},
)
"""Contract of the table delay_causes."""
# fmt: on
