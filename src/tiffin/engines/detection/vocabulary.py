"""Words that say what a column is: closed sets of traits, answers, health and belief; streets; sentences."""

import re

from tiffin.engines.detection.kinds import Kind
from tiffin.engines.detection.samples import folded


def _set(*lines: str) -> frozenset[str]:
    return frozenset(folded(phrase.strip()) for line in lines for phrase in line.split(",") if phrase.strip())


TRAITS = _set(
    "male, female, man, woman, non-binary, prefer not to say, single, married, divorced, widowed, separated",
    "unmarried",
    "ذكر, أنثى, انثى, متزوج, متزوجة, أعزب, اعزب, عزباء, مطلق, مطلقة, أرمل, أرملة",
    "男, 女, 男性, 女性, 未婚, 已婚, 离异, 離異, 离婚, 離婚, 丧偶, 喪偶, 先生, 女士, 小姐",
    "masculino, feminino, homem, mulher, solteiro, solteira, casado, casada, divorciado, divorciada, viuvo, viuva",
    "uniao estavel, solteiro(a)",
    "casado(a), divorciado(a), viuvo(a)",
)
SCALES = _set(
    "agree, strongly agree, disagree, strongly disagree, neutral, very important, important, moderately important",
    "slightly important, unimportant",
    "very satisfied, satisfied, dissatisfied, very dissatisfied, very unlikely, unlikely, likely, very likely",
    "not important",
    "أوافق, أوافق بشدة, لا أوافق, لا أوافق بشدة, محايد, راض, راض جدا, غير راض, غير راض إطلاقا, موافق, موافق بشدة",
    "غير موافق, راضٍ, راضٍ جدا",
    "同意, 非常同意, 不同意, 非常不同意, 中立, 一般, 满意, 滿意, 非常满意, 非常滿意, 不满意, 不滿意, 很不满意",
    "很不滿意, 非常不满意, 比较同意, 比较满意",
    "concordo, concordo totalmente, discordo, discordo totalmente, neutro, satisfeito, muito satisfeito",
    "insatisfeito, muito insatisfeito",
    "indiferente, concordo plenamente, discordo plenamente, concordo parcialmente, discordo parcialmente",
)
HEALTH = _set(
    "diabetes, asthma, hypertension, epilepsy, cancer, depression, anxiety, migraine, pregnant, disabled, healthy",
    "covid-19, influenza, flu, fever",
    "peanut allergy, nut allergy, heart disease, arthritis, back pain, fracture, sick leave, injury",
    "lactose intolerance, celiac, insomnia, obesity",
    "high blood pressure, type 1 diabetes, type 2 diabetes, gluten intolerance, penicillin allergy, hepatitis",
    "tuberculosis, hiv, hiv positive, illness",
    "سكري, السكري, ربو, الربو, ضغط الدم, ارتفاع ضغط الدم, صرع, سرطان, اكتئاب, قلق, حامل, إعاقة, حساسية",
    "حساسية الفول السوداني, كسر, إجازة مرضية, إصابة",
    "أمراض القلب, صداع نصفي, إنفلونزا, حمى, فقر الدم, إعاقة حركية, إعاقة بصرية, كورونا, حساسية الألبان, سليم",
    "التهاب المفاصل, حساسية القمح",
    "糖尿病, 哮喘, 高血压, 高血壓, 癫痫, 癲癇, 癌症, 抑郁症, 抑鬱症, 焦虑症, 焦慮症, 偏头痛, 偏頭痛, 怀孕, 懷孕",
    "残疾, 殘疾, 花生过敏, 花生過敏, 骨折, 病假, 心脏病, 心臟病",
    "感冒, 发烧, 發燒, 流感, 贫血, 貧血, 关节炎, 關節炎, 乳糖不耐, 肝炎, 健康, 肺结核, 胃炎, 近视, 海鲜过敏",
    "海鮮過敏, 新冠, 失眠",
    "diabete, asma, hipertensao, epilepsia, cancer, depressao, ansiedade, enxaqueca, gestante, deficiente",
    "alergia a amendoim, fratura, atestado medico",
    "doenca cardiaca, gripe, febre, anemia, artrite, intolerancia a lactose, hepatite, saudavel, dor nas costas",
    "covid, insonia, obesidade, alergia a camarao",
    "pressao alta, doenca celiaca, tuberculose, lesao",
)
BELIEF = _set(
    "muslim, christian, hindu, buddhist, jewish, sikh, catholic, protestant, atheist, orthodox, agnostic, islam",
    "christianity, hinduism, buddhism, judaism",
    "sunni, shia, evangelical, anglican, methodist, mormon, baptist, republican, democrat, heterosexual",
    "homosexual, bisexual, gay, lesbian, hispanic",
    "مسلم, مسلمة, مسيحي, مسيحية, هندوسي, بوذي, يهودي, سيخي, سني, شيعي, ملحد, الإسلام, المسيحية, إسلام, مسيحية",
    "درزي, قبطي, البوذية, الهندوسية",
    "佛教, 道教, 基督教, 天主教, 伊斯兰教, 伊斯蘭教, 无宗教, 無宗教, 回教, 印度教, 犹太教, 猶太教, 无神论, 無神論",
    "汉族, 回族, 维吾尔族, 藏族, 满族, 壮族, 苗族, 蒙古族",
    "中共党员, 共青团员, 群众, 无党派, 民主党派, 漢族, 無信仰, 无信仰, 共青团员, 民间信仰, 民間信仰",
    "catolico, catolica, evangelico, evangelica, espirita, ateu, budista, umbanda, candomble, judaico, muculmano",
    "sem religiao, testemunha de jeova",
    "branco, pardo, preto, amarelo, indigena, branca, parda, preta, amarela, protestante, judeu, hindu, agnostico",
    "adventista, islamico",
)
_SHARED = _set(
    "healthy, illness, injury, 健康, 群众, 一般, preto, branco, amarelo, preta, branca, amarela, likely, unlikely"
    ", indiferente, lesao"
)
SETS = {Kind.TRAIT: TRAITS, Kind.OPINION: SCALES, Kind.HEALTH: HEALTH, Kind.BELIEF: BELIEF}
UNCLEAR = _SHARED
"""Words of the sets that stand in other columns as often."""

