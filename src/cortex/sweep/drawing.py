"""What the figure of a sweep shows, read off its plan."""

from collections.abc import Mapping

from cortex.params.spec import Spec
from cortex.params.sweep import column_name, unit_of
from cortex.plots.sweep_panels import Quantity
from cortex.plots.sweeps import SweepView
from cortex.sweep.model import Observable
from cortex.sweep.plan import Plan


def view_of(plan: Plan) -> SweepView:
    """Return axes and observables of a sweep; of tied keys, the first stands for all."""
    sweep = plan.sweep
    groups = {group.keys[0]: name for name, group in sweep.tied.items()}
    others = {key for group in sweep.tied.values() for key in group.keys[1:]} - sweep.vary.keys()
    single = plan.columns.keys() - others - (groups.keys() - sweep.vary.keys())
    axes = [(key, key) for key in plan.columns if key in single] + list(groups.items())
    is_theory = not plan.model.stochastic
    return SweepView(
        name=plan.name,
        axes=tuple(_axis(key, moved, plan.columns) for key, moved in axes),
        observables=tuple(
            _shown(name, plan.model.observables[name], is_theory=is_theory)
            for name in plan.observables
        ),
        is_one_at_a_time=sweep.is_one_at_a_time,
    )


def columns_of(plan: Plan, array: str) -> tuple[Quantity, ...]:
    """Return the columns of an array observable, the coordinate first."""
    is_theory = not plan.model.stochastic
    columns = plan.model.arrays[array].columns.items()
    return tuple(_shown(name, column, is_theory=is_theory) for name, column in columns)


def _axis(key: str, moved: str, columns: Mapping[str, Spec]) -> Quantity:
    spec = columns[key]
    named = column_name(moved, columns[moved]) if moved in columns else moved
    return Quantity(name=column_name(key, spec), unit=unit_of(spec), doc=spec.doc, moved=named)


def _shown(name: str, observable: Observable, *, is_theory: bool) -> Quantity:
    return Quantity(
        name=name,
        unit=observable.unit,
        doc=observable.doc,
        is_word=observable.kind == "text",
        is_theory=is_theory or bool(observable.predicts),
        predicts=observable.predicts,
    )
