"""What the explorer shows of the learning-rate sweep."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from cortex.report.explorer import Axis, Detail, Explorer, Observable, Series, finite
from cortex.steps.select import Table, alone, rows
from cortex.typing import AnyArray

OBSERVABLES: Final = (
    ("residual", "distance from the fixed point", True),
    ("residual_transient", "distance from the predicted transient", True),
    ("kernel_max", "largest learned weight", False),
    ("kernel_max_predicted", "largest predicted weight", False),
    ("spread", "ripple along a diagonal", True),
    ("replay_frequency", "frequency of replay (Hz)", False),
)


def learning_payload(sweep: Table, residuals: Table) -> Explorer:
    """Return the page of the learning-rate sweep.

    Parameters
    ----------
    sweep, residuals : points and courses of a one-at-a-time sweep of model `learning`, SI columns.
    """
    runs = alone(sweep, "beta")
    courses = alone(residuals, "beta")
    betas, replicates = np.unique(runs["beta"]), np.unique(runs["replicate"])
    order = [(beta, replicate) for replicate in replicates for beta in betas]
    points = [_row(runs, beta, replicate) for beta, replicate in order]
    return Explorer(
        title="The learning rate",
        intro=(
            "Each cell is a training of the delayed ring from its own random weights. Click a "
            "cell or move with the arrow keys: beside it, how far the weights still are from "
            "the fixed point over time, with the predicted transient."
        ),
        x=Axis(label="learning rate", values=betas.tolist(), evenly=True),
        y=Axis(label="initial weights", values=replicates.tolist(), evenly=True),
        observables=[
            Observable(
                key=key,
                label=label,
                unit="",
                log=log,
                values=[finite(float(point[key])) for point in points],
            )
            for key, label, log in OBSERVABLES
        ],
        lines=[],
        details=[
            _detail(point, _row(courses, beta, replicate))
            for point, (beta, replicate) in zip(points, order, strict=True)
        ],
        series_label=("time (s)", "largest distance from the fixed point, relative"),
    )


def _row(table: Table, beta: float, replicate: int) -> dict[str, AnyArray]:
    """Return the rows of one training; scalars where there is one row."""
    mine = rows(table, beta=beta, replicate=replicate)
    return {name: column[0] if column.size == 1 else column for name, column in mine.items()}


def _detail(point: Mapping[str, AnyArray], course: Mapping[str, AnyArray]) -> Detail:
    shown = np.asarray(course["time"]) > 0.0
    time = [float(f"{t:.4g}") for t in course["time"][shown]]
    replayed, predicted = point["replay_frequency"], point["replay_frequency_predicted"]
    return Detail(
        numbers=[
            ("learning rate", f"{point['beta']:g}"),
            ("initial weights", f"{point['replicate']:g}"),
            (
                "largest weight",
                f"{point['kernel_max']:.5f} (theory {point['kernel_max_predicted']:.5f})",
            ),
            ("fixed point of the theory", "settled" if point["converged"] else "did not settle"),
            ("distance from the fixed point", f"{point['residual']:.2e}"),
            ("distance from the predicted transient", f"{point['residual_transient']:.2e}"),
            ("frequency of replay", f"{replayed:.2f} Hz (theory {predicted:.2f} Hz)"),
        ],
        series=[
            Series(
                label=label,
                theory=theory,
                x=time,
                y=[finite(float(v), 3) for v in course[key][shown]],
            )
            for label, theory, key in (
                ("simulation", False, "residual"),
                ("theory", True, "predicted"),
            )
        ],
        raster=None,
    )
