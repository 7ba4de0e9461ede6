"""The documentation site builds without a warning, stands alone and finds what it holds."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
FETCHED = re.compile(r"<(?:script|img|iframe)[^>]* src=\"?https?:|<link[^>]*stylesheet[^>]*https?:")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr  # a warning is an error
    return folder


def test_the_search_finds_working_points_in_a_document_and_in_the_reference(site):
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    found = {
        entry["location"].partition("#")[0]
        for entry in index["docs"]
        if "working point" in f"{entry['title']} {entry['text']}".lower()
    }
    assert "models/lif-meanfield.html" in found
    assert "api/cortex/meanfield/stationary/working_point.html" in found


def test_the_search_works_in_pages_opened_as_files(site, browser):
    browser.get((site / "index.html").as_uri())
    browser.execute_script("document.querySelector('[data-md-toggle=search]').click()")
    box = browser.find_element(By.CSS_SELECTOR, "input.md-search__input")
    WebDriverWait(browser, 30).until(lambda _: box.is_displayed())
    box.send_keys("working point")
    results = (By.CSS_SELECTOR, ".md-search-result__item a")
    WebDriverWait(browser, 60).until(lambda _: browser.find_elements(*results))
    assert any("working_point" in a.get_attribute("href") for a in browser.find_elements(*results))


def test_the_gallery_shows_the_code_of_every_figure(site):
    page = (site / "gallery.html").read_text(encoding="utf-8")
    figures = yaml.safe_load((ROOT / "workflow" / "figures.yaml").read_text(encoding="utf-8"))
    assert page.count("<details") == len(figures)
    for figure in figures.values():
        assert figure["title"] in page
        assert f">{figure['draw'].partition(':')[2]}</span>" in page  # its `def`


def test_no_page_fetches_anything(site):
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > len(list((ROOT / "docs").rglob("*.md")))
    hits = [str(page.relative_to(site)) for page in pages if FETCHED.search(page.read_text())]
    assert hits == []


def test_formulas_of_docstrings_are_set(site):
    page = (site / "api/cortex/meanfield/response/transfer.html").read_text(encoding="utf-8")
    assert "<math" in page
    assert ":math:" not in page
    assert ".. math::" not in page
