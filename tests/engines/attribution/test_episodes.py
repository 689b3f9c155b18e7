import numpy as np

from tiffin.engines.attribution.episodes import find_episodes, hot_cells

LINE = np.array([[False, True, False], [True, False, True], [False, True, False]])
ISLANDS = np.zeros((3, 3), dtype=bool)


def test_adjacent_slots_and_neighbouring_zones_are_one_episode() -> None:
    hot = np.array([[1, 1, 0, 0, 0], [0, 1, 0, 0, 1], [0, 0, 0, 0, 1]], dtype=bool)
    episodes = find_episodes(hot, neighbours=LINE)
    assert sorted(e.zones.size for e in episodes) == [2, 3]


def test_zones_that_do_not_touch_stay_apart() -> None:
    hot = np.array([[1, 1], [1, 1], [0, 0]], dtype=bool)
    assert len(find_episodes(hot, neighbours=ISLANDS)) == 2


def test_every_hot_cell_is_in_exactly_one_episode() -> None:
    rng = np.random.default_rng(5)
    hot = rng.random((12, 24)) < 0.3
    near = np.triu(rng.random((12, 12)) < 0.2, k=1)
    episodes = find_episodes(hot, neighbours=near | near.T)
    seen = np.zeros_like(hot, dtype=int)
    for episode in episodes:
        seen[episode.zones, episode.slots] += 1
    assert np.array_equal(seen, hot.astype(int))


def test_nothing_hot_is_no_episode() -> None:
    assert find_episodes(np.zeros((2, 4), dtype=bool), neighbours=np.eye(2, dtype=bool)) == ()


def test_a_small_excess_counts_when_its_surroundings_share_it() -> None:
    excess, noise = np.full((3, 5), 1.2), np.ones((3, 5))
    joined = hot_cells(excess, noise, neighbours=LINE, alone=3.0, together=3.0)
    assert joined[1, 1:4].all()  # the outermost slots have one neighbour less
    single = np.zeros((3, 5))
    single[1, 2] = 1.2
    assert not hot_cells(single, noise, neighbours=LINE, alone=3.0, together=3.0).any()
    single[1, 2] = 3.5
    assert hot_cells(single, noise, neighbours=LINE, alone=3.0, together=3.0).sum() == 1
