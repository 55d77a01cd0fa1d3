//! `report.html` in a real browser: it draws itself without a complaint and without fetching anything, its controls do what
//! they say, anybody can read it, and no name of a scenario becomes markup.
//!
//! Pictures of what the tests saw are left in `target/tmp/browser/`.

mod chromium;

use crate::command_line::{err, smsim};
use chromium::{Browser, DESKTOP, Look, bytes};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

const AXE: &str = include_str!("browser/axe.min.js");
const PHONE: Look = Look {
    width: 390,
    height: 844,
    phone: true,
    ..DESKTOP
};

/// Simulates a scenario and returns its page.
fn page_of(folder: &Path, scenario: &Path, more: &[&str]) -> PathBuf {
    let scenario = scenario.to_str().unwrap();
    let out = ["run", scenario, "--report", "--quiet", "--out", "out"];
    let arguments: Vec<&str> = out.iter().chain(more).copied().collect();
    let ran = smsim(folder, &arguments);
    assert!(matches!(ran.status.code(), Some(0 | 1)), "{}", err(&ran));
    let mut runs = fs::read_dir(folder.join("out")).unwrap();
    runs.next().unwrap().unwrap().path().join("report.html")
}

fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios")
        .join(name)
}

/// What accessibility checks of the axe-core library find wrong.
fn barriers(browser: &mut Browser) -> Vec<String> {
    browser.run(&format!("{AXE}; true"));
    let found = browser.run(
        "axe.run(document, { resultTypes: ['violations'] }).then((it) => it.violations.map((wrong) =>
            `${wrong.id}: ${wrong.nodes.map((node) => `${node.target} ${node.failureSummary}`).slice(0, 3).join(' | ')}`))",
    );
    let texts = found.as_array().unwrap().iter();
    texts.map(|it| it.as_str().unwrap().to_owned()).collect()
}

/// Chooses every choice and presses every button of the page once. Returns the sizes of the pictures that were saved.
fn everything_used(browser: &mut Browser, pictures: usize) -> Vec<u64> {
    let script = "(async () => {
            const saved = [];
            download = (name, blob) => saved.push(blob.size);
            for (const select of document.querySelectorAll('select')) {
                const first = select.value;
                for (const value of [...[...select.options].map((it) => it.value).slice(0, 20), first]) {
                    select.value = value;
                    select.dispatchEvent(new Event('change'));
                }
            }
            for (const button of document.querySelectorAll('main button')) button.click();
            for (const button of document.querySelectorAll('.legend button')) button.click();
            zoom(0, END);
            for (let wait = 0; wait < 600 && saved.length < PICTURES; wait++) await new Promise((done) => setTimeout(done, 100));
            return saved;
        })()";
    let saved = browser.run(&script.replace("PICTURES", &pictures.to_string()));
    let sizes = saved.as_array().unwrap().iter();
    sizes.map(|it| it.as_u64().unwrap()).collect()
}

/// Everything that holds for every page.
fn sound(browser: &mut Browser, name: &str) {
    assert_eq!(browser.complaints(), [""; 0], "{name}");
    for dark in [false, true] {
        let look = Look { dark, ..DESKTOP };
        browser.look(look);
        assert_eq!(barriers(browser), [""; 0], "{name}, dark: {dark}");
        let shade = if dark { "dark" } else { "light" };
        browser.picture(&format!("{name}-{shade}"));
    }
    browser.look(PHONE);
    let over = browser.run("document.documentElement.scrollWidth - innerWidth");
    assert_eq!(over, 0, "{name} is wider than a phone");
    browser.picture(&format!("{name}-phone"));
    browser.look(Look {
        dark: true,
        print: true,
        ..DESKTOP
    });
    let theme = browser.run("document.documentElement.dataset.theme");
    assert_eq!(theme, "light", "paper is light");
    browser.picture(&format!("{name}-print"));
    browser.look(DESKTOP);
    let paper = bytes(&browser.paper(name));
    assert!(paper.starts_with(b"%PDF") && paper.len() > 20_000);
    assert_eq!(browser.complaints(), [""; 0], "{name}");
}

/// A number of a page's canvas that changes with what is drawn on it.
fn drawn(browser: &mut Browser, section: &str) -> Value {
    let script = format!("document.querySelector('#{section} canvas').toDataURL()");
    browser.settle();
    browser.run(&script)
}

