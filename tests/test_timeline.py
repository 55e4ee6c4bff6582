"""/timeline and ``edugraph timeline``: what happened in 2022 and 2023, read by hand; and calendars that open."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import icalendar
import pytest

from tests.command import edugraph, told
from tests.homes import article, make_home
from tests.service import Service

# The articles, by hand: what they date to 2022 and 2023, in order of time, and with which precision. The summit and the
# schools are planned; of the projects of 2023 only the minister speaks.
OF_2022_AND_2023 = [
    ("event:2022-kaz-national-consultations", "2022-06-14", "day", False),
    ("event:2022-transforming-education-summit", "2022-09", "month", True),
    ("event:2023-kaz-education-inspections", "2023", "year", False),
    ("programme:kaz-education-projects-2023", None, None, True),
    ("target:almaty-comfortable-school-schools", "2023", "year", True),
    ("event:2023-almaty-esd-seminar", "2023-04-03", "day", False),
    ("event:2023-kaz-extended-meeting", "2023-04-06", "day", False),
]


def timeline(service: Service, **asked: Any) -> dict[str, Any]:
    """The JSON of a timeline that must be given."""
    got = service.get("/timeline", params=asked)
    assert got.status_code == 200, got.text
    return dict(got.json())


def told_of(record: dict[str, Any]) -> list[str]:
    """The ids of its entries."""
    return [entry["id"] for entry in record["entries"]]


def test_the_timeline_of_2022_and_2023(curated_service: Service) -> None:
    got = timeline(curated_service, **{"from": "2022", "to": "2023"})
    starts = [entry["start"][0] if entry["start"] else {"value": None, "precision": None} for entry in got["entries"]]
    found = [
        (entry["id"], start["value"], start["precision"], entry["planned"])
        for entry, start in zip(got["entries"], starts, strict=True)
    ]
    assert found == OF_2022_AND_2023
    assert (got["from"], got["to"], got["total"], got["truncated"]) == ("2022-01-01", "2023-12-31", 7, False)
    seminar = got["entries"][5]
    assert [said["value"] for said in seminar["end"]] == ["2023-04-04"]
    assert [said["id"] for said in seminar["status"]] == ["status:Held"]
    assert seminar["start"][0]["claims"][0]["evidence"][0]["selector"].endswith("2023-almaty-esd-seminar#char=197,288")
    assert not seminar["contradicts"]


def test_deadlines_stand_beside_events(curated_service: Service) -> None:
    due = [entry for entry in timeline(curated_service, **{"from": "2025"})["entries"] if entry["what"] == "deadline"]
    assert [(entry["id"], entry["start"][0]["value"], entry["start"][0]["precision"]) for entry in due] == [
        ("target:almaty-new-colleges", "2025", "year"),
        ("target:almaty-school-place-shortage-reduction", "2025", "year"),
        ("target:almaty-kindergarten-places", "2029", "year"),
        ("commitment:2022-kaz-transform-education-by-2030", "2030", "year"),
    ]
    assert all(entry["planned"] for entry in due)


def test_filters_narrow_the_timeline(curated_service: Service) -> None:
    period = {"from": "2022", "to": "2023"}
    reported = [thing for thing, _, _, planned in OF_2022_AND_2023 if not planned]
    assert told_of(timeline(curated_service, **period, planned="false")) == reported
    assert told_of(timeline(curated_service, **period, modality="Attributed")) == [
        "programme:kaz-education-projects-2023"
    ]
    assert told_of(timeline(curated_service, **period, actor="kaz-federation-of-unesco-clubs")) == [
        "event:2023-almaty-esd-seminar"
    ]
    assert told_of(timeline(curated_service, **period, country="KAZ", **{"class": "Event"})) == [
        "event:2022-kaz-national-consultations",
        "event:2023-almaty-esd-seminar",
    ]
    assert "doc:almaty-education-roadmap-2023-2029" in told_of(timeline(curated_service, **{"class": "Document"}))
    of_the_forum = timeline(curated_service, article="2024-elkz-directors-forum")
    assert told_of(of_the_forum) == ["event:2023-kaz-education-inspections", "programme:kaz-education-projects-2023"]
    # Of the forum itself, and of the forums to come in other regions, the article gives no date.
    assert of_the_forum["left_out"]["undated"] == 2
    few = timeline(curated_service, **period, limit=2)
    assert told_of(few) == [thing for thing, *_ in OF_2022_AND_2023[:2]]
    assert (few["truncated"], few["left_out"]["entries"]) == (True, 5)


def test_the_calendar_opens_and_counts_what_is_no_day(curated_service: Service) -> None:
    asked = {"from": "2018", "to": "2023"}
    got = curated_service.get("/timeline", params=asked, headers={"Accept": "text/calendar", "Accept-Language": "lv"})
    assert got.headers["content-type"] == "text/calendar; charset=utf-8"
    assert ".ics" in got.headers["content-disposition"]
    calendar = icalendar.Calendar.from_ical(got.content)
    events = {str(event["uid"]): event for event in calendar.walk("VEVENT")}
    base = "https://w3id.org/edugraph/event/"
    assert set(events) == {
        f"{base}2018-valmiera-vet-innovation-discussion#period",
        f"{base}2022-kaz-national-consultations#period",
        f"{base}2023-almaty-esd-seminar#period",
        f"{base}2023-kaz-extended-meeting#period",
    }
    seminar: Any = events[f"{base}2023-almaty-esd-seminar#period"]
    # Days without a time, and the day after the last one, as RFC 5545 counts.
    assert (seminar["dtstart"].dt, seminar["dtend"].dt) == (date(2023, 4, 3), date(2023, 4, 5))
    assert seminar["status"] == "CONFIRMED"
    discussion: Any = events[f"{base}2018-valmiera-vet-innovation-discussion#period"]
    # The text gives the hours and no time zone.
    assert (discussion["dtstart"].dt, discussion["dtend"].dt) == (datetime(2018, 5, 15, 13), datetime(2018, 5, 15, 15))
    assert discussion["status"] == "TENTATIVE"
    # Years and months: the meeting of 2020, the summit, the inspections, the projects and the schools.
    assert calendar["x-edugraph-left-out"] == "5"
    assert "4 of 9 dated entries; 5 left out" in str(calendar["description"])
    again = curated_service.get("/timeline", params={**asked, "format": "icalendar", "lang": "lv"})
    assert again.content == got.content


CONTRADICTION = """
event:first edg:startDate "2023-05-01"^^<http://www.w3.org/2001/XMLSchema#date> {| edg:evidence <#char=0,40> |} ;
    edg:startDate "2023-05-02"^^<http://www.w3.org/2001/XMLSchema#date> {| edg:evidence <#char=100,140> |} ;
    edg:endDate "2023-05-03"^^<http://www.w3.org/2001/XMLSchema#date> {| edg:evidence <#char=100,140> |} .
