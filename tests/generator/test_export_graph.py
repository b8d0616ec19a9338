"""The exported graph: the events of the Python generator, for every kind of transform."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from truths import dis_truth

from fatgan.errors import ModelError
from fatgan.events import Collision, EventTable
from fatgan.generator.export.check import Made, compare
from fatgan.generator.export.description import describe
from fatgan.generator.export.graph import EventGraph
from fatgan.generator.export.onnx import open_onnx, write_onnx
from fatgan.networks.mlp import mlp
from fatgan.representations import FeatureTransform, Settings
from fatgan.representations.hard_process import HardProcess
from fatgan.representations.layers import UnitCircle

HERA = Collision.parse("27.5x920")
BEAMS = [
    Collision.parse(name, "proton", pdg) for name in ("10x10", "27.5x920") for pdg in (11, -11)
]
COLUMNS = {"px": "GeV", "py": "GeV", "pz": "GeV", "E": "GeV"}


def untrained(truth: EventTable, settings: Settings, condition: tuple[str, ...] = ()) -> EventGraph:
    """A generator with the skip: its features are normal numbers, a little off."""
    transform = FeatureTransform.fit(truth, settings, condition)
    network = mlp(
        transform.dimension + 2,
        transform.dimension,
        conditions=len(condition),
        layers=[8],
        skip=True,
        head=UnitCircle() if transform.learns_azimuth else None,
        seed=1,
    )
    rng = np.random.default_rng(3)
    network.set_weights([rng.normal(0, 0.2, w.shape) for w in network.get_weights()])
    return EventGraph(network, transform)


def of_beams(condition: str | None = None) -> EventTable:
    """Events of four settings, with a condition of their own if it is named."""
    tables = []
    for seed, collision in enumerate(BEAMS):
        truth = dis_truth(collision, 400, seed=seed)
        if condition == "Q2min":
            given = np.where(truth["Q2"] > 10, 10.0, truth["Q2"].min())
            truth = EventTable(*truth.momenta, collision, conditions={condition: given})
        tables.append(truth)
    return EventTable.concatenate(tables)


def eagerly(graph: EventGraph):
    def sample(**inputs: np.ndarray) -> Made:
        tensors = {name: tf.constant(value) for name, value in inputs.items()}
        return {name: np.asarray(value) for name, value in graph(**tensors).items()}

    return sample


@pytest.fixture(scope="module")
def truth():
    return dis_truth(HERA, 1500, seed=1)


@pytest.mark.parametrize(
    ("name", "scaling"),
    [
        *(("dis", "quantile"), ("dis", "standard"), ("lightcone", "quantile")),
        *(("spherical", "quantile"), ("cartesian", "quantile"), ("direct", "standard")),
    ],
)
def test_the_graph_agrees_for_all_coordinates(truth, name, scaling):
    graph = untrained(truth, Settings(name, scaling, "uniform"))
    agreement = compare(graph, eagerly(graph), 5000)
    assert agreement.apart == 0
    assert max(agreement.largest.values()) < 1e-9


def test_a_learned_azimuth_needs_no_further_noise(truth):
    drawn, learned = (
        untrained(truth, Settings("dis", "quantile", azimuth)) for azimuth in ("uniform", "learned")
    )
    assert compare(learned, eagerly(learned), 2000).apart == 0
    assert drawn.noise == 4 + 2  # the network's, and the two of a direction
    assert learned.noise == 6  # two features more, and the network's own two


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        (("Ee", "Ep", "lepton"), ("Ee", "Ep", "lepton")),
        (("s", "lepton"), ("Ee", "Ep", "lepton")),
        (("lepton", "s", "Q2min"), ("Ee", "Ep", "lepton", "Q2min")),
    ],
)
def test_conditions_are_told_in_their_own_units(condition, told):
    chosen = Settings("dis", "quantile", "uniform", hard_process=HardProcess(4, 1))
    graph = untrained(of_beams(condition[-1]), chosen, condition)
    assert graph.columns == told
    agreement = compare(graph, eagerly(graph), 5000)
    assert agreement.apart == 0
    assert max(agreement.largest.values()) < 1e-9


def test_a_condition_of_one_collision_leaves_the_beams_alone(truth):
    polarised = EventTable(
        *truth.momenta, HERA, conditions={"pol": np.where(np.arange(1500) % 2, 0.7, -0.7)}
    )
    graph = untrained(polarised, Settings(azimuth="uniform"), ("pol",))
    assert graph.columns == ("pol",)
    assert compare(graph, eagerly(graph), 2000).apart == 0


@pytest.mark.parametrize(
    "cut",
    [
        "Q2 > 10 and y < 0.9",
        "(x > 0.001) | (W > 100) & (phi*abs(eta) - 1 < px % 3) or not 2.5 < theta < 3",
        "log10(Q2)**2 > 1 or sqrt(pT) > 2 and E/Ee > 0.8 and s > 1",
    ],
)
def test_a_declared_cut_is_part_of_the_mask(truth, cut):
    graph = untrained(truth, Settings(azimuth="uniform"))
    entries = graph.transform.to_dict()
    entries["fiducial"]["cut"] = cut
    graph = EventGraph(graph.network, FeatureTransform.from_dict(entries))
    agreement = compare(graph, eagerly(graph), 5000)
    assert agreement.apart == 0
    noise = np.random.default_rng(1).standard_normal((5000, graph.noise), dtype=np.float32)
    assert 0.01 < np.mean(eagerly(graph)(noise=noise)["inside"]) < 0.99


def test_onnxruntime_is_told_beams_edges_and_a_cut(tmp_path):
    """Beams by their logarithms and edges to a part in 1e9: what converters round or leave out."""
    pytest.importorskip("tf2onnx", reason="ONNX's packages are not installed")
    graph = untrained(of_beams("Q2min"), Settings(azimuth="uniform"), ("s", "lepton", "Q2min"))
    entries = graph.transform.to_dict()
    entries["fiducial"]["cut"] = "0.5 < theta < 3 or phi % 2 > 1 and tan(phi) > log10(Q2)"
    graph = EventGraph(graph.network, FeatureTransform.from_dict(entries))
    write_onnx(graph, {"model": "untrained"}, tmp_path / "model.onnx")
    agreement = compare(graph, open_onnx(tmp_path / "model.onnx"), 20_000)
    assert agreement.apart == 0
    assert max(agreement.largest.values()) < 1e-4


def test_a_proton_energy_of_0_is_at_rest():
    beams = [Collision.parse(name, "electron") for name in ("11x0", "10x10")]
    truth = EventTable.concatenate([dis_truth(each, 400, seed=2) for each in beams])
    graph = untrained(truth, Settings(azimuth="uniform"), ("Ee", "Ep"))
    noise = np.random.default_rng(1).standard_normal((50, graph.noise), dtype=np.float32)
    written, exact = (
        eagerly(graph)(noise=noise, conditions=np.tile([11.0, Ep], (50, 1)))
        for Ep in (0.0, 0.93827209)
    )
    assert exact["inside"].any()
    for name in written:
        np.testing.assert_array_equal(written[name], exact[name])


def test_noise_that_is_no_number_makes_no_event(truth):
    graph = untrained(truth, Settings(azimuth="uniform"))
    noise = np.zeros((3, graph.noise), np.float32)
    noise[1, 0] = np.nan
    made = eagerly(graph)(noise=noise)
    np.testing.assert_array_equal(made["inside"], [True, False, True])
    # two zeros have no direction, and stand for phi = 0
    assert made["px"][0] == pytest.approx(np.hypot(made["px"][0], made["py"][0]))


@pytest.mark.parametrize("kind", ["float32", "mask", "nan"])
def test_another_generator_is_told_apart(truth, kind):
    """Errors as small as single precision in the wrong place, where cancellations are."""
    graph = untrained(truth, Settings("dis", "quantile", "uniform"))

    def wrong(**inputs: np.ndarray) -> Made:
        made = eagerly(graph)(**inputs)
        if kind == "float32":
            made["pz"] = made["pz"].astype(np.float32).astype(np.float64)
        elif kind == "mask":
            made["inside"] = made["inside"] & (np.arange(len(made["inside"])) % 500 != 0)
        else:
            made["pz"] = np.where(np.arange(len(made["pz"])) % 500, made["pz"], np.nan)
        return made

    with pytest.raises(ModelError, match=r"of 5,000 events differ from the Python generator's"):
        compare(graph, wrong, 5000)


def test_the_description_tells_what_to_put_in(truth):
    graph = untrained(of_beams(), Settings(azimuth="uniform"), ("s", "lepton"))
    manifest = {"name": "m", "checksum": "c", "versions": {"fatgan": "1"}, "columns": COLUMNS}
    entries = describe(graph, manifest)
    assert entries["noise"]["count"] == graph.noise
    assert "azimuth" in entries["noise"]["law"]
    assert entries["conditions"] == [
        {"name": "Ee", "unit": "GeV", "low": 10.0, "high": 27.5},
        {"name": "Ep", "unit": "GeV", "low": 10.0, "high": 920.0},
        {"name": "lepton", "unit": "PDG code", "low": -11.0, "high": 11.0},
    ]
    assert entries["trained_ranges"]["s"][1] == pytest.approx(HERA.s)
    assert entries["frame"] == "proton beam along +z"
    assert (entries["model"], entries["model_checksum"]) == ("m", "c")
    assert entries["fiducial"]["Q2_min"] == graph.transform.fiducial.Q2_min
