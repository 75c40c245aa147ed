"""The TrainingView without a browser: the training it shows, the loop that leaves the notebook free."""

import asyncio
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import bplib as bp
from bplib.widgets.learning import BEGINNINGS, Training, answers, histogram, picture_of, probabilities
from bplib.widgets.training import TrainingView, training_data


def moons_view(**options):
    x, t = bp.moons(60, rng=1)
    return TrainingView(bp.MLP((2, 6, 2), rng=2), x, t, batch_size=20, **options)


def moons_training(**options):
    x, t = bp.moons(60, rng=1)
    return Training(bp.MLP((2, 6, 2), rng=2), x, t, batch_size=20, **options)


def messages_of(view):
    """What the view tells the browser from now on: (content, [rows of steps, rows of epochs, bytes])."""
    told = []
    view.send = lambda content, buffers: told.append((content, buffers))
    return told


# ----------------------------------------------------------------------------------------- the training


def test_the_curve_is_that_of_train_with_the_same_seed():
    training = moons_training(rng=7, optimiser=bp.Momentum(0.1), validation=bp.moons(20, rng=3))
    training.take(6)
    net, (x, t) = bp.MLP((2, 6, 2), rng=2), bp.moons(60, rng=1)
    history = bp.train(
        net, x, t, epochs=2, batch_size=20, rng=7, optimiser=bp.Momentum(0.1), progress=False,
        validation=bp.moons(20, rng=3),
    )  # fmt: skip
    assert training.losses == history.step_loss
    held_out = history.validation_loss, history.validation_accuracy
    epochs = zip([3, 6], history.loss, history.accuracy, *held_out, strict=True)
    assert training.epochs[1:] == [list(row) for row in epochs]
    assert all(np.array_equal(net.params[name], training.net.params[name]) for name in net.params)


def test_the_norms_are_those_of_the_gradients_that_the_step_used():
    x, t = bp.moons(20, rng=1)
    net, again = bp.MLP((2, 6, 2), rng=2), bp.MLP((2, 6, 2), rng=2)
    training = Training(net, x, t, batch_size=20)
    training.take(1)
    wanted = [np.sqrt(np.sum(again.gradient(x, t)[name] ** 2)) for name in ("W1", "W2")]
    np.testing.assert_allclose(training.norms, [wanted], rtol=1e-12)


def test_before_the_first_step_the_loss_of_zero_weights_is_ln_of_the_number_of_classes():
    training = moons_training()
    training.begin("zeros")
    assert training.epochs[0][:2] == [0, pytest.approx(np.log(2))]
    training.take(3)
    assert [norms[0] for norms in training.norms] == [0.0] * 3  # W1 hears nothing through W2 = 0


def test_beginning_again_brings_the_same_weights_and_the_same_curve():
    training = moons_training(optimiser=bp.Momentum(0.1), rng=np.random.default_rng(4))
    before = training.net.params["W1"].copy()
    training.take(5)
    first = training.losses
    training.begin()
    assert np.array_equal(training.net.params["W1"], before)
    training.take(5)
    assert training.losses == first


@pytest.mark.parametrize("how", BEGINNINGS)
def test_every_beginning_makes_weights_of_its_width_and_no_biases(how):
    net = bp.MLP((50, 40, 3), rng=0)
    net.params["b1"] += 1.0
    training = Training(net, np.ones((4, 50)), np.zeros(4, int))
    training.begin(how)
    width = {"he": 0.2, "xavier": np.sqrt(2 / 90), "small": 0.01, "zeros": 0.0, "too large": 2.0}[how]
    assert net.params["W1"].std() == pytest.approx(width, rel=0.05)
    assert not net.params["b1"].any()


def test_the_time_ends_a_stretch_of_steps_but_not_before_the_first():
    training = moons_training()
    training.take(1000, seconds=0.0)
    assert training.step == 1


def test_the_samples_and_the_given_optimiser_stay_as_they_are():
    x, t = bp.moons(20, rng=1)
    x.flags.writeable = t.flags.writeable = False
    optimiser = bp.Momentum(0.1)
    Training(bp.MLP((2, 3, 2)), x, t, optimiser=optimiser).take(4)
    assert optimiser._v == {}


# ------------------------------------------------------------------------------------- what is looked at


def test_a_histogram_counts_every_finite_number_and_tells_the_share_of_zeros():
    seen = histogram(np.array([[-1.0, 0.0, 0.0], [3.0, np.nan, np.inf]]))
    assert (seen["low"], seen["high"], seen["zeros"], sum(seen["counts"])) == (-1.0, 3.0, 0.5, 4)
    assert histogram(np.zeros(0))["counts"] == []


