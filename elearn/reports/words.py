"""How shares and numbers are written in Swedish, on pages and in reports alike. Spaces inside a figure never
break."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from elearn.reports.coverage import percent

NUMBERS = ("noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")
NO_BREAK_SPACE = "\u00a0"


def share_in_words(share: Fraction | None) -> str:
    """87,5 %, or – where there is no target group (measure.md, rules 7 and 11)"""
    return "–" if share is None else str(percent(share)).replace(".", ",") + f"{NO_BREAK_SPACE}%"


def threshold_in_words(threshold: Fraction) -> str:
    """90 %, 66,7 %: a threshold without needless decimals"""
    text = f"{float(threshold * 100):.4g}".replace(".", ",")
    return text + f"{NO_BREAK_SPACE}%"


def number_in_words(number: int) -> str:
    """Small numbers as words, larger ones with a no-break space between thousands: tre, 1 846"""
    return NUMBERS[number] if number < len(NUMBERS) else f"{number:,}".replace(",", NO_BREAK_SPACE)


def persons_in_words(number: int) -> str:
    """en person, två personer, 13 personer"""
    return "en person" if number == 1 else f"{number_in_words(number)} personer"


def in_a_row(items: Sequence[object]) -> str:
    """3; 3 och 6; 3, 6 och 9"""
    *first, last = map(str, items)
    return f"{', '.join(first)} och {last}" if first else last


def thousands(number: int) -> str:
    """1 846"""
    return f"{number:,}".replace(",", NO_BREAK_SPACE)


def decimal_in_words(number: Decimal) -> str:
    """1 075,5"""
    return f"{number:,}".replace(",", NO_BREAK_SPACE).replace(".", ",")
