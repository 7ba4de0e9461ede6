"""Pages of notebooks in a real browser: pictures are legible on a phone, nothing is fetched."""

from base64 import b64encode

import nbformat
import pytest
from nbformat import v4
from PIL import Image
from selenium.webdriver.common.by import By

from cortex.report.notebooks import read_executed, render_notebook

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebooks")
    Image.new("RGB", (1440, 900), "white").save(folder / "plane.png")
    png = b64encode((folder / "plane.png").read_bytes()).decode()
    shown = f'<figure><img src="data:image/png;base64,{png}" width="720" alt="plane"></figure>'
    said = v4.new_output("stream", name="stderr", text="/somewhere/someone/file.py: Warning")
    outputs = [v4.new_output("display_data", {"text/html": shown}), said]
    cells = [
        v4.new_markdown_cell("# Waves\n\n`det(1 - M) = 0`: [docs/a.md](../docs/a.md)"),
        v4.new_code_cell("show('a_figure_of_code')", outputs=outputs),
    ]
    nbformat.write(v4.new_notebook(cells=cells), folder / "run.ipynb")
    path = folder / "run.html"
    path.write_text(render_notebook(read_executed(folder / "run.ipynb"), "waves"), "utf-8")
    return path


def opened(driver, path, width):
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    driver.get(path.as_uri())
    return driver


@pytest.mark.parametrize("width", [400, 1400])
def test_a_page_of_a_notebook_fits_its_screen_and_its_pictures_are_legible(page, browser, width):
    driver = opened(browser, page, width)
    wide = driver.execute_script("return document.documentElement.scrollWidth")
    assert wide <= width
    image = driver.find_element(By.CSS_SELECTOR, "figure img")
    assert image.size["width"] >= 700  # px: letters of 7 pt stay legible; the box scrolls


def test_a_page_holds_no_code_and_no_path_and_leads_to_its_equations(page, browser):
    text = page.read_text(encoding="utf-8")
    assert "a_figure_of_code" not in text
    assert "/somewhere/someone" not in text
    link = opened(browser, page, 1400).find_element(By.LINK_TEXT, "docs/a.md").get_attribute("href")
    assert link == (page.parents[2] / "docs" / "a.md").as_uri()  # from results/notebooks
