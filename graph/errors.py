"""Every error the core raises on purpose; none of them knows an HTTP status.

EdugraphError                what is wrong, where, and what to do, in one message
├── SettingsError            a setting or the folder layout is unusable
├── InputError               an input cannot be used at all (exit status 2)
│   ├── SourceSyntaxError    a source file is not the Turtle, CSV or TOML it should be: file, line, column
│   ├── TextError            an article's text is missing, differs from its hash, or is not UTF-8
│   ├── UnknownEntity        no entity has that name or IRI
│   │   └── UnknownGraph     the data set has no graph of that name
│   ├── GraphExists          the data set has a graph of that name already
│   ├── BrokenCursor         a cursor is none of ours, or of another question
│   └── StaleCursor          a cursor is of another generation
├── CheckFailed              the sources were read and have findings (exit status 1)
├── NothingBuilt             no generation has been published
├── BuildRunning             another build holds the lock
├── PublishFailed            the generation could not be written (read-only or full disk)
├── WriteTimeout             a write to a data set was stopped at its time limit
├── CheckStopped             the check of a posted file did not come to its end
│   ├── CheckTimeout         stopped at the wall-clock limit
│   ├── CheckTooLarge        stopped at the memory or size limit
│   ├── CheckTooDeep         the file is nested more deeply than the parser's stack
│   ├── CheckBusy            too many wait; retry later
│   └── CheckLost            the child process ended without a report
└── QueryError               a free SPARQL query was not answered
    ├── QuerySyntax          the text is not a SPARQL query (an update is none): line, column
    ├── QueryUnanswerable    well-formed, but calls a function that the engine does not know
    ├── QueryRefused         a feature that is closed here
    │   └── QueryTooDeep     nested more deeply than is read
    ├── NotAcceptable        no form that the client takes can hold the kind of answer
    ├── QueryTimeout         stopped at the wall-clock limit
    ├── QueryTooLarge        stopped at the memory, row or byte limit
    ├── QueryCancelled       stopped by its client or by an operator
    ├── ServiceFailed        an endpoint that the query calls did not answer as it should
    ├── PoolBusy             the queue is full; retry later
    └── WorkerLost           the child process ended without an answer
"""

from __future__ import annotations


class EdugraphError(Exception):
    """Root of the tree. ``str(error)`` is a sentence for the person who reads it."""

    exit_code = 2


class SettingsError(EdugraphError):
    """A setting or the folder layout is unusable."""


class InputError(EdugraphError):
    """An input cannot be used at all."""


class SourceSyntaxError(InputError):
    """A source file cannot be parsed; carries where."""

    def __init__(self, message: str, *, file: str, line: int | None = None, column: int | None = None) -> None:
        self.file, self.line, self.column, self.reason = file, line, column, message
        where = ":".join(str(part) for part in (file, line, column) if part is not None)
        super().__init__(f"{where}: {message}")


class TextError(InputError):
    """An article's text is missing, differs from the mapped one, or is not UTF-8."""


class UnknownEntity(InputError):
    """No entity has that name or IRI."""


class UnknownGraph(UnknownEntity):
    """The data set has no graph of that name."""


class GraphExists(InputError):
    """The data set has a graph of that name already."""


class BrokenCursor(InputError):
    """A cursor is none of ours, or was given with another question than its own."""


class StaleCursor(InputError):
    """A cursor is of another generation: the rows behind it may have changed."""


class CheckFailed(EdugraphError):
    """The sources were read and have findings; carries the report."""

    exit_code = 1

    def __init__(self, message: str, report: object) -> None:
        self.report = report
        super().__init__(message)


class NothingBuilt(EdugraphError):
    """No generation has been published."""


class BuildRunning(EdugraphError):
    """Another build holds the lock."""


class PublishFailed(EdugraphError):
    """The generation could not be written; the one before it is still in place."""


class WriteTimeout(EdugraphError):
    """A write to a data set was stopped at its time limit; nothing has changed."""


class CheckStopped(EdugraphError):
    """The check of a posted file did not come to its end."""


class CheckTimeout(CheckStopped):
    """Stopped at the wall-clock limit."""


class CheckTooLarge(CheckStopped):
    """Stopped at the memory or size limit, or nested too deeply."""


class CheckTooDeep(CheckStopped):
    """The file is nested more deeply than the parser's stack holds."""


class CheckBusy(CheckStopped):
    """Too many files wait; carries the seconds after which to try again."""

    def __init__(self, message: str, *, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class CheckLost(CheckStopped):
    """The child process ended without a report."""


class QueryError(EdugraphError):
    """A free SPARQL query was not answered."""


class QuerySyntax(QueryError):
    """The text is not a SPARQL query; carries the 1-based line and column where they are known."""

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        self.line, self.column = line, column
        super().__init__(message)


class QueryUnanswerable(QueryError):
    """The query is well-formed and no engine limit was met, but it calls a function that the engine does not know."""


class QueryRefused(QueryError):
    """The query asks for a feature that is closed here."""


class QueryTooDeep(QueryRefused):
    """The query is nested more deeply than is read, or than the engine's stack holds."""


class NotAcceptable(QueryError):
    """No form that the client takes can hold the kind of answer that the query has."""


class QueryTimeout(QueryError):
    """Stopped at the wall-clock limit."""


class QueryTooLarge(QueryError):
    """Stopped at the memory, row or byte limit."""


class QueryCancelled(QueryError):
    """Stopped by its client or by an operator."""


class ServiceFailed(QueryError):
    """An endpoint that the query calls by SERVICE did not answer as it should."""


class PoolBusy(QueryError):
    """The queue is full; carries the seconds after which to try again."""

    def __init__(self, message: str, *, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class WorkerLost(QueryError):
    """The child process ended without an answer."""
