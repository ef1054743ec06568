//! The registry as readers see it: immutable, indexed, shared by reference. Built after every change.

use std::sync::Arc;

use hashbrown::HashMap;
use jiff::Timestamp;

use super::imports::{ImportKind, ImportRecord};
use super::record::{Book, FunnelRecord, GoalRecord, Role, Scope, ShareRecord, SiteRecord, User};
use super::token::{ByDigest, Digest};
use crate::model::{
    CrossingChoice, Day, Dialect, Dimension, Funnel, Goal, ImportedDays, PagePattern, Site, SiteId, Wanted,
};

/// What a bearer key may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The key's id, for the audit list; no secret.
    pub key: String,
    /// What for.
    pub scope: Scope,
    /// The only site it is good for; `None` would be every site (no key has that today).
    pub site: Option<SiteId>,
}

/// The registry at one moment.
#[derive(Debug)]
pub struct Snapshot {
    book: Book,
    sites: HashMap<String, Arc<Site>>,
    keys: ByDigest<Grant>,
    /// When this was built: keys that were over by then are not in it.
    at: Timestamp,
    /// Places in the book.
    shares: ByDigest<usize>,
    accepting: HashMap<Dialect, HashMap<String, Arc<Site>>>,
    domains: HashMap<String, Arc<Site>>,
}

impl Snapshot {
    /// Indexes `book` as it is at that time; the error says what in it does not hold.
    pub(super) fn build(book: Book, at: Timestamp) -> Result<Self, String> {
        let mut sites = HashMap::with_capacity(book.sites.len());
        let mut accepting: HashMap<Dialect, HashMap<String, Arc<Site>>> = HashMap::new();
        let mut domains = HashMap::new();
        for record in &book.sites {
            let site = Arc::new(site(record)?);
            for (dialect, token) in record.accept.iter().filter_map(|text| text.split_once(':')) {
                let Some(dialect) = Dialect::of(dialect) else { continue };
                accepting.entry(dialect).or_default().entry(token.to_owned()).or_insert_with(|| site.clone());
            }
            for domain in &record.domains {
                domains.entry(domain.clone()).or_insert_with(|| site.clone());
            }
            sites.insert(record.id.clone(), site);
        }
        let live = book.keys.iter().filter(|key| key.works_at(at));
        let keys = ByDigest::new(live.filter_map(|key| {
            let site = Some(key.site.parse().ok()?);
            let scope = key.scope;
            Some((key.token, Grant { key: key.id.clone(), scope, site }))
        }));
        let shares = ByDigest::new(book.shares.iter().enumerate().map(|(at, share)| (share.token, at)));
        Ok(Self { book, sites, keys, at, shares, accepting, domains })
    }

    /// The site events of `id` are counted for.
    pub fn site(&self, id: &str) -> Option<&Arc<Site>> {
        self.sites.get(id)
    }

    /// The site that accepts a token of another product's client, or else the one of that id.
    pub fn accepting(&self, dialect: Dialect, token: &str) -> Option<&Arc<Site>> {
        self.accepting.get(&dialect).and_then(|tokens| tokens.get(token)).or_else(|| self.site(token))
    }

    /// The site of a host (lower case, no port): the one that names it, or else the nearest domain above it.
    pub fn site_of_host(&self, host: &str) -> Option<&Arc<Site>> {
        let mut rest = Some(host);
        while let Some(name) = rest {
            if let Some(site) = self.domains.get(name) {
                return Some(site);
            }
            rest = name.split_once('.').map(|(_, above)| above);
        }
        None
    }

    /// Every site, in no order.
    pub fn sites(&self) -> impl Iterator<Item = &Arc<Site>> {
        self.sites.values()
    }

