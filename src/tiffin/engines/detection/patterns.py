"""Forms of phones, addresses of mail and machines, places and plates, each as a rule over one plain value."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from tiffin.engines.detection import check_digits
from tiffin.engines.detection.kinds import Kind

_NOT_DIGITS = re.compile(r"\D+")
_GAPS = re.compile(r"[\s().-]+")
_EMAIL = re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z\u0600-\u06ff\u4e00-\u9fff]{2,}")
_EMAIL_WITHIN = re.compile(r"[A-Za-z0-9._+%-]{2,}@[A-Za-z0-9-]+\.[A-Za-z.]{2,}")
_PHONE_WITHIN = re.compile(
    r"(?<![\d#-])(?:\+\d{1,3}[ -]?(?:\d[ -]?){7,11}|05\d{8}|1[3-9]\d{9}|\(\d{2,3}\) ?9?\d{3,4}-\d{4})(?!\d)"
)
_IPV4 = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?::\d+|/\d{1,2})?")
_IPV6 = re.compile(r"(?=.*:.*:)(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4}")
_INTERNATIONAL = re.compile(
    r"(?:\+|00)(?:971|966|974|965|973|968|962|961|20|852|853|86|886|55|351|1|44|358|372|91|92|49|33|34|39)\d{7,11}"
)
_WRITTEN = re.compile(
    r"\(0?\d{2,3}\)\s?9?\s?\d{3,5}[-\s.]\d{4}|\d{3}[-.]\d{3}[-.]\d{4}|0?5\d[-\s]\d{3}[-\s]?\d{4}|1[3-9]\d[-\s]\d{4"
    r"}[-\s]\d{4}"
    r"|\d{2}\s9?\d{4}[-\s]\d{4}|[2-9]\d{3}[-\s]\d{4}|0\d{1,3}[-\s]\d{3,4}[-\s]?\d{3,4}|07\d{3}\s?\d{6}|09\d{2}[-\s"
    r"]?\d{3}[-\s]?\d{3}"
)
_NATIONAL = re.compile(r"05\d{8}|1[3-9]\d{9}|09\d{8}|[1-9]\d9\d{8}|07\d{9}")
_COUNTRY_FIRST = re.compile(
    r"966(?:5\d{8}|1\d{8})|971(?:5\d{8}|[2-9]\d{7})|974[3-7]\d{7}|965[24569]\d{7}|861[3-9]\d{9}|852[2-9]\d{7}|55[1"
    r"-9]\d9?\d{8}"
)
_LOOSE = re.compile(r"\+?\d{7,13}(?:\s?(?:x|ext\.?)\s?\d{1,5})?")
_PAIR = re.compile(
    r"[\[(]?\s*-?\d{1,2}\.\d{3,}\s*[,;\s]\s*-?\d{1,3}\.\d{3,}\s*[\])]?|POINT ?\(-?\d{1,3}\.\d+ -?\d{1,3}\.\d+\)"
)
_DEGREES = re.compile(r"-?\d{1,3}(?:\.\d+)?\s?°.{0,20}[NSEWشجقغ北南东東西]?")
_ONE_AXIS = re.compile(r"-?\d{1,3}\.\d{3,}")
_PLATES = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼滬遼蘇][A-Z]\s?[·•. ]?\s?[A-Z0-9]{5,6}[港澳]?"
    r"|[A-Z]{3}[- ]?\d[A-Z0-9]\d{2}"
    r"|(?:[\u0621-\u064a]\s?){3}[- ]?\d{1,4}|\d{1,4}[- ]?(?:[\u0621-\u064a]\s?){3}"
    r"|[A-Z] ?[A-Z] ?[A-Z] ?\d{4}|\d{4} [A-Z]{3}|[A-Z]{2} \d{3,4}"
    r"|(?:Dubai|Abu Dhabi|Sharjah|Ajman|DXB|AUH|SHJ|دبي|أبوظبي|الشارقة|عجمان)[\s-]*[A-Z\d]{1,2}[\s-]+\d{3,5}"
)
_LOOSE_PLATE = re.compile(r"(?=.*\d)[A-Z0-9\u0621-\u064a\u4e00-\u9fff][A-Z0-9\u0621-\u064a\u4e00-\u9fff ·-]{3,11}")
_PASSPORT = re.compile(r"[A-Z]{1,2}\d{6,8}[A-Z]?|\d{9}|[A-Z]\d{2}[A-Z]{2}\d{4}")
_MASKED_CARD = re.compile(r"(?:[\d*xX•#]{4}[ -]?){2,3}[\d*xX•#]{0,4}[ -]?\d{4}")
_LAST = re.compile(r"\d{4}")
_MASK = re.compile(r"[*xX•#]{3}")
_UNICREDIT = re.compile(r"(?:91|92|93|51|52|53)\d{6}[0-9A-HJ-NPQRTUWXY]{10}")
_CARD_DIGITS = range(13, 20)
_LONGEST_NUMBER = 42


@dataclass(frozen=True, slots=True)
class Form:
    """One form in which a kind is written.

    Parameters
    ----------
    alone : float
        Least share of the values that says so without help from the column's name.
    named : float
        Least share with it.
    only_named : bool
        The form is too common to say anything without the name.
    """

    kind: Kind
    rule: str
    matches: Callable[[str], bool]
    alone: float = 0.3
    named: float = 0.1
    only_named: bool = False


def has_email(text: str) -> bool:
    """Tell whether a text has an address of mail within."""
    return "@" in text and bool(_EMAIL_WITHIN.search(text))


def has_phone(text: str) -> bool:
    """Tell whether a text has a phone's number within."""
    return bool(_PHONE_WITHIN.search(text))


