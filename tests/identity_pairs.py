"""Labelled pairs of records, built from arXiv records by seeded edits that happen between bibliographies.

Twins are one record twice: as arXiv has it, and as a publisher, an index or a hurried user writes it. Hard negatives
are other papers by the same first author with a similar title, parts of a series, errata and replies, opposites
("directed" for "undirected"), equal titles by other people. Identifiers that would decide alone are taken away.
"""

from __future__ import annotations

import gzip
import itertools
import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from rapidfuzz import fuzz

from assistant.papers import Flag, Paper
from assistant.readers import fields
from assistant.text import clean_abstract, clean_line, fold, split_sentences

Edit = Callable[[Paper, random.Random], Paper]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records, whether they are one paper, and what was done to make them."""

    a: Paper
    b: Paper
    same: bool
    kind: str


def arxiv_papers(folder: Path) -> list[Paper]:
    """Return the records of the development files, each id once, sorted by id."""
    found: dict[str, Paper] = {}
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for record in map(json.loads, lines):
                identifier = fields.arxiv_id(record["_id"])
                data = record["metadata"]
                if identifier and data["authors"] and record["text"]:
                    found.setdefault(
                        identifier,
                        Paper(
                            title=clean_line(record["title"]),
                            abstract=clean_abstract(record["text"]),
                            authors=tuple(clean_line(name) for name in data["authors"]),
                            year=data["year"],
                            categories=tuple(data["categories"]),
                            doi=fields.doi(data["doi"] or ""),
                            arxiv_id=identifier,
                            source_ids=(identifier,),
                        ),
                    )
    return [found[name] for name in sorted(found)]


def pairs(papers: list[Paper], count: int, seed: int) -> list[Pair]:
    """Return at least `count` twins and about as many hard negatives."""
    rng = random.Random(seed)
    drawn = rng.sample(papers, min(len(papers), 40 * count))
    twins = [_twin(paper, rng) for paper in drawn[:count]]
    negatives = list(_negatives(papers, drawn[count:], count, rng))
    return twins + negatives


def _twin(paper: Paper, rng: random.Random) -> Pair:
    published = replace(
        paper, arxiv_id=None, source_ids=("other",), doi=paper.doi or "10.1000/" + (paper.arxiv_id or "")
    )
    edits = rng.sample(sorted(TWIN_EDITS), rng.randint(1, 4))
    for name in sorted(edits, key=lambda name: name == "family first"):  # names are shortened before they are turned
        published = TWIN_EDITS[name](published, rng)
    return Pair(replace(paper, doi=None), published, same=True, kind=" + ".join(sorted(edits)))


def _later(paper: Paper, rng: random.Random) -> Paper:
    return replace(paper, year=(paper.year or 2000) + rng.choice((1, 1, 1, 2, 3)), venue="Journal of Results")


def _initials(paper: Paper, rng: random.Random) -> Paper:
    def short(name: str) -> str:
        *given, family = name.split()
        return " ".join([*(word[0] + "." for word in given), family])

    return replace(paper, authors=tuple(short(name) for name in paper.authors))


def _family_first(paper: Paper, rng: random.Random) -> Paper:
    return replace(paper, authors=tuple(" ".join((name.split()[-1], *name.split()[:-1])) for name in paper.authors))


def _plain_letters(paper: Paper, rng: random.Random) -> Paper:
    names = tuple(fold(name).title() for name in paper.authors)
    return replace(paper, authors=names, title=fold(paper.title).capitalize())


def _no_middle_names(paper: Paper, rng: random.Random) -> Paper:
    return replace(
        paper, authors=tuple(" ".join(dict.fromkeys((name.split()[0], name.split()[-1]))) for name in paper.authors)
    )


def _et_al(paper: Paper, rng: random.Random) -> Paper:
    return replace(paper, authors=paper.authors[:1], flags=(Flag.AUTHORS_INCOMPLETE,))


def _capitals(paper: Paper, rng: random.Random) -> Paper:
    return replace(paper, title=paper.title.upper())


def _title_case(paper: Paper, rng: random.Random) -> Paper:
    return replace(paper, title=paper.title.title() + ".")


def _hyphens(paper: Paper, rng: random.Random) -> Paper:
    return replace(paper, title=re.sub(r"(?<=\w)-(?=\w)", rng.choice((" ", "", "‐", "–")), paper.title))


def _small_words(paper: Paper, rng: random.Random) -> Paper:
    title = re.sub(r"^(?:The|An?) ", "", paper.title)
    return replace(paper, title=title.replace(" and ", " & ") if rng.random() < 0.5 else title.replace(": ", " - "))


def _spelling(paper: Paper, rng: random.Random) -> Paper:
    title = paper.title
    for american, british in (
        ("ization", "isation"),
        ("izing", "ising"),
        ("olor", "olour"),
        ("ehavior", "ehaviour"),
        ("eling", "elling"),
    ):
        title = title.replace(american, british)
    return replace(paper, title=title)


def _slip(paper: Paper, rng: random.Random) -> Paper:
    """One letter of a long word lost, doubled or swapped with the next."""
    words = paper.title.split(" ")
    long = [index for index, word in enumerate(words) if len(word) > 6 and word.isalpha()]
    if not long or len(words) < 5:
        return paper
    index = rng.choice(long)
    at = rng.randint(1, len(words[index]) - 3)
    word = words[index]
    words[index] = rng.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )
    return replace(paper, title=" ".join(words))


def _glued_words(paper: Paper, rng: random.Random) -> Paper:
    spaces = [match.start() for match in re.finditer(r"(?<=\w{4}) (?=\w{4})", paper.title)]
    if not spaces:
        return paper
    at = rng.choice(spaces)
    return replace(paper, title=paper.title[:at] + paper.title[at + 1 :])


def _version_note(paper: Paper, rng: random.Random) -> Paper:
    return replace(
        paper,
        title=paper.title
        + rng.choice((" (Extended Version)", " [Full Version]", " - Extended Abstract", ": Technical Report")),
    )


def _no_subtitle(paper: Paper, rng: random.Random) -> Paper:
    main, colon, _ = paper.title.partition(": ")
    return replace(paper, title=main) if colon and len(main.split()) > 3 else paper


def _no_abstract(paper: Paper, rng: random.Random) -> Paper:
    return replace(paper, abstract="")


def _half_abstract(paper: Paper, rng: random.Random) -> Paper:
    sentences = split_sentences(paper.abstract)
    kept = sentences[: max(1, (2 * len(sentences) + 2) // 3)]
    return replace(paper, abstract=" ".join(sentence.text for sentence in kept))


def _revised_abstract(paper: Paper, rng: random.Random) -> Paper:
    """Some words replaced and a sentence added, as between the versions of a paper."""
    words = paper.abstract.split()
    swaps = {
        "show": "demonstrate",
        "propose": "introduce",
        "novel": "new",
        "method": "approach",
        "results": "findings",
        "use": "employ",
        "we": "the authors",
    }
    words = [swaps.get(word, word) for word in words if rng.random() > 0.03]
    return replace(paper, abstract=" ".join(words) + " Experiments on several data sets confirm this.")


def _no_year(paper: Paper, rng: random.Random) -> Paper:
    return replace(paper, year=None)


TWIN_EDITS: dict[str, Edit] = {
    name.removeprefix("_").replace("_", " "): edit
    for name, edit in list(globals().items())
    if name.startswith("_") and callable(edit) and getattr(edit, "__annotations__", {}).get("return") == "Paper"
}

_OPPOSITES_TEXT = """
    directed/undirected supervised/unsupervised online/offline linear/nonlinear static/dynamic convex/nonconvex
    upper/lower weighted/unweighted finite/infinite discrete/continuous deterministic/stochastic
    centralized/decentralized single/multi classical/quantum image/video text/speech graphs/hypergraphs
    parallel/sequential symmetric/asymmetric