def test_gradients_are_those_of_the_last_step_and_outputs_those_of_the_layer():
    training = moons_training()
    assert training.seen("gradient of W1").size == 0
    training.take(1)
    assert np.linalg.norm(training.seen("gradient of W2")) == pytest.approx(training.norms[-1][1])
    z = training.x @ training.net.params["W1"] + training.net.params["b1"]
    np.testing.assert_allclose(training.seen("output of Relu1"), np.maximum(z, 0))
    with pytest.raises(bp.InputError, match=r"shown is one of gradient of W1, .* got 'W9'"):
        training.seen("W9")


def test_the_grid_over_the_plane_begins_at_the_upper_left():
    training = moons_training()
    picture = picture_of(training)
    said = answers(training, picture).reshape(48, 48, 2)
    corners = np.array([[picture["low"][0], picture["high"][1]], [picture["high"][0], picture["low"][1]]])
    scores = np.exp(training.net.predict(corners))
    np.testing.assert_allclose(said[[0, -1], [0, -1]], scores / scores.sum(axis=1, keepdims=True))
    assert all(0 < x < 1 and 0 < y < 1 for x, y, _ in picture["samples"])


def test_square_samples_are_images_and_the_first_of_each_class_is_shown():
    x, t = np.random.default_rng(0).uniform(0, 1, (12, 16)), np.array([2, 0, 0, 1] * 3)
    training = Training(bp.MLP((16, 3)), x, t)
    picture = picture_of(training)
    assert (picture["samples"], picture["truth"]) == ([1, 3, 0], [0, 1, 2])
    assert np.shape(picture["images"]) == (3, 4, 4)
    assert answers(training, picture).shape == (3, 3)


def test_samples_of_another_form_have_no_picture():
    training = Training(bp.MLP((5, 3)), np.ones((4, 5)), np.zeros(4, int))
    assert picture_of(training) == {"kind": "none"}
    assert answers(training, {"kind": "none"}).size == 0


@pytest.mark.parametrize(
    "options, wanted",
    [
        ({"loss": bp.sigmoid_cross_entropy}, 1 / (1 + np.exp(-2.0))),
        ({"loss": bp.quadratic_cost}, 1.0),
        ({"loss": bp.quadratic_cost, "output": bp.sigmoid}, 1 / (1 + np.exp(-2.0))),
    ],
    ids=["logistic", "quadratic", "quadratic behind a sigmoid"],
)
def test_a_single_output_is_the_probability_of_class_1(options, wanted):
    net = bp.MLP((1, 1), initialise=lambda n_in, n_out, rng: np.full((n_in, n_out), 2.0), **options)
    np.testing.assert_allclose(probabilities(net, np.ones((1, 1))), [[1 - wanted, wanted]])


def test_the_data_is_plain():
    data = training_data(moons_training())
    assert data["weights"] == ["W1", "W2"]
    assert data["seen"] == [
        "gradient of W1", "gradient of W2", "output of Affine1", "output of Relu1", "output of Affine2",
    ]  # fmt: skip
    assert (data["inAnEpoch"], data["lr"], data["rates"], data["validates"]) == (3, 0.5, [-4, 1], False)


# --------------------------------------------------------------------------------------------- the view


def test_the_browser_hears_of_new_steps_only_and_of_all_when_it_asks():
    view = moons_view()
    told = messages_of(view)
    view.take(4)
    view.take(1)
    view._asked(None, {"do": "all"}, [])
    assert [content["since"] for content, _ in told] == [0, 4, 0]
    rows = [np.frombuffer(buffers[0], np.float32).reshape(-1, 3) for _, buffers in told]
    assert [len(steps) for steps in rows] == [4, 1, 5]
    np.testing.assert_allclose(rows[2][:, 0], view.training.losses, rtol=1e-6)
    epochs = np.frombuffer(told[2][1][1], np.float32).reshape(-1, 5)
    assert epochs[:, 0].tolist() == [0, 3]
    assert np.isnan(epochs[:, 3:]).all()


def test_the_learning_rate_holds_from_the_next_step_on_and_through_a_new_beginning():
    view = moons_view()
    view.lr = 0.01
    assert view.training.optimiser.lr == 0.01
    view.initialise = "xavier"
    assert (view.training.optimiser.lr, view.training.step) == (0.01, 0)


def play(view, wish, meanwhile):
    """Let the reader ask, and do something else in the same loop."""

    async def notebook():
        view._asked(None, {"do": wish}, [])
        await meanwhile()
        await view._task

    with ThreadPoolExecutor(1) as pool:  # a loop of its own, also where a browser's is running
        pool.submit(asyncio.run, notebook()).result()


