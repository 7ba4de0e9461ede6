"""The page of any network: with and without theory, simulation, LFP and space."""

from dataclasses import replace
from typing import Any

import numpy as np

from cortex.io.network import empty
from cortex.io.schemas.network import COMPARED, LINES
from cortex.networks.case import read_case
from cortex.report.cells import Text
from cortex.report.network_page import KINDS, NetworkPage, open_page
from cortex.steps.columns import transposed

PARTS = (
    "question", "picture", "projections", "working_points", "numbers", "neurons", "activity",
    "course", "spectra", "bands", "modes", "meaning", "plane", "margins", "elasticities",
    "strongest", "space", "lfp", "lfp_spectra", "verdict", "cost",
)  # fmt: skip


def finding(aspect, *, holds, sentence, population="E", state="C"):
    return {
        "state": state, "aspect": aspect, "population": population, "value": 1.0, "limit": 1.0,
        "holds": holds, "sentence": sentence,
    }  # fmt: skip


def compared(observable, predicted, simulated, low=np.nan, high=np.nan):
    return {
        "state": "C", "population": "all" if low > 0 else "E", "observable": observable,
        "low": low, "high": high, "predicted": predicted, "simulated": simulated,
        "standard_error": 0.5,
    }  # fmt: skip


def point(state="C", title="asynchronous"):
    return {"state": state, "title": title, "key": "g", "value": 5.0}


def page(folder, **rows):
    """Return a page whose tables are empty but for the given rows."""
    tables = {
        f"{step}_{kind}": empty(schema)
        for step, schemas in KINDS.items()
        for kind, schema in schemas.items()
    }
    tables["lines"] = empty(LINES)
    given = {"network_points": [point()], **rows}
    tables |= {name: transposed(each) for name, each in given.items()}
    return NetworkPage(name="mine", results=folder, code="x", tables=tables, cases={})


def test_a_network_of_which_nothing_is_known_has_every_part(tmp_path):
    bare = page(tmp_path)
    for part in PARTS:
        assert getattr(bare, part)() is not None
    assert "seeds: 0" in bare.question().markdown


def test_the_verdict_groups_what_holds_and_what_does_not_with_its_reason(tmp_path):
    found = [
        finding("jumps", holds=False, sentence="E receives jumps of 40% of its span."),
        finding("silent", holds=True, sentence="E fires, at 38 Hz in theory."),
        finding("stability", holds=True, sentence="The working point is stable."),
    ]
    text = page(tmp_path, network_findings=found).verdict().markdown
    bad, good = text.split("**What holds**")
    assert "E receives jumps of 40% of its span." in bad
    assert "* E fires, at 38 Hz in theory." in good
    assert "The working point is stable." in good


def test_what_is_alike_for_several_populations_is_said_once(tmp_path):
    found = [
        finding("recurrence", holds=False, sentence="E gets 90% of its noise."),
        finding("recurrence", holds=False, sentence="I gets 86% of its noise.", population="I"),
        finding("recurrence", holds=False, sentence="S has no noise.", population="S"),
    ]
    text = page(tmp_path, network_findings=found).verdict().markdown
    assert "* E gets 90% of its noise; likewise I 86%. S has no noise." in text


def test_a_page_answers_its_question_with_the_furthest_of_each_kind(tmp_path):
    rows = [
        compared("nu", 44.0, 40.0), compared("nu", 39.0, 40.0), compared("cv", 0.5, 0.4),
        compared("power", 1.0, 3.0, 4.0, 10.0), compared("nu", np.nan, 40.0),
    ]  # fmt: skip
    mode = dict.fromkeys(KINDS["predicted"]["modes"].columns, 0.0) | {"state": "C"}
    modes = [mode | {"growth": 2.0}]
    asked = page(tmp_path, network_comparison=rows, predicted_modes=modes).question().markdown
    assert asked.splitlines()[-1] == (
        "* In short: theory gives rates within 10 %, CV within 25 %, power in bands within a "
        "factor of 3 of the simulation; a mode grows, the network leaves this working point."
    )
    assert "In short" not in page(tmp_path).question().markdown


def test_a_moved_finding_moves_the_verdict(tmp_path):
    for holds, heading in ((True, "**What holds**"), (False, "**What does not hold")):
        found = [finding("stability", holds=holds, sentence="A mode.")]
        text = page(tmp_path, network_findings=found).verdict().markdown
        assert text.index(heading) < text.index("A mode.")


