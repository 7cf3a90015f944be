"""The shape of the code: who imports whom, and no model without its migration."""

import ast
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).parent.parent
ROOF = {"crm/urls.py", "crm/home.py", "crm/search_kinds.py", "crm/search_page.py"}


def imported(path: Path) -> set[str]:
    """The project's packages that a module imports anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            names.add((node.module or "").split(".")[0])
        elif isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
    return names & {"crm", "partners", "missions"}


@pytest.mark.parametrize(("app", "may"), [("crm", {"crm"}), ("partners", {"crm", "partners"})])
def test_an_app_imports_only_what_lies_below_it(app, may):
    for path in (ROOT / app).rglob("*.py"):
        if str(path.relative_to(ROOT)) not in ROOF:
            assert imported(path) <= may, path


def test_nothing_is_imported_inside_a_function():
    for app in ("crm", "partners", "missions"):
        for path in (ROOT / app).rglob("*.py"):
            for function in ast.walk(ast.parse(path.read_text())):
                if isinstance(function, ast.FunctionDef):
                    for node in ast.walk(function):
                        assert not isinstance(node, ast.Import | ast.ImportFrom), path


@pytest.mark.django_db
def test_every_model_has_its_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
