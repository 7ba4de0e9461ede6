"""A small real SLURM on one machine, for tests: ``python tools/slurm/loopback.py up``.

munged, slurmctld and several slurmd ("nodes") run on loopback from the packages of a Debian or
Ubuntu, without systemd, cgroups or accounting. Needs root. State lives in one private folder;
while the cluster is up, /etc/slurm/slurm.conf is a link into it, because jobs do not inherit
SLURM_CONF.

    python tools/slurm/loopback.py up [--nodes 3] [--cpus 2] [--memory-mb 3000]
    python tools/slurm/loopback.py kill n2      as if node n2 lost power
    python tools/slurm/loopback.py revive n2
    python tools/slurm/loopback.py status
    python tools/slurm/loopback.py down
"""

import argparse
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGES = ("slurmctld", "slurmd", "slurm-client", "munge")
PROGRAMS = ("slurmctld", "slurmd", "sbatch", "munged")
SYSTEM_CONFIG = Path("/etc/slurm/slurm.conf")

CONFIG = """\
ClusterName=loopback
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={folder}/munge/socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool/%n
TmpFS={folder}/tmp/%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=sched_interval=2,bf_interval=2,batch_sched_delay=0
SlurmdParameters=config_overrides
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=2
JobAcctGatherParams=OverMemoryKill
ReturnToService=2
SlurmctldTimeout=10
SlurmdTimeout=10
KillWait=2
MinJobAge=300
{nodes}
PartitionName=main Nodes=ALL Default=YES MaxTime=01:00:00 State=UP
"""
NODE = (
    "NodeName={name} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} "
    "CPUs={cpus} RealMemory={memory} State=UNKNOWN"
)


@dataclass(frozen=True, kw_only=True)
class Loopback:
    """A cluster on this machine.

    Parameters
    ----------
    folder : path
        Configuration, state, logs, process ids.
    nodes, cpus, memory_mb : int
        Number of nodes; CPUs and memory that each claims.
    port : int
        First of the ports used.
    """

    folder: Path
    nodes: int = 3
    cpus: int = 2
    memory_mb: int = 3000
    port: int = 17817

    @property
    def names(self) -> list[str]:
        """Names of the nodes."""
        return [f"n{i + 1}" for i in range(self.nodes)]

    @property
    def config(self) -> Path:
        """Configuration file."""
        return self.folder / "slurm.conf"

    def up(self) -> None:
        """Install what is missing, start every daemon, wait until a job runs."""
        install()
        running = bool(daemon(self.folder / "slurmctld.pid"))
        if not running:  # what daemons that were killed left would keep the nodes down
            self.down()
            for part in ("state", "spool"):
                shutil.rmtree(self.folder / part, ignore_errors=True)
        self._write_config()
        self._start_munge()
        if not running:
            call("slurmctld", "-f", self.config)
        wait("slurmctld answers", lambda: succeeds("scontrol", "ping"))
        for name in self.names:
            self._start_node(name)
        wait("every node is idle", lambda: len(self.available()) == self.nodes)
        wait("a job runs", lambda: succeeds("srun", "-n1", "-t1", "true"))

    def down(self) -> None:
        """End every daemon by its process id; take the link away; keep the logs."""
        if succeeds("scontrol", "ping"):
            succeeds("scancel", "--user=root")
        for file in [*self.folder.glob("slurmd-*.pid"), self.folder / "slurmctld.pid"]:
            end(file)
        for name in self.names:
            for pid in self._steps(name):
                stop(pid, signal.SIGKILL)
        end(self.folder / "munge" / "pid")
        if SYSTEM_CONFIG.is_symlink() and SYSTEM_CONFIG.readlink() == self.config:
            SYSTEM_CONFIG.unlink()

    def kill(self, name: str) -> None:
        """End a node's daemon, its job steps and all their children at once."""
        pids = [pid for step in self._steps(name) for pid in tree(step)]
        pid = daemon(self.folder / f"slurmd-{name}.pid")
        for each in [*([pid] if pid else []), *pids]:
            stop(each, signal.SIGKILL)
        (self.folder / f"slurmd-{name}.pid").unlink(missing_ok=True)

    def revive(self, name: str) -> None:
        """Bring a killed node back."""
        self._start_node(name)
        time.sleep(0.5)
        succeeds("scontrol", "update", f"nodename={name}", "state=resume")
        wait(f"node {name} is back", lambda: name in self.available())

    def busy(self) -> list[str]:
        """Return the nodes that run a job."""
        return ask("squeue", "-h", "-t", "running", "-o", "%N").split()

    def available(self) -> set[str]:
        """Return the nodes that take jobs."""
        return set(ask("sinfo", "-h", "-N", "-t", "idle,mix,alloc", "-o", "%N").split())

    def _write_config(self) -> None:
        for part in ("state", "spool", "munge"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        (self.folder / "munge").chmod(0o700)
        host = socket.gethostname()
        nodes = [
            NODE.format(
                name=name, host=host, port=self.port + 1 + i, cpus=self.cpus, memory=self.memory_mb
            )
            for i, name in enumerate(self.names)
        ]
        text = CONFIG.format(host=host, port=self.port, folder=self.folder, nodes="\n".join(nodes))
        self.config.write_text(text, encoding="utf-8")
        version = 2 if Path("/sys/fs/cgroup/cgroup.controllers").exists() else 1
        plugin = f"CgroupPlugin=cgroup/v{version}\n"  # loaded by slurmd, no group is made
        (self.folder / "cgroup.conf").write_text(plugin, encoding="utf-8")
        self._link()

    def _link(self) -> None:
        SYSTEM_CONFIG.parent.mkdir(parents=True, exist_ok=True)
        if SYSTEM_CONFIG.exists() and not SYSTEM_CONFIG.is_symlink():
            sys.exit(f"{SYSTEM_CONFIG} is a real file: this machine has a cluster of its own")
        SYSTEM_CONFIG.unlink(missing_ok=True)
        SYSTEM_CONFIG.symlink_to(self.config)

    def _start_munge(self) -> None:
        private = self.folder / "munge"
        if daemon(private / "pid"):
            return
        key = private / "key"
        if not key.exists():
            key.write_bytes(secrets.token_bytes(1024))
            key.chmod(0o400)
        options = {"key-file": key, "socket": private / "socket", "pid-file": private / "pid"}
        options |= {"log-file": private / "log", "seed-file": private / "seed"}
        call("munged", "--force", *(f"--{name}={value}" for name, value in options.items()))
        wait("munge", lambda: succeeds("munge", "-n", "-S", private / "socket", "-o", "/dev/null"))

    def _start_node(self, name: str) -> None:
        if not daemon(self.folder / f"slurmd-{name}.pid"):
            for part in ("spool", "tmp"):  # of its own, though the nodes are one machine
                (self.folder / part / name).mkdir(parents=True, exist_ok=True)
            call("slurmd", "-N", name, "-f", self.config)

    def _steps(self, name: str) -> list[int]:
        """Return the job steps of a node: each holds the log of its slurmd open."""
        log = self.folder / f"slurmd-{name}.log"
        return [pid for pid, comm in processes() if comm == "slurmstepd" and log in open_files(pid)]


def install() -> None:
    """Install the daemons from the distribution when they are missing."""
    if all(shutil.which(program) for program in PROGRAMS):
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sys.exit(f"needs root and the packages {' '.join(PACKAGES)}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-q"], check=True, env=quiet, stdout=sys.stderr)
    command = ["apt-get", "install", "-q", "-y", "--no-install-recommends", *PACKAGES]
    subprocess.run(command, check=True, env=quiet, stdout=sys.stderr)


