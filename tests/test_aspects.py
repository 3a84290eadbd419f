"""What side of a matter a question asks for, and the sentences that speak of it."""

from __future__ import annotations

import pytest

from assistant.answers import Intent
from assistant.aspects import (
    BENEFITS,
    DATA,
    FIGURES,
    LIMITS,
    MEASURES,
    REMEDY,
    RESULTS,
    Aspect,
    asked_aspect,
    asked_count,
    asked_quantity,
)
from tests.test_evidence import found, ranked, texts


@pytest.mark.parametrize(
    ("question", "aspect"),
    [
        ("What is the main limitation of matrix factorization?", LIMITS),
        ("limitations of matrix factorization", LIMITS),
        ("benefits of matrix factorization", BENEFITS),
        ("What are the advantages of matrix factorization?", BENEFITS),
        ("Which drawbacks does collaborative filtering have?", LIMITS),
        ("What problems does popularity bias cause?", LIMITS),
        ("What datasets are used for news recommendation?", DATA),
        ("On which data was BERT4Rec evaluated?", DATA),
        ("What metrics are used to evaluate diversity?", MEASURES),
        ("How is fairness in ranking measured?", MEASURES),
        ("By how much does query expansion improve retrieval?", FIGURES),
        ("What speedup does hashing give?", FIGURES),
        ("How is the cold-start problem solved?", REMEDY),
        ("How can popularity bias be reduced?", REMEDY),
        ("What has been tried against stragglers?", REMEDY),
        ("Which methods mitigate popularity bias?", REMEDY),
        ("How was MLGO evaluated?", RESULTS),
        ("What results does LlamaRL report?", RESULTS),
        ("How well does EDGE scale?", RESULTS),
        ("Which papers are about stragglers?", None),
        ("Which papers propose data structures for search?", None),
        ("What is a benchmark-free ranking?", None),
        ("How does matrix factorization work?", None),
    ],
)
def test_what_is_asked_for(question: str, aspect: Aspect | None) -> None:
    assert asked_aspect(question) is aspect


@pytest.mark.parametrize(
    ("aspect", "sentence", "speaks"),
    [
        (LIMITS, "The main disadvantages of matrix factorization are its complexity and its memory.", True),
        (LIMITS, "Such models suffer from sparse data.", True),
        (LIMITS, "MMF addresses these two limitations.", False),
        (BENEFITS, "MMF is cheaper to train.", True),
        (BENEFITS, "MMF is a model.", False),
        (LIMITS, "To overcome this drawback, we cluster the users first.", False),
        (LIMITS, "It performs well on recommendation problems.", False),
        (DATA, "Experiments on four benchmark datasets show a gain.", True),
        (DATA, "We propose a model of users.", False),
        (MEASURES, "We quantify unfairness by attention.", True),
        (FIGURES, "It halves the time.", True),
        (FIGURES, "It is 5.3x faster.", True),
        (FIGURES, "It is much faster.", False),
        (RESULTS, "MLGO reaches a size reduction of 7%.", True),
        (RESULTS, "Experiments show a gain.", True),
        (RESULTS, "MLGO is available in the repository.", False),
        (REMEDY, "FreeScale mitigates stragglers.", True),
        (REMEDY, "Severe stragglers cause bubbles.", False),
    ],
)
def test_which_sentences_speak_of_it(aspect: Aspect, sentence: str, speaks: bool) -> None:
    assert aspect.spoken_of(sentence) is speaks


def test_the_sentence_that_speaks_of_what_is_asked_comes_first() -> None:
    sold = ranked(1, "MMF", ("MMF addresses the limitations of factorization.", 1.0))
    told = ranked(2, "Annealing", ("A disadvantage of factorization is its memory.", 0.9), score=0.9)
    question = "What are the limitations of factorization?"
    assert texts(found(question, sold, told))[0] == "A disadvantage of factorization is its memory."
    assert texts(found(question, sold, told), Intent.SUMMARY)[0] == "MMF addresses the limitations of factorization."


@pytest.mark.parametrize(
    ("question", "sentence", "spoken_of"),
    [
        ("Which embedding dimension is best on MovieLens?", "Embeddings of movies were learned.", False),
        ("Which embedding dimension is best on MovieLens?", "We find that 64 dimensions are enough.", True),
        ("What is the best learning rate for NCF?", "The error rate falls.", False),
        ("What is the best learning rate for NCF?", "The learning rates are tuned.", True),
    ],
)
def test_a_quantity_is_spoken_of_by_its_name(question: str, sentence: str, *, spoken_of: bool) -> None:
    asked = asked_quantity(question)
    assert asked is not None
    assert asked.spoken_of(sentence) is spoken_of


@pytest.mark.parametrize("question", ["Which method is best?", "Which dataset did they use?", "What is a dimension?"])
def test_what_an_instance_answers_is_no_quantity(question: str) -> None:
    assert asked_quantity(question) is None


@pytest.mark.parametrize(
    ("sentence", "spoken_of"),
    [
        ("It has 175 billion parameters.", True),
        ("Its parameters are shared.", True),
        ("We asked 12 trained raters.", True),
        ("It costs 50% less and responds in 232 milliseconds.", False),
        ("Llama 3 is comparable to GPT-4.", False),
    ],
)
def test_things_are_counted_by_their_name_or_by_a_number_of_things(sentence: str, *, spoken_of: bool) -> None:
    asked = asked_count("How many parameters does it have?")
    assert asked is not None
    assert asked.spoken_of(sentence) is spoken_of
