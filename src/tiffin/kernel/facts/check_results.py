# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""What the checks of tables found, kept as each run found it.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Column, LogicalType, TableContract


class Kind(StrEnum):
    """What the check looks at."""

    FRESHNESS = "freshness"
    VOLUME = "volume"
    VALIDITY = "validity"
    UNIQUENESS = "uniqueness"
    REFERENCE = "reference"
    RETENTION = "retention"
    RECONCILIATION = "reconciliation"
    DISTRIBUTION = "distribution"


class Status(StrEnum):
    """How it ended; unmeasured where nobody could judge."""

    PASSED = "passed"
    FAILED = "failed"
    UNMEASURED = "unmeasured"


class Severity(StrEnum):
    """Of what failed, how bad the incident was that it belongs to, as the run left it."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


class CheckResultsRow(TypedDict, total=False):
    """One row: one result of one check."""

    result_id: str
    check_name: str
    table_name: str
    kind: str
    status: str
    country: str | None
    city_id: str | None
    first_day: date | None
    last_day: date | None
    value: float | None
    threshold: float | None
    rows_checked: int
    rows_broken: int
    severity: str | None
    recovery_min: int | None
    table_version: int | None
    checked_at: datetime
    business_date: date
    source: str


# fmt: off
CHECK_RESULTS = TableContract(
    name="check_results",
    version="1.1.1",
    meaning={"en": "What the checks of tables found, kept as each run found it.", "ar": "ما وجدته فحوص الجداول، محفوظًا كما وجده كل تشغيل.", "zh_Hans": "对各表的检查所发现的情况，按每次运行的结果原样保存。", "zh_Hant": "對各表的檢查所發現的情況，按每次執行的結果原樣保存。", "pt_BR": "O que as verificações das tabelas encontraram, guardado como cada execução o encontrou."},
    grain={"en": "one result of one check", "ar": "نتيجة واحدة لفحص واحد", "zh_Hans": "一次检查的一个结果", "zh_Hant": "一次檢查的一個結果", "pt_BR": "um resultado de uma verificação"},
    key=("result_id",),
    columns=(
        Column(name="result_id", type=LogicalType.STRING, meaning={"en": "Identifier of the result: a digest of check, place, day and moment.", "ar": "معرف النتيجة: بصمة للفحص والمكان واليوم واللحظة.", "zh_Hans": "结果的标识：由检查、地点、日期和时刻得出的摘要。", "zh_Hant": "結果的標識：由檢查、地點、日期和時刻得出的摘要。", "pt_BR": "Identificador do resultado: um resumo da verificação, do lugar, do dia e do momento."}, required=True, max_length=64),
        Column(name="check_name", type=LogicalType.STRING, meaning={"en": "Name of the check: its table, a slash and what it checks.", "ar": "اسم الفحص: جدوله ثم شرطة مائلة وما يفحصه.", "zh_Hans": "检查的名称：所查的表、斜杠和检查内容。", "zh_Hant": "檢查的名稱：所查的表、斜線和檢查內容。", "pt_BR": "Nome da verificação: a tabela, uma barra e o que verifica."}, required=True, max_length=160),
        Column(name="table_name", type=LogicalType.STRING, meaning={"en": "Fact table that was checked.", "ar": "جدول الوقائع الذي فُحص.", "zh_Hans": "被检查的事实表。", "zh_Hant": "被檢查的事實表。", "pt_BR": "Tabela de fatos que foi verificada."}, required=True, max_length=128),
        Column(name="kind", type=LogicalType.STRING, meaning={"en": "What the check looks at.", "ar": "ما الذي ينظر فيه الفحص.", "zh_Hans": "检查所看的方面。", "zh_Hant": "檢查所看的方面。", "pt_BR": "O que a verificação examina."}, required=True, values=("freshness", "volume", "validity", "uniqueness", "reference", "retention", "reconciliation", "distribution")),
        Column(name="status", type=LogicalType.STRING, meaning={"en": "How it ended; unmeasured where nobody could judge.", "ar": "كيف انتهى؛ unmeasured حيث لم يمكن الحكم.", "zh_Hans": "检查结论；无法判断时为 unmeasured。", "zh_Hant": "檢查結論；無法判斷時為 unmeasured。", "pt_BR": "Como terminou; unmeasured onde não se pôde julgar."}, required=True, values=("passed", "failed", "unmeasured")),
        Column(name="country", type=LogicalType.STRING, meaning={"en": "ISO 3166-1 code of the country it speaks of; empty for all of them.", "ar": "رمز ISO 3166-1 للبلد الذي تتحدث عنه؛ فارغ للكل.", "zh_Hans": "所涉国家的 ISO 3166-1 代码；涉及全部国家时为空。", "zh_Hant": "所涉國家的 ISO 3166-1 代碼；涉及全部國家時為空。", "pt_BR": "Código ISO 3166-1 do país de que fala; vazio para todos."}, pattern="^[A-Z]{2}$"),
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City as the checked rows name it; empty for a whole country or table. It may be one that cities does not know.", "ar": "المدينة كما تسميها السجلات المفحوصة؛ فارغة لبلد أو جدول بأكمله. وقد تكون مدينة لا يعرفها جدول cities.", "zh_Hans": "被检查的行所写的城市；涉及整个国家或整张表时为空。可能是 cities 中没有的城市。", "zh_Hant": "被檢查的行所寫的城市；涉及整個國家或整張表時為空。可能是 cities 中沒有的城市。", "pt_BR": "Cidade como as linhas verificadas a nomeiam; vazio para um país ou uma tabela inteira. Pode ser uma que cities não conhece."}, max_length=128),
        Column(name="first_day", type=LogicalType.DATE, meaning={"en": "First business day it speaks of; empty for all of them.", "ar": "أول يوم عمل تتحدث عنه؛ فارغ للكل.", "zh_Hans": "所涉的第一个营业日；涉及全部日期时为空。", "zh_Hant": "所涉的第一個營業日；涉及全部日期時為空。", "pt_BR": "Primeiro dia operacional de que fala; vazio para todos."}),
        Column(name="last_day", type=LogicalType.DATE, meaning={"en": "Last business day it speaks of; empty where it is the first one or all of them.", "ar": "آخر يوم عمل تتحدث عنه؛ فارغ إن كان هو الأول أو شمل الكل.", "zh_Hans": "所涉的最后一个营业日；与首日相同或涉及全部日期时为空。", "zh_Hant": "所涉的最後一個營業日；與首日相同或涉及全部日期時為空。", "pt_BR": "Último dia operacional de que fala; vazio se for o primeiro ou forem todos."}),
        Column(name="value", type=LogicalType.NUMBER, meaning={"en": "What was measured, in the check's own measure: a share of rows, a relative difference, a score.", "ar": "ما قيس، بمقياس الفحص نفسه: نسبة من السجلات أو فرق نسبي أو درجة.", "zh_Hans": "测得的数值，按该检查自身的度量：行的比例、相对差异或得分。", "zh_Hant": "測得的數值，按該檢查自身的度量：行的比例、相對差異或得分。", "pt_BR": "O que foi medido, na medida da própria verificação: uma parcela das linhas, uma diferença relativa, uma pontuação."}),
        Column(name="threshold", type=LogicalType.NUMBER, meaning={"en": "Bound that the value was held against, in the same measure.", "ar": "الحد الذي قورنت به القيمة، بالمقياس نفسه.", "zh_Hans": "与数值比较的界限，度量相同。", "zh_Hant": "與數值比較的界限，度量相同。", "pt_BR": "Limite com que o valor foi comparado, na mesma medida."}),
        Column(name="rows_checked", type=LogicalType.INTEGER, meaning={"en": "Rows that were looked at; 0 where they were not counted.", "ar": "السجلات التي نُظر فيها؛ 0 حيث لم تُعدّ.", "zh_Hans": "查看过的行数；未计数时为 0。", "zh_Hant": "查看過的行數；未計數時為 0。", "pt_BR": "Linhas que foram examinadas; 0 onde não foram contadas."}, required=True, unit="rows", minimum=0),
        Column(name="rows_broken", type=LogicalType.INTEGER, meaning={"en": "Rows that broke it.", "ar": "السجلات التي خالفته.", "zh_Hans": "不符合的行数。", "zh_Hant": "不符合的行數。", "pt_BR": "Linhas que a descumpriram."}, required=True, unit="rows", minimum=0),
        Column(name="severity", type=LogicalType.STRING, meaning={"en": "Of what failed, how bad the incident was that it belongs to, as the run left it.", "ar": "لما فشل، خطورة الحادثة التي ينتمي إليها كما تركها التشغيل.", "zh_Hans": "未通过时，其所属事件在该次运行后的严重程度。", "zh_Hant": "未通過時，其所屬事件在該次執行後的嚴重程度。", "pt_BR": "Do que reprovou, a gravidade do incidente a que pertence, como a execução a deixou."}, values=("critical", "major", "minor")),
        Column(name="recovery_min", type=LogicalType.INTEGER, meaning={"en": "Of what passes again, minutes since the run in which it failed first; empty for all others.", "ar": "لما عاد ناجحًا، الدقائق منذ التشغيل الذي فشل فيه أول مرة؛ فارغ لما سواه.", "zh_Hans": "再次通过时，距首次未通过的那次运行的分钟数；其他情况为空。", "zh_Hant": "再次通過時，距首次未通過的那次執行的分鐘數；其他情況為空。", "pt_BR": "Do que volta a passar, minutos desde a execução em que reprovou primeiro; vazio nos demais."}, unit="min", minimum=0),
        Column(name="table_version", type=LogicalType.INTEGER, meaning={"en": "Version of the table that was checked.", "ar": "إصدار الجدول الذي فُحص.", "zh_Hans": "被检查的表的版本。", "zh_Hant": "被檢查的表的版本。", "pt_BR": "Versão da tabela que foi verificada."}, minimum=0),
        Column(name="checked_at", type=LogicalType.TIMESTAMP, meaning={"en": "When it was checked.", "ar": "متى فُحص.", "zh_Hans": "检查时刻。", "zh_Hant": "檢查時刻。", "pt_BR": "Quando foi verificada."}, required=True),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "First business day it speaks of; for a whole table, the day of the check in UTC.", "ar": "أول يوم عمل تتحدث عنه؛ ولجدول بأكمله، يوم الفحص بالتوقيت العالمي.", "zh_Hans": "所涉的第一个营业日；涉及整张表时，为检查当天（UTC）。", "zh_Hant": "所涉的第一個營業日；涉及整張表時，為檢查當天（UTC）。", "pt_BR": "Primeiro dia operacional de que fala; para uma tabela inteira, o dia da verificação em UTC."}, required=True),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    owner="data-stewards",
    retention_months=36,
)
"""Contract of the table check_results."""
# fmt: on
