"""Reading our own YAML files, with errors that name file and line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from admissions.errors import ContentError
from admissions.settings import ROOT


def read_yaml(path: Path) -> dict[str, Any]:
    """Read one YAML file that holds a map.

    Raises:
        ContentError: the file is missing, is not YAML, or holds something else; names file and line.
    """
    name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ContentError(f"{path.name} is missing: it belongs at {path}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        mark = getattr(problem, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise ContentError(f"{name}{where}: this is not valid YAML ({getattr(problem, 'problem', problem)})") from None
    if not isinstance(loaded, dict):
        raise ContentError(f"{name}: expected a map of keys and values")
    return loaded
