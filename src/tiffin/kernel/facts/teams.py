# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""Teams of employees, what they manage and what they aim at.

Generated from the contract, never edited by hand.
"""

from datetime import date
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class TeamsRow(TypedDict, total=False):
    """One row: one team."""

    team_id: str
    name: str
    parent_team_id: str | None
    lead_id: str | None
    city_id: str | None
    target_metric: str | None
    target_value: float | None
    since: date | None
    source: str


# fmt: off
TEAMS = TableContract(
    name="teams",
    version="1.1.1",
    meaning={"en": "Teams of employees, what they manage and what they aim at.", "ar": "فرق الموظفين وما تديره وما تستهدفه.", "zh_Hans": "员工团队、其管理范围与目标。", "zh_Hant": "員工團隊、其管理範圍與目標。", "pt_BR": "Equipes de funcionários, o que gerem e a que visam."},
    grain={"en": "one team", "ar": "فريق واحد", "zh_Hans": "一个团队", "zh_Hant": "一個團隊", "pt_BR": "uma equipe"},
    key=("team_id",),
    columns=(
        Column(name="team_id", type=LogicalType.STRING, meaning={"en": "Identifier of the team.", "ar": "معرف الفريق.", "zh_Hans": "团队的标识。", "zh_Hant": "團隊的標識。", "pt_BR": "Identificador da equipe."}, required=True, max_length=128),
        Column(name="name", type=LogicalType.STRING, meaning={"en": "Name of the team.", "ar": "اسم الفريق.", "zh_Hans": "团队名称。", "zh_Hant": "團隊名稱。", "pt_BR": "Nome da equipe."}, required=True, max_length=200),
        Column(name="parent_team_id", type=LogicalType.STRING, meaning={"en": "Team above it.", "ar": "الفريق الأعلى.", "zh_Hans": "上级团队。", "zh_Hant": "上級團隊。", "pt_BR": "Equipe acima dela."}, max_length=128, references="teams.team_id"),
        Column(name="lead_id", type=LogicalType.STRING, meaning={"en": "Pseudonym of the employee who leads it.", "ar": "الاسم المستعار للموظف الذي يقوده.", "zh_Hans": "领导该团队的员工的假名。", "zh_Hant": "領導該團隊的員工的假名。", "pt_BR": "Pseudônimo do funcionário que a lidera."}, max_length=128, classification=Classification.PERSONAL, references="employees.employee_id", person="employee"),
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City that it concerns; empty where it concerns all.", "ar": "المدينة المعنية؛ فارغة حيث يخص الجميع.", "zh_Hans": "所涉城市；涉及全部城市时为空。", "zh_Hant": "所涉城市；涉及全部城市時為空。", "pt_BR": "Cidade a que se refere; vazio quando se refere a todas."}, max_length=128, references="cities.city_id"),
        Column(name="target_metric", type=LogicalType.STRING, meaning={"en": "Metric that the team aims at.", "ar": "المقياس الذي يستهدفه الفريق.", "zh_Hans": "团队所追求的指标。", "zh_Hant": "團隊所追求的指標。", "pt_BR": "Métrica que a equipe persegue."}, max_length=200),
        Column(name="target_value", type=LogicalType.NUMBER, meaning={"en": "Value that the team aims at, in the metric's unit.", "ar": "القيمة التي يستهدفها الفريق بوحدة المقياس.", "zh_Hans": "团队的目标值，以指标单位表示。", "zh_Hant": "團隊的目標值，以指標單位表示。", "pt_BR": "Valor que a equipe persegue, na unidade da métrica."}, classification=Classification.CONFIDENTIAL),
        Column(name="since", type=LogicalType.DATE, meaning={"en": "First day of the target.", "ar": "أول يوم للهدف.", "zh_Hans": "目标的第一天。", "zh_Hant": "目標的第一天。", "pt_BR": "Primeiro dia da meta."}),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    owner="people-operations",
    retention_months=84,
)
"""Contract of the table teams."""
# fmt: on
