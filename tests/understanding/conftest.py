"""One encoder for all tests here: building it takes seconds."""

from __future__ import annotations

from pathlib import Path

import pytest

from admissions.understanding.encoder import Encoder, make_encoder


@pytest.fixture(scope="session")
def encoder_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("encoder")
    make_encoder(folder)
    return folder


@pytest.fixture(scope="session")
def encoder(encoder_folder: Path) -> Encoder:
    return Encoder(encoder_folder)
