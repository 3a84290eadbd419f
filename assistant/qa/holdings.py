"""What a library holds: how many papers, from which years."""

from __future__ import annotations

from assistant.filters import Filter
from assistant.library import Library


def holdings(library: Library, filters: Filter) -> str:
    """Return in words how many papers pass `filters`, and when they appeared."""
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
