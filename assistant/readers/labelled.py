r"""Records whose fields stand on lines of their own, as arXiv's mailings and pages give them.

    arXiv:2402.17152
    Date: Tue, 27 Feb 2024 02:37:37 GMT   (2241kb)

    Title: Actions Speak Louder than Words
    Authors: Jiaqi Zhai, Lucy Liao
    Categories: cs.LG cs.IR
    \\
      The abstract.
    \\ ( https://arxiv.org/abs/2402.17152 ,  2241kb)

In a mailing the abstract stands between backslashes, on a page behind `Abstract:` or below a blank line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from assistant.readers import fields
from assistant.readers.arxiv import arxiv_fields
from assistant.readers.records import Origin, Record, finish

_ID = re.compile(
    r"(?:\[\d+\]\s*)?arXiv:\s*(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?(?:\s*[\[(].*)?", re.IGNORECASE
)
_LABELS = {
    "title": "title",
    "author": "authors",
    "authors": "authors",
    "abstract": "abstract",
    "date": "date",
    "submitted": "date",
    "categories": "categories",
    "subject": "categories",
    "subjects": "categories",
    "comment": "comments",
    "comments": "comments",
    "journal-ref": "journal-ref",
    "journal reference": "journal-ref",
    "doi": "doi",
    "related doi": "doi",
    "report-no": "report-no",
    **dict.fromkeys(("license", "msc-class", "msc classes", "acm-class", "acm classes", "proxy"), "other"),
    "cite as": "cite",
}
_LABEL = re.compile(rf"({'|'.join(sorted(_LABELS, key=len, reverse=True))})\s*:\s*(.*)", re.IGNORECASE)
_SUBMITTED = re.compile(r"[\[(]submitted (?:on )?(.*)", re.IGNORECASE)
_BREADCRUMBS = re.compile(r"[A-Z][A-Za-z ]+ > [A-Z][A-Za-z ,&-]+")
_RULE = re.compile(r"[-=_*%~\s]{5,}")
_DAY = re.compile(r"\b(\d{1,2}) ([A-Z][a-z]{2})[a-z]* (\d{4})\b")
_CODE = re.compile(r"\(([a-z-]+(?:\.[A-Za-z-]{2,})?)\)")
_SEVERAL_LINES = ("title", "authors", "comments", "journal-ref", "cite", "other")


def label_of(line: str) -> tuple[str, str] | None:
    """Return the field that a line names and its text, ("id", "2402.17152") among them; None without a label."""
    match = _ID.fullmatch(line)
    if match:
        return "id", match.group(1)
    match = _LABEL.match(line)
    if match:
        return _LABELS[match.group(1).casefold()], match.group(2)
    match = _SUBMITTED.match(line)
    return ("submitted", match.group(1)) if match else None


@dataclass(slots=True)
class LabelledEntry:
    """One record while its lines are collected; `closed` once its end was written."""

    line: int
    closed: bool = False
    _values: dict[str, list[str]] = field(default_factory=dict)
    _last: str = ""
    _gap: bool = False  # a blank line stands above

    def accepts(self, name: str) -> bool:
        """Whether a field of that name belongs to this record, rather than begin the next one."""
        if name == "submitted":  # on a page it stands above the title
            return "abstract" not in self._values
        return name not in ("id", "title", "abstract") or name not in self._values

    def take(self, line: str, *, indented: bool) -> None:
        """Add one line, stripped; `indented` says whether blanks stood before it."""
        label = label_of(line) if not indented else None
        if line.startswith("\\\\"):
            self.closed = "(" in line or "abstract" in self._values
            self._begin("abstract")
        elif _RULE.fullmatch(line) or _BREADCRUMBS.fullmatch(line):
            self.closed = True
        elif label is not None:
            self._begin(label[0])
            self._values[label[0]].append(label[1])
        elif line:
            self._go_on(line, indented=indented)
        self._gap = not line

    def finished(self, origin: Origin) -> Record:
        """Return the record."""
        texts = {name: "\n".join(filter(None, lines)) for name, lines in self._values.items()}
        codes = _CODE.findall(texts.get("categories", "")) or re.split(r"[\s,;]+", texts.get("categories", ""))
        raw = arxiv_fields({**texts, "id": texts.get("id") or texts.get("cite"), "categories": codes})
        date = _date(texts.get("submitted") or texts.get("date", "")) or _month_of(raw.arxiv_id)
        return finish(replace(raw, date=date, year=date), origin, self.line)

    def _begin(self, name: str) -> None:
        self._values.setdefault(name, [])
        self._last = name

    def _go_on(self, line: str, *, indented: bool) -> None:
        """Add a line without a label to the field above, or begin the abstract with it."""
        one_line = self._last not in _SEVERAL_LINES and not indented
        if self._last and "abstract" not in self._values and "title" in self._values and (self._gap or one_line):
            self._begin("abstract")
        if self._last not in ("", "id"):
            self._values[self._last].append(line)


def _date(text: str) -> str | None:
    match = _DAY.search(text)
    if match is None:
        return fields.date(text)
    return fields.iso_date(int(match.group(3)), fields.month(match.group(2)), int(match.group(1)))


def _month_of(arxiv_id: object) -> str | None:
    """Return the month in which arXiv gave out an identifier: it begins with it since April 2007."""
    if not isinstance(arxiv_id, str) or "/" in arxiv_id:
        return None
    return fields.iso_date(2000 + int(arxiv_id[:2]), int(arxiv_id[2:4]))
