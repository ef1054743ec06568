//! An audit as JSON, for machines.

use serde_json::{Value, json};

use super::audit::{Audited, meaning};
use super::audit_disk::Disk;
use super::audit_rules::{Rule, Salt};

/// The whole report.
pub(super) fn report(audited: &Audited<'_>, disk: &Disk, salts: &[Salt], rules: &[Rule]) -> Value {
    let entries = disk.entries.iter();
    let sites = audited.registry.map_or(&[][..], |snapshot| &snapshot.book().sites).iter();
    json!({
        "holds": rules.iter().all(|rule| rule.breaches.is_empty()),
        "rules": rules.iter().map(|rule| json!({
            "rule": rule.what,
            "holds": rule.holds(),
            "breaches": rule.breaches,
        })).collect::<Vec<_>>(),
        "sites": sites.map(|site| json!({
            "site": site.id,
            "timezone": site.timezone,
            "k": site.min_visitors,
            "strict": site.strict,
            "retention_months": site.retention_months,
        })).collect::<Vec<_>>(),
        "salts": salts.iter().map(|salt| json!({
            "site": salt.site,
            "day": salt.day,
            "destroyed_at": salt.due.map(|due| due.to_string()),
        })).collect::<Vec<_>>(),
        "tables": audited.tables.map(|tables| tables.iter().map(|table| json!({
            "table": table.name,
            "holds": table.comment,
            "columns": table.columns.iter().map(|[name, kind, comment]| {
                json!({ "column": name, "type": kind, "holds": comment })
            }).collect::<Vec<_>>(),
        })).collect::<Vec<_>>()),
        "disk": entries.map(|entry| json!({
            "name": entry.name,
            "files": entry.files,
            "bytes": entry.bytes,
            "holds": meaning(&entry.name),
        })).collect::<Vec<_>>(),
    })
}
