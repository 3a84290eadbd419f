"""Damaged files for the readers: small files of every format, broken the way disks, editors and copying break them."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

from assistant.identity import citation_key_stem, identity_keys, merge, record_hash, same_paper
from assistant.papers import Flag, Paper
from assistant.readers import FORMATS, Record
from assistant.text import split_sentences

FILES = sorted((Path(__file__).parent / "data" / "formats").iterdir())
_TOKENS = [
    b"{", b"}", b'"', b"\\", b"$", b"<", b">", b"&", b"</entry>", b"<entry>", b"<![CDATA[", b"-->",
    b"@article{", b"@string{x = ", b"TY  - ", b"ER  - ", b"PMID- ", b"Abstract:", b"IRJul 14, 2022Code\n",
    b"\n\n", b"\r", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"\x9f\x80", b"\x1b[31m", b"\xe2\x80\xae",
    b"\\ud800", b"NaN", b"1e999", b"null", b"[[[[", b"]]", b"\\'", b"\\frac{", b"99999999999999999999", b"-1",
    b"Title: ", b"arXiv:2401.00001\n", b"\\\\\n",
    b"et al.", b"others", b" and ", b"#", b"&a;", b"&#x1f;", b"''", b"``", b"\t", b";", b",,",
]  # fmt: skip


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Return `data` with one to six random damages."""
    for _ in range(rng.randint(1, 6)):
        data = rng.choice(_DAMAGES)(data, rng)
    if rng.random() < 0.05:
        data = gzip.compress(data)
        data = data[: rng.randint(1, len(data))] if rng.random() < 0.5 else data
    elif rng.random() < 0.05:
        data = data.decode("utf-8", "replace").encode(rng.choice(("utf-16", "utf-16-le", "cp1252")), "replace")
    return data


def _span(data: bytes, rng: random.Random) -> tuple[int, int]:
    at = rng.randrange(len(data) + 1)
    return at, min(len(data), at + rng.choice((1, 1, 2, 8, 60, 400)))


def _cut(data: bytes, rng: random.Random) -> bytes:
    at, until = _span(data, rng)
    return data[:at] + data[until:]


def _inserted(data: bytes, rng: random.Random) -> bytes:
    at, _ = _span(data, rng)
    return data[:at] + rng.choice(_TOKENS) * rng.choice((1, 1, rng.randint(2, 200))) + data[at:]


def _noise(data: bytes, rng: random.Random) -> bytes:
    at, until = _span(data, rng)
    return data[:at] + rng.randbytes(until - at) + data[until:]


def _torn(data: bytes, rng: random.Random) -> bytes:
    return data[: _span(data, rng)[0]]


def _repeated(data: bytes, rng: random.Random) -> bytes:
    at, until = _span(data, rng)
    return data[:until] + data[at:until] * rng.randint(1, 5) + data[until:]


def _shuffled(data: bytes, rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    rng.shuffle(lines)
    return b"\n".join(lines)


def _replaced(data: bytes, rng: random.Random) -> bytes:
    mark = rng.choice((b"{", b"}", b'"', b":", b",", b"\n", b"<", b" "))
    return data.replace(mark, rng.choice(_TOKENS), rng.randint(1, 3))


_DAMAGES = (_cut, _inserted, _inserted, _noise, _torn, _repeated, _shuffled, _replaced)


def damaged_file(rng: random.Random) -> tuple[str, bytes, str | None]:
    """Return a name, its damaged content and the format to read it as (mostly: as it looks)."""
    path = rng.choice(FILES)
    return path.name, mutated(path.read_bytes(), rng), rng.choice(FORMATS) if rng.random() < 0.15 else None


def check(record: Record) -> None:
    """Assert that a record is whole: a paper that the library can take, or a rejection that says where and why."""
    if record.paper is None:
        assert record.rejection is not None
        assert record.rejection.reason
        assert "\n" not in record.rejection.reason
        return
    paper = record.paper
    assert record.rejection is None
    assert paper.title
    assert paper.key == ""
    assert paper.source_ids
    assert len(paper.provenance) == 1
    for text in _texts(paper):
        assert text == text.strip()
        assert text
        assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in text), ascii(text)
        text.encode("utf-8")
    assert paper.year is None or 1500 <= paper.year <= 2100
    assert all(isinstance(flag, Flag) for flag in paper.flags)
    for sentence in split_sentences(paper.abstract):
        assert paper.abstract[sentence.start : sentence.end] == sentence.text
    assert citation_key_stem(paper).isalnum()
    assert identity_keys(paper) or paper.has(Flag.TITLE_INFERRED)
    assert record_hash(merge(paper, paper)) == record_hash(paper) or same_paper(paper, paper) in (True, False)


def _texts(paper: Paper) -> list[str]:
    optional = (paper.abstract, paper.venue, paper.doi, paper.arxiv_id, paper.pmid, paper.url, paper.date)
    lists = (paper.authors, paper.categories, paper.source_ids, paper.aliases, paper.notes)
    return [paper.title, *(text for text in optional if text), *(text for values in lists for text in values)]
