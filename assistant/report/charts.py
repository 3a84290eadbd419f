"""Figures of the page as numbers for its SVG: bars by year, and the relevance curve with its cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answers import YearCount

_WIDTH, _HIGHEST, _ROOM = 640, 116, 20  # of the picture, of the highest bar, above it and below for numbers
_STEP = 12  # height of one paper where few are counted, so that a lone paper is no tower
_LABELS = 13  # years with a label at most
_CURVE_HEIGHT = 120


@dataclass(frozen=True, slots=True)
class Bar:
    """One year: its place and size in the picture, and whether its label is shown."""

    label: str
    count: int
    x: float
    y: float
    width: float
    height: float
    labelled: bool

    @property
    def middle(self) -> float:
        """The horizontal middle."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of the papers by year; `undated` papers have none."""

    bars: tuple[Bar, ...]
    undated: int
    base: float
    width: int = _WIDTH

    @property
    def height(self) -> float:
        """The height of the picture."""
        return self.base + _ROOM


@dataclass(frozen=True, slots=True)
class Curve:
    """The relevance of papers, best first, as an SVG polyline, and where the scope ends."""

    points: str
    cut: float
    width: int = _WIDTH
    height: int = _CURVE_HEIGHT


def draw_years(timeline: Sequence[YearCount]) -> Chart | None:
    """Return the bars of a timeline, None where no paper has a year."""
    dated = [entry for entry in timeline if entry.year is not None]
    if not dated:
        return None
    most = max(entry.papers for entry in dated) or 1
    tall = min(_HIGHEST, _STEP * most)
    base = float(tall + _ROOM)
    slot = min(_WIDTH / len(dated), 72.0)
    left = (_WIDTH - slot * len(dated)) / 2
    step = -(-len(dated) // _LABELS)
    bars = []
    for place, entry in enumerate(dated):
        height = round(tall * entry.papers / most, 1)
        bars.append(
            Bar(
                str(entry.year),
                entry.papers,
                round(left + slot * place + slot * 0.12, 1),
                round(base - height, 1),
                round(slot * 0.76, 1),
                height,
                place % step == 0 or (place == len(dated) - 1 and place % step > step / 2),
            )
        )
    return Chart(tuple(bars), sum(entry.papers for entry in timeline if entry.year is None), base)


def draw_curve(scores: Sequence[float], inside: int) -> Curve | None:
    """Return the curve of the sorted `scores`, cut behind the first `inside`; None below three papers."""
    if len(scores) < 3 or scores[0] <= scores[-1]:
        return None
    low, high = min(scores), max(scores)
    step = _WIDTH / (len(scores) - 1)
    places = [
        (round(step * place, 1), round(4 + (_CURVE_HEIGHT - 8) * (high - score) / (high - low), 1))
        for place, score in enumerate(scores)
    ]
    return Curve(" ".join(f"{x},{y}" for x, y in places), round(step * min(inside - 0.5, len(scores) - 1), 1))
