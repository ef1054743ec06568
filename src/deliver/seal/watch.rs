//! When to seal: every site-day whose time is over, with traffic or without, one at a time, and what is asked for.
//! Spawned by `app`.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::request::{AskedDay, Requests, SealAnswer, SealRequest};
use super::{SealError, Sealed, Sealer};
use crate::clickhouse::StoreError;
use crate::deliver::commit::utc_day;
use crate::deliver::seals::REMEMBERED_DAYS;
use crate::files;
use crate::model::{Day, Site};
use crate::privacy::salt::{Stage, closes_at, today};

/// How often requests are looked for.
const LOOK: Duration = Duration::from_millis(300);
/// How often days whose time is over are looked for.
const BEAT: Duration = Duration::from_secs(20);

impl Sealer {
    /// Seals what is due and answers requests until `stop`.
    pub async fn watch(&self, requests: &Requests, stop: &CancellationToken) {
        let mut next = Instant::now();
        let mut is_away = false;
        while !stop.is_cancelled() {
            let work = async {
                if self.answer_requests(requests).await {
                    next = Instant::now();
                }
                if Instant::now() >= next {
                    is_away = self.seal_due(requests, is_away).await;
                    next = Instant::now() + BEAT;
                }
                tokio::time::sleep(LOOK).await;
            };
            tokio::select! {
                () = work => {}
                () = stop.cancelled() => return,
            }
        }
    }

    /// Every site-day that should be sealed: its time is over or it was closed, and it still has open rows. A past day
    /// of which only counts came late is left to its owner, who may fill it in, until nobody can add to it any more.
    ///
    /// # Errors
    /// ClickHouse is away.
    pub async fn due(&self) -> Result<Vec<(Arc<Site>, Day)>, StoreError> {
        let now = self.0.clock.unix_seconds();
        let open = self.0.store.open_site_days().await?;
        // Days of sites that are gone are erased with them.
        let known = open.into_iter().filter_map(|(id, day)| Some((self.0.sites.site(&id)?, day)));
        let mut due = Vec::new();
        for (site, day) in known {
            let is_due = match self.0.salts.stage(&site, day, now) {
                Stage::Open => false,
                Stage::Over => true,
                // A salt that was lost with the state directory leaves sketches behind.
                Stage::Unfinished => self.0.store.has_sketches(&site.id, day).await?,
            };
            if is_due {
                due.push((site, day));
            }
        }
        Ok(due)
    }

    /// Seals every day that is due. Returns whether ClickHouse is away; `was_away` keeps that from being said again.
    async fn seal_due(&self, requests: &Requests, was_away: bool) -> bool {
        let due = match self.due().await {
            Ok(due) => due,
            Err(error) => {
                if !was_away {
                    tracing::warn!(reason = %error, "days that are over cannot be looked for; that is tried on");
                }
                return true;
            }
        };
        self.note_overdue(&due);
        let utc_today = Day(utc_day(self.0.clock.unix_seconds()));
        self.0.seals.forget(utc_today.plus(-REMEMBERED_DAYS), |id| self.0.sites.site(id).is_some());
        for (position, (site, day)) in due.iter().enumerate() {
            match self.seal(site, *day).await {
                Ok(Sealed::Now(row)) => {
                    let (cells, crossings, folded) = (row.cells, row.crossings, row.all_folded());
                    tracing::info!(site = %site.id, day = %day, cells, crossings, folded, "sealed a day");
                }
                Ok(_) => {}
                Err(error) => tracing::warn!(reason = %error, "a day cannot be sealed now; it is tried again"),
            }
            self.note_overdue(&due[position + 1..]);
            self.answer_requests(requests).await;
        }
        false
    }

    fn note_overdue(&self, due: &[(Arc<Site>, Day)]) {
        let now = self.0.clock.unix_seconds();
        let oldest = due.iter().map(|(site, day)| now - self.0.salts.due_since(site, *day)).max().unwrap_or(0);
        self.0.counts.overdue_seconds.store(u64::try_from(oldest).unwrap_or(0), Ordering::Relaxed);
    }

    /// Answers who asks; says whether days were closed that are due now.
    async fn answer_requests(&self, requests: &Requests) -> bool {
        let mut has_closed = false;
        loop {
            match tokio::task::block_in_place(|| requests.next()) {
                Ok(None) => return has_closed,
                Ok(Some((request, path))) => {
                    let answer = self.fulfil(&request).await;
                    has_closed |= request.filled && !answer.lines.is_empty();
                    tokio::task::block_in_place(|| reply(&path, &answer));
                }
                Err(error) => {
                    tracing::error!(error = %error, "requests to seal cannot be read");
                    return has_closed;
                }
            }
        }
    }

