from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.citations import CitedSentence, Kind, SentenceStream, SourceName, answer_schema, parse_sentences
from assistant.prompts import load_prompt

SOURCES = (
    SourceName(1, "naumov2019deep", ("Maxim Naumov", "Dheevatsa Mudigere", "Hao-Jun Michael Shi"), 2019),
    SourceName(2, "zhang2022shadow", ("Tunhou Zhang", "Dehua Cheng"), 2022, 3),
    SourceName(3, "zhai2024actions", ("Jiaqi Zhai", "Lucy Liao"), 2024),
    SourceName(4, "vandenberg2018graph", ("Rianne van den Berg",), None),
    SourceName(5, "zhang2022other", ("Tunhou Zhang", "Bo Chen", "An Li"), 2022),
)


def read(text: str) -> list[CitedSentence]:
    return parse_sentences(text, SOURCES)


def cited(text: str) -> list[str]:
    """Return the citations of the first sentence: "1" or "2.3"."""
    refs = read(text)[0].cited
    return [str(ref.source) if ref.sentence is None else f"{ref.source}.{ref.sentence}" for ref in refs]


# what the model wrote, the citations it means
REPAIRED = [
    ("It is fast [1].", "1"),
    ("It is fast. [1]", "1"),
    ("It is fast.[1]", "1"),
    ("It is fast.\n[1]", "1"),
    ("It is fast [1]", "1"),
    ("It is fast [1, 2].", "1 2"),
    ("It is fast [1,2,3].", "1 2 3"),
    ("It is fast [1; 3].", "1 3"),
    ("It is fast [1 and 3].", "1 3"),
    ("It is fast [1 & 3].", "1 3"),
    ("It is fast [1 3].", "1 3"),
    ("It is fast [1-3].", "1 2 3"),
    ("It is fast [1–3].", "1 2 3"),
    ("It is fast [3-1].", "1 2 3"),
    ("It is fast [1 to 3].", "1 2 3"),
    ("It is fast [1][3].", "1 3"),
    ("It is fast [1] [3].", "1 3"),
    ("It is fast [1], [3].", "1 3"),
    ("It is fast [1] and [3].", "1 3"),
    ("It is fast [2.3].", "2.3"),
    ("It is fast [2.1, 2.3].", "2.1 2.3"),
    ("It is fast [2.1-2.3].", "2.1 2.2 2.3"),
    ("It is fast [2.1-3].", "2.1 2.2 2.3"),
    ("It is fast [2:3].", "2.3"),
    ("It is fast [2 s3].", "2.3"),
    ("It is fast [2, sentence 3].", "2.3"),
    ("It is fast [zhang2022shadow.3].", "2.3"),
    ("It is fast [zhang2022shadow, sentence 3].", "2.3"),
    ("It is fast [zhang2022shadow:3; naumov2019deep].", "2.3 1"),
    ("It is fast [naumov2019deep, 3].", "1 3"),
    ("It is fast (1).", "1"),
    ("It is fast (1, 3).", "1 3"),
    ("It is fast (Source 1).", "1"),
    ("It is fast [Source 1].", "1"),
    ("It is fast [Sources 1 and 3].", "1 3"),
    ("It is fast [source: 1].", "1"),
    ("It is fast [Paper 1; Paper 3].", "1 3"),
    ("It is fast [Ref. 1].", "1"),
    ("It is fast [Doc 1].", "1"),
    ("It is fast [S1].", "1"),
    ("It is fast [#1].", "1"),
    ("It is fast [No. 1].", "1"),
    ("It is fast [Source one].", "1"),
    ("It is fast [^1].", "1"),
    ("It is fast.[^1][^3]", "1 3"),
    ("It is fast 【1】.", "1"),
    ("It is fast 【1†source】.", "1"),
    ("It is fast ［1］.", "1"),
    ("It is fast [１].", "1"),
    ("It is fast {1}.", "1"),
    ("It is fast [[1]].", "1"),
    ("It is fast [[1]](#source-1).", "1"),
    ("It is fast [1](https://example.org/paper).", "1"),
    ("It is fast \\[1\\].", "1"),
    ("It is fast **[1]**.", "1"),
    ("It is fast<sup>1</sup>.", "1"),
    ("It is fast <sup>[1]</sup>.", "1"),
    ("It is fast <cite>1</cite>.", "1"),
    ('It is fast <ref id="1"/>.', "1"),
    ("It is fast.¹", "1"),
    ("It is fast.¹,³", "1 3"),
    ("It is fast [1", "1"),
    ("It is fast [1. And more.", "1"),
    ("It is fast 1].", "1"),
    ("It is fast [1).", "1"),
    ("It is fast (1].", "1"),
    ("It is fast [see 1].", "1"),
    ("It is fast [1, p. 3].", "1"),
    ("It is fast [naumov2019deep].", "1"),
    ("It is fast [@naumov2019deep].", "1"),
    ("It is fast (naumov2019deep; zhai2024actions).", "1 3"),
    ("It is fast [Naumov2019Deep].", "1"),
    ("It is fast [naumov2019dep].", "1"),
    ("It is fast [namov2019deep].", "1"),
    ("It is fast [naumov2019].", "1"),
    ("It is fast \\cite{naumov2019deep,zhai2024actions}.", "1 3"),
    ("It is fast \\citep[p. 3]{naumov2019deep}.", "1"),
    ("It is fast, says naumov2019deep.", "1"),
    ("It is fast (Naumov et al., 2019).", "1"),
    ("It is fast (Naumov et al. 2019).", "1"),
    ("It is fast [Naumov et al., 2019].", "1"),
    ("It is fast (see Naumov et al., 2019).", "1"),
    ("It is fast (Naumov et al., 2019; Zhai and Liao, 2024).", "1 3"),
    ("It is fast (Zhai & Liao, 2024).", "3"),
    ("It is fast (Naumov, Mudigere, and Shi, 2019).", "1"),
    ("It is fast (Zhang and Cheng, 2022).", "2"),
    ("It is fast (Zhang et al., 2022b).", "5"),
    ("It is fast (van den Berg, 2018).", "4"),
    ("It is fast (Naumow et al., 2019).", "1"),
    ("Naumov et al. (2019) show that it is fast.", "1"),
    ("As Naumov et al. [2019] show, it is fast.", "1"),
    ("Naumov et al.'s (2019) model is fast.", "1"),
    ("Naumov et al. show that it is fast.", "1"),
    ("Zhai and Liao (2024) show that it is fast.", "3"),
    ("According to Source 1, it is fast.", "1"),
    ("Source 1 and Source 3 say that it is fast.", "1 3"),
    ("[1] says that it is fast.", "1"),
    ("[1] It is fast.", "1"),
    ("- [1] It is fast.", "1"),
    ("As shown in [1], it is fast.", "1"),
]

