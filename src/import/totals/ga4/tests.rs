//! GA4's tables as they are downloaded.

use proptest::prelude::*;

use super::*;

type Said = (Vec<String>, Vec<Result<(), Skip>>, Vec<Result<(), &'static str>>);

/// What is in the book after some files, and what became of each record.
fn read(files: &[&str]) -> Said {
    let (mut reports, mut book) = (Reports::default(), Book::default());
    let (mut records, mut ends) = (Vec::new(), Vec::new());
    for file in files {
        assert!(reports.begin("any.csv"));
        records.extend(file.lines().map(|line| reports.take(line, &mut book)));
        ends.push(reports.end());
    }
    reports.close(&mut book);
    book.complete();
    let told = book.0.iter().flat_map(|(day, groups)| {
        groups.iter().map(move |((dimension, value), counts)| {
            let Counts { visitors, pageviews, events, visits, bounces, visit_secs, .. } = counts;
            let day = day.strftime("%d");
            format!("{day} {dimension} {value}: {visitors} {pageviews}/{events} {visits} {bounces} {visit_secs}")
        })
    });
    (told.collect(), records, ends)
}

const EXPLORATION: &str = "\
# ----------------------------------------
# Free form 1
# Shop - GA4
# 20260101-20260102
# ----------------------------------------

Date,Page path and screen class,Event name,Views,Event count
,,,7,30,Grand total
20260101,/pricing,page_view,4,4
20260101,/pricing,sign_up,0,2
20260101,/pricing,session_start,0,3
20260101,/,page_view,2,2
20260102,/,page_view,1,1
20260102,(other),page_view,5,5
20260133,/,page_view,1,1
20260102,/,page_view,many,1
20260102,/
";

#[test]
fn an_exploration_by_day_page_and_event() {
    let (book, records, ends) = read(&[EXPLORATION]);
    let wanted = [
        "01 event pageview: 0 6/6 0 0 0",
        "01 event sign_up: 0 0/2 0 0 0",
        "01 page /: 0 2/2 0 0 0",
        "01 page /pricing: 0 4/6 0 0 0",
        "01 total : 0 6/8 0 0 0",
        "02 event pageview: 0 6/6 0 0 0",
        "02 page /: 0 1/1 0 0 0",
        "02 total : 0 6/6 0 0 0",
    ];
    assert_eq!(book, wanted);
    let heading = Err(Skip::Heading);
    let rows = [
        Ok(()),
        Ok(()),
        Err(Skip::NotKept),
        Ok(()),
        Ok(()),
        Ok(()),
        Err(Skip::BadTime),
        Err(Skip::Malformed),
        Err(Skip::Malformed),
    ];
    assert_eq!(records, [[heading; 8].as_slice(), &rows].concat());
    assert_eq!(ends, [Ok(())]);
}

#[test]
fn visitors_and_visits_are_read_where_nothing_is_added_up() {
    let days =
        "Date,Total users,Sessions,Engaged sessions,Average session duration,Views\n20260101,90,100,60,30.25,250\n";
    let countries = "Country,Date,Active users,Sessions,Event count,Views\nGermany,20260101,50,60,700,200\n\
        Atlantis,20260101,1,1,2,1\n(not set),20260101,1,1,2,1\n";
    let two = "Date,Browser,Device category,Active users,Views\n20260101,Chrome,mobile,40,120\n20260101,Safari (in-app),mobile,2,9\n";
    // Of two tables that tell the same the first counts.
    let again = "Date,Country,Page path,Views\n20260101,Germany,https://a.test/x?y=1,3\n";
    let wanted = [
        "01 browser Chrome: 0 120/120 0 0 0",
        "01 browser iOS WebView: 0 9/9 0 0 0",
        "01 country DE: 50 200/200 60 60 0",
        "01 device Mobile: 0 129/129 0 0 0",
        "01 event pageview: 90 250/250 100 40 3025",
        "01 page /x: 0 3/3 0 0 0",
        "01 total : 90 250/250 100 40 3025",
    ];
    let wanted = wanted.map(|row| row.replace("60 60 0", "60 0 0"));
    let (first, ..) = read(&[days, countries, two, again]);
    assert_eq!(first, wanted);
    let mut reports = Reports::default();
    let mut book = Book::default();
    let taken = countries.lines().filter(|line| reports.take(line, &mut book).is_ok()).count();
    assert_eq!(taken, 3);
    assert_eq!((reports.unplaced(), reports.unplaced()), (1, 0));
}

#[test]
fn a_report_of_one_day_needs_no_column_of_days() {
    let report = |to: &str| {
        format!(
            "# Start date: 20260101\n# End date: {to}\nNth day,Views\n0000,5\n\n# All Users\n# Start date: 20260101\n\
             # End date: {to}\nPage path and screen class,Views,Active users,Key events\n/,5,3,0\n"
        )
    };
    let (book, records, ends) = read(&[&report("20260101")]);
    let wanted = ["01 event pageview: 0 5/5 0 0 0", "01 page /: 3 5/5 0 0 0", "01 total : 0 5/5 0 0 0"];
    assert_eq!((book, ends), (wanted.map(str::to_owned).to_vec(), vec![Ok(())]));
    assert_eq!(records.iter().filter(|record| **record == Err(Skip::NotKept)).count(), 1);
    assert_eq!(read(&[&report("20260131")]).2, [Err(NO_DATE)]);
    let foreign = ["", "# nothing\n", "Datum,Aufrufe\n20260101,5\n", "a,b\n1,2\n", "{\"event_name\":\"x\"}\n"];
    assert_eq!(read(&foreign).2, [Err(NO_TABLE); 5]);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(rows in proptest::collection::vec("(\\PC{0,6},){0,6}", 0..6)) {
        let text = format!("Date,Page path,Event name,Views,Sessions,Event count\n{}\n20260101,{0}", rows.join("\n"));
        let _ = read(&[&text, &rows.join("\n")]);
    }
}
