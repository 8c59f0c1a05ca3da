"""The closed set of dangers the assistant answers before anything else."""

from __future__ import annotations

from enum import Enum


class Lane(Enum):
    """A kind of danger; the order is the contract's, not the priority."""

    SUICIDE = "suicide"  #: somebody may end their life, in plain, indirect or calm words
    SELF_HARM = "self_harm"  #: somebody hurts their own body, with no word of dying
    OVERDOSE = "overdose"  #: too much was taken, or the body shows it: no waking, no breathing
    WITHDRAWAL_DANGER = (
        "withdrawal_danger"  #: stopping alcohol or benzodiazepines alone, or warning signs after stopping
    )
    VIOLENCE_ABUSE = "violence_abuse"  #: somebody is hurt, threatened, held or forced by another
    HARM_OTHERS = "harm_others"  #: somebody may hurt or kill another


#: Which lane answers when a message raises several: the danger that kills soonest first. The suicide card also carries
#: 911, so it goes before violence; self-harm comes last because whatever is said beside it is more urgent.
PRIORITY: tuple[Lane, ...] = (
    Lane.OVERDOSE,
    Lane.SUICIDE,
    Lane.HARM_OTHERS,
    Lane.VIOLENCE_ABUSE,
    Lane.WITHDRAWAL_DANGER,
    Lane.SELF_HARM,
)