# what the model wrote, part of the problem that is shown, the citations that remain
SHOWN = [
    ("It is fast [9].", "there is no source 9", ""),
    ("It is fast [0].", "there is no source 0", ""),
    ("It is fast [1, 9].", "there is no source 9", "1"),
    ("It is fast [4-6].", "there is no source 6", "4 5"),
    ("It is fast [2.9].", "zhang2022shadow has no sentence 9", "2"),
    ("It is fast [2.0].", "zhang2022shadow has no sentence 0", "2"),
    ("It is fast [2.1, 2.77].", "[2.1, 2.77]: zhang2022shadow has no sentence 77", "2.1 2"),
    ("It is fast [2.3-5].", "zhang2022shadow has no sentence 5", "2.3 2"),
    ("It is fast [2.2-77].", "[2.2-77]: there are no such sentences", "2.2"),
    ("It is fast [2, sentence 9].", "zhang2022shadow has no sentence 9", "2"),
    ("It is fast (2.9).", "zhang2022shadow has no sentence 9", "2"),
    ("It is fast [zhang2022shadow.9].", "zhang2022shadow has no sentence 9", "2"),
    ("It is fast [zhang2022shadow, sentence 9].", "zhang2022shadow has no sentence 9", "2"),
    ("It is fast [zhang2022shadow, 9].", "there is no source 9", "2"),
    ("It is fast [Source 9].", "there is no source 9", ""),
    ("It is fast (9).", "there is no source 9", ""),
    ("It is fast 【9】.", "there is no source 9", ""),
    ("It is fast [1.2.3].", "cannot be read", ""),
    ("It is fast [smith2020fast].", "there is no source of that key", ""),
    ("It is fast [naumov2018deep].", "there is no source of that key", ""),
    ("It is fast \\cite{smith2020fast}.", "there is no source of that key", ""),
    ("It is fast (Smith et al., 2020).", "no source is by these authors", ""),
    ("It is fast (Smith and Jones, 2020).", "no source is by these authors", ""),
    ("Smith et al. (2020) show that it is fast.", "no source is by these authors", ""),
    ("It is fast (Zhang, 2022).", "could be source 2 or 5", ""),
    ("It is fast (Zhang et al., 2022).", "could be source 2 or 5", ""),
    ("It is fast (Naumov et al., 2020).", "naumov2019deep is of 2019", "1"),
    ("It is fast (Naumov et al., 2012).", "naumov2019deep is of 2019", ""),
]

