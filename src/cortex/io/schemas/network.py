"""Tables of the steps over any network; all bear the name of the state."""

from typing import Final

from cortex.analysis.observables import OF_NETWORK, OF_POPULATION, OF_SPACE, Observable
from cortex.io.tables import Column, TableSchema

_STATE: Final = {"state": Column("1", "name of the state; `default` where there is one", "text")}
_POPULATION: Final = {"population": Column("1", "population; `all` for all together", "text")}
_SEED: Final = {"seed": Column("1", "number of the seed, one per independent network", "int")}
_FREQUENCY: Final = {"frequency": Column("Hz", "frequency")}
_COURSE: Final = {
    "time": Column("ms", "middle of the interval, from the start of the recording"),
    "rate": Column("Hz", "rate in the interval; the predicted one nan where a mode grows"),
}
_NEURONS: Final = {
    "rate": Column("Hz", "rate of a neuron over the recording: spikes over its duration"),
    "share": Column("1", "share of neurons that have it"),
}
_PARAMETER: Final = {
    "parameter": Column("1", "dotted key of the file, or an element such as J(E<-PV)", "text"),
    "kind": Column("1", "key or element; wanted rates found by theory are held as drives", "text"),
    "method": Column("1", "theory: shift or taylor; shift also where rates are on nodes", "text"),
}
_FINDING: Final = {
    "aspect": Column("1", "what was looked at", "text"),
    **_POPULATION,
    "value": Column("1", "the number, SI"),
    "limit": Column("1", "the limit it is held against"),
    "holds": Column("1", "whether theory stays inside its conditions", "bool"),
    "sentence": Column("1", "the finding in words", "text"),
}
_SIGNAL: Final = {"signal": Column("1", "populations whose currents make it", "text")}


def _observables(named: dict[str, Observable]) -> dict[str, Column]:
    return {name: Column(each.unit, each.doc) for name, each in named.items()}


