"""Holds conversation scripts against a running assistant, over the HTTP the widget uses."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import jwt

from tests.conversations import expectations
from tests.conversations.script import Opening, Scene, Script, openings
from tests.e2e.assistant import Assistant, Desk, Visitor

#: Visitors at the same time: enough to keep the model and the action server busy, few enough for two cores.
VISITORS = 6

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
    """Hold every script with a session of its own, some at a time; those with an emergency one after the other.

    A card waits for nothing (CARD_TIMEOUT_S in admissions/dialogue/emergency.py): where five others press on the same
    two cores, the button back into the questions may be left out of it.
    """

    def perform(script: Script) -> Performance:
        return Stage(assistant, desk).perform(script)

    with ThreadPoolExecutor(VISITORS) as pool:
        held = dict(zip(scripts, pool.map(lambda one: None if one.has_card else perform(one), scripts), strict=True))
    return [held[script] or perform(script) for script in scripts]


class Stage:
    """One visitor, the assistant and the admissions desk."""

    def __init__(self, assistant: Assistant, desk: Desk) -> None:
        self._assistant = assistant
        self._desk = desk
        self._visitor: Visitor = assistant.visitor()
        self._told: list[str] = []

    def perform(self, script: Script) -> Performance:
        """Hold one script up to its end or to the first thing that is not as written."""
        try:
            if script.opening:
                self._open(script.opening)
            for scene in script.scenes:
                self._play(scene)
        except AssertionError as failed:
            return Performance(script, "\n".join([str(failed), "", *self._told]))
        return Performance(script, None)

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