# text that is no citation and stays as it is
LEFT_ALONE = [
    "The [MASK] token is replaced.",
    "Scores lie in [0, 1].",
    "The 95% CI [1.2, 3.4] is wide.",
    "Of the methods, three (95) failed early.",
    "It ran in 2019 (KDD 2019) first.",
    "In January (2020) it ran.",
    "The steps are (1) read and (2) write.",
    "Equation (1) holds here.",
    "The area is 3 m² in all.",
    "The area is 3 m<sup>2</sup> in all.",
    "Tensors of shape [64, 128] are used.",
    "He said it [sic] again.",
    "See [the manual](https://example.org) for more.",
    "GPT-4 beats GPT-3 by 10%.",
    "It is fast (standard).",
    "It needs memory (background) and disks [indices].",
    "We met in Vienna (Pandemic, 2019) and spoke.",
]


@pytest.mark.parametrize(("text", "expected"), REPAIRED)
def test_a_citation_is_read_however_it_is_written(text: str, expected: str) -> None:
    assert cited(text) == expected.split()
    assert read(text)[0].problems == ()


@pytest.mark.parametrize(("text", "problem", "expected"), SHOWN)
def test_a_citation_that_leads_nowhere_is_shown_as_a_problem(text: str, problem: str, expected: str) -> None:
    assert cited(text) == expected.split()
    assert problem in "; ".join(read(text)[0].problems)


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_is_no_citation_is_left_alone(text: str) -> None:
    (sentence,) = read(text)
    assert sentence.cited == ()
    assert sentence.problems == ()
    assert sentence.text == text.replace("  ", " ")


AUTHORS_OF_NOTHING = [
    "Handwashing cuts infections (WHO, 2020).",
    "It is costly (OECD, 2019; WHO, 2020).",
    "Pruning helps (Smith, 2018).",
    "Smith (2018) shows that pruning helps.",
    "According to Smith (2018), pruning helps.",
    "As UNESCO (2021) argues, books matter.",
    "Brown's (2019) model is fast.",
    "Pruning helps, as shown by Smith (2018).",
    "Unlike Smith (2018), others prune early.",
    "In the study by Chen (2020) users were asked.",
    "See Jones (2017) and Miller (2016).",
    "Smith (2018) and Jones (2017) argue that pruning helps.",
]
YEARS_OF_THINGS = [
    "Figure (2018) shows it.",
    "In May (2018) it changed.",
    "It rose (May, 2018).",
    "COVID-19 (2020) spread.",
    "The IEEE standard (2016) was updated.",
    "PyTorch (2019) is a library.",
    "The system was launched (August 2025).",
    "ImageNet (2009) has images.",
    "It was held at NeurIPS (2019).",
    "The GDPR (2018) regulates it.",
    "In Europe (2020) it fell.",
    "Since version 2 (2021) it runs.",
    "BERT (2018) outperforms it.",
    "It was published in Nature (2019).",
    "The Olympics in Tokyo (2021) were late.",
    "GPT-4 (2023) shows more.",
    "TREC (2004) used it.",
]


@pytest.mark.parametrize("text", AUTHORS_OF_NOTHING)
def test_unknown_authors_are_a_problem_however_they_are_named(text: str) -> None:
    assert all(sentence.problems for sentence in read(text))


@pytest.mark.parametrize("text", YEARS_OF_THINGS)
def test_a_thing_with_a_year_is_no_citation(text: str) -> None:
    assert not any(sentence.problems for sentence in read(text))


