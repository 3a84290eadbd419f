"""Evidence: the sentences that answer, each said once, for one paper or for many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from assistant.answers import Intent
from assistant.evidence import asks_for_all, papers_on_topic, select_evidence
from assistant.papers import Sentence
from assistant.retrieval import RankedPaper, Retrieval, ScoredSentence
from assistant.sentences import weighted_words
from tests.libraries import paper


def ranked(rank: int, title: str, *scored: tuple[str, float], score: float = 1.0, named: bool = False) -> RankedPaper:
    """Return a paper found, its sentences given with their scores."""
    sentences = [
        ScoredSentence(place, Sentence(text, 0, len(text)), worth) for place, (text, worth) in enumerate(scored)
    ]
    best_first = tuple(sorted(sentences, key=lambda each: -each.score))
    abstract = " ".join(text for text, _ in scored)
    return RankedPaper(rank, rank, paper(title, abstract), score, 1.0, 0.5, best_first, named)


def found(question: str, *papers: RankedPaper, searched: int = 100) -> Retrieval:
    words = weighted_words(question, lambda _: 1.0)
    return Retrieval(question, np.zeros(2, np.float32), papers, searched, {}, words)


def texts(retrieval: Retrieval, intent: Intent = Intent.QUESTION, limit: int = 5) -> Sequence[str]:
    return [piece.sentence.text for piece in select_evidence(retrieval, intent, limit)]


FAST = ranked(1, "Fast sort", ("It halves the time.", 1.0), ("It was tried on disks.", 0.9), ("It is stable.", 0.85))
SLOW = ranked(2, "Slow sort", ("Slow sort doubles the time.", 0.99), ("Nothing else.", 0.1), score=0.9)


def test_a_plain_question_gets_the_best_sentences_two_of_a_paper_at_most() -> None:
    expected = ["It halves the time.", "Slow sort doubles the time.", "It was tried on disks."]
    assert texts(found("How fast is sorting?", FAST, SLOW)) == expected
    assert texts(found("How fast is sorting?", FAST, SLOW), limit=1) == expected[:1]


def test_sentences_far_below_the_best_belong_to_another_question() -> None:
    assert "Nothing else." not in texts(found("How fast is sorting?", FAST, SLOW), limit=10)


def test_keywords_mean_papers_that_have_all_of_them() -> None:
    both = ranked(1, "Stemming Persian", ("We stem Persian words.", 1.0))
    one = replace(ranked(2, "Persian moods", ("We read Persian moods.", 1.0), score=0.9), coverage=0.5)
    assert papers_on_topic(found("stemming persian", both, one)) == [both]
    assert papers_on_topic(found("Which papers study Persian?", both, one)) == [both, one]


def test_keywords_with_a_system_mean_the_papers_that_mention_it() -> None:
    mcm = ranked(1, "Partitioning", ("MCMs make chips cheaper.", 1.0))
    other = ranked(2, "Chips", ("Chips are dear.", 1.0))
    assert papers_on_topic(found("benefits of MCMs", mcm, other)) == [mcm]


def test_what_has_changed_is_told_from_the_oldest_paper_on() -> None:
    new, old = (ranked(place, f"Sort {year}", (f"It is of {year}.", 1.0)) for place, year in ((1, 2020), (2, 2010)))
    new, old = (replace(one, paper=replace(one.paper, year=int(one.paper.title[-4:]))) for one in (new, old))
    told = found("How has sorting changed over the years?", new, old)
    assert texts(told, Intent.LIST) == ["It is of 2010.", "It is of 2020."]
    assert texts(found("Which papers sort?", new, old), Intent.LIST) == ["It is of 2020.", "It is of 2010."]


def test_things_are_compared_in_the_order_of_the_question() -> None:
    fast, slow = ranked(1, "QuickSort", ("It halves.", 1.0)), ranked(2, "SlowSort", ("It doubles.", 1.0))
    assert texts(found("Compare SlowSort with QuickSort", fast, slow), Intent.COMPARE) == ["It doubles.", "It halves."]


def test_a_comparison_with_what_no_paper_is_about_keeps_to_papers_that_mention_it() -> None:
    fast, heap = (
        ranked(1, "QuickSort", ("QuickSort is a match for SlowSort.", 1.0)),
        ranked(2, "Heap", ("It heaps.", 1.0)),
    )
    asked = found("Compare QuickSort with SlowSort", fast, heap)
    assert texts(asked, Intent.COMPARE) == ["QuickSort is a match for SlowSort."]


@pytest.mark.parametrize(
    "apart", ["However, sorting takes time.", "Second, sorting is hard.", "Many papers have sorted before."]
)
def test_a_list_shows_a_sentence_that_stands_alone_and_is_of_its_paper(apart: str) -> None:
    sort = ranked(1, "Sort", (apart, 1.0), ("Sorting is halved.", 0.9))
    assert texts(found("Which papers sort?", sort), Intent.LIST) == ["Sorting is halved."]


def test_keywords_near_a_title_mean_its_topic_too() -> None:
    title = ranked(1, "Variational Autoencoders for Filtering", ("We extend autoencoders.", 1.0), named=True)
    other = ranked(2, "Hybrid Filtering", ("We mix variational autoencoders.", 0.9), score=0.9)
    assert len(texts(found("variational autoencoders filtering", title, other), Intent.LIST)) == 2
    assert len(texts(found("limits of Kim's autoencoders", title, other), Intent.LIST)) == 1


def test_a_paper_in_a_list_says_what_none_before_it_said() -> None:
    one = ranked(1, "Sort", ("Sorting is a hard task.", 1.0), ("We halve its time.", 0.9))
    other = ranked(2, "Join", ("Sorting is a hard task.", 1.0), ("Our joins double its speed on disks.", 0.9))
    again = ranked(3, "Sort, extended", ("Sorting is a hard task.", 1.0), ("We halve its time.", 0.9))
    told = texts(found("Which papers sort?", one, other, again), Intent.LIST)
    assert told == ["Sorting is a hard task.", "Our joins double its speed on disks."]


def test_what_was_said_is_not_said_again() -> None:
    again = ranked(2, "Fast sort revisited", ("It halves the running time.", 0.99), ("It needs memory.", 0.9))
    said = texts(found("How fast is sorting?", FAST, again))
    assert "It halves the time." in said
    assert "It halves the running time." not in said


def test_a_named_paper_answers_alone() -> None:
    named = ranked(2, "Slow sort", ("Slow sort doubles the time.", 0.2), score=0.3, named=True)
    assert texts(found("How slow is slow sort?", FAST, named)) == ["Slow sort doubles the time."]


def test_a_definition_answers_what_a_thing_is() -> None:
    defined = ranked(
        1, "Bubble sort", ("Bubble sort is slow on long lists.", 1.0), ("Bubble sort is a method of swapping.", 0.8)
    )
    assert texts(found("What is bubble sort?", defined))[0] == "Bubble sort is a method of swapping."


def test_a_question_for_papers_gets_one_sentence_of_each_paper_on_its_topic() -> None:
    other = ranked(3, "Cooking", ("We propose a stew.", 1.0), score=0.2)
    chosen = select_evidence(found("Which papers are about sort time?", FAST, SLOW, other), Intent.LIST, 10)
    assert [piece.paper.title for piece in chosen] == ["Fast sort", "Slow sort"]


def test_a_list_prefers_the_sentence_that_says_what_its_paper_does() -> None:
    told = ranked(1, "Sorting", ("Sorting matters in practice.", 1.0), ("We propose a sort of time series.", 0.8))
    assert texts(found("Which papers are about sorting?", told), Intent.LIST) == ["We propose a sort of time series."]


def test_what_was_tried_against_a_problem_is_answered_by_what_helps() -> None:
    told = ranked(1, "Sorting", ("Swaps make sorting slow.", 1.0), ("Buffers reduce swaps in sorting.", 0.8))
    assert texts(found("What has been tried against swaps?", told), Intent.LIST) == ["Buffers reduce swaps in sorting."]


def test_a_lookup_is_of_the_first_paper_only() -> None:
    chosen = select_evidence(found("Fast sort", FAST, SLOW), Intent.LOOKUP, 10)
    assert {piece.paper.title for piece in chosen} == {"Fast sort"}


def test_a_comparison_is_of_the_things_it_names() -> None:
    third = ranked(3, "Heap sort", ("Heap sort needs no time.", 1.0))
    chosen = select_evidence(
        found("How do Fast sort and Slow sort compare in time?", FAST, SLOW, third), Intent.COMPARE, 9
    )
    assert [piece.paper.title for piece in chosen] == ["Fast sort", "Fast sort", "Slow sort", "Slow sort"]


@pytest.mark.parametrize("intent", list(Intent))
def test_nothing_found_gives_no_evidence(intent: Intent) -> None:
    assert select_evidence(found("How fast?"), intent, 5) == ()


def test_a_question_for_all_papers_has_no_topic() -> None:
    everything = found("Which papers are there?", FAST, SLOW)
    assert asks_for_all(everything)
    assert papers_on_topic(everything) == [FAST, SLOW]
    assert not asks_for_all(found("Which papers are about sorting?"))


def test_at_least_the_first_paper_is_on_topic() -> None:
    weak = ranked(1, "Cooking", ("We stew.", 0.1), score=0.1)
    assert papers_on_topic(found("Which papers are about sorting?", weak)) == [weak]


def test_what_a_paper_says_of_others_does_not_answer_a_question_on_a_system() -> None:
    card = ranked(1, "Card", ("The card names the limitations of speech.", 1.0))
    hstu = ranked(2, "HSTU", ("HSTU is fast.", 0.9), score=0.9)
    assert texts(found("What are the limitations of HSTU?", card, hstu)) == ["HSTU is fast."]
    assert (
        texts(found("What are the limitations of XYZ7?", card, hstu))[0] == "The card names the limitations of speech."
    )


def test_how_a_system_works_is_told_by_the_paper_that_introduces_it() -> None:
    rival = ranked(1, "A rival", ("We propose FAST-2, outperforming NET-1.", 1.0), ("NET-1 is a baseline.", 1.0))
    own = ranked(2, "Graphs of sessions", ("We propose a network, NET-1.", 0.6), ("Sessions become graphs.", 0.7))
    told = texts(found("How does NET-1 model sessions?", rival, own))
    assert told == ["Sessions become graphs.", "We propose a network, NET-1."]
    assert "NET-1 is a baseline." in texts(found("Is anything better than NET-1?", rival, own))


def test_papers_of_an_author_are_told_by_what_they_bring() -> None:
    one = ranked(1, "Graphs", ("It is a crucial task for graphs.", 1.2), ("By our proposal edges get weights.", 0.6))
    two = ranked(2, "Samplers", ("In this paper, we argue for care.", 1.0), ("Second, we propose a sampler.", 0.5))
    told = texts(found("Which papers?", one, two), Intent.LIST)
    assert told == ["By our proposal edges get weights.", "Second, we propose a sampler."]


def test_a_sentence_that_points_to_code_answers_only_who_asks_for_code() -> None:
    one = ranked(1, "Sorting", ("Codes are available at https://example.org/sorting.", 1.0), ("It halves time.", 0.9))
    assert texts(found("Which sorting is best?", one))[0] == "It halves time."
    assert texts(found("Where is the code of this sorting?", one))[0].startswith("Codes")
