"""What all tests share: the root of the repository and an on-disk cache of compiled code."""

import os
import re
import signal
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
os.environ.setdefault("NUMBA_CACHE_DIR", str(ROOT / ".cache" / "numba"))
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# models that tests hand in, for this process and for the workers that it starts
MODELS = str(ROOT / "tests" / "models")
sys.path += [MODELS, str(ROOT / "tests" / "acceptance")]
os.environ["PYTHONPATH"] = os.pathsep.join([*filter(None, [os.environ.get("PYTHONPATH")]), MODELS])
# a shell that starts the tests in the background ignores interrupts, and so would all children
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)


def pytest_addoption(parser):
    """Let whoever has everything that tests need say so."""
    parser.addoption(
        "--may-skip", default="", help="regular expression: a test skipped for another reason fails"
    )


def refuse_skip(report, config):
    """Let a skip fail, if reasons are given and its own is none of them."""
    reasons = config.getoption("--may-skip")
    if reasons and report.skipped and not re.search(reasons, str(report.longrepr)):
        report.outcome, report.longrepr = "failed", f"must run here, but {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    return refuse_skip((yield), item.config)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    return refuse_skip((yield), collector.config)


@pytest.fixture
def root() -> Path:
    """Root of the repository."""
    return ROOT
