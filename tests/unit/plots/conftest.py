"""What the tests of figures share: no screen, closed figures, and the scales that are shown."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

mpl.use("Agg")


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


@pytest.fixture
def scales():
    """Return a function that lists what every axis of a figure that shows numbers is called.

    A vertical axis without a name has that of the first panel of its row.
    """

    def names(figure):
        figure.canvas.draw()
        first = {row_of(ax): ax.get_ylabel() for ax in reversed(figure.axes)}
        return [
            name
            for ax in figure.axes
            for axis, name in (
                (ax.xaxis, ax.get_xlabel()),
                (ax.yaxis, ax.get_ylabel() or first[row_of(ax)]),
            )
            if any(tick.get_text() for tick in axis.get_ticklabels())
        ]

    return names


def row_of(ax):
    place = ax.get_subplotspec()
    return ax if place is None else (place.get_gridspec(), place.rowspan.start)
