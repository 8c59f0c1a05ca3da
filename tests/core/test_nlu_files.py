"""The questions and answers of data/nlu: what does not fit together is named, with its file and how to mend it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from admissions import content
from admissions.errors import ContentError
from admissions.nlu_files import LEAST_EXAMPLES, WITH_ANSWERS, Example, check_nlu_files, load_nlu_files

FACTS = {"length_minimum": {"says": "Eight weeks."}}

#: Enough different messages for one label.
ENOUGH = [f"how long is it, question {number}" for number in range(LEAST_EXAMPLES)]


class Project:
    """A project in a folder of its own, with one question and its answer in data/nlu/faq/how_long.yml."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("faq/how_long.yml", {"faq/how_long__overview": ENOUGH}, self.answer("faq/how_long__overview"))

    def write(self, name: str, examples: dict[str, list[str]], responses: str = "") -> None:
        """Write a file of data/nlu: messages by label, and the lines of `responses:`."""
        path = self.root / "data" / "nlu" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = ['version: "3.1"', "nlu:"]
        for label, messages in examples.items():
            lines += [f"- intent: {label}", "  examples: |", *(f"    - {message}" for message in messages)]
        path.write_text("\n".join([*lines, responses]) + "\n", encoding="utf-8")

    @staticmethod
    def answer(label: str, fact: str = "length_minimum") -> str:
        metadata = f"{{title: A title, section: §3, facts: [{fact}]}}"
        return f"responses:\n  utter_{label}:\n  - text: Eight weeks.\n    metadata: {metadata}"

    def check(self) -> None:
        """Do what training does first."""
        check_nlu_files(load_nlu_files(self.root), FACTS)

    def refused(self) -> str:
        """Return the line training stops with."""
        with pytest.raises(ContentError) as refused:
            self.check()
        assert "\n" not in str(refused.value), "one line"
        return str(refused.value)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_what_fits_together_is_trained_on(project: Project) -> None:
    project.write("smalltalk.yml", {"greet": [f"hello number {number}" for number in range(LEAST_EXAMPLES)]})

    project.check()


def test_a_question_without_any_example_is_named(project: Project) -> None:
    project.write("faq/how_long.yml", {"faq/how_long__overview": []}, project.answer("faq/how_long__overview"))

    assert project.refused() == "data/nlu/faq/how_long.yml: faq/how_long__overview has no examples: write at least 20"


@pytest.mark.parametrize("how_many", [1, LEAST_EXAMPLES - 1])
def test_a_question_with_too_few_examples_is_named(project: Project, how_many: int) -> None:
    project.write("smalltalk.yml", {"greet": [f"hello number {number}" for number in range(how_many)]})

    assert project.refused() == f"data/nlu/smalltalk.yml: greet has {how_many} examples: write at least 20"


def test_examples_of_one_question_in_two_files_count_together(project: Project) -> None:
    half = LEAST_EXAMPLES // 2
    project.write("one.yml", {"greet": [f"hello number {number}" for number in range(half)]})
    project.write("two.yml", {"greet": [f"good day number {number}" for number in range(half)]})

    project.check()


@pytest.mark.parametrize("label", ["faq/how_long__weekends", "out_of_scope/weekends"])
def test_an_answer_without_examples_is_named(project: Project, label: str) -> None:
    project.write("more.yml", {"greet": [f"hello number {n}" for n in range(LEAST_EXAMPLES)]}, project.answer(label))

    assert project.refused() == (
        f"data/nlu/more.yml: {label} has an answer and no examples: add an intent {label} with examples"
    )


@pytest.mark.parametrize("label", ["faq/how_long__weekends", "out_of_scope/weekends"])
def test_a_question_without_an_answer_is_named(project: Project, label: str) -> None:
    project.write("more.yml", {label: [f"on weekends, question {number}" for number in range(LEAST_EXAMPLES)]})

    assert project.refused() == f"data/nlu/more.yml: {label} has no answer: add utter_{label} under responses"


