//! A headless Chromium at the other end of two pipes, spoken to in its own protocol (CDP).
//!
//! Over pipes, because that needs no port, no web socket and no package: `--remote-debugging-pipe` reads commands from file
//! descriptor 3 and writes answers to 4, each a JSON text with a zero byte behind it; a shell puts them there.

use serde_json::{Value, json};
use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

/// Names under which Chromium is installed.
const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
];
/// Set where the tests must not be skipped.
const REQUIRED: &str = "SMSIM_BROWSER_REQUIRED";
/// Longest wait for anything.
const PATIENCE: Duration = Duration::from_secs(120);

/// One browser with one page.
pub struct Browser {
    process: Child,
    commands: ChildStdin,
    answers: Receiver<Value>,
    /// Everything the page told since it was opened: errors, console, requests.
    events: Vec<Value>,
    session: Option<String>,
    number: u64,
    _profile: tempfile::TempDir,
}

/// How a page is looked at.
#[derive(Clone, Copy)]
pub struct Look {
    pub width: u32,
    pub height: u32,
    pub dark: bool,
    pub phone: bool,
    pub print: bool,
}

pub const DESKTOP: Look = Look {
    width: 1280,
    height: 900,
    dark: false,
    phone: false,
    print: false,
};

fn program() -> Option<PathBuf> {
    let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH")?).collect();
    let places = NAMES
        .iter()
        .flat_map(|name| folders.iter().map(move |it| it.join(name)));
    places.into_iter().find(|it| it.is_file())
}

