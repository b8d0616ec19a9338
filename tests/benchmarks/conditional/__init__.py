"""The study of the conditional generators: areas at trained, unseen and far beams."""
