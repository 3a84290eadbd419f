"""References as text in the styles that readers know."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from assistant.answers import Reference
from assistant.errors import UsageError
from assistant.papers import Flag, editors_of, family_names


def cite_in_style(reference: Reference, style: str) -> str:
    """Return the reference as one line without its number.

    Raises:
        UsageError: the style is not one of STYLES.
    """
    if style not in STYLES:
        raise UsageError(f"unknown reference style {style!r}", f"known styles are {', '.join(STYLES)}")
    return STYLES[style](reference)


def _short(reference: Reference) -> str:
    """Wu et al. (2018). Title. Venue."""
    names = [_family(author) for author in reference.authors]
    who = _listed(names, reference, most=2, others=" et al.", last=" and ") or "Unknown authors"
    return _joined(f"{who} ({_year(reference)})", reference.title, reference.venue or "", _address(reference))


def _apa(reference: Reference) -> str:
    """Wu, A., Li, B., & Doe, C. (2018). Title. Venue, 12(3), 45–67. https://doi.org/...

    A chapter stands "In B. Li (Ed.), Book (pp. 45–67). Publisher", a thesis as "Title [Doctoral dissertation, School]".
    """
    names = [f"{_family(author)}, {_initials(author)}".rstrip(", ") for author in reference.authors]
    who = _listed(names, reference, most=20, others=", et al.", last=", & ")
    when = f"({_year(reference, 'n.d.')})"
    volume, issue, pages = _place(reference)
    title, where = reference.title, _commas(reference.venue, volume + (f"({issue})" if issue else ""), pages)
    if _kind(reference) == "chapter" and reference.venue:
        book = f"{reference.venue} (pp. {pages})" if pages else reference.venue
        where = _joined("In " + _commas(_edited(reference, " & ", "(Ed.)", "(Eds.)"), book), _publisher(reference))
    elif _kind(reference) == "thesis":
        degree = _degree(reference, "Doctoral dissertation", "Master’s thesis")
        title, where = f"{title} [{_commas(degree, _school(reference))}]", ""
    return _joined(f"{who} {when}".strip(), title, where, _address(reference))


def _ieee(reference: Reference) -> str:
    """A. Wu, B. Li, and C. Doe, “Title,” Venue, vol. 12, no. 3, pp. 45–67, 2018.

    A chapter stands "in Book, B. Li, Ed., Publisher", a thesis as "“Title,” Ph.D. dissertation, School".
    """
    names = [f"{_initials(author)} {_family(author)}".strip() for author in reference.authors]
    who = _listed(names, reference, most=6, others=" et al.", last=", and " if len(names) > 2 else " and ")
    places = zip(("vol.", "no.", "pp."), _place(reference), strict=True)
    numbers = [f"{name} {value}" for name, value in places if value]
    venue = [reference.venue or ""]
    if _kind(reference) == "chapter" and reference.venue:
        venue = [f"in {reference.venue}", _edited(reference, " and ", "Ed.", "Eds.", comma=True), _publisher(reference)]
    elif _kind(reference) == "thesis":
        venue = [_degree(reference, "Ph.D. dissertation", "M.S. thesis"), _school(reference)]
    rest = _commas(*venue, *numbers, _year(reference, "n.d."), _address(reference))
    return f"{who + ', ' if who else ''}“{reference.title.rstrip('.')},” {rest}."


def _chicago(reference: Reference) -> str:
    """Ann Wu, Bo Li, and Cy Doe. 2018. “Title.” Venue 12 (3): 45–67.

    A chapter stands "In Book, edited by Bo Li, 45–67. Publisher", a thesis as "“Title.” PhD diss., School".
    """
    who = _listed(list(reference.authors), reference, most=7, others=" et al.", last=", and ")
    title = f"“{reference.title.rstrip('.')}.”"
    head = _joined(who, _year(reference, "n.d."))
    volume, issue, pages = _place(reference)
    where = " ".join(filter(None, (reference.venue, volume, f"({issue})" if issue else "")))
    where = ": ".join(filter(None, (where, pages)))
    if _kind(reference) == "chapter" and reference.venue:
        editors = _sequence(list(editors_of(reference.details)), " and ")
        book = _commas(f"In {reference.venue}", f"edited by {editors}" if editors else "", pages)
        where = _joined(book, _publisher(reference))
    elif _kind(reference) == "thesis":
        where = _commas(_degree(reference, "PhD diss.", "master’s thesis"), _school(reference))
    return " ".join(part for part in (head, title, _joined(where, _address(reference))) if part)


STYLES: Mapping[str, Callable[[Reference], str]] = {"short": _short, "apa": _apa, "ieee": _ieee, "chicago": _chicago}


def _listed(names: list[str], reference: Reference, *, most: int, others: str, last: str) -> str:
    """Return the names as one list, cut with `others` where there are more than `most` or some are unknown."""
    if not names:
        return ""
    if len(names) > most:
        return names[0] + others
    if Flag.AUTHORS_INCOMPLETE in reference.flags:
        return ", ".join(names) + others
    return _sequence(names, last)


def _sequence(names: list[str], last: str) -> str:
    """Return names as one list, `last` before the last of them."""
    return ", ".join(names[:-1]) + last + names[-1] if len(names) > 1 else "".join(names)


def _edited(reference: Reference, last: str, one: str, many: str, *, comma: bool = False) -> str:
    """Return "B. Li & C. Doe (Eds.)", empty where no editor is known."""
    names = [f"{_initials(editor)} {_family(editor)}".strip() for editor in editors_of(reference.details)]
    mark = one if len(names) == 1 else many
    return f"{_sequence(names, last)}{',' if comma else ''} {mark}" if names else ""


def _degree(reference: Reference, doctor: str, master: str) -> str:
    """Return what a thesis is for, "Thesis" where its source does not say."""
    genre = reference.details.get("genre", "").casefold()
    if "master" in genre or genre.startswith(("msc", "m.s")):
        return master
    return doctor if "ph" in genre or "doc" in genre else "Thesis"


def _school(reference: Reference) -> str:
    return reference.venue or _publisher(reference)


def _publisher(reference: Reference) -> str:
    return reference.details.get("publisher", "")


def _kind(reference: Reference) -> str:
    return reference.details.get("type", "")


def _family(author: str) -> str:
    forms = family_names(author)
    return forms[1] if len(forms) > 2 else forms[0] if forms else author


def _initials(author: str) -> str:
    given = author.removesuffix(_family(author)).split()
    return " ".join("-".join(f"{part[0]}." for part in name.split("-") if part) for name in given)


def _place(reference: Reference) -> tuple[str, str, str]:
    """Return volume, issue and pages, empty where unknown."""
    volume, issue, pages = (reference.details.get(name, "") for name in ("volume", "issue", "page"))
    return volume, issue, pages.replace("-", "–")


def _year(reference: Reference, unknown: str = "no year") -> str:
    return str(reference.year) if reference.year is not None else unknown


def _address(reference: Reference) -> str:
    if reference.doi:
        return f"https://doi.org/{reference.doi}"
    return f"https://arxiv.org/abs/{reference.arxiv_id}" if reference.arxiv_id else reference.url or ""


def _commas(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)


def _joined(*parts: str) -> str:
    """Return the parts as sentences; an address ends without a full stop."""
    kept = [part.strip() for part in parts if part.strip()]
    return " ".join(part if "://" in part or part[-1] in ".?!…" else f"{part}." for part in kept)
