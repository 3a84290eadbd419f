"""Abbreviations of a topic, spelled out as papers do."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.app import open_assistant
from assistant.settings import Settings
from assistant.summaries.abbreviations import WORDS, spelled_out

TEXTS = [
    "We study deep reinforcement learning (RL). RL agents play, and RL learns.",
    "Reinforcement Learning (RL) in games.",
    "Random lasso (RL) selects variables.",
    "Graph Neural Networks (GNNs) and Click-Through Rate (CTR) prediction; a GNN for CTR.",
    "The next point-of-interest (POI).",
    "MUltiple SIgnal Classification (MUSIC) locates sources. People hear music, and music is art.",
    "The mean (AVG) of it.",
    "A graphics processing unit (GPU) is fast.",
    "GPU kernels.",
    "On one GPU.",
]


@pytest.mark.parametrize(
    ("word", "long"),
    [
        ("RL", "reinforcement learning"),
        ("rl", "reinforcement learning"),
        ("GNNs", "graph neural network"),
        ("GNN", "graph neural network"),
        ("CTR", "click-through rate"),
        ("POI", "point-of-interest"),
        ("GPUs", ""),  # most papers need not say what it is
        ("AVG", ""),  # what stands before it has other letters
        ("LLM", ""),
        ("music", ""),  # a word of its own
    ],
)
def test_what_stands_most_often_before_the_brackets(word: str, long: str) -> None:
    assert spelled_out(word, TEXTS) == long


def test_nothing_in_a_word_is_a_pattern() -> None:
    assert WORDS.findall("RL in MARL, c.*, (a|b)+ and reinforcement") == ["RL", "in", "MARL", "and"]


def test_a_topic_is_read_as_its_papers_spell_it(sample_store: Path) -> None:
    with open_assistant(Settings(store=sample_store, llm="none")) as assistant:
        short, long = assistant.summarize("rl in games"), assistant.summarize("reinforcement learning in games")
        assert [entry.key for entry in short.scope] == [entry.key for entry in long.scope]
        assert short.topic == "rl in games"
        assert short.lead.endswith(" rl is read as reinforcement learning.")
        assert assistant.summarize("GNNs").refused