def test_an_answer_with_an_unknown_fact_is_named(project: Project) -> None:
    label = "faq/how_long__overview"
    project.write("faq/how_long.yml", {label: ENOUGH}, project.answer(label, fact="length_maximum"))

    assert project.refused() == (
        f"data/nlu/faq/how_long.yml: the answer of {label} uses the fact length_maximum, which content/facts.yml does "
        "not have: add it there if the article says it, or take it out"
    )


@pytest.mark.parametrize(
    "again",
    [
        pytest.param("how long is it, question 3", id="the same"),
        pytest.param("How Long is it,  question 3", id="capitals and spaces"),
    ],
)
def test_an_example_under_two_intents_is_named_with_both_places(project: Project, again: str) -> None:
    others = [f"hello number {number}" for number in range(LEAST_EXAMPLES)]
    project.write("smalltalk.yml", {"greet": [*others, again]})

    assert project.refused() == (
        f"data/nlu/smalltalk.yml: the example {again!r} stands under greet and, in data/nlu/faq/how_long.yml, under "
        "faq/how_long__overview: keep one"
    )


def test_an_example_that_stands_twice_under_one_intent_is_no_contradiction(project: Project) -> None:
    project.write(
        "faq/how_long.yml", {"faq/how_long__overview": [*ENOUGH, ENOUGH[0]]}, project.answer("faq/how_long__overview")
    )

    project.check()


def test_a_file_that_is_no_yaml_is_named_with_its_line(project: Project) -> None:
    (project.root / "data" / "nlu" / "faq" / "how_long.yml").write_text("nlu: [1, 2\n", encoding="utf-8")

    assert re.match(r"(data/nlu/faq/)?how_long\.yml, line 2: this is not valid YAML", project.refused())


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('nlu:\n- examples: "- a"\n', id="no intent"),
        pytest.param("nlu:\n- faq/how_long__overview\n", id="no map"),
        pytest.param("nlu: 5\n", id="no list"),
        pytest.param("responses:\n  utter_faq/how_long__overview: 5\n", id="an answer that is none"),
        pytest.param("responses: [a]\n", id="no answers"),
    ],
)
def test_a_file_of_another_form_is_named(project: Project, text: str) -> None:
    (project.root / "data" / "nlu" / "broken.yml").write_text(text, encoding="utf-8")

    assert "broken.yml" in project.refused()


def test_a_project_without_questions_says_so(tmp_path: Path) -> None:
    files = load_nlu_files(tmp_path)

    assert files.examples == ()
    assert files.labels == frozenset()


# -- what is read ------------------------------------------------------------------------------------------------------


def test_an_example_has_its_words_its_label_and_its_file(project: Project) -> None:
    project.write("smalltalk.yml", {"greet": ["hello - and good day", "two  spaces "]})

    found = [example for example in load_nlu_files(project.root).examples if example.label == "greet"]

    assert found == [
        Example("hello - and good day", "greet", "data/nlu/smalltalk.yml"),
        Example("two  spaces", "greet", "data/nlu/smalltalk.yml"),
    ]


def test_an_answer_has_its_title_and_its_file(project: Project) -> None:
    answer = load_nlu_files(project.root).answers["faq/how_long__overview"]

    assert answer.title == "A title"
    assert answer.file == "data/nlu/faq/how_long.yml"
    assert [variation["text"] for variation in answer.variations] == ["Eight weeks."]


def test_an_answer_without_a_title_is_never_offered(project: Project) -> None:
    project.write(
        "gap.yml", {"out_of_scope/x": ENOUGH}, "responses:\n  utter_out_of_scope/x:\n  - text: We do not know."
    )

    assert load_nlu_files(project.root).answers["out_of_scope/x"].title is None


def test_the_projects_own_files_fit_together() -> None:
    files = content.nlu_files()

    check_nlu_files(files, content.facts())
    assert {label.split("/")[0] for label in files.answers} == set(WITH_ANSWERS)
