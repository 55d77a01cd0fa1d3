//! The last ten lines of a run, to the letter.

use super::summary::{Asked, print};
use crate::plan::Plan;
use crate::report::{Results, Written, WrittenFile};
use crate::study::{Study, sample};

fn summary_with(plan: &Plan, study: &Study, sets: &[String]) -> String {
    let file = WrittenFile {
        name: "timeline.csv".to_owned(),
        table: "timeline",
        rows: 1_234,
        bytes: 56_700,
        sha256: String::new(),
    };
    let written = Written {
        folder: "output/two-sites".into(),
        files: vec![file],
    };
    let again = |more: &[&str]| format!("smsim run x.toml {}", more.join(" "));
    let asked = Asked {
        sets,
        again: &again,
        possible: &|_| true,
        usual_folder: true,
    };
    let mut out = Vec::new();
    print(&Results::new(plan, study), &written, &asked, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn summary(plan: &Plan, study: &Study) -> String {
    summary_with(plan, study, &[])
}

#[test]
fn several_replications_come_with_bands() {
    let plan = sample::plan();
    assert_eq!(
        summary(&plan, &sample::study(&plan)),
        "\
Two sites: 13 clients, 2 sites, 1 day, seed 7, 2 replications
Missed     2 of 3 thresholds
           =early: hours to 50% converged < 12, at HQ1
             9 h, which is within; met in 1 of 2 replications, 90 % wanted
           days to 99% converged < 1
             not within the run; met in 0 of 2 replications, all wanted
Converged  America/New_York      since start  since upgrade  8 of 10 runs
     50 %  Fri 2000-06-23 09:00          9 h            3 h  9 to 15 h
     95 %  in none of 2 replications
    100 %  in none of 2 replications
Load       HQ1-CAP1, Fri 2000-06-23 06:00: 24 MB in 6 h, 0.9 % of capacity
Stuck      1 client not converged at the end
           1 not-seen (desktops at HQ1): wait, or switch the machine on
Trouble    0 mixed (0 still), 0 broken, 0 aborted, 0 restarts asked
Written    1,234 rows, 56.7 kB, 2 files in output/two-sites
Next       wait, or switch the machine on: desktops at HQ1
           smsim run x.toml --set scenario.days=8 --out output/what-if
"
    );
}

#[test]
fn one_replication_asks_for_more() {
    let plan = Plan {
        replications: 1,
        ..sample::plan()
    };
    let study = Study::of(&plan, vec![sample::replication(&plan, 0, 4)]).unwrap();
    let text = summary(&plan, &study);
    assert!(
        text.contains("\n     50 %  Fri 2000-06-23 09:00          9 h            3 h\n"),
        "{text}"
    );
    assert!(text.contains("100 %  not within the run\n"), "{text}");
    assert!(
        text.ends_with("           smsim run x.toml --replications 20   for bands\n"),
        "{text}"
    );
}

#[test]
fn what_was_set_is_said_and_that_the_folder_is_shared() {
    let plan = sample::plan();
    let sets = ["rules.ccim_cycle=12h".to_owned()];
    let text = summary_with(&plan, &sample::study(&plan), &sets);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[1], "Set        rules.ccim_cycle=12h");
    assert!(text.contains("--out DIR keeps both)\n"), "{text}");
    assert!(lines.iter().all(|line| line.len() <= 80), "{text}");
}

#[test]
fn an_interrupted_study_says_so() {
    let plan = sample::plan();
    let mut study = sample::study(&plan);
    study.interrupted = true;
    let plan = Plan {
        replications: 50,
        ..plan
    };
    assert!(summary(&plan, &study).contains("\nInterrupted after 2 of 50 replications\n"));
}
