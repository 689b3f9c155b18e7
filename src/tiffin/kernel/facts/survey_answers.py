# ruff: noqa: E501, RUF001 - meanings stand as the contract has them
"""Answers to surveys of customers, merchants and riders.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class Respondent(StrEnum):
    """What kind of person answered."""

    CUSTOMER = "customer"
    MERCHANT = "merchant"
    RIDER = "rider"
    PUBLIC = "public"
    EMPLOYEE = "employee"


class SurveyAnswersRow(TypedDict, total=False):
    """One row: one answer to one question."""

    survey_id: str
    response_id: str
    question: str
    repeat: int
    city_id: str | None
    answered_at: datetime
    respondent: str
    respondent_id: str | None
    locale: str | None
    answer: str | None
    answer_number: float | None
    weight: float | None
    collector_id: str | None
    is_accepted: bool | None
    business_date: date
    source: str


# fmt: off
SURVEY_ANSWERS = TableContract(
    name="survey_answers",
    version="2.0.1",
    meaning={"en": "Answers to surveys of customers, merchants and riders.", "ar": "إجابات استبيانات العملاء والتجار والمندوبين.", "zh_Hans": "顾客、商家和骑手的调查回答。", "zh_Hant": "顧客、商家和騎手的調查回答。", "pt_BR": "Respostas a pesquisas com clientes, lojistas e entregadores."},
    grain={"en": "one answer to one question", "ar": "إجابة واحدة عن سؤال واحد", "zh_Hans": "对一个问题的一个回答", "zh_Hant": "對一個問題的一個回答", "pt_BR": "uma resposta a uma pergunta"},
    key=("survey_id", "response_id", "question", "repeat"),
    columns=(
        Column(name="survey_id", type=LogicalType.STRING, meaning={"en": "Identifier of the survey.", "ar": "معرف الاستبيان.", "zh_Hans": "调查的标识。", "zh_Hant": "調查的標識。", "pt_BR": "Identificador da pesquisa."}, required=True, max_length=128),
        Column(name="response_id", type=LogicalType.STRING, meaning={"en": "Identifier of one person's set of answers.", "ar": "معرف مجموعة إجابات شخص واحد.", "zh_Hans": "一个人整组回答的标识。", "zh_Hant": "一個人整組回答的標識。", "pt_BR": "Identificador do conjunto de respostas de uma pessoa."}, required=True, max_length=128),
        Column(name="question", type=LogicalType.STRING, meaning={"en": "Name of the question in the questionnaire.", "ar": "اسم السؤال في الاستبيان.", "zh_Hans": "问卷中问题的名称。", "zh_Hant": "問卷中問題的名稱。", "pt_BR": "Nome da pergunta no questionário."}, required=True, max_length=128),
        Column(name="repeat", type=LogicalType.INTEGER, meaning={"en": "Position within a repeated group of questions; 0 outside one.", "ar": "الموضع ضمن مجموعة أسئلة مكررة؛ 0 خارجها.", "zh_Hans": "在重复问题组中的位置；组外为 0。", "zh_Hant": "在重複問題組中的位置；組外為 0。", "pt_BR": "Posição dentro de um grupo repetido de perguntas; 0 fora dele."}, required=True, minimum=0, maximum=100000),
        Column(name="city_id", type=LogicalType.STRING, meaning={"en": "City that it concerns; empty where it concerns all.", "ar": "المدينة المعنية؛ فارغة حيث يخص الجميع.", "zh_Hans": "所涉城市；涉及全部城市时为空。", "zh_Hant": "所涉城市；涉及全部城市時為空。", "pt_BR": "Cidade a que se refere; vazio quando se refere a todas."}, max_length=128, references="cities.city_id"),
        Column(name="answered_at", type=LogicalType.TIMESTAMP, meaning={"en": "When it was answered.", "ar": "متى أُجيب.", "zh_Hans": "回答时刻。", "zh_Hant": "回答時刻。", "pt_BR": "Quando foi respondida."}, required=True),
        Column(name="respondent", type=LogicalType.STRING, meaning={"en": "What kind of person answered.", "ar": "أي نوع من الأشخاص أجاب.", "zh_Hans": "回答者的类别。", "zh_Hant": "回答者的類別。", "pt_BR": "Que tipo de pessoa respondeu."}, required=True, values=("customer", "merchant", "rider", "public", "employee")),
        Column(name="respondent_id", type=LogicalType.STRING, meaning={"en": "Pseudonym of the person who answered.", "ar": "الاسم المستعار لمن أجاب.", "zh_Hans": "回答者的假名。", "zh_Hant": "回答者的假名。", "pt_BR": "Pseudônimo de quem respondeu."}, max_length=128, classification=Classification.PERSONAL, person="respondent", person_by="respondent"),
        Column(name="locale", type=LogicalType.STRING, meaning={"en": "Language in which it was asked.", "ar": "اللغة التي سُئل بها.", "zh_Hans": "提问所用的语言。", "zh_Hant": "提問所用的語言。", "pt_BR": "Língua em que se perguntou."}, max_length=16),
        Column(name="answer", type=LogicalType.STRING, meaning={"en": "The answer as given.", "ar": "الإجابة كما أُعطيت.", "zh_Hans": "原样记录的回答。", "zh_Hant": "原樣記錄的回答。", "pt_BR": "A resposta como foi dada."}, max_length=10000, classification=Classification.PERSONAL, sealed_for="respondent_id"),
        Column(name="answer_number", type=LogicalType.NUMBER, meaning={"en": "The answer as a number, where it is one.", "ar": "الإجابة كرقم حيث تكون رقما.", "zh_Hans": "回答为数字时的数值。", "zh_Hant": "回答為數字時的數值。", "pt_BR": "A resposta como número, quando é um."}),
        Column(name="weight", type=LogicalType.NUMBER, meaning={"en": "Weight of the person in the sample.", "ar": "وزن الشخص في العينة.", "zh_Hans": "该人在样本中的权重。", "zh_Hant": "該人在樣本中的權重。", "pt_BR": "Peso da pessoa na amostra."}, minimum=0),
        Column(name="collector_id", type=LogicalType.STRING, meaning={"en": "Pseudonym of the person who collected it.", "ar": "الاسم المستعار لمن جمعها.", "zh_Hans": "采集者的假名。", "zh_Hant": "採集者的假名。", "pt_BR": "Pseudônimo de quem a coletou."}, max_length=128, classification=Classification.PERSONAL, person="employee"),
        Column(name="is_accepted", type=LogicalType.BOOLEAN, meaning={"en": "Whether quality control kept it.", "ar": "هل أبقته مراقبة الجودة.", "zh_Hans": "质量控制是否予以保留。", "zh_Hant": "質量控制是否予以保留。", "pt_BR": "Se o controle de qualidade a manteve."}),
        Column(name="business_date", type=LogicalType.DATE, meaning={"en": "Business day of the city to which it belongs, by the city's time zone and day cut-off.", "ar": "يوم عمل المدينة الذي ينتمي إليه، بحسب منطقتها الزمنية وساعة بدء يومها.", "zh_Hans": "所属的城市营业日，按该城市的时区和日切时刻确定。", "zh_Hant": "所屬的城市營業日，按該城市的時區和日切時刻確定。", "pt_BR": "Dia operacional da cidade a que pertence, pelo fuso horário e pela hora de corte da cidade."}, required=True, derived=True),
        Column(name="source", type=LogicalType.STRING, meaning={"en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.", "ar": "من أين جاء السجل: اسم التغذية، أو simulated: والسيناريو للوقائع المحاكاة.", "zh_Hans": "该行的来源：数据源名称；模拟事实为 simulated: 加场景名。", "zh_Hant": "該行的來源：數據源名稱；模擬事實為 simulated: 加場景名。", "pt_BR": "De onde vem a linha: o nome de um feed, ou simulated: e o cenário para fatos simulados."}, required=True, max_length=128),
    ),
    event_at=("answered_at",),
    owner="market-research",
    retention_months=36,
)
"""Contract of the table survey_answers."""
# fmt: on
