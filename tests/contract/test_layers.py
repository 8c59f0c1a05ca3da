"""Imports point inward: core, ports, service, (store | delivery), bootstrap, (dialogue | actions | commands | cli)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from admissions.settings import ROOT

#: The rule. Left a part of the project: a package or module under admissions/, or actions/. Right: which parts it may
#: import besides itself. Data types without behaviour (errors, names, and Secret and ROOT of settings) reach further.
MAY_IMPORT: dict[str, set[str]] = {
    # innermost: no I/O, no clock, no chance
    "errors": set(),
    "names": set(),
    "core": {"errors"},
    "ports": {"core", "errors"},
    "service": {"core", "ports", "errors"},
    # the model: knows nothing of the rest
    "understanding": {"core", "errors", "names"},
    # the edges of the project's own files and environment
    "logs": set(),
    "rounds": {"errors"},
    "settings": {"errors"},
    "yaml_files": {"errors", "settings"},
    "nlu_files": {"core", "errors", "yaml_files"},
    "content": {"core", "errors", "settings", "yaml_files", "nlu_files", "understanding"},
    # adapters: they know ports and core, never each other
    "store": {"core", "ports", "errors", "settings"},
    "delivery": {"core", "ports", "errors", "settings", "rounds", "__version__"},
    "notify": {"core", "ports", "errors", "settings", "rounds"},
    # puts the parts together
    "bootstrap": {"core", "ports", "errors", "settings", "content", "service", "store", "delivery", "notify"},
    # outermost
    "dialogue": {
        "core", "ports", "errors", "names", "settings", "logs", "content", "nlu_files", "service", "bootstrap",
        "understanding",
    },
    "actions": {"core", "errors", "names", "content", "service", "bootstrap"},
    "evaluation": {"errors", "yaml_files"},
    "commands": {
        "core", "ports", "errors", "names", "settings", "logs", "rounds", "content", "service", "store", "delivery",
        "notify",
        "bootstrap", "understanding", "dialogue", "evaluation",
    },
    "cli": {"errors", "commands"},
}  # fmt: skip

#: Third-party and standard modules that only these parts may import.
ONLY_IN: dict[str, set[str]] = {
    "rasa": {"dialogue", "commands"},
    "rasa_sdk": {"actions"},
    "sanic": {"dialogue"},
    "holidays": {"core"},
    "apprise": {"notify"},
    "sqlalchemy": {"store"},
    "alembic": {"store"},
    "cryptography": {"store"},
    "standardwebhooks": {"core", "delivery"},
    "yaml": {"yaml_files", "commands"},
    "dotenv": {"settings"},
    "jwt": {"dialogue"},
    "onnx": {"understanding"},
    "onnxruntime": {"understanding"},
    "sklearn": {"understanding", "evaluation"},
    "matplotlib": {"evaluation"},
}

#: What would give core a world of its own: input, output, time, chance, environment.
NOT_IN_CORE = {
    "aiohttp", "asyncio", "logging", "os", "pathlib", "random", "requests", "secrets", "socket", "sqlite3", "structlog",
    "subprocess", "sys", "time", "urllib", "uuid",
}  # fmt: skip

#: Calls that read the clock.
CLOCK_CALLS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}

FILES = sorted([*(ROOT / "admissions").rglob("*.py"), *(ROOT / "actions").rglob("*.py")])


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def part_of(file: Path) -> str:
    """Return the part a file belongs to."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return "actions" if parts[0] == "actions" else parts[1]


def imports_of(file: Path) -> Iterator[tuple[int, str]]:
    """Return (line, dotted name) of everything a file imports, inside functions too."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(file)}:{node.lineno}: imports are absolute here"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def part_imported(name: str) -> str | None:
    """Return which part of the project a dotted name stands for, None when it is not ours."""
    first, *rest = name.split(".")
    if first == "actions":
        return "actions"
    return rest[0] if first == "admissions" and rest else None


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_imports_point_inward(file: Path) -> None:
    if part_of(file) == "__init__":
        assert not list(imports_of(file))
        return

    part = part_of(file)
    allowed = MAY_IMPORT[part] | {part}

    breaches = [
        f"{name_of(file)}:{line} imports {name}"
        for line, name in imports_of(file)
        if (target := part_imported(name)) is not None and target not in allowed
    ]
    assert not breaches


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_a_library_is_imported_only_where_it_belongs(file: Path) -> None:
    breaches = [
        f"{name_of(file)}:{line} imports {name}"
        for line, name in imports_of(file)
        if part_of(file) not in ONLY_IN.get(name.split(".")[0], {part_of(file)})
    ]
    assert not breaches


@pytest.mark.parametrize("file", [file for file in FILES if part_of(file) == "core"], ids=name_of)
def test_core_has_no_input_output_time_or_chance(file: Path) -> None:
    imported = [f"{name_of(file)}:{line} imports {name}" for line, name in imports_of(file)
                if name.split(".")[0] in NOT_IN_CORE]  # fmt: skip

    assert not imported
    assert not [f"{name_of(file)}:{line} {words}" for line, words in _world_calls(file)]


def _world_calls(file: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("open", "input", "print")
        ):
            yield node.lineno, node.func.id
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and (node.func.value.id, node.func.attr) in CLOCK_CALLS
        ):
            yield node.lineno, f"{node.func.value.id}.{node.func.attr}"


@pytest.mark.parametrize("file", [file for file in FILES if part_of(file) not in ("settings", "commands")], ids=name_of)
def test_the_environment_is_read_in_settings_and_commands_only(file: Path) -> None:
    source = ast.parse(file.read_text(encoding="utf-8"))

    read = [node.lineno for node in ast.walk(source) if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name) and node.value.id == "os"
            and node.attr in ("environ", "environb", "getenv", "putenv")]  # fmt: skip
    assert not read
    assert not [name for _, name in imports_of(file) if name in ("os.environ", "os.getenv")]


@pytest.mark.parametrize(
    "file", [file for file in FILES if part_of(file) not in ("bootstrap", "commands")], ids=name_of
)
def test_the_clock_is_read_in_bootstrap_and_commands_only(file: Path) -> None:
    assert not [f"{name_of(file)}:{line} {words}" for line, words in _world_calls(file) if "." in words]


def test_the_table_names_every_part_there_is() -> None:
    parts = {part_of(file) for file in FILES} - {"__init__"}

    assert parts <= MAY_IMPORT.keys()


def test_the_table_lets_no_part_import_outward() -> None:
    order = list(MAY_IMPORT)

    for part, allowed in MAY_IMPORT.items():
        assert all(
            order.index(other) < order.index(part) for other in allowed - {"__version__"} if part != "commands"
        ), part


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_a_module_is_at_most_300_lines(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 300
