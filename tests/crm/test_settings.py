"""A wrong or missing value of the environment stops the start with a sentence that helps."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PRODUCTION = {
    "SECRET_KEY": "k3y-" + "abcdefghijklmnopqrstuvwxyz0123456789" * 2,
    "ALLOWED_HOSTS": "ponti.example.org",
    "DATABASE_URL": "sqlite://:memory:",
    "PATH": os.environ["PATH"],
}


def python(*command: str, **environment: str | None) -> subprocess.CompletedProcess[str]:
    values = {k: v for k, v in {**PRODUCTION, **environment}.items() if v is not None}
    return subprocess.run(
        [sys.executable, *command],
        env=values,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


def test_the_deployment_check_is_clean_under_production_settings():
    result = python("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", None, "SECRET_KEY is not set"),
        ("SECRET_KEY", "short", "SECRET_KEY is too short"),
        ("ALLOWED_HOSTS", None, "ALLOWED_HOSTS is not set"),
        ("ALLOWED_HOSTS", "*", "Name the hosts that people type"),
        ("DEBUG", "perhaps", "DEBUG is “perhaps”. Set it to true or to false."),
        ("DATABASE_URL", "postgres//nowhere", "DATABASE_URL can't be read"),
        ("DATABASE_URL", "mysql://localhost/ponti", "other than PostgreSQL or SQLite"),
        ("TIME_ZONE", "Rome", "TIME_ZONE is “Rome”"),
        ("TRUSTED_PROXIES", "one", "TRUSTED_PROXIES is “one”"),
        ("EMAIL_PORT", "-1", "EMAIL_PORT is “-1”"),
        ("DEFAULT_FROM_EMAIL", "Ponti", "DEFAULT_FROM_EMAIL is not an address"),
        ("CSRF_TRUSTED_ORIGINS", "ponti.example.org", "Write each with its scheme"),
        ("SITE_URL", "ponti.example.org", "Write it with its scheme: https://ponti.example.org"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL is “loud”"),
    ],
)
def test_a_wrong_value_stops_the_start_and_says_what_to_do(name, value, sentence):
    result = python("-c", "import crm.settings", **{name: value})
    assert result.returncode != 0
    assert sentence in result.stderr


def test_a_developers_machine_needs_no_values():
    result = python(
        "manage.py", "check", DEBUG="true", SECRET_KEY=None, ALLOWED_HOSTS=None, DATABASE_URL=None
    )
    assert result.returncode == 0, result.stderr
