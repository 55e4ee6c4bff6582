"""What a generation says of itself: its quality, and what changed."""

from __future__ import annotations

from api.answers.facts import CLAIM, GENERATION, GROUNDS, IRI, LANG_IF_ANY, MODALITY, NAMED, PLANNED, ROLE_NAMED, VALUE
from api.answers.schema import Schema, count, mapping, maybe, number, record, ref, rows, text, truth
from graph.changes.record import LISTS

_HASH = text("A SHA-256 in hexadecimal.", "3cdc4757a842989f3fd308300f610f4b3263cc6d…")
_GENERATION_ID = text("Follows from what it holds.", "0123456789abcdef")
_VERSION = maybe(text("The version of edugraph that made it.", "0.1.0"))
_COMMIT = maybe(text("The commit of the sources; null where that is not known.", "42858b8238be"))
_SKIPPED = rows(ref("CountedName"), "Sentences passed over, by reason.")
_LEFT_OUT = mapping(count("Rows that are not here.", 0), "By list.", "articles")
_SIDE = ("version", "source_commit", "rdfc10_sha256", "shapes_sha256")

_STATEMENT = {"subject": ref("Named"), "predicate": ROLE_NAMED, "object": ref("ChangedValue")}
_FORM = {
    "claim": CLAIM,
    "modality": MODALITY,
    "planned": PLANNED,
    "evidence": rows(ref("NamedEvidence"), "The spans that carry it."),
    "qualifiers": rows(ref("StatedOf"), "What makes it more precise."),
}


def _changes(of: Schema, kind: str, meaning: str) -> Schema:
    return record(meaning, {change: rows(of, f"{change.capitalize()}.") for change in LISTS[kind]})


def _changed(kind: str) -> Schema:
    return record(f"Of {kind}.", {change: count(f"{change.capitalize()}.") for change in LISTS[kind]})


