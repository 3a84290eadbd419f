"""Which sentences answer a question, across papers and without repeats."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assistant.answers import Intent
from assistant.aspects import REMEDY, asked_aspect
from assistant.papers import Paper, Sentence
from assistant.phrasing import (
    asked_subject,
    asked_system,
    asks_change,
    contributes,
    defines,
    introduces,
    leans,
    named_things,
    names_topic,
    points_to_code,
    proposes,
    system_names,
    tells_of_others,
    topic_words,
)
from assistant.retrieval import RankedPaper, Retrieval, ScoredSentence
from assistant.text import content_words, fold

REPEAT = 0.6  # share of common words from which a sentence says the same as another
KEPT = 0.7  # of the best score: a sentence below it belongs to another question
PER_PAPER = 2  # sentences of one paper in the answer to a plain question
PAPER_WEIGHT = 0.5  # how much the paper's rank counts beside the sentence itself
TRIED = 3  # sentences of a paper in a list, of which the first one that says something new is shown
COMPARED = 2  # sentences of each paper in a comparison
FEW = 4  # papers that a comparison shows all of, where the filter lets no more pass: they were chosen one by one
DEFINITION = 0.5  # for a sentence that says what the thing asked about is
ASPECT = 0.3  # for a sentence that speaks of the side of the matter that is asked for
CONTRIBUTION = 0.3  # in a list of papers, for a sentence that says what its paper does
PROPOSAL = 1.0  # where the question has no topic, for a sentence that says what its paper brings
LINK = 0.5  # off for a sentence that only says where code or data lie, where the question does not ask for them
APART = 0.2  # off for a sentence of a list that begins by joining itself to the one before it, or tells of other work
_LIST_ALL = re.compile(
    r"\W*(?:please )?(?:list|show|name|enumerate|give)(?: me)?(?: all| every)?(?: of)?(?: the| my| your)? papers?\W*$",
    re.I,
)
# A paper belongs in a list of papers where its fused score plus COVERAGE_WEIGHT times how far it covers every word of
# the topic reaches LISTED. Chosen on a grid over the 40 labelled review questions of both libraries of
# tests/benchmarks/bench_review_questions.py for the widest margin over a precision of 0.90 and a recall of 0.80: 0.934
# and 0.951 over the sample, 0.915 and 0.815 over cs.IR; with both chosen without the question that they cut, 0.915 and
# 0.951, 0.915 and 0.815; in five folds (six draws) 0.91 and 0.92, 0.91 and 0.80.
COVERAGE_WEIGHT = 0.1
LISTED = 0.67
COVERED = 0.7  # of the best coverage: below it a keyword is missing; chosen on half of tests/data/typed_questions.jsonl


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a paper that speaks to the question; `index` is its place in the abstract, `rank` the paper's."""

    paper: Paper
    index: int
    sentence: Sentence
    score: float
    rank: int


def select_evidence(retrieval: Retrieval, intent: Intent, limit: int) -> tuple[Evidence, ...]:
    """Return at most `limit` sentences that answer, best first, none saying what an earlier one says.

    A plain question gets the best sentences of any paper, or of those it names. A question for papers (LIST, COMPARE,
    SUMMARY) gets one sentence of each paper on its topic, in the order of the papers; of what has changed, in the order
    of years, and of things compared, in the order in which the question names them. A LOOKUP gets sentences of the
    first paper.
    """
    bonus = _bonus(retrieval.question, intent)
    if intent is Intent.LOOKUP:
        return tuple(_distinct(_of_papers(retrieval.papers[:1], limit, bonus), limit))
    if intent is Intent.COMPARE:
        compared = _compared(retrieval)
        places = {ranked.rank: place for place, ranked in enumerate(compared)}
        told = sorted(_of_papers(compared, COMPARED, bonus), key=lambda piece: (places[piece.rank], piece.index))
        return tuple(_distinct(told, limit))
    if intent is not Intent.QUESTION:
        telling = _telling(bonus) if asks_for_all(retrieval) else bonus
        told = _one_of_each(papers_on_topic(retrieval), limit, telling)
        return tuple(sorted(told, key=_year) if asks_change(retrieval.question) else told)
    named = tuple(ranked for ranked in retrieval.papers if ranked.named)
    eligible = (
        named
        or _introducing(retrieval)
        or _mentioning(retrieval.papers, system_names(retrieval.question))
        or retrieval.papers
    )
    pool = sorted(_of_papers(eligible, PER_PAPER, bonus), key=lambda found: -found.score)
    best = max((found.score for found in pool), default=0.0)
    return tuple(_distinct((found for found in pool if found.score >= KEPT * best), limit))


