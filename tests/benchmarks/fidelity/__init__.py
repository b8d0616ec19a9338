"""The fidelity study: how far our events are from held-out ones, beside other generators.

``make benchmark-fidelity`` runs it, and goes on where it was stopped. Results go into
``configs/FIDELITY.md`` and ``docs/convergence.png``.
"""
