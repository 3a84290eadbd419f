"""The HTML report in real Chromium: it renders, its cards and its table work, nothing of the papers runs."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.app import open_assistant
from assistant.report import format_report
from assistant.settings import Settings
from tests.test_report import hostile_summary

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="no Chromium with chromedriver (Debian: apt-get install chromium chromium-driver)"
)
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, "--force-prefers-reduced-motion"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def report(sample_store: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    with open_assistant(Settings(store=sample_store, llm="none")) as assistant:
        summary = assistant.summarize("recommendation systems at Meta", scope="broad")
        papers = {entry.key: assistant.get(entry.key) for entry in (*summary.scope, *summary.borderline)}
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(format_report(summary, papers, ".html"), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def page(browser: Any, report: str) -> Iterator[Any]:
    browser.set_window_size(1000, 800)
    browser.get(report)
    yield browser
    assert browser.get_log("browser") == []


def find(browser: Any, selector: str) -> list[Any]:
    found: list[Any] = browser.find_elements("css selector", selector)
    return found


def until(browser: Any, holds: Callable[[Any], Any]) -> None:
    from selenium.webdriver.support.wait import WebDriverWait

    WebDriverWait(browser, 10, poll_frequency=0.05).until(holds)


def point_at(browser: Any, element: Any) -> None:
    browser.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
    webdriver.ActionChains(browser).move_to_element(element).perform()


def test_a_report_renders_without_a_word_on_the_console(page: Any) -> None:
    assert page.title == "recommendation systems at Meta"
    assert len(find(page, "section")) >= 6
    assert find(page, "svg.chart rect")[0].size["height"] > 0
    assert find(page, "table.sortable")[0].accessible_name == "Side by side"


def test_pointing_at_a_citation_shows_title_and_sentence(page: Any) -> None:
    marker = find(page, ".cite")[2]
    point_at(page, marker)
    (card,) = find(page, "#card")
    until(page, lambda _: card.is_displayed())
    quote = card.find_element("css selector", "mark").text
    assert len(quote) > 20
    assert card.find_element("css selector", ".card-title").text
    assert marker.get_attribute("aria-describedby")
    point_at(page, find(page, "h1")[0])
    until(page, lambda _: not card.is_displayed())


def test_a_card_comes_with_the_keyboard_and_goes_with_escape(page: Any) -> None:
    from selenium.webdriver.common.keys import Keys

    body = find(page, "body")[0]
    (card,) = find(page, "#card")
    for _ in range(60):
        webdriver.ActionChains(page).send_keys(Keys.TAB).perform()
        if "cite" in (page.switch_to.active_element.get_attribute("class") or ""):
            break
    until(page, lambda _: card.is_displayed())
    body.send_keys(Keys.ESCAPE)
    until(page, lambda _: not card.is_displayed())


def test_a_card_stays_inside_the_window(page: Any) -> None:
    (card,) = find(page, "#card")
    for marker in find(page, ".cite")[:12]:
        point_at(page, marker)
        until(page, lambda _: card.is_displayed())
        box, width = card.rect, page.execute_script("return innerWidth")
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


def test_a_columns_heading_sorts_up_and_down(page: Any) -> None:
    heads = find(page, "table.sortable thead th")
    year = next(place for place, head in enumerate(heads) if head.text == "year")
    button = heads[year].find_element("css selector", "button")

    def years() -> list[str]:
        return [row.find_elements("css selector", "th, td")[year].text for row in find(page, ".sortable tbody tr")]

    page.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", button)
    page.execute_script("arguments[0].click()", button)
    assert heads[year].get_attribute("aria-sort") == "ascending"
    assert years() == sorted(years())
    page.execute_script("arguments[0].click()", button)
    assert heads[year].get_attribute("aria-sort") == "descending"
    assert years() == sorted(years(), reverse=True)


@pytest.mark.parametrize("width", [360, 768, 1400])
def test_the_page_never_scrolls_sideways(page: Any, width: int) -> None:
    metrics = {"width": width, "height": 740, "deviceScaleFactor": 1, "mobile": width < 700}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        assert page.execute_script("return document.documentElement.scrollWidth") <= width
    finally:
        page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_on_a_phone_the_papers_stay_in_sight_while_the_table_moves_sideways(page: Any) -> None:
    page.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True}
    )
    try:
        (scroller,) = find(page, "#table .scroll")
        page.execute_script("arguments[0].scrollLeft = 400", scroller)
        left, right = page.execute_script(
            "const r = document.querySelector('#table tbody th').getBoundingClientRect(); return [r.left, r.right]"
        )
        assert page.execute_script("return arguments[0].scrollLeft", scroller) > 100
        assert 0 <= left < right <= 180
    finally:
        page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
def test_the_page_follows_the_readers_colour_scheme(page: Any, scheme: str, dark: bool) -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    ground, ink = page.execute_script(
        "const s = getComputedStyle(document.body); return [s.backgroundColor, s.color].map("
        "c => c.match(/\\d+/g).slice(0, 3).reduce((a, b) => a + Number(b), 0))"
    )
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    assert (ground < ink) is dark
    assert abs(ground - ink) > 500


def test_the_page_prints_to_pdf(page: Any) -> None:
    data = base64.b64decode(page.print_page())
    assert data.startswith(b"%PDF-")
    assert len(data) > 20_000


def test_nothing_that_papers_bring_runs(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "hostile.html"
    path.write_text(format_report(*hostile_summary(), ".html"), encoding="utf-8")
    browser.get(path.as_uri())
    point_at(browser, find(browser, ".cite")[0])
    (card,) = find(browser, "#card")
    until(browser, lambda _: card.is_displayed())
    assert "<script>" in card.text
    assert browser.execute_script("return window.owned") is None
    assert not find(browser, "img")
    assert browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    assert browser.get_log("browser") == []


def test_a_script_that_got_in_would_be_stopped_by_the_policy(browser: Any, tmp_path: Path) -> None:
    text = format_report(*hostile_summary("x"), ".html")
    path = tmp_path / "injected.html"
    path.write_text(text.replace("</body>", "<script>window.owned=1</script></body>"), encoding="utf-8")
    browser.get(path.as_uri())
    assert browser.execute_script("return window.owned") is None
    assert any("Content Security Policy" in entry["message"] for entry in browser.get_log("browser"))
