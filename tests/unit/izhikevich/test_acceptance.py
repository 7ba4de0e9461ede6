"""The acceptance values that need no workflow pass."""

from cortex.acceptance.izhikevich import measure_cells, measure_networks
from cortex.acceptance.table import read_checks


def test_cells_and_networks_pass_their_acceptance_rows(root):
    checks = read_checks(root / "config" / "acceptance" / "izhikevich.tsv")
    rows = {check.check_id: check for check in checks}
    got = measure_cells() | measure_networks()
    failing = {name: value for name, value in got.items() if not rows[name].passes(value)}
    assert failing == {}
    assert {name for name in rows if name.startswith("izhikevich.")} == got.keys()
