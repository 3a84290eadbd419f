"""Words of a text for matching: folded, without stop words, stemmed."""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache

import Stemmer

from assistant.text.word_sets import word_set

_SPECIAL = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th",
     "Þ": "TH", "ð": "d", "Ð": "D", "ı": "i", "’": "'", "‘": "'", "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-"}
)  # fmt: skip
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*(?:%|[^\W\d_][^\W_]*)?|[^\W_]+(?:'[^\W_]+)?")
STOP_WORDS = word_set("""
    a about above after again against all also am an and any are as at be because been before being below between
    both but by can cannot could did do does doing down during each few for from further had has have having he her
    here hers him his how i if in into is it its itself just may me might more most must my no nor not now of off on
    once only or other our ours out over own same she should so some such than that the their theirs them then there
    these they this those through to too under until up upon us very via was we were what when where which while who
    whom why will with within without would you your it's don't can't doesn't isn't aren't
""")
_local = threading.local()  # a stemmer keeps a cache and is not safe to share


def fold(text: str) -> str:
    """Return `text` case-folded, with accents and special letters as ASCII."""
    if text.isascii():
        return text.lower()
    text = text.translate(_SPECIAL)
    if text.isascii():  # often a dash or a quotation mark was all
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


# "parallelised" and "parallelized" are one word; a word such as "promise" is changed alike wherever it stands
_BRITISH = re.compile(r"^(\w{4,})is(e|es|ed|er|ers|ing|ation|ations)$")


def content_words(text: str) -> list[str]:
    """Return the stemmed words of `text` in order, stop words left out; figures stay whole (5.3x, 405b, 0.67%)."""
    return [word for word in map(_stemmed, _TOKEN.findall(fold(text))) if word]


@lru_cache(maxsize=50_000)
def _stemmed(word: str) -> str:
    """Return the stem of a folded word, of a stop word nothing. Remembered, for a few words make most of all texts."""
    if word in STOP_WORDS:
        return ""
    stemmer = getattr(_local, "stemmer", None)
    if stemmer is None:
        stemmer = _local.stemmer = Stemmer.Stemmer("english")
    stem: str = stemmer.stemWord(_BRITISH.sub(r"\1iz\2", word) if "is" in word else word)
    return stem


def counted(number: int, noun: str) -> str:
    """Return "1 paper", "2 papers", "1,204 papers"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def inferred_title(abstract: str) -> str:
    """Return a title made of the first words of `abstract`, about twelve, ended by an ellipsis."""
    words = abstract.split()
    chosen = words[:12]
    while len(words) > 12 and len(chosen) > 6 and fold(chosen[-1]).strip(".,;:()") in STOP_WORDS:
        chosen.pop()
    title = " ".join(chosen)[:160]
    return title.rstrip(" .,;:—–-([…") + "…"
