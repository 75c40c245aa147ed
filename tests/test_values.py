"""The door of the graph: what may come in, and as what."""

import math

import numpy as np
import pytest

from bplib import values
from bplib.errors import InputError


@pytest.mark.parametrize("x", [2, 2.0, np.int8(2), np.float64(2), np.array(2), np.float16(2)])
def test_every_plain_number_becomes_a_python_float(x):
    assert values.as_value(x) == 2.0 and type(values.as_value(x)) is float


def test_a_whole_number_beyond_64_bits_becomes_a_float():
    assert values.as_value(10**20) == 1e20


@pytest.mark.parametrize("x", [[1, 2], (True, False), np.arange(3, dtype=np.uint8), np.ones(2, np.float16)])
def test_arrays_and_lists_of_other_kinds_become_float64(x):
    assert values.as_value(x).dtype == np.float64
    np.testing.assert_array_equal(values.as_value(x), x)


def test_float32_stays_float32_as_array_and_as_number():
    assert values.as_value(np.ones((2, 3), np.float32)).dtype == np.float32
    assert type(values.as_value(np.float32(2))) is np.float32
    assert type(values.as_value(np.array(2, np.float32))) is np.float32


def test_a_float_array_is_taken_as_it_is():
    x = np.ones((2, 3))
    assert values.as_value(x) is x


@pytest.mark.parametrize(
    "x", ["2", b"2", 1j, None, ..., object(), [1, "2"], np.array([1j]), np.array([None])]
)
def test_what_is_no_real_number_is_refused_by_name(x):
    with pytest.raises(InputError, match=r"^price must be made of real numbers"):
        values.as_value(x, "price")


def test_rows_of_unequal_length_are_refused_by_name():
    with pytest.raises(InputError, match="price must be an array: every row"):
        values.as_value([[1, 2], [3]], "price")


def test_a_nan_is_refused_at_the_door_with_its_place():
    with pytest.raises(InputError, match=r"price\[1, 2\] is NaN"):
        values.as_input([[1, 2, 3], [4, 5, math.nan]], "price")
    with pytest.raises(InputError, match="price is NaN"):
        values.as_input(math.nan, "price")


def test_infinity_is_let_in():
    assert values.as_input(math.inf, "x") == math.inf


@pytest.mark.parametrize(
    "shape", [(), (1,), (3,), (1, 3), (2, 1), (2, 3), (4, 1, 3), (1, 1, 1), (4, 2, 3)], ids=str
)
def test_the_gradient_of_what_was_broadcast_is_summed_back_to_its_shape(shape, rng):
    gradient, x = rng.normal(size=(4, 2, 3)), np.ones(shape)
    wanted = np.zeros(shape)
    source = np.broadcast_to(
        np.arange(x.size).reshape(shape), gradient.shape
    )  # which entry was repeated here
    np.add.at(wanted.reshape(-1), source.reshape(-1), gradient.reshape(-1))
    np.testing.assert_allclose(values.like(gradient, x), wanted, rtol=1e-14)


def test_a_gradient_takes_the_dtype_of_its_variable():
    assert values.like(np.ones(3), np.ones(3, np.float32)).dtype == np.float32
    assert type(values.like(np.ones(3), 1.0)) is float
    assert type(values.like(1.0, np.float32(1))) is np.float32


@pytest.mark.parametrize("name", ["exp", "log", "sin", "cos", "tanh"])
def test_a_function_of_floats_equals_the_function_of_arrays(name):
    function, x = getattr(values, name), 0.7
    assert type(function(x)) is float
    assert function(x) == pytest.approx(getattr(math, name)(x), rel=1e-15)
    np.testing.assert_allclose(function(np.array([x, 2 * x])), [function(x), function(2 * x)], rtol=1e-15)
