"""Marks of tests that need what the locked environment does not hold."""

import pytest

from cortex.errors import InstallationError
from cortex.nest.run import nest_python

try:
    nest_python()
    LACKING = False
except InstallationError:
    LACKING = True
NEST = pytest.mark.skipif(LACKING, reason="NEST is not in the locked environment: make test-nest")
