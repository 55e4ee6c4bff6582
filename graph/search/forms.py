"""The forms in which one word of a name is compared: as it is spelt, as it sounds in Latin letters, and its stem.

Three forms, each wider than the one before:

* ``folded``: case and diacritics do not count;
* ``sound``: in Latin letters, with what romanisations write differently made the same, so that "Бейсембаев",
  "Beisembayev" and "Beisembaev" are one;
* ``stems``: the sounds without inflection, by the Russian stemmer for Cyrillic letters, by the Latvian and the
  English one for Latin letters.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import Stemmer
from anyascii import anyascii
from LatvianStemmer import stem as latvian_stem

from graph.index.fold import fold

_WORD = re.compile(r"[^\W_]+")
_QUOTES = re.compile(r"[\"'«»“”„‘’`ʼ]")
_POINTS = re.compile(r"(?<!\w)(?:[^\W\d_]\.){2,}[^\W\d_](?!\w)\.?")
"""An abbreviation of three letters or more with its points, as U.N.E.S.C.O.; fewer may be somebody's initials."""
_MARK = re.compile(r"[^\w\s\x00-\x7f№–—…·]")
"""What may be a mark that has no letter composed with it."""
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")

# What romanisations of one name write differently; in this order, on lower-case ASCII. "C" stands for ts and ch
# until "c" has become k, so that UNESCO meets ЮНЕСКО.
_SAME = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"shch|sch|sh", "s"),
        (r"ch(?=n)", "h"),  # technikum, tehnikums
        (r"tch|ch|ts|tz", "C"),
        (r"zh", "z"),
        (r"kh", "h"),
        (r"gh", "g"),
        (r"ph", "f"),
        (r"th", "t"),
        (r"ck|q", "k"),
        (r"x+", "ks"),
        (r"w", "v"),
        (r"c(?=[eiy])", "C"),
        (r"c", "k"),
        (r"C", "c"),
        (r"[jy]", "i"),
        (r"i+(?=[aeou])", ""),
    )
)
_DOUBLED = re.compile(r"([a-z])\1+")
SHORTEST = 3
"""Letters; a stem, or a word whose doubled letters are made one, says too little below that (ООН is not "on")."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word in its forms."""

    folded: str
    sound: str
    stems: tuple[str, ...]


def words(name: str) -> tuple[Word, ...]:
    """The words of a name in its order; what is neither letter nor digit parts them, quotation marks do not."""
    found = (_forms(token) for token in _tokens(name.casefold()))
    return tuple(word for word in found if word.folded)


def written(name: str) -> list[str]:
    """The words of a name as they are written, one for each of ``words``."""
    return [token for token in _tokens(name) if _forms(token.casefold()).folded]


def _tokens(name: str) -> list[str]:
    """The runs of letters and digits, without quotation marks and points, with letters and their marks composed."""
    text = _QUOTES.sub("", name)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        if _MARK.search(text):
            text = "".join(char for char in text if not unicodedata.combining(char))
    if "." in text:
        text = _POINTS.sub(lambda found: found[0].replace(".", "") + " ", text)
    return _WORD.findall(text)


@lru_cache(maxsize=16384)
def _forms(token: str) -> Word:
    folded = "".join(_WORD.findall(fold(token)))
    sound = _sound(folded)
    stems = {_sound(stem) for stem in _stems(token)} - {sound}
    return Word(folded, sound, tuple(sorted(stem for stem in stems if len(stem) >= SHORTEST)))


def _sound(folded: str) -> str:
    """The word in Latin letters as it sounds; itself where too little of it would be left to tell it by."""
    plain = _NOT_PLAIN.sub("", anyascii(folded).casefold())
    for pattern, replacement in _SAME:
        plain = pattern.sub(replacement, plain)
    single = _DOUBLED.sub(r"\1", plain)
    plain = single if len(single) >= SHORTEST else plain
    return plain if plain and 2 * len(plain) > (len(folded) if folded.isascii() else 0) else folded


def _stems(token: str) -> tuple[str, ...]:
    if token.isdigit():
        return ()
    if _CYRILLIC.search(token):
        return (_RUSSIAN.stemWord(token),)
    return latvian_stem(token), _ENGLISH.stemWord(token)


_RUSSIAN = Stemmer.Stemmer("russian")
_ENGLISH = Stemmer.Stemmer("english")
