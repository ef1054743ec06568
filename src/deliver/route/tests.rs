use super::*;
use crate::clickhouse::SealedDay;
use crate::deliver::seals::Seals;
use crate::model::{CellKey, CrossingGroup, Dimension, Measure, Measures};

const DAY: Day = Day(20_778);

struct Strict(bool);

impl Sites for Strict {
    fn site(&self, id: &SiteId) -> Option<Arc<Site>> {
        let mut site = Site::new(id.clone(), jiff::tz::TimeZone::UTC);
        site.strict = self.0;
        site.retention_months = 1;
        Some(Arc::new(site))
    }

    fn all(&self) -> Vec<Arc<Site>> {
        Vec::new()
    }
}

fn site(id: &str) -> SiteId {
    id.parse().expect("an id")
}

fn events(count: i64) -> Measures {
    let mut measures = Measures::default();
    measures[Measure::Events] = count;
    measures
}

fn cell(id: &str, dimension: Dimension, value: &str, hour: Hour) -> Cell {
    let key = CellKey { site: site(id), day: DAY, dimension, value: value.into(), hour };
    Cell { key, measures: events(1), hashes: vec![1] }
}

fn sealed(strict: bool) -> Seals {
    let seals = Seals::default();
    seals.learn([(site("sealed"), SealedDay { day: DAY, generation: 7, rules: Rules { k: 5, strict } })]);
    seals
}

fn generation_of_the_day() -> Generation {
    // 2026-11-21 and a month.
    Generation { site: site("sealed"), day: DAY, number: 7, keep_until: DAY.plus(30) }
}

/// Dimension, value, hour, events, whether always kept.
fn told(late: &[LateCell]) -> Vec<(Dimension, &str, u8, i64, bool)> {
    let tell = |cell: &LateCell| {
        assert_eq!(cell.generation, generation_of_the_day());
        cell.measures[Measure::Events]
    };
    late.iter().map(|cell| (cell.dimension, &*cell.value, cell.hour.0, tell(cell), cell.always)).collect()
}

#[test]
fn cells_of_sealed_days_are_taken_out_and_their_hours_added_up() {
    use Dimension::{City, Country, Page, Total};
    let open = cell("open", Page, "/", Hour(1));
    let mut cells = vec![
        open.clone(),
        cell("sealed", Page, "/", Hour(1)),
        cell("sealed", Page, "/", Hour(2)),
        cell("sealed", Page, "/b", Hour(2)),
        cell("sealed", Total, "", Hour(1)),
        cell("sealed", Total, "", Hour(2)),
        cell("sealed", Country, "DE", Hour::WHOLE_DAY),
        cell("sealed", City, "DE-BE/Berlin", Hour::WHOLE_DAY),
    ];
    let (mut again, mut once_strict, seals) = (cells.clone(), cells.clone(), sealed(false));
    let late = late_cells(&mut cells, &seals.lock(), &Strict(false));
    assert_eq!(cells, vec![open]);
    let wanted = [
        (Page, "/", 255, 2, true),
        (Page, "/b", 255, 1, true),
        (Total, "", 255, 2, true),
        (Total, "", 1, 1, true),
        (Total, "", 2, 1, true),
        (Country, "DE", 255, 1, true),
        (City, "DE-BE/Berlin", 255, 1, false),
    ];
    assert_eq!(told(&late), wanted);
    let strict = late_cells(&mut again, &seals.lock(), &Strict(true));
    let folded = |(of, value, hour, events, _)| (of, value, hour, events, of == Total);
    assert_eq!(told(&strict), wanted.map(folded));
    // Readers trust what the seal says of its day, whatever the site is by now.
    let strict = late_cells(&mut once_strict, &sealed(true).lock(), &Strict(false));
    assert_eq!(told(&strict), wanted.map(folded));
}

#[test]
fn crossings_of_sealed_days_are_taken_out() {
    let mut crossings =
        Crossings::about(vec![(site("open"), DAY), (site("sealed"), DAY)], ["/", "DE"].map(Into::into).to_vec());
    let group =
        |site_day| CrossingGroup { site_day, dimensions: [Dimension::Page, Dimension::Country], values: [0, 1] };
    crossings.push(group(1), &events(3), &[1, 2]);
    crossings.push(group(0), &events(3), &[3, 4]);
    let late = late_crossings(&mut crossings, &sealed(false).lock(), &Strict(false));
    let left: Vec<(SiteId, Vec<u32>)> = crossings.owned().map(|one| (one.key.site, one.hashes)).collect();
    assert_eq!(left, [(site("open"), vec![3, 4])]);
    let values = ["/", "DE"].map(Into::into);
    let dimensions = [Dimension::Page, Dimension::Country];
    assert_eq!(late, [LateCrossing { generation: generation_of_the_day(), dimensions, values, measures: events(3) }]);
}
