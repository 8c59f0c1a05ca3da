"""The type of a numpy array here: what is in it is said in the docstrings."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]
