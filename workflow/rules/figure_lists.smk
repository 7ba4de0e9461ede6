"""Which figures, notebooks and explorers the sections at hand allow."""

ALL_FIGURES = read_figures(Path(own("workflow/figures.yaml")))
# notebook -> tables of its figures that nothing makes: their section, network or sweep is absent
LEFT_OUT = {
    notebook: lacking
    for notebook in sorted({figure.notebook for figure in ALL_FIGURES.values()})
    if (
        lacking := [
            table
            for table in tables_behind(shown_by(ALL_FIGURES, notebook))
            if not makes(table)
        ]
    )
}
FIGURES = without(ALL_FIGURES, LEFT_OUT)
REPORTED = without(FIGURES, {TIMED})
SAYING = sorted({figure.modules[1] for figure in FIGURES.values()})
NOTEBOOKS = sorted({figure.notebook for figure in FIGURES.values()})
EXPLORERS = [
    explorer
    for explorer in ("brunel_explorer", "learning_explorer", "izhikevich_explorer")
    if makes(f"results/site/{explorer}.html")
]


def modules_of(notebook):
    """Return every module that draws a figure of a notebook or finds what its text says."""
    shown = shown_by(FIGURES, notebook).values()
    return [
        "cortex.report.show",
        *sorted({m for figure in shown for m in figure.modules}),
    ]


def drawings_of(notebook):
    """Return what a notebook draws: of each figure its functions and their tables."""
    shown = shown_by(FIGURES, notebook)
    return {
        name: [each.draw, each.says, dict(each.tables)] for name, each in shown.items()
    }