/// Moves the slider of the hierarchy and returns what is said of the moment.
fn slide(browser: &mut Browser, place: &str) -> String {
    let script = format!(
        "(() => {{ const slider = document.querySelector('#hierarchy input[type=range]');
            slider.value = {place}; slider.dispatchEvent(new Event('input', {{ bubbles: true }}));
            return document.querySelector('#hierarchy .counts').textContent; }})()"
    );
    browser.run(&script).as_str().unwrap().to_owned()
}

#[test]
fn the_page_of_quickstart_works() {
    let Some(mut browser) = Browser::start("the_page_of_quickstart_works") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let page = page_of(folder.path(), &shipped("quickstart.toml"), &[]);
    browser.look(DESKTOP);
    browser.open(&page);
    let order = browser.run("[...document.querySelectorAll('section')].map((it) => it.id)");
    let expected = [
        "problems",
        "convergence",
        "hierarchy",
        "sites",
        "load",
        "decisions",
        "milestones",
        "assumptions",
    ];
    assert_eq!(order, json!(expected));

    let start = slide(&mut browser, "0");
    assert!(start.starts_with("0 of 2 sites at SP2"), "{start}");
    let end = slide(&mut browser, "slider.max");
    assert!(
        end.starts_with("2 of 2 sites at SP2 2 of 2 CAPs4 of 4 logon points")
            || end.contains("2 of 2 CAPs"),
        "{end}"
    );
    let clients = |text: &str| text.rsplit_once("logon points").unwrap().1.to_owned();
    assert_ne!(clients(&start), clients(&end));

    let before = drawn(&mut browser, "convergence");
    let pressed = browser.run(
        "(() => { const button = document.querySelector('#convergence .legend button'); button.click();
            return button.getAttribute('aria-pressed'); })()",
    );
    assert_eq!(pressed, "false");
    assert_ne!(
        drawn(&mut browser, "convergence"),
        before,
        "a curve is gone"
    );
    browser.run("document.querySelector('#convergence .legend button').click()");
    assert_eq!(drawn(&mut browser, "convergence"), before, "and back");
    sound(&mut browser, "quickstart");
    let pictures = everything_used(&mut browser, 7);
    assert_eq!(pictures.len(), 7, "every picture can be saved");
    assert!(pictures.iter().all(|it| *it > 2_000), "{pictures:?}");
    assert_eq!(browser.complaints(), [""; 0]);
}

#[test]
fn the_page_of_three_tier_works() {
    let Some(mut browser) = Browser::start("the_page_of_three_tier_works") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let page = page_of(
        folder.path(),
        &shipped("three-tier.toml"),
        &["--replications", "2"],
    );
    browser.look(DESKTOP);
    browser.open(&page);
    assert!(slide(&mut browser, "0").starts_with("0 of 46 sites"));
    assert!(slide(&mut browser, "slider.max").starts_with("46 of 46 sites"));

    browser.run("document.querySelector('#hierarchy [data-site=\"3\"]').dispatchEvent(new MouseEvent('click', { bubbles: true }))");
    let place = browser.run("document.querySelector('#convergence select').value");
    assert_eq!(place, "LON", "a site that is chosen shows its curves");

    browser.run("document.querySelector('#convergence .chart').focus()");
    browser.press("ArrowRight");
    let read = browser.run("document.querySelector('#convergence .when').textContent");
    assert_eq!(read, "Mon 19 Jun 00:00", "arrow keys read values");
    browser.run("document.querySelector('#convergence .chart').dispatchEvent(new KeyboardEvent('keydown', { key: '+' }))");
    let whole = browser.run("[...document.querySelectorAll('#convergence button')].find((it) => it.textContent === 'Whole run').disabled");
    assert_eq!(whole, false, "plus zooms");

    let said = browser.run(
        "(() => { const button = [...document.querySelectorAll('#milestones button')][0]; button.click();
            return new Promise((done) => setTimeout(() => done(document.querySelector('#milestones [role=status]').textContent), 300)); })()",
    );
    assert!(said.as_str().unwrap().starts_with("Copied"), "{said}");
    sound(&mut browser, "three-tier");
}

