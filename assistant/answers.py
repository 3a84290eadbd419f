"""What the assistant says: claims, citations, references, and the answer that holds them.

`to_json` of each class gives the object of the outside contract; field names are the contract's.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from assistant.papers import Flag, Paper


class Support(StrEnum):
    """How well the quoted sentences carry a claim."""

    VERIFIED = "verified"
    WEAK = "weak"
    UNSUPPORTED = "unsupported"


class Intent(StrEnum):
    """What kind of answer a question asks for."""

    QUESTION = "question"  # one fact
    LIST = "list"  # papers, one entry each
    COMPARE = "compare"  # two or more named things side by side
    SUMMARY = "summary"  # an overview of a topic
    LOOKUP = "lookup"  # one known paper
    SMALLTALK = "smalltalk"
    LIBRARY = "library"  # how many papers there are

    @property
    def needs_papers(self) -> bool:
        """Whether the answer is what papers say: nothing is searched for small talk, or to count papers."""
        return self not in (Intent.SMALLTALK, Intent.LIBRARY)


KEYS_TOLD = 4  # papers that are named beside a phrase that many papers use


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote from one paper: `abstract[start:end] == quote`; `number` is the paper's in this answer."""

    number: int
    key: str
    source_id: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Claim:
    """One shown sentence without citation markers, with its citations and what verification found."""

    text: str
    support: Support
    verdict_reason: str
    citations: tuple[Citation, ...] = ()
    attributed: bool = False  # the citation was found by verification, not written by the model


