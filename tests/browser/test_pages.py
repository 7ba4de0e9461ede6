"""The pages in a real browser: opened from disk, nothing fetched, a click shows its point."""

import json
from pathlib import Path

import numpy as np
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from cortex.report.brunel_explorer import brunel_payload
from cortex.report.explorer import Axis, Detail, Explorer, Observable, Series, render_explorer

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow

G, RATIOS = (3.0, 5.0, 6.0), (1.0, 2.0)


def requests_of(driver) -> set[str]:
    """Return the schemes of everything the page asked for."""
    events = [json.loads(line["message"])["message"] for line in driver.get_log("performance")]
    sent = [e for e in events if e["method"] == "Network.requestWillBeSent"]
    return {event["params"]["request"]["url"].partition(":")[0] for event in sent}


def atlas():
    """Return a sweep over g and ratio with its rasters and spectra: rates 10 g + ratio."""
    g, ratio = (grid.ravel() for grid in np.meshgrid(G, RATIOS, indexing="ij"))
    strong = ratio == RATIOS[1]
    points = {
        "g": g,
        "nu_ext_ratio": ratio,
        "nu": 10 * g + ratio,
        "nu_theory": 10 * g + ratio,
        "cv": np.full(g.size, 0.5),
        "cv_theory": np.where(strong, np.nan, 0.5),
        "rate_std_ratio": np.full(g.size, 0.6),
        "peak_frequency": np.full(g.size, 120.0),
        "growth": np.where(strong, 20.0, -50.0),
        "frequency": np.where(strong, 180.0, 100.0),
        "regime": np.full(g.size, "AI", dtype=object),
    }
    raster = {
        "g": np.repeat(g, 5),
        "nu_ext_ratio": np.repeat(ratio, 5),
        "time": np.tile(np.linspace(0.0, 0.1, 5), g.size),
        "row": np.arange(5 * g.size) % 4,
        "excitatory": np.arange(5 * g.size) % 2 == 0,
    }
    spectrum = {
        "g": np.repeat(g, 40),
        "nu_ext_ratio": np.repeat(ratio, 40),
        "frequency": np.tile(np.linspace(2.0, 500.0, 40), g.size),
        "power": np.ones(40 * g.size),
        "power_theory": np.repeat(np.where(strong, np.nan, 1.0), 40),
    }
    return points, raster, spectrum


@pytest.fixture(scope="module")
def page(tmp_path_factory, browser):
    """Return the browser on an explorer of 3 x 2 points."""
    path = tmp_path_factory.mktemp("site") / "explorer.html"
    explorer = brunel_payload(*atlas(), n_neurons=12_500, raster_duration=0.1)
    template = ROOT / "workflow" / "report" / "explorer.html.j2"
    path.write_text(render_explorer(template, explorer), encoding="utf-8")
    browser.get_log("performance")
    browser.get(path.as_uri())
    return browser


def numbers(driver) -> dict[str, str]:
    """Return the table of the selected point."""
    rows = driver.find_elements(By.CSS_SELECTOR, "#numbers tr")
    return {
        r.find_element(By.TAG_NAME, "th").text: r.find_element(By.TAG_NAME, "td").text for r in rows
    }


def click_cell(driver, column: int, line: int) -> None:
    """Click the middle of a cell of the plane; line 0 is the lowest."""
    script = """
      const plane = document.getElementById("plane"), r = plane.getBoundingClientRect();
      const x = (px(ex[arguments[0]]) + px(ex[arguments[0] + 1])) / 2;
      const y = (py(ey[arguments[1]]) + py(ey[arguments[1] + 1])) / 2;
      return [x * r.width / plane.width - r.width / 2, y * r.height / plane.height - r.height / 2];
    """
    x, y = driver.execute_script(script, column, line)
    plane = driver.find_element(By.ID, "plane")
    action = webdriver.ActionChains(driver)
    action.move_to_element_with_offset(plane, round(x), round(y)).click().perform()


def test_the_explorer_asks_for_nothing_but_itself(page):
    assert requests_of(page) <= {"file", "data"}


@pytest.mark.parametrize(("column", "line"), [(0, 0), (2, 0), (1, 1), (2, 1)])
def test_a_click_shows_the_point_under_it(page, column, line):
    click_cell(page, column, line)
    shown = numbers(page)
    assert shown["g"] == f"{G[column]:g}"
    assert shown["external / threshold rate"] == f"{RATIOS[line]:g}"
    assert shown["rate"].startswith(f"{10 * G[column] + RATIOS[line]:.2f} Hz")


def test_the_arrow_keys_move_the_selection_and_stop_at_the_border(page):
    click_cell(page, 0, 0)
    plane = page.find_element(By.ID, "plane")
    plane.send_keys(Keys.ARROW_RIGHT)
    plane.send_keys(Keys.ARROW_UP)
    assert (numbers(page)["g"], numbers(page)["external / threshold rate"]) == ("5", "2")
    plane.send_keys(Keys.ARROW_UP)
    assert numbers(page)["external / threshold rate"] == "2"


def test_an_unstable_point_says_so(page):
    click_cell(page, 1, 1)
    assert numbers(page)["leading eigenvalue (theory)"] == "+20.0 per s at 180.0 Hz: unstable"


def test_another_observable_changes_the_colours(page):
    before = page.execute_script("return document.getElementById('plane').toDataURL()")
    Select(page.find_element(By.ID, "observable")).select_by_visible_text("simulated CV")
    after = page.execute_script("return document.getElementById('plane').toDataURL()")
    assert before != after


def test_nothing_goes_wrong_in_the_console(page):
    severe = [entry for entry in page.get_log("browser") if entry["level"] == "SEVERE"]
    assert severe == []


def test_a_page_of_whole_rows_shows_the_row_under_the_click_on_linear_axes(tmp_path, browser):
    rows = [
        Detail(
            numbers=[("cell", f"{k}")],
            series=[Series(label="v", theory=False, x=[0.0, 1.0], y=[-60.0, -50.0 + k])],
            raster=None,
        )
        for k in range(2)
    ]
    values: list[float | None] = [-60.0, -50.0, -40.0, -60.0, -50.0, -40.0]
    explorer = Explorer(
        title="Rows",
        intro="",
        x=Axis(label="time (ms)", values=[0.0, 1.0, 2.0]),
        y=Axis(label="cell", values=[0.0, 1.0]),
        observables=[Observable(key="v", label="v", unit="mV", log=False, values=values)],
        lines=[],
        details=rows,
        series_label=("time (ms)", "v (mV)"),
        series_log=False,
    )
    path = tmp_path / "rows.html"
    template = ROOT / "workflow" / "report" / "explorer.html.j2"
    path.write_text(render_explorer(template, explorer), encoding="utf-8")
    browser.get(path.as_uri())
    for column, line in ((0, 0), (2, 0), (1, 1)):
        click_cell(browser, column, line)
        assert numbers(browser) == {"cell": f"{line}"}
    drawn = """
      const c = document.getElementById("series").getContext("2d");
      return [...c.getImageData(100, 20, 700, 300).data].some((v, k) => k % 4 === 3 && v > 0);
    """
    assert browser.execute_script(drawn)  # negative values too
    assert not browser.find_element(By.ID, "series-legend").is_displayed()
