"""What is wrong with a configuration, in words that are not Python's."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from fatgan.errors import did_you_mean

_PLAIN_WORDS = {
    "tuple_type": "is a list, like [64, 64]",
    "dataclass_type": "is a section of keys",
    "model_type": "is a section of keys",
    "dict_type": "is a section of keys",
    "int_parsing": "is a whole number",
    "int_from_float": "is a whole number",
    "float_parsing": "is a number",
    "finite_number": "is a finite number",
}
"""What to say instead of pydantic's words, which speak of Python."""


def explain(error: Any, schema: type[BaseModel]) -> str:
    """Return one line on the first error of a validation."""
    # pydantic puts the name of a union's member into the path: "penalty.r1_r2.gama"
    path = [str(part) for part in error["loc"]]
    field = schema.model_fields.get(path[0]) if path else None
    where = ".".join([path[0], *path[2:]] if field and field.discriminator else path)
    if error["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
        return f"unknown key '{where}'; {did_you_mean(path[-1], _known_keys(schema, path[:-1]))}"
    if error["type"] == "missing":
        return f"'{where}' is missing"
    given = error.get("input")
    shown = f" (given: {given!r})" if not isinstance(given, dict) else ""
    said = _PLAIN_WORDS.get(error["type"]) or error["msg"].removeprefix("Value error, ")
    return f"'{where}': {said}{shown}"


def _known_keys(model: type[BaseModel], path: list[str]) -> list[str]:
    """Return the keys of the section at ``path``."""
    schema = model.model_json_schema()
    definitions = schema.get("$defs", {})
    here: Any = schema
    for part in path:
        here = here.get("properties", {}).get(part, here)
        mapping = here.get("discriminator", {}).get("mapping", {})
        here = {"$ref": mapping[part]} if part in mapping else here
        if "$ref" in here:
            here = definitions[here["$ref"].rsplit("/", 1)[-1]]
    return sorted(here.get("properties", {}))
