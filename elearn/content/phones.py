"""Telephone numbers as people write them, and what a telephone dials."""

import re

DASHES = str.maketrans("‐‑–—−\u00a0\u202f", "-----  ")
# A number, and perhaps what follows the call: (vxl), ", knappval 2".
WRITTEN = re.compile(
    r"(?P<number>(?:\+|00)?[\d(][\d ()-]*?(?:/[\d ()-]*?)?\d)(?P<remark>\s*[(,;]\s*[^\W\d][^+]*|)"
)
AREA_CODE = re.compile(r"(?:\+46 ?\(?0?\)?|0046 ?\(?0?\)?|0)[1-9]\d{0,2}")  # what may stand before a slash
REMARK_DIGITS = 4  # more of them in a remark are another number
SHORT, SWEDISH, FOREIGN = range(3, 7), range(8, 11), range(8, 16)  # how many digits a number has

NOT_A_NUMBER = "Telefonnumret ska ha bara siffror, mellanslag och bindestreck, och kanske (vxl) efter."
ONE_NUMBER = "Skriv ett enda telefonnummer. Ett till får stå i texten, eller i en egen uppgift."
AREA = "Skriv telefonnumret med riktnummer: 08-530 610 00."
DASH = "Skriv bindestreck bara efter riktnumret: 08-530 610 00."
LENGTH = "Telefonnumret har för många eller för få siffror."


def dialled(written: str) -> str:
    """What to dial: ``+46…`` for a number with an area code, a short number as it is.

    Raises ``ValueError`` with a Swedish sentence for what is no single number.
    """
    found = WRITTEN.fullmatch(written.strip().translate(DASHES))
    if not found:
        raise ValueError(ONE_NUMBER if re.search(r"\d.*(?:eller|och|/|,).*\d", written) else NOT_A_NUMBER)
    number, remark = found["number"], found["remark"]
    area, slash, _ = number.partition("/")
    if len(re.findall(r"\d", remark)) > REMARK_DIGITS or (slash and not AREA_CODE.fullmatch(area.strip())):
        raise ValueError(ONE_NUMBER)
    if re.search(r"[\d ]{5}-\d{1,2}$", number):
        raise ValueError(DASH)  # "08-530 61 00-09" is ten numbers in one
    if number.count("(") != number.count(")"):
        raise ValueError(NOT_A_NUMBER)
    return _dialled(re.sub(r"[^\d+]", "", re.sub(r"^(\+|00)(\d+) *\(0\)", r"\1\2", number)))


def _dialled(digits: str) -> str:
    abroad = re.fullmatch(r"(?:\+|00)(\d*)", digits)
    if abroad:
        country = re.sub(r"^460+", "46", abroad[1])
        allowed, dial = FOREIGN, f"+{country}"
        if country.startswith("46") and len(country) - 1 not in SWEDISH:
            raise ValueError(LENGTH)
    elif digits.startswith("0"):
        allowed, dial = SWEDISH, f"+46{digits[1:]}"
    elif len(digits) in SHORT:
        return digits
    else:
        raise ValueError(AREA if len(digits) in SWEDISH or len(digits) == SWEDISH.start - 1 else LENGTH)
    if len(abroad[1] if abroad else digits) not in allowed:
        raise ValueError(LENGTH)
    return dial