def _digits(text: str) -> str:
    return text if text.isdigit() else _NOT_DIGITS.sub("", text)


def _spaced(check: Callable[[str], bool]) -> Callable[[str], bool]:
    """Let digits stand in groups, as people write them; anything else among them is no such number."""
    return lambda text: len(text) <= _LONGEST_NUMBER and check(_ungrouped(text))


@lru_cache(maxsize=8192)
def _ungrouped(text: str) -> str:
    return text if text.isdigit() else _GAPS.sub("", text.replace("/", "")).upper()


def _numbered(check: Callable[[str], bool]) -> Callable[[str], bool]:
    spaced = _spaced(check)
    return lambda text: text[0].isdigit() and spaced(text)


def _is_email(text: str) -> bool:
    return "@" in text and bool(_EMAIL.fullmatch(text))


def _is_ip(text: str) -> bool:
    if _IPV4.fullmatch(text):
        return max(int(part) for part in text.split(":", maxsplit=1)[0].split("/", maxsplit=1)[0].split(".")) > 31  # noqa: PLR2004 - versions stay below
    return ":" in text and bool(_IPV6.fullmatch(text)) and not _CLOCK.fullmatch(text)


def _is_card(text: str) -> bool:
    if len(text) > _LONGEST_NUMBER:
        return False
    digits = _ungrouped(text)
    return len(digits) in _CARD_DIGITS and digits.isdigit() and check_digits.is_card(digits)


def _is_masked_card(text: str) -> bool:
    return bool(_MASK.search(text) and _MASKED_CARD.fullmatch(text))


def _is_international(text: str) -> bool:
    return text[0] in "+0(" and len(text) <= _LONGEST_NUMBER and bool(_INTERNATIONAL.fullmatch(_ungrouped(text)))


def _is_loose_phone(text: str) -> bool:
    return bool(_LOOSE.fullmatch(_GAPS.sub("", text).replace("/", "")))


def _is_one_axis(text: str) -> bool:
    return bool(_ONE_AXIS.fullmatch(text)) and abs(float(text)) <= 180  # noqa: PLR2004 - degrees of longitude


