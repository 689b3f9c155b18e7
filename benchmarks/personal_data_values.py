"""Draw values of made-up people, and of harmless things that look like theirs, one at a time or a column at once.

Numbers are built forwards, from their parts to their check digits; nothing of the detectors is used.
"""

# ruff: noqa: PLR2004, ARG001 - shares stand where something is drawn, nothing is a secret, every maker takes
# the same arguments, and foreign writing is meant

import random
import uuid
from collections.abc import Callable
from datetime import date, timedelta

import personal_data_words as words

EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
HOSTS = ("gmail.com", "example.org", "mail.com.br", "qq.com", "yahoo.com.hk", "outlook.sa", "corp.example.co.uk")

Maker = Callable[[random.Random, str], str]


def _number(rng: random.Random, length: int) -> str:
    return "".join(str(rng.randrange(10)) for _ in range(length))


def _with_luhn(body: str) -> str:
    return next(body + str(digit) for digit in range(10) if _luhn_sum(body + str(digit)) % 10 == 0)


def _luhn_sum(digits: str) -> int:
    doubled = [int(d) * 2 if (len(digits) - i) % 2 == 0 else int(d) for i, d in enumerate(digits)]
    return sum(sum(map(int, str(value))) for value in doubled)


def phone(rng: random.Random, language: str) -> str:
    """Draw a phone's number in any form; eight digits without a blank among them."""
    bare = f"{rng.choice('5689')}{_number(rng, 7)}"
    return bare if language == "zh_Hant" and rng.random() < 0.16 else _phone(rng, language)


def _phone(rng: random.Random, language: str) -> str:
    n = lambda length: _number(rng, length)  # noqa: E731 - shortens eleven lines
    if language == "ar":
        body = rng.choice((f"5{n(8)}",))
        forms = [
            f"0{body}",
            f"+966{body}",
            f"00966 {body[:2]} {body[2:5]} {body[5:]}",
            f"+971 5{rng.choice('0245')} {n(3)} {n(4)}",
            f"+974 {rng.choice('3567')}{n(3)} {n(4)}",
            f"+965{rng.choice('569')}{n(7)}",
        ]
        text = rng.choice(forms)
        return text.translate(EASTERN) if rng.random() < 0.25 else text
    if language == "zh_Hans":
        body = f"1{rng.choice('3578')}{n(9)}"
        return rng.choice(
            (
                body,
                body,
                f"+86 {body}",
                f"{body[:3]} {body[3:7]} {body[7:]}",
                f"{body[:3]}-{body[3:7]}-{body[7:]}",
                f"0086{body}",
            )
        )
    if language == "zh_Hant":
        body = f"{rng.choice('5689')}{n(7)}"
        forms = [
            f"{body[:4]} {body[4:]}",
            f"+852 {body[:4]} {body[4:]}",
            f"+852{body}",
            f"852-{body[:4]}-{body[4:]}",
            f"09{n(2)}-{n(3)}-{n(3)}",
        ]
        return rng.choice(forms)
    if language == "pt":
        area = rng.choice(("11", "21", "31", "41", "51", "71", "85"))
        return rng.choice(
            (
                f"({area}) 9{n(4)}-{n(4)}",
                f"+55 {area} 9{n(4)}-{n(4)}",
                f"{area} 9{n(4)}-{n(4)}",
                f"({area}) 3{n(3)}-{n(4)}",
                f"+55{area}9{n(8)}",
            )
        )
    area = f"{rng.randrange(2, 10)}{n(2)}"
    return rng.choice(
        (
            f"({area}) {rng.randrange(2, 9)}{n(2)}-{n(4)}",
            f"{area}-{n(3)}-{n(4)}",
            f"+1 {area} {n(3)} {n(4)}",
            f"07{n(3)} {n(6)}",
            f"+44 7{n(3)} {n(6)}",
            f"{area}.{n(3)}.{n(4)}",
        )
    )


def _email(rng: random.Random, language: str) -> str:
    host = rng.choice(HOSTS)
    user = "".join(rng.choice("abcdefghijklmnoprstuvz") for _ in range(rng.randrange(3, 9)))
    extra = rng.choice(("", ".", "_")) + rng.choice(("", str(rng.randrange(99)), "shop"))
    return f"{user}{extra.rstrip('._')}@{host}"