def asks_for_all(retrieval: Retrieval) -> bool:
    """Return whether a question says nothing of what the papers are about: "Which papers are there?"."""
    return bool(retrieval.words) and (not topic_words(retrieval.words) or bool(_LIST_ALL.match(retrieval.question)))


def papers_on_topic(retrieval: Retrieval) -> list[RankedPaper]:
    """Return the papers that belong in a list of papers on the question's topic, best first; at least the first."""
    if asks_for_all(retrieval):
        return list(retrieval.papers)
    among = _meant_by_keywords(retrieval) if names_topic(retrieval.question) else retrieval.papers
    listed = [ranked for ranked in among if ranked.named or ranked.score + COVERAGE_WEIGHT * ranked.coverage >= LISTED]
    return listed or list(among[:1])


def _meant_by_keywords(retrieval: Retrieval) -> Sequence[RankedPaper]:
    """Return the papers that keywords may mean: those that they name, else those that cover them about as well as any.

    Each of a few keywords counts; a paper on a matter beside theirs has most of them. Keywords that only come near a
    title ("graph neural networks recommendation") may well mean its topic.
    """
    named = [ranked for ranked in retrieval.papers if ranked.named]
    if named and not any(_is_topic_of(ranked.paper.title, retrieval.question) for ranked in named):
        return named
    papers = _mentioning(retrieval.papers, system_names(retrieval.question)) or retrieval.papers
    covered = COVERED * max((ranked.coverage for ranked in papers), default=0.0)
    return [ranked for ranked in papers if ranked.coverage >= covered] or papers


def _is_topic_of(title: str, keywords: str) -> bool:
    """Return whether keywords are words of a title, but not the title itself."""
    return fold(title) != fold(keywords) and set(content_words(keywords)) <= set(content_words(title))


def _compared(retrieval: Retrieval) -> list[RankedPaper]:
    """Return the papers of the things that a comparison names, in its order; those on the topic where it names none.

    A thing's papers are those about it, else the first that mentions it.
    """
    meant: dict[int, RankedPaper] = {}
    for name in named_things(retrieval.question):
        about = [ranked for ranked in retrieval.papers if owns(ranked, name)]
        meant |= {ranked.rank: ranked for ranked in about or _mentioning(retrieval.papers, [name])[:1]}
    if meant:
        return list(meant.values())
    return list(retrieval.papers) if retrieval.searched <= FEW else papers_on_topic(retrieval)


def _year(piece: Evidence) -> int:
    """Return the year of a sentence's paper, one far off where it is unknown."""
    return piece.paper.year or 9999


def _mentioning(papers: Iterable[RankedPaper], names: Sequence[str]) -> tuple[RankedPaper, ...]:
    """Return the papers in which one of `names` stands: what others say is not said of it."""
    return tuple(ranked for ranked in papers if any(mentions(ranked.paper, name) for name in names))


def _introducing(retrieval: Retrieval) -> tuple[RankedPaper, ...]:
    """Return the papers that introduce the system whose workings are asked; others speak of it in passing."""
    name = asked_system(retrieval.question)
    return tuple(
        ranked
        for ranked in retrieval.papers
        if name and introduces(name, ranked.paper.title, [scored.sentence.text for scored in ranked.sentences])
    )


