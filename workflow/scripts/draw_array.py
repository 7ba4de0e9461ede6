"""Draw the figure of an array observable of a sweep."""

from pathlib import Path
from typing import Any

from cortex.io.job import run_job
from cortex.io.tables import read_columns
from cortex.plots.save import save_figure
from cortex.plots.style import house_style
from cortex.plots.sweep_arrays import draw_array
from cortex.sweep.drawing import columns_of, view_of
from cortex.sweep.job import open_job
from cortex.sweep_models.registry import MODELS


def main(smk: Any) -> None:
    """Read the long table, draw it, save it."""
    name, array = smk.wildcards.any_sweep, smk.wildcards.array
    plan, _ = open_job(smk, MODELS, name=name, say=print)
    with house_style():
        table = read_columns(Path(smk.input.array))
        figure = draw_array(table, view_of(plan), columns_of(plan, array))
    save_figure(figure, smk.output.png, smk.output.pdf, {"sweep": name, "code": smk.params.code})


if __name__ == "__main__":
    run_job(main, globals())