_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")

IDENTITY: Mapping[str, Callable[[str], bool]] = {
    "Saudi identity number": check_digits.is_saudi,
    "Emirates ID": check_digits.is_emirati,
    "Qatari identity number": check_digits.is_qatari,
    "Kuwaiti civil number": check_digits.is_kuwaiti,
    "Hong Kong identity card": check_digits.is_hong_kong,
    "Chinese resident's number": check_digits.is_chinese,
    "Taiwanese identity number": check_digits.is_taiwanese,
    "CPF": check_digits.is_cpf,
}
_BY_CHANCE = {"Qatari identity number"}

FORMS: tuple[Form, ...] = (
    Form(Kind.EMAIL, "address of mail", _is_email, alone=0.05, named=0.02),
    Form(Kind.IP_ADDRESS, "address of a machine", _is_ip, alone=0.3, named=0.1),
    Form(Kind.IBAN, "IBAN with check digits", _spaced(check_digits.is_iban), alone=0.1, named=0.05),
    Form(Kind.PAYMENT_CARD, "card number with check digit", _is_card, alone=0.5, named=0.2),
    Form(Kind.PAYMENT_CARD, "masked card number", _is_masked_card, alone=0.6, named=0.2),
    Form(
        Kind.PAYMENT_CARD, "last digits of a card", lambda text: bool(_LAST.fullmatch(text)), named=0.5, only_named=True
    ),
    *(
        Form(
            Kind.NATIONAL_ID,
            rule,
            _spaced(check),
            alone=0.5,
            named=0.3 if rule in _BY_CHANCE else 0.2,
            only_named=rule in _BY_CHANCE,
        )
        for rule, check in IDENTITY.items()
    ),
    Form(Kind.NATIONAL_ID, "social security number", check_digits.is_social_security, alone=0.7, named=0.2),
    Form(Kind.COMPANY_ID, "CNPJ", _numbered(check_digits.is_cnpj), alone=0.2, named=0.1),
    Form(
        Kind.COMPANY_ID,
        "unified social credit code",
        lambda text: bool(_UNICREDIT.fullmatch(text)),
        alone=0.7,
        named=0.3,
    ),
    Form(
        Kind.PASSPORT,
        "form of a passport's number",
        lambda text: bool(_PASSPORT.fullmatch(text)),
        named=0.4,
        only_named=True,
    ),
    Form(Kind.PHONE, "number with its country's code", _is_international, alone=0.15, named=0.05),
    Form(Kind.PHONE, "phone as people write it", lambda text: bool(_WRITTEN.fullmatch(text)), alone=0.2, named=0.1),
    Form(Kind.PHONE, "mobile number of a country", lambda text: bool(_NATIONAL.fullmatch(text)), alone=0.8, named=0.1),
    Form(
        Kind.PHONE,
        "country's code without a sign",
        lambda text: bool(_COUNTRY_FIRST.fullmatch(text)),
        alone=0.8,
        named=0.1,
    ),
    Form(Kind.PHONE, "seven to thirteen digits", _is_loose_phone, named=0.4, only_named=True),
    Form(Kind.COORDINATES, "pair of coordinates", lambda text: bool(_PAIR.fullmatch(text)), alone=0.4, named=0.1),
    Form(
        Kind.COORDINATES, "degrees", lambda text: "°" in text and bool(_DEGREES.fullmatch(text)), alone=0.6, named=0.2
    ),
    Form(Kind.COORDINATES, "degrees to three decimals", _is_one_axis, named=0.4, only_named=True),
    Form(Kind.PLATE, "form of a country's plate", lambda text: bool(_PLATES.fullmatch(text)), alone=0.7, named=0.2),
    Form(Kind.PLATE, "letters and digits", lambda text: bool(_LOOSE_PLATE.fullmatch(text)), named=0.5, only_named=True),
)
"""Every form, in the order in which they are tried."""
