"""Links as rows of a table, the same on the command line and over HTTP."""

from __future__ import annotations

from typing import Any

COLUMNS = ("direction", "role", "counterpart", "counterpart_lang", "counterpart_id", "modality", "article", "evidence")


def table_row(record: dict[str, Any]) -> list[str]:
    """The cells of a link that ``link_records.as_record`` wrote; pieces of evidence are parted by spaces."""
    counterpart, evidence = record["counterpart"], record["evidence"]
    spans = " ".join(f"#char={span['start']},{span['end']}" for span in evidence if span["selector"])
    return [
        record["direction"],
        record["role"]["label"],
        counterpart["label"],
        counterpart["lang"] or "",
        counterpart["id"],
        record["modality"]["label"],
        record["article"]["label"],
        spans,
    ]