STATE: dict[str, Schema] = {
    "Manifest": record(
        "What a generation was made from.",
        {
            "id": _GENERATION_ID,
            "version": _VERSION,
            "source_commit": _COMMIT,
            "rdfc10_sha256": maybe(_HASH),
            "shapes_sha256": _HASH,
            "checks_sha256": _HASH,
            "index_format": count("The format of its index.", 13),
            "counts": mapping(
                {"type": ["integer", "object"], "examples": [680]}, "Triples, quads, classes, things.", "triples"
            ),
            "checks": maybe(
                record(
                    "What its checks found; null where it was published without.",
                    {
                        "conforms": truth("Whether nothing was found.", True),
                        "findings": count("How many findings.", 0),
                        "shapes": count("How many shapes were held against it.", 117),
                        "queries": count("How many checks by query.", 31),
                    },
                )
            ),
        },
        ("source_commit", "rdfc10_sha256", "shapes_sha256", "checks_sha256", "index_format", "counts", "checks"),
    ),
    "Coverage": record(
        "Sentences of all articles: cited by a fact, passed over for a reason, open.",
        {
            "articles": count("How many articles.", 5),
            "sentences": count("How many sentences.", 148),
            "cited": count("Cited by a fact.", 109),
            "skipped": _SKIPPED,
            "open": count("Neither.", 0),
            "share": maybe(number("Of the sentences that are accounted for; null without sentences.", 1.0)),
        },
    ),
    "ArticleCoverage": record(
        "The same for one article.",
        {
            **NAMED,
            "length": maybe(count("Characters of its text.", 2731)),
            "claims": count("How many claims it makes.", 120),
            "sentences": count("How many sentences.", 12),
            "cited": count("Cited by a fact.", 11),
            "open": count("Neither cited nor passed over.", 0),
            "spans": count("How many spans are cited.", 70),
            "skipped": _SKIPPED,
        },
    ),
    "ClaimCounts": record(
        "All claims.",
        {
            "total": count("How many.", 680),
            "modality": rows(ref("CountedName"), "By modality."),
            "evidence": count("How many pieces of evidence.", 800),
            "inferred": count("How many are marked as inferred.", 46),
            "hedged": count("How many numbers are hedged.", 12),
        },
    ),
    "ExpectedTotal": record(
        "A total that must lie between bounds.",
        {
            "name": text("Its name.", "articles"),
            "pattern": text("What is counted, in SPARQL.", "?this a edg:Article"),
            "counted": count("How many there are.", 5),
            "least": count("At least.", 5),
            "most": maybe(count("At most; null where nothing bounds it.", 7)),
        },
    ),
    "ToldClaim": record(
        "A claim with its evidence.",
        {"subject": ref("Named"), "predicate": ROLE_NAMED, "object": ref("Value"), **GROUNDS},
    ),
    "Contradiction": record(
        "Values that differ where there can be but one.",
        {"thing": ref("Named"), "property": ROLE_NAMED, "claims": rows(ref("ToldClaim"), "Each with its article.")},
    ),
    "Compared": record(
        "A thing that was compared with another, or a mention that is no thing of its own.",
        {**NAMED, "iri": maybe(IRI), "article": text("The article of a mention.", "2023-almaty-esd-seminar")},
        ("article",),
    ),
    "IdentityDecision": record(
        "Whether two are the same.",
        {
            "left": ref("Compared"),
            "right": ref("Compared"),
            "judgement": text("What was decided.", "different", among=("same", "different", "unsure")),
            "reason": text("Why.", "Two ministries, one after the other."),
            "date": text("When.", "2026-11-21"),
            "curator": text("By whom.", "edugraph founders"),
        },
    ),
    "Quality": record(
        "What the data says of its own quality.",
        {
            "published": maybe(text("When it was checked and published.", "2026-11-25T09:50:27+00:00")),
            "manifest": ref("Manifest"),
            "coverage": ref("Coverage"),
            "articles": rows(ref("ArticleCoverage"), "The same for each article, the least covered first."),
            "claims": ref("ClaimCounts"),
            "totals": rows(ref("ExpectedTotal"), "Expected totals."),
            "inferred": rows(ref("ToldClaim"), "Claims that the evidence does not say in so many words."),
            "contradictions": rows(ref("Contradiction"), "Values that differ where there can be but one."),
            "unsure": rows(ref("IdentityDecision"), "Pairs of which it is not known whether they are the same."),
            "identity": record(
                "Which pairs were held to be the same or different, and why.",
                {
                    "judgements": mapping(count("How many pairs.", 45), "By judgement.", "different"),
                    "decisions": rows(ref("IdentityDecision"), "The decisions."),
                },
            ),
            "left_out": _LEFT_OUT,
            "truncated": truth("Whether any list is cut."),
            "generation": GENERATION,
        },
    ),
    "GenerationSide": record(
        "A generation that is compared.",
        {
            "id": _GENERATION_ID,
            "version": _VERSION,
            "source_commit": _COMMIT,
            "rdfc10_sha256": maybe(_HASH),
            "shapes_sha256": maybe(_HASH),
        },
        _SIDE,
    ),
    "ChangedThing": record(
        "A thing, with what is stated of it by itself.",
        {
            **NAMED,
            "added": rows(ref("StatedOf"), "Stated now."),
            "removed": rows(ref("StatedOf"), "Stated before."),
        },
    ),
    "StatedOf": record("A property and its value.", {"property": ROLE_NAMED, "value": ref("ChangedValue")}),
    "ChangedValue": record("A thing or a literal.", {**VALUE, "lang": LANG_IF_ANY}, VALUE, NAMED),
    "ChangedClaim": record(
        "A claim that came or went; one that changed has both forms, and where they differ.",
        {
            **_STATEMENT,
            **_FORM,
            "differs_in": rows(text("A member.", "modality"), "In what the two differ."),
            "before": ref("ClaimForm"),
            "after": ref("ClaimForm"),
        },
        (*_FORM, "differs_in", "before", "after"),
    ),
    "ClaimForm": record("A claim as it was or is put.", {**_STATEMENT, **_FORM}),
    "NamedEvidence": record(
        "A span of a source.",
        {
            "source": ref("Named"),
            "start": maybe(count("First character, from 0; null for a source as a whole.", 1418)),
            "end": maybe(count("The character behind the span.", 1488)),
            "selector": maybe(text("The span as an IRI.", "https://w3id.org/edugraph/article/…#char=1418,1488")),
        },
    ),
    "Changes": record(
        "What changed since the generation before.",
        {
            "old": maybe(ref("GenerationSide", "The generation before; null if this is the first.")),
            "new": ref("GenerationSide"),
            "counts": record(
                "How many came, went or changed.",
                {
                    "quads": record("Of quads.", {"added": count("Added.", 14), "removed": count("Removed.", 4)}),
                    "things": _changed("things"),
                    "claims": _changed("claims"),
                },
            ),
            "things": _changes(ref("ChangedThing"), "things", "Things, with what is stated of them by itself."),
            "claims": _changes(
                ref("ChangedClaim"), "claims", "Claims: changed is the same statement put or evidenced otherwise."
            ),
            "left_out": record("How many are not here.", {"things": _changed("things"), "claims": _changed("claims")}),
            "truncated": truth("Whether any list is cut."),
            "generation": GENERATION,
        },
    ),
}
