"""What derivatives take: values and gradients together, some of the arguments, dicts and lists, any name."""

import cProfile
import profile

import numpy as np
import pytest

import bplib as bp
from bplib import grad, hvp, jvp, record, value_and_grad, vjp
from bplib.errors import BplibError, GraphError, InputError, ShapeError


def f(x, y, z):
    return x * x * y + z


def test_value_and_gradient_come_together():
    assert value_and_grad(f)(3.0, 5.0, 1.0) == (46.0, (30.0, 9.0, 1.0))
    assert value_and_grad(lambda x: x**3)(2.0) == (8.0, 12.0)
    assert value_and_grad(f)(z=1.0, y=5.0, x=3.0) == (46.0, {"z": 1.0, "y": 9.0, "x": 30.0})


def test_argnums_choose_the_arguments_and_leave_the_others_as_they_are():
    assert grad(f, argnums=1)(3.0, 5.0, 1.0) == 9.0
    assert grad(f, (2, 0))(3.0, 5.0, 1.0) == (1.0, 30.0)
    assert grad(f, argnums=-1)(3.0, 5.0, 1.0) == 1.0
    assert grad(f, argnums=[0])(3.0, 5.0, 1.0) == (30.0,)
    assert grad(f, argnums=np.int64(1))(3.0, 5.0, 1.0) == 9.0
    assert value_and_grad(f, 0)(3.0, 5.0, 1.0) == (46.0, 30.0)
    assert grad(lambda x, how: x * 3 if how == "thrice" else x, argnums=0)(1.0, "thrice") == 3.0


@pytest.mark.parametrize("argnums", [3, -4, 1.0, "x", (0, 7), (), None])
def test_argnums_that_fit_no_argument_are_refused(argnums):
    if argnums is None:
        with pytest.raises(GraphError, match="give them by position"):
            grad(f, argnums=0)(x=3.0, y=5.0, z=1.0)
        return
    with pytest.raises(InputError, match=r"there are 3 arguments, 0 to 2; got"):
        grad(f, argnums=argnums)(3.0, 5.0, 1.0)


def test_a_call_without_arguments_is_refused():
    with pytest.raises(GraphError, match="give the arguments"):
        grad(f)()


@pytest.mark.parametrize("f", [3, None, "x**2", np.ones(3)], ids=str)
@pytest.mark.parametrize(
    "ask",
    [
        lambda f: grad(f)(1.0),
        lambda f: hvp(f, 1.0, 1.0),
        lambda f: bp.hessian(f)(1.0),
        lambda f: jvp(f, 1.0, 1.0),
    ],
)
def test_what_is_no_function_is_refused_by_name(f, ask):
    with pytest.raises(GraphError, match="f must be a function"):
        ask(f)


def test_tangents_in_dicts_find_their_place_by_name_and_not_by_order():
    """f = Σ a² b: J t = Σ 2 a b ta + a² tb, and the parts of H t are 2 b ta + 2 a tb and 2 a ta."""
    x = {"a": np.array([1.0, 2.0]), "b": np.array([3.0, 4.0])}
    t = {"b": np.array([1.0, 0.5]), "a": np.array([2.0, -1.0])}

    def f(x):
        return (x["a"] ** 2 * x["b"]).sum()

    assert jvp(f, x, t) == pytest.approx(2 * (1 * 3 * 2 + 2 * 4 * -1) + 1 * 1 + 4 * 0.5)
    found = hvp(f, x, t)
    np.testing.assert_allclose(found["a"], [2 * 3 * 2 + 2 * 1 * 1, 2 * 4 * -1 + 2 * 2 * 0.5])
    np.testing.assert_allclose(found["b"], [2 * 1 * 2, 2 * 2 * -1])


@pytest.mark.parametrize(
    ("tangents", "odd"),
    [
        ({"a": np.ones(2), "c": np.ones(2)}, r"\[0\]\['b'\] is in xs"),
        ({"a": np.ones(2)}, r"\[0\]\['b'\] is in xs"),
        ([np.ones(2), np.ones(2)], r"\[0\]\['a'\] is in xs"),
        (np.ones((2, 2)), r"\[0\] is in tangents"),
    ],
)
@pytest.mark.parametrize("product", [jvp, hvp])
def test_tangents_of_another_form_are_refused_by_place(product, tangents, odd):
    x = {"a": np.ones(2), "b": np.ones(2)}
    with pytest.raises(GraphError, match=odd):
        product(lambda x: (x["a"] * x["b"]).sum(), x, tangents)


@pytest.fixture
def params(rng):
    return {
        "layers": [{"W": rng.normal(size=(3, 4)), "b": rng.normal(size=4)}, (rng.normal(size=(4, 2)), 0.5)],
        "scale": 2.0,
    }


def network(params, x):
    first, (V, c) = params["layers"]
    return params["scale"] * (np.tanh(x @ first["W"] + first["b"]) @ V + c).sum()


def leaves(params):
    first, (V, c) = params["layers"]
    return [first["W"], first["b"], V, c, params["scale"]]


def rebuilt(parts):
    W, b, V, c, scale = parts
    return {"layers": [{"W": W, "b": b}, (V, c)], "scale": scale}


def test_parameters_in_dicts_lists_and_tuples_have_gradients_in_their_form(params, rng):
    x = rng.normal(size=(5, 3))
    value, gradient = value_and_grad(network, argnums=0)(params, x)
    assert value == pytest.approx(network(params, x))
    numerical = bp.numerical_gradient(lambda *parts: network(rebuilt(parts), x), tuple(leaves(params)))
    for mine, wanted in zip(leaves(gradient), numerical, strict=True):
        np.testing.assert_allclose(mine, wanted, rtol=1e-6, atol=1e-8)
    dparams, dx = grad(network)(params, x)
    assert type(dparams["layers"]) is list and type(dparams["layers"][1]) is tuple and dx.shape == x.shape
    np.testing.assert_array_equal(grad(network)(x=x, params=params)["params"]["scale"], dparams["scale"])


