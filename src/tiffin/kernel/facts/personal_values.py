# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""Personal values of facts, sealed under a key of the person whose they are.

Generated from the contract, never edited by hand.
"""

from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class PersonalValuesRow(TypedDict, total=False):
    """One row: one row of a fact table."""

    table_name: str
    row_key: str
    city_id: str | None
    pseudonym: str
    sealed: str | None
    source: str


# fmt: off
PERSONAL_VALUES = TableContract(
    name="personal_values",
    version="1.0.1",
    meaning={"en": "Personal values of facts, sealed under a key of the person whose they are.", "ar": "القيم الشخصية للوقائع، مختومة بمفتاح صاحبها.", "zh_Hans": "事实中的个人数值，以当事人自己的密钥封存。", "zh_Hant": "事實中的個人數值，以當事人自己的密鑰封存。", "pt_BR": "Valores pessoais dos fatos, lacrados sob uma chave da própria pessoa."},
    grain={"en": "one row of a fact table", "ar": "صف واحد من جدول وقائع", "zh_Hans": "事实表的一行", "zh_Hant": "事實表的一列", "pt_BR": "uma linha de uma tabela de fatos"},
    key=("table_name", "row_key"),
    columns=(
        Column(name="table_name", type=LogicalType.STRING, meaning={"en": "Fact table of the row to which the values belong.", "ar": "جدول الوقائع للسجل الذي تعود إليه القيم.", "zh_Hans": "数值所属行的事实表。", "zh_Hant": "數值所屬列的事實表。", "pt_BR": "Tabela de fatos da linha a que os valores pertencem."}, required=True, max_length=64),
        Column(name="row_key", type=LogicalType.STRING, meaning={"en": "Key of that row as a JSON list.", "ar": "مفتاح ذلك السجل كقائمة JSON.", "zh_Hans": "该行的键，写成 JSON 列表。", "zh_Hant": "該列的鍵，寫成 JSON 列表。", "pt_BR": "Chave dessa linha como lista JSON."}, required=True),
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City in which it happened.", "ar": "المدينة التي حدث فيها.", "zh_Hans": "发生的城市。", "zh_Hant": "發生的城市。", "pt_BR": "Cidade em que ocorreu."}, max_length=128, references="cities.city_id"),
        Column(name="pseudonym", type=LogicalType.STRING, meaning={"en": "Pseudonym of the person whose values they are.", "ar": "الاسم المستعار لصاحب القيم.", "zh_Hans": "数值所属人员的假名。", "zh_Hant": "數值所屬人員的假名。", "pt_BR": "Pseudônimo da pessoa a quem os valores pertencem."}, required=True, max_length=16, classification=Classification.PERSONAL),
        Column(name="sealed", type=LogicalType.STRING, meaning={"en": "The values, sealed under the person's key; empty where the row holds none any more.", "ar": "القيم مختومة بمفتاح الشخص؛ فارغة حيث لم يعد السجل يحوي شيئا منها.", "zh_Hans": "以当事人密钥封存的数值；该行已无数值时为空。", "zh_Hant": "以當事人密鑰封存的數值；該列已無數值時為空。", "pt_BR": "Os valores, lacrados sob a chave da pessoa; vazio onde a linha já não tem nenhum."}, classification=Classification.SPECIAL),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    owner="data-stewards",
    retention_months=84,
    usage={"en": "Written by loads alone. Whoever may see a person's values asks for them by the pseudonym.", "ar": "لا تكتبه إلا عمليات التحميل. ومن يجوز له أن يرى قيم شخص يطلبها بالاسم المستعار.", "zh_Hans": "只由加载写入。有权查看某人数值者，凭假名索取。", "zh_Hant": "只由載入寫入。有權查看某人數值者，憑假名索取。", "pt_BR": "Escrita somente pelas cargas. Quem pode ver os valores de uma pessoa os pede pelo pseudônimo."},
    limitations={"en": "Where the person was forgotten, nobody can open them any more.", "ar": "حيث نُسي الشخص لا يستطيع أحد فتحها بعد ذلك.", "zh_Hans": "当事人被遗忘后，任何人都无法再打开。", "zh_Hant": "當事人被遺忘後，任何人都無法再打開。", "pt_BR": "Onde a pessoa foi esquecida, ninguém mais consegue abri-los."},
)
"""Contract of the table personal_values."""
# fmt: on
