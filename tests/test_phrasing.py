"""Definitions and contributions, told by their phrasing."""

from __future__ import annotations

import pytest

from assistant.phrasing import (
    asked_subject,
    asked_system,
    asks_definition,
    contributes,
    defines,
    introduces,
    named_things,
    names_topic,
    system_names,
)


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("chen matchmaking", True),
        ("benefits of MCMs", True),
        ("How can I make my ranking model train faster?", True),
        ("what should I use for experience replay", True),
        ("ways to cut training costs", True),
        ("How fast does EOMM match players?", False),
        ("EOMM", False),
        ("papers by Chen on games", False),
        ("retention?", False),
        ("is fp8 worth it", False),
        ("Compare Kepler and MLGO", False),
        ("Vitamin D lowers the risk of falls.", False),
    ],
)
def test_keywords_and_questions_for_help_name_a_topic(question: str, topic: bool) -> None:
    assert names_topic(question) is topic


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("What is EOMM?", "EOMM"),
        ("what's the main idea of EOMM", "EOMM"),
        ("What does Horizon do?", "Horizon"),
        ("Define weight sharing.", "weight sharing"),
        ("What is synchrosqueezing used for?", "synchrosqueezing"),
        ("How fast is EOMM?", ""),
        ("What is the size reduction that MLGO reaches against LLVM?", ""),
    ],
)
def test_what_a_question_wants_defined(question: str, subject: str) -> None:
    assert asked_subject(question) == subject


@pytest.mark.parametrize(
    ("subject", "sentence", "found"),
    [
        ("GPT-5", "GPT-5 is a unified system with a router.", True),
        ("EOMM", "In this paper, we propose an Engagement Optimized Matchmaking (EOMM) framework.", True),
        ("synchrosqueezing", "We analyze the Synchrosqueezing transform, a method of signal analysis.", True),
        ("Horizon", "In this paper we present Horizon, a platform.", True),
        ("Horizon", "Horizon is Facebook's open source platform.", True),
        ("gpt-oss", "gpt-oss-120b and gpt-oss-20b are two models with open weights.", True),
        ("SR-GNN", "We propose a method, i.e. Recommendation with Graph Networks, SR-GNN for brevity.", True),
        ("EOMM", "EOMM improves engagement.", False),
        ("SUM", "The summary is a text.", False),
    ],
)
def test_a_definition_is_known(subject: str, sentence: str, found: bool) -> None:
    assert defines(subject, sentence) is found


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("We propose NASRec, a paradigm.", True),
        ("In this paper, we investigate pruning.", True),
        ("This study examines judges.", True),
        ("Q-DeckRec is a system that recommends decks.", True),
        ("Deep learning has become popular recently.", False),
        ("Experiments on two datasets were run.", False),
    ],
)
def test_a_contribution_is_told_from_background(sentence: str, found: bool) -> None:
    assert contributes(sentence) is found


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Compare Edward with TensorFlow Distributions.", ("Edward", "TensorFlow Distributions")),
        ("How do Llama 2 and Llama 3 differ?", ("Llama 2", "Llama 3")),
        ("Compare gpt-oss-20b, NASRec and Rankitect", ("NASRec", "Rankitect")),
        ("How do pruning and quantisation differ?", ()),
    ],
)
def test_names_of_things_in_a_question(question: str, names: tuple[str, ...]) -> None:
    assert named_things(question) == names


def test_names_of_systems_are_known_by_their_looks() -> None:
    assert system_names("Does MLGO (with GPT-4o) beat ShadowSync in 2020?") == ("MLGO", "GPT-4o", "ShadowSync")
    assert system_names("How do Edward and I compare 405B models?") == ()


def test_a_definition_is_of_a_thing_not_of_a_property() -> None:
    assert asks_definition("What is EOMM?") == "EOMM"
    assert asks_definition("What is the effect of EOMM?") == ""
    assert asks_definition("What is the speed-up over Stan?") == ""
    assert asks_definition("What do players want?") == ""
    assert asks_definition("What does ShadowSync do about overhead?") == ""


def test_a_paper_introduces_what_it_proposes_not_what_it_beats() -> None:
    assert introduces("NET-1", "Sessions as graphs", ["We propose a new method, i.e. session graphs, NET-1 for short."])
    assert introduces("NET-1", "NET-1: sessions as graphs", [])
    assert not introduces("NET-1", "Better sessions", ["We propose FAST-2, outperforming NET-1 by 5%."])
    assert not introduces("NET-1", "Better sessions", ["NET-1 is a model without users."])


@pytest.mark.parametrize(
    ("question", "system"),
    [
        ("How does SR-GNN model session sequences?", "SR-GNN"),
        ("What is the SR-GNN?", "SR-GNN"),
        ("How does ranking work in SR-GNN?", ""),
        ("Is SR-GNN any good?", ""),
    ],
)
def test_a_question_asks_how_a_system_works(question: str, system: str) -> None:
    assert asked_system(question) == system
