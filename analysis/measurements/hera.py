"""The combined HERA I+II cross-sections of inclusive neutral-current e-p scattering.

H1 and ZEUS Collaborations, arXiv:1506.06042, as the NNPDF Collaboration keeps them in the package
``nnpdf-data`` (the extra ``measurements``).
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import DataError, MissingExtraError
from fatgan.events import Collision

Array = NDArray[np.float64]

NEAR = 0.01
"""Relative difference in s up to which beams are those of a data set."""


class DataSet(NamedTuple):
    """A set's place in the package, what one calls it, and its beams."""

    folder: str
    observable: str
    title: str
    collision: Collision


def _set(folder: str, beams: str, lepton: int) -> DataSet:
    charge = "EM" if lepton > 0 else "EP"
    sign = "-" if lepton > 0 else "+"
    title = f"HERA I+II NC e{sign}p, {beams.partition('x')[2]} GeV protons"
    collision = Collision.parse(beams, lepton_pdg=lepton)
    return DataSet(f"HERA_NC_{folder}", f"{charge}-SIGMARED", title, collision)


SETS = (
    _set("318GEV", "27.5x920", -11),
    _set("318GEV", "27.5x920", 11),
    _set("300GEV", "27.5x820", -11),
    _set("251GEV", "27.5x575", -11),
    _set("225GEV", "27.5x460", -11),
)
"""All of them. Their correlated errors are common to the sets, which are taken one at a time."""


@dataclass(frozen=True)
class Measurement:
    """Measured reduced cross-sections, and their errors as the data state them.

    Parameters
    ----------
    title, collision
        What one calls it, and its beams.
    x, Q2, y
        Where, shape (n,) each; Q2 in GeV^2.
    sigma_r
        Reduced cross-sections, shape (n,), no unit; see :mod:`analysis.measurements.reduced`.
    uncorrelated
        Statistical and uncorrelated systematic errors in quadrature, shape (n,), absolute.
    correlated
        One column for each source that moves all points together, shape (n, k), absolute.
    """

    title: str
    collision: Collision
    x: Array
    Q2: Array
    y: Array
    sigma_r: Array
    uncorrelated: Array
    correlated: Array

    def __len__(self) -> int:
        return len(self.x)

    @property
    def error(self) -> Array:
        """The total error of each point, shape (n,)."""
        return np.sqrt(self.uncorrelated**2 + np.sum(self.correlated**2, axis=1))

    def select(self, rows: NDArray[Any]) -> Measurement:
        """Return some of the points."""
        names = ("x", "Q2", "y", "sigma_r", "uncorrelated", "correlated")
        return replace(self, **{name: getattr(self, name)[rows] for name in names})


def find(collision: Collision) -> DataSet:
    """Return the data set of these beams, in either frame.

    Raises
    ------
    DataError
        HERA's combination has none.
    """
    for known in SETS:
        same = known.collision.lepton_pdg == collision.lepton_pdg
        if same and abs(collision.s / known.collision.s - 1) < NEAR:
            return known
    listed = ", ".join(
        ("e-" if s.collision.lepton_pdg > 0 else "e+") + f" {s.collision.label}" for s in SETS
    )
    raise DataError(f"HERA's combined data have no set for {collision}; they have {listed}")


def load(known: DataSet) -> Measurement:
    """Read a data set from the package ``nnpdf-data``; this takes some seconds.

    Raises
    ------
    MissingExtraError
        The package is not installed.
    DataError
        It does not have this set as it is known, because of another version of it.
    """
    try:
        bins = _content(known, "kinematics")["bins"]
        x, Q2, y = (np.array([row[name]["mid"] for row in bins]) for name in ("x", "Q2", "y"))
        errors = _content(known, "uncertainties")
        sources = errors["definitions"]
        table = np.array([[row[name] for name in sources] for row in errors["bins"]])
        alone = np.array([source["type"] == "UNCORR" for source in sources.values()])
        return Measurement(
            known.title,
            known.collision,
            x,
            Q2,
            y,
            np.array(_content(known, "data")["data_central"]),
            np.sqrt(np.sum(table[:, alone] ** 2, axis=1)),
            table[:, ~alone],
        )
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise DataError(
            f"nnpdf-data: {known.folder}_{known.observable} cannot be read ({error}); "
            "install a version of 4.1"
        ) from error


def points(known: DataSet) -> int:
    """Return the number of points of a set."""
    return len(_content(known, "data")["data_central"])


def _content(known: DataSet, what: str) -> Any:
    import yaml

    path = _package() / "commondata" / known.folder / f"{what}_{known.observable}.yaml"
    # the tables are long: libyaml reads them ten times as fast
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_bytes(), loader)


def _package() -> Path:
    # found, not imported: nothing of it is needed but its files
    found = importlib.util.find_spec("nnpdf_data")
    if found is None or found.origin is None:
        raise MissingExtraError("nnpdf-data", "measurements")
    return Path(found.origin).parent