def test_while_it_plays_another_cell_runs_and_pause_ends_it():
    view, seen = moons_view(), []

    async def another_cell():
        while len(set(seen)) < 3:
            seen.append(view.training.step)
            await asyncio.sleep(0)
        view._asked(None, {"do": "pause"}, [])

    play(view, "play", another_cell)
    assert seen == sorted(seen)
    assert not view.playing


def test_pause_and_play_at_once_leave_one_training_going():
    view = moons_view()

    async def in_haste():
        first = view._task
        await asyncio.sleep(0)
        view._asked(None, {"do": "pause"}, [])
        view._asked(None, {"do": 4}, [])
        await asyncio.wait([first])
        assert first.cancelled()

    play(view, "play", in_haste)
    assert not view.playing


def test_so_many_steps_are_taken_and_no_more():
    view = moons_view()
    play(view, 7, lambda: asyncio.sleep(0))
    assert (view.training.step, view.playing) == (7, False)


def test_beginning_again_while_it_plays_goes_on_from_the_new_beginning():
    view = moons_view()

    async def change():
        await asyncio.sleep(0)
        view.initialise = "zeros"
        assert view.playing and view.training.step == 0
        while view.training.step == 0:
            await asyncio.sleep(0)
        view.playing = False

    play(view, "play", change)
    assert view.training.epochs[0][1] == pytest.approx(np.log(2))
    assert view.training.step > 0


def running_away():
    x, t = bp.moons(60, rng=1)
    net = bp.MLP((2, 6, 2), activation=bp.square, rng=2)
    return TrainingView(net, x, t, batch_size=20, optimiser=bp.SGD(1e6))


def test_a_loss_that_runs_away_ends_it_with_the_reason_and_a_new_beginning_helps():
    view = running_away()
    play(view, "play", lambda: asyncio.sleep(0))
    assert "the loss is nan at step" in view.notice and "smaller learning rate" in view.notice
    assert not view.playing
    assert view.notice in view.still()["text/plain"]
    view._asked(None, {"do": "play"}, [])
    assert not view.playing
    with pytest.raises(bp.InputError, match="the loss is nan"):
        view.take(1)
    view.lr = 0.01
    view._asked(None, {"do": "begin"}, [])
    view.take(3)
    assert view.notice == "" and view.training.step == 3


def test_closing_ends_the_playing():
    view = moons_view()

    async def close():
        await asyncio.sleep(0)
        view.close()

    play(view, "play", close)
    assert not view.playing


@pytest.mark.parametrize(
    "net, x, t, said",
    [
        (bp.MLP((3, 2)), np.ones((4, 2)), np.zeros(4, int), r"got x (4, 2), W (3, 2)"),
        (bp.MLP((2, 2)), np.ones((4, 2)), np.zeros(3, int), r"got x (4, 2), t (3,)"),
        (bp.MLP((2, 2)), np.full((4, 2), np.nan), np.zeros(4, int), "x[0, 0] is NaN"),
        (bp.MLP((2, 2)), np.ones((4, 2)), np.arange(4), "from 0 to 1"),
        (np.tanh, np.ones((4, 2)), np.zeros(4, int), "net has no params, predict, loss, gradient, accuracy"),
    ],
    ids=["width", "number of samples", "NaN", "classes", "no network"],
)
def test_what_cannot_be_shown_is_said_in_its_place(net, x, t, said):
    view = TrainingView(net, x, t)
    assert said in view.data["message"]
    assert view._repr_mimebundle_()[0]["text/plain"] == view.data["message"]


@pytest.mark.parametrize(
    "size, words", [(2, "classes, as the network sees them"), (16, "as the network reads")]
)
def test_the_still_has_the_curves_the_picture_and_the_numbers(size, words):
    rng = np.random.default_rng(0)
    x, t = rng.uniform(0, 1, (40, size)), np.arange(40) % 3
    view = TrainingView(bp.MLP((size, 5, 4, 3)), x, t, validation=(x[:9], t[:9]))
    view.take(5)
    data, _ = view._repr_mimebundle_()
    assert {"image/svg+xml", "image/png", "text/plain"} < set(data)
    texts = [
        text.text for text in ET.fromstring(data["image/svg+xml"]).iter("{http://www.w3.org/2000/svg}text")
    ]
    for wanted in ("loss", "accuracy", "size of the first and the last gradient", "- - validation"):
        assert wanted in texts
    assert any(text.startswith(words) for text in texts)
    plain = data["text/plain"]
    assert "After 5 steps (2.5 epochs)" in plain and f"W3 {view.training.norms[-1][2]:.2f}" in plain


def test_the_still_of_a_training_that_has_not_begun_is_there_too():
    assert "After 0 steps" in moons_view().still()["text/plain"]
