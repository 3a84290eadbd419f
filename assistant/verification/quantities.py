"""Quantities: values with units, ranges and bounds, and whether a claim's stand in its evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.text import fold
from assistant.verification.lexicon import BOUNDS
from assistant.verification.words import Word, Words

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_SPELLED_TEXT = """
    seventeen=17 eighteen=18 nineteen=19 twenty=20 thirty=30 forty=40 fifty=50 sixty=60 seventy=70 eighty=80 ninety=90
    hundred=100 twice=2 double=2 doubles=2 doubled=2 doubling=2 triple=3 triples=3 tripled=3 quadruple=4 half=0.5
    halves=0.5 halved=0.5 dozen=12 pair=2 decade=10 once=1 thrice=3 both=2 couple=2 single=1
"""
_SPELLED = {name: float(value) for value, name in enumerate(_ONES.split())} | {
    name: float(value) for name, _, value in (entry.partition("=") for entry in _SPELLED_TEXT.split())
}
_TIMES = frozenset(
    {"twice", "double", "doubles", "doubled", "doubling", "triple", "triples", "tripled", "quadruple", "thrice"}
)
# Counted loosely: "both", "the two" or "a single" claims no number that has to stand there in figures.
_LOOSE = frozenset({"one", "both", "pair", "couple", "single", "once", "zero"})
_MAGNITUDES_TEXT = """
    k=1e3 thousand=1e3 thousands=1e3 m=1e6 mn=1e6 million=1e6 millions=1e6 b=1e9 bn=1e9 billion=1e9 billions=1e9 t=1e12
    trillion=1e12 trillions=1e12 hundred=1e2 hundreds=1e2 dozen=12 dozens=12
"""
_MAGNITUDES = {name: float(value) for name, _, value in (entry.partition("=") for entry in _MAGNITUDES_TEXT.split())}
_PLURAL_COUNTS = frozenset({"thousands", "millions", "billions", "trillions", "hundreds", "dozens", "tens"})
# Units by dimension, each with its factor to the dimension's base; an indented line goes on with the one above.
_UNITS_TEXT = """
    %: %=1 percent=1 percentage=1 pct=1 per_cent=1
    points: points=1 point=1 pp=1 pts=1 basis_points=0.01
    times: x=1 ×=1 times=1 fold=1 folds=1 -fold=1
    s: ns=1e-09 nanosecond=1e-09 nanoseconds=1e-09 us=1e-06 µs=1e-06 microsecond=1e-06 microseconds=1e-06
        ms=0.001 millisecond=0.001 milliseconds=0.001 sec=1 secs=1 second=1 seconds=1 min=60 mins=60 minute=60
        minutes=60 h=3600 hr=3600 hrs=3600 hour=3600 hours=3600 day=86400 days=86400 week=604800 weeks=604800
        month=2.6298e+06 months=2.6298e+06 year=3.15576e+07 years=3.15576e+07 yr=3.15576e+07 yrs=3.15576e+07
        decade=3.15576e+08 decades=3.15576e+08
    B: kb=1000 mb=1e+06 gb=1e+09 tb=1e+12 pb=1e+15 kib=1024 mib=1.04858e+06 gib=1.07374e+09 byte=1 bytes=1
        kilobytes=1000 megabytes=1e+06 gigabytes=1e+09 terabytes=1e+12
    bit: bit=1 bits=1 kbps=1000 mbps=1e+06 gbps=1e+09
    Hz: hz=1 khz=1000 mhz=1e+06 ghz=1e+09
    dB: db=1 decibels=1
    m: nm=1e-09 um=1e-06 µm=1e-06 mm=0.001 cm=0.01 km=1000 meter=1 meters=1 metres=1 metre=1 kilometers=1000
        kilometres=1000 inches=0.0254 feet=0.3048 miles=1609.34
    g: ng=1e-09 ug=1e-06 µg=1e-06 mg=0.001 g=1 gram=1 grams=1 kg=1000 kilograms=1000 lb=453.6 tons=1e+06
        tonnes=1e+06
    l: ml=0.001 µl=1e-06 dl=0.1 l=1 liters=1 litres=1
    mol: nm/l=1e-09 mmol=0.001 µmol=1e-06 nmol=1e-09 mol=1
    W: w=1 watt=1 watts=1 kw=1000 mw=1e+06 kilowatts=1000
    J: j=1 kj=1000 joule=1 joules=1 kcal=4184 kwh=3.6e+06
    °: °c=1 °=1 degrees=1 degree=1 celsius=1 fahrenheit=2 °f=2
    flop: flops=1 gflops=1e+09 tflops=1e+12 mflops=1e+06 flop=1
    $: $=1 usd=1 dollars=1 dollar=1 €=2 eur=2 euros=2 euro=2 cents=0.01 pounds=3