impl Browser {
    /// Starts a browser; where there is none, says on the terminal that `test` is skipped.
    pub fn start(test: &str) -> Option<Self> {
        let Some(program) = program().filter(|_| cfg!(unix)) else {
            assert!(
                env::var_os(REQUIRED).is_none(),
                "{test}: no Chromium, and {REQUIRED} is set"
            );
            // Past the capture of tests that pass, which would keep it quiet.
            let _ = writeln!(io::stderr(), "SKIPPED {test}: there is no Chromium here");
            return None;
        };
        let profile = tempfile::tempdir().unwrap();
        let mut process = Command::new("sh")
            .args(["-c", r#"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null"#])
            .arg(program)
            .args(["--headless", "--no-sandbox", "--disable-gpu"])
            .args([
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--no-first-run",
            ])
            .args(["--disable-background-networking", "--remote-debugging-pipe"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let commands = process.stdin.take().unwrap();
        let output = process.stdout.take().unwrap();
        let (tell, answers) = channel();
        thread::spawn(move || {
            for message in BufReader::new(output).split(0) {
                let Ok(message) = message else { break };
                let message = serde_json::from_slice(&message).unwrap();
                if tell.send(message).is_err() {
                    break;
                }
            }
        });
        let mut browser = Browser {
            process,
            commands,
            answers,
            events: Vec::new(),
            session: None,
            number: 0,
            _profile: profile,
        };
        browser.attach();
        Some(browser)
    }

    fn attach(&mut self) {
        let began = Instant::now();
        let target = loop {
            let targets = self.ask("Target.getTargets", json!({}));
            let pages = targets["targetInfos"].as_array().unwrap();
            if let Some(page) = pages.iter().find(|it| it["type"] == "page") {
                break page["targetId"].clone();
            }
            assert!(began.elapsed() < PATIENCE, "the browser has no page");
            thread::sleep(Duration::from_millis(50));
        };
        let attached = json!({ "targetId": target, "flatten": true });
        let attached = self.ask("Target.attachToTarget", attached);
        self.session = Some(attached["sessionId"].as_str().unwrap().to_owned());
        for domain in ["Runtime", "Log", "Network", "Page"] {
            self.ask(&format!("{domain}.enable"), json!({}));
        }
    }

    /// Sends a command and waits for its answer.
    pub fn ask(&mut self, method: &str, parameters: Value) -> Value {
        self.number += 1;
        let mut command = json!({ "id": self.number, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            command["sessionId"] = json!(session);
        }
        let mut text = command.to_string().into_bytes();
        text.push(0);
        self.commands.write_all(&text).unwrap();
        loop {
            let message = self.hear(method);
            if message["id"] == json!(self.number) {
                assert!(message["error"].is_null(), "{method}: {}", message["error"]);
                return message["result"].clone();
            }
            self.events.push(message);
        }
    }

    fn hear(&mut self, what: &str) -> Value {
        let heard = self.answers.recv_timeout(PATIENCE);
        heard.unwrap_or_else(|error| panic!("no answer to {what}: {error}"))
    }

    /// How the page is looked at from now on.
    pub fn look(&mut self, look: Look) {
        let size = json!({
            "width": look.width, "height": look.height, "deviceScaleFactor": 1, "mobile": look.phone,
        });
        self.ask("Emulation.setDeviceMetricsOverride", size);
        let scheme = if look.dark { "dark" } else { "light" };
        let media = json!({
            "media": if look.print { "print" } else { "" },
            "features": [{ "name": "prefers-color-scheme", "value": scheme }],
        });
        self.ask("Emulation.setEmulatedMedia", media);
        self.settle();
    }

    /// Opens a file and waits until it is there. Returns how long that took.
    pub fn open(&mut self, page: &Path) -> Duration {
        let began = Instant::now();
        self.events.clear();
        let url = format!("file://{}", page.display());
        self.ask("Page.navigate", json!({ "url": url }));
        while !self.told("Page.loadEventFired") {
            let event = self.hear("Page.navigate");
            self.events.push(event);
        }
        let took = began.elapsed();
        self.settle();
        took
    }

    fn told(&self, event: &str) -> bool {
        self.events.iter().any(|it| it["method"] == event)
    }

    /// Waits until the page has drawn twice more, so that everything observed has been answered.
    pub fn settle(&mut self) {
        self.run("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))");
    }

    /// What a script on the page comes to.
    pub fn run(&mut self, script: &str) -> Value {
        let evaluate = json!({
            "expression": script, "awaitPromise": true, "returnByValue": true, "userGesture": true,
        });
        let done = self.ask("Runtime.evaluate", evaluate);
        let wrong = &done["exceptionDetails"];
        assert!(wrong.is_null(), "{script}: {wrong}");
        done["result"]["value"].clone()
    }

    /// Presses and releases a key.
    pub fn press(&mut self, key: &str) {
        for kind in ["keyDown", "keyUp"] {
            let code = match key {
                "Tab" => 9,
                "Enter" => 13,
                "ArrowLeft" => 37,
                "ArrowRight" => 39,
                _ => 0,
            };
            let event =
                json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code });
            self.ask("Input.dispatchKeyEvent", event);
        }
    }

    /// A picture of the whole page, as PNG in Base64; also left in `target/`, to be looked at.
    pub fn picture(&mut self, name: &str) -> String {
        let size = self.ask("Page.getLayoutMetrics", json!({}));
        let size = &size["cssContentSize"];
        let clip = json!({
            "x": 0, "y": 0, "scale": 1, "width": size["width"], "height": size["height"],
        });
        let shot = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let shot = self.ask("Page.captureScreenshot", shot);
        let shot = shot["data"].as_str().unwrap().to_owned();
        keep(&format!("{name}.png"), &shot);
        shot
    }

    /// The page on paper, as PDF in Base64; also left in `target/`.
    pub fn paper(&mut self, name: &str) -> String {
        let paper = self.ask("Page.printToPDF", json!({ "printBackground": false }));
        let paper = paper["data"].as_str().unwrap().to_owned();
        keep(&format!("{name}.pdf"), &paper);
        paper
    }

    /// Everything that went wrong on the page since it was opened: exceptions, console and log lines, and requests for
    /// anything but the page itself.
    pub fn complaints(&mut self) -> Vec<String> {
        self.settle();
        let wrong = |event: &Value| {
            let told = &event["params"];
            let url = told["request"]["url"].as_str().unwrap_or_default();
            match event["method"].as_str().unwrap_or_default() {
                "Runtime.exceptionThrown" | "Runtime.consoleAPICalled" | "Log.entryAdded" => true,
                "Network.requestWillBeSent" => {
                    told["type"] != "Document" && !url.starts_with("blob:")
                }
                _ => false,
            }
        };
        let wrong = self.events.iter().filter(|event| wrong(event));
        wrong.map(Value::to_string).collect()
    }
}

/// Leaves a file for whoever wants to look.
fn keep(name: &str, base64: &str) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(name), bytes(base64)).unwrap();
}

/// The bytes that a Base64 text stands for.
pub fn bytes(base64: &str) -> Vec<u8> {
    let value = |letter: u8| match letter {
        b'A'..=b'Z' => u32::from(letter - b'A'),
        b'a'..=b'z' => u32::from(letter - b'a') + 26,
        b'0'..=b'9' => u32::from(letter - b'0') + 52,
        b'+' => 62,
        _ => 63,
    };
    let letters: Vec<u8> = base64.bytes().filter(|it| *it != b'=').collect();
    let mut bytes = Vec::with_capacity(letters.len() * 3 / 4);
    for group in letters.chunks(4) {
        let bits =
            group.iter().fold(0, |bits, it| bits << 6 | value(*it)) << (6 * (4 - group.len()));
        let whole = bits.to_be_bytes();
        bytes.extend(&whole[1..group.len()]);
    }
    bytes
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It is of no use any more, whatever became of it.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
