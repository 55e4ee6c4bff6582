"""Writes a timeline as iCalendar (RFC 5545): what is dated to the day or the moment, and how much is not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from graph.publish.generation import Generation


def icalendar_file(record: dict[str, Any], generation: Generation) -> bytes:
    """The calendar of a timeline's record; every event is stamped with the moment at which its generation was written.

    A year or a month is no day, and of contradicting dates none is chosen: such entries are left out, and the
    calendar's description counts them.
    """
    import icalendar  # it takes a while, and only this needs it

    published = datetime.fromtimestamp(int(generation.index.stat().st_mtime), UTC)
    events = [(entry, _span(entry)) for entry in record["entries"]]
    kept = [(entry, span) for entry, span in events if span is not None]
    left = record["total"] - len(kept)
    said = (
        f"{len(kept)} of {record['total']} dated entries; {left} left out, for they are dated only to a year or month,"
        f" contradict each other or exceed the limit; {record['left_out']['undated']} events have no date"
    )
    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//edugraph//generation {generation.id}//EN")
    calendar.add("version", "2.0")
    calendar.add("name", "edugraph timeline")
    calendar.add("description", said)
    calendar.add("x-wr-calname", "edugraph timeline")
    calendar.add("x-wr-caldesc", said)
    calendar.add("x-edugraph-left-out", str(left))
    for entry, (start, end) in kept:
        calendar.add_component(_event(entry, start, end, published))
    return bytes(calendar.to_ical())


def _span(entry: dict[str, Any]) -> tuple[date, date] | None:
    """Its first moment and the one after its last; None where they are not known to the day."""
    dates = entry["start"] + entry["end"]
    if entry["contradicts"] or not entry["start"] or any(said["precision"] not in ("day", "moment") for said in dates):
        return None
    start, end = (_moment(said[0]) if said else None for said in (entry["start"], entry["end"]))
    if start is None or (entry["end"] and end is None):
        return None
    if isinstance(start, datetime):
        until = end if isinstance(end, datetime) and (end.tzinfo is None) == (start.tzinfo is None) else start
        return start, until
    last = end.date() if isinstance(end, datetime) else end or start
    return start, last + timedelta(days=1)


def _moment(said: dict[str, Any]) -> date | None:
    try:
        if said["precision"] == "moment":
            return datetime.fromisoformat(said["value"])
        return date.fromisoformat(said["value"][:10])
    except ValueError:
        return None


def _event(entry: dict[str, Any], start: date, end: date, published: datetime) -> Any:
    import icalendar

    event = icalendar.Event()
    event.add("uid", f"{entry['iri']}#{entry['what']}")
    event.add("dtstamp", published)
    event.add("dtstart", start)
    if end != start:
        event.add("dtend", end)
    event.add("summary", entry["label"])
    event.add("url", entry["iri"])
    firm = not entry["planned"] and all(status["id"] in ("status:Held", "status:Ongoing") for status in entry["status"])
    event.add("status", "CONFIRMED" if firm else "TENTATIVE")
    event.add("transp", "TRANSPARENT")
    claims = [claim for said in (*entry["start"], *entry["end"]) for claim in said["claims"]]
    words = [entry["what"], *(status["label"] for status in entry["status"])]
    event.add("categories", list(dict.fromkeys([*words, *(claim["modality"]["label"] for claim in claims)])))
    spans = [span["selector"] or span["source"] for claim in claims for span in claim["evidence"]]
    event.add("description", "\n".join(dict.fromkeys(spans)))
    return event
