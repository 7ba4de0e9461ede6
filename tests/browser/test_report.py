"""The report in a real browser: readable on a wide screen and on a phone, and it leads on."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from selenium.webdriver.common.by import By

from cortex.io.tables import Column, TableSchema, write_table
from cortex.provenance import Provenance
from cortex.report.page import figure_entries, render_page
from cortex.report.registry import read_figures
from cortex.report.run import Run

ROOT = Path(__file__).parents[2]
RUN = Run(configfiles=("config/test.yaml",), overrides={})
REGISTRY = """\
plane:
  title: A plane
  draw: cortex.plots.brunel:draw_plane
  says: cortex.claims.brunel:plane
  tables: {{plane: {table}}}
  notebook: brunel
  checks: []
"""
pytestmark = pytest.mark.slow


def checks(n=3):
    """Return an acceptance table with texts of the length that real ones have."""
    words = np.array([f"brunel.population_rate_of_the_state.{i}" for i in range(n)], dtype=object)
    long = np.array(["self-consistent rate of the excitatory population in this state"] * n, object)
    texts = dict.fromkeys(("model", "quantity", "kind", "source", "reason"), long)
    short = dict.fromkeys(("unit", "tolerance_kind"), np.array(["Hz"] * n, dtype=object))
    numbers = dict.fromkeys(("expected", "got", "deviation", "tolerance"), np.full(n, 37.9497))
    return {"check_id": words, **texts, **short, **numbers, "passed": np.ones(n, dtype=bool)}


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    schema = TableSchema("t", {"nu": Column("Hz", "rate")})
    source = Provenance(rule="solve", params={}, code="c0de")
    write_table(folder / "t.parquet", schema, {"nu": np.ones(2)}, source)
    (folder / "figures.yaml").write_text(REGISTRY.format(table=folder / "t.parquet"))
    (folder / "figures").mkdir()
    Image.new("RGB", (1440, 900), "white").save(folder / "figures" / "plane.png")
    (folder / "plane.rst").write_text("A plane.\n")
    entries = figure_entries(
        read_figures(folder / "figures.yaml"),
        [str(folder / "figures" / "plane.png")],
        [str(folder / "plane.rst")],
        checks(),
        RUN,
        claims={},
    )
    template = ROOT / "workflow" / "report" / "page.html.j2"
    names = ["brunel_explorer"]
    text = render_page(template, entries, checks(), RUN, embed=True, explorers=names)
    path = folder / "report.html"
    path.write_text(text, encoding="utf-8")
    return path


def opened(driver, path, width):
    """Open a page at a width in px; wider than the window that a browser allows needs this."""
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    driver.get(path.as_uri())
    return driver


def widths(driver, selector):
    """Return the widths of what an element holds and of itself."""
    element = driver.find_element(By.CSS_SELECTOR, selector)
    return driver.execute_script(
        "return [arguments[0].scrollWidth, arguments[0].clientWidth]", element
    )


def test_the_acceptance_table_is_not_cut_on_a_screen(report, browser):
    held, own = widths(opened(browser, report, 1400), "#acceptance .scroll")
    assert held <= own


@pytest.mark.parametrize("width", [400, 1400])
def test_no_page_is_wider_than_its_screen(report, browser, width):
    assert widths(opened(browser, report, width), "html")[0] <= width


def test_a_picture_on_a_phone_is_large_enough_to_read_and_leads_to_its_file(report, browser):
    driver = opened(browser, report, 400)
    image = driver.find_element(By.CSS_SELECTOR, "#plane img")
    assert image.size["width"] >= 700  # px: letters of 7 pt stay legible; the box scrolls
    link = driver.find_element(By.CSS_SELECTOR, "#plane a.picture").get_attribute("href")
    assert link == (report.parent / "figures" / "plane.png").as_uri()


def test_the_report_leads_to_the_explorers(report, browser):
    driver = opened(browser, report, 1400)
    links = [a.get_attribute("href") for a in driver.find_elements(By.CSS_SELECTOR, "nav a")]
    assert (report.parent / "site" / "brunel_explorer.html").as_uri() in links
