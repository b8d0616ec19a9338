"""``fatgan generate --table FILE``: beams and conditions of each event from a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fatgan.errors import ConfigError, DataError

if TYPE_CHECKING:
    from fatgan.events import AnyCollision
    from fatgan.events.collision import Frame
    from fatgan.representations import FeatureTransform


def asked_by_table(
    path: Path,
    transform: FeatureTransform,
    collision: AnyCollision | None,
    frame: Frame | None,
    lepton: int | None,
) -> tuple[int, dict[str, Any]]:
    """Return the number of rows, and what a model is asked for by them.

    Parameters
    ----------
    path
        A file of any format with columns ``Ee``, ``Ep`` (GeV) and ``lepton``, as far as beams
        differ, and one for each further condition of the model.
    transform
        The model's.
    collision
        The beams of all events if they are said elsewhere; the table must not say others.
    frame
        The beam along +z of the events, where the table does not say it.
    lepton
        Where the table has no such column; by default that of the training.

    Raises
    ------
    ConfigError
        The table and ``collision``, ``frame`` or ``lepton`` both say the beams.
    DataError
        A column that the model needs is not there, or the file cannot be used.
    """
    from fatgan.events import BEAM_COLUMNS, Collision
    from fatgan.generator.target import usual_lepton
    from fatgan.io.columns import read_columns
    from fatgan.io.several import BEAM_ROLES, SeveralBeams, frame_of

    known = transform.conditions
    if known is None:
        raise ConfigError(
            f"--table {path}: the model has no conditions and one collision; leave it out"
        )
    wanted = [name for name in known.names if name not in BEAM_COLUMNS]
    columns, stated = read_columns(path, [*BEAM_ROLES, *wanted])
    missing = [name for name in wanted if name not in columns]
    if missing:
        raise DataError(
            f"{path}: no column '{missing[0]}'; the events of this model depend on "
            f"{', '.join(known.names)}"
        )
    beams = {name: columns.pop(name) for name in BEAM_ROLES if name in columns}
    if beams and collision is not None:
        raise ConfigError(f"--beams and the columns {', '.join(beams)} of {path} both say beams")
    own = stated if isinstance(stated, Collision) else None
    if own is not None and collision is None and not beams:
        for option, said, theirs in (
            ("--frame", frame, own.frame),
            ("--lepton", lepton, own.lepton_pdg),
        ):
            if said not in (None, theirs):
                raise ConfigError(f"{path}: says {theirs}, {option} says {said}; leave it out")
    one: AnyCollision | None = collision or own
    if {"Ee", "Ep"} <= set(beams):
        usual = usual_lepton(transform) if lepton is None else lepton
        several = SeveralBeams(frame, dict.fromkeys(beams, ""), lepton_pdg=usual)
        forward = frame or (stated and stated.frame) or frame_of(beams["Ep"])
        try:
            one = several.collisions(beams, len(beams["Ee"]), forward)
        except ConfigError as error:
            raise DataError(f"{path}: {error}") from None
    elif beams and (own is not None or isinstance(transform.collision, Collision)):
        raise DataError(
            f"{path}: column {', '.join(beams)} without both 'Ee' and 'Ep' (GeV) says no beams; "
            "add them or leave it out"
        )
    elif one is None and not isinstance(transform.collision, Collision):
        raise DataError(
            f"{path}: no columns 'Ee' and 'Ep' (GeV), and no --beams; the model is of several beams"
        )
    if not beams and not columns:
        raise DataError(f"{path}: none of the columns {', '.join([*BEAM_ROLES, *wanted])}")
    lengths = {len(column) for column in (*beams.values(), *columns.values())}
    return lengths.pop(), {"collision": one, "conditions": columns}
