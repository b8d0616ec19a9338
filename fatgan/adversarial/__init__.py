"""The engine of all GANs here: two-phase training, objectives, penalties, keyed noise.

It knows neither physics nor images, and imports only the rooms below it.
"""
