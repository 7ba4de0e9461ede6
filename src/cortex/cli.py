"""Command line: what the workflow does not need a rule for."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cortex.errors import CortexError
from cortex.installation import cortex_version, need, refuse_neighbours

if TYPE_CHECKING:
    from cortex.sweep.workflow import Sweep

# Imports of what a command needs stand inside it, so that `cortex --help` answers at once.


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    ours = words.index("--") if "--" in words else len(words)
    asked = parser().parse_args(words[:ours], argparse.Namespace(further=words[ours + 1 :]))
    command: Callable[[argparse.Namespace], int] = asked.run
    try:
        refuse_neighbours()  # here too: the package's own file may be the neighbour's
        need(asked.extras, f"cortex {asked.command}")
        return command(asked)
    except CortexError as error:
        sys.stderr.write(f"cortex: {error}\n")
        return 1


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top = argparse.ArgumentParser(prog="cortex", description=__doc__)
    top.add_argument("--version", action="version", version=f"cortex {cortex_version()}")
    commands = top.add_subparsers(required=True, metavar="command")
    text = "run a network file or a configuration in this folder, to pages and report"
    one = _add(commands, "run", run, text, "workflow")
    text = "network file or configuration, and files laid over it"
    one.add_argument("files", nargs="+", type=Path, metavar="FILE", help=text)
    text = "cores to use; all if left out"
    one.add_argument("--cores", type=cores, default=os.cpu_count() or 1, metavar="N", help=text)
    one.add_argument("-n", "--dry-run", action="store_true", help="only say what would run")
    _add(commands, "networks", networks, "list the networks that cortex brings")
    one = _add(commands, "new", new, "write a network file to start from")
    one.add_argument("name", help="name of the network, and of its file")
    text = "preset to copy: see `cortex networks`; five_cells if left out"
    one.add_argument("--like", default="five_cells", metavar="PRESET", help=text)
    text = "a page of sliders: theory and a simulated second of a network, live"
    one = _add(commands, "explore", explore, text)
    one.add_argument("network", metavar="FILE|PRESET", help="file, or see `cortex networks`")
    one.add_argument("--state", help="its state; the first if left out")
    one.add_argument("--port", type=int, default=0, help="port on this machine; a free one else")
    one.add_argument("--no-browser", action="store_true", help="only say where the page is")
    text = "look for what stops long runs, and say what to do"
    _add(commands, "preflight", preflight, text, "workflow")
    _add(commands, "where", where, "say where the results lie")
    text = "list models, parameters, observables of sweeps"
    _add(commands, "sweep-models", sweep_models, text, "workflow")
    text = "draw one figure from the tables that are there"
    one = _add(commands, "figure", figure, text, "files", "plots")
    one.add_argument("name", help="name in workflow/figures.yaml")
    _add_exchange(commands)
    text = "statistics of recorded spikes, and how far a network is from them (docs/recordings.md)"
    _add_analyse(_add(commands, "analyse", analyse, text, "workflow"))
    text = "values of free keys that give a wanted activity (docs/tutorials/design.md)"
    one = _add(commands, "design", design, text, "workflow")
    one.add_argument("file", help="file with one network, `free:` and `target:`")
    one.add_argument("--state", help="its state, where it has several")
    text = "independent networks simulated in each round; `seeds` of the file if left out, 0 none"
    one.add_argument("--networks", type=int, metavar="N", help=text)
    text = "where the designed network is written; NAME-designed.yaml if left out"
    one.add_argument("-o", "--out", type=Path, metavar="FILE", help=text)
    text = "values of free keys that made a recording (docs/tutorials/inference.md)"
    _add_infer(_add(commands, "infer", infer, text, "workflow", "plots"))
    for name, act, text in (
        ("sweep-account", sweep_account, "count the points of sweeps in the store, now"),
        ("sweep-forget", sweep_forget, "drop failed points, so that the next run tries them"),
    ):
        command = _add(commands, name, act, text, "workflow")
        command.add_argument("sweeps", nargs="*", help="names of sweeps; all if left out")
        command.add_argument(
            *("--config", "--configfile"),
            nargs="+",
            type=Path,
            default=[Path("config/config.yaml")],
            metavar="FILE",
            help="configuration, and files laid over it, as for snakemake --configfile",
        )
    return top


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: Callable[[argparse.Namespace], int],
    text: str,
    *extras: str,
) -> argparse.ArgumentParser:
    """Add a command that needs these extras of the distribution."""
    command = commands.add_parser(name, help=text, description=text)
    command.set_defaults(run=run, command=name, extras=extras)
    return command


def _add_exchange(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands that write and read files of other tools."""
    text = "write spikes and LFP, or a network, for other tools (docs/export.md)"
    out = _add(commands, "export", export, text, "files")
    text = "tables of one run, spikes or LFP; or a network file"
    out.add_argument("tables", nargs="+", type=Path, metavar="FILE", help=text)
    text = (
        ".h5 (SONATA spikes), .nwb (NWB); of a network .nest.py, .pynn.py, .nnmt.yaml, .sonata.json"
    )
    out.add_argument("destination", type=Path, help=text)
    out.add_argument("--state", help="state of the network; the first if left out")
    out.add_argument("--replace", action="store_true", help="replace a file that is there")
    text = "write a network of NNMT or SONATA as a network file (docs/export.md)"
    one = _add(commands, "import", import_, text, "files")
    one.add_argument("source", type=Path, help=".yaml of NNMT, .json of SONATA")
    one.add_argument("name", help="name of the network, and of its file")


