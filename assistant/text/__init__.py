"""Cleaning, sentence boundaries and words of titles and abstracts."""

from assistant.text.cleaning import clean_abstract, clean_line, sanitise
from assistant.text.sentences import split_sentences
from assistant.text.word_sets import word_set
from assistant.text.words import STOP_WORDS, content_words, counted, fold, inferred_title

__all__ = [
    "STOP_WORDS",
    "clean_abstract",
    "clean_line",
    "content_words",
    "counted",
    "fold",
    "inferred_title",
    "sanitise",
    "split_sentences",
    "word_set",
]
