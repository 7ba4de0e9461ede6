"""What a network looks like as a whole: its weights, its matrix in cells, its lengths."""

from typing import Any

import numpy as np

from cortex.connectivity.composition import Populations
from cortex.connectivity.projection import Projection
from cortex.connectivity.space import Space, displacements
from cortex.errors import ParameterError
from cortex.typing import AnyArray, FloatArray


def weights_of(projection: Projection) -> FloatArray:
    """Return the weight of every connection, one where the projection has none.

    Returns
    -------
    ndarray of shape (n_connections,)
    """
    if projection.weights is None:
        return np.ones(projection.n_connections)
    return np.asarray(projection.weights, dtype=np.float64)


def connection_lengths(projection: Projection, source: Space, target: Space) -> FloatArray:
    """Return the distance of both ends of every connection, m.

    Parameters
    ----------
    projection : Projection
        With `n_sources` sources and `n_targets` targets.
    source, target : Space
        Their places.

    Returns
    -------
    ndarray of shape (n_connections,)

    Raises
    ------
    ParameterError
        There are not as many places as neurons.

    Examples
    --------
    >>> from cortex.connectivity.space import ring
    >>> line = Projection.from_pairs([0, 3], [1, 0], n_sources=4, n_targets=4)
    >>> connection_lengths(line, ring(4, 1.0), ring(4, 1.0)).tolist()
    [0.25, 0.25]
    """
    if (source.n, target.n) != (projection.n_sources, projection.n_targets):
        msg = (
            f"{source.n} and {target.n} places for {projection.n_sources} sources and "
            f"{projection.n_targets} targets"
        )
        raise ParameterError(msg)
    ends = source.coordinates[projection.sources], target.coordinates[projection.targets]
    lengths: FloatArray = np.linalg.norm(displacements(*ends, source.period), axis=-1)
    return lengths


def matrix_in_cells(projection: Projection, side: int) -> FloatArray:
    """Return the mean weight over all pairs of each cell of the matrix.

    Parameters
    ----------
    projection : Projection
        Pairs that are not joined count as zero.
    side : int
        Neurons along a cell; the last cells may be smaller.

    Returns
    -------
    ndarray of shape (ceil(n_targets / side), ceil(n_sources / side))

    Examples
    --------
    >>> pairs = Projection.from_pairs([0, 1], [0, 0], n_sources=2, n_targets=2)
    >>> matrix_in_cells(pairs, 2).tolist()
    [[0.5]]
    """
    sizes = (projection.n_targets, projection.n_sources)
    shape = tuple(-(-n // side) for n in sizes)
    at = (projection.targets // side, projection.sources // side)
    summed = np.zeros(shape)
    np.add.at(summed, at, weights_of(projection))
    ends = [np.diff(np.minimum(side * np.arange(n + 1), size)) for n, size in zip(shape, sizes, strict=True)]  # fmt: skip # noqa: E501
    cells: FloatArray = summed / np.outer(*ends)
    return cells


def survey_tables(
    projection: Projection,
    *,
    name: str = "network",
    populations: Populations | None = None,
    source: Space | None = None,
    target: Space | None = None,
    side: int = 4,
    n_bins: int = 40,
) -> dict[str, dict[str, AnyArray]]:
    """Return what `cortex.plots.connectivity_survey.draw_survey` draws of any projection.

    Parameters
    ----------
    projection : Projection
        Connections of a kernel, a rule or a list of one's own.
    name : str
        Title of the network.
    populations : Populations, optional
        Who the sources are; each population is counted apart. "all" without.
    source, target : Space, optional
        Places of both ends; without them no length is counted.
    side : int
        Neurons along a cell of the matrix.
    n_bins : int
        Bins of each histogram.

    Returns
    -------
    mapping of "weights", "lengths", "matrices" to columns
        SI, as in the tables `connectivity_weights`, `connectivity_lengths` and
        `connectivity_matrices`.

    Raises
    ------
    ParameterError
        The populations or the places are not those of the sources.

    References
    ----------
    Definition.

    Examples
    --------
    >>> p = Projection.from_pairs([0, 2, 1], [1, 1, 0], n_sources=3, n_targets=2)
    >>> tables = survey_tables(p, populations=Populations({"E": 2, "I": 1}), n_bins=1)
    >>> tables["weights"]["source"].tolist(), tables["weights"]["connections"].tolist()
    (['E', 'I'], [2, 1])
    """
    who = populations or Populations({"all": projection.n_sources})
    if who.n != projection.n_sources:
        msg = f"populations hold {who.n} neurons, the projection has {projection.n_sources} sources"
        raise ParameterError(msg)
    measured = {"weights": weights_of(projection)}
    if source is not None and target is not None:
        measured["lengths"] = connection_lengths(projection, source, target)
    names = np.repeat(np.array(list(who.sizes), dtype=object), list(who.sizes.values()))
    of_connection = names[projection.sources]
    tables = {
        kind: _histograms(name, {each: values[of_connection == each] for each in who.sizes}, n_bins)
        for kind, values in measured.items()
    }
    cells = matrix_in_cells(projection, side)
    at, of = side * np.indices(cells.shape)
    network = np.full(cells.size, name, dtype=object)
    pairs = {"target": at.ravel(), "source": of.ravel(), "weight": cells.ravel()}
    matrix = {"network": network, "population": names[of.ravel()], **pairs}
    return {"lengths": _histograms(name, {}, n_bins), **tables, "matrices": matrix}


def _histograms(name: str, parts: dict[str, FloatArray], n_bins: int) -> dict[str, AnyArray]:
    """Return the histogram of the values of each source population."""
    rows: list[dict[str, Any]] = []
    for source, values in parts.items():
        low, high = (float(end(values)) if len(values) else 0.0 for end in (np.min, np.max))
        if low == high:  # bins of numpy would be of unit width, far wider than a weight in S
            low, high = low - 0.5 * (abs(low) or 1.0), low + 0.5 * (abs(low) or 1.0)
        count, edges = np.histogram(values, n_bins, range=(low, high))
        mean = float(np.mean(values)) if len(values) else np.nan
        row = {"low": edges[:-1], "high": edges[1:], "connections": count}
        rows.append({**row, "mean": np.full(n_bins, mean), "source": np.full(n_bins, source)})
    columns = ("source", "low", "high", "connections", "mean")
    joined = {key: np.concatenate([row[key] for row in rows] or [[]]) for key in columns}
    return {"network": np.full(len(joined["mean"]), name, dtype=object), **joined}
