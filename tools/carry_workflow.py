"""Put the tree of the workflow into wheels; an editable install has it in its checkout."""

from typing import Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

TREE: Final = ("Snakefile", "config", "environment.yml", "notebooks", "workflow")


class CarryWorkflow(BuildHookInterface[Any]):
    """See `cortex.installation.workflow_root`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the tree to a wheel, profiles also beside the Snakefile, where Snakemake looks."""
        if version == "standard":
            carried = {name: name for name in TREE} | {"workflow/profiles": "profiles"}
            build_data["force_include"] |= {
                source: f"cortex/_workflow/{target}" for source, target in carried.items()
            }
