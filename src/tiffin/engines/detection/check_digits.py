"""Numbers that carry their own proof: check digits of identity numbers, cards and accounts.

Each test takes a text of plain ASCII without spaces and tells whether the number could have been issued.
"""

import re
from collections.abc import Iterable

_MONTHS = 12
_DAYS = 31
_IBAN_LENGTHS = {
    "AE": 23,
    "SA": 24,
    "QA": 29,
    "KW": 30,
    "BH": 22,
    "BR": 29,
    "GB": 22,
    "DE": 22,
    "FR": 27,
    "PT": 25,
    "FI": 18,
    "ES": 24,
    "IT": 27,
    "NL": 18,
    "EE": 20,
    "JO": 30,
    "LB": 28,
    "EG": 29,
    "TR": 26,
    "PK": 24,
    "IE": 22,
    "SE": 24,
}
_TAIWAN = dict(zip("ABCDEFGHJKLMNPQRSTUVXYWZIO", range(10, 36), strict=True))


def luhn(digits: str) -> bool:
    """Tell whether the last digit is that of Luhn's formula.

    References
    ----------
    ISO/IEC 7812-1:2017, annex B.

    Examples
    --------
    >>> luhn("4111111111111111")
    True
    """
    total = 0
    for place, mark in enumerate(reversed(digits)):
        value = int(mark) * (1 + place % 2)
        total += value - 9 if value > 9 else value  # noqa: PLR2004 - the sum of the digits of a two-digit number
    return total % 10 == 0


def is_card(digits: str) -> bool:
    """Tell whether it is a payment card's number: a scheme's first digits and Luhn's last."""
    return bool(_CARD.fullmatch(digits)) and len(set(digits)) > 1 and luhn(digits)


def is_iban(text: str) -> bool:
    """Tell whether it is an international bank account number of the right length and check digits.

    References
    ----------
    ISO 13616-1:2020 (ISO 7064, modulo 97-10).
    """
    found = _IBAN.fullmatch(text)
    if not found or _IBAN_LENGTHS.get(found[1], len(text)) != len(text):
        return False
    turned = text[4:] + text[:4]
    return int("".join(str(int(mark, 36)) for mark in turned)) % 97 == 1


def is_saudi(digits: str) -> bool:
    """Tell whether it is a Saudi identity (1...) or residence (2...) number."""
    return bool(_SAUDI.fullmatch(digits)) and luhn(digits)


def is_emirati(digits: str) -> bool:
    """Tell whether it is an Emirates ID: 784, year of birth, seven digits, Luhn's digit."""
    return bool(_EMIRATI.fullmatch(digits)) and luhn(digits)


def is_qatari(digits: str) -> bool:
    """Tell whether it has the form of a Qatari ID: century, year, a country's number, a serial; no check."""
    return bool(_QATARI.fullmatch(digits)) and 4 <= int(digits[3:6]) <= 894  # noqa: PLR2004 - ISO 3166 numbers


def is_kuwaiti(digits: str) -> bool:
    """Tell whether it is a Kuwaiti civil number: century, date of birth, serial, check digit modulo 11."""
    if not _KUWAITI.fullmatch(digits) or not _is_day(digits[3:7]):
        return False
    return 11 - _weighted(digits, (2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)) % 11 == int(digits[11])


def is_hong_kong(text: str) -> bool:
    """Tell whether it is a Hong Kong identity card's number: letters, six digits, check digit modulo 11."""
    found = _HONG_KONG.fullmatch(text)
    if not found:
        return False
    letters = found[1].rjust(2)
    values = [36 if mark == " " else int(mark, 36) for mark in letters] + [int(mark) for mark in found[2]]
    check = 10 if found[3] == "A" else int(found[3])
    return (_weighted(values, range(9, 1, -1)) + check) % 11 == 0


def is_chinese(text: str) -> bool:
    """Tell whether it is a Chinese resident's number: place, date of birth, serial, check digit modulo 11-2.

    References
    ----------
    GB 11643-1999.
    """
    if not _CHINESE.fullmatch(text) or not _is_day(text[10:14]):
        return False
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[_weighted(text, weights) % 11] == text[17]


def is_taiwanese(text: str) -> bool:
    """Tell whether it is a Taiwanese identity number: a letter, nine digits, check modulo 10."""
    if not _TAIWANESE.fullmatch(text):
        return False
    letter = _TAIWAN[text[0]]
    digits = [letter // 10, letter % 10, *(int(mark) for mark in text[1:])]
    return _weighted(digits, (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)) % 10 == 0


def is_cpf(digits: str) -> bool:
    """Tell whether it is a Brazilian person's number with both check digits."""
    if not _CPF.fullmatch(digits) or len(set(digits)) == 1:
        return False
    return all(_brazilian(digits[:end], range(end + 1, 1, -1)) == int(digits[end]) for end in (9, 10))


def is_cnpj(digits: str) -> bool:
    """Tell whether it is a Brazilian company's number with both check digits."""
    if not _CNPJ.fullmatch(digits) or len(set(digits)) == 1:
        return False
    weights = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
    return all(_brazilian(digits[:end], weights[-end:]) == int(digits[end]) for end in (12, 13))


def is_social_security(text: str) -> bool:
    """Tell whether it has the form of a United States social security number, with its hyphens; it has no check."""
    return bool(_SOCIAL.fullmatch(text))


def _brazilian(digits: str, weights: Iterable[int]) -> int:
    rest = _weighted(digits, weights) % 11
    return 0 if rest < 2 else 11 - rest  # noqa: PLR2004 - remainders of 0 and 1 give the digit 0


def _weighted(digits: Iterable[str | int], weights: Iterable[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def _is_day(month_and_day: str) -> bool:
    return 1 <= int(month_and_day[:2]) <= _MONTHS and 1 <= int(month_and_day[2:]) <= _DAYS


_CARD = re.compile(
    r"(?:4\d{12}(?:\d{3})?(?:\d{3})?|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|[68]\d)\d{11}|6(?:011|5\d\d)\d{12}|62\d{14,17}|35(?:2[89]|[3-8]\d)\d{12}"
    r"|(?:5067|5090|6277|6362|6363|6504|6505|6550|9860|5043)\d{12}|(?:588845|968201|604906|440647|636120)\d{10})"
)
_IBAN = re.compile(r"([A-Z]{2})\d{2}[A-Z0-9]{11,30}")
_SAUDI = re.compile(r"[12]\d{9}")
_EMIRATI = re.compile(r"784(?:19|20)\d{10}")
_QATARI = re.compile(r"[23]\d{10}")
_KUWAITI = re.compile(r"[23]\d{11}")
_HONG_KONG = re.compile(r"([A-Z]{1,2})(\d{6})\(?([0-9A])\)?")
_CHINESE = re.compile(r"[1-8]\d{5}(?:19|20)\d{2}\d{4}\d{3}[\dX]")
_TAIWANESE = re.compile(r"[A-Z][1289]\d{8}")
_CPF = re.compile(r"\d{11}")
_CNPJ = re.compile(r"\d{14}")
_SOCIAL = re.compile(r"(?!000|666|9\d\d)\d{3}-(?!00)\d\d-(?!0000)\d{4}")
