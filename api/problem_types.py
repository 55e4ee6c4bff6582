"""Every type of problem that the service answers with: its IRI, status and title, what it means and what to do.

The IRI is dereferenced at /problem/{name}.
"""

from __future__ import annotations

from dataclasses import dataclass

from graph.namespaces import BASE

TYPES: dict[str, ProblemType] = {}
"""Each type by its name, the last part of its IRI."""


@dataclass(frozen=True)
class ProblemType:
    """One type of problem (RFC 9457): what is the same each time that it comes up."""

    name: str
    status: int
    title: str
    meaning: str
    remedy: str

    def __post_init__(self) -> None:
        if self.name in TYPES:
            raise ValueError(f"two types of problem are called {self.name}")
        TYPES[self.name] = self

    @property
    def iri(self) -> str:
        """What a problem document carries as its ``type``."""
        return f"{BASE}problem/{self.name}"


# A table: three lines for each type.
# fmt: off

# What a request got wrong.

INVALID_REQUEST = ProblemType(
    "invalid-request", 400, "The request is not valid",
    "A parameter is unknown, missing, given twice, or has a value that it cannot have; 'errors' names each.",
    "Correct the parameters; /docs describes every one of them.",
)
INPUT = ProblemType(
    "input", 400, "The input cannot be used",
    "What was sent cannot be taken as it is, for the reason that the detail gives.",
    "Change what the detail names.",
)
RDF_SYNTAX = ProblemType(
    "rdf-syntax", 400, "The RDF cannot be parsed",
    "The body is not what its media type says; 'line' and 'column' tell where reading failed.",
    "Mend the file there, or send it with the media type that it has.",
)
TEXT = ProblemType(
    "text", 422, "The text does not fit its article",
    "The text differs from the one that was mapped: its length, its hash or its encoding.",
    "Take the text that the article's description names.",
)
CHECK_FAILED = ProblemType(
    "check-failed", 422, "The data has findings",
    "The data was read, and its checks found what must not be.",
    "Run 'edugraph check', and mend what it reports.",
)
CURSOR = ProblemType(
    "cursor", 400, "The cursor does not fit",
    "A cursor was changed on its way, or is given with another question than its own.",
    "Take the address in 'next' as it stands, or begin again without a cursor.",
)
STALE_CURSOR = ProblemType(
    "stale-cursor", 410, "The cursor is of another generation",
    "The data was published anew since the page that gave the cursor; rows could be missed or come twice.",
    "Begin again without a cursor.",
)
FORMAT = ProblemType(
    "format", 400, "The format cannot be chosen",
    "The parameter 'format' is unknown here, or asks for two formats at once.",
    "Give one of the formats that the detail names.",
)
NOT_ACCEPTABLE = ProblemType(
    "not-acceptable", 406, "No form that is accepted can be given",
    "None of the media types that Accept or 'format' allow is one that this answer comes in.",
    "Accept one of those that the detail names.",
)
MEDIA_TYPE = ProblemType(
    "media-type", 415, "The body's media type is not read here",
    "The body has no Content-Type, or one that this address does not read.",
    "Send one of the media types that the detail names, in UTF-8.",
)
ENCODING = ProblemType(
    "encoding", 415, "The content encoding is not known",
    "The body is compressed in a way that is not read here.",
    "Send it as gzip, as deflate, or plain.",
)
COMPRESSED_BODY = ProblemType(
    "compressed-body", 400, "The compressed body is broken",
    "The body is not what its Content-Encoding says, ends too soon, or goes on behind its end.",
    "Compress it again, or send it plain.",
)
BODY_TOO_LARGE = ProblemType(
    "body-too-large", 413, "The request body is too large",
    "The body, as sent or unpacked, has more bytes than this address reads.",
    "Send it in smaller parts.",
)
BODY_TIMEOUT = ProblemType(
    "body-timeout", 408, "The request body came too slowly",
    "The body did not arrive in the time given for its length.",
    "Send it again over a better connection, or in smaller parts.",
)
URL_TOO_LONG = ProblemType(
    "url-too-long", 414, "The URL is too long",
    "Path and query string have more bytes than are read.",
    "Send a long query in the body of a POST.",
)
BAD_URL = ProblemType(
    "bad-url", 400, "The URL is malformed",
    "Path or query string, decoded, holds a NUL character or is not UTF-8.",
    "Encode the URL in UTF-8 with percent signs.",
)
HEAD_TOO_LARGE = ProblemType(
    "head-too-large", 431, "The header fields are too many or too large",
    "The request has more header fields, or more bytes in them, than are read.",
    "Send fewer; large cookies are the usual reason.",
)
BAD_HOST = ProblemType(
    "bad-host", 400, "One Host field is needed",
    "The request has no Host field, several, or one that names no host.",
    "Send exactly one, as host or host:port.",
)
HTTP_VERSION = ProblemType(
    "http-version", 505, "This version of HTTP is not spoken here",
    "The request says that it is of a version of HTTP other than 1.0 and 1.1.",
    "Send HTTP/1.1.",
)
TRANSFER_CODING = ProblemType(
    "transfer-coding", 501, "The transfer coding is not known",
    "Transfer-Encoding names something other than chunked.",
    "Send the body plain or in chunks.",
)
BATCH_TOO_LARGE = ProblemType(
    "batch-too-large", 413, "The batch is too large",
    "A reconciliation request holds more queries than are answered at once.",
    "Send it in batches of the size that the manifest names.",
)
RECONCILIATION_REQUEST = ProblemType(
    "reconciliation-request", 400, "This is no reconciliation request",
    "The body is not of the form that the Reconciliation Service API 0.2 asks for; 'errors' says where.",
    "Compare it with the API's schema at https://reconciliation-api.github.io/specs/0.2/.",
)