    /// Does what is asked.
    pub async fn fulfil(&self, request: &SealRequest) -> SealAnswer {
        let mut answer = SealAnswer::default();
        let sites = match self.sites_of(request) {
            Ok(sites) => sites,
            Err(refused) => return SealAnswer { refused: Some(refused), ..answer },
        };
        if request.filled {
            tokio::task::block_in_place(|| self.close_filled(&sites, &mut answer));
            return answer;
        }
        let Some(asked) = request.day.as_deref() else {
            self.fulfil_due(&sites, &mut answer).await;
            return answer;
        };
        let Some(asked) = AskedDay::parse(asked) else {
            return SealAnswer {
                refused: Some("that is no day: name a date, today or yesterday".to_owned()),
                ..answer
            };
        };
        for site in sites {
            self.fulfil_one(&site, (asked, request.now), &mut answer).await;
        }
        answer
    }

    fn sites_of(&self, request: &SealRequest) -> Result<Vec<Arc<Site>>, String> {
        let Some(id) = &request.site else { return Ok(self.0.sites.all()) };
        let site = id.parse().ok().and_then(|id| self.0.sites.site(&id));
        site.map(|site| vec![site]).ok_or_else(|| format!("no site {id}: `headcount site list` shows those there are"))
    }

    async fn fulfil_due(&self, sites: &[Arc<Site>], answer: &mut SealAnswer) {
        let due = match self.due().await {
            Ok(due) => due,
            Err(error) => {
                answer.refused = Some(unsealed(&error.into()));
                return;
            }
        };
        for (site, day) in due.iter().filter(|(site, _)| sites.iter().any(|one| one.id == site.id)) {
            self.seal_and_tell(site, *day, answer).await;
        }
        if answer.lines.is_empty() && answer.refused.is_none() {
            answer.lines.push("Nothing is due.".to_owned());
        }
    }

    /// Past days that take visitors only because an owner fills them in: whoever asks says that this is done. They are
    /// closed, which makes them due; nobody waits until all of them are sealed.
    fn close_filled(&self, sites: &[Arc<Site>], answer: &mut SealAnswer) {
        let now = self.0.clock.unix_seconds();
        for (site, day) in
            sites.iter().flat_map(|site| self.0.salts.filled(site, now).into_iter().map(move |day| (site, day)))
        {
            if let Err(error) = self.0.salts.close(&site.id, day) {
                answer.refused = Some(format!("{day} of {}: {}", site.id, unsealed(&error.into())));
                return;
            }
            answer.lines.push(format!("{}  {day}  is closed, and sealed next", site.id));
        }
    }

    async fn fulfil_one(&self, site: &Arc<Site>, (asked, unfinished): (AskedDay, bool), answer: &mut SealAnswer) {
        let now = self.0.clock.unix_seconds();
        let current = today(site, now);
        let day = match asked {
            AskedDay::Today => current,
            AskedDay::Yesterday => current.plus(-1),
            AskedDay::Date(day) => day,
        };
        if day > current {
            answer.refused = Some(format!("{day} has not begun for {}: name a day that has", site.id));
            return;
        }
        if !unfinished && closes_at(site, day) > now && !self.0.salts.is_late(site, day, now) {
            answer.refused = Some(format!(
                "{day} is not over for {}, or was not two hours ago: add --now to seal it all the same, \
                 which counts no more visitors on it",
                site.id
            ));
            return;
        }
        self.seal_and_tell(site, day, answer).await;
    }

    async fn seal_and_tell(&self, site: &Arc<Site>, day: Day, answer: &mut SealAnswer) {
        let told = match self.seal(site, day).await {
            Ok(Sealed::Now(row)) => format!(
                "sealed: {} cells, {} crossings; {} folded (fewer than {} visitors, or next to such)",
                row.cells,
                row.crossings,
                row.all_folded(),
                row.rules.k
            ),
            Ok(Sealed::Before) => "was sealed before".to_owned(),
            Ok(Sealed::Empty) => "nothing was counted".to_owned(),
            Err(error) => {
                answer.refused = Some(format!("{day} of {}: {}", site.id, unsealed(&error)));
                return;
            }
        };
        answer.lines.push(format!("{}  {day}  {told}", site.id));
    }
}

fn unsealed(error: &SealError) -> String {
    format!("{error}; the salt is destroyed all the same, and the running server seals when it can")
}

fn reply(path: &Path, answer: &SealAnswer) {
    let written = serde_json::to_vec(answer).map_err(Into::into).and_then(|text| files::replace(path, &text));
    if let Err(error) = written {
        tracing::error!(error = %error, "the answer to a request to seal cannot be written");
    }
}
