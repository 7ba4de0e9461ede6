"""What the workflow's rules ask of the sweeps of a study, at the cost of a dry run."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from cortex.errors import SweepError, TableError
from cortex.io.store import PointStore
from cortex.params.sweep import SweepParams
from cortex.sweep.account import Account, account_now
from cortex.sweep.model import Model, find_model
from cortex.sweep.plan import Plan, count_chunks, plan_sweep, read_points_of, science
from cortex.sweep.problems import check_sweeps

STORE: Final = Path("results/store")


class Sweeps:
    """The sweeps of one study as the rules see them.

    Parameters
    ----------
    sweeps : mapping
        Name -> sweep.
    config : mapping
        The whole configuration of the study.
    source : str
        Where it was read, for messages.
    models : mapping
        The models that sweeps name.

    Raises
    ------
    ConfigError
        Lists every problem of every sweep.
    """

    def __init__(
        self,
        sweeps: Mapping[str, SweepParams],
        config: Mapping[str, Any],
        source: str,
        models: Mapping[str, Model],
    ) -> None:
        check_sweeps(sweeps, config, source, models)
        self.all = {
            name: Sweep(name, sweep, config, find_model(sweep.model, models))
            for name, sweep in sweeps.items()
        }

    def __getitem__(self, name: str) -> "Sweep":
        return self.all[name]

    def select(self, names: Sequence[str]) -> list["Sweep"]:
        """Return the sweeps of these names, all for none; refuse an unknown name."""
        unknown = [name for name in names if name not in self.all]
        if unknown:
            msg = f"no sweep {', '.join(unknown)}; there are: {', '.join(self.all) or 'none'}"
            raise SweepError(msg)
        return [self.all[name] for name in names or self.all]

    @property
    def arrays(self) -> list[str]:
        """Names of all arrays that the models of these sweeps return."""
        return sorted({name for sweep in self.all.values() for name in sweep.model.arrays})

    @property
    def chosen_arrays(self) -> list[str]:
        """SWEEP/ARRAY of every array that enters tables."""
        return [f"{name}/{array}" for name, each in self.all.items() for array in each.arrays]

    @property
    def chosen_courses(self) -> list[str]:
        """The same of those that are curves over a coordinate, and so have a figure."""
        return [
            f"{name}/{array}"
            for name, each in self.all.items()
            for array in each.arrays
            if each.model.arrays[array].is_course
        ]

    @property
    def grids(self) -> list[str]:
        """Names of the sweeps that compute every point."""
        return [name for name, sweep in self.all.items() if not sweep.params.is_refined]

    @property
    def refined(self) -> list[str]:
        """Names of the sweeps that refine where an observable changes."""
        return [name for name, sweep in self.all.items() if sweep.params.is_refined]


class Sweep:
    """One sweep: jobs, resources, and whether a finished job has lost points since."""

    def __init__(
        self, name: str, params: SweepParams, config: Mapping[str, Any], model: Model
    ) -> None:
        self.name = name
        self.params = params
        self.model = model
        self.base = model.base_config(config, params)
        self.seed: int = config["seed"]

    @cached_property
    def science(self) -> dict[str, Any]:
        """What the points depend on, as config keys."""
        return science(self.params)

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """Rows of the table of points: an edited one makes the jobs run again."""
        return read_points_of(self.params)

    @cached_property
    def model_code(self) -> str:
        """Digest of the code that makes the numbers."""
        return self.model.code()

    @cached_property
    def n_chunks(self) -> int:
        """Number of jobs."""
        return count_chunks(self.params, self.model)

    @cached_property
    def plan(self) -> Plan:
        """Every point with its key; made only when a dry run has to look into the store."""
        return plan_sweep(
            self.name,
            self.params,
            self.model,
            base=self.base,
            seed=self.seed,
            code=self.model_code,
        )

    @property
    def arrays(self) -> list[str]:
        """Names of the arrays that the sweep chooses: all without a choice."""
        chosen = self.params.observables
        return [name for name in self.model.arrays if not chosen or name in chosen]

    def receipts(self) -> list[str]:
        """Return the files by which jobs report that their points are stored."""
        n = self.n_chunks
        return [f"results/sweeps/{self.name}/{index}-of-{n}.json" for index in range(n)]

    def memory_MB(self, attempt: int) -> int:
        """Return the memory to ask for at an attempt; a job killed for memory gets more."""
        return int(self.params.memory / 1e6) * attempt

    def minutes(self) -> int:
        """Return the time limit of a job in minutes; one cut off goes on where it was."""
        return int(self.params.time_limit / 60.0)

    @property
    def store(self) -> Path:
        """Folder of the points of this model."""
        return STORE / self.model.name

    def make_store(self) -> None:
        """Make the folder of the points: jobs name it as their input.

        Raises
        ------
        SweepError
            It cannot be made.
        """
        try:
            self.store.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            msg = f"{error}; make results writable or run elsewhere, see `cortex preflight`"
            raise SweepError(msg) from None

    @property
    def table(self) -> Path:
        """The table of all points."""
        return Path(f"results/sweeps/{self.name}.parquet")

    @cached_property
    def tabled(self) -> frozenset[str]:
        """Keys of the points in the finished table; none before there is one."""
        from cortex.io.tables import read_columns  # noqa: PLC0415  # most dry runs need no Arrow

        try:
            return frozenset(read_columns(self.table)["key"])
        except TableError:
            return frozenset()

    @cached_property
    def is_open(self) -> bool:
        """Whether it is unknown which points refinement asks for: it is not finished."""
        known = {point.key for point in self.plan.points}
        return self.params.is_refined and not (self.tabled and self.tabled <= known)

    @cached_property
    def asked(self) -> Plan:
        """Plan of the points asked for; while refinement is open, of those stored."""
        if not self.params.is_refined:
            return self.plan
        keys = PointStore(self.store).keys() if self.is_open else self.tabled
        return replace(self.plan, points=tuple(p for p in self.plan.points if p.key in keys))

    def account_now(self) -> Account:
        """Return the account of what the store holds at this moment."""
        full = len(self.plan.points)
        return account_now(self.asked, PointStore(self.store), full, is_open=self.is_open)

    def lost_from_table(self) -> bool:
        """Tell whether a finished table holds points that are no longer stored."""
        return bool(self.tabled - PointStore(self.store).keys())

    @cached_property
    def lost(self) -> set[int]:
        """Chunks with points that are not in the store."""
        stored = PointStore(self.store).keys()
        n = self.n_chunks
        return {int(p.key[:8], 16) % n for p in self.plan.points if p.key not in stored}

    def lost_since(self, chunk: int) -> bool:
        """Tell whether a job that reported success lacks points now."""
        return Path(self.receipts()[chunk]).exists() and chunk in self.lost
