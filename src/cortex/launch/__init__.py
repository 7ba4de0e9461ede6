"""`cortex run`: Snakemake on the workflow that cortex brings, told and watched in plain words."""

from cortex.installation import need

need(["workflow"], __name__)
