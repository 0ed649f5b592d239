#!/usr/bin/python3
"""Opens made case pages in a headless Chromium and uses them as a reader would.

Usage: case_page_test.py MADE_PAGES [unittest arguments]

MADE_PAGES is the program that writes the pages (made_pages.cpp).
"""
import base64
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

PAGES = pathlib.Path(tempfile.mkdtemp(prefix="dawson-pages-"))

# The colour of the canvas at a place in CSS pixels from its corner.
PIXEL = """
const c = document.getElementById('slice');
const ratio = c.width / c.getBoundingClientRect().width;
return [...c.getContext('2d').getImageData(
    Math.round(arguments[0] * ratio), Math.round(arguments[1] * ratio), 1, 1).data].slice(0, 3);
"""


def start_browser():
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     "--force-device-scale-factor=1"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)


class Page(unittest.TestCase):
    browser = None

    @classmethod
    def setUpClass(cls):
        if Page.browser is None:
            Page.browser = start_browser()

    def open(self, name, width=1280, height=900, features=()):
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": n, "value": v} for n, v in
                         (("prefers-reduced-motion", "reduce"), *features)]})
        self.browser.get_log("performance")
        self.browser.get(f"file://{PAGES}/{name}_report.html")
        WebDriverWait(self.browser, 10).until(
            lambda b: b.execute_script("return document.documentElement.dataset.ready") == "true")
        self.settle()

    def settle(self):
        """Waits until what was asked for is drawn."""
        self.browser.execute_async_script(
            "const done = arguments[0];"
            "requestAnimationFrame(() => requestAnimationFrame(() => done()));")

    def element(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def pointer(self, x=0, y=0):
        """A chain of actions that begins at a place on the canvas, counted from its middle."""
        canvas = self.element("#slice")
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", canvas)
        return ActionChains(self.browser).move_to_element_with_offset(canvas, x, y)

    def seen(self):
        """What the canvas says of itself."""
        self.settle()
        data = self.browser.execute_script(
            "return {...document.getElementById('slice').dataset};")
        data["voxel"] = [int(v) for v in data["voxel"].split()]
        return data

    def pixel(self, x, y):
        self.settle()
        return self.browser.execute_script(PIXEL, x, y)

    def pixel_at_cursor(self):
        seen = self.seen()
        return self.pixel(float(seen["x"]), float(seen["y"]))

    def keys(self, *keys):
        self.element("#slice").send_keys(*keys)

    def set_range(self, selector, value):
        self.browser.execute_script(
            "arguments[0].value = arguments[1];"
            "arguments[0].dispatchEvent(new Event('input', {bubbles: true}));",
            self.element(selector), value)

    def where(self):
        self.settle()
        return self.element("#where").text

    def choose(self, lesion):
        self.element(f"tr[data-lesion='{lesion}'] button").click()
        self.settle()

    def assert_coloured(self, pixel):
        self.assertGreater(max(pixel) - min(pixel), 25, pixel)

    def assert_grey(self, pixel):
        self.assertLessEqual(max(pixel) - min(pixel), 1, pixel)


class Viewer(Page):
    def setUp(self):
        self.open("head")
        self.facts = json.loads((PAGES / "head.json").read_text())

    def slice_number(self):
        return int(self.where().split("slice ")[1].split()[0])

    def test_opens_fast_with_the_largest_lesion(self):
        started = time.monotonic()
        self.open("head")
        self.assertLess(time.monotonic() - started, 1.5 * 3)  # a busy machine may take its time
        self.assertEqual(self.slice_number(), self.facts["lesions"][0]["slice"])
        self.assertIn("lesion 1", self.where())

    def test_a_row_shows_its_lesion_in_its_slice_and_in_colour(self):
        for lesion in self.facts["lesions"]:
            self.choose(lesion["id"])
            self.assertEqual(self.slice_number(), lesion["slice"])
            self.assertIn(f"lesion {lesion['id']},", self.where())
            self.assert_coloured(self.pixel_at_cursor())
            row = self.element(f"tr[data-lesion='{lesion['id']}']")
            self.assertEqual(row.get_attribute("aria-current"), "true")

    def test_enter_on_a_row_and_arrows_between_rows(self):
        self.element("tr[data-lesion='1'] button").send_keys(Keys.ARROW_DOWN)
        focused = self.browser.switch_to.active_element
        self.assertEqual(focused.get_attribute("aria-label"), "Show lesion 2")
        focused.send_keys(Keys.ENTER)
        self.assertIn("lesion 2,", self.where())

    def test_overlay_off_leaves_grey(self):
        self.choose(1)
        self.assert_coloured(self.pixel_at_cursor())
        self.keys("o")
        self.assert_grey(self.pixel_at_cursor())
        self.assertFalse(self.element("#overlay").is_selected())
        self.element("#overlay").click()
        self.assert_coloured(self.pixel_at_cursor())

    def test_opacity_makes_the_colour_fuller(self):
        self.choose(1)
        spread = []
        for opacity in (0, 30, 100):
            self.set_range("#opacity", opacity)
            pixel = self.pixel_at_cursor()
            spread.append(max(pixel) - min(pixel))
        self.assertLessEqual(spread[0], 1)
        self.assertLess(spread[0] + 10, spread[1])
        self.assertLess(spread[1] + 10, spread[2])

    def test_wheel_and_drag_go_slice_by_slice(self):
        first = self.slice_number()
        canvas = self.element("#slice")
        ActionChains(self.browser).scroll_from_origin(
            webdriver.common.actions.wheel_input.ScrollOrigin.from_element(canvas), 0, -100).perform()
        self.assertEqual(self.slice_number(), first + 1)  # the wheel away from oneself: upwards
        self.pointer().click_and_hold().move_by_offset(0, 24).release().perform()
        self.assertEqual(self.slice_number(), first + 1 - 4)

    def test_keys_reach_every_slice(self):
        last = self.facts["slices"]
        self.keys(Keys.END)
        top = self.slice_number()
        self.keys(Keys.HOME)
        bottom = self.slice_number()
        self.assertLess(bottom, top)
        self.assertLessEqual(top, last)
        self.keys(Keys.ARROW_UP)
        self.assertEqual(self.slice_number(), bottom + 1)
        self.keys(Keys.PAGE_UP)
        self.assertEqual(self.slice_number(), bottom + 11)
        self.keys(Keys.ARROW_LEFT, Keys.PAGE_DOWN)
        self.assertEqual(self.slice_number(), bottom)
        self.keys(Keys.ARROW_DOWN)
        self.assertEqual(self.slice_number(), bottom)

    def test_the_slider_says_where_it_is(self):
        slider = self.element("#slice-slider")
        self.set_range("#slice-slider", 3)
        self.settle()
        bottom = self.slice_number() - 3
        self.assertEqual(slider.get_attribute("aria-valuetext"), self.where().split(" · ", 1)[1]
                         .split(" · lesion")[0])
        slider.send_keys(Keys.ARROW_RIGHT)
        self.assertEqual(self.slice_number(), bottom + 4)

    def test_planes_keep_the_place(self):
        self.choose(2)
        place = self.seen()["voxel"]
        for key, plane in (("2", "coronal"), ("3", "sagittal"), ("1", "axial")):
            self.keys(key)
            seen = self.seen()
            self.assertEqual(seen["plane"], plane)
            self.assertEqual(seen["voxel"], place)
            self.assertIn("lesion 2,", self.where())
            self.assert_coloured(self.pixel_at_cursor())
        self.browser.execute_script("document.querySelector('input[value=sagittal]').click()")
        self.assertEqual(self.seen()["plane"], "sagittal")
        self.assertIn("front is on the left", self.element("#convention").text)

    def test_the_patients_left_is_on_the_right(self):
        # Lesion 1 lies at x = −28 mm: the patient's left.
        self.assertLess(self.facts["lesions"][0]["centroid_mm"][0], -20)
        self.choose(1)
        self.assertGreater(float(self.seen()["x"]), self.element("#slice").size["width"] / 2)

    def test_planes_have_true_proportions(self):
        # The largest lesion is a ball of 9 mm: as high as wide where voxels are 1.5 × 5 mm.
        self.choose(1)
        self.keys("2")
        self.set_range("#opacity", 100)
        self.settle()
        box = self.browser.execute_script("""
            const c = document.getElementById('slice');
            const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
            const box = [1e9, 1e9, -1, -1];
            for (let y = 20; y < c.height - 40; ++y) for (let x = 30; x < c.width - 30; ++x) {
              const i = 4 * (y * c.width + x);
              if (d[i] - d[i + 2] < 90) continue;
              box[0] = Math.min(box[0], x); box[1] = Math.min(box[1], y);
              box[2] = Math.max(box[2], x); box[3] = Math.max(box[3], y);
            }
            return box;""")
        wide, high = box[2] - box[0], box[3] - box[1]
        self.assertGreater(wide, 20)
        self.assertAlmostEqual(high / wide, 1, delta=0.35)  # 5 mm of 18 mm are a quarter

    def test_zoom_keeps_the_place_in_sight(self):
        self.choose(3)
        self.keys("+", "+", "+")
        seen = self.seen()
        self.assertAlmostEqual(float(seen["zoom"]), 1.25 ** 3, places=3)
        self.assert_coloured(self.pixel_at_cursor())
        self.pointer().click_and_hold().move_by_offset(40, 25).release().perform()
        moved = self.seen()
        self.assertAlmostEqual(float(moved["x"]) - float(seen["x"]), 40, delta=1)
        self.assertAlmostEqual(float(moved["y"]) - float(seen["y"]), 25, delta=1)
        self.assertEqual(moved["voxel"], seen["voxel"])
        self.keys("-", "-", "-")
        self.assertEqual(float(self.seen()["zoom"]), 1)

    def test_a_click_on_a_lesion_selects_it(self):
        self.choose(2)
        seen = self.seen()
        self.element("#reset").click()
        self.assertEqual(self.seen()["lesion"], "0")
        canvas = self.element("#slice")
        x, y = (round(float(seen[a]) - canvas.size[s] / 2) for a, s in (("x", "width"),
                                                                      ("y", "height")))
        self.pointer(x, y).click().perform()
        self.assertEqual(self.seen()["lesion"], "2")
        self.assertEqual(self.element("tr[aria-current]").get_attribute("data-lesion"), "2")

    def test_brightness_and_contrast_change_the_grey(self):
        self.choose(1)
        self.keys("o")
        seen = self.seen()
        tissue = (float(seen["x"]) - 150, float(seen["y"]))
        before = self.pixel(*tissue)
        self.set_range("#brightness", 40)
        brighter = self.pixel(*tissue)
        self.assertGreater(brighter[0], before[0] + 15)
        self.element("#reset").click()
        self.keys("o")
        self.assertEqual(self.pixel(*tissue), before)
        self.assert_grey(before)

    def test_probabilities_take_their_colours(self):
        Select(self.element("#layer")).select_by_visible_text("probability of lesion")
        self.choose(1)
        self.set_range("#opacity", 100)
        # 0.9 of inferno as the heat layer has it: a warm colour, far from the mask's orange.
        self.assert_coloured(self.pixel_at_cursor())
        self.assertIn("Nothing is coloured below 0.2", self.element("#legend").text)

    def test_relevance_is_shown_with_both_signs(self):
        names = [o.text for o in Select(self.element("#layer")).options]
        self.assertEqual(names, ["lesions", "probability of lesion", "relevance for lesion 1",
                                 "relevance for lesion 2"])
        Select(self.element("#layer")).select_by_visible_text("relevance for lesion 2")
        self.set_range("#opacity", 100)
        seen = self.seen()
        self.assertEqual(seen["lesion"], "2")
        x, y = float(seen["x"]), float(seen["y"])
        red, _, blue = self.pixel(x, y)
        self.assertGreater(red, blue + 40)  # for, in vermilion
        mm = self.browser.execute_script(
            "return JSON.parse(document.getElementById('case-data').textContent).spacing[1]")
        per_mm = self.pixels_per_voxel() / mm
        red, _, blue = self.pixel(x, y - 12 * per_mm)  # 12 mm to the front
        self.assertGreater(blue, red + 40)  # against, in blue
        self.assertIn("against", self.element("#legend").text)

    def pixels_per_voxel(self):
        """How far the cursor moves on the canvas from one row to the next."""
        ys = []
        for dy in (-30, 30):
            self.pointer(0, dy).click().perform()
            seen = self.seen()
            ys.append((float(seen["y"]), seen["voxel"][1]))
        return (ys[1][0] - ys[0][0]) / (ys[1][1] - ys[0][1])


class Table(Page):
    def ids(self):
        return self.browser.execute_script(
            "return [...document.querySelectorAll('#lesion-table tbody tr')]"
            ".map((row) => +row.dataset.lesion)")

    def column(self, i):
        """The numbers of a column, of extents the largest."""
        cells = self.browser.execute_script(
            "return [...document.querySelectorAll('#lesion-table tbody tr')]"
            ".map((row) => row.cells[arguments[0]].textContent)", i)
        return [max(float(v) for v in c.replace("−", "-").split(" × ")) for c in cells]

    def test_every_column_sorts_both_ways(self):
        self.open("head")
        heads = self.browser.find_elements(By.CSS_SELECTOR, "#lesion-table thead th")
        self.assertEqual(len(heads), 10)
        self.assertEqual(heads[0].get_attribute("aria-sort"), "ascending")
        for i, head in enumerate(heads):
            orders = []
            for _ in range(2):
                head.find_element(By.TAG_NAME, "button").click()
                orders.append((head.get_attribute("aria-sort"), self.column(i)))
            self.assertEqual({o[0] for o in orders}, {"ascending", "descending"})
            for direction, values in orders:
                self.assertEqual(values, sorted(values, reverse=direction == "descending"))
        self.assertEqual(len(self.browser.find_elements(By.CSS_SELECTOR, "th[aria-sort]")), 1)

    def test_ten_thousand_lesions_stay_usable(self):
        started = time.monotonic()
        self.open("many")
        self.assertEqual(self.ids(), list(range(1, 101)))
        self.assertIn("100 of 10000", self.element("#table-shown").text)
        self.element("#lesion-table thead button").click()  # the smallest, from all of them
        self.assertEqual(self.ids()[0], 10000)
        self.choose(9990)
        self.assertIn("lesion 9990,", self.where())
        self.assert_coloured(self.pixel_at_cursor())
        self.element("#table-all").click()
        self.assertEqual(self.browser.execute_script(
            "return document.querySelectorAll('#lesion-table tbody tr').length"), 10000)
        self.choose(9950)
        self.assertLess(time.monotonic() - started, 15)

    def test_no_lesions_are_said(self):
        self.open("none")
        section = self.element(".lesions")
        self.assertIn("No lesion was found.", section.text)
        self.assertFalse(section.find_elements(By.CSS_SELECTOR, "table"))
        self.assertEqual(self.seen()["lesion"], "0")


class Layout(Page):
    def overflowing(self):
        return self.browser.execute_script("""
            const wide = document.documentElement.clientWidth;
            const inScroll = (e) => e.closest('.scroll, .unseen, .skip, select');
            return [...document.body.querySelectorAll('*')].filter((e) => {
              const b = e.getBoundingClientRect();
              return b.width > 0 && (b.right > wide + 1 || b.left < -1)
                && !(inScroll(e) && !e.matches('.scroll'));
            }).map((e) => e.tagName + '.' + e.className + '#' + e.id);""")

    def check(self, name, width, height):
        self.open(name, width, height)
        self.assertEqual(self.overflowing(), [])
        self.assertLessEqual(self.browser.execute_script(
            "return document.documentElement.scrollWidth"), width)

    def test_nothing_hangs_out_on_a_telephone(self):
        for name in ("head", "none", "many"):
            self.check(name, 375, 812)
        self.open("head", 375, 812)
        canvas = self.element("#slice").rect
        self.assertGreater(canvas["width"], 330)
        self.assertLess(canvas["height"], 0.7 * 812)

    def test_viewer_and_table_stand_side_by_side_on_a_desk(self):
        self.check("head", 1280, 900)
        viewer, table = self.element("#slice").rect, self.element("#lesion-table").rect
        self.assertLessEqual(viewer["x"] + viewer["width"], table["x"])
        self.assertLess(abs(self.element(".viewer").rect["y"] - self.element(".lesions").rect["y"]), 80)
        self.assertGreater(viewer["width"], 550)

    def test_a_row_brings_the_viewer_into_sight_on_a_telephone(self):
        self.open("head", 375, 812)
        self.browser.execute_script("arguments[0].scrollIntoView()", self.element(".lesions"))
        self.choose(2)
        box = self.browser.execute_script(
            "const b = document.getElementById('slice').getBoundingClientRect();"
            "return [b.top, b.bottom, window.innerHeight];")
        self.assertGreaterEqual(box[0], 0)
        self.assertLessEqual(box[1], box[2])

    def test_the_disclaimer_stays_when_scrolled(self):
        self.open("head")
        for y in (0, 1500, 99999):
            self.browser.execute_script("window.scrollTo({top: arguments[0], behavior: 'instant'})", y)
            top = self.browser.execute_script(
                "const b = document.querySelector('.strip b').getBoundingClientRect();"
                "const e = document.elementFromPoint(b.left + 5, b.top + b.height / 2);"
                "return [b.top >= 0 && b.bottom <= window.innerHeight, e.textContent];")
            self.assertEqual(top, [True, "research software, not a medical device"])

    def test_texts_have_contrast_in_light_and_dark(self):
        for scheme in ("light", "dark"):
            self.open("head", features=[("prefers-color-scheme", scheme)])
            poor = self.browser.execute_script("""
                const parse = (c) => c.match(/[\\d.]+/g).map(Number);
                const lum = (c) => [0, 1, 2].map((i) => c[i] / 255)
                  .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
                  .reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i], 0);
                const ground = (e) => {
                  for (; e; e = e.parentElement) {
                    const c = parse(getComputedStyle(e).backgroundColor);
                    if (c.length < 4 || c[3] > 0.5) return c;
                  }
                  return [255, 255, 255];
                };
                const poor = [];
                for (const e of document.body.querySelectorAll('*')) {
                  const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
                  if (!own || e.getBoundingClientRect().width < 2 || e.matches('script')) continue;
                  const a = lum(parse(getComputedStyle(e).color)), b = lum(ground(e));
                  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
                  if (ratio < 4.5) poor.push([e.tagName, e.className, e.textContent.slice(0, 30), ratio]);
                }
                return poor;""")
            self.assertEqual(poor, [], scheme)

    def test_print_keeps_the_slices_proportions(self):
        self.open("head")
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        fit, box, drawn = self.browser.execute_script("""
            const c = document.getElementById('slice'), b = c.getBoundingClientRect();
            return [getComputedStyle(c).objectFit, b.width / b.height, c.width / c.height];""")
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
        self.assertTrue(fit == "contain" or abs(box - drawn) < 0.01, (fit, box, drawn))

    def test_prints_with_the_disclaimer_on_each_page(self):
        self.open("head")
        pdf = PAGES / "printed.pdf"
        pdf.write_bytes(base64.b64decode(self.browser.execute_cdp_cmd(
            "Page.printToPDF", {"printBackground": True, "preferCSSPageSize": True})["data"]))
        text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True,
                              check=True).stdout
        pages = text.split("\f")[:-1]
        self.assertGreaterEqual(len(pages), 2)
        for page in pages:
            self.assertIn("research software, not a medical device", page)
        for said in ("Total isolated lesions", "Severity estimated", "Lesion sizes"):
            self.assertIn(said, text)


