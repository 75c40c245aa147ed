"""What assignment 12 takes for right, against jax: all of it both ways."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from bplib.course.questions import ps12 as ask

jax.config.update("jax_enable_x64", True)
SEEDS = range(3)


def agree(ours, theirs):
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-10)


def weights(Q, K, sees=True):
    return jax.nn.softmax(jnp.where(sees, Q @ K.T / jnp.sqrt(Q.shape[1]), -jnp.inf), axis=-1)


@pytest.mark.parametrize(("N", "D", "eps"), ask.COLUMNS)
@pytest.mark.parametrize("seed", SEEDS)
def test_batch_norm_is_that_of_jax_both_ways(N, D, eps, seed):
    x, gamma, beta, upstream = ask._batch(seed, N, D)

    def of_jax(x, gamma, beta):
        return gamma * jax.nn.standardize(x, axis=0, epsilon=eps) + beta

    y, back = jax.vjp(of_jax, x, gamma, beta)
    agree([gamma * ask._standard(x, eps)[0] + beta], [y])
    agree(ask._norm_back(upstream, x, gamma, eps), back(jnp.asarray(upstream)))


@pytest.mark.parametrize("sizes", ask.ASKED[:-1])
@pytest.mark.parametrize("seed", SEEDS)
def test_attention_is_that_of_jax_both_ways(sizes, seed):
    Q, K, V, upstream = ask._asked(seed, *sizes)
    O, back = jax.vjp(lambda Q, K, V: weights(Q, K) @ V, Q, K, V)
    agree([ask._weights(Q, K) @ V], [O])
    agree(ask._attend_back(upstream, Q, K, V), back(jnp.asarray(upstream)))


@pytest.mark.parametrize("seed", SEEDS)
def test_keys_that_are_moved_together_change_no_weight_and_overflow_where_nobody_shifts(seed):
    Q, K, _, _ = ask._asked(seed, *ask.ASKED[-1])
    np.testing.assert_allclose(ask._weights(Q, K), ask._weights(Q, K - 1e4), rtol=1e-9)
    with np.errstate(all="ignore"):
        e = np.exp(Q @ K.T / np.sqrt(Q.shape[1]))
        assert np.isnan(e / e.sum(axis=1, keepdims=True)).any()


@pytest.mark.parametrize(("T", "d"), ask.PLACES)
@pytest.mark.parametrize("seed", SEEDS)
def test_causal_weights_are_those_of_jax_both_ways(T, d, seed):
    Q, K, upstream = ask._places(seed, T, d)
    A, back = jax.vjp(lambda Q, K: weights(Q, K, jnp.tril(jnp.ones((T, T))) > 0), Q, K)
    agree([ask._hidden(ask._scores(Q, K))], [A])
    agree(ask._causal_back(upstream, Q, K), back(jnp.asarray(upstream)))


@pytest.mark.parametrize("table", ask.TABLES)
def test_what_comes_back_to_a_table_is_that_of_jax(table):
    W, upstream, index = ask._table(0, *table)
    _, back = jax.vjp(lambda W: W[index], jnp.asarray(W))
    agree([ask._scattered(upstream, index, len(W))], back(jnp.asarray(upstream)))
