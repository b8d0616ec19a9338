"""pidgan, the GANs of LHCb's flash simulation: M. Barbetti, L. Anderlini.

doi:10.5281/zenodo.10463728. Players and course are those of the package's first example: networks
of 5 x 128, 64 latent numbers, RMSprop at 1e-3, batches of 256. The loss is that of the project's
own trainings, binary cross-entropy: in short trials it was better than the example's, than the
Lipschitz-regularised ones, and than those trainings' residual networks of 10 x 128 on batches of
2,048, which take few steps in minutes. pidgan learns distributions given conditions; here the
condition is a column of zeros.
"""

from __future__ import annotations

import os

from common import THREADS, Clock, Features, Task, Trained, run

# TensorFlow reads these when it is loaded
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
os.environ["TF_NUM_INTRAOP_THREADS"] = str(THREADS)

import keras
import numpy as np
from pidgan.algorithms import BceGAN
from pidgan.players.discriminators import Discriminator
from pidgan.players.generators import Generator

BATCH = 256
FOREVER = 10**9
DRAWN = 1 << 16
"""Events drawn at a time: memory is a constant."""


class Stop(keras.callbacks.Callback):
    """Ends the training at the first step after the time is up."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock, self.steps = clock, 0

    def on_train_batch_end(self, batch: int, logs: object = None) -> None:
        """Count, and look at the clock."""
        self.steps += 1
        self.model.stop_training = self.clock.is_up


def learn(task: Task) -> Trained:
    """Fit the model until the time is up."""
    keras.utils.set_random_seed(task.seed)
    clock = Clock(task.seconds)
    generator = Generator(task.train.shape[1], latent_dim=64)
    model = BceGAN(generator, Discriminator(1))
    # by their name both players would be given one and the same optimizer
    model.compile(
        generator_optimizer=keras.optimizers.RMSprop(),
        discriminator_optimizer=keras.optimizers.RMSprop(),
    )
    conditions = np.zeros((len(task.train), 1), np.float32)
    # the networks get their weights at the first call
    model(conditions[:BATCH], task.train[:BATCH])
    stop = Stop(clock)
    model.fit(
        conditions,
        task.train,
        batch_size=BATCH,
        epochs=FOREVER,
        callbacks=[stop],
        verbose=0,
    )
    seconds = clock.seconds

    def sample(n: int) -> Features:
        parts = [
            model.generate(np.zeros((min(DRAWN, n - start), 1), np.float32), task.seed + i).numpy()
            for i, start in enumerate(range(0, n, DRAWN))
        ]
        return np.concatenate(parts)

    return Trained(sample, stop.steps, seconds)


if __name__ == "__main__":
    run(learn, ("pidgan", "tensorflow", "keras"))
