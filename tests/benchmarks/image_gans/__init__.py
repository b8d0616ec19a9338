"""The study of the image GANs: every GAN and two recipes of the Keras documentation."""
