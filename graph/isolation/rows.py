"""Counts the rows of a result as its bytes go by, without parsing it."""

from __future__ import annotations

import re

# A quote before a letter opens a string, and in SPARQL JSON one that follows "},{" or ":[{" opens a row's first name.
# Two patterns, for one with an alternative takes eight times as long.
_FIRST_ROW, _NEXT_ROW = re.compile(rb':\[\{"[\w\x80-\xff]'), re.compile(rb'\},\{"[\w\x80-\xff]')
_OVERLAP = 4  # one less than the length of a match
_EMPTY_ROW = re.compile(rb"\{\}")  # found in half of the time that "in" takes


class RowCounter:
    """Counts exactly in each of the four result formats, as pyoxigraph writes them; other formats count 0 rows."""

    def __init__(self, media_type: str) -> None:
        self.rows = 0
        self._feed = {
            "application/sparql-results+json": self._json,
            "application/sparql-results+xml": self._xml,
            "text/csv": self._csv,
            "text/tab-separated-values": self._tsv,
        }.get(media_type, self._none)
        self._tail = self._joint = b""
        self._quoted = self._open = self._first_seen = False
        self._unread = b""  # a piece whose quotes matter only if another one follows
        self._header = True

    def feed(self, piece: bytes | bytearray) -> None:
        """Take the next bytes."""
        self._feed(piece)

    def _none(self, piece: bytes | bytearray) -> None:
        pass

    def _xml(self, piece: bytes | bytearray) -> None:
        # "<" is escaped in text, so the start tag occurs only as one.
        text = self._tail + piece
        self.rows += text.count(b"<result>")
        self._tail = text[-(len(b"<result>") - 1) :]

    def _tsv(self, piece: bytes | bytearray) -> None:
        # Line breaks in values are escaped; the first line is the header.
        self._lines(piece.count(b"\n"))

    def _csv(self, piece: bytes | bytearray) -> None:
        self._lines(self._unquoted(piece).count(b"\n"))

    def _lines(self, ends: int) -> None:
        if ends and self._header:
            self._header = False
            ends -= 1
        self.rows += ends

    def _json(self, piece: bytes | bytearray) -> None:
        text = self._tail + piece
        # A backslash at the end may belong to an escape that goes on in the next piece.
        cut = len(text) - (len(text) - len(text.rstrip(b"\\"))) % 2
        text, self._tail = text[:cut], text[cut:]
        if b"\\" in text:
            text = text.replace(b"\\\\", b"").replace(b'\\"', b"")
        near = self._joint + text
        if not self._first_seen:  # it stands once, and looking for it takes as long as for all others
            self._first_seen = _FIRST_ROW.search(near) is not None
            self.rows += self._first_seen
        self.rows += len(_NEXT_ROW.findall(near)) + self._empty_rows(text)
        self._joint = near[-_OVERLAP:]

    def _empty_rows(self, text: bytes) -> int:
        """How often ``{}`` stands outside strings: a row without a value."""
        self._read_quotes()
        brace = b"{" if self._open else b""
        if _EMPTY_ROW.search(text) or (brace and text.startswith(b"}")):
            found = (brace + self._unquoted(text)).count(b"{}")
        else:
            found, self._unread = 0, text
        if text:
            self._open = text.endswith(b"{")
            if self._open:
                self._read_quotes()
                self._open = not self._quoted
        return found

    def _read_quotes(self) -> None:
        self._quoted, self._unread = self._quoted != bool(self._unread.count(b'"') % 2), b""

    def _unquoted(self, piece: bytes | bytearray) -> bytes:
        parts = piece.split(b'"')
        kept = b"".join(parts[1::2] if self._quoted else parts[::2])
        if len(parts) % 2 == 0:
            self._quoted = not self._quoted
        return kept
