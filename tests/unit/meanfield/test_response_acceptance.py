"""Every row of the acceptance table of responses, fits and rates is measured and passes."""

from cortex.acceptance.response import measure_responses
from cortex.acceptance.table import read_checks
from cortex.config.loader import read_yaml
from cortex.params.response import ResponseStudy


def test_every_row_is_measured_and_passes(root):
    config = read_yaml(root / "config" / "config.yaml")
    checks = read_checks(root / "config" / "acceptance" / "response.tsv")
    got = measure_responses(ResponseStudy.from_config(config["response"]))
    assert set(got) == {check.check_id for check in checks}
    failing = {c.check_id: got[c.check_id] for c in checks if not c.passes(got[c.check_id])}
    assert failing == {}
