"""Settings come from the environment, are refused when they cannot work, and are documented as they are."""

from __future__ import annotations

import ast
import inspect
from dataclasses import MISSING, fields
from itertools import pairwise
from pathlib import Path

import pytest

from graph import settings as module
from graph.errors import SettingsError
from graph.settings import PREFIX, Settings

TABLE = Path(__file__).parent.parent / "docs" / "settings.md"


def test_each_kind_of_value_is_read() -> None:
    settings = Settings.from_env(
        {
            "EDUGRAPH_PORT": "9000",
            "EDUGRAPH_QUERY_TIMEOUT": "2.5",
            "EDUGRAPH_TEXTS": "articles",
            "EDUGRAPH_LOG_QUERIES": "yes",
            "EDUGRAPH_TRUSTED_PROXIES": "10.0.0.1 10.0.0.2",
            "HOME": "/elsewhere",
        }
    )
    assert settings.port == 9000
    assert settings.query_timeout == 2.5
    assert settings.texts == Path("articles")
    assert settings.log_queries is True
    assert settings.trusted_proxies == ("10.0.0.1", "10.0.0.2")


def test_answers_may_be_kept_or_not() -> None:
    assert Settings.from_env({"EDUGRAPH_KEPT_ANSWERS": "0"}).kept_answers == 0


def test_a_given_value_wins_over_the_environment_and_none_does_not() -> None:
    settings = Settings.from_env({"EDUGRAPH_PORT": "9000", "EDUGRAPH_HOST": "::1"}, port=9001, host=None)
    assert (settings.port, settings.host) == (9001, "::1")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("EDUGRAPH_PROT", "1", "not a setting"),
        ("EDUGRAPH_PORT", "http", "write a whole number"),
        ("EDUGRAPH_PORT", "70000", "does not exist"),
        ("EDUGRAPH_WORKERS", "0", "above 0"),
        ("EDUGRAPH_QUERY_TIMEOUT", "nan", "above 0"),
        ("EDUGRAPH_QUERY_TIMEOUT", "inf", "above 0"),
        ("EDUGRAPH_MAX_BODY", "-1", "above 0"),
        ("EDUGRAPH_KEPT_ANSWERS", "-1", "0 or a number above"),
        ("EDUGRAPH_LOG_QUERIES", "perhaps", "write yes or no"),
        ("EDUGRAPH_QUERY_TIMEOUT", "ten", "write a number"),
        ("EDUGRAPH_MAX_ROWS", "many", "write a whole number"),
        ("EDUGRAPH_WRITE_TOKEN", "short", "shorter than 16"),
        ("EDUGRAPH_WRITE_TOKEN", "from-a-file-with-a-line\n", "ends with a space or a line"),
        ("EDUGRAPH_WRITE_TOKEN", "with a \x07 bell within", "no header field"),
        ("EDUGRAPH_QUERY_TIMEOUT", "1e19", "at most"),
        ("EDUGRAPH_QUERY_MEMORY", "9" * 23, "at most"),
        ("EDUGRAPH_MAX_CONNECTIONS", "9" * 23, "at most"),
        ("EDUGRAPH_KEPT_ANSWERS", "9" * 23, "at most"),
        ("EDUGRAPH_BUILD_DIR", "", "write the name of a folder"),
        ("EDUGRAPH_HOME", "", "write the name of a folder"),
        ("EDUGRAPH_TEXTS", "", "write the name of a folder"),
        ("EDUGRAPH_PUBLIC_BASE", "http://a.example:99999/", "no address such as"),
        ("EDUGRAPH_PUBLIC_BASE", "http://[::1/", "no address such as"),
        ("EDUGRAPH_PUBLIC_BASE", "http://:80/", "no address such as"),
        ("EDUGRAPH_SERVICE_ENDPOINTS", "http://a.example:99999/sparql", "no address such as"),
        ("EDUGRAPH_SERVICE_ENDPOINTS", "http://[::1/sparql", "no address such as"),
        ("EDUGRAPH_TRUSTED_PROXIES", "10.0.0.1 proxy.example", "'proxy.example'"),
        ("EDUGRAPH_TRUSTED_PROXIES", "10.0.0.1/8", "host bits set"),
        ("EDUGRAPH_TRUSTED_PROXIES", "*", "write such as"),
    ],
)
def test_what_cannot_work_is_refused_by_name(name: str, value: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        Settings.from_env({name: value})


def test_a_token_is_not_shown() -> None:
    assert "opensesame" not in repr(Settings(write_token="opensesame-opensesame"))


def test_the_documented_table_is_the_code() -> None:
    documented = TABLE.read_text("utf-8")
    expected = _table()
    assert expected in documented, f"docs/settings.md should hold this table:\n\n{expected}"


def _table() -> str:
    meanings = _meanings()
    rows = ["| setting | default | meaning |", "|---|---|---|"]
    for setting in fields(Settings):
        rows.append(f"| `{PREFIX}{setting.name.upper()}` | {_default(setting.name)} | {meanings[setting.name]} |")
    return "\n".join(rows) + "\n"


def _default(name: str) -> str:
    setting = next(setting for setting in fields(Settings) if setting.name == name)
    if setting.default is MISSING:
        return "the checkout"
    if setting.default is None or setting.default == ():
        return "none"
    if isinstance(setting.default, bool):
        return "`yes`" if setting.default else "`no`"
    return f"`{setting.default}`"


def _meanings() -> dict[str, str]:
    """The docstring below each field: a field without one fails the test by its missing key."""
    tree = ast.parse(inspect.getsource(module))
    body = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Settings").body
    meanings = {}
    for field, text in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(text, ast.Expr):
            assert isinstance(text.value, ast.Constant)
            meanings[field.target.id] = str(text.value.value)
    return meanings
