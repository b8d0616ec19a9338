"""The feature network of a data set: a small classifier, trained once and kept with its accuracy.

Its penultimate layer gives the features, as Inception's does for photographs.
"""

from __future__ import annotations

import hashlib
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from fatgan.images.image_set import ImageSet
from fatgan.images.scores.augmentation import augmented
from fatgan.images.scores.cache import store, stored
from fatgan.images.scores.convnet import DIMENSION, convnet
from fatgan.images.scores.features import Accuracy, FeatureNetwork
from fatgan.images.scores.tasks import Task, task
from fatgan.progress import bar

STEPS = 2500
BATCH = 64
RATE = 2e-3
"""Of Adam, at the start of a half cosine down to zero."""
STEPS_PER_CALL = 10
RECIPE = 1
"""Version of all that decides what is trained; a change of it retires what is stored."""
PREDICTED = 256
"""Images evaluated at once."""


def feature_network(
    training: ImageSet, held_out: ImageSet, *, seed: int = 0, steps: int = STEPS
) -> FeatureNetwork:
    """Return the feature network of a data set: a stored one, or one that is trained now.

    With labels of two classes or more it is trained to tell the classes, else to tell rotations
    of the images; its name says which, and how well it does on the held-out images. Equal
    arguments give the same network. It is stored in the user's cache under a checksum of them.

    Parameters
    ----------
    training, held_out
        What it learns, and what its accuracy is measured on. Scores compare only if their
        networks are the same: take one split of a data set for all models.
    seed
        Of the weights' start and of all that is random in the training.
    steps
        Batches of 64 images.

    Raises
    ------
    DataError
        The two sets do not belong together.
    """
    learned = task(training, held_out, seed)
    key = _key(training, held_out, seed, steps)
    found = stored(key)
    if found is None:
        network = _trained(learned, seed, steps)
        accuracy = _accuracy(network, learned)
        store(key, network, {"features": learned.title, "accuracy": accuracy.to_dict()})
    else:
        network, manifest = found
        kept = manifest["accuracy"]
        accuracy = Accuracy(float(kept["value"]), int(kept["number"]))
    return FeatureNetwork(
        f"{learned.title} ({100 * accuracy.value:.1f} % on {accuracy.number:,} held-out images)",
        DIMENSION,
        lambda images: _forward(network, images),
        learned.classes,
        accuracy,
        training.shape,
    )


def _key(training: ImageSet, held_out: ImageSet, seed: int, steps: int) -> str:
    digest = hashlib.sha256(f"{RECIPE} {seed} {steps} {training.name} {training.classes}".encode())
    for part in (training, held_out):
        digest.update(part.sha256.encode())
        digest.update(b"" if part.labels is None else part.labels.astype("<i8").tobytes())
    return digest.hexdigest()[:32]


def _trained(learned: Task, seed: int, steps: int) -> keras.Model:
    network = convnet(learned.images.shape[1:], learned.count, seed)
    model = keras.Model(network.input, network.output["probabilities"])
    model.compile(
        keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(RATE, steps)),
        loss="sparse_categorical_crossentropy",
        steps_per_execution=STEPS_PER_CALL,
        jit_compile=False,  # compiling would take longer than it saves
    )
    images, labels = tf.constant(learned.images), tf.constant(learned.labels)

    def batch(step: Any, rows: Any) -> tuple[Any, Any]:
        return augmented(tf.gather(images, rows), seed, step), tf.gather(labels, rows)

    rows = tf.data.Dataset.from_tensor_slices(_order(len(learned.images), seed, steps))
    batches = rows.enumerate().map(batch).prefetch(STEPS_PER_CALL)
    with bar(f"training a {learned.title}", steps) as update:
        watch = keras.callbacks.LambdaCallback(
            on_train_batch_end=lambda batch, logs: update(batch + 1)
        )
        model.fit(batches, shuffle=False, verbose=0, callbacks=[watch])
    return network


def _order(n: int, seed: int, steps: int) -> NDArray[np.intp]:
    """Return the row numbers of all batches, one random order of the images after the other.

    TensorFlow's own shuffling would depend on its global seed as well.
    """
    rng = np.random.default_rng(seed)
    rounds = -(-steps * BATCH // n)
    order = np.concatenate([rng.permutation(n) for _ in range(rounds)])
    return order[: steps * BATCH].reshape(steps, BATCH)


def _accuracy(network: keras.Model, learned: Task) -> Accuracy:
    probabilities = _forward(network, learned.held_out_images)[1]
    right = probabilities.argmax(axis=1) == learned.held_out_labels
    return Accuracy(float(right.mean()), len(right))


def _forward(network: keras.Model, images: NDArray[np.uint8]) -> tuple[NDArray[Any], NDArray[Any]]:
    outputs = network.predict(images, batch_size=PREDICTED, verbose=0)
    return outputs["features"], outputs["probabilities"]
