"""The right behaviour where braintools 0.3.0 goes wrong: one test per known fault."""

import numpy as np
import pytest

from cortex.connectivity import (
    Custom,
    DifferenceOfGaussians,
    Gabor,
    Gaussian,
    Image,
    Lattice,
    MexicanHat,
    Points,
    Populations,
    Projection,
    add,
    all_to_all,
    block,
    distance_delays,
    excitatory_inhibitory,
    kernel_weights,
    laplacian,
    pairwise_bernoulli,
    sobel,
)
from cortex.connectivity.kernels import distance
from cortex.connectivity.pairs import pair_displacements
from cortex.connectivity.peer import braintools_peak_prune
from cortex.errors import ParameterError, RegimeWarning
from cortex.rng import stream

UM = 1e-6
SHEET = Lattice.over((1e-3, 1e-3), (20, 20), periodic=False)


def connect(kernel, space=SHEET, **choices):
    return kernel_weights(
        space, space, kernel, **{"autapses": False, "same_population": True, **choices}
    )


def farthest(projection, space=SHEET):
    return distance(pair_displacements(projection, space, space)).max()


def test_1_the_asked_radius_is_honoured_and_only_an_explicit_prune_cuts():
    kernel = Gaussian(100 * UM)
    whole = connect(kernel, radius=300 * UM)
    cut = connect(kernel, radius=300 * UM, prune=braintools_peak_prune(100 * UM))
    assert whole.n_connections - cut.n_connections == 11_144
    assert farthest(whole) / UM == pytest.approx(297.7, abs=0.1)
    assert farthest(cut) / UM == pytest.approx(223.3, abs=0.1)


def test_1_wide_kernels_do_not_vanish_and_an_empty_result_is_an_error():
    wide = connect(Gaussian(450 * UM), normalize="integral", radius=300 * UM)
    assert wide.n_connections == 30_840
    # divided by its integral in um^-2, the peak of 7.9e-7 lies below the threshold of 1e-6
    with pytest.raises(ParameterError, match="connects nothing"):
        connect(Gaussian(450 * UM), radius=300 * UM, prune=braintools_peak_prune(450 * UM))


@pytest.mark.parametrize(("unit", "n_connections"), [(UM, 19_696), (1e-3, 30_840)])
def test_2_what_the_hidden_threshold_leaves_depends_on_the_unit(unit, n_connections):
    """Counts of braintools 0.3.0, positions handed over in um and in mm."""
    prune = braintools_peak_prune(100 * UM, position_unit=unit)
    cut = connect(Gaussian(100 * UM), radius=300 * UM, prune=prune)
    assert cut.n_connections == n_connections


@pytest.mark.parametrize("unit", [1.0, 1e3, 1e6])
@pytest.mark.parametrize("normalize", ["none", "peak", "integral", "incoming sum"])
def test_2_the_result_does_not_depend_on_the_unit_of_the_positions(unit, normalize):
    kernels = [Gaussian(90 * UM), Gaussian(90 * UM * unit)]
    sheets = [SHEET, Lattice.over((1e-3 * unit, 1e-3 * unit), (20, 20), periodic=False)]
    weights = [5.0, 5.0 * (unit**2 if normalize == "integral" else 1.0)]
    metres, other = (
        connect(k, s, normalize=normalize, weight=w)
        for k, s, w in zip(kernels, sheets, weights, strict=True)
    )
    assert metres.sources.tolist() == other.sources.tolist()
    np.testing.assert_allclose(metres.weights, other.weights, rtol=1e-11)


def test_2_a_gabor_frequency_scales_with_the_positions():
    kernels = Gabor(80 * UM, 0.006 / UM, 0.5), Gabor(0.08, 6.0, 0.5)
    sheets = SHEET, Lattice.over((1.0, 1.0), (20, 20), periodic=False)  # mm
    metres, millimetres = (connect(k, s) for k, s in zip(kernels, sheets, strict=True))
    np.testing.assert_allclose(metres.weights, millimetres.weights, atol=1e-11)


def test_3_populations_are_told_apart_by_identity_not_by_coordinates():
    own = connect(Gaussian(60 * UM))
    across = connect(Gaussian(60 * UM), same_population=False)
    assert across.n_connections - own.n_connections == 400  # co-located pairs of two populations
    assert own.n_autapses == 0


def test_3_a_slice_of_a_population_loses_its_own_autapses():
    neurons = Populations({"E": 320, "I": 80})
    part = block(connect(Gaussian(60 * UM)), sources=neurons.members("I"), targets=range(neurons.n))
    pairs = part.sources + 320 == part.targets
    assert part.n_sources == 80
    assert not np.any(pairs)


def test_4_positions_edited_after_a_call_change_the_next_one():
    places = SHEET.coordinates.copy()
    first = connect(Gaussian(60 * UM), Points(coordinates=places))
    places *= 2.0
    second = connect(Gaussian(60 * UM), Points(coordinates=places))
    assert second.n_connections < first.n_connections
    again = connect(Gaussian(60 * UM), Points(coordinates=places))
    assert again.sources.tolist() == second.sources.tolist()


def test_4_the_places_of_a_space_cannot_be_edited():
    space = Points(coordinates=SHEET.coordinates)
    with pytest.raises(ValueError, match="read-only"):
        space.coordinates[0, 0] = 1.0


