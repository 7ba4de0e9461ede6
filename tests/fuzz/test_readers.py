"""Whatever a file of spikes holds, it is read to sound spikes or refused by name.

``python tests/fuzz/test_readers.py 2000 [SEED]`` tries more and prints the counts.
"""

import random
import tempfile
from pathlib import Path

import numpy as np
import pytest
from counting import count

import spike_files  # isort: skip - found once `counting` is imported
from cortex.errors import CortexError
from cortex.io.spikes import read_spikes

WRITERS = {
    "nest.dat": spike_files.nest,
    "bmtk.csv": spike_files.bmtk,
    "table.csv": spike_files.csv,
    "indexed.csv": spike_files.indexed,
    "semicolons.csv": spike_files.semicolons,
    "trailing.tsv": spike_files.trailing,
    "saved.txt": spike_files.savetxt,
    "table.parquet": spike_files.parquet,
    "durations.parquet": spike_files.durations,
    "sonata.h5": spike_files.sonata,
}
PIECES: tuple[bytes, ...] = (
    *(b"\n", b",", b";", b"\t", b" ", b'"', b"#", b"\0", b"\xff", b"nan", b"inf", b"-1"),
)
PIECES = (*PIECES, b"1e400", b"9" * 400, b"time_s", b"ms", b"\xef\xbb\xbf", b"\r", b"1,5", b"0x1f")


def damaged(content, rng):
    """Return a file with pieces cut out, put in, flipped or doubled."""
    for _ in range(rng.randint(0, 2)):
        if not content:
            return content
        i, j = sorted(rng.randrange(len(content)) for _ in range(2))
        match rng.randrange(5):
            case 0:
                content = content[:i] + rng.choice(PIECES) + content[i:]
            case 1:
                content = content[:i] + content[min(j, i + 30) :]
            case 2:
                content = content[:i]
            case 3:
                bit = bytes([content[i] ^ 1 << rng.randrange(8)])
                content = content[:i] + bit + content[i + 1 :]
            case _:
                content = content[:i] + content[i:j] * 2 + content[j:]
    return content


def ask(seed):
    """Read one damaged file; return the refusal, if any."""
    rng = random.Random(seed)
    name = rng.choice(sorted(WRITERS))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        WRITERS[name](path)
        content = path.read_bytes()
        if path.suffix == ".h5":  # flipped bits can make libhdf5 itself run for ever
            path.write_bytes(content[: rng.randrange(len(content) + 2000)])
        else:
            path.write_bytes(damaged(content, rng))
        try:
            spikes = read_spikes(path, **rng.choice(({}, {"unit": "ms"}, {"sort": True})))
        except CortexError as error:
            refusal = str(error)
            spikes = None
    if spikes is None:
        assert name in refusal, refusal
        return refusal
    assert np.all(np.isfinite(spikes.times))
    assert np.all((spikes.times >= spikes.start) & (spikes.times <= spikes.stop))
    assert np.all((spikes.neurons >= 0) & (spikes.neurons < spikes.n_neurons))
    assert np.all(np.diff(spikes.times) >= 0.0)
    return None


@pytest.mark.parametrize("first", range(0, 200, 50))
def test_a_damaged_file_of_spikes_is_read_or_refused_by_name(first):
    outcomes = [ask(seed) for seed in range(first, first + 50)]
    assert None in outcomes
    assert any(outcomes)


if __name__ == "__main__":
    count(ask)
