"""A whole process for a dense network of 400 neurons: its CPU time is the start of the engine."""

from cortex.params.brunel import BrunelParams
from cortex.params.simulation import SimulationParams
from cortex.spiking import draw_bit_rows, simulate

network = BrunelParams(
    n_exc=320,
    n_inh=80,
    in_degree_exc=32,
    in_degree_inh=8,
    J=1e-3,
    g=5.0,
    nu_ext_ratio=2.0,
).network()
settings = SimulationParams(dt=1e-4, warm_up=0.0, duration=0.01, precision="float32")
simulate(network, settings, seed=1, wiring=draw_bit_rows(network, seed=1))
