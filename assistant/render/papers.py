"""Papers, search hits and ingest reports as lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.text import Text

from assistant.answers import Retrieved
from assistant.papers import Flag, Paper, family_names
from assistant.render.lines import BLANK, Line, one_line

if TYPE_CHECKING:
    from assistant.ingest import IngestReport
    from assistant.neighbours import Neighbour

FLAG_WORDS = {
    Flag.OWN_SUMMARY: "summary, not the authors' abstract",
    Flag.RETRACTED: "RETRACTED",
    Flag.TITLE_INFERRED: "title made from the abstract's first words",
    Flag.AUTHORS_INCOMPLETE: "not all authors are known",
}
# The two that change how far a reader may trust a citation stand beside every reference.
WARNING_FLAGS = (Flag.RETRACTED, Flag.OWN_SUMMARY)
_SHOWN_REJECTIONS = 5


def short_authors(authors: Sequence[str], *, complete: bool = True) -> str:
    """Return the names as a citation has them: "Naumov", "Naumov and Mudigere", "Naumov et al."."""
    if not authors:
        return "unknown authors"
    # The last form is the whole name, the one before it the family name with its particles.
    names = [(family_names(author) or (author,))[-2:][0] for author in authors]
    if len(names) > 2 or not complete:
        return f"{names[0]} et al."
    return " and ".join(names)


def as_sentence(title: str) -> str:
    """Return a title with the full stop that ends it in a reference."""
    return title if title.endswith((".", "?", "!", "…")) else f"{title}."


def paper_line(paper: Paper | Retrieved, first: str = "  ") -> Line:
    """Return a paper in one line: key, authors, year, title."""
    complete = Flag.AUTHORS_INCOMPLETE not in paper.flags
    return Line.of(
        (paper.key, "cyan"),
        f"  {short_authors(paper.authors, complete=complete)} ({paper.year or 'no year'}). ",
        (as_sentence(paper.title), "bold"),
        *((f" · {FLAG_WORDS[Flag.RETRACTED]}", "bold red") for _ in range(Flag.RETRACTED in paper.flags)),
        first=first,
    )


def paper_lines(paper: Paper, spans: Sequence[tuple[int, int]] = ()) -> Iterator[Line]:
    """Yield the whole record; `spans` of the abstract (half-open, in code points) are highlighted."""
    yield Line.of((paper.title, "bold"))
    authors = ", ".join(paper.authors) or "unknown authors"
    yield Line.of(authors if paper.authors_complete else f"{authors} and others")
    for name, value in _fields(paper).items():
        yield Line.of(value, first=f"{name:<11}")
    for place, origin in enumerate(paper.provenance):
        where = f"{origin.file}:{origin.line}" if origin.line else origin.file
        read = f" ({origin.format}, {origin.time[:16].replace('T', ' ')} UTC)"
        yield Line.of(where, (read, "dim"), first=f"{'' if place else 'read from':<11}")
    for flag in paper.flags:
        yield Line.of((f"note: {FLAG_WORDS[flag]}", "yellow"))
    yield BLANK
    yield Line(highlighted(paper.abstract, spans)) if paper.abstract else Line.of(("no abstract", "dim"))


def neighbour_lines(neighbours: Sequence[Neighbour]) -> Iterator[Line]:
    """Yield the papers near another one with their cosines."""
    for neighbour in neighbours:
        yield paper_line(neighbour.paper, first=f"  {neighbour.score:.2f}  ")


def highlighted(abstract: str, spans: Sequence[tuple[int, int]]) -> Text:
    """Return the abstract with `spans` marked by style, and by »...« for those who see no style."""
    text = Text()
    position = 0
    for start, end in sorted(set(spans)):
        if start < position:
            continue
        text.append(one_line(abstract[position:start]), style="dim")
        text.append("»", style="dim")
        text.append(one_line(abstract[start:end]), style="bold")
        text.append("«", style="dim")
        position = end
    text.append(one_line(abstract[position:]), style="dim" if spans else "")
    return text


def hit_lines(hits: Sequence[Mapping[str, Any]]) -> Iterator[Line]:
    """Yield search hits, given as the objects of `search --json`: rank, paper, and its best sentence."""
    width = len(str(len(hits)))
    for hit in hits:
        yield Line.of(
            (str(hit["title"]), "bold"),
            f" ({hit['year'] or 'no year'})",
            (f" {hit['key']}", "cyan"),
            (f" {hit['score']:.3f}", "dim"),
            first=f"{hit['rank']:>{width}}. ",
        )
        if hit["best_sentence"]:
            yield Line.of(str(hit["best_sentence"]), first=" " * (width + 2))


def ingest_lines(report: IngestReport, *, dry_run: bool = False) -> Iterator[Line]:
    """Yield what an ingest did, as a table of counts with the first examples; one line where it changed nothing."""
    nothing = report.read == report.same
    would = " (nothing is written)" if dry_run else ""
    took = f"{_records(report.read)} in {report.seconds:.1f} s"
    yield Line.of(f"{took}: nothing new{would}" if nothing else f"{took}{would}")
    if not nothing:
        for name, examples in _examples(report).items():
            count, width = getattr(report, name), len(f"{report.read:,}")
            if not count and not examples:
                continue
            style = "yellow" if name == "rejected" else "dim"
            for place, example in enumerate(examples or [""]):
                head = f"  {name:<8}  {count:>{width},}  "
                yield Line.of((example, style), first=" " * len(head) if place else head if example else head.rstrip())
    for remark in report.remarks.values():
        where = _place(remark.file, remark.line)
        yield Line.of(
            (f"{remark.reason} ({where}{' and others' if remark.count > 1 else ''})", "dim"),
            first=f"  {remark.count:,} kept: ",
        )
    would_be = "would be " if dry_run else ""
    yield Line.of(f"{report.papers:,} {'paper' if report.papers == 1 else 'papers'} {would_be}in the library")


def _records(count: int) -> str:
    return f"read {count:,} {'record' if count == 1 else 'records'}"


def _examples(report: IngestReport) -> Mapping[str, list[str]]:
    """Return what to say beside each count of an ingest, in the order of the table."""
    bare = report.without_abstract
    rejected = [f"{_place(r.file, r.line)}: {r.reason}" for r in report.rejections[:_SHOWN_REJECTIONS]]
    if (more := max(report.rejected, len(report.rejections)) - _SHOWN_REJECTIONS) > 0:
        rejected.append(f"and {more:,} more; ingest --rejections FILE writes them all")
    return {
        "new": [f"{bare:,} without an abstract: found by title, never quoted"] if bare else [],
        "changed": [],
        "same": [],
        "merged": [f"{source_id} joined {key}" for source_id, key in report.merges],
        "rejected": rejected,
    }


def _place(file: str, line: int | None) -> str:
    return f"{file}:{line}" if line else file


def _fields(paper: Paper) -> Mapping[str, str]:
    values = {
        "key": ", ".join((paper.key, *paper.aliases)),
        "year": paper.date or str(paper.year or ""),
        "venue": paper.venue or "",
        "details": ", ".join(f"{name} {value}" for name, value in paper.details),
        "categories": ", ".join(paper.categories),
        "doi": paper.doi or "",
        "arxiv": paper.arxiv_id or "",
        "pmid": paper.pmid or "",
        "url": paper.url or "",
        "source ids": ", ".join(paper.source_ids),
        "notes": "; ".join(paper.notes),
    }
    return {name: value for name, value in values.items() if value}