def _person(rng: random.Random, language: str) -> str:
    given, family = rng.choice(words.GIVEN[language]), rng.choice(words.FAMILY[language])
    if language.startswith("zh"):
        return family + given
    if language == "ar":
        middle = rng.choice(("", "", f"بن {rng.choice(words.GIVEN['ar'])} ", f"{rng.choice(words.GIVEN['ar'])} "))
        return f"{given} {middle}{family}"
    if language == "pt":
        return rng.choice(
            (
                f"{given} {family}",
                f"{given} {rng.choice(words.FAMILY['pt'])} {family}",
                f"{given} de {family}",
                f"{given} {family}".upper(),
            )
        )
    return rng.choice(
        (
            f"{given} {family}",
            f"{given} {family}",
            f"{family}, {given}",
            f"{given} {rng.choice('ABDEJMRT')}. {family}",
            f"{given} {family}".upper(),
        )
    )


def _identity(rng: random.Random, language: str) -> str:
    born = date(1955, 1, 1) + timedelta(days=rng.randrange(18_000))
    if language == "ar":
        return _with_luhn(rng.choice("12") + _number(rng, 8))
    if language == "zh_Hans":
        body = rng.choice(("110105", "310115", "440106", "510107", "330106")) + f"{born:%Y%m%d}" + _number(rng, 3)
        total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(body))
        return body + "0123456789X"[(12 - total % 11) % 11]
    if language == "zh_Hant":
        letter, digits = rng.choice("ACDEGKMPRYZ"), _number(rng, 6)
        total = 36 * 9 + (ord(letter) - 55) * 8 + sum(int(d) * (7 - i) for i, d in enumerate(digits))
        check = (11 - total % 11) % 11
        return f"{letter}{digits}({'A' if check == 10 else check})"
    if language == "pt":
        body = _number(rng, 9)
        for _ in range(2):
            total = sum(int(d) * w for d, w in zip(body, range(len(body) + 1, 1, -1), strict=True)) * 10 % 11 % 10
            body += str(total)
        return rng.choice((body, f"{body[:3]}.{body[3:6]}.{body[6:9]}-{body[9:]}"))
    return f"{rng.randrange(100, 665)}-{rng.randrange(1, 99):02d}-{rng.randrange(1, 9999):04d}"


def _gulf_identity(rng: random.Random, language: str) -> str:
    return _with_luhn(f"784{rng.randrange(1950, 2006)}{_number(rng, 7)}")


def _emirates(rng: random.Random, language: str) -> str:
    digits = _gulf_identity(rng, language)
    return f"{digits[:3]}-{digits[3:7]}-{digits[7:14]}-{digits[14]}"


