"""Cutting abstracts into windows: runs of whole sentences short enough for one forward pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.papers import Sentence

LIMIT = 256  # tokens of a window with its title and marks; on SciFact two points of nDCG@10 over cutting the abstract
WINDOW_RECIPE = "sentences-256-title-balanced-signs-1"  # stored with a library; another recipe means other vectors

_MARKS = 2  # the tokens that open and close an input
_SMALLEST_BODY = 64  # tokens left to sentences however long the title is


@dataclass(frozen=True, slots=True)
class Window:
    """A run of sentences of one abstract: indices `first` to `last`, half-open."""

    first: int
    last: int


def split_windows(
    title: str, sentences: Sequence[Sentence], count_tokens: Callable[[Sequence[str]], list[int]], limit: int = LIMIT
) -> list[Window]:
    """Return the windows of an abstract, in order, each sentence in exactly one.

    A window holds at most `limit` tokens with the title in front, except that a single sentence
    longer than that is a window of its own. There are as few windows as that allows, of about equal
    length: a short last one would rank by its few words. An abstract without sentences is one empty window.
    """
    if not sentences:
        return [Window(0, 0)]
    title_length, *lengths = count_tokens([title, *(sentence.text for sentence in sentences)])
    room = max(limit - _MARKS - title_length, _SMALLEST_BODY)
    fewest = len(_fill(lengths, room))
    low, high = max(lengths), room  # the smallest room that still gives the fewest windows balances them
    while low < high:
        middle = (low + high) // 2
        if len(_fill(lengths, middle)) > fewest:
            low = middle + 1
        else:
            high = middle
    return _fill(lengths, high)


def _fill(lengths: Sequence[int], room: int) -> list[Window]:
    """Return windows filled from the left, each as full as `room` allows."""
    windows = []
    first = used = 0
    for index, length in enumerate(lengths):
        if index > first and used + length > room:
            windows.append(Window(first, index))
            first, used = index, 0
        used += length
    windows.append(Window(first, len(lengths)))
    return windows
