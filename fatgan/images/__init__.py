"""The image wing: data sets of images, the generic GANs on them, and their scores."""