# What is not there, or no longer.

UNKNOWN_ENTITY = ProblemType(
    "unknown-entity", 404, "No entity has that name or IRI",
    "Nothing in the graph has that IRI, id or name, or what has it is of another kind.",
    "Look it up with /search, which finds names in any spelling.",
)
GONE = ProblemType(
    "gone", 410, "The IRI is deprecated",
    "The thing is described no longer, and no one other thing took its place.",
    "Go on with one of 'successors', if there are any.",
)
NO_GRAPH = ProblemType(
    "no-graph", 404, "No such graph",
    "The data set has no graph of that IRI.",
    "List the graphs with SELECT DISTINCT ?g { GRAPH ?g { } } at /sparql.",
)
NO_OPERATION = ProblemType(
    "no-operation", 404, "No such query is under way",
    "No running query has that id.",
    "It has most likely ended; /operations lists those that run.",
)
RANGE = ProblemType(
    "range", 416, "The file ends before the range",
    "The Range field asks for bytes behind the end of the file.",
    "Content-Range tells the file's size.",
)

# What is closed.

CLOSED = ProblemType(
    "closed", 403, "This is closed here",
    "The address is open only where the service runs with a token, and it runs without one.",
    "Whoever runs the service opens it with EDUGRAPH_WRITE_TOKEN.",
)
TOKEN_MISSING = ProblemType(
    "token-missing", 401, "A token is needed",
    "The address is open to whoever sends the service's token, and none was sent.",
    "Send it as 'Authorization: Bearer ...'.",
)
TOKEN_WRONG = ProblemType(
    "token-wrong", 403, "The token is not the right one",
    "A token was sent that is not the service's.",
    "Ask whoever runs the service for the right one.",
)
CURATED = ProblemType(
    "curated", 403, "The graph is curated, not written to",
    "Facts enter this graph through data/articles, with their evidence, and are checked before they are published.",
    "CONTRIBUTING shows how to add an article.",
)
GRAPH_TARGET = ProblemType(
    "graph-target", 400, "The URL names no graph",
    "The Graph Store Protocol wants exactly one graph named: ?default, or ?graph= with an absolute IRI.",
    "Name exactly one.",
)
CHANGED = ProblemType(
    "changed", 412, "The graph is not in the state that the change was meant for",
    "If-Match names a state of the data that is the current one no longer, or a graph that is not there; or "
    "If-None-Match names the state that it is in.",
    "Read it again, and repeat the change on what is there now.",
)

# SPARQL.

SPARQL_REQUEST = ProblemType(
    "sparql-request", 400, "The request is not a SPARQL query request",
    "The request does not follow the SPARQL 1.1 Protocol: it holds no query, or several, or names a graph by what is "
    "no absolute IRI.",
    "Send one query, as the parameter 'query' or as the body.",
)
QUERY_SYNTAX = ProblemType(
    "query-syntax", 400, "The query cannot be parsed",
    "The text is no SPARQL query; 'line' and 'column' tell where reading failed. An update is no query.",
    "Mend the query there.",
)
QUERY_UNANSWERABLE = ProblemType(
    "query-unanswerable", 400, "The query cannot be evaluated",
    "The query is well-formed, but calls a function that is not known here, or gives it too many or too few values.",
    "Use the functions of SPARQL 1.1 and its casts; the detail names the one that is meant.",
)
QUERY_TOO_LONG = ProblemType(
    "query-too-long", 413, "The query is too long",
    "The query has more bytes than are read.",
    "Shorten it, or ask in parts.",
)
QUERY_REFUSED = ProblemType(
    "query-refused", 403, "The query asks for what is closed here",
    "The query uses a feature that is closed: an update, or SERVICE to an endpoint that is not listed.",
    "Ask without it; the detail says what it is.",
)
QUERY_TOO_DEEP = ProblemType(
    "query-too-deep", 403, "The query is nested too deeply",
    "Brackets stand in each other more deeply than is read, or paths, sums or unions have too many parts.",
    "Nest less, or ask in parts.",
)
QUERY_TIMEOUT = ProblemType(
    "query-timeout", 504, "The query was stopped at the time limit",
    "The query ran as long as a query may. The same query would be stopped again.",
    "Ask for less, begin with the narrowest pattern, or add a LIMIT; the whole data is at /export.",
)
QUERY_TOO_LARGE = ProblemType(
    "query-too-large", 503, "The query was stopped at a size limit",
    "The query needed more memory, or its answer had more rows or bytes, than a query may.",
    "Ask for less, or add a LIMIT; the whole data is at /export.",
)
QUERY_CANCELLED = ProblemType(
    "query-cancelled", 503, "The query was stopped",
    "Whoever runs the service stopped the query.",
    "Ask them, before sending it again.",
)
QUERY = ProblemType(
    "query", 500, "The query was not answered",
    "The query could not be answered, for a reason that is in the service's log.",
    "Send it again; if it fails again, report the 'request_id'.",
)
SERVICE_FAILED = ProblemType(
    "service-failed", 502, "An endpoint that the query calls failed",
    "An endpoint that the query calls with SERVICE could not be reached, or did not answer as it should.",
    "Try again later, or ask with SERVICE SILENT.",
)
BUSY = ProblemType(
    "busy", 503, "Too many queries are waiting",
    "The queue of queries is full, or your share of it is.",
    "Send the query again after the seconds in Retry-After.",
)
WORKER_LOST = ProblemType(
    "worker-lost", 503, "The process at work ended before its answer",
    "The process that ran the query, or the write, ended before its answer, or could not be started.",
    "Send it again; if it fails again, report the 'request_id'.",
)

