"""What a Snakemake that `cortex run` watches says of its plan: one line on standard error."""

from typing import Final

WATCHED: Final = "CORTEX_WATCHED"  # environment variable
PLANNED: Final = "planned:"  # then the messages of its jobs, a JSON list
