"""Generated events against published measurements: reduced cross-sections and their chi2."""
