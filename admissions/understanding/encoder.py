"""The sentence encoder at work: a text in, its meaning as floats out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from admissions.errors import ContentError
from admissions.understanding.arrays import Array
from admissions.understanding.encoder_graph import (
    TOKENIZER_SHA256,
    WEIGHTS_SHA256,
    WORD_ROWS,
    build_encoder,
    read_published,
    read_weights,
    weights_folder,
)

#: Longer messages are cut here, in word pieces: the model was trained on 128 and reads up to 512.
MAX_TOKENS = 256

GRAPH_FILE, TOKENIZER_FILE = "encoder.onnx", "tokenizer.json"


def session(graph: bytes) -> onnxruntime.InferenceSession:
    """Return a graph ready to run on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # A second thread makes 8-bit work slower, and a spinning one takes the core from the server.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


class Encoder:
    """Encodes one sentence at a time: 8-bit scales depend on the batch, and training must see what serving sees."""

    def __init__(self, folder: Path) -> None:
        """Load the encoder that `make_encoder` wrote into `folder`.

        Raises:
            ContentError: a file is missing or cannot be read.
        """
        try:
            self._tokenizer = Tokenizer.from_str((folder / TOKENIZER_FILE).read_text(encoding="utf-8"))
            # From bytes, so that the folder (Rasa unpacks models into a temporary one) may go away.
            self._session = session((folder / GRAPH_FILE).read_bytes())
        except Exception as problem:  # onnxruntime and tokenizers raise their own, partly plain Exception
            raise ContentError(
                f"the sentence encoder in the model cannot be read ({problem}): train again"
            ) from problem
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)

    def encode(self, text: str) -> Array:
        """Return the published sentence embedding of `text`: 384 floats of length 1."""
        return np.asarray(self.layers(text)[-1])

    def layers(self, text: str) -> Array:
        """Return the last three layers' embeddings, one a row: 3 x 384 floats, each row of length 1."""
        return self.states(text)[0]

    def states(self, text: str) -> tuple[Array, Array]:
        """Return `layers` of a text, and its tokens' states below the layers that the safety signal has for itself."""
        ids = np.array(self._tokenizer.encode(text).ids, dtype=np.int64)
        sentence, lower = self._session.run(["sentence", "lower"], {"ids": ids})
        return np.asarray(sentence, dtype=np.float32), np.asarray(lower, dtype=np.float32)

    def whole_words(self) -> frozenset[str]:
        """Return the words the encoder knows in one piece: spelling leaves them alone."""
        return frozenset(word for word in self._tokenizer.get_vocab() if word.isalpha())


def make_encoder(folder: Path, sha256: str = WEIGHTS_SHA256) -> Encoder:
    """Build the encoder from the installed weights into `folder` and load it from there.

    Raises:
        ContentError: the weights are missing or altered, or the tokenizer is.
    """
    source = weights_folder()
    weights = read_weights(source, sha256)
    tokenizer = read_published(source / TOKENIZER_FILE, TOKENIZER_SHA256)
    # Pieces that no English message holds: blank rows pack to nothing, a megabyte of the model.
    vocabulary = Tokenizer.from_str(tokenizer.decode("utf-8")).get_vocab()
    unused = [row for piece, row in vocabulary.items() if not piece.isascii() or piece.startswith("[unused")]
    weights[WORD_ROWS] = weights[WORD_ROWS].copy()
    weights[WORD_ROWS][unused] = 0.0
    build_encoder(weights, folder / GRAPH_FILE)
    (folder / TOKENIZER_FILE).write_bytes(tokenizer)
    return Encoder(folder)
