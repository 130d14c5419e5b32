"""Reading aloud: numbers, times and units of a written text as people say them."""

from __future__ import annotations

import re

from palmwise.language.numbers import write_cardinal, write_ordinal

LARGEST_SAID = 9_999
"""Whole numbers above it are left to the voice."""
_UNITS = {
    "s": "second", "sec": "second", "secs": "second", "min": "minute", "mins": "minute", "h": "hour", "hr": "hour",
    "hrs": "hour", "ml": "millilitre", "l": "litre", "mm": "millimetre", "cm": "centimetre", "m": "metre",
    "g": "gram", "kg": "kilogram", "kb": "kilobyte", "mb": "megabyte",
}  # fmt: skip
_UNCOUNTED = {"%": "per cent", "°c": "degrees Celsius", "°f": "degrees Fahrenheit", "°": "degrees"}
_FRACTIONS = {"½": "a half", "¼": "a quarter", "¾": "three quarters"}
_SIGNS = {"&": "and", "+": "plus", "=": "equals"}
_NUMBER = r"(?:\d+(?:\.\d+|[½¼¾])?|[½¼¾])"
_DASH, _TIMES = "[-\u2013]", "[x\u00d7]"
_UNIT = "|".join(sorted(map(re.escape, (*_UNITS, *_UNCOUNTED)), key=len, reverse=True))
_CLOCK = re.compile(r"(?<![\d:.])(\d{1,3}):([0-5]\d)(?![\d:])(?:\s?(?:min|minutes)\b)?")
_QUANTITY = re.compile(
    rf"(?<![\w.:/])(?P<low>{_NUMBER})(?:\s?{_DASH}\s?(?P<high>{_NUMBER}))?"  # "5", "5-10"
    rf"(?:(?P<ordinal>st|nd|rd|th)\b|\s?(?P<times>{_TIMES})(?![\w.])"  # "3rd", "3x"
    rf"|\s?(?P<unit>{_UNIT})(?![\w%°]))?(?![\w/])",
    re.IGNORECASE,
)
_SIGN = re.compile(rf"(?<=\s)[{re.escape(''.join(_SIGNS))}](?=\s)")


def read_aloud(text: str) -> str:
    """The text with its numbers, times and units in words: "5-10 min" is "five to ten minutes".

    A time with a colon is minutes and seconds, as the coach shows them: "1:30" is "one minute thirty". What it does not
    know, such as "1/2/2030" or "B12", stays as it is.
    """
    text = _CLOCK.sub(lambda found: _clock(int(found[1]), int(found[2])), text)
    text = _QUANTITY.sub(_quantity, text)
    return _SIGN.sub(lambda found: _SIGNS[found[0]], text)


def _clock(minutes: int, seconds: int) -> str:
    if not minutes:
        return _counted(_whole(seconds), "second")
    said = _counted(_whole(minutes), "minute")
    return f"{said} {_whole(seconds)}" if seconds else said


def _quantity(found: re.Match[str]) -> str:
    low, high = _said(found["low"]), found["high"] and _said(found["high"])
    number = f"{low} to {high}" if high else low
    if found["ordinal"]:
        return write_ordinal(int(found["low"])) if found["low"].isdecimal() and not high else found[0]
    if found["times"]:
        return "once" if number == "one" else "twice" if number == "two" else f"{number} times"
    unit = (found["unit"] or "").lower()
    if unit in _UNCOUNTED:
        return f"{number} {_UNCOUNTED[unit]}"
    return _counted(number, _UNITS[unit]) if unit else number


def _counted(number: str, unit: str) -> str:
    if number in _FRACTIONS.values():
        # "half a minute", "a quarter of a minute"
        article = "an" if unit[0] == "h" else "a"
        return f"half {article} {unit}" if number == "a half" else f"{number} of {article} {unit}"
    return f"{number} {unit}" if number == "one" else f"{number} {unit}s"


def _said(number: str) -> str:
    if number[-1] in _FRACTIONS:
        whole, fraction = number[:-1], _FRACTIONS[number[-1]]
        return f"{_whole(int(whole))} and {fraction}" if whole else fraction
    whole, point, decimals = number.partition(".")
    if not point:
        return _whole(int(whole))
    return f"{_whole(int(whole))} point {' '.join(write_cardinal(int(digit)) for digit in decimals)}"


def _whole(value: int) -> str:
    if value > LARGEST_SAID:
        return str(value)
    parts = []
    for size, name in ((1000, "thousand"), (100, "hundred")):
        if value >= size:
            parts.append(f"{write_cardinal(value // size)} {name}")
            value %= size
    if parts and value:
        parts.append(f"and {write_cardinal(value)}")
    return " ".join(parts) or write_cardinal(value)