def test_at_least_sixty_malformed_forms_are_tried() -> None:
    assert len(REPAIRED) + len(SHOWN) + len(LEFT_ALONE) >= 100


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("It is fast [1].", "It is fast."),
        ("It is fast. [1]", "It is fast."),
        ("It is fast [1] and [3].", "It is fast."),
        ("Fast [1], cheap [2], and good [3].", "Fast, cheap, and good."),
        ("**DLRM** is *fast* [1].", "DLRM is fast."),
        ("It is fast (Naumov et al., 2019).", "It is fast."),
        ("Source 1 says so.", "Naumov et al. (2019) says so."),
        ("[1] says so.", "Naumov et al. (2019) says so."),
        ("As shown in [3], it is.", "As shown in Zhai and Liao (2024), it is."),
        ("1. DLRM is fast [1]", "DLRM is fast"),
        ("It is fast[1]-ish.", "It is fast-ish."),
        ("DLRM is open source [1].", "DLRM is open source."),
        ("It is described in paper 3.", "It is described in Zhai and Liao (2024)."),
    ],
)
def test_a_sentence_loses_its_markers_and_stays_a_sentence(text: str, plain: str) -> None:
    assert read(text)[0].text == plain


def test_markers_after_the_full_stop_belong_to_the_sentence_before() -> None:
    first, second = read("DLRM is open. [1] HSTU is fast. [3]")
    assert (first.text, first.sources) == ("DLRM is open.", (1,))
    assert (second.text, second.sources) == ("HSTU is fast.", (3,))


def test_markers_before_their_sentences_belong_to_the_sentences_after() -> None:
    first, second = read("[1] DLRM is open. [3] HSTU is fast.")
    assert (first.text, first.sources) == ("DLRM is open.", (1,))
    assert (second.text, second.sources) == ("HSTU is fast.", (3,))


def test_a_line_of_citations_belongs_to_the_line_before() -> None:
    (sentence,) = read("DLRM is open.\nSources: [1], [3]")
    assert sentence.sources == (1, 3)


def test_a_list_of_references_is_no_claim() -> None:
    text = "DLRM is open [1].\n\n## References\n[1] Naumov et al. (2019). Deep learning.\n[9] Forged et al. (2020)."
    sentence, *rest = read(text)
    assert sentence.sources == (1,)
    assert {line.kind for line in rest} == {Kind.REFERENCES}
    assert all(not line.cited for line in rest)


def test_headings_and_lead_ins_are_no_claims() -> None:
    kinds = [sentence.kind for sentence in read("## Findings\n\nThe papers say:\n- DLRM is open [1].")]
    assert kinds == [Kind.HEADING, Kind.HEADING, Kind.SENTENCE]


def test_abbreviations_do_not_end_a_sentence() -> None:
    (sentence,) = read("Models, e.g. DLRM, i.e. the one of Fig. 2, reach 1.4 ms on approx. ten machines [1].")
    assert sentence.sources == (1,)


def test_control_characters_never_come_out() -> None:
    (sentence,) = read("DLRM \x1b[31mis\x1b[0m o\x07pen\u202e [1].")
    assert sentence.text == "DLRM is open."


def test_a_repeated_sentence_is_read_each_time() -> None:
    assert len(read("It is fast [1]. " * 9)) == 9


def test_a_text_without_an_end_is_cut() -> None:
    stream = SentenceStream(SOURCES)
    done = [sentence for _ in range(400) for sentence in stream.feed("and so on and on ")]
    assert done
    assert max(len(sentence.text) for sentence in done) <= 3000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"sentences": [{"text": "DLRM is open.", "sources": [1]}]}', [("DLRM is open.", (1,))]),
        ('```json\n{"sentences": [{"text": "DLRM is open.", "sources": ["1.2"]}]}\n```', [("DLRM is open.", (1,))]),
        ('Sure! {"sentences": [{"text": "DLRM is open.", "sources": [1]}]}', [("Sure!", ()), ("DLRM is open.", (1,))]),
        ('{"sentences": [{"text": "DLRM is open.", "sources": [1]}, {"text": "HS', [("DLRM is open.", (1,))]),
        ('{"claims": [{"claim": "DLRM is open.", "citation": "[1]"}]}', [("DLRM is open.", (1,))]),
        ('[{"statement": "DLRM is open.", "refs": [{"source": 1, "sentence": 2}]}]', [("DLRM is open.", (1,))]),
        ('{"answer": "DLRM is open [1]. HSTU is fast [3]."}', [("DLRM is open.", (1,)), ("HSTU is fast.", (3,))]),
        ('{"reply": "DLRM is an open recommendation model [1]."}', [("DLRM is an open recommendation model.", (1,))]),
        ('{"sentences": []}', []),
        (
            '{\n  "sentences": [\n    {\n      "sources": [ "1.2" ],\n      "text": "DLRM is open."\n    },\n    {\n'
            '      "sources": [ "3.1" ],\n      "text": "HSTU is fast."\n',
            [("DLRM is open.", (1,)), ("HSTU is fast.", (3,))],
        ),
    ],
)
def test_sentences_are_read_from_json_whole_torn_or_wrapped(text: str, expected: list[tuple[str, object]]) -> None:
    assert [(sentence.text, sentence.sources) for sentence in read(text)] == expected
    for size in (1, 3, 7):
        stream = SentenceStream(SOURCES)
        come = [found for at in range(0, len(text), size) for found in stream.feed(text[at : at + size])]
        assert [(found.text, found.sources) for found in come + stream.close()] == expected


