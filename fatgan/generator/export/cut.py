"""A declared cut in the graph: the checked expression, on tensors in place of columns."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

from keras import ops

from fatgan.events import kinematics
from fatgan.events.cuts import FUNCTIONS, Cut
from fatgan.events.kinematics import Invariants
from fatgan.generator.export.doubles import DOUBLES

_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.And: operator.and_,
    ast.Or: operator.or_,
    ast.Not: operator.invert,
    ast.Invert: operator.invert,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}

_SINGLE = ("tan", "arcsin", "arccos", "arctan", "arctan2", "sinh", "cosh", "arcsinh")
"""Functions that onnxruntime has in single precision only: a cut on them is as sharp."""


def passes_cut(
    cut: str, momenta: tuple[Any, Any, Any], values: Invariants, others: Mapping[str, Any]
) -> Any:
    """Return which events pass a cut, a tensor (n,) of bool.

    Parameters
    ----------
    cut
        The expression, on observables and on ``others``.
    momenta
        px, py, pz in GeV in the frame of the training, float64 (n,).
    values
        Their invariants.
    others
        Beam columns and conditions: floats or tensors (n,).
    """
    checked = Cut.parse(cut)
    columns = {name: _column(name, momenta, values, others) for name in checked.names}
    return _value(ast.parse(checked.expression, mode="eval").body, columns)


def _column(
    name: str, momenta: tuple[Any, Any, Any], values: Invariants, others: Mapping[str, Any]
) -> Any:
    px, py, pz = momenta
    pT = kinematics.transverse_momentum(px, py, DOUBLES)
    known: dict[str, Callable[[], Any]] = {
        "px": lambda: px,
        "py": lambda: py,
        "pz": lambda: pz,
        "E": lambda: kinematics.energy(px, py, pz, DOUBLES),
        "pT": lambda: pT,
        "theta": lambda: _called("arctan2", pT, pz),
        "phi": lambda: _called("arctan2", py, px),
        "eta": lambda: _called("arcsinh", pz / pT),
        "W": lambda: DOUBLES.sqrt(DOUBLES.maximum(values.W2, 0.0)),
    }
    if name in known:
        return known[name]()
    return getattr(values, name) if name in Invariants._fields else others[name]


def _called(name: str, *arguments: Any) -> Any:
    function = getattr(DOUBLES, name)
    if name not in _SINGLE:
        return function(*arguments)
    single = [ops.cast(argument, "float32") for argument in arguments]
    return ops.cast(function(*single), "float64")


def _value(node: ast.AST, columns: Mapping[str, Any]) -> Any:
    """Evaluate a checked node: ``Cut.parse`` lets no other through."""
    match node:
        case ast.Constant(value=value):
            return float(value)  # type: ignore[arg-type]
        case ast.Name(id=name):
            return columns[name]
        case ast.BinOp(left=left, op=op, right=right):
            return _OPERATORS[type(op)](_value(left, columns), _value(right, columns))
        case ast.UnaryOp(op=op, operand=operand):
            return _OPERATORS[type(op)](_value(operand, columns))
        case ast.BoolOp(op=op, values=values):
            return _joined(_OPERATORS[type(op)], [_value(each, columns) for each in values])
        case ast.Call(func=ast.Name(id=name), args=arguments) if name in FUNCTIONS:
            return _called(name, *(_value(each, columns) for each in arguments))
        case ast.Compare(left=left, ops=kinds, comparators=rights):
            sides = [_value(each, columns) for each in (left, *rights)]
            pairs = zip(kinds, sides, sides[1:], strict=False)
            return _joined(operator.and_, [_OPERATORS[type(op)](a, b) for op, a, b in pairs])
    raise TypeError(f"a cut holds {type(node).__name__}, which has no counterpart in the graph")


def _joined(function: Callable[[Any, Any], Any], parts: list[Any]) -> Any:
    result = parts[0]
    for part in parts[1:]:
        result = function(result, part)
    return result
