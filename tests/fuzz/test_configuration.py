"""Whatever is done to a configuration, it is accepted or refused with a place; nothing else.

A few hundred mutants in CI; ``python tests/fuzz/test_configuration.py 20000 [SEED]`` runs more.
"""

import copy
import random
import re
import tempfile
import time
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from counting import count

from cortex.config.loader import read_yaml
from cortex.config.presets import complete
from cortex.config.read import check_study
from cortex.errors import ConfigError
from cortex.sweep.problems import check_sweeps, sweep_problems
from cortex.sweep_models.registry import MODELS

FILE = Path(__file__).parents[2] / "config" / "test.yaml"
TEXT = FILE.read_text(encoding="utf-8")
GOOD = read_yaml(FILE)
LONGEST = 1.0  # s of this process, which a busy machine does not lengthen; sound ones take 0.1 s
PLACE = re.compile(r"line \d+|\n  1\. \S.*?( = |: )|must hold a block of keys|\.preset = ")
WRONG: Any = (
    *(
        None,
        True,
        False,
        "",
        "x",
        "1e4",
        "1.5 ms",
        "20 s",
        "NaN",
        "yes",
        "\ud800",
        "a\n",
        "x" * 10_000,
    ),
    *(0, -1, 1, 10**18, 10**400, -(10**400), 10**5000, 2**63, 1e308, -1e308, 5e-324),
    *(float("nan"), float("inf"), float("-inf"), 0.1 + 0.2, 1000.5),
    *([], [[]], [1.0], [None] * 20, {}, {"a": 1}, {1: 2}, {None: None}, {"low": 2, "high": 1}),
    *({"low": float("nan"), "high": 1}, {"start": 0, "stop": 1, "num": 10**9}, [3.0, 3.0]),
    *(date(2020, 1, 2), b"bytes", {1, 2}, (1, 2), [float("nan")], {"a": {"A": {"b": []}}}),
)
SNIPPETS = (
    *(
        "{",
        "}",
        "[",
        "]",
        ":",
        "- ",
        "&a ",
        "*a",
        "<<: *a\n",
        "!!int ",
        "!!map ",
        "!!python/name:x ",
    ),
    *(
        "\t",
        "\0",
        "\n",
        "'",
        '"',
        "#",
        "? ",
        "---\n",
        "%YAML 3\n",
        "| \n",
        ">",
        "@",
        "`",
        "~",
        "\x85",
    ),
    *("[" * 300, "{a: " * 300, "9" * 5000, "0x" + "f" * 5000, "1:" * 400, "2020-13-45", "é\u2028"),
)


def places(part, path=()):
    """Yield the path of every value below the top, blocks and lists too."""
    items = part.items() if isinstance(part, dict) else ()
    for key, value in enumerate(part) if isinstance(part, list) else items:
        yield (*path, key)
        yield from places(value, (*path, key))


PLACES = tuple(places(GOOD))


def holder(config, path):
    """Return the block or list that holds a path, or nothing where an earlier damage took it."""
    for step in path[:-1]:
        try:
            config = config[step]
        except (KeyError, IndexError, TypeError):
            return None
    return config if isinstance(config, dict | list) else None


def damage_value(config, rng):
    """Replace, delete, rename, double or scale one value."""
    path = rng.choice(PLACES)
    inside, key = holder(config, path), path[-1]
    try:
        old = inside[key]
    except (KeyError, IndexError, TypeError):
        return
    match rng.randrange(6):
        case 0 | 1:
            inside[key] = copy.deepcopy(rng.choice(WRONG))
        case 2:
            del inside[key]
        case 3 if isinstance(inside, dict):
            name = key if isinstance(key, str) else "k"
            others = (
                name.upper(),
                name[:-1],
                f"{name}_s",
                f"{name}_ms",
                f"{name}\n",
                3,
                None,
                (1, 2),
            )
            del inside[key]
            inside[rng.choice(others)] = old
        case 4 if isinstance(old, int | float):
            inside[key] = old * rng.choice((1e-6, 1e-3, -1, 0, 1e3, 1e6, 1e300))
        case _:
            inside[key] = [old, old] if rng.random() < 0.5 else {"x": old}


def damage_text(rng):
    """Return the text of the file with pieces cut out, put in, exchanged."""
    text = TEXT
    for _ in range(rng.randint(1, 3)):
        i, j = sorted(rng.randrange(len(text)) for _ in range(2))
        match rng.randrange(4):
            case 0:
                text = text[:i] + rng.choice(SNIPPETS) + text[i:]
            case 1:
                text = text[:i] + text[min(j, i + 40) :]
            case 2:
                text = text[:i] + text[j : j + 60] + text[i:]
            case _:
                lines = text.splitlines(keepends=True)
                lines.insert(rng.randrange(len(lines)), rng.choice(lines))
                text = "".join(lines)
    return text


def read_damaged(seed, folder):
    """Read one damaged configuration to the end; return the message of its refusal, if any."""
    rng = random.Random(seed)
    start = time.process_time()
    try:
        if seed % 2:
            path = folder / "damaged.yaml"
            path.write_text(damage_text(rng), encoding="utf-8", newline="")
            config = read_yaml(path)
        else:
            config = copy.deepcopy(GOOD)
            for _ in range(rng.randint(1, 4)):
                damage_value(config, rng)
        config = complete(config, "damaged") if isinstance(config, dict) else config
        study = check_study(config, "damaged.yaml", partial(sweep_problems, models=MODELS))
        check_sweeps(study.sweeps, config, "damaged.yaml", MODELS)
    except ConfigError as error:
        message = str(error)
        assert PLACE.search(message), message
        assert "damaged.yaml" in message or ".preset = " in message
        assert len(message) < 60_000
        message.encode("utf-8")  # it can be printed
        return message
    finally:
        assert time.process_time() - start < LONGEST, f"seed {seed}"
    return None


@pytest.mark.parametrize("first", range(0, 400, 50))
def test_a_damaged_configuration_is_accepted_or_refused_with_a_place(first, tmp_path):
    outcomes = [read_damaged(seed, tmp_path) for seed in range(first, first + 50)]
    assert any(outcomes)  # the damage is felt
    assert None in outcomes  # and not always fatal


def test_the_undamaged_configuration_survives_the_round_trip_through_text(tmp_path):
    path = tmp_path / "again.yaml"
    path.write_text(yaml.safe_dump(GOOD), encoding="utf-8")
    assert read_yaml(path) == GOOD


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        count(lambda seed: read_damaged(seed, Path(temporary)))
