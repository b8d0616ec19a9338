"""The two-phase training step of every GAN here, and the loop that runs it quickly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf
from keras import ops

from fatgan.adversarial.batch import Batch
from fatgan.adversarial.entries import by_name, entries_of, from_entries
from fatgan.adversarial.feed import ResidentFeed
from fatgan.adversarial.keys import key, normal, uniform
from fatgan.adversarial.loop import many_steps
from fatgan.adversarial.mmd import MMD
from fatgan.adversarial.objectives import OBJECTIVES, Adaptive, Objective
from fatgan.adversarial.penalties import PENALTIES, Penalty, in_batches
from fatgan.adversarial.players import Players


@keras.saving.register_keras_serializable(package="fatgan")
class AdversarialModel(Players):
    """A generator and a critic that train against each other under ``Model.fit``.

    One step is ``critic_steps`` updates of the critic, each on fresh batches, and one of the
    generator; the averaged generator follows by an exponential moving average of the weights.
    The loop over many steps is compiled as one, with the data on the device
    (:class:`ResidentFeed`), and ``fit`` keeps its callbacks between such calls.

    Both players may be told of conditions, c numbers per event: those of the generated events are
    the real ones' of the same batch, so that both joint laws of events and conditions agree in the
    latter, and what the critic finds to differ is the events' law given their conditions.

    Parameters
    ----------
    generator
        (n, noise) -> (n, ...); with conditions [(n, noise), (n, c)] -> (n, ...).
    critic
        (n, ...) of what ``view`` returns -> (n, outputs of the objective); with conditions
        [(n, ...), (n, c)] -> (n, outputs).
    objective, penalty, mmd
        The losses; the MMD compares what the critic sees.
    view
        A layer from generated features, or [features, conditions], to the points that the critic
        sees; ``None`` shows it the features.
    critic_steps
        Critic updates per generator update.
    averaging
        The largest decay of the generator's moving average per step; 0 switches it off.
    batches_apart
        Whether the critic is given real and fake batches one by one, which a critic needs that
        looks at a whole batch (batch norm, minibatch discrimination); else both in one call,
        which is quicker. Batches must then have a known size.
    seed
        Key of all noise.
    """

    def __init__(
        self,
        generator: keras.Model,
        critic: keras.Model,
        objective: Objective,
        penalty: Penalty,
        mmd: MMD,
        *,
        view: keras.layers.Layer | None = None,
        critic_steps: int = 1,
        averaging: float = 0.9999,
        batches_apart: bool = False,
        seed: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.generator, self.critic = generator, critic
        self.objective, self.penalty, self.mmd = objective, penalty, mmd
        self.view = view
        self.critic_steps, self.averaging, self.seed = critic_steps, averaging, seed
        self.batches_apart = batches_apart
        self.averaged = keras.models.clone_model(generator)
        self.averaged.set_weights(generator.get_weights())
        self.averaged.trainable = False
        self.multiplier: Any = None
        if isinstance(objective, Adaptive):
            start = keras.initializers.Constant(objective.start)
            self.multiplier = self.add_weight((), start, "float32", trainable=False)
        self._feed: ResidentFeed | None = None
        self.built = True

    # -- one step ----------------------------------------------------------------------------

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Generate with the averaged generator: (n, noise), or with conditions, -> (n, ...)."""
        return self.averaged(inputs, training=training)

    def train_step(self, data: Any) -> dict[str, Any]:
        """Take one step on a batch for all its updates, or rows (critic_steps, batch, ...)."""
        real = Batch.of(data)
        return self.update(real, *self.draws(self.step, ops.shape(real.rows)[1]))

    def draws(self, step: Any, batch: Any) -> tuple[tf.Tensor, tf.Tensor]:
        """Return all random numbers of a step but its rows: a function of (seed, step).

        Noise of shape (critic_steps + 1, batch, noise), the last for the generator's phase, and
        uniform shares of shape (critic_steps, batch) for penalties that interpolate.
        """
        noise = (self.critic_steps + 1, batch, self.generator.inputs[0].shape[-1])
        return (
            normal(noise, key(self.seed, "noise", step)),
            uniform((self.critic_steps, batch), key(self.seed, "share", step)),
        )

    def update(self, real: Batch, noise: Any, share: Any) -> dict[str, Any]:
        """Update both players; nothing in here is random, given the step's draws."""
        logs: dict[str, Any] = {}
        for i in range(self.critic_steps):
            logs = self.critic_phase(real.at(i), noise[i], share[i])
        logs |= self.generator_phase(real.at(self.critic_steps - 1), noise[self.critic_steps])
        self._average()
        return logs

    def critic_phase(self, batch: Batch, noise: Any, share: Any) -> dict[str, Any]:
        """Update the critic alone on a batch, (n, noise) and (n,); return its terms."""
        fake = self._seen(self._generated(noise, batch), batch)
        real = self._seen(batch.rows, batch)

        def critic(points: Any) -> Any:
            return self.critic(batch.beside(points), training=True)

        scored = in_batches(critic, real.shape[0]) if self.batches_apart else critic
        carried = [] if self.multiplier is None else [ops.convert_to_tensor(self.multiplier)]
        given = [*carried, batch.weights]
        with tf.GradientTape() as tape:
            real_scores, fake_scores, penalty = self.penalty.score(
                scored, real, tf.stop_gradient(fake), share
            )
            loss = self.objective.critic_loss(real_scores, fake_scores, *given)
            total = loss + penalty
        variables = self.critic.trainable_variables
        self.critic_optimizer.apply(tape.gradient(total, variables), variables)
        self.penalty.constrain(variables)
        if isinstance(self.objective, Adaptive):
            self.multiplier.assign(
                self.objective.updated(carried[0], real_scores, fake_scores, batch.weights)
            )
        return {"critic_loss": loss, "penalty": penalty}

    def generator_phase(self, batch: Batch, noise: Any) -> dict[str, Any]:
        """Update the generator alone on a batch and (n, noise); return its terms."""
        real, scores = self._seen(batch.rows, batch), None
        if self.objective.compares:
            scores = self.critic(batch.beside(real), training=True)
        with tf.GradientTape() as tape:
            fake = self._seen(self._generated(noise, batch), batch)
            fake_scores = self.critic(batch.beside(fake), training=True)
            loss = self.objective.generator_loss(scores, fake_scores, batch.weights)
            mmd = ops.zeros(())
            if self.mmd.weight:
                mmd = self.mmd(real, fake, batch.weights, batch.conditions)
            total = loss + mmd
        variables = self.generator.trainable_variables
        self.generator_optimizer.apply(tape.gradient(total, variables), variables)
        return {"generator_loss": loss, "mmd": mmd}

    def _generated(self, noise: Any, batch: Batch) -> Any:
        return self.generator(batch.beside(noise), training=True)

    def _seen(self, features: Any, batch: Batch) -> Any:
        """Return the points that the critic sees of features of the batch's conditions."""
        return features if self.view is None else self.view(batch.beside(features))

    def _average(self) -> None:
        # The memory is a ninth of the course so far, up to 1/(1 - averaging) steps: a short
        # training is averaged as a long one is, and no average keeps the start.
        step = ops.cast(self.step, "float32")
        decay = ops.minimum(self.averaging, (1.0 + step) / (10.0 + step))
        for mean, value in zip(self.averaged.variables, self.generator.variables, strict=True):
            mean.assign(decay * mean + (1 - decay) * value)

    # -- many steps in one call ------------------------------------------------------------------

    def feed(self, feed: ResidentFeed) -> None:
        """Train from these rows: ``fit`` then iterates over ``feed.clock(calls, steps)``."""
        self._feed = feed
        self.train_function = None

    def make_train_function(self, force: bool = False) -> Callable[..., Any] | None:
        """Give ``fit`` one compiled loop of many steps, if the data are resident."""
        feed = self._feed
        if feed is None:
            return super().make_train_function(force)
        if self.train_function is not None and not force:
            return self.train_function

        function = many_steps(self, feed)
        self.train_function = function  # type: ignore[assignment]
        return function

    # -- saving --------------------------------------------------------------------------------

    def get_config(self) -> dict[str, Any]:
        """Return what rebuilds the model."""
        save = keras.saving.serialize_keras_object
        return {
            **super().get_config(),
            "generator": save(self.generator),
            "critic": save(self.critic),
            "view": save(self.view),
            "objective": entries_of(self.objective),
            "penalty": entries_of(self.penalty),
            "mmd": entries_of(self.mmd),
            "critic_steps": self.critic_steps,
            "averaging": self.averaging,
            "batches_apart": self.batches_apart,
            "seed": self.seed,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> AdversarialModel:
        """Rebuild from :meth:`get_config`."""
        config = dict(config)
        load = keras.saving.deserialize_keras_object
        return cls(
            load(config.pop("generator")),
            load(config.pop("critic")),
            by_name(OBJECTIVES, config.pop("objective")),
            by_name(PENALTIES, config.pop("penalty")),
            from_entries(MMD, config.pop("mmd")),
            view=load(config.pop("view")),
            **config,
        )