def call(*command: object) -> None:
    """Run a command that must succeed."""
    subprocess.run([str(part) for part in command], check=True, stderr=subprocess.DEVNULL)


def succeeds(*command: object) -> bool:
    """Run a command quietly; tell whether it succeeded."""
    words = [str(part) for part in command]
    return subprocess.run(words, check=False, capture_output=True).returncode == 0


def ask(*command: str) -> str:
    """Return what a command prints."""
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout


def wait(what: str, condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until a condition holds; give up with a message."""
    end_time = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end_time:
            sys.exit(f"waited {seconds:.0f} s in vain until {what}; see the logs of the daemons")
        time.sleep(0.1)


def processes() -> Iterator[tuple[int, str]]:
    """Yield (process id, name) of every process."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            yield int(folder.name), (folder / "comm").read_text().strip()
        except OSError:
            continue


def open_files(pid: int) -> set[Path]:
    """Return the files a process holds open."""
    found = set()
    for link in Path(f"/proc/{pid}/fd").glob("*"):
        try:
            found.add(link.readlink())
        except OSError:
            continue
    return found


def tree(pid: int) -> list[int]:
    """Return a process and all its descendants, children first."""
    children = [int(word) for word in ask("pgrep", "-P", str(pid)).split()]
    return [each for child in children for each in tree(child)] + [pid]


def daemon(file: Path) -> int:
    """Return the live process that a pid file names, 0 when there is none (or it is another's)."""
    try:
        pid = int(file.read_text().strip())
        _, name, state = re.split(r" \(|\) ", Path(f"/proc/{pid}/stat").read_text(), maxsplit=2)
    except (OSError, ValueError):
        return 0
    is_ours = name.startswith(("slurm", "munge")) and state[0] != "Z"  # killed and not yet reaped
    return pid if is_ours else 0


def stop(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process that may be gone."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def end(file: Path) -> None:
    """End the daemon of a pid file and wait for it."""
    pid = daemon(file)
    if pid:
        stop(pid, signal.SIGTERM)
        deadline = time.monotonic() + 15.0
        while daemon(file) == pid and time.monotonic() < deadline:
            time.sleep(0.1)
        if daemon(file) == pid:
            stop(pid, signal.SIGKILL)
    file.unlink(missing_ok=True)


def main() -> None:
    """Read the command line and act."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("action", choices=("up", "down", "status", "kill", "revive"))
    parser.add_argument("node", nargs="?")
    parser.add_argument("--folder", type=Path, default=Path("/run/cortex-slurm"))
    parser.add_argument("--nodes", type=int, default=3)
    parser.add_argument("--cpus", type=int, default=2)
    parser.add_argument("--memory-mb", type=int, default=3000)
    asked = parser.parse_args()
    cluster = Loopback(
        folder=asked.folder.resolve(),
        nodes=asked.nodes,
        cpus=asked.cpus,
        memory_mb=asked.memory_mb,
    )
    if asked.action in {"kill", "revive"}:
        getattr(cluster, asked.action)(asked.node)
    elif asked.action != "status":
        getattr(cluster, asked.action)()
    sys.stdout.write(ask("sinfo", "-N", "-o", "%N %T") + ask("squeue"))


if __name__ == "__main__":
    main()