"""


def test_contradicting_dates_stay_side_by_side(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", ("first",))
    (home / "data" / "articles" / "first.ttl").write_text(article("first") + CONTRADICTION, "utf-8")
    built = edugraph("build", home=home, build_dir=tmp_path / "build")
    assert built.returncode == 0, built.stderr.decode() + built.stdout.decode()
    shown = json.loads(edugraph("timeline", "--format", "json", home=home, build_dir=tmp_path / "build").stdout)
    (entry,) = shown["entries"]
    assert entry["contradicts"]
    assert [said["value"] for said in entry["start"]] == ["2023-05-01", "2023-05-02"]
    ended = edugraph("timeline", "--format", "icalendar", home=home, build_dir=tmp_path / "build")
    calendar = icalendar.Calendar.from_ical(ended.stdout)
    assert not calendar.walk("VEVENT")
    assert calendar["x-edugraph-left-out"] == "1"


def test_every_date_of_the_graph_is_on_the_timeline(curated_service: Service) -> None:
    query = (Path(__file__).parent.parent / "graph" / "queries" / "dated.rq").read_text("utf-8")
    rows = curated_service.get(
        "/sparql", params={"query": query}, headers={"Accept": "application/sparql-results+json"}
    ).json()["results"]["bindings"]
    shown = timeline(curated_service, **{"class": "Event,Programme,Commitment,Target,Document"}, limit=5000)
    claims = {
        (entry["iri"], claim["claim"])
        for entry in shown["entries"]
        for said in (*entry["start"], *entry["end"])
        for claim in said["claims"]
    }
    assert claims == {(row["thing"]["value"], row["claim"]["value"]) for row in rows}


@pytest.mark.parametrize(
    ("asked", "status", "word"),
    [
        ({"from": "yesterday"}, 400, "from"),
        ({"from": "2023-13"}, 400, "2023-13"),
        ({"from": "2024", "to": "2023"}, 400, "2024"),
        ({"limit": "0"}, 400, "limit"),
        ({"limit": "5001"}, 400, "limit"),
        ({"since": "2023"}, 400, "since"),
        ({"class": "Meeting"}, 404, "Event"),
        ({"actor": "nobody at all"}, 404, "nobody at all"),
        ({"format": "xls"}, 400, "format"),
    ],
)
def test_abuse_is_told_what_is_wrong(curated_service: Service, asked: dict[str, str], status: int, word: str) -> None:
    got = curated_service.get("/timeline", params=asked)
    assert got.status_code == status, got.text
    assert word in got.json()["detail"]


def test_command_and_service_give_the_same(built: Path, curated_service: Service) -> None:
    ended = edugraph("timeline", "--from", "2022", "--until", "2023", "--format", "json", build_dir=built)
    served = timeline(curated_service, **{"from": "2022", "to": "2023", "lang": "en"})
    del served["generation"]
    assert json.loads(ended.stdout) == served
    drawn = edugraph("timeline", "--format", "icalendar", build_dir=built).stdout
    assert drawn == curated_service.get("/timeline", params={"format": "icalendar", "lang": "en"}).content
    shown = edugraph("timeline", "--from", "2023-04", "--until", "2023-04", build_dir=built).stdout.decode()
    assert "2023-04-03" in shown
    assert "2022-06-14" not in shown
    assert "2023-02-30" in told(edugraph("timeline", "--from", "2023-02-30", build_dir=built))
