"""Held-out messages on disk: one a line, `label TAB message`; comments and empty lines are left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from admissions.errors import ContentError

#: Joins the labels of a message that asks several things, in the order asked.
SEVERAL = "+"
#: Parts the messages, and the labels, of a dialogue whose later messages lean on the earlier ones.
TURN = "||"


@dataclass(frozen=True)
class Labelled:
    """One held-out message, the label a careful reader gives it, and the name of its file."""

    label: str
    text: str
    source: str


def read_labelled(path: Path) -> list[Labelled]:
    """Return the messages of one file; a bare facet gets its `faq/`.

    Raises:
        ContentError: the file is missing, or a line has no label or no message; names file and line.
    """
    return [Labelled(_full(label), text, path.stem) for label, text in _lines(path)]


def read_dialogues(path: Path) -> list[list[Labelled]]:
    """Return the dialogues of one file, `label || label TAB message || message`.

    Raises:
        ContentError: as `read_labelled`, or a dialogue has not one label a message.
    """
    dialogues = []
    for label, text in _lines(path):
        labels, texts = [one.strip() for one in label.split(TURN)], [one.strip() for one in text.split(TURN)]
        if len(labels) != len(texts):
            raise ContentError(f"{path.name}: {len(labels)} labels for {len(texts)} messages in {text!r}")
        dialogues.append([Labelled(_full(a), b, path.stem) for a, b in zip(labels, texts, strict=True)])
    return dialogues


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    if not path.is_file():
        raise ContentError(f"{path} is missing")
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        label, tab, text = line.partition("\t")
        if not tab or not label.strip() or not text.strip():
            raise ContentError(f"{path.name}, line {number}: expected label TAB message")
        yield label.strip(), text


def _full(label: str) -> str:
    return SEVERAL.join(f"faq/{one}" if "__" in one and "/" not in one else one for one in label.split(SEVERAL))