def test_numbers_stand_with_their_error_and_the_difference_in_per_cent(tmp_path):
    shown = page(tmp_path, network_comparison=[compared("nu", 44.0, 40.0)]).numbers()
    assert shown.body == [["C", "E", "rate (Hz)", "44", "40 ± 0.5", "+10.0 %"]]
    assert "<td>+10.0 %</td>" in shown._repr_html_()


def test_the_numbers_of_an_unstable_working_point_are_called_so(tmp_path):
    mode = dict.fromkeys(KINDS["predicted"]["modes"].columns, 0.0) | {"state": "C"}
    for growth, called in ((-1.0, "C"), (2.0, "C (unstable)")):
        shown = page(
            tmp_path,
            network_comparison=[compared("nu", 44.0, 40.0)],
            predicted_modes=[mode | {"growth": growth}],
        )
        assert shown.numbers().body[0][0] == called


def test_the_drive_from_outside_is_listed_with_what_was_found_for_it(tmp_path):
    cell = {"tau_m_ms": 20.0, "tau_ref_ms": 2.0, "V_th_mV": 20.0, "V_reset_mV": 10.0}
    block = {
        "populations": {"E": {"size": 80, **cell}},
        "receptors": {"delta": {"tau_s_ms": 0.0}},
        "drive": {
            "poisson": {
                "target": "E", "wanted_rate_Hz": 5.0, "J_mV": 0.1, "receptor": "delta",
            },
            "constant": {"target": "E", "mu_mV": 3.0},
        },
    }  # fmt: skip
    case = read_case("mine", block, "default")
    shown = replace(page(tmp_path), cases={"default": case}).drive()
    ((state, name, inputs, constant),) = shown.body
    assert (state, name, constant) == ("all", "E", "3 mV")
    assert inputs == f"{case.network.drive.rate[0, 0]:,.5g} Hz × +0.1 mV, found for 5 Hz"


def test_bands_are_theory_over_simulation(tmp_path):
    rows = [compared("power", 1.0, 2.0, 4.0, 10.0), compared("power", 3.0, 2.0, 10.0, 20.0)]
    shown = page(tmp_path, network_comparison=rows).bands()
    assert shown.head == ["state", "4–10 Hz", "10–20 Hz"]
    assert shown.body == [["C", "0.5", "1.5"]]


def test_a_refusal_of_the_rates_is_the_reason_of_everything(tmp_path):
    found = [finding("theory", holds=False, sentence="Theory gives no rates: two time constants")]
    refused = page(tmp_path, network_findings=found)
    assert refused.refused("spectra") == "two time constants"
    assert refused.modes() == Text("No modes: two time constants.")
    assert page(tmp_path).refused("rates") is None


CELL = {"tau_m_ms": 20.0, "tau_ref_ms": 2.0, "V_th_mV": 20.0, "V_reset_mV": 10.0}
PLANE: dict[str, Any] = {
    "populations": {"E": {"size": 80, **CELL}},
    "receptors": {"delta": {"tau_s_ms": 0.0}},
    "factors": {"g": 1.0},
    "drive": {
        "poisson": {"target": "E", "rate_Hz": 9e3, "J_mV": 0.1, "receptor": "delta", "times": ["g"]}
    },
    "lines": {
        "x": {"key": "g", "low": 0.0, "high": 8.0},
        "y": {"key": "drive.poisson.rate_Hz", "low": 0.0, "high": 2e4},
    },
    "states": {"near": {"g": 2.0}, "far": {"g": 5.0, "title": "far"}, "off": {"seeds": 2}},
}
# a Hopf line from (0, 0) to (8, 16 kHz): at g = 2 it lies at 4 kHz, at 9 kHz at g = 4.5
HOPF = [
    {"line": 0, "kind": "hopf", "x": x, "y": 2e3 * x, "nu": 5.0, "frequency": 10.0 * x}
    for x in (0.0, 8.0)
]


def test_states_stand_among_the_lines_of_a_plane_with_the_nearest_along_each_key(tmp_path):
    states = {state: read_case("mine", PLANE, state) for state in PLANE["states"]}
    mode = dict.fromkeys(KINDS["predicted"]["modes"].columns, 0.0)
    bare = page(
        tmp_path,
        network_points=[point(state) for state in states],
        predicted_modes=[mode | {"state": "far", "growth": 3.0}],
        lines=HOPF,
    )
    mine = replace(bare, cases=states, block=PLANE)
    points = mine._points(mine._lines)
    assert {name: values.tolist() for name, values in points.items()} == {
        "state": ["near", "far"], "x": [2.0, 5.0], "y": [9e3, 9e3], "grows": [False, True],
    }  # fmt: skip
    near, far, off = mine.margins().markdown.splitlines()
    assert near == (
        "* **near**, `g` = 2, `drive.poisson.rate_Hz` = 9000: along `g` the nearest line is the "
        "onset of a mode at 45 Hz, at 4.5; along `drive.poisson.rate_Hz` the nearest line is the "
        "onset of a mode at 20 Hz, at 4000."
    )
    assert "at 1e+04." in far
    assert off == "* Not in this plane, or there by default: off."
    assert mine.plane().png.is_file()


