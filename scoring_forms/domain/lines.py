"""In which line of a TOML or JSON text each field stands, so that a message can name it.

The parsers of the standard library keep no positions. This scan reads texts that they have accepted;
it knows strings, brackets and comments, and leaves the meaning of values to them.
"""

from __future__ import annotations

import re
from bisect import bisect_right

FieldPath = tuple[str | int, ...]
"""Keys and zero-based places in lists, from the outside inwards: ``("features", 0, "maximum")``."""

_BLANK = re.compile(r"(?:\s|#[^\n]*)*")
_REST_OF_LINE = re.compile(r"[^\n]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^\s,\]}#]+")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}' + r"|'''.*?'{3,5}" + r'|"(?:\\.|[^"\\\n])*"' + r"|'[^'\n]*'",
    re.DOTALL,
)


def toml_lines(text: str) -> dict[FieldPath, int]:
    """Return the line, counted from 1, of every key, table and list entry of a TOML document."""
    scan = _Scan(text)
    scan.document()
    return scan.lines


def json_lines(text: str) -> dict[FieldPath, int]:
    """Return the line, counted from 1, of every key and list entry of a JSON document."""
    scan = _Scan(text)
    scan.value(())
    return scan.lines


def repeated_json_key(text: str) -> tuple[FieldPath, int] | None:
    """Return the first key that stands twice in one object, and the line where it does so again."""
    scan = _Scan(text)
    scan.value(())
    return scan.repeated


class _Scan:
    """Goes through a text once and notes where each path begins."""

    def __init__(self, text: str) -> None:
        self.lines: dict[FieldPath, int] = {}
        self.repeated: tuple[FieldPath, int] | None = None
        self._text, self._at = text, 0
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._last: dict[FieldPath, int] = {}

    def document(self) -> None:
        """Scan TOML: tables and the keys below them."""
        table: FieldPath = ()
        self._skip(_BLANK)
        while self._at < len(self._text):
            line = self._line()
            if self._text.startswith("[[", self._at):
                self._at += 2
                table = self._next_of_list(self._key())
                self.lines[table] = line
            elif self._text[self._at] == "[":
                self._at += 1
                table = self._resolved(self._key())
                self.lines[table] = line
            else:
                path = self._note(table, self._key())
                self._skip(_BLANK)
                self._at += 1  # the equals sign
                self.value(path)
            self._skip(_REST_OF_LINE)
            self._skip(_BLANK)

    def value(self, path: FieldPath) -> None:
        """Scan one value; TOML and JSON differ only in what stands between a key and its value."""
        self._skip(_BLANK)
        opening = self._text[self._at]
        if opening in "\"'":
            self._skip(_STRING)
        elif opening in "[{":
            self._at += 1
            place = 0
            self._skip(_BLANK)
            while self._text[self._at] not in "]}":
                entry = self._note(path, (place,) if opening == "[" else self._key())
                if opening == "{":
                    self._skip(_BLANK)
                    self._at += 1  # the equals sign or colon
                self.value(entry)
                self._skip(_BLANK)
                if self._text[self._at] == ",":
                    self._at += 1
                self._skip(_BLANK)
                place += 1
            self._at += 1
        else:
            self._skip(_SCALAR)

    def _key(self) -> FieldPath:
        """Scan a key, which in TOML may have dots."""
        parts: list[str] = []
        while True:
            self._skip(_BLANK)
            start = self._at
            if self._text[start] in "\"'":
                self._skip(_STRING)
                parts.append(self._text[start + 1 : self._at - 1])
            else:
                self._skip(_BARE_KEY)
                parts.append(self._text[start : self._at])
            self._skip(_BLANK)
            if self._text[self._at] != ".":
                return tuple(parts)
            self._at += 1

    def _note(self, path: FieldPath, more: FieldPath) -> FieldPath:
        line = self._line()
        if (*path, *more) in self.lines and self.repeated is None:
            self.repeated = ((*path, *more), line)
        for part in more:
            path = (*path, part)
            self.lines.setdefault(path, line)
        return path

    def _next_of_list(self, key: FieldPath) -> FieldPath:
        name = (*self._resolved(key[:-1]), key[-1])
        self.lines.setdefault(name, self._line())
        self._last[name] = self._last.get(name, -1) + 1
        return (*name, self._last[name])

    def _resolved(self, key: FieldPath) -> FieldPath:
        """Return the path of a table; one below ``[[features]]`` belongs to the last feature."""
        path: FieldPath = ()
        for part in key:
            path = (*path, part)
            if path in self._last:
                path = (*path, self._last[path])
        return path

    def _line(self) -> int:
        return bisect_right(self._starts, self._at)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self._text, self._at)
        if found:
            self._at = found.end()
