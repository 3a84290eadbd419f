"""The loop of an ingest: a batch of records at a time is identified, embedded and written."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

from assistant.drafts import Draft, embed_drafts
from assistant.embedders import Embedder
from assistant.identity import (
    citation_key_stem,
    identity_keys,
    key_suffixes,
    merge,
    record_hash,
    same_paper,
    same_person,
)
from assistant.ingest.intake import Intake
from assistant.ingest.report import IngestReport
from assistant.interruption import finishing
from assistant.library import Library, PaperWrite, SourceRecord, Writer
from assistant.papers import Paper
from assistant.readers import Record
from assistant.text import fold

BATCH = 256  # records of one transaction
_STDIN = "-"
_EXAMPLES = 5  # merges that the report names
_KEY = re.compile(r"[a-z0-9]+(?:\d{4}|nd)[a-z0-9]*")


class Ingester:
    """Adds records to a library, a batch at a time.

    Args:
        library: where the papers go.
        embedder: makes the vectors; without one (a rehearsal) windows are counted and get zeros.
        after_batch: called after each transaction, to bring the indexes up to the library.
        separate: every record is a paper of its own, as an evaluation needs; twins are not looked for.
    """

    def __init__(
        self,
        library: Library,
        embedder: Embedder,
        *,
        after_batch: Callable[[], None] | None = None,
        separate: bool = False,
    ) -> None:
        self._library = library
        self._embedder = embedder
        self._after_batch = after_batch
        self._separate = separate
        self._report = IngestReport()
        self._sources: dict[str, str] = {}
        self._suffixes: dict[str, Iterator[str]] = {}  # of stems that clashed
        self._seen: dict[str, set[bytes]] = {}  # records of each source met in this run
        self._clear()

    def run(
        self,
        records: Iterable[Record],
        *,
        dry_run: bool = False,
        progress: Callable[[IngestReport], None] | None = None,
    ) -> IngestReport:
        """Ingest `records` and return what happened. A dry run says the same and leaves the library as it was."""
        started = time.perf_counter()
        self._dry_run = dry_run
        intake = records if isinstance(records, Intake) else None
        with self._library.rehearsal() if dry_run else nullcontext():
            for record in records:
                self._take(record)
                if self._waiting >= BATCH:
                    self._flush()
                if progress is not None:
                    self._report.fraction = intake.fraction if intake is not None else None
                    progress(self._report)
            self._flush()
            self._report.papers = self._library.count()
            if intake is not None:
                self._finish(intake)
        self._report.seconds = time.perf_counter() - started
        return self._report

    def _finish(self, intake: Intake) -> None:
        """Count the files passed over, and remember those that need not be read again."""
        self._report.read += intake.unchanged
        self._report.same += intake.unchanged
        for file in intake.read_whole:
            self._library.records.note_file(file.source, file.digest, intake.recipe, file.read)

    def _clear(self) -> None:
        self._drafts: list[Draft] = []
        self._by_identifier: dict[tuple[str, str], list[Draft]] = {}
        self._by_id: dict[int, Draft] = {}
        self._keys: set[str] = set()
        self._waiting = 0

    def _take(self, record: Record) -> None:
        self._report.read += 1
        if record.rejection is not None:
            self._report.rejected += record.paper is None  # a record can be kept and yet have something reported
            self._report.reject(record.rejection)
        if record.paper is None:
            return
        paper = record.paper
        source, digest = self._source_of(paper), record_hash(paper)
        seen = self._seen.setdefault(source, set())
        known = self._library.records.known(source, digest)
        if digest in seen or (known is not None and known.current):
            self._report.same += 1
        else:
            self._report.remark(record)
            self._take_unknown(paper, source, digest)
        seen.add(digest)

    def _take_unknown(self, paper: Paper, source: str, digest: bytes) -> None:
        draft = self._find(paper)
        if draft is None:
            self._report.new += 1
            self._report.without_abstract += not paper.abstract
            self._add(Draft(self._named(paper)), source, digest, paper)
        else:
            self._join(draft, source, digest, paper)

    def _source_of(self, paper: Paper) -> str:
        """Return the name under which a paper's source is remembered: its resolved path, where it is a file."""
        file = paper.provenance[0].file if paper.provenance else "-"
        if file not in self._sources:
            self._sources[file] = str(Path(file).resolve()) if Path(file).exists() else file
        return self._sources[file]

    def _find(self, paper: Paper) -> Draft | None:
        """Return the draft of the paper that `paper` speaks of, loaded from the library if need be."""
        if self._separate:
            return None
        identifiers = identity_keys(paper)
        waiting = [draft for pair in identifiers for draft in self._by_identifier.get(pair, ())]
        for draft in waiting:
            if same_paper(draft.paper, paper):
                return draft
        alike = self._known_draft(self._library.with_identifiers(identifiers), lambda known: same_paper(known, paper))
        if alike is not None or _is_placed(paper):
            return alike
        # Under the name that its source gave it before, a record may be rewritten more freely.
        named = self._library.records.named(self._source_of(paper), paper.source_id)
        return self._known_draft(named, lambda known: _may_be_rewritten(known, paper))

    def _known_draft(self, numbers: list[int], same: Callable[[Paper], bool]) -> Draft | None:
        """Return the draft of the first stored paper that is the same; those at work already were looked at."""
        numbers = [number for number in numbers if number not in self._by_id]
        stored = self._library.load(numbers)
        for number in numbers:
            if same(stored[number].paper):
                draft = Draft(stored[number].paper, stored[number])
                self._by_id[number] = draft
                return draft
        return None

    def _join(self, draft: Draft, source: str, digest: bytes, paper: Paper) -> None:
        """Bring a known paper up to what `source` says of it now: merged, changed, or both of its texts known."""
        seen = self._seen[source]
        records = self._library.records.of_paper(source, draft.stored.id) if draft.stored is not None else []
        earlier = [record for record in records if record.current and record.hash not in seen]
        replaced = _replaced(earlier, source, paper)
        if replaced is not None:
            self._report.changed += 1
            draft.retired.append((source, replaced.hash))
            alone = len([record for record in records if record.current]) == 1 and len(draft.paper.provenance) == 1
            alone = alone and source != _STDIN  # another stream may have said what this one leaves out
            draft.paper = _replacement(draft.paper, paper, alone=alone)
        elif any(record.hash == digest for record in records):
            self._report.same += 1  # the source holds both texts of this paper
        else:
            self._report.merged += 1
            draft.paper = self._with_better_alias(draft.paper, merge(draft.paper, paper))
            if len(self._report.merges) < _EXAMPLES:
                self._report.merges.append((paper.source_id, draft.paper.key))
        self._add(draft, source, digest, paper)

    def _with_better_alias(self, before: Paper, merged: Paper) -> Paper:
        """Return the merged paper, the key it would be given now among its aliases."""
        key = citation_key_stem(merged)
        if key in (citation_key_stem(before), *merged.aliases) or self._library.has_key(key):
            return merged
        return replace(merged, aliases=(*merged.aliases, key))

    def _add(self, draft: Draft, source: str, digest: bytes, paper: Paper) -> None:
        draft.noted.append((source, digest, paper.source_id))
        if not any(known is draft for known in self._drafts):
            self._drafts.append(draft)
        for pair in (*identity_keys(paper), *identity_keys(draft.paper)):
            waiting = self._by_identifier.setdefault(pair, [])
            if not any(known is draft for known in waiting):
                waiting.append(draft)
        self._waiting += 1

    def _named(self, paper: Paper) -> Paper:
        """Give a new paper its citation key: the one an export of ours gave it, where it is free, else the next one."""
        stem = citation_key_stem(paper)
        wished = next((name for name in paper.aliases if _is_our_key(name, stem, paper)), None)
        key = wished if wished is not None and self._is_free(wished) else self._next_key(stem)
        self._keys.add(key)
        return replace(paper, key=key, aliases=tuple(name for name in paper.aliases if name != key))

    def _next_key(self, stem: str) -> str:
        if stem not in self._suffixes:
            if self._is_free(stem):
                return stem
            self._suffixes[stem] = key_suffixes()  # goes on from clash to clash
        return next(stem + suffix for suffix in self._suffixes[stem] if self._is_free(stem + suffix))

    def _is_free(self, key: str) -> bool:
        return key not in self._keys and not self._library.has_key(key)

    def _flush(self) -> None:
        """Embed what is new in the batch, then write it in one transaction."""
        if not self._drafts:
            return
        changed = [draft for draft in self._drafts if draft.text_changed]
        embedded = embed_drafts(changed, self._embedder, library=self._library, blank=self._dry_run)
        self._report.embedded += embedded.windows
        self._report.tokens += embedded.tokens
        writes = {id(draft): write for draft, write in zip(changed, embedded.writes, strict=True)}
        with finishing():
            with self._library.transaction() as writer:
                for draft in self._drafts:
                    number = self._write(writer, draft, writes.get(id(draft)))
                    for source, digest in draft.retired:
                        writer.retire_record(source, digest)
                    for source, digest, name in draft.noted:
                        writer.note_record(source, digest, name, number)
            self._clear()
            if self._after_batch is not None and not self._dry_run:
                self._after_batch()

    def _write(self, writer: Writer, draft: Draft, write: PaperWrite | None) -> int:
        if write is not None:
            return writer.write(write)
        stored = draft.stored
        if stored is None:
            raise AssertionError("a new paper has text to embed")
        if draft.paper != stored.paper:
            writer.rewrite(replace(stored, paper=draft.paper), identity_keys(draft.paper))
        return stored.id


