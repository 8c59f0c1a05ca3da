"""Our copy of Rasa's requirements against Rasa's own; docs/decisions/0002-environment.md holds every difference.

Rasa's own list is the metadata in its wheel, which uv installs unchanged; ours is what uv resolves from.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import requires, version

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from admissions.settings import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    tomllib = pytest.importorskip("tomli")

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DECISION = (ROOT / "docs" / "decisions" / "0002-environment.md").read_text(encoding="utf-8")

#: The newest Python that Rasa's markers speak of: on ours, dask, numpy and scipy would vanish from its list.
RASAS_PYTHON = {"python_version": "3.10", "python_full_version": "3.10.14", "implementation_version": "3.10.14"}
LINUX = {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64", "os_name": "posix"}
LINUX_ARM = {**LINUX, "platform_machine": "aarch64"}
WINDOWS = {"sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64", "os_name": "nt"}
MAC = {"sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64", "os_name": "posix"}

#: "`tensorflow` and its builds for other systems"
TENSORFLOW_BUILDS = {"tensorflow", "tensorflow-macos", "tensorflow-intel", "tensorflow-cpu-aws"}

#: What we ask for and Rasa's list without extras does not.
ADDED = {
    "tensorflow-cpu": "tensorflow without what only a GPU needs",
    "spacy": "Rasa's own extra `spacy`: the safety gate's Matcher",
}


def rasas(system: dict[str, str], extra: str = "") -> dict[str, Requirement]:
    """Return what Rasa asks for on a system, by canonical name."""
    environment = {**RASAS_PYTHON, **system, "platform_python_implementation": "CPython",
                   "implementation_name": "cpython", "extra": extra}  # fmt: skip
    asked = [Requirement(line) for line in requires("rasa") or ()]
    return {canonicalize_name(one.name): one for one in asked if one.marker is None or one.marker.evaluate(environment)}


def ours() -> dict[str, Requirement]:
    """Return our list, by canonical name."""
    (entry,) = (one for one in PYPROJECT["tool"]["uv"]["dependency-metadata"] if one["name"] == "rasa")
    return {canonicalize_name(one.name): one for one in map(Requirement, entry["requires-dist"])}


def table(heading: str) -> list[list[str]]:
    """Return the rows of the table under a heading of the decision."""
    section = DECISION[DECISION.index(f"## {heading}") :].split("\n## ", 2)[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("|")
    ]
    return rows[2:]


def dropped() -> set[str]:
    """Return the packages that the decision says were dropped."""
    return {canonicalize_name(name) for row in table("What was dropped") for name in re.findall(r"`([\w.-]+)`", row[0])}


def raised() -> dict[str, tuple[str, str]]:
    """Return Rasa's limit and ours for each package that the decision says was raised."""
    plain = str.maketrans({"≥": ">=", "≤": "<=", " ": None})
    return {canonicalize_name(row[0].strip("`")): (row[1].translate(plain), row[2].translate(plain))
            for row in table("What was raised")}  # fmt: skip


def test_the_lists_speak_of_the_same_rasa() -> None:
    (entry,) = (one for one in PYPROJECT["tool"]["uv"]["dependency-metadata"] if one["name"] == "rasa")

    assert version("rasa") == entry["version"]
    assert f"rasa=={entry['version']}" in PYPROJECT["project"]["dependencies"]
    assert entry["requires-python"] == PYPROJECT["project"]["requires-python"]


def test_our_list_names_no_package_twice() -> None:
    (entry,) = (one for one in PYPROJECT["tool"]["uv"]["dependency-metadata"] if one["name"] == "rasa")

    assert len(entry["requires-dist"]) == len(ours())


@pytest.mark.parametrize("system", [LINUX, LINUX_ARM, WINDOWS, MAC], ids=["linux", "linux-arm", "windows", "mac-arm"])
def test_nothing_of_rasas_list_was_lost(system: dict[str, str]) -> None:
    missing = rasas(system).keys() - ours().keys()

    assert missing <= dropped() | TENSORFLOW_BUILDS


def test_the_decision_names_nothing_as_dropped_that_nobody_asked_for() -> None:
    # given: what Rasa asks for anywhere, and what others ask for and uv's overrides take out
    asked = {name for system in (LINUX, LINUX_ARM, WINDOWS, MAC) for name in rasas(system)}
    overridden = {canonicalize_name(Requirement(line).name) for line in PYPROJECT["tool"]["uv"]["override-dependencies"]
                  if "never" in line}  # fmt: skip

    # when / then
    assert dropped() <= asked | overridden
    assert overridden <= dropped()
    assert not dropped() & ours().keys()


def test_we_ask_for_nothing_that_rasa_does_not() -> None:
    assert ours().keys() - rasas(LINUX).keys() == ADDED.keys()


def test_what_we_added_is_rasas_own_choice_of_another_name() -> None:
    theirs = rasas(LINUX, extra="spacy")["spacy"]

    assert all(
        str(limit) in {str(one) for one in theirs.specifier} for limit in ours()["spacy"].specifier if "<" in str(limit)
    )
    assert ours()["tensorflow-cpu"].specifier == rasas(LINUX)["tensorflow"].specifier


@pytest.mark.parametrize("name", sorted(ours().keys() - ADDED.keys()))
def test_a_range_is_rasas_own_or_stands_in_the_decision(name: str) -> None:
    mine, theirs = ours()[name], rasas(LINUX)[name]

    if name not in raised():
        assert (mine.specifier, mine.extras) == (theirs.specifier, theirs.extras)
        return
    limit, now = raised()[name]
    assert mine.specifier == SpecifierSet(now)
    assert mine.specifier != theirs.specifier
    assert set(SpecifierSet(limit)) <= set(theirs.specifier)


@pytest.mark.parametrize("heading", ["What was dropped", "What was raised"])
def test_every_row_of_the_decision_has_a_reason(heading: str) -> None:
    rows = table(heading)

    assert rows
    assert all(len(row[-1]) > 10 for row in rows)
    assert raised().keys() <= ours().keys()


@pytest.mark.parametrize("name", sorted(ours()))
def test_a_requirement_of_ours_holds_on_every_python_we_support(name: str) -> None:
    marker = ours()[name].marker

    for python in ("3.10", "3.11"):
        assert marker is None or marker.evaluate(
            {**LINUX, "python_version": python, "python_full_version": f"{python}.9"}
        )
