"""Draw the figure of a sweep."""

from pathlib import Path
from typing import Any

from cortex.io.job import run_job
from cortex.io.tables import read_columns
from cortex.plots.save import save_figure
from cortex.plots.style import house_style
from cortex.plots.sweeps import draw_sweep
from cortex.sweep.drawing import view_of
from cortex.sweep.job import open_job
from cortex.sweep_models.registry import MODELS


def main(smk: Any) -> None:
    """Read the summary, draw it, save it."""
    name, chosen = smk.wildcards.any_sweep, smk.params.observables
    plan, _ = open_job(smk, MODELS, name=name, say=print, observables=chosen)
    with house_style():
        figure = draw_sweep(read_columns(Path(smk.input.summary)), view_of(plan))
    save_figure(figure, smk.output.png, smk.output.pdf, {"sweep": name, "code": smk.params.code})


if __name__ == "__main__":
    run_job(main, globals())
