"""What a library holds: how many papers, from which years, the newest ones, and which of them lack something."""

from __future__ import annotations

from assistant.filters import Filter
from assistant.library import Library, Order
from assistant.text import counted

SHOWN = 20  # keys that are named one by one
OF_A_YEAR = 500  # papers of one year that are put in the order of their dates
FEW = 3  # papers that are named where one is asked for: several may be of one year


def holdings(library: Library, filters: Filter, *, lacking: str = "", age: str = "") -> str:
    """Return in words how many papers pass `filters`, and when they appeared.

    Args:
        library: the library.
        filters: which papers count.
        lacking: a part of the record; then the answer is which of them have none.
        age: "newest" or "oldest"; then the answer is which of them are.
    """
    if age:
        return _by_age(library, filters, age)
    if lacking:
        return _incomplete(library, filters, lacking)
    counts = library.years(filters)
    passing, total = counts.total(), library.count()
    papers = counted(passing, "paper")
    if filters:
        said = f"{papers} of {total:,} in the library {'passes' if passing == 1 else 'pass'} {filters}"
    else:
        said = f"The library holds {papers}"
    undated = counts.pop(None, 0)
    years = sorted(year for year in counts if year is not None)
    if not years:
        return f"{said}."
    said += f", from {years[0]} to {years[-1]}" if len(years) > 1 else f", from {years[0]}" if not filters else ""
    most = max(years, key=lambda year: (counts[year], year))
    parts = [f"most in {most} ({counts[most]:,})"] if len(years) > 2 else []
    parts += [f"{undated:,} without a year"] if undated else []
    return f"{said}; {', '.join(parts)}." if parts else f"{said}."


def _by_age(library: Library, filters: Filter, age: str) -> str:
    newest = age == "newest"
    near = library.papers(filters, Order("year", reverse=newest, limit=OF_A_YEAR))
    dated = [paper for paper in near if paper.year is not None]
    if not dated:
        return "No paper has a year."
    first = sorted(dated, key=lambda paper: paper.date or str(paper.year), reverse=newest)[:FEW]
    listed = "; ".join(f"{paper.title} ({paper.date or paper.year}, {paper.key})" for paper in first)
    return f"The {age} first: {listed}."


def _incomplete(library: Library, filters: Filter, part: str) -> str:
    fields = {"abstract": "abstract", "year": "year", "doi": "doi", "author": "authors"}
    keys = [paper.key for paper in library.papers(filters) if not getattr(paper, fields[part])]
    named = {"doi": "DOI"}.get(part, part)
    if not keys:
        return f"Every paper has {'an' if part in ('abstract', 'author') else 'a'} {named}."
    listed = ", ".join(keys[:SHOWN]) + (f" and {len(keys) - SHOWN:,} more" if len(keys) > SHOWN else "")
    return f"{len(keys):,} {'paper has' if len(keys) == 1 else 'papers have'} no {named}: {listed}."