"""
OPPOSITES = [tuple(pair.split("/")) for pair in _OPPOSITES_TEXT.split()]


def _negatives(papers: list[Paper], drawn: list[Paper], count: int, rng: random.Random) -> Iterator[Pair]:
    makers: list[Iterator[Pair]] = [
        _neighbours(papers, rng, abstracts=True),
        _neighbours(papers, rng, abstracts=False),
        _series(drawn, rng),
        _about(drawn, rng),
        _opposites(papers, rng),
        _other_people(drawn, rng),
        _numbers(drawn, rng),
    ]
    made = 0
    while made < count and makers:
        for maker in list(makers):
            pair = next(maker, None)
            if pair is None:
                makers.remove(maker)
                continue
            made += 1
            yield pair


def _bare(paper: Paper) -> Paper:
    return replace(paper, arxiv_id=None, doi=None)


def _neighbours(papers: list[Paper], rng: random.Random, *, abstracts: bool) -> Iterator[Pair]:
    """Two records of one first author whose titles are alike and whose abstracts are not."""
    by_author: dict[str, list[Paper]] = defaultdict(list)
    for paper in papers:
        by_author[paper.authors[0].casefold()].append(paper)
    found: list[tuple[float, Pair]] = []
    for own in by_author.values():
        for index, a in enumerate(own):
            for b in own[index + 1 :]:
                alike = fuzz.ratio(a.title.casefold(), b.title.casefold())
                if 60 < alike < 97 and _common_runs(a.abstract, b.abstract) < 0.3:
                    x, y = _bare(a), _bare(b)
                    kind = "neighbours" if abstracts else "neighbours without abstracts"
                    found.append((alike, Pair(x, y if abstracts else replace(y, abstract=""), same=False, kind=kind)))
    found.sort(key=lambda item: -item[0])
    return iter([pair for _, pair in found])


def _common_runs(a: str, b: str) -> float:
    x, y = fold(a).split(), fold(b).split()
    left, right = set(zip(x, x[1:], x[2:], strict=False)), set(zip(y, y[1:], y[2:], strict=False))
    return len(left & right) / max(1, min(len(left), len(right)))


def _series(papers: list[Paper], rng: random.Random) -> Iterator[Pair]:
    forms = (
        (", Part I", ", Part II"),
        (" I", " II"),
        (": Part 1", ": Part 2"),
        (" (Part One)", " (Part Two)"),
        (", Volume 3", ", Volume 4"),
        ("", ", Part II"),
    )
    for paper in papers:
        first, second = rng.choice(forms)
        later = replace(_bare(paper), title=paper.title + second, abstract=rng.choice(("", paper.abstract)))
        yield Pair(replace(_bare(paper), title=paper.title + first), later, same=False, kind="series")


def _about(papers: list[Paper], rng: random.Random) -> Iterator[Pair]:
    forms = (
        "Erratum to: {}",
        'Comment on "{}"',
        "Reply to comments on {}",
        "Corrigendum: {}",
        "Retraction: {}",
        "Supplementary Material for {}",
        "{} Revisited",
        "Author Correction: {}",
        "A Note on {}",
    )
    for paper in papers:
        yield Pair(
            _bare(paper),
            replace(_bare(paper), title=rng.choice(forms).format(paper.title), abstract=""),
            same=False,
            kind="about",
        )


def _opposites(papers: list[Paper], rng: random.Random) -> Iterator[Pair]:
    for paper in rng.sample(papers, len(papers)):
        words = fold(paper.title).split()
        for one, other in rng.sample(OPPOSITES, len(OPPOSITES)):
            if one in words:
                title = " ".join(other if word == one else word for word in words)
                yield Pair(_bare(paper), replace(_bare(paper), title=title, abstract=""), same=False, kind="opposites")
                break


def _other_people(papers: list[Paper], rng: random.Random) -> Iterator[Pair]:
    for paper, other in itertools.pairwise(papers):
        if set(paper.authors) & set(other.authors) or paper.authors[0].split()[-1] == other.authors[0].split()[-1]:
            continue
        thief = replace(_bare(other), title=paper.title, year=paper.year, abstract=rng.choice(("", other.abstract)))
        yield Pair(_bare(paper), thief, same=False, kind="other people")


def _numbers(papers: list[Paper], rng: random.Random) -> Iterator[Pair]:
    for paper in papers:
        year = paper.year or 2000
        a, b = rng.choice(
            (
                (f" {year}", f" {year + 1}"),
                (": Version 1", ": Version 2"),
                (" in 2D", " in 3D"),
                (": Third Edition", ": Fourth Edition"),
            )
        )
        yield Pair(
            replace(_bare(paper), title=paper.title + a),
            replace(_bare(paper), title=paper.title + b, abstract=""),
            same=False,
            kind="numbers",
        )
