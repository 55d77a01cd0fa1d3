//! The shipped scenarios load.

use std::path::Path;

fn shipped(name: &str) -> smsim::scenario::Loaded {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios")
        .join(name);
    let loaded = smsim::scenario::load(&path, &[], None, None);
    loaded.unwrap_or_else(|complaints| panic!("{complaints}"))
}

#[test]
fn quickstart_is_what_it_says() {
    let loaded = shipped("quickstart.toml");
    let plan = &loaded.plan;
    assert_eq!(
        (plan.sites.len(), plan.domains.len(), plan.clients()),
        (2, 1, 1_040)
    );
    assert_eq!(plan.contents[plan.target.index()].name, "SP2");
    assert_eq!((plan.seed, plan.replications), (7, 20));
}
