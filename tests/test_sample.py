"""The sample library is complete, faithful to the listings it was made from, and copies none of their sentences."""

from __future__ import annotations

import gzip
import json
import re
import string
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from assistant.answers import Intent
from assistant.filters import parse_filter
from assistant.papers import Paper

ROOT = Path(__file__).parents[1]
LIBRARY = ROOT / "assistant" / "sample" / "library.jsonl"
DATA = ROOT / "tests" / "data"
SEEDS = ROOT.parent / "shared" / "data" / "seeds"

INFORMATION_RETRIEVAL = ROOT.parent / "shared" / "data" / "arxiv" / "subfield_cs.IR.jsonl.gz"

needs_seeds = pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed listings are not beside this checkout")

FIELDS = [
    "source_id", "title", "authors", "authors_complete", "year", "date", "venue", "categories", "abstract",
    "doi", "arxiv_id", "pmid", "url", "flags", "notes",
]  # fmt: skip

HEADER = re.compile(
    r"(?:\d+\.\d)?(?P<category>[A-Z]{2})(?P<month>[A-Z][a-z]{2}) (?P<day>\d{1,2})(?:, (?P<year>\d{4}))?(?P<code>Code)?"
)
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
NUMBER_WORDS = {
    "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "dozen": "12",
}  # fmt: skip

LONGEST_SHARED_RUN = 7  # words; a run of eight counts as copied

# (question, source_id, what the one answering sentence must say)
ANSWERED = [
    ("How much faster is HSTU than FlashAttention2-based Transformers on long sequences?", 13, "HSTU 8192 5.3x 15.2x"),
    ("In which frameworks is DLRM implemented?", 9, "DLRM PyTorch Caffe2"),
    ("What size reduction does MLGO reach against LLVM -Oz?", 24, "MLGO 7% -Oz size"),
    ("By how much does SOLARIS raise the revenue metric?", 50, "SOLARIS 0.67% revenue"),
    ("How fast can GPT-4o respond to audio?", 15, "GPT-4o audio 232 320 milliseconds"),
    ("How does ShadowSync synchronise training?", 8, "ShadowSync separates synchronization training background"),
    ("What speedup does LlamaRL reach over DeepSpeed-Chat on a 405B model?", 39, "LlamaRL 405B 10.7x DeepSpeed-Chat"),
    ("How many billions of user requests does SUM process a day?", 33, "SUM hundreds of billions user requests day"),
    ("How much faster than Stan is Edward?", 29, "Edward 35x Stan"),
    ("What did RTV and PDR do for Claude-4.5-Opus on SWE-Bench Verified?", 32, "RTV PDR Claude-4.5-Opus 70.9% 77.6%"),
]


@dataclass(frozen=True, slots=True)
class Seed:
    """One entry of the listings: the header's fields where it has a header, and the abstract."""

    abstract: str
    line: str = ""  # title and authors, glued, without the tags
    category: str = ""
    year: int | None = None
    date: str | None = None
    notes: tuple[str, ...] = ()


def read_seeds() -> list[Seed]:
    """Return the distinct entries in the order of their first occurrence."""
    seeds: dict[str, Seed] = {}
    for path in sorted(SEEDS.glob("*.txt")):
        lines = iter(filter(str.strip, path.read_text(encoding="utf-8").splitlines()))
        for line in lines:
            if line.startswith("Abstract:"):
                seed = Seed(line.removeprefix("Abstract:").strip())
            else:
                seed = titled(line.strip(), next(lines), next(lines))
            seeds.setdefault(seed.abstract, seed)
    return list(seeds.values())


def titled(header: str, line: str, abstract: str) -> Seed:
    match = HEADER.fullmatch(header)
    assert match, header
    year = match["year"]
    line, _, tags = line.partition(" · ")
    notes = [f"tag: {tag}" for tag in tags.split(", ") if tag] + (["Code"] if match["code"] else [])
    date = f"{year or '-'}-{MONTHS.index(match['month']) + 1:02}-{int(match['day']):02}"
    return Seed(abstract.strip(), line, match["category"], int(year) if year else None, date, tuple(notes))


