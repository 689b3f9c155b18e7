"""Names of people in Latin, Arabic and Chinese script."""

# ruff: noqa: RUF001 - Arabic and Chinese writing and the marks of foreign keyboards are meant

import re
from functools import lru_cache

from tiffin.engines.detection.name_lists import (
    ARABIC,
    ARABIC_PARTS,
    GIVEN,
    HAN_DOUBLE,
    HAN_GIVEN,
    HAN_SURNAMES,
    PARTICLES,
    SURNAMES,
)
from tiffin.engines.detection.samples import folded

_LATIN = re.compile(r"[^\W\d_]+(?:[.'’-]+[^\W\d_]+)*[.]?,?(?: +[^\W\d_]+(?:[.'’-]+[^\W\d_]+)*[.]?,?){0,5}")
_HAN = re.compile("[\u3400-\u9fff](?:[·・ ]?[\u3400-\u9fff]){1,3}(?:先生|女士|小姐)?")
_ARABIC = re.compile(
    "[\u0621-\u064a\u064b-\u0652\u0670-\u06d3]+(?:[ -]+[\u0621-\u064a\u064b-\u0652\u0670-\u06d3]+){0,6}"
)
_WORDS = re.compile(r"[^\W\d_]+")
_LONGEST = 60
_MOST_WORDS = 6


def _listed(*lines: str) -> frozenset[str]:
    return frozenset(folded(word) for line in lines for word in line.split())


_BUSINESS = _listed(
    "restaurant cafe coffee kitchen grill pizza burger bakery market supermarket store shop foods food bar bistro",
    "house ltd llc inc co",
    "company group pharmacy deli sushi tacos chicken salad center centre mall hotel school hospital street st",
    "road city north south east west",
    "kings fried express garden palace diner steak noodle noodles rice tea juice sweets corner bros sons and of",
    "the for with to in on new",
    "lake port fort beach park mount springs heights island saint san santa santo sao nova novo porto belo campo",
    "grande rio delivery order",
    "restaurante lanchonete padaria mercado loja pizzaria churrascaria bar ltda eireli sa me farmacia cia",
    "comercio bolo frango com sem rua",
    "avenida vila jardim centro norte sul leste oeste praia serra para em no na premium pack box set small large",
    "mini plus super express",
    "sandwich soup wrap bowl roll cheese beef lamb fish shrimp milk bread cake ice cream water cola combo meal",
    "spicy classic special fresh",
    "pao queijo carne peixe suco cafe arroz feijao manager analyst team support operations sales marketing",
    "finance status campaign sale",
    "ajman sharjah dubai doha jeddah riyadh kuwait springfield yes not white red blue green black pink glass bag",
    "heart holder light christmas",
)
_ARABIC_BUSINESS = _listed(
    "مطعم مطاعم مقهى شركة مؤسسة متجر صيدلية مخبز سوق محل محلات بيتزا برجر شاورما مدينة شارع حي طريق منطقة مركز",
    "فندق مستشفى دجاج لحم ارز رز",
    "سمك عصير قهوة شاي خبز كبسة مشاوي حلويات بقالة سوبرماركت مجموعة طلب توصيل ملغي مكتمل قيد تم لم في من على الى",
    "مع عن لا كان هذا جدا التوصيل",
    "الرياض جدة مكة المدينة الدمام الدوحة الكويت دبي ابوظبي الشارقة عجمان الخبر الطائف تبوك بريدة ابها حائل جازان",
    "نجران الباحة عرض وجبة صحن",
    "شمال جنوب شرق غرب وسط الحي بيت ركن فطائر فول حمص فلافل كنافة سلطة شوربة مشروب بارد ساخن كبير صغير وسط",
)
_HAN_BUSINESS = re.compile(
    "[店餐饭飯馆館厅廳楼樓市省区區县縣镇鎮路街道村港湾灣站铁鐵面粉粥汤湯鸡雞鸭鴨鱼魚肉菜茶酒奶糕饼餅包饺餃锅鍋串"
    "烤炒煲炸卷套餐杯份盒号號单單訂订"
    "已未待取消完成送达達配退款中心公司集团團银银行行業业部门門组組员員级級车車房屋号品货貨色型类類男女有无無是否"
    "不好的了在很]"
)


@lru_cache(maxsize=65536)
def weigh_name(text: str) -> tuple[bool, bool]:
    """Tell whether a text has the form of a person's name, and whether a known name is in it."""
    if len(text) > _LONGEST:
        return False, False
    if text.isascii() or text[0] < "\u0600":
        return _latin(text)
    if "\u0600" <= text[0] <= "\u06ff":
        return _arabic(text)
    return _han(text)


def _latin(text: str) -> tuple[bool, bool]:
    if not _LATIN.fullmatch(text):
        return False, False
    words = [word for word in _WORDS.findall(folded(text)) if word not in PARTICLES]
    if not words or len(words) > _MOST_WORDS or not _BUSINESS.isdisjoint(words):
        return False, False
    known = [word in GIVEN or word in SURNAMES for word in words]
    return True, any(known)


def _arabic(text: str) -> tuple[bool, bool]:
    if not _ARABIC.fullmatch(text):
        return False, False
    words = [_rootlike(word) for word in text.replace("-", " ").split()]
    if len(words) > _MOST_WORDS or not _ARABIC_PLAIN.isdisjoint(words):
        return False, False
    return True, any(_is_arabic_name(word) for word in words)


def _is_arabic_name(word: str) -> bool:
    if word in _ARABIC_NAMES or word in _ARABIC_JOINTS:
        return True
    return (word.startswith("عبدال") and len(word) > len("عبدال") + 1) or (word.startswith("ال") and word.endswith("ي"))


def _rootlike(word: str) -> str:
    """Write an Arabic word without the marks that people leave out."""
    return folded(word).replace("ة", "ه").replace("ى", "ي").replace("آ", "ا")


def _han(text: str) -> tuple[bool, bool]:
    if not _HAN.fullmatch(text):
        return False, False
    name = text.replace("·", "").replace(" ", "")
    for title in ("先生", "女士", "小姐"):
        name = name.removesuffix(title)
    surname = 2 if name.startswith(HAN_DOUBLE) else 1 if name[:1] in HAN_SURNAMES else 0
    given = name[surname:]
    if not surname or len(given) > 2 or _HAN_BUSINESS.search(given):  # noqa: PLR2004 - given names have one or two
        return False, False
    return True, surname > 1 or not given or any(mark in HAN_GIVEN for mark in given) or len(given) > 1


_ARABIC_NAMES = frozenset(_rootlike(name) for name in ARABIC)
_ARABIC_JOINTS = frozenset(_rootlike(part) for part in ARABIC_PARTS)
_ARABIC_PLAIN = frozenset(_rootlike(word) for word in _ARABIC_BUSINESS)
