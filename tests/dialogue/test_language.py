"""Which language a message is in: other languages are noticed, English never pays for it."""

from __future__ import annotations

import pytest

from admissions import content
from admissions.core.language import UNKNOWN, foreign_language
from admissions.dialogue.common_words import COMMONEST_WORDS

SENTENCES = {
    "es": [
        "Necesito ayuda para mi hijo",
        "¿Cuánto cuesta el tratamiento?",
        "Hola, ¿hablan español?",
        "quiero hablar con una persona",
        "no hablo ingles, puede ayudarme por favor",
        "telefono",
    ],
    "fr": [
        "Je cherche de l'aide pour mon fils",
        "Est-ce que vous avez une place pour elle ?",
        "Combien de temps dure le programme ?",
    ],
    "de": [
        "Ich brauche Hilfe für meinen Sohn",
        "Wie lange dauert das Programm?",
        "Können Sie mir bitte helfen?",
    ],
    "pt": [
        "Preciso de ajuda para o meu filho",
        "Eu não sei o que fazer com ele",
        "Vocês podem me ajudar hoje?",
    ],
    "it": [
        "Ho bisogno di aiuto per mio figlio",
        "Non so più che cosa fare con lui",
        "Mi potete aiutare per favore?",
    ],
    "pl": [
        "Potrzebuję pomocy dla mojego syna",
        "Nie wiem co mam zrobić",
        "Czy on może tam być przez cały czas?",
    ],
    "tl": [
        "Kailangan ko ng tulong para sa anak ko",
        "Magkano po ang programa ninyo?",
        "Ano ba ang IOP?",
    ],
    "tr": [
        "Oğlum için yardıma ihtiyacım var",
        "Bu program ne kadar sürüyor?",
        "Onun için ne yapabilirim, çok kötü bir durumda",
    ],
    "vi": [
        "Tôi cần giúp đỡ cho con trai tôi",
        "Chương trình này kéo dài bao lâu?",
        "Tôi không biết phải làm gì",
    ],
    "ht": [
        "Mwen bezwen ed pou pitit mwen",
        "Konbyen tan pwogram nan dire?",
        "Mwen pa konnen kisa pou m fè",
    ],
}

OTHER_LETTERS = [
    "Мне нужна помощь для сына",
    "Мій син потребує допомоги",
    "我儿子需要帮助",
    "助けてください",
    "도와주세요",
    "أحتاج مساعدة لابني",
    "به کمک نیاز دارم",
    "मुझे मदद चाहिए",
    "Χρειάζομαι βοήθεια",
    "אני צריך עזרה",
    "ฉันต้องการความช่วยเหลือ",
    "ДА",
    "что такое IOP?",  # one word of ours among theirs
]

SPANISH_WANTED = [
    "do you speak spanish",
    "Do you speak Spanish?",
    "does anyone speak spanish there",
    "is there someone who speaks spanish",
    "can i talk to someone in spanish",
    "in spanish please",
    "spanish",
    "Spanish please",
    "español",
    "en español por favor",
    "hablan español",
    "¿Habla español?",
    "se habla espanol",
    "ayuda",
    "¡AYUDA!",
    "ayúdame por favor",
    "hola ayuda",
    "necesito ayuda",
    "auxilio",
    "no hablo inglés",
]

ENGLISH = [
    "what is iop",
    "i need help for my son",
    "how is iop different from php",
    "me and my son no sleep",
    "no no no me no",
    "is there a program in San Luis de la Paz",
    "my name is Ana de los Santos",
    "des moines iowa",
    "i live in los angeles ca",
    # single letters and figures, as on a phone at night: "o", "e", "y" are words elsewhere
    "I a o e u",
    "y r u a bot",
    "do u do iop in de",
    "is a 9 hr iop ok 4 me",
    "can i come in 2 x a week",
    "i m ok n u",
    # words that are spelled alike in another language
    "was so los",
    "die man in was also so",
    "pour me a drink",
    "non alcoholic drinks",
    "na i dont think so",
    "yo is this thing on",
    "ok so ang told me to come",
    "do u do tan for me",
    # Spanish is spoken of, not asked for
    "my husband speaks spanish but i do not, how long is iop",
    "he is in spanish class at school",
    "i moved here from Spanish Fork last year",
    # letters that are English too, or no letters
    "naïve café, Beyoncé",
    "my name is Иван",
    "thanks \U0001f64f\U0001f64f\U0001f64f",
    ":) :) ^_^",
    "½ of the week",
]


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in SENTENCES.items() for text in texts])
def test_another_language_is_noticed(code: str, text: str) -> None:
    assert foreign_language(text, COMMONEST_WORDS) == code


@pytest.mark.parametrize("text", OTHER_LETTERS)
def test_another_script_is_noticed_without_being_told_apart(text: str) -> None:
    assert foreign_language(text, COMMONEST_WORDS) == UNKNOWN


@pytest.mark.parametrize("text", SPANISH_WANTED)
def test_asking_for_spanish_gets_it_in_however_few_words(text: str) -> None:
    assert foreign_language(text, COMMONEST_WORDS) == "es"


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_no_other_language(text: str) -> None:
    assert foreign_language(text, COMMONEST_WORDS) is None


def test_no_message_the_assistant_is_trained_on_is_in_another_language() -> None:
    # noise is in none: "la la la"
    examples = [example for example in content.nlu_files().examples if example.label != "out_of_scope/noise"]
    # asking for Spanish in English gets the Spanish answer on purpose
    examples = [example for example in examples if "spanish" not in example.text.lower()]

    assert {one.text for one in examples if foreign_language(one.text, COMMONEST_WORDS)} == set()


@pytest.mark.parametrize(
    "text", ["no", "si", "hola", "por favor", "ja bitte", "tak", "oo po", "я", "", "???", "\U0001f622"]
)
def test_two_words_say_too_little(text: str) -> None:
    assert foreign_language(text, COMMONEST_WORDS) is None


@pytest.mark.parametrize("name", ["Leonardo da Vinci", "Charles de Gaulle", "Ana Maria dos Santos"])
def test_a_name_with_one_such_word_is_in_no_language(name: str) -> None:
    assert foreign_language(name, COMMONEST_WORDS) is None


@pytest.mark.parametrize("name", ["Maria de la Cruz", "Juan de la Rosa"])
def test_a_name_with_two_such_words_is_taken_for_spanish_so_an_open_intake_does_not_ask(name: str) -> None:
    # Known and accepted: by its words alone such a name is Spanish. Where a name is asked for, turns.py does not look
    # at the language (offers.is_short_answer, and test_turns.py holds it).
    assert foreign_language(name, COMMONEST_WORDS) == "es"


def test_every_known_word_is_folded_and_english_wins_in_doubt() -> None:
    english = COMMONEST_WORDS["en"]
    for code, words in COMMONEST_WORDS.items():
        if code != "en":
            assert not words & english
            assert all(len(word) > 1 for word in words)
