"""What the figure of a sweep shows, read off its plan."""

from collections.abc import Mapping
from dataclasses import replace

from cortex.params.spec import Spec
from cortex.params.sweep import Tied, column_name, unit_of
from cortex.plots.sweep_panels import Quantity
from cortex.plots.sweeps import SweepView
from cortex.sweep.model import Observable
from cortex.sweep.plan import Plan


def view_of(plan: Plan) -> SweepView:
    """Return axes and observables of a sweep; of tied keys, the one that tells most apart."""
    sweep = plan.sweep
    tied = {key for group in sweep.tied.values() for key in group.keys} - sweep.vary.keys()
    is_theory = not plan.model.stochastic
    return SweepView(
        name=plan.name,
        axes=(
            *(_axis(key, key, plan.columns) for key in plan.columns if key not in tied),
            *(_tied(name, group, plan.columns) for name, group in sweep.tied.items()),
        ),
        observables=tuple(
            _shown(name, plan.model.observables[name], is_theory=is_theory)
            for name in plan.observables
        ),
        is_one_at_a_time=sweep.is_one_at_a_time,
    )


def columns_of(plan: Plan, array: str) -> tuple[Quantity, ...]:
    """Return the columns of an array observable, the coordinate first."""
    is_theory, made = not plan.model.stochastic, plan.model.arrays[array]
    return tuple(
        _shown(name, column, is_theory=is_theory, is_coordinate=i < made.n_coordinates)
        for i, (name, column) in enumerate(made.columns.items())
    )


def _tied(name: str, group: Tied, columns: Mapping[str, Spec]) -> Quantity:
    distinct = {key: len({str(row[key]) for row in group.rows}) for key in group.keys}
    key = max(distinct, key=lambda each: distinct[each])
    others = tuple(_axis(each, each, columns).label for each in group.keys if each != key)
    return replace(_axis(key, name, columns), tied=others)


def _axis(key: str, moved: str, columns: Mapping[str, Spec]) -> Quantity:
    spec = columns[key]
    unit, column = unit_of(spec), column_name(key, spec)
    return Quantity(
        name=column,
        unit=unit,
        doc=spec.doc,
        called=key if unit == "1" else key.removesuffix(f"_{unit}"),
        moved=column_name(moved, columns[moved]) if moved in columns else moved,
    )


def _shown(
    name: str, observable: Observable, *, is_theory: bool, is_coordinate: bool = False
) -> Quantity:
    return Quantity(
        name=name,
        unit=observable.unit,
        doc=observable.doc,
        is_word=observable.kind == "text",
        is_theory=is_theory or bool(observable.predicts),
        is_coordinate=is_coordinate,
        predicts=observable.predicts,
        undefined=observable.undefined,
    )
