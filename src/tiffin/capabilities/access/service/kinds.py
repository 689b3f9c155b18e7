"""What columns hold, why it is believed, and how far it may travel, in words."""

from collections.abc import Mapping

from tiffin.engines.detection.kinds import Kind
from tiffin.kernel.contract import Classification
from tiffin.runtime.i18n import mark

CLASS_NAMES: Mapping[Classification, str] = {
    Classification.PUBLIC: mark("public"),
    Classification.INTERNAL: mark("internal"),
    Classification.CONFIDENTIAL: mark("confidential"),
    Classification.PERSONAL: mark("personal"),
    Classification.SPECIAL: mark("special"),
}

CLASS_MEANINGS: Mapping[Classification, str] = {
    Classification.PUBLIC: mark("anybody may know it"),
    Classification.INTERNAL: mark("everybody with a grant may see it"),
    Classification.CONFIDENTIAL: mark("money and contracts: only grants that open it"),
    Classification.PERSONAL: mark("can be traced to a person: only grants that open it"),
    Classification.SPECIAL: mark("would harm a person when known: only grants that open it"),
}

KINDS: Mapping[str, str] = {
    Kind.PHONE: mark("phone numbers"),
    Kind.EMAIL: mark("e-mail addresses"),
    Kind.PERSON_NAME: mark("names of people"),
    Kind.NATIONAL_ID: mark("identity numbers"),
    Kind.COMPANY_ID: mark("company numbers"),
    Kind.PASSPORT: mark("passport numbers"),
    Kind.IBAN: mark("bank accounts"),
    Kind.PAYMENT_CARD: mark("payment cards"),
    Kind.COORDINATES: mark("coordinates"),
    Kind.ADDRESS: mark("addresses"),
    Kind.BIRTH_DATE: mark("dates of birth"),
    Kind.IP_ADDRESS: mark("network addresses"),
    Kind.PLATE: mark("vehicle plates"),
    Kind.PERSON_KEY: mark("keys of people"),
    Kind.TRAIT: mark("traits of people"),
    Kind.OPINION: mark("answers on a scale"),
    Kind.FREE_TEXT: mark("texts in people's own words"),
    Kind.HEALTH: mark("health"),
    Kind.BELIEF: mark("belief, origin or politics"),
    Kind.MISCONDUCT: mark("accusations"),
    Kind.MONEY: mark("money"),
    Kind.OPEN_FACT: mark("facts that anybody may know"),
}

RULES: Mapping[str, str] = {
    "name of the column": mark("the column's name says so"),
    "address of mail": mark("address of mail"),
    "address of a machine": mark("address of a machine"),
    "IBAN with check digits": mark("IBAN with check digits"),
    "card number with check digit": mark("card number with check digit"),
    "masked card number": mark("masked card number"),
    "last digits of a card": mark("last digits of a card"),
    "Saudi identity number": mark("Saudi identity number"),
    "Emirates ID": mark("Emirates ID"),
    "Qatari identity number": mark("Qatari identity number"),
    "Kuwaiti civil number": mark("Kuwaiti civil number"),
    "Hong Kong identity card": mark("Hong Kong identity card"),
    "Chinese resident's number": mark("Chinese resident's number"),
    "Taiwanese identity number": mark("Taiwanese identity number"),
    "CPF": mark("CPF"),
    "CNPJ": mark("CNPJ"),
    "social security number": mark("social security number"),
    "unified social credit code": mark("unified social credit code"),
    "form of a passport's number": mark("form of a passport's number"),
    "number with its country's code": mark("number with its country's code"),
    "phone as people write it": mark("phone as people write it"),
    "mobile number of a country": mark("mobile number of a country"),
    "country's code without a sign": mark("country's code without a sign"),
    "seven to thirteen digits": mark("seven to thirteen digits"),
    "pair of coordinates": mark("pair of coordinates"),
    "degrees": mark("degrees"),
    "degrees to three decimals": mark("degrees to three decimals"),
    "degrees that hardly differ": mark("degrees that hardly differ"),
    "places in a plane": mark("places in a plane"),
    "form of a country's plate": mark("form of a country's plate"),
    "letters and digits": mark("letters and digits"),
    "address of mail within a text": mark("address of mail within a text"),
    "phone within a text": mark("phone within a text"),
    "dates": mark("dates"),
    "dates across the ages of people": mark("dates across the ages of people"),
    "street and number": mark("street and number"),
    "part of an address": mark("part of an address"),
    "sentences": mark("sentences"),
    "words of a text": mark("words of a text"),
    "known names": mark("known names"),
    "words of trait": mark("words for sex and family"),
    "words of opinion": mark("words of a scale"),
    "words of health": mark("words of health"),
    "words of belief": mark("words of belief and origin"),
}
"""Rules of the detectors, by the name that evidence keeps."""
