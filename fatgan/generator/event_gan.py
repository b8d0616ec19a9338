"""The event GAN: a configuration and a fitted transform become a compiled model."""

from __future__ import annotations

import tensorflow as tf

from fatgan.adversarial.model import AdversarialModel
from fatgan.errors import ConfigError
from fatgan.generator.config import RunConfig
from fatgan.networks.mlp import mlp
from fatgan.representations import FeatureTransform
from fatgan.representations.layers import CriticView, UnitCircle


def build(config: RunConfig, transform: FeatureTransform) -> AdversarialModel:
    """Return the model for these features, compiled, with the weights' start set by the seed.

    Raises
    ------
    ConfigError
        Less noise than features, which a generator with a skip cannot do with.
    """
    networks, training = config.networks, config.training
    if networks.skip and networks.noise < transform.dimension:
        raise ConfigError(
            f"networks.noise is {networks.noise} and there are {transform.dimension} features: "
            "raise it, or set networks.skip to false"
        )
    # A GPU's default of 10-bit mantissas spoils the MMD's distances at the smallest widths, and
    # networks of this size are no quicker for it.
    tf.config.experimental.enable_tensor_float_32_execution(False)
    conditions = 0 if transform.conditions is None else transform.conditions.dimension
    generator = mlp(
        networks.noise,
        transform.dimension,
        conditions=conditions,
        layers=networks.generator,
        slope=networks.slope,
        skip=networks.skip,
        head=UnitCircle() if transform.learns_azimuth else None,
        seed=config.seed,
        name="generator",
    )
    critic = mlp(
        transform.view_dimension,
        config.objective.outputs,
        conditions=conditions,
        layers=networks.critic,
        slope=networks.slope,
        dropout=networks.dropout,
        seed=config.seed + 1,
        name="critic",
    )
    model = AdversarialModel(
        generator,
        critic,
        config.objective,
        config.penalty,
        config.mmd,
        view=CriticView(transform.to_dict()) if transform.settings.augment else None,
        critic_steps=training.critic_steps,
        averaging=training.averaging,
        seed=config.seed,
    )
    model.compile(training.new_optimizer(), training.new_optimizer(), jit_compile=training.jit)
    return model
