"""Rows of tables: what stands in a column is what its name says."""

import pytest

from cortex.learning_ring import first_harmonic_frequency
from cortex.learning_ring.examples import standard_params
from cortex.learning_ring.records import replay_row


def test_a_row_of_replay_holds_the_published_continuum_beside_the_discrete_scheme():
    row = replay_row("tau_d", standard_params())
    assert row["continuum"] == pytest.approx(20.58, abs=5e-3)  # trained at 10 Hz
    assert row["harmonic"] == first_harmonic_frequency(standard_params())
    assert abs(row["harmonic"] - row["continuum"]) > 0.02
    assert row["frequency"] == pytest.approx(row["switch"], rel=3e-4)
