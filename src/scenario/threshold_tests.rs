//! Every form of a threshold, and what is said about bad ones.

use super::threshold::{Said, SaidMeasure, read};
use crate::plan::{Curve, Measure, Relation};

fn hours_to(basis_points: u32, curve: Curve) -> Measure {
    Measure::HoursTo {
        basis_points,
        curve,
    }
}

#[test]
fn every_plain_form_is_read() {
    use Relation::{Above, AtLeast, AtMost, Below};
    let share = |curve| Measure::ShareAtEnd(curve);
    for (text, measure, relation, limit) in [
        (
            "hours to 95% converged < 240",
            hours_to(9_500, Curve::Converged),
            Below,
            240.0,
        ),
        (
            "hours to 99.5 % base <= 48.5 h",
            hours_to(9_950, Curve::Base),
            AtMost,
            48.5,
        ),
        (
            "days to 50% reported < 10",
            hours_to(5_000, Curve::Reported),
            Below,
            240.0,
        ),
        (
            "Hours to 100% converged at most 2 days",
            hours_to(10_000, Curve::Converged),
            AtMost,
            48.0,
        ),
        (
            "share converged at end >= 95%",
            share(Curve::Converged),
            AtLeast,
            0.95,
        ),
        (
            "share reported at end > 99.9 %",
            share(Curve::Reported),
            Above,
            0.999,
        ),
        (
            "share base at end at least 0.5",
            share(Curve::Base),
            AtLeast,
            0.5,
        ),
        (
            "clients not converged < 100",
            Measure::NotConverged,
            Below,
            100.0,
        ),
        (
            "clients not converged<=0",
            Measure::NotConverged,
            AtMost,
            0.0,
        ),
        ("mixed clients < 1", Measure::MixedClients, Below, 1.0),
        (
            "mixed clients less than 1",
            Measure::MixedClients,
            Below,
            1.0,
        ),
        ("mixed client-hours < 10", Measure::MixedHours, Below, 10.0),
        (
            "mixed client-hours ≤ 10 h",
            Measure::MixedHours,
            AtMost,
            10.0,
        ),
        (
            "broken clients under 20",
            Measure::BrokenClients,
            Below,
            20.0,
        ),
        ("restarts asked < 500", Measure::RestartsAsked, Below, 500.0),
        (
            "  aborted   upgrades  <  5  ",
            Measure::AbortedUpgrades,
            Below,
            5.0,
        ),
    ] {
        let said = read(text).unwrap_or_else(|unclear| panic!("{text}: {unclear:?}"));
        let measure = SaidMeasure::Plain(measure);
        assert_eq!(
            said,
            Said {
                measure,
                relation,
                limit
            },
            "{text}"
        );
    }
}

#[test]
fn the_busiest_hour_names_one_server_or_any() {
    let busiest = |text: &str| match read(text).unwrap() {
        Said {
            measure: SaidMeasure::BusiestHour { cap, of_bandwidth },
            limit,
            ..
        } => (cap, of_bandwidth, limit),
        other => panic!("{other:?}"),
    };
    let (cap, of_bandwidth, limit) = busiest("busiest hour of CAP HQ1-CAP1 < 3 GB");
    assert_eq!(cap, Some(("HQ1-CAP1".to_owned(), 20..28)));
    assert_eq!((of_bandwidth, limit), (false, 3e9));
    let (cap, of_bandwidth, limit) = busiest("busiest hour of any CAP <= 80% of its bandwidth");
    assert_eq!((cap, of_bandwidth, limit), (None, true, 0.8));
    let (cap, ..) = busiest("busiest hour of CAP over the hill < 640 KB");
    assert_eq!(cap.unwrap().0, "over the hill");
}

