"""Every table leads to the seed of its first job; equal runs give equal bytes, small ones."""

from types import SimpleNamespace

import numpy as np
import pytest

from cortex.errors import TableError
from cortex.io.ancestry import ancestors, ancestry_of
from cortex.io.job import job_provenance
from cortex.io.tables import Column, TableSchema, read_provenance, write_table
from cortex.provenance import canonical_json

SCHEMA = TableSchema("rates", {"nu": Column("Hz", "rate")})
MODEL = {"neuron": {"tau_m_ms": 20.0, "V_th_mV": 20.0}, "n_exc": 10_000}


def job(folder, rule, output, inputs=(), wildcards=None, **params):
    """Write the table of a job as its script would; return its path."""
    smk = SimpleNamespace(
        rule=rule,
        params={**params, "code": f"code of {rule}"},
        wildcards=wildcards or {},
        input=[str(path) for path in inputs],
    )
    write_table(folder / output, SCHEMA, {"nu": np.ones(2)}, job_provenance(smk))
    return folder / output


def chain(folder, n=3, seed=7):
    """Return the last table of: n simulations, a statistic of each, what is gathered of them."""
    statistics = []
    for network in range(n):
        of = {"network": str(network)}
        spikes = job(folder, "simulate", f"s{network}.parquet", (), of, model=MODEL, seed=seed)
        statistics.append(job(folder, "analyse", f"a{network}.parquet", [spikes], of, model=MODEL))
    caption = folder / "caption.rst"
    return job(folder, "gather", "g.parquet", [*statistics, caption], bins={"rate_bin_ms": 0.5})


def test_a_table_leads_through_every_job_to_the_seed_of_its_simulations(tmp_path):
    found = ancestors(read_provenance(chain(tmp_path)))
    assert [(each.rule, each.wildcards["network"]) for each in found] == [
        (rule, str(network)) for rule in ("analyse", "simulate") for network in range(3)
    ]
    assert {each.seed for each in found if each.rule == "simulate"} == {"7"}
    assert all(each.params["model"] == MODEL for each in found)
    assert {each.code for each in found} == {"code of simulate", "code of analyse"}
    assert "numpy" in found[0].versions


def test_a_job_behind_two_tables_is_kept_once(tmp_path):
    spikes = job(tmp_path, "simulate", "s.parquet", seed=7)
    pair = [job(tmp_path, "analyse", f"{name}.parquet", [spikes]) for name in "ab"]
    found = ancestry_of([*pair, spikes])
    assert len(found["records"]) == 2
    assert [each.rule for each in ancestors({"ancestry": found})] == ["analyse", "simulate"]


def test_equal_runs_give_equal_bytes_and_another_seed_does_not(tmp_path):
    runs = [("first", 7), ("second", 7), ("third", 8)]
    first, second, third = (chain(tmp_path / name, seed=seed).read_bytes() for name, seed in runs)
    assert first == second
    assert first != third


def test_parameters_are_kept_once_for_all_jobs(tmp_path):
    few, many = (len(canonical_json(_ancestry(chain(tmp_path / str(n), n)))) for n in (2, 22))
    # a record holds digests alone: 16 digits each for its key, parameters, versions and inputs
    assert (many - few) / 20 < 2 * 250


def _ancestry(path):
    return read_provenance(path)["ancestry"]


def test_a_job_that_reads_no_table_has_no_ancestors(tmp_path):
    assert ancestors(read_provenance(job(tmp_path, "simulate", "s.parquet", seed=7))) == []


def test_a_missing_input_is_refused(tmp_path):
    with pytest.raises(TableError, match=r"none\.parquet"):
        ancestry_of([tmp_path / "none.parquet"])
