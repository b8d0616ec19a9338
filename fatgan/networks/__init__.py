"""Network bodies: plain Keras models that any GAN can be given."""
