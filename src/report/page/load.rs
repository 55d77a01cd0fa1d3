//! Servers: what each moved over time, its limit, and what it held.

use super::Tables;
use super::packed::Packed;
use super::places::since;
use crate::report::Frame;
use serde::Serialize;
use std::collections::BTreeMap;

/// A Client Access Point, a logon point, or an address.
#[derive(Serialize)]
pub(super) struct ServerData {
    name: Box<str>,
    kind: Box<str>,
    belongs_to: Box<str>,
    /// What its users share [bit/s]; none: it never slows anybody.
    limit: Option<f64>,
    /// Where its busiest interval begins \[h\], and in local time.
    peak_hours: Option<f64>,
    peak_local: Box<str>,
    /// Bytes in the busiest interval: low, middle, high.
    peak_bytes: [f64; 3],
    /// The same as shares of the limit.
    peak_shares: Option<[f64; 3]>,
    longest_queue: Option<f64>,
    /// Most transfers at a time.
    connections: Option<f64>,
    total_bytes: f64,
    transfers: f64,
    turned_away: f64,
    /// Bytes by interval, mean over replications.
    bytes: Packed,
    /// Longest queue by interval; none where nothing ever queued.
    queue: Option<Packed>,
    /// From when on \[h\] it held which release, by position, and what there is to say of it.
    held: Vec<(Option<f64>, usize, Box<str>)>,
}

/// Bytes and queues by interval.
type Loads = (Vec<f64>, Vec<f64>);

pub(super) fn servers(
    tables: &Tables,
    releases: &[String],
    intervals: usize,
    step: usize,
) -> Vec<ServerData> {
    let peaks = &tables.load_peaks;
    let loads = loads(tables, intervals, step);
    let held = held(&tables.servers, releases);
    let server = |row: usize| -> ServerData {
        let text = |column: &str| peaks.texts(column)[row].clone();
        let number = |column: &str| peaks.numbers(column)[row];
        let known = |column: &str| Some(number(column)).filter(|it| !it.is_nan());
        let (name, kind) = (text("server"), text("kind"));
        let key = (&*kind, &*name);
        let (bytes, queue) = loads.get(&key).cloned().unwrap_or_default();
        let shares = ["peak_share_p10", "peak_share_p50", "peak_share_p90"].map(number);
        ServerData {
            belongs_to: text("belongs_to"),
            limit: known("bandwidth_bits_per_second"),
            peak_hours: known("peak_from_elapsed_hours"),
            peak_local: text("peak_from_local_time"),
            peak_bytes: ["peak_bytes_p10", "peak_bytes_p50", "peak_bytes_p90"].map(number),
            peak_shares: shares.iter().all(|it| it.is_finite()).then_some(shares),
            longest_queue: known("longest_queue"),
            connections: known("connection_limit"),
            total_bytes: number("total_bytes"),
            transfers: number("total_transfers"),
            turned_away: number("total_turned_away"),
            bytes: Packed::of(&bytes),
            queue: queue.iter().any(|it| *it > 0.0).then(|| Packed::of(&queue)),
            held: held.get(&key).cloned().unwrap_or_default(),
            name,
            kind,
        }
    };
    (0..peaks.rows()).map(server).collect()
}

/// By kind and name: what each server moved, over `step` intervals at a time.
fn loads(tables: &Tables, intervals: usize, step: usize) -> BTreeMap<(&str, &str), Loads> {
    let frame = &tables.load;
    let hours = tables.timeline.numbers("elapsed_hours");
    let interval_hours = hours.get(1).copied().unwrap_or(1.0);
    let spans = intervals.div_ceil(step);
    let mut loads: BTreeMap<(&str, &str), Loads> = BTreeMap::new();
    for row in 0..frame.rows() {
        let key = (&*frame.texts("kind")[row], &*frame.texts("server")[row]);
        let from = frame.numbers("from_elapsed_hours")[row];
        let at = (from / interval_hours).round() as usize / step;
        let (bytes, queue) = loads
            .entry(key)
            .or_insert_with(|| (vec![0.0; spans], vec![0.0; spans]));
        if at < spans {
            bytes[at] += frame.numbers("bytes")[row];
            queue[at] = queue[at].max(frame.numbers("longest_queue")[row]);
        }
    }
    loads
}

type Held = Vec<(Option<f64>, usize, Box<str>)>;

/// By kind and name: what each server held.
fn held<'a>(frame: &'a Frame, releases: &[String]) -> BTreeMap<(&'a str, &'a str), Held> {
    let mut held: BTreeMap<(&str, &str), Held> = BTreeMap::new();
    for row in 0..frame.rows() {
        let text = |column: &str| &*frame.texts(column)[row];
        let note = match (text("kind"), text("locked"), text("reachable")) {
            ("client access point", _, "no") => "out of reach".to_owned(),
            ("client access point", "yes", _) => "being refreshed".to_owned(),
            ("logon point", ..) => match text("credited_version_known") {
                "no" => format!("credits {}, version unknown", text("credited_site")),
                _ => format!("credits {}", text("credited_site")),
            },
            _ => String::new(),
        };
        let (from, release) = since(frame, row, releases);
        let spans = held.entry((text("kind"), text("server"))).or_default();
        spans.push((from, release, note.into()));
    }
    held
}