BLOOD_TYPE = re.compile(r"(?:A|B|AB|O)\s?(?:[+-]|Rh[+-]|型|positive|negative)")

_STREET = re.compile(
    r"\b(?:street|st|road|rd|avenue|ave|boulevard|blvd|lane|ln|drive|dr|court|ct|way|place|pl|terrace|close|cresce"
    r"nt|highway|hwy|apt|apartment"
    r"|suite|flat|floor|building|bldg|villa|tower|block|p\.?o\.? box|rua|r\.|av\.?|avenida|travessa|tv|alameda|al"
    r"\.|rodovia|estrada|praca|largo"
    r"|quadra|lote|bloco|apto|ap\.?|conjunto|unit|house|zone|gardens|square|sq|parkway|circle|trail|viela|ladeira|"
    r"bairro|cep)(?=[\s\d,.]|$)"
)
_ARABIC_STREET = re.compile(
    "(?:شارع|طريق|مبنى|شقة|عمارة|برج|قطعة|جادة|فيلا|بناية|منزل|الدور|حي |ممر|سكة|بلوك|صندوق بريد|ص\\.ب|مجمع|دوار)"
)
_HAN_STREET = re.compile(
    "[路街道巷弄里村段坊][^0-9]{0,12}[0-9一二三四五六七八九十]|[0-9一二三四五六七八九十]+[-0-9A-Z]*(?:号|號|室|楼"
    "|樓|栋|棟|座|单元|單元|层|層|弄|幢)|(?:大厦|大廈|小区|小區|花园|花園|邨|苑).*[0-9]"
)
_DIGIT = re.compile("[0-9]")
_CODE_OF_PLACE = re.compile(r"\d{5}(?:-?\d{3,4})?|\d{6}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|\d{3}-\d{4}")
_WORDS = re.compile(r"[^\W\d_]+")
_STOPS = _set(
    "the, and, was, is, my, it, to, not, for, i, please, with, very, but, had, have, of, on, at, me, in, no, this",
    "they, are, were, be, so, by, from, a",
    "من, في, على, لم, كان, جدا, ما, هذا, انا, أنا, مع, عن, الى, إلى, لا, كل, بعد, قبل, لكن, و, هو, هي, والله, مو",
    "بس, يا, كانت, كلش, يوم, ان, او, اللي",
    "nao, que, de, muito, com, mas, foi, para, por, meu, minha, estava, uma, um, favor, e, o, do, da, no, na, em",
    "ao, veio, os, as, se, esta, ja, sem",
)
_HAN_STOPS = re.compile("[的了很是不我请請没沒在和太也就都给給到把被跟让讓吗嗎吧您你他她们們这這那]")
_SENTENCE_WORDS = 5
_SENTENCE_SIGNS = 8
_SIGNS = ".,;:!?'\"()-…،؟"
_TOO_LONG_FOR_STREETS = 12


def is_address(text: str) -> bool:
    """Tell whether a text is a street's address: a word of streets and a number."""
    if not _DIGIT.search(text) or text.isdigit():
        return False
    if text.isascii() or text[0] < "\u0600":
        return len(text) > 6 and bool(_STREET.search(folded(text)))  # noqa: PLR2004 - shorter ones are units
    return bool(_ARABIC_STREET.search(text)) or bool(_HAN_STREET.search(text))


def is_part_of_address(text: str) -> bool:
    """Tell whether a text is a postal code, or a street without its number."""
    if _CODE_OF_PLACE.fullmatch(text):
        return True
    return bool(_STREET.search(folded(text)) or _ARABIC_STREET.search(text) or any(m in text for m in "路街道巷邨苑"))


def is_sentence(text: str) -> bool:
    """Tell whether somebody wrote it in his own words: several, with the small words that sentences need."""
    if len(_HAN_STOPS.findall(text)) and len(text) >= _SENTENCE_SIGNS and not text.isascii():
        return True
    words = [word for word in text.split() if word.strip(_SIGNS).isalpha()]
    if len(words) < _SENTENCE_WORDS or (len(words) < _TOO_LONG_FOR_STREETS and is_address(text)):
        return False
    return any(folded(word) in _STOPS for word in _WORDS.findall(text))
