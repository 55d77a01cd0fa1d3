//! Inventories written in a test.

use super::*;

static BOUNDARIES: BTreeMap<String, Vec<Ipv4Addr>> = BTreeMap::new();

fn how<'a>(map: Map, boundaries: &'a BTreeMap<String, Vec<Ipv4Addr>>) -> How<'a> {
    How {
        file: "pcs.csv",
        named_at: &(0..0),
        map,
        skip: false,
        seen_after: None,
        fallback: None,
        boundaries,
    }
}

fn read_text(text: &str) -> (Vec<Kind>, Vec<Complaint>) {
    let (inventory, complaints) = read(text, 0, &how(None, &BOUNDARIES));
    (inventory.kinds, complaints)
}

fn map(names: &[(&'static str, &str)]) -> Map {
    let placed = |name: &str| crate::scenario::placed::Placed::new(name.to_owned(), 7..9);
    Some(
        names
            .iter()
            .map(|(ours, theirs)| (*ours, placed(theirs)))
            .collect(),
    )
}

/// As a console exports it: names of its own, dates, and columns that say nothing to us.
#[test]
fn a_column_map_reads_what_a_console_exports() {
    let text = "Name0;IP_Subnets0;Operating_System0;Client_Version0;Site;Seen;Owner\n\
                PC1;10.1.0.0;Microsoft Windows NT Workstation 4.0;2.00.1380.1000;HQ1;6/1/2000 9:00 AM;x\n\
                PC2;;Microsoft Windows 98;;HQ1;6/2/2000 9:00 AM;y\n\
                PC3;10.1.0.0;Windows NT;2.00.1380.1000;HQ1;1/2/1999 9:00 AM;z\n";
    let names = [
        ("name", "name0"),
        ("subnet", "IP_Subnets0"),
        ("operating_system", "Operating_System0"),
        ("client_version", "Client_Version0"),
        ("site", "Site"),
        ("last_seen", "Seen"),
    ];
    let boundaries = BTreeMap::from([("HQ1".to_owned(), vec![Ipv4Addr::new(10, 1, 9, 0)])]);
    let how = How {
        seen_after: Some(jiff::civil::date(2000, 1, 1)),
        ..how(map(&names), &boundaries)
    };
    let (inventory, complaints) = read(text, 0, &how);
    assert_eq!(complaints, []);
    assert_eq!(inventory.ignored, ["Owner"]);
    let [one, two] = inventory.kinds.as_slice() else {
        panic!("{:?}", inventory.kinds);
    };
    assert_eq!(
        (one.value("platform"), one.value("installed")),
        (Some("nt"), Some("2.00.1380.1000"))
    );
    assert_eq!(
        (two.value("platform"), two.value("installed")),
        (Some("9x"), None)
    );
    assert_eq!(two.subnets, [Ipv4Addr::new(10, 1, 9, 0)]);
    let [stale] = inventory.left_out.as_slice() else {
        panic!("{:?}", inventory.left_out);
    };
    assert_eq!(
        (stale.line, stale.client.as_str(), stale.reason.as_str()),
        (4, "PC3", "not seen for long")
    );
}

#[test]
fn a_map_that_does_not_fit_is_told_where_it_stands() {
    let (_, complaints) = read(
        "Name0,Subnet0\nPC1,10.1.0.0\n",
        100,
        &how(map(&[("name", "Nam0")]), &BOUNDARIES),
    );
    assert_eq!(complaints[0].title, "the inventory has no column `Nam0`");
    assert_eq!(
        complaints[0].at,
        Some((7..9, "did you mean `Name0`?".to_owned()))
    );
}

#[test]
fn bad_rows_are_left_out_where_that_is_wanted_and_each_is_told() {
    let text = "name,subnet,link\nPC1,10.1.0.0,\nPC2,10.1.0.3,\nPC1,10.1.0.0,\n,10.1.0.0,\nPC5\nPC6,,\nPC7,10.1.0.0,fast\n\nPC8,\"10.1.0.0\",\n";
    let skipping = How {
        skip: true,
        ..how(map(&[]), &BOUNDARIES)
    };
    let (inventory, complaints) = read(text, 0, &skipping);
    assert_eq!(complaints, []);
    assert_eq!(inventory.kinds[0].names.len(), 2);
    let told: Vec<(u64, &str, &str)> = inventory
        .left_out
        .iter()
        .map(|it| (it.line, it.client.as_str(), it.reason.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (3, "PC2", "column subnet cannot be read"),
            (4, "PC1", "name used twice"),
            (5, "", "no name"),
            (6, "", "row does not fit the header"),
            (7, "PC6", "no subnet"),
            (8, "PC7", "column link cannot be read"),
        ]
    );
    assert!(inventory.left_out[0].detail.contains("10.1.0.3"));
    let refusing = How {
        skip: false,
        ..skipping
    };
    assert_eq!(read(text, 0, &refusing).1.len(), 6);
    let (_, complaints) = read(
        "name,subnet\nPC1,here\n",
        0,
        &How {
            skip: true,
            ..refusing
        },
    );
    assert_eq!(complaints[0].title, "this inventory lists no clients");
}

#[test]
fn rows_that_say_the_same_are_one_kind() {
    let text = "name,subnet,platform\nPC1,10.1.0.0,nt\nPC2,10.1.0.0,9x\nPC3,10.1.0.0,nt\n";
    let (kinds, complaints) = read_text(text);
    assert_eq!(complaints, []);
    let names: Vec<Vec<&str>> = kinds
        .iter()
        .map(|kind| kind.names.iter().map(|name| &**name).collect())
        .collect();
    assert_eq!(names, [vec!["PC1", "PC3"], vec!["PC2"]]);
    assert_eq!(kinds[1].value("platform"), Some("9x"));
    assert_eq!(kinds[0].value("domain"), None);
}

#[test]
fn a_bad_cell_is_pointed_at() {
    let text = "name,subnet,link\nPC1, 10.1.0.3 ,10 Mbit/s\nPC1,10.1.0.0,fast\n";
    let (_, complaints) = read_text(text);
    let places: Vec<&str> = complaints
        .iter()
        .filter_map(|c| c.at.as_ref())
        .map(|(place, _)| &text[place.clone()])
        .collect();
    assert_eq!(places, ["10.1.0.3", "fast", "PC1,10.1.0.0,fast"]);
}

#[test]
fn many_bad_rows_are_counted_not_listed() {
    let rows: String = (0..50).map(|n| format!("PC{n},nowhere\n")).collect();
    let (_, complaints) = read_text(&format!("name,subnet\n{rows}"));
    assert_eq!(complaints.len(), SHOWN + 1);
    assert_eq!(
        complaints[SHOWN].title,
        "this inventory has 30 more mistakes"
    );
}

#[test]
fn spreadsheets_of_other_countries_are_read_as_well() {
    let text =
        "\u{feff}name;subnet;link\r\nPC1;10.1.0.0;\"1.5 Mbit/s\"\r\nPC2;10.1.0.3;10 Mbit/s\r\n";
    let (kinds, complaints) = read_text(text);
    assert_eq!(kinds[0].value("link"), Some("1.5 Mbit/s"));
    let (place, _) = complaints[0].at.clone().unwrap();
    assert_eq!(&text[place], "10.1.0.3");
}

#[test]
fn headers_are_checked_first() {
    let (_, complaints) = read_text("nmae,subnet\nPC1,10.1.0.0\n");
    assert_eq!(complaints[0].at.as_ref().unwrap().1, "did you mean `name`?");
    let (_, complaints) = read_text("subnet\n10.1.0.0\n");
    assert_eq!(complaints[0].title, "the column `name` is missing");
    let (_, complaints) = read_text("name,subnet\n");
    assert_eq!(complaints[0].title, "this inventory lists no clients");
}
