"""A sentence as the checks see it: words with stems, clauses, names, and which of them carry content."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.text import STOP_WORDS, fold, word_set
from assistant.verification.lexicon import FRAMING, FREE, HEDGES, NEGATORS, lexicon, stem

_TOKEN = re.compile(
    # GPT-4, gpt-4o, GPT-4-Turbo and gpt-5-main are names, not numbers; under-5x is one.
    r"(?P<coded>(?<![\w-])(?:[^\W\d_]*[A-Z][^\W\d_]*-\d+(?:\.\d+)*[a-z]?(?:-(?=[A-Z\d])[^\W_]+)*"
    r"|[^\W\d_]+-\d+(?:\.\d+)*[a-z]?-[^\W_]+|[^\W\d_]{2,}-\d+(?:\.\d+)*[aeov](?!\w))(?:['’]s)?(?![\w.]*\d))"
    r"|(?P<number>(?<![\w.])[-+−]?\d+(?:[.,]\d+)*)(?P<unit>(?:\s?%|[^\W\d_]+)(?![\w]))?"
    r"|(?P<word>[^\W_](?:[\w]|['’](?=\w)|\.(?=\d)|[+#](?!\w))*)"
    r"|(?P<mark>[^\s\w])"
)
_CLAUSE_MARKS = frozenset(",;:()[]—–.!?")
_CLAUSE_WORDS = word_set("""
    but although though while whereas because since which who whose when where if unless however thus therefore
    whether despite so that how why
""")
_AUXILIARIES = frozenset({"is", "are", "was", "were", "be", "been", "being", "get", "gets", "got"})


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """One word, number or phrase of a text; equal only to itself.

    `sentence` and `clause` count from 0 over the whole evidence; `index` is the position among all words, `place` the
    one among content words.
    """

    text: str
    folded: str
    stem: str
    sentence: int
    clause: int
    start: int
    end: int
    index: int = -1
    place: int = -1
    content: bool = False
    name: bool = False
    number: bool = False
    unit: str = ""  # written together with the number: %, x, ms
    joined: bool = False  # by a hyphen to the word before it


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The words of a claim or of its evidence, in order; equal only to themselves, which keeps caches by them fast."""

    texts: tuple[str, ...]
    all: tuple[Word, ...]
    content: tuple[Word, ...]

    def between(self, left: Word, right: Word) -> tuple[Word, ...]:
        """Return the words that stand between two words."""
        low, high = sorted((left.index, right.index))
        return self.all[low + 1 : high]


def read_words(texts: Sequence[str]) -> Words:
    """Return the words of several sentences; positions of different sentences never touch."""
    words: list[Word] = []
    clause = 0
    for sentence, text in enumerate(texts):
        read, clause = _read(text, sentence, clause + 1)
        read = _split_coordinated(_join_phrases(read))
        clause = max([clause, *(word.clause for word in read)])
        words += read
    placed: list[Word] = []
    place = 0
    for at, word in enumerate(words):
        if at and word.sentence != words[at - 1].sentence:
            place += 20  # no context reaches into another sentence
        placed.append(replace(word, index=at, place=place))
        place += word.content
    return Words(tuple(texts), tuple(placed), tuple(word for word in placed if word.content))


def passive(verb: Word, words: Words) -> bool:
    """Return whether a verb is passive with its agent named: "is outperformed by"."""
    at = verb.index
    before = any(word.folded in _AUXILIARIES for word in words.all[max(0, at - 3) : at])
    after = any(word.folded == "by" and word.sentence == verb.sentence for word in words.all[at + 1 : at + 4])
    return after and (before or verb.folded.endswith(("ed", "en", "wn", "un")))


def _read(text: str, sentence: int, clause: int) -> tuple[list[Word], int]:
    words: list[Word] = []
    first = True
    before = 0
    for match in _TOKEN.finditer(text):
        if match["mark"]:
            clause += match["mark"] in _CLAUSE_MARKS and not _inside_word(text, match.start())
            continue
        raw = match.group().replace("−", "-")
        folded = fold(raw)
        clause += folded in _CLAUSE_WORDS
        number = match["number"] is not None
        joined = bool(words) and match.start() == before + 1 and text[before] in "-‐‑–/" and not number
        word = Word(
            text=raw,
            folded=folded,
            stem=folded if number else stem(folded.removesuffix("'s")),
            sentence=sentence,
            clause=clause,
            start=match.start(),
            end=match.end(),
            content=number or _has_content(folded),
            name=not number and _is_name(raw, first),
            number=number,
            unit=(match["unit"] or "").strip() if number else "",
            joined=joined,
        )
        words.append(word)
        before = match.end()
        first = False
    return words, clause


def _split_coordinated(words: list[Word]) -> list[Word]:
    """Return the words with a new clause at each "and" that joins two statements: "35x faster than A and 6x than B"."""
    split: list[Word] = []
    extra = 0
    for at, word in enumerate(words):
        if word.folded in ("and", "or") and any(_opens_statement(other) for other in words[at + 1 : at + 3]):
            extra += 1
        split.append(replace(word, clause=word.clause + extra) if extra else word)
    return split


def _opens_statement(word: Word) -> bool:
    return (word.number and bool(word.unit)) or word.stem in lexicon().opposites


def _inside_word(text: str, at: int) -> bool:
    """Whether a mark stands inside a word: 3.5, state-of-the-art, e.g."""
    return 0 < at < len(text) - 1 and text[at - 1].isalnum() and text[at + 1].isalnum()


def _has_content(folded: str) -> bool:
    if folded in NEGATORS or folded in HEDGES:
        return False
    return folded not in FREE and folded not in STOP_WORDS and (len(folded) > 1 or folded.isdigit())


def _is_name(raw: str, first: bool) -> bool:
    """Whether a word reads as a name: capitals inside, letters with digits, or a capital that no sentence gave it."""
    core = raw.removesuffix("'s").removesuffix("’s")
    if not any(char.isalpha() for char in core) or len(core) < 2:
        return False
    if any(char.isupper() for char in core[1:]) or any(char.isdigit() for char in core):
        return True
    return core[0].isupper() and not first


def _join_phrases(words: list[Word]) -> list[Word]:
    """Return the words with the lexicon's phrases (lead to, state of the art) as one word each."""
    phrases = lexicon().phrases
    joined: list[Word] = []
    at = 0
    while at < len(words):
        phrase = next(
            (phrase for phrase in phrases.get(words[at].stem, ()) if _stands(phrase, words, at)),
            None,
        )
        if phrase is None:
            joined.append(words[at])
            at += 1
            continue
        parts = words[at : at + len(phrase)]
        whole = " ".join(part.folded for part in parts)
        said = " ".join(phrase)
        content = said not in FRAMING
        joined.append(
            replace(parts[0], text=whole, folded=whole, stem=said, end=parts[-1].end, content=content, name=False)
        )
        at += len(phrase)
    return joined


def _stands(phrase: tuple[str, ...], words: list[Word], at: int) -> bool:
    parts = words[at : at + len(phrase)]
    return tuple(part.stem for part in parts) == phrase and parts[0].clause == parts[-1].clause