PREDICTED: Final = {
    "rates": TableSchema(
        "network_predicted_rates",
        {
            **_STATE,
            **_POPULATION,
            "size": Column("1", "neurons", "int"),
            "nu": Column("Hz", "self-consistent rate"),
            "mu": Column("mV", "mean input relative to rest"),
            "sigma": Column("mV", "noise of the input, sqrt 2 times the free fluctuation"),
            "cv": Column("1", "coefficient of variation of the intervals"),
        },
    ),
    "neurons": TableSchema("network_predicted_neurons", {**_STATE, **_POPULATION, **_NEURONS}),
    "verdict": TableSchema("network_predicted_verdict", {**_STATE, **_FINDING}),
    "kernels": TableSchema(
        "network_kernels",
        {
            **_STATE,
            "target": Column("1", "target population", "text"),
            "source": Column("1", "source population", "text"),
            "x": Column("mm", "displacement, source minus target"),
            "y": Column("mm", "displacement"),
            "probability": Column("1", "mean number of synapses of such a pair of neurons"),
            "weight": Column("1", "kernel of the weights, 1 without; negative where it inhibits"),
            "delay": Column("ms", "mean delay"),
        },
    ),
    "modes": TableSchema(
        "network_predicted_modes",
        {
            **_STATE,
            "wave_number": Column("1", "cycles per ring or first side; 0 without space", "int"),
            "rank": Column("1", "0 is the mode closest to growing, or growing fastest", "int"),
            "growth": Column("per_s", "growth rate; nan where no mode was found"),
            "frequency": Column("Hz", "frequency of the mode, 0 where it does not oscillate"),
        },
    ),
    "response": TableSchema(
        "network_predicted_response",
        {
            **_STATE,
            **_POPULATION,
            **_FREQUENCY,
            "real": Column("Hz_per_mV", "response of the rate to the mean current, real part"),
            "imag": Column("Hz_per_mV", "imaginary part"),
            "gain": Column("Hz_per_mV", "gain of the fitted low-pass filter"),
            "tau": Column("ms", "its time constant"),
        },
    ),
    "spectra": TableSchema(
        "network_predicted_spectra",
        {
            **_STATE,
            **_POPULATION,
            **_FREQUENCY,
            "power": Column("Hz2_per_Hz", "one-sided spectrum of the rate; nan where a mode grows"),
            "shot_noise": Column("Hz2_per_Hz", "the same of independent neurons"),
        },
    ),
    "eigenvalues": TableSchema(
        "network_predicted_eigenvalues",
        {
            **_STATE,
            "mode": Column("1", "number of the trajectory", "int"),
            **_FREQUENCY,
            "real": Column("1", "eigenvalue of the effective connectivity, real part"),
            "imag": Column("1", "imaginary part"),
        },
    ),
    "sensitivity": TableSchema(
        "network_predicted_sensitivity",
        {
            **_STATE,
            "rank": Column("1", "modes in order of their distance from 1", "int"),
            "frequency": Column("Hz", "where the eigenvalue comes closest to 1"),
            "target": Column("1", "target population", "text"),
            "source": Column("1", "source population", "text"),
            "along": Column("1", "towards 1: amplitude of the peak"),
            "across": Column("1", "perpendicular: its frequency"),
        },
    ),
    "rate_elasticities": TableSchema(
        "network_predicted_rate_elasticities",
        {
            **_STATE,
            **_PARAMETER,
            **_POPULATION,
            "rate": Column("Hz", "d rate / d ln parameter: a hundred times what 1 % more adds"),
            "cv": Column("1", "d CV / d ln parameter"),
        },
    ),
    "mode_elasticities": TableSchema(
        "network_predicted_mode_elasticities",
        {
            **_STATE,
            **_PARAMETER,
            "rank": Column("1", "least damped first, on a ring of all wave numbers", "int"),
            "wave_number": Column("1", "cycles per ring or first side; 0 without space", "int"),
            "growth": Column("per_s", "growth rate of the mode in that theory"),
            "frequency": Column("Hz", "its frequency"),
            "growth_change": Column("per_s", "d growth / d ln parameter"),
            "frequency_change": Column("Hz", "d frequency / d ln parameter"),
            "growth_held": Column(
                "per_s",
                "d growth / d ln parameter, rates held by the first Poisson inputs; nan without",
            ),
            "frequency_held": Column("Hz", "d frequency / d ln parameter at held rates"),
        },
    ),
    "finite": TableSchema(
        "network_predicted_finite",
        {
            **_STATE,
            **_POPULATION,
            **_FREQUENCY,
            "power": Column("Hz2_per_Hz", "one-sided spectrum of the rate of finite populations"),
            "nu": Column("Hz", "their mean rate"),
        },
    ),
    "finite_course": TableSchema(
        "network_predicted_finite_course", {**_STATE, **_POPULATION, **_COURSE}
    ),
    "course": TableSchema("network_predicted_course", {**_STATE, **_POPULATION, **_COURSE}),
    "lfp": TableSchema(
        "network_predicted_lfp",
        {
            **_STATE,
            **_SIGNAL,
            **_FREQUENCY,
            "power": Column("pA2_per_Hz", "one-sided spectrum; nan where a mode grows"),
        },
    ),
}
OBSERVED: Final = {
    "network": TableSchema(
        "network_observed",
        {
            **_STATE,
            **_SEED,
            "regime": Column("1", "SR, AR, AI, SI fast, SI slow, silent, undetermined", "text"),
            **_observables(OF_NETWORK),
        },
    ),
    "populations": TableSchema(
        "network_observed_populations",
        {**_STATE, **_SEED, **_POPULATION, **_observables(OF_POPULATION)},
    ),
    "neurons": TableSchema(
        "network_observed_neurons", {**_STATE, **_SEED, **_POPULATION, **_NEURONS}
    ),
    "spectra": TableSchema(
        "network_observed_spectra",
        {
            **_STATE,
            **_SEED,
            **_POPULATION,
            **_FREQUENCY,
            "power": Column("Hz2_per_Hz", "one-sided spectrum of the rate"),
        },
    ),
    "raster": TableSchema(
        "network_raster",
        {
            **_STATE,
            "time": Column("ms", "time from the start of the excerpt"),
            "row": Column("1", "row of the neuron, 0 at the bottom", "int"),
            "place": Column("1", "place of the neuron in its population, 0 to 1"),
            **_POPULATION,
            "excitatory": Column("1", "whether the neuron is excitatory", "bool"),
        },
    ),
    "activity": TableSchema(
        "network_activity",
        {
            **_STATE,
            "time": Column("ms", "time from the start of the excerpt"),
            "rate": Column("Hz", "rate of all neurons"),
        },
    ),
    "course": TableSchema("network_observed_course", {**_STATE, **_SEED, **_POPULATION, **_COURSE}),
    "waves": TableSchema(
        "network_waves", {**_STATE, **_SEED, **_POPULATION, **_observables(OF_SPACE)}
    ),
    "space_time": TableSchema(
        "network_space_time",
        {
            **_STATE,
            **_SEED,
            **_POPULATION,
            **_FREQUENCY,
            "wave_number": Column(
                "1",
                "cycles per ring, the sign is the direction; on a sheet per side, any way",
                "int",
            ),
            "power": Column("Hz2", "mean squared amplitude of the rate"),
        },
    ),
    "distances": TableSchema(
        "network_distances",
        {
            **_STATE,
            **_SEED,
            **_POPULATION,
            "distance": Column("mm", "distance of two cells of a sheet"),
            "correlation": Column("1", "correlation of their rates"),
            "frequency": Column("Hz", "frequency of the strongest pattern"),
            "coherence": Column("1", "coherency there, real part: negative in antiphase"),
        },
    ),
    "maps": TableSchema(
        "network_maps",
        {
            **_STATE,
            **_POPULATION,
            "x": Column("mm", "middle of the cell"),
            "y": Column("mm", "middle of the cell"),
            "rate": Column("Hz", "rate per neuron over the recording, mean over networks"),
            "cv": Column("1", "CV of the intervals, mean over the neurons that tell; else nan"),
        },
    ),
    "film": TableSchema(
        "network_film",
        {
            **_STATE,
            **_POPULATION,
            "time": Column("ms", "middle of the frame, from the start of the excerpt"),
            "x": Column("mm", "middle of the cell"),
            "y": Column("mm", "middle of the cell"),
            "rate": Column("Hz", "rate per neuron"),
        },
    ),
}
CURRENTS: Final = TableSchema(
    "network_currents",
    {
        "time": Column("ms", "end of the step, from the start of the recording"),
        **_POPULATION,
        "exc": Column("mV", "mean R I of the excitatory synapses of a neuron, positive inwards"),
        "inh": Column("mV", "mean R I of the inhibitory synapses"),
    },
)
LFP: Final = {
    "traces": TableSchema(
        "network_lfp",
        {
            **_STATE,
            **_SIGNAL,
            "time": Column("ms", "time from the start of the excerpt"),
            "lfp": Column("pA", "weighted sum of the currents per target neuron, less its mean"),
        },
    ),
    "spectra": TableSchema(
        "network_lfp_spectra",
        {
            **_STATE,
            **_SEED,
            **_SIGNAL,
            **_FREQUENCY,
            "power": Column("pA2_per_Hz", "one-sided spectrum"),
        },
    ),
    "distances": TableSchema(
        "network_lfp_distances",
        {
            **_STATE,
            **_SEED,
            "kind": Column("1", "lfp of two contacts, or spikes of two neurons", "text"),
            **_FREQUENCY,
            "distance": Column("mm", "distance of the two"),
            "coherence": Column("1", "coherency, real part: negative in antiphase"),
            "correlation": Column("1", "correlation over all frequencies"),
        },
    ),
    "shaft": TableSchema(
        "network_lfp_shaft",
        {
            **_STATE,
            "time": Column("ms", "from the start of the excerpt"),
            "height": Column("mm", "of the contact over the somata"),
            "lfp": Column("uV", "potential, less its mean"),
            "csd": Column("uA_per_mm3", "current source density, less its mean; nan at both ends"),
        },
    ),
    "responses": TableSchema(
        "network_lfp_responses",
        {
            **_STATE,
            **_POPULATION,
            "time": Column("ms", "after a spike"),
            "distance": Column("mm", "of the contact from the spike, over the sheet"),
            "lfp": Column("uV", "potential that the spike makes"),
        },
    ),
}
COMPARED: Final = {
    "points": TableSchema(
        "network_points",
        {
            **_STATE,
            "title": Column("1", "what the state is called", "text"),
            "key": Column("1", "key that the state changes", "text"),
            "value": Column("1", "its value, in the unit of the key"),
        },
    ),
    "comparison": TableSchema(
        "network_comparison",
        {
            **_STATE,
            **_POPULATION,
            "observable": Column("1", "what is compared: nu, cv, power, lfp_power, ...", "text"),
            "low": Column("Hz", "lower edge of the band of a spectrum, else nan"),
            "high": Column("Hz", "upper edge of the band"),
            "predicted": Column("1", "prediction, SI"),
            "simulated": Column("1", "mean over independent networks, SI"),
            "standard_error": Column("1", "of that mean; nan with one network"),
        },
    ),
    "findings": TableSchema(
        "network_findings",
        {
            **_STATE,
            **_FINDING,
        },
    ),
}
LINES: Final = TableSchema(
    "network_lines",
    {
        "line": Column("1", "number of the line", "int"),
        "kind": Column("1", "fold or hopf", "text"),
        "x": Column("1", "first key of the window, in its unit"),
        "y": Column("1", "second key"),
        "nu": Column("Hz", "rate of the first population in the marginal state"),
        "frequency": Column("Hz", "frequency of the marginal mode, 0 on a fold"),
    },
)
