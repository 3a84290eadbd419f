"""From a question to ranked papers with their sentences scored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol

import numpy as np

from assistant.candidates import CLOSELY, CandidateFinder, Candidates, Question, embed_question
from assistant.diversity import repeats_behind, spread_out
from assistant.embedders import Embedder, FloatArray
from assistant.errors import AssistantError
from assistant.filters import Filter
from assistant.fusion import CEILING
from assistant.indexes import one_generation
from assistant.interaction import coverage
from assistant.lexical import LexicalIndex
from assistant.library import IntArray, Library, StoredPaper
from assistant.lookup import named_papers
from assistant.papers import Paper, Sentence, family_names
from assistant.phrasing import introduces, system_names, tells_of_others, tells_of_own, topic_words, without_names
from assistant.sentences import Idf, answer_scores, overlap, weighted_words
from assistant.signals import retrieval_signals
from assistant.text import content_words
from assistant.vectors import VectorIndex

NAMED_FROM = 10  # candidates whose titles are compared with the question
NAMING = 10  # authors by whose names a paper may be meant
OWN = 0.3  # for a sentence about the system that its paper introduces, where the question names it
RERANKED = 20  # candidates that a reranker reads


class Reranker(Protocol):
    """Reads a question together with each text, which is slower and often better than comparing their vectors."""

    def order(self, question: str, texts: Sequence[str]) -> Sequence[int]:
        """Return the places of all `texts`, the best answer first.

        Raises:
            AssistantError: it failed or took too long.
        """
        ...


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """Sentence `index` of an abstract with its score for the question."""

    index: int
    sentence: Sentence
    score: float


@dataclass(frozen=True, slots=True)
class RankedPaper:
    """A paper found for a question: rank from 1, fused score from 0 to 1, and what it is made of.

    `lexical` is BM25 and `dense` the best window's cosine, each None where the paper was not scored.
    `sentences` are all of the abstract's, best first. `named` says that the question names this very
    paper, by key, identifier, title, or author and year. `coverage` is how far it covers every word of the question's
    topic, relative to the other papers found, 0 to 1.
    """

    rank: int
    id: int
    paper: Paper
    score: float
    lexical: float | None
    dense: float | None
    sentences: tuple[ScoredSentence, ...]
    named: bool = False
    coverage: float = 1.0


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What a question found: papers, best first, of the `searched` ones that passed the filter.

    `signals` are the figures by which the question is answered or refused, `words` the question's content
    words with their share of its weight.
    """

    question: str
    query_vector: FloatArray
    papers: tuple[RankedPaper, ...]
    searched: int
    signals: dict[str, float] = field(default_factory=dict)
    words: dict[str, float] = field(default_factory=dict)


