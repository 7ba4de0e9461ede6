"""The workflow, from the top of the tree; other workflows import workflow/Snakefile."""


include: "workflow/Snakefile"


workflow.default_target = "all"  # an included file sets none
