"""Holds conversation scripts against a running assistant, over the HTTP the widget uses."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt

from tests.conversations import expectations
from tests.conversations.script import Opening, Scene, Script, openings
from tests.e2e.assistant import Assistant, Desk, Visitor

#: Visitors at the same time: one alone waits for disks and processes most of the time.
VISITORS = 8

#: All scripts are held before the first is judged: a minute on two free cores, and several on busy ones. Seconds.
ALL_TIMEOUT_S = 900

#: On an emergency card, the way back into an open screening.
GO_ON = "[Go on with the questions]"

#: More steps than any plan has: an opening that needs more goes round in circles.
LONGEST_OPENING = 30

#: Longer than Rasa would keep a session if `session_config` let it run out, in seconds.
A_DAY_S = 25 * 60 * 60


@dataclass(frozen=True)
class Performance:
    """How one script went."""

    script: Script
    failure: str | None  #: what was not as written, with the conversation up to there


def perform_all(scripts: Sequence[Script], assistant: Assistant, desk: Desk) -> list[Performance]:
    """Hold every script with a session of its own, some at a time; the end of a few needs a quiet moment.

    A card waits for nothing (CARD_TIMEOUT_S in admissions/dialogue/emergency.py): where others press on the same two
    cores, the button back into the questions may be left out of it.
    """
    with ThreadPoolExecutor(VISITORS) as pool:
        stages = list(pool.map(lambda script: Stage(assistant, desk, script).open(), scripts))
        lively = [None if stage.needs_quiet else pool.submit(stage.perform) for stage in stages]
    return [held.result() if held else stage.perform() for held, stage in zip(lively, stages, strict=True)]


class Stage:
    """One visitor, the assistant and the admissions desk."""

    def __init__(self, assistant: Assistant, desk: Desk, script: Script) -> None:
        self._script = script
        self._failure: str | None = None
        self._assistant = assistant
        self._desk = desk
        self._visitor: Visitor = assistant.visitor()
        self._told: list[str] = []

    @property
    def needs_quiet(self) -> bool:
        """Say whether a button of an emergency card is tapped."""
        return any(GO_ON in scene.visitor for scene in self._script.scenes)

    def open(self) -> Stage:
        """Get to the question that the script begins with."""
        if self._script.opening:
            self._try(self._open, self._script.opening)
        return self

    def perform(self) -> Performance:
        """Hold the script up to its end or to the first thing that is not as written."""
        for scene in self._script.scenes:
            if self._failure is None:
                self._try(self._play, scene)
        return Performance(self._script, self._failure)

    def _try(self, act: Callable[[Any], None], what: Opening | Scene) -> None:
        try:
            act(what)
        except AssertionError as failed:
            self._failure = "\n".join([str(failed), "", *self._told])

    def _open(self, opening: Opening) -> None:
        ways = openings()[opening.plan]
        self._do(ways["opens"])
        for _ in range(LONGEST_OPENING):
            step = expectations.open_question(self._visitor.last)
            if step == opening.at:
                return
            assert step in ways[opening.about], f"on the way to {opening.at}: {step} is open"
            self._do(ways[opening.about][step])
        raise AssertionError(f"{opening.at} is never asked")

    def _play(self, scene: Scene) -> None:
        for said in scene.visitor:
            self._do(said)
        expectations.check(scene.assistant, self._visitor.last)
        if "sent" in scene.assistant:
            expectations.check_sent(scene.assistant["sent"], self._desk, self._conversation)
        if scene.assistant.get("nothing_sent"):
            assert not self._handed_over(), "something was handed over"

    def _do(self, said: str) -> None:
        self._told.append(f"> {said}")
        if said.startswith("["):
            self._visitor.tap(said[1:-1])
        elif said == "(reloads the page)":
            self._visitor.last = _last_answer(self._visitor)
        elif said == "(a day passes)":
            self._let_a_day_pass()
        else:
            self._visitor.say(said)
        self._told += [f"< {message['text']}" for message in self._visitor.last]
        expectations.check_always(self._visitor.last)

    @property
    def _conversation(self) -> str:
        return str(jwt.decode(self._visitor.token, options={"verify_signature": False})["sub"])

    def _handed_over(self) -> bool:
        with sqlite3.connect(_database(self._assistant.var, "handoffs"), timeout=10) as database:
            found = database.execute("SELECT 1 FROM handoffs WHERE conversation_id = ?", [self._conversation])
            return found.fetchone() is not None

    def _let_a_day_pass(self) -> None:
        """Make all that Rasa remembers of this conversation a day older: its own clock cannot be set from here."""
        with sqlite3.connect(_database(self._assistant.var, "events"), timeout=10) as database:
            kept = database.execute("SELECT id, data FROM events WHERE sender_id = ?", [self._conversation]).fetchall()
            assert kept, "there is nothing to grow old"
            for number, data in kept:
                event = json.loads(data)
                event["timestamp"] -= A_DAY_S
                database.execute(
                    "UPDATE events SET timestamp = ?, data = ? WHERE id = ?",
                    [event["timestamp"], json.dumps(event), number],
                )
        self._visitor.last = _last_answer(self._visitor)


def _last_answer(visitor: Visitor) -> list[dict[str, object]]:
    """Return what stands below the visitor's last message on a page that was loaded anew."""
    history = visitor.history()
    spoken = max((number for number, message in enumerate(history) if message["from"] == "visitor"), default=-1)
    return history[spoken + 1 :]


def _database(var: Path, table: str) -> Path:
    for path in var.glob("*.db"):
        with sqlite3.connect(path, timeout=10) as database:
            if re.search(
                rf"\b{table}\b", " ".join(row[0] for row in database.execute("SELECT name FROM sqlite_master"))
            ):
                return path
    raise AssertionError(f"no database under {var} holds {table}")