class Searcher:
    """Ranks the papers of one library for questions.

    Args:
        library: the papers and the vectors of their sentences.
        vectors: the index of their windows.
        lexical: the index of their words.
        embedder: turns questions into vectors; the one that made the library's.
        settled: holds the library and both indexes at one generation while a question is answered.
        reranker: puts the first papers in order where a caller wants it; None leaves them as they are.
        note: told why a reranker was of no use.
    """

    def __init__(  # noqa: PLR0913  the parts of a search, each opened elsewhere
        self,
        library: Library,
        vectors: VectorIndex,
        lexical: LexicalIndex,
        embedder: Embedder,
        settled: Callable[[], AbstractContextManager[object]] | None = None,
        reranker: Reranker | None = None,
        note: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._library = library
        self._finder = CandidateFinder(library, vectors, lexical)
        self._lexical = lexical
        self._embedder = embedder
        self._settled = settled or partial(one_generation, library, vectors, lexical)
        self._reranker = reranker
        self._ordered: tuple[tuple[str, ...], Sequence[int]] = ((), ())  # what the reranker read last, and its order
        self._note = note
        self._idf: tuple[int, Idf] = (-1, Idf(0, lambda _: 0))

    @property
    def idf(self) -> Callable[[str], float]:
        """Inverse document frequencies in the library as it is now."""
        generation = self._lexical.generation
        if self._idf[0] != generation:
            self._idf = (generation, Idf(len(self._lexical), self._lexical.word_frequency))
        return self._idf[1]

    def knows(self, word: str) -> bool:
        """Return whether a word stands in any paper; a stop word does."""
        return all(self._lexical.word_frequency(stem) for stem in content_words(word))

    def wording(self, text: str) -> dict[int, float]:
        """Return how much of the wording of `text` papers have, 0 to 1, by row id; papers that have none are left out.

        It is the BM25 of words that stand side by side, as a share of what a paper could reach at most.
        """
        most = CEILING * sum(self.idf(term) for pair in self._lexical.pairs(text) for term in pair)
        return {hit.paper_id: hit.score / most for hit in self._lexical.search_wording(text, len(self._lexical))}

    def words(self, text: str) -> dict[int, float]:
        """Return how much of the words of `text` papers have, by BM25, 0 to 1, by row id; as `wording` does."""
        most = CEILING * sum(self.idf(term) for term in self._lexical.terms(text))
        return {hit.paper_id: hit.score / most for hit in self._lexical.search(text, len(self._lexical))}

    def retrieve(
        self, question: str, *, filters: Filter, limit: int, diverse: bool = False, rerank: bool = False
    ) -> Retrieval:
        """Return the best `limit` papers for `question` among those that `filters` lets pass.

        Near-duplicates of a better paper stand behind the others; `diverse` trades relevance for spread. `rerank` lets
        the reranker, where there is one, put the first papers in order.
        """
        asked = embed_question(question, self._embedder)
        with self._settled():
            return self._retrieve(asked, filters, limit, diverse=diverse, rerank=rerank)

    def rank(self, question: str, *, filters: Filter, limit: int, rerank: bool = False) -> list[tuple[int, float]]:
        """Return row id and score of the best `limit` papers, in the order in which `retrieve` gives them."""
        asked = embed_question(question, self._embedder)
        with self._settled():
            allowed = self._library.matching_ids(filters)
            candidates = self._found(asked, limit, allowed, rerank=rerank)
            found = self._arranged(candidates, self._named(asked, allowed, candidates), limit)
        return list(zip(found.ids[:limit].tolist(), found.score[:limit].tolist(), strict=True))

    def _found(self, question: Question, limit: int, allowed: IntArray | None, *, rerank: bool) -> Candidates:
        """Return the candidates, their first ones as the reranker orders them where that is wanted and works."""
        found = self._finder.find(question, self.idf, limit, allowed)
        if not rerank or self._reranker is None or not len(found.ids):
            return found
        numbers = found.ids[:RERANKED].tolist()
        stored = self._library.load(numbers)
        papers = [stored[number].paper if number in stored else Paper(title="") for number in numbers]
        texts = tuple(f"{paper.title}. {paper.abstract}" for paper in papers)
        if self._ordered[0] != (question.text, *texts):
            try:
                self._ordered = (question.text, *texts), self._reranker.order(question.text, texts)
            except AssistantError as error:
                self._note(f"the papers were not reranked: {error}")
                return found
        order = np.array(self._ordered[1], np.int64)
        places = np.concatenate([order, np.arange(len(order), len(found.ids))])
        # The scores stay: each tells how good a place is, and the reranker says which paper takes it.
        return replace(found, ids=found.ids[places], lexical=found.lexical[places], dense=found.dense[places])

    def _retrieve(self, question: Question, filters: Filter, limit: int, *, diverse: bool, rerank: bool) -> Retrieval:
        allowed = self._library.matching_ids(filters)
        searched = self._library.count() if allowed is None else len(allowed)
        candidates = self._found(question, limit, allowed, rerank=rerank)
        named = self._named(question, allowed, candidates)
        words = weighted_words(question.text, self.idf)
        papers, nearest = self._ranked(self._arranged(candidates, named, limit, diverse), words, question, limit)
        if named is not None:
            papers = tuple(replace(ranked, named=ranked.id in named.ids) for ranked in papers)
        topic = topic_words(words) or words
        papers = _with_coverage(papers, question, topic, candidates.nearest)
        texts = [(_heading(ranked.paper), [scored.sentence.text for scored in ranked.sentences]) for ranked in papers]
        signals = retrieval_signals(candidates, topic, self.idf, texts, nearest, system_names(question.text))
        return Retrieval(question.text, question.vector, papers, searched, signals, words)

    def _named(self, question: Question, allowed: IntArray | None, candidates: Candidates) -> Candidates | None:
        """Return the allowed papers that the question names outright, ranked among themselves; None without any."""
        found = np.unique(named_papers(self._library, question.text, candidates.ids[:NAMED_FROM].tolist()))
        if allowed is not None and len(found):
            found = np.intersect1d(found, allowed)
        if not len(found):
            return None
        return self._finder.find(question, self.idf, len(found), found.astype(np.int64))

    def _arranged(
        self, candidates: Candidates, named: Candidates | None, limit: int, diverse: bool = False
    ) -> Candidates:
        """Return the candidates in the order of the list: named papers first, near-duplicates last or spread out."""
        start = len(named.ids) if named is not None else 0
        found = _promote(candidates, named)
        end = start + max(CLOSELY, limit)
        vectors = self._library.first_vectors(found.ids[start:end].tolist())
        apart = spread_out(found.score[start:end], vectors) if diverse else repeats_behind(vectors)
        order = np.arange(len(found.ids))
        order[start:end] = start + apart
        score = np.minimum.accumulate(found.score[order])  # a paper counts no more than the one above it
        ids, lexical, dense = found.ids[order], found.lexical[order], found.dense[order]
        return Candidates(ids, lexical, dense, score, found.matches, found.nearest)

    def _ranked(
        self, candidates: Candidates, words: dict[str, float], question: Question, limit: int
    ) -> tuple[tuple[RankedPaper, ...], list[float]]:
        """Return the first papers with their sentences scored, and the cosine of each one's nearest sentence."""
        ids = candidates.ids[:limit].tolist()
        stored = self._library.load(ids)
        vectors = self._library.sentence_vectors(ids)
        rest = self._rest(question)
        ranked: list[RankedPaper] = []
        nearest: list[float] = []
        for place, number in enumerate(ids):
            if number not in stored:  # removed since the indexes were read
                continue
            cosines = vectors[number] @ question.vector
            nearest.append(float(cosines.max(initial=0.0)))
            matches = candidates.matches.get(number)
            systems = _introduced(system_names(question.text), stored[number]) if rest is not None else []
            if rest is not None and systems:
                sentences = self._of_systems(systems, rest, stored[number], vectors[number])
            else:
                sentences = _scored_sentences(question.text, words, stored[number], cosines, matches)
            ranked.append(
                RankedPaper(
                    rank=len(ranked) + 1,
                    id=number,
                    paper=stored[number].paper,
                    score=float(candidates.score[place]),
                    lexical=float(candidates.lexical[place]),
                    dense=float(candidates.dense[place]),
                    sentences=sentences,
                )
            )
        return tuple(ranked), nearest

    def _rest(self, question: Question) -> Question | None:
        """Return a question without the systems that it names; None where it names none or asks nothing else."""
        rest = without_names(question.text)
        if rest == question.text or not topic_words(weighted_words(rest, self.idf)):
            return None
        return embed_question(rest, self._embedder)

    def _of_systems(
        self, names: Sequence[str], rest: Question, stored: StoredPaper, vectors: FloatArray
    ) -> tuple[ScoredSentence, ...]:
        """Return the sentences of the paper that introduces systems: the rest of the question decides among its own."""
        matches = self._finder.sentence_matches(rest, self.idf, stored.id)
        scored = _scored_sentences(
            rest.text, weighted_words(rest.text, self.idf), stored, vectors @ rest.vector, matches
        )
        told = [replace(one, score=one.score + _ownness(names, one.sentence.text)) for one in scored]
        return tuple(sorted(told, key=lambda one: -one.score))


def _ownness(names: Sequence[str], sentence: str) -> float:
    """Return what it is worth that a sentence tells of its paper's own system; less than 0 for one on other work."""
    return -OWN if tells_of_others(sentence) else OWN * tells_of_own(names, sentence)


def _introduced(names: Sequence[str], stored: StoredPaper) -> list[str]:
    """Return those of `names` that a paper itself introduces."""
    texts = [sentence.text for sentence in stored.sentences]
    return [name for name in names if introduces(name, stored.paper.title, texts)]


def _with_coverage(
    papers: tuple[RankedPaper, ...], question: Question, topic: Mapping[str, float], nearest: Mapping[int, FloatArray]
) -> tuple[RankedPaper, ...]:
    """Return the papers with how far they cover the topic: by meaning where tokens are known, else by words."""
    if question.tokens is not None and all(ranked.id in nearest for ranked in papers):
        covered = coverage(question.tokens, topic, [nearest[ranked.id] for ranked in papers]).tolist()
    else:
        shares = [overlap(topic, f"{ranked.paper.title} {ranked.paper.abstract}") for ranked in papers]
        best = max(shares, default=0.0) or 1.0
        covered = [share / best for share in shares]
    return tuple(replace(ranked, coverage=share) for ranked, share in zip(papers, covered, strict=True))


def _heading(paper: Paper) -> str:
    """Return the title and the first authors' family names: a question may mention either."""
    names = (family_names(author) for author in paper.authors[:NAMING])
    return " ".join((paper.title, *(forms[0] for forms in names if forms)))


def _promote(candidates: Candidates, named: Candidates | None) -> Candidates:
    """Return the candidates with the named papers in front, above all others in score."""
    if named is None:
        return candidates
    others = ~np.isin(candidates.ids, named.ids)
    score = np.concatenate([np.ones(len(named.ids), np.float32), candidates.score[others] * np.float32(0.9)])
    return Candidates(
        np.concatenate([named.ids, candidates.ids[others]]),
        np.concatenate([named.lexical, candidates.lexical[others]]),
        np.concatenate([named.dense, candidates.dense[others]]),
        score,
        candidates.matches | named.matches,
        candidates.nearest | named.nearest,
    )


def _scored_sentences(
    question: str, words: dict[str, float], stored: StoredPaper, cosines: FloatArray, matches: FloatArray | None
) -> tuple[ScoredSentence, ...]:
    texts = [sentence.text for sentence in stored.sentences]
    # the first part that was matched is the title; a record repaired by hand may not fit its tokens
    matched = matches[1:] if matches is not None and len(matches) == len(texts) + 1 else None
    scores = answer_scores(question, words, texts, cosines, matched)
    order = np.argsort(-scores, kind="stable").tolist()
    return tuple(ScoredSentence(index, stored.sentences[index], float(scores[index])) for index in order)
