"""Blocks of events shared by processes."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool

from fatgan.errors import ConfigError
from fatgan.simulation.pythia import Block, BlockResult, run_block

Progress = Callable[[int], None]
"""Called with the number of events done since its last call."""


def run_blocks(
    blocks: Sequence[Block], workers: int | None = None, progress: Progress | None = None
) -> Iterator[tuple[int, BlockResult]]:
    """Yield each block's number and result as it is done, in any order.

    Parameters
    ----------
    blocks
        What to generate.
    workers
        Processes; default: the number of cores. With 1 the blocks run here.
    progress
        See :data:`Progress`.

    Raises
    ------
    ConfigError
        A process died; or what :func:`run_block` refuses.
    """
    workers = min(workers or os.cpu_count() or 1, len(blocks))
    if workers > 1:
        yield from _in_processes(blocks, workers, progress)
        return
    for index, block in enumerate(blocks):
        yield index, run_block(block, progress)


def _in_processes(
    blocks: Sequence[Block], workers: int, progress: Progress | None
) -> Iterator[tuple[int, BlockResult]]:
    # "spawn": a forked child would inherit the threads of TensorFlow in an unknown state.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        futures = {pool.submit(run_block, block): index for index, block in enumerate(blocks)}
        try:
            for future in as_completed(list(futures)):
                result = future.result()
                index = futures.pop(future)  # which lets go of its events
                if progress is not None:
                    progress(blocks[index].n)
                yield index, result
        except BrokenProcessPool:
            raise ConfigError(
                "a worker process of the simulation died at its start: call simulate under "
                'if __name__ == "__main__": in a script, or with workers=1'
            ) from None
        finally:
            pool.shutdown(cancel_futures=True)
