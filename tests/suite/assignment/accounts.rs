//! Connection accounts whose password changes.

use super::{decided, run, scenario, twenty};
use smsim::sms::Reason;

/// HQ1's account changes its password on the first Tuesday evening.
fn changed(text: &str, more: &str) -> String {
    let change = format!("[{{ at = 2000-06-20 20:00:00{more} }}]");
    text.replace(
        "caps = [{ name = \"HQ1-CAP1\" }]",
        &format!(
            "caps = [{{ name = \"HQ1-CAP1\" }}]\nclient_settings = {{ account_changes = {change} }}"
        ),
    )
}

#[test]
fn f34_clients_that_run_no_logon_script_keep_trying_with_the_old_password() {
    let clients = twenty("").replace("domain = \"CORP\"", "domain = \"none\"");
    let (_, stale) = run(&changed(&scenario("SP2", &clients), ""), &[]);
    let refused = decided(&stale, Reason::AccountStale);
    assert!(refused >= 20 * 8 * 8, "every hour of the day: {refused}");
    let overlap = changed(&scenario("SP2", &clients), ", overlap = \"3 days\"");
    let (_, well) = run(&overlap, &[]);
    assert_eq!(decided(&well, Reason::AccountStale), 0, "L22");
}

#[test]
fn f34_the_logon_script_brings_the_new_password_and_windows_9x_never_misses_it() {
    let (_, scripted) = run(&changed(&scenario("SP2", &twenty("")), ""), &[]);
    assert_eq!(
        decided(&scripted, Reason::AccountStale),
        20,
        "once, at power-on, before the logon"
    );
    assert_eq!(decided(&scripted, Reason::OrphanReseeded), 20, "B17");
    let win9x = twenty("platform = \"9x\"");
    let (_, win9x) = run(&changed(&scenario("SP2", &win9x), ""), &[]);
    assert_eq!(decided(&win9x, Reason::AccountStale), 0);
}

#[test]
fn f34_a_locked_account_keeps_everybody_out() {
    let locked = changed(&scenario("SP2", &twenty("")), ", locked_out = \"2 days\"");
    let (_, locked) = run(&locked, &[]);
    let out = decided(&locked, Reason::AccountLocked);
    assert!(out >= 20 * 8, "hour by hour for two days: {out}");
}
