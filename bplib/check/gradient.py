"""Is the gradient of a function right? Each of its inputs against differences."""

from functools import partial, wraps
from itertools import chain

import numpy as np

from ..errors import GraphError, InputError
from ..graph.calling import call_on_numbers
from ..graph.derivatives import grad
from ..graph.numerical import expect_a_look, far_slope
from ..graph.record import record
from ..values import as_input, as_value
from .asking import attempt, copies, expect_neighbours, in_order, what_changed
from .differences import slope_of_vjp
from .judge import cannot_tell, judge
from .mistakes import mistakes_at_a_fork, mistakes_of_a_result
from .report import Finding, Report
from .rounding import eps_of


def check_gradient(f, gradient=None, /, **inputs):
    """Is the gradient of a scalar-valued f right at the named inputs? A Report with one finding for each.

    gradient    the function to check, called as gradient(**inputs); it returns one gradient, a tuple in the
                order of inputs, or a dict by name; left out, bplib's own, which checks your gates inside f
    Where differences cannot tell, on a kink or where rounding hides the slope, the report says so and why.
    Raises InputError for a bad input, GraphError when f's value is not a single number.
    """
    title = f"gradient of {getattr(f, '__name__', 'f')}"
    given = tuple(inputs.values())
    inputs = {name: as_input(x, name) for name, x in inputs.items()}
    expect_neighbours(inputs)
    names, values = tuple(inputs), tuple(inputs.values())
    exact = tuple(np.asarray(x, dtype=float) for x in values)

    @wraps(f)
    def by_position(*xs):
        return f(**dict(zip(names, xs, strict=True)))

    value = as_value(call_on_numbers(by_position, exact), "f's value")
    if np.shape(value):
        raise GraphError(f"check_gradient: f must return a single number; got shape {np.shape(value)}")
    before = copies(*values)
    got = attempt(lambda: in_order(names, (gradient or grad(f))(**inputs)), title)
    got = what_changed(names, before, values) or got
    if isinstance(got, Finding):
        return Report(title, (got,))
    shapes = [x.shape for x in exact if x.ndim > 1]

    def look_at(i):
        slope, far = (
            slope_of_vjp(by_position, exact, i, 1.0, given),
            partial(far_slope, by_position, exact, i),
        )
        try:
            if not np.any(slope.value) and np.any(got[i]):
                expect_a_look(by_position, given, i, names[i])
        except InputError as trap:
            return cannot_tell(f"d{names[i]}", trap)
        mistakes = chain(
            _mistakes_at_forks(f, inputs, names[i]), mistakes_of_a_result(names[i], slope.value, shapes)
        )
        return judge(f"d{names[i]}", got[i], slope, mistakes, eps=eps_of(values[i], got[i]), far=far)

    return Report(title, tuple(map(look_at, range(len(names)))))


def _mistakes_at_forks(f, inputs, name):
    """Those of an input with several users: what came back from each, by bplib's own pass over f."""
    try:
        nodes = record(f, **inputs).to_dict()["nodes"]
    except Exception:  # f may well use what has no gate: then its forks are not known
        return
    arrivals = [
        sent
        for node in nodes
        for parent, sent in zip(node["inputs"], node["downstream"], strict=True)
        if nodes[parent]["name"] == name and sent is not None
    ]
    yield from mistakes_at_a_fork(name, arrivals)