"""


def _read_units(text: str) -> dict[str, tuple[str, float]]:
    units: dict[str, tuple[str, float]] = {}
    dimension = ""
    for entry in text.split():
        if entry.endswith(":"):
            dimension = entry.removesuffix(":")
            continue
        name, _, factor = entry.rpartition("=")
        units[name.replace("_", " ")] = (dimension, float(factor))
    return units


_UNITS = _read_units(_UNITS_TEXT)
_LONG_UNITS = frozenset(
    {"m", "g", "l", "w", "j", "h", "b", "t", "k", "x", "min"}
)  # units only where they touch the number


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value as it stands: `bound` is "most" (up to), "least" (more than), "about", or empty for the plain value."""

    value: float
    unit: str  # dimension of the unit, empty where none is written
    word: Word
    shown: str
    bound: str = ""
    loose: bool = False
    words: tuple[Word, ...] = ()  # the number and the unit as they are written

    def equals(self, other: Quantity) -> bool:
        """Return whether both are the same amount of the same thing as far as value and unit say."""
        if {(self.value, self.unit), (other.value, other.unit)} == {(0.5, ""), (50.0, "%")}:
            return True
        if self.unit != other.unit and not self._same_count(other):
            return False
        scale = max(abs(self.value), abs(other.value), 1e-12)
        return abs(self.value - other.value) <= 1e-6 * scale

    def _same_count(self, other: Quantity) -> bool:
        # "twice" is 2 times; "a 5.3 speedup" leaves the x away; everything else needs its unit.
        return {self.unit, other.unit} == {"", "times"}


def read_quantities(words: Words) -> tuple[Quantity, ...]:
    """Return the quantities in order; the members of a range are two."""
    found: list[Quantity] = []
    skip = -1
    for at, word in enumerate(words.all):
        if at <= skip:
            continue
        value = _value(word)
        if value is None:
            continue
        following = words.all[at + 1 : at + 3]
        unit, factor, used = _unit(word, following)
        if word.folded in _PLURAL_COUNTS and [other.folded for other in following[:1]] == ["of"]:
            orders = following[1:2] if following[1:2] and following[1].folded in _PLURAL_COUNTS else ()
            for order in orders:  # hundreds of millions
                factor, used = factor * _MAGNITUDES[order.folded], 2
        if not word.number and not used and word.folded in _MAGNITUDES and word.folded not in _PLURAL_COUNTS:
            continue
        skip = at + used
        unit = unit or _own_unit(word)
        if not unit and factor == 1.0:
            unit, factor = _range_measure(words, at)
        found.append(
            Quantity(
                value=value * factor * (_UNITS["year"][1] if word.folded == "decade" else 1.0),
                unit=unit,
                word=word,
                shown=" ".join([word.text, *(other.text for other in following[:used])]),
                bound=_bound(words, word),
                loose=word.folded in _LOOSE or (word.folded == "two" and at > 0 and words.all[at - 1].folded == "the"),
                words=(word, *following[:used]),
            )
        )
    return tuple(found)


def is_measure(word: Word) -> bool:
    """Return whether a word is a number, a unit or an order of magnitude."""
    known = word.folded in _UNITS or word.folded in _MAGNITUDES or word.folded in _SPELLED
    return known or any(char.isdigit() for char in word.text)


