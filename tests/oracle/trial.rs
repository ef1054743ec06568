//! One site on trial: how it is set up, what is asked about it, what must be left of a sealed day. Used by the tests.

use jiff::civil::Date;

use super::added_up::{CAP, RARE_NAMES};
use super::compare::Asker;
use super::count::Counter;
use super::engine::sql;
use super::exported;
use super::hours;
use super::money;
use super::places::mmdb;
use super::questions::Asking;
use super::rules::{Rules, Wanted};
use super::special::Special;
use super::support::server::Server;
use super::support::until_equal;
use super::world;

/// A collector that knows the places of the made-up world and trusts this machine to say whose hits it passes on.
pub fn started() -> Server {
    // A machine that is busy with other tests may take its time.
    let settings =
        [("HEADCOUNT_LISTEN__TRUSTED_PROXIES", "127.0.0.1/32"), ("HEADCOUNT_CLICKHOUSE__TIMEOUT_SECONDS", "60")];
    let mut server = Server::prepare(&settings);
    let file = server.state_dir().parent().expect("a directory").join("world.mmdb");
    std::fs::write(&file, mmdb(&world::places())).expect("a file");
    server.set("HEADCOUNT_GEO__FILE", &file.display().to_string());
    server.set("HEADCOUNT_INGEST__MAX_VALUES_PER_DIMENSION", &CAP.to_string());
    server.start_again();
    server
}

/// What the owner of the site has set up.
pub fn rules() -> Rules {
    Rules {
        goals: vec![
            ("Pricing", Wanted::Page("/pricing")),
            ("Reads", Wanted::Page("/blog/**")),
            ("Docs", Wanted::Page("/docs/*")),
            ("Signup", Wanted::Feature("signup")),
            ("Pro", Wanted::FeatureWith("signup", "plan=pro")),
            ("Purchase", Wanted::Feature("purchase")),
            ("Renamed", Wanted::Feature(RARE_NAMES[0])),
        ],
        funnels: vec![("buy", vec!["Pricing", "Signup", "Purchase"]), ("read", vec!["Reads", "Pro"])],
        filter_properties: vec!["plan"],
    }
}

/// Makes the site as its owner wants it.
pub fn set_up(server: &Server, site: &str, zone: &str, rules: &Rules) {
    let options = ["--timezone", zone, "--filter-property", "plan", "--number", "load_ms"];
    server.succeed(&[&["site", "add", site][..], &options].concat());
    for (name, wanted) in &rules.goals {
        let wanted = match wanted {
            Wanted::Page(pattern) => vec!["--page", pattern],
            Wanted::Feature(name) => vec!["--event", name],
            Wanted::FeatureWith(name, property) => vec!["--event", name, "--property", property],
        };
        server.succeed(&[&["goal", "add", name, "--site", site][..], &wanted].concat());
    }
    for (name, steps) in &rules.funnels {
        let steps = steps.iter().flat_map(|step| ["--step", step]).collect::<Vec<_>>();
        server.succeed(&[&["funnel", "add", name, "--site", site][..], &steps].concat());
    }
}

/// What is asked about a site.
pub struct Trial<'s> {
    /// Whom to ask.
    pub asker: Asker<'s>,
    /// The date of day 0.
    pub first: Date,
    /// Days that are asked for together.
    pub ranges: Vec<Vec<i64>>,
    /// Who asked not to be counted today, where that is day 1.
    pub opted_out: Option<u64>,
    /// Beside so many crossings that are exported, at most one of many visitors may hide another one.
    pub hidden: usize,
    /// Of questions with a filter, one of so many is asked in each phase; each phase asks others.
    pub thinned: usize,
}

impl Trial<'_> {
    /// Asks everything; panics when an answer is not the counter's.
    #[track_caller]
    pub fn judge(&self, counter: &Counter, (number, phase): (usize, &str)) {
        let asker = &self.asker;
        // Only when all is loaded is anything asked: what is folded on an open day is decided once a minute.
        until_equal("the spool is empty", &0, || asker.server.metrics().sum("headcount_spool_bytes"));
        let (first, opted_out, hidden) = (self.first, self.opted_out, self.hidden);
        let asking = Asking { counter, first, opted_out, hidden };
        let special = [0, 1].into_iter().flat_map(|day| {
            let special = Special::all(asker, &asking, day);
            let hours = hours::all(asker, &asking, day);
            [special, hours, money::all(asker, &asking, day), exported::all(asker, &asking, day)].concat()
        });
        let phase = format!("{} {phase}", asker.site);
        asker.judge(&phase, &asking.all(&self.ranges, (number, self.thinned)), special.collect());
    }

    /// Nothing of a sealed day is left but integers that enough visitors stand behind.
    #[track_caller]
    pub fn sealed(&self, dates: &[Date]) {
        let Asker { server, site, .. } = self.asker;
        for date in dates {
            let count =
                |of: &str| sql(server, &format!("SELECT count() FROM {of} AND site = '{site}' AND day = '{date}'"));
            let left = [
                "cells_open WHERE 1",
                "crossings_open WHERE 1",
                // What comes late is a row of its own until it is merged with the one it adds to.
                "(SELECT site, day, sum(visitors) AS n FROM crossings WHERE dim != '' GROUP BY site, day, dim, value, dim2, value2) WHERE n < 5",
                "(SELECT site, day, dim, sum(visitors) AS n FROM cells GROUP BY site, day, dim, value, hour) \
                 WHERE dim IN ('region', 'city') AND n < 5",
            ];
            assert_eq!(left.map(|of| (of, count(of))), left.map(|of| (of, "0\n".to_owned())), "{date}");
            assert_eq!(
                sql(server, &format!("SELECT count() FROM seals FINAL WHERE site = '{site}' AND day = '{date}'")),
                "1\n"
            );
            let salt = server.state_dir().join("salts").join(site).join(date.to_string());
            assert!(!salt.exists(), "the salt of {date} is still there");
        }
        let sketches =
            "SELECT count() FROM system.columns WHERE table IN ('cells', 'crossings') AND type LIKE '%Aggregate%'";
        assert_eq!(sql(server, sketches), "0\n");
        server.succeed(&["audit"]);
    }
}
