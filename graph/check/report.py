"""Renders a report as text for people, JSON for programs, or an sh:ValidationReport in Turtle."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from rdflib import RDF, SH, BNode, Graph, Literal, URIRef

from graph.check.findings import FORMS, LANGUAGES, Finding
from graph.namespaces import BASE, DCTERMS, compact

_CLOSING = {
    "en": ("nothing found", "findings: {}"),
    "ru": ("замечаний нет", "замечаний: {}"),
    "lv": ("nekas nav atrasts", "atradumi: {}"),
}
_MEND = {"en": "mend", "ru": "исправление", "lv": "labojums"}


def as_text(findings: list[Finding], lang: str) -> str:
    """One paragraph a finding: where, which check, of what; what is wrong; how to mend it."""
    paragraphs = [_paragraph(finding, lang) for finding in findings]
    nothing, counted = _CLOSING[lang]
    return "\n".join([*paragraphs, counted.format(len(findings)) if findings else nothing]) + "\n"


def _paragraph(finding: Finding, lang: str) -> str:
    where = ":".join(str(part) for part in (finding.file, finding.line, finding.column) if part is not None)
    name = compact(finding.subject) if finding.subject and not finding.subject.startswith("_:") else finding.subject
    thing = " ".join(part for part in (finding.text(finding.words, lang), f"({name})" if name else "") if part)
    wrong = finding.text(finding.message, lang) + (f": {finding.value}" if finding.value else "")
    mend = f"{_MEND[lang]}: {finding.text(finding.remedy, lang)}"
    return f"{where or '-'}: [{finding.check}] {thing}\n    {wrong}\n    {mend}"


def as_json(findings: list[Finding], lang: str) -> str:
    """An object with ``conforms`` and ``findings``; texts are in ``lang``, else in English."""
    rows = [as_record(finding, lang) for finding in findings]
    return json.dumps({"conforms": not findings, "findings": rows}, ensure_ascii=False, indent=2) + "\n"


def as_record(finding: Finding, lang: str) -> dict[str, Any]:
    """One finding as a JSON object; absent places and values are null."""
    return {
        "check": finding.check,
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "subject": finding.subject,
        "words": finding.text(finding.words, lang),
        "message": finding.text(finding.message, lang),
        "value": finding.value,
        "remedy": finding.text(finding.remedy, lang),
    }


def as_json_in_all(findings: list[Finding]) -> str:
    """As as_json, but each text is an object of its languages."""
    rows = [
        as_record(finding, "en") | {"words": finding.words, "message": finding.message, "remedy": finding.remedy}
        for finding in findings
    ]
    return json.dumps({"conforms": not findings, "findings": rows}, ensure_ascii=False) + "\n"


def rendered(findings: list[Finding], media_type: str, lang: str) -> bytes:
    """The report in one of the media types of FORMS; a text is in ``lang``, all others have every language."""
    match media_type:
        case "application/json":
            return as_json_in_all(findings).encode()
        case "text/plain":
            return as_text(findings, lang).encode()
        case "text/turtle" | "application/ld+json":
            return as_graph(findings).serialize(format=media_type, encoding="utf-8")
    raise ValueError(f"{media_type} is none of {', '.join(FORMS.values())}")


def as_turtle(findings: list[Finding]) -> str:
    """The report of as_graph in Turtle."""
    return as_graph(findings).serialize(format="turtle")


def as_graph(findings: list[Finding]) -> Graph:
    """A SHACL validation report with the messages in every language; where a finding stands is its dcterms:source."""
    graph = Graph()
    graph.bind("sh", SH)
    graph.bind("dcterms", DCTERMS)
    report = BNode()
    graph.add((report, RDF.type, SH.ValidationReport))
    graph.add((report, SH.conforms, Literal(not findings)))
    for finding in findings:
        _add_result(graph, report, finding)
    return graph


def _add_result(graph: Graph, report: BNode, finding: Finding) -> None:
    result = BNode()
    graph.add((report, SH.result, result))
    graph.add((result, RDF.type, SH.ValidationResult))
    graph.add((result, SH.resultSeverity, SH.Violation))
    graph.add((result, SH.sourceShape, URIRef(f"{BASE}shapes/{finding.check}")))
    graph.add((result, SH.sourceConstraintComponent, SH.SPARQLConstraintComponent))
    focus = finding.subject or f"{BASE}dataset"
    graph.add((result, SH.focusNode, BNode() if focus.startswith("_:") else URIRef(focus)))
    for text in _both(finding):
        graph.add((result, SH.resultMessage, text))
    if finding.value is not None:
        graph.add((result, SH.value, Literal(finding.value)))
    if finding.file is not None:
        where = finding.file if finding.line is None else f"{finding.file}:{finding.line}"
        graph.add((result, URIRef(DCTERMS + "source"), Literal(where)))


def _both(finding: Finding) -> Iterable[Literal]:
    for lang in LANGUAGES:
        if lang in finding.message:
            yield Literal(f"{finding.message[lang]}; {finding.text(finding.remedy, lang)}", lang=lang)
