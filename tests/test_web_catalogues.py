"""The interface is complete in four languages: every word translated, in every plural form, with its placeholders."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest
from babel.messages.catalog import Message

from api.web.interface import words
from tests.catalogues import ROOMS, TRANSLATED, known, said

PAIRS = [(language, room) for language in TRANSLATED for room in ROOMS]


def ids(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, (tuple, list)) else (message.id,)


def strings(message: Message) -> tuple[str, ...]:
    found = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return tuple(text or "" for text in found)


@pytest.mark.parametrize(("language", "room"), PAIRS)
def test_a_catalogue_holds_just_the_words_of_its_templates(language: str, room: str) -> None:
    there = {ids(message) for message in known(language, room) if message.id}
    wanted = {ids(message) for message in said(room) if message.id}
    assert there == wanted, "run 'make messages' and translate what is new"


@pytest.mark.parametrize(("language", "room"), PAIRS)
def test_every_word_is_translated_in_every_plural_form(language: str, room: str) -> None:
    catalog = known(language, room)
    for message in catalog:
        if not message.id:
            continue
        assert all(strings(message)), f"{language}/{room}: {message.id!r} is not translated"
        assert not message.fuzzy, message.id
        if message.pluralizable:
            assert len(strings(message)) == catalog.num_plurals, message.id


@pytest.mark.parametrize(("language", "room"), PAIRS)
def test_a_translation_keeps_the_placeholders(language: str, room: str) -> None:
    for message in known(language, room):
        wanted = set(re.findall(r"%\(\w+\)s", " ".join(ids(message))))
        for string in strings(message):
            assert set(re.findall(r"%\(\w+\)s", string)) == wanted, message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_one_word_is_translated_in_one_way(language: str) -> None:
    ways: defaultdict[tuple[str, ...], set[tuple[str, ...]]] = defaultdict(set)
    for room in ROOMS:
        for message in known(language, room):
            if message.id:
                ways[ids(message)].add(strings(message))
    assert not {word: found for word, found in ways.items() if len(found) > 1}


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("ru", {1: "запись", 2: "записи", 5: "записей", 21: "запись", 680: "записей"}),
        ("lv", {1: "ieraksts", 2: "ieraksti", 0: "ierakstu", 21: "ieraksts", 680: "ieraksti"}),
        ("kk", {1: "жазба", 680: "жазба"}),
        ("en", {1: "entry", 680: "entries"}),
    ],
)
def test_a_number_takes_the_plural_form_of_its_language(language: str, forms: dict[int, str]) -> None:
    said = {number: words(language).ngettext("%(shown)s entry", "%(shown)s entries", number) for number in forms}
    assert said == {number: f"%(shown)s {form}" for number, form in forms.items()}