def mentions(paper: Paper, name: str) -> bool:
    """Return whether `name` stands in a paper's title or abstract as a word of its own."""
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", f"{paper.title} {paper.abstract}", re.IGNORECASE) is not None


def owns(ranked: RankedPaper, name: str) -> bool:
    """Return whether a paper is the one about `name`: it stands in the title, or the abstract defines it."""
    in_title = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", ranked.paper.title, re.IGNORECASE)
    return in_title is not None or any(defines(name, scored.sentence.text) for scored in ranked.sentences)


def _bonus(question: str, intent: Intent) -> Callable[[str], float]:
    """Return what a sentence's phrasing is worth for this kind of question."""
    aspect = asked_aspect(question)
    if intent is Intent.QUESTION:
        subject = asked_subject(question)
        link = 0.0 if re.search(r"\b(?:code|data|available|where|github)", question, re.IGNORECASE) else LINK
        return lambda sentence: (
            max(
                DEFINITION if subject and defines(subject, sentence) else 0.0,
                ASPECT if aspect and aspect.spoken_of(sentence) else 0.0,
            )
            - (link if points_to_code(sentence) else 0.0)
        )
    wanted = aspect.spoken_of if aspect and intent is Intent.LIST else contributes
    return lambda sentence: (
        (CONTRIBUTION if wanted(sentence) or (aspect is REMEDY and contributes(sentence)) else 0.0)
        - (APART if leans(sentence) or tells_of_others(sentence) else 0.0)
    )


def _telling(bonus: Callable[[str], float]) -> Callable[[str], float]:
    """Return what a sentence is worth where the question has no topic: above all it says what its paper brings."""
    return lambda sentence: bonus(sentence) + (PROPOSAL if proposes(sentence) else 0.0)


def _of_papers(papers: Iterable[RankedPaper], each: int, bonus: Callable[[str], float]) -> list[Evidence]:
    """Return the best `each` sentences of every paper; the paper's own score counts too."""
    found: list[Evidence] = []
    for ranked in papers:
        pieces = [_evidence(ranked, scored, bonus(scored.sentence.text)) for scored in ranked.sentences]
        found += sorted(pieces, key=lambda piece: -piece.score)[:each]
    return found


def _evidence(ranked: RankedPaper, scored: ScoredSentence, bonus: float) -> Evidence:
    score = scored.score + bonus + PAPER_WEIGHT * ranked.score
    return Evidence(ranked.paper, scored.index, scored.sentence, score, ranked.rank)


def _distinct(pool: Iterable[Evidence], limit: int) -> list[Evidence]:
    """Return the first `limit` of `pool`, leaving out those that repeat an earlier one."""
    chosen: list[Evidence] = []
    said: list[set[str]] = []
    for found in pool:
        if len(chosen) == limit:
            break
        words = set(content_words(found.sentence.text))
        if not any(_shared(words, others) > REPEAT for others in said):
            chosen.append(found)
            said.append(words)
    return chosen


def _one_of_each(papers: Iterable[RankedPaper], limit: int, bonus: Callable[[str], float]) -> list[Evidence]:
    """Return one sentence of each paper, its best that says something new; none of one that repeats another paper."""
    chosen: list[Evidence] = []
    for ranked in papers:
        abstract = set(content_words(ranked.paper.abstract))
        if any(_shared(abstract, set(content_words(piece.paper.abstract))) > REPEAT for piece in chosen):
            continue
        pieces = _of_papers([ranked], TRIED, bonus)
        chosen += _distinct([*chosen, *pieces], len(chosen) + 1)[len(chosen) :]
        if len(chosen) == limit:
            break
    return chosen


def _shared(first: set[str], second: set[str]) -> float:
    """Return the share of common words, from 0 to 1."""
    either = len(first | second)
    return len(first & second) / either if either else 1.0
