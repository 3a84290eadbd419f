"""From a model's sentence to a claim: the quotes that carry it, and the verdict on how well they do."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answers import Citation, Claim, Support
from assistant.citations import CitedSentence
from assistant.embedders import Embedder, FloatArray
from assistant.library import Library
from assistant.papers import Paper, Sentence, family_names
from assistant.qa.numbering import Numbering
from assistant.retrieval import RankedPaper
from assistant.sentences import score_sentences, weighted_words
from assistant.verification import Verdict, scattered, verify

_FEWEST_WORDS = 3  # fewer state nothing, so that nothing can prove them: "Proof.", "Verified."
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

    @classmethod
    def of_papers(
        cls,
        papers: Sequence[Paper],
        *,
        library: Library,
        idf: Callable[[str], float],
        embedder: Embedder,
        numbering: Numbering,
    ) -> Grounding:
        """Return the grounding of a text that cites `papers` under the numbers from 1."""
        ids = library.ids_of_keys([paper.key for paper in papers])
        numbers = [ids[paper.key] for paper in papers]
        stored, vectors = library.load(numbers), library.sentence_vectors(numbers)
        sources = [Source(stored[number].paper, stored[number].sentences, vectors[number]) for number in numbers]
        return cls(sources, len(sources), idf=idf, embedder=embedder, numbering=numbering)

    def ground(self, sentence: CitedSentence) -> Claim:
        """Return the claim that `sentence` makes, with quotes from the papers it cites.

        A sentence without a usable citation, or whose cited papers do not carry it, is attributed to
        the paper that says exactly it, where there is one; the reason then names what was cited.
        """
        cited = [number for number in sentence.sources if number <= self._citable]
        named = {ref.source: ref.sentence for ref in sentence.cited if ref.sentence}
        claim = self.check(sentence.text, cited, sentence.problems, named)
        if claim.support is Support.VERIFIED:
            return claim
        return self._attributed(sentence, cited) or claim

    def check(
        self, text: str, cited: Sequence[int], problems: Sequence[str] = (), named: dict[int, int] | None = None
    ) -> Claim:
        """Return the claim `text` with quotes of the `cited` sources and the verdict on them.

        Args:
            text: one sentence without markers.
            cited: numbers of sources.
            problems: what is wrong with its citations, for the reason.
            named: the number of the sentence, from 1, that the text names of a source.
        """
        if not cited:
            return Claim(text, Support.UNSUPPORTED, "; ".join(problems) or "it cites no paper")
        vector = self._embedder.embed_queries([text])[0]
        quotes = {number: self._quotes(text, vector, number, named or {}) for number in cited}
        verdict = self._together(text, vector, quotes)
        idle = [number for number in cited if self._is_idle(text, vector, quotes, number, verdict)]
        reasons = [verdict.reason, *(f"{self._sources[n - 1].paper.key} does not say it" for n in idle), *problems]
        # A citation that leads nowhere, or says nothing of it, may stand for a part of the sentence.
        doubtful = verdict.support is Support.VERIFIED and (idle or problems)
        support = Support.WEAK if doubtful else verdict.support
        citations = tuple(self._citation(number, index) for number, index in _pairs(quotes, cited))
        return Claim(text, support, "; ".join(reasons), citations)

    def _together(self, text: str, vector: FloatArray, quotes: dict[int, list[int]]) -> Verdict:
        """Return the verdict on all quotes; several papers carry a statement only where one of them says it."""
        verdict = self._verdict(text, vector, _pairs(quotes, list(quotes)))
        if verdict.support is not Support.VERIFIED or len(quotes) < 2:
            return verdict
        papers = [(self._sources[number - 1], places) for number, places in quotes.items()]
        groups = [[source.sentences[place].text for place in places] for source, places in papers]
        word = scattered(text, groups, [source.paper.title for source, _ in papers])
        return Verdict(Support.WEAK, f"no one of the papers says all of it: not {word!r}") if word else verdict

    def _is_idle(
        self, text: str, vector: FloatArray, quotes: dict[int, list[int]], number: int, verdict: Verdict
    ) -> bool:
        """Return whether one of several cited papers carries nothing of what the others carry without it."""
        others = [other for other in quotes if other != number]
        if not others or verdict.support is Support.UNSUPPORTED:
            return False
        alone = self._verdict(text, vector, _pairs(quotes, [number]))
        without = self._verdict(text, vector, _pairs(quotes, others))
        return alone.support is Support.UNSUPPORTED and _ORDER[without.support] >= _ORDER[verdict.support]

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
        # What the best sentence denies another one has to say outright.
        needed = Support.VERIFIED if first.contradicted else Support.WEAK
        for other in order[1:3]:
            pairs = [[(number, other)], [(number, order[0]), (number, other)]]
            for pair in pairs:
                found = self._verdict(text, vector, pair).support
                if _ORDER[found] > _ORDER[first.support] and _ORDER[found] >= _ORDER[needed]:
                    return [index for _, index in pair]
        return order[:1]

    def _attributed(self, sentence: CitedSentence, cited: Sequence[int]) -> Claim | None:
        """Return the claim tied to the sentence of another paper that says exactly it, or None."""
        vector = self._embedder.embed_queries([sentence.text])[0]
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
        instead = [f"{self._sources[number - 1].paper.key} was cited and does not say it" for number in cited]
        reason = "; ".join((*instead, *sentence.problems)) or "the model named no source"
        support = Support.WEAK if sentence.problems else Support.VERIFIED
        return Claim(sentence.text, support, reason, (self._citation(*best[1:]),), attributed=True)

    def _scores(self, text: str, vector: FloatArray, source: Source) -> FloatArray:
        words = weighted_words(text, self._idf)
        return score_sentences(words, vector, [sentence.text for sentence in source.sentences], source.vectors)

    def _verdict(self, text: str, vector: FloatArray, quotes: Sequence[tuple[int, int]]) -> Verdict:
        if not quotes:
            return Verdict(Support.UNSUPPORTED, "the cited paper has no abstract to quote")
        if len(text.split()) < _FEWEST_WORDS or text.rstrip(" \"”')").endswith("?"):
            return Verdict(Support.UNSUPPORTED, "it states nothing")
        texts = [self._sources[number - 1].sentences[index].text for number, index in quotes]
        cosines = [float(self._sources[number - 1].vectors[index] @ vector) for number, index in quotes]
        papers = list({number: self._sources[number - 1].paper for number, _ in quotes}.values())
        titles = [paper.title for paper in papers]
        text = _without_authors(text, papers)
        return verify(text, texts, idf=self._idf, similarity=max(cosines), context=titles)

    def _citation(self, number: int, index: int) -> Citation:
        source = self._sources[number - 1]
        return cite(source.paper, source.sentences[index], self._numbering)


def _without_authors(text: str, papers: Sequence[Paper]) -> str:
    """Return a claim with the family names of the cited papers' authors as "the authors": "Chen and Lee found ..."."""
    families = {family_names(author)[0] for paper in papers for author in paper.authors if family_names(author)}
    if not families:
        return text
    name = "|".join(map(re.escape, sorted(families, key=len, reverse=True)))
    subject = rf"^(?:{name})(?:(?:, (?:{name}))*,? (?:and|&) (?:{name}|colleagues|co-workers))?(?=\s+(?!et\b)[a-z])"
    return re.sub(subject, "The authors", text)


def _pairs(quotes: dict[int, list[int]], numbers: Sequence[int]) -> list[tuple[int, int]]:
    return [(number, index) for number in numbers for index in quotes[number]]


def cite(paper: Paper, sentence: Sentence, numbering: Numbering) -> Citation:
    """Return the citation of one sentence of `paper` under the number that `numbering` gives it."""
    number = numbering.number(paper.key)
    return Citation(number, paper.key, paper.source_id, sentence.text, sentence.start, sentence.end)
