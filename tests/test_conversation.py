from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.answers import Answer, Intent, Reference
from assistant.app import Assistant, open_assistant
from assistant.conversation import Conversation, LibraryShelf, Reading, Sessions, State, Turn
from assistant.conversation.fragments import complete, is_fragment, split_lead
from assistant.conversation.names import entities, joined, name_in_question, own_name
from assistant.errors import ModelError, UnknownKeyError, UsageError
from assistant.filters import Filter, parse_filter
from assistant.papers import Paper
from assistant.settings import Settings
from tests.fakes import ScriptedModel

DIALOGUES = Path(__file__).parent / "data" / "dialogues.jsonl"
GOAL = 0.95  # of the turns: filters right, and all papers among the first three


@pytest.fixture(scope="module")
def assistant(sample_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    store = tmp_path_factory.mktemp("conversation") / "store"
    shutil.copytree(sample_store, store)
    with open_assistant(Settings(store=store, llm="none")) as opened:
        yield opened


@pytest.fixture
def conversation(assistant: Assistant) -> Conversation:
    return Conversation(LibraryShelf(assistant))


def say(assistant: Assistant, conversation: Conversation, text: str) -> tuple[Reading, Answer]:
    reading = conversation.read(text)
    answer = assistant.ask(text, conversation.options(reading, assistant.ask_options()))
    conversation.add(reading, answer)
    return reading, answer


class TestDialogues:
    def as_given(self, conversation: Conversation, keys: tuple[str, ...]) -> Conversation:
        """Return the conversation as if the last answer with several papers had cited `keys` in this order."""
        turns = list(conversation.state.turns)
        place = next((n for n in reversed(range(len(turns))) if len(turns[n].cited) > 1), 0)
        focus = turns[place].focus if set(turns[place].focus) & set(keys) else keys[:1]
        turns[place] = replace(turns[place], cited=keys, focus=focus)
        return Conversation(conversation._shelf, replace(conversation.state, turns=tuple(turns), keys=keys))

    def is_right(self, assistant: Assistant, reading: Reading, filters: Filter, turn: dict[str, Any]) -> bool:
        if turn["standalone"] is None:
            return reading.intent is Intent.SMALLTALK
        wanted = {str(term).lower() for term in parse_filter(turn["filters"]).terms}
        ranked = assistant.searcher.retrieve(reading.question, filters=filters, limit=3).papers
        found = {paper.paper.source_id for paper in ranked}
        return {str(term).lower() for term in reading.filters.terms} == wanted and set(turn["relevant"]) <= found

    def test_follow_ups_find_the_papers_they_are_about(self, assistant: Assistant) -> None:
        keys = {paper.source_id: paper.key for paper in assistant.papers()}
        right, wrong = 0, []
        for line in DIALOGUES.read_text(encoding="utf-8").splitlines():
            dialogue = json.loads(line)
            conversation = Conversation(LibraryShelf(assistant))
            for turn in dialogue["turns"]:
                if "set_filter" in turn:
                    conversation.filters = parse_filter(turn["set_filter"])
                if given := turn.get("given_references"):
                    conversation = self.as_given(conversation, tuple(keys[name] for name in given))
                reading = conversation.read(turn["text"])
                options = conversation.options(reading, assistant.ask_options())
                answer = assistant.ask(turn["text"], options)
                refused_as_wanted = (answer.status == "refused") >= turn.get("refused", False)
                if self.is_right(assistant, reading, options.filters, turn) and refused_as_wanted:
                    right += 1
                else:
                    wrong.append(f"{dialogue['_id']}: {turn['text']!r} read as {reading.question!r} {reading.filters}")
                conversation.add(reading, answer)
        assert right / (right + len(wrong)) >= GOAL, "\n".join(wrong)


class TestReadings:
    """What follow-ups mean after a question that was answered, refused, or answered by a list."""

    @pytest.mark.parametrize(
        ("before", "text", "question"),
        [
            ("What is DLRM?", "and its authors?", "Who wrote DLRM?"),
            ("What is DLRM?", "when was that?", "When was DLRM published?"),
            ("What is DLRM?", "which conference?", "Where was DLRM published?"),
            ("What is DLRM?", "and the hardware?", "DLRM: the hardware?"),
            ("How does AlphaFold predict structures?", "what about molecules?", "What is known about molecules?"),
            ("How does AlphaFold predict structures?", "and ExFM?", "What is ExFM?"),
            ("What is Llama?", "no, I meant Llama 2", "What is Llama 2?"),
            ("How many parameters does Llama 2 have?", "and Llama 3?", "How many parameters does Llama 3 have?"),
            ("What is DLRM?", "did they test it online?", "Did they test DLRM online?"),
            ("What is DLRM?", "who wrote it?", "Who wrote DLRM?"),
            ("What is DLRM?", "who wrote it and when?", "Who wrote DLRM?"),
            ("What is EOMM?", "is it better than matching by skill?", "Is EOMM better than matching by skill?"),
            ("Compare Edward and TensorFlow Distributions.", "compare the first two", "Compare {}"),
            ("How do SOLARIS and Lattice differ?", "the second one, who made it?", "Who wrote Lattice?"),
            ("Compare Llama 2 and Llama 3", "which one is larger?", "Which of {} is larger?"),
            ("What is DLRM?", "that's not what I asked: does it need GPUs?", "Does DLRM need GPUs?"),
            ("What is DLRM?", "OK, different question: what is Kepler?", "What is Kepler?"),
            ("What is DLRM?", "Waht is Kepler?", "What is Kepler?"),
            (
                "What is DLRM?",
                "I'm writing about dynamic graphs. What should I cite?",
                "Which papers are about dynamic graphs?",
            ),
            ("Compare Edward and TensorFlow Distributions.", "which is faster?", "Which of {} is faster?"),
        ],
    )
    def test_a_follow_up_is_read_as(
        self, assistant: Assistant, conversation: Conversation, before: str, text: str, question: str
    ) -> None:
        say(assistant, conversation, before)
        reading = conversation.read(text)
        named = [name for name in ("Edward", "TensorFlow Distributions", "Llama 2", "Llama 3") if name in before]
        names = (" and ".join(named), " and ".join(reversed(named)))
        assert reading.question in {question.format(name) for name in names}

    def test_a_record_is_read_out_of_the_paper_in_focus_alone(
        self, assistant: Assistant, conversation: Conversation
    ) -> None:
        say(assistant, conversation, "What is DLRM?")
        _, answer = say(assistant, conversation, "where was it published?")
        assert answer.lead.startswith("Deep Learning Recommendation Model for Personalization")
        assert "2019-05-31, in a venue that the record does not name." in answer.lead
        assert {reference.key for reference in answer.references} == {"naumov2019deep"}

    def test_a_record_is_answered_however_the_paper_is_called(
        self, assistant: Assistant, conversation: Conversation
    ) -> None:
        _, listed = say(assistant, conversation, "Which papers study Multiplayer Online Battle Arena games?")
        for place, ordinal in enumerate(("first", "second", "third")):
            _, answer = say(assistant, conversation, f"who wrote the {ordinal}?")
            assert [reference.key for reference in answer.references] == [listed.references[place].key]

    def test_more_shows_the_paper_in_focus_or_further_papers(
        self, assistant: Assistant, conversation: Conversation
    ) -> None:
        say(assistant, conversation, "What is DLRM?")
        assert conversation.similar_to("any similar papers?") == "naumov2019deep"
        assert not conversation.similar_to("any papers on games?")
        assert conversation.read("show me the abstract").papers == ("naumov2019deep",)
        reading, _ = say(assistant, conversation, "tell me more")
        assert (reading.intent, reading.papers) == (Intent.LOOKUP, ("naumov2019deep",))
        _, listed = say(assistant, conversation, "Which papers are about reinforcement learning?")
        _, further = say(assistant, conversation, "more")
        assert further.references
        assert not {r.key for r in listed.references} & {r.key for r in further.references}

    def test_a_chain_of_fragments_asks_one_thing_at_a_time(
        self, assistant: Assistant, conversation: Conversation
    ) -> None:
        say(assistant, conversation, "Compare Llama 2 and Llama 3")
        say(assistant, conversation, "what about safety?")
        assert (
            conversation.read("and the context window?").question == "Compare Llama 2 and Llama 3: the context window?"
        )

    def test_a_paper_can_be_gone_back_to(self, assistant: Assistant, conversation: Conversation) -> None:
        say(assistant, conversation, "How does Reverb support experience replay?")
        say(assistant, conversation, "What is Kepler?")
        assert conversation.read("Back to Reverb: who wrote it?").question == "Who wrote Reverb?"
        assert conversation.read("back to MLGO: what is it?").question == "MLGO: what is it?"

    def test_that_paper_is_shown_and_not_taken_for_a_topic(
        self, assistant: Assistant, conversation: Conversation
    ) -> None:
        say(assistant, conversation, "What is DLRM?")
        reading = conversation.read("Summarise that paper.")
        assert (reading.intent, reading.papers) == (Intent.LOOKUP, ("naumov2019deep",))
        assert conversation.read("Summarise drug discovery.").intent is Intent.SUMMARY

    def test_a_filter_narrows_the_list_and_not_a_question_to_one_of_its_papers(
        self, assistant: Assistant, conversation: Conversation
    ) -> None:
        say(assistant, conversation, "Which papers use reinforcement learning?")
        _, answer = say(assistant, conversation, "who wrote the first one?")
        assert len(answer.claims) == 1
        reading = conversation.read("only since 2020")
        assert (reading.question, str(reading.filters)) == ("Which papers use reinforcement learning?", "year:2020..")
        assert str(conversation.read("which of them are newer than 2019?").filters) == "year:2020.."

    def test_a_question_about_several_papers_asks_no_others(
        self, assistant: Assistant, conversation: Conversation
    ) -> None:
        say(assistant, conversation, "How do SOLARIS and Lattice differ?")
        reading, answer = say(assistant, conversation, "which of them saves capacity?")
        assert reading.only
        assert {reference.key for reference in answer.references} <= {"liu2026solaris", "luo2025meta"}

    def test_which_one_is_one_of_the_last_answer(self, assistant: Assistant, conversation: Conversation) -> None:
        _, listed = say(assistant, conversation, "Which papers use reinforcement learning?")
        reading, _ = say(assistant, conversation, "which one controls notifications?")
        assert (reading.only, set(reading.papers)) == (True, {reference.key for reference in listed.references})
        assert conversation.read("which ones are they?").papers

    def test_the_newest_of_the_last_answer_is_one_of_its_papers(
        self, assistant: Assistant, conversation: Conversation
    ) -> None:
        say(assistant, conversation, "Compare Kepler and MLGO")
        _, answer = say(assistant, conversation, "which of the two is newer?")
        assert re.findall(r"(\w+)\)", answer.lead) == ["doshi2023kepler", "trofin2021mlgo"]
        _, answer = say(assistant, conversation, "which paper is the newest in the library?")
        assert "luo2026loka" in answer.lead

    def test_details_of_one_paper_are_asked_of_it_alone(self, assistant: Assistant, conversation: Conversation) -> None:
        say(assistant, conversation, "What is DLRM?")
        say(assistant, conversation, "How does it deal with memory limits?")
        _, answer = say(assistant, conversation, "and on which hardware?")
        assert {reference.key for reference in answer.references} <= {"naumov2019deep"}

    def test_a_paper_that_a_filter_leaves_behind_is_not_gone_on_about(
        self, assistant: Assistant, conversation: Conversation
    ) -> None:
        say(assistant, conversation, "What is DLRM?")
        conversation.filters = parse_filter("key:cassirer2021reverb")
        _, answer = say(assistant, conversation, "what is its main contribution?")
        assert {reference.key for reference in answer.references} <= {"cassirer2021reverb"}
        assert answer.filters == "key:cassirer2021reverb"

    def test_a_filter_of_plain_words_is_lifted(self, assistant: Assistant, conversation: Conversation) -> None:
        say(assistant, conversation, "Which papers are system cards?")
        reading, _ = say(assistant, conversation, "only 2025")
        assert str(reading.filters) == "year:2025"
        reading = conversation.read("forget the year: which one is about audio?")
        assert (reading.question, str(reading.filters)) == ("Which papers are system cards about audio?", "")

    def test_the_first_is_a_paper_only_after_several(self, assistant: Assistant, conversation: Conversation) -> None:
        say(assistant, conversation, "How do SOLARIS and Lattice differ?")
        assert conversation.read("What did the first gain?").question == "What did SOLARIS gain?"
        say(assistant, conversation, "How does SSG-DiT generate videos?")
        assert "first stage" in conversation.read("What does the first stage do?").question


def test_a_list_as_long_as_what_was_considered_may_not_be_all_there_is(assistant: Assistant) -> None:
    question = "Which papers use reinforcement learning?"
    assert assistant.ask(question, assistant.ask_options(top_k=3)).lead.startswith("At least 3 papers in the library")
    assert assistant.ask(question, assistant.ask_options(top_k=50)).lead[0].isdigit()


class TestTurns:
    def test_a_pronoun_becomes_the_name_the_user_used(self, assistant: Assistant, conversation: Conversation) -> None:
        say(assistant, conversation, "How much faster than Stan is Edward?")
        reading, answer = say(assistant, conversation, "Which framework is it integrated into?")
        assert reading.question == "Which framework is Edward integrated into?"
        assert answer.standalone_question == reading.question
        assert answer.question == "Which framework is it integrated into?"

    def test_numbers_stay_the_same_paper(self, assistant: Assistant, conversation: Conversation) -> None:
        _, first = say(assistant, conversation, "What is DLRM?")
        _, second = say(assistant, conversation, "How does ShadowSync synchronise training?")
        _, third = say(assistant, conversation, "In which frameworks is DLRM implemented?")
        number = {r.key: r.number for answer in (first, second) for r in answer.references}
        assert len(set(number.values())) == len(number)
        assert all(number.get(r.key, r.number) == r.number for r in third.references)
        assert conversation.key_of(1) == "naumov2019deep"

    def test_a_number_leads_to_its_paper(self, assistant: Assistant, conversation: Conversation) -> None:
        say(assistant, conversation, "What is DLRM?")
        reading, answer = say(assistant, conversation, "[1]")
        assert reading.intent is Intent.LOOKUP
        assert {reference.key for reference in answer.references} == {"naumov2019deep"}

    def test_what_about_one_of_a_list_is_about_that_paper(
        self, assistant: Assistant, conversation: Conversation
    ) -> None:
        _, listed = say(assistant, conversation, "Which papers study Multiplayer Online Battle Arena games?")
        reading, answer = say(assistant, conversation, "What about the third one?")
        assert reading.intent is Intent.LOOKUP
        assert [reference.key for reference in answer.references] == [listed.references[2].key]

    def test_filters_stick_until_they_are_taken_off(self, assistant: Assistant, conversation: Conversation) -> None:
        conversation.filters = parse_filter("year:2019")
        _, answer = say(assistant, conversation, "Which papers are about recommendation?")
        assert answer.filters == "year:2019"
        assert {reference.year for reference in answer.references} == {2019}

    def test_a_wish_narrows_the_question_before(self, assistant: Assistant, conversation: Conversation) -> None:
        say(assistant, conversation, "Which papers use reinforcement learning?")
        reading, _ = say(assistant, conversation, "only since 2019")
        assert (reading.question, str(reading.filters)) == ("Which papers use reinforcement learning?", "year:2019..")
        reading, _ = say(assistant, conversation, "and by Chen?")
        assert sorted(str(reading.filters).split()) == ["author:Chen", "year:2019.."]
        reading, _ = say(assistant, conversation, "what about before 2019?")
        assert sorted(str(reading.filters).split()) == ["author:Chen", "year:..2018"]
        reading, _ = say(assistant, conversation, "What is Tensor2Tensor?")
        assert not reading.filters

    def test_only_the_paper_it_means_answers_a_question_with_a_pronoun(
        self, assistant: Assistant, conversation: Conversation
    ) -> None:
        say(assistant, conversation, "What is LlamaRL?")
        reading, answer = say(assistant, conversation, "How many GPUs can it use?")
        assert reading.question == "How many GPUs can LlamaRL use?"
        assert {reference.key for reference in answer.references} <= {"wu2025llamarl"}
        assert not conversation.read("Is it faster than Horizon?").only
        assert not conversation.read("Which papers build on it?").only

    def test_a_paper_that_does_not_say_it_is_named(self, assistant: Assistant, conversation: Conversation) -> None:
        say(assistant, conversation, "What is DLRM?")
        _, refused = say(assistant, conversation, "Is it open source?")
        assert refused.reason == "The abstract of naumov2019deep does not say this."
        assert refused.reason_code == "not_stated"

    def test_a_question_of_its_own_is_no_clause_of_the_one_before(
        self, assistant: Assistant, conversation: Conversation
    ) -> None:
        say(assistant, conversation, "By how much did throughput rise over random search?")
        reading, _ = say(assistant, conversation, "How long does the search take after fine-tuning?")
        assert "how long does the search take" in reading.question.lower()

    def test_who_wrote_it_is_answered_from_the_record(self, assistant: Assistant, conversation: Conversation) -> None:
        say(assistant, conversation, "What is DLRM?")
        reading, answer = say(assistant, conversation, "who wrote it?")
        assert reading.question == "Who wrote DLRM?"
        assert "by Maxim Naumov, Dheevatsa Mudigere, Hao-Jun Michael Shi and others" in answer.lead

    def test_another_matter_after_a_question_for_one_paper_is_no_part_of_it(
        self, assistant: Assistant, conversation: Conversation
    ) -> None:
        say(assistant, conversation, "What is DLRM?")
        say(assistant, conversation, "In which frameworks is it implemented?")
        reading, _ = say(assistant, conversation, "what about matchmaking?")
        assert "DLRM" not in reading.question
        assert "framework" not in reading.question

    def test_who_are_the_authors_is_asked_of_the_paper_in_focus(
        self, assistant: Assistant, conversation: Conversation
    ) -> None:
        say(assistant, conversation, "What is DLRM?")
        reading, answer = say(assistant, conversation, "who are the authors?")
        assert reading.only
        assert {reference.key for reference in answer.references} == {"naumov2019deep"}
        assert "by Maxim Naumov" in answer.lead

    def test_numbers_alone_are_papers_where_they_are_known(
        self, assistant: Assistant, conversation: Conversation
    ) -> None:
        say(assistant, conversation, "Which papers study Multiplayer Online Battle Arena games?")
        reading, answer = say(assistant, conversation, "compare 1 and 3")
        assert set(reading.papers) == {conversation.key_of(1), conversation.key_of(3)}
        assert {reference.number for reference in answer.references} == {1, 3}
        assert conversation.read("tell me more about 2").papers == (conversation.key_of(2),)
        assert conversation.read("compare 1 and 99").papers == ()

    def test_a_question_that_names_years_is_a_new_topic(self, assistant: Assistant, conversation: Conversation) -> None:
        say(assistant, conversation, "What is DLRM?")
        reading, answer = say(assistant, conversation, "In 2019, what was written about recommendation?")
        assert (reading.question, str(reading.filters)) == ("What was written about recommendation?", "year:2019")
        assert {reference.year for reference in answer.references} == {2019}

    def test_how_many_papers_there_are(self, assistant: Assistant, conversation: Conversation) -> None:
        say(assistant, conversation, "What is DLRM?")
        reading, answer = say(assistant, conversation, "How many papers are in the library?")
        assert (reading.intent, answer.claims, answer.retrieved) == (Intent.LIBRARY, (), ())
        assert answer.lead.startswith("The library holds 57 papers, from 2012 to 2026")
        _, answer = say(assistant, conversation, "and how many papers from 2019 are there?")
        assert answer.lead == "2 papers of 57 in the library pass year:2019."
        assert conversation.read("Is it robust?").question == "Is DLRM robust?"

    def test_of_them_searches_among_them(self, assistant: Assistant, conversation: Conversation) -> None:
        _, listed = say(assistant, conversation, "Which papers study reinforcement learning?")
        assert len(listed.references) > 3
        reading, answer = say(assistant, conversation, "Which of them run in production?")
        assert reading.only
        assert {r.key for r in answer.references} <= {r.key for r in listed.references}

    def test_undo_forgets_the_turn_and_keeps_the_numbers(
        self, assistant: Assistant, conversation: Conversation
    ) -> None:
        say(assistant, conversation, "What is DLRM?")
        assert conversation.undo().reading.text == "What is DLRM?"
        assert conversation.answer_ids == ()
        assert conversation.key_of(1) == "naumov2019deep"
        with pytest.raises(UsageError, match="nothing to undo"):
            conversation.undo()

    def test_unknown_numbers(self, conversation: Conversation) -> None:
        with pytest.raises(UnknownKeyError, match="no paper has been cited yet"):
            conversation.key_of(1)

    @pytest.mark.parametrize(
        "text", ["thanks", "ok", "hm, interesting", "great, thank you!", "perfect, thanks", "hello", "bye", "x", "?"]
    )
    def test_small_talk(self, conversation: Conversation, text: str) -> None:
        assert conversation.read(text).intent is Intent.SMALLTALK

    def test_a_letter_is_no_follow_up_and_a_number_is_a_paper(
        self, assistant: Assistant, conversation: Conversation
    ) -> None:
        say(assistant, conversation, "What is EOMM?")
        assert conversation.read("x").intent is Intent.SMALLTALK
        assert conversation.read("1").papers == ("chen2017eomm",)

    @pytest.mark.parametrize(
        "text", ["Is it true?", "why?", "[7]", "the second one", "and then?", "?", "compare those two"]
    )
    def test_nothing_to_point_at(self, conversation: Conversation, text: str) -> None:
        assert conversation.read(text).papers == ()


class TestRewriting:
    UNSURE = "How expensive was training?"

    def read(
        self, assistant: Assistant, conversation: Conversation, reply: str | ModelError
    ) -> tuple[Reading, ScriptedModel]:
        say(assistant, conversation, "What does EOMM optimize?")
        model = ScriptedModel(reply)
        return conversation.read(self.UNSURE, model), model

    def test_the_model_is_asked_where_the_rules_are_unsure(
        self, assistant: Assistant, conversation: Conversation
    ) -> None:
        reading, model = self.read(assistant, conversation, "How expensive was training EOMM?")
        assert (reading.text, reading.question) == (self.UNSURE, "How expensive was training EOMM?")
        assert "What does EOMM optimize?" in str(model.sent[0])

    @pytest.mark.parametrize(
        "reply", ["", "How expensive was training AlphaGo?", "x" * 400, UNSURE, ModelError("the endpoint is silent")]
    )
    def test_a_useless_reply_changes_nothing(
        self, assistant: Assistant, conversation: Conversation, reply: str | ModelError
    ) -> None:
        reading, _ = self.read(assistant, conversation, reply)
        assert reading.question == self.UNSURE

    def test_it_is_not_asked_where_they_are_sure(self, assistant: Assistant, conversation: Conversation) -> None:
        say(assistant, conversation, "What does EOMM optimize?")
        model = ScriptedModel("unused")
        conversation.read("What is Tensor2Tensor?", model)
        conversation.read("Is it fast?", model)
        conversation.read("thanks", model)
        assert not model.sent


class TestSessions:
    def test_a_session_goes_on_where_it_stopped(self, assistant: Assistant) -> None:
        sessions = Sessions(assistant)
        name, conversation = sessions.new()
        _, answer = say(assistant, conversation, "What is DLRM?")
        conversation.filters = parse_filter("year:2019 author:naumov")
        sessions.save(name, conversation)
        again = sessions.open(name)
        assert again.state == conversation.state
        assert again.key_of(1) == "naumov2019deep"
        assert (
            again.read("In which frameworks is it implemented?").question == "In which frameworks is DLRM implemented?"
        )
        assert sessions.answer(again.answer_ids[0]).claims == answer.claims
        assert sessions.last() == name

    def test_rename(self, assistant: Assistant) -> None:
        sessions = Sessions(assistant)
        sessions.save("a", Conversation(LibraryShelf(assistant)))
        sessions.save("b", Conversation(LibraryShelf(assistant)))
        with pytest.raises(UsageError, match="already called 'b'"):
            sessions.rename("a", "b")
        with pytest.raises(UsageError, match="needs a name"):
            sessions.rename("a", "")
        sessions.rename("a", "c")
        assert {"b", "c"} <= {name for name, _, _ in sessions.list()}

    def test_state_survives_json(self) -> None:
        reading = Reading("t", "q", Intent.LIST, parse_filter('year:2019.. "a b"'), ("k",), True, "base", True)
        state = State((Turn(reading, ("k",), ("k",), "K"),), ("k", "", "l"), ("id",), parse_filter("key:k"))
        assert State.from_json(state.to_json()) == state


class TestFragments:
    @pytest.mark.parametrize(
        ("fragment", "base", "question"),
        [
            ("why", "How does ShadowSync train?", "Why does ShadowSync train?"),
            ("for images", "Which models work for audio?", "Which models work for images?"),
            ("than PyMC3", "How much faster than Stan is Edward?", "How much faster than PyMC3 is Edward?"),
            ("on average", "How fast is GPT-4o?", "How fast is GPT-4o on average?"),
            ("by how much", "Does it help?", "Does it help, by how much?"),
            ("how many ratings", "How many prompts does X contain?", "How many ratings does X contain?"),
            (
                "the GPT-5 card about biology",
                "What does the o1 report say about tests?",
                "What does the GPT-5 card say about biology?",
            ),
            ("Dispatch", "What does the Probe do?", "What does Dispatch do?"),
            ("reasoning", "How much does X improve accuracy?", "How much does X improve reasoning?"),
            ("reasoning", "List the papers", "List the papers: reasoning?"),
        ],
    )
    def test_completed(self, fragment: str, base: str, question: str) -> None:
        assert complete(fragment, base) == question

    @pytest.mark.parametrize(
        ("text", "rest", "led"),
        [
            ("And for images?", "for images", True),
            ("what about the second one?", "the second one", True),
            ("ok, and why?", "why", True),
            ("What is DLRM?", "What is DLRM", False),
            ("android phones?", "android phones", False),
        ],
    )
    def test_lead(self, text: str, rest: str, led: bool) -> None:
        assert split_lead(text) == (rest, led)

    @pytest.mark.parametrize("text", ["why", "for images", "by how much", "how many ratings", "on what hardware"])
    def test_fragments(self, text: str) -> None:
        assert is_fragment(text, led=False)

    @pytest.mark.parametrize(
        "text",
        ["", "what is DLRM", "which papers use transformers", "sparse attention kernels", "in 2022 which papers"],
    )
    def test_questions_of_their_own(self, text: str) -> None:
        assert not is_fragment(text, led=False)


class TestNames:
    @pytest.mark.parametrize(
        ("question", "names"),
        [
            ("How fast can GPT-4o respond to audio?", ["GPT-4o"]),
            ("What does TensorFlow Distributions add to that?", ["TensorFlow Distributions"]),
            ("How large is the largest Llama 3 model?", ["Llama 3"]),
            ("Which papers study games?", []),
            ("DLRM's embeddings", ["DLRM"]),
        ],
    )
    def test_names_in_a_question(self, question: str, names: list[str]) -> None:
        assert entities(question) == names

    @pytest.mark.parametrize(
        ("title", "abstract", "name"),
        [
            ("MLGO: a Framework", "We do things.", "MLGO"),
            ("Deep Models", "Edward is a language. On tests, Edward is fast.", "Edward"),
            ("Deep Models", "Games are hard.", "Deep Models"),
            ("Deep Models", "DLRM is implemented in PyTorch.", "DLRM"),
            ("Deep Models", "Games are hard. We propose Game Avatar Embedding (GAE), which is new.", "GAE"),
            ("Deep Models", "In this paper we introduce EdgeNet, a method.", "EdgeNet"),
            ("Deep Models", "We study LLMs (LLM).", "Deep Models"),
        ],
    )
    def test_what_a_paper_calls_its_matter(self, title: str, abstract: str, name: str) -> None:
        assert own_name(Paper(title, abstract), lambda word: not word.startswith("LLM")) == name

    def test_the_name_that_the_paper_uses_most(self) -> None:
        paper = Paper("Probabilistic programming", "Edward is a language. Edward runs faster than Stan.")
        assert name_in_question("How much faster than Stan is Edward?", paper) == "Edward"
        assert name_in_question("What is a language?", paper) == "language"
        assert name_in_question("Is ShadowSync good?", paper) == ""

    def test_joined(self) -> None:
        assert [joined(names) for names in ([], ["A"], ["A", "B"], ["A", "B", "C"])] == [
            "",
            "A",
            "A and B",
            "A, B and C",
        ]


def test_references_may_leave_gaps(assistant: Assistant) -> None:
    conversation = Conversation(LibraryShelf(assistant))
    paper = assistant.get("naumov2019deep")
    answer = Answer("id", "q", "q", "answered", "extractive", references=(Reference.of(paper, 3),))
    conversation.add(Reading("q", "q", Intent.QUESTION), answer)
    assert conversation.key_of(3) == "naumov2019deep"
    assert conversation.cited == ("naumov2019deep",)
    with pytest.raises(UnknownKeyError, match="no paper has the number 2"):
        conversation.key_of(2)
