"""Models side by side: the same data, the same budget, several seeds, scored as they learn."""