# Files posted to /validate.

CHECK_STOPPED = ProblemType(
    "check-stopped", 503, "The check was stopped",
    "The check of the file did not come to its end.",
    "Send it again later.",
)
CHECK_TIMEOUT = ProblemType(
    "check-timeout", 504, "The check was stopped at the time limit",
    "The check ran as long as a check may.",
    "Send the file in smaller parts, or run 'edugraph check' on your own machine.",
)
CHECK_TOO_LARGE = ProblemType(
    "check-too-large", 503, "The check was stopped at a size limit",
    "The check needed more memory, or its report had more bytes, than a check may.",
    "Send the file in smaller parts, or run 'edugraph check' on your own machine.",
)
NESTED_TOO_DEEPLY = ProblemType(
    "nested-too-deeply", 422, "The file is nested too deeply",
    "Brackets or triple terms stand in each other more deeply than is read.",
    "Give the things within names of their own, and describe them side by side.",
)
CHECK_BUSY = ProblemType(
    "check-busy", 503, "Too many checks are waiting",
    "The queue of files to be checked is full, or your share of it is.",
    "Send the file again after the seconds in Retry-After.",
)
CHECK_LOST = ProblemType(
    "check-lost", 503, "The check ended its process",
    "The process that checked the file ended before its report.",
    "Send it again; if it fails again, report the 'request_id'.",
)

# The service itself.

INTERNAL = ProblemType(
    "internal", 500, "The service failed",
    "Something failed that nobody foresaw; it is in the service's log.",
    "Report the 'request_id' to whoever runs the service.",
)
SETTINGS = ProblemType(
    "settings", 500, "The service is set up wrongly",
    "A setting or the folder layout is unusable; which, is in the service's log.",
    "Report the 'request_id' to whoever runs the service.",
)
NOT_READY = ProblemType(
    "not-ready", 503, "Not ready",
    "The service starts, has no published generation, or has no worker that answers.",
    "Ask again after the seconds in Retry-After.",
)
NOTHING_BUILT = ProblemType(
    "nothing-built", 503, "No generation is published",
    "The service runs, but there is nothing yet that it could answer from.",
    "Whoever runs the service publishes with 'edugraph build'.",
)
BUILD_RUNNING = ProblemType(
    "build-running", 409, "Another build or write is under way",
    "The data set is written to by one at a time.",
    "Send the change again in a moment.",
)
PUBLISH_FAILED = ProblemType(
    "publish-failed", 507, "The new generation could not be written",
    "The disk is full or does not let itself be written to; what was published before is still in place.",
    "Report it to whoever runs the service.",
)
WRITE_TIMEOUT = ProblemType(
    "write-timeout", 504, "The write was stopped at the time limit",
    "The write to the data set took as long as a write may. Nothing has changed.",
    "Send less at once, in several writes; whoever runs the service may raise EDUGRAPH_WRITE_TIMEOUT.",
)
DISK_FULL = ProblemType(
    "disk-full", 507, "The service's disk is full",
    "The answer needs room on the service's disk, and there is none.",
    "Report it to whoever runs the service; what needs no room goes on.",
)
TOO_MANY_FILES = ProblemType(
    "too-many-files", 503, "Too many files are open",
    "The service holds as many open files and connections as the system lets it.",
    "Send the request again after the seconds in Retry-After.",
)
GENERATION_GONE = ProblemType(
    "generation-gone", 503, "The generation's files are gone",
    "The files of the generation that is served were deleted; what is open already goes on.",
    "Whoever runs the service publishes with 'edugraph build'.",
)
STOPPING = ProblemType(
    "stopping", 503, "The service stops",
    "The service is being stopped or started anew, and the request was not answered in the time left.",
    "Send it again after the seconds in Retry-After.",
)