def _replaced(earlier: list[SourceRecord], source: str, paper: Paper) -> SourceRecord | None:
    """Return the record of the same source that `paper` is a new version of.

    What a file no longer says is gone. Standard input is a source of many streams: there a record replaces only one
    of its own name, and what another stream said under another name still holds.
    """
    named = next((record for record in earlier if record.name == paper.source_id), None)
    if source == _STDIN:
        return named if not _is_placed(paper) else None
    return named or (earlier[0] if earlier else None)


def _replacement(known: Paper, incoming: Paper, *, alone: bool) -> Paper:
    """Return the paper after its source changed it: `incoming`, filled from other sources where there are any."""
    if alone:
        source_ids = tuple(dict.fromkeys((*known.source_ids, *incoming.source_ids)))
        aliases = tuple(dict.fromkeys((*known.aliases, *incoming.aliases)))
        return replace(incoming, key=known.key, source_ids=source_ids, aliases=aliases)
    return replace(merge(incoming, known), key=known.key, source_ids=known.source_ids)


def _is_placed(paper: Paper) -> bool:
    """Whether the record's name is its place in its file, which another record may take tomorrow."""
    return any(paper.source_id == f"{Path(p.file).name or p.file}:{p.line}" for p in paper.provenance)


def _is_our_key(name: str, stem: str, paper: Paper) -> bool:
    """Whether a record's other name is the citation key that a library of ours gave it.

    In a bibliography it is known by its stem. Our own JSONL may name any key, one from before the record was completed.
    """
    ours = any(origin.format == "jsonl" for origin in paper.provenance) and name == paper.aliases[0]
    return bool(re.fullmatch(rf"{re.escape(stem)}[a-z]*", name) or (ours and _KEY.fullmatch(name)))


def _may_be_rewritten(known: Paper, incoming: Paper) -> bool:
    """Whether two texts under one name of one source can be one paper: they share the title or the first author."""
    if fold(known.title) == fold(incoming.title):
        return True
    return bool(known.authors and incoming.authors) and same_person(known.authors[0], incoming.authors[0])
