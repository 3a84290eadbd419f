"""PubMed XML and Atom."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.papers import Flag, Paper
from assistant.readers import Record, read_source

PUBMED = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle//EN" "https://dtd.nlm.nih.gov/x.dtd">
<PubmedArticleSet>
<PubmedArticle>
  <MedlineCitation Status="MEDLINE">
    <PMID Version="1">123</PMID>
    <Article>
      <Journal><JournalIssue><PubDate><Year>2020</Year><Month>Mar</Month><Day>4</Day></PubDate></JournalIssue>
        <Title>Journal of Rows</Title></Journal>
      <ArticleTitle>Caching CO<sub>2</sub> at 10<sup>5</sup> <i>rows</i> &amp; more.</ArticleTitle>
      <Abstract>
        <AbstractText Label="BACKGROUND" NlmCategory="BACKGROUND">Rows are &lt;slow&gt;.</AbstractText>
        <AbstractText Label="RESULTS">It is <b>quick</b>.</AbstractText>
      </Abstract>
      <AuthorList CompleteYN="N">
        <Author><LastName>Doe</LastName><ForeName>Jane M</ForeName><Initials>JM</Initials></Author>
        <Author><LastName>Roe</LastName><Initials>M</Initials><Suffix>Jr</Suffix></Author>
        <Author><CollectiveName>The Row Group</CollectiveName></Author>
      </AuthorList>
      <PublicationTypeList><PublicationType>Retracted Publication</PublicationType></PublicationTypeList>
    </Article>
    <MeshHeadingList><MeshHeading><DescriptorName>Caching</DescriptorName></MeshHeading></MeshHeadingList>
    <KeywordList><Keyword>rows</Keyword></KeywordList>
  </MedlineCitation>
  <PubmedData><ArticleIdList><ArticleId IdType="doi">10.1000/ABC</ArticleId></ArticleIdList></PubmedData>
</PubmedArticle>
<PubmedArticle><MedlineCitation><PMID>124</PMID><Article><ArticleTitle>Broken</Article></MedlineCitation></PubmedArticle>
<PubmedArticle><MedlineCitation><PMID>125</PMID><Article><ArticleTitle>[Third]</ArticleTitle>
<Journal><JournalIssue><PubDate><MedlineDate>1998 Dec-1999 Jan</MedlineDate></PubDate></JournalIssue></Journal>
</Article></MedlineCitation></PubmedArticle>
</PubmedArticleSet>
"""

ATOM = """<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"
      xmlns:arxiv="http://arxiv.org/schemas/atom">
  <title>arXiv Query</title><id>http://arxiv.org/api/x</id><opensearch:totalResults>1</opensearch:totalResults>
  <entry>
    <id>http://arxiv.org/abs/2003.00001v3</id>
    <updated>2021-01-01T00:00:00Z</updated><published>2020-03-04T17:59:59Z</published>
    <title>Caching Rows\n  of $n$ tables</title>
    <summary>  We cache rows.\nIt is quick &amp; cheap. </summary>
    <author><name>Jane Doe</name><arxiv:affiliation>Somewhere</arxiv:affiliation></author>
    <author><name>Max Roe</name></author>
    <arxiv:comment>12 pages</arxiv:comment><arxiv:journal_ref>J. Rows 1 (2021)</arxiv:journal_ref>
    <arxiv:doi>10.1000/ABC</arxiv:doi>
    <link href="http://arxiv.org/abs/2003.00001v3" rel="alternate" type="text/html"/>
    <arxiv:primary_category term="cs.IR"/><category term="cs.IR"/><category term="cs.LG"/>
  </entry>
</feed>
"""


def read(tmp_path: Path, text: str | bytes) -> list[Record]:
    path = tmp_path / "x.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read_source(str(path)))


def papers(records: list[Record]) -> list[Paper]:
    return [record.paper for record in records if record.paper]


