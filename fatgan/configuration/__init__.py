"""What configurations share: sections that know their keys, YAML files, errors in plain words."""
