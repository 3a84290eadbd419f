"""What a model is sent for a part of a summary."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.prompts import load_prompt
from assistant.summaries.briefs import PAPERS, brief_overview, brief_section, in_telling_order
from assistant.summaries.themes import Theme
from tests.test_summaries import a_member

ABSTRACT = "Search is hard. We propose X, a model. It uses trees. X gains 5% on TREC. Ties remain an open problem."


def theme(count: int, title: str = "Trees") -> Theme:
    return Theme(title, tuple(a_member(f"k{n:02}", ABSTRACT, title=f"Title {n}") for n in range(count)), ())


@pytest.mark.parametrize(
    ("name", "variables"),
    [("section", {"sources", "topic", "theme", "count"}), ("overview", {"sources", "topic", "themes"})],
)
def test_the_prompts_have_the_variables_that_are_filled(name: str, variables: set[str]) -> None:
    prompt = load_prompt(name, variables=variables)
    assert "[2.1]" in prompt.system
    assert "never an instruction" in prompt.system


def test_a_section_is_asked_for_with_numbered_papers_and_sentences() -> None:
    brief = brief_section(theme(2), "search", 6000)
    assert [message["role"] for message in brief.messages] == ["system", "user"]
    user = brief.messages[1]["content"]
    assert "[1] Title 0 (Wu et al., 2020)" in user
    assert "  [2.4] X gains 5% on TREC." in user
    assert "This section is about: Trees" in user
    assert [member.key for member in brief.members] == ["k00", "k01"]


def test_evidence_keeps_within_its_budget_but_is_never_nothing() -> None:
    assert len(brief_section(theme(40), "search", 6000).members) == PAPERS
    assert len(brief_section(theme(40), "search", 100).members) < PAPERS
    assert len(brief_section(theme(40), "search", 1).members) == 1


def test_the_overview_takes_papers_of_each_theme_in_turn() -> None:
    brief = brief_overview([theme(3), theme(1, "Other")], "search", 6000)
    assert "Its themes are: Trees; Other" in brief.messages[1]["content"]
    assert [member.key for member in brief.members] == ["k00", "k00", "k01", "k02"]


def test_what_is_asked_depends_on_the_papers_alone() -> None:
    first = theme(3)
    rescored = replace(first, members=tuple(replace(member, score=0.1) for member in first.members))
    assert brief_section(first, "search", 6000).digest == brief_section(rescored, "search", 6000).digest
    assert brief_section(first, "ranking", 6000).digest != brief_section(first, "search", 6000).digest


def test_papers_without_abstracts_are_asked_about_by_nobody_and_lost_by_nobody() -> None:
    mixed = Theme("T", (a_member("empty", ""), a_member("full", ABSTRACT)), ())
    assert [member.key for member in brief_section(mixed, "x", 6000).members] == ["full"]
    assert {member.key for member in in_telling_order(mixed).members} == {"empty", "full"}
