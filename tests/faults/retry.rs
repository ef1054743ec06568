//! The same batch sent twice at once, and clients that hang up.

use serde_json::json;

use crate::account::{Account, assert_counted, server_with};
use crate::load::{body, events, post};

#[test]
fn two_identical_batches_at_the_same_time_are_accepted_once() {
    let (server, key) = server_with(&[]);
    let mut account = Account::default();
    let mut clients = [server.client(), server.client()];
    for number in 0..60 {
        let events = events(0, number);
        let body = body(&format!("twin-{number}"), &events);
        for client in &mut clients {
            client.begin("POST", "/v1/events", &[], &body).expect("sent");
        }
        let mut answers = clients.each_mut().map(|client| client.read(false).expect("an answer").json());
        answers.sort_by_key(|answer| answer["accepted"].as_u64());
        let whole = events.len();
        let wanted = [
            json!({ "accepted": 0, "duplicates": whole, "dropped": [] }),
            json!({ "accepted": whole, "duplicates": 0, "dropped": [] }),
        ];
        assert_eq!(answers, wanted);
        events.iter().for_each(|sent| account.add(sent));
    }
    assert_counted(&server, &key, &account);
    assert_eq!(server.metrics().sum("headcount_hits_duplicate_total"), account.events());
}

#[test]
fn a_client_that_hangs_up_and_sends_again_is_counted_once() {
    let (server, key) = server_with(&[]);
    let mut account = Account::default();
    let mut client = server.client();
    for number in 0..60 {
        let events = events(0, number);
        let body = body(&format!("hasty-{number}"), &events);
        client.begin("POST", "/v1/events", &[], &body).expect("sent");
        client.close();
        assert!(post(&mut client, &body, events.len()));
        events.iter().for_each(|sent| account.add(sent));
    }
    assert_counted(&server, &key, &account);
}