def run(asked: argparse.Namespace) -> int:
    """Run the workflow in this folder; words after ``--`` go to Snakemake."""
    from cortex.launch.start import run as launch  # noqa: PLC0415

    return launch(asked.files, cores=asked.cores, dry_run=asked.dry_run, further=asked.further)


def networks(_: argparse.Namespace) -> int:
    """Print the presets."""
    from cortex.api.files import presets  # noqa: PLC0415

    sys.stdout.write(f"{presets().text()}\n")
    return 0


def new(asked: argparse.Namespace) -> int:
    """Write a network file that is a copy of a preset with its comments."""
    from cortex.api.files import write_new  # noqa: PLC0415

    path = write_new(asked.name, asked.like)
    sys.stdout.write(f"{path}: edit it, then: cortex run {path}\n")
    return 0


def explore(asked: argparse.Namespace) -> int:
    """Serve the live explorer of a network."""
    from cortex.launch.explore import explore as launch  # noqa: PLC0415

    return launch(asked.network, asked.state, port=asked.port, opens=not asked.no_browser)


def _add_analyse(one: argparse.ArgumentParser) -> None:
    one.add_argument("files", nargs="+", type=Path, metavar="FILE", help="spikes, a recording each")
    one.add_argument("--network", metavar="FILE|PRESET", help="network to hold them against")
    one.add_argument("--state", help="its state, where it has several")
    text = "new names, A=E,B=I, or numbers of neurons in the order of their ids, E=8000,I=2000"
    one.add_argument("--populations", action="append", default=[], metavar="A=E,B=I", help=text)
    one.add_argument("--unit", help="unit of times that do not say it: s, ms, us")
    text = "columns of text without a header, such as neuron,time_ms"
    one.add_argument("--columns", metavar="A,B", help=text)
    one.add_argument("--neuron", metavar="A", help="column of the neurons, where it is not known")
    one.add_argument("--separator", metavar="SEP", help="between columns of text; else recognised")
    one.add_argument("--population", metavar="A", help="the only population to read")
    one.add_argument("--sort", action="store_true", help="sort spikes that are out of order")
    one.add_argument("--stop", type=float, metavar="S", help="end of the recording, s")
    text = "LFP, ECoG or EEG recorded beside the spikes; once for each file, in their order"
    one.add_argument("--lfp", action="append", default=[], type=Path, metavar="FIELD", help=text)
    one.add_argument("--lfp-unit", help="unit of values that do not say it: V, mV, uV")
    text = "time between samples of an array without a clock, ms"
    one.add_argument("--lfp-step", type=float, metavar="MS", help=text)
    text = "cores to use; all if left out"
    one.add_argument("--cores", type=cores, default=os.cpu_count() or 1, metavar="N", help=text)


