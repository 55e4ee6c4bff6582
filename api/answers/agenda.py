"""Dates and commitments: the timeline, targets and their sums."""

from __future__ import annotations

from api.answers.facts import GENERATION, GROUNDS, NAMED, PLANNED, PRECISIONS
from api.answers.links import KIND
from api.answers.schema import Schema, count, mapping, maybe, number, record, ref, rows, text, truth

_GROUNDS = rows(ref("Grounds"), "The claims behind it.")
_FIRST = maybe(text("The first day that counts; null without one.", "2023-01-01"))
_LAST = maybe(text("The last day that counts; null without one.", "2023-12-31"))
_BOUND = maybe(ref("Named", "About, almost, more than; null where it is exact."), shown=False)
_TRUNCATED = truth("Whether any were left out.")
_CONTRADICTS = truth("Whether its sources contradict each other here.")


def _amount(meaning: str) -> Schema:
    return maybe(number(meaning, 27000))


AGENDA: dict[str, Schema] = {
    "DateGrounded": record(
        "A date as precise as its source, with the claims behind it.",
        {
            "value": text("A day, a month, a year.", "2023-04-03"),
            "precision": text("How precise it is.", "day", among=PRECISIONS),
            "planned": PLANNED,
            "claims": _GROUNDS,
        },
    ),
    "ThingGrounded": record("A thing, with the claims that tie it.", {**NAMED, "claims": _GROUNDS}),
    "StatusGrounded": record(
        "A status, with the claim behind it.",
        {
            **NAMED,
            **GROUNDS,
        },
    ),
    "TimelineEntry": record(
        "A dated thing.",
        {
            **NAMED,
            "what": text("What is dated: when it takes place, or by when.", "period", among=("period", "deadline")),
            "class": text("Its class in the ontology.", "Event"),
            "kind": KIND,
            "earliest": text("The first day that it may mean.", "2023-04-03"),
            "latest": text("The last day that it may mean.", "2023-04-04"),
            "planned": PLANNED,
            "contradicts": _CONTRADICTS,
            "start": rows(ref("DateGrounded"), "Each beginning that is given."),
            "end": rows(ref("DateGrounded"), "Each end, or deadline."),
            "status": rows(ref("StatusGrounded"), "Held, announced, only mentioned."),
        },
    ),
    "Timeline": record(
        "Dated things in order of time.",
        {
            "from": _FIRST,
            "to": _LAST,
            "total": count("How many fit."),
            "truncated": _TRUNCATED,
            "left_out": record(
                "What is not here.",
                {"entries": count("Entries.", 0), "undated": count("Events that no source dates.", 0)},
            ),
            "entries": rows(ref("TimelineEntry"), "The entries."),
            "generation": GENERATION,
        },
    ),
    "TargetNumber": record(
        "A number of a target, as one article gives it.",
        {
            "value": number("The number.", 27000),
            "bound": _BOUND,
            "attributed_to": rows(ref("Named"), "Whose word it is."),
            **GROUNDS,
        },
    ),
    "Target": record(
        "A target or commitment, with all that is said of it.",
        {
            **NAMED,
            "class": text("Its class.", "Target", among=("Target", "Commitment")),
            "values": rows(ref("TargetNumber"), "Its numbers, each with its article."),
            "contradicts": _CONTRADICTS,
            "attributed": truth("Whether its number is somebody's word alone."),
            "planned": PLANNED,
            "units": rows(ref("ThingGrounded"), "What is counted."),
            "deadlines": rows(ref("DateGrounded"), "By when."),
            "start": rows(ref("DateGrounded"), "From when."),
            "responsible": rows(ref("ThingGrounded"), "Who is to do it."),
            "beneficiaries": rows(ref("ThingGrounded"), "For whom."),
            "supporters": rows(ref("ThingGrounded"), "Who helps."),
            "programmes": rows(ref("ThingGrounded"), "Under which programme."),
            "documents": rows(ref("ThingGrounded"), "Which document sets it."),
            "territories": rows(ref("ThingGrounded"), "Where it applies."),
            "topics": rows(ref("ThingGrounded"), "About what."),
        },
    ),
    "Sum": record(
        "What the numbers of one unit come to; what does not add is named.",
        {
            "unit": maybe(ref("Named", "What is counted; null where no single unit is said.")),
            "targets": count("How many targets.", 2),
            "stated": _amount("The numbers as written, added; null where nothing adds."),
            "bound": _BOUND,
            "exact": truth("Whether every number in it is exact."),
            "at_least": _amount("What the sum cannot be below."),
            "at_most": _amount("What it cannot be above; null if nothing bounds it."),
            "terms": mapping(count("How many numbers.", 2), "By bound, or exact.", "exact"),
            "attributed": count("How many of the numbers are somebody's word.", 0),
            "planned": count("How many are not reported as so.", 0),
            "added": rows(ref("Named"), "The targets whose numbers are added."),
            "not_added": rows(ref("NotAdded"), "What does not add, and why."),
        },
    ),
    "NotAdded": record(
        "A target whose number is not in the sum.",
        {**NAMED, "reason": text("Why.", "the sources give different numbers")},
    ),
    "Targets": record(
        "Commitments by deadline, and their sums by unit.",
        {
            "due_from": _FIRST,
            "due_by": _LAST,
            "total": count("How many fit."),
            "truncated": _TRUNCATED,
            "left_out": record("What is not here.", {"targets": count("Targets.", 0)}),
            "targets": rows(ref("Target"), "The targets."),
            "sums": rows(ref("Sum"), "Of all that fit."),
            "generation": GENERATION,
        },
    ),
}