@cache
def library() -> list[dict[str, Any]]:
    return [json.loads(line) for line in LIBRARY.read_text(encoding="utf-8").splitlines()]


def abstract_of(number: int) -> str:
    return str(library()[number - 1]["abstract"])


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?]) (?=[A-Z\"])", text)


def runs(words: list[str], length: int = LONGEST_SHARED_RUN + 1) -> set[tuple[str, ...]]:
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


def words_joined(text: str) -> list[str]:
    """Words as white space parts them, punctuation taken out: "state-of-the-art" is one word."""
    return text.casefold().translate(str.maketrans("", "", string.punctuation)).split()


def words_parted(text: str) -> list[str]:
    """Words as punctuation and white space part them: "state-of-the-art" is four words."""
    return re.findall(r"\w+", text.casefold())


def numbers(text: str) -> set[str]:
    spelled = {NUMBER_WORDS[word] for word in words_parted(text) if word in NUMBER_WORDS}
    return set(NUMBER.findall(text)) | spelled


def test_57_records_in_order_with_the_same_fields() -> None:
    assert [record["source_id"] for record in library()] == [f"sample:{n}" for n in range(1, 58)]
    assert all(list(record) == FIELDS for record in library())
    assert len({record["title"] for record in library()}) == 57


def test_every_record_is_marked_as_our_own_summary() -> None:
    for record in library():
        assert record["flags"][0] == "own_summary", record["source_id"]
        assert ("authors_incomplete" in record["flags"]) is not record["authors_complete"], record["source_id"]


def test_dates_belong_to_their_years() -> None:
    for record in library():
        start = "-" if record["year"] is None else str(record["year"])
        assert record["date"].startswith(f"{start}-"), record["source_id"]


def test_summaries_are_clean_and_of_a_length_to_quote() -> None:
    for record in library():
        abstract = record["abstract"]
        assert abstract == " ".join(abstract.split()), record["source_id"]
        assert abstract.endswith("."), record["source_id"]
        fewest = 2 if record["title"].startswith("Tensor2Tensor") else 4
        assert fewest <= len(sentences(abstract)) <= 8, record["source_id"]


@pytest.mark.parametrize(("question", "number", "parts"), ANSWERED, ids=[f"sample-{row[1]}" for row in ANSWERED])
def test_one_sentence_answers(question: str, number: int, parts: str) -> None:
    found = [s for s in sentences(abstract_of(number)) if all(part in s for part in parts.split())]
    assert len(found) == 1, question


@needs_seeds
def test_titles_authors_and_dates_are_those_of_the_listings() -> None:
    seeds = read_seeds()
    assert len(seeds) == len(library())
    for record, seed in zip(library(), seeds, strict=True):
        if not seed.line:
            continue
        ending = "" if record["authors_complete"] else " et al."
        assert record["title"] + ", ".join(record["authors"]) + ending == seed.line
        assert (record["year"], record["date"]) == (seed.year, seed.date), record["title"]
        assert record["categories"] == [seed.category], record["title"]
        assert record["notes"] == list(seed.notes), record["title"]


@needs_seeds
def test_every_number_stands_in_the_listed_abstract() -> None:
    for record, seed in zip(library(), read_seeds(), strict=True):
        unknown = numbers(record["abstract"]) - numbers(seed.abstract)
        assert not unknown, record["source_id"]


@needs_seeds
@pytest.mark.parametrize("words", [words_joined, words_parted])
def test_no_run_of_eight_words_is_copied(words: Any) -> None:
    listed = set[tuple[str, ...]]()
    for path in SEEDS.glob("*.txt"):
        listed |= runs(words(path.read_text(encoding="utf-8")))
    copied = {
        record["source_id"]: sorted(" ".join(run) for run in shared)
        for record in library()
        if (shared := runs(words(record["abstract"])) & listed)
    }
    assert not copied


def test_topics_name_papers_of_the_library() -> None:
    topics = json.loads((DATA / "topics.json").read_text(encoding="utf-8"))
    known = {record["source_id"] for record in library()}
    for topic in topics:
        assert topic["rule"], topic["topic"]
        labelled = topic["core"] + topic["borderline"]
        assert set(labelled) <= known, topic["topic"]
        assert len(labelled) == len(set(labelled)), topic["topic"]


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


def test_reworded_sentences_stand_in_the_library_and_keep_their_figures() -> None:
    abstracts = {record["source_id"]: record["abstract"] for record in library()}
    assert len(rows("rewordings.jsonl")) >= 160
    for row in rows("rewordings.jsonl"):
        assert row["sentence"] in abstracts[row["source_id"]], row["sentence"]
        assert row["rewording"] != row["sentence"], row["sentence"]
        assert numbers(row["rewording"]) <= numbers(row["sentence"]), row["rewording"]


def test_mutations_are_of_different_kinds_and_differ_from_the_rewording() -> None:
    for row in rows("rewordings.jsonl"):
        kinds = [mutation["kind"] for mutation in row["mutations"]]
        assert len(kinds) == len(set(kinds)) >= 2, row["rewording"]
        assert set(kinds) <= {"number", "unit", "negation", "direction", "swap", "addition"}, row["rewording"]
        assert row["rewording"] not in [mutation["text"] for mutation in row["mutations"]], row["rewording"]


def test_review_questions_are_labelled_with_papers_of_their_library() -> None:
    questions = rows("review_questions.jsonl")
    assert len({question["_id"] for question in questions}) == 40
    known = {record["source_id"] for record in library()}
    for question in questions:
        relevant, acceptable = question["relevant"], question["acceptable"]
        assert relevant, question["text"]
        assert len(relevant + acceptable) == len(set(relevant + acceptable)), question["text"]
        if question["library"] == "sample":
            assert known.issuperset(relevant + acceptable), question["text"]


@pytest.mark.skipif(not INFORMATION_RETRIEVAL.is_file(), reason="the cs.IR records are not beside this checkout")
def test_review_questions_on_information_retrieval_name_its_records() -> None:
    with gzip.open(INFORMATION_RETRIEVAL, "rt", encoding="utf-8") as lines:
        known = {json.loads(line)["_id"] for line in lines}
    for question in rows("review_questions.jsonl"):
        if question["library"] == "cs.IR":
            assert 3 <= len(question["relevant"]) <= 12, question["text"]
            assert known.issuperset(question["relevant"] + question["acceptable"]), question["text"]


def test_dialogues_refer_to_papers_that_their_filters_admit() -> None:
    dialogues = rows("dialogues.jsonl")
    assert len({dialogue["_id"] for dialogue in dialogues}) == 55
    papers = {
        record["source_id"]: Paper(
            title=record["title"],
            abstract=record["abstract"],
            authors=tuple(record["authors"]),
            year=record["year"],
            categories=tuple(record["categories"]),
        )
        for record in library()
    }
    for dialogue in dialogues:
        assert 3 <= len(dialogue["turns"]) <= 6, dialogue["_id"]
        for turn in dialogue["turns"]:
            small_talk = Intent(turn["intent"]) is Intent.SMALLTALK
            assert (turn["standalone"] is None) is small_talk, turn["text"]
            assert bool(turn["relevant"]) is not (small_talk or turn.get("refused", False)), turn["text"]
            admits = parse_filter(turn["filters"]).matches
            assert all(admits(papers[source_id]) for source_id in turn["relevant"]), turn["text"]
            assert papers.keys() >= set(turn.get("given_references", [])), turn["text"]