def test_hvp_jvp_and_vjp_take_them_too(params, rng):
    x, h = rng.normal(size=(5, 3)), 1e-5
    vs = [rng.normal(size=np.shape(part)) for part in leaves(params)]
    right, left = (
        grad(network, 0)(rebuilt([p + side * v for p, v in zip(leaves(params), vs, strict=True)]), x)
        for side in (h, -h)
    )

    def loss(params):
        return network(params, x)

    for mine, r, l in zip(leaves(hvp(loss, params, rebuilt(vs))), leaves(right), leaves(left), strict=True):
        np.testing.assert_allclose(mine, (r - l) / (2 * h), rtol=1e-6, atol=1e-6)
    along = sum(np.sum(g * v) for g, v in zip(leaves(grad(loss)(params)), vs, strict=True))
    assert jvp(loss, params, rebuilt(vs)) == pytest.approx(along)
    assert vjp(loss, params, 2.0)["scale"] == 2 * grad(loss)(params)["scale"]


def test_a_list_of_numbers_is_an_array_and_a_list_of_arrays_is_a_list():
    np.testing.assert_array_equal(grad(lambda x: (x * x).sum())([[1, 2], [3, 4]]), [[2, 4], [6, 8]])
    da, db = grad(lambda ab: (ab[0] * 2).sum() + ab[1].sum() * 3)([np.ones(2), np.ones(2)])
    assert (da.tolist(), db.tolist()) == ([2, 2], [3, 3])


def test_an_entry_that_does_not_fit_is_named():
    with pytest.raises(InputError, match=r"p\['layers'\]\[1\]\[0\] is NaN"):
        grad(lambda p: p["layers"][0].sum())({"layers": [np.ones(2), np.array([np.nan, 1.0])]})
    with pytest.raises(InputError, match=r"p\['name'\] must be made of real numbers"):
        grad(lambda p: p["W"].sum())({"W": np.ones(2), "name": "first"})
    with pytest.raises(GraphError, match="with 2 arrays; got 1"):
        hvp(lambda p: p["W"].sum() * p["b"], {"W": np.ones(2), "b": 1.0}, {"W": np.ones(2)})
    with pytest.raises(ShapeError, match=r"tangent \(3,\), p\['W'\] \(2,\)"):
        hvp(lambda p: p["W"].sum(), {"W": np.ones(2)}, {"W": np.ones(3)})


# ------------------------------------------------------------------------------------------- names

NAMES = (
    "h",
    "upstream",
    "backward",
    "self",
    "f",
    "x",
    "chosen",
    "step",
    "ranges",
    "argnums",
    "inputs",
    "named",
)


@pytest.mark.parametrize("name", NAMES)
def test_an_input_may_have_any_name(name):
    g = eval(f"lambda {name}, other: {name} * {name} * other")  # noqa: S307
    inputs = {name: 3.0, "other": 2.0}
    assert record(g, **inputs).gradient[name] == 12.0
    assert grad(g)(**inputs) == {name: 12.0, "other": 9.0}
    assert value_and_grad(g)(**inputs)[0] == 18.0
    assert bp.numerical_gradient(g, (3.0, 2.0)) == pytest.approx((12.0, 9.0))
    assert bp.check_gradient(g, **inputs)
    for widget in (bp.Nudge, bp.Stepper, bp.BranchSplitter):
        shown = widget(g, **inputs)
        assert shown.data["message"] == "" and shown.inputs == inputs


def test_an_option_is_an_option_where_f_has_no_such_argument():
    trace = record(lambda x: x * np.ones(2), x=3.0, upstream=[1.0, 2.0])
    assert trace.gradient["x"] == 3.0 and "x" not in record(lambda x: x, x=3.0, backward=False).gradient
    assert bp.Nudge(lambda x: x * x, x=3.0, h=0.1).h == 0.1


# ------------------------------------------------------------------------------------ under a profiler


def named(x):
    q = x * 3
    return q * q


@pytest.mark.parametrize("profiler", [cProfile.Profile, profile.Profile])
def test_record_under_a_profiler_finds_the_names(profiler):
    watched = profiler()
    trace = watched.runcall(record, named, x=2.0)
    assert (trace.value["q"], trace.gradient["q"]) == (6.0, 12.0)
    watched.create_stats()
    assert any(function == "named" for _, _, function in watched.stats)


# ---------------------------------------------------------------------------------- the ends of numbers


def test_an_index_outside_is_an_index_error():
    with pytest.raises(IndexError, match=r"GetItem.forward: .*got x \(2, 3\)") as caught:
        bp.Node(np.ones((2, 3)))[50, 2]
    assert isinstance(caught.value, ShapeError)


def test_a_number_too_large_for_a_float_is_refused_by_name():
    with pytest.raises(InputError, match="price is too large for a float"):
        bp.Node(10**400, "price")
    with pytest.raises(BplibError, match="too large"):
        bp.Node(1.0) * 10**400


@pytest.mark.parametrize("x", [np.inf, -np.inf, 0.0, 3.0])
def test_a_constant_has_the_slope_zero_everywhere(x):
    assert grad(lambda x: x**0)(x) == 0.0
    assert grad(lambda x, y: y * 2)(x, 1.0) == (0.0, 2.0)
    assert jvp(lambda x, y: y * 2, (x, 1.0), (0.0, 3.0)) == 6.0