def test_a_network_without_lines_says_how_to_ask_for_them(tmp_path):
    block = {key: value for key, value in PLANE.items() if key != "lines"}
    mine = replace(page(tmp_path), cases={"near": read_case("mine", block, "near")}, block=block)
    assert "`lines: {x: {key:" in mine.plane().markdown
    assert mine.margins() == Text("")


def test_the_table_of_a_network_without_states_has_no_column_for_them(tmp_path):
    row = compared("nu", 44.0, 40.0) | {"state": "default"}
    mine = page(tmp_path, network_points=[point("default")], network_comparison=[row])
    assert mine.numbers().head[0] == "population"
    assert mine.numbers().body[0][0] == "E"


def test_modes_are_told_state_by_state(tmp_path):
    found = [
        finding("stability", holds=True, sentence=f"Words on {state}.", state=state)
        for state in "CD"
    ]
    points = [point("C"), point("D")]
    text = page(tmp_path, network_points=points, network_findings=found).meaning().markdown
    assert text == "* **C**: Words on C.\n* **D**: Words on D."


def test_a_page_is_read_from_the_tables_and_parameters_of_a_run(tmp_path):
    from cortex.io.tables import write_table
    from cortex.provenance import Provenance

    block = {
        "populations": {
            "E": {
                "size": 80, "tau_m_ms": 20.0, "tau_ref_ms": 2.0, "V_th_mV": 20.0,
                "V_reset_mV": 10.0,
            },
        },
        "receptors": {"delta": {"tau_s_ms": 0.0}},
        "projections": {
            "all": {
                "source": "E", "target": "E", "in_degree": 8, "J_mV": 0.1,
                "delay_ms": 1.5, "receptor": "delta",
            },
        },
        "drive": {"poisson": {"target": "E", "rate_Hz": 9000.0, "J_mV": 0.1, "receptor": "delta"}},
    }  # fmt: skip
    source = Provenance(
        rule="compare_network", params={"network": block}, code="x", seed=1, wildcards={}
    )
    folder = tmp_path / "networks" / "mine"
    for step, schemas in KINDS.items():
        for kind, schema in schemas.items():
            write_table(folder / f"{step}_{kind}.parquet", schema, empty(schema), source)
    points = transposed([point("default")])
    write_table(folder / "network_points.parquet", COMPARED["points"], points, source)
    opened = open_page("mine", tmp_path)
    assert opened.picture().png.is_file()
    assert opened.projections().body == [["E", "80", "8 × +0.1 mV"]]


def test_elasticities_are_told_by_kind_the_furthest_first(tmp_path):
    def row(parameter, kind, growth, frequency):
        return {
            "state": "C", "parameter": parameter, "kind": kind, "method": "shift", "rank": 0,
            "wave_number": 0, "growth": -50.0, "frequency": 63.0, "growth_change": growth,
            "frequency_change": frequency, "growth_held": growth, "frequency_held": frequency,
        }  # fmt: skip

    def rate(parameter, kind):
        return {
            "state": "C", "parameter": parameter, "kind": kind, "method": "shift",
            "population": "E", "rate": 12.0, "cv": 0.1,
        }  # fmt: skip

    of_modes = [
        row("J(E<-E)", "element", 1.0, 0.0),
        row("J(E<-I)", "element", 0.0, -40.0),
        row("g", "key", 2.0, 3.0),
    ]
    of_rates = [rate(each["parameter"], each["kind"]) for each in of_modes]
    populations = [
        {"state": "C", "population": "E", "size": 10, "nu": 1.0, "mu": 0.0, "sigma": 1.0, "cv": 1.0}
    ]
    mine = page(
        tmp_path,
        predicted_mode_elasticities=of_modes,
        predicted_rate_elasticities=of_rates,
        predicted_rates=populations,
    )
    assert mine.strongest().body == [
        ["C", "g", "63 Hz", "+0.03", "+0.02", "E +0.12"],
        ["C", "J(E<-I)", "63 Hz", "-0.4", "+0", "E +0.12"],
        ["C", "J(E<-E)", "63 Hz", "+0", "+0.01", "E +0.12"],
    ]
    assert mine.elasticities() is not None
