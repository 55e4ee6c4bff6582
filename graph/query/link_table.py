"""Links as rows of a table, the same on the command line and over HTTP."""

from __future__ import annotations

from typing import Any

COLUMNS = (
    "direction", "role", "counterpart", "counterpart_lang", "counterpart_id", "modality", "article", "evidence",
    "qualifiers",
)  # fmt: skip


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
        qualifiers_cell(record["qualifiers"]),
    ]


def qualifiers_cell(qualifiers: list[dict[str, Any]]) -> str:
    """In what capacity, for whom, how exactly: without it two rows look alike that are not. Parted by ``; ``."""
    return "; ".join(
        f"{one['property'].rpartition(':')[2]}: {one.get('label', one.get('value'))}" for one in qualifiers
    )
