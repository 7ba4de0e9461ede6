"""Read, check and document the configuration; every message names file, key, value, unit."""
