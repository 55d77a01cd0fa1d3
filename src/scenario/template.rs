//! Templates: many like sites, written once.
//!
//! A template becomes sites, domains and groups of clients as if its author had written them one by one, all with the
//! place of the template. Which site gets what follows from its number alone.

use super::complaint::{Complaint, ReliesOn};
use super::file::{
    AddressFile, CapFile, ClientsFile, DomainFile, ScenarioFile, SiteFile, TemplateFile,
};
use super::notation::{Notation, SiteCode, Subnet};
use super::placed::{Brief, OneOrMany, Placed};
use super::source::Place;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// Most subnets that one template hands out.
const MOST_SUBNETS: usize = 100_000;

/// What stands for the site code in names.
pub const SITE: &str = "{site}";

/// A scenario without templates.
pub struct Expanded {
    /// Sites: those written one by one, then those of templates.
    pub sites: Vec<Placed<SiteFile>>,
    /// Domains, likewise.
    pub domains: Vec<Placed<DomainFile>>,
    /// Groups of clients, likewise.
    pub clients: Vec<Placed<ClientsFile>>,
    /// Site codes by template.
    pub groups: BTreeMap<String, Vec<String>>,
}

/// Turns the templates of a scenario into what they stand for.
pub fn expand(file: &ScenarioFile, complaints: &mut Vec<Complaint>) -> Expanded {
    let mut all = Expanded {
        sites: file.site.clone(),
        domains: file.domain.clone(),
        clients: file.clients.clone(),
        groups: BTreeMap::new(),
    };
    for template in &file.template {
        let name = &template.value.name;
        let Some(codes) = codes(&template.value, complaints) else {
            continue;
        };
        let Some(subnets) = subnets(&template.value, codes.len(), complaints) else {
            continue;
        };
        for (number, code) in codes.iter().enumerate() {
            add_site(
                &mut all,
                template,
                number,
                code,
                subnets[number].clone(),
                complaints,
            );
        }
        if all.groups.insert(name.value.clone(), codes).is_some() {
            let title = format!("there are two templates `{}`", name.value);
            complaints.push(Complaint::new(
                title,
                name.place.clone(),
                "give it a name of its own",
            ));
        }
    }
    all
}

/// The site codes of a template.
fn codes(template: &TemplateFile, complaints: &mut Vec<Complaint>) -> Option<Vec<String>> {
    let place = template.name.place.clone();
    match (&template.code, &template.codes, &template.count) {
        (None, Some(codes), count) => {
            let given = codes.len();
            if let Some(count) = count.as_ref().filter(|count| count.value as usize != given) {
                let label = format!("`codes` has {given}");
                let title = format!("a count of {} does not fit", count.value);
                complaints.push(
                    Complaint::new(title, count.place.clone(), label).help("leave `count` out"),
                );
            }
            Some(codes.iter().map(|code| code.value.0.clone()).collect())
        }
        (Some(pattern), None, Some(count)) => numbered(pattern, count.value, complaints),
        (Some(pattern), None, None) => {
            let title = format!(
                "`{}` says nothing about the number of sites",
                template.name.value
            );
            complaints.push(Complaint::new(
                title,
                pattern.place.clone(),
                "needs `count` as well",
            ));
            None
        }
        (Some(pattern), Some(_), _) => {
            let title = "a template has either `code` or `codes`";
            complaints.push(Complaint::new(
                title,
                pattern.place.clone(),
                "here are both",
            ));
            None
        }
        (None, None, _) => {
            let title = format!("`{}` has no site codes", template.name.value);
            let complaint = Complaint::new(title, place, "needs `code` and `count`, or `codes`");
            complaints.push(complaint.help("`code = \"B##\"` with `count = 40` gives B01 to B40"));
            None
        }
    }
}