#[test]
fn the_keyboard_reaches_everything_in_the_order_of_the_page() {
    let Some(mut browser) =
        Browser::start("the_keyboard_reaches_everything_in_the_order_of_the_page")
    else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let page = page_of(
        folder.path(),
        &shipped("quickstart.toml"),
        &["--replications", "1"],
    );
    browser.look(DESKTOP);
    browser.open(&page);
    let mut places = Vec::new();
    for _ in 0..120 {
        browser.press("Tab");
        let place = browser.run(
            "(() => { const it = document.activeElement; const seen = getComputedStyle(it);
                return [it.className === 'skip' ? 'skip' : it.closest('nav') ? 'nav' : (it.closest('section') || it).id,
                    seen.outlineStyle !== 'none']; })()",
        );
        let section = place[0].as_str().unwrap().to_owned();
        if section.is_empty() {
            break;
        }
        assert_eq!(place[1], true, "focus is seen in {section}");
        if places.last() != Some(&section) {
            places.push(section);
        }
    }
    let expected = [
        "skip",
        "nav",
        "problems",
        "convergence",
        "hierarchy",
        "sites",
        "load",
        "decisions",
        "milestones",
        "assumptions",
    ];
    let expected: Vec<&str> = expected
        .into_iter()
        .filter(|it| *it != "problems")
        .collect();
    places.retain(|it| it != "problems");
    assert_eq!(places, expected);
}

#[test]
fn a_name_is_never_markup() {
    let Some(mut browser) = Browser::start("a_name_is_never_markup") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)>&amp;";
    let text = fs::read_to_string(shipped("quickstart.toml")).unwrap();
    let text = text
        .replace("Two sites, one domain", evil)
        .replace("HQ1-CAP1", evil)
        .replace("hq-win98", "hq<b>win98")
        .replace("in time", evil)
        .replace("\"CORP\"", "\"<i>CORP\"");
    let scenario = folder.path().join("evil.toml");
    fs::write(&scenario, text).unwrap();
    let page = page_of(folder.path(), &scenario, &["--replications", "1"]);
    browser.look(DESKTOP);
    browser.open(&page);
    assert_eq!(browser.complaints(), [""; 0]);
    assert_eq!(
        browser.run("document.querySelector('h1').textContent"),
        evil
    );
    let made = browser.run("document.querySelectorAll('img, b b, i i, main script').length");
    assert_eq!(made, 0);
    let title = browser.run("document.title");
    assert_eq!(title, format!("{evil} - smsim"));
}

#[test]
fn plans_stand_side_by_side() {
    let Some(mut browser) = Browser::start("plans_stand_side_by_side") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (
        shipped("quickstart.toml"),
        shipped("quickstart-together.toml"),
    );
    let files = [one.to_str().unwrap(), two.to_str().unwrap()];
    let more = ["--report", "plans.html", "--replications", "4", "--quiet"];
    let arguments: Vec<&str> = ["compare"]
        .iter()
        .chain(&files)
        .chain(&more)
        .copied()
        .collect();
    let compared = smsim(folder.path(), &arguments);
    assert_eq!(compared.status.code(), Some(0), "{}", err(&compared));
    browser.look(DESKTOP);
    browser.open(&folder.path().join("plans.html"));
    let head = browser
        .run("[...document.querySelectorAll('#differences thead th')].map((it) => it.textContent)");
    assert_eq!(head.as_array().unwrap().len(), 3, "{head}");
    let curves = browser.run("document.querySelectorAll('#convergence .legend button').length");
    assert_eq!(curves, 2);
    sound(&mut browser, "comparison");
    assert_eq!(everything_used(&mut browser, 1).len(), 1);
    assert_eq!(browser.complaints(), [""; 0]);
}

/// As many sites as the city, with fewer clients: what a page costs depends on sites, servers and intervals alone.
#[test]
fn two_hundred_sites_are_drawn_quickly() {
    let Some(mut browser) = Browser::start("two_hundred_sites_are_drawn_quickly") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(shipped("city.toml")).unwrap();
    let text = text
        .replace("count = 3800", "count = 38")
        .replace("count = 800", "count = 8")
        .replace("count = 400", "count = 4")
        .replace("interval = \"4h\"", "interval = \"1h\"");
    let scenario = folder.path().join("town.toml");
    fs::write(&scenario, text).unwrap();
    let page = page_of(folder.path(), &scenario, &[]);
    assert!(fs::metadata(&page).unwrap().len() < 6_000_000);
    browser.look(DESKTOP);
    let took = browser.open(&page);
    assert!(took < Duration::from_secs(20), "{took:?}");
    assert!(slide(&mut browser, "slider.max").starts_with("201 of 201 sites"));
    assert_eq!(browser.complaints(), [""; 0]);
    browser.picture("town");
}