def _add_infer(one: argparse.ArgumentParser) -> None:
    one.add_argument("file", type=Path, help="spikes of all neurons of the network")
    text = "network with `free:` keys, whose bounds are the prior"
    one.add_argument("--network", required=True, metavar="FILE", help=text)
    one.add_argument("--state", help="its state, where it has several")
    text = "networks simulated to learn what theory misses; 200 if left out"
    one.add_argument("--simulations", type=int, default=200, metavar="N", help=text)
    text = "new names, A=E,B=I, or numbers of neurons in the order of their ids, E=8000,I=2000"
    one.add_argument("--populations", action="append", default=[], metavar="A=E,B=I", help=text)
    one.add_argument("--unit", help="unit of times that do not say it: s, ms, us")
    one.add_argument("--stop", type=float, metavar="S", help="end of the recording, s")
    text = "cores to use; all if left out"
    one.add_argument("--cores", type=cores, default=os.cpu_count() or 1, metavar="N", help=text)


def preflight(_: argparse.Namespace) -> int:
    """Print every finding; fail when one of them would stop a run."""
    from cortex.sweep.preflight import preflight as look  # noqa: PLC0415

    findings = look(Path.cwd())
    for finding in findings:
        sys.stdout.write(f"{finding}\n")
    return int(any(finding.level == "stop" for finding in findings))


def figure(asked: argparse.Namespace) -> int:
    """Draw one figure and say where it lies."""
    from cortex.report.show import show_figure  # noqa: PLC0415

    sys.stdout.write(f"{show_figure(asked.name).png}\n")
    return 0


def export(asked: argparse.Namespace) -> int:
    """Write tables or a network as a file for other tools and say what it holds."""
    from cortex.io.export import export_tables  # noqa: PLC0415

    if asked.tables[0].suffix in {".yaml", ".yml"} and len(asked.tables) == 1:
        return _export_network(asked)
    recording = export_tables(asked.tables, asked.destination, replace=asked.replace)
    sys.stdout.write(f"{asked.destination}: {recording.sentence()}\n")
    return 0


def _export_network(asked: argparse.Namespace) -> int:
    from cortex.api.files import load  # noqa: PLC0415
    from cortex.io.exchange.networks import export_network  # noqa: PLC0415

    file, out = asked.tables[0], asked.destination
    net = load(file, asked.state)
    left_out = export_network(net, out, seed=net.seed, replace=asked.replace)
    sys.stdout.write(f"{out}: written; it leaves out {'; '.join(left_out)}\n")
    return 0


def import_(asked: argparse.Namespace) -> int:
    """Write the parameters of another tool as a network file and say what was not read."""
    from cortex.config.loader import read_yaml  # noqa: PLC0415
    from cortex.io.exchange.networks import READ, import_network, kind_of  # noqa: PLC0415

    kind_of(asked.source, READ)
    path = Path(f"{asked.name}.yaml")
    case, notes = import_network(asked.source, read_yaml(asked.source), path)
    said = "".join(f"; {note}" for note in notes)
    sys.stdout.write(f"{path}: {case!r}{said}\n")
    return 0


def analyse(asked: argparse.Namespace) -> int:
    """Analyse recordings and say where their pages lie."""
    from cortex.launch import analyse as launch  # noqa: PLC0415

    given = {
        "unit": asked.unit,
        "columns": asked.columns and asked.columns.split(","),
        "neuron": asked.neuron,
        "separator": asked.separator,
        "population": asked.population,
        "sort": asked.sort or None,
        "stop_s": asked.stop,
    }
    reading = {key: value for key, value in given.items() if value is not None}
    for words in asked.populations:
        reading |= launch.populations_of(words)
    of_field = {"unit": asked.lfp_unit, "step_ms": asked.lfp_step}
    study = launch.compose(
        asked.files,
        network=asked.network,
        state=asked.state,
        reading=reading,
        fields=asked.lfp,
        field_reading={key: value for key, value in of_field.items() if value is not None},
    )
    return launch.analyse(study, cores=asked.cores)


