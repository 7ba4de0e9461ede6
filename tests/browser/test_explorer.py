"""The live explorer in a real browser: forty moves, the numbers of the commands, keys and phone."""

import json
import urllib.error
import urllib.request
from threading import Thread

import numpy as np
import pytest
import yaml
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

import cortex
from cortex.launch import live
from cortex.launch.explore import Explorer, chosen

pytestmark = pytest.mark.slow
WAIT = 120  # s: the first piece of work may compile


@pytest.fixture(scope="module")
def explorer():
    """Return a running explorer of state C of the Brunel network, small."""
    net, source = chosen("brunel", "C")
    small = {"n_exc": 4000, "n_inh": 1000, "in_degree_exc": 400, "in_degree_inh": 100}
    with Explorer(cortex.change(net, {**small, "J_mV": 0.2}), source) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def page(browser, explorer):
    """Return the browser on a fresh page, theory painted."""
    browser.get(explorer.address)
    settled(browser)
    yield browser
    browser.get("about:blank")  # answers that nobody waits for
    browser.get_log("browser")


def settled(driver):
    """Wait until what is painted is the answer to the last move."""
    done = "return +document.body.dataset.painted === sent && sent > 0"
    WebDriverWait(driver, WAIT).until(lambda d: d.execute_script(done))


def slide(driver, key, value):
    """Give the number of a slider a value, as typing it and leaving the field does."""
    script = """
      const n = document.getElementById("n-" + arguments[0]);
      n.value = arguments[1]; n.dispatchEvent(new Event("change"));
    """
    driver.execute_script(script, key, value)
    settled(driver)


def shown_rate(driver):
    """Return the rate of population E, to all its digits."""
    script = "return document.querySelector(\"[data-rate^='E ']\").dataset.rate"
    return float(driver.execute_script(script).split()[1])


def status(driver):
    return driver.find_element(By.ID, "state").text


def test_forty_moves_show_the_rates_of_the_commands(page, explorer):
    # oracle: `cortex.working_point` of the same keys; to the last bit
    values = {}
    rng = np.random.default_rng(5)  # any forty moves will do
    for _ in range(40):
        key = str(rng.choice(["g", "nu_ext_ratio", "J_mV", "neuron.tau_m_ms", "delay_ms"]))
        low, high = {
            "g": (4.5, 7.0),
            "nu_ext_ratio": (1.5, 4.0),
            "J_mV": (0.15, 0.25),
            "neuron.tau_m_ms": (15.0, 25.0),
            "delay_ms": (1.0, 2.0),
        }[key]
        values[key] = round(float(rng.uniform(low, high)), 1 if key == "delay_ms" else 3)
        slide(page, key, values[key])
        expected = cortex.working_point(cortex.change(explorer.net, values))["nu"][0]
        assert shown_rate(page) == expected


def test_a_simulated_second_is_that_of_the_commands(page, explorer):
    slide(page, "g", 5.5)
    page.find_element(By.ID, "simulate").click()
    ready = "return document.body.dataset.simulated"
    WebDriverWait(page, WAIT).until(lambda d: d.execute_script(ready))
    net = cortex.change(explorer.net, {"g": 5.5, **live.SIMULATED, **live.SHORT})
    spikes = cortex.simulate(net, seed=1)
    assert f"{spikes.neurons.size} spikes" in status(page)
    assert page.find_element(By.ID, "raster").is_displayed()


def test_copies_make_the_network_that_is_shown(page, tmp_path):
    slide(page, "g", 6.25)
    rate = shown_rate(page)
    page.find_element(By.ID, "yaml").click()
    area = page.find_element(By.ID, "copied")
    WebDriverWait(page, WAIT).until(lambda _: area.get_property("value"))
    path = tmp_path / "mine.yaml"
    path.write_text(area.get_property("value"), encoding="utf-8")
    assert yaml.safe_load(path.read_text())["networks"]["brunel"]["g"] == 6.25
    point = cortex.working_point(cortex.load(path))
    assert point["nu"][0] == rate
    page.find_element(By.ID, "python").click()
    WebDriverWait(page, WAIT).until(lambda _: "import cortex" in area.get_property("value"))
    assert "cortex.change(net, {'g': 6.25})" in area.get_property("value")


def test_a_slider_moves_by_keys_and_what_contradicts_itself_is_said(page):
    before = shown_rate(page)
    handle = page.find_element(By.CSS_SELECTOR, "[data-key=g] input[type=range]")
    for _ in range(10):
        handle.send_keys(Keys.ARROW_RIGHT)
    settled(page)
    assert shown_rate(page) < before  # more inhibition
    slide(page, "neuron.V_reset_mV", 25.0)
    assert "must lie below" in status(page)
    page.find_element(By.ID, "reset").click()
    settled(page)
    assert shown_rate(page) == before


def test_on_a_phone_nothing_is_cut_and_everything_can_be_reached(page):
    page.set_window_size(400, 800)
    page.get(page.current_url)
    settled(page)
    wide = page.execute_script("return document.documentElement.scrollWidth")
    seen = page.execute_script("return document.documentElement.clientWidth")
    assert wide <= seen
    assert page.find_element(By.ID, "simulate").size["height"] >= 40  # a finger's width
    page.set_window_size(1200, 1000)


def test_only_browsers_on_this_machine_that_mean_it_are_answered(explorer):
    port = explorer.server_address[1]

    def status_of(path="rates", body=b"{}", **headers):
        request = urllib.request.Request(f"http://127.0.0.1:{port}/{path}", body, headers)
        try:
            return urllib.request.urlopen(request).status
        except urllib.error.HTTPError as error:
            return error.code

    kind = {"Content-Type": "application/json"}
    assert explorer.server_address[0] == "127.0.0.1"
    assert status_of(**kind) == 200
    assert status_of(**kind, Host="elsewhere.example") == 404  # a name that leads here
    assert status_of() == 404  # a form of another page cannot send this type
    assert status_of("nothing", **kind) == 404
    unknown = urllib.request.Request(f"http://127.0.0.1:{port}/rates", b'{"x": 1}', kind)
    assert json.load(urllib.request.urlopen(unknown)) == {"error": "no sliders x"}
