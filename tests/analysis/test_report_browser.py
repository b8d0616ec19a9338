"""The report in a real browser: it opens, shows, sorts and fits a telephone, without a network."""

import json
import shutil
from pathlib import Path

import pytest

from analysis import rank, write_ranking

CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)

pytestmark = pytest.mark.skipif(
    not (Path(CHROMIUM).exists() and Path(DRIVER).exists()),
    reason="needs chromium and chromium-driver (apt-get install chromium chromium-driver)",
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    webdriver = pytest.importorskip("selenium.webdriver")
    service = pytest.importorskip("selenium.webdriver.chrome.service")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=service.Service(DRIVER))
    try:
        yield driver
    finally:
        driver.quit()


@pytest.fixture(scope="module")
def ranks(validated, tmp_path_factory):
    """The page of two samples, with links to their own."""
    folder, records, _ = validated
    out = tmp_path_factory.mktemp("ranks")
    for name in ("a", "b"):
        shutil.copytree(folder, out / name)
    pages = {"first": "a/report.html", "second": "b/report.html"}
    write_ranking(rank(dict.fromkeys(pages, records)), out, pages, reference_label="truth")
    return out


@pytest.fixture(params=["report", "ranks"])
def page(request, browser, validated, ranks):
    """Each page at 1200 x 900, freshly opened; no error may be in the console at the end."""
    show(browser, 1200)
    browser.get(((validated[0] if request.param == "report" else ranks) / "report.html").as_uri())
    yield browser
    assert browser.get_log("browser") == []


@pytest.fixture
def report(browser, validated):
    show(browser, 1200)
    browser.get((validated[0] / "report.html").as_uri())
    return browser


def show(browser, width):
    """Set the width of the window: a headless one cannot be made narrow by its own size."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def find(browser, selector):
    return browser.find_element("css selector", selector)


def column(browser, table, number):
    """Return the sort keys of a column, top to bottom."""
    return browser.execute_script(
        f"return [...document.querySelectorAll('#{table} tbody tr')]"
        f".map(r => r.cells[{number}].dataset.sort ?? r.cells[{number}].textContent)"
    )


def test_the_verdict_is_seen_first(report, validated):
    sentence = json.loads((validated[0] / "verdict.json").read_text())["sentence"]
    shown = find(report, "#verdict")
    assert shown.is_displayed()
    assert shown.text.replace("\u2060", "") == sentence  # joiners keep numbers on one line
    assert shown.rect["y"] + shown.rect["height"] < 300


def test_every_image_is_there(report):
    widths = report.execute_script("return [...document.images].map(i => i.naturalWidth)")
    assert len(widths) > 10
    assert min(widths) > 0
    assert report.execute_script("return [...document.images].every(i => i.alt)")


def test_nothing_is_fetched(page):
    fetched = page.execute_script(
        "return performance.getEntriesByType('resource').map(e => e.name)"
    )
    assert [name for name in fetched if not name.startswith("data:")] == []


def test_a_click_on_a_head_sorts_and_the_next_reverses(report):
    before = column(report, "scores", 1)
    head = find(report, "#scores th:nth-child(2)")
    assert head.get_attribute("aria-sort") is None
    button = find(report, "#scores th:nth-child(2) button")
    button.click()
    assert head.get_attribute("aria-sort") == "ascending"
    numbers = [int(place) for place in column(report, "scores", 1)]
    assert numbers == sorted(int(place) for place in before)
    button.click()
    assert head.get_attribute("aria-sort") == "descending"
    assert [int(place) for place in column(report, "scores", 1)] == numbers[::-1]
    find(report, "#scores th:nth-child(1) button").click()
    assert head.get_attribute("aria-sort") is None
    names = column(report, "scores", 0)
    assert names == sorted(names, key=str.casefold)


def test_values_sort_as_numbers(report):
    find(report, "#others th:nth-child(2) button").click()
    values = [float(value) for value in column(report, "others", 1)]
    assert values == sorted(values)


def test_the_keyboard_sorts(page):
    from selenium.webdriver.common.keys import Keys

    table = page.execute_script("return document.querySelector('table.sortable').id")
    button = find(page, f"#{table} th:nth-child(2) button")
    page.execute_script("arguments[0].focus()", find(page, f"#{table} th:first-child button"))
    page.switch_to.active_element.send_keys(Keys.TAB)
    assert page.switch_to.active_element == button
    head = find(page, f"#{table} th:nth-child(2)")
    for key, order in ((Keys.ENTER, "ascending"), (Keys.SPACE, "descending")):
        page.switch_to.active_element.send_keys(key)
        assert head.get_attribute("aria-sort") == order


def test_every_head_is_a_button_and_keeps_its_name(page):
    heads = page.find_elements("css selector", "table.sortable thead th")
    assert len(heads) >= 8
    assert all(head.find_element("css selector", "button").text.strip() for head in heads)


def test_a_telephone_shows_the_page_without_scrolling_sideways(page):
    show(page, 400)
    assert page.execute_script("return innerWidth") == 400
    for details in page.find_elements("css selector", "summary"):
        details.click()
    assert page.execute_script("return document.documentElement.scrollWidth") <= 400
    assert page.execute_script("return document.body.scrollWidth") <= 400
    # what is wider scrolls by itself, and its first column stays
    boxes = page.find_elements("css selector", ".scroll")
    is_wide = "return arguments[0].scrollWidth > arguments[0].clientWidth"
    wide = [box for box in boxes if page.execute_script(is_wide, box)]
    assert wide
    page.execute_script("arguments[0].scrollLeft = 100", wide[0])
    first = wide[0].find_element("css selector", "tbody th")
    assert first.rect["x"] == pytest.approx(wide[0].rect["x"], abs=1)


def test_links_lead_to_the_samples(browser, ranks):
    browser.get((ranks / "report.html").as_uri())
    find(browser, "#samples tbody a").click()
    assert browser.current_url.endswith("a/report.html")
    assert find(browser, "#verdict").is_displayed()