/// The codes 1 to `count` of a pattern.
fn numbered(
    pattern: &Placed<String>,
    count: u32,
    complaints: &mut Vec<Complaint>,
) -> Option<Vec<String>> {
    let text = pattern.value.as_str();
    let radix = |c: char| match c {
        '#' => 10,
        '@' => 26,
        _ => 1,
    };
    let capacity = text
        .chars()
        .fold(1_u64, |all, c| all.saturating_mul(radix(c)));
    let last = u64::from(count);
    // Pure letters start at AAA, everything with digits at 1.
    let first = u64::from(text.contains('#'));
    if first + last > capacity {
        let label = format!("has {} codes, {count} are needed", capacity - first);
        let complaint = Complaint::new(
            format!("the pattern `{text}` is too short"),
            pattern.place.clone(),
            label,
        );
        complaints
            .push(complaint.help(
                "turn a letter into `@`, which counts through the alphabet: `@##` has 2,599",
            ));
        return None;
    }
    let codes: Vec<String> = (first..first + last)
        .map(|number| filled(text, number))
        .collect();
    let wrong = codes.first().and_then(|code| SiteCode::read(code).err());
    if let Some(misread) = wrong {
        let complaint = Complaint::new(misread.title, pattern.place.clone(), misread.label);
        complaints.push(complaint.help(misread.help));
        return None;
    }
    Some(codes)
}

/// The pattern with its places filled by the digits of `number`, the last one turning fastest.
fn filled(pattern: &str, mut number: u64) -> String {
    let mut turn = |radix: u64| {
        let digit = (number % radix) as u8;
        number /= radix;
        digit
    };
    let reversed: Vec<char> = pattern
        .chars()
        .rev()
        .map(|c| match c {
            '#' => (b'0' + turn(10)) as char,
            '@' => (b'A' + turn(26)) as char,
            other => other,
        })
        .collect();
    reversed.into_iter().rev().collect()
}

/// The subnets of each site.
fn subnets(
    template: &TemplateFile,
    sites: usize,
    complaints: &mut Vec<Complaint>,
) -> Option<Vec<Vec<Ipv4Addr>>> {
    let each = template.subnets_per_site.unwrap_or(1) as usize;
    let Some(first) = &template.subnets else {
        return Some(vec![Vec::new(); sites]);
    };
    let net = first.value.0;
    if sites * each > MOST_SUBNETS {
        let label = format!("{sites} sites with {each} subnets each");
        let title = format!("more than {MOST_SUBNETS} subnets are not supported");
        complaints.push(Complaint::new(title, first.place.clone(), label));
        return None;
    }
    let size = 1_u64 << (32 - u32::from(net.prefix_len()));
    let begin = u64::from(u32::from(net.network()));
    let subnet = |number: usize| {
        u32::try_from(begin + number as u64 * size)
            .ok()
            .map(Ipv4Addr::from)
    };
    let all: Option<Vec<Ipv4Addr>> = (0..sites * each).map(subnet).collect();
    let Some(all) = all else {
        let title = "there are not enough addresses for all sites";
        let label = format!("{sites} sites with {each} subnets each reach beyond 255.255.255.255");
        complaints.push(Complaint::new(title, first.place.clone(), label));
        return None;
    };
    Some(all.chunks(each).map(<[Ipv4Addr]>::to_vec).collect())
}

/// Adds site number `number` of a template with all that belongs to it.
fn add_site(
    all: &mut Expanded,
    template: &Placed<TemplateFile>,
    number: usize,
    code: &str,
    subnets: Vec<Ipv4Addr>,
    complaints: &mut Vec<Complaint>,
) {
    let name = &template.value.name.place;
    let template = &template.value;
    let domain = in_turn(template.domain.as_ref(), number)
        .map(|domain| Placed::new(with_code(&domain.value, code), domain.place));
    let domain = domain.filter(|domain| join_domain(all, template, domain, code, complaints));
    let boundaries = subnets
        .into_iter()
        .map(|subnet| Placed::new(Subnet(subnet), name.clone()));
    let boundaries: Vec<Placed<Subnet>> = boundaries.collect();
    let site = SiteFile {
        code: Placed::new(SiteCode(code.to_owned()), name.clone()),
        parent: in_turn(template.parent.as_ref(), number),
        kind: template.kind,
        zone: in_turn(template.zone.as_ref(), number).map(|zone| zone.value),
        release: template.release.clone(),
        hotfixes: template.hotfixes.clone(),
        boundaries: Some(boundaries.clone()),
        caps: template
            .caps
            .clone()
            .unwrap_or_else(|| vec![Placed::new(unlimited_cap(), name.clone())]),
        address: address(template, number, name),
        outages: None,
        locks_opened: None,
        installed_from: template.installed_from,
        setup_key_mended: template.setup_key_mended,
        admin_console: template.admin_console,
        sender_threads: template.sender_threads,
        client_settings: template.client_settings.clone(),
    };
    all.sites.push(Placed::new(site, name.clone()));
    for clients in &template.clients {
        let mut group = clients.clone();
        let unnamed = !group.value.name.value.contains(SITE);
        let suffix = if unnamed {
            format!("-{code}")
        } else {
            String::new()
        };
        group.value.name.value = with_code(&group.value.name.value, code) + &suffix;
        if group.value.boundary.is_none() && group.value.adapters.is_none() {
            group.value.boundary = Some(OneOrMany(boundaries.clone()));
        }
        group.value.domain = match group.value.domain.take() {
            Some(own) => Some(Placed::new(with_code(&own.value, code), own.place)),
            None => domain.clone(),
        };
        all.clients.push(group);
    }
}

