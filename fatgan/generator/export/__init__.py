"""A trained generator as a file that needs neither Python nor this package."""