def missing_quantity(claimed: Sequence[Quantity], evidence: Sequence[Quantity]) -> Quantity | None:
    """Return the first claimed quantity that no quantity of the evidence equals."""
    for quantity in claimed:
        if not quantity.loose and not any(quantity.equals(other) for other in evidence):
            return quantity
    return None


def turned_bound(claimed: Sequence[Quantity], evidence: Sequence[Quantity]) -> str:
    """Return a bound of the claim that the evidence sets on the other side ("more than", "less than"); else empty."""
    contrary = {"most": "least", "least": "most"}
    for quantity in claimed:
        bounds = [other.bound for other in evidence if quantity.equals(other)]
        if quantity.bound in contrary and bounds and set(bounds) == {contrary[quantity.bound]}:
            return f"it bounds {quantity.shown} from the other side"
    return ""


def _value(word: Word) -> float | None:
    if word.number:
        digits = re.sub(r"[^\d.,-]", "", word.folded.removesuffix(fold(word.unit)))
        digits = re.sub(r",(?=\d{3}(?:\D|$))", "", digits).replace(",", ".")
        try:
            return float(digits)
        except ValueError:
            return None
    if word.folded in _SPELLED:
        return _SPELLED[word.folded]
    if word.folded in _PLURAL_COUNTS or (word.folded in _MAGNITUDES and len(word.folded) > 2):
        return 1.0 if word.folded != "tens" else 10.0
    return None


def _own_unit(word: Word) -> str:
    return "times" if word.folded in _TIMES else "s" if word.folded == "decade" else ""


def _unit(word: Word, following: Sequence[Word]) -> tuple[str, float, int]:
    """Return (dimension, factor, words used after the number)."""
    if not word.number and word.folded in _MAGNITUDES:
        return "", _MAGNITUDES[word.folded], 0
    factor = 1.0
    attached = fold(word.unit)
    if attached:
        if attached in _UNITS and attached not in ("m", "b", "t", "k"):
            dimension, scale = _UNITS[attached]
            return dimension, scale, 0
        if attached in _MAGNITUDES:
            factor = _MAGNITUDES[attached]
        elif attached not in ("st", "nd", "rd", "th", "s"):
            return attached, 1.0, 0
    used = 0
    if (
        following
        and following[0].folded in _MAGNITUDES
        and len(following[0].folded) > 2
        and following[0].sentence == word.sentence
    ):
        factor, used = factor * _MAGNITUDES[following[0].folded], 1
    if len(following) > used:
        candidate = following[used]
        near = (
            candidate.sentence == word.sentence and candidate.start - (following[used - 1] if used else word).end <= 2
        )
        if near and candidate.folded in _UNITS and candidate.folded not in _LONG_UNITS:
            dimension, scale = _UNITS[candidate.folded]
            return dimension, factor * scale, used + 1
    return "", factor, used


def _range_measure(words: Words, at: int) -> tuple[str, float]:
    """Return the unit and the factor of the end of a range for its beginning: "3 to 5 ms", "7 to 70 billion"."""
    text = words.texts[words.all[at].sentence]
    after = text[words.all[at].end :]
    match = re.match(r"\s*(?:-|–|—|to|and|or|±)\s*(?=\d)", after)
    if match is None or at + 1 >= len(words.all) or not words.all[at].number:
        return "", 1.0
    nearest = next((other for other in words.all[at + 1 : at + 3] if other.number), None)
    if nearest is None:
        return "", 1.0
    position = nearest.index
    return _unit(nearest, words.all[position + 1 : position + 3])[:2]


def _bound(words: Words, word: Word) -> str:
    before = fold(words.texts[word.sentence][max(0, word.start - 24) : word.start]).rstrip(" $€~≈<>≤≥")
    after_sign = words.texts[word.sentence][max(0, word.start - 3) : word.start].strip()
    signs = {"~": "about", "≈": "about", "<": "most", "≤": "most", ">": "least", "≥": "least"}
    if after_sign[-1:] in signs:
        return signs[after_sign[-1:]]
    for phrase in sorted(BOUNDS, key=len, reverse=True):
        if before.endswith(phrase) and not before[: -len(phrase)][-1:].isalnum():
            return BOUNDS[phrase]
    return ""
