"""Answers over a small library: with no model, and with models that behave in every way they can."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answers import Answer, Intent, Support
from assistant.app import Assistant
from assistant.errors import ModelError
from assistant.filters import parse_filter
from assistant.llms import ChatClient, Deadline, Endpoint, Meter, MeteredModel, Price
from assistant.qa import AskOptions, ClaimStated, Event, Numbering, PapersFound, Restarted, detect_intent
from assistant.settings import Settings
from tests.fakes import Reply, ScriptedModel, ScriptedServer, answer_reply, error_reply

SPEEDUP = "What speedup does LlamaRL reach over DeepSpeed-Chat on a 405B model?"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """The sample library, ingested once with the real embedder."""
    settings = Settings(store=tmp_path_factory.mktemp("qa") / "store", llm="none")
    with Assistant(settings) as opened:
        opened.ingest([], sample=True)
        yield opened


def check(assistant: Assistant, answer: Answer) -> Answer:
    """Check what holds for every answer, and return it."""
    cited: dict[str, int] = {}
    for claim in answer.claims:
        assert claim.citations or claim.support is Support.UNSUPPORTED
        for citation in claim.citations:
            paper = assistant.get(citation.key)
            assert paper.abstract[citation.start : citation.end] == citation.quote
            assert cited.setdefault(citation.key, citation.number) == citation.number
    assert {reference.key: reference.number for reference in answer.references} == cited
    assert {found.key for found in answer.retrieved if found.cited} == set(cited)
    assert bool(answer.claims) is not answer.refused or answer.intent is Intent.SMALLTALK
    saved = json.loads(assistant.library.journal.answer(answer.answer_id))
    assert saved["claims"] == json.loads(json.dumps(answer.to_json()))["claims"]
    return answer


def ask(assistant: Assistant, question: str, options: AskOptions | None = None) -> Answer:
    return check(assistant, assistant.ask(question, options))


def ask_model(assistant: Assistant, *replies: str | ModelError | list[str | ModelError]) -> Answer:
    return ask(assistant, SPEEDUP, AskOptions(model=ScriptedModel(*replies)))


@pytest.mark.parametrize(
    ("question", "key", "words"),
    [
        ("How much faster is HSTU than FlashAttention2-based Transformers on long sequences?", "zhai", "15.2"),
        ("In which frameworks is DLRM implemented?", "naumov2019deep", "Caffe2"),
        ("What size reduction does MLGO reach against LLVM -Oz?", "trofin2021mlgo", "7%"),
        ("By how much does SOLARIS raise the revenue metric?", "", "0.67%"),
        ("How fast can GPT-4o respond to audio?", "hurst2024gpt", "232"),
        ("How does ShadowSync synchronise training?", "zheng2020shadowsync", "background"),
        (SPEEDUP, "wu2025llamarl", "10.7"),
        ("How many billions of user requests does SUM process a day?", "zhang2023scaling", "hundreds of billions"),
        ("How much faster than Stan is Edward?", "tran2017deep", "35"),
        ("What did RTV and PDR do for Claude-4.5-Opus on SWE-Bench Verified?", "kim", "77.6%"),
    ],
)
def test_the_right_paper_comes_first_and_the_sentence_that_answers_is_quoted(
    assistant: Assistant, question: str, key: str, words: str
) -> None:
    answer = ask(assistant, question)
    first = answer.claims[0].citations[0]
    assert first.key.startswith(key)
    assert words in first.quote
    assert answer.mode == "extractive"
    assert answer.lead


@pytest.mark.parametrize("question", ["What is the capital of France?", "Which papers study protein folding in yeast?"])
def test_a_question_that_nothing_answers_is_refused_whatever_a_model_would_say(
    assistant: Assistant, question: str
) -> None:
    model = ScriptedModel("The capital of France is Paris. [1]")
    for options in (AskOptions(), AskOptions(model=model)):
        answer = ask(assistant, question, options)
        assert answer.refused
        assert answer.reason
        assert answer.retrieved
        assert not answer.references
    assert not model.sent


def test_a_question_for_papers_gets_one_entry_a_paper(assistant: Assistant) -> None:
    answer = ask(assistant, "Which papers use reinforcement learning?")
    keys = [claim.citations[0].key for claim in answer.claims]
    assert len(keys) == len(set(keys)) >= 5
    assert [claim.citations[0].number for claim in answer.claims] == list(range(1, len(keys) + 1))


def test_a_filter_holds_and_a_refusal_names_it(assistant: Assistant) -> None:
    only = AskOptions(filters=parse_filter("year:..2020"))
    answer = ask(assistant, "Which papers use reinforcement learning?", only)
    assert all(reference.year is not None and reference.year <= 2020 for reference in answer.references)
    hidden = ask(assistant, SPEEDUP, only)
    assert hidden.refused
    assert "year:..2020" in str(hidden.reason)


def test_small_talk_is_answered_without_retrieval(assistant: Assistant) -> None:
    answer = ask(assistant, "Thanks a lot!")
    assert (answer.status, answer.intent, answer.claims, answer.retrieved) == ("answered", Intent.SMALLTALK, (), ())
    assert answer.lead


def test_a_false_premise_is_named_and_the_sentence_that_denies_it_comes_first(assistant: Assistant) -> None:
    answer = ask(assistant, "Why does FP8 improve model quality?")
    assert answer.lead.startswith("The question takes for granted")
    assert "FP8 often lowers model quality" in answer.claims[0].text
    assert "says the opposite" in ask(assistant, "Is Edward slower than Stan?").lead
    assert "opposite" not in ask(assistant, "Is Edward faster than Stan?").lead


def test_what_no_sentence_defines_or_states_is_said_to_be_near_only(assistant: Assistant) -> None:
    assert "says outright what Stan is" in ask(assistant, "What is Stan?").lead
    assert "outright" not in ask(assistant, "What is Edward?").lead
    assert ask(assistant, "Is GPT-4o open source?").lead.startswith("No sentence found says just this")
    assert ask(assistant, "What are the limitations of HSTU?").lead.startswith("No sentence found names a limit")


def test_a_model_that_leaves_the_asked_side_unsaid_is_shown_with_that_said(assistant: Assistant) -> None:
    model = ScriptedModel("HSTU runs 5.3x to 15.2x faster than Transformers on long sequences of length 8192 [1].")
    answer = ask(assistant, "What are the limitations of HSTU?", AskOptions(model=model))
    assert answer.mode == "llm"
    assert answer.lead.startswith("No sentence found names a limit. Written by ")


def test_why_something_is_so_that_no_sentence_says_is_not_answered_as_if_it_were(assistant: Assistant) -> None:
    assert "No sentence found says that this is so" in ask(assistant, "Why does SOLARIS lower training cost?").lead


def test_papers_asked_to_agree_are_heard_on_both_sides(tmp_path: Path) -> None:
    words = ("improves", "degrades", "does not improve")
    entries = (
        f"LGMay 1, 20{18 + place}\nPruning {place}Ann Lee, Bo Chen {place}\n"
        f"We study networks again. Pruning {word} the accuracy of neural architecture search.\n"
        for place, word in enumerate(words)
    )
    (tmp_path / "listing.txt").write_text("\n".join(entries), encoding="utf-8")
    with Assistant(Settings(store=tmp_path / "store", llm="none")) as library:
        library.ingest([str(tmp_path / "listing.txt")])
        answer = ask(library, "Do papers agree that pruning improves the accuracy of neural architecture search?")
        assert answer.lead == "1 paper says so and 2 papers say the opposite, outright; they do not agree:"
        assert answer.claims[0].text.startswith("Pruning improves")
        unsaid = ask(library, "Do papers agree that pruning improves the latency of neural architecture search?")
        assert unsaid.lead.startswith("No sentence found says outright")
        topic = ask(library, "Do the papers agree on pruning of neural networks?")
        assert topic.lead.startswith("Whether papers agree on a whole topic is not judged here")


def test_which_records_lack_something_is_answered_from_the_records(assistant: Assistant) -> None:
    assert assistant.ask("Which papers have no abstract?").lead == "Every paper has an abstract."
    answer = assistant.ask("How many papers have no year?")
    assert answer.lead == "3 papers have no year: xiongndscaffold, kimndscaling, liundexamining."
    assert not answer.claims


def test_what_no_paper_says_anything_of_is_named_in_a_comparison(assistant: Assistant) -> None:
    lead = assistant.ask("How does BERT4Rec differ from DLRM?").lead
    assert lead.startswith("No paper found speaks of BERT4Rec; what comes nearest")
    assert assistant.ask("Compare Kepler and DLRM").lead == "What 2 papers in the library say of it, side by side:"


def test_the_newest_and_the_oldest_papers_are_those_of_the_records(assistant: Assistant) -> None:
    newest = assistant.ask("Which paper is the newest?")
    assert newest.lead.startswith("The newest first: LoKA")
    oldest = assistant.ask("Which papers are the oldest?").lead
    assert oldest.index("2012-02-01") < oldest.index("2012-02-14")
    assert assistant.ask("what is the oldest one?").lead.startswith("The oldest first: ")
    assert assistant.ask("Which paper has the newest method?").intent != newest.intent


def test_every_paper_of_an_author_is_listed(assistant: Assistant) -> None:
    answer = assistant.ask("List all papers by Zhengxing Chen", assistant.ask_options(infer=True))
    assert answer.lead.startswith("10 papers passed the filter")


def test_only_a_paper_that_introduces_a_system_names_its_authors(assistant: Assistant) -> None:
    assert ask(assistant, "Who proposed HSTU?").lead.startswith("Actions Speak Louder than Words: ")
    assert ask(assistant, "Who wrote the DARTS paper?").lead.startswith("No paper found introduces DARTS")


def test_in_a_chat_a_paper_keeps_its_number(assistant: Assistant) -> None:
    numbering = Numbering(["naumov2019deep"])
    answer = ask(assistant, SPEEDUP, AskOptions(numbering=numbering))
    assert answer.references[0].number == 2
    again = ask(assistant, "In which frameworks is DLRM implemented?", AskOptions(numbering=numbering))
    assert again.references[0].number == 1


GOOD = "On the 405B model, LlamaRL reaches a speed-up of up to 10.7x over systems like DeepSpeed-Chat [1]."


def test_a_models_sentence_is_verified_against_its_quote(assistant: Assistant) -> None:
    answer = ask_model(assistant, GOOD)
    assert answer.mode == "llm"
    assert answer.fallback is None
    (claim,) = answer.claims
    assert claim.support is Support.VERIFIED
    assert "[" not in claim.text
    assert "10.7" in claim.citations[0].quote
    assert answer.usage.input_tokens == 100


def test_a_wrong_figure_is_never_verified(assistant: Assistant) -> None:
    answer = ask_model(assistant, GOOD.replace("10.7x", "12.7x") + " " + GOOD)
    assert [claim.support is Support.VERIFIED for claim in answer.claims] == [False, True]


def test_a_number_out_of_range_is_said_and_not_invented(assistant: Assistant) -> None:
    answer = ask_model(assistant, "It was tested on Mars [99]. " + GOOD)
    lost = answer.claims[0]
    assert lost.support is Support.UNSUPPORTED
    assert "99" in lost.verdict_reason
    assert not lost.citations


def test_an_uncited_sentence_that_stands_in_a_paper_is_attributed(assistant: Assistant) -> None:
    (claim,) = ask_model(assistant, GOOD.replace(" [1]", "")).claims
    assert claim.attributed
    assert claim.support is Support.VERIFIED
    assert claim.citations[0].key == "wu2025llamarl"


@pytest.mark.parametrize(
    "reply",
    [
        "The capital of France is Paris [1]. Bananas are yellow.",
        "The papers do not say.",
        "",
        ModelError("it broke", retryable=True),
        ["The moon is made of", ModelError("cut")],
    ],
    ids=["nonsense", "silence", "nothing", "an error", "cut nonsense"],
)
def test_a_worthless_reply_gives_the_keyless_answer_and_says_so(
    assistant: Assistant, reply: str | ModelError | list[str | ModelError]
) -> None:
    answer = ask_model(assistant, reply)
    assert answer.mode == "extractive"
    assert answer.fallback
    assert answer.model == "scripted"
    assert answer.references[0].number == 1
    assert "10.7" in answer.claims[0].text


def test_a_cut_stream_keeps_what_was_verified_and_says_that_it_is_cut(assistant: Assistant) -> None:
    answer = ask_model(assistant, [GOOD, " It also", ModelError("the stream broke off")])
    assert answer.mode == "llm"
    assert answer.claims[0].support is Support.VERIFIED
    assert "cut" in {notice.code for notice in answer.warnings}
    assert "1 of 1 sentence verified; it broke off before its end:" in answer.lead


def test_a_model_that_does_not_stop_is_stopped(assistant: Assistant) -> None:
    answer = ask_model(assistant, (GOOD + " ") * 200)
    assert len(answer.claims) < 10
    assert "rambling" in {notice.code for notice in answer.warnings}


def test_events_come_as_the_answer_is_made(assistant: Assistant) -> None:
    events: list[Event] = []
    options = AskOptions(model=ScriptedModel("Bananas are yellow [1]."))
    assistant.ask(SPEEDUP, options, events.append)
    kinds = [type(event) for event in events]
    assert kinds[:3] == [PapersFound, ClaimStated, Restarted]
    assert set(kinds[3:]) == {ClaimStated}


def test_the_model_sees_numbered_papers_and_sentences(assistant: Assistant) -> None:
    model = ScriptedModel(GOOD)
    assistant.ask(SPEEDUP, AskOptions(model=model))
    user = model.sent[0][-1]["content"]
    assert "[1] LlamaRL: A Distributed Asynchronous" in user
    assert "(Wu et al., 2025)" in user
    assert SPEEDUP in user


def test_an_answer_through_a_real_server(assistant: Assistant) -> None:
    with ScriptedServer(answer_reply(GOOD)) as server:
        client = ChatClient(Endpoint("test", "tiny", server.url))
        answer = ask(assistant, SPEEDUP, AskOptions(model=client))
    assert answer.mode == "llm"
    assert answer.claims[0].support is Support.VERIFIED
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (120, 30)
    assert answer.timing.first_token_ms is not None


@pytest.mark.parametrize(
    "reply",
    [error_reply(401, "bad key"), Reply(end="hang"), Reply([GOOD[:20]], end="cut"), answer_reply("")],
    ids=["401", "hang", "cut", "empty"],
)
def test_a_failing_server_never_costs_the_answer(assistant: Assistant, reply: Reply) -> None:
    with ScriptedServer(reply) as server:
        client = ChatClient(Endpoint("test", "tiny", server.url))
        deadline = Deadline(8)
        answer = ask(assistant, SPEEDUP, AskOptions(model=client, timeout=1.0))
    assert not deadline.expired
    assert answer.fallback
    assert "10.7" in answer.claims[0].text


def test_an_answer_that_cannot_be_saved_is_still_given(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.errors import StoreError

    def full(*_: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(assistant.library.journal, "save_answer", full)
    answer = assistant.ask(SPEEDUP)
    assert answer.claims
    assert "the disk is full" in answer.warnings[0].message


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("How fast is X?", Intent.QUESTION),
        ("In which frameworks is DLRM implemented?", Intent.QUESTION),
        ("What size reduction does MLGO reach?", Intent.QUESTION),
        ("Which papers study yeast?", Intent.LIST),
        ("Are there any papers on yeast?", Intent.LIST),
        ("What approaches exist for pruning?", Intent.LIST),
        ("What is known about pruning?", Intent.LIST),
        ("How has pruning changed over the years?", Intent.LIST),
        ("Compare A and B on speed", Intent.COMPARE),
        ("What is the difference between A and B?", Intent.COMPARE),
        ("Give me an overview of pruning", Intent.SUMMARY),
        ("Summarise what is known on pruning", Intent.SUMMARY),
        ("Show me the paper on NASRec", Intent.LOOKUP),
        ("How can leaks of memory be found?", Intent.LIST),
        ("How can I prune my network?", Intent.LIST),
        ("pruning large networks", Intent.LIST),
        ("hello", Intent.SMALLTALK),
        ("x", Intent.SMALLTALK),
        ("b?", Intent.SMALLTALK),
        ("What can you do?", Intent.SMALLTALK),
        ("thanks, that helps", Intent.SMALLTALK),
        ("How many papers are in the library?", Intent.LIBRARY),
        ("how big is my library", Intent.LIBRARY),
        ("How many papers use reinforcement learning?", Intent.LIST),
        ("What was written about games?", Intent.LIST),
        ("Which pruning works best for vision?", Intent.QUESTION),
        ("Thank you very much!", Intent.SMALLTALK),
        ("Thanks, but how fast is it?", Intent.QUESTION),
    ],
)
def test_intent_is_read_from_the_words(question: str, intent: Intent) -> None:
    assert detect_intent(question) is intent


def test_no_prompt_file_is_needed_for_a_keyless_answer(assistant: Assistant, tmp_path: Path) -> None:
    assert ask(assistant, "How fast can GPT-4o respond to audio?").usage.input_tokens == 0
    assert not list(tmp_path.iterdir())


def test_the_model_gets_one_chance_to_mend_what_is_not_supported(assistant: Assistant) -> None:
    model = ScriptedModel(GOOD.replace("10.7x", "12.7x"), GOOD)
    answer = ask(assistant, SPEEDUP, AskOptions(model=model))
    (claim,) = answer.claims
    assert claim.support is Support.VERIFIED
    assert "10.7x" in claim.text
    assert len(model.sent) == 2
    assert "12.7x" in model.sent[1][-1]["content"]
    assert answer.usage.input_tokens == 200


@pytest.mark.parametrize("marker", ["[1.77]", "[1.5, 1.77]", "[wu2025llamarl.77]"])
def test_a_sentence_number_that_no_paper_has_is_shown_with_the_answer(assistant: Assistant, marker: str) -> None:
    written = GOOD.replace("[1]", marker)
    assert marker in written
    answer = ask_model(assistant, written)
    (claim,) = answer.claims
    assert claim.support is Support.WEAK, "no other sentence is put in its place unseen"
    assert "wu2025llamarl has no sentence 77" in claim.verdict_reason
    (notice,) = (notice for notice in answer.to_json()["warnings"] if notice["code"] == "citation")
    assert "wu2025llamarl has no sentence 77" in notice["message"]


def test_what_cannot_be_mended_is_shown_with_what_is_known_of_it(assistant: Assistant) -> None:
    answer = ask_model(assistant, GOOD + " Bananas are yellow [1].", "The papers do not say.")
    assert [claim.support is Support.UNSUPPORTED for claim in answer.claims] == [False, True]
    assert answer.claims[1].verdict_reason


def test_numbers_of_an_answer_that_was_not_shown_are_free_again(assistant: Assistant) -> None:
    numbering = Numbering(["naumov2019deep"])
    model = ScriptedModel("Bananas are yellow [1]. Apples are red [2].")
    answer = ask(assistant, SPEEDUP, AskOptions(model=model, numbering=numbering))
    assert answer.fallback
    assert answer.references[0].number == 2
    assert len(numbering.keys) == 1 + len(answer.references)


def test_the_evidence_comes_with_its_neighbours_within_the_budget(assistant: Assistant) -> None:
    def sentences(**options: int | bool) -> int:
        model = ScriptedModel(GOOD)
        assistant.ask(SPEEDUP, AskOptions(model=model, **options))  # type: ignore[arg-type]
        return model.sent[0][-1]["content"].count("\n  [")

    assert sentences(context_tokens=1) < sentences() <= sentences(full_context=True)


def test_an_answer_says_what_its_calls_cost(assistant: Assistant) -> None:
    meter = Meter()
    scripted = ScriptedModel(GOOD.replace("10.7x", "12.7x"), GOOD)
    answer = ask(assistant, SPEEDUP, AskOptions(model=MeteredModel(scripted, Price(10.0, 100.0), meter)))
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (200, 40)
    assert answer.usage.cost == pytest.approx(0.006)
    assert meter.cost == pytest.approx(0.006)


def test_a_call_that_would_pass_the_budget_is_not_made_and_the_answer_says_so(assistant: Assistant) -> None:
    scripted = ScriptedModel(GOOD)
    model = MeteredModel(scripted, Price(10.0, 100.0), Meter(limit=0.12))
    assert ask(assistant, SPEEDUP, AskOptions(model=model)).mode == "llm"
    answer = ask(assistant, SPEEDUP, AskOptions(model=MeteredModel(scripted, Price(1000.0, 0.0), Meter(limit=0.12))))
    assert (answer.mode, answer.usage.cost) == ("extractive", 0.0)
    assert "raise --budget" in str(answer.fallback)
    assert "10.7" in answer.claims[0].text
    assert len(scripted.sent) == 1


def test_a_mending_that_would_pass_the_budget_is_left_out_and_said(assistant: Assistant) -> None:
    scripted = ScriptedModel(GOOD + " Bananas are yellow [1].")
    model = MeteredModel(scripted, Price(0.0, 100.0), Meter(limit=0.1034))
    answer = ask(assistant, SPEEDUP, AskOptions(model=model))
    assert [claim.support is Support.UNSUPPORTED for claim in answer.claims] == [False, True]
    assert "raise --budget" in answer.warnings[0].message
    assert len(scripted.sent) == 1


def test_an_endpoint_that_holds_to_a_schema_gets_one_with_the_numbers_it_may_cite(assistant: Assistant) -> None:
    written = json.dumps({"sentences": [{"sources": ["1.5"], "text": GOOD.removesuffix(" [1].") + "."}]})
    with ScriptedServer(answer_reply('{"probe": 7}'), answer_reply(written)) as server:
        spec = f"{server.url}#m"
        for _ in range(2):
            answer = ask(assistant, SPEEDUP, assistant.ask_options(llm=spec))
            assert [claim.support for claim in answer.claims] == [Support.VERIFIED]
        probe, *asked = server.requests
    assert "the sea" in probe.body["messages"][0]["content"]
    assert len(asked) == 2
    for request in asked:
        schema = request.body["response_format"]["json_schema"]["schema"]
        sentence = schema["properties"]["sentences"]["items"]
        assert "1.5" in sentence["properties"]["sources"]["items"]["enum"]


def test_a_second_opinion_is_asked_for_without_the_schema_of_an_answer(assistant: Assistant) -> None:
    written = json.dumps({"sentences": [{"sources": ["1.5"], "text": GOOD.removesuffix(" [1].") + "."}]})
    with ScriptedServer(answer_reply('{"probe": 7}'), answer_reply(written), answer_reply("1: no")) as server:
        options = replace(assistant.ask_options(llm=f"{server.url}#m"), second_opinion=True)
        answer = ask(assistant, SPEEDUP, options)
        assert ["response_format" in request.body for request in server.requests] == [True, True, False]
    assert answer.claims[0].support is Support.UNSUPPORTED or answer.fallback


@pytest.mark.parametrize("probed", [GOOD, "[" * 200_000])
def test_an_endpoint_that_does_not_hold_to_a_schema_is_asked_in_plain_text(assistant: Assistant, probed: str) -> None:
    with ScriptedServer(answer_reply(probed), answer_reply(GOOD)) as server:
        answer = ask(assistant, SPEEDUP, assistant.ask_options(llm=f"{server.url}#m"))
        assert answer.claims[0].support is Support.VERIFIED
        assert ["response_format" in request.body for request in server.requests] == [True, False]


def test_a_sentence_that_was_said_before_is_not_said_again(assistant: Assistant) -> None:
    assert len(ask_model(assistant, f"{GOOD} {GOOD}").claims) == 1