/// A bad text, the part of it that is pointed at, and what is said there.
const BAD: [(&str, &str, &str); 30] = [
    ("", "", "nothing is written here"),
    (
        "< 240",
        "",
        "a measure is missing before this, such as `hours to 95% converged`",
    ),
    (
        "hours to 95% converged",
        "converged",
        "a limit is missing after this, such as `< 100`",
    ),
    (
        "hours to 95% converged <",
        "<",
        "a limit is missing after this",
    ),
    (
        "hours to 95% converged = 240",
        "=",
        "`=` is no limit: write `<=` or `>=`",
    ),
    (
        "hours to 95% converged=240",
        "=",
        "`=` is no limit: write `<=` or `>=`",
    ),
    (
        "hours to 95% converged > 240",
        ">",
        "less is better here: write `<` or `<=`, not `>`",
    ),
    (
        "hours until 95% converged < 240",
        "until",
        "found `until`, expected `to`",
    ),
    (
        "hours to 95 converged < 240",
        "95",
        "found `95`, expected a share such as `95%`",
    ),
    (
        "hours to 0% converged < 240",
        "0%",
        "must be above 0% and up to 100%",
    ),
    (
        "hours to 101% converged < 240",
        "101%",
        "must be above 0% and up to 100%",
    ),
    (
        "hours to 99.999% converged < 240",
        "99.999%",
        "at most two digits after the point",
    ),
    (
        "hours to 95% convergd < 240",
        "convergd",
        "did you mean `converged`?",
    ),
    (
        "hours to 95% < 240",
        "95%",
        "`converged` or `base` or `reported` is missing after this",
    ),
    (
        "hours to 95% converged at EU1 < 240",
        "at EU1",
        "found `at`, expected `<`, `<=`, `>` or `>=`",
    ),
    (
        "hours to 95% converged < 10 weeks",
        "10 weeks",
        "`weeks` is no unit here: write `h` or `days`",
    ),
    (
        "hours to 95% converged < soon",
        "soon",
        "found `soon`, expected a number",
    ),
    ("hours to 95% converged < -3", "-3", "must not be negative"),
    (
        "housr to 95% converged < 240",
        "housr",
        "did you mean `hours to 95% converged`?",
    ),
    (
        "share converged at end < 95%",
        "<",
        "more is better here: write `>` or `>=`, not `<`",
    ),
    ("share converged at end >= 95", "95", "did you mean `95%`?"),
    (
        "share converged at end >= 120%",
        "120%",
        "must be up to 100%",
    ),
    (
        "share converged at end > 100%",
        "100%",
        "nothing is above everybody: write `>= 100%`",
    ),
    ("mixed clients < 0", "0", "nothing is below 0: write `<= 0`"),
    ("mixed clints < 1", "clints", "did you mean `clients`?"),
    (
        "restarts asked < 1,000",
        "1,000",
        "write the number without separators: `1000`",
    ),
    (
        "reboots < 1000",
        "reboots",
        "nothing that is measured begins with `reboots`",
    ),
    (
        "busiest hour of CAP < 3 GB",
        "CAP",
        "the name of a Client Access Point is missing after this",
    ),
    (
        "busiest hour of CAP A < 3",
        "3",
        "the unit is missing: `3 GB`, or `3% of its bandwidth`?",
    ),
    (
        "busiest hour of any CAP < 80%",
        "80%",
        "a share of what? `80% of its bandwidth`",
    ),
];

#[test]
fn what_is_unclear_is_said_at_its_place() {
    for (text, pointed_at, label) in BAD {
        let unclear = read(text).expect_err(text);
        assert_eq!(unclear.label, label, "{text}");
        assert_eq!(&text[unclear.at.clone()], pointed_at, "{text}");
        assert!(!unclear.help.is_empty());
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_or_unclear_within_itself(text in "[<>=≤ a-zß0-9%.,-]{0,40}") {
        if let Err(unclear) = read(&text) {
            proptest::prop_assert!(text.get(unclear.at).is_some());
        }
        let begun = format!("busiest hour of CAP {text}");
        if let Err(unclear) = read(&begun) {
            proptest::prop_assert!(begun.get(unclear.at).is_some());
        }
    }
}
