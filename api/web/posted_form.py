"""The fields of a form that a browser posted with a file: multipart/form-data (RFC 7578), read by Python's email."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes, policy

from starlette.requests import Request

from api.parameters import invalid
from graph.told import told

FORM = "multipart/form-data"


@dataclass(frozen=True)
class Field:
    """One field: its bytes, and the file's name where it is a file."""

    content: bytes
    filename: str | None = None

    @property
    def text(self) -> str:
        """The content as text; what is no UTF-8 is replaced."""
        return self.content.decode("utf-8", "replace")


def is_form(request: Request) -> bool:
    """Whether the body is a posted form."""
    return request.headers.get("content-type", "").lower().startswith(FORM)


async def fields(request: Request, known: tuple[str, ...]) -> dict[str, Field]:
    """The fields of the form by name. Raises HttpProblem 400 for a form that cannot be read, and for a field unknown.

    The size of the body has its limit before this is called.
    """
    head = b"content-type: " + request.headers["content-type"].encode("latin-1") + b"\r\n\r\n"
    message = message_from_bytes(head + await request.body(), policy=policy.HTTP)
    found: dict[str, Field] = {}
    for part in message.iter_parts() if message.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if not isinstance(name, str) or name not in known or name in found or not isinstance(content, bytes):
            raise invalid(
                told("the form has a field that is not known here or comes twice: %(name)s", name=repr(str(name)[:100]))
            )
        found[name] = Field(content, part.get_filename())
    if not found:
        raise invalid(told("the form has no field that can be read"))
    return found
