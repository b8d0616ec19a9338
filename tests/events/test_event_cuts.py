"""Cuts say what is meant, and cannot run code."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fatgan.errors import ConfigError, FatganError, SchemaError
from fatgan.events.cuts import Cut, evaluate_cut


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("Q2 > 10", lambda t: t["Q2"] > 10),
        ("Q2 > 10 and y < 0.5", lambda t: (t["Q2"] > 10) & (t["y"] < 0.5)),
        ("Q2 > 10 & y < 0.5", lambda t: (t["Q2"] > 10) & (t["y"] < 0.5)),
        ("(Q2 > 10) | (y < 0.5)", lambda t: (t["Q2"] > 10) | (t["y"] < 0.5)),
        ("not Q2 > 10", lambda t: ~(t["Q2"] > 10)),
        ("5 < Q2 < 10", lambda t: (t["Q2"] > 5) & (t["Q2"] < 10)),
        ("abs(px) < 1 or sqrt(px**2 + py**2) > 3", lambda t: (abs(t["px"]) < 1) | (t["pT"] > 3)),
        ("-pz / E > 0.9", lambda t: -t["pz"] / t["E"] > 0.9),
        (" cos(theta) < 0\n", lambda t: np.cos(t["theta"]) < 0),
        ("px == px", lambda t: np.ones(len(t), bool)),
    ],
)
def test_masks(hera_events, expression, expected):
    mask = evaluate_cut(expression, hera_events)
    assert mask.dtype == np.bool_
    np.testing.assert_array_equal(mask, expected(hera_events))


def test_not_a_number_fails_comparisons():
    columns = {"a": np.array([1.0, np.nan, 3.0]), "b": np.array([-1.0, 1.0, 4.0])}
    assert Cut.parse("a > 0").mask(columns).tolist() == [True, False, True]
    assert Cut.parse("a == a").mask(columns).tolist() == [True, False, True]
    assert Cut.parse("log(b) > 0").mask(columns).tolist() == [False, False, True]


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('os').system('true')",
        "px.__class__",
        "px.sum() > 0",
        "@px > 1",
        "px @ py > 1",
        "open('f')",
        "eval('1')",
        "[c for c in px]",
        "(lambda: 1)()",
        "px := 3",
        "px = 3",
        "px[0] > 1",
        "'a' == px",
        "px > 1; py > 2",
        "abs(px, out=py) > 1",
        "px if py else pz",
        "f'{px}'",
        "px in (1, 2)",
        "abs(*px)",
        "",
        "px >",
        "1 < 2",
        "True",
        "px",
        "px + py",
        "abs(px)",
        "px and py",
        "~px",
        "\0",
    ],
)
def test_what_is_no_cut_is_refused_in_one_line(hera_events, expression):
    with pytest.raises(ConfigError) as caught:
        evaluate_cut(expression, hera_events)
    assert "cut" in str(caught.value)


@given(st.text(max_size=30))
def test_no_text_does_anything_but_fail_clearly(text):
    try:
        cut = Cut.parse(text)
    except FatganError:
        return
    try:
        mask = cut.mask({name: np.ones(3) for name in cut.names})
    except FatganError:
        return
    assert mask.shape == (3,)


def test_unknown_names_get_near_matches(hera_events):
    with pytest.raises(SchemaError, match="no column or observable 'theeta'; did you mean 'theta'"):
        evaluate_cut("theeta > 1", hera_events)
    with pytest.raises(ConfigError, match="may not call 'sqroot'; did you mean 'sqrt'"):
        evaluate_cut("sqroot(px) > 1", hera_events)
