"""The event wing's top: configuration, training, generation."""