/// Makes a site take part in a domain, which is added if the template says how many controllers it has; false if
/// there is no such domain.
fn join_domain(
    all: &mut Expanded,
    template: &TemplateFile,
    domain: &Placed<String>,
    code: &str,
    complaints: &mut Vec<Complaint>,
) -> bool {
    let participant = Placed::new(Brief::Short(code.to_owned()), domain.place.clone());
    let known = all
        .domains
        .iter_mut()
        .find(|known| known.value.name.value == domain.value);
    match known {
        Some(known) => {
            let named = [code, template.name.value.as_str()];
            let takes_part = known.value.sites.iter().any(|site| match &site.value {
                Brief::Short(name) => named.contains(&name.as_str()),
                Brief::Full(full) => named.contains(&full.site.value.as_str()),
            });
            if !takes_part {
                known.value.sites.push(participant);
            }
        }
        None if template.controllers.is_some() => {
            let fresh = DomainFile {
                name: domain.clone(),
                controllers: template.controllers,
                sites: vec![participant],
                senior: None,
                senior_until: None,
                pdc_unfit: None,
                outages: None,
                copylog_pin: None,
                copylog_damage: None,
                lsm_interval: None,
                link: None,
                controller_bandwidth: None,
                logon_script: None,
            };
            all.domains.push(Placed::new(fresh, domain.place.clone()));
        }
        None => {
            let title = format!("there is no domain `{}`", domain.value);
            let complaint = Complaint::new(title, domain.place.clone(), "not defined");
            let help = "add a `[[domain]]` of this name, or say here how many `controllers` it has";
            complaints.push(complaint.help(help).relying_on(ReliesOn::Domains));
            return false;
        }
    }
    true
}

/// The address of site number `number`.
fn address(template: &TemplateFile, number: usize, place: &Place) -> Option<Placed<AddressFile>> {
    let bandwidths = template.address_bandwidths.as_deref().unwrap_or_default();
    let Some(bandwidth) = bandwidths.get(number % bandwidths.len().max(1)) else {
        return template.address.clone();
    };
    let silent = AddressFile {
        bandwidth: None,
        hourly_limit: None,
        windows: None,
    };
    let mut address = template
        .address
        .clone()
        .unwrap_or_else(|| Placed::new(silent, place.clone()));
    address.value.bandwidth = Some(bandwidth.clone());
    Some(address)
}

fn unlimited_cap() -> CapFile {
    CapFile {
        name: None,
        bandwidth: None,
        connections: None,
        link: None,
        outages: None,
        stale_locks: None,
        added: None,
        removed: None,
    }
}

/// Whose turn it is in a list.
fn in_turn<T: Clone>(list: Option<&OneOrMany<T>>, number: usize) -> Option<Placed<T>> {
    let list = &list?.0;
    list.get(number % list.len().max(1)).cloned()
}

/// A name with the site code in its place.
pub fn with_code(name: &str, code: &str) -> String {
    name.replace(SITE, code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_count_like_an_odometer() {
        let codes = |pattern: &str, count| {
            let mut complaints = Vec::new();
            numbered(
                &Placed::new(pattern.to_owned(), 0..0),
                count,
                &mut complaints,
            )
            .ok_or(complaints)
        };
        assert_eq!(codes("B##", 3).unwrap(), ["B01", "B02", "B03"]);
        let many = codes("@##", 200).unwrap();
        assert_eq!(
            (many[98].as_str(), many[99].as_str(), many[199].as_str()),
            ("A99", "B00", "C00")
        );
        assert_eq!(codes("@@@", 27).unwrap()[26], "ABA");
        assert_eq!(
            codes("B##", 100).unwrap_err()[0].title,
            "the pattern `B##` is too short"
        );
        assert!(codes("b#", 3).is_err());
    }
}