def test_a_source_in_json_that_is_none_is_a_problem() -> None:
    (sentence,) = read('{"sentences": [{"text": "DLRM is open.", "sources": [1, 9]}]}')
    assert sentence.sources == (1,)
    assert "there is no source 9" in sentence.problems[0]


def test_the_schema_allows_the_given_numbers_and_no_others() -> None:
    sentence = answer_schema(["1.1", "2.3"], sentences=4, sources=1)["properties"]["sentences"]["items"]
    assert sentence["properties"]["sources"]["items"]["enum"] == ["1.1", "2.3"]
    assert list(sentence["properties"]) == ["sources", "text"]


def test_the_prompt_teaches_the_grammar_that_is_read_here() -> None:
    prompt = load_prompt("answer", variables={"sources", "question", "form"})
    markers = re.findall(r"\[[\d.,\s]+\]", prompt.system)
    assert len(markers) >= 3
    assert all(cited(f"It is fast {marker}.") for marker in markers)


PIECES_TEXT = """
DLRM is open|HSTU is 5.3x faster than FlashAttention2|e.g. this|as in Fig. 2| [1]|[2.3]| (1)|[9]| (Naumov et al., 2019)
| Source 3 says so|. |.|? |! |~|~~|- |## Heading~|[1|1]|; |, | 【2】|¹|**bold** |[1-3]| et al. | naumov2019deep
|{"text": "DLRM is open.", "sources": [1]}|{~ "sentences": [~ {|"a": |{~|"text": "HSTU is fast."~}
"""
PIECES = st.sampled_from(
    [piece.replace("~", "\n") for piece in PIECES_TEXT.strip().replace("\n|", "|").split("|")] + ["\r\n"]
)


@st.composite
def cut_texts(draw: st.DrawFn) -> tuple[str, list[str]]:
    """Return a text, of a model's pieces or of any characters, and the same text in deltas of any lengths."""
    text = draw(st.one_of(st.lists(PIECES, max_size=30).map("".join), st.text(max_size=200)))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=40)))
    return text, [text[start:end] for start, end in pairwise([0, *cuts, len(text)])]


@given(cut_texts())
@settings(max_examples=500, deadline=None)
@example(("DLRM is open.  (1)DLRM is openDLRM is open", ["DLRM is open.  (", "1)DLRM is open", "DLRM is open"]))
@example(("[DLRM is open.  (1)Source 3 says so. e.g. ", ["[DLRM is open.  (1)Sour", "ce 3 says so. e.g. "]))
def test_the_cut_into_deltas_does_not_matter(cut: tuple[str, list[str]]) -> None:
    text, deltas = cut
    whole, stream = SentenceStream(SOURCES), SentenceStream(SOURCES)
    streamed = [sentence for delta in deltas for sentence in stream.feed(delta)]
    assert streamed + stream.close() == whole.feed(text) + whole.close() == read(text)
    assert stream.endless is whole.endless


@given(st.lists(PIECES, max_size=14).map("".join))
@settings(max_examples=200, deadline=None)
def test_only_given_sources_are_ever_cited(text: str) -> None:
    numbers = {source.number for source in SOURCES}
    assert all(ref.source in numbers for sentence in read(text) for ref in sentence.cited)


@given(st.text(max_size=400))
@settings(max_examples=200, deadline=None)
def test_no_text_breaks_the_reader(text: str) -> None:
    for sentence in read(text):
        assert all(char.isprintable() or char == " " for char in sentence.text if ord(char) < 0xA0)