def cores(text: str) -> int:
    """Return a number of cores; argparse says what is wrong with another."""
    if int(text) < 1:
        msg = f"{text} cores; needs one at least"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def design(asked: argparse.Namespace) -> int:
    """Design a network; fail where simulation does not confirm it."""
    from cortex.launch.design import run as launch  # noqa: PLC0415

    return launch(asked.file, state=asked.state, n_networks=asked.networks, destination=asked.out)


def infer(asked: argparse.Namespace) -> int:
    """Infer the free keys of a network from a recording."""
    from cortex.launch import infer as launch  # noqa: PLC0415
    from cortex.launch.analyse import populations_of  # noqa: PLC0415

    given = {"unit": asked.unit, "stop_s": asked.stop}
    reading = {key: value for key, value in given.items() if value is not None}
    for words in asked.populations:
        reading |= populations_of(words)
    return launch.run(
        asked.file,
        asked.network,
        state=asked.state,
        n=asked.simulations,
        cores=asked.cores,
        reading=reading,
    )


def where(_: argparse.Namespace) -> int:
    """Print the places of report, figures, notebooks and tables."""
    results = Path("results").resolve()
    for what, pattern in (
        ("report", "report.html"),
        ("figures", "figures/*.png"),
        ("notebooks", "notebooks/*.html"),
        ("tables", "**/*.parquet"),
    ):
        n = sum(1 for _ in results.glob(pattern))
        state = f"{n} files" if n else "none yet; make figures"
        sys.stdout.write(f"{what:10} {results / pattern}  ({state})\n")
    return 0


def sweep_models(_: argparse.Namespace) -> int:
    """Print each model with its parameters and observables, with units."""
    from cortex.sweep.model import describe  # noqa: PLC0415
    from cortex.sweep_models.registry import MODELS  # noqa: PLC0415

    sys.stdout.write(describe(MODELS))
    return 0


def sweep_account(asked: argparse.Namespace) -> int:
    """Print the account of sweeps as the store is now; fail when a point failed."""
    from cortex.io.store import PointStore  # noqa: PLC0415
    from cortex.sweep.progress import points_per_second, time_left  # noqa: PLC0415

    failed = 0
    for sweep in _sweeps(asked):
        account = sweep.account_now()
        keys = (point.key for point in sweep.asked.points)
        rate = points_per_second(keys, PointStore(sweep.store), time.time())
        left = f"; {time_left(account.missing, rate)}" if account.missing else ""
        sys.stdout.write(f"{account.sentence()}{left}\n")
        for failure in account.failures:
            sys.stdout.write(f"  {dict(failure.point)}, {failure.replicate}: {failure.error}\n")
        failed += account.failed
    return int(failed > 0)


def sweep_forget(asked: argparse.Namespace) -> int:
    """Drop the records of failed points."""
    from cortex.io.store import PointStore  # noqa: PLC0415
    from cortex.sweep.account import account_now  # noqa: PLC0415

    for sweep in _sweeps(asked):
        store = PointStore(sweep.store)
        failures = account_now(sweep.plan, store).failures
        for failure in failures:
            store.drop(failure.key)
        sys.stdout.write(f"{sweep.name}: {len(failures)} failed points forgotten; run again\n")
    return 0


def _sweeps(asked: argparse.Namespace) -> list["Sweep"]:
    from cortex.config.presets import read_config  # noqa: PLC0415
    from cortex.config.read import check_study  # noqa: PLC0415
    from cortex.sweep.workflow import Sweeps  # noqa: PLC0415
    from cortex.sweep_models.registry import MODELS  # noqa: PLC0415

    config = read_config(asked.config)
    source = " + ".join(map(str, asked.config))
    study = check_study(config, source)
    return Sweeps(study.sweeps, config, source, MODELS).select(asked.sweeps)


if __name__ == "__main__":
    sys.exit(main())