def test_5_a_union_adds_weights():
    plus, minus = (
        all_to_all(4, 3, autapses=True).with_values(weights=np.full(12, w)) for w in (1.0, -2.0)
    )
    assert set(add(plus, minus).weights.tolist()) == {-1.0}


def test_5_both_sobel_directions_add_to_the_gradient_sum():
    sheet = Lattice.over((1e-3, 1e-3), (21, 21), periodic=False)
    parts = [connect(sobel(d, 100 * UM), sheet, prune=0.0) for d in ("horizontal", "vertical")]
    both = add(*parts)
    wanted = parts[0].dense() + parts[1].dense()
    np.testing.assert_array_equal(both.dense(), wanted)


def test_5_a_laplacian_with_its_centre_sums_to_zero():
    torus = Lattice.over((1e-3, 1e-3), (10, 10), periodic=True)
    projection = connect(laplacian(200 * UM), torus, autapses=True, prune=0.0)
    np.testing.assert_allclose(projection.incoming_sum(), 0.0, atol=1e-15)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Gaussian(0.0), "positive"),
        (lambda: Gaussian(-1e-6), "positive"),
        (lambda: Gaussian(float("nan")), "positive"),
        (lambda: Points(coordinates=np.array([[0.0, np.nan]])), "coordinates of neuron 0"),
        (lambda: Points(coordinates=np.zeros(5)), "shape"),
        (lambda: Points(coordinates=np.zeros((3, 4))), "shape"),
        (lambda: Points(coordinates=np.zeros((0, 2))), "shape"),
        (lambda: Image((), 1e-4), "must be a full matrix"),
        (lambda: Image(((1.0, 2.0), (1.0,)), 1e-4), r"full matrix, got rows of \[2, 1\]"),
        (lambda: Lattice(shape=(0, 3), pitch=(1.0, 1.0), periodic=False), "positive whole numbers"),
        (lambda: connect(Gaussian(1e-4), radius=-1.0), "radius"),
        (lambda: connect(Gaussian(1e-4), normalize="area"), "normalize"),
        (lambda: connect(Gaussian(1e-4), algorithm="windows"), "does not apply|line or a ring"),
        (lambda: connect(Custom(lambda d: d[..., 0], 1e-4), normalize="integral"), "is zero"),
        (lambda: connect(MexicanHat(1e-4), normalize="integral"), "is zero"),
        (lambda: connect(Custom(lambda d: 0 * d[..., 0], 1e-4), normalize="peak"), "is zero"),
    ],
)
def test_6_bad_sizes_and_values_are_refused(call, message):
    with pytest.raises(ParameterError, match=message):
        call()


def test_6_spaces_that_do_not_match_are_refused():
    line = Lattice(shape=(5,), pitch=(1.0,), periodic=False)
    with pytest.raises(ParameterError, match="dimension"):
        kernel_weights(line, SHEET, Gaussian(1.0), autapses=True)
    torus = Lattice.over((1e-3, 1e-3), (20, 20), periodic=True)
    with pytest.raises(ParameterError, match="do not match"):
        kernel_weights(torus, SHEET, Gaussian(1.0), autapses=True)
    projection = Projection.from_pairs([0], [0], n_sources=9, n_targets=5)
    with pytest.raises(ParameterError, match="hold 400 and 400"):
        pair_displacements(projection, SHEET, SHEET)


def test_6_one_dimensional_positions_work_like_any_other():
    places = Points(coordinates=np.arange(5.0)[:, None])
    projection = kernel_weights(places, places, Gaussian(1.0), radius=1.0, autapses=True)
    assert projection.in_degrees.tolist() == [2, 3, 3, 3, 2]


def test_7_delays_grow_with_distance():
    projection = connect(Gaussian(60 * UM))
    delayed = distance_delays(projection, SHEET, SHEET, offset=0.5e-3, speed=0.3)
    r = distance(pair_displacements(projection, SHEET, SHEET))
    np.testing.assert_allclose(delayed.delays, 0.5e-3 + r / 0.3, rtol=1e-12)


def test_8_two_populations_of_equal_size_keep_their_diagonal():
    assert pairwise_bernoulli(5, 5, 1.0, rng=stream(1), autapses=False).n_connections == 25


def test_9_the_tutorial_gabor_is_reported_as_aliased_with_the_limit():
    with pytest.warns(RegimeWarning, match="0.56 cycles per spacing"):
        connect(Gabor(80 * UM, 0.015 / UM, np.pi / 4))


def test_9_the_advertised_excitatory_centre_of_the_tutorial_is_the_autapse():
    kernel = DifferenceOfGaussians(50 * UM, 100 * UM, 1.0, 0.8)
    assert np.all(connect(kernel, weight=3.0).weights < 0.0)
    centre = connect(kernel, weight=3.0, autapses=True)
    assert np.sum(centre.weights > 0.0) == centre.n_autapses == 400


def test_sizes_of_populations_are_numbers_not_products_with_a_ratio():
    # int(100 * 0.29) is 28 in braintools; here the sizes are given
    neurons = Populations({"E": 29, "I": 71})
    with pytest.raises(ParameterError, match="Dale"):
        excitatory_inhibitory(
            neurons,
            p={"E": 0.1, "I": 0.1},
            weight={"E": -1.0, "I": 1.0},
            rng=stream(1),
            autapses=True,
        )
