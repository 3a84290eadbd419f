"""Measuring retrieval: collections and runs are read as they are, figures are those of the definitions."""

from __future__ import annotations

import gzip
import json
import math
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import AssistantError, SourceError, StoreError
from assistant.evaluation import compare, evaluate, read_collection, read_run, run_name, summarise, write_run
from assistant.evaluation.measures import score_run
from tests.libraries import paper, searching

QUERIES = [{"_id": "q1", "text": "merge sort"}, {"_id": "q 2", "text": "cats"}, {"_id": "q3", "text": "not judged"}]
QRELS = "query-id\tcorpus-id\tscore\nq1\tSorting\t1\nq1\tMerging\t2\nq 2\tCats\t1\nq 2\tDogs\t0\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A BEIR folder with two judged queries."""
    made = tmp_path / "beir"
    made.mkdir()
    (made / "corpus.jsonl").write_text("", encoding="utf-8")
    (made / "queries.jsonl").write_text("".join(json.dumps(query) + "\n" for query in QUERIES), encoding="utf-8")
    (made / "qrels.tsv").write_text(QRELS, encoding="utf-8")
    return made


class TestCollection:
    def test_only_judged_queries_count_and_grades_above_zero(self, folder: Path) -> None:
        collection = read_collection(folder)
        assert collection.queries == {"q1": "merge sort", "q_2": "cats"}
        assert collection.qrels == {"q1": {"Sorting": 1, "Merging": 2}, "q_2": {"Cats": 1}}
        assert collection.name == "beir"

    def test_compressed_queries_and_splits_are_read(self, folder: Path) -> None:
        text = (folder / "queries.jsonl").read_bytes()
        (folder / "queries.jsonl").unlink()
        (folder / "queries.jsonl.gz").write_bytes(gzip.compress(text))
        (folder / "qrels").mkdir()
        (folder / "qrels" / "dev.tsv").write_text("query-id\tcorpus-id\tscore\nq3\tCats\t1\n", encoding="utf-8")
        assert set(read_collection(folder, "dev").queries) == {"q3"}
        assert set(read_collection(folder).queries) == {"q1", "q_2"}

    def test_trecs_four_columns_are_judgements_too(self, folder: Path) -> None:
        (folder / "qrels.tsv").write_text("q1\t0\tSorting\t1\n", encoding="utf-8")
        assert read_collection(folder).qrels == {"q1": {"Sorting": 1}}

    @pytest.mark.parametrize(
        ("name", "text", "words"),
        [
            ("queries.jsonl", "not json\n", "queries.jsonl:1 is not a query"),
            ("queries.jsonl", '{"_id": "q9", "text": "x"}\n', "no query of"),
            ("qrels.tsv", "q1\tSorting\t1\nq1\tMerging\tgood\n", "qrels.tsv:2 is not a judgement"),
            ("corpus.jsonl", None, "holds no corpus.jsonl"),
            ("qrels.tsv", None, "holds no qrels.tsv"),
        ],
    )
    def test_what_is_wrong_is_named(self, folder: Path, name: str, text: str | None, words: str) -> None:
        (folder / name).unlink()
        if text is not None:
            (folder / name).write_text(text, encoding="utf-8")
        with pytest.raises(SourceError, match=words):
            read_collection(folder)

    def test_a_file_is_no_collection(self, folder: Path) -> None:
        with pytest.raises(SourceError, match="is not a folder"):
            read_collection(folder / "corpus.jsonl")


class TestRuns:
    def test_a_run_comes_back_as_it_was_written_best_first(self, tmp_path: Path) -> None:
        run = {"q1": {"b": 0.25, "a": 0.5}, "q2": {"c": 1.0}}
        write_run(run, tmp_path / "r.trec")
        lines = (tmp_path / "r.trec").read_text(encoding="utf-8").splitlines()
        assert lines[0] == "q1 Q0 a 1 0.500000 assistant"
        assert read_run(tmp_path / "r.trec") == run

    def test_a_line_that_is_none_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "r.trec").write_text("q1 Q0 a 1 0.5 tag\n\nq1 a\n", encoding="utf-8")
        with pytest.raises(SourceError, match=r"r\.trec:3 is not a line"):
            read_run(tmp_path / "r.trec")
        with pytest.raises(SourceError, match="cannot read the run"):
            read_run(tmp_path / "missing")
        with pytest.raises(AssistantError, match="cannot write the run"):
            write_run({}, tmp_path)

    def test_names_hold_no_white_space(self) -> None:
        assert [run_name(name) for name in ("a b", "a\u00a0b", "", "a-b")] == ["a_b", "a_b", "_", "a-b"]


class TestMeasures:
    def test_figures_are_those_of_the_definitions(self) -> None:
        qrels = {"q1": {"a": 1, "b": 1}, "q2": {"c": 1}, "q3": {"d": 1}}
        run = {"q1": {"x": 0.9, "a": 0.8, "b": 0.7}, "q2": {"c": 0.5}, "unjudged": {"a": 1.0}}
        scores = score_run(run, qrels)
        ideal = 1 + 1 / math.log2(3)
        assert scores["nDCG@10"].tolist() == pytest.approx([(1 / math.log2(3) + 1 / 2) / ideal, 1, 0])
        assert scores["RR"].tolist() == pytest.approx([0.5, 1, 0])
        assert scores["R@20"].tolist() == [1, 1, 0]
        assert [measure.mean for measure in summarise(scores)][2] == pytest.approx(2 / 3)

    def test_an_empty_run_scores_nothing(self) -> None:
        assert score_run({}, {"q": {"a": 1}})["RR"].tolist() == [0]

    def test_a_difference_on_every_query_is_none_by_chance(self) -> None:
        worse = {"RR": np.linspace(0.1, 0.5, 40)}
        (change,) = compare({"RR": worse["RR"] + 0.1}, worse)
        assert (change.difference, change.low, change.high) == pytest.approx((0.1, 0.1, 0.1))
        assert change.p < 0.001

    def test_a_difference_that_goes_both_ways_may_be_chance(self) -> None:
        draw = np.random.default_rng(1)
        (change,) = compare({"RR": draw.random(40)}, {"RR": draw.random(40)})
        assert change.p > 0.05
        assert change.low < 0 < change.high


def test_evaluation_runs_the_real_search_over_the_collection(store: Path, folder: Path) -> None:
    papers = [
        paper("Sorting", "Merge sort keeps keys in order."),
        paper("Merging", "Merge sort merges runs."),
        paper("Cats", "Cats sleep all day."),
        paper("Dogs", "Dogs bark at night."),
    ]
    with searching(store, papers) as searcher:
        told: list[tuple[int, int]] = []
        report = evaluate(read_collection(folder), searcher._library, searcher, progress=lambda *at: told.append(at))
        assert (report.papers, report.queries, told) == (4, 2, [(1, 2), (2, 2)])
        assert {measure.name: measure.mean for measure in report.measures}["R@20"] == 1
        assert report.run["q_2"]["Cats"] == max(report.run["q_2"].values())
        again = evaluate(read_collection(folder), searcher._library, searcher, baseline=report.run)
        assert [(change.difference, change.p) for change in again.comparisons] == [(0, 1)] * 4
        assert "run" not in report.to_json()


def test_a_store_of_other_papers_is_refused(store: Path, folder: Path) -> None:
    with (
        searching(store, [paper("Else", "Nothing judged.")]) as searcher,
        pytest.raises(StoreError, match="holds 0 of"),
    ):
        evaluate(read_collection(folder), searcher._library, searcher)
