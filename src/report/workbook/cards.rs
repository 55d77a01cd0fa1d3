//! Four numbers at the top of the first sheet: half, nearly all, who is left, and the tightest server.

use super::first::{Page, grouped};
use super::style::{BAD, GOOD, PLAIN};
use crate::report::answer::{busiest, in_short, stuck};
use crate::study::{MILESTONES, Place, Server};
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, XlsxError};

/// Columns of a card.
const WIDTH: u16 = 3;

/// What a card says.
struct Card {
    label: String,
    value: Value,
    note: String,
    /// Dark and pale.
    colors: (Color, Color),
}

enum Value {
    Text(String),
    Moment(f64),
}

/// Lays out the cards side by side.
pub(super) fn fill(page: &mut Page<'_>) -> Result<(), XlsxError> {
    let cards = [
        milestone(page, 50),
        milestone(page, 95),
        left(page),
        tightest(page),
    ];
    let top = page.row;
    for (row, height) in [(0, 18.0), (1, 30.0), (2, 18.0)] {
        page.sheet.set_row_height(top + row, height)?;
    }
    for (number, card) in (0..).zip(cards) {
        let from = 1 + WIDTH * number;
        let (dark, pale) = card.colors;
        let ground = Format::new()
            .set_background_color(pale)
            .set_font_color(dark)
            .set_indent(1)
            // A white edge sets a card apart from the next.
            .set_border_right(FormatBorder::Thick)
            .set_border_right_color(Color::White);
        page.row = top;
        page.span(from, WIDTH, &card.label, &ground.clone().set_font_size(9))?;
        page.row = top + 1;
        let large = ground
            .clone()
            .set_bold()
            .set_font_size(17)
            .set_align(FormatAlign::VerticalCenter);
        match card.value {
            Value::Text(text) => page.span(from, WIDTH, &text, &large)?,
            Value::Moment(serial) => {
                let large = large
                    .set_num_format("ddd d mmm hh:mm")
                    .set_align(FormatAlign::Left);
                page.span(from, WIDTH, "", &large)?;
                page.sheet
                    .write_number_with_format(page.row, from, serial, &large)?;
            }
        }
        page.row = top + 2;
        page.span(from, WIDTH, &card.note, &ground.clone().set_font_size(9))?;
    }
    page.row = top + 4;
    Ok(())
}

fn milestone(page: &mut Page<'_>, percent: u32) -> Card {
    let (plan, study) = (page.results.plan, page.results.study);
    let fleet = Place::Fleet.index(plan);
    let at = MILESTONES.iter().position(|it| *it == percent).unwrap_or(0);
    let band = study.milestone_band(fleet, at);
    let label = format!("{percent} % converged");
    let moment = band.p50.and_then(|it| page.serial(0, study.moment(it)));
    let (reached, runs) = (study.reached(fleet, at), study.count());
    let days = |it: Option<u32>| {
        it.map_or("never".to_owned(), |it| {
            format!("{:.1}", f64::from(it) / 86_400.0)
        })
    };
    match moment {
        Some(serial) => Card {
            label,
            value: Value::Moment(serial),
            note: match runs {
                1 => format!("{} days after the start", days(band.p50)),
                _ => format!(
                    "{} to {} days in 8 of 10 runs",
                    days(band.p10),
                    days(band.p90)
                ),
            },
            colors: PLAIN,
        },
        None => Card {
            label,
            value: Value::Text("not reached".to_owned()),
            note: format!("within the run in {reached} of {runs} only"),
            colors: BAD,
        },
    }
}

fn left(page: &Page<'_>) -> Card {
    let stuck = stuck(page.results);
    let clients: f64 = stuck.iter().map(|it| it.clients).sum();
    let label = "not converged at the end".to_owned();
    if clients == 0.0 {
        return Card {
            label,
            value: Value::Text("nobody".to_owned()),
            note: "every client converged".to_owned(),
            colors: GOOD,
        };
    }
    let all = page.results.plan.clients();
    let share = clients / (all as f64).max(1.0) * 100.0;
    let whole = if clients >= 1_000.0 {
        grouped(clients.round() as u64)
    } else {
        in_short(clients)
    };
    Card {
        label,
        value: Value::Text(format!("{whole} clients")),
        note: format!("{share:.1} %; most: {}", stuck[0].reason.code()),
        colors: BAD,
    }
}

fn tightest(page: &Page<'_>) -> Card {
    let busy = busiest(page.results);
    let limited = busy
        .iter()
        .find(|it| it.share.is_some() && !matches!(it.server, Server::Address(_)));
    let label = "busiest server".to_owned();
    let Some((busy, share)) = limited.and_then(|it| Some((it, it.share?.p50))) else {
        return Card {
            label,
            value: Value::Text("no limits".to_owned()),
            note: "no server's bandwidth is limited".to_owned(),
            colors: PLAIN,
        };
    };
    let grid = &page.results.study.grid;
    let from = grid.boundary(busy.peak.p50.interval);
    let at = page
        .results
        .local(busy.server.zone(page.results.plan), from);
    Card {
        label,
        value: Value::Text(format!(
            "{:.0} % of {}",
            share * 100.0,
            busy.server.name(page.results.plan)
        )),
        note: format!("in the interval from {}", at.get(..16).unwrap_or(&at)),
        colors: if share >= 0.8 { BAD } else { GOOD },
    }
}
