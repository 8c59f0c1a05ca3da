"""N-grams: one text's row is what the whole training set's was."""

from __future__ import annotations

import numpy as np
import pytest

from admissions.understanding.ngrams import SHARE_CHARACTERS, SHARE_WORDS, NGrams

TEXTS = ["how long does it take", "how many hours a week", "do i sleep there", "sleep sleep sleep"]


@pytest.mark.parametrize("place", range(len(TEXTS)))
def test_a_training_text_alone_has_the_row_it_had_in_training(place: int) -> None:
    ngrams, counts = NGrams.fit(TEXTS)

    assert np.allclose(ngrams.row(TEXTS[place]).toarray(), ngrams.weigh(counts)[place].toarray(), atol=1e-6)


def test_the_counts_of_a_text_are_how_often_each_of_its_n_grams_stands_in_it() -> None:
    ngrams, counts = NGrams.fit(TEXTS)

    first = len(ngrams.vocabularies["characters"])
    words = {word: counts[3, first + column] for word, column in ngrams.vocabularies["words"].items()}
    assert {word: times for word, times in words.items() if times} == {"sleep": 3, "sleep sleep": 2}


def test_a_text_is_as_like_itself_as_the_shares_allow() -> None:
    ngrams, _ = NGrams.fit(TEXTS)
    row = ngrams.row(TEXTS[0])

    assert (row @ row.T).toarray().item() == pytest.approx(SHARE_CHARACTERS + SHARE_WORDS, abs=1e-5)


@pytest.mark.parametrize("text", ["", "🙏", "xyzzyx"])
def test_a_text_without_a_known_word_has_an_empty_or_a_small_row(text: str) -> None:
    ngrams, rows = NGrams.fit(TEXTS)
    row = ngrams.row(text)

    assert row.shape == (1, rows.shape[1])
    assert np.isfinite(row.data).all()


def test_among_many_texts_what_only_one_of_them_says_teaches_nothing() -> None:
    # given thirty words, each in ten texts, and one in a single text
    many = [chr(ord("a") + number % 30 % 26) * (3 + number % 30 // 26) for number in range(300)]

    # when
    ngrams, _ = NGrams.fit([*many, "1234"])

    # then
    assert ngrams.row("1234").nnz == 0
    assert ngrams.row("aaa").nnz > 0


def test_among_many_texts_what_nearly_all_of_them_say_teaches_nothing() -> None:
    ngrams, _ = NGrams.fit([f"{chr(ord('a') + number % 26) * 3} really" for number in range(300)])

    assert "really" not in ngrams.vocabularies["words"]
    assert "aaa" in ngrams.vocabularies["words"]


def test_among_few_texts_every_word_counts() -> None:
    ngrams, _ = NGrams.fit([*TEXTS, "zzqz"])

    assert ngrams.row("zzqz").nnz > 0
