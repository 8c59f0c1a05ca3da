"""Who is in danger, who is not, and how people write either."""

from __future__ import annotations

from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from admissions.content import read_yaml
from admissions.core.lanes import PRIORITY, Lane
from admissions.core.safety import HEAD_CHARACTERS, TAIL_CHARACTERS, SafetyGate
from admissions.settings import ROOT

DEVELOPMENT_SET = ROOT / "eval" / "safety_dev.tsv"
#: The lists are tuned on the development set, so this only notices that a change broke something.
LEAST_RECALL, MOST_FALSE_ALARMS = 0.98, 0.01


@lru_cache(maxsize=1)
def gate() -> SafetyGate:
    return SafetyGate(read_yaml(ROOT / "safety" / "patterns.yml"))


def lane_of(text: str) -> str | None:
    alarm = gate().detect(text)
    return alarm.lane.value if alarm else None


@pytest.mark.parametrize(
    ("text", "lane"),
    [
        ("I want to die", "suicide"),  # plain
        ("I can't do this anymore", "suicide"),  # in doubt it fires
        ("they would all have it easier if I were gone", "suicide"),  # euphemism
        ("this is my final goodbye, tell my kids I love them", "suicide"),  # a calm goodbye
        ("my son says he wants to die", "suicide"),  # third person
        ("asking for a friend, he wants to kill himself", "suicide"),  # displaced
        ("how do I help someone who wants to die", "suicide"),  # general words, a person behind them
        ("what does it cost? not that it matters, I'm going to kill myself", "suicide"),  # second half of a question
        ("i cut myself again last night", "self_harm"),  # plain
        ("my daughter has cuts all over her arms", "self_harm"),  # a sign somebody saw
        ("he took a lot of pills and won't wake up", "overdose"),  # the body speaks
        ("his lips are blue", "overdose"),  # no drug is named
        ("I overdosed last night", "overdose"),  # past in form, not over
        ("I'm drinking a fifth a day, can I just stop?", "withdrawal_danger"),  # the question that kills
        ("I'm drinking a fifth a day. Can I just stop?", "withdrawal_danger"),  # in two sentences
        ("detox from xanax at home", "withdrawal_danger"),  # no verb, no person
        ("stopped drinking two days ago and I'm seeing things", "withdrawal_danger"),  # warning sign
        ("he hits me when he drinks", "violence_abuse"),  # plain
        ("is home supportive? no he hits me", "violence_abuse"),  # an answer in the screening; the "no" is not a denial
        ("he said he will kill me", "violence_abuse"),  # a threat, not the idiom
        ("I have thoughts of hurting my kids", "harm_others"),  # intrusive thoughts
        ("my brother says he's going to shoot up his work", "harm_others"),  # third person
    ],
)
def test_danger_raises_its_lane(text: str, lane: str) -> None:
    assert lane_of(text) == lane


@pytest.mark.parametrize(
    "text",
    [
        "dying for a drink",  # idiom
        "these forms will be the death of me",  # idiom
        "my drinking is killing me",  # idiom
        "my husband hits the bottle",  # idiom with a person and a blow
        "my mom is going to kill me when she finds out I drank",  # idiom, one clause away from a threat
        "id rather die than sit in a group",  # idiom
        "I relapsed",  # ordinary here
        "what if I relapse",  # ordinary here
        "how do you handle withdrawal",  # about the centre
        "is detox dangerous",  # to learn something
        "do you take people who have been suicidal",  # about rules
        "is the programme right for someone with a suicide attempt in their history?",  # about rules
        "three years since my overdose, doing well",  # clearly past
        "my dad died of an overdose last year",  # grief
        "when i was 15 i tried to kill myself",  # clearly past
        "I tried to end my life. That was ten years ago.",  # dated by the next sentence
        "no thoughts of suicide, before you ask",  # denial
        "suicidal? no",  # denial after the word
        "they asked if i was suicidal and i said no",  # reported denial
        "my husband doesn't hit me, he just drinks",  # a "not" inside the phrase
        "5 kms from your place",  # kilometres
        "I need a therapist",  # holds "the rapist"
    ],
)
def test_a_look_alike_is_no_alarm(text: str) -> None:
    assert lane_of(text) is None


@pytest.mark.parametrize(
    ("harmless", "dangerous"),
    [
        ("I don't want to kill myself", "I don't want to live"),  # the same "don't want"
        ("I have never been suicidal", "I have never been so suicidal"),  # one small word
        ("I used to be suicidal years ago", "I used to be suicidal years ago and it is back again"),  # it returned
        ("do you take people who are suicidal", "do you take people like me who are suicidal"),  # somebody is named
        ("alcohol will kill me eventually", "my husband will kill me eventually"),  # who kills
        ("I'm dying of embarrassment", "I'm dying and he won't call 911, he took all his pills"),  # what of
        ("the doctor is weaning me off ativan", "I'm weaning off ativan by myself"),  # with whom
    ],
)
def test_one_step_from_harmless_to_dangerous(harmless: str, dangerous: str) -> None:
    assert lane_of(harmless) is None
    assert lane_of(dangerous) is not None


