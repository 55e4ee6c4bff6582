"""Names are found in any language and script; what is unknown or ambiguous is told, with what is near."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from graph.errors import UnknownEntity
from graph.namespaces import BASE
from graph.publish.generation import current
from graph.query.index import Index
from graph.query.names import resolve
from tests.command import edugraph, told


@pytest.fixture(scope="module")
def index(built: Path) -> Iterator[Index]:
    with closing(Index(current(built))) as opened:
        yield opened


@pytest.mark.parametrize(
    ("name", "organisation"),
    [
        ("UNESCO", "unesco"),
        ("unesco", "unesco"),
        ("ЮНЕСКО", "unesco"),
        ("юнеско", "unesco"),
        ("Izglītības un zinātnes ministrija", "lva-ministry-of-education-and-science"),
        ("izglitibas un zinatnes ministrija", "lva-ministry-of-education-and-science"),
        ("IZM", "lva-ministry-of-education-and-science"),
        ("МП РК", "kaz-ministry-of-education"),
        ("Минпросвещения", "kaz-ministry-of-education"),
        ("МИНИСТЕРСТВО ПРОСВЕЩЕНИЯ", "kaz-ministry-of-education"),
        ("LNK", "unesco-latvian-national-commission"),
        ("UNESCO Latvijas Nacionālā komisija", "unesco-latvian-national-commission"),
        ("  unesco   latvian National commission ", "unesco-latvian-national-commission"),
        ("Өрлеу", "orleu"),
        ("Алматыгенплан", "almatygenplan"),
        ('Научно-исследовательский институт "Алматыгенплан"', "almatygenplan"),
        ("ООН", "united-nations"),
        ("UN", "united-nations"),
        ("United Nations Children's Fund", "unicef"),
        ("United Nations Children’s Fund", "unicef"),
        ("org:unicef", "unicef"),
        ("unicef-kazakhstan", "unicef-kazakhstan"),
        (BASE + "organisation/unicef-kazakhstan", "unicef-kazakhstan"),
        (f"<{BASE}organisation/unicef-kazakhstan>", "unicef-kazakhstan"),
    ],
)
def test_an_organisation_by_any_name(index: Index, name: str, organisation: str) -> None:
    assert resolve(index, name) == BASE + "organisation/" + organisation


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("Казахстан", "country/KAZ"),
        ("Latvija", "country/LVA"),
        ("Алматы", "place/almaty"),
        ("Arthur van Diesen", "person/arthur-van-diesen"),
        ("2023-almaty-esd-seminar", None),
        ("event:2023-almaty-esd-seminar", "event/2023-almaty-esd-seminar"),
    ],
)
def test_other_things_too(index: Index, name: str, path: str | None) -> None:
    if path is None:  # the id of an event and of an article
        with pytest.raises(UnknownEntity, match="article:2023-almaty-esd-seminar, event:2023-almaty-esd-seminar"):
            resolve(index, name)
        assert resolve(index, name, "Article") == BASE + "article/" + name
    else:
        assert resolve(index, name) == BASE + path


def test_an_ambiguous_name_is_told_with_the_choices(built: Path) -> None:
    said = told(edugraph("links", "programme", build_dir=built))
    assert "several things" in said
    assert "edg:Programme" in said
    assert "kind:Programme" in said


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("UNESKO", "'UNESCO'"),
        ("Minisrty of Education of Kazakhstan", "'Ministry of Education of Kazakhstan'"),
        ("Valmieras pilseeta", "'Valmieras pilsēta'"),
        ("Акимат Алмати", "'Акимат Алматы'"),
    ],
)
def test_an_unknown_name_is_told_with_what_is_near(built: Path, name: str, near: str) -> None:
    said = told(edugraph("links", name, build_dir=built))
    assert repr(name) in said
    assert "did you mean" in said
    assert near in said


@pytest.mark.parametrize(
    "name", ["", "qqqqqqqqqqqqqqqq", "org:none", BASE + "organisation/none", "https://example.org/x"]
)
def test_what_nothing_is_near_is_told_too(built: Path, name: str) -> None:
    ended = edugraph("links", name, build_dir=built)
    assert "nothing is called" in told(ended)
    assert ended.stdout == b""
