//! Changes to the registry, made on a copy under the lock: sites here, users, links and keys in `people`.
//! Every rule about what the registry may hold is in these two files, in `settings`, `goals` and `shares`. Writes nothing
//! itself.

use jiff::Timestamp;

use super::audit::AuditLine;
use super::record::{Book, ErasureRecord, SiteRecord};
use super::settings::{self, Settings};
use super::{Refusal, token};
use crate::model::{Dialect, SiteId, TRACKED_PROPERTIES};

/// k unless said otherwise.
pub const MIN_VISITORS: u32 = 5;

/// What to make of a site; `None` keeps what is there (the default for a new site).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SiteChange {
    /// Accepted hosts. Empty: every host.
    pub domains: Option<Vec<String>>,
    /// IANA name of the time zone.
    pub timezone: Option<String>,
    /// k.
    pub min_visitors: Option<u32>,
    /// `DIALECT:TOKEN` list.
    pub accept: Option<Vec<String>>,
    /// Whether k applies to every dimension.
    pub strict: Option<bool>,
    /// Months that sealed days are kept.
    pub retention_months: Option<u16>,
    /// Codes of the dimensions reports can be filtered by; the inner `None`: all of them.
    pub crossings: Option<Option<Vec<String>>>,
    /// Property keys that reports can be filtered by.
    pub filter_properties: Option<Vec<String>>,
    /// Numeric property keys of which the distribution is kept.
    pub numbers: Option<Vec<String>>,
    /// Patterns of pages that are not counted.
    pub excluded_paths: Option<Vec<String>>,
}

/// A copy of the registry that is being changed.
#[derive(Debug)]
pub struct Draft {
    pub(super) book: Book,
    pub(super) now: Timestamp,
    pub(super) notes: Vec<AuditLine>,
    who: String,
}

impl Draft {
    pub(super) fn new(book: Book, now: Timestamp, who: &str) -> Self {
        Self { book, now, notes: Vec::new(), who: who.to_owned() }
    }

    /// Notes a change that is about no single site.
    pub(super) fn note(&mut self, what: &str, about: &str, detail: impl Into<String>) {
        self.note_of(None, what, about, detail.into());
    }

    /// Notes a change of a site, or of something it has.
    pub(super) fn note_site(&mut self, what: &str, site: &str, detail: impl Into<String>) {
        self.note_of(Some(site), what, site, detail.into());
    }

    /// Notes a change of `about`, which belongs to a site or to none.
    pub(super) fn note_of(&mut self, site: Option<&str>, what: &str, about: &str, detail: String) {
        self.notes.push(AuditLine {
            at: self.now,
            who: self.who.clone(),
            what: what.to_owned(),
            about: about.to_owned(),
            site: site.map(str::to_owned),
            detail,
        });
    }

    /// Adds a site. Without domains, an id that is a host name accepts that host and its subdomains; any other id
    /// accepts every host.
    ///
    /// # Errors
    /// [`Refusal`] when the id is taken or a value is not allowed.
    pub fn add_site(&mut self, id: &str, mut change: SiteChange) -> Result<(), Refusal> {
        let parsed: SiteId = id.parse().map_err(|_| Refusal::BadSiteId(id.to_owned()))?;
        if self.book.sites.iter().any(|site| site.id == id) {
            return Err(Refusal::SiteExists(id.to_owned()));
        }
        if self.book.erasures.iter().any(|erasure| erasure.site == id) {
            return Err(Refusal::SiteBeingErased(id.to_owned()));
        }
        if change.domains.is_none() && is_public_host(id) {
            change.domains = Some(vec![id.to_ascii_lowercase()]);
        }
        let mut site = SiteRecord {
            id: parsed.to_string(),
            domains: Vec::new(),
            timezone: "UTC".to_owned(),
            min_visitors: MIN_VISITORS,
            accept: Vec::new(),
            strict: false,
            retention_months: crate::model::RETENTION_MONTHS,
            crossings: None,
            filter_properties: TRACKED_PROPERTIES.map(str::to_owned).to_vec(),
            numbers: Vec::new(),
            excluded_paths: Vec::new(),
            goals: Vec::new(),
            funnels: Vec::new(),
            annotations: Vec::new(),
            imports: Vec::new(),
            created_at: self.now,
        };
        self.apply(&mut site, change)?;
        self.note_site("site_added", id, describe(&site));
        self.book.sites.push(site);
        self.book.sites.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(())
    }

    /// Changes a site.
    ///
    /// # Errors
    /// [`Refusal`] when there is no such site or a value is not allowed.
    pub fn edit_site(&mut self, id: &str, change: SiteChange) -> Result<(), Refusal> {
        let position = self.site_position(id)?;
        let mut site = self.book.sites[position].clone();
        self.apply(&mut site, change)?;
        if site != self.book.sites[position] {
            self.note_site("site_edited", id, describe(&site));
            self.book.sites[position] = site;
        }
        Ok(())
    }

