"""``edugraph draft`` and ``edugraph locate`` on made-up texts: spans that fit, and none of the words."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, parse

from graph.commands.curate import sentences
from graph.namespaces import BASE, EDG, SCHEMA
from tests.command import edugraph, told

SPAN = re.compile(r"#char=(\d+),(\d+)")
TEXT = "Harbour news\n\nThe harbour school opened. It has 12 rooms!\n  Бакский институт помог 𝒳.\nVai tā ir? Jā.\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "harbour.txt"
    path.write_text(TEXT, "utf-8")
    return path


def spans(text: str) -> list[tuple[int, int]]:
    return [(int(start), int(end)) for start, end in SPAN.findall(text)]


def test_a_draft_is_turtle_with_every_sentence_and_no_word(file: Path) -> None:
    ended = edugraph("draft", str(file), "2031-harbour", "--lang", "en")
    assert (ended.returncode, ended.stderr) == (0, b"")
    quads = list(parse(ended.stdout, format=RdfFormat.TURTLE))
    said = {quad.predicate.value: quad.object for quad in quads}
    assert {quad.subject for quad in quads} == {NamedNode(BASE + "article/2031-harbour")}
    assert getattr(said[SCHEMA + "sha256"], "value", "") == sha256(TEXT.encode()).hexdigest()
    assert getattr(said[EDG + "textLength"], "value", "") == str(len(TEXT))
    found = [TEXT[start:end] for start, end in spans(ended.stdout.decode())]
    assert found == [
        "Harbour news",
        "The harbour school opened.",
        "It has 12 rooms!",
        "Бакский институт помог 𝒳.",
        "Vai tā ir?",
        "Jā.",
    ]
    assert "rooms" not in ended.stdout.decode()


@settings(max_examples=80, deadline=None)
@given(
    text=st.text(alphabet=st.sampled_from("aБā. !?\n\r\t\u2028\x85𝒳«»"), max_size=80),
    lang=st.sampled_from(["en", "ru", "lv"]),
)
def test_sentences_hold_every_visible_character_once(text: str, lang: str) -> None:
    found = list(sentences(text, lang))
    assert found == sorted(found)
    covered = [at for start, end in found for at in range(start, end)]
    assert len(covered) == len(set(covered))
    assert {at for at, char in enumerate(text) if not char.isspace()} <= set(covered)
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in found)


def test_locate_prints_each_place(file: Path) -> None:
    ended = edugraph("locate", str(file), "институт помог 𝒳")
    ((start, end),) = spans(ended.stdout.decode())
    assert TEXT[start:end] == "институт помог 𝒳"
    places = spans(edugraph("locate", str(file), "arbour").stdout.decode())
    assert [TEXT[start:end] for start, end in places] == ["arbour", "arbour"]


@pytest.mark.parametrize("words", ["no such words", "Harbour School", ""])
def test_words_that_do_not_stand_there_are_told(file: Path, words: str) -> None:
    assert "these words do not stand in" in told(edugraph("locate", str(file), words))


def test_a_text_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_bytes("Школа".encode("cp1251"))
    for command in (["draft", str(bad), "2031-bad"], ["locate", str(bad), "x"]):
        assert "is not UTF-8 at byte 0" in told(edugraph(*command))
    assert "cannot be read" in told(edugraph("draft", str(tmp_path / "none.txt"), "2031-none"))


@pytest.mark.parametrize("identifier", ["two words", "a/b", "a>b", "", 'a"b', "статья"])
def test_an_id_that_makes_no_iri_is_told(file: Path, identifier: str) -> None:
    assert "is not an id" in told(edugraph("draft", str(file), identifier))


def test_a_name_with_quotation_marks_is_still_turtle(tmp_path: Path) -> None:
    path = tmp_path / 'the "harbour" \\ text.txt'
    path.write_text(TEXT, "utf-8")
    ended = edugraph("draft", str(path), "2031-harbour")
    said = {quad.predicate.value: quad.object for quad in parse(ended.stdout, format=RdfFormat.TURTLE)}
    assert getattr(said["http://purl.org/dc/terms/identifier"], "value", "") == path.stem


def test_a_language_that_is_no_tag_is_told(file: Path) -> None:
    assert "is not a language tag" in told(edugraph("draft", str(file), "2031-harbour", "--lang", 'en" .'))


def test_a_text_without_a_sentence_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text(" \n\n")
    assert "holds no sentence" in told(edugraph("draft", str(tmp_path / "empty.txt"), "2031-empty"))
