"""Windows: every sentence in one, in order, within the limit, evenly filled."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from assistant.papers import Sentence
from assistant.windows import Window, split_windows


def count_words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def sentences_of(lengths: Sequence[int]) -> list[Sentence]:
    return [Sentence(" ".join(["word"] * length), 0, 0) for length in lengths]


def test_a_short_abstract_is_one_window() -> None:
    assert split_windows("A title", sentences_of([10, 20, 30]), count_words) == [Window(0, 3)]


def test_no_sentences_make_one_empty_window() -> None:
    assert split_windows("A title", [], count_words) == [Window(0, 0)]


def test_windows_are_balanced_rather_than_filled() -> None:
    assert split_windows("", sentences_of([50] * 6), count_words, limit=256) == [Window(0, 3), Window(3, 6)]


def test_a_sentence_longer_than_the_limit_is_alone() -> None:
    windows = split_windows("", sentences_of([10, 400, 10]), count_words, limit=256)
    assert windows == [Window(0, 1), Window(1, 2), Window(2, 3)]


def test_an_endless_title_leaves_room_for_sentences() -> None:
    assert split_windows("word " * 1000, sentences_of([30, 30, 30, 30]), count_words) == [Window(0, 2), Window(2, 4)]


@given(st.lists(st.integers(1, 300), min_size=1, max_size=40), st.integers(0, 40))
def test_windows_cover_all_sentences_within_the_limit(lengths: list[int], title: int) -> None:
    windows = split_windows("word " * title, sentences_of(lengths), count_words, limit=256)
    assert [index for window in windows for index in range(window.first, window.last)] == list(range(len(lengths)))
    for window in windows:
        used = sum(lengths[window.first : window.last])
        assert used + title + 2 <= 256 or window.last - window.first == 1