@dataclass(frozen=True, slots=True)
class Reference:
    """A cited paper under its number."""

    number: int
    key: str
    source_id: str
    title: str
    authors: tuple[str, ...]
    year: int | None
    venue: str | None
    doi: str | None
    arxiv_id: str | None
    url: str | None
    flags: tuple[Flag, ...]
    details: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, paper: Paper, number: int) -> Reference:
        """Return the reference to `paper` under `number`."""
        return cls(
            number=number,
            key=paper.key,
            source_id=paper.source_id,
            title=paper.title,
            authors=paper.authors,
            year=paper.year,
            venue=paper.venue,
            doi=paper.doi,
            arxiv_id=paper.arxiv_id,
            url=paper.url,
            flags=paper.flags,
            details=dict(paper.details),
        )


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A paper that retrieval ranked for the question (rank from 1, best first), and what it was called then."""

    key: str
    source_id: str
    rank: int
    score: float
    cited: bool
    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader should know: a stable code for scripts and a sentence for people."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens and cost of the model calls behind an answer; None where unknown, 0 where no model was called."""

    input_tokens: int | None = 0
    output_tokens: int | None = 0
    cost: float | None = 0.0


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds: the whole answer, its retrieval, and the first token of a model (None without one)."""

    total_ms: float = 0.0
    retrieval_ms: float = 0.0
    first_token_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer or a refusal.

    `references` is exactly the set of papers cited by `claims`. A refusal has no claims, a `reason`,
    and the nearest papers in `retrieved`. `lead` frames the claims and is not one itself.
    """

    answer_id: str
    question: str
    standalone_question: str
    status: str  # "answered" or "refused"
    mode: str  # "extractive" or "llm"
    intent: Intent = Intent.QUESTION
    filters: str = ""
    model: str | None = None
    prompt_hash: str | None = None  # names the exact wording of the prompt that the model was given
    fallback: str | None = None
    reason: str | None = None
    reason_code: str | None = None  # empty_scope, nothing_found, off_topic, not_stated or hidden
    lead: str = ""
    claims: tuple[Claim, ...] = ()
    references: tuple[Reference, ...] = ()
    retrieved: tuple[Retrieved, ...] = ()
    searched: int | None = None  # papers that passed the filter
    warnings: tuple[Notice, ...] = ()
    usage: Usage = field(default_factory=Usage)
    timing: Timing = field(default_factory=Timing)

    @property
    def refused(self) -> bool:
        """Whether the library does not answer the question."""
        return self.status == "refused"

    def to_json(self) -> dict[str, Any]:
        """Return the `ask --json` object."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class SectionPart:
    """A run of a section's claims, `start <= i < end`, under a label such as "Results"."""

    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Contrast:
    """In what papers differ, such as "data", and the papers of each value."""

    aspect: str
    values: tuple[Observation, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One theme of a summary: its title, its claims in order, and the keys of its papers.

    `parts` say what each run of claims is about; together they cover all of them. `common` are phrases that several of
    its papers use, with their keys; `differing` says in what its papers differ.
    """

    title: str
    claims: tuple[Claim, ...]
    keys: tuple[str, ...]
    parts: tuple[SectionPart, ...] = ()
    common: tuple[Observation, ...] = ()
    differing: tuple[Contrast, ...] = ()


@dataclass(frozen=True, slots=True)
class ScopeEntry:
    """A paper in the scope of a summary with its relevance."""

    key: str
    source_id: str
    score: float


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a comparison table with the quote it was read from; both None where the abstract is silent."""

    value: str | None
    quote: str | None


@dataclass(frozen=True, slots=True)
class TableRow:
    """The cells of one paper, in the order of the table's columns."""

    key: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Papers by columns."""

    columns: tuple[str, ...] = ()
    rows: tuple[TableRow, ...] = ()


@dataclass(frozen=True, slots=True)
class YearCount:
    """How many papers of the scope appeared in a year, and which."""

    year: int | None
    papers: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Observation:
    """What was counted over the records, not what a paper says; `keys` are the papers it was counted from."""

    text: str
    keys: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """The text with its first papers: "long-tail items (a, b, c, d and 3 more)"."""
        more = len(self.keys) - KEYS_TOLD
        return f"{self.text} ({', '.join(self.keys[:KEYS_TOLD])}{f' and {more} more' if more > 0 else ''})"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two papers that say opposite things of the same, each in its own words, and what is opposed."""

    first: Claim
    second: Claim
    reason: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many papers speak of a row and of a column both: `counts[row][column]`."""

    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    counts: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Unused:
    """A paper in scope that no claim cites, with the reason."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every paper of the scope exactly once: cited or unused."""

    cited: tuple[str, ...] = ()
    unused: tuple[Unused, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """A structured overview of the library's papers on a topic.

    `references` is exactly the set of papers cited by `overview`, `sections`, `gaps` and `contradictions`.
    """

    topic: str
    status: str  # "answered" or "refused"
    mode: str  # "extractive" or "llm"
    filters: str = ""
    reason: str | None = None
    model: str | None = None
    fallback: str | None = None  # why some section was written without the model
    lead: str = ""  # how the scope was chosen, for people
    scope: tuple[ScopeEntry, ...] = ()
    borderline: tuple[ScopeEntry, ...] = ()  # just below the cut, not in the summary
    curve: tuple[float, ...] = ()  # relevance of the best papers, best first, beyond the cut too
    overview: tuple[Claim, ...] = ()
    sections: tuple[Section, ...] = ()
    table: Table = field(default_factory=Table)
    timeline: tuple[YearCount, ...] = ()
    milestones: tuple[Observation, ...] = ()
    gaps: tuple[Claim, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    observations: tuple[Observation, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    ledger: Ledger = field(default_factory=Ledger)
    references: tuple[Reference, ...] = ()
    warnings: tuple[Notice, ...] = ()
    usage: Usage = field(default_factory=Usage)
    timing: Timing = field(default_factory=Timing)

    @property
    def refused(self) -> bool:
        """Whether no paper of the library is about the topic."""
        return self.status == "refused"

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Every claim in reading order."""
        opposed = tuple(side for pair in self.contradictions for side in (pair.first, pair.second))
        told = tuple(claim for section in self.sections for claim in section.claims)
        return (*self.overview, *told, *self.gaps, *opposed)

    def to_json(self) -> dict[str, Any]:
        """Return the `summarize --json` object."""
        return asdict(self)
