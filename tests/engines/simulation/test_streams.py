import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tiffin.engines.simulation.streams import Stream

NUMBERS = np.arange(20_000)


@given(seed=st.integers(-(2**63), 2**63), counter=st.integers(0, 2**60))
def test_a_number_depends_on_seed_name_and_counter_alone(seed: int, counter: int) -> None:
    stream = Stream.of_seed(seed).child("ride", 3)
    alone = stream.uniform(np.array([counter]))[0]
    among = stream.uniform(np.array([counter + 1, counter, 7]))[1]

    assert alone == among
    assert 0.0 < alone < 1.0


def test_streams_of_other_names_and_seeds_share_nothing() -> None:
    streams = [Stream.of_seed(seed).child(name) for seed in (1, 2) for name in ("a", "b")]
    drawn = np.stack([stream.uniform(NUMBERS) for stream in streams])
    related = np.corrcoef(drawn) - np.eye(len(streams))

    assert abs(related).max() < 0.03


def test_numbers_are_spread_evenly() -> None:
    drawn = Stream.of_seed(5).child("even").uniform(NUMBERS)

    assert stats.kstest(drawn, "uniform").pvalue > 0.01
    assert abs(np.corrcoef(drawn[:-1], drawn[1:])[0, 1]) < 0.03


def test_shapes_are_what_their_names_say() -> None:
    stream = Stream.of_seed(9)

    assert stats.kstest(stream.child("n").normal(NUMBERS), "norm").pvalue > 0.01
    assert stats.kstest(stream.child("e").exponential(NUMBERS), "expon").pvalue > 0.01
    assert abs(np.median(stream.child("l").lognormal(NUMBERS, median=12.0, spread=0.5)) - 12.0) < 0.3
