//! What results are broken down by: places where clients are, and servers.

use crate::plan::{CapId, LogonPointId, Plan, SiteId};

/// Where clients are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the boundaries of a site.
    Site(SiteId),
    /// In no site's boundaries.
    NoSite,
    /// Anywhere.
    Fleet,
}

impl Place {
    /// Every place of a plan: its sites, then [`Place::NoSite`], then [`Place::Fleet`].
    pub fn all(plan: &Plan) -> impl Iterator<Item = Place> + use<> {
        let sites = (0..plan.sites.len() as u16).map(|site| Place::Site(SiteId(site)));
        sites.chain([Place::NoSite, Place::Fleet])
    }

    /// Position in [`Place::all`].
    #[must_use]
    pub fn index(self, plan: &Plan) -> usize {
        match self {
            Place::Site(site) => site.index(),
            Place::NoSite => plan.sites.len(),
            Place::Fleet => plan.sites.len() + 1,
        }
    }

    /// As written in results: the site's code, `(none)` or `*`.
    #[must_use]
    pub fn name(self, plan: &Plan) -> &str {
        match self {
            Place::Site(site) => &plan.sites[site.index()].code,
            Place::NoSite => "(none)",
            Place::Fleet => "*",
        }
    }

    /// Position of its time zone in the plan; the scenario's own where there is no site.
    #[must_use]
    pub fn zone(self, plan: &Plan) -> usize {
        match self {
            Place::Site(site) => plan.sites[site.index()].zone.index(),
            Place::NoSite | Place::Fleet => 0,
        }
    }
}

/// Whatever moves bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    /// A Client Access Point.
    Cap(CapId),
    /// A logon point.
    LogonPoint(LogonPointId),
    /// The address by which a parent sends to this site.
    Address(SiteId),
}

impl Server {
    /// Every server of a plan: Client Access Points, logon points, then addresses.
    pub fn all(plan: &Plan) -> impl Iterator<Item = Server> + '_ {
        let caps = (0..plan.caps.len() as u16).map(|cap| Server::Cap(CapId(cap)));
        let points = 0..plan.logon_points.len() as u16;
        let points = points.map(|point| Server::LogonPoint(LogonPointId(point)));
        let children = (0..plan.sites.len() as u16).map(SiteId);
        let children = children.filter(|child| plan.sites[child.index()].parent.is_some());
        caps.chain(points).chain(children.map(Server::Address))
    }

    /// As written in results.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Server::Cap(_) => "client access point",
            Server::LogonPoint(_) => "logon point",
            Server::Address(_) => "address",
        }
    }

    /// As written in results: the server's name; an address is called by both sites.
    #[must_use]
    pub fn name(self, plan: &Plan) -> String {
        match self {
            Server::Cap(cap) => plan.caps[cap.index()].name.clone(),
            Server::LogonPoint(point) => plan.logon_points[point.index()].name.clone(),
            Server::Address(child) => {
                let site = &plan.sites[child.index()];
                let parent = site.parent.map_or("", |it| &plan.sites[it.index()].code);
                format!("{parent} to {}", site.code)
            }
        }
    }

    /// The site or domain it belongs to; of an address, the site that receives.
    #[must_use]
    pub fn belongs_to(self, plan: &Plan) -> &str {
        match self {
            Server::Cap(cap) => &plan.sites[plan.caps[cap.index()].site.index()].code,
            Server::LogonPoint(point) => {
                &plan.domains[plan.logon_points[point.index()].domain.index()].name
            }
            Server::Address(child) => &plan.sites[child.index()].code,
        }
    }

    /// What its users share [bit/s]; `None`: it never slows anybody.
    #[must_use]
    pub fn bandwidth_bps(self, plan: &Plan) -> Option<u64> {
        match self {
            Server::Cap(cap) => plan.caps[cap.index()].bandwidth_bps,
            Server::LogonPoint(point) => plan.logon_points[point.index()].bandwidth_bps,
            Server::Address(child) => Some(plan.sites[child.index()].address.bandwidth_bps),
        }
    }

    /// Most transfers at a time; `None`: no limit, as everywhere but at Client Access Points.
    #[must_use]
    pub fn connections(self, plan: &Plan) -> Option<u32> {
        match self {
            Server::Cap(cap) => plan.caps[cap.index()].connections,
            Server::LogonPoint(_) | Server::Address(_) => None,
        }
    }

    /// Position of its time zone in the plan. A domain has no zone and takes the scenario's; an address follows the
    /// sending site, whose hours limit it.
    #[must_use]
    pub fn zone(self, plan: &Plan) -> usize {
        match self {
            Server::Cap(cap) => plan.sites[plan.caps[cap.index()].site.index()].zone.index(),
            Server::LogonPoint(_) => 0,
            Server::Address(child) => {
                let parent = plan.sites[child.index()].parent.unwrap_or(child);
                plan.sites[parent.index()].zone.index()
            }
        }
    }
}
