"""Cut expressions: ``Q2 > 4 and y < 0.95`` over columns, without running any code.

The expression's syntax tree is checked against a short list of what may stand in it before
pandas evaluates it: numbers, names, comparisons, arithmetic, and/or/not, and a few functions.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import ConfigError, SchemaError, did_you_mean
from fatgan.events.beam_columns import BEAM_COLUMNS
from fatgan.events.observables import OBSERVABLES
from fatgan.events.table import EventTable

FUNCTIONS = (
    *("abs", "sqrt", "exp", "log", "log10", "sin", "cos", "tan", "arcsin", "arccos", "arctan"),
    *("arctan2", "sinh", "cosh", "tanh", "arcsinh", "floor", "ceil"),
)
"""Functions a cut may call, by their NumPy names."""

_ALLOWED = (
    *(ast.Expression, ast.Constant, ast.Name, ast.Load, ast.Call, ast.BoolOp, ast.And, ast.Or),
    *(ast.UnaryOp, ast.Not, ast.Invert, ast.USub, ast.UAdd, ast.BinOp, ast.Add, ast.Sub, ast.Mult),
    *(ast.Div, ast.Mod, ast.Pow, ast.BitAnd, ast.BitOr, ast.Compare, ast.Eq, ast.NotEq),
    *(ast.Lt, ast.LtE, ast.Gt, ast.GtE),
)

_REFUSALS = (
    *(TypeError, ValueError, AttributeError, NameError, SyntaxError),
    *(NotImplementedError, ArithmeticError, RecursionError),
)
"""What pandas raises for expressions that make no sense, e.g. ``~px``."""


@dataclass(frozen=True)
class Cut:
    """A checked expression and the names that stand in it."""

    expression: str
    names: frozenset[str]

    @classmethod
    def parse(cls, expression: str) -> Cut:
        """Check an expression.

        Raises
        ------
        ConfigError
            It is no expression, names no column, or holds what a cut may not hold.
        """
        try:
            tree = ast.parse(expression.strip(), mode="eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise ConfigError(f"cut {expression!r} is not an expression ({error})") from None
        called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        names = set()
        for node in ast.walk(tree):
            _check(node, expression)
            if isinstance(node, ast.Name) and id(node) not in called:
                names.add(node.id)
        if not names:
            raise ConfigError(f"cut '{expression}' names no column")
        # written anew from the checked tree: what pandas sees is what was checked
        return cls(ast.unparse(tree), frozenset(names))

    def mask(self, columns: Mapping[str, NDArray[Any]]) -> NDArray[np.bool_]:
        """Return which rows pass, shape (n,); comparisons with not-a-number fail.

        ``columns`` holds an array of shape (n,) for each of :attr:`names`.
        """
        import pandas

        rows = len(next(iter(columns.values())))
        try:
            with np.errstate(all="ignore"):
                result = pandas.eval(
                    self.expression, local_dict=dict(columns), global_dict={}, engine="python"
                )
        except _REFUSALS as error:
            raise ConfigError(f"cut '{self.expression}' cannot be evaluated: {error}") from None
        mask = np.asarray(result)
        if mask.dtype != np.bool_ or mask.shape != (rows,):
            raise ConfigError(
                f"cut '{self.expression}' does not say yes or no for each event; "
                "compare with something, e.g. 'Q2 > 4'"
            )
        return mask


def evaluate_cut(expression: str, table: EventTable) -> NDArray[np.bool_]:
    """Return which events of a table pass a cut on its columns (GeV, radians), shape (n,).

    The columns are the observables, the beams' and the table's conditions.

    Raises
    ------
    SchemaError
        A name is no column of the table.
    ConfigError
        The expression cannot be used: see :meth:`Cut.parse`.
    """
    cut = Cut.parse(expression)
    return cut.mask({name: observable(table, name, expression) for name in cut.names})


def observable(
    table: EventTable, name: str, expression: str, others: Sequence[str] = ()
) -> NDArray[np.float64]:
    """Return the column a cut names, or say which names are near (``others`` are known too)."""
    if name == "weight" and table.weights is not None:
        return table.weights
    known = (*OBSERVABLES, *BEAM_COLUMNS, *table.conditions)
    if name not in known:
        hint = did_you_mean(name, [*others, *known])
        raise SchemaError(f"cut '{expression}': no column or observable '{name}'; {hint}")
    return table[name]


def _check(node: ast.AST, expression: str) -> None:
    if not isinstance(node, _ALLOWED):
        what = type(node).__name__
        raise ConfigError(
            f"cut '{expression}' may not hold {what}: only numbers, columns, comparisons, "
            f"arithmetic, and/or/not, and {', '.join(FUNCTIONS)}"
        )
    if isinstance(node, ast.Constant) and not isinstance(node.value, (int, float)):
        raise ConfigError(f"cut '{expression}' may hold numbers only, not {node.value!r}")
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else ast.unparse(node.func)
        if name not in FUNCTIONS:
            raise ConfigError(
                f"cut '{expression}' may not call '{name}'; {did_you_mean(name, FUNCTIONS)}"
            )
