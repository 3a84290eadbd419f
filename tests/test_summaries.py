"""Summaries of the sample library end to end, and the parts that are more than one sentence."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.answers import Claim, Coverage, Summary, Support, Timing, Usage
from assistant.app import Assistant, open_assistant
from assistant.embedders import FloatArray
from assistant.errors import UnknownKeyError, UsageError
from assistant.papers import Paper, Sentence
from assistant.qa.numbering import Numbering
from assistant.settings import Settings
from assistant.summaries import COLUMNS, parse_columns
from assistant.summaries.agreement import Place, alike, oppositions, supporters
from assistant.summaries.claims import Stater
from assistant.summaries.contrasts import contrasts
from assistant.summaries.firsts import FirstRuns
from assistant.summaries.gaps import cover, raised
from assistant.summaries.headings import Spoken, choose_heading, title_of
from assistant.summaries.ledger import keep_ledger
from assistant.summaries.members import Member
from assistant.summaries.overview import pick_overview
from assistant.summaries.phrases import Phrase, distinctive_phrases, read_text, title_text
from assistant.summaries.sections import common_phrases, draft_section, representatives
from assistant.summaries.selection import Said, picks_of, speaks_of_its_paper
from assistant.summaries.table import compare
from assistant.summaries.themes import Theme, _settled, find_themes
from assistant.summaries.timeline import count_years, milestones
from assistant.text import content_words, split_sentences
from tests.fakes import HashEmbedder

TOPICS = json.loads((Path(__file__).parent / "data" / "topics.json").read_text("utf-8"))
EMBEDDER = HashEmbedder()


@pytest.fixture(scope="module")
def assistant(sample_store: Path) -> Iterator[Assistant]:
    with open_assistant(Settings(store=sample_store, llm="none")) as opened:
        yield opened


@pytest.fixture(scope="module")
def summaries(assistant: Assistant) -> dict[str, Summary]:
    return {entry["topic"]: assistant.summarize(entry["topic"]) for entry in TOPICS}


def a_member(
    key: str,
    abstract: str,
    *,
    title: str = "",
    year: int | None = 2020,
    score: float = 0.5,
    authors: tuple[str, ...] = ("Ann Wu", "Bo Li", "C D"),
) -> Member:
    sentences = split_sentences(abstract)
    paper = Paper(title or key, abstract=abstract, authors=authors, year=year, key=key)
    vectors = EMBEDDER.embed_queries([sentence.text for sentence in sentences])
    return Member(1, paper, sentences, vectors, score)


def one_idf(_word: str) -> float:
    return 1.0


# the whole


@pytest.mark.parametrize("entry", TOPICS, ids=lambda entry: entry["topic"])
def test_every_claim_is_verified_and_its_quotes_are_verbatim(
    assistant: Assistant, summaries: dict[str, Summary], entry: dict[str, str]
) -> None:
    summary = summaries[entry["topic"]]
    assert summary.status == "answered"
    for claim in summary.claims:
        assert claim.support is Support.VERIFIED
        assert claim.citations
        for citation in claim.citations:
            assert assistant.get(citation.key).abstract[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize("entry", TOPICS, ids=lambda entry: entry["topic"])
def test_every_paper_in_scope_is_cited_or_listed_with_a_reason(
    summaries: dict[str, Summary], entry: dict[str, str]
) -> None:
    summary = summaries[entry["topic"]]
    cited, unused = list(summary.ledger.cited), [unused.key for unused in summary.ledger.unused]
    assert sorted(cited + unused) == sorted(entry.key for entry in summary.scope)
    assert not set(cited) & set(unused)
    assert all(unused.reason for unused in summary.ledger.unused)
    assert sorted(key for section in summary.sections for key in section.keys) == sorted(cited + unused)


@pytest.mark.parametrize("entry", TOPICS, ids=lambda entry: entry["topic"])
def test_references_are_the_cited_papers_in_order_of_first_use(
    summaries: dict[str, Summary], entry: dict[str, str]
) -> None:
    summary = summaries[entry["topic"]]
    used = list(dict.fromkeys(citation.number for claim in summary.claims for citation in claim.citations))
    assert used == list(range(1, len(used) + 1))
    assert [reference.number for reference in summary.references] == used
    assert {reference.key for reference in summary.references} == set(summary.ledger.cited)


@pytest.mark.parametrize("entry", TOPICS, ids=lambda entry: entry["topic"])
def test_the_scope_holds_most_of_what_was_labelled_by_hand(
    summaries: dict[str, Summary], entry: dict[str, list[str]]
) -> None:
    scope = {item.source_id for item in summaries[str(entry["topic"])].scope}
    core, related = set(entry["core"]), set(entry["core"]) | set(entry["borderline"])
    assert len(scope & core) >= 0.65 * len(core)
    assert len(scope & related) >= 0.75 * len(scope)


def test_below_the_overview_no_sentence_is_said_twice(summaries: dict[str, Summary]) -> None:
    for summary in summaries.values():
        claims = [*(claim for section in summary.sections for claim in section.claims), *summary.gaps]
        said = [(claim.citations[0].key, claim.citations[0].start) for claim in claims]
        assert len(said) == len(set(said))


def test_a_section_speaks_of_one_paper_at_a_time(summaries: dict[str, Summary]) -> None:
    for section in (section for summary in summaries.values() for section in summary.sections):
        told = [
            claim.citations[0].key
            for part in section.parts
            if not part.label
            for claim in section.claims[part.start : part.end]
        ]
        runs = [key for key, _ in itertools.groupby(told)]
        assert len(runs) == len(set(runs))


def test_the_overview_is_at_most_five_sentences_of_different_papers(summaries: dict[str, Summary]) -> None:
    for summary in summaries.values():
        assert 0 < len(summary.overview) <= 5
        assert len({claim.citations[0].key for claim in summary.overview}) == len(summary.overview)


def test_parts_cover_each_section(summaries: dict[str, Summary]) -> None:
    for section in (section for summary in summaries.values() for section in summary.sections):
        places = [place for part in section.parts for place in range(part.start, part.end)]
        assert places == list(range(len(section.claims)))


def test_a_table_has_a_row_a_paper_and_quotes_from_its_abstract(
    assistant: Assistant, summaries: dict[str, Summary]
) -> None:
    for summary in summaries.values():
        assert summary.table.columns == COLUMNS
        assert [row.key for row in summary.table.rows] == [entry.key for entry in summary.scope]
        for row in summary.table.rows:
            abstract = assistant.get(row.key).abstract
            assert len(row.cells) == len(COLUMNS)
            assert all(cell.quote is None or (cell.value and cell.quote in abstract) for cell in row.cells)


def test_years_count_every_paper_once(summaries: dict[str, Summary]) -> None:
    for summary in summaries.values():
        assert sum(entry.papers for entry in summary.timeline) == len(summary.scope)
        assert all(entry.papers == len(entry.keys) for entry in summary.timeline)


def test_the_same_library_gives_the_same_summary(assistant: Assistant, summaries: dict[str, Summary]) -> None:
    for topic, first in summaries.items():
        assert assistant.summarize(topic) == first


def test_a_file_that_says_what_the_first_run_took_is_not_trusted_to_be_whole(tmp_path: Path) -> None:
    summary = Summary("t", "answered", "extractive", usage=Usage(1, 2, 0.5), timing=Timing(3.0, 2.0))
    assert FirstRuns(tmp_path).of(summary) is summary
    assert FirstRuns(tmp_path).of(replace(summary, usage=Usage(), timing=Timing(9.0, 9.0))) == summary
    assert FirstRuns(tmp_path).of(replace(summary, topic="u", timing=Timing(9.0, 9.0))).timing == Timing(9.0, 9.0)
    for damage in ("", "[]", "null", '{"usage": {"x": 1}, "timing": {}}'):
        for file in tmp_path.iterdir():
            file.write_text(damage, encoding="utf-8")
        assert FirstRuns(tmp_path).of(summary) == summary


@pytest.mark.parametrize("topic", ["capital of France", "protein folding in yeast"])
def test_a_topic_of_no_paper_is_refused(assistant: Assistant, topic: str) -> None:
    summary = assistant.summarize(topic)
    assert summary.refused
    assert summary.reason == "none of the 57 papers searched is about this"
    assert not summary.scope
    assert not summary.claims


def test_a_topic_of_two_parts_wants_papers_that_speak_of_both(assistant: Assistant) -> None:
    scope = [assistant.get(entry.key) for entry in assistant.summarize("reinforcement learning in games").scope]
    assert scope[0].title.startswith("Q-DeckRec")
    assert [paper for paper in scope if paper.title.startswith("The Art of Drafting")]  # says tree search instead
    assert not [paper.title for paper in scope if paper.title.startswith(("LlamaRL", "Reverb"))]


@pytest.mark.parametrize(
    ("topic", "filters", "told"),
    [
        ("training infrastructure", "", 'No paper has "training infrastructure" in so many words.'),
        ("probabilistic programming", "", ""),
        ("probabilistic programming", "year:2025..", 'No paper has "probabilistic programming"'),
        ("recommendation for card shops", "", 'No paper has "card shops" in so many words.'),
    ],
)
def test_a_scope_says_where_no_paper_has_the_words_of_the_topic(
    assistant: Assistant, topic: str, filters: str, told: str
) -> None:
    lead = assistant.summarize(topic, filters=filters, scope="all").lead
    assert told in lead
    assert bool(told) == ("No paper has" in lead)


def test_a_filter_holds_for_scope_and_claims(assistant: Assistant) -> None:
    summary = assistant.summarize("recommendation systems at Meta", filters="year:2022..2024")
    assert summary.filters == "year:2022..2024"
    assert all(assistant.get(entry.key).year in (2022, 2023, 2024) for entry in summary.scope)
    assert all(reference.year in (2022, 2023, 2024) for reference in summary.references)


def test_a_filter_that_nothing_passes_is_said(assistant: Assistant) -> None:
    summary = assistant.summarize("recommendation", filters="year:1950")
    assert (summary.status, summary.reason) == ("refused", "no paper passes the filter year:1950")


def test_widths_of_the_scope(assistant: Assistant) -> None:
    topic = "recommendation systems at Meta"
    strict, normal, broad = (assistant.summarize(topic, scope=width).scope for width in ("strict", None, "broad"))
    assert set(strict) < set(normal) < set(broad)
    assert len(assistant.summarize(topic, scope=3).scope) == 3
    assert len(assistant.summarize(topic, scope=500).scope) == 57
    assert len(assistant.summarize(topic, scope="all").scope) == 57


def test_borderline_papers_are_those_just_below_the_cut(assistant: Assistant) -> None:
    summary = assistant.summarize("recommendation systems at Meta", scope="strict")
    least = min(entry.score for entry in summary.scope)
    assert summary.borderline
    assert all(entry.score <= least for entry in summary.borderline)
    assert not {entry.key for entry in summary.borderline} & {entry.key for entry in summary.scope}


def test_a_steep_end_of_the_scope_still_names_the_next_papers(assistant: Assistant) -> None:
    summary = assistant.summarize("probabilistic programming")
    assert len(summary.borderline) >= 3
    assert assistant.summarize("probabilistic programming", scope="all").borderline == ()


@pytest.mark.parametrize("width", [0, -1, "wide"])
def test_an_unknown_width_is_an_error(assistant: Assistant, width: int | str) -> None:
    with pytest.raises(UsageError):
        assistant.summarize("games", scope=width)


def test_named_papers_are_the_whole_scope(assistant: Assistant) -> None:
    keys = [entry.key for entry in assistant.summarize("probabilistic programming").scope][:2]
    summary = assistant.summarize("anything at all", scope=tuple(keys))
    assert {entry.key for entry in summary.scope} == set(keys)
    assert not summary.borderline
    with pytest.raises(UnknownKeyError):
        assistant.summarize("anything", scope=("nobody1900nothing",))


def test_papers_are_compared_in_the_order_they_are_named(assistant: Assistant) -> None:
    keys = [paper.key for paper in assistant.papers()][:3][::-1]
    table = assistant.compare([*keys, keys[0]], ("year", "hardware"))
    assert [row.key for row in table.rows] == keys
    assert table.columns == ("year", "hardware")


# its parts


def test_columns_are_read_from_a_list() -> None:
    assert parse_columns("") == COLUMNS
    assert parse_columns("problem, main  figure,problem") == ("problem", "main figure")
    for wrong in ("a,,b", ",".join(f"c{number}" for number in range(11))):
        with pytest.raises(UsageError):
            parse_columns(wrong)


def test_a_column_of_ones_own_is_filled_by_the_sentence_that_speaks_of_it() -> None:
    member = a_member("wu2020x", "X is a model. It was trained on 8 GPUs, which took a day. It is good.")
    table = compare([member], ("GPUs", "licence"), idf=one_idf, embed=EMBEDDER.embed_queries)
    spoken, silent = table.rows[0].cells
    assert spoken.quote == "It was trained on 8 GPUs, which took a day."
    assert spoken.value
    assert "8 GPUs" in spoken.value
    assert (silent.value, silent.quote) == (None, None)


def test_an_abstract_without_a_stated_problem_says_what_its_proposal_is_for() -> None:
    text = "Seeker is a semantic search engine for expert finding in academia. It is fast."
    member = a_member("wu2020x", text, title="Seeker: who knows what")
    problem, method = compare([member], ("problem", "method"), idf=one_idf, embed=EMBEDDER.embed_queries).rows[0].cells
    assert (problem.value, method.value) == ("expert finding in academia", "Seeker is a semantic search engine")
    assert problem.quote == method.quote == "Seeker is a semantic search engine for expert finding in academia."


def test_background_is_no_problem() -> None:
    member = a_member("a", "Popular approaches are widely used for music. We compare listeners. They differ.")
    (cell,) = compare([member], ("problem",), idf=one_idf, embed=EMBEDDER.embed_queries).rows[0].cells
    assert cell.value is None


def test_background_is_no_method() -> None:
    member = a_member("a", "Many shops use trained rankers to recommend things.", title="A talk")
    (cell,) = compare([member], ("method",), idf=one_idf, embed=EMBEDDER.embed_queries).rows[0].cells
    assert cell.value is None


def test_data_that_is_named_comes_before_data_that_is_described() -> None:
    member = a_member("a", "We evaluate it on a dataset of academic publications. On MovieLens it wins.")
    (cell,) = compare([member], ("data",), idf=one_idf, embed=EMBEDDER.embed_queries).rows[0].cells
    assert cell.value == "MovieLens"


def test_a_method_is_read_from_a_sentence_about_the_paper_itself() -> None:
    member = a_member(
        "a", "Ads rely on trained models of users. ExFM controls costs by using distillation.", title="ExFM for ads"
    )
    (cell,) = compare([member], ("method",), idf=one_idf, embed=EMBEDDER.embed_queries).rows[0].cells
    assert cell.value == "ExFM controls costs by using distillation"


def test_of_several_proposals_the_one_in_the_words_of_the_title_comes_first() -> None:
    text = "We develop an implementation that scales well. We study substitutes of groceries in online shops."
    member = a_member("a", text, title="Substitutes of groceries")
    implementation, study = picks_of(member, member.vector)
    assert study.score > implementation.score


def test_a_sentence_that_goes_on_is_no_opening() -> None:
    text = "We also present a ranking of users. We present a ranking of users and items."
    member = a_member("a", text, title="Another name")
    later, first = picks_of(member, np.zeros(EMBEDDER.dimension, np.float32))
    assert first.score > later.score


def test_a_proposal_that_points_back_gives_way_to_a_plain_method() -> None:
    text = "We propose a training procedure that mitigates this issue. We train vectors of length one with our loss."
    member = a_member("a", text, title="Norms")
    draft = draft_section(Theme("t", (member,), ()), Said())
    assert draft.picks[0].sentence.text.startswith("We train")


def test_two_problems_of_a_section_are_two() -> None:
    first = a_member("a", "Many systems suffer from popularity bias as they ignore niche items.")
    near = replace(
        a_member("b", "Goods that hardly anybody buys lack exposure, a known drawback."), vectors=first.vectors
    )
    other = a_member("c", "Offline tests hardly show what a listener wants at home, as logs lack it.")
    (problem,) = draft_section(Theme("t", (first, near, other), ()), Said()).parts
    assert problem.label == "The problem"
    assert len(problem.picks) == 2
    assert other in [pick.member for pick in problem.picks]


def test_a_paragraph_opens_where_the_name_of_the_title_is_first_said() -> None:
    paper = a_member(
        "a",
        "Horizon is Facebook's platform of learning. Horizon contains workflows that train deep algorithms at scale.",
        title="Horizon: a platform",
    )
    (part,) = draft_section(Theme("T", (paper,), ()), Said()).parts
    assert part.picks[0].sentence.text == "Horizon is Facebook's platform of learning."


def test_a_paper_without_an_abstract_leaves_its_cells_empty() -> None:
    member = a_member("wu2020x", "")
    cells = compare([member], COLUMNS, idf=one_idf, embed=EMBEDDER.embed_queries).rows[0].cells
    assert [cell.value for cell in cells] == [None, None, None, None, "2020"]


def spoken_by(papers: Sequence[Member]) -> Spoken:
    return Spoken([read_text(paper) for paper in papers], [title_text(paper) for paper in papers])


def test_papers_of_a_kind_share_a_theme_named_by_their_phrases() -> None:
    papers = [
        a_member(
            f"g{n}", f"Graph neural networks pass messages {n}. Graph neural networks are deep.", title="Graph nets"
        )
        for n in range(4)
    ] + [
        a_member(f"m{n}", f"Music playlists please listeners {n}. Music playlists are long.", title="Music playlists")
        for n in range(4)
    ]
    themes = find_themes(papers, "anything", EMBEDDER.embed_queries)
    assert [{member.key[0] for member in theme.members} for theme in themes] in ([{"g"}, {"m"}], [{"m"}, {"g"}])
    titles = {theme.members[0].key[0]: theme.title.casefold() for theme in themes}
    assert "graph" in titles["g"]
    assert "music" in titles["m"] or "playlist" in titles["m"]


def test_few_papers_are_one_theme_and_papers_without_abstracts_belong_somewhere() -> None:
    papers = [a_member("a", "One thing is here."), a_member("b", "Another thing is there."), a_member("c", "")]
    (theme,) = find_themes(papers, "thing", EMBEDDER.embed_queries)
    assert {member.key for member in theme.members} == {"a", "b", "c"}
    assert theme.title == "What the papers say"
    (silent,) = find_themes([a_member("c", "")], "thing", EMBEDDER.embed_queries)
    assert silent.title


def test_equal_papers_make_no_trouble() -> None:
    papers = [a_member(f"k{n}", "The same words in every abstract.") for n in range(12)]
    themes = find_themes(papers, "words", EMBEDDER.embed_queries)
    assert sorted(member.key for theme in themes for member in theme.members) == sorted(m.key for m in papers)


def test_a_heading_does_not_repeat_itself() -> None:
    papers = [
        a_member(f"k{n}", "Recurrent neural networks (RNN) win. RNNs learn. Recurrent neural networks.") for n in "ab"
    ]
    other = [a_member(f"o{n}", "Music playlists are long. Playlist continuation is hard.") for n in "ab"]
    (phrases, _) = distinctive_phrases([papers, other], "topic", EMBEDDER.embed_queries)
    words = [word for phrase in choose_heading(phrases, spoken_by(papers)) for word in phrase.words]
    assert len(words) == len(set(words))
    assert phrases[0].text == "recurrent neural networks"


def test_a_phrase_of_several_papers_names_a_theme_before_one_of_a_single_title() -> None:
    papers = [
        a_member("a", "Stance detection is a task.", title="Examining stance detection by similarity features"),
        a_member("b", "Stance detection is hard.", title="A retrospective analysis"),
        a_member("c", "Stance detection again.", title="Transfer learning for news"),
    ]
    other = [a_member(f"o{n}", "Music playlists are long. Playlist continuation is hard.") for n in "ab"]
    (phrases, _) = distinctive_phrases([papers, other], "topic", EMBEDDER.embed_queries)
    assert [phrase.text for phrase in choose_heading(phrases, spoken_by(papers))] == ["stance detection"]


def test_what_one_team_calls_its_own_does_not_name_a_theme_of_several_teams() -> None:
    abstracts = {
        "a": "Polar lattice search helps. Stance detection is a task.",
        "b": "Polar lattice search again. Polar lattice search wins.",
        "c": "Stance detection is hard.",
    }
    papers = [
        a_member(key, text, authors=("Cy Roe",) if key == "c" else ("Ann Wu",), title=f"Paper {key}")
        for key, text in abstracts.items()
    ]
    other = [a_member(f"o{n}", "Music playlists are long. Playlist continuation is hard.") for n in "ab"]
    (phrases, _) = distinctive_phrases([papers, other], "topic", EMBEDDER.embed_queries)
    assert choose_heading(phrases, spoken_by(papers))[0].text == "stance detection"


@pytest.mark.parametrize(("topic", "named"), [("stance detection in politics", True), ("stance detection", False)])
def test_a_part_of_a_topic_may_name_a_theme_and_a_whole_topic_may_not(topic: str, named: bool) -> None:
    papers = [a_member(key, "Stance detection is hard.", authors=(key,)) for key in ("Ann Wu", "Bo Li", "Cy Roe")]
    other = [a_member(f"o{n}", "Politics on playlists. Playlist continuation is hard.") for n in "ab"]
    (phrases, _) = distinctive_phrases([papers, other], topic, EMBEDDER.embed_queries)
    assert ("stance detection" in [phrase.text for phrase in phrases]) is named


@pytest.mark.parametrize(
    ("sentence", "half"),
    [
        ("Users ask follow-up questions about it.", "ask follow-up questions"),
        ("The models typically influence opinion markets.", "influence opinion markets"),
        ("They use deep latent variables in it.", "deep latent"),
    ],
)
def test_half_a_phrase_is_no_heading(sentence: str, half: str) -> None:
    papers = [a_member(key, sentence, authors=(key,)) for key in ("Ann Wu", "Bo Li", "Cy Roe")]
    other = [a_member(f"o{n}", "Music playlists are long. Playlist continuation is hard.") for n in "ab"]
    (phrases, _) = distinctive_phrases([papers, other], "topic", EMBEDDER.embed_queries)
    assert phrases
    assert half not in [phrase.text for phrase in phrases]


def test_a_heading_that_few_papers_bear_out_says_that_its_theme_is_mixed() -> None:
    subjects = ["music", "news", "ads", "code", "law", "food", "art", "sport", "travel", "games", "health", "maps"]
    mixed = [a_member(f"m{n}", f"One {subject} thing.", authors=(subject,)) for n, subject in enumerate(subjects)]
    assert title_of([Phrase("law", ("law",), 1.0)], spoken_by(mixed)) == "Further work, such as on law"
    assert title_of([Phrase("thing", ("thing",), 1.0)], spoken_by(mixed)) == "Thing"


def test_a_paper_bears_a_heading_out_by_a_word_of_its_title_that_the_topic_lacks() -> None:
    papers = [a_member(key, "We link entities.", title=f"Biomedical matters of {key}") for key in "abc"]
    phrase = Phrase("biomedical text", tuple(content_words("biomedical text")), 1.0)
    assert title_of([phrase], spoken_by(papers)) == "Biomedical text"
    assert title_of([phrase], spoken_by(papers), "biomedical") == "Further work, such as on biomedical text"


def test_a_heading_goes_on_until_most_papers_speak_of_it() -> None:
    papers = [a_member(f"a{n}", "Query logs are long.") for n in range(3)]
    papers += [a_member(f"b{n}", "Search engines are old.") for n in range(3)]
    logs, engines, old = (
        Phrase(text, tuple(content_words(text)), weight)
        for text, weight in (("query logs", 2.0), ("search engines", 1.0), ("old engines", 0.9))
    )
    assert choose_heading([logs, engines, old], spoken_by(papers)) == (logs, engines)
    assert choose_heading([logs, engines], spoken_by(papers[:3])) == (logs,)
    assert choose_heading([logs, engines], spoken_by(papers), [logs]) == (engines,)


def test_a_phrase_that_few_papers_use_gives_way_to_the_part_of_it_that_most_do() -> None:
    papers = [a_member(f"m{n}", "Music is heard.", title="Music for all") for n in range(4)]
    papers.append(a_member("p", "Music playlist generation is new.", title="Music playlist generation"))
    phrase = Phrase("music playlist generation", tuple(content_words("music playlist generation")), 2.0)
    others = [read_text(a_member("o", "Ads are bought.", title="Ads"))]
    (heading,) = choose_heading([phrase], replace(spoken_by(papers), others=others))
    assert heading.text == "music"
    others = [read_text(papers[0])]
    assert choose_heading([phrase], replace(spoken_by(papers), others=others)) == (phrase,)


def test_a_paper_that_says_nothing_of_its_heading_moves_to_one_that_its_title_bears_out() -> None:
    graphs = [a_member(f"g{n}", f"Graph networks pass messages {n}.", title="Graph networks") for n in range(8)]
    music = [a_member(f"m{n}", f"Music playlists please listeners {n}.", title="Music playlists") for n in range(8)]
    stray = a_member("x", "Listeners like playlists that please.", title="Music playlists again")
    headings = [[Phrase(text, tuple(content_words(text)), 1.0)] for text in ("graph networks", "music playlists")]
    settled = _settled([[*graphs, stray], music], headings)
    assert [len(group) for group in settled] == [8, 9]
    assert stray in settled[1]
    assert [len(group) for group in _settled([[*graphs[:3], stray], music], headings)] == [
        4,
        8,
    ]  # a small theme keeps its papers


def test_a_mixed_theme_stands_last_and_is_no_milestone() -> None:
    subjects = ["ads", "code", "law", "food", "art", "sport", "travel", "health", "maps", "wine"]
    music = [a_member(f"m{n}", f"Music playlists please {n}.", title="Music playlists", year=2015) for n in range(6)]
    mixed = [
        a_member(f"x{n}", f"One {subject} matter.", title=subject, score=0.9, year=2010 + n, authors=(subject,))
        for n, subject in enumerate(subjects)
    ]
    themes = find_themes([*mixed, *music], "anything", EMBEDDER.embed_queries)
    assert [theme.mixed for theme in themes] == sorted(theme.mixed for theme in themes)
    loose = Theme("Further work, such as on law", tuple(music), ())
    plain = Theme("Music playlists", tuple(music), ())
    told = [entry.text for entry in milestones(count_years([*mixed, *music]), [plain, loose])]
    assert any("“Music playlists”" in text for text in told)
    assert not any("Further work" in text for text in told)


def test_two_papers_are_no_theme_beside_larger_ones() -> None:
    papers = [a_member(f"g{n}", f"Graph networks pass messages {n}. Graphs are deep.") for n in range(5)]
    papers += [a_member(f"m{n}", f"Music playlists please listeners {n}. Music is long.") for n in range(5)]
    papers += [a_member(f"t{n}", "Quite another matter: volcanoes erupt with lava.") for n in range(2)]
    assert all(len(theme.members) > 2 for theme in find_themes(papers, "anything", EMBEDDER.embed_queries))


def test_a_bare_word_goes_on_a_heading_only_where_it_weighs_nearly_as_much() -> None:
    papers = [a_member(f"a{n}", "Social networks grow.") for n in range(3)] + [
        a_member(f"b{n}", "Mobile search is old.") for n in range(3)
    ]
    networks = Phrase("social networks", tuple(content_words("social networks")), 1.0)
    light, heavy = (Phrase("mobile", tuple(content_words("mobile")), weight) for weight in (0.5, 0.9))
    assert choose_heading([networks, light], spoken_by(papers)) == (networks,)
    assert choose_heading([networks, heavy], spoken_by(papers)) == (networks, heavy)


def test_a_second_version_of_a_paper_names_no_theme() -> None:
    papers = [a_member(key, "Polar lattices win.", title="Polar lattices", authors=(key,)) for key in ("Ann", "Bo")]
    papers += [a_member(key, "Stance detection is a task.", title=key, authors=(key,)) for key in ("Cy", "Di")]
    other = [a_member(f"o{n}", "Music playlists are long.", title=f"Music {n}") for n in "ab"]
    (phrases, _) = distinctive_phrases([papers, other], "topic", EMBEDDER.embed_queries)
    assert phrases[0].text == "stance detection"


def test_a_section_tells_a_paper_in_its_own_order_with_nothing_that_hangs_in_the_air() -> None:
    paper = a_member(
        "a",
        "Partitioning is hard. We propose Cutter, in which a constraint solver corrects a policy. "
        "The constraint solver uses propagation. Keeping them apart helps. We hope that others will use it. "
        "Experiments show that the method outperforms search by 12%.",
    )
    (part,) = [part for part in draft_section(Theme("T", (paper,), ()), Said()).parts if not part.label]
    assert [pick.sentence.text for pick in part.picks] == [
        "We propose Cutter, in which a constraint solver corrects a policy.",
        "The constraint solver uses propagation.",
        "Experiments show that the method outperforms search by 12%.",
    ]


def test_praise_of_others_work_is_no_result_of_the_paper() -> None:
    paper = a_member(
        "a",
        "We propose Cutter for recommenders. It learns from clicks. "
        "Filtering models lie at the core of most recommenders due to their state-of-the-art accuracy.",
    )
    draft = draft_section(Theme("T", (paper,), ()), Said())
    assert not any("lie at the core" in pick.sentence.text for pick in draft.picks)


def test_the_overview_says_nothing_that_hangs_in_the_air() -> None:
    paper = a_member(
        "a",
        "We propose Cutter for accounts. Whenever such cutting is feasible, it raises accuracy. "
        "Collaborative filtering outperforms all else. We show that Cutter outperforms search by 12%.",
    )
    picks = pick_overview([Theme("T", (paper,), ())], Said())
    other = a_member(
        "b", "Whenever such cutting is feasible, it improves accuracy. Others exceed the state of the art."
    )
    assert [pick.sentence.text for pick in picks] == ["We propose Cutter for accounts."]
    assert pick_overview([Theme("T", (other,), ())], Said()) == ()


def test_the_overview_has_no_proposal_that_names_nothing() -> None:
    empty = a_member("a", "We introduce the topic of filters. We propose a filter of biased news.")
    (pick,) = pick_overview([Theme("t", (empty,), ())], Said())
    assert pick.sentence.text == "We propose a filter of biased news."


def test_papers_beyond_the_paragraphs_have_a_sentence_each() -> None:
    words = ["red", "green", "blue", "white", "black", "grey", "brown", "pink", "gold", "teal"]
    papers = tuple(a_member(word, f"We propose {word.title()}Net for {word} fields of {word} grass.") for word in words)
    draft = draft_section(Theme("T", papers, ()), Said())
    assert {pick.member.key for pick in draft.picks} == set(words)
    assert [part.label for part in draft.parts][-1] == "Also in this theme"


def test_what_several_papers_of_a_theme_speak_of_is_counted() -> None:
    phrases = tuple(Phrase(text, tuple(content_words(text)), 1.0) for text in ("graph networks", "cold start", "news"))
    papers = (
        a_member("a", "Graph networks for cold start."),
        a_member("b", "Graph networks for news."),
        a_member("c", "Cold start of graph networks in the news."),
    )
    (found,) = common_phrases(Theme("T", papers, phrases))
    assert (found.text, found.keys) == ("cold start", ("a", "c"))


def test_a_coverage_without_plain_methods_and_tasks_is_left_out() -> None:
    papers = tuple(a_member(f"k{n}", "Information retrieval and search engines. Expansion methods.") for n in range(4))
    phrases = tuple(
        Phrase(text, tuple(content_words(text)), 1.0)
        for text in ("information retrieval", "search engines", "expansion method", "query expansion")
    )
    assert cover([Theme("T", papers, phrases)], "query expansion") == (Coverage(), ())


def test_what_has_not_been_published_elsewhere_is_no_open_question() -> None:
    papers = [
        a_member("a", "Users name words that have not been published in the corpus yet."),
        a_member("b", "Sequence models for expansion have not been explored yet."),
    ]
    assert [pick.member.key for pick in raised(papers, Said())] == ["b"]


def test_a_sentence_that_says_nothing_is_never_picked() -> None:
    member = a_member(
        "a",
        "We propose X. We believe that X opens new roads. We provide the source code. The code is available at https://x.org/y.",
    )
    assert [pick.index for pick in picks_of(member, member.vector)] == [0]


def test_representatives_differ() -> None:
    alike = [a_member(f"a{n}", "Graph networks pass messages.", score=0.9 - n / 100) for n in range(5)]
    other = a_member("z", "Graph networks please listeners of music playlists.", score=0.88)
    assert [member.key for member in representatives([*alike, other], 2)] == ["a0", "z"]


def test_the_ledger_is_complete_whatever_is_cited() -> None:
    ledger = keep_ledger(["a", "b", "a"], [Claim("x", Support.VERIFIED, "")], {"a": "why"})
    assert ledger.cited == ()
    assert [(entry.key, bool(entry.reason)) for entry in ledger.unused] == [("a", True), ("b", True)]


def test_years_run_without_holes_and_unknown_ones_come_last() -> None:
    papers = [a_member("a", "A.", year=2015), a_member("b", "B.", year=2018), a_member("c", "C.", year=None)]
    assert [(entry.year, entry.papers) for entry in count_years(papers)] == [
        (2015, 1),
        (2016, 0),
        (2017, 0),
        (2018, 1),
        (None, 1),
    ]
    assert [entry.year for entry in count_years([papers[2]])] == [None]
    assert count_years([]) == ()


def test_milestones_name_the_first_the_steepest_and_the_newest_year() -> None:
    years = [2010, 2012, 2012, 2013, *[2014] * 6, 2015]
    papers = [a_member(f"k{n}", "X.", year=year) for n, year in enumerate(years)]
    texts = [item.text for item in milestones(count_years(papers), [Theme("T", tuple(papers), ())])]
    assert texts == [
        "2010: 1 paper in scope, the first",
        "2014: 6 papers, up from 1 a year just before",
        "2015: 1 paper, the newest",
    ]


def test_a_year_is_named_once_where_it_is_both_the_steepest_and_the_newest() -> None:
    papers = [a_member(f"k{n}", "X.", year=year) for n, year in enumerate([2010, 2011, *[2012] * 6])]
    texts = [item.text for item in milestones(count_years(papers), [Theme("T", tuple(papers), ())])]
    assert texts == [
        "2010: 1 paper in scope, the first",
        "2012: 6 papers, up from 1 a year just before, the newest",
    ]


def test_open_questions_are_quoted_from_the_abstracts() -> None:
    papers = [
        a_member("a", "We propose X. It is fast. Whether X helps children remains unclear."),
        a_member("b", "Y is a model. The code is public for future research."),
        a_member("c", "We point out the possible future directions in this area and conclude the survey."),
        a_member("d", "We release a sample of the dataset to enable future research."),
    ]
    assert [pick.sentence.text for pick in raised(papers, Said())] == ["Whether X helps children remains unclear."]


def test_an_empty_cell_is_reported_only_where_chance_would_have_filled_it() -> None:
    texts = ["Graph networks help cold start.", "Graph networks help news feeds."] * 3
    texts += ["Matrix factorization helps news feeds."] * 6
    papers = tuple(a_member(f"k{n}", text) for n, text in enumerate(texts))
    phrases = distinctive_phrases([papers[:6], papers[6:]], "topic", EMBEDDER.embed_queries)
    themes = [Theme("A", papers[:6], phrases[0]), Theme("B", papers[6:], phrases[1])]
    coverage, never = cover(themes, "recommendation")
    assert coverage.counts[coverage.rows.index("matrix factorization")][coverage.columns.index("cold start")] == 0
    assert any("“matrix factorization”" in item.text and "“cold start”" in item.text for item in never)


def test_opposite_results_are_found_and_agreeing_ones_are_not() -> None:
    first = a_member("a", "Experiments show that dropout improves the accuracy of deep ranking models.")
    second = a_member("b", "Experiments show that dropout degrades the accuracy of deep ranking models.")
    third = a_member("c", "Experiments show that dropout improves the accuracy of deep ranking models a lot.")
    (found,) = oppositions([first, second])
    assert {found.first.member.key, found.second.member.key} == {"a", "b"}
    assert oppositions([first, third]) == ()


def test_sentences_that_differ_in_more_than_a_negation_do_not_oppose_each_other() -> None:
    first = a_member("a", "Collaborative filtering cannot solve cold start as a new item has no rating.")
    text = (
        "Filtering suffers from cold start, which occurs when an item has not yet been rated or a user has no rating."
    )
    second = replace(a_member("b", text), vectors=first.vectors)  # as near in meaning as can be
    denied = a_member("c", "Collaborative filtering can solve cold start as a new item has a rating.")
    assert oppositions([first, second]) == ()
    (found,) = oppositions([first, denied])
    assert found.reason == "a negation"


def test_papers_of_different_teams_that_say_alike_of_the_world_are_put_together() -> None:
    said = {
        "a": "Deep hashing is expensive and lacks attention in retrieval.",
        "b": "Deep hashing is expensive and lacks attention in retrieval of images.",
        "c": "We propose hashing that is expensive and lacks attention in retrieval.",
        "d": "Music playlists please listeners.",
    }
    papers = [a_member(key, text, authors=(key,), year=2020 - n) for n, (key, text) in enumerate(said.items())]
    (agreed,) = [part for part in draft_section(Theme("t", tuple(papers), ()), Said()).parts if "agree" in part.label]
    assert [pick.member.key for pick in agreed.picks] == ["b", "a"]
    twins = [a_member(key, said["a"], authors=("Ann Wu",)) for key in "ab"]
    assert alike([Place(twin, 0) for twin in twins]) == ()


def test_papers_do_not_agree_in_what_everybody_knows() -> None:
    text = "Sponsored search is a major source of revenue for search engines."
    papers = [a_member(key, f"{text} Item {key}.", authors=(key,)) for key in ("Ann", "Bo")]
    draft = draft_section(Theme("t", tuple(papers), ()), Said())
    assert not [part for part in draft.parts if "agree" in part.label]


def test_of_two_versions_of_a_paper_one_is_told() -> None:
    text = "We propose a cutter of graphs. Experiments show that it wins by 3%."
    papers = (a_member("a", text, title="Cutting graphs"), a_member("b", f"{text} It is new.", title="Cutting graphs"))
    draft = draft_section(Theme("t", papers, ()), Said())
    assert {pick.member.key for pick in draft.picks} == {"a"}
    assert draft.unused["b"] == "it is another version of a"


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        (
            "We extend this model by moods. We evaluate our approach on MovieLens and it improves recall by 3%.",
            "We evaluate our approach on MovieLens and it improves recall by 3%.",
        ),
        (
            "We propose a training procedure that mitigates this issue. Our approach improves recall by 3%.",
            "We propose a training procedure that mitigates this issue.",
        ),
        (
            "We present implementation details of the system. We propose a filter of biased news.",
            "We propose a filter of biased news.",
        ),
    ],
)
def test_a_paper_is_opened_by_what_says_most_without_the_sentences_before_it(text: str, opening: str) -> None:
    draft = draft_section(Theme("t", (a_member("a", text),), ()), Said())
    assert draft.picks[0].sentence.text == opening


def test_a_list_that_breaks_off_and_questions_to_follow_are_left_to_the_paper() -> None:
    questions = a_member("q", "We address the following questions: (1) Why do people search for images at all?")
    assert not picks_of(questions, questions.vector)
    broken = a_member("a", "Two features help us here: First, we use few words.")
    whole = a_member("b", "Two features help us here: First, we use few words. Second, we use few.")
    one_sentence = replace(whole, sentences=(Sentence(whole.paper.abstract, 0, len(whole.paper.abstract)),))
    (cut,), (full,) = picks_of(broken, broken.vector), picks_of(one_sentence, broken.vector)
    assert cut.score < full.score - 0.3


def test_what_papers_differ_in_is_told_by_method_and_data() -> None:
    papers = [
        a_member("a", "Matrix factorization is tried on the MovieLens dataset. Ranking models are common."),
        a_member("b", "Random forests of decision trees are tried on Yelp reviews. Matrix factorization too."),
        a_member("c", "Decision trees are tried on the MovieLens 1M dataset and on MovieLens. Ranking models."),
    ]
    phrases = tuple(
        Phrase(text, tuple(content_words(text)), 1.0)
        for text in ("matrix factorization", "decision trees", "ranking models")
    )
    method, data = contrasts(Theme("t", tuple(papers), phrases))
    assert [(item.text, item.keys) for item in method.values] == [
        ("decision trees", ("b", "c")),
        ("matrix factorization", ("a", "b")),
    ]
    assert [(item.text, item.keys) for item in data.values] == [("MovieLens", ("a", "c")), ("Yelp", ("b",))]


def test_one_value_tells_no_papers_apart() -> None:
    papers = tuple(a_member(key, "It is tried on the MovieLens dataset.") for key in "ab")
    assert contrasts(Theme("t", papers, ())) == ()


def test_a_paper_that_says_the_same_supports_the_claim() -> None:
    first = a_member("a", "Recommender systems suffer from the cold-start problem.")
    same = a_member("b", "Recommender systems suffer from the cold-start problem in practice.")
    other = a_member("c", "Music playlists please listeners.")
    assert [place.member.key for place in supporters(Place(first, 0), [first, same, other], one_idf)] == ["b"]


def test_a_sentence_loses_the_word_that_ties_it_to_the_one_before() -> None:
    member = a_member("a", "Users click. However, existing approaches often use models which are slow and costly.")
    stater = Stater(Numbering(), one_idf)
    (claim,) = stater.state([picks_of(member, member.vector)[1]])
    assert claim.text == "Existing approaches often use models which are slow and costly."
    assert claim.citations[0].quote == f"However, e{claim.text[1:]}"


def test_authors_named_before_are_they_in_a_comparison_too() -> None:
    member = a_member(
        "a", "We propose a filter for music. Our filter beats the older filter, outperforming our baseline."
    )
    claims = Stater(Numbering(), one_idf).state(picks_of(member, member.vector))
    assert [claim.text for claim in claims] == [
        "Wu et al. (2020) propose a filter for music.",
        "Their filter beats the older filter, outperforming their baseline.",
    ]


def test_members_without_sentences_have_a_vector() -> None:
    silent = Member(1, Paper("T", key="k"), (), np.zeros((0, 4), np.float32), 0.0)
    assert silent.vector.tolist() == [0, 0, 0, 0]


def unused_embed(_texts: Sequence[str]) -> FloatArray:
    raise AssertionError("nothing should be embedded")


def test_one_group_needs_no_vectors() -> None:
    (phrases,) = distinctive_phrases(
        [[a_member("a", "Music playlists. Music playlists.", title="Music playlists")]], "x", unused_embed
    )
    assert phrases[0].text == "music playlists"


def test_a_name_of_ones_own_makes_a_sentence_the_papers_and_background_has_none() -> None:
    member = a_member("a", "IR is old. DLRM is open. DLRM trains fast on GPUs. Others use IR.")
    spoken = [speaks_of_its_paper(pick) for pick in picks_of(member, member.vector)]
    assert spoken == [False, True, True, False]