class Trust(Page):
    def test_nothing_is_fetched_and_nothing_complains(self):
        for name in ("head", "none", "many"):
            self.browser.get_log("browser")
            self.open(name)
            self.assertEqual(self.browser.get_log("browser"), [])
            requests = [json.loads(e["message"])["message"] for e in
                        self.browser.get_log("performance")]
            urls = [m["params"]["request"]["url"] for m in requests
                    if m["method"] == "Network.requestWillBeSent"]
            self.assertEqual([u for u in urls if not u.startswith(("file://", "data:", "blob:"))], [])
            self.assertEqual(len([u for u in urls if u.startswith("file://")]), 1)
            self.assertEqual(self.browser.execute_script(
                "return performance.getEntriesByType('resource')"
                ".filter((e) => !e.name.startsWith('data:')).length"), 0)

    def test_markup_in_a_name_is_text(self):
        self.open("head")
        self.assertIsNone(self.browser.execute_script("return window.ran ?? null"))
        self.assertIn("<script>window.ran = 1</script><img src=x", self.element("dl.box").text)
        self.assertIn("<b>bold</b>", self.element(".warn").text)
        self.assertTrue(self.browser.title.startswith("Brain lesion report"))

    def test_scripts_from_elsewhere_are_refused(self):
        self.open("head")
        self.browser.execute_script("""
            const s = document.createElement('script');
            s.textContent = 'window.ran = 2';
            document.body.append(s);
            document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/x.png'}));""")
        self.settle()
        self.assertIsNone(self.browser.execute_script("return window.ran ?? null"))
        refused = " ".join(e["message"] for e in self.browser.get_log("browser"))
        self.assertIn("Content Security Policy", refused)

    def test_a_screen_reader_finds_names_landmarks_and_headings(self):
        self.open("head")
        nodes = [n for n in self.browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
                 if not n.get("ignored")]
        role = lambda n: n.get("role", {}).get("value")
        name = lambda n: n.get("name", {}).get("value", "")
        for needed in ("button", "slider", "radio", "checkbox", "combobox", "image", "application",
                       "table"):
            found = [n for n in nodes if role(n) == needed]
            self.assertTrue(found, needed)
            self.assertEqual([n for n in found if not name(n)], [], needed)
        for landmark in ("banner", "main", "contentinfo"):
            self.assertEqual(len([n for n in nodes if role(n) == landmark]), 1, landmark)
        self.assertIn("Slice viewer", [name(n) for n in nodes if role(n) == "application"])
        levels = [int(p["value"]["value"]) for n in nodes if role(n) == "heading"
                  for p in n["properties"] if p["name"] == "level"]
        self.assertEqual(levels[0], 1)
        self.assertEqual(levels.count(1), 1)
        for before, after in zip(levels, levels[1:]):
            self.assertLessEqual(after, before + 1)
        self.assertEqual(self.element("html").get_attribute("lang"), "en")

    def test_what_is_shown_is_said_once_it_stays(self):
        self.open("head")
        self.assertEqual(self.element("#said").get_attribute("aria-live"), "polite")
        self.choose(2)
        WebDriverWait(self.browser, 3).until(
            lambda b: "lesion 2," in self.element("#said").get_attribute("textContent"))

    def test_focus_is_seen_from_the_skip_link_on(self):
        self.open("head")
        self.element("body").send_keys(Keys.TAB)
        skip = self.browser.switch_to.active_element
        self.assertEqual(skip.text, "Skip to the slice viewer")
        self.assertGreaterEqual(skip.rect["x"], 0)
        skip.send_keys(Keys.ENTER)
        ActionChains(self.browser).send_keys(Keys.TAB).perform()
        focused = self.browser.switch_to.active_element
        self.assertEqual(focused.get_attribute("name"), "plane")
        for _ in range(3):
            ActionChains(self.browser).send_keys(Keys.TAB).perform()
        canvas = self.browser.switch_to.active_element
        self.assertEqual(canvas.get_attribute("id"), "slice")
        self.assertEqual(canvas.value_of_css_property("outline-style"), "solid")


if __name__ == "__main__":
    try:
        subprocess.run([sys.argv.pop(1), str(PAGES)], check=True)
        result = unittest.main(exit=False, verbosity=2).result
    finally:
        if Page.browser is not None:
            Page.browser.quit()
        shutil.rmtree(PAGES, ignore_errors=True)
    sys.exit(not result.wasSuccessful())
