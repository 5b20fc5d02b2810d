//! Access control: every documented route, requested by every kind of visitor.
//!
//! A route without a row fails, and so does a row without a route. To add a row, write it in `rows` with any
//! six statuses, read the real ones in the failure, and decide whether they are right.

mod bodies;
mod rows;
mod world;

use crate::support::Reply;
use axum::http::{Method, header};
use parley_protocol::ErrorCode;
use parley_server::routes;
use rows::{ROWS, Row};
use std::collections::BTreeSet;
use world::{VISITORS, Visitor, World};

fn documented() -> BTreeSet<String> {
    let paths = routes::document().value["paths"].as_object().unwrap();
    let routes = paths.iter().flat_map(|(path, item)| {
        item.as_object().unwrap().keys().map(move |method| format!("{} {path}", method.to_uppercase()))
    });
    routes.collect()
}

#[test]
fn every_route_has_a_row_and_every_row_a_route() {
    let rows: BTreeSet<String> = ROWS.iter().map(|row| row.route.to_owned()).collect();
    let documented = documented();
    assert_eq!(documented.difference(&rows).collect::<Vec<_>>(), [""; 0], "routes without a row");
    assert_eq!(rows.difference(&documented).collect::<Vec<_>>(), [""; 0], "rows without a route");
    assert_eq!(rows.len(), ROWS.len(), "a route has two rows");
}

/// Checks rows, each in a world of its own in which the visitors come one after the other.
async fn check(rows: impl Iterator<Item = &'static Row>) {
    let mut wrong = Vec::new();
    for row in rows {
        let test = world::test().await;
        let world = World::of(&test, row).await;
        let mut found = [0; VISITORS.len()];
        for (visitor, status) in VISITORS.into_iter().zip(&mut found) {
            *status = world.ask(row, visitor, &[]).await.status.as_u16();
        }
        if found != row.expect {
            wrong.push(format!("{}: {found:?}, not {:?}", row.route, row.expect));
        }
    }
    assert!(wrong.is_empty(), "{VISITORS:?}\n{}", wrong.join("\n"));
}

/// Makes tests that check a share of the table each, so that they run in parallel.
macro_rules! shares {
    ($($name:ident $share:literal)+) => {
        const SHARES: usize = [$($share),+].len();

        $(#[tokio::test]
        async fn $name() {
            check(ROWS.iter().skip($share).step_by(SHARES)).await;
        })+
    };
}

shares!(every_visitor_everywhere_0 0 every_visitor_everywhere_1 1 every_visitor_everywhere_2 2 every_visitor_everywhere_3 3);

#[tokio::test]
async fn another_site_changes_nothing_anywhere() {
    let test = world::test().await;
    let world = World::new(&test).await;
    let foreign = [(header::ORIGIN, "http://evil.test")];
    for row in ROWS.iter().filter(|row| row.method() != Method::GET) {
        let reply: Reply = world.ask(row, Visitor::Host, &foreign).await;
        reply.refused(403, ErrorCode::ForbiddenOrigin);
    }
}
