"""What the explorer shows of the Brunel plane."""

from collections.abc import Mapping, Sequence
from math import isnan
from typing import Final

import numpy as np

from cortex.report.explorer import Axis, Detail, Explorer, Line, Observable, Series, finite
from cortex.steps.select import Table, groups, rows

OBSERVABLES: Final = (
    ("nu", "simulated rate", "Hz", True),
    ("nu_theory", "predicted rate", "Hz", True),
    ("cv", "simulated CV", "", False),
    ("cv_theory", "predicted CV", "", False),
    ("rate_std_ratio", "std / mean of the population rate", "", True),
    ("peak_frequency", "peak of the simulated spectrum", "Hz", False),
    ("growth", "growth of the leading mode", "1/s", False),
    ("frequency", "frequency of the leading mode", "Hz", False),
)
FAST: Final = 80.0
"""Onsets above this frequency (Hz) are of the fast oscillation, below of the slow one."""


def bifurcation_lines(table: Table) -> list[Line]:
    """Return the lines of table `network_lines`, SI columns, named by what happens there."""
    return [_line(part) for _, part in groups(table, "line")]


def _line(part: Table) -> Line:
    is_fold = part["kind"][0] == "fold"
    fast = float(np.median(part["frequency"])) > FAST
    onset = f"onset of the {'fast' if fast else 'slow'} oscillation (Hopf)"
    return Line(
        label="fold: rates appear or vanish" if is_fold else onset,
        dashed=is_fold,
        points=[
            (float(f"{g:.5g}"), float(f"{x:.5g}"))
            for g, x in zip(part["x"], part["y"], strict=True)
        ],
    )


def brunel_payload(
    points: Table,
    raster: Table,
    spectrum: Table,
    *,
    n_neurons: int,
    raster_duration: float,
    lines: Sequence[Line] = (),
) -> Explorer:
    """Return the page of the Brunel plane.

    Parameters
    ----------
    points, raster, spectrum : tables
        A sweep of model `network` over `g` and `nu_ext_ratio`, and two of its arrays, SI columns.
    n_neurons : int
        Neurons of each simulated network.
    raster_duration : float
        Time shown by the rasters, s.
    lines : sequence of Line
        Bifurcation lines to draw over the plane.
    """
    g, ratio = (np.unique(points[name]).tolist() for name in ("g", "nu_ext_ratio"))
    at = [{"g": x, "nu_ext_ratio": y} for y in ratio for x in g]
    found = [{name: column[0] for name, column in rows(points, **each).items()} for each in at]
    return Explorer(
        title="The Brunel plane",
        intro=(
            f"Each cell is a simulated network of {n_neurons:,} neurons. Choose what the colours "
            "show, click a cell or move with the arrow keys: raster, spectrum with its "
            "prediction, eigenvalue and numbers of that point stand beside it."
        ),
        x=Axis(label="relative inhibitory weight g", values=g),
        y=Axis(label="external rate over threshold rate", values=ratio),
        observables=[
            Observable(
                key=key,
                label=label,
                unit=unit,
                log=log,
                values=[finite(float(point[key])) for point in found],
            )
            for key, label, unit, log in OBSERVABLES
        ],
        lines=list(lines),
        details=[
            _detail(point, rows(raster, **each), rows(spectrum, **each))
            for point, each in zip(found, at, strict=True)
        ],
        series_label=("frequency (Hz)", "spectrum of the rate (Hz²/Hz)"),
        raster_label="time (ms); excitatory neurons blue, inhibitory red",
        raster_end=raster_duration * 1e3,
    )


def _detail(point: Mapping[str, float], shown: Table, curve: Table) -> Detail:
    frequency = [float(f"{f:.4g}") for f in curve["frequency"]]
    return Detail(
        numbers=_numbers(point),
        series=[
            Series(
                label=label,
                theory=theory,
                x=frequency,
                y=[finite(float(v), 3) for v in curve[key]],
            )
            for label, theory, key in (
                ("simulation", False, "power"),
                ("theory", True, "power_theory"),
            )
        ],
        raster={
            "t": np.round(shown["time"] * 1e3, 1).tolist(),
            "row": shown["row"].tolist(),
            "kind": shown["excitatory"].astype(int).tolist(),
        },
    )


def _numbers(point: Mapping[str, float]) -> list[tuple[str, str]]:
    growth, mode = float(point["growth"]), float(point["frequency"])
    leading = (
        "no growing and no slowly decaying mode"
        if isnan(growth)
        else f"{growth:+.1f} per s at {mode:.1f} Hz: {'unstable' if growth >= 0 else 'stable'}"
    )
    return [
        ("g", f"{point['g']:g}"),
        ("external / threshold rate", f"{point['nu_ext_ratio']:g}"),
        ("simulated state", str(point["regime"])),
        ("rate", f"{point['nu']:.2f} Hz (theory {point['nu_theory']:.2f} Hz)"),
        ("CV of intervals", f"{_shown(point['cv'])} (theory {_shown(point['cv_theory'])})"),
        ("leading eigenvalue (theory)", leading),
        ("peak of the spectrum", f"{point['peak_frequency']:.0f} Hz"),
        ("std / mean of the rate", _shown(point["rate_std_ratio"])),
    ]


def _shown(value: float) -> str:
    return "not defined" if isnan(value) else f"{value:.2f}"