    /// Whether a key has ended by itself since this was built.
    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        self.book.keys.iter().any(|key| key.works_at(self.at) && !key.works_at(now))
    }

    /// How many keys may be used.
    pub fn working_keys(&self) -> usize {
        self.book.keys.iter().filter(|key| key.works_at(self.at)).count()
    }

    /// What the bearer of this key may do; `None` when it is unknown, over or revoked.
    pub fn grant_of_key(&self, bearer: &str) -> Option<Grant> {
        self.keys.get(bearer).cloned()
    }

    /// The shared link of this token.
    pub(super) fn share_of_token(&self, token: &str) -> Option<&ShareRecord> {
        self.shares.get(token).and_then(|at| self.book.shares.get(*at))
    }

    /// Whether a site shows its numbers to everybody who has a link, without a password.
    pub fn is_public(&self, site: &str) -> bool {
        self.book.shares.iter().any(|share| share.site == site && share.password.is_none())
    }

    /// PHC string of the password of a shared link, when there is such a link and it has one.
    pub fn share_password(&self, id: &str) -> Option<String> {
        self.book.shares.iter().find(|share| share.id == id)?.password.clone()
    }

    /// What a user may do with a site; `None` when nothing, or when either does not exist.
    pub fn role(&self, user: &str, site: &str) -> Option<Role> {
        let user = self.user(user)?;
        self.sites.get(site)?;
        if user.owner {
            return Some(Role::Owner);
        }
        user.roles.get(site).copied()
    }

    /// The record of a site.
    pub fn record(&self, site: &str) -> Option<&SiteRecord> {
        self.book.sites.iter().find(|record| record.id == site)
    }

    /// A user.
    pub fn user(&self, name: &str) -> Option<&User> {
        self.book.users.iter().find(|user| user.name == name)
    }

    /// Whose password the one-time link of this token sets, if it still works at `now`.
    pub fn user_of_link(&self, token: &str, now: Timestamp) -> Option<&str> {
        let digest = Digest::of(token);
        let link = self.book.links.iter().find(|link| link.token == digest && link.expires_at > now)?;
        Some(&link.user)
    }

    /// The records, for lists.
    pub fn book(&self) -> &Book {
        &self.book
    }

    /// Whether somebody can sign in as owner of all sites.
    pub fn has_owner(&self) -> bool {
        self.book.users.iter().any(|user| user.owner && user.password.is_some())
    }
}

fn site(record: &SiteRecord) -> Result<Site, String> {
    let SiteRecord { id, timezone, .. } = record;
    let zone = jiff::tz::TimeZone::get(timezone);
    let boxed = |texts: &[String]| texts.iter().map(|text| text.as_str().into()).collect();
    let known = id.parse().map_err(|error| format!("site {id}: {error}"))?;
    let zone = zone.map_err(|_| format!("site {id}: time zone {timezone} is not known on this machine (tzdata)"))?;
    Ok(Site {
        domains: record.domains.clone(),
        min_visitors: record.min_visitors,
        strict: record.strict,
        retention_months: record.retention_months,
        crossings: record.crossings.as_deref().map_or(CrossingChoice::All, chosen),
        filter_properties: boxed(&record.filter_properties),
        numbers: boxed(&record.numbers),
        excluded_paths: record.excluded_paths.iter().map(|text| PagePattern(text.as_str().into())).collect(),
        goals: record.goals.iter().filter_map(goal).collect(),
        funnels: record.funnels.iter().map(funnel).collect(),
        imported: record.imports.iter().filter_map(imported).collect(),
        ..Site::new(known, zone)
    })
}

fn chosen(codes: &[String]) -> CrossingChoice {
    let known = Dimension::ALL.into_iter().filter(|dimension| dimension.filterable());
    CrossingChoice::Of(known.filter(|dimension| codes.iter().any(|code| code == dimension.code())).collect())
}

fn goal(record: &GoalRecord) -> Option<Goal> {
    let wanted = match (&record.page, &record.event) {
        (Some(page), _) => Wanted::Page(PagePattern(page.as_str().into())),
        (None, Some(name)) => {
            Wanted::Feature { name: name.as_str().into(), property: record.property.as_deref().map(Into::into) }
        }
        (None, None) => return None,
    };
    Some(Goal { name: record.name.as_str().into(), wanted })
}

fn imported(record: &ImportRecord) -> Option<ImportedDays> {
    let (from, to) = record.days?;
    Some(ImportedDays {
        format: record.format.as_str().into(),
        are_totals: record.kind == ImportKind::Totals,
        from: Day::from_date(from)?,
        to: Day::from_date(to)?,
    })
}

fn funnel(record: &FunnelRecord) -> Funnel {
    let steps = record.steps.iter().map(|step| step.as_str().into()).collect();
    Funnel { id: record.id.as_str().into(), name: record.name.as_str().into(), steps }
}