    /// Removes a site, its keys and the rights users have on it, and notes that what it counted has to be erased. May be
    /// repeated until that is done.
    ///
    /// # Errors
    /// [`Refusal::NoSite`].
    pub fn remove_site(&mut self, id: &str) -> Result<(), Refusal> {
        if self.book.erasures.iter().any(|erasure| erasure.site == id) {
            return Ok(());
        }
        let position = self.site_position(id)?;
        self.book.sites.remove(position);
        self.book.erasures.push(ErasureRecord { site: id.to_owned(), removed_at: self.now });
        self.book.keys.retain(|key| key.site != id);
        self.book.shares.retain(|share| share.site != id);
        for user in &mut self.book.users {
            user.roles.remove(id);
        }
        self.note_site("site_removed", id, "with its keys, links and rights");
        Ok(())
    }

    /// Notes that what a removed site counted is erased.
    pub fn site_erased(&mut self, id: &str) {
        let before = self.book.erasures.len();
        self.book.erasures.retain(|erasure| erasure.site != id);
        if self.book.erasures.len() < before {
            self.note_site("site_erased", id, "with everything it counted");
        }
    }

    pub(super) fn site_position(&self, id: &str) -> Result<usize, Refusal> {
        let found = self.book.sites.iter().position(|site| site.id == id);
        found.ok_or_else(|| Refusal::NoSite(id.to_owned()))
    }

    fn apply(&self, site: &mut SiteRecord, change: SiteChange) -> Result<(), Refusal> {
        if let Some(domains) = change.domains {
            site.domains = distinct(domains.iter().map(|text| domain(text)).collect::<Result<_, _>>()?);
        }
        if let Some(zone) = change.timezone {
            site.timezone = timezone(&zone)?;
        }
        if let Some(k) = change.min_visitors {
            site.min_visitors = min_visitors(k)?;
        }
        if let Some(accept) = change.accept {
            for token in &accept {
                self.check_accept(&site.id, token)?;
            }
            site.accept = distinct(accept);
        }
        settings::apply(
            site,
            Settings {
                strict: change.strict,
                retention_months: change.retention_months,
                crossings: change.crossings,
                filter_properties: change.filter_properties,
                numbers: change.numbers,
                excluded_paths: change.excluded_paths,
            },
        )
    }

    fn check_accept(&self, id: &str, text: &str) -> Result<(), Refusal> {
        if !is_accept(text) {
            return Err(Refusal::BadAccept(text.to_owned()));
        }
        let holder = self.book.sites.iter().find(|site| site.id != id && site.accept.iter().any(|had| had == text));
        holder.map_or(Ok(()), |site| Err(Refusal::AcceptTaken { token: text.to_owned(), site: site.id.clone() }))
    }

    pub(super) fn fresh_epoch(&self) -> Result<u64, super::RegistryError> {
        token::random().map(u64::from_le_bytes)
    }
}

fn describe(site: &SiteRecord) -> String {
    let list = |items: &[String], none: &str| {
        if items.is_empty() { none.to_owned() } else { items.join(" ") }
    };
    let (domains, accept) = (list(&site.domains, "every host"), list(&site.accept, "nothing"));
    let (zone, k) = (&site.timezone, site.min_visitors);
    let rest = settings::describe(site);
    format!("domains: {domains}; time zone: {zone}; minimum: {k} visitors; accepts: {accept}{rest}")
}

pub(super) fn distinct(items: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::with_capacity(items.len());
    for item in items {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    kept
}

fn domain(text: &str) -> Result<String, Refusal> {
    let lower = text.trim_end_matches('.').to_ascii_lowercase();
    if is_host(&lower) { Ok(lower) } else { Err(Refusal::BadDomain(text.to_owned())) }
}

fn timezone(text: &str) -> Result<String, Refusal> {
    let known = jiff::tz::TimeZone::get(text).map_err(|_| Refusal::BadTimezone(text.to_owned()))?;
    Ok(known.iana_name().unwrap_or(text).to_owned())
}

fn min_visitors(k: u32) -> Result<u32, Refusal> {
    if (1..=1_000_000).contains(&k) { Ok(k) } else { Err(Refusal::BadMinVisitors(k)) }
}

fn is_accept(text: &str) -> bool {
    let Some((dialect, token)) = text.split_once(':') else {
        return false;
    };
    Dialect::of(dialect).is_some()
        && !token.is_empty()
        && text.len() <= 200
        && !token.contains(|c: char| c.is_control() || c.is_whitespace())
}

/// RFC 1123: labels of 1 to 63 letters, digits and inner dashes; at most 253 bytes.
fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        let known = label.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-');
        known && (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(label)
}

/// A host name with a dot whose last label is no number: `example.org`, not `app` or `1.2`.
fn is_public_host(text: &str) -> bool {
    let last = text.rsplit_once('.').map(|(_, last)| last);
    is_host(text) && last.is_some_and(|last| last.bytes().any(|c| c.is_ascii_alphabetic()))
}

#[cfg(test)]
#[path = "draft_tests.rs"]
mod tests;
