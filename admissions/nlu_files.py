"""The questions and answers of data/nlu as one checked whole, with the file of each: what training is made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from admissions.core.wording import squeeze
from admissions.errors import ContentError
from admissions.yaml_files import read_yaml

#: Retrieval intents: each of their questions has an answer of its own beside it, `utter_<intent>/<name>`.
WITH_ANSWERS = ("faq", "out_of_scope")

#: Fewer examples than this teach nothing that a stranger would say.
LEAST_EXAMPLES = 20


@dataclass(frozen=True)
class Example:
    """One training message, the label it stands under, and its file."""

    text: str
    label: str
    file: str


@dataclass(frozen=True)
class Answer:
    """The wordings of one answer, and its file."""

    variations: tuple[Mapping[str, Any], ...]
    file: str

    @property
    def title(self) -> str | None:
        """Return the plain words under which it may be offered."""
        return next(
            (one["metadata"]["title"] for one in self.variations if "title" in (one.get("metadata") or {})), None
        )


@dataclass(frozen=True)
class NluFiles:
    """Everything under data/nlu."""

    examples: tuple[Example, ...]
    answers: Mapping[str, Answer]  #: by label: faq/<facet> or out_of_scope/<gap>

    @property
    def labels(self) -> frozenset[str]:
        """Return every label a message can get."""
        return frozenset(example.label for example in self.examples)


def load_nlu_files(root: Path) -> NluFiles:
    """Read data/nlu of the project at `root`.

    Raises:
        ContentError: a file is not what it should be; names it.
    """
    examples: list[Example] = []
    answers: dict[str, Answer] = {}
    for path in sorted((root / "data" / "nlu").rglob("*.yml")):
        name, loaded = path.relative_to(root).as_posix(), read_yaml(path)
        try:
            _read_file(name, loaded, examples, answers)
        except (KeyError, TypeError, AttributeError, ValueError) as problem:
            raise ContentError(
                f"{name}: expected `nlu` (intent, examples) and `responses` (lists of text): {problem}"
            ) from None
    return NluFiles(tuple(examples), answers)


def _read_file(name: str, loaded: Mapping[str, Any], examples: list[Example], answers: dict[str, Answer]) -> None:
    for block in loaded.get("nlu") or []:
        found = [Example(text, str(block["intent"]), name) for text in _lines(str(block.get("examples") or ""))]
        if not found:
            raise ContentError(f"{name}: {block['intent']} has no examples: write at least {LEAST_EXAMPLES}")
        examples += found
    for response, variations in (loaded.get("responses") or {}).items():
        wordings = tuple(dict(one) for one in variations)
        answers[str(response).removeprefix("utter_")] = Answer(wordings, name)


def check_nlu_files(files: NluFiles, facts: Mapping[str, Any]) -> None:
    """Refuse what would teach or say something wrong.

    Raises:
        ContentError: with the file and what to change in it.
    """
    _check_examples(files)
    for label, answer in files.answers.items():
        if label not in files.labels:
            raise ContentError(
                f"{answer.file}: {label} has an answer and no examples: add an intent {label} with examples"
            )
        for variation in answer.variations:
            for fact in (variation.get("metadata") or {}).get("facts", ()):
                if fact not in facts:
                    raise ContentError(
                        f"{answer.file}: the answer of {label} uses the fact {fact}, which content/facts.yml "
                        "does not have: add it there if the article says it, or take it out"
                    )
    for example in files.examples:
        if example.label.split("/")[0] in WITH_ANSWERS and example.label not in files.answers:
            raise ContentError(
                f"{example.file}: {example.label} has no answer: add utter_{example.label} under responses"
            )


def _check_examples(files: NluFiles) -> None:
    seen: dict[str, Example] = {}
    counted: dict[str, list[Example]] = {}
    for example in files.examples:
        counted.setdefault(example.label, []).append(example)
        before = seen.setdefault(squeeze(example.text), example)
        if before.label != example.label:
            raise ContentError(
                f"{example.file}: the example {example.text!r} stands under {example.label} and, in {before.file}, "
                f"under {before.label}: keep one"
            )
    for label, examples in counted.items():
        if len(examples) < LEAST_EXAMPLES:
            raise ContentError(
                f"{examples[0].file}: {label} has {len(examples)} examples: write at least {LEAST_EXAMPLES}"
            )


def _lines(block: str) -> Iterator[str]:
    return (line.strip().removeprefix("- ").strip() for line in block.splitlines() if line.strip().startswith("- "))
