# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""People employed to run the marketplace, under a pseudonym.

Generated from the contract, never edited by hand.
"""

from datetime import date
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, Rule, TableContract


class EmployeesRow(TypedDict, total=False):
    """One row: one employee."""

    employee_id: str
    team_id: str | None
    role: str
    city_id: str | None
    country: str | None
    since: date | None
    until: date | None
    source: str


# fmt: off
EMPLOYEES = TableContract(
    name="employees",
    version="1.1.1",
    meaning={"en": "People employed to run the marketplace, under a pseudonym.", "ar": "الموظفون الذين يديرون السوق، باسم مستعار.", "zh_Hans": "经营平台的员工，以假名记录。", "zh_Hant": "經營平台的員工，以假名記錄。", "pt_BR": "Pessoas empregadas para operar o marketplace, sob pseudônimo."},
    grain={"en": "one employee", "ar": "موظف واحد", "zh_Hans": "一名员工", "zh_Hant": "一名員工", "pt_BR": "um funcionário"},
    key=("employee_id",),
    columns=(
        Column(name="employee_id", type=LogicalType.STRING, meaning={"en": "Pseudonym of the employee.", "ar": "الاسم المستعار للموظف.", "zh_Hans": "员工的假名。", "zh_Hant": "員工的假名。", "pt_BR": "Pseudônimo do funcionário."}, required=True, max_length=128, classification=Classification.PERSONAL, person="employee"),
        Column(name="team_id", type=LogicalType.STRING, meaning={"en": "Team the employee belongs to.", "ar": "الفريق الذي ينتمي إليه الموظف.", "zh_Hans": "员工所属的团队。", "zh_Hant": "員工所屬的團隊。", "pt_BR": "Equipe a que o funcionário pertence."}, max_length=128, references="teams.team_id"),
        Column(name="role", type=LogicalType.STRING, meaning={"en": "What the employee does.", "ar": "عمل الموظف.", "zh_Hans": "员工的职务。", "zh_Hant": "員工的職務。", "pt_BR": "O que o funcionário faz."}, required=True, max_length=200),
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City that it concerns; empty where it concerns all.", "ar": "المدينة المعنية؛ فارغة حيث يخص الجميع.", "zh_Hans": "所涉城市；涉及全部城市时为空。", "zh_Hant": "所涉城市；涉及全部城市時為空。", "pt_BR": "Cidade a que se refere; vazio quando se refere a todas."}, max_length=128, references="cities.city_id"),
        Column(name="country", type=LogicalType.STRING, meaning={"en": "ISO 3166-1 code of the country of work.", "ar": "رمز ISO 3166-1 لبلد العمل.", "zh_Hans": "工作国家的 ISO 3166-1 代码。", "zh_Hant": "工作國家的 ISO 3166-1 代碼。", "pt_BR": "Código ISO 3166-1 do país de trabalho."}, pattern="^[A-Z]{2}$"),
        Column(name="since", type=LogicalType.DATE, meaning={"en": "First day in the role.", "ar": "أول يوم في الوظيفة.", "zh_Hans": "任该职的第一天。", "zh_Hant": "任該職的第一天。", "pt_BR": "Primeiro dia na função."}, classification=Classification.PERSONAL),
        Column(name="until", type=LogicalType.DATE, meaning={"en": "Last day in the role; empty while it lasts.", "ar": "آخر يوم في الوظيفة؛ فارغ ما دامت مستمرة.", "zh_Hans": "任该职的最后一天；仍在任时为空。", "zh_Hant": "任該職的最後一天；仍在任時為空。", "pt_BR": "Último dia na função; vazio enquanto dura."}, classification=Classification.PERSONAL),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    rules=(
        Rule(name="employee_until_after_since", expression="until >= since", meaning={"en": "The role ends before it begins.", "ar": "تنتهي الوظيفة قبل أن تبدأ.", "zh_Hans": "任职的结束早于开始。", "zh_Hant": "任職的結束早於開始。", "pt_BR": "A função termina antes de começar."}),
    ),
    owner="people-operations",
    retention_months=84,
    limitations={"en": "Names and addresses are kept elsewhere, under a key per person.", "ar": "تُحفظ الأسماء والعناوين في مكان آخر، بمفتاح لكل شخص.", "zh_Hans": "姓名和地址另行保存，每人一把密钥。", "zh_Hant": "姓名和地址另行保存，每人一把密鑰。", "pt_BR": "Nomes e endereços são guardados em outro lugar, sob uma chave por pessoa."},
)
"""Contract of the table employees."""
# fmt: on
