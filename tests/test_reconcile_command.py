"""``edugraph reconcile``: a column of a CSV file matched against the curated graph."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.command import edugraph, told

BASE = "https://w3id.org/edugraph/"
HEADER = ["no", "body", "edugraph_iri", "edugraph_score", "edugraph_match", "edugraph_label"]


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def test_each_row_gets_its_thing(built: Path, tmp_path: Path) -> None:
    source = written(
        tmp_path / "in.csv",
        'no,body\n1,Министерство просвещения РК\n2,"UNESCO"\n3,Gani Beisembaev\n4,\n5,"Nobody, nowhere"\n6,UNESKO\n',
    )
    out = tmp_path / "out.csv"
    ended = edugraph("reconcile", str(source), "--column", "body", "--out", str(out), "--lang", "ru", build_dir=built)
    assert ended.returncode == 0, ended.stderr
    header, *rows = csv.reader(out.read_text("utf-8").splitlines())
    assert header == HEADER
    ministry = "Министерство просвещения Республики Казахстан"
    assert rows[0] == [
        "1",
        "Министерство просвещения РК",
        f"{BASE}organisation/kaz-ministry-of-education",
        "100.0",
        "true",
        ministry,
    ]
    assert rows[1][2:5] == [f"{BASE}organisation/unesco", "100.0", "true"]
    assert rows[2][2:] == [f"{BASE}person/gani-beisembayev", "98.0", "true", "Гани Бейсембаев"]
    assert rows[3] == ["4", "", "", "", "", ""]
    assert rows[4] == ["5", "Nobody, nowhere", "", "", "", ""]
    assert rows[5][2:5] == [f"{BASE}organisation/unesco", "98.0", "true"]


def test_standard_output_gets_the_same_as_a_file(built: Path, tmp_path: Path) -> None:
    source = written(tmp_path / "in.csv", "\ufeffbody\r\nUNESCO\r\n")
    out = tmp_path / "out.csv"
    edugraph("reconcile", str(source), "--column", "body", "--out", str(out), build_dir=built)
    ended = edugraph("reconcile", str(source), "--column", "body", build_dir=built)
    assert ended.stdout == out.read_bytes()
    assert b"organisation/unesco" in ended.stdout


def test_an_empty_cell_of_the_only_column_stays_a_row(built: Path, tmp_path: Path) -> None:
    source = written(tmp_path / "in.csv", "body\nUNESCO\n\nUNICEF\n")
    rows = list(
        csv.reader(edugraph("reconcile", str(source), "--column", "body", build_dir=built).stdout.decode().splitlines())
    )
    assert [row[0] for row in rows] == ["body", "UNESCO", "", "UNICEF"]
    assert rows[2] == [""] * 5


def test_only_things_of_a_type(built: Path, tmp_path: Path) -> None:
    source = written(tmp_path / "in.csv", "body\nValmiera\n")
    for name, thing in (("Place", "place/valmiera"), ("Person", "")):
        ended = edugraph("reconcile", str(source), "--column", "body", "--type", name, build_dir=built)
        row = ended.stdout.decode().splitlines()[1]
        assert (BASE + thing in row) if thing else row == "Valmiera,,,,"


@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [
        ("name\nUNESCO\n", "utf-8", "no column 'body'; there are: name"),
        ("body,body\nUNESCO,x\n", "utf-8", "several columns 'body'"),
        ("id;body;note\n1;UNESCO;\n", "utf-8-sig", "has semicolons between its cells; save it with commas"),
        ("id\tbody\n1\tUNESCO\n", "utf-8", "has tabs between its cells"),
        ("a;b\nUNESCO\n", "utf-8", "no column 'body'; there are: a;b"),
        ("body\nЮНЕСКО\n", "cp1251", "not UTF-8"),
        ("", "utf-8", "empty"),
        ("body,other\nUNESCO\n", "utf-8", "in.csv:2: the row has 1 cells where the header has 2"),
        ('body\n"UNESCO\n', "utf-8", "not CSV"),
        (f"body\n{'x' * 10_000}\n", "utf-8", "in.csv:2: the name has 10000 characters"),
        ("body,edugraph_iri\nUNESCO,x\n", "utf-8", "'edugraph_iri' already"),
    ],
)
def test_what_cannot_be_read_is_told(built: Path, tmp_path: Path, text: str, encoding: str, said: str) -> None:
    source = written(tmp_path / "in.csv", text, encoding)
    out = tmp_path / "out.csv"
    assert said in told(edugraph("reconcile", str(source), "--column", "body", "--out", str(out), build_dir=built))
    assert not out.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_the_input_is_never_written_over(built: Path, tmp_path: Path) -> None:
    source = written(tmp_path / "in.csv", "body\nUNESCO\n")
    link = tmp_path / "link.csv"
    link.symlink_to(source)
    for out in (source, link):
        ended = edugraph("reconcile", str(source), "--column", "body", "--out", str(out), build_dir=built)
        assert "is the input" in told(ended)
    assert source.read_text("utf-8") == "body\nUNESCO\n"


def test_a_missing_file_and_an_unknown_type_are_told(built: Path, tmp_path: Path) -> None:
    source = written(tmp_path / "in.csv", "body\nUNESCO\n")
    assert "cannot be read" in told(edugraph("reconcile", str(tmp_path / "no.csv"), "--column", "x", build_dir=built))
    ended = edugraph("reconcile", str(source), "--column", "body", "--type", "Wizard", build_dir=built)
    assert "Wizard" in told(ended)
