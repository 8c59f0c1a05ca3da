"""Loading the project's own files, and what the files say about each other."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from admissions import content
from admissions.errors import ContentError
from admissions.settings import ROOT


def test_a_missing_file_is_named_with_the_place_it_belongs(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"centre\.yml is missing: it belongs at .*centre\.yml"):
        content.read_yaml(tmp_path / "centre.yml")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("name: A\nphone: [1, 2\n", 3, id="a bracket left open"),
        pytest.param("name: A\n\tphone: 1\n", 2, id="a tab"),
        pytest.param('name: "A\nphone: 1\n', 3, id="a quote left open"),
        pytest.param("a: 1\nb: 2\nc: d: e\n", 3, id="two colons"),
    ],
)
def test_bad_yaml_names_file_and_line(tmp_path: Path, text: str, line: int) -> None:
    # given
    path = tmp_path / "centre.yml"
    path.write_text(text, encoding="utf-8")

    # when / then
    with pytest.raises(ContentError, match=rf"centre\.yml, line {line}: this is not valid YAML"):
        content.read_yaml(path)


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "only words", "5"])
def test_a_file_that_holds_no_map_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "topics.yml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ContentError, match=r"topics\.yml: expected a map"):
        content.read_yaml(path)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "centre.yml"
    path.write_bytes("name: Café".encode("latin-1"))

    with pytest.raises(ContentError, match=r"centre\.yml: this is not valid YAML"):
        content.read_yaml(path)


LOADERS = [
    *(content.centre, content.script, content.topic_rules, content.titles, content.cards),
    *(content.facts, content.follow_ups, content.entity_names),
]


@pytest.mark.parametrize("load", LOADERS, ids=lambda load: load.__name__)
def test_every_loader_names_its_missing_file(tmp_path: Path, load: Callable[[Path], object]) -> None:
    with pytest.raises(ContentError, match=r"\.yml is missing"):
        load(tmp_path)


def test_a_bad_safety_rule_is_an_error_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "safety").mkdir()
    (tmp_path / "safety" / "patterns.yml").write_text("version: 1\n", encoding="utf-8")

    with pytest.raises(ContentError, match=r"safety/patterns\.yml"):
        content.gate(tmp_path)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("version: 1\n", "aspects"),
        ("aspects: 5\nopeners: []\nclosers: []\nthe_other: []\nmore: []\nmost_words: 9\n", "has no attribute"),
        (
            "aspects: {hours: {iop: faq/gone}}\nopeners: []\nclosers: []\nthe_other: []\nmore: []\nmost_words: 9\n",
            "aspect hours names faq/gone, which has no answer in data/nlu",
        ),
    ],
    ids=["no table", "no map", "an answer there is not"],
)
def test_a_bad_table_of_follow_ups_is_an_error_of_its_file(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "follow_ups.yml").write_text(text, encoding="utf-8")

    with pytest.raises(ContentError, match=rf"content/follow_ups\.yml cannot be used: .*{reason}"):
        content.follow_ups(tmp_path)


@pytest.mark.parametrize("text", ["version: 1\n", "levels: 5\nprogrammes: {}\nunits: []\n"], ids=["no lists", "no map"])
def test_a_bad_list_of_names_is_an_error_of_its_file(tmp_path: Path, text: str) -> None:
    shutil.copytree(ROOT / "content", tmp_path / "content")
    (tmp_path / "content" / "entities.yml").write_text(text, encoding="utf-8")

    with pytest.raises(ContentError, match=r"content/entities\.yml cannot be used"):
        content.entity_names(tmp_path)


def test_a_title_is_an_intents_own_or_stands_beside_its_answer(tmp_path: Path) -> None:
    # given
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "titles.yml").write_text("titles: {ask_hours: Opening hours}\n", encoding="utf-8")
    (tmp_path / "data" / "nlu").mkdir(parents=True)
    (tmp_path / "data" / "nlu" / "a.yml").write_text(
        "responses:\n  utter_faq/a__b:\n  - text: Yes.\n    metadata: {title: How it is}\n"
        "  utter_out_of_scope/c:\n  - text: We do not know.\n",
        encoding="utf-8",
    )

    # when / then
    assert content.titles(tmp_path) == {"ask_hours": "Opening hours", "faq/a__b": "How it is"}


def test_the_projects_own_files_load() -> None:
    assert content.facts()
    assert content.follow_ups().cells
    assert content.entity_names().find("iop")
    assert content.centre().name
    assert content.script().steps
    assert content.topic_rules()
    assert content.titles()
    assert content.cards().texts
    assert content.never_list().findings("success is guaranteed")


# -- versions ----------------------------------------------------------------------------------------------------------


def test_a_version_changes_with_a_files_words_and_with_its_name_only(tmp_path: Path) -> None:
    # given
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "a.yml"
    file.write_text("a: 1\n", encoding="utf-8")
    first = content.digest(tmp_path, ("data",))

    # when / then: what is no content changes nothing
    (tmp_path / "data" / "notes.txt").write_text("x", encoding="utf-8")
    (tmp_path / "data" / "a.pyc").write_bytes(b"x")
    assert content.digest(tmp_path, ("data",)) == first

    # another word, another name, another file
    file.write_text("a: 2\n", encoding="utf-8")
    second = content.digest(tmp_path, ("data",))
    file.rename(tmp_path / "data" / "b.yml")
    third = content.digest(tmp_path, ("data",))
    (tmp_path / "data" / "c.yml").write_text("", encoding="utf-8")
    fourth = content.digest(tmp_path, ("data",))
    assert len({first, second, third, fourth}) == 4


def test_a_version_is_twelve_hexadecimal_digits() -> None:
    for version in (content.content_version(), content.model_version()):
        assert len(version) == content.VERSION_DIGITS
        int(version, 16)


def test_every_file_a_version_is_made_of_exists() -> None:
    assert all((ROOT / part).exists() for part in (*content.TRAINED_FROM, *content.SPOKEN_FROM))


# -- the words themselves ----------------------------------------------------------------------------------------------


def sentences() -> list[tuple[str, str]]:
    """Return every sentence of the screening and the topics with the place it stands."""
    script = content.script()
    said = [(f"lines.{name}", text) for name, text in script.lines.items()]
    said += [(f"buttons.{name}", text) for name, text in script.buttons.items()]
    for step in script.steps:
        said += [(f"{step.name}.ask", text) for text in step.ask.values()]
        said += [(f"{step.name}.why", step.why), (f"{step.name}.example", step.example)]
        said += [
            (f"{step.name}.{choice.value}", text) for choice in step.choices for text in (choice.title, choice.preview)
        ]
    return said + [(f"topics.{rule.step}", rule.says) for rule in content.topic_rules()]


def test_nothing_in_the_screening_may_never_be_said() -> None:
    never = content.never_list()

    assert {where: never.findings(text) for where, text in sentences() if never.findings(text)} == {}
