"""The papers that may answer a question: both indexes asked, each paper scored in every way, best first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from assistant.embedders import Embedder, FloatArray, QuestionVectors, TokenEmbedder
from assistant.fusion import CEILING, comparable, final_score, first_score, stretch
from assistant.interaction import best_matches, token_weights, weighed
from assistant.lexical import LexicalIndex
from assistant.library import IntArray, Library
from assistant.text import content_words
from assistant.vectors import VectorIndex

CANDIDATES = 100  # of each index; on SciFact more change no figure
WINDOWS = 2 * CANDIDATES  # long abstracts have more than one
CLOSELY = 50  # candidates whose tokens are compared with the question's; on SciFact 100 rank no better


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it is searched for: its text, its vector (d,), and its tokens with their weights if known."""

    text: str
    vector: FloatArray
    tokens: QuestionVectors | None = None


@dataclass(frozen=True, slots=True)
class Candidates:
    """Papers with their scores as parallel arrays, best first.

    `lexical` is BM25, `dense` the cosine of the best window, `score` the fused one from 0 to 1. `matches` holds, for
    papers looked at closely, how well the title and each sentence match the question word by word, -1 to 1, and
    `nearest` how near such a paper comes to each of the question's tokens, shape (tokens,).
    """

    ids: IntArray
    lexical: FloatArray
    dense: FloatArray
    score: FloatArray
    matches: dict[int, FloatArray]
    nearest: dict[int, FloatArray] = field(default_factory=dict)


def embed_question(text: str, embedder: Embedder) -> Question:
    """Return the question as vectors, with tokens where the embedder knows them."""
    if isinstance(embedder, TokenEmbedder):
        tokens = embedder.embed_question(text)
        return Question(text, tokens.vector, tokens)
    return Question(text, embedder.embed_queries([text])[0])


class CandidateFinder:
    """Finds the candidates for questions in one library.

    Args:
        library: the papers and the tokens of their windows.
        vectors: the index of their windows.
        lexical: the index of their words.
    """

    def __init__(self, library: Library, vectors: VectorIndex, lexical: LexicalIndex) -> None:
        self._library = library
        self._vectors = vectors
        self._lexical = lexical

    def find(self, question: Question, idf: Callable[[str], float], limit: int, allowed: IntArray | None) -> Candidates:
        """Return at least `limit` candidates, where there are as many, of the papers in `allowed` (None: of all)."""
        depth = max(CANDIDATES, limit)
        lexical = {hit.paper_id: hit.score for hit in self._lexical.search(question.text, depth, allowed)}
        dense: dict[int, float] = {}
        for hit in self._vectors.search(question.vector, max(WINDOWS, 2 * depth), allowed):
            dense.setdefault(hit.paper_id, hit.score)
        self._complete(question, lexical, dense)
        ids = np.array(sorted(lexical.keys() | dense.keys()), np.int64)
        words = np.array([lexical.get(int(number), 0.0) for number in ids], np.float32)
        windows = np.array([dense.get(int(number), 0.0) for number in ids], np.float32)
        most = CEILING * sum(map(idf, content_words(question.text))) or 1.0
        first = first_score(words, windows if question.tokens is not None else comparable(windows), most)
        order = np.argsort(-first, kind="stable")
        found = Candidates(ids[order], words[order], windows[order], first[order], {})
        return self._look_closely(question, idf, found)

    def sentence_matches(self, question: Question, idf: Callable[[str], float], number: int) -> FloatArray | None:
        """Return how well the title and each sentence of one paper match, shape (parts,); None without tokens."""
        bits = self._library.token_bits([number]) if question.tokens is not None else {}
        if question.tokens is None or number not in bits:
            return None
        parts, _ = weighed(token_weights(question.tokens, idf), best_matches(question.tokens, [bits[number]]))
        return parts[0]

    def _complete(self, question: Question, lexical: dict[int, float], dense: dict[int, float]) -> None:
        """Give the papers that only one index found their score in the other one too."""
        unseen = np.array(sorted(dense.keys() - lexical.keys()), np.int64)
        lexical.update((hit.paper_id, hit.score) for hit in self._lexical.search(question.text, len(unseen), unseen))
        unseen = np.array(sorted(lexical.keys() - dense.keys()), np.int64)
        for hit in self._vectors.search(question.vector, 8 * len(unseen), unseen) if len(unseen) else ():
            dense.setdefault(hit.paper_id, hit.score)

    def _look_closely(self, question: Question, idf: Callable[[str], float], found: Candidates) -> Candidates:
        """Rerank the first candidates by late interaction; the others follow, with scores below theirs."""
        tokens = question.tokens
        if tokens is None:
            return replace(found, score=stretch(found.score))
        near = found.ids[:CLOSELY].tolist()
        bits = self._library.token_bits(near)
        weights = token_weights(tokens, idf)
        known = [number for number in near if number in bits]
        found_near = best_matches(tokens, [bits[number] for number in known])
        parts, wholes = weighed(weights, found_near)
        matches = dict(zip(known, parts, strict=True))
        nearest = {number: match.max(axis=1, initial=-1) for number, match in zip(known, found_near, strict=True)}
        whole = dict(zip(known, wholes.tolist(), strict=True))
        lowest = min(whole.values(), default=0.0)  # of a paper whose tokens are not known
        match = np.array([whole.get(number, lowest) for number in near], np.float32)
        score = final_score(found.score, match)
        order = np.argsort(-score, kind="stable")
        ids, lexical, dense = found.ids[order], found.lexical[order], found.dense[order]
        return Candidates(ids, lexical, dense, score[order], matches, nearest)
