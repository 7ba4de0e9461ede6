"""How cortex is installed: its distribution, its extras, and the tree of its workflow."""

import os
import traceback
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, distribution, version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from cortex.errors import CortexError, InstallationError

DISTRIBUTION: Final = "cortex-networks"  # `cortex` is another project's in the public index
NEIGHBOURS: Final = ("pycortex", "cortex")  # distributions that install a package `cortex` as well
PACKAGE: Final = Path(__file__).parent
CARRIED: Final = PACKAGE / "_workflow"  # the tree in an installed wheel
ROOT_OF_RUN: Final = "CORTEX_ROOT"  # environment variable that tells jobs the tree they belong to
CACHING: Final = ("numba", "core", "caching.py")
EXTRAS: Final[Mapping[str, tuple[str, ...]]] = {  # extra -> modules it brings
    "files": ("h5py", "pandas", "pyarrow"),
    "neo": ("neo",),
    "edf": ("pyedflib",),
    "spectra": ("specparam",),
    "plots": ("matplotlib",),
    "workflow": (
        *("docutils", "ipykernel", "jinja2", "nbconvert", "papermill", "rocrate", "snakemake"),
        *("snakemake_executor_plugin_cluster_generic", "snakemake_executor_plugin_slurm"),
    ),
}


def cortex_version() -> str:
    """Return the version of the installed distribution; refuse files that nobody installed."""
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        msg = f"{PACKAGE} is not installed: make env, or pip install -e . in the checkout"
        raise InstallationError(msg) from None


def need(extras: Iterable[str], who: str) -> None:
    """Refuse work whose packages are not installed.

    Parameters
    ----------
    extras : iterable of str
        Extras of the distribution, such as ``"plots"``.
    who : str
        What needs them, for the message.

    Raises
    ------
    InstallationError
        Names every missing extra and the command that installs them.
    """
    missing = [extra for extra in extras if not has_extra(extra)]
    if missing:
        listed = ",".join(missing)
        plural = "extra" if len(missing) == 1 else "extras"
        msg = f'{who} needs the {plural} [{listed}]: pip install "{DISTRIBUTION}[{listed}]"'
        raise InstallationError(msg)


def has_extra(extra: str) -> bool:
    """Tell whether the packages of an extra are installed."""
    return all(map(find_spec, EXTRAS[extra]))


def workflow_root() -> Path:
    """Return the folder of Snakefile, workflow, config and notebooks.

    In a job it is the tree of its run; else the checkout that is installed as editable, or what
    the wheel carries.

    Raises
    ------
    CortexError
        The installation has no such tree.
    """
    of_run = os.environ.get(ROOT_OF_RUN)
    candidates = [Path(of_run)] if of_run else [CARRIED, PACKAGE.parents[1]]
    for root in candidates:
        if (root / "Snakefile").is_file():
            return root
    looked = " or ".join(map(str, candidates))
    msg = f"no workflow in {looked}; install the wheel, or a checkout with pip install -e ."
    raise CortexError(msg)


def refuse_neighbours(package: Path = PACKAGE) -> None:
    """Refuse to work in a folder that another distribution has written into.

    pycortex installs its files into the same folder `cortex`: of each file the one installed
    last is there, and neither package is whole.

    Raises
    ------
    InstallationError
        Names the other distribution and what to do.
    """
    for name in NEIGHBOURS:
        try:
            other = distribution(name)
        except PackageNotFoundError:
            continue
        if Path(str(other.locate_file(package.name))) == package:
            msg = (
                f"{DISTRIBUTION} and {name} both install the package `cortex` into "
                f"{package.parent} and overwrite each other: give each an environment of its own "
                f"(pip uninstall {name} {DISTRIBUTION}; pip install {DISTRIBUTION})"
            )
            raise InstallationError(msg)


def damaged_cache(error: BaseException) -> str:
    """Return what to do about an error with which numba reads its cache; nothing for another."""
    files = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
    if not any(Path(name).parts[-3:] == CACHING for name in files):
        return ""
    folder = os.environ.get("NUMBA_CACHE_DIR", "the __pycache__ folders of cortex")
    return f"the cache of compiled loops is damaged: delete {folder} and run again"
