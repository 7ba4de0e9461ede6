"""Progress of a run: what is told after recorded sequences of what Snakemake said, and when."""

from itertools import pairwise

import pytest

from cortex.launch.progress import MOST_TOLD, OF_OTHERS, Progress

PREDICT = "Predict network mine"
FIRST, SECOND = (f"Simulate network mine, state default, seed {n}" for n in (0, 1))
OBSERVE = "Observe network mine, state default"
PAGE = "Page of network mine"
PLANNED = {PREDICT: 3.0, FIRST: 2.0, SECOND: 2.0, OBSERVE: 1.5, PAGE: 7.0}
# of a run on one core with nothing compiled: (s, line); everything takes ten times as planned
RECORDED = [
    (0.0, f"Job 5: {FIRST}"),
    (20.0, "Finished jobid: 5 (Rule: simulate_network)"),
    (20.0, f"Job 6: {SECOND}"),
    (40.0, "Finished jobid: 6 (Rule: simulate_network)"),
    (40.0, f"Job 2: {PREDICT}"),
    (70.0, "Finished jobid: 2 (Rule: predict_network)"),
    (70.0, f"Job 4: {OBSERVE}"),
    (85.0, "Finished jobid: 4 (Rule: observe_network)"),
    (85.0, f"Job 1: {PAGE}"),
    (155.0, "Finished jobid: 1 (Rule: show_network)"),
]
END = RECORDED[-1][0]


class Clock:
    """A clock that stands where it is put."""

    now = 0.0

    def __call__(self):
        return self.now


def replay(events, times, cores=1, folder=None, planned=None):
    """Yield (time, progress) after all events up to each time."""
    clock, waiting = Clock(), list(events)
    progress = Progress(planned or PLANNED, cores, folder=folder, clock=clock)
    for time in times:
        while waiting and waiting[0][0] <= time:
            clock.now, line = waiting.pop(0)
            progress.read(line)
        clock.now = time
        yield time, progress


@pytest.fixture
def seconds():
    return [float(t) for t in range(int(END) + 1)]


def test_before_anything_is_known_the_plan_is_told(tmp_path):
    for cores in (1, 2):
        ((_, progress),) = replay(RECORDED[:1], [0.0], cores, tmp_path)
        assert progress.left() == pytest.approx(max(sum(PLANNED.values()) / cores, 7.0))
        assert progress.line() == f"  0%, about {progress.left():.0f} s left; now: {FIRST}"


def test_the_share_never_falls_and_is_whole_at_the_end_alone(tmp_path, seconds):
    shares = [(t, p.share()) for t, p in replay(RECORDED, seconds, 1, tmp_path)]
    assert all(a[1] <= b[1] for a, b in pairwise(shares))
    assert [share for t, share in shares if t < END][-1] <= MOST_TOLD
    assert shares[-1] == (END, 1.0)


def test_a_run_ten_times_as_slow_as_planned_is_foreseen_once_a_job_has_ended(tmp_path, seconds):
    # kinds of which none has ended are taken for 10^0.85 times as slow as planned: 1.41 too little
    for t, progress in replay(RECORDED, seconds, 1, tmp_path):
        if 20.0 <= t < END:
            assert END / 1.45 < t + progress.left() < END * 1.45
            assert abs(progress.share() - t / END) < 0.15


def test_a_job_beyond_its_time_makes_the_time_left_grow_not_stand(tmp_path):
    # 100 s of compilation in the first job: "about 9 s left" was told all the while
    told = [p.left() for _, p in replay(RECORDED[:1], [1.0, 10.0, 50.0, 100.0], 1, tmp_path)]
    assert told == sorted(told)
    assert told[-1] > 100.0


def test_jobs_that_failed_do_not_run_and_are_not_waited_for(tmp_path):
    events = [
        (0.0, f"Job 5: {FIRST}"),
        (2.0, "Error in rule simulate_network:"),
        (2.0, "    message: None"),
        (2.0, "    jobid: 5"),
        (2.0, f"Job 6: {SECOND}"),
    ]
    ((_, progress),) = replay(events, [3.0], 1, tmp_path)
    assert progress.line().endswith(f"now: {SECOND}")
    again = [*events, (4.0, "Finished jobid: 6 (Rule: simulate_network)"), (4.0, f"Job 5: {FIRST}")]
    ((_, progress),) = replay(again, [5.0], 1, tmp_path)  # tried once more
    assert progress.line().endswith(f"now: {FIRST}")
    planned = {FIRST: 2.0, SECOND: 2.0}
    over = again[:-1]
    ((_, progress),) = replay(over, [4.0], 1, tmp_path, planned)
    assert (progress.left(), progress.share()) == (0.0, 1.0)


def test_the_time_of_a_simulation_follows_what_its_log_says(tmp_path):
    log = tmp_path / "logs" / "simulate_network" / "mine" / "default-0.log"
    log.parent.mkdir(parents=True)
    log.write_text('{"start": "now"}\nsimulated 0.5 of 2.5 s\nsimulated 1.5 of 2.5 s\n')
    planned = {FIRST: 30.0, PREDICT: 10.0}
    ((_, progress),) = replay(RECORDED[:1], [60.0], 1, tmp_path, planned)
    # 60 s for 3/5: 40 s are left, 100 s in all, 10/3 of the plan, so theory takes 10 (10/3)^0.85
    left = 40.0 + 10.0 * (10.0 / 3.0) ** OF_OTHERS
    assert progress.left() == pytest.approx(left)
    assert progress.share() == pytest.approx(60.0 / (60.0 + left))
    assert progress.line().endswith(f"now: {FIRST} (1.5 of 2.5 s)")
