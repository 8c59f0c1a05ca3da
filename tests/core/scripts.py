"""Conversations with the front desk, written down as scripts.

A line with `>` is the visitor, a line with `<` what the desk replies. `>` takes a tapped button as `/intent` (and the
line to change as `/go_back name`), and words with what the model understood in braces: `> what is php? {faq}`.
"""

from __future__ import annotations

import re

from admissions import content
from admissions.core.front_desk import advance, start
from admissions.core.intake import (
    AskConsent,
    ChooseChange,
    Example,
    Interruption,
    Line,
    Progress,
    Question,
    Reply,
    ShowPreview,
    Turn,
    Why,
)
from admissions.core.steps import Plan

SCRIPT = content.script()
RULES = content.topic_rules()


def hold(conversation: str, plan: Plan = Plan.SCREENING) -> Progress:
    """Hold a conversation, compare every reply with the script, and return where it ended."""
    progress: Progress | None = None
    for line in filter(None, map(str.strip, conversation.splitlines())):
        if line.startswith(">"):
            turn = _turn(line[1:].strip())
            progress = start(SCRIPT, plan, turn) if progress is None else advance(SCRIPT, progress.state, turn)
        else:
            assert progress is not None
            assert f"< {replied(progress)}" == line, f"after {turn}: {replied(progress)}"
    assert progress is not None
    return progress


def _turn(said: str) -> Turn:
    if said.startswith("/"):
        intent, _, step = said[1:].partition(" ")
        return Turn(f"[{intent}]", intent, tapped=True, step=step or None)
    words, intent = re.fullmatch(r"(.*?)(?: \{(\w+)\})?", said).groups()
    return Turn(words, intent)


def replied(progress: Progress) -> str:
    """Return the replies of a turn as a script writes them."""
    replies = [_in_words(reply) for reply in progress.replies]
    if progress.outcome:
        replies.append(f"END {progress.outcome.value}")
    return " · ".join(replies)


def _in_words(reply: Reply) -> str:
    match reply:
        case Line():
            assert reply.name in SCRIPT.lines
            return f"say {reply.name}"
        case Question():
            return f"ask {reply.step}"
        case Why():
            return f"why {reply.step}"
        case Example():
            return f"example {reply.step}"
        case Interruption():
            return "answer"
        case ShowPreview():
            return "preview"
        case AskConsent():
            return "ask consent"
        case ChooseChange():
            return "which line"


#: A screening up to its preview, from which the corrections start.
UP_TO_PREVIEW = """
    > /start_screening
    < say start_screening · ask danger_now
    > no
    < ask about
    > me
    < ask adult
    > yes
    < ask interest
    > IOP
    < ask medical_need
    > no
    < ask home_support
    > no
    < ask withdrawal
    > not sure
    < ask mental_health
    > no
    < ask reasons
    > a short relapse
    < ask substances
    > alcohol and weed
    < ask name
    > Sam
    < ask reach
    > 719-555-0134
    < ask when
    > after 5 on weekdays
    < ask permissions
    > text only
    < preview
"""

#: The first steps, up to a question that is answered by a choice.
AT_INTEREST = """
    > /start_screening
    < say start_screening · ask danger_now
    > no
    < ask about
    > me
    < ask adult
    > 34
    < ask interest
"""
