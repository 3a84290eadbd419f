"""What a library holds: how many papers, from which years, and which of them lack something."""

from __future__ import annotations

from assistant.filters import Filter
from assistant.library import Library

SHOWN = 20  # keys that are named one by one


def holdings(library: Library, filters: Filter, *, lacking: str = "") -> str:
    """Return in words how many papers pass `filters`, and when they appeared; or which of them have no `lacking`."""
    if lacking:
        return _incomplete(library, filters, lacking)
    counts = library.years(filters)
    passing, total = counts.total(), library.count()
    papers = f"{passing:,} {'paper' if passing == 1 else 'papers'}"
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


def _incomplete(library: Library, filters: Filter, part: str) -> str:
    fields = {"abstract": "abstract", "year": "year", "doi": "doi", "author": "authors"}
    keys = [paper.key for paper in library.papers(filters) if not getattr(paper, fields[part])]
    named = {"doi": "DOI"}.get(part, part)
    if not keys:
        return f"Every paper has {'an' if part in ('abstract', 'author') else 'a'} {named}."
    listed = ", ".join(keys[:SHOWN]) + (f" and {len(keys) - SHOWN:,} more" if len(keys) > SHOWN else "")
    return f"{len(keys):,} {'paper has' if len(keys) == 1 else 'papers have'} no {named}: {listed}."
