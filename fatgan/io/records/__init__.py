"""What event records of all formats share: particles, beams, and the scattered lepton."""
