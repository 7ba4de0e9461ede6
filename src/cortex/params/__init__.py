"""Frozen parameter blocks in SI; the only converters between config keys and SI."""
