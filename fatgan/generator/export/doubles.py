"""``keras.ops`` in double precision: what stands for ``xp`` in an exported graph."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from keras import ops


class Doubles:
    """``keras.ops`` that takes plain numbers for float64, as NumPy does.

    Keras itself rounds a number that meets no tensor to float32, and with it the edges and the
    masses of the formulas.
    """

    def __getattr__(self, name: str) -> Callable[..., Any]:
        operation = getattr(ops, name)

        def with_doubles(*values: Any, **options: Any) -> Any:
            return operation(*map(_double, values), **options)

        return with_doubles


def _double(value: Any) -> Any:
    return ops.convert_to_tensor(value, "float64") if isinstance(value, float) else value


DOUBLES = Doubles()
"""The ``xp`` of every formula in the graph."""
