"""What summaries read from single sentences: roles, the third person, values of cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.papers import Paper
from assistant.summaries.cells import LONGEST, short_span
from assistant.summaries.datasets import data_span, described_data_span, size_span
from assistant.summaries.figures import figure_span
from assistant.summaries.problems import aim_span, difficulty_span, subject_span, task_span
from assistant.summaries.proposals import read_proposal, read_purpose
from assistant.summaries.roles import Role, has_figure, read_role
from assistant.summaries.voice import follows, leaning, quoted, retell, speaks_of_itself, stands_alone

TEAM = Paper("T", authors=("Ann Wu", "Bo Li", "Cy Doe"), year=2018)
PAIR = Paper("T", authors=("Jane Doe", "Ab Bee"), year=2001)
ONE = Paper("T", authors=("Jane Doe",), year=2001)
NOBODY = Paper("T")
READERS = (
    figure_span,
    described_data_span,
    size_span,
    read_purpose,
    task_span,
    aim_span,
    subject_span,
    difficulty_span,
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "In this paper, we propose X, which we call Y, and show that our method works.",
            "Wu et al. (2018) propose X, which they call Y, and show that their method works.",
        ),
        ("To address these challenges, we present SUM.", "Wu et al. (2018) present SUM."),
        ("Our results demonstrate Q.", "Wu et al.'s (2018) results demonstrate Q."),
        ("However, this paper presents an idea.", "The paper by Wu et al. (2018) presents an idea."),
        ("In this work we study X.", "Wu et al. (2018) study X."),
        ("In this paper,we study X.", "Wu et al. (2018) study X."),
        ("We therefore propose RNNs.", "Wu et al. (2018) propose RNNs."),
        ("To find items, we use graphs.", "To find items, Wu et al. (2018) use graphs."),
        ("Experiments show that our model wins.", "Experiments show that Wu et al.'s (2018) model wins."),
        ("The proposed model wins.", "Wu et al.'s (2018) model wins."),
        ("HSTU is an architecture.", "HSTU is an architecture."),
        ("gpt-oss-120b is a model.", "gpt-oss-120b is a model."),
        ("Moreover, X is faster.", "X is faster."),
        ("2 - We propose X.", "Wu et al. (2018) propose X."),
        ("(ii) We show that X wins.", "Wu et al. (2018) show that X wins."),
        ("In order to do so, we use X.", "Wu et al. (2018) use X."),
        ("Furthermore we evaluate X.", "Wu et al. (2018) evaluate X."),
        ("We have also proposed X.", "Wu et al. (2018) have proposed X."),
        ("In other words, we use X.", "Wu et al. (2018) use X."),
        ("We propose in this paper that X.", "Wu et al. (2018) propose that X."),
        ("First we use X.", "Wu et al. (2018) use X."),
        ("To find items, in this paper, we use X.", "To find items, Wu et al. (2018) use X."),
        ("We call it (X) in this paper.", "Wu et al. (2018) call it (X)."),
        ("In order to address both, we propose X.", "Wu et al. (2018) propose X."),
        ("Us-based users like US films.", "Us-based users like US films."),
    ],
)
def test_a_sentence_is_told_in_the_third_person(text: str, told: str) -> None:
    assert retell(text, TEAM, named=False) == told


def test_authors_named_just_before_become_they() -> None:
    assert retell("We also show that our model is fast.", TEAM, named=True) == "They show that their model is fast."
    assert retell("This paper presents X.", TEAM, named=True) == "The paper presents X."


def test_two_authors_are_both_named() -> None:
    assert retell("We study X.", PAIR, named=False) == "Doe and Bee (2001) study X."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("We study X.", "Doe (2001) studies X."),
        ("In this paper, we propose X for our users.", "Doe (2001) proposes X for their users."),
        ("We also focus on X.", "Doe (2001) focuses on X."),
        ("I studied X.", "Doe (2001) studied X."),
        ("In experiments, we have shown that X wins.", "In experiments, Doe (2001) has shown that X wins."),
        ("We can sort X.", "Doe (2001) can sort X."),
        ("This paper studies X.", "The paper by Doe (2001) studies X."),
        ("Type I errors are rare.", "Type I errors are rare."),
    ],
)
def test_one_author_has_a_verb_of_the_singular(text: str, told: str) -> None:
    assert retell(text, ONE, named=False) == told


@pytest.mark.parametrize(
    "text",
    [
        "We propose X and evaluate Y.",
        "We propose X, and develop Y.",
        "We describe X and also state Y.",
        "We layout X and outline the Y.",
        "We zigzag X.",
    ],
)
def test_one_author_is_quoted_where_the_verbs_are_not_certain(text: str) -> None:
    assert retell(text, ONE, named=False) == f"Doe (2001) writes: “{text}”"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("To address the problem, we propose X.", "Wu et al. (2018) propose X."),
        ("In order to deal with challenge (1), we explore X.", "Wu et al. (2018) explore X."),
        ("At the same time, we assume X.", "Wu et al. (2018) assume X."),
        ("Our results therefore suggest X.", "Wu et al.'s (2018) results suggest X."),
        ("To address the problem of X, we use Y.", "To address the problem of X, Wu et al. (2018) use Y."),
    ],
)
def test_words_that_tie_a_sentence_to_the_one_before_go(text: str, told: str) -> None:
    assert retell(text, TEAM, named=False) == told


def test_unknown_authors_stay_unnamed() -> None:
    assert retell("We study X.", NOBODY, named=False) == "The authors study X."
    assert retell("Our X wins.", NOBODY, named=False) == "The authors' X wins."


@given(st.text(max_size=200), st.booleans())
def test_retelling_never_fails_and_says_something_of_a_text_that_does(text: str, named: bool) -> None:
    for paper in (TEAM, ONE, NOBODY):
        told = retell(text, paper, named=named)
        assert told.strip() or not text.strip() or not retell(text, NOBODY, named=False).strip()


@pytest.mark.parametrize(
    "text",
    [
        "It improves accuracy.",
        "These models fail.",
        "The results show a gain.",
        "Experiments show that the model wins.",
        "For example, users leave.",
        "Their system is fast.",
        "The second one is slow.",
    ],
)
def test_a_sentence_that_leans_on_the_one_before_does_not_stand_alone(text: str) -> None:
    assert not stands_alone(text)


@pytest.mark.parametrize(
    "text",
    [
        "HSTU is faster than Transformers.",
        "This paper presents an idea.",
        "We propose X.",
        "However, X is hard.",
        "Experiments show that our model wins.",
        "The Transformer is slow.",
    ],
)
def test_a_sentence_of_its_own_stands_alone(text: str) -> None:
    assert stands_alone(text)


def test_a_name_that_was_introduced_before_does_not_stand_alone() -> None:
    before = ["An RL policy proposes a partition, and a constraint solver then corrects it."]
    assert not stands_alone("Thanks to the constraint solver, RL converges with fewer samples.", before)
    assert stands_alone("Thanks to the constraint solver, RL converges with fewer samples.")
    assert stands_alone("The training set has 3 million rows.", before)


def test_a_result_of_no_name_follows_a_sentence_that_names_its_paper() -> None:
    assert follows("Experiments show that the model wins.")
    assert follows("The results show a gain.")
    assert not follows("Keeping them apart helps.")
    assert not follows("Thanks to the constraint solver, it converges.", ["A constraint solver corrects it."])
    assert follows("Thanks to the new approach, search converges.", ["A new approach is shown."])
    assert not follows("For each of these, a model is trained.")


def test_a_second_sentence_of_one_author_has_the_name_without_the_year() -> None:
    assert retell("We show that X wins.", ONE, named=True) == "Doe shows that X wins."
    assert retell("We zigzag.", ONE, named=True) == "“We zigzag.”"


def test_what_cannot_be_retold_is_quoted_with_its_authors() -> None:
    assert quoted("We win.", TEAM, named=False) == "Wu et al. (2018) write: “We win.”"
    assert quoted("We win.", TEAM, named=True) == "“We win.”"
    assert quoted("We win.", NOBODY, named=False) == "The authors write: “We win.”"


def test_what_everybody_needs_is_quoted() -> None:
    text = "We argue that we need to understand biases."
    assert retell(text, TEAM, named=False) == f"Wu et al. (2018) write: “{text}”"


def test_what_people_teach_is_not_said_of_the_authors() -> None:
    assert not speaks_of_itself("Machine learning models learn what we teach them to learn.")


def test_words_that_point_back_are_counted() -> None:
    assert leaning("We study people such as teachers.") == 0
    assert leaning("We address these problems with such a model.") == 2
    assert leaning("We propose a model of text.") == 0


def test_first_person_is_noticed() -> None:
    assert speaks_of_itself("In this paper nothing happens.")
    assert speaks_of_itself("Ours wins.")
    assert not speaks_of_itself("Users like films from the US.")


@pytest.mark.parametrize(
    ("text", "place", "role"),
    [
        ("In this paper, we propose a new model.", 0.5, Role.PROPOSAL),
        ("DLRM is a deep learning recommendation model.", 0.0, Role.PROPOSAL),
        ("Q-DeckRec is a system that recommends decks.", 0.0, Role.PROPOSAL),
        ("This study examines judges.", 0.0, Role.PROPOSAL),
        ("However, existing methods suffer from sparsity.", 0.2, Role.PROBLEM),
        ("Interest in ML is growing, but compilers and frameworks are difficult to join.", 0.0, Role.PROBLEM),
        ("We outperform the baseline by 12.4%.", 1.0, Role.RESULT),
        ("Experimental results show that our model works.", 0.9, Role.RESULT),
        ("HSTU runs 5.3x faster than Transformers.", 0.6, Role.RESULT),
        ("The model uses attention over items.", 0.5, Role.METHOD),
        ("We leave other languages for future work.", 1.0, Role.LIMIT),
        ("Whether this holds remains unclear.", 1.0, Role.LIMIT),
        ("The code is available for future research.", 1.0, Role.OTHER),
        ("Playlist continuation is a common task of music recommender systems.", 0.0, Role.OTHER),
        ("Matrix factorization is a popular method for recommendation.", 0.0, Role.PROBLEM),
        ("Further studies demonstrate that our framework works.", 0.9, Role.RESULT),
        ("Further research is needed.", 0.9, Role.LIMIT),
        ("Our model does not cover rare words.", 0.9, Role.LIMIT),
        ("Unlike others, our model does not require parallel texts.", 0.9, Role.OTHER),
        ("We summarize the methods and discuss open issues and future directions.", 0.9, Role.OTHER),
        ("Recommenders serve users at the cost of sacrificing their privacy.", 0.1, Role.PROBLEM),
        ("Such identification raises privacy concerns.", 0.9, Role.OTHER),
        ("Cats.", 0.5, Role.OTHER),
    ],
)
def test_roles(text: str, place: float, role: Role) -> None:
    assert read_role(text, place).role is role


@given(st.text(max_size=300), st.floats(0, 1))
def test_every_text_has_a_role_of_a_strength_from_0_to_1(text: str, place: float) -> None:
    assert 0 <= read_role(text, place).strength <= 1


@pytest.mark.parametrize(
    "text", ["by 12.4%", "5.3x faster", "320 milliseconds", "2 billion users", "an AUC of 0.81", "by 5-15% or 5--16%"]
)
def test_measured_figures(text: str) -> None:
    assert has_figure(text)


@pytest.mark.parametrize("text", ["in 2019", "GPT-4 and LLaMa-2", "the 3 steps", "section 2.1"])
def test_other_numbers_are_no_figures(text: str) -> None:
    assert not has_figure(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("In this paper, we propose NASRec, a paradigm that trains nets.", "NASRec, a paradigm that trains nets"),
        ("Despite much work, most models fail to scale.", "most models fail to scale"),
        ("To help research, this paper presents a set of DNNs.", "a set of DNNs"),
        (
            "LlamaRL is a fully distributed, asynchronous framework for training.",
            "LlamaRL is a fully distributed, asynchronous framework for training",
        ),
        ("The authors describe it as the first of its kind.", "The authors describe it as the first of its kind"),
        (
            "We inject a few fake users into the system such that it fails.",
            "We inject a few fake users into the system such that it fails",
        ),
        ("Despite the belief that users find new things, we find that use narrows choice.", "use narrows choice"),
    ],
)
def test_a_value_is_the_main_clause(text: str, value: str) -> None:
    assert short_span(text) == value


def test_a_long_value_is_cut_between_words_that_leave_nothing_hanging() -> None:
    value = short_span(f"We propose a system, in which {'profiles stay on a device and ' * 6}nothing is sent.")
    assert value == "a system, in which" + " profiles stay on a device and" * 4 + " profiles…"
    assert short_span(f"We propose X{'-like' * 10} and Y{'-like' * 10}, in which {'all ' * 40}.") == (
        f"X{'-like' * 10} and Y{'-like' * 10}…"
    )


@given(st.text(alphabet=st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=400))
def test_values_are_short_spans_of_their_sentence(text: str) -> None:
    value = short_span(text)
    assert len(value) <= LONGEST + 1
    assert value.rstrip("…").casefold() in text.casefold()
    for read in READERS:
        found = read(text)
        assert found is None or found.strip("…").casefold() in text.casefold()


def test_no_pattern_runs_away() -> None:
    text = "the " * 3000 + "We " * 3000 + "1" * 3000 + " A" * 3000
    retell(text, TEAM, named=False)
    read_role(text, 0.5)
    short_span(text), data_span(text), read_proposal(text)
    for read in READERS:
        read(text)