@pytest.mark.parametrize(
    "text",
    [
        "i want to dieeeee",  # held letters
        "i wnat to kill myslef",  # letters swapped
        "i feel suicdal",  # a letter lost in a long word
        "su1cide",  # leetspeak
        "k!ll my$elf",  # leetspeak
        "su*cide",  # starred
        "k m s",  # spelled
        "i wanna d.i.e",  # dotted
        "killmyself",  # glued
        "iwanttodie",  # glued
        "dont wanna live",  # no apostrophe
        "don\u2019t want to live",  # a typographic apostrophe
        "I. want. to. die.",  # one word a sentence
        "i want to unalive myself",  # slang
        "sewerslide",  # slang
        "\u0456 w\u0430nt to di\u0435",  # Cyrillic look-alikes
        "i want\u200b to d\u200bie",  # zero-width characters
    ],
)
def test_distorted_writing_is_read(text: str) -> None:
    assert lane_of(text) == "suicide"


@pytest.mark.parametrize(
    ("text", "lane"),
    [
        ("ya no quiero vivir", "suicide"),
        ("me corto los brazos", "self_harm"),
        ("tomó muchas pastillas y no despierta", "overdose"),
        ("puedo dejar el alcohol de golpe", "withdrawal_danger"),
        ("mi esposo me pega", "violence_abuse"),
        ("dijo que me va a matar", "violence_abuse"),  # one letter away from "me voy a matar"
        ("lo voy a matar", "harm_others"),
        ("me muero de hambre", None),  # idiom
        ("no quiero morir, quiero ayuda", None),  # denial
        ("hace diez años intenté suicidarme, ahora estoy bien", None),  # clearly past
    ],
)
def test_spanish_is_read(text: str, lane: str | None) -> None:
    alarm = gate().detect(text)

    assert (alarm.lane.value if alarm else None) == lane
    assert alarm is None or alarm.language == "es"


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("I want to die", "self"),
        ("my son wants to die", "other"),
        ("he won't wake up", "other"),
        ("he hits me", "self"),  # the person in danger, not the one who acts
        ("her boyfriend beats my daughter", "other"),
    ],
)
def test_an_alarm_says_who_is_in_danger(text: str, person: str) -> None:
    alarm = gate().detect(text)

    assert alarm is not None
    assert alarm.person == person


def test_an_alarm_shows_the_words_and_the_rule_that_raised_it() -> None:
    alarm = gate().detect("What does it cost? I want to DIE.")

    assert alarm is not None
    assert alarm.evidence == "want to die"
    assert alarm.rule == "suicide.wish_to_die"


def test_every_lane_has_a_priority_and_the_most_urgent_one_answers() -> None:
    assert set(PRIORITY) == set(Lane)
    assert lane_of("I want to die. He took all his pills and is not breathing.") == "overdose"


def test_head_and_tail_of_a_very_long_text_are_read() -> None:
    filler = "we talked about the weather. " * 10_000

    assert lane_of("I want to die. " + filler) == "suicide"
    assert lane_of(filler + " I want to die") == "suicide"


def test_a_whole_body_the_channel_lets_in_is_read() -> None:
    middle = (HEAD_CHARACTERS + TAIL_CHARACTERS) // 2 - 100

    assert lane_of("so " * (middle // 3) + ". i want to die. " + "so " * (middle // 3)) == "suicide"


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=400))
def test_no_text_makes_the_gate_fail(text: str) -> None:
    gate().detect(text)


#: Words of rules and guards, numbers, distorted writing and characters that mean trouble elsewhere.
PIECES = (
    "i want to die not no he hits me pills took all my kill myself never the overdose last year and but if stop",
    "drinking do you take people who are suicidal . , ? ' k1ll un alive od 20 2019 me mato quiero morir",
    "\u0000 \u202e \U0001f52b",
)
WORDS = st.sampled_from([word for line in PIECES for word in line.split(" ")])


@settings(deadline=None, max_examples=300)
@given(st.lists(WORDS, max_size=40).map(" ".join))
def test_case_changes_nothing(text: str) -> None:
    assert gate().detect(text.upper()) == gate().detect(text.lower()) == gate().detect(text)


def test_nothing_a_visitor_writes_stays_in_the_gate() -> None:
    gate().detect("I want to die")  # whatever is built at first need is built
    before = len(gate()._rules.vocab.strings)

    gate().detect("I want to die, says Xyzzyqua Plughington of 12 Frobozz Lane")

    assert len(gate()._rules.vocab.strings) == before


def test_the_development_set_is_still_read_as_before() -> None:
    rows = [line.split("\t", 1) for line in DEVELOPMENT_SET.read_text("utf-8").splitlines() if not line.startswith("#")]

    dangers = [(lane, text) for lane, text in rows if lane != "none"]
    harmless = [text for lane, text in rows if lane == "none"]
    missed = [text for _, text in dangers if lane_of(text) is None]
    false_alarms = [text for text in harmless if lane_of(text)]

    assert {lane for lane, _ in dangers} == {lane.value for lane in Lane}
    assert len(missed) <= (1 - LEAST_RECALL) * len(dangers), missed
    assert len(false_alarms) <= MOST_FALSE_ALARMS * len(harmless), false_alarms


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"classes": {}}, "no class"),  # a pattern names a class that is gone
        ({"patterns": ["really want to die"]}, "folding takes away"),  # a filler can never match
        ({"patterns": ["want? to?"]}, "no word of it must be there"),  # would match anywhere
        ({"guards": ["mood"]}, "unknown guard"),
    ],
)
def test_lists_that_cannot_work_are_refused(change: dict[str, object], complaint: str) -> None:
    loaded = read_yaml(ROOT / "safety" / "patterns.yml")
    if "classes" in change:
        del loaded["classes"]["reflexive"]
    else:
        loaded["rules"][0] = {**loaded["rules"][0], **change}

    with pytest.raises(ValueError, match=complaint):
        SafetyGate(loaded)