def _kuwaiti(rng: random.Random, language: str) -> str:
    while True:
        body = f"2{rng.randrange(50, 99)}{rng.randrange(1, 13):02d}{rng.randrange(1, 29):02d}{_number(rng, 4)}"
        check = 11 - sum(int(d) * w for d, w in zip(body, (2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
        if check < 10:
            return body + str(check)


def _company(rng: random.Random, language: str) -> str:
    body = _number(rng, 8) + "0001"
    for _ in range(2):
        weights = [2 + place % 8 for place in range(len(body))][::-1]
        total = sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11
        body += str(0 if total < 2 else 11 - total)
    return rng.choice((body, f"{body[:2]}.{body[2:5]}.{body[5:8]}/{body[8:12]}-{body[12:]}"))


def _passport(rng: random.Random, language: str) -> str:
    return {
        "en": _number(rng, 9),
        "ar": f"{rng.choice('ABKLP')}{_number(rng, 8)}",
        "pt": f"{rng.choice(('FA', 'GB', 'YC'))}{_number(rng, 6)}",
    }.get(language, f"{rng.choice(('E', 'G', 'K', 'EB'))}{_number(rng, 8 if rng.random() < 2 else 7)}"[:9])


def _iban(rng: random.Random, language: str) -> str:
    country, length = {"ar": ("SA", 20), "pt": ("PT", 21), "en": ("DE", 18)}[language]
    body = _number(rng, length)
    turned = body + "".join(str(ord(mark) - 55) for mark in country) + "00"
    text = f"{country}{98 - int(turned) % 97:02d}{body}"
    return rng.choice((text, " ".join(text[i : i + 4] for i in range(0, len(text), 4))))


def _card(rng: random.Random, language: str) -> str:
    text = _with_luhn(rng.choice(("4", "51", "55", "6011", "62")) + _number(rng, 13))
    text = text if len(text) == 16 else _with_luhn("4" + _number(rng, 14))
    return rng.choice((text, " ".join(text[i : i + 4] for i in range(0, 16, 4))))


def _address(rng: random.Random, language: str) -> str:
    street, number = rng.choice(words.STREETS[language]), rng.randrange(1, 400)
    forms = {
        "en": (
            f"{number} {street}",
            f"{number} {street}, Apt {rng.randrange(1, 40)}",
            f"Flat {rng.randrange(1, 9)}, {number} {street}",
        ),
        "ar": (f"{street} مبنى {number}", f"{number} {street}، شقة {rng.randrange(1, 30)}", f"{street}، فيلا {number}"),
        "zh_Hans": (f"{street}{number}号", f"{street}{number}号{rng.randrange(1, 20)}栋{rng.randrange(101, 2900)}室"),
        "zh_Hant": (f"{street}{number}號", f"{street}{number}號{rng.randrange(2, 40)}樓{rng.choice('ABCDEF')}室"),
        "pt": (
            f"{street}, {number}",
            f"{street}, {number} - apto {rng.randrange(1, 120)}",
            f"{street}, nº {number}, bloco {rng.choice('ABC')}",
        ),
    }[language]
    text = rng.choice(forms)
    return text.translate(EASTERN) if language == "ar" and rng.random() < 0.4 else text


def _born(rng: random.Random, language: str) -> str:
    day = date(1948, 1, 1) + timedelta(days=rng.randrange(21_500))
    return {
        "en": f"{day:%m/%d/%Y}",
        "pt": f"{day:%d/%m/%Y}",
        "zh_Hans": f"{day.year}年{day.month}月{day.day}日",
        "zh_Hant": f"{day:%Y/%m/%d}",
    }.get(language, f"{day:%Y-%m-%d}")


def _ip(rng: random.Random, language: str) -> str:
    if rng.random() < 0.15:
        return ":".join(f"{rng.randrange(65536):x}" for _ in range(8))
    return ".".join(str(rng.randrange(1, 255)) for _ in range(4))


def _plate(rng: random.Random, language: str) -> str:
    letters = "".join(rng.choice("ABDEGHJKLNRSTUVXZ") for _ in range(3))
    dot = rng.choice(("", "·"))
    return {
        "ar": f"{' '.join(rng.choice('ابحدرسصطعقكلمنهوى') for _ in range(3))} {_number(rng, 4)}",
        "zh_Hans": f"{rng.choice('京沪粤浙苏川鄂')}{rng.choice('ABC')}{dot}{rng.choice('058DF')}{_number(rng, 4)}",
        "zh_Hant": f"{letters[:2]} {rng.randrange(100, 9999)}",
        "pt": rng.choice(
            (f"{letters}-{_number(rng, 4)}", f"{letters}{rng.randrange(10)}{rng.choice('ABCDEFGHIJ')}{_number(rng, 2)}")
        ),
    }.get(language, f"{letters} {_number(rng, 4)}")


def _sentence(rng: random.Random, language: str) -> str:
    return rng.choice(("", "! ", "... ")).join(rng.sample(words.SENTENCES[language], rng.randrange(1, 3))) + rng.choice(
        ("", ".", "!", f" {rng.randrange(99)}")
    )


def _sentence_with_phone(rng: random.Random, language: str) -> str:
    text = _sentence(rng, language)
    return f"{text} {_phone(rng, language)}" if rng.random() < 0.3 else text


def _contact(rng: random.Random, language: str) -> str:
    return _phone(rng, language) if rng.random() < 0.5 else _email(rng, language)


def _key(rng: random.Random, language: str) -> str:
    return f"c{rng.randrange(100_000, 999_999)}"


def _pick(bag: dict[str, tuple[str, ...]]) -> Maker:
    return lambda rng, language: rng.choice(bag[language])


def _stamp(rng: random.Random, language: str) -> str:
    day = date(2024, 1, 1) + timedelta(days=rng.randrange(700))
    return f"{day} {rng.randrange(24):02d}:{rng.randrange(60):02d}:{rng.randrange(60):02d}"


def _cell(rng: random.Random, language: str) -> str:
    return f"88{rng.randrange(16**9):09x}ffff"


def _version(rng: random.Random, language: str) -> str:
    return f"{rng.randrange(1, 12)}.{rng.randrange(30)}.{rng.randrange(30)}.{rng.randrange(20)}"


def _voucher(rng: random.Random, language: str) -> str:
    return (
        rng.choice(("EID", "SAVE", "WELCOME", "LUNCH"))
        + str(rng.randrange(5, 99))
        + "".join(rng.choice("QXZWVK") for _ in range(2))
    )


def _coordinates(rng: random.Random, language: str, count: int) -> list[object]:
    latitude, longitude = {
        "ar": (24.71, 46.67),
        "zh_Hans": (31.23, 121.47),
        "zh_Hant": (22.32, 114.17),
        "pt": (-23.55, -46.63),
        "en": (51.51, -0.13),
    }[language]
    style = rng.randrange(3)
    if style == 0:
        return [f"{latitude + rng.gauss(0, 0.05):.5f},{longitude + rng.gauss(0, 0.05):.5f}" for _ in range(count)]
    centre = latitude if style == 1 or language == "en" else longitude
    return [round(centre + rng.gauss(0, 0.05), 6) for _ in range(count)]


def _order_numbers(rng: random.Random, language: str, count: int) -> list[object]:
    start, step = rng.choice((1_000_001, 20_240_001, 4_100_000_000, 13_800_000_000, 50_000_000)), rng.randrange(2, 30)
    style = rng.randrange(3)
    numbers = [start + place * step + rng.randrange(step) for place in range(count)]
    rng.shuffle(numbers)
    if style == 0:
        return list(numbers)
    return [
        f"ORD-{number}" if style == 1 else f"{20_240_101 + number % 28}{number % 10_000_000:07d}" for number in numbers
    ]


def _amounts(rng: random.Random, language: str, count: int) -> list[object]:
    style = rng.randrange(4)
    values = [round(rng.lognormvariate(3.5, 0.6), 2) for _ in range(count)]
    if style == 0:
        return [int(value * 100) for value in values]
    sign = {"ar": "ر.س", "zh_Hans": "¥", "zh_Hant": "HK$", "pt": "R$", "en": "$"}[language]
    return [f"{sign} {value:.2f}" for value in values] if style == 1 else list(values)


def _epochs(rng: random.Random, language: str, count: int) -> list[object]:
    scale = rng.choice((1, 1000))
    return [(1_700_000_000 + rng.randrange(30_000_000)) * scale for _ in range(count)]


def _measures(rng: random.Random, language: str, count: int) -> list[object]:
    return [round(rng.gammavariate(3, 1.7), rng.choice((1, 2, 5))) for _ in range(count)]


def _hashes(rng: random.Random, language: str, count: int) -> list[object]:
    style = rng.randrange(2)
    return [
        str(uuid.UUID(int=rng.getrandbits(128), version=4)) if style else f"{rng.getrandbits(64):016x}"
        for _ in range(count)
    ]


def _long_numbers(rng: random.Random, language: str, count: int) -> list[object]:
    """Pseudonymous numbers of sixteen, fourteen, eleven and ten digits, drawn evenly: no check digit by design."""
    length = rng.choice((16, 14, 10, 12))
    return [f"{rng.randrange(3, 10)}{_number(rng, length - 1)}" for _ in range(count)]


MAKERS: dict[str, Maker] = {
    "phone": _phone,
    "email": _email,
    "person_name": _person,
    "national_id": _identity,
    "emirates_id": _emirates,
    "kuwaiti_id": _kuwaiti,
    "company_id": _company,
    "passport": _passport,
    "iban": _iban,
    "payment_card": _card,
    "address": _address,
    "birth_date": _born,
    "ip_address": _ip,
    "plate": _plate,
    "free_text": _sentence,
    "text_with_phone": _sentence_with_phone,
    "contact": _contact,
    "health": _pick(words.HEALTH),
    "belief": _pick(words.BELIEF),
    "trait": _pick(words.TRAITS),
    "person_key": _key,
    "time": _stamp,
    "cell": _cell,
    "version": _version,
    "voucher": _voucher,
    "merchant": _pick(words.MERCHANTS),
    "city": _pick(words.CITIES),
    "dish": _pick(words.DISHES),
    "state": _pick(words.STATES),
}
WHOLE: dict[str, Callable[[random.Random, str, int], list[object]]] = {
    "coordinates": _coordinates,
    "order_number": _order_numbers,
    "amount": _amounts,
    "epoch": _epochs,
    "measure": _measures,
    "hash": _hashes,
    "long_number": _long_numbers,
}