def test_pubmed(tmp_path: Path) -> None:
    records = read(tmp_path, PUBMED)
    first, third = papers(records)
    assert first.title == "Caching CO2 at 10^5 rows & more."
    assert first.abstract == "BACKGROUND: Rows are <slow>. RESULTS: It is quick."
    assert first.authors == ("Jane M Doe", "M Roe Jr", "The Row Group")
    assert (first.year, first.date, first.venue) == (2020, "2020-03-04", "Journal of Rows")
    assert (first.doi, first.pmid, first.source_id) == ("10.1000/abc", "123", "10.1000/abc")
    assert first.categories == ("rows", "Caching")
    assert first.flags == (Flag.AUTHORS_INCOMPLETE, Flag.RETRACTED)
    assert first.provenance[0].line == 4
    assert (third.title, third.year, third.source_id) == ("Third", 1998, "125")
    assert [(r.line, r.rejection.reason.split(":")[0]) for r in records if r.rejection] == [
        (PUBMED[: PUBMED.index("<PubmedArticle><MedlineCitation><PMID>124")].count("\n") + 1, "broken XML")
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_wide_xml(tmp_path: Path, encoding: str) -> None:
    text = ATOM.replace("UTF-8", "utf-16" if encoding == "utf-16" else "UTF-8").replace("Jane", "Jäne")
    assert papers(read(tmp_path, text.encode(encoding)))[0].authors[0] == "Jäne Doe"


def test_a_declared_encoding_is_followed(tmp_path: Path) -> None:
    text = ATOM.replace("UTF-8", "ISO-8859-1").replace("Jane", "Jäne")
    assert papers(read(tmp_path, text.encode("latin-1")))[0].authors[0] == "Jäne Doe"


def test_atom(tmp_path: Path) -> None:
    (paper,) = papers(read(tmp_path, ATOM))
    assert paper.title == "Caching Rows of n tables"
    assert paper.abstract == "We cache rows. It is quick & cheap."
    assert paper.authors == ("Jane Doe", "Max Roe")
    assert (paper.year, paper.date, paper.venue) == (2020, "2020-03-04", "J. Rows 1 (2021)")
    assert (paper.arxiv_id, paper.doi, paper.source_id) == ("2003.00001", "10.1000/abc", "2003.00001")
    assert paper.categories == ("cs.IR", "cs.LG")
    assert paper.notes == ("12 pages",)


def test_namespaces_declared_in_every_entry_do_no_harm(tmp_path: Path) -> None:
    text = ATOM.replace("<arxiv:comment>", '<arxiv:comment xmlns:arxiv="http://arxiv.org/schemas/atom">')
    entry = text[text.index("<entry>") : text.index("</feed>")]
    assert len(papers(read(tmp_path, text.replace("</feed>", entry + "</feed>")))) == 2


def test_an_error_of_the_api_is_a_rejection(tmp_path: Path) -> None:
    text = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>http://arxiv.org/api/errors#bad</id><title>Error</title>"
        "<summary>incorrect id format for x</summary></entry></feed>"
    )
    (record,) = read(tmp_path, text)
    assert record.rejection is not None
    assert "incorrect id format" in record.rejection.reason


def test_entities_are_never_expanded(tmp_path: Path) -> None:
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;"><!ENTITY e SYSTEM "file:///etc/passwd">]>'
        + ATOM.partition("?>")[2].replace("cheap", "&b; &e; &nbsp;caf&eacute; R&D")
    )
    (record,) = read(tmp_path, bomb)
    assert record.rejection is not None or (
        record.paper is not None and "root" not in record.paper.abstract and "aaaa" not in record.paper.abstract
    )


def test_named_entities_and_bare_ampersands_do_no_harm(tmp_path: Path) -> None:
    (paper,) = papers(read(tmp_path, ATOM.replace("cheap", "caf&eacute;&nbsp;R&D\x0b")))
    assert paper.abstract == "We cache rows. It is quick & café R&D."


def test_a_torn_file_gives_what_it_has(tmp_path: Path) -> None:
    records = read(tmp_path, PUBMED[: PUBMED.index("125")])
    assert len(papers(records)) == 1
    assert records[-1].rejection is not None
    assert "ends inside this record" in records[-1].rejection.reason


def test_a_record_without_an_end_does_not_swallow_the_next(tmp_path: Path) -> None:
    text = PUBMED.replace(
        "</PubmedArticle>\n<PubmedArticle><MedlineCitation><PMID>124", "\n<PubmedArticle><MedlineCitation><PMID>124"
    )
    records = read(tmp_path, text)
    assert [paper.source_id for paper in papers(records)] == ["125"]
    assert [r.rejection.reason.split(":")[0] for r in records if r.rejection] == ["the record has no end", "broken XML"]


def test_long_files_are_read_piece_by_piece(tmp_path: Path) -> None:
    entry = ATOM[ATOM.index("<entry>") : ATOM.index("</feed>")]
    text = ATOM.replace("</feed>", entry.replace("Caching", "Größe") * 900 + "</feed>")
    found = papers(read(tmp_path, text))
    assert len(found) == 901
    assert found[-1].title == "Größe Rows of n tables"
    assert found[-1].provenance[0].line == text[: text.rindex("<entry>")].count("\n") + 1
