"""/quality: coverage, checks, totals, decisions and doubts, as they stand in the sources."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.command import edugraph
from tests.homes import article, make_home
from tests.service import Service, serving

ROOT = Path(__file__).parent.parent


def quality(service: Service, **asked: Any) -> dict[str, Any]:
    """The JSON of an answer that must be given."""
    got = service.get("/quality", params=asked)
    assert got.status_code == 200, got.text
    return dict(got.json())


def test_every_sentence_of_the_five_articles_is_accounted_for(curated_service: Service) -> None:
    got = quality(curated_service)
    assert (got["coverage"]["articles"], got["coverage"]["open"], got["coverage"]["share"]) == (5, 0, 1.0)
    for row in got["articles"]:
        assert row["sentences"] == row["cited"] + sum(reason["total"] for reason in row["skipped"]) + row["open"]
    seminar = next(row for row in got["articles"] if row["id"] == "article:2023-almaty-esd-seminar")
    # Twelve lines stand in the ledger of the seminar's article; one of them is page furniture.
    assert (seminar["sentences"], seminar["cited"]) == (12, 11)
    assert [(reason["id"], reason["total"]) for reason in seminar["skipped"]] == [("skip:PageFurniture", 1)]


def test_the_decisions_are_those_of_the_file(curated_service: Service) -> None:
    with (ROOT / "data/identity.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    got = quality(curated_service, limit=1000)
    assert got["identity"]["judgements"] == dict(Counter(row["judgement"] for row in rows))
    listed = [*got["unsure"], *got["identity"]["decisions"]]
    assert sorted(row["reason"] for row in listed) == sorted(row["reason"] for row in rows)
    korea = next(row for row in got["identity"]["decisions"] if row["left"]["id"] == "country:KOR")
    assert (korea["judgement"], korea["right"]["label"]) == ("different", "North Korea")
    mention = next(row for row in got["identity"]["decisions"] if row["right"]["label"] == "РК")
    assert (mention["right"]["iri"], mention["right"]["article"]) == (None, "2023-almaty-esd-seminar")


def test_the_forum_has_two_numbers_of_guests(curated_service: Service) -> None:
    """The article says once that 800 came and once that more than 800 did; nothing else contradicts itself."""
    (found,) = quality(curated_service)["contradictions"]
    assert found["thing"]["label"] == "Attendance of the Forum of Directors in Almaty"
    hedges = [[said["id"] for said in claim["qualifiers"] if "id" in said] for claim in found["claims"]]
    assert [claim["object"]["value"] for claim in found["claims"]] == ["800", "800"]
    assert sorted(hedges) == [[], ["bound:MoreThan"]]
    assert all(claim["evidence"][0]["selector"] for claim in found["claims"])


def test_each_total_lies_within_its_bounds(curated_service: Service) -> None:
    expected = tomllib.loads((ROOT / "data/expect.toml").read_text("utf-8"))
    got = {row["name"]: row for row in quality(curated_service)["totals"]}
    assert got.keys() == expected.keys()
    assert all(row["least"] <= row["counted"] <= row["most"] for row in got.values())
    assert got["articles"]["counted"] == 5


def test_what_is_inferred_says_why(curated_service: Service) -> None:
    got = quality(curated_service, limit=1000)
    assert len(got["inferred"]) == got["claims"]["inferred"] > 0
    for claim in got["inferred"]:
        assert [said["value"] for said in claim["qualifiers"] if said["property"] == "edg:inferredBecause"]


def test_what_is_left_out_is_counted(curated_service: Service) -> None:
    few, all_rows = quality(curated_service, limit=2), quality(curated_service, limit=1000)
    assert few["truncated"]
    assert not all_rows["truncated"]
    assert len(few["inferred"]) + few["left_out"]["inferred"] == len(all_rows["inferred"])
    assert few["left_out"]["articles"] == 3
    assert few["coverage"] == all_rows["coverage"]


@pytest.mark.parametrize("asked", ["limit=0", "limit=1001", "limit=many", "sort=name"])
def test_other_parameters_are_refused(curated_service: Service, asked: str) -> None:
    assert curated_service.get(f"/quality?{asked}").status_code == 400


def test_labels_come_in_the_language_asked_for(curated_service: Service) -> None:
    (found,) = quality(curated_service, lang="ru")["contradictions"]
    assert found["thing"]["lang"] == "ru"


def test_two_dates_of_one_event_show_and_the_same_sources_give_the_same_bytes(tmp_path: Path) -> None:
    """A made-up article of two sentences, which gives its event two first days."""
    home = make_home(tmp_path / "home", ("first",))
    day_of = (
        "event:first edg:startDate '{}'^^<http://www.w3.org/2001/XMLSchema#date> {{| edg:evidence <#char={}> |}} .\n"
    )
    said = "".join(day_of.format(day, span) for day, span in (("2023-01-01", "0,40"), ("2023-02-01", "100,140")))
    (home / "data" / "articles" / "first.ttl").write_text(article("first") + said, "utf-8")
    kept = []
    for folder in ("one", "two"):
        built = edugraph("build", home=home, build_dir=tmp_path / folder)
        assert built.returncode == 0, built.stderr.decode() + built.stdout.decode()
        kept.append((tmp_path / folder / "current" / "quality.json").read_bytes())
    assert kept[0] == kept[1]
    with serving(build_dir=tmp_path / "one", home=home) as service:
        got = quality(service)
    (found,) = got["contradictions"]
    assert [claim["object"]["value"] for claim in found["claims"]] == ["2023-01-01", "2023-02-01"]
    assert (got["coverage"]["sentences"], got["coverage"]["cited"]) == (2, 2)
    assert got["identity"]["judgements"] == {"different": 1}
