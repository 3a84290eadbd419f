"""From a model's sentence to a claim: the quotes that carry it, and the verdict on how well they do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answers import Citation, Claim, Support
from assistant.citations import CitedSentence
from assistant.embedders import Embedder, FloatArray
from assistant.library import Library
from assistant.papers import Paper, Sentence
from assistant.qa.numbering import Numbering
from assistant.retrieval import RankedPaper
from assistant.sentences import score_sentences, weighted_words
from assistant.verification import Verdict, verify

_ORDER = {Support.VERIFIED: 2, Support.WEAK: 1, Support.UNSUPPORTED: 0}


@dataclass(frozen=True, slots=True)
class Source:
    """A paper under the number by which a model cites it, with its sentences and their vectors, shape (s, d)."""

    paper: Paper
    sentences: tuple[Sentence, ...]
    vectors: FloatArray


class Grounding:
    """Ties the sentences of one answer to the papers it may cite.

    Args:
        sources: the papers; the model was given the first `citable` under the numbers from 1, the others
            were retrieved too and may turn out to say what an uncited sentence says.
        citable: how many sources have a number.
        idf: inverse document frequency of a stemmed word.
        embedder: compares a claim with sentences.
        numbering: the numbers shown to the reader.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        citable: int,
        *,
        idf: Callable[[str], float],
        embedder: Embedder,
        numbering: Numbering,
    ) -> None:
        self._sources = sources
        self._citable = citable
        self._idf = idf
        self._embedder = embedder
        self._numbering = numbering

    @classmethod
    def over(
        cls,
        cited: Sequence[RankedPaper],
        others: Sequence[RankedPaper],
        *,
        library: Library,
        idf: Callable[[str], float],
        embedder: Embedder,
        numbering: Numbering,
    ) -> Grounding:
        """Return the grounding of an answer over papers that may be cited, and others that were retrieved."""
        papers = [*cited, *others]
        vectors = library.sentence_vectors([ranked.id for ranked in papers])
        sources = []
        for ranked in papers:
            ordered = sorted(ranked.sentences, key=lambda scored: scored.index)
            sources.append(Source(ranked.paper, tuple(s.sentence for s in ordered), vectors[ranked.id]))
        return cls(sources, len(cited), idf=idf, embedder=embedder, numbering=numbering)

    def ground(self, sentence: CitedSentence) -> Claim:
        """Return the claim that `sentence` makes, with quotes from the papers it cites.

        A sentence without a usable citation, or whose cited papers do not carry it, is attributed to
        the paper that says exactly it, where there is one.
        """
        vector = self._embedder.embed_queries([sentence.text])[0]
        cited = list(dict.fromkeys(ref.source for ref in sentence.cited if 1 <= ref.source <= self._citable))
        named = {ref.source: ref.sentence for ref in sentence.cited if ref.sentence}
        claim = self._claim(sentence, vector, cited, named)
        if claim.support is not Support.VERIFIED:
            attributed = self._attribute(sentence, vector, cited)
            if attributed is not None:
                return attributed
        return claim

    def _claim(self, sentence: CitedSentence, vector: FloatArray, cited: Sequence[int], named: dict[int, int]) -> Claim:
        if not cited:
            reason = "; ".join(sentence.problems) or "it cites no paper"
            return Claim(sentence.text, Support.UNSUPPORTED, reason)
        quotes = [(number, quote) for number in cited for quote in self._quotes(sentence.text, vector, number, named)]
        verdict = self._verdict(sentence.text, vector, quotes)
        reason = "; ".join((verdict.reason, *sentence.problems))
        return Claim(sentence.text, verdict.support, reason, tuple(self._citation(n, i) for n, i in quotes))

    def _quotes(self, text: str, vector: FloatArray, number: int, named: dict[int, int]) -> list[int]:
        """Return the sentences of one cited paper that carry `text`: one, or two where both are needed."""
        source = self._sources[number - 1]
        if not source.sentences:
            return []
        order: list[int] = np.argsort(-self._scores(text, vector, source), kind="stable").tolist()
        chosen = named.get(number, 0) - 1
        if 0 <= chosen < len(source.sentences):
            order = [chosen, *(index for index in order if index != chosen)]
        first = self._verdict(text, vector, [(number, order[0])])
        if first.support is Support.VERIFIED or len(order) == 1:
            return order[:1]
        for other in order[1:3]:
            pairs = [[(number, other)], [(number, order[0]), (number, other)]]
            for pair in pairs:
                if _ORDER[self._verdict(text, vector, pair).support] > _ORDER[first.support]:
                    return [index for _, index in pair]
        return order[:1]

    def _attribute(self, sentence: CitedSentence, vector: FloatArray, cited: Sequence[int]) -> Claim | None:
        """Return the claim tied to an uncited sentence that verifies it, best first, or None."""
        best: tuple[float, int, int] | None = None
        for number, source in enumerate(self._sources, start=1):
            if number in cited or not source.sentences:
                continue
            scores = self._scores(sentence.text, vector, source)
            index = int(np.argmax(scores))
            if best is None or scores[index] > best[0]:
                best = (float(scores[index]), number, index)
        if best is None:
            return None
        verdict = self._verdict(sentence.text, vector, [best[1:]])
        if verdict.support is not Support.VERIFIED:
            return None
        reason = "; ".join((verdict.reason, *sentence.problems))
        return Claim(sentence.text, verdict.support, reason, (self._citation(*best[1:]),), attributed=True)

    def _scores(self, text: str, vector: FloatArray, source: Source) -> FloatArray:
        words = weighted_words(text, self._idf)
        return score_sentences(words, vector, [sentence.text for sentence in source.sentences], source.vectors)

    def _verdict(self, text: str, vector: FloatArray, quotes: Sequence[tuple[int, int]]) -> Verdict:
        if not quotes:
            return Verdict(Support.UNSUPPORTED, "the cited paper has no abstract to quote")
        texts = [self._sources[number - 1].sentences[index].text for number, index in quotes]
        cosines = [float(self._sources[number - 1].vectors[index] @ vector) for number, index in quotes]
        return verify(text, texts, idf=self._idf, similarity=max(cosines))

    def _citation(self, number: int, index: int) -> Citation:
        source = self._sources[number - 1]
        return cite(source.paper, source.sentences[index], self._numbering)


def cite(paper: Paper, sentence: Sentence, numbering: Numbering) -> Citation:
    """Return the citation of one sentence of `paper` under the number that `numbering` gives it."""
    number = numbering.number(paper.key)
    return Citation(number, paper.key, paper.source_id, sentence.text, sentence.start, sentence.end)
